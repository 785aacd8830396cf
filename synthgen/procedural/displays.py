"""Stands outside the shelving: of cardboard, dump bins, pallets with a skirt, and where goods go on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.gondola import OPEN_HEIGHT, ShelfSpace
from synthgen.procedural.profiles import bent, extruded, extruded_x, faced, rectangle, ring, rods, wire_panel
from synthgen.procedural.registry import mesh_generator

STYLES = ("floor", "bin", "wire_bin", "pallet")
SHEET = 0.006
"""Corrugated board, folded double, metres."""

PALLET = 0.144
"""Height of a EUR pallet, metres (EN 13698)."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """tops: heights of the trays, or the one floor; lip: how far a tray's or bin's front stands above it.

    cut: how much the corners of a bin are cut.
    """

    tops: tuple[float, ...]
    lip: float
    height: float
    x: float
    y: float
    cut: float = 0.0


def _plan(style: str, width: float, depth: float, height: float, trays: int, seed: int) -> _Plan:
    if style not in STYLES:
        raise InputError.of(f"no display stand is {style!r}", hint=", ".join(STYLES))
    rng = np.random.default_rng([seed, 81])
    lip = float(rng.uniform(0.03, 0.07))
    if style == "floor":
        base = float(rng.uniform(0.08, 0.22))
        if trays < 1 or (height - base) / trays < 0.16:
            raise InputError.of(f"{trays} trays do not fit a stand of {height} m", hint="fewer, or a higher one")
        tops = base + np.arange(trays) * (height - base) / trays
        return _Plan(tuple(tops.round(4).tolist()), lip, height, depth / 2, width / 2)
    if style == "pallet":
        return _Plan((PALLET + 0.002,), float(rng.uniform(0.0, 0.25)), height, depth / 2, width / 2)
    floor = height * float(rng.uniform(0.35, 0.6))
    cut = float(rng.choice([0.006, 0.05, 0.09])) if style == "bin" else 0.0
    return _Plan((round(floor, 4),), height - floor, height, depth / 2, width / 2, cut)


def display_spaces(
    style: str = "floor",
    width: float = 0.5,
    depth: float = 0.36,
    height: float = 1.35,
    trays: int = 4,
    header: float = 0.25,
    seed: int = 0,
) -> list[ShelfSpace]:
    """Where goods may stand on `retail.display_stand` of the same parameters, from below."""
    p = _plan(style, width, depth, height, trays, seed)
    if style == "floor":
        deep, wide = 2 * p.x - 3 * SHEET - 0.004, 2 * p.y - 2 * SHEET - 0.006
        rise = [*np.diff(p.tops), OPEN_HEIGHT + 0.02]
        return [
            ShelfSpace(p.x - SHEET - 0.002, 0.0, top, 0.0, wide, deep, float(up) - 0.02, None)
            for top, up in zip(p.tops, rise, strict=True)
        ]
    edge = {"pallet": 0.02, "bin": 0.014, "wire_bin": 0.014}[style] + p.cut / 2
    free = 1.2 if style == "pallet" else height - p.tops[0]
    return [ShelfSpace(p.x - edge, 0.0, p.tops[0], 0.0, 2 * (p.y - edge), 2 * (p.x - edge), free, None)]


@mesh_generator("retail.display_stand")
def display_stand(
    style: str = "floor",
    width: float = 0.5,
    depth: float = 0.36,
    height: float = 1.35,
    trays: int = 4,
    header: float = 0.25,
    seed: int = 0,
) -> Mesh:
    """A stand for goods on offer that looks along +X.

    style: floor (cardboard, with trays and a header), bin (cardboard, filled from above), wire_bin or pallet (a pallet
    with a skirt). width along Y, depth along X, height of the body; trays: how many a floor stand has; header: height
    of the board above it, 0 for none. The header's front has UVs 0..1. seed: shapes of sides, lips and skirts.

    Slots: board, print, header, wire, metal, wood. Raises InputError for another style, or trays that do not fit.
    """
    p = _plan(style, width, depth, height, trays, seed)
    rng = np.random.default_rng([seed, 82])
    b = MeshBuilder("board", "print", "header", "wire", "metal", "wood")
    if style == "floor":
        _floor(b, p, header, rng)
    elif style == "bin":
        _bin(b, p, header, rng)
    elif style == "wire_bin":
        _wire_bin(b, p, rng)
    else:
        _pallet(b, p, header, rng)
    return b.mesh()


def _board_above(b: MeshBuilder, x: float, half: float, z: float, height: float, rng: np.random.Generator) -> None:
    """A header: a printed board whose upper corners may be cut."""
    if height <= 0:
        return
    faced(b, (x, x + SHEET), (-half, half), (z, z + height), "board", "header")


def _floor(b: MeshBuilder, p: _Plan, header: float, rng: np.random.Generator) -> None:
    x, y, h = p.x, p.y, p.height
    kind = int(rng.integers(0, 3))
    top = p.tops[-1] + float(rng.uniform(0.1, 0.2))
    if kind == 0:
        side = [(-x, 0.0), (x, 0.0), (x, p.tops[-1] + p.lip), (-x + 0.08, max(top, h)), (-x, max(top, h))]
    elif kind == 1:
        side = [(-x, 0.0), (x, 0.0), (x, h), (-x, h)]
    else:
        # Cut out between the trays, so that goods are seen from beside.
        cut = float(rng.uniform(0.08, 0.16))
        side = [(-x, 0.0), (x, 0.0)]
        for k, z in enumerate(p.tops):
            up = p.tops[k + 1] if k + 1 < len(p.tops) else h
            side += [(x, z + p.lip), (x - cut, z + p.lip + 0.02), (x - cut, up - 0.03)]
            side += [(x, up - 0.01)] if k + 1 < len(p.tops) else []
        side += [(-x, h - 0.03)]
    outline = bent(side, 0.02, steps=3, closed=True)
    for sign in (-1, 1):
        y0, y1 = sorted((sign * (y - SHEET), sign * y))
        extruded(b, outline, y0, y1, "print")
    inner = y - SHEET - 0.001
    b.chamfered(-x + 0.0006, -x + SHEET, -inner, inner, 0.002, h - 0.001, 0.0008, "print")
    for k, z in enumerate(p.tops):
        front = x - SHEET
        b.chamfered(-x + SHEET + 0.0005, front, -inner, inner, z - 0.014, z, 0.001, "board")
        b.chamfered(front - 0.0005, x - 0.0008, -inner, inner, z - 0.016 if k else 0.004, z + p.lip, 0.0012, "print")
    width = y if rng.random() < 0.6 else y * float(rng.uniform(0.7, 1.0))
    _board_above(b, -x + 0.0012, width, h - 0.03 if kind == 2 else h - 0.001, header, rng)


def _bin(b: MeshBuilder, p: _Plan, header: float, rng: np.random.Generator) -> None:
    x, y, h = p.x, p.y, p.height
    cut = p.cut
    flat = [
        (-x + cut, -y),
        (x - cut, -y),
        (x, -y + cut),
        (x, y - cut),
        (x - cut, y),
        (-x + cut, y),
        (-x, y - cut),
        (-x, -y + cut),
    ]
    outline = np.array(flat)
    k = np.array([(x - SHEET) / x, (y - SHEET) / y])
    ring(b, outline, outline * k, 0.0, h, "print")
    b.prism(outline * k * 0.999, p.tops[0] - 0.012, p.tops[0], "board")
    if rng.random() < 0.5:
        g = np.array([(x + 0.005) / x, (y + 0.005) / y])
        ring(b, outline * g, outline * ((x + 0.0003) / x, (y + 0.0003) / y), h - 0.08, h + 0.004, "board")
    if header > 0:
        for side in (-1, 1):
            at = side * 0.6 * y
            b.chamfered(-x + 0.007, -x + 0.019, at - 0.015, at + 0.015, h - 0.15, h + 0.3, 0.002, "board")
        _board_above(b, -x + 0.02, y * 0.95, h + 0.22, header, rng)


def _wire_bin(b: MeshBuilder, p: _Plan, rng: np.random.Generator) -> None:
    x, y, h = p.x - 0.008, p.y - 0.008, p.height - 0.006
    low = 0.12
    base = [(-x, -y), (x, -y), (x, y), (-x, y)]
    pitch = float(rng.uniform(0.03, 0.06))
    for k in range(4):
        (ax, ay), (cx, cy) = base[k], base[(k + 1) % 4]
        long = abs(cx - ax) + abs(cy - ay)
        corners = [(ax, ay, low), (cx, cy, low), (cx, cy, h), (ax, ay, h)]
        wire_panel(b, corners, max(3, round((h - low) / (pitch * 1.6))), round(long / pitch), 0.002, "wire")
        rods(b, corners[::2], corners[1::2], 0.004, "wire")
        rods(b, [(ax, ay, 0.02)], [(ax, ay, h)], 0.007, "metal", sides=10)
        with b.at((ax, ay, 0.0)):
            b.lathe([(0, 0), (0.012, 0), (0.012, 0.03), (0, 0.03)], "metal", sides=12)
    b.chamfered(-x + 0.005, x - 0.005, -y + 0.005, y - 0.005, p.tops[0] - 0.008, p.tops[0], 0.002, "board")


def _pallet(b: MeshBuilder, p: _Plan, header: float, rng: np.random.Generator) -> None:
    x, y = p.x - 0.012, p.y - 0.012
    boards = np.linspace(-x + 0.05, x - 0.05, max(3, round(x / 0.09)))
    for at in boards:
        b.chamfered(at - 0.048, at + 0.048, -y, y, PALLET - 0.022, PALLET, 0.002, "wood", random=float(rng.random()))
    for at in (-y + 0.06, 0.0, y - 0.06):
        b.chamfered(
            -x, x, at - 0.05, at + 0.05, PALLET - 0.0445, PALLET - 0.0225, 0.002, "wood", random=float(rng.random())
        )
        b.chamfered(-x, x, at - 0.049, at + 0.049, 0.0, 0.022, 0.002, "wood", random=float(rng.random()))
        for where in (-x + 0.07, 0.0, x - 0.07):
            block = (where - 0.069, where + 0.07, at - 0.0475, at + 0.0475, 0.0225, PALLET - 0.045)
            b.chamfered(*block, 0.003, "wood", random=float(rng.random()))
    edge = p.tops[0] + p.lip
    hole = rectangle(-p.x + 0.004, p.x - 0.004, -p.y + 0.004, p.y - 0.004, 0.002)
    ring(b, rectangle(-p.x, p.x, -p.y, p.y, 0.006), hole, 0.004, edge, "print")
    b.boxes(-x - 0.001, x + 0.001, -y - 0.001, y + 0.001, PALLET + 0.0003, p.tops[0], "board")
    if header > 0:
        for sx in (-1, 1) if rng.random() < 0.5 else (-1,):
            for sy in (-1, 1):
                corner = np.array([(0, 0), (0.05, 0), (0.05, 0.005), (0.005, 0.005), (0.005, 0.05), (0, 0.05)])
                line = (corner * (sx, sy))[:: sx * sy] * (-1, -1) + (sx * (p.x - 0.0045), sy * (p.y - 0.0045))
                b.prism(line, p.tops[0] + 0.0005, p.height, "board")
        _board_above(b, -p.x + 0.001, p.y - 0.004, p.height - 0.05, header, rng)
        extruded_x(
            b, rectangle(-p.y + 0.01, p.y - 0.01, p.height - 0.09, p.height - 0.04), -p.x + 0.008, -p.x + 0.012, "board"
        )
