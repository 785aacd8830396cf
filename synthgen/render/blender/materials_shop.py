"""Shading models of shops: perforated panels and thin panes."""

from __future__ import annotations

from synthgen.render.blender.materials import Inputs, model
from synthgen.render.blender.nodes import GLOSSY, Graph, Socket


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
    # The face that is met first mirrors for both: behind it rays were not refracted, so that the other would mirror all
    # that comes at more than 43 degrees.
    facing = g.math("MINIMUM", g.mul(g.node("ShaderNodeFresnel", {"IOR": p("ior", 1.45)}).outputs[0], 1.7), 1.0)
    seen = g.node("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    leaving = g.node("ShaderNodeNewGeometry").outputs["Backfacing"]
    amount = g.mul(g.mul(facing, g.sub(1.0, seen)), g.sub(1.0, leaving))
    return g.node("ShaderNodeMixShader", {0: amount, 1: dirty, 2: mirror}).outputs[0]


@model("shop_floor")
def shop_floor(g: Graph, p: Inputs) -> Socket:
    """A polished floor of square tiles, worn in the ways that people walk and dirty elsewhere; UV in metres.

    size: of a tile, metres. joint: its width. speckle: contrast of the grains in it, speckle_scale of them to a metre.
    shine: 0 dull to 1 just polished. dirt: 0 to 1.
    """
    at, near = g.uv(), g.near(3.0, 14.0, 0.0)
    at = g.scaled(at, (1, 1, 1), (p("seed", 0.0), 0.7 * p("seed", 0.0), 0.0))
    size, base = p("size", 0.4), tuple(p("color", (0.44, 0.435, 0.42)))
    tones = tuple(0.93 * c for c in base), tuple(min(0.75, 1.05 * c) for c in base)
    tiles = g.node(
        "ShaderNodeTexBrick",
        {
            "Vector": at, "Color1": (*tones[0], 1.0), "Color2": (*tones[1], 1.0),
            "Mortar": (*p("joint_color", (0.22, 0.215, 0.205)), 1.0), "Scale": 1.0, "Mortar Size": p("joint", 0.0022),
            "Mortar Smooth": 0.2, "Bias": 0.0, "Brick Width": size, "Row Height": size,
        },
        offset=0.0,
    ).outputs  # fmt: skip
    grain = g.cells(at, p("speckle_scale", 220.0))["Color"]
    grey = g.axes(grain)[0]
    contrast = g.mul(p("speckle", 0.13), near)
    color = g.times(tiles[0], g.grey(g.add(1.0, g.mul(contrast, g.sub(grey, 0.5)))))
    broad, fine = g.noise(at, 0.55, 4, 0.5, 0.3), g.noise(at, 2.3, 4, 0.5)
    smear = g.noise(g.scaled(at, (1.0, 0.16, 1.0)), 9.0, 3, 0.6)
    worn = g.mul(g.ramp(g.add(g.mul(broad, 0.6), g.mul(fine, 0.4)), 0.2, 0.85), p("dirt", 0.4))
    color = g.times(color, g.grey(g.ramp(broad, 0.3, 0.7, 0.94, 1.05)))
    color = g.mix(g.mul(worn, 0.4), color, (0.15, 0.135, 0.115))
    dull = g.add(g.ramp(fine, 0.3, 0.75, 0.10, 0.22), 0.18 * (1.0 - p("shine", 0.6)))
    rough = g.add(g.add(dull, g.mul(worn, 0.05)), g.ramp(smear, 0.45, 0.8, 0.0, 0.05))
    rough = g.add(g.math("MINIMUM", rough, GLOSSY), g.mul(tiles[1], 0.4))
    height = g.sub(1.0, tiles[1])
    return g.principled(
        Base_Color=color, Roughness=rough, Specular_IOR_Level=0.5,
        Normal=g.bump(height, 0.001, g.mul(near, 0.5)),
    )  # fmt: skip
