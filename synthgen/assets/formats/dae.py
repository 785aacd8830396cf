"""Reads COLLADA (.dae) by way of pycollada: the scene with its nodes placed, materials and pictures.

Skinned meshes stand in their bind pose. The unit and the upward axis are the file's; X up is turned to Z up.
Format: Khronos COLLADA 1.4.1 and 1.5 specification.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import numpy as np

from synthgen.assets.formats.colours import colour_materials
from synthgen.assets.formats.pictures import PictureFiles
from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.source import (
    UNNAMED,
    About,
    Files,
    Floats,
    Ints,
    SourceMaterial,
    SourceModel,
    refuse_many,
    size_warning,
)
from synthgen.assets.formats.xmlfile import refuse_entities
from synthgen.errors import InputError

_NOT_NUMBERS = re.compile(rb"[\s>][-+]?nan(?:\([^)]*\))?[\s<]", re.IGNORECASE)
_COUNTS = re.compile(rb"<(?:\w+:)?(?:triangles|polylist|polygons)\b[^>]*\bcount=[\"'](\d{1,18})[\"']")
_X_TO_Z = np.array([[0.0, 1.0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]])


def read_dae(files: Files, name: str) -> SourceModel:
    """The polygons of a COLLADA file's scene. What the file has but cannot be read is said in the warnings.

    Raises InputError where it is no XML, cut short, has a document type, or no faces.
    """
    data = files.read(name)
    refuse_entities(data, name)
    if zipfile.is_zipfile(io.BytesIO(data)):  # pycollada would open it, however large what it holds
        raise InputError.of("the file is XML and a zip archive at once", where=name)
    if _NOT_NUMBERS.search(data):  # pycollada would take them for 0
        raise InputError.of("the model has vertices that are NaN or infinite", where=name)
    refuse_many(sum(int(count) for count in _COUNTS.findall(data)), name)
    dae = _parsed(data, name)
    pieces = Pieces(name)
    asset = dae.assetInfo
    turn = _X_TO_Z if asset.upaxis == "X_UP" else np.eye(4)
    objects = 0
    for geometry, materials, matrix in _geometries(dae, pieces, name):
        before = len(pieces)
        for primitive in geometry.primitives:
            node = materials.get(primitive.material)
            _add(pieces, primitive, _look(node.target if node else None, geometry), turn @ matrix)
        objects += len(pieces) > before
    for error in dae.errors:
        pieces.warn(f"left out: {' '.join(str(error).split())}")
    pictures = PictureFiles(files, name)
    warnings = (*pieces.warnings, *pictures.warnings(pieces.looks.values()), *size_warning(pieces.polygons))
    return pieces.model(
        picture=pictures.read,
        up="+z" if asset.upaxis in ("X_UP", "Z_UP") else "+y",
        unit=float(asset.unitmeter) if asset.unitmeter else 1.0,
        about=_about(asset),
        warnings=warnings,
        objects=objects,
    )


def _parsed(data: bytes, where: str) -> Any:
    import collada

    try:
        dae = collada.Collada(io.BytesIO(data), ignore=[collada.common.DaeError])
    except (collada.common.DaeError, SyntaxError) as error:
        raise InputError.of(f"not a COLLADA file, or cut short: {error}", where=where) from error
    if dae.scene is None:
        raise InputError.of("the file has no scene", where=where, hint="export it again, with its visual scene")
    return dae


def _geometries(dae: Any, pieces: Pieces, where: str) -> Iterator[tuple[Any, dict[str, Any], Floats]]:
    """Geometries with their materials by symbol, and their (4, 4) places in the scene."""
    try:
        for bound in dae.scene.objects("geometry"):
            yield bound.original, bound.materialnodebysymbol, np.asarray(bound.matrix, dtype=np.float64)
        for bound in dae.scene.objects("controller"):
            skin = getattr(bound, "skin", None)
            if skin is None:
                pieces.warn("meshes with morph targets were left out")
                continue
            pieces.warn("skinned meshes stand in their bind pose")
            shape = np.asarray(skin.bind_shape_matrix, dtype=np.float64).reshape(4, 4)
            yield skin.geometry, bound.materialnodebysymbol, shape
    except RecursionError as error:
        raise InputError.of("nodes of the file are below themselves", where=where) from error


def _add(pieces: Pieces, primitive: Any, look: SourceMaterial, matrix: Floats) -> None:
    """A set of triangles or polygons of a geometry."""
    sizes = getattr(primitive, "vcounts", None)
    if sizes is None and not hasattr(primitive, "ntriangles"):
        pieces.warn("lines were left out")
        return
    vertex = primitive.vertex_index
    if vertex is None or primitive.vertex is None:
        return
    flat = np.asarray(vertex, dtype=np.int64).ravel()
    size = np.full(len(flat) // 3, 3) if sizes is None else np.asarray(sizes, dtype=np.int64)
    none = np.full(len(flat), -1, dtype=np.int64)
    normals = at_normal = texcoords = at_texcoord = None
    if primitive.normal is not None:
        normals, at_normal = primitive.normal, np.asarray(primitive.normal_index, dtype=np.int64).ravel()
    if len(primitive.texcoordset) > 0:
        # Writers number their sets anew for each effect; the first is the colour picture's.
        texcoords = np.asarray(primitive.texcoordset[0])[:, :2]
        at_texcoord = np.asarray(primitive.texcoord_indexset[0], dtype=np.int64).ravel()
    corners: Ints = np.column_stack(
        [flat, none if at_texcoord is None else at_texcoord, none if at_normal is None else at_normal]
    )
    colours = _colours(primitive) if look.color_map is None else None
    material: str | Ints
    if colours is not None and len(colours) == len(flat) and (colours < 0.998).any():
        material = colour_materials(pieces, colours, size, look)
    else:
        material = pieces.material(look)
    pieces.add(primitive.vertex, size, corners, material, texcoords=texcoords, normals=normals, matrix=matrix)


def _colours(primitive: Any) -> Floats | None:
    """(C, 3 or 4) the colour of each corner, 0 to 1; None where there is none."""
    found = primitive.sources.get("COLOR")
    if not found:
        return None
    offset, table = found[0][0], np.asarray(found[0][4].data, dtype=np.float64)
    index = np.asarray(primitive.index, dtype=np.int64)
    at = index.reshape(-1, index.shape[-1])[:, offset]
    if table.ndim != 2 or table.shape[1] not in (3, 4) or at.max(initial=0) >= len(table):
        return None
    colours: Floats = table[at]
    return colours


def _look(material: Any, geometry: Any) -> SourceMaterial:
    """A material's effect. Opacity as the specification has it (`A_ONE`, `RGB_ZERO`)."""
    if material is None or material.effect is None:
        return SourceMaterial(UNNAMED, double_sided=bool(geometry.double_sided))
    effect = material.effect
    picture = _picture(effect.diffuse)
    alpha_map = _picture(effect.transparent)
    red, green, blue, alpha = (1.0, 1.0, 1.0, 1.0) if picture else _rgba(effect.diffuse, (0.8, 0.8, 0.8, 1.0))
    opacity = _opacity(effect) if alpha_map is None else 1.0
    if opacity >= 1.0 and picture is None and alpha < 1.0:
        opacity = alpha
    glow = _rgba(effect.emission, (0.0, 0.0, 0.0, 1.0))
    return SourceMaterial(
        str(material.name or material.id or UNNAMED), (red, green, blue), opacity, picture, alpha_map,
        emissive=glow[:3], alpha_mode="mask" if alpha_map else ("blend" if opacity < 1.0 else "opaque"),
        double_sided=bool(effect.double_sided or geometry.double_sided),
    )  # fmt: skip


def _opacity(effect: Any) -> float:
    share = effect.transparency if isinstance(effect.transparency, (int, float)) else 1.0
    if effect.opaque_mode == "RGB_ZERO":
        mean = sum(_rgba(effect.transparent, (0.0, 0.0, 0.0, 0.0))[:3]) / 3
        opacity = 1.0 - mean * share
    else:
        opacity = _rgba(effect.transparent, (0.0, 0.0, 0.0, 1.0))[3] * share
    # Writers that mean the opposite would give an invisible model.
    return round(min(max(opacity, 0.0), 1.0), 6) or 1.0


def _rgba(value: Any, default: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    if not isinstance(value, (tuple, list)) or len(value) < 3:
        return default
    red, green, blue, alpha = (round(float(v), 6) for v in (*value, 1.0)[:4])
    return red, green, blue, alpha


def _picture(value: Any) -> str | None:
    image = getattr(getattr(getattr(value, "sampler", None), "surface", None), "image", None)
    path = getattr(image, "path", None)
    if not path:
        return None
    return unquote(str(path).strip()).removeprefix("file:///").removeprefix("file://")


def _about(asset: Any) -> About:
    people = [c for c in asset.contributors or [] if c is not None]

    def first(key: str) -> str:
        return next((" ".join(str(getattr(c, key)).split()) for c in people if getattr(c, key, None)), "")

    return About(
        str(asset.title or ""), first("author"), first("copyright"), first("source_data"), first("authoring_tool")
    )
