"""Stackable plastic crates of the Euro sizes, and roll cages. Front +X, origin in the middle of the foot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import castor, rectangle, round_rectangle, slab, standing, wire_mesh
from synthgen.procedural.prints import add_pieces, bars, sheet, sheets
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

SIDES = ("closed", "slots", "lattice")


@mesh_generator("factory.crate")
def crate(
    footprint: Sequence[float] = (0.6, 0.4),
    height: float = 0.22,
    sides: str = "closed",
    open_floor: bool = False,
    lid: bool = False,
    stack: int = 1,
    seed: int = 0,
) -> Mesh:
    """A Euro crate, or a stack of them; footprint: length (along Y) and width, metres. sides: closed, slots or lattice.

    Slots: body, label, ink. Raises InputError for other sides.
    """
    if sides not in SIDES:
        raise InputError.of(f"no crate has the sides {sides!r}", hint=", ".join(SIDES))
    rng = np.random.default_rng([seed, 79])
    shape = _Shape(rng)
    b, single = MeshBuilder("body", "label", "ink"), MeshBuilder("body")
    _crate(single, footprint, height, sides, open_floor, shape)
    one = single.mesh()
    for k in range(stack):
        turn, shift = (rng.normal(0.0, 0.008), rng.normal(0.0, 0.002, 2)) if k else (0.0, np.zeros(2))
        c, s = np.cos(turn), np.sin(turn)
        with b.at((shift[0], shift[1], k * (height - NEST)), (c, s, 0), (-s, c, 0)):
            b.add(one)
            if shape.label:
                _card(b, footprint, height, shape, rng)
    if lid:
        with b.at((0.0, 0.0, (stack - 1) * (height - NEST) + height)):
            _lid(b, footprint, shape)
    return b.mesh()


NEST = 0.01
"""How deep a crate stands in the one below it, metres."""


class _Shape:
    """What all crates of one make have in common."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.wall = 0.003
        self.rim = float(rng.uniform(0.014, 0.024))
        self.rim_height = float(rng.uniform(0.014, 0.03))
        self.ribs = int(rng.integers(2, 7))
        self.rib = float(rng.uniform(0.008, 0.012))
        self.second_rim = bool(rng.random() < 0.5)
        self.handle = float(rng.uniform(0.09, 0.13)) if rng.random() < 0.75 else 0.0
        self.label = int(rng.integers(0, 3))
        self.columns = float(rng.uniform(0.022, 0.045))


def _crate(
    b: MeshBuilder,
    footprint: Sequence[float],
    height: float,
    sides: str,
    open_floor: bool,
    shape: _Shape,
) -> None:
    y, x = footprint[0] / 2, footprint[1] / 2
    t, foot, inset = shape.wall, 0.012, shape.rim
    # The foot: a ridge that fits into the rim below.
    ring = [
        round_rectangle(x - inset - 0.003, y - inset - 0.003, 0.02),
        round_rectangle(x - inset - 0.02, y - inset - 0.02, 0.012),
    ]
    slab(b, ring, 0.0, foot, "body")
    wx, wy = x - inset + 0.004, y - inset + 0.004
    holes: list[Array] = []
    if open_floor:
        pitch = 0.028
        nx, ny = int((2 * wx - 0.06) / pitch), int((2 * wy - 0.06) / pitch)
        for i in range(nx):
            for j in range(ny):
                u, v = (i - (nx - 1) / 2) * pitch, (j - (ny - 1) / 2) * pitch
                holes.append(rectangle(u - 0.011, u + 0.011, v - 0.011, v + 0.011))
    slab(b, [rectangle(-wx, wx, -wy, wy), *holes], foot, foot + 0.004, "body")
    low, top = foot + 0.004, height - 0.002
    for k, (right, wide, far) in enumerate(
        (((0, 1, 0), wy, wx), ((-1, 0, 0), wx - t, wy), ((0, -1, 0), wy, wx), ((1, 0, 0), wx - t, wy))
    ):
        out = np.cross(right, (0.0, 0.0, 1.0))
        short = k % 2 == 1
        with standing(b, out * (far - t) + np.array([0.0, 0.0, low]), right):
            _wall(b, wide, top - low, t, sides, shape, handle=short)
    # Rims: bars around the top, over the walls' outside; a second one lower down on high crates.
    bands = [(height - shape.rim_height, height)]
    if shape.second_rim and height > 0.2:
        z = height * 0.55
        bands.append((z, z + 0.008))
    for z0, z1 in bands:
        slab(b, [round_rectangle(x, y, 0.018), round_rectangle(wx + 0.0004, wy + 0.0004, 0.004)], z0, z1, "body")


def _wall(b: MeshBuilder, half: float, tall: float, t: float, sides: str, shape: _Shape, *, handle: bool) -> None:
    """A wall in the frame's x, y plane, from 0 up, centred; ribs stand out of it."""
    grip_low, grip_high = tall - shape.rim_height - 0.045, tall - shape.rim_height - 0.014
    grip = handle and shape.handle > 0 and tall > 0.09
    holes: list[Array] = []
    if grip:
        w, middle, r = shape.handle / 2, (grip_low + grip_high) / 2, (grip_high - grip_low) / 2
        holes.append(round_rectangle(w, r, 0.9 * r) + np.array([0.0, middle]))
    upper = (grip_low if grip else tall - shape.rim_height) - 0.012
    bottom = 0.02
    if sides != "closed" and upper - bottom > 0.03:
        if sides == "slots":
            rows, columns = 1, max(3, int((2 * half - 0.06) / shape.columns))
        else:
            rows, columns = max(2, int((upper - bottom) / 0.028)), max(4, int((2 * half - 0.06) / 0.028))
        px, py = (2 * half - 0.05) / columns, (upper - bottom) / rows
        for i in range(columns):
            for j in range(rows):
                u, v = -half + 0.025 + (i + 0.5) * px, bottom + (j + 0.5) * py
                w = px / 2 - (0.004 if sides == "lattice" else 0.3 * px)
                holes.append(rectangle(u - w, u + w, v - py / 2 + 0.004, v + py / 2 - 0.004))
    slab(b, [rectangle(-half, half, 0.0, tall), *holes], 0.0, t, "body")
    top = tall - shape.rim_height + 0.0015
    depth = max(0.004, shape.rim - 0.008)
    for u in np.linspace(-half + 0.03, half - 0.03, shape.ribs + 2):
        if sides == "closed" and not (grip and abs(u) < shape.handle / 2 + 0.01):
            b.chamfered(u - 0.0015, u + 0.0015, 0.0, top, t - 0.0005, t + depth, 0.0006, "body")
    for u in (-half + 0.006, half - 0.006):
        b.chamfered(u - shape.rib / 2, u + shape.rib / 2, 0.0, top, t - 0.0005, t + depth, 0.0015, "body")
    if grip:
        for v in (grip_low - 0.004, grip_high + 0.001):
            b.chamfered(
                -shape.handle / 2 - 0.008, shape.handle / 2 + 0.008, v, v + 0.003, t - 0.0006, t + depth, 0.0008, "body"
            )


def _card(b: MeshBuilder, footprint: Sequence[float], height: float, shape: _Shape, rng: np.random.Generator) -> None:
    """A holder with a card on the front, or a sticker on it."""
    half, x = (footprint[0] / 2 - shape.rim + 0.004, footprint[1] / 2)
    wall = x - shape.rim + 0.004
    w, h = 0.042, min(0.03, height * 0.2)
    y = rng.uniform(-0.45, 0.45) * (half - 0.09)
    z = 0.3 * height
    face = wall + 0.0008
    if shape.label == 1:
        face = x - 0.003
        b.chamfered(wall - 0.0011, face, y - w - 0.006, y + w + 0.006, z - h - 0.006, z + h + 0.006, 0.001, "body")
    if rng.random() < 0.25:
        return

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([np.full(len(points), face + lift), y + points[:, 0], z + points[:, 1]])

    lines = [(-0.85 * w, rng.uniform(0.1, 0.85) * w, r * h, (r + 0.16) * h) for r in (0.15, 0.45)]
    pieces = [sheet("label", -w, w, -h, h), sheets("ink", lines, layer=2)]
    pieces.append(bars(-0.85 * w, 0.6 * w, -0.8 * h, -0.05 * h, rng, count=14))
    add_pieces(b, pieces, place)


def _lid(b: MeshBuilder, footprint: Sequence[float], shape: _Shape) -> None:
    y, x = footprint[0] / 2, footprint[1] / 2
    slab(b, [round_rectangle(x, y, 0.018)], 0.0, 0.006, "body")
    slab(
        b,
        [round_rectangle(x - 0.012, y - 0.012, 0.016), round_rectangle(x - 0.02, y - 0.02, 0.014)],
        0.006,
        0.012,
        "body",
    )
    for u in np.linspace(-y * 0.6, y * 0.6, shape.ribs):
        b.chamfered(-x + 0.03, x - 0.03, u - 0.01, u + 0.01, 0.006, 0.009, 0.002, "body")


@mesh_generator("factory.roll_cage")
def roll_cage(
    height: float = 1.7, walls: int = 2, shelf: bool = False, sheet_floor: bool = False, seed: int = 0
) -> Mesh:
    """A roll cage of 0.72 x 0.81 m; walls: 2 (sides), 3 (and a back) or 4 (and a half gate). height in metres.

    Slots: frame, mesh, deck, metal, rubber, label, ink, strap. Raises InputError for other walls.
    """
    if walls not in (2, 3, 4):
        raise InputError.of(f"a roll cage has 2 to 4 walls, not {walls}")
    rng = np.random.default_rng([seed, 83])
    b = MeshBuilder("frame", "mesh", "deck", "metal", "rubber", "label", "ink", "strap")
    x, y = 0.36, 0.405
    wheel = float(rng.choice((0.05, 0.0625, 0.0625)))
    base = 2 * wheel + 0.045
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            with b.at((sx * (x - 0.09), sy * (y - 0.08), 0.0)):
                castor(b, wheel, 0.032, float(rng.uniform(0, 2 * np.pi)) if sx > 0 else float(rng.choice((0.0, np.pi))))
    for sy in (-1.0, 1.0):
        b.chamfered(-x, x, sy * (y - 0.06) - 0.02, sy * (y - 0.06) + 0.02, base, base + 0.03, 0.003, "frame")
    for sx in (-1.0, 1.0):
        b.chamfered(
            sx * (x - 0.02) - 0.02,
            sx * (x - 0.02) + 0.02,
            -y + 0.004,
            y - 0.004,
            base + 0.0305,
            base + 0.05,
            0.003,
            "frame",
        )
    deck = base + 0.0505
    if sheet_floor:
        b.chamfered(-x + 0.005, x - 0.005, -y + 0.02, y - 0.02, deck, deck + 0.012, 0.003, "deck")
    else:
        _grid(b, x - 0.01, y - 0.02, deck, "mesh")
    pitch = (float(rng.uniform(0.06, 0.11)), float(rng.uniform(0.14, 0.3)))
    gauge = float(rng.uniform(0.0055, 0.008))
    low = base + 0.04
    for sy in (-1.0, 1.0):
        _side(b, (-x, sy * (y - 0.012), low), (1, 0, 0), 2 * x, height - low, pitch, gauge)
    if walls >= 3:
        _side(b, (-x + 0.012, -y + 0.035, low + 0.03), (0, 1, 0), 2 * y - 0.07, height - low - 0.06, pitch, gauge)
    if walls == 4:
        _side(b, (x - 0.012, -y + 0.035, low + 0.03), (0, 1, 0), 2 * y - 0.07, (height - low) * 0.52, pitch, gauge)
    if shelf:
        _grid(b, x - 0.02, y - 0.03, base + (height - base) * rng.uniform(0.4, 0.6), "mesh")
    for z in [base + (height - base) * k for k in ((0.35, 0.7) if walls < 4 and rng.random() < 0.6 else ())]:
        sag = np.linspace(-1, 1, 9)
        dip = z - 0.05 * (1 - sag**2) * rng.uniform(0.2, 1.0)
        _strap(b, x + 0.004, sag * (y - 0.02), dip)
    w, h, z = 0.09, 0.06, height * rng.uniform(0.55, 0.8)
    spot = rng.uniform(-0.15, 0.15)
    far = y + 0.0005
    b.boxes(spot - w, spot + w, far - 0.001, far + 0.001, z - h, z + h, "metal")

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([spot - points[:, 0], np.full(len(points), far + 0.001 + lift), z + points[:, 1]])

    lines = [(-0.8 * w, rng.uniform(-0.1, 0.8) * w, r * h, (r + 0.14) * h) for r in (0.1, 0.4, 0.65)]
    label = [sheet("label", -0.92 * w, 0.92 * w, -0.9 * h, 0.9 * h), sheets("ink", lines, layer=2)]
    add_pieces(b, [*label, bars(-0.8 * w, 0.5 * w, -0.75 * h, -0.05 * h, rng, count=14)], place)
    return b.mesh()


def _grid(b: MeshBuilder, x: float, y: float, z: float, slot: str) -> None:
    """A level grid of wires from -x to x and -y to y."""
    with b.at((-x, -y, z + 0.006)):
        wire_mesh(b, (2 * x, 2 * y), (0.06, 0.12), 0.006, slot, margin=0.003)


def _side(
    b: MeshBuilder,
    origin: tuple[float, float, float],
    right: tuple[float, float, float],
    wide: float,
    tall: float,
    pitch: tuple[float, float],
    gauge: float,
) -> None:
    """A wall: a hoop of tube, filled with bars."""
    r = 0.0115
    with standing(b, origin, right):
        turn = np.linspace(0.0, np.pi / 2, 5)
        k = 0.05
        left = np.column_stack([r + k - k * np.cos(turn), tall - r - k + k * np.sin(turn)])
        other = np.column_stack([wide - left[::-1, 0], left[::-1, 1]])
        flat = np.concatenate([[(r, 0.0)], left, other, [(wide - r, 0.0)]])
        b.tube(np.column_stack([flat, np.zeros(len(flat))]), r, "frame", sides=10)
        count = max(2, round(wide / pitch[0]))
        for u in np.linspace(0.0, wide, count + 1)[1:-1]:
            b.tube([(u, 0.03, 0.0), (u, tall - r, 0.0)], gauge / 2, "mesh", sides=6)
        rows = max(2, round(tall / pitch[1]))
        for v in np.linspace(0.03, tall, rows + 1)[:-1]:
            b.tube(
                [(2 * r - 0.0004, v, gauge * 0.9), (wide - 2 * r + 0.0004, v, gauge * 0.9)],
                gauge * 0.6,
                "mesh",
                sides=6,
            )


def _strap(b: MeshBuilder, x: float, y: Array, z: Array) -> None:
    """A belt across the front, 25 mm wide."""
    w, t = 0.0125, 0.001
    p = np.stack([np.full(len(y), x), y, z], axis=1)
    for face, order in ((t, 1), (-t, -1)):
        low, high = p + np.array([face, 0.0, -w]), p + np.array([face, 0.0, w])
        quads = np.stack([low[:-1], low[1:], high[1:], high[:-1]], axis=1)[:, ::order]
        b.quads(quads, "strap")
