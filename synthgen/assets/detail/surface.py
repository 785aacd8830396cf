"""A mesh as its simplification sees it: positions without repeats, and what must not be blurred."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.mesh import Mesh
from synthgen.assets.polygons import cross, dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """points (P, 3) metres, without repeats. A spot is a point with one texture coordinate: point_of_spot (S,),
    spot_of_vertex (V,); corners (F, 3) spots of the faces; slot (F,)."""

    points: Floats
    point_of_spot: Ints
    spot_of_vertex: Ints
    corners: Ints
    slot: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges between points: low, high (E,) points in the order of `key`; sides (E,) how many faces end there for
    good: all of them, at the border of a sheet, of a slot or of a patch of the texture; 0 at a plain edge."""

    low: Ints
    high: Ints
    key: Ints
    sides: Ints


def surface_of(mesh: Mesh) -> Surface:
    points, point_of = mend.weld(mesh.vertices.astype(np.float64))
    spot = point_of
    for k in range(2):
        _, code = np.unique(mesh.uvs[:, k], return_inverse=True)
        _, spot = np.unique(spot * (int(code.max()) + 1) + code, return_inverse=True)
    point_of_spot = np.zeros(int(spot.max()) + 1, dtype=np.int64)
    point_of_spot[spot] = point_of
    return Surface(points, point_of_spot, spot, spot[mesh.faces], mesh.slot.astype(np.int64))


def edges_of(corners: Ints, point_of_spot: Ints, slot: Ints, count: int) -> Edges:
    """The edges of faces (F, 3) of spots; `count` is the number of points."""
    order, key, first, number = _sorted_edges(point_of_spot[corners], count)
    border = _borders(corners, point_of_spot, slot, order, first, number)
    key = key[order[first]]
    return Edges(key // count, key % count, key, np.where(border, number, 0))


def quadrics_of(surface: Surface) -> Floats:
    """(P, 11) sums over the planes around each point, by which the weighted square distance of any place from them
    can be told (Garland and Heckbert 1997): of its faces, weighted by area, and upright on its border edges. Columns:
    xx, xy, xz, yy, yz, zz, xd, yd, zd, dd and the weight."""
    triangles = surface.point_of_spot[surface.corners]
    count = len(surface.points)
    vector = mend.face_vectors(surface.points, triangles)
    length = np.sqrt(dot(vector, vector))
    normal = vector / np.maximum(length, 1e-30)[:, None]
    point = [triangles.ravel()]
    normals = [np.repeat(normal, 3, axis=0)]
    weights = [np.repeat(length / 6, 3)]

    order, _, first, number = _sorted_edges(triangles, count)
    border = _borders(surface.corners, surface.point_of_spot, surface.slot, order, first, number)
    side = order[np.repeat(border, number)]
    face, turn = side % len(triangles), side // len(triangles)
    start, end = triangles[face, turn], triangles[face, (turn + 1) % 3]
    along = surface.points[end] - surface.points[start]
    upright = cross(along, normal[face])
    size = np.sqrt(dot(upright, upright))
    sound = size > 1e-12
    for at in (start, end):
        point.append(at[sound])
        normals.append(upright[sound] / size[sound, None])
        weights.append(size[sound] ** 2 / 2)
    at, n, w = np.concatenate(point), np.concatenate(normals), np.concatenate(weights)
    x, y, z = n.T
    d = dot(n, surface.points[at])
    terms = (x * x, x * y, x * z, y * y, y * z, z * z, x * d, y * d, z * d, d * d, np.ones(len(d)))
    return np.column_stack([np.bincount(at, w * term, minlength=count) for term in terms])


def strays(quadric: Floats, place: Floats) -> Floats:
    """(N,) root mean square distance, metres, of (N, 3) places from the planes of (N, 11) quadrics."""
    x, y, z = place.T
    q = quadric.T
    total = q[0] * x * x + q[3] * y * y + q[5] * z * z + 2 * (q[1] * x * y + q[2] * x * z + q[4] * y * z)
    total = total - 2 * (q[6] * x + q[7] * y + q[8] * z) + q[9]
    found: Floats = np.sqrt(np.maximum(total, 0.0) / np.maximum(q[10], 1e-30))
    return found


def _sorted_edges(triangles: Ints, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    """The sides of all faces (side k of face f at k * F + f), in the order of their edges: that order, each side's
    edge key, and where in the order an edge begins and how many sides it has."""
    start = triangles.T.ravel()
    end = triangles[:, [1, 2, 0]].T.ravel()
    key = np.minimum(start, end) * count + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = key[order][1:] != key[order][:-1]
    first = np.flatnonzero(fresh)
    return order, key, first, np.diff(np.append(first, len(order)))


def _borders(corners: Ints, point_of_spot: Ints, slot: Ints, order: Ints, first: Ints, number: Ints) -> Flags:
    """(E,) which edges do not join two faces of one slot and one texture patch."""
    border = number != 2
    pair = first[~border]
    one, two = order[pair], order[pair + 1]
    count = len(corners)
    differ = slot[one % count] != slot[two % count]
    ends = []
    for side in (one, two):
        face, turn = side % count, side // count
        a, b = corners[face, turn], corners[face, (turn + 1) % 3]
        swap = point_of_spot[a] > point_of_spot[b]
        ends.append((np.where(swap, b, a), np.where(swap, a, b)))
    differ |= (ends[0][0] != ends[1][0]) | (ends[0][1] != ends[1][1])
    border[~border] = differ
    return np.asarray(border, dtype=bool)
