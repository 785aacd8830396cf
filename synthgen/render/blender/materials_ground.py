"""Shading models of what towns are built of, wear and dirt being parameters: concrete, tiles, grass, soil.

Asphalt, paving and walls are in materials_street.py. wear: 0 new .. 1 worn out; dirt: 0 clean .. 1 filthy; wet: 0 dry
.. 1 soaked. Positions are of the world or of the UVs, in metres.
"""

from __future__ import annotations

from synthgen.render.blender.materials import Inputs, model
from synthgen.render.blender.materials_street import water_on, wetted
from synthgen.render.blender.nodes import Graph, Socket


@model("concrete", matte=True)
def concrete(g: Graph, p: Inputs) -> Socket:
    """Cast concrete: clouds of grey, pores, cracks with wear, stains that run down and dirt low down."""
    at = g.object_position(p("seed", 0.0))
    wear, dirt = float(p("wear", 0.4)), float(p("dirt", 0.5))
    broad, fine = g.noise(at, 0.9, 4, 0.6), g.noise(at, 22.0, 3, 0.6)
    pores = g.ramp(g.cells(at, 38.0)["Distance"], 0.06, 0.14)
    color = g.times(p("color", (0.26, 0.25, 0.235)), g.mix(broad, (0.78, 0.78, 0.77), (1.16, 1.15, 1.13)))
    color = g.times(color, g.mix(fine, (0.88,) * 3, (1.10,) * 3))
    color = g.times(color, g.mix(pores, (0.62, 0.61, 0.6), (1.0, 1.0, 1.0)))
    crack = g.ramp(g.cells(at, 0.8, feature="DISTANCE_TO_EDGE")["Distance"], 0.0, 0.006 + 0.006 * wear, 1.0, 0.0)
    crack = g.mul(crack, g.ramp(broad, 0.62 - 0.3 * wear, 0.66 - 0.3 * wear))
    color = g.mix(g.mul(crack, 0.85 if wear > 0 else 0.0), color, (0.05, 0.047, 0.043))
    runs = g.ramp(g.noise(g.scaled(at, (3.0, 3.0, 0.3)), 1.0, 4, 0.65, 0.5), 0.52, 0.78)
    foot = g.ramp(g.axes(at)[2], 0.0, 0.35, 0.8, 0.0)
    grime = g.mul(g.most(g.mul(runs, 0.75), g.mul(foot, g.ramp(fine, 0.3, 0.6, 0.4, 1.0))), dirt)
    color = g.mix(grime, color, (0.06, 0.055, 0.048))
    height = g.add(g.mul(fine, 0.4), g.sub(pores, g.mul(crack, 1.2)))
    color, roughness, shown = wetted(g, water_on(g, p, at, -0.1), color, g.ramp(fine, 0.3, 0.7, 0.75, 0.95))
    return g.principled(Base_Color=color, Roughness=roughness, Normal=g.bump(height, 0.003, g.mul(shown, 0.5)))


@model("tiles")
def tiles(g: Graph, p: Inputs) -> Socket:
    """Glazed or stone tiles in a grid; UV in metres. width, height, joint in metres; wear: dull and chipped ones."""
    wear, dirt = float(p("wear", 0.2)), float(p("dirt", 0.3))
    at = g.scaled(g.uv(), (1, 1, 1), (p("seed", 0.0), 0.0, 0.0))
    base = tuple(p("color", (0.5, 0.5, 0.48)))
    joint = tuple(p("joint_color", (0.22, 0.21, 0.20)))
    shades = (tuple(0.93 * c for c in base), tuple(min(0.8, 1.06 * c) for c in base), joint)
    size = (p("width", 0.15), p("height", 0.15))
    inputs = {
        "Vector": at, "Color1": shades[0], "Color2": shades[1], "Mortar": shades[2], "Scale": 1.0,
        "Mortar Size": p("joint", 0.003), "Mortar Smooth": 0.2, "Bias": 0.0, "Brick Width": size[0],
        "Row Height": size[1],
    }  # fmt: skip
    bond = g.node("ShaderNodeTexBrick", inputs, offset=0.0).outputs
    broad, fine = g.noise(at, 1.2, 4, 0.6), g.noise(at, 30.0, 2, 0.6)
    chips = g.mul(g.ramp(fine, 0.72 - 0.12 * wear, 0.75 - 0.12 * wear), 0.8 * wear)
    color = g.mix(chips, bond[0], tuple(0.6 * c for c in base))
    grime = g.mul(g.most(g.mul(bond[1], 0.7), g.ramp(broad, 0.5, 0.8, 0.0, 0.6)), dirt)
    color = g.mix(grime, color, (0.07, 0.064, 0.055))
    glaze = float(p("roughness", 0.18))
    rough = g.lerp(g.most(bond[1], chips), g.ramp(broad, 0.3, 0.7, glaze, min(0.9, glaze + 0.1 + 0.4 * wear)), 0.85)
    height = g.sub(1.0, bond[1])
    return g.principled(Base_Color=color, Roughness=rough, Normal=g.bump(height, 0.002, 0.6))


@model("grass", matte=True)
def grass(g: Graph, p: Inputs) -> Socket:
    """Mown grass from some metres away. wear: trodden to soil in patches; dirt: dry and yellow."""
    at = g.world_position()
    wear, dry = float(p("wear", 0.3)), float(p("dirt", 0.3))
    near = g.near(3.0, 30.0, 0.15)
    blades = g.noise(g.scaled(at, (1.0, 1.0, 0.3)), 90.0, 3, 0.75)
    tufts, broad = g.noise(at, 6.0, 3, 0.65), g.noise(at, 0.35, 4, 0.6)
    green = g.times(p("color", (0.065, 0.105, 0.028)), g.mix(g.lerp(near, 0.5, blades), (0.45,) * 3, (1.6,) * 3))
    green = g.times(green, g.mix(tufts, (0.75, 0.78, 0.7), (1.2, 1.18, 1.1)))
    straw = g.mul(g.ramp(g.noise(at, 1.4, 4, 0.7, 0.6), 0.62 - 0.25 * dry, 0.8 - 0.2 * dry), dry)
    color = g.mix(straw, green, (0.20, 0.165, 0.075))
    bare = g.ramp(g.add(broad, g.mul(g.sub(tufts, 0.5), 0.35)), 0.78 - 0.3 * wear, 0.86 - 0.3 * wear)
    color = g.mix(bare, color, (0.085, 0.064, 0.045))
    return g.principled(
        Base_Color=color, Roughness=0.95, Specular_IOR_Level=0.25, Normal=g.bump(blades, 0.02, g.mul(near, 0.7))
    )


@model("soil", matte=True)
def soil(g: Graph, p: Inputs) -> Socket:
    """Bare earth with crumbs and stones. wear: trodden flat and pale; dirt: leaves' litter."""
    at = g.world_position()
    wear, litter, near = float(p("wear", 0.3)), float(p("dirt", 0.3)), g.near(2.0, 20.0, 0.15)
    crumbs, broad = g.noise(at, 45.0, 4, 0.7), g.noise(at, 0.8, 4, 0.6)
    stones = g.cells(at, 26.0)
    stone = g.ramp(stones["Distance"], 0.16, 0.22, 1.0, 0.0)
    color = g.times(p("color", (0.075, 0.056, 0.038)), g.mix(crumbs, (0.55,) * 3, (1.45,) * 3))
    color = g.times(color, g.mix(broad, (0.8, 0.8, 0.8), (1.0 + 0.8 * wear,) * 3))
    color = g.mix(g.mul(stone, g.ramp(broad, 0.45, 0.6)), color, (0.20, 0.19, 0.175))
    leaves = g.mul(g.ramp(g.noise(at, 14.0, 2, 0.5, 1.2), 0.62, 0.66), litter)
    color = g.mix(leaves, color, (0.14, 0.09, 0.035))
    color, roughness, shown = wetted(g, water_on(g, p, at, 0.0), color, 0.95)
    height = g.add(g.mul(crumbs, 1.0 - 0.6 * wear), g.mul(stone, 0.5))
    return g.principled(
        Base_Color=color, Roughness=roughness, Specular_IOR_Level=0.3, Normal=g.bump(height, 0.015, g.mul(near, shown))
    )
