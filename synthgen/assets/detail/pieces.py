"""Fewer, larger pieces where there are many small ones: the leaves of a crown.

Stochastic simplification of aggregate detail (Cook, Halstead, Planck and Ryu 2007): of every few neighbours one stays,
enlarged so that the area of leaf stays too. Which one is told by the random number that pieces have. Before that,
pieces that are small enough become cards of two faces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.detail.near import distance
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.polygons import cross, dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MANY = 60
"""So many small pieces make an aggregate."""

_GROWTH = 2.2
_AS_LARGE = 0.7
_GRID = 5  # decimals of metres, as in `normalise`


class Pieces:
    """The connected pieces of a mesh, numbered 0 to N - 1; some may have no faces.

    of_face: (F,) the piece of each face. wanted: (N,) m2 of leaf (see `leafage`) that each piece should have.
    middle (N, 3) and extent (N,), metres: of the piece's bounds. area: (N,) m2 of leaf that it has. slot: (N,), -1
    where it has several.
    """

    def __init__(self, mesh: Mesh, of_face: Ints, wanted: Floats):
        self.mesh = mesh
        self.of_face = of_face
        self.wanted = wanted
        count = len(wanted)
        self.of_vertex = np.zeros(len(mesh.vertices), dtype=np.int64)
        for k in range(3):
            self.of_vertex[mesh.faces[:, k]] = of_face
        self.vertices = mesh.vertices.astype(np.float64)
        low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
        np.minimum.at(low, self.of_vertex, self.vertices)
        np.maximum.at(high, self.of_vertex, self.vertices)
        self.faces = np.bincount(of_face, minlength=count)
        held = self.faces > 0
        self.middle = np.where(held[:, None], (low + high) / 2, 0.0)
        self.extent = np.where(held, (high - low).max(axis=1), np.inf)
        self.area = leafage(mesh, of_face, count)
        slot = np.zeros(count, dtype=np.int64)
        slot[of_face] = mesh.slot
        mixed = np.bincount(of_face, slot[of_face] != mesh.slot, minlength=count) > 0
        self.slot = np.where(mixed, -1, slot)
        self.random = np.zeros(count)
        self.random[of_face] = mesh.face_random

    def small(self, largest: float) -> Ints:
        """Pieces of one slot that are no larger than `largest` metres; none where they are few."""
        found = np.flatnonzero((self.extent <= largest) & (self.slot >= 0) & (self.area > 0))
        return found if len(found) >= MANY else found[:0]

    def restored(self, largest: float) -> Mesh:
        """The mesh with small pieces as large as they should be."""
        return self._scaled(np.ones(len(self.area), dtype=bool), self._restoring(largest))

    def _restoring(self, largest: float) -> Floats:
        """(N,) factors."""
        scale = np.ones(len(self.area))
        small = self.small(largest)
        scale[small] = np.clip(np.sqrt(self.wanted[small] / self.area[small]), 1.0, _GROWTH)
        return scale

    def thinned(self, largest: float, side: float, group: int, whole: float) -> tuple[Mesh, float]:
        """The mesh with one of every `group` small pieces in a cube of `side` metres, larger ones as `restored(whole)`.

        Returns with it how far a piece that is gone may be from the one that stands for it, metres.
        """
        small = self.small(largest)
        cube, finer = _along_curve(self.middle[small], side), _along_curve(self.middle[small], side / 8)
        order = np.lexsort((small, finer, cube, self.slot[small]))
        small, cube = small[order], cube[order]
        begins = _changes(self.slot[small], cube)
        first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
        number = np.cumsum((np.arange(len(small)) - first) % group == 0) - 1
        order = np.lexsort((small, self.random[small], number))
        stays = small[order[_changes(number[order])]]
        total = np.bincount(number, self.wanted[small])
        # Leaves that hide one another show less than their area: a leaf grows no larger than its group is.
        half = self.extent[small, None] / 2
        low, high = np.full((len(stays), 3), np.inf), np.full((len(stays), 3), -np.inf)
        np.minimum.at(low, number, self.middle[small] - half)
        np.maximum.at(high, number, self.middle[small] + half)
        room = (high - low).max(axis=1) / self.extent[stays]
        scale = self._restoring(whole)
        scale[stays] = np.clip(np.minimum(np.sqrt(total / self.area[stays]), room), 1.0, _GROWTH)
        keep = np.ones(len(self.area), dtype=bool)
        keep[small] = False
        keep[stays] = True
        away = self.middle[small] - self.middle[stays][number]
        return self._scaled(keep, scale), float(np.sqrt(dot(away, away)).max(initial=0.0))

    def cards(self, largest: float, reach: float) -> Pieces:
        """The same with one or two faces for each small piece that lies within `reach` metres of such a card.

        A card joins four of the piece's vertices, all in the largest patch of its texture: the two farthest apart,
        and the farthest on either side between them.
        """
        small = self.small(largest)
        small = small[self.faces[small] > 2]
        if len(small) == 0:
            return self
        faces = self.mesh.faces.astype(np.int64)
        vector = mend.face_vectors(self.vertices, faces)
        face = self._largest_patches(small, vector)
        corner, facing = self._card_corners(face, vector)
        a, b, c, d = corner.T
        halves = np.stack([np.column_stack([a, b, c]), np.column_stack([b, a, d])], axis=1)
        sound = ~np.stack([mend.degenerate(self.vertices, halves[:, k]) for k in range(2)], axis=1)
        fit = np.zeros(len(self.area), dtype=bool)
        fit[small] = sound[small].any(axis=1)
        vertex = np.flatnonzero(fit[self.of_vertex])
        piece, at = self.of_vertex[vertex], self.vertices
        gap = distance(at[vertex], at[a[piece]], at[b[piece]], at[c[piece]])
        gap = np.minimum(gap, distance(at[vertex], at[b[piece]], at[a[piece]], at[d[piece]]))
        fit &= np.bincount(piece, gap > reach, minlength=len(fit)) == 0
        stays = np.flatnonzero(~fit[self.of_face])
        card = np.flatnonzero((sound & fit[:, None]).ravel())
        mesh = _with_faces(
            self.mesh,
            self.vertices,
            np.concatenate([faces[stays], halves.reshape(-1, 3)[card]]),
            np.concatenate([stays, facing[card // 2]]),
        )
        return Pieces(mesh, np.concatenate([self.of_face[stays], card // 2]), self.wanted)

    def _largest_patches(self, small: Ints, vector: Floats) -> Ints:
        """Faces of the largest texture patch of each of the small pieces; of several that are as large (both sides of
        a leaf) the one that the piece's random number says. vector: (F, 3) normals, twice the area."""
        faces = self.mesh.faces.astype(np.int64)
        chosen = np.zeros(len(self.area), dtype=bool)
        chosen[small] = True
        face = np.flatnonzero(chosen[self.of_face])
        place = np.column_stack([self.mesh.vertices, self.mesh.uvs])
        _, spot = np.unique(place[faces[face].ravel()], axis=0, return_inverse=True)
        patch = mend.islands(spot.reshape(-1, 3), int(spot.max()) + 1)
        area = np.bincount(patch, np.sqrt(dot(vector[face], vector[face])))
        owner = np.zeros(len(area), dtype=np.int64)
        owner[patch] = self.of_face[face]
        most = np.zeros(len(self.area))
        np.maximum.at(most, owner, area)
        large = np.flatnonzero(area >= _AS_LARGE * most[owner])
        large = large[np.argsort(owner[large], kind="stable")]
        first = np.flatnonzero(_changes(owner[large]))
        number = np.diff(np.append(first, len(large)))
        turn = np.minimum((self.random[owner[large[first]]] * number).astype(np.int64), number - 1)
        best = np.zeros(len(area), dtype=bool)
        best[large[first + turn]] = True
        kept: Ints = face[best[patch]]
        return kept

    def _card_corners(self, face: Ints, vector: Floats) -> tuple[Ints, Ints]:
        """(N, 4) vertices of the card of each piece of the faces, counter-clockwise 0, 1, 2 and 1, 0, 3 seen from the
        piece's front; and (N,) one of its faces. Numbers are 0 for other pieces."""
        count = len(self.area)
        vertex = np.unique(self.mesh.faces[face].astype(np.int64))
        piece = self.of_vertex[vertex]

        def farthest(score: Floats) -> Ints:
            order = np.lexsort((vertex, -score, piece))
            lead = order[_changes(piece[order])]
            found = np.zeros(count, dtype=np.int64)
            found[piece[lead]] = vertex[lead]
            return found

        way = self.vertices[vertex] - self.middle[piece]
        a = farthest(dot(way, way))
        way = self.vertices[vertex] - self.vertices[a[piece]]
        b = farthest(dot(way, way))
        along = self.vertices[b[piece]] - self.vertices[a[piece]]
        normal = [np.bincount(self.of_face[face], vector[face, k], minlength=count) for k in range(3)]
        lean = dot(cross(np.column_stack(normal)[piece], along), way)
        c, d = farthest(lean), farthest(-lean)
        one = np.zeros(count, dtype=np.int64)
        one[self.of_face[face[::-1]]] = face[::-1]
        return np.column_stack([a, b, c, d]), one

    def _scaled(self, keep: Flags, scale: Floats) -> Mesh:
        """The pieces to keep, each scaled about its middle."""
        middle, factor = self.middle[self.of_vertex], scale[self.of_vertex][:, None]
        scaled = np.round(middle + (self.vertices - middle) * factor, _GRID) + 0.0
        face = np.flatnonzero(keep[self.of_face])
        return _with_faces(self.mesh, np.where(factor == 1.0, self.vertices, scaled), self.mesh.faces[face], face)


def leafage(mesh: Mesh, of_face: Ints, count: int) -> Floats:
    """(count,) m2 of leaf that each piece has: the area of an open sheet, half of that of a closed surface."""
    points, point_of = mend.weld(mesh.vertices.astype(np.float64))
    triangles = point_of[mesh.faces]
    vector = mend.face_vectors(points, triangles)
    area = np.bincount(of_face, np.sqrt(dot(vector, vector)) / 2, minlength=count)
    low = np.minimum(triangles, triangles[:, [1, 2, 0]])
    high = np.maximum(triangles, triangles[:, [1, 2, 0]])
    _, edge, number = np.unique((low * len(points) + high).ravel(), return_inverse=True, return_counts=True)
    rim = np.bincount(of_face, (number[edge].reshape(-1, 3) == 1).any(axis=1), minlength=count)
    return np.where(rim > 0, area, area / 2)


def _with_faces(mesh: Mesh, vertices: Floats, faces: NDArray[np.integer[Any]], like: Ints) -> Mesh:
    """The mesh with other places of its vertices, and other faces, each in slot and random number like one of its."""
    used, corner = np.unique(faces, return_inverse=True)
    return make_mesh(
        vertices[used],
        corner.reshape(-1, 3),
        slots=mesh.slots,
        normals=mesh.normals[used],
        uvs=mesh.uvs[used],
        slot=mesh.slot[like],
        face_random=mesh.face_random[like],
    )


def _changes(*columns: Ints) -> Flags:
    """(N,) true where a row differs from the one before it, and for the first."""
    result = np.ones(len(columns[0]), dtype=bool)
    result[1:] = False
    for column in columns:
        result[1:] |= column[1:] != column[:-1]
    return result


def _along_curve(points: Floats, side: float) -> Ints:
    """(N,) number of each point's cube along a Morton curve, so that neighbours are mostly near one another."""
    cube = np.floor((points - points.min(axis=0)) / side).astype(np.int64)
    key = np.zeros(len(points), dtype=np.int64)
    for bit in range(20):
        for axis in range(3):
            key |= ((cube[:, axis] >> bit) & 1) << (3 * bit + axis)
    return key
