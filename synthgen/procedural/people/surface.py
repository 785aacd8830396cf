"""Pieces of the base mesh as triangles whose vertices are mixtures of its vertices: cut along a field, refined.

What is cut on the base mesh once serves every body, because all bodies share its vertices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from synthgen.procedural.people.data import Body
from synthgen.procedural.shapes import Array, Index

_NEAR = 0.2
"""Share of an edge within which a cut takes the vertex along instead of leaving a sliver."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """faces (F, 3); mix (V, 19158) sparse, rows sum to 1; uvs (F, 3, 2) of the faces' corners, 0..1; label (F,) counts
    the splits inside of which a face lies."""

    faces: Index
    mix: sparse.csr_matrix
    uvs: Array
    label: Index

    def of(self, values: Array) -> Array:
        """What values of the base mesh's vertices, (19158,) or (19158, K), are at this surface's."""
        found: Array = self.mix @ values
        return found


def surface_of(body: Body, groups: Sequence[str], keep: NDArray[np.bool_] | None = None) -> Surface:
    """The surface of groups of the base mesh; `keep` says which of their quadrilaterals."""
    quads = np.concatenate([body.groups[g].quads for g in groups])
    texture = np.concatenate([body.groups[g].uvs for g in groups])
    if keep is not None:
        quads, texture = quads[keep], texture[keep]
    fan = np.array([[0, 1, 2], [0, 2, 3]])
    used, faces = np.unique(quads[:, fan].reshape(-1, 3), return_inverse=True)
    one = sparse.csr_matrix((np.ones(len(used)), (np.arange(len(used)), used)), shape=(len(used), len(body.template)))
    return Surface(faces.reshape(-1, 3), one, body.uvs[texture[:, fan].reshape(-1, 3)], np.zeros(len(quads) * 2, int))


def cut(surface: Surface, field: Array) -> Surface:
    """The part where a field (19158,) is positive; edges are split where it is zero."""
    parted, inside = _parted(surface, field)
    return _used(replace(parted, faces=parted.faces[inside], uvs=parted.uvs[inside], label=parted.label[inside]))


def split(surface: Surface, field: Array) -> Surface:
    """The whole surface with edges split where a field (19158,) is zero; faces where it is positive get label + 1."""
    parted, inside = _parted(surface, field)
    return _used(replace(parted, label=parted.label + inside))


def _parted(surface: Surface, values: Array) -> tuple[Surface, NDArray[np.bool_]]:
    """Faces on both sides of a field's zero line, and which of them lie inside."""
    surface, field = _snapped(surface, surface.of(values))
    f, inside = surface.faces, field[surface.faces] > 0
    count = inside.sum(axis=1)
    sides = []
    for positive in (True, False):
        # Faces with one corner on this side keep a corner; those with two keep a quadrilateral. The odd corner first.
        own = inside if positive else ~inside
        number = count if positive else 3 - count
        odd = np.where(number == 1, own.argmax(axis=1), (~own).argmax(axis=1))
        order = (odd[:, None] + np.arange(3)) % 3
        sides.append((number, np.take_along_axis(f, order, 1), np.take_along_axis(surface.uvs, order[:, :, None], 1)))
    crossing = f[(count == 1) | (count == 2)]
    pairs = np.sort(np.concatenate([crossing[:, [0, 1]], crossing[:, [1, 2]], crossing[:, [2, 0]]]), axis=1)
    pairs = pairs[(field[pairs[:, 0]] > 0) != (field[pairs[:, 1]] > 0)]
    span = len(field)
    codes = np.unique(pairs[:, 0] * span + pairs[:, 1])
    edges = np.stack([codes // span, codes % span], axis=1)
    share = field[edges[:, 0]] / (field[edges[:, 0]] - field[edges[:, 1]])

    def middle(points: Index, texture: Array, i: int, k: int) -> tuple[Index, Array]:
        a, b = points[:, i], points[:, k]
        at = np.searchsorted(codes, np.minimum(a, b) * span + np.maximum(a, b))
        t = (field[a] / (field[a] - field[b]))[:, None]
        # A vertex that lies on the line stands for the points that would be cut next to it.
        index = np.where(np.abs(field[a]) < 1e-9, a, np.where(np.abs(field[b]) < 1e-9, b, at + span))
        return index, texture[:, i] * (1 - t) + texture[:, k] * t

    faces, uvs, label, kept = [], [], [], []
    for positive, (number, rolled, texture) in zip((True, False), sides, strict=True):
        for n, corners in ((3, ()), (1, ((0, "01", "02"),)), (2, (("01", 1, 2), ("01", 2, "02")))):
            r, u, old = rolled[number == n], texture[number == n], surface.label[number == n]
            for triangle in corners or ((0, 1, 2),):
                columns = [
                    middle(r, u, int(c[0]), int(c[1])) if isinstance(c, str) else (r[:, c], u[:, c]) for c in triangle
                ]
                faces.append(np.stack([c[0] for c in columns], axis=1))
                uvs.append(np.stack([c[1] for c in columns], axis=1))
                label.append(old)
                kept.append(np.full(len(r), positive))
    joined = np.concatenate(faces)
    real = (joined[:, 0] != joined[:, 1]) & (joined[:, 1] != joined[:, 2]) & (joined[:, 2] != joined[:, 0])
    mix = sparse.csr_matrix(sparse.vstack([surface.mix, _rows(share, edges, span) @ surface.mix]))
    out = Surface(joined[real], mix, np.concatenate(uvs)[real], np.concatenate(label)[real])
    return out, np.concatenate(kept)[real]


def _snapped(surface: Surface, field: Array) -> tuple[Surface, Array]:
    """Moves vertices that lie near the zero line onto it, along the edge that crosses it nearest."""
    f = surface.faces
    edges = _edges(f)[0]
    edges = edges[(field[edges[:, 0]] > 0) != (field[edges[:, 1]] > 0)]
    edges = np.concatenate([edges, edges[:, ::-1]])
    share = field[edges[:, 0]] / (field[edges[:, 0]] - field[edges[:, 1]])
    near = share < _NEAR
    edges, share = edges[near], share[near]
    order = np.lexsort((edges[:, 1], share, edges[:, 0]))
    vertex, first = np.unique(edges[order, 0], return_index=True)
    chosen = order[first]
    moved = np.zeros(len(field))
    moved[vertex] = share[chosen]
    towards = sparse.csr_matrix((share[chosen], (vertex, edges[chosen, 1])), shape=(len(field), len(field)))
    move = sparse.diags(1.0 - moved) + towards
    field = field.copy()
    field[vertex] = 1e-12
    field[np.abs(field) < 1e-12] = 1e-12
    return replace(surface, mix=sparse.csr_matrix(move @ surface.mix)), field


def refined(surface: Surface) -> Surface:
    """Every face in four, by the middles of its edges."""
    f = surface.faces
    edges, at, _ = _edges(f)
    first, n = surface.mix.shape[0], len(f)
    at = at + first
    a, b, c = at[:n], at[n : 2 * n], at[2 * n :]
    added = _rows(np.full(len(edges), 0.5), edges, first) @ surface.mix
    u = surface.uvs
    ua, ub, uc = (u[:, 0] + u[:, 1]) / 2, (u[:, 1] + u[:, 2]) / 2, (u[:, 2] + u[:, 0]) / 2
    faces = [np.stack(t, 1) for t in ((f[:, 0], a, c), (a, f[:, 1], b), (c, b, f[:, 2]), (a, b, c))]
    texture = [np.stack(t, 1) for t in ((u[:, 0], ua, uc), (ua, u[:, 1], ub), (uc, ub, u[:, 2]), (ua, ub, uc))]
    mix = sparse.csr_matrix(sparse.vstack([surface.mix, added]))
    return Surface(np.concatenate(faces), mix, np.concatenate(texture), np.tile(surface.label, 4))


def _edges(faces: Index) -> tuple[Index, Index, Index]:
    """Edges (E, 2) once each, lower vertex first; which one each side of each face is (3 F: all first sides, then all
    second ones ...); how many faces have it."""
    span = int(faces.max()) + 1 if len(faces) else 1
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    codes, at, count = np.unique(sides.min(axis=1) * span + sides.max(axis=1), return_inverse=True, return_counts=True)
    return np.stack([codes // span, codes % span], axis=1), at.reshape(-1), count


def rim(faces: Index) -> Index:
    """(E, 2) edges with one face only, as that face runs along them."""
    _, at, count = _edges(faces)
    sides: Index = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return sides[np.flatnonzero(count[at] == 1)]


def smoother(faces: Index, count: int) -> sparse.csr_matrix:
    """(V, V): a vertex's neighbours' mean; along a rim only neighbours on the rim."""
    border = rim(faces)
    on = np.zeros(count, dtype=bool)
    on[border.reshape(-1)] = True
    edges = _edges(faces)[0]
    edges = np.concatenate([edges, edges[:, ::-1]])
    edges = np.concatenate([edges[~on[edges[:, 0]]], border, border[:, ::-1]])
    table = sparse.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    total = np.asarray(table.sum(axis=1)).reshape(-1)
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(total, 1.0)) @ table)


def _rows(share: Array, edges: Index, count: int) -> sparse.csr_matrix:
    at = np.repeat(np.arange(len(edges)), 2)
    values = np.stack([1.0 - share, share], axis=1).reshape(-1)
    return sparse.csr_matrix((values, (at, edges.reshape(-1))), shape=(len(edges), count))


def _used(surface: Surface) -> Surface:
    """Without vertices that no face has."""
    used, faces = np.unique(surface.faces, return_inverse=True)
    return replace(surface, faces=faces.reshape(-1, 3), mix=surface.mix[used])
