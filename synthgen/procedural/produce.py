"""Where fruit and vegetables lie: sloping tables, and the crates that stand on them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.gondola import RAIL_BACK, RAIL_HEIGHT, ShelfSpace, rail
from synthgen.procedural.profiles import extruded, faced, rectangle, ring, rods
from synthgen.procedural.registry import mesh_generator

CRATE = (0.4, 0.6)
"""Footprint of a crate, x and y, metres: half a pallet's quarter."""


def _rows(rows: int, tilt: float, height: float, columns: int) -> tuple[float, list[tuple[float, float]]]:
    """(depth, [(x, z) of the front edge of each row's board]), the front row first."""
    if rows < 1 or columns < 1 or not 0 <= tilt <= 30:
        raise InputError.of(f"no table has {rows} x {columns} crates at {tilt} degrees", hint="at least 1, and 0 to 30")
    a = np.radians(tilt)
    step = (CRATE[0] + 0.012) * np.cos(a)
    rise = (CRATE[0] + 0.012) * np.sin(a) + (0.06 if rows > 1 else 0.0)
    depth = rows * step + 0.03
    return depth, [(depth / 2 - 0.012 - k * step, height + k * rise) for k in range(rows)]


def table_crates(
    columns: int = 3, rows: int = 2, tilt: float = 14.0, height: float = 0.55, canopy: bool = False, seed: int = 0
) -> list[ShelfSpace]:
    """Where a crate may stand on `retail.produce_table` of the same parameters, row by row from the front, -Y first."""
    _, edges = _rows(rows, tilt, height, columns)
    pitch, a = CRATE[1] + 0.01, float(np.radians(tilt))
    found = []
    for x, z in edges:
        for k in range(columns):
            y = (k - (columns - 1) / 2) * pitch
            tag = (x + 0.0062 + RAIL_BACK, y, z + 0.03 - RAIL_HEIGHT / 2)
            found.append(ShelfSpace(x - 0.004, y, z, 0.0, CRATE[1] + 0.004, CRATE[0] + 0.004, 0.4, tag, 0.0, a))
    return found


@mesh_generator("retail.produce_table")
def produce_table(
    columns: int = 3, rows: int = 2, tilt: float = 14.0, height: float = 0.55, canopy: bool = False, seed: int = 0
) -> Mesh:
    """A table that slopes towards +X and carries columns x rows crates of 600 x 400 mm.

    tilt: of its boards, degrees; height: of the front edge. canopy: a sign board on posts behind, UVs 0..1. seed: legs,
    boards, panels.

    Slots: wood, metal, rail, side, header. Raises InputError for a table without crates, or too steep.
    """
    depth, edges = _rows(rows, tilt, height, columns)
    rng = np.random.default_rng([seed, 91])
    b = MeshBuilder("wood", "metal", "rail", "side", "header")
    half, a = columns * (CRATE[1] + 0.01) / 2, np.radians(tilt)
    c, s = float(np.cos(a)), float(np.sin(a))
    closed = bool(rng.random() < 0.5)
    slats = int(rng.integers(3, 7))
    for x, z in edges:
        with b.at((x, 0.0, z), (c, 0, -s), (0, 1, 0), (s, 0, c)):
            deep = CRATE[0] + 0.006
            gap = deep / slats
            for k in range(slats):
                low = -deep + k * gap
                b.chamfered(
                    low + 0.003,
                    low + gap - 0.003,
                    -half + 0.001,
                    half - 0.001,
                    -0.018,
                    0.0,
                    0.003,
                    "wood",
                    random=float(rng.random()),
                )
            b.chamfered(-deep + 0.01, -0.006, -half + 0.02, -half + 0.06, -0.045, -0.0178, 0.003, "metal")
            b.chamfered(-deep + 0.01, -0.006, half - 0.06, half - 0.02, -0.045, -0.0178, 0.003, "metal")
        b.chamfered(x - 0.014, x + 0.006, -half, half, z - 0.05, z + 0.035, 0.004, "wood", random=float(rng.random()))
        rail(b, x + 0.006, z + 0.03, -half + 0.004, half - 0.004, "rail")
    front, back = edges[0], edges[-1]
    rear = (-depth / 2 + 0.03, back[1] + CRATE[0] * s)
    legs = np.linspace(-half + 0.05, half - 0.05, max(2, round(columns / 2) + 1))
    if closed:
        line = [(front[0] - 0.05, 0.08), (front[0] - 0.02, front[1] - 0.06)]
        b.chamfered(-depth / 2 + 0.06, front[0] - 0.06, -half + 0.06, half - 0.06, 0.0, 0.08, 0.004, "metal")
        b.chamfered(
            -depth / 2 + 0.02, line[0][0] + 0.02, -half + 0.01, half - 0.01, 0.079, front[1] - 0.055, 0.006, "side"
        )
        planks = np.arange(0.09, front[1] - 0.15, 0.1)
        for z in planks if rng.random() < 0.6 else ():
            x = line[0][0] + 0.02
            b.chamfered(
                x - 0.002,
                x + 0.016,
                -half + 0.004,
                half - 0.004,
                z,
                z + 0.094,
                0.004,
                "wood",
                random=float(rng.random()),
            )
    for y in legs:
        w = 0.02
        if not closed:
            b.chamfered(front[0] - 0.075, front[0] - 0.035, y - w, y + w, 0.0, front[1] - 0.04, 0.003, "metal")
        b.chamfered(
            rear[0] - 0.02, rear[0] + 0.02, y - w, y + w, 0.0 if not closed else 0.08, rear[1] - 0.06, 0.003, "metal"
        )
        x0, z0, x1, z1 = rear[0] + 0.01, rear[1] - 0.09, front[0] - 0.08, front[1] - 0.07
        spar = [(x0, z0), (x1, z1), (x1, z1 + 0.035), (x0, z0 + 0.035)]
        extruded(b, spar, y - 0.015, y + 0.015, "metal")
    b.chamfered(
        -depth / 2,
        -depth / 2 + 0.018,
        -half,
        half,
        back[1] - 0.05,
        rear[1] + 0.12,
        0.004,
        "wood",
        random=float(rng.random()),
    )
    if canopy:
        top = float(rng.uniform(1.6, 2.0))
        x = -depth / 2 + 0.036
        ends = [(x, side * half * 0.85, rear[1] - 0.1) for side in (-1, 1)]
        rods(b, ends, [(q[0], q[1], top + 0.1) for q in ends], 0.014, "metal", sides=12)
        faced(b, (x + 0.012, x + 0.02), (-half * 0.95, half * 0.95), (top - 0.2, top + 0.15), "side", "header")
    return b.mesh()


def crate_space(style: str = "plastic", height: float = 0.18, seed: int = 0) -> ShelfSpace:
    """Where goods may lie in `retail.crate` of the same parameters: up to its rim.

    Posts take up the corners of a wooden one, 25 mm along its sides.
    """
    wall = 0.014 if style == "plastic" else 0.012
    floor = 0.012 if style == "plastic" else 0.018
    x, y = CRATE[0] / 2 - wall, CRATE[1] / 2 - wall
    return ShelfSpace(x, 0.0, floor, 0.0, 2 * y, 2 * x, height - floor, None)


@mesh_generator("retail.crate")
def crate(style: str = "plastic", height: float = 0.18, seed: int = 0) -> Mesh:
    """A crate of 600 x 400 mm for fruit, long along Y: plastic (walls with slots, grips in the ends) or wood (slats).

    seed: its slots and slats. Slots: body, wood. Raises InputError for another style.
    """
    if style not in ("plastic", "wood"):
        raise InputError.of(f"no crate is {style!r}", hint="plastic or wood")
    rng = np.random.default_rng([seed, 92])
    b = MeshBuilder("body", "wood")
    x, y = CRATE[0] / 2, CRATE[1] / 2
    (_plastic_crate if style == "plastic" else _wooden_crate)(b, x, y, height, rng)
    return b.mesh()


def _plastic_crate(b: MeshBuilder, x: float, y: float, h: float, rng: np.random.Generator) -> None:
    wall = 0.004
    rim, foot = float(rng.uniform(0.02, 0.04)), float(rng.uniform(0.02, 0.035))
    pitch, rows = float(rng.uniform(0.022, 0.045)), int(rng.integers(1, 4))
    b.prism(rectangle(-x + 0.008, x - 0.008, -y + 0.008, y - 0.008, 0.015), 0.0, 0.012, "body")
    outer, inner = (
        rectangle(-x + 0.006, x - 0.006, -y + 0.006, y - 0.006, 0.018),
        rectangle(-x + 0.0105, x - 0.0105, -y + 0.0105, y - 0.0105, 0.0135),
    )
    lip = rectangle(-x, x, -y, y, 0.024)
    ring(b, outer, inner, 0.0025, foot, "body")
    ring(b, lip, inner, h - rim * 0.4, h, "body")
    ring(b, outer, inner, h - rim, h - rim * 0.4 - 0.0003, "body")
    levels = np.linspace(foot, h - rim, rows + 1)
    for z in levels[1:-1]:
        ring(b, outer, inner, z - 0.006, z + 0.006, "body")
    low, high = foot - 0.001, h - rim + 0.001
    for sign in (-1, 1):
        along = np.arange(-y + 0.048, y - 0.045, pitch)
        a, c = sorted((sign * (x - 0.0068), sign * (x - 0.0068 - wall + 0.001)))
        b.boxes(a, c, along, along + 0.4 * pitch, low, high, "body")
        across = np.arange(-x + 0.045, x - 0.042, pitch)
        across = across[np.abs(across + 0.2 * pitch) > 0.06] if h > 0.12 else across
        a, c = sorted((sign * (y - 0.0068), sign * (y - 0.0068 - wall + 0.001)))
        b.boxes(across, across + 0.4 * pitch, a, c, low, high, "body")
    for sx in (-1, 1):
        for sy in (-1, 1):
            x0, x1 = sorted((sx * (x - 0.0072), sx * (x - 0.032)))
            y0, y1 = sorted((sy * (y - 0.0072), sy * (y - 0.0091)))
            b.boxes(x0, x1, y0, y1, low, high, "body")
            x0, x1 = sorted((sx * (x - 0.0076), sx * (x - 0.0091)))
            y0, y1 = sorted((sy * (y - 0.0104), sy * (y - 0.034)))
            b.boxes(x0, x1, y0, y1, low, high, "body")


def _wooden_crate(b: MeshBuilder, x: float, y: float, h: float, rng: np.random.Generator) -> None:
    thick, slats = 0.008, int(rng.integers(2, 4))
    for sx in (-1, 1):
        for sy in (-1, 1):
            post = [
                (sx * (x - 0.0085), sy * (y - 0.0085)),
                (sx * (x - 0.036), sy * (y - 0.0085)),
                (sx * (x - 0.0085), sy * (y - 0.036)),
            ]
            order = post if sx * sy > 0 else post[::-1]
            b.prism(np.array(order), 0.0, h + 0.0, "wood", random=float(rng.random()))
    gap = (h - 0.012) / slats
    for k in range(slats):
        low, high = 0.008 + k * gap, 0.008 + k * gap + gap * float(rng.uniform(0.66, 0.8))
        for sign in (-1, 1):
            a, c = sorted((sign * x, sign * (x - thick)))
            b.chamfered(a, c, -y + 0.0085, y - 0.0085, low, high, 0.0012, "wood", random=float(rng.random()))
            a, c = sorted((sign * y, sign * (y - thick)))
            b.chamfered(
                -x + 0.0005, x - 0.0005, a, c, low + 0.001, high - 0.001, 0.0012, "wood", random=float(rng.random())
            )
    boards = np.linspace(-x + 0.012, x - 0.012, int(rng.integers(4, 7)))
    for low, high in pairwise(boards):
        b.chamfered(
            low + 0.002, high - 0.002, -y + 0.009, y - 0.009, 0.0105, 0.018, 0.001, "wood", random=float(rng.random())
        )
