"""Cloth that spans a frame: sheets with a thickness, and tubs such as a cot or a bag, as closed smooth solids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index


def add_sheet(b: MeshBuilder, grid: Array, thick: float, slot: str, *, back: str = "") -> None:
    """A closed sheet whose one side is a grid (R, C, 3).

    The grid's side is the one that sees its rows run away and its columns to the left; thick: metres to its other
    side, below 0 where the grid is the inner side. back: slot of that other side, the same where none is given.
    """
    normal = _normals(grid, closed=False)
    other = grid - normal * thick
    front, behind = (grid, other) if thick > 0 else (other, grid)
    names = (slot, back or slot)
    _skin(b, front, normal, names[0])
    _skin(b, behind[:, ::-1], -normal[:, ::-1], names[1])
    ends = [
        (front[0, :-1], front[0, 1:], behind[0, 1:], behind[0, :-1]),
        (front[-1, 1:], front[-1, :-1], behind[-1, :-1], behind[-1, 1:]),
        (front[1:, 0], front[:-1, 0], behind[:-1, 0], behind[1:, 0]),
        (front[:-1, -1], front[1:, -1], behind[1:, -1], behind[:-1, -1]),
    ]
    for end in ends:
        b.quads(np.stack(end, axis=1), names[0])


def add_tub(b: MeshBuilder, rings: Array, slots: Sequence[str], floor: str) -> None:
    """A closed tub over convex rings (R, N, 3), counter-clockwise seen from above: from the edge of its foot up its
    outside, over the rim and down its inside. slots: of each strip between two rings; floor: of the inside's."""
    normal = _normals(rings, closed=True)
    low, high = (np.broadcast_to((0.0, 0.0, z), rings[0].shape) for z in (-1.0, 1.0))
    count = rings.shape[1]
    wrapped = np.concatenate([rings, rings[:, :1]], axis=1).transpose(1, 0, 2)
    turned = np.concatenate([normal, normal[:, :1]], axis=1).transpose(1, 0, 2)
    start = 0
    for stop in range(1, len(slots) + 1):
        if stop == len(slots) or slots[stop] != slots[start]:
            _skin(b, wrapped[:, start : stop + 1], turned[:, start : stop + 1], slots[start])
            start = stop
    fan = np.stack([np.zeros(count - 2, int), np.arange(1, count - 1), np.arange(2, count)], axis=1)
    b.triangles(rings[0], fan[:, ::-1], slots[0], normals=low, uvs=rings[0][:, :2])
    b.triangles(rings[-1], fan, floor, normals=high, uvs=rings[-1][:, :2])


def _normals(grid: Array, *, closed: bool) -> Array:
    """(R, C, 3) across rows and columns; closed: the last column is followed by the first."""
    down = np.gradient(grid, axis=0)
    along = np.roll(grid, -1, axis=1) - np.roll(grid, 1, axis=1) if closed else np.gradient(grid, axis=1)
    normal = np.cross(along, down) if closed else np.cross(down, along)
    found: Array = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    return found


def _skin(b: MeshBuilder, grid: Array, normals: Array, slot: str) -> None:
    """Smooth faces over a grid (R, C, 3), seen from where its rows run away and its columns to the left."""
    rows, columns = grid.shape[:2]
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    a: Index = (i * columns + j).ravel()
    faces = np.concatenate([np.stack([a, a + columns, a + columns + 1], 1), np.stack([a, a + columns + 1, a + 1], 1)])

    def metres(axis: int) -> Array:
        step = np.linalg.norm(np.diff(grid, axis=axis), axis=-1).mean(axis=1 - axis)
        return np.concatenate([[0.0], np.cumsum(step)])

    uvs = np.stack(np.meshgrid(metres(0), metres(1), indexing="ij"), axis=-1)
    b.triangles(grid.reshape(-1, 3), faces, slot, normals=normals.reshape(-1, 3), uvs=uvs.reshape(-1, 2))
