"""Bodies set down on one another in a heap, each as low as it gets: where physics begins, so that nothing falls far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.convex.hull import planes
from synthgen.scene.pose import Matrix
from synthgen.scene.spec import rounded

Floats = NDArray[np.float64]

_CELL = 0.004
"""Metres between two columns of the field of heights."""

_TURNS, _PLACES = 3, 12
"""Turns and places of each that a body is tried in; it takes the lowest."""

_MOST_TURNS = 40
"""Turns after which a body that does not fit between the walls is left out."""

_STEEP = 1e-3


def heaped(
    hulls: Sequence[Floats], size: tuple[float, float], rng: np.random.Generator, *, top: float = np.inf
) -> dict[int, Matrix]:
    """A start (3x4 row-major) for each hull (N, 3) that has room, by its place in the list.

    They lie in one another nowhere, within x, y = 0 to `size` metres, on z = 0. A body that fits in no turn is left
    out, and so is all that comes after one whose middle would be higher than `top` metres.
    """
    sides = {id(hull): planes(hull) for hull in hulls}
    field = np.zeros((max(1, int(size[0] / _CELL)), max(1, int(size[1] / _CELL))))
    found: dict[int, Matrix] = {}
    for k, hull in enumerate(hulls):
        tried = 0
        best: tuple[float, Floats, Floats, tuple[int, int], float] | None = None
        for _ in range(_MOST_TURNS):
            turn = _turn(rng)
            points = hull @ turn.T
            low = points.min(axis=0)
            extent = np.ptp(points, axis=0)
            cells = (int(np.ceil(extent[0] / _CELL)), int(np.ceil(extent[1] / _CELL)))
            if cells[0] > field.shape[0] or cells[1] > field.shape[1]:
                continue
            bottom, upper = _profile(sides[id(hull)], turn, low, cells)
            for _ in range(_PLACES):
                at = tuple(int(rng.integers(n - c + 1)) for n, c in zip(field.shape, cells, strict=True))
                below = field[at[0] : at[0] + cells[0], at[1] : at[1] + cells[1]]
                z = float((below - bottom).max())
                middle = z + extent[2] / 2
                if best is None or middle < best[0]:
                    origin = np.array([at[0] * _CELL, at[1] * _CELL, z]) - low
                    best = (middle, np.column_stack([turn, origin]), upper, (at[0], at[1]), z)
            tried += 1
            if tried == _TURNS:
                break
        if best is None:
            continue
        middle, matrix, upper, (i, j), z = best
        if middle > top:
            break
        view = field[i : i + upper.shape[0], j : j + upper.shape[1]]
        np.maximum(view, z + upper, out=view)
        found[k] = rounded(tuple(matrix.ravel().tolist()))
    return found


def _profile(sides: Floats, turn: Floats, low: Floats, cells: tuple[int, int]) -> tuple[Floats, Floats]:
    """The lowest and the highest of a turned hull over each cell, from its lowest point; where it is not: inf, -inf."""
    normals = sides[:, :3] @ turn.T
    # Moved so that the lowest corner is the origin, and out by half a cell, which the cell's middle then stands for.
    offsets = sides[:, 3] + normals @ low - _CELL / 2 * np.abs(normals[:, :2]).sum(axis=1)
    x, y = np.meshgrid(*((np.arange(n) + 0.5) * _CELL for n in cells), indexing="ij")
    level = normals[:, 0, None, None] * x + normals[:, 1, None, None] * y + offsets[:, None, None]
    nz = normals[:, 2]
    up, down = nz > _STEEP, nz < -_STEEP
    upper = (-level[up] / nz[up, None, None]).min(axis=0)
    bottom = (-level[down] / nz[down, None, None]).max(axis=0)
    inside = upper >= bottom
    upright = ~(up | down)
    if upright.any():
        inside &= (level[upright] <= 0).all(axis=0)
    bottom, upper = np.maximum(bottom, 0.0), np.minimum(upper, upper[inside].max())
    return np.where(inside, bottom, np.inf), np.where(inside, upper, -np.inf)


def _turn(rng: np.random.Generator) -> Floats:
    """(3, 3) a random rotation, evenly drawn."""
    w, x, y, z = (q := rng.normal(size=4)) / np.linalg.norm(q)
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip
