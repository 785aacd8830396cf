"""Cuts a surface into pieces that are nearly convex, and joins pieces whose common hull fills little open air.

The way of V-HACD (Mamou 2016) with another measure: not the hull's volume beyond the voxels of a solid, but the open
air (see `openness`) that a hull fills. Cutting looks one step ahead only, so it goes on until pieces are small;
joining finds walls, legs and seats again, because what lies in one plane joins at no cost.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.convex.hull import inside, planes, support
from synthgen.assets.convex.openness import Air, _sphere

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_DIRECTIONS = 96
_SMALL = 0.0005
"""Share of the whole hull's air: a piece that fills less is not cut further."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """triangles (T, 3, 3); corners (K, 3), a small stand-in for its hull; air: indices of the points it fills;
    cost: their weight."""

    triangles: Floats
    corners: Floats
    air: Ints
    cost: float


class Cutter:
    def __init__(self, air: Air):
        self.air = air
        self.directions = np.concatenate([np.eye(3), -np.eye(3), _sphere(_DIRECTIONS)])

    def piece(self, triangles: Floats, among: Ints) -> Piece:
        corners = support(triangles.reshape(-1, 3), self.directions)
        return self.of_corners(triangles, corners, among)

    def of_corners(self, triangles: Floats, corners: Floats, among: Ints) -> Piece:
        points = self.air.points[among]
        low, high = corners.min(axis=0), corners.max(axis=0)
        near = ((points >= low) & (points <= high)).all(axis=1)
        among = among[near]
        if len(among):
            among = among[inside(planes(corners), self.air.points[among])]
        return Piece(triangles, corners, among, float(self.air.weight[among].sum()))

    def cut(self, triangles: Floats, most: int) -> list[Piece]:
        """Cuts where it helps until no piece fills open air, or there are `most`."""
        whole = self.piece(triangles, np.arange(len(self.air.points)))
        open_ = [(-whole.cost, 0, whole)]
        done: list[Piece] = []
        count = 1
        while open_ and len(open_) + len(done) < most:
            _, _, piece = heapq.heappop(open_)
            halves = self.halve(piece) if piece.cost > _SMALL else None
            if halves is None:
                done.append(piece)
                continue
            for half in halves:
                heapq.heappush(open_, (-half.cost, count, half))
                count += 1
        return done + [p for _, _, p in sorted(open_, key=lambda row: row[1])]

    def halve(self, piece: Piece) -> tuple[Piece, Piece] | None:
        best: tuple[float, tuple[Piece, Piece]] | None = None
        extent = np.ptp(piece.corners, axis=0)
        for axis, at in candidates(piece.triangles):
            low, high = clip(piece.triangles, axis, at)
            if len(low) == 0 or len(high) == 0:
                continue
            halves = self.piece(low, piece.air), self.piece(high, piece.air)
            sizes = [np.ptp(h.corners, axis=0).max() for h in halves]
            # Where no cut helps at once, the one that halves the length.
            cost = (halves[0].cost + halves[1].cost) / piece.cost + 0.1 * max(sizes) / extent.max()
            if best is None or cost < best[0]:
                best = cost, halves
        return None if best is None else best[1]

    def join(self, pieces: list[Piece], most: int, spare: float) -> list[Piece]:
        """Joins the two whose hull fills the least more, while there are more than `most` or it is below `spare`."""
        alive: dict[int, Piece] = dict(enumerate(pieces))
        masks: dict[int, Flags] = {}
        everything = np.arange(len(self.air.points))
        queue: list[tuple[float, float, int, int]] = []
        joined: dict[tuple[int, int], Piece] = {}

        def mask(k: int) -> Flags:
            if k not in masks:
                row = np.zeros(len(everything), dtype=bool)
                row[alive[k].air] = True
                masks[k] = row
            return masks[k]

        def offer(i: int, j: int) -> None:
            a, b = alive[i], alive[j]
            corners = support(np.concatenate([a.corners, b.corners]), self.directions)
            both = self.of_corners(np.zeros((0, 3, 3)), corners, everything)
            had = float(self.air.weight[mask(i) | mask(j)].sum())
            joined[i, j] = both
            length = float(np.linalg.norm(np.ptp(corners, axis=0)))
            heapq.heappush(queue, (max(0.0, both.cost - had), length, i, j))

        names = sorted(alive)
        for n, i in enumerate(names):
            for j in names[n + 1 :]:
                offer(i, j)
        following = len(pieces)
        while len(alive) > 1 and queue:
            cost, _, i, j = heapq.heappop(queue)
            both = joined.pop((i, j))
            if i not in alive or j not in alive:
                continue
            if len(alive) <= most and cost > spare:
                break
            triangles = np.concatenate([alive[i].triangles, alive[j].triangles])
            del alive[i], alive[j]
            masks.pop(i, None), masks.pop(j, None)
            alive[following] = Piece(triangles, both.corners, both.air, both.cost)
            for k in sorted(alive):
                if k != following:
                    offer(k, following)
            following += 1
        return [alive[k] for k in sorted(alive)]


def candidates(triangles: Floats) -> list[tuple[int, float]]:
    """Planes across an axis that may be worth a cut: at quarters, and where large faces lie."""
    found = []
    vector = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    area = np.linalg.norm(vector, axis=1)
    low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
    longest = float((high - low).max())
    for axis in range(3):
        extent = float(high[axis] - low[axis])
        if extent < 0.02 * longest:
            continue
        places = [low[axis] + extent * q for q in (0.25, 0.5, 0.75)]
        facing = np.abs(vector[:, axis]) > 0.95 * area
        if facing.any():
            at = triangles[facing, :, axis].mean(axis=1)
            bins = np.clip(((at - low[axis]) / extent * 50).astype(int), 0, 49)
            total = np.bincount(bins, area[facing], minlength=50)
            for k in np.argsort(-total, kind="stable")[:4]:
                if total[k] > 0:
                    places.append(float((at[bins == k] * area[facing][bins == k]).sum() / total[k]))
        margin = 0.01 * extent
        found += [(axis, float(p)) for p in places if low[axis] + margin < p < high[axis] - margin]
    return found


def clip(triangles: Floats, axis: int, at: float) -> tuple[Floats, Floats]:
    """The parts of (T, 3, 3) triangles below and above a plane across an axis."""
    side = triangles[:, :, axis] > at
    above = side.sum(axis=1)
    low, high = [triangles[above == 0]], [triangles[above == 3]]
    for count, one_side, two_side in ((1, high, low), (2, low, high)):
        rows = np.flatnonzero(above == count)
        if len(rows) == 0:
            continue
        alone = np.argmax(side[rows], axis=1) if count == 1 else np.argmin(side[rows], axis=1)
        a, b, c = (triangles[rows, (alone + k) % 3] for k in range(3))
        ab, ac = _crossing(a, b, axis, at), _crossing(a, c, axis, at)
        one_side.append(np.stack([a, ab, ac], axis=1))
        two_side += [np.stack([ab, b, c], axis=1), np.stack([ab, c, ac], axis=1)]
    return np.concatenate(low), np.concatenate(high)


def _crossing(a: Floats, b: Floats, axis: int, at: float) -> Floats:
    share = ((at - a[:, axis]) / (b[:, axis] - a[:, axis]))[:, None]
    return a + (b - a) * share
