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


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """faces (F, 3); mix (V, 19158) sparse, rows sum to 1; uvs (F, 3, 2) of the faces' corners, 0..1."""

    faces: Index
    mix: sparse.csr_matrix
    uvs: Array

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
    return Surface(faces.reshape(-1, 3), one, body.uvs[texture[:, fan].reshape(-1, 3)])


def cut(surface: Surface, field: Array) -> Surface:
    """The part where a field (V,) of the surface's vertices is positive; edges are split where it is zero."""
    field = np.where(np.abs(field) < 1e-9, 1e-9, field)
    f, inside = surface.faces, field[surface.faces] > 0
    count = inside.sum(axis=1)
    # Roll each face so that its odd corner is the first.
    odd = np.where(count == 1, inside.argmax(axis=1), (~inside).argmax(axis=1))
    rolled = np.take_along_axis(f, (odd[:, None] + np.arange(3)) % 3, axis=1)
    uvs = np.take_along_axis(surface.uvs, ((odd[:, None] + np.arange(3)) % 3)[:, :, None], axis=1)
    one, two = rolled[count == 1], rolled[count == 2]
    pairs = np.concatenate([one[:, [0, 1]], one[:, [0, 2]], two[:, [0, 1]], two[:, [0, 2]]])
    edges, at = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    first = len(field)
    new = (at.reshape(-1) + first).reshape(-1)
    n, m = len(one), len(two)
    a, b, c, d = new[:n], new[n : 2 * n], new[2 * n : 2 * n + m], new[2 * n + m :]

    def between(corners: Array, points: Index, k: int) -> Array:
        share = (field[points[:, 0]] / (field[points[:, 0]] - field[points[:, k]]))[:, None]
        out: Array = corners[:, 0] * (1 - share) + corners[:, k] * share
        return out

    u1, u2 = uvs[count == 1], uvs[count == 2]
    ua, ub, uc, ud = between(u1, one, 1), between(u1, one, 2), between(u2, two, 1), between(u2, two, 2)
    faces = np.concatenate(
        [f[count == 3], np.stack([one[:, 0], a, b], 1), np.stack([c, two[:, 1], two[:, 2]], 1),
         np.stack([c, two[:, 2], d], 1)]
    )  # fmt: skip
    texture = np.concatenate(
        [surface.uvs[count == 3], np.stack([u1[:, 0], ua, ub], 1), np.stack([uc, u2[:, 1], u2[:, 2]], 1),
         np.stack([uc, u2[:, 2], ud], 1)]
    )  # fmt: skip
    share = field[edges[:, 0]] / (field[edges[:, 0]] - field[edges[:, 1]])
    added = _rows(share, edges, first) @ surface.mix
    return _used(Surface(faces, sparse.csr_matrix(sparse.vstack([surface.mix, added])), texture))


def refined(surface: Surface) -> Surface:
    """Every face in four, by the middles of its edges."""
    f = surface.faces
    pairs = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
    edges, at = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    first, n = surface.mix.shape[0], len(f)
    at = at.reshape(-1) + first
    a, b, c = at[:n], at[n : 2 * n], at[2 * n :]
    added = _rows(np.full(len(edges), 0.5), edges, first) @ surface.mix
    u = surface.uvs
    ua, ub, uc = (u[:, 0] + u[:, 1]) / 2, (u[:, 1] + u[:, 2]) / 2, (u[:, 2] + u[:, 0]) / 2
    faces = np.concatenate(
        [np.stack(t, 1) for t in ((f[:, 0], a, c), (a, f[:, 1], b), (c, b, f[:, 2]), (a, b, c))]
    )
    texture = np.concatenate(
        [np.stack(t, 1) for t in ((u[:, 0], ua, uc), (ua, u[:, 1], ub), (uc, ub, u[:, 2]), (ua, ub, uc))]
    )
    return Surface(faces, sparse.csr_matrix(sparse.vstack([surface.mix, added])), texture)


def rim(faces: Index) -> Index:
    """(E, 2) edges with one face only, as that face runs along them."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    _, at, count = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True, return_counts=True)
    return edges[count[at.reshape(-1)] == 1]


def smoother(faces: Index, count: int) -> sparse.csr_matrix:
    """(V, V): a vertex's neighbours' mean; along a rim only neighbours on the rim."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    border = rim(faces)
    on = np.zeros(count, dtype=bool)
    on[border.reshape(-1)] = True
    edges = np.concatenate([edges, edges[:, ::-1]])
    edges = np.concatenate([edges[~on[edges[:, 0]]], border, border[:, ::-1]])
    edges = np.unique(edges, axis=0)
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
