"""Milled parts: block with pockets, bearing housing, angle bracket."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.outlines import filleted, rectangle, round_hole, slot_hole
from synthgen.procedural.workpieces.part import AIR, Draft, Part, kind
from synthgen.procedural.workpieces.solid import Hole, Rings
from synthgen.procedural.workpieces.turned import hole_of

Cell = tuple[float, float, float, float]


@kind("block")
def block(seed: int, without: Sequence[int] = ()) -> Part:
    """A block whose top is shared out among pockets, slots and holes. Features: all of them."""
    d = Draft("block", seed, without, "metal")
    a, b, h = d.mm("length"), d.mm("width"), d.mm("height")
    outline = _block_outline(d, a, b)
    rim = 0.0035
    cells = _cells(d, (-a / 2 + rim, -b / 2 + rim, a / 2 - rim, b / 2 - rim), d.count("cells"))
    holes = [cut for k, cell in enumerate(cells) for cut in _cell(d, k, cell, h)]
    Rings(d.builder, "metal").block(outline, 0.0, h, d.mm("chamfer"), holes)
    return d.done()


def _block_outline(d: Draft, a: float, b: float) -> Array:
    style = d.word("corners")
    if style == "cut":
        k = 0.0034
        x, y = a / 2, b / 2
        corners = [(x, y - k), (x - k, y), (k - x, y), (-x, y - k), (-x, k - y), (k - x, -y), (x - k, -y), (x, k - y)]
        return np.array(corners)
    return rectangle(0, 0, a, b, {"round": 0.006, "sharp": 0.0}[style])


def _cells(d: Draft, whole: Cell, count: int) -> list[Cell]:
    """The rectangle cut into some, always the largest of them across its longer side."""
    cells = [whole]
    while len(cells) < count:
        x0, y0, x1, y1 = cells.pop(int(np.argmax([(c[2] - c[0]) * (c[3] - c[1]) for c in cells])))
        t = d.uniform(0.35, 0.65)
        if x1 - x0 > y1 - y0:
            m = x0 + t * (x1 - x0)
            cells += [(x0, y0, m, y1), (m, y0, x1, y1)]
        else:
            m = y0 + t * (y1 - y0)
            cells += [(x0, y0, x1, m), (x0, m, x1, y1)]
    return cells


def _cell(d: Draft, k: int, cell: Cell, h: float) -> list[Hole]:
    """What is cut into one cell."""
    x0, y0, x1, y1 = cell
    x, y, a, b = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0 - 0.003, y1 - y0 - 0.003
    side, what = min(a, b), d.rng.random()
    if side < 0.004:
        return []
    style = ("plain", "countersunk", "counterbored", "threaded", "blind")[int(d.rng.integers(5))]
    if what < 0.42 and side > 0.012:
        fillet, deep = min(0.25 * side, d.uniform(0.002, 0.006)), d.uniform(0.35, 0.8) * h
        ring = rectangle(x, y, a, b, fillet)
        inner = [hole_of("plain", x, y, 0.16 * side, h - deep)] if d.rng.random() < 0.5 else []
        if d.has(f"pocket {k + 1}", (x - a / 2, y - b / 2, h - deep), (x + a / 2, y + b / 2, h + AIR)):
            return [Hole(ring, depth=deep, chamfer=0.0004, fillet=min(0.001, 0.3 * fillet), floor_holes=inner)]
        return []
    if what < 0.55 and max(a, b) > 1.8 * side:
        w = min(0.5 * side, 0.012)
        long = 0.85 * max(a, b)
        dx, dy = (long / 2, w / 2) if a > b else (w / 2, long / 2)
        if d.has(f"slot {k + 1}", (x - dx, y - dy, -AIR), (x + dx, y + dy, h + AIR)):
            return [Hole(slot_hole(x, y, long, w, 0.0 if a > b else np.pi / 2), chamfer=0.0005)]
        return []
    nx, ny = (min(4, max(1, int(s // (1.4 * side)))) for s in (a, b))
    radius = min(0.5 * side * d.uniform(0.35, 0.54), 0.011)
    found = []
    for i in range(nx):
        for j in range(ny):
            u, v = x + ((i + 0.5) / nx - 0.5) * a, y + ((j + 0.5) / ny - 0.5) * b
            w = 1.8 * radius
            low = 0.4 * h if style == "blind" else -AIR
            if d.has(f"{style} hole {k + 1}.{i * ny + j + 1}", (u - w, v - w, low), (u + w, v + w, h + AIR)):
                found.append(hole_of(style, u, v, radius, h))
    return found


@kind("bearing_housing")
def bearing_housing(seed: int, without: Sequence[int] = ()) -> Part:
    """A foot with bolt holes and an upright body with a stepped bore along x. Features: the foot's holes, bolts' holes
    round the bore."""
    d = Draft("bearing_housing", seed, without, "metal", "rough")
    bore, wall = d.mm("bore") / 2, d.mm("wall")
    radius, depth = bore + wall, d.mm("depth")
    foot = max(0.006, 0.22 * radius)
    length, width, centre = 2 * radius + 2 * d.mm("ear"), depth + 0.004, foot + radius * d.numbers["rise"]
    r, raw = Rings(d.builder, "metal"), Rings(d.builder, "rough")
    ear = radius + d.mm("ear") / 2
    spread = [0.0] if width < 0.045 else [-0.26 * width, 0.26 * width]
    room = 0.5 * width - spread[-1] - 0.002
    hole, holes = min(d.mm("ear") * 0.21, room / 1.9), []
    # The foot runs along y in the part's frame: its bore looks to +X.
    with d.builder.at((0, 0, 0), (0, 1, 0), (-1, 0, 0), (0, 0, 1)):
        for k, (x, y) in enumerate((s * ear, y) for s in (-1, 1) for y in spread):
            box = (x - 1.8 * hole, y - 1.8 * hole, -AIR), (x + 1.8 * hole, y + 1.8 * hole, foot + AIR)
            if d.has(f"foot hole {k + 1}", *box):
                style = d.word("foot_hole")
                slotted = Hole(slot_hole(x, y, 3.0 * hole, 2 * hole), chamfer=0.0005)
                holes.append(slotted if style == "slot" else hole_of(style, x, y, hole, foot))
        raw.block(rectangle(0, 0, length, width, 0.005), 0.0, foot, 0.0012, holes)
    t = np.linspace(0.0, np.pi, 29)
    arch = np.column_stack([radius * np.cos(t), centre + radius * np.sin(t)])
    body = np.concatenate([arch, [[-radius * 1.0004, 0.5 * foot], [radius * 1.0004, 0.5 * foot]]])
    ring = round_hole(0, centre, bore, 96)
    screws, n = [], d.count("screws")
    with d.builder.at((0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        for k in range(n):
            a = 2 * math.pi * (k + 0.5) / n
            rho = min(0.24 * wall, 0.004)
            x, y = (bore + 0.55 * wall) * math.cos(a), centre + (bore + 0.55 * wall) * math.sin(a)
            top = depth / 2
            box = (x - rho, y - rho, top - 2 * rho), (x + rho, y + rho, top + AIR)
            if d.has(f"screw hole {k + 1}", *box):
                screws.append(Hole(round_hole(x, y, rho), depth=min(4 * rho, 0.5 * depth), tip=True, chamfer=0.2 * rho))
        seat = Hole(grow_in(ring, bore, 0.86), step=(0.14 * bore, 0.6 * depth), chamfer=0.0008)
        r.block(body, -depth / 2, depth / 2, 0.001, [seat, *screws])
    reach = length / 2 - 0.004 if len(spread) == 2 else ear - 1.9 * hole - 0.001
    half = min(0.09 * depth, 0.02 * width + 0.0015 if len(spread) == 2 else 1.0)
    for s in (-1, 1):
        if d.word("ribs") == "yes" and reach > radius + 0.003:
            rib = filleted([(s * (radius - 0.001), 0.6 * foot), (s * reach, 0.6 * foot),
                            (s * reach, foot + 0.0015), (s * (radius - 0.001), centre)][:: s], 0.001)  # fmt: skip
            with d.builder.at((0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
                raw.block(rib, -half, half, min(0.0007, 0.4 * half))
    return d.done()


def grow_in(ring: Array, radius: float, share: float) -> Array:
    """A circle about its own middle, drawn in."""
    middle = ring.mean(axis=0)
    out: Array = middle + (ring - middle) * share
    return out


@kind("angle")
def angle(seed: int, without: Sequence[int] = ()) -> Part:
    """An angle bracket of two plates with gussets between them. Features: the holes of both."""
    d = Draft("angle", seed, without, "metal")
    a, b, h, t = d.mm("length"), d.mm("width"), d.mm("height"), d.mm("thickness")
    r, c = Rings(d.builder, "metal"), 0.0007
    free = [d.uniform(0.55, 0.72) * a, d.uniform(0.55, 0.72) * h]
    holes: list[list[Hole]] = [[], []]
    frames = (((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)), ((0, 0, 0), (0, 0, 1), (0, 1, 0), (-1, 0, 0)))
    for side, (frame, reach) in enumerate(zip(frames, (a, h), strict=True)):
        n, radius = d.count("holes"), min(d.mm("hole") / 2, 0.13 * b, 0.12 * reach)
        style = d.word("hole_style")
        with d.builder.at(*frame):
            z0, z1 = (0.0, t) if side == 0 else (-t, 0.0)
            for k in range(n):
                u, v = free[side], ((k + 0.5) / n - 0.5) * 0.78 * b
                rho = min(radius, 0.2 * b / n)
                w = 1.8 * rho
                if d.has(f"hole {len(d.features) + 1}", (u - w, v - w, z0 - AIR), (u + w, v + w, z1 + AIR)):
                    holes[side].append(hole_of(style, u, v, rho, t))
            corner = min(d.mm("corner"), 0.2 * b)
            x0 = 0.0005 if side == 0 else 0.0
            ring = filleted([(x0, -b / 2), (reach, -b / 2), (reach, b / 2), (x0, b / 2)], [0, corner, corner, 0])
            inset = ring * (1, 1 - 0.0004 / b) if side == 0 else ring
            r.block(inset, z0 + (0.0002 if side == 0 else 0.0), z1 + (0.0002 if side == 0 else 0.0), c, holes[side])
    gusset = min(0.4 * a, 0.4 * h, *(f - 2 * min(d.mm("hole") / 2, 0.13 * b, 0.2 * b / n) - t - 0.001 for f in free))
    places = {"none": [], "one": [0.0], "two": [-0.32 * b, 0.32 * b]}[d.word("gussets")]
    for v in places if gusset > 0.004 else []:
        ring = np.array(
            [
                (0.5 * t, 0.5 * t),
                (t + gusset, 0.5 * t),
                (t + gusset, 1.2 * t),
                (1.2 * t, t + gusset),
                (0.5 * t, t + gusset),
            ]
        )
        with d.builder.at((0, v, 0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            r.block(ring, -0.06 * b, 0.06 * b, c)
    return d.done()
