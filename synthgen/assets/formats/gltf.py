"""Reads glTF 2.0 (.gltf and .glb): the default scene, with all its nodes placed, as it stands without animation.

Metres, Y up, front +Z. Skins are posed as their joints stand, morph targets by the file's weights. Cameras, lights
and animations are left out, points and lines too.
Format: Khronos glTF 2.0 specification, sections "Scenes", "Meshes", "Skins"; EXT_mesh_gpu_instancing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthgen.assets.formats.colours import colour_materials
from synthgen.assets.formats.gltffile import GltfFile
from synthgen.assets.formats.gltflooks import GltfLook, GltfPictures, read_look
from synthgen.assets.formats.pieces import Pieces, triangle_corners
from synthgen.assets.formats.source import (
    UNNAMED,
    About,
    Files,
    Floats,
    Ints,
    SourceMaterial,
    SourceModel,
    size_warning,
)
from synthgen.errors import InputError

_TRIANGLES, _STRIP, _FAN = 4, 5, 6


def read_gltf(files: Files, name: str) -> SourceModel:
    """The triangles of a glTF file's scene, its materials and pictures.

    Raises InputError where it is cut short or broken, needs an extension that is not read (Draco, meshopt), has
    nodes that form a loop, or arrays that reach beyond their buffers.
    """
    gltf = GltfFile(files, name)
    scene = _Scene(gltf, files)
    for node, matrix in scene.placed_nodes():
        scene.add_node(node, matrix)
    pieces = scene.pieces
    if not len(pieces) and scene.skipped:
        raise InputError.of(
            "the model has no faces, only points or lines", where=name, hint="a cloud of points must be meshed first"
        )
    for sentence in scene.pictures.warnings():
        pieces.warn(sentence)
    return pieces.model(
        picture=scene.pictures.read,
        up="+y",
        unit=1.0,
        front="+z",
        about=_about(gltf),
        warnings=(*pieces.warnings, *size_warning(pieces.polygons)),
        objects=scene.objects,
    )


def _about(gltf: GltfFile) -> About:
    """From `asset`: what the specification has, and `extras` as Sketchfab writes them."""
    asset = gltf.json["asset"]
    extras = asset.get("extras") if isinstance(asset.get("extras"), dict) else {}

    def said(key: str) -> str:
        return " ".join(str(extras.get(key) or "").split())

    holder = " ".join(str(asset.get("copyright") or "").split())
    return About(
        said("title"), said("author") or holder, said("license"), said("source"), str(asset.get("generator") or "")
    )


class _Scene:
    """A scene while it is gathered."""

    def __init__(self, gltf: GltfFile, files: Files):
        self._gltf = gltf
        self.pictures = GltfPictures(gltf, files)
        self.pieces = Pieces(gltf.name)
        self.objects = 0
        self.skipped = False
        self._looks: dict[int, GltfLook] = {}
        self._world: dict[int, Floats] = {}

    def placed_nodes(self) -> list[tuple[dict[str, Any], Floats]]:
        """The scene's nodes that may show something, with their (4, 4) places in it."""
        gltf = self._gltf
        nodes = gltf.list("nodes")
        for root in _roots(gltf):
            waiting = [(root, np.eye(4))]
            while waiting:
                number, above = waiting.pop()
                node = gltf.item("nodes", number)
                if number in self._world:
                    raise InputError.of(
                        f"nodes[{number}] of the file is below two others or below itself", where=gltf.name,
                        hint="the file is broken; export it again",
                    )  # fmt: skip
                local = _local(node)
                if not np.isfinite(local).all():
                    raise InputError.of(f"nodes[{number}] has a place that is NaN or infinite", where=gltf.name)
                self._world[number] = above @ local
                waiting += [(child, self._world[number]) for child in reversed(_integers(node.get("children")))]
        return [(nodes[number], matrix) for number, matrix in self._world.items()]

    def add_node(self, node: dict[str, Any], matrix: Floats) -> None:
        """The mesh of a node, if it has one."""
        if "mesh" not in node:
            return
        mesh = self._gltf.item("meshes", node["mesh"])
        weights = node.get("weights", mesh.get("weights"))
        primitives = mesh.get("primitives")
        before = len(self.pieces)
        for place in self._instances(node, matrix):
            for primitive in primitives if isinstance(primitives, list) else []:
                self._add_primitive(primitive, place, weights, node.get("skin"))
        self.objects += len(self.pieces) > before

    def _instances(self, node: dict[str, Any], matrix: Floats) -> Iterator[Floats]:
        """Where a node's mesh stands: once, or as often as EXT_mesh_gpu_instancing says."""
        extension = (node.get("extensions") or {}).get("EXT_mesh_gpu_instancing")
        attributes = extension.get("attributes", {}) if isinstance(extension, dict) else {}
        if not attributes:
            yield matrix
            return
        tables = {
            key: self._gltf.array(attributes[key], width)
            for key, width in (("TRANSLATION", 3), ("ROTATION", 4), ("SCALE", 3))
            if key in attributes
        }
        for row in range(min((len(t) for t in tables.values()), default=1)):
            one = {key.lower(): table[row].tolist() for key, table in tables.items()}
            yield matrix @ _local(one)

    def _add_primitive(self, primitive: dict[str, Any], matrix: Floats, weights: Any, skin: Any) -> None:
        gltf, pieces = self._gltf, self.pieces
        mode = primitive.get("mode", _TRIANGLES)
        attributes = primitive.get("attributes") or {}
        if mode not in (_TRIANGLES, _STRIP, _FAN) or "POSITION" not in attributes:
            self.skipped = True
            pieces.warn("points and lines were left out")
            return
        count = gltf.count(attributes["POSITION"])
        length = gltf.count(primitive["indices"]) if "indices" in primitive else count
        pieces.expect(length // 3 if mode == _TRIANGLES else length)
        index = gltf.indices(primitive["indices"]) if "indices" in primitive else np.arange(count)
        if len(index) and index.max() >= count:
            raise InputError.of("the model has faces that name vertices it lacks", where=gltf.name)
        look = self._look(primitive.get("material"))
        positions = gltf.array(attributes["POSITION"], 3)
        normals = gltf.array(attributes["NORMAL"], 3) if "NORMAL" in attributes else None
        positions, normals = self._morphed(positions, normals, primitive.get("targets"), weights)
        if skin is not None and "JOINTS_0" in attributes and "WEIGHTS_0" in attributes:
            positions, normals, matrix = self._skinned(positions, normals, attributes, skin)
        texcoords = self._texcoords(attributes, look)
        for table in (normals, texcoords):
            if table is not None and len(table) != count:
                raise InputError.of("a mesh of the file has arrays whose lengths do not agree", where=gltf.name)
        size, corners = triangle_corners(
            _triangles(index, mode), texcoords=texcoords is not None, normals=normals is not None
        )
        tinted = self._tints(attributes, look, corners)
        material: str | Ints
        if tinted is None:
            material = pieces.material(look.material)
        else:
            material = colour_materials(pieces, tinted, size, look.material)
        for sentence in look.said:
            pieces.warn(sentence)
        pieces.add(positions, size, corners, material, texcoords=texcoords, normals=normals, matrix=matrix)

    def _look(self, number: Any) -> GltfLook:
        """A material by its number; -1 keeps that of faces without one."""
        key = -1 if number is None else number
        if key not in self._looks:
            plain = GltfLook(SourceMaterial(UNNAMED, (1.0, 1.0, 1.0), space="linear"), 0, None, ())
            self._looks[key] = plain if key == -1 else read_look(self._gltf, self.pictures, key)
        return self._looks[key]

    def _texcoords(self, attributes: dict[str, Any], look: GltfLook) -> Floats | None:
        """(N, 2) of the set that the colour picture uses, with v upwards."""
        key = f"TEXCOORD_{look.uv}" if f"TEXCOORD_{look.uv}" in attributes else "TEXCOORD_0"
        if key not in attributes:
            if look.material.color_map is not None:
                self.pieces.warn(f"{look.material.name!r} has a picture, but its surface has no texture coordinates")
            return None
        down = self._gltf.array(attributes[key], 2)
        if look.transform is not None:
            down = down @ look.transform[:, :2].T + look.transform[:, 2]
        return np.column_stack([down[:, 0], 1.0 - down[:, 1]])

    def _tints(self, attributes: dict[str, Any], look: GltfLook, corners: Ints) -> Floats | None:
        """(C, 3 or 4) the colour of each corner where vertices have colours (times the material's), else None."""
        gltf, said = self._gltf, look.material
        if "COLOR_0" not in attributes or len(corners) == 0:
            return None
        width = 4 if gltf.item("accessors", attributes["COLOR_0"]).get("type") == "VEC4" else 3
        table = gltf.array(attributes["COLOR_0"], width)
        if len(table) <= int(corners[:, 0].max()):
            raise InputError.of("a mesh of the file has arrays whose lengths do not agree", where=gltf.name)
        colours = table[corners[:, 0]]
        if (colours > 0.998).all():
            return None
        if said.color_map is not None:
            self.pieces.warn(f"colours of vertices are not kept: {said.name!r} has its picture only")
            return None
        alpha = [said.opacity] if width == 4 and said.alpha_mode != "opaque" else []
        tinted: Floats = colours[:, : 3 + len(alpha)] * np.array([*said.diffuse, *alpha])
        return tinted

    def _morphed(
        self, positions: Floats, normals: Floats | None, targets: Any, weights: Any
    ) -> tuple[Floats, Floats | None]:
        """Adds morph targets by their weights."""
        if not isinstance(targets, list) or not isinstance(weights, list):
            return positions, normals
        for target, weight in zip(targets, weights, strict=False):
            if not isinstance(weight, (int, float)) or weight == 0 or not isinstance(target, dict):
                continue
            for key, table in (("POSITION", positions), ("NORMAL", normals)):
                if key in target and table is not None:
                    change = self._gltf.array(target[key], 3)
                    if len(change) != len(table):
                        raise InputError.of("a mesh has morph targets of another length", where=self._gltf.name)
                    table += weight * change
        return positions, normals

    def _skinned(
        self, positions: Floats, normals: Floats | None, attributes: dict[str, Any], skin: Any
    ) -> tuple[Floats, Floats | None, Floats]:
        """Positions and normals as the joints hold them; a skinned mesh stands where they say, not its node."""
        gltf = self._gltf
        facts = gltf.item("skins", skin)
        joints = _integers(facts.get("joints"))
        if not joints or any(j not in self._world for j in joints):
            raise InputError.of(f"skins[{skin}] names joints that are not in the scene", where=gltf.name)
        held = np.stack([self._world[j] for j in joints])
        if "inverseBindMatrices" in facts:
            bind = gltf.array(facts["inverseBindMatrices"], 16).reshape(-1, 4, 4).transpose(0, 2, 1)
            if len(bind) < len(joints):
                raise InputError.of(f"skins[{skin}] has fewer matrices than joints", where=gltf.name)
            held = held @ bind[: len(joints)]
        blend = np.zeros((len(positions), 4, 4))
        total = np.zeros(len(positions))
        for number in range(4):
            if not {f"JOINTS_{number}", f"WEIGHTS_{number}"} <= set(attributes):
                break
            which = gltf.array(attributes[f"JOINTS_{number}"], 4).astype(np.int64)
            share = gltf.array(attributes[f"WEIGHTS_{number}"], 4)
            if which.shape != share.shape or len(which) != len(positions) or which.max(initial=0) >= len(joints):
                raise InputError.of("a skinned mesh names joints that its skin lacks", where=gltf.name)
            for k in range(4):
                blend += share[:, k, None, None] * held[which[:, k]]
                total += share[:, k]
        blend /= np.where(total > 1e-9, total, 1.0)[:, None, None]
        moved = np.einsum("nij,nj->ni", blend[:, :3, :3], positions) + blend[:, :3, 3]
        turned = None if normals is None else np.einsum("nij,nj->ni", blend[:, :3, :3], normals)
        return moved, turned, np.eye(4)


def _roots(gltf: GltfFile) -> list[int]:
    """The root nodes of the scene to show: the default one, else the first; of all nodes where there is none."""
    if gltf.list("scenes"):
        return _integers(gltf.item("scenes", gltf.json.get("scene", 0)).get("nodes"))
    below = {child for node in gltf.list("nodes") for child in _integers(node.get("children"))}
    return [number for number in range(len(gltf.list("nodes"))) if number not in below]


def _integers(value: Any) -> list[int]:
    return [v for v in value if isinstance(v, int)] if isinstance(value, list) else []


def _local(node: dict[str, Any]) -> Floats:
    """The (4, 4) place of a node in the one above it: its matrix, or translation, rotation (x, y, z, w) and scale."""
    if isinstance(node.get("matrix"), list) and len(node["matrix"]) == 16:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    x, y, z, w = (float(v) for v in node.get("rotation") or (0, 0, 0, 1))
    length = np.sqrt(x * x + y * y + z * z + w * w) or 1.0
    x, y, z, w = x / length, y / length, z / length, w / length
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= np.array(node.get("scale") or (1, 1, 1), dtype=np.float64)
    matrix[:3, 3] = node.get("translation") or (0, 0, 0)
    return matrix


def _triangles(index: Ints, mode: int) -> Ints:
    """(T, 3) vertices of the triangles of a list, a strip or a fan."""
    if mode == _TRIANGLES:
        return index[: len(index) // 3 * 3].reshape(-1, 3)
    count = max(len(index) - 2, 0)
    if mode == _FAN:
        return np.column_stack([np.full(count, index[0] if count else 0), index[1:][:count], index[2:]])
    strip = np.column_stack([index[:count], index[1:][:count], index[2:]])
    strip[1::2] = strip[1::2, [1, 0, 2]]
    return strip
