"""Simplifies a surface by drawing points together with a neighbour, many at a time.

Edge collapse ordered by quadrics (Garland and Heckbert 1997), but to one of the two ends, so that every point that
stays is one of the model's, with its normals and texture coordinates. A pass draws in as many points as share no
face: each is the cheapest around (Luby 1986). What a pass may not do: lose a piece, turn a face over, join what is
apart, blur a border of sheet, slot or texture, or let a point that is gone lie farther than `reach` from the surface.

Only comparing, sorting, bincount in the order of points, arithmetic and square roots: every processor gives the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.detail.near import distance
from synthgen.assets.detail.surface import Edges, Surface, edges_of, quadrics_of, strays
from synthgen.assets.polygons import cross, dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_TURN = 0.2
"""Least cosine between a face before and after."""

_LEAST = 2
"""Faces that a piece keeps."""

_SMALL = 16
_PASSES = 60
_SLOW, _IDLE = 0.003, 4
"""So many passes running that remove no more than this share of the faces are the last."""


class Simplifier:
    """A surface that gets coarser.

    corners: (F, 3) spots of the faces that are left; faces: (F,) which of the surface's faces they are; stand: (P,)
    the point that each point was drawn to.
    """

    def __init__(self, surface: Surface):
        self.surface = surface
        self.points = surface.points
        self.corners = surface.corners
        self.faces = np.arange(len(surface.corners))
        self.stand = np.arange(len(surface.points))
        self._quadric = quadrics_of(surface)
        self._gap = np.zeros(len(surface.points))
        self.piece = mend.islands(surface.point_of_spot[surface.corners], len(surface.points))
        self._banned = np.zeros(0, dtype=np.int64)

    @property
    def triangles(self) -> Ints:
        """(F, 3) points."""
        return self.surface.point_of_spot[self.corners]

    def likely_reach(self) -> float:
        """A reach that lets about half of the points go, metres."""
        edges = edges_of(self.corners, self.surface.point_of_spot, self.surface.slot[self.faces], len(self.points))
        u, v = np.concatenate([edges.low, edges.high]), np.concatenate([edges.high, edges.low])
        cost = strays(self._quadric[u], self.points[v])
        order = np.lexsort((cost, u))
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = u[order][1:] != u[order][:-1]
        cost = np.sort(cost[order[fresh]])
        return float(cost[len(cost) // 2])

    def run(self, reach: float, target: int) -> None:
        """Draws points together until there are `target` faces, or no more can go within `reach` metres."""
        self._banned = np.zeros(0, dtype=np.int64)
        idle = 0
        for _ in range(_PASSES):
            before = len(self.corners)
            tried = self._pass(reach, before - target)
            idle = idle + 1 if before - len(self.corners) < before * _SLOW else 0
            if len(self.corners) <= target or not tried or idle == _IDLE:
                break

    def _pass(self, reach: float, surplus: int) -> bool:
        """One pass; False where there was nothing to try."""
        count = len(self.points)
        triangles = self.triangles
        edges = edges_of(self.corners, self.surface.point_of_spot, self.surface.slot[self.faces], count)
        u, v = self._choices(edges, reach)
        if len(u) == 0:
            return False
        around = np.argsort(triangles.ravel(), kind="stable")
        degree = np.bincount(triangles.ravel(), minlength=count)
        start = np.cumsum(degree) - degree
        u, v = _apart(u, v, triangles, around, start, degree)
        # A pass removes about two faces a point: no more of them than are wanted.
        u, v = u[: max(1, surplus // 2 + 1)], v[: max(1, surplus // 2 + 1)]

        number = degree[u]
        row = np.repeat(np.arange(len(u)), number)
        step = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
        place = around[step + np.repeat(start[u], number)]
        face, turn = place // 3, place % 3
        dying = (triangles[face] == v[row][:, None]).any(axis=1)
        spot, good = self._spots(v, row, face, turn, dying)
        good &= self._whole(u, v, row, face, dying, triangles, edges)
        good &= ~self._turned(v, row[~dying], face[~dying], turn[~dying], triangles)
        some = good[row]
        gap = self._gap[u] + self._moved(v, row[some], face[some], turn[some], dying[some], triangles)
        good &= gap <= reach
        good &= self._faces_left(row, face, dying)
        self._banned = np.concatenate([self._banned, u[~good] * count + v[~good]])
        good &= self._first_in_piece(row, face, good)

        gone, to = u[good], v[good]
        spots = np.arange(len(self.surface.point_of_spot))
        mine = good[row] & ~dying
        spots[self.corners[face[mine], turn[mine]]] = spot[mine]
        self.corners = spots[self.corners]
        for column in range(self._quadric.shape[1]):
            self._quadric[:, column] += np.bincount(to, self._quadric[gone, column], minlength=count)
        np.maximum.at(self._gap, to, gap[good])
        self.stand[gone] = to
        dead = np.zeros(len(self.corners), dtype=bool)
        dead[face[good[row] & dying]] = True
        self.corners, self.faces = self.corners[~dead], self.faces[~dead]
        return True

    def _choices(self, edges: Edges, reach: float) -> tuple[Ints, Ints]:
        """For each point that may go, the neighbour that it costs least to draw it to; cheapest first."""
        count = len(self.points)
        u, v = np.concatenate([edges.low, edges.high]), np.concatenate([edges.high, edges.low])
        sides = np.tile(edges.sides, 2)
        total = np.bincount(u, sides, minlength=count).astype(np.int64)
        # All patches around u must have a border along the edge, or u must be on none.
        allowed = 2 * sides == total[u]
        if len(self._banned):
            allowed &= ~np.isin(u * count + v, self._banned)
        u, v = u[allowed], v[allowed]
        apart = self.points[u] - self.points[v]
        cost = strays(self._quadric[u] + self._quadric[v], self.points[v])
        near = cost + self._gap[u] <= reach
        # Where the surface is plane, short edges first.
        cost = cost[near] + 1e-3 * np.sqrt(dot(apart[near], apart[near]))
        u, v = u[near], v[near]
        order = np.lexsort((v, cost, u))
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = u[order][1:] != u[order][:-1]
        best = order[fresh]
        best = best[np.argsort(cost[best], kind="stable")]
        return u[best], v[best]

    def _whole(self, u: Ints, v: Ints, row: Ints, face: Ints, dying: Flags, triangles: Ints, edges: Edges) -> Flags:
        """Link condition: the common neighbours of u and v are those of the faces that die."""
        count = len(self.points)
        ring = triangles[face].ravel()
        rows = np.repeat(row, 3)
        other = (ring != u[rows]) & (ring != v[rows])
        pair = np.unique(rows[other] * count + ring[other])
        rows, ring = pair // count, pair % count
        key = np.minimum(v[rows], ring) * count + np.maximum(v[rows], ring)
        at = np.minimum(np.searchsorted(edges.key, key), len(edges.key) - 1)
        common = np.bincount(rows, edges.key[at] == key, minlength=len(u))
        result: Flags = common == np.bincount(row, dying, minlength=len(u))
        return result

    def _spots(self, v: Ints, row: Ints, face: Ints, turn: Ints, dying: Flags) -> tuple[Ints, Flags]:
        """The spot at v that each spot at u becomes, as the dying faces join them; and where that is clear."""
        own = self.corners[face, turn]
        corner = self.corners[face[dying]]
        at_v = np.argmax(self.surface.point_of_spot[corner] == v[row[dying]][:, None], axis=1)
        theirs = corner[np.arange(len(corner)), at_v]
        table = np.full(len(self.surface.point_of_spot), -1, dtype=np.int64)
        table[own[dying]] = theirs
        spot = table[own]
        unclear = spot < 0
        unclear[dying] |= spot[dying] != theirs
        return spot, np.bincount(row, unclear, minlength=len(v)) == 0

    def _turned(self, v: Ints, row: Ints, face: Ints, turn: Ints, triangles: Ints) -> Flags:
        """Does a face around u turn over, or lose its area, once it ends at v?"""
        a, b, c = (self.points[triangles[face, (turn + k) % 3]] for k in range(3))
        new = self.points[v[row]]
        before, after = cross(b - a, c - a), cross(b - new, c - new)
        size = np.sqrt(dot(before, before) * dot(after, after))
        turned = (dot(before, after) < _TURN * size) | (dot(after, after) < 4e-20)
        return np.bincount(row, turned, minlength=len(v)) > 0

    def _moved(self, v: Ints, row: Ints, face: Ints, turn: Ints, dying: Flags, triangles: Ints) -> Floats:
        """How far the surface around each u moves once its faces end at v.

        Measured at u, at the middles of the edges of the old and the new faces, and at the middles of the new ones.
        """
        a, b, c = (self.points[triangles[face, (turn + k) % 3]] for k in range(3))
        live = np.flatnonzero(~dying)
        new, nb, nc, rows = self.points[v[row[live]]], b[live], c[live], row[live]
        gap = np.zeros(len(v))
        for sample in (a, (a + b) / 2, (a + c) / 2):
            np.maximum.at(gap, row, _between(row, sample, rows, new, nb, nc))
        for sample in ((new + nb) / 2, (new + nc) / 2, (new + nb + nc) / 3):
            np.maximum.at(gap, rows, _between(rows, sample, row, a, b, c))
        return gap

    def _faces_left(self, row: Ints, face: Ints, dying: Flags) -> Flags:
        """Would faces of the piece stay?"""
        piece, left = self._piece_sizes(row, face)
        loss = np.bincount(row, dying, minlength=len(piece))
        result: Flags = left - loss >= _LEAST
        return result

    def _first_in_piece(self, row: Ints, face: Ints, good: Flags) -> Flags:
        """Of the good points in one small piece only the first goes in a pass: two might leave nothing of it."""
        piece, left = self._piece_sizes(row, face)
        small = np.flatnonzero(good & (left < _SMALL))
        _, first = np.unique(piece[small], return_index=True)
        result = np.ones(len(good), dtype=bool)
        result[small] = False
        result[small[first]] = True
        return result

    def _piece_sizes(self, row: Ints, face: Ints) -> tuple[Ints, Ints]:
        """The piece of each row, and how many faces it has."""
        piece = self.piece[self.faces]
        sizes = np.bincount(piece, minlength=int(self.piece.max()) + 1)
        mine = np.zeros(int(row.max()) + 1, dtype=np.int64)
        mine[row] = piece[face]
        return mine, sizes[mine]


def _apart(u: Ints, v: Ints, triangles: Ints, around: Ints, start: Ints, degree: Ints) -> tuple[Ints, Ints]:
    """Of choices, cheapest first, those that are the cheapest in all faces around them."""
    rank = np.full(len(degree), len(u), dtype=np.int64)
    rank[u] = np.arange(len(u))
    least = rank[triangles].min(axis=1)
    used = np.flatnonzero(degree)
    lowest = np.full(len(degree), len(u), dtype=np.int64)
    lowest[used] = np.minimum.reduceat(least[around // 3], start[used])
    first = lowest[u] == rank[u]
    return u[first], v[first]


def _between(row: Ints, sample: Floats, other: Ints, a: Floats, b: Floats, c: Floats) -> Floats:
    """(N,) how far each sample of a `row` is from the triangles of the same row `other`; rows are in order."""
    first, last = np.searchsorted(other, row), np.searchsorted(other, row, side="right")
    number = last - first
    result = np.full(len(row), np.inf)
    some = np.flatnonzero(number)
    if len(some):
        number = number[some]
        one, start = np.repeat(some, number), np.cumsum(number) - number
        two = np.arange(len(one)) - np.repeat(start, number) + np.repeat(first[some], number)
        result[some] = np.minimum.reduceat(distance(sample[one], a[two], b[two], c[two]), start)
    return result
