"""Makes model files in Blender, and converts them, all in one process: `python make_models.py FOLDER`.

A wooden crate, twice by an array; the same once more, mirrored; a red post that an armature has moved; a small lump
by way of a collection's instance; a helper drawn as wires and a hidden one. Metres; the same in every format, but
for units.blend, which is in centimetres. The .blend files carry a script that would run as they are opened.
"""

from __future__ import annotations

import sys
from pathlib import Path

import bpy

from synthgen.render.blender.convert import convert


def box(name: str, size: tuple[float, float, float], at: tuple[float, float, float]) -> bpy.types.Object:
    bpy.ops.mesh.primitive_cube_add(size=1.0)
    thing = bpy.context.object
    thing.name = thing.data.name = name
    for vertex in thing.data.vertices:
        vertex.co = [c * s for c, s in zip(vertex.co, size, strict=True)]
    thing.location = at
    return thing


def material(name: str) -> bpy.types.Material:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    return made


def make(folder: Path) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    wood, red = material("Wood"), material("Red")
    (folder / "tex").mkdir()
    image = bpy.data.images.new("grain", 8, 8)
    image.filepath_raw, image.file_format = str(folder / "tex" / "grain.png"), "PNG"
    image.save()
    shader = wood.node_tree.nodes["Principled BSDF"]
    picture = wood.node_tree.nodes.new("ShaderNodeTexImage")
    picture.image = bpy.data.images.load(str(folder / "tex" / "grain.png"))
    wood.node_tree.links.new(picture.outputs["Color"], shader.inputs["Base Color"])
    paint = red.node_tree.nodes["Principled BSDF"].inputs
    paint["Base Color"].default_value = (0.8, 0.1, 0.05, 1.0)
    paint["Metallic"].default_value, paint["Roughness"].default_value = 0.25, 0.75

    crate = box("crate", (1, 2, 3), (0, 0, 1.5))
    crate.data.materials.append(wood)
    twin = bpy.data.objects.new("twin", crate.data)
    twin.location, twin.scale = (-5, 0, 1.5), (-1, 1, 1)
    scene.collection.objects.link(twin)
    array = crate.modifiers.new("row", "ARRAY")
    array.count, array.use_relative_offset, array.use_constant_offset = 2, False, True
    array.constant_offset_displace = (2, 0, 0)

    post = box("post", (1, 1, 1), (0, 5, 0.5))
    post.data.materials.append(red)
    bpy.ops.object.armature_add(location=(0, 5, 0))
    rig = bpy.context.object
    post.vertex_groups.new(name=rig.pose.bones[0].name).add(range(8), 1.0, "REPLACE")
    post.modifiers.new("rig", "ARMATURE").object = rig
    post.parent, post.location = rig, (0, 0, 0.5)
    rig.pose.bones[0].location = (0, 4, 0)  # along the bone: upward

    lumps = bpy.data.collections.new("lumps")
    lump = box("lump", (0.5, 0.5, 0.5), (0, 0, 0.25))
    lump.data.materials.append(red)
    for holder in lump.users_collection:
        holder.objects.unlink(lump)
    lumps.objects.link(lump)
    holder = bpy.data.objects.new("lumps here", None)
    holder.instance_type, holder.instance_collection, holder.location = "COLLECTION", lumps, (5, 0, 0)
    scene.collection.objects.link(holder)

    box("helper", (9, 9, 9), (0, 0, 0)).display_type = "WIRE"
    box("hidden", (9, 9, 9), (0, 0, 0)).hide_render = True


def save(folder: Path) -> None:
    bpy.context.preferences.filepaths.save_version = 0
    script = bpy.data.texts.new("boom.py")
    script.from_string(f"open({str(folder / 'a_script_ran')!r}, 'w')")
    script.use_module = True
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "model.blend"), relative_remap=True)
    for name in ("helper", "hidden"):
        bpy.data.objects.remove(bpy.data.objects[name])
    bpy.ops.export_scene.fbx(filepath=str(folder / "model.fbx"), bake_anim=False, path_mode="RELATIVE")
    bpy.ops.wm.usd_export(filepath=str(folder / "model.usdc"), use_instancing=False)
    bpy.ops.wm.usd_export(filepath=str(folder / "model.usdz"), use_instancing=False)
    bpy.ops.object.select_all(action="DESELECT")
    bpy.context.scene.unit_settings.scale_length = 0.01
    bpy.ops.file.pack_all()
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "units.blend"))


def main(folder: Path) -> None:
    make(folder)
    save(folder)
    for name in ("model.blend", "model.fbx", "model.usdc", "model.usdz", "units.blend"):
        convert(folder / name, folder / f"{name}.npz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
