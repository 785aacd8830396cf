"""Mends what exported models get wrong: doubled faces, mixed winding, missing shading normals.

All of it works on welded triangles: indices of positions, whatever normals and texture coordinates say. Results
depend on the input alone: stable sorts, no multi-threaded sums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from synthgen.assets.polygons import cross, dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CREASE_DEGREES = 40.0
_CREASE_COSINE = 0.766  # of 40 degrees
_PAIR_BLOCK = 2_000_000


def weld(positions: Floats) -> tuple[Floats, Ints]:
    """Positions without repeats, in the order of first use, and for each position its number among them."""
    _, first, inverse = np.unique(positions, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return positions[first[order]], rank[inverse.ravel()]


def repeated_polygons(size: Ints, corner_position: Ints, outward: Floats) -> Flags:
    """(P,) true where another polygon joins the same positions, in either winding, and looks `outward` more."""
    repeated = np.zeros(len(size), dtype=bool)
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    for count in np.unique(size):
        rows = np.flatnonzero(size == count)
        rows = rows[np.argsort(-outward[rows], kind="stable")]
        keys = np.sort(corner_position[start[rows, None] + np.arange(count)], axis=1)
        repeated[rows] = _later_of_equal(keys)
    return repeated


def coincident_polygons(middle: Floats, area: Floats, outward: Floats) -> Flags:
    """(P,) true where another polygon with the same centre (1 mm) and area (about 4%) looks `outward` more.

    Finds doubles whose corners differ. Polygons below 0.1 cm2 are left alone: neighbours may be as near.
    """
    size_class = np.round(np.log2(np.maximum(area, 1e-12)) * 16)
    own = np.where(area < 1e-5, np.arange(1.0, len(area) + 1), 0.0)
    keys = np.column_stack([np.round(middle, 3), size_class, own])
    order = np.argsort(-outward, kind="stable")
    worse = np.zeros(len(area), dtype=bool)
    worse[order] = _later_of_equal(keys[order])
    return worse


def polygon_frames(positions: Floats, size: Ints, corner_position: Ints) -> tuple[Floats, Floats]:
    """(P, 3) the mean corner of each polygon, and its normal as long as its area."""
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    owner = np.repeat(np.arange(len(size)), size)
    corner = positions[corner_position]
    middle = np.column_stack([np.bincount(owner, corner[:, k], minlength=len(size)) for k in range(3)]) / size[:, None]
    following = np.arange(1, len(owner) + 1)
    following[start + size - 1] = start
    part = cross(corner - middle[owner], corner[following] - middle[owner])
    normal = np.column_stack([np.bincount(owner, part[:, k], minlength=len(size)) for k in range(3)]) / 2
    return middle, normal


def _later_of_equal(keys: NDArray[np.generic]) -> Flags:
    """(R,) true for rows that equal an earlier row."""
    later = np.ones(len(keys), dtype=bool)
    _, first = np.unique(keys, axis=0, return_index=True)
    later[first] = False
    return later


def degenerate(positions: Floats, triangles: Ints) -> Flags:
    """(T,) true for triangles of no area (below 1e-10 m2) or with a repeated corner."""
    normal = face_vectors(positions, triangles)
    flat = dot(normal, normal) < 4e-20
    a, b, c = triangles.T
    result: Flags = flat | (a == b) | (b == c) | (c == a)
    return result


def face_vectors(positions: Floats, triangles: Ints) -> Floats:
    """(T, 3) normals as long as twice the triangle's area."""
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    return cross(b - a, c - a)


def islands(triangles: Ints, count: int) -> Ints:
    """(T,) number of the connected piece (over shared positions) that each triangle belongs to."""
    ones = np.ones(len(triangles) * 2, dtype=np.int8)
    rows = np.concatenate([triangles[:, 0], triangles[:, 1]])
    columns = np.concatenate([triangles[:, 1], triangles[:, 2]])
    _, label = connected_components(coo_matrix((ones, (rows, columns)), shape=(count, count)), directed=False)
    piece = label[triangles[:, 0]]
    _, first, inverse = np.unique(piece, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]


def consistent_winding(triangles: Ints) -> tuple[Flags, Ints, Flags]:
    """Which triangles to turn so that neighbours agree.

    Returns (T,) flips, (T,) the patch of each triangle (pieces joined over edges of exactly two triangles), and
    for each patch whether it is closed (every edge of it has two triangles).
    """
    count = len(triangles)
    edge = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    face = np.tile(np.arange(count), 3)
    low, high = edge.min(axis=1), edge.max(axis=1)
    key = low * (int(edge.max()) + 1) + high
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    starts = np.flatnonzero(np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(sorted_key)]]))
    pairs = starts[lengths == 2]
    one, two = order[pairs], order[pairs + 1]
    disagree = (edge[one, 0] == edge[two, 0]).astype(np.int64)
    left, right = face[one], face[two]
    # Both directions, value 1 = agree, 2 = disagree; the first link of a pair of faces counts.
    link = np.column_stack([np.minimum(left, right), np.maximum(left, right)])
    _, first = np.unique(link, axis=0, return_index=True)
    link, value = link[first], disagree[first] + 1
    graph = coo_matrix((value, (link[:, 0], link[:, 1])), shape=(count, count)).tocsr()
    graph = graph + graph.T
    _, patch = connected_components(graph, directed=False)
    flips = _parity(graph, patch)
    open_patch = np.zeros(int(patch.max()) + 1, dtype=bool)
    lonely = np.repeat(lengths != 2, lengths)
    open_patch[patch[face[order[lonely]]]] = True
    return flips, patch.astype(np.int64), ~open_patch


def _parity(graph: coo_matrix, patch: NDArray[np.int32]) -> Flags:
    """Walks each patch from its first triangle and says which triangles disagree with it."""
    flips = np.zeros(graph.shape[0], dtype=bool)
    _, roots = np.unique(patch, return_index=True)
    sizes = np.bincount(patch)
    for root, size in zip(roots.tolist(), sizes.tolist(), strict=True):
        if size == 1:
            continue
        order, parent = breadth_first_order(graph, root, directed=False)
        child = order[1:]
        odd = np.asarray(graph[parent[child], child]).ravel() == 2
        for node, before, turn in zip(child.tolist(), parent[child].tolist(), odd.tolist(), strict=True):
            flips[node] = flips[before] ^ turn
    return flips


def crease_normals(positions: Floats, triangles: Ints, weight: Floats) -> Floats:
    """(T, 3, 3) a unit normal per corner, from the triangles around its position that lie within the crease angle
    of this one, weighted by their angle there times `weight` (T,).

    With the area of the polygon that a triangle was cut from as weight, it does not matter how it was cut.
    """
    vector = face_vectors(positions, triangles)
    length = np.sqrt(dot(vector, vector))
    unit = vector / np.maximum(length, 1e-30)[:, None]
    share = (_corner_angles(positions, triangles) * weight[:, None]).ravel()
    corner = triangles.ravel()
    face = np.repeat(np.arange(len(triangles)), 3)
    order = np.argsort(corner, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], corner[order][1:] != corner[order][:-1]]))
    degree = np.diff(np.concatenate([starts, [len(order)]]))
    total = np.zeros((len(corner), 3))
    work = np.cumsum(degree * degree)
    block = work // _PAIR_BLOCK
    for number in np.unique(block):
        rows = np.flatnonzero(block == number)
        mine, other = _pairs(starts[rows], degree[rows])
        mine, other = order[mine], order[other]
        near = dot(unit[face[mine]], unit[face[other]]) >= _CREASE_COSINE
        mine, other = mine[near], other[near]
        for axis in range(3):
            total[:, axis] += np.bincount(mine, unit[face[other], axis] * share[other], minlength=len(corner))
    norm = np.sqrt(dot(total, total))
    own = unit[face]
    smooth = np.where((norm > 1e-20)[:, None], total / np.maximum(norm, 1e-20)[:, None], own)
    return smooth.reshape(-1, 3, 3)


def _corner_angles(positions: Floats, triangles: Ints) -> Floats:
    """(T, 3) angles at the corners, radians, to 7e-5 (Abramowitz and Stegun 4.4.45).

    Arithmetic and square roots only: the arc cosine of one machine may differ in the last bit from another's.
    """
    angles = np.empty(triangles.shape)
    for k in range(3):
        apex = positions[triangles[:, k]]
        one = positions[triangles[:, (k + 1) % 3]] - apex
        two = positions[triangles[:, (k + 2) % 3]] - apex
        norm = np.sqrt(dot(one, one) * dot(two, two))
        cosine = np.clip(dot(one, two) / np.maximum(norm, 1e-30), -1.0, 1.0)
        x = np.abs(cosine)
        arc = np.sqrt(1.0 - x) * (1.5707288 + x * (-0.2121144 + x * (0.0742610 - 0.0187293 * x)))
        angles[:, k] = np.where(cosine < 0, 3.141592653589793 - arc, arc)
    return angles


def _pairs(starts: Ints, degree: Ints) -> tuple[Ints, Ints]:
    """All ordered pairs (with itself) inside each run of `degree[k]` indices from `starts[k]`."""
    per_row = np.repeat(degree, degree)
    base = np.repeat(starts, degree)
    offset = np.arange(len(per_row)) - np.repeat(np.cumsum(degree) - degree, degree)
    mine = np.repeat(base + offset, per_row)
    step = np.arange(int(per_row.sum())) - np.repeat(np.cumsum(per_row) - per_row, per_row)
    return mine, np.repeat(base, per_row) + step
