"""Shopping trolleys and hand baskets, alone and pushed or stacked into one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import band, bent, blocks, extruded, rectangle, rods, wire_panel
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

NEST = 0.24
"""How far apart trolleys stand that are pushed into one another, metres."""

STACK = 0.055
"""How far apart baskets lie that are stacked, metres."""


@dataclass(frozen=True, slots=True)
class _Trolley:
    """x of the rear and of the front; half widths there; heights of the basket's rim and floor, rear and front."""

    rear: float
    front: float
    wide: float
    narrow: float
    rim: tuple[float, float]
    floor: tuple[float, float]
    wheel: float
    bars: tuple[int, int]
    seat: bool
    tray: bool
    lock: bool
    yaws: tuple[float, ...]


@mesh_generator("retail.trolley")
def trolley(
    length: float = 0.95, width: float = 0.56, height: float = 1.02, seat: bool = True, nested: int = 1, seed: int = 0
) -> Mesh:
    """A wire basket trolley that is pushed towards +X, its handle at -X.

    height: of the handle. seat: a child's seat, folded out. nested: how many are pushed into one another. seed:
    proportions of the basket, spacing of its wires, castors, coin lock, a tray below.

    Slots: wire, frame, handle, plastic, tyre, dark. Raises InputError for less than one.
    """
    if nested < 1:
        raise InputError.of(f"{nested} trolleys cannot be pushed together", hint="one or more")
    rng = np.random.default_rng([seed, 61])
    half = width / 2
    taper = float(rng.uniform(0.7, 0.8))
    floor = float(rng.uniform(0.4, 0.62)) * height
    t = _Trolley(
        rear=-length / 2,
        front=length / 2,
        wide=half - 0.02,
        narrow=(half - 0.02) * taper,
        rim=(height - 0.07, height - float(rng.uniform(0.13, 0.22))),
        floor=(floor, floor + float(rng.uniform(0.05, 0.1))),
        wheel=float(rng.choice([0.05, 0.0625])),
        bars=(int(rng.integers(12, 24)), int(rng.integers(4, 9))),
        seat=seat,
        tray=bool(rng.random() < 0.6),
        lock=bool(rng.random() < 0.7),
        yaws=(),
    )
    b = MeshBuilder("wire", "frame", "handle", "plastic", "tyre", "dark")
    shift = (nested - 1) * NEST / 2
    for k in range(nested):
        yaws = tuple(rng.uniform(-np.pi, np.pi, 2) if nested == 1 else rng.normal(0.0, 0.1, 2))
        with b.at((k * NEST - shift, 0.0, 0.0)):
            _one(b, t, yaws, raised=k > 0)
    return b.mesh()


def _one(b: MeshBuilder, t: _Trolley, yaws: tuple[float, ...], *, raised: bool) -> None:
    x0, x1 = t.rear + 0.07, t.front - 0.01
    bottom = t.front - 0.12

    def rim(side: int, at: float) -> tuple[float, float, float]:
        return (
            x0 + at * (x1 - x0),
            side * (t.wide + at * (t.narrow - t.wide)),
            t.rim[0] + at * (t.rim[1] - t.rim[0]),
        )

    def floor(side: int, at: float) -> tuple[float, float, float]:
        y = t.wide + at * (t.narrow - t.wide) - 0.035
        return (x0 + 0.03 + at * (bottom - x0 - 0.03), side * y, t.floor[0] + at * (t.floor[1] - t.floor[0]))

    many, few = t.bars
    for side in (1, -1):
        low, high = (1, 0) if side > 0 else (0, 1)
        corners = [floor(side, low), floor(side, high), rim(side, high), rim(side, low)]
        wire_panel(b, corners, few, many, 0.0019, "wire")
    wire_panel(b, [floor(-1, 1), floor(1, 1), rim(1, 1), rim(-1, 1)], few, max(6, many * 2 // 3), 0.0019, "wire")
    wire_panel(b, [floor(-1, 0), floor(-1, 1), floor(1, 1), floor(1, 0)], many, few + 3, 0.0019, "wire")
    loop = [rim(1, 0), rim(1, 1), rim(-1, 1), rim(-1, 0)]
    b.tube(bent(loop, 0.05, steps=5), 0.0048, "wire", sides=8)
    foot = [floor(1, 0), floor(1, 1), floor(-1, 1), floor(-1, 0)]
    b.tube(bent(foot, 0.03, steps=4), 0.0035, "wire", sides=6)
    _gate(b, t, rim(-1, 0), floor(-1, 0), raised=raised)
    _chassis(b, t, yaws, x0)
    _handle(b, t, rim(1, 0))
    for side in (1, -1):
        px, py, pz = rim(side, 1)
        y0, y1 = sorted((py - side * 0.03, py + side * 0.008))
        b.chamfered(px - 0.035, px + 0.008, y0, y1, pz - 0.02, pz + 0.012, 0.006, "plastic")


def _gate(
    b: MeshBuilder, t: _Trolley, rim: tuple[float, float, float], floor: tuple[float, float, float], *, raised: bool
) -> None:
    """The rear panel, hung at its top, with the child's seat; pushed up where another trolley stands in this one."""
    hinge, half = np.array([rim[0] + 0.012, 0.0, rim[2] - 0.012]), t.wide - 0.022
    low = np.array([floor[0] + 0.012, 0.0, floor[2] + 0.012])
    if raised:
        long = np.linalg.norm(low - hinge)
        low = hinge + long * np.array([0.985, 0.0, -0.17])
    y = np.array([0.0, 1.0, 0.0])
    corners = [low + y * (half - 0.02), low - y * (half - 0.02), hinge - y * half, hinge + y * half]
    wire_panel(b, corners, t.bars[1] - 1, 14, 0.0019, "wire", rim=0.003)
    if raised or not t.seat:
        return
    down = (low - hinge) / np.linalg.norm(low - hinge)
    at = hinge + down * 0.2
    seat = [at + y * (half - 0.03), at - y * (half - 0.03)]
    reach = np.array([0.17, 0.0, 0.01])
    wire_panel(b, [seat[1], seat[1] + reach, seat[0] + reach, seat[0]], 8, 5, 0.0019, "wire", rim=0.0028)
    hung = reach + np.array([0.0042, 0.0, 0.0034])
    back = [seat[1] + hung, seat[0] + hung]
    up = np.array([0.09, 0.0, 0.19])
    wire_panel(b, [back[0], back[1], back[1] + up, back[0] + up], 4, 10, 0.0019, "wire", rim=0.0028)
    x, z = float(at[0]) + 0.012, float(at[2]) + 0.008
    b.chamfered(x, x + 0.15, -half + 0.05, half - 0.05, z, z + 0.004, 0.0015, "plastic")


def _chassis(b: MeshBuilder, t: _Trolley, yaws: tuple[float, ...], x0: float) -> None:
    """Side tubes from the handle down and forward, cross bars, a tray, and four castors of which two swivel."""
    axle = 2 * t.wheel + 0.045
    for side in (1, -1):
        wide, narrow = side * (t.wide - 0.006), side * (t.narrow - 0.02)
        line = [
            (t.rear + 0.03, side * t.wide, t.rim[0] + 0.045), (x0 + 0.004, wide, t.floor[0] - 0.02),
            (x0 - 0.01, wide, axle + 0.03), (t.front - 0.09, narrow, axle + 0.055),
        ]  # fmt: skip
        b.tube(bent(line, 0.06, steps=5), 0.0105, "frame", sides=10)
        up = [
            (t.front - 0.32, narrow + side * 0.025, axle + 0.05),
            (t.front - 0.3, side * t.narrow, t.floor[1] - 0.008),
        ]
        rods(b, up[:1], up[1:], 0.008, "frame", sides=8)
        for x, y, yaw in ((x0 + 0.02, wide, 0.0), (t.front - 0.11, narrow, yaws[(side + 1) // 2])):
            _castor(b, x, y, axle + (0.03 if yaw == 0.0 else 0.05), t.wheel, yaw)
    for x, y, z in ((x0 + 0.0, t.wide, axle + 0.03), (t.front - 0.12, t.narrow - 0.016, axle + 0.053)):
        rods(b, [(x, -y, z)], [(x, y, z)], 0.008, "frame", sides=8)
    if t.tray:
        z = axle + 0.062
        corners = [(x0 + 0.03, -t.wide + 0.05, z), (t.front - 0.2, -t.narrow + 0.05, z + 0.02),
                   (t.front - 0.2, t.narrow - 0.05, z + 0.02), (x0 + 0.03, t.wide - 0.05, z)]  # fmt: skip
        wire_panel(b, corners, 9, 4, 0.0021, "wire", rim=0.004)


def _castor(b: MeshBuilder, x: float, y: float, top: float, radius: float, yaw: float) -> None:
    """A wheel behind its swivel: stem, fork and tyre."""
    c, s = np.cos(yaw), np.sin(yaw)
    trail = 0.028
    with b.at((x, y, 0.0), (c, s, 0), (-s, c, 0)):
        stem = [(0.02, top - 0.03), (0.02, top - 0.008), (0.009, top - 0.004), (0.009, top)]
        b.lathe([(0, top - 0.03), *stem, (0, top)], "frame", sides=12)
        for sign in (1, -1):
            foot = radius - 0.014
            line = [(-0.022, top - 0.012), (-trail - 0.016, foot), (-trail + 0.016, foot), (0.024, top - 0.012)]
            plate = bent(line, 0.01, closed=True)
            extruded(b, plate, sign * 0.0195 - 0.002, sign * 0.0195 + 0.002, "frame")
        with b.at((-trail, 0.0, radius), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            r = radius
            half = [(r * 0.62, 0.015), (r - 0.006, 0.015), (r - 0.0015, 0.011), (r, 0.005)]
            tyre = [*((q, -z) for q, z in half), *half[::-1]]
            b.lathe([(0.0, -0.012), (r * 0.62, -0.012)], "dark", sides=22)
            b.lathe([(r * 0.62, -0.012), *tyre, (r * 0.62, 0.012)], "tyre", sides=22)
            b.lathe([(r * 0.62, 0.012), (0.0, 0.012)], "dark", sides=22)
            b.lathe([(0.0, -0.024), (0.008, -0.024), (0.008, -0.0215), (0.0, -0.0215)], "frame", sides=8)
            b.lathe([(0.0, 0.0215), (0.008, 0.0215), (0.008, 0.024), (0.0, 0.024)], "frame", sides=8)


def _handle(b: MeshBuilder, t: _Trolley, rim: tuple[float, float, float]) -> None:
    """A sleeved bar across, with end pieces and sometimes a coin lock."""
    x, z, half = t.rear + 0.022, t.rim[0] + 0.05, t.wide - 0.004
    rods(b, [(x, -half + 0.02, z)], [(x, half - 0.02, z)], 0.0145, "handle", sides=14)
    for side in (1, -1):
        y0, y1 = sorted((side * (half - 0.025), side * (half + 0.02)))
        b.chamfered(x - 0.021, x + 0.024, y0, y1, z - 0.021, z + 0.021, 0.008, "plastic")
        rods(
            b,
            [(rim[0] + 0.002, side * (t.wide - 0.004), rim[2])],
            [(x + 0.01, side * (t.wide - 0.004), z)],
            0.006,
            "frame",
        )
    if t.lock:
        b.chamfered(x - 0.022, x + 0.026, 0.06, 0.15, z - 0.024, z + 0.024, 0.007, "plastic")
        b.boxes(x - 0.0228, x - 0.0216, 0.085, 0.125, z + 0.003, z + 0.007, "dark")
        links = np.stack(
            [
                np.full(9, x + 0.004),
                np.linspace(0.155, half - 0.03, 9),
                z - 0.03 - 0.05 * np.sin(np.linspace(0, np.pi, 9)),
            ],
            axis=1,
        )
        b.tube(links, 0.0022, "frame", sides=5)


# --- baskets


@mesh_generator("retail.basket")
def basket(
    length: float = 0.45,
    width: float = 0.3,
    height: float = 0.22,
    style: str = "plastic",
    handles: str = "down",
    stack: int = 1,
    seed: int = 0,
) -> Mesh:
    """A hand basket, long along Y: plastic (walls with slots) or wire.

    height: of its rim. handles: up or down (folded onto the rim). stack: how many lie in one another, the handles of
    all but the topmost down. seed: taper, slots, rims.

    Slots: body, handle, wire. Raises InputError for another style or position of the handles.
    """
    if style not in ("plastic", "wire") or handles not in ("up", "down"):
        raise InputError.of(f"no basket is {style!r} with its handles {handles!r}", hint="plastic or wire; up or down")
    rng = np.random.default_rng([seed, 62])
    taper = float(rng.uniform(0.8, 0.88))
    spacing, mid = float(rng.uniform(0.016, 0.03)), bool(rng.random() < 0.6)
    b = MeshBuilder("body", "handle", "wire")
    for k in range(max(1, stack)):
        with b.at((0.0, 0.0, STACK * k)):
            up = handles == "up" and k == stack - 1
            (_plastic if style == "plastic" else _wire)(b, width / 2, length / 2, height, taper, spacing, mid)
            _bails(b, width / 2, length / 2, height, up=up, slot="handle" if style == "plastic" else "wire")
    return b.mesh()


def _ring_at(x: float, y: float, share: float, taper: float, z: float, radius: float = 0.045) -> Array:
    """(N, 3) outline of a tapering basket at a share of its height."""
    k = taper + (1 - taper) * share
    line = rectangle(-x * k, x * k, -y * k, y * k, radius * k, steps=5)
    return np.column_stack([line, np.full(len(line), z)])


def _plastic(b: MeshBuilder, x: float, y: float, h: float, taper: float, spacing: float, mid: bool) -> None:
    x, y = x - 0.012, y - 0.012
    floor = _ring_at(x, y, 0.0, taper, 0.0)[:, :2] * 0.99
    b.prism(floor, 0.0, 0.004, "body")

    def ring_at(share: float) -> Array:
        return _ring_at(x, y, share, taper, 0.0005 + share * (h - 0.0005))

    bands = [(0.0, 0.16), (0.74, 0.97)] + ([(0.42, 0.5)] if mid else [])
    for low, high in bands:
        band(b, ring_at(low), ring_at(high), 0.0026, "body")
    lip, under = ring_at(1.0), ring_at(0.95)
    grown = 1 + 0.024 / np.array([2 * x, 2 * y, np.inf])
    band(b, under * grown + (0, 0, 0.0), lip * grown, 0.013, "body")
    tops = [high for _, high in bands]
    for start, end in ((0.16, 0.42 if mid else 0.74), (0.5, 0.74)) if mid else ((tops[0], 0.74),):
        _corners(b, x, y, h, taper, start - 0.01, end + 0.01)
        for side in range(4):
            _slats(b, x, y, h, taper, spacing, start - 0.01, end + 0.01, side)


def _slats(
    b: MeshBuilder, x: float, y: float, h: float, taper: float, spacing: float, start: float, end: float, side: int
) -> None:
    """Upright bars between two bands on one side of a basket; the gaps between them are its slots."""
    half, reach = (y, x) if side % 2 == 0 else (x, y)
    count = max(3, round(2 * (half - 0.05) / spacing))
    at = np.linspace(-half + 0.055, half - 0.055, count)
    wide, thick = 0.26 * spacing, 0.0032
    turn = side * np.pi / 2
    c, s = np.cos(turn), np.sin(turn)

    def quad(share: float) -> Array:
        k = taper + (1 - taper) * share
        z, face, u = 0.0005 + share * (h - 0.0005), reach * k - 0.0006, at * k
        q = [(face - thick, u - wide), (face, u - wide), (face, u + wide), (face - thick, u + wide)]
        return np.stack(
            [np.stack([c * px - s * py, s * px + c * py, np.full(count, z)], axis=1) for px, py in q], axis=1
        )

    blocks(b, quad(start), quad(end), "body")


def _corners(b: MeshBuilder, x: float, y: float, h: float, taper: float, start: float, end: float) -> None:
    """The rounded corners between two bands."""

    def quads(share: float) -> Array:
        z = 0.0005 + share * (h - 0.0005)
        line = _ring_at(x - 0.0006, y - 0.0006, share, taper, z)
        within = _ring_at(x - 0.0038, y - 0.0038, share, taper, z, 0.0418)
        # Six points a corner: five pieces of its arc.
        first = np.concatenate([np.arange(5) + 6 * k for k in range(4)])
        return np.stack([within[first], line[first], line[first + 1], within[first + 1]], axis=1)

    blocks(b, quads(start), quads(end), "body")


def _wire(b: MeshBuilder, x: float, y: float, h: float, taper: float, spacing: float, mid: bool) -> None:
    x, y = x - 0.005, y - 0.005
    low = [(sx * x * taper, sy * y * taper, 0.004) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    high = [(sx * x, sy * y, h - 0.004) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    for k in range(4):
        j = (k + 1) % 4
        n = round((2 * x if k % 2 == 0 else 2 * y) / (spacing * 1.2))
        wire_panel(b, [low[k], low[j], high[j], high[k]], 4 if mid else 6, n, 0.0014, "wire")
    wire_panel(b, [low[3], low[2], low[1], low[0]], 6, 12, 0.0014, "wire")
    for line, r in ((high, 0.0035), (low, 0.0028)):
        ring = bent(line, 0.012, steps=4, closed=True)
        b.tube(np.concatenate([ring, ring[:1]]), r, "wire", sides=8)
    rods(b, [low[0], low[3]], [low[1], low[2]], 0.004, "wire", sides=6)


def _bails(b: MeshBuilder, x: float, y: float, h: float, *, up: bool, slot: str) -> None:
    """Two bows that turn about pins in the middle of the short sides, folded out onto the rim or up to one another."""
    for sign in (1, -1):
        angle = np.radians(86.0) if up else np.radians(4.0)
        c, s = np.cos(angle), np.sin(angle)
        reach = x - 0.008
        with b.at((sign * 0.012, 0.0, h + 0.004), (sign * c, 0, s), (0, sign, 0), (-sign * s, 0, c)):
            half = y - 0.004
            line = [
                (0.0, -half, 0.0),
                (reach - 0.012, -half + 0.01, 0.0),
                (reach - 0.012, half - 0.01, 0.0),
                (0.0, half, 0.0),
            ]
            b.tube(bent(line, 0.05, steps=6), 0.0048 if slot == "handle" else 0.003, slot, sides=8)
            if slot == "wire":
                rods(b, [(reach - 0.012, -0.05, 0.0)], [(reach - 0.012, 0.05, 0.0)], 0.0085, "handle", sides=12)
            else:
                b.chamfered(reach - 0.02, reach - 0.004, -0.055, 0.055, -0.006, 0.006, 0.004, "handle")
