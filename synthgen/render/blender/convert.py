"""Opens FBX, USD and BLEND files in Blender, and gathers what they show into a SourceModel.

Every visible object that has a surface counts: modifiers, shape keys and armature poses applied, instances made real,
mirrored ones turned. Scripts in .blend files are not run.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from synthgen.assets.formats.kept import save_source
from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.source import UNNAMED, About, Floats, SourceMaterial, size_warning
from synthgen.errors import InputError
from synthgen.render.blender.looks import Pictures, read_look

_SURFACES = {"MESH", "CURVE", "SURFACE", "FONT", "META"}


def convert(source: Path, target: Path) -> None:
    """Writes the SourceModel file `target` (whole or not at all) of a model file.

    Metres, Z up, front -Y as Blender has it. Raises InputError where Blender cannot open the file or it shows no faces.
    """
    with tempfile.TemporaryDirectory(prefix="synthgen-blender-") as isolated:
        os.environ["BLENDER_USER_RESOURCES"] = isolated  # no start-up scripts or preferences of the user's
        _open(source)
        pieces, pictures, objects = _gathered(source)
    if not len(pieces):
        raise InputError.of("the file shows no object that has faces")
    model = pieces.model(
        up="+z", unit=1.0, front="-y", about=_about(), objects=objects,
        warnings=(*pieces.warnings, *size_warning(pieces.polygons)),
    )  # fmt: skip
    save_source(target, model, pictures.embedded)


def _open(source: Path) -> None:
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.preferences.filepaths.use_scripts_auto_execute = False
    suffix = source.suffix.lower()
    try:
        if suffix == ".blend":
            bpy.ops.wm.open_mainfile(filepath=str(source), load_ui=False, use_scripts=False)
        elif suffix == ".fbx":
            bpy.ops.wm.fbx_import(filepath=str(source), use_anim=False)
        elif suffix in (".usd", ".usda", ".usdc", ".usdz"):
            bpy.ops.wm.usd_import(
                filepath=str(source), import_cameras=False, import_lights=False, import_textures_mode="IMPORT_PACK",
                set_frame_range=False, create_world_material=False,
            )  # fmt: skip
        else:
            raise InputError.of(f"Blender is not asked to open {suffix!r} files")
    except RuntimeError as error:
        said = " ".join(str(error).removeprefix("Error: ").replace(str(source), source.name).split())
        hint = "it may be cut short, or saved by a newer program; export it again, best as .glb"
        raise InputError.of(f"Blender cannot open the file: {said}", hint=hint) from error


def _gathered(source: Path) -> tuple[Pieces, Pictures, int]:
    """The pieces of all visible objects, their pictures, and how many objects they are."""
    import bpy

    pieces = Pieces(source.name)
    pictures = Pictures(source.parent)
    units = bpy.context.scene.unit_settings
    metres = float(units.scale_length) if units.system != "NONE" else 1.0
    depsgraph = bpy.context.evaluated_depsgraph_get()
    surfaces: dict[int, _Surface | None] = {}
    objects = 0
    for library in bpy.data.libraries:
        pieces.warn(f"what the file links from {library.filepath!r} is missing; make it local in Blender")
    for instance in depsgraph.object_instances:
        thing = instance.object
        if thing.type not in _SURFACES or not instance.show_self or thing.hide_render:
            continue
        if thing.display_type in ("BOUNDS", "WIRE"):
            pieces.warn("objects that are drawn as wires or bounds (helpers) were left out")
            continue
        key = int(thing.as_pointer())
        if key not in surfaces:
            surfaces[key] = _surface(thing, pieces, pictures)
        surface = surfaces[key]
        if surface is None:
            continue
        place = np.array(instance.matrix_world, dtype=np.float64)
        place[:3] *= metres
        surface.add_to(pieces, place)
        objects += 1
    return pieces, pictures, objects


class _Surface:
    """An object's polygons as arrays, in its own axes."""

    def __init__(self, mesh: Any, materials: list[str], uv_maps: list[str]):
        count, corners = len(mesh.polygons), len(mesh.loops)
        self.positions = _read(mesh.vertices, "co", np.float32).reshape(-1, 3)
        self.size = _read(mesh.polygons, "loop_total", np.int32)
        chosen = np.clip(_read(mesh.polygons, "material_index", np.int32), 0, len(materials) - 1)
        self.materials = [materials[k] for k in range(len(materials))]
        self.chosen = chosen
        self.normals = _read(mesh.corner_normals, "vector", np.float32).reshape(-1, 3)
        self.texcoords = _texcoords(mesh, np.repeat(chosen, self.size), uv_maps)
        order = np.arange(corners)
        self.corners = np.column_stack(
            [
                _read(mesh.loops, "vertex_index", np.int32),
                order if self.texcoords is not None else np.full(corners, -1),
                order,
            ]
        )
        assert int(self.size.sum()) == corners and count == len(self.size)

    def add_to(self, pieces: Pieces, place: Floats) -> None:
        pieces.expect(len(self.size))
        numbers = {k: pieces.number(self.materials[k]) for k in np.unique(self.chosen).tolist()}
        table = np.array([numbers.get(k, 0) for k in range(len(self.materials))], dtype=np.int64)
        pieces.add(
            self.positions, self.size, self.corners, table[self.chosen], texcoords=self.texcoords,
            normals=self.normals, matrix=place,
        )  # fmt: skip


def _surface(thing: Any, pieces: Pieces, pictures: Pictures) -> _Surface | None:
    """The polygons of an evaluated object; None where it has none."""
    mesh = thing.to_mesh()
    if mesh is None or len(mesh.polygons) == 0:
        thing.to_mesh_clear()
        return None
    pieces.expect(len(mesh.polygons))
    names, uv_maps = [], []
    for slot in thing.material_slots:
        look, uv_map = read_look(slot.material, pictures, pieces) if slot.material else (_plain(mesh, pieces), "")
        names.append(pieces.material(look))
        uv_maps.append(uv_map)
    if not names:
        names, uv_maps = [pieces.material(_plain(mesh, pieces))], [""]
    surface = _Surface(mesh, names, uv_maps)
    thing.to_mesh_clear()
    return surface


def _plain(mesh: Any, pieces: Pieces) -> SourceMaterial:
    """The material of faces that have none: grey, or the mean of their colours."""
    colours = mesh.color_attributes.active_color
    if colours is None or len(colours.data) == 0:
        return SourceMaterial(UNNAMED, space="linear")
    red, green, blue = _read(colours.data, "color", np.float32).reshape(-1, 4)[:, :3].mean(axis=0).round(4).tolist()
    pieces.warn("colours of vertices are not kept: faces without a material have their mean")
    return SourceMaterial(UNNAMED, (red, green, blue), space="linear")


def _texcoords(mesh: Any, chosen: np.ndarray[Any, Any], uv_maps: list[str]) -> np.ndarray[Any, Any] | None:
    """(C, 2) texture coordinates of each corner: of the map that its material's picture names, else the active one.

    chosen: (C,) the material of each corner.
    """
    layers = mesh.uv_layers
    if len(layers) == 0:
        return None
    active = next((layer for layer in layers if layer.active_render), layers[0])
    table = _read(active.uv, "vector", np.float32).reshape(-1, 2)
    for number, name in enumerate(uv_maps):
        if name and name != active.name and name in layers:
            other = _read(layers[name].uv, "vector", np.float32).reshape(-1, 2)
            table = np.where((chosen == number)[:, None], other, table)
    return table


_WIDTHS = {"co": 3, "vector": 0, "color": 4}


def _read(items: Any, name: str, dtype: type[np.generic]) -> np.ndarray[Any, Any]:
    """One attribute of every item, flat."""
    width = _WIDTHS.get(name, 1) or len(getattr(items[0], name))
    flat = np.empty(len(items) * width, dtype=dtype)
    items.foreach_get(name, flat)
    return flat


def _about() -> About:
    """From the first thing that is marked as an asset."""
    import bpy

    for kind in (bpy.data.collections, bpy.data.objects, bpy.data.materials):
        for thing in kind:
            marked = thing.asset_data
            if marked is not None and (marked.author or marked.license or marked.copyright):
                return About(thing.name, marked.author or marked.copyright, marked.license)
    return About()
