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
    for library in bpy.data.libraries:
        pieces.warn(f"what the file links from {library.filepath!r} is missing; make it local in Blender")
    surfaces: dict[tuple[str, int], _Surface | None] = {}
    placed: list[tuple[tuple[Any, ...], _Surface, Floats]] = []
    for instance in depsgraph.object_instances:
        thing = instance.object
        # Curves, texts and the like come a second time, as instances of the meshes that Blender makes of them.
        if thing.type != "MESH" or not instance.show_self or thing.hide_render:
            continue
        if thing.display_type in ("BOUNDS", "WIRE"):
            pieces.warn("objects that are drawn as wires or bounds (helpers) were left out")
            continue
        # An instance's object is a passing copy; its data are not.
        key = (thing.name_full, int(thing.data.as_pointer()) if thing.data else 0)
        if key not in surfaces:
            surfaces[key] = _surface(thing, pieces, pictures)
        surface = surfaces[key]
        if surface is None:
            continue
        place = np.array(instance.matrix_world, dtype=np.float64)
        place[:3] *= metres
        parent = instance.parent.name_full if instance.parent is not None else ""
        where = (*place.ravel().round(6).tolist(), len(surface.size), round(float(np.abs(surface.positions).sum()), 3))
        placed.append(((thing.name_full, parent, *where), surface, place))
    # Blender gives them in another order each time.
    placed.sort(key=lambda item: item[0])
    for _, surface, place in placed:
        surface.add_to(pieces, place)
    pieces.warnings = dict.fromkeys(sorted(pieces.warnings))
    return pieces, pictures, len(placed)


class _Surface:
    """An object's polygons as arrays, in its own axes. looks: of each of its material slots."""

    def __init__(self, mesh: Any, looks: list[SourceMaterial], uv_maps: list[str]):
        self.looks = looks
        self.positions = _read(mesh.vertices, "co", np.float32).reshape(-1, 3)
        self.size = _read(mesh.polygons, "loop_total", np.int32)
        self.chosen = np.clip(_read(mesh.polygons, "material_index", np.int32), 0, len(looks) - 1)
        self.normals = _read(mesh.corner_normals, "vector", np.float32).reshape(-1, 3)
        self.texcoords = _texcoords(mesh, np.repeat(self.chosen, self.size), uv_maps)
        order = np.arange(len(mesh.loops))
        at_texcoord = order if self.texcoords is not None else np.full(len(order), -1)
        self.corners = np.column_stack([_read(mesh.loops, "vertex_index", np.int32), at_texcoord, order])

    def add_to(self, pieces: Pieces, place: Floats) -> None:
        """Adds the surface as it stands at `place`, (4, 4) in metres."""
        pieces.expect(len(self.size))
        numbers = np.zeros(len(self.looks), dtype=np.int64)
        for slot in np.unique(self.chosen).tolist():
            numbers[slot] = pieces.number(pieces.material(self.looks[slot]))
        pieces.add(
            self.positions, self.size, self.corners, numbers[self.chosen], texcoords=self.texcoords,
            normals=self.normals, matrix=place,
        )  # fmt: skip


def _surface(thing: Any, pieces: Pieces, pictures: Pictures) -> _Surface | None:
    """The polygons of an evaluated object; None where it has none."""
    mesh = thing.to_mesh()
    if mesh is None or len(mesh.polygons) == 0:
        thing.to_mesh_clear()
        return None
    pieces.expect(len(mesh.polygons))
    looks, uv_maps = [], []
    for material in [slot.material for slot in thing.material_slots] or [None]:
        look, uv_map = (_plain(mesh, pieces), "") if material is None else read_look(material, pictures, pieces)
        looks.append(look)
        uv_maps.append(uv_map)
    surface = _Surface(mesh, looks, uv_maps)
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
