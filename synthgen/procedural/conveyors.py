"""Conveyors, along which goods run in X, and the fences around machines. Origin in the middle of the foot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import slab, standing, strut
from synthgen.procedural.prints import add_pieces, outline, sheet
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

RAIL = 0.035
"""Width of a side rail, metres: a conveyor is as wide as what it carries and both of them."""


@mesh_generator("factory.roller_conveyor")
def roller_conveyor(
    length: float = 3.0,
    width: float = 0.6,
    height: float = 0.75,
    pitch: float = 0.1,
    driven: bool = True,
    guides: bool = True,
    seed: int = 0,
) -> Mesh:
    """A roller conveyor; width between the rails, height of the rollers' tops, pitch between rollers, metres.

    Slots: frame, roller, guide, motor, guard, metal, rubber, dark, label, ink. Raises InputError for no length.
    """
    if length < 3 * pitch or width < 0.2:
        raise InputError.of(f"a conveyor of {length} x {width} m is none", hint="at least 3 rollers and 0.2 m")
    rng = np.random.default_rng([seed, 89])
    b = MeshBuilder("frame", "roller", "guide", "motor", "guard", "metal", "rubber", "dark", "label", "ink")
    r = 0.025 if pitch < 0.13 else 0.03
    axis = height - r
    proud = float(rng.choice((-0.012, 0.004)))
    top = height - proud
    tall = float(rng.uniform(0.09, 0.14))
    _rails(b, length, width, top - tall, top)
    count = int((length - 0.04) / pitch)
    for k in range(count):
        x = (k - (count - 1) / 2) * pitch
        with b.at((x, width / 2, axis), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            w, e = width - 0.004, 0.003
            profile = [(0.0, e), (r - 0.003, e), (r, 2 * e), (r, w - e), (r - 0.003, w), (0.0, w)]
            b.lathe(profile, "roller", sides=20)
    for side in (-1.0, 1.0):  # ends of the axles, outside the rails
        along = (np.arange(count) - (count - 1) / 2) * pitch
        y = side * (width / 2 + RAIL)
        out = np.sort([y, y + side * 0.003])
        b.boxes(along - 0.006, along + 0.006, out[0], out[1], axis - 0.006, axis + 0.006, "metal")
    _legs(b, length, width, top - tall, rng)
    if guides:
        _guides(b, length, width, height + rng.uniform(0.05, 0.11), top, rng)
    if driven:
        _drive(b, length, width, top - tall, rng)
        low, high = top - tall + 0.012, top - 0.012
        y = -width / 2 - RAIL
        cover = length * rng.uniform(0.35, 0.48)
        b.chamfered(-cover, cover, y - 0.045, y - 0.004, low, high, 0.006, "guard")
    return b.mesh()


@mesh_generator("factory.belt_conveyor")
def belt_conveyor(
    length: float = 3.0,
    width: float = 0.6,
    height: float = 0.75,
    guides: bool = True,
    profiled: bool = False,
    seed: int = 0,
) -> Mesh:
    """A belt conveyor; width of the belt, height of its upper face, metres. profiled: cleats across the belt.

    Slots: frame, belt, guide, motor, guard, metal, rubber, dark, roller, label, ink. Raises InputError for no length.
    """
    if length < 0.5 or width < 0.1:
        raise InputError.of(f"a conveyor of {length} x {width} m is none", hint="at least 0.5 x 0.1 m")
    rng = np.random.default_rng([seed, 97])
    b = MeshBuilder("frame", "belt", "guide", "motor", "guard", "metal", "rubber", "dark", "roller", "label", "ink")
    r = float(rng.choice((0.03, 0.04, 0.055)))
    reach = length / 2 - r
    t = 0.004
    turn = np.linspace(-np.pi / 2, np.pi / 2, 11)
    end = np.column_stack([np.cos(turn), np.sin(turn)])
    sag = np.linspace(-1.0, 1.0, 9)[1:-1]
    droop = -r - 0.012 * (1 - sag**2) * min(1.0, length / 3)

    def loop(radius: float, thick: float) -> Array:
        below = np.column_stack([sag * reach, droop - thick])
        return np.concatenate([below, end * radius + (reach, 0.0), -end * radius - (reach, 0.0)])

    half = width / 2
    with b.at((0.0, half, height - r), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        outer, inner = loop(r, t), loop(r - t, 0.0)
        slab(b, [outer, inner], 0.0, width, "belt")
        for x in (-reach, reach):
            with b.at((x, 0.0, 0.0)):
                b.cylinder(r - t - 0.0005, -0.012, width + 0.012, "roller", sides=24)
    b.boxes(-reach + r, reach - r, -half + 0.01, half - 0.01, height - t - 0.006, height - t - 0.0006, "metal")
    if profiled:
        count = max(2, round(length / rng.uniform(0.3, 0.5)))
        for x in (np.arange(count) - (count - 1) / 2) * (2 * reach / count):
            b.chamfered(x - 0.004, x + 0.004, -half + 0.02, half - 0.02, height + 0.0003, height + 0.03, 0.002, "belt")
    proud = float(rng.choice((0.0, 0.0, 0.018)))
    tall = 2 * r + 0.03
    top = height - 0.006 + proud
    _rails(b, length - 0.02, width + 0.012, top - tall - proud, top)
    low = top - tall - proud
    _legs(b, length, width + 0.012, low, rng)
    if guides:
        _guides(b, length, width + 0.012, height + rng.uniform(0.05, 0.12), top, rng)
    _drive(b, length, width + 0.012, low, rng)
    for side in (-1.0, 1.0):  # covers of the pulleys' bearings
        y = side * (half + 0.006 + RAIL)
        out = np.sort([y + side * 0.0005, y + side * 0.022])
        for x in (-reach, reach):
            b.chamfered(x - 0.045, x + 0.045, out[0], out[1], height - r - 0.03, height - r + 0.03, 0.006, "guard")
    return b.mesh()


def _rails(b: MeshBuilder, length: float, width: float, low: float, high: float) -> None:
    """Two rails with a groove along their outer faces, joined by cross bars."""
    g = 0.008
    tall = high - low
    profile = np.array(
        [
            (0.0, 0.002), (0.002, 0.0), (RAIL - 0.002, 0.0), (RAIL, 0.002),
            (RAIL, 0.42 * tall), (RAIL - g, 0.45 * tall), (RAIL - g, 0.55 * tall), (RAIL, 0.58 * tall),
            (RAIL, tall - 0.002), (RAIL - 0.002, tall), (0.002, tall), (0.0, tall - 0.002),
        ]
    )  # fmt: skip
    half = length / 2
    with b.at((-half, width / 2, low), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        slab(b, [profile], 0.0, length, "frame")
    with b.at((half, -width / 2, low), (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
        slab(b, [profile], 0.0, length, "frame")
    for x in np.linspace(-half + 0.15, half - 0.15, max(2, round(length / 0.9) + 1)):
        b.chamfered(
            x - 0.02, x + 0.02, -width / 2 + 0.0005, width / 2 - 0.0005, low + 0.004, low + 0.024, 0.002, "frame"
        )


def _legs(b: MeshBuilder, length: float, width: float, low: float, rng: np.random.Generator) -> None:
    """Pairs of legs on adjustable feet, braced across, some along."""
    pairs = max(2, round(length / rng.uniform(1.3, 2.0)) + 1)
    inset = rng.uniform(0.15, 0.3)
    section = float(rng.choice((0.04, 0.045, 0.06)))
    y = width / 2 + RAIL / 2
    at = np.linspace(-length / 2 + inset, length / 2 - inset, pairs)
    foot = rng.uniform(0.05, 0.1)
    for x in at:
        for side in (-1.0, 1.0):
            s = section / 2
            b.chamfered(x - s, x + s, side * y - s, side * y + s, foot, low - 0.0005, 0.003, "frame")
            with b.at((x, side * y, 0.0)):
                b.lathe([(0.0, 0.0), (0.034, 0.0), (0.034, 0.006), (0.018, 0.016), (0.0, 0.016)], "rubber", sides=16)
                b.cylinder(0.008, 0.0155, foot + 0.0005, "metal", sides=8)
                b.cylinder(0.014, foot - 0.014, foot - 0.002, "metal", sides=6)
        z = foot + rng.uniform(0.06, 0.1)
        if low - z > 0.12:
            strut(b, (x, -y + section / 2, z), (x, y - section / 2, z), 0.04, 0.025, "frame")
    if rng.random() < 0.5 and low > 0.4:
        for a, c in pairwise(at):
            for side in (-1.0, 1.0):
                z = 0.5 * low
                strut(b, (a + section / 2, side * y, z), (c - section / 2, side * y, z), 0.035, 0.02, "frame")


def _guides(b: MeshBuilder, length: float, width: float, z: float, rail: float, rng: np.random.Generator) -> None:
    """A guide on each side: a round bar or a flat profile on brackets."""
    flat = rng.random() < 0.5
    inset = rng.uniform(0.0, 0.03)
    for side in (-1.0, 1.0):
        if rng.random() < 0.15:
            continue
        y = side * (width / 2 - inset)
        half = length / 2 - 0.02
        if flat:
            b.chamfered(-half, half, y - 0.005, y + 0.005, z - 0.02, z + 0.02, 0.002, "guide")
        else:
            b.tube([(-half, y, z), (half, y, z)], 0.008, "guide", sides=10)
        for x in np.linspace(-half + 0.12, half - 0.12, max(2, round(length / 0.7))):
            outer = side * (width / 2 + RAIL + 0.006)
            thick = np.sort([outer - side * 0.0055, outer])
            b.boxes(x - 0.015, x + 0.015, thick[0], thick[1], rail - 0.05, z - 0.012, "metal")
            strut(b, (x, outer, z - 0.006), (x, y + side * 0.006, z - 0.006), 0.011, 0.02, "metal", chamfer=0.001)


def _drive(b: MeshBuilder, length: float, width: float, low: float, rng: np.random.Generator) -> None:
    """A geared motor under the frame near one end, its terminal box, a guard over the chain, an emergency stop."""
    x = rng.choice((-1.0, 1.0)) * length * rng.uniform(0.2, 0.33)
    y = -width / 2 - RAIL
    r = float(rng.uniform(0.06, 0.08))
    z = low - r - 0.02
    if z - r > 0.06:
        with b.at((x, 0.12 - width / 2, z), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            fins = [(0.0, 0.0), (r * 0.8, 0.0)]
            for k in range(9):
                s = 0.012 + k * 0.017
                fins += [(r * 0.8, s), (r, s + 0.002), (r, s + 0.006), (r * 0.8, s + 0.008)]
            fins += [(r * 0.8, 0.17), (r * 0.96, 0.172), (r * 0.96, 0.21), (r * 0.8, 0.226), (0.0, 0.226)]
            b.lathe(fins, "motor", sides=24)
        b.chamfered(x - 0.06, x + 0.06, 0.1205 - width / 2, 0.24 - width / 2, z - 0.06, z + 0.06, 0.012, "motor")
        b.chamfered(x + 0.5 * r, x + r + 0.04, 0.03 - width / 2, 0.1 - width / 2, z - 0.035, z + 0.035, 0.006, "dark")
        b.boxes(x - 0.05, x + 0.05, 0.13 - width / 2, 0.23 - width / 2, z + 0.0605, low + 0.004, "metal")
    spot = float(np.clip(x + rng.choice((-1.0, 1.0)) * 0.4, -length / 2 + 0.1, length / 2 - 0.1))
    face = y - 0.05
    b.chamfered(spot - 0.036, spot + 0.036, face - 0.055, face, low - 0.06, low + 0.012, 0.005, "guard")
    b.boxes(spot - 0.02, spot + 0.02, face, y + 0.004, low - 0.03, low - 0.026, "metal")
    with b.at((spot, face - 0.055, low - 0.024), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.lathe(
            [(0.0, 0.0), (0.012, 0.0), (0.012, 0.012), (0.02, 0.014), (0.02, 0.022), (0.0, 0.026)], "motor", sides=18
        )
    w = 0.055
    triangle = np.array([(-1.0, -0.8), (1.0, -0.8), (0.0, 0.93)]) * w / 2
    place_at = float(np.clip(-spot, -length / 2 + 0.1, length / 2 - 0.1))

    def place(points: Array, lift: float) -> Array:
        front = np.full(len(points), y - 0.0465 - lift)
        return np.column_stack([place_at + points[:, 0], front, low + 0.06 + points[:, 1]])

    if rng.random() < 0.6:
        b.boxes(place_at - 0.04, place_at + 0.04, y - 0.0465, y - 0.0452, low + 0.022, low + 0.098, "metal")
        sign = [sheet("label", -w / 1.6, w / 1.6, -w / 1.6, w / 1.6), outline("ink", triangle, triangle * 0.8, layer=2)]
        add_pieces(b, sign, place)


@mesh_generator("factory.safety_fence")
def safety_fence(
    length: float = 3.0,
    height: float = 2.0,
    panel: float = 1.0,
    door: bool = True,
    sheet_panels: bool = False,
    seed: int = 0,
) -> Mesh:
    """A machine's fence along Y, its outside +X: posts, mesh panels, a hinged door with a lock, shut or open outwards.

    Slots: post, frame, mesh, pane, metal, lock, label, ink. Raises InputError for no length.
    """
    if length < 0.6 or panel < 0.3:
        raise InputError.of(f"a fence of {length} m with panels of {panel} m is none")
    rng = np.random.default_rng([seed, 101])
    b = MeshBuilder("post", "frame", "mesh", "pane", "metal", "lock", "label", "ink")
    count = max(1, round(length / panel))
    post, lift = float(rng.choice((0.05, 0.06))), float(rng.uniform(0.1, 0.18))
    at = (np.arange(count + 1) - count / 2) * (length - post) / count
    gate = int(rng.integers(0, count)) if door else -1
    pitch = tuple(float(p) for p in ((0.03, 0.05), (0.04, 0.05), (0.05, 0.1), (0.022, 0.1))[int(rng.integers(0, 4))])
    tube = float(rng.choice((0.02, 0.025, 0.03)))
    for y in at:
        s = post / 2
        b.chamfered(-s, s, y - s, y + s, 0.008, height, 0.003, "post")
        b.boxes(-s - 0.035, s + 0.035, y - s - 0.02, y + s + 0.02, 0.0, 0.008, "metal")
        for x in (-s - 0.02, s + 0.02):
            with b.at((x, float(y), 0.008)):
                b.cylinder(0.009, 0.0, 0.01, "metal", sides=6)
    for k, (a, c) in enumerate(zip(at[:-1] + post / 2, at[1:] - post / 2, strict=True)):
        gap = 0.012
        wide, tall = c - a - 2 * gap, height - lift - 0.03
        pane = sheet_panels and rng.random() < 0.4
        swing = float(rng.uniform(0.3, 1.6)) if k == gate and rng.random() < 0.3 else 0.0
        right = np.array([np.sin(swing), np.cos(swing), 0.0])
        with standing(b, (0.0, a + gap, lift), right):
            _panel(b, wide, tall, tube, (pitch[0], pitch[1]), pane)
            if k == gate:
                b.chamfered(
                    wide - 0.08,
                    wide - 0.005,
                    tall * 0.5 - 0.09,
                    tall * 0.5 + 0.09,
                    tube / 2,
                    tube / 2 + 0.045,
                    0.006,
                    "lock",
                )
                grip = [(wide - 0.05, tall * 0.5 - 0.25, tube / 2), (wide - 0.05, tall * 0.5 - 0.25, 0.05)]
                grip += [(wide - 0.05, tall * 0.5 - 0.12, 0.05), (wide - 0.05, tall * 0.5 - 0.12, tube / 2)]
                b.tube(grip, 0.009, "lock", sides=8)
            for v in (0.15, tall - 0.15):
                if k != gate:
                    b.boxes(-gap, 0.0005, v - 0.02, v + 0.02, -0.006, 0.006, "metal")
                    b.boxes(wide - 0.0005, wide + gap, v - 0.02, v + 0.02, -0.006, 0.006, "metal")
                else:
                    with b.at((-gap / 2, v - 0.04, 0.0), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
                        b.cylinder(0.008, 0.0, 0.08, "metal", sides=10)
            if rng.random() < 0.3 and wide > 0.4:
                _sign(b, wide / 2, tall * 0.72, tube / 2, rng)
    return b.mesh()


def _panel(b: MeshBuilder, wide: float, tall: float, tube: float, pitch: tuple[float, float], pane: bool) -> None:
    """A frame of square tube around wires, or around a clear pane."""
    t = tube / 2
    for v in (0.0, tall - tube):
        b.chamfered(0.0, wide, v, v + tube, -t, t, 0.002, "frame")
    for u in (0.0, wide - tube):
        b.chamfered(u, u + tube, tube + 0.0003, tall - tube - 0.0003, -t, t, 0.002, "frame")
    with b.at((tube - 0.002, tube - 0.002, 0.0)):
        inside = (wide - 2 * tube + 0.004, tall - 2 * tube + 0.004)
        if pane:
            b.chamfered(0.0, inside[0], 0.0, inside[1], -0.002, 0.002, 0.0005, "pane")
            return
        count = [max(2, round(inside[k] / pitch[k])) for k in range(2)]
        upright = np.linspace(0.0, inside[0], count[0] + 1)[1:-1]
        level = np.linspace(0.0, inside[1], count[1] + 1)[1:-1]
        w = 0.0015
        b.boxes(upright - w, upright + w, 0.0, inside[1], -2 * w, -0.0002, "mesh")
        b.boxes(0.0, inside[0], level - w, level + w, 0.0002, 2 * w, "mesh")


def _sign(b: MeshBuilder, u: float, v: float, front: float, rng: np.random.Generator) -> None:
    """A warning sign tied to the mesh."""
    s = float(rng.uniform(0.08, 0.14))
    b.boxes(u - s, u + s, v - s, v + s, front - 0.004, front, "metal")
    triangle = np.array([(-0.8, -0.62), (0.8, -0.62), (0.0, 0.78)]) * s
    pieces = [
        sheet("label", -0.96 * s, 0.96 * s, -0.96 * s, 0.96 * s),
        outline("ink", triangle, triangle * 0.72, layer=2),
    ]
    pieces.append(sheet("ink", -0.06 * s, 0.06 * s, -0.1 * s, 0.3 * s, layer=2))
    pieces.append(sheet("ink", -0.06 * s, 0.06 * s, -0.32 * s, -0.2 * s, layer=2))

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([u + points[:, 0], v + points[:, 1], np.full(len(points), front + lift)])

    add_pieces(b, pieces, place)
