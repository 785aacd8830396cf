"""Is a view worth rendering? A coarse grid of rays against the boxes of what stands in the scene.

Boxes, not meshes: the check needs no file and costs a few milliseconds. It is a filter against useless pictures (a
camera inside a van, an empty street), not a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.scene.pose import array
from synthgen.scene.spec import Camera
from synthgen.scene.stage import Solid

GRID = (64, 36)
"""Rays across and down."""

_BEHIND = 1e-3
_PAIRS = 40_000
"""Boxes and rays that are tested at a time."""


@dataclass(frozen=True, slots=True)
class Checks:
    """nearest: metres that nothing may come nearer than. largest_thing: share of the picture one thing may cover.
    min_things: things that must be in view. attempts: cameras that may be drawn for one view."""

    nearest: float = 0.3
    largest_thing: float = 0.6
    min_things: int = 3
    attempts: int = 20


class Solids:
    """The boxes of a scene, packed for casting."""

    def __init__(self, solids: Sequence[Solid]):
        self.numbers = np.array([s.number for s in solids], dtype=np.int64)
        self.low = np.array([s.low for s in solids], dtype=np.float64).reshape(-1, 3)
        self.high = np.array([s.high for s in solids], dtype=np.float64).reshape(-1, 3)
        matrices = np.array([s.transform for s in solids], dtype=np.float64).reshape(-1, 3, 4)
        self.inverse = inverses(matrices[:, :, :3])
        self.origin = matrices[:, :, 3]
        pick = np.array([[(k >> a) & 1 for a in range(3)] for k in range(8)], dtype=bool)
        local = np.where(pick[None], self.high[:, None], self.low[:, None])
        self.corners = np.einsum("nij,nkj->nki", matrices[:, :, :3], local) + self.origin[:, None]

    def cast(self, camera: Camera, size: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """First hit of each ray of the grid: (36, 64) numbers (0 where nothing) and distances in metres (inf there)."""
        across, down = GRID
        fx, fy, cx, cy = camera.intrinsics
        matrix = array(camera.cam_to_world)
        u = (np.arange(across) + 0.5) * size[0] / across - 0.5
        v = (np.arange(down) + 0.5) * size[1] / down - 0.5
        rays = np.stack(
            [
                np.broadcast_to((u - cx) / fx, (down, across)),
                np.broadcast_to(((v - cy) / fy)[:, None], (down, across)),
                np.ones((down, across)),
            ],
            axis=-1,
        )
        rays = rays / np.linalg.norm(rays, axis=-1, keepdims=True) @ matrix[:, :3].T
        eye = matrix[:, 3]
        windows = self._windows((self.corners - eye) @ matrix[:, :3], camera, size)
        numbers, distances = np.zeros(down * across, dtype=np.int64), np.full(down * across, np.inf)
        seen = np.flatnonzero((windows[:, 0] < windows[:, 1]) & (windows[:, 2] < windows[:, 3]))
        for boxes, cells in _pairs(seen, windows[seen]):
            hit = self._enter(boxes, eye, rays.reshape(-1, 3)[cells])
            before = distances.copy()
            np.minimum.at(distances, cells, hit)
            # Of boxes at one distance the first has it: the last that is written stays.
            first = np.flatnonzero((hit == distances[cells]) & (hit < before[cells]))[::-1]
            numbers[cells[first]] = self.numbers[boxes[first]]
        return numbers.reshape(down, across), distances.reshape(down, across)

    def _windows(self, corners: NDArray[np.float64], camera: Camera, size: tuple[int, int]) -> NDArray[np.int64]:
        """(N, 4) columns from, to, rows from, to of the grid that each box may cover; from >= to where none."""
        fx, fy, cx, cy = camera.intrinsics
        depth = corners[:, :, 2]
        whole = (depth > _BEHIND).all(axis=1)
        safe = np.where(depth > _BEHIND, depth, 1.0)
        out = np.zeros((len(corners), 4), dtype=np.int64)
        for k, (f, c, axis) in enumerate(((fx, cx, 0), (fy, cy, 1))):
            cell = (corners[:, :, axis] / safe * f + c + 0.5) * GRID[k] / size[k] - 0.5
            out[:, 2 * k] = np.clip(np.ceil(cell.min(axis=1)), 0, GRID[k])
            out[:, 2 * k + 1] = np.clip(np.floor(cell.max(axis=1)) + 1, 0, GRID[k])
        crossing = ~whole & (depth > _BEHIND).any(axis=1)
        out[crossing] = (0, GRID[0], 0, GRID[1])
        out[~whole & ~crossing] = 0
        return out

    def _enter(
        self, boxes: NDArray[np.int64], eye: NDArray[np.float64], rays: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(P,) distances at which the ray of each pair enters its box; 0 from inside; inf where it misses."""
        start = np.einsum("nij,nj->ni", self.inverse, eye - self.origin)[boxes]
        steps = np.einsum("pij,pj->pi", self.inverse[boxes], rays)
        with np.errstate(divide="ignore", invalid="ignore"):
            one = (self.low[boxes] - start) / steps
            two = (self.high[boxes] - start) / steps
        enter = np.fmax.reduce(np.fmin(one, two), axis=-1)
        leave = np.fmin.reduce(np.fmax(one, two), axis=-1)
        return np.where((leave >= enter) & (leave > 0), np.maximum(enter, 0.0), np.inf)


def _pairs(
    boxes: NDArray[np.int64], windows: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Boxes with the cells of the grid in their windows, (P,) each, some ten thousand pairs at a time."""
    wide = windows[:, 1] - windows[:, 0]
    areas = wide * (windows[:, 3] - windows[:, 2])
    ends = np.cumsum(areas)
    at = 0
    while at < len(boxes):
        done = ends[at - 1] if at else 0
        to = max(at + 1, int(np.searchsorted(ends, done + _PAIRS, side="right")))
        k = np.repeat(np.arange(at, to), areas[at:to])
        inside = np.arange(len(k)) - (ends[k] - areas[k] - done)
        row, column = np.divmod(inside, wide[k])
        yield boxes[k], (windows[k, 2] + row) * GRID[0] + windows[k, 0] + column
        at = to


def inverses(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 3, 3) of as many; by cross products, since LAPACK takes them one by one."""
    x, y, z = (matrices[:, :, k] for k in range(3))
    rows = np.stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)], axis=1)
    inverse: NDArray[np.float64] = rows / np.einsum("ni,ni->n", x, rows[:, 0])[:, None, None]
    return inverse


def findings(
    solids: Solids, camera: Camera, size: tuple[int, int], checks: Checks, things: frozenset[int]
) -> dict[str, str]:
    """What is wrong with a view: the failing check -> a sentence; empty where it is good.

    things: numbers of the instances that count as things.
    """
    numbers, distances = solids.cast(camera, size)
    wrong: dict[str, str] = {}
    nearest = float(distances.min())
    if nearest < checks.nearest:
        wrong["nearest"] = f"something is {nearest:.2f} m away, nearer than checks.nearest ({checks.nearest} m)"
    seen, counts = np.unique(numbers, return_counts=True)
    shares = {int(n): c / numbers.size for n, c in zip(seen, counts, strict=True) if int(n) in things}
    largest = max(shares.values(), default=0.0)
    if largest > checks.largest_thing:
        wrong["largest_thing"] = (
            f"one thing covers {largest:.0%} of the picture, over checks.largest_thing ({checks.largest_thing})"
        )
    if len(shares) < checks.min_things:
        wrong["min_things"] = f"{len(shares)} things are in view, fewer than checks.min_things ({checks.min_things})"
    return wrong
