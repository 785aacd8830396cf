"""Shading models of halls: concrete floors and what is painted or worn on them, walls, displays."""

from __future__ import annotations

from typing import Any

from synthgen.render.blender.materials import Inputs, model, tinted
from synthgen.render.blender.nodes import MATTE, Graph, Socket


def _concrete(g: Graph, p: Inputs) -> tuple[Any, Any, Any, Any]:
    """Colour, roughness, height and nearness of a power-floated floor at the world's position: fields between saw
    cuts that were cast on different days, trowel marks, hairline cracks, stains, polish where wheels run."""
    seed = p("seed", 0.0)
    at = g.scaled(g.world_position(), (1.0, 1.0, 1.0), (seed, 0.7 * seed, 0.0))
    near = g.near(2.0, 9.0, 0.0)  # finer than a pixel farther away: grain and bump would sparkle below a lamp
    wear = p("wear", 0.5)
    broad, middle = g.noise(at, 0.16, 3, 0.55), g.noise(at, 0.9, 4, 0.62, 0.5)
    fine, grain = g.noise(at, 7.0, 4, 0.65), g.noise(at, 160.0, 2, 0.6)
    joint = p("joint", 5.0)
    fields = g.node(
        "ShaderNodeTexBrick",
        {
            "Vector": at, "Color1": (0.88, 0.88, 0.88), "Color2": (1.1, 1.095, 1.08), "Mortar": (0.35, 0.34, 0.33),
            "Scale": 1.0, "Mortar Size": 0.0035, "Mortar Smooth": 0.15, "Bias": 0.0,
            "Brick Width": joint, "Row Height": joint * p("aspect", 1.0),
        },
        offset=p("bond", 0.0),
    ).outputs  # fmt: skip
    color: Any = g.times(p("color", (0.215, 0.212, 0.2)), fields[0])
    color = g.times(color, g.mix(g.ramp(broad, 0.32, 0.68), (0.68, 0.675, 0.66), (1.28, 1.28, 1.27)))
    color = g.times(color, g.mix(g.ramp(middle, 0.3, 0.7), (0.72, 0.715, 0.70), (1.2, 1.2, 1.2)))
    color = g.times(color, g.mix(g.ramp(fine, 0.3, 0.7), (0.88,) * 3, (1.1,) * 3))
    color = g.times(color, g.mix(g.lerp(near, 0.5, grain), (0.82,) * 3, (1.18,) * 3))
    # Stains: old oil and water with a soft rim; a few dark drips.
    spill = g.mul(g.ramp(g.noise(at, 0.5, 3, 0.5, 0.5), 0.53, 0.62), 0.3 + 0.55 * wear)
    drips = g.mul(g.ramp(g.cells(at, 0.9)["Distance"], 0.03, 0.075, 1.0, 0.0), 0.65 * wear)
    drips = g.mul(drips, g.ramp(broad, 0.46, 0.56))
    stain = g.most(spill, drips)
    color = g.mix(stain, color, g.times(color, (0.42, 0.40, 0.37)))
    # In the plane: where a face of cells in space lay nearly level, all of it would be a crack.
    edge = g.cells(at, 0.21, feature="DISTANCE_TO_EDGE", voronoi_dimensions="2D")["Distance"]
    crack = g.mul(g.ramp(g.add(edge, g.mul(g.sub(fine, 0.5), 0.012)), 0.0, 0.0011, 1.0, 0.0), g.ramp(broad, 0.5, 0.6))
    crack = g.mul(g.mul(crack, wear), g.lerp(near, 0.3, 1.0))
    color = g.mix(g.mul(crack, 0.6), color, (0.05, 0.048, 0.045))
    polish = p("polish", 0.5)
    rough = g.ramp(g.add(g.mul(middle, 0.6), g.mul(fine, 0.4)), 0.35, 0.65, 0.60 - 0.30 * polish, 0.80 - 0.32 * polish)
    rough = g.sub(rough, g.mul(stain, 0.1))
    rough = g.most(MATTE, g.add(rough, g.mul(fields[1], 0.25)))
    height = g.sub(g.add(g.mul(middle, 0.5), g.mul(fine, 0.12)), g.mul(g.most(fields[1], crack), 0.5))
    return color, rough, height, near


@model("concrete_floor")
def concrete_floor(g: Graph, p: Inputs) -> Socket:
    color, rough, height, near = _concrete(g, p)
    return g.principled(
        Base_Color=color,
        Roughness=rough,
        Specular_IOR_Level=0.22,
        Normal=g.bump(height, 0.004, g.mul(near, 0.35)),
    )


@model("floor_tape")
def floor_tape(g: Graph, p: Inputs) -> Socket:
    """Paint or tape on that floor, worn through to it: same patch, same label, worn bits too."""
    color, rough, height, near = _concrete(g, p)
    at = g.world_position()
    wear = p("tape_wear", 0.4)
    scuffs = g.add(g.mul(g.noise(at, 2.1, 5, 0.7, 0.6), 0.7), g.mul(g.noise(at, 28.0, 3, 0.7), 0.3))
    level = 0.70 - 0.24 * wear
    cover = g.ramp(scuffs, level - 0.03, level + 0.03, 1.0, 0.0)
    tone = g.mix(g.ramp(g.noise(at, 0.8, 3, 0.6), 0.3, 0.7), (0.72, 0.71, 0.69), (1.05,) * 3)
    paint = g.times(p("paint", (0.52, 0.33, 0.02)), tone)
    grime = g.mul(g.ramp(g.noise(at, 4.5, 4, 0.65), 0.5, 0.72), 0.25 + 0.5 * wear)
    paint = g.mix(grime, paint, (0.085, 0.08, 0.07))
    return g.principled(
        Base_Color=g.mix(cover, color, paint),
        Roughness=g.lerp(cover, rough, 0.42),
        Specular_IOR_Level=0.22,
        Normal=g.bump(g.add(height, g.mul(cover, 0.06)), 0.004, g.mul(near, 0.35)),
    )


@model("floor_rubber")
def floor_rubber(g: Graph, p: Inputs) -> Socket:
    """Rubber that wheels left on that floor; u is 0..1 across the mark. It is the floor's: what is bare looks so."""
    color, rough, height, near = _concrete(g, p)
    u, _, _ = g.axes(g.uv())
    off = g.math("ABSOLUTE", g.sub(u, 0.5))
    across = g.ramp(off, 0.22, 0.5, 1.0, 0.0)
    tread = g.ramp(g.math("SINE", g.mul(u, 44.0)), -0.6, 0.9, 0.6, 1.0)
    at = g.world_position()
    broken = g.ramp(g.noise(at, 0.45, 3, 0.6, 0.4), 0.3, 0.62, 0.25, 1.0)
    speckled = g.ramp(g.noise(at, 60.0, 3, 0.7), 0.3, 0.65, 0.6, 1.0)
    strength = g.mul(g.ramp(g.face_random(), 0.0, 1.0, 0.35, 1.5), p("marks", 0.7))
    cover = g.math("MINIMUM", g.mul(g.mul(across, tread), g.mul(g.mul(broken, speckled), strength)), 0.9)
    return g.principled(
        Base_Color=g.mix(cover, color, (0.038, 0.037, 0.035)),
        Roughness=g.add(rough, g.mul(cover, 0.15)),
        Specular_IOR_Level=0.22,
        Normal=g.bump(height, 0.004, g.mul(near, 0.35)),
    )


@model("concrete_wall", matte=True)
def concrete_wall(g: Graph, p: Inputs) -> Socket:
    """Cast concrete: tone that varies, pores, runs of water, dirt at the foot."""
    at = g.world_position()
    near = g.near(2.0, 14.0, 0.1)
    broad, fine = g.noise(at, 0.7, 4, 0.6), g.noise(at, 18.0, 3, 0.6)
    pores = g.ramp(g.cells(at, 22.0)["Distance"], 0.06, 0.12, 1.0, 0.0)
    runs = g.noise(g.scaled(at, (1.8, 1.8, 0.15)), 1.2, 4, 0.65)
    color: Any = g.times(p("color", (0.3, 0.295, 0.285)), g.mix(broad, (0.7, 0.69, 0.67), (1.25, 1.25, 1.23)))
    color = g.times(color, g.mix(fine, (0.9,) * 3, (1.1,) * 3))
    foot = g.mul(g.ramp(g.axes(at)[2], 0.0, 0.7, 0.7, 0.05), g.ramp(g.noise(at, 2.4, 4, 0.6), 0.3, 0.7, 0.3, 1.0))
    dirt = g.most(foot, g.mul(g.ramp(runs, 0.55, 0.78), 0.4))
    color = g.mix(dirt, color, (0.08, 0.074, 0.066))
    color = g.mix(g.mul(g.mul(pores, near), 0.7), color, (0.06, 0.06, 0.058))
    return g.principled(Base_Color=color, Roughness=0.82, Normal=g.bump(g.sub(fine, pores), 0.003, g.mul(near, 0.6)))


@model("hall_sheet", matte=True)
def hall_sheet(g: Graph, p: Inputs) -> Socket:
    """Coated sheet of walls and roofs: each panel a little off the next, streaks, dust and knocks near the floor."""
    at = g.world_position()
    own = g.face_random()
    color: Any = g.times(tinted(g, p, (0.46, 0.46, 0.45)), g.mix(own, (0.95, 0.95, 0.945), (1.04, 1.04, 1.04)))
    broad = g.noise(at, 0.35, 3, 0.6)
    color = g.times(color, g.mix(broad, (0.92, 0.915, 0.9), (1.07,) * 3))
    streaks = g.ramp(g.noise(g.scaled(at, (2.2, 2.2, 0.12)), 1.1, 4, 0.65), 0.5, 0.8)
    height = g.axes(at)[2]
    foot = g.mul(g.ramp(height, 0.0, 1.6, 0.85, 0.0), g.ramp(g.noise(at, 1.9, 5, 0.68), 0.35, 0.7))
    scrapes = g.mul(
        g.ramp(g.noise(g.scaled(at, (0.8, 0.8, 7.0)), 1.0, 3, 0.6), 0.62, 0.68), g.ramp(height, 0.3, 2.4, 0.5, 0.0)
    )
    dirt = g.mul(g.most(g.mul(streaks, 0.16), g.most(foot, scrapes)), p("dirt", 0.6))
    color = g.mix(dirt, color, (0.14, 0.132, 0.12))
    return g.principled(Base_Color=color, Roughness=g.ramp(broad, 0.3, 0.7, p("roughness", 0.45) - 0.08, 0.6))


@model("display")
def display(g: Graph, p: Inputs) -> Socket:
    """A screen that is on: bars, fields and lines of writing; UV 0..1 over it. `seed` says what it shows."""
    _, y, _ = g.axes(g.uv())
    seed = p("seed", 0.0)
    at = g.scaled(g.uv(), (1.0, 1.0, 1.0), (seed, 0.37 * seed, 0.0))
    fields = g.node(
        "ShaderNodeTexBrick",
        {
            "Vector": at, "Color1": (0.02, 0.03, 0.05), "Color2": (0.10, 0.16, 0.22), "Mortar": (0.30, 0.34, 0.38),
            "Scale": 1.0, "Mortar Size": 0.006, "Mortar Smooth": 0.0, "Bias": -0.2,
            "Brick Width": 0.31, "Row Height": 0.23,
        },
        offset=0.37,
    ).outputs  # fmt: skip
    rows = g.math("GREATER_THAN", g.math("FRACT", g.mul(y, 17.0)), 0.55)
    letters = g.math("GREATER_THAN", g.noise(g.scaled(at, (60.0, 17.0, 1.0)), 1.0, 1), 0.56)
    words = g.math("GREATER_THAN", g.noise(g.scaled(at, (5.0, 17.0, 1.0)), 1.0, 1), 0.5)
    writing = g.mul(g.mul(rows, letters), words)
    color = g.mix(g.mul(writing, 0.8), fields[0], (0.75, 0.80, 0.80))
    color = g.mix(g.math("GREATER_THAN", y, 0.9), color, p("accent", (0.05, 0.25, 0.5)))
    lit = g.math("GREATER_THAN", g.noise(g.scaled(at, (7.0, 9.0, 1.0)), 1.0, 0), 0.68)
    color = g.mix(g.mul(lit, 0.5), color, (0.1, 0.5, 0.2))
    return g.principled(
        Base_Color=(0.03, 0.03, 0.032),
        Roughness=0.12,
        Emission_Color=color,
        Emission_Strength=p("emission_strength", 1.6),
    )
