"""How open the air around a surface is: what share of directions leads out of the model from a point.

Deep inside a closed or nearly closed shell it is 0, in an open crate about a fifth, between the legs of a table more
than a half. So it says where a convex part does harm if it fills the air, and needs neither closed surfaces nor a
winding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from synthgen.assets.convex.hull import inside, planes

Floats = NDArray[np.float64]

_POINTS = 4_000
_RAYS = 32
_SAMPLES = 8_000
_TIGHT = 0.02
"""Air that is nearer to the surface than this share of the model's size does not count: nothing drops in there."""

_PLAIN = 0.3
"""From this share of free directions on a point counts fully."""

_ENCLOSED = 0.04
"""Below this share of free directions a point counts as inside: the belly of a bottle, the cabin of a car."""


@dataclass(frozen=True, slots=True, eq=False)
class Air:
    """Points spread evenly through the convex hull of a model, and how open each is.

    points: (N, 3) metres. weight: (N,) openness as a share of all N points, so a sum of weights is the open share
    of the hull's volume.
    """

    points: Floats
    weight: Floats


def sample_air(triangles: Floats) -> Air:
    """Looks around from points within the hull of (T, 3, 3) triangles."""
    import trimesh
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    corners = triangles.reshape(-1, 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    hull = planes(corners)
    inner = inside(hull, low + _spread(_POINTS) * (high - low))
    # As many again as fall outside of the hull.
    count = int(min(_POINTS * _POINTS / max(int(inner.sum()), 1), 8 * _POINTS))
    points = low + _spread(count) * (high - low)
    points = points[inside(hull, points)]
    count = len(points)
    room = cKDTree(_samples(triangles, _SAMPLES)).query(points)[0]
    points = points[room >= _TIGHT * float((high - low).max())]
    index = np.arange(len(corners)).reshape(-1, 3)
    scene: Any = RayMeshIntersector(trimesh.Trimesh(corners, index, process=False, validate=False))
    free = np.zeros(len(points))
    for direction in _sphere(_RAYS):
        free += ~scene.intersects_any(points, np.broadcast_to(direction, points.shape))
    share = free / _RAYS
    weight = np.where(share < _ENCLOSED, 0.0, np.minimum(share / _PLAIN, 1.0)) / max(count, 1)
    return Air(points[weight > 0], weight[weight > 0])


def _samples(triangles: Floats, count: int) -> Floats:
    """About (count, 3) points of the surface at even steps of area, and all corners."""
    vector = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    running = np.cumsum(np.linalg.norm(vector, axis=1))
    at = (np.arange(count) + 0.5) / count * running[-1]
    face = np.minimum(np.searchsorted(running, at), len(running) - 1)
    u, v, _ = _spread(count).T
    fold = u + v > 1
    u, v = np.where(fold, 1 - u, u)[:, None], np.where(fold, 1 - v, v)[:, None]
    a, b, c = (triangles[face, k] for k in range(3))
    return np.concatenate([triangles.reshape(-1, 3), a + u * (b - a) + v * (c - a)])


def _spread(count: int) -> Floats:
    """(count, 3) points that fill the unit cube evenly (Halton's sequence, bases 2, 3, 5)."""
    columns = []
    for base in (2, 3, 5):
        rest, scale, column = np.arange(1, count + 1), 1.0, np.zeros(count)
        while rest.any():
            scale /= base
            column += scale * (rest % base)
            rest = rest // base
        columns.append(column)
    return np.column_stack(columns)


def _sphere(count: int) -> Floats:
    """(count, 3) unit directions, spread evenly (Fibonacci)."""
    index = np.arange(count) + 0.5
    z = 1 - 2 * index / count
    turn = np.pi * (1 + 5**0.5) * index
    r = np.sqrt(1 - z * z)
    return np.column_stack([r * np.cos(turn), r * np.sin(turn), z])
