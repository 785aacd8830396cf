"""The shell of a shop: floor, walls with their skirting and band, a ceiling grid, doors in the front wall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

SKIRTING = (0.012, 0.1)
"""How far it stands out from the wall, and how high it is, metres."""

BAND_OUT = 0.008

PLENUM = 0.3
"""How far over the ceiling's grid the dark above it is, metres."""


@mesh_generator("retail.shop_floor")
def shop_floor(width: float = 14.0, depth: float = 20.0) -> Mesh:
    """A floor from -width/2 to width/2 along X and 0 to depth along Y at z = 0; UVs are metres. Slot: floor."""
    b = MeshBuilder("floor")
    x = width / 2
    b.quads([[(-x, 0, 0), (x, 0, 0), (x, depth, 0), (-x, depth, 0)]], "floor",
            uvs=[[(-x, 0), (x, 0), (x, depth), (-x, depth)]])  # fmt: skip
    return b.mesh()


@mesh_generator("retail.shop_walls")
def shop_walls(
    width: float = 14.0, depth: float = 20.0, height: float = 3.6, band: float = 0.4, band_from: float = 2.5
) -> Mesh:
    """Four walls seen from inside, around the floor of `retail.shop_floor`, 0.5 m higher than the ceiling at `height`.

    band: height of a coloured band on all of them that begins at `band_from`; 0 for none. UVs are metres.

    Slots: wall, skirting, band.
    """
    b = MeshBuilder("wall", "skirting", "band")
    x, top = width / 2, height + 0.5
    corners = np.array([(-x, 0.0), (x, 0.0), (x, depth), (-x, depth)])
    b.walls(corners[::-1], 0.0, top, "wall")
    t, high = SKIRTING
    for out, low, up, slot in ((t, 0.0, high, "skirting"), (BAND_OUT, band_from, band_from + band, "band")):
        if up <= low or low >= height:
            continue
        for x0, x1, y0, y1 in (
            (-x + 0.0005, x - 0.0005, 0.0005, out), (-x + 0.0005, x - 0.0005, depth - out, depth - 0.0005),
            (-x + 0.0005, -x + out, out + 0.0005, depth - out - 0.0005),
            (x - out, x - 0.0005, out + 0.0005, depth - out - 0.0005),
        ):  # fmt: skip
            b.chamfered(x0, x1, y0, y1, low + 0.0005, min(up, top), 0.002, slot)
    return b.mesh()


@mesh_generator("retail.grid_ceiling", version=2)
def grid_ceiling(
    width: float = 14.0,
    depth: float = 20.0,
    pitch: float = 0.6,
    bar: float = 0.024,
    holes: Sequence[tuple[int, int]] = (),
    seed: int = 0,
) -> Mesh:
    """A ceiling of mineral tiles in a grid over the floor of `retail.shop_floor`; the grid's underside is z = 0.

    holes: (column, row) of fields that are left out, bars and all, for luminaires and fittings; field (i, j) lies at
    (i - columns/2, j) pitches (see `grid_fields`). Fields at the walls are cut. Over the grid it is dark. seed: how
    tiles lie. UVs are metres.

    Slots: tile, grid, dark.
    """
    rng = np.random.default_rng([seed, 121])
    b = MeshBuilder("tile", "grid", "dark")
    x0, x1, y0, y1 = _fields(width, depth, pitch)
    nx, ny = len(x0), len(y0)
    column, row = (v.ravel() for v in np.meshgrid(np.arange(nx), np.arange(ny), indexing="ij"))
    left_out = {(int(i), int(j)) for i, j in holes}
    kept = np.array([(i, j) not in left_out for i, j in zip(column.tolist(), row.tolist(), strict=True)])
    a, c, d, e = x0[column][kept], x1[column][kept], y0[row][kept], y1[row][kept]
    n = len(a)
    lift = 0.0016 + np.abs(rng.normal(0.0, 0.0012, (n, 4))) * (rng.random((n, 1)) < 0.25)
    _facing_down(b, a, c, d, e, lift, "tile", rng.random(n))
    left, right, near, far = (np.array([v]) for v in (-width / 2, width / 2, 0.0, depth))
    _facing_down(b, left, right, near, far, np.full((1, 4), PLENUM), "dark", np.zeros(1))
    half = bar / 2
    for low, high, along in ((a, c, "x"), (d, e, "y")):
        for edge, inner in ((low, low + half), (high - half, high)):
            if along == "x":
                _facing_down(b, edge, inner, d, e, np.zeros((n, 4)), "grid", np.zeros(n))
            else:
                _facing_down(b, a + half, c - half, edge, inner, np.zeros((n, 4)), "grid", np.zeros(n))
    return b.mesh()


def grid_fields(width: float, depth: float, pitch: float) -> tuple[Array, Array, Array, Array]:
    """x from, x to (one per column), y from, y to (one per row) of the fields of `retail.grid_ceiling`, metres."""
    return _fields(width, depth, pitch)


def _fields(width: float, depth: float, pitch: float) -> tuple[Array, Array, Array, Array]:
    nx = int(np.ceil(width / pitch / 2 - 1e-9)) * 2
    ny = int(np.ceil(depth / pitch - 1e-9))
    x = np.clip((np.arange(nx + 1) - nx / 2) * pitch, -width / 2, width / 2)
    y = np.clip(np.arange(ny + 1) * pitch, 0.0, depth)
    return x[:-1], x[1:], y[:-1], y[1:]


def _facing_down(
    b: MeshBuilder, x0: Array, x1: Array, y0: Array, y1: Array, z: Array, slot: str, random: Array
) -> None:
    """Rectangles that look down; z (N, 4): heights of their corners (x0 y0), (x0 y1), (x1 y1), (x1 y0)."""
    sound = (x1 - x0 > 2e-3) & (y1 - y0 > 2e-3)
    x0, x1, y0, y1, z, random = (v[sound] for v in (x0, x1, y0, y1, z, random))
    corners = np.stack(
        [np.stack([x, y, z[:, k]], axis=1) for k, (x, y) in enumerate(((x0, y0), (x0, y1), (x1, y1), (x1, y0)))], axis=1
    )
    b.quads(corners, slot, uvs=corners[..., :2], random=random)


@mesh_generator("retail.shop_door")
def shop_door(width: float = 2.4, height: float = 2.3, leaves: int = 2, bar: float = 0.05, seed: int = 0) -> Mesh:
    """Glass doors in a frame that look along +X, flush with the wall behind them, daylight in their panes.

    seed: height of the middle bar, handles, the strip of a sign over them.

    Slots: frame, pane, dark, sign.
    """
    rng = np.random.default_rng([seed, 122])
    b = MeshBuilder("frame", "pane", "dark", "sign")
    half, out = width / 2, 0.06
    over = float(rng.uniform(0.18, 0.4))
    b.chamfered(0.0, out, -half, half, height - over, height, 0.004, "frame")
    b.chamfered(out, out + 0.006, -half * 0.9, half * 0.9, height - over * 0.85, height - over * 0.15, 0.002, "sign")
    middle = float(rng.uniform(0.85, 1.1))
    each = width / leaves
    for k in range(leaves):
        y0, y1 = -half + k * each, -half + (k + 1) * each
        z1 = height - over
        for a, c in ((y0 + 0.001, y0 + bar), (y1 - bar, y1 - 0.001)):
            b.chamfered(0.004, out - 0.012, a, c, 0.004, z1 - 0.001, 0.003, "frame")
        for low, high in ((0.004, 0.004 + 2 * bar), (middle, middle + bar), (z1 - bar, z1 - 0.001)):
            b.chamfered(0.005, out - 0.014, y0 + bar, y1 - bar, low, high, 0.003, "frame")
        for low, high in ((0.004 + 2 * bar, middle), (middle + bar, z1 - bar)):
            b.boxes(0.012, 0.022, y0 + bar, y1 - bar, low, high, "pane")
        side = 1 if k % 2 == 0 else -1
        at = (y1 if side > 0 else y0) - side * bar * 0.5
        b.chamfered(out - 0.013, out + 0.02, at - 0.012, at + 0.012, middle - 0.25, middle + 0.25, 0.005, "dark")
    return b.mesh()


@mesh_generator("retail.end_panel")
def end_panel(depth: float = 0.47, height: float = 2.0) -> Mesh:
    """A board that closes the end of a row of shelving, depth along X. Slot: side."""
    b = MeshBuilder("side")
    b.chamfered(-depth / 2, depth / 2 - 0.03, -0.009, 0.009, 0.0, height, 0.002, "side")
    return b.mesh()
