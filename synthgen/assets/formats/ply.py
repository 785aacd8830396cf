"""Reads PLY, text and binary: polygons with normals, texture coordinates, pictures and colours.

Z is taken to be up and the unit is not said: the format knows neither.
Format: see plyfile.py; texture files stand in comments (`TextureFile x.png`), as MeshLab and OpenMVS write them.
"""

from __future__ import annotations

import numpy as np

from synthgen.assets.formats.colours import colour_materials
from synthgen.assets.formats.pictures import PictureFiles
from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.plyfile import Element, read_ply_file
from synthgen.assets.formats.source import (
    UNNAMED,
    Files,
    Floats,
    Ints,
    SourceMaterial,
    SourceModel,
    size_warning,
)
from synthgen.errors import InputError

_TEXCOORDS = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"))
_COLOURS = (("red", "green", "blue", "alpha"), ("diffuse_red", "diffuse_green", "diffuse_blue", "diffuse_alpha"))


def read_ply(files: Files, name: str) -> SourceModel:
    """The polygons of a PLY file. Colours become materials (see colours.py) where there is no picture.

    Raises InputError where it is cut short, or has no faces.
    """
    ply = read_ply_file(files.read(name), name)
    vertex, face = ply.elements.get("vertex"), ply.elements.get("face")
    if vertex is None or vertex.rows == 0 or not {"x", "y", "z"} <= set(vertex.columns):
        raise InputError.of("the model has no vertices", where=name)
    listed = None if face is None else face.lists.get("vertex_indices", face.lists.get("vertex_index"))
    if face is None or listed is None or len(listed[0]) == 0:
        raise InputError.of(
            "the model has no faces", where=name, hint="a cloud of points must be meshed first (in MeshLab: Poisson)"
        )
    size, index = listed[0], listed[1].astype(np.int64)
    if index.min(initial=0) < 0 or index.max(initial=0) >= vertex.rows:
        raise InputError.of("the model has faces that name vertices it lacks; it may be cut short", where=name)
    none = np.full(len(index), -1, dtype=np.int64)
    texcoords, at_texcoord = _texcoords(vertex, face, size, index, none)
    normals = _columns(vertex, ("nx", "ny", "nz"))
    corners = np.column_stack([index, at_texcoord, index if normals is not None else none])
    positions = np.column_stack([vertex.columns[k] for k in "xyz"])

    pieces = Pieces(name)
    maps = [c.split(None, 1)[1].strip() for c in ply.comments if c.lower().startswith("texturefile ")]
    pictures = PictureFiles(files, name)
    material: str | Ints
    if maps and len(texcoords):
        material = _picture_materials(pieces, maps, face)
    elif (colours := _colours(vertex, face, size, index)) is not None:
        material = colour_materials(pieces, colours, size, SourceMaterial(UNNAMED))
    else:
        material = UNNAMED
    if len(texcoords) and not maps:
        pieces.warn("the file has texture coordinates but names no picture")
    pieces.add(positions, size, corners, material, texcoords=texcoords, normals=normals)
    warnings = (*pieces.warnings, *pictures.warnings(pieces.looks.values()), *size_warning(pieces.polygons))
    return pieces.model(picture=pictures.read, up="+z", parts=1, warnings=warnings)


def _columns(element: Element, names: tuple[str, ...]) -> Floats | None:
    if not set(names) <= set(element.columns):
        return None
    return np.column_stack([element.columns[name] for name in names])


def _texcoords(vertex: Element, face: Element, size: Ints, index: Ints, none: Ints) -> tuple[Floats, Ints]:
    """The table, and each corner's place in it: they stand with the faces or with the vertices."""
    if "texcoord" in face.lists:
        length, values = face.lists["texcoord"]
        if (length == 2 * size).all():
            return values.reshape(-1, 2), np.arange(len(index))
    for names in _TEXCOORDS:
        table = _columns(vertex, names)
        if table is not None:
            return table, index
    return np.zeros((0, 2)), none


def _colours(vertex: Element, face: Element, size: Ints, index: Ints) -> Floats | None:
    """(C, 3 or 4) the colour of each corner, 0 to 1; None where there is none."""
    for names in _COLOURS:
        for element, at in ((face, np.repeat(np.arange(face.rows), size)), (vertex, index)):
            found = [n for n in names if n in element.columns]
            table = _columns(element, tuple(found)) if len(found) >= 3 else None
            if table is not None:
                whole = element.type(found[0])
                largest = {"u1": 255.0, "u2": 65535.0}.get(whole, 1.0)
                return table[at] / largest
    return None


def _picture_materials(pieces: Pieces, maps: list[str], face: Element) -> str | Ints:
    """A material for each picture; faces say which by `texnumber`."""
    names = [UNNAMED] if len(maps) == 1 else [f"picture {k}" for k in range(len(maps))]
    numbers = []
    for name, picture in zip(names, maps, strict=True):
        numbers.append(pieces.number(pieces.material(SourceMaterial(name, (1.0, 1.0, 1.0), color_map=picture))))
    chosen = face.columns.get("texnumber")
    if chosen is None or len(maps) == 1:
        return names[0]
    return np.array(numbers, dtype=np.int64)[np.clip(chosen.astype(np.int64), 0, len(maps) - 1)]
