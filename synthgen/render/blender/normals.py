"""The mesh's normals as passes of the render.

The normal pass of Cycles will not do: it has the bumps of the material in it, which depend on the size of a pixel, and
is bent where a glossy surface turns away. Here every material hands out what the mesh says before it shades.
"""

from __future__ import annotations

from typing import Any

import bpy

from synthgen.render.rendered import AXES, normal_pass


def ask_for_passes(wanted: bool) -> None:
    """Gives the view layer of an open scene the passes, or takes them away."""
    held = bpy.context.view_layer.aovs
    for known in list(held):
        held.remove(known)
    for axis in AXES if wanted else ():
        made = held.add()
        made.name, made.type = normal_pass(axis), "VALUE"


def write_in_materials() -> None:
    """Makes every material in use that does not yet do so write the passes; not what materials are copied from."""
    for material in bpy.data.materials:
        tree = material.node_tree
        if material.users and tree is not None and normal_pass(AXES[0]) not in tree.nodes:
            _write(tree)


def _write(tree: Any) -> None:
    """The shading normal of the mesh, turned to the camera; nothing in the holes of a cut-out."""
    normal = tree.nodes.new("ShaderNodeNewGeometry").outputs["Normal"]
    solid = _solid(tree)
    if solid is not None:
        scale = tree.nodes.new("ShaderNodeVectorMath")
        scale.operation = "SCALE"
        tree.links.new(normal, scale.inputs["Vector"])
        tree.links.new(solid, scale.inputs["Scale"])
        normal = scale.outputs["Vector"]
    apart = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(normal, apart.inputs[0])
    for axis in AXES:
        output = tree.nodes.new("ShaderNodeOutputAOV")
        output.name = output.aov_name = normal_pass(axis)
        tree.links.new(apart.outputs[axis], output.inputs["Value"])


def _solid(tree: Any) -> Any:
    """What mixes a cut-out with its holes: 1 where it is solid, 0 in a hole. None where the material is whole."""
    shader = tree.get_output_node("CYCLES").inputs["Surface"].links[0].from_node
    if shader.type != "MIX_SHADER" or not shader.inputs[0].links:
        return None
    below = shader.inputs[1].links
    return shader.inputs[0].links[0].from_socket if below and below[0].from_node.type == "BSDF_TRANSPARENT" else None
