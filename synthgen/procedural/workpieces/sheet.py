"""Sheet metal: a flat pattern, punched, then bent along parallel lines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.procedural.shapes import Array, Index, triangulate
from synthgen.procedural.workpieces.outlines import filleted, ngon, rectangle, round_hole, slot_hole
from synthgen.procedural.workpieces.part import AIR, Draft, Part, kind

FACETS = 8
"""Of a bend."""


@dataclass(frozen=True, slots=True)
class Bend:
    """Where the flat pattern is bent up: from x to x + angle * (radius + t / 2). radius: inside; angle: radians."""

    x: float
    angle: float
    radius: float


@dataclass(frozen=True, slots=True)
class Bent:
    """A thickness and bends in order of x. Maps flat (x, y, z in 0..t) to the bent sheet, whose start stays flat."""

    thickness: float
    bends: tuple[Bend, ...]

    def lines(self) -> list[float]:
        """The x of every line that the pattern must be cut at, ascending."""
        return [b.x + self.long(b) * k / FACETS for b in self.bends for k in range(FACETS + 1)]

    def long(self, bend: Bend) -> float:
        """Length of a bend in the flat pattern (neutral axis in the middle)."""
        return abs(bend.angle) * (bend.radius + self.thickness / 2)

    def frame(self, x: float) -> tuple[float, float, float]:
        """(x, z, angle) of the sheet's middle at a flat x."""
        px, pz, turn, last = 0.0, 0.0, 0.0, 0.0
        for b in self.bends:
            if x <= b.x:
                break
            px, pz = px + (b.x - last) * math.cos(turn), pz + (b.x - last) * math.sin(turn)
            part = min(1.0, (x - b.x) / self.long(b))
            r, sign = b.radius + self.thickness / 2, math.copysign(1.0, b.angle)
            a = turn + b.angle * part
            px += sign * r * (math.sin(a) - math.sin(turn))
            pz += sign * r * (math.cos(turn) - math.cos(a))
            turn, last = a, b.x + self.long(b)
            if part < 1.0:
                return px, pz, turn
        return px + (x - last) * math.cos(turn), pz + (x - last) * math.sin(turn), turn

    def mapped(self, points: Array) -> Array:
        """(N, 3) flat points in space."""
        xs, where = np.unique(np.round(points[:, 0], 9), return_inverse=True)
        table = np.array([self.frame(float(x)) for x in xs])[where.reshape(-1)]
        off = points[:, 2] - self.thickness / 2
        return np.column_stack(
            [table[:, 0] - off * np.sin(table[:, 2]), points[:, 1], table[:, 1] + off * np.cos(table[:, 2])]
        )


def cut_at(ring: Array, xs: Sequence[float]) -> Array:
    """The outline with a point wherever it crosses one of the lines x = const."""
    out = []
    for p, q in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        out.append(p)
        low, high = sorted((p[0], q[0]))
        inside = [x for x in xs if low + 1e-9 < x < high - 1e-9]
        for x in inside if q[0] > p[0] else inside[::-1]:
            out.append(np.array([x, p[1] + (q[1] - p[1]) * (x - p[0]) / (q[0] - p[0])]))
    return np.array(out)


def bands(ring: Array, xs: Sequence[float]) -> list[Array]:
    """The parts of an outline (cut at xs) between neighbouring lines; each line must cross it just twice."""
    edges = [-np.inf, *xs, np.inf]
    found = []
    for low, high in itertools.pairwise(edges):
        inside = (ring[:, 0] >= low - 1e-9) & (ring[:, 0] <= high + 1e-9)
        piece = ring[inside]
        if len(piece) >= 3 and np.ptp(piece[:, 0]) > 1e-8:
            found.append(piece)
    return found


def bent_sheet(d: Draft, outline: Array, holes: Sequence[Array], bent: Bent, slot: str = "metal") -> None:
    """Adds the closed sheet. outline, holes: of the flat pattern; no hole lies in a bend."""
    xs, t = bent.lines(), bent.thickness
    ring = cut_at(outline, xs)
    for piece in bands(ring, xs):
        low, high = piece[:, 0].min(), piece[:, 0].max()
        own = [h for h in holes if low < h[:, 0].min() and h[:, 0].max() < high]
        flat = np.concatenate([piece, *own])
        faces = triangulate([piece, *own])
        for z, f in ((t, faces), (0.0, faces[:, ::-1])):
            _add(d, bent.mapped(np.column_stack([flat, np.full(len(flat), z)])), f, slot)
    for loop in (ring, *(h[::-1] for h in holes)):
        n = len(loop)
        v = bent.mapped(np.concatenate([np.column_stack([loop, np.full(n, z)]) for z in (0.0, t)]))
        i = np.arange(n)
        j = (i + 1) % n
        _add(d, v, np.concatenate([np.stack([i, j, j + n], axis=1), np.stack([i, j + n, i + n], axis=1)]), slot)


def _add(d: Draft, vertices: Array, faces: Index, slot: str) -> None:
    n = len(vertices)
    d.builder.triangles(vertices, faces, slot, normals=np.tile((0.0, 0.0, 1.0), (n, 1)), uvs=np.zeros((n, 2)))


def punched(
    d: Draft, bent: Bent, name: str, x: float, y: float, length: float, width: float, ring: Array
) -> list[Array]:
    """A hole of the pattern as a feature, its box where the bent sheet has it."""
    px, pz, turn = bent.frame(x)
    c, s = math.cos(turn), math.sin(turn)
    with d.builder.at((px, y, pz), (c, 0, s), (0, 1, 0), (-s, 0, c)):
        half = bent.thickness / 2 + AIR
        there = d.has(name, (-length / 2, -width / 2, -half), (length / 2, width / 2, half))
    return [ring] if there else []


def _hole(style: str, x: float, y: float, size: float) -> Array:
    if style == "slot":
        return slot_hole(x, y, 2.2 * size, size, np.pi / 2)
    if style == "square":
        return rectangle(x, y, size, size, 0.12 * size)
    if style == "hexagon":
        return ngon(x, y, size, 6, 0.31)
    return round_hole(x, y, size / 2)


def _leg_holes(d: Draft, bent: Bent, x0: float, x1: float, width: float, style: str) -> list[Array]:
    """A row of holes across a leg of the pattern between x0 and x1."""
    found: list[Array] = []
    size = min(d.mm("hole"), 0.42 * (x1 - x0))
    n = max(1, min(d.count("holes"), int(width / (3.2 * size))))
    if x1 - x0 < 0.006:
        return []
    x = x0 + (x1 - x0) * d.uniform(0.45, 0.6)
    for k in range(n):
        y = ((k + 0.5) / n - 0.5) * 0.9 * width
        wide = size * (2.2 if style == "slot" else 1.16)
        found += punched(d, bent, f"hole {len(d.features) + 1}", x, y, size * 1.16, wide, _hole(style, x, y, size))
    return found


def _pattern(d: Draft, legs: Sequence[float], angles: Sequence[float], width: float, taper: float = 1.0) -> None:
    """Legs joined by bends, with relief of the corners and a row of holes in each leg."""
    t, radius = d.mm("thickness"), d.mm("thickness") * d.numbers["bend_share"]
    bends, x, spans = [], 0.0, []
    for k, leg in enumerate(legs):
        spans.append((x, x + leg))
        x += leg
        if k < len(angles):
            bend = Bend(x, math.radians(angles[k]), radius)
            bends.append(bend)
            x += abs(bend.angle) * (radius + t / 2)
    bent, end = Bent(t, tuple(bends)), x
    half, corner = width / 2, min(d.mm("corner"), 0.3 * min(legs[0], legs[-1]), 0.3 * width)
    near = taper * half
    first = spans[0][1] - 0.12 * legs[0]
    corners = [(0.0, -half), (first, -half)] + ([(first, -near)] if taper < 1 else []) + [(end, -near), (end, near)]
    corners += ([(first, near)] if taper < 1 else []) + [(first, half), (0.0, half)]
    if taper == 1:
        corners = [(0.0, -half), (end, -half), (end, half), (0.0, half)]
    radii = [corner if c[0] in (0.0, end) else 0.0005 for c in corners]
    style = d.word("hole_style")
    holes = [
        h for k, (a, b) in enumerate(spans) for h in _leg_holes(d, bent, a, b, width * (taper if k else 1.0), style)
    ]
    bent_sheet(d, filleted(corners, radii), holes, bent)


@kind("sheet_bracket")
def sheet_bracket(seed: int, without: Sequence[int] = ()) -> Part:
    """A bracket with one to three bends. Features: its holes."""
    d = Draft("sheet_bracket", seed, without, "metal")
    form, a, h, w = d.word("form"), d.mm("length"), d.mm("height"), d.mm("width")
    lip = d.uniform(0.3, 0.7) * a
    legs, angles = {
        "L": ([a, h], [90.0]),
        "wide L": ([a, h], [d.uniform(45, 75)]),
        "Z": ([a, h, lip], [90.0, -90.0]),
        "hat": ([0.45 * a, h, 0.9 * a, h, 0.45 * a], [90.0, -90.0, -90.0, 90.0]),
        "J": ([a, h, 0.012 + 0.1 * a], [90.0, 90.0]),
    }[form]
    _pattern(d, legs, angles, w, 1.0 if form == "hat" else d.numbers["taper"])
    return d.done()


@kind("u_profile")
def u_profile(seed: int, without: Sequence[int] = ()) -> Part:
    """A U, or a C with lips, open above. Features: its holes."""
    d = Draft("u_profile", seed, without, "metal")
    h, w, lip = d.mm("height"), d.mm("width"), d.mm("lip")
    if d.word("form") == "C":
        _pattern(d, [lip, h, w, h, lip], [-90.0, -90.0, -90.0, -90.0], d.mm("length"))
    else:
        with d.builder.at((0, 0, 0), (0, 0, -1), (0, -1, 0), (-1, 0, 0)):
            _pattern(d, [h, w, h * d.numbers["other_leg"]], [-90.0, -90.0], d.mm("length"))
    return d.done()


@kind("punched_plate")
def punched_plate(seed: int, without: Sequence[int] = ()) -> Part:
    """A flat sheet with corner holes, a field of punched holes and a window. Features: all of them."""
    d = Draft("punched_plate", seed, without, "metal")
    a, b, bent = d.mm("length"), d.mm("width"), Bent(d.mm("thickness"), ())
    corner, notch = d.mm("corner"), d.word("corners") == "notched"
    k = 0.07 * min(a, b)
    x, y = a / 2, b / 2
    corners = [(-x, -y), (x, -y), (x, y), (-x, y)]
    if notch:
        corners = [
            (k - x, -y),
            (x - k, -y),
            (x - k, k - y),
            (x, k - y),
            (x, y - k),
            (x - k, y - k),
            (x - k, y),
            (k - x, y),
            (k - x, y - k),
            (-x, y - k),
            (-x, k - y),
            (k - x, k - y),
        ]
    outline = filleted(corners, min(corner, 0.4 * k) if notch else corner)
    holes: list[Array] = []
    size, inset = d.mm("corner_hole"), max(1.3 * d.mm("corner_hole"), 1.5 * k if notch else 0.0)
    for i, (u, v) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        hx, hy = u * (x - inset), v * (y - inset)
        holes += punched(d, bent, f"corner hole {i + 1}", hx, hy, size, size, round_hole(hx, hy, size / 2))
    style, size = d.word("hole_style"), d.mm("hole")
    wide = 2.2 * size if style == "slot" else size * 1.16
    dx, dy = size * d.numbers["pitch"], wide + size * (d.numbers["pitch"] - 1)
    free = a - 2 * inset - d.mm("corner_hole") - 0.006, b - 2 * inset * 0.5 - 0.008
    window = d.word("window") == "yes"
    if window:
        free = free[0] * 0.5, free[1]
    nx, ny = min(14, int(free[0] / dx)), min(8, int(free[1] / dy))
    shift = -0.25 * (a - 2 * inset - d.mm("corner_hole")) if window else 0.0
    for i in range(nx):
        for j in range(ny):
            u, v = shift + (i - (nx - 1) / 2) * dx, (j - (ny - 1) / 2) * dy
            if d.word("stagger") == "yes" and i % 2 and j == ny - 1:
                continue
            v += 0.5 * dy if d.word("stagger") == "yes" and i % 2 else 0.0
            holes += punched(d, bent, f"hole {len(d.features) + 1}", u, v, size * 1.16, wide, _hole(style, u, v, size))
    if window:
        room = 0.5 * (a - 2 * inset - d.mm("corner_hole"))
        middle, wx, wy = 0.5 * room, 0.7 * room, 0.55 * b
        ring = rectangle(middle, 0, wx, wy, min(0.004, 0.2 * min(wx, wy)))
        holes += punched(d, bent, "window", middle, 0, wx, wy, ring)
    bent_sheet(d, outline, holes, bent)
    return d.done()
