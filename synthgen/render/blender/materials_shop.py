"""Shading models of shops: perforated panels and thin panes."""

from __future__ import annotations

from synthgen.render.blender.materials import Inputs, model
from synthgen.render.blender.nodes import Graph, Socket


@model("perforated", matte=True)
def perforated(g: Graph, p: Inputs) -> Socket:
    """Sheet steel with round holes in a square pitch; UV in metres. Beyond some metres the holes run into a tone."""
    pitch, radius = p("pitch", 0.025), p("radius", 0.18)
    across, up, _ = g.axes(g.uv())
    u, v = (g.sub(g.math("FRACT", g.mul(axis, 1.0 / pitch)), 0.5) for axis in (across, up))
    distance = g.math("SQRT", g.add(g.mul(u, u), g.mul(v, v)))
    inside = g.ramp(distance, radius - 0.03, radius + 0.03, 1.0, 0.0)
    near = g.near(4.0, 9.0, 0.0)
    share = 3.1416 * radius**2
    hole = g.lerp(near, share, inside)
    tone = g.noise(g.object_position(p("seed", 0.0)), 4.0, 3, 0.6)
    base = p("color", (0.45, 0.45, 0.44))
    steel = g.times(base, g.mix(tone, (0.93,) * 3, (1.05,) * 3))
    rim = g.ramp(distance, radius, radius + 0.09, 0.78, 1.0)
    steel = g.times(steel, g.grey(g.lerp(near, 0.95, rim)))
    return g.principled(Base_Color=g.mix(hole, steel, (0.03, 0.03, 0.03)), Roughness=p("roughness", 0.5))


@model("pane")
def pane(g: Graph, p: Inputs) -> Socket:
    """Thin glass that does not refract: a mirror by angle over what is behind, slightly tinted, with a few smears."""
    smear = g.ramp(g.noise(g.object_position(p("seed", 0.0)), 3.5, 4, 0.65), 0.5, 0.75, 0.0, p("smears", 0.05))
    clear = g.node("ShaderNodeBsdfTransparent", {"Color": p("color", (0.93, 0.955, 0.945))}).outputs[0]
    film = g.node("ShaderNodeBsdfDiffuse", {"Color": (0.5, 0.5, 0.5, 1.0)}).outputs[0]
    mirror = g.node("ShaderNodeBsdfGlossy", {"Roughness": p("roughness", 0.015)}).outputs[0]
    dirty = g.node("ShaderNodeMixShader", {0: smear, 1: clear, 2: film}).outputs[0]
    # Both faces of a pane mirror: about twice one face of a slab.
    facing = g.node("ShaderNodeFresnel", {"IOR": p("ior", 1.45)}).outputs[0]
    seen = g.node("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    amount = g.mul(facing, g.sub(1.0, seen))
    return g.node("ShaderNodeMixShader", {0: amount, 1: dirty, 2: mirror}).outputs[0]
