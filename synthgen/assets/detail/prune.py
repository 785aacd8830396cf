"""Fewer, larger pieces where there are many small ones: the leaves of a crown.

Stochastic simplification of aggregate detail (Cook, Halstead, Planck and Ryu 2007): of every few neighbours one stays,
enlarged so that the area of leaf stays too. Which one is told by the random number that pieces have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.polygons import dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY = 60
"""So many pieces make an aggregate."""

_GROWTH = 2.2
_GRID = 5


class Pieces:
    """The connected pieces of a mesh: (N,) their faces, areas (m2), extents (m), slots (-1 where several)."""

    def __init__(self, mesh: Mesh):
        self.mesh = mesh
        points, point_of = mend.weld(mesh.vertices.astype(np.float64))
        self.of_face = mend.islands(point_of[mesh.faces], len(points))
        count = int(self.of_face.max()) + 1
        self.of_vertex = np.zeros(len(mesh.vertices), dtype=np.int64)
        for k in range(3):
            self.of_vertex[mesh.faces[:, k]] = self.of_face
        order = np.argsort(self.of_vertex, kind="stable")
        first = np.searchsorted(self.of_vertex[order], np.arange(count))
        vertices = mesh.vertices.astype(np.float64)
        low = np.minimum.reduceat(vertices[order], first)
        high = np.maximum.reduceat(vertices[order], first)
        self.middle = (low + high) / 2
        self.extent = (high - low).max(axis=1)
        self.faces = np.bincount(self.of_face, minlength=count)
        vector = mend.face_vectors(vertices, mesh.faces.astype(np.int64))
        self.area = np.bincount(self.of_face, np.sqrt(dot(vector, vector)) / 2, minlength=count)
        slot = np.zeros(count, dtype=np.int64)
        slot[self.of_face] = mesh.slot
        mixed = np.bincount(self.of_face, slot[self.of_face] != mesh.slot, minlength=count) > 0
        self.slot = np.where(mixed, -1, slot)
        self.random = np.zeros(count)
        self.random[self.of_face] = mesh.face_random

    def small(self, largest: float) -> Ints:
        """Pieces of one slot that are no larger than `largest` metres; none where they are few."""
        found = np.flatnonzero((self.extent <= largest) & (self.slot >= 0) & (self.area > 0))
        return found if len(found) >= MANY else found[:0]

    def thinned(self, largest: float, group: int) -> tuple[Mesh, float]:
        """The mesh with one of every `group` neighbours among its small pieces; and how far a piece that is gone may
        be from the one that stands for it, metres."""
        small = self.small(largest)
        small = small[np.lexsort((small, _along_curve(self.middle[small], largest), self.slot[small]))]
        step = self.middle[small[1:]] - self.middle[small[:-1]]
        apart = np.sqrt(dot(step, step)) > 2 * largest
        apart |= self.slot[small[1:]] != self.slot[small[:-1]]
        run = np.concatenate([[0], np.cumsum(apart)])
        place = np.arange(len(small)) - np.searchsorted(run, run)
        number = np.cumsum(np.concatenate([[False], (place % group == 0)[1:]]))
        order = np.lexsort((small, self.random[small], number))
        fresh = np.ones(len(small), dtype=bool)
        fresh[1:] = number[order][1:] != number[order][:-1]
        stays = small[order[fresh]]
        total = np.bincount(number, self.area[small])
        scale = np.ones(len(self.area))
        scale[stays] = np.minimum(np.sqrt(total / self.area[stays]), _GROWTH)
        keep = np.ones(len(self.area), dtype=bool)
        keep[small] = False
        keep[stays] = True
        away = self.middle[small] - self.middle[stays][number]
        return self._scaled(keep, scale), float(np.sqrt(dot(away, away)).max(initial=0.0))

    def _scaled(self, keep: NDArray[np.bool_], scale: Floats) -> Mesh:
        mesh = self.mesh
        middle, factor = self.middle[self.of_vertex], scale[self.of_vertex][:, None]
        vertices = np.round(middle + (mesh.vertices.astype(np.float64) - middle) * factor, _GRID) + 0.0
        vertices = np.where(factor == 1.0, mesh.vertices, vertices)
        face = np.flatnonzero(keep[self.of_face])
        used, corner = np.unique(mesh.faces[face], return_inverse=True)
        return make_mesh(
            vertices[used],
            corner.reshape(-1, 3),
            slots=mesh.slots,
            normals=mesh.normals[used],
            uvs=mesh.uvs[used],
            slot=mesh.slot[face],
            face_random=mesh.face_random[face],
        )


def _along_curve(points: Floats, side: float) -> Ints:
    """(N,) number of each point's cell along a Morton curve, so that neighbours are mostly near one another."""
    cell = np.floor((points - points.min(axis=0)) / max(side, 1e-6)).astype(np.int64)
    key = np.zeros(len(points), dtype=np.int64)
    for bit in range(16):
        for axis in range(3):
            key |= ((cell[:, axis] >> bit) & 1) << (3 * bit + axis)
    return key
