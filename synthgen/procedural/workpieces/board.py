"""A printed circuit board: routed board, copper pads, and components with pins."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.board_layout import Layout, Package, layout
from synthgen.procedural.workpieces.outlines import filleted, grown, rectangle, round_hole
from synthgen.procedural.workpieces.part import AIR, Draft, Part, kind
from synthgen.procedural.workpieces.solid import Hole, Rings

THICKNESS = 0.0016
SLOTS = ("print", "board", "mask", "copper", "chip", "pin", "ceramic", "white", "resistor", "plastic", "metal", "lens")

_AXES = (((1, 0, 0), (0, 1, 0)), ((0, 1, 0), (-1, 0, 0)), ((-1, 0, 0), (0, -1, 0)), ((0, -1, 0), (1, 0, 0)))


@kind("circuit_board")
def circuit_board(seed: int, without: Sequence[int] = ()) -> Part:
    """A board with its components on the upper side. Features: the components, by the name printed beside them."""
    d = Draft("circuit_board", seed, without, *SLOTS)
    plan = layout(seed)
    _bare_board(d, plan)
    pads = Rings(d.builder, "copper")
    t = THICKNESS
    for c in plan.components:
        for x, y, a, b in c.pads:
            pads.block(rectangle(x, y, a, b), t - 0.0002, t + 0.00004, 0.0)
        h = c.package.height
        with d.builder.at((c.x, c.y, t), *_AXES[c.turn]):
            a, b = c.package.length / 2, c.package.width / 2
            if d.has(c.name, (-a - AIR, -b - AIR, 0.0), (a + AIR, b + AIR, h + AIR)):
                _BODIES[c.package.style](d, c.package)
    return d.done(keep=("print",))


def board_outline(plan: Layout) -> Array:
    """The routed outline, counter-clockwise about the board's middle."""
    x, y, r = plan.length / 2, plan.width / 2, plan.corner
    if math.isnan(plan.notch):
        return rectangle(0, 0, plan.length, plan.width, r)
    n, w, deep = plan.notch, 0.004, 0.0045
    corners = [(-x, -y), (n - w, -y), (n - w, deep - y), (n + w, deep - y), (n + w, -y), (x, -y), (x, y), (-x, y)]
    return filleted(corners, [r, 0.0006, 0.001, 0.001, 0.0006, r, r, r])


def _bare_board(d: Draft, plan: Layout) -> None:
    outline, t = board_outline(plan), THICKNESS
    edge = Rings(d.builder, "board")
    edge.wall(outline, [(0.0, 0.0), (0.0, t)])
    holes = [round_hole(x, y, r) for x, y, r in plan.holes]
    for ring in holes:
        edge.wall(ring, [(0.0, t), (0.0, 0.0)])
    d.builder.plate([outline, *holes], t, "print", uvs="unit")
    edge.face(0.0, outline, holes, up=False, slot="mask")
    for x, y, r in plan.holes:
        Rings(d.builder, "copper").block(
            round_hole(x, y, 1.75 * r), t - 0.0002, t + 0.00004, 0.0, [Hole(round_hole(x, y, 1.02 * r), chamfer=0.0)]
        )


def _box(d: Draft, slot: str, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], c: float) -> None:
    d.builder.chamfered(*x, *y, *z, c, slot)


def _chip(d: Draft, p: Package) -> None:
    """A moulded body with gull-wing pins at its pads, and a mark at the first."""
    a, b, h = p.length / 2, p.width / 2, p.height
    r = Rings(d.builder, "chip")
    body = rectangle(0, 0, p.length, p.width, 0.00015)
    low = 0.0001
    mark = Hole(round_hole(-0.75 * a, -0.68 * b, min(0.0004, 0.1 * b)), depth=0.00012, chamfer=0.00003)
    r.face(low, grown(body, -0.00012), up=False)
    top = r.wall(body, [(-0.00012, low), (0.0, 0.55 * h), (-0.0001, h)])
    upper, _ = mark.cut(r, h, 0.0)
    r.face(h, top, [upper])
    square, n = p.style == "qfp", p.pins
    sides: list[tuple[int, int, float]] = []
    sides = [(k, n // 4, b) for k in range(4)] if square else [(0, (n + 1) // 2, b), (2, n // 2, b)]
    w, z = 0.19 * p.pitch, 0.45 * h
    profile = np.array(
        [
            (-0.0003, z),
            (0.00045, z),
            (0.0006, 0.00018),
            (0.0011, 0.00018),
            (0.0011, 0.00005),
            (0.0005, 0.00005),
            (0.00035, z - 0.00015),
            (-0.0003, z - 0.00015),
        ]
    )[::-1]
    pins = Rings(d.builder, "pin")
    for side, count, reach in sides:
        x, y = _AXES[side]
        for k in range(count):
            u = (k - (count - 1) / 2) * (p.pitch if count > 1 else 0.0)
            with d.builder.at((0, 0, 0), x, y), d.builder.at((u, -reach, 0), (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
                pins.block(profile, -w, w, 0.0)


def _two_ended(body: str, top: str = "") -> Callable[[Draft, Package], None]:
    def make(d: Draft, p: Package) -> None:
        a, b, h = p.length / 2, p.width / 2, p.height
        e = 0.2 * p.length
        _box(d, body, (-a + e * 0.9, a - e * 0.9), (-b * 0.98, b * 0.98), (0.00006, h * 0.97), 0.00003)
        for s in (-1, 1):
            x0, x1 = sorted((s * a, s * (a - e)))
            _box(d, "pin", (x0, x1), (-b, b), (0.00004, h), 0.00006)
            # The solder's fillet at each end.
            ring = np.array([(a - 0.00002, 0.0), (a + 0.0004, 0.0), (a + 0.00012, 0.3 * h), (a - 0.00002, 0.6 * h)])
            frame = ((1, 0, 0), (0, 0, 1), (0, -1, 0)) if s > 0 else ((-1, 0, 0), (0, 0, 1), (0, 1, 0))
            with d.builder.at((0, 0, 0.00003), *frame):
                Rings(d.builder, "pin").block(ring, -0.9 * b, 0.9 * b, 0.0)
        if top:
            _box(d, top, (-a + 1.05 * e, a - 1.05 * e), (-b * 0.94, b * 0.94), (0.9 * h, h * 1.0), 0.00002)

    return make


def _electrolytic(d: Draft, p: Package) -> None:
    a, h = p.length / 2, p.height
    cut = 0.28 * p.length
    base = np.array([(-a, -a), (a - cut, -a), (a, cut - a), (a, a - cut), (a - cut, a), (-a, a)])
    Rings(d.builder, "plastic").block(base, 0.00005, 0.0012, 0.0001)
    r = 0.94 * a
    ring = [
        (0.0, 0.001),
        (r, 0.001),
        (r, 0.0021),
        (0.93 * r, 0.0024),
        (r, 0.0027),
        (r, h - 0.0004),
        (r - 0.0004, h),
        (0.0, h),
    ]
    Rings(d.builder, "metal").turned(ring, 56)
    t = np.linspace(-0.6, 0.6, 9)
    arc = np.stack([-0.96 * r * np.cos(t), -0.96 * r * np.sin(t)], axis=1)
    Rings(d.builder, "chip").block(arc, h - 0.0002, h + 0.00003, 0.0)


def _inductor(d: Draft, p: Package) -> None:
    Rings(d.builder, "chip").block(rectangle(0, 0, p.length, p.width, 0.22 * p.width), 0.0001, p.height, 0.0003)
    for s in (-1, 1):
        x0, x1 = sorted((s * p.length * 0.4, s * (p.length / 2 + 0.0002)))
        _box(d, "pin", (x0, x1), (-0.3 * p.width, 0.3 * p.width), (0.00004, 0.45 * p.height), 0.00005)


def _crystal(d: Draft, p: Package) -> None:
    r = Rings(d.builder, "metal")
    r.block(rectangle(0, 0, p.length, p.width, 0.49 * p.width), 0.0002, 0.0007, 0.0001)
    r.block(rectangle(0, 0, p.length - 0.0009, p.width - 0.0009, 0.49 * (p.width - 0.0009)), 0.0005, p.height, 0.0004)
    for s in (-1, 1):
        x0, x1 = sorted((s * p.length * 0.3, s * (p.length / 2 + 0.0008)))
        _box(d, "pin", (x0, x1), (-0.0003, 0.0003), (0.00004, 0.0003), 0.00005)


def _led(d: Draft, p: Package) -> None:
    _two_ended("white")(d, p)
    a, b, h = p.length / 2, p.width / 2, p.height
    _box(d, "lens", (-0.5 * a, 0.5 * a), (-0.85 * b, 0.85 * b), (0.5 * h, 1.25 * h), 0.0002)


def _header(d: Draft, p: Package) -> None:
    rows = 2 if p.width > 0.004 else 1
    cols, s = p.pins // rows, p.pitch
    for k in range(cols):
        for j in range(rows):
            x, y = (k - (cols - 1) / 2) * s, (j - (rows - 1) / 2) * s
            cut = 0.2 * s
            q = 0.4998 * s
            ring = np.array(
                [
                    (q, cut - q),
                    (q, q - cut),
                    (q - cut, q),
                    (cut - q, q),
                    (-q, q - cut),
                    (-q, cut - q),
                    (cut - q, -q),
                    (q - cut, -q),
                ]
            ) + np.array((x, y))
            Rings(d.builder, "plastic").block(ring, 0.0, 0.0025, 0.0001)
            _box(d, "pin", (x - 0.00032, x + 0.00032), (y - 0.00032, y + 0.00032), (0.0001, p.height), 0.00015)


def _terminal(d: Draft, p: Package) -> None:
    """Screw terminals whose wire openings look to the edge."""
    r = Rings(d.builder, "plastic")
    a, h, n = p.length / 2, p.height, p.pins
    screws = [round_hole(-0.15 * a, (k - (n - 1) / 2) * p.pitch, 0.3 * p.pitch, 24) for k in range(n)]
    outline = rectangle(0, 0, p.length, p.width, 0.0007)
    r.block(outline, 0.0, h, 0.0003, [Hole(ring, depth=0.0018, chamfer=0.0002) for ring in screws])
    for k in range(n):
        y = (k - (n - 1) / 2) * p.pitch
        _box(
            d,
            "pin",
            (-0.15 * a - 0.0011, -0.15 * a + 0.0011),
            (y - 0.0011, y + 0.0011),
            (h - 0.0019, h - 0.0008),
            0.0003,
        )
        _box(d, "chip", (a - 0.0009, a + 0.00003), (y - 0.3 * p.pitch, y + 0.3 * p.pitch), (0.2 * h, 0.5 * h), 0.00002)


def _usb(d: Draft, p: Package) -> None:
    """A shell whose opening looks along +x, with its tongue."""
    a, b, h = p.length, p.width, p.height
    with d.builder.at((a / 2, 0, h / 2), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        shell = rectangle(0, 0, b, h - 0.00004, 0.48 * h if a < 0.0078 else 0.0005)
        inner = rectangle(0, 0, b - 0.0006, h - 0.00064, 0.48 * (h - 0.0006) if a < 0.0078 else 0.0003)
        Rings(d.builder, "metal").block(shell, -a, 0.0, 0.0001, [Hole(inner, depth=0.8 * a, chamfer=0.00008)])
        tongue = 0.38 * b, 0.15 * h
        _box(d, "chip", (-tongue[0], tongue[0]), (-tongue[1], tongue[1]), (-0.85 * a, -0.0012), 0.0001)


_BODIES: dict[str, Callable[[Draft, Package], None]] = {
    "qfp": _chip,
    "soic": _chip,
    "sot": _chip,
    "resistor": _two_ended("white", "resistor"),
    "capacitor": _two_ended("ceramic"),
    "led": _led,
    "electrolytic": _electrolytic,
    "inductor": _inductor,
    "crystal": _crystal,
    "header": _header,
    "terminal": _terminal,
    "usb": _usb,
}
