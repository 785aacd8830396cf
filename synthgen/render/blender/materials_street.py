"""Shading models of streets: asphalt, paint on it, paving, kerbs, façades and their windows."""

from __future__ import annotations

from typing import Any

from synthgen.render.blender.materials import Inputs, model
from synthgen.render.blender.nodes import Graph, Socket


def _packed_map(g: Graph, p: Inputs) -> tuple[Any, Any, Any, Any]:
    """R crack, G albedo, B paint wear, A oil and polish of the road's surface map."""
    picture = g.image(p.images["surface"], g.uv(), interpolation="Linear", extension="REPEAT")
    channels = g.node("ShaderNodeSeparateColor", {0: picture[0]}).outputs
    return channels[0], channels[1], channels[2], picture[1]


def water_on(g: Graph, p: Inputs, at: Any, low: Any) -> tuple[Any, Any] | None:
    """Where the ground is damp and where water stands on it (0..1 each); None where it is dry.

    low: how low the ground lies, around 0; water gathers there first. Puddles are long along the street, and their
    edges have a finer grain of their own.
    """
    wet = float(p("wet", 0.0))
    if wet <= 0:
        return None
    broad = g.noise(g.scaled(at, (1.0, 0.4, 1.0)), 0.55, 4, 0.6)
    edge = g.noise(at, 5.0, 3, 0.6)
    level = g.add(g.add(broad, g.mul(g.sub(edge, 0.5), 0.10)), low)
    dry, flood = 0.68 - 0.55 * wet, 0.74 - 0.20 * wet
    return g.ramp(level, dry, dry + 0.12), g.ramp(level, flood, flood + 0.035)


def wetted(g: Graph, water: tuple[Any, Any] | None, color: Any, roughness: Any) -> tuple[Any, Any, Any]:
    """Colour and roughness of ground under `water`, and how much of its bump shows."""
    if water is None:
        return color, roughness, 1.0
    damp, standing = water
    color = g.times(color, g.mix(damp, (1.0, 1.0, 1.0), (0.46, 0.45, 0.44)))
    roughness = g.lerp(standing, g.lerp(damp, roughness, 0.27), 0.05)
    return color, roughness, g.sub(1.0, g.most(g.mul(damp, 0.55), g.mul(standing, 0.94)))


def _asphalt(g: Graph, p: Inputs, crack: Any, albedo: Any, polish: Any) -> Socket:
    at = g.world_position()
    near = g.near(4.0, 30.0, 0.1)
    grain = g.noise(at, 140.0, 2, 0.6)  # stones of 7 mm
    aggregate = g.cells(at, 95.0)["Distance"]
    broad = g.noise(at, 0.35, 3, 0.6)
    if albedo is None:
        albedo = g.ramp(broad, 0.3, 0.7, 0.44, 0.56)
    shown_grain = g.lerp(near, 0.5, grain)
    tone = g.mul(p("base", 0.085), g.add(0.35, g.mul(albedo, 1.3)))
    tone = g.mul(tone, g.ramp(shown_grain, 0.3, 0.7, 0.55, 1.45))
    tone = g.mul(tone, g.ramp(broad, 0.3, 0.7, 0.86, 1.14))
    if crack is not None:
        tone = g.mul(tone, g.sub(1.0, g.mul(crack, 0.62)))
        tone = g.mul(tone, g.sub(1.0, g.ramp(polish, 0.3, 0.9, 0.0, 0.45)))
    tint = g.mix(g.ramp(broad, 0.35, 0.65), (1.01, 1.0, 0.97), (0.98, 1.0, 1.03))
    color = g.times(g.grey(tone), tint)
    roughness = g.ramp(shown_grain, 0.3, 0.7, 0.78, 0.95)
    height = g.add(g.mul(grain, 0.7), g.mul(aggregate, 0.6))
    if crack is not None:
        roughness = g.sub(roughness, g.mul(polish, 0.28))
        height = g.sub(height, g.mul(crack, 1.3))
    # Wheel tracks lie lowest, then what is worn dark.
    low = g.mul(g.sub(0.5, albedo), 0.25)
    if polish is not None:
        low = g.add(low, g.mul(g.sub(polish, 0.35), 0.10))
    water = water_on(g, p, at, low)
    color, roughness, shown = wetted(g, water, color, roughness)
    return g.principled(
        Base_Color=color,
        Roughness=roughness,
        Specular_IOR_Level=0.35,
        Normal=g.bump(height, 0.004, g.mul(g.mul(near, 0.6), shown)),
    )


@model("asphalt", matte=True)
def asphalt(g: Graph, p: Inputs) -> Socket:
    """Asphalt over a baked map of cracks, patches, oil and wheel polish."""
    crack, albedo, _, polish = _packed_map(g, p)
    return _asphalt(g, p, crack, albedo, polish)


@model("asphalt_plain", matte=True)
def asphalt_plain(g: Graph, p: Inputs) -> Socket:
    return _asphalt(g, p, None, None, None)


@model("road_paint", matte=True)
def road_paint(g: Graph, p: Inputs) -> Socket:
    """Thermoplastic paint, worn through to asphalt where the map says so: same patch, same label, worn bits too."""
    crack, albedo, worn, polish = _packed_map(g, p)
    at = g.world_position()
    near = g.near(4.0, 30.0, 0.1)
    grain = g.noise(at, 140.0, 2, 0.6)
    broad = g.noise(at, 0.35, 3, 0.6)
    bare_tone = g.mul(g.mul(p("base", 0.085), g.add(0.35, g.mul(albedo, 1.3))), g.ramp(grain, 0.3, 0.7, 0.7, 1.3))
    bare = g.grey(g.mul(bare_tone, g.sub(1.0, g.mul(crack, 0.72))))
    color = p("color", (0.56, 0.55, 0.52))
    paint = g.times(color, g.mix(g.ramp(broad, 0.3, 0.7), (0.90, 0.90, 0.88), (1.06, 1.06, 1.06)))
    paint = g.mix(g.mul(g.ramp(grain, 0.35, 0.6, 0.35, 0.0), near), paint, (0.12, 0.12, 0.12))
    level = 1.15 - 0.7 * p("wear", 0.5)
    cover = g.mul(g.ramp(worn, level - 0.14, level + 0.14, 1.0, 0.0), g.sub(1.0, g.mul(crack, 0.9)))
    height = g.add(g.mul(grain, 0.5), g.mul(cover, 0.35))
    low = g.add(g.mul(g.sub(0.5, albedo), 0.25), g.mul(g.sub(polish, 0.35), 0.10))
    color, roughness, shown = wetted(
        g, water_on(g, p, at, low), g.mix(cover, bare, paint), g.sub(g.lerp(cover, 0.86, 0.55), g.mul(polish, 0.1))
    )
    return g.principled(
        Base_Color=color,
        Roughness=roughness,
        Specular_IOR_Level=0.4,
        Normal=g.bump(height, 0.003, g.mul(g.mul(near, 0.6), shown)),
    )


@model("paving", matte=True)
def paving(g: Graph, p: Inputs) -> Socket:
    """Slabs in running bond, with stains and chewing gum."""
    at = g.world_position()
    near = g.near(4.0, 35.0, 0.15)
    size = (p("width", 0.9), p("height", 0.6))
    colors = (p("color1", (0.16, 0.16, 0.16)), p("color2", (0.30, 0.30, 0.30)), (0.07, 0.066, 0.06))
    slabs = g.brick(g.scaled(at, (1, 1, 1), (0.13, 0.07, 0.0)), colors, size, p("joint", 0.006), bias=-0.1)
    broad, fine = g.noise(at, 1.1, 4, 0.6), g.noise(at, 40.0, 2, 0.6)
    gum = g.ramp(g.cells(at, 2.6)["Distance"], 0.035, 0.055, 1, 0)
    color = g.times(slabs[0], g.mix(broad, (0.62, 0.60, 0.57), (1.22, 1.19, 1.13)))
    color = g.times(color, g.mix(g.lerp(near, 0.5, fine), (0.8,) * 3, (1.2,) * 3))
    stain = g.ramp(g.noise(at, 0.5, 5, 0.65, 0.4), 0.54, 0.68, 0, 0.55)
    color = g.mix(g.mul(gum, 0.6), g.mix(stain, color, (0.09, 0.085, 0.075)), (0.05, 0.05, 0.05))
    height = g.add(g.mul(fine, 0.12), g.sub(1.0, slabs[1]))
    # Slabs shed water: less stands on them than on asphalt, most of it along the joints.
    water = water_on(g, p, at, g.sub(g.mul(slabs[1], 0.03), 0.05))
    color, roughness, shown = wetted(g, water, color, g.ramp(broad, 0.3, 0.7, 0.65, 0.9))
    return g.principled(
        Base_Color=color, Roughness=roughness, Normal=g.bump(height, 0.004, g.mul(g.mul(near, 0.7), shown))
    )


@model("kerb_stone", matte=True)
def kerb_stone(g: Graph, p: Inputs) -> Socket:
    at = g.world_position()
    fine = g.noise(at, 18.0, 3, 0.6)
    color = g.mix(g.face_random(), (0.19, 0.185, 0.18), (0.33, 0.325, 0.31))
    color = g.times(color, g.mix(fine, (0.75,) * 3, (1.2,) * 3))
    foot = g.ramp(g.axes(at)[2], 0.0, 0.1, 1.0, 0.15)
    dirt = g.mul(foot, g.ramp(g.noise(at, 2.0, 3, 0.6), 0.3, 0.7, 0.4, 1.0))
    color, roughness, shown = wetted(g, water_on(g, p, at, -0.08), g.mix(dirt, color, (0.075, 0.07, 0.06)), 0.8)
    return g.principled(Base_Color=color, Roughness=roughness, Normal=g.bump(fine, 0.003, g.mul(shown, 0.5)))


@model("terrain", matte=True)
def terrain(g: Graph, p: Inputs) -> Socket:
    """Grass and bare soil seen from afar."""
    at = g.world_position()
    blades, broad = g.noise(at, 30.0, 3, 0.7), g.noise(at, 0.2, 4, 0.6)
    grass = g.times(p("color", (0.065, 0.095, 0.028)), g.mix(blades, (0.6,) * 3, (1.4,) * 3))
    color = g.mix(g.ramp(broad, 0.5, 0.72, 0, 0.8), grass, (0.11, 0.085, 0.06))
    return g.principled(Base_Color=color, Roughness=0.95, Normal=g.bump(blades, 0.03, 0.6))


@model("wall", matte=True)
def wall(g: Graph, p: Inputs) -> Socket:
    """Brick, plaster or stone facing; UV in metres (u along the façade, v up). Rain streaks, soot, splashes.

    wear: 0 new .. 1 plaster has fallen off in patches, bricks are bleached and chipped. dirt: 0 clean .. 1 filthy.
    """
    kind, base = p("kind", "plaster"), tuple(p("color", (0.5, 0.48, 0.42)))
    top, wear, filth = p("height", 12.0), float(p("wear", 0.3)), 2.0 * float(p("dirt", 0.5))
    at = g.scaled(g.uv(), (1, 1, 1), (p("seed", 0.0), 0.0, 0.0))
    up = g.axes(g.uv())[1]
    broad, middle = g.noise(at, 0.35, 4, 0.6), g.noise(at, 6.0, 3, 0.6)
    streaks = g.noise(g.scaled(at, (1.7, 0.16, 1.0)), 1.0, 4, 0.65, 0.6)
    color: Any
    if kind == "brick":
        colors = (tuple(0.72 * c for c in base), tuple(min(0.8, 1.28 * c) for c in base), (0.30, 0.285, 0.26))
        bond = g.brick(at, colors, (0.225, 0.075), 0.010, soft=0.2)
        color, height, depth = bond[0], g.sub(1.0, bond[1]), 0.008
        salt = g.mul(g.ramp(broad, 0.66 - 0.12 * wear, 0.86 - 0.12 * wear), 0.5 * wear)
        color = g.mix(salt, color, (0.38, 0.36, 0.33))
    elif kind == "stone":
        joint = tuple(0.55 * c for c in base)
        bond = g.brick(
            at, (tuple(0.9 * c for c in base), tuple(min(0.8, 1.1 * c) for c in base), joint), (0.9, 0.36), 0.008
        )
        color, height, depth = bond[0], g.add(g.sub(1.0, bond[1]), g.mul(middle, 0.3)), 0.008
    else:
        color, height, depth = base, g.add(middle, g.mul(g.noise(at, 45.0, 1), 0.4)), 0.006
        if wear > 0.5:
            # Fallen off most where water splashes and runs: low down and here and there.
            loose = g.add(g.noise(at, 0.55, 4, 0.62, 0.4), g.ramp(up, 0.2, 1.6, 0.08, 0.0))
            fallen = g.ramp(loose, 0.93 - 0.27 * wear, 0.945 - 0.27 * wear)
            bricks = g.brick(at, ((0.20, 0.09, 0.06), (0.30, 0.15, 0.10), (0.26, 0.245, 0.22)), (0.225, 0.075), 0.010)
            color, height = g.mix(fallen, color, bricks[0]), g.sub(height, g.mul(fallen, 1.5))
    color = g.times(color, g.mix(broad, (0.72, 0.71, 0.69), (1.2, 1.19, 1.17)))
    color = g.times(color, g.mix(middle, (0.9,) * 3, (1.1,) * 3))
    rain = g.mul(g.ramp(streaks, 0.50, 0.80), g.ramp(broad, 0.3, 0.75, 0.1, 0.8))
    splash = g.mul(g.ramp(up, 0.05, 1.1, 1, 0), g.ramp(g.noise(at, 1.3, 3), 0.25, 0.65, 0.25, 0.8))
    soot = g.mul(g.ramp(up, top - 1.8, top, 0, 0.55), g.ramp(streaks, 0.35, 0.6))
    dirt = g.math("MINIMUM", g.mul(g.most(g.most(rain, splash), soot), filth), 1.0)
    return g.principled(
        Base_Color=g.mix(dirt, color, (0.055, 0.05, 0.043)),
        Roughness=g.ramp(middle, 0.3, 0.7, 0.75, 0.95),
        Normal=g.bump(height, depth, 0.6),
    )


@model("window_glass")
def window_glass(g: Graph, p: Inputs) -> Socket:
    """An opaque pane: a dark room, curtains, blinds or a shop's goods behind a mirror of the street.

    night: radiance of what is lit behind it, 0 by day. lit: share of the panes of flats that are.

    UV 0..1 per pane; `face_random` decides what is behind it. Each pane is tilted and slightly wavy, so reflections
    break from pane to pane. Double glazing mirrors about a tenth, hence the IOR.
    """
    x, y, _ = g.axes(g.uv())
    r = g.face_random()
    r2, r3 = g.fraction_of(r, 17.31), g.fraction_of(r, 71.7)
    night = p("night", 0.0)
    behind, glow, lit = (
        _shop_behind(g, y, r) if p("shop", False) else _room_behind(g, x, y, r, r2, r3, float(p("lit", 0.3)))
    )
    emission = {"Emission_Color": glow, "Emission_Strength": g.mul(lit, night)} if night > 0 else {}
    wave = g.noise(g.world_position(), 1.4, 1)
    return g.principled(Base_Color=behind, Roughness=0.08, IOR=1.9, Normal=g.bump(wave, 0.03, 0.10), **emission)


def _room_behind(g: Graph, x: Any, y: Any, r: Any, r2: Any, r3: Any, lit: float) -> tuple[Any, Any, Any]:
    room = g.mix(y, (0.035, 0.032, 0.03), (0.010, 0.010, 0.011))
    fold = g.math("ABSOLUTE", g.math("SINE", g.mul(x, g.ramp(r2, 0, 1, 30, 60))))
    light = g.mix(fold, (0.22, 0.21, 0.19), (0.46, 0.44, 0.40))
    curtain = g.mix(g.ramp(r3, 0.6, 0.61), light, g.mix(fold, (0.16, 0.12, 0.09), (0.28, 0.21, 0.15)))
    width = g.ramp(r2, 0, 1, 0.08, 0.30)
    at_side = g.most(g.math("LESS_THAN", x, width), g.math("GREATER_THAN", x, g.sub(1.0, width)))
    color = g.mix(g.mul(at_side, g.math("GREATER_THAN", r, 0.35)), room, curtain)
    lowered = g.mul(g.math("GREATER_THAN", y, g.ramp(r3, 0, 1, 0.15, 0.9)), g.math("GREATER_THAN", r, 0.72))
    slat = g.ramp(g.math("SINE", g.mul(y, 150.0)), -1, 1, 0.25, 0.5)
    blinds = g.times(g.grey(slat), (1.0, 1.0, 0.92))
    color = g.mix(g.math("GREATER_THAN", r, 0.9), g.mix(lowered, color, blinds), curtain)
    color = g.times(color, (0.6, 0.6, 0.6))
    # Lamps of many kinds, some rooms brighter than others, brightest near the ceiling; now and then a screen.
    warmth = g.fraction_of(r, 43.3)
    tint = g.mix(g.ramp(warmth, 0.55, 0.95), (1.0, 0.74, 0.44), (1.0, 0.90, 0.76))
    tint = g.mix(g.math("GREATER_THAN", warmth, 0.96), tint, (0.45, 0.62, 1.0))
    inside = g.mix(0.5, g.times(color, (2.4, 2.4, 2.4)), g.grey(g.ramp(y, 0.1, 0.9, 0.10, 0.26)))
    glow = g.times(g.times(inside, tint), g.grey(g.ramp(r2, 0.0, 1.0, 0.35, 1.7)))
    return color, glow, g.math("LESS_THAN", r3, lit)


def _shop_behind(g: Graph, y: Any, r: Any) -> tuple[Any, Any, Any]:
    """Goods on shelves below eye level, dim behind the glass; some panes have little in them, some a poster."""
    at = g.world_position()
    boxes = g.node(
        "ShaderNodeTexVoronoi",
        {"Vector": g.scaled(at, (2.6, 2.6, 2.4)), "Scale": 1.6, "Randomness": 0.55},
        distance="CHEBYCHEV",
    ).outputs
    hues = {"Color": boxes["Color"], "Saturation": 0.35, "Value": 0.30}
    goods = g.mix(0.35, g.node("ShaderNodeHueSaturation", hues).outputs[0], (0.10, 0.085, 0.065))
    gaps = g.ramp(boxes["Distance"], 0.25, 0.5, 1.0, 0.15)
    shelf = g.math("LESS_THAN", g.math("FRACT", g.mul(g.axes(at)[2], 2.3)), 0.10)
    depth = g.ramp(g.noise(at, 0.8, 2), 0.35, 0.65, 0.15, 1.0)
    room = (0.022, 0.020, 0.018)
    shown = g.mix(shelf, goods, (0.045, 0.04, 0.035))
    stocked = g.ramp(r, 0.25, 0.35)
    amount = g.mul(g.mul(g.ramp(y, 0.5, 0.78, 1.0, 0.0), gaps), g.mul(depth, stocked))
    color = g.mix(amount, room, shown)
    color = g.mix(g.ramp(y, 0.8, 0.95), color, (0.05, 0.048, 0.043))
    poster = g.mul(g.math("GREATER_THAN", r, 0.88), g.math("LESS_THAN", g.math("ABSOLUTE", g.sub(y, 0.5)), 0.32))
    tint = g.mix(g.fraction_of(r, 37.7), (0.30, 0.27, 0.22), (0.16, 0.09, 0.06))
    color = g.mix(poster, color, tint)
    return color, g.times(color, (2.2, 1.98, 1.65)), g.ramp(r, 0.2, 0.25)
