"""A mesh from what simplification left: a normal for each corner, from the vertices of the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.detail.surface import Surface
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.polygons import dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rebuild(mesh: Mesh, surface: Surface, corners: Ints, faces: Ints) -> Mesh:
    """The mesh with the faces `faces` (F,) only, their corners at the spots `corners` (F, 3).

    A corner gets the vertex of its spot whose normal is most like the one that it had before.
    """
    vertex = _vertices(mesh, surface, corners.ravel(), mesh.faces[faces].ravel().astype(np.int64))
    used, triangles = np.unique(vertex, return_inverse=True)
    triangles = triangles.reshape(-1, 3)
    vertices = mesh.vertices[used].astype(np.float64)
    normals, triangles, origin = _upright(vertices, mesh.normals[used].astype(np.float64), triangles)
    return make_mesh(
        vertices[origin],
        triangles,
        slots=mesh.slots,
        normals=normals,
        uvs=mesh.uvs[used[origin]],
        slot=mesh.slot[faces],
        face_random=mesh.face_random[faces],
    )


def _vertices(mesh: Mesh, surface: Surface, spot: Ints, was: Ints) -> Ints:
    """(C,) the vertex for each corner at `spot` that was the vertex `was`."""
    pair, inverse = np.unique(spot * len(mesh.vertices) + was, return_inverse=True)
    spot, was = pair // len(mesh.vertices), pair % len(mesh.vertices)
    at = np.argsort(surface.spot_of_vertex, kind="stable")
    degree = np.bincount(surface.spot_of_vertex, minlength=len(surface.point_of_spot))
    start = np.cumsum(degree) - degree
    number = degree[spot]
    row = np.repeat(np.arange(len(spot)), number)
    pick = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + np.repeat(start[spot], number)
    candidate = at[pick]
    normals = mesh.normals.astype(np.float64)
    order = np.lexsort((candidate, -dot(normals[was[row]], normals[candidate]), row))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = row[order][1:] != row[order][:-1]
    found: Ints = candidate[order[fresh]][inverse]
    return found


def _upright(vertices: Floats, normals: Floats, triangles: Ints) -> tuple[Floats, Ints, Ints]:
    """Gives faces that their normals look through vertices of their own, with the face's normal.

    Returns normals, triangles, and for each vertex the one it was copied from.
    """
    vector = mend.face_vectors(vertices, triangles)
    length = np.sqrt(dot(vector, vector))
    unit = vector / np.maximum(length, 1e-30)[:, None]
    against = np.zeros(len(triangles), dtype=bool)
    for k in range(3):
        against |= dot(normals[triangles[:, k]], unit) < 0.05
    rows = np.flatnonzero(against)
    origin = np.concatenate([np.arange(len(vertices)), triangles[rows].ravel()])
    flat = np.round(unit[rows], 4) + 0.0
    flat /= np.sqrt(dot(flat, flat))[:, None]
    triangles = triangles.copy()
    triangles[rows] = len(vertices) + np.arange(3 * len(rows)).reshape(-1, 3)
    normals = np.concatenate([normals, np.repeat(flat, 3, axis=0)])
    used = np.unique(triangles)
    number = np.zeros(len(origin), dtype=np.int64)
    number[used] = np.arange(len(used))
    return normals[used], number[triangles], origin[used]
