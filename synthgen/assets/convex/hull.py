"""Convex hulls of points, flat ones too."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_BLOCK = 4_000_000
_THIN = 2e-4
"""A hull thinner than this share of its length is made that thick before its planes are taken."""


def support(points: Floats, directions: Floats) -> Floats:
    """The points (of (N, 3)) that lie farthest in some of (D, 3) directions: a small stand-in for the hull."""
    if len(points) <= len(directions):
        return points
    found: Floats = points[np.unique(np.argmax(points @ directions.T, axis=0))]
    return found


def build(points: Floats) -> Any:
    """Qhull's hull of (N, 3) points; those in a plane or on a line are given a little thickness."""
    try:
        return ConvexHull(points)
    except (QhullError, ValueError):
        length = max(float(np.ptp(points, axis=0).max()), 1e-6) * _THIN
        box = np.array(list(product((-1.0, 1.0), repeat=3))) * length
        return ConvexHull((points[:, None] + box).reshape(-1, 3))


def planes(points: Floats) -> Floats:
    """(P, 4) unit normals and offsets of the hull's sides; a point x is inside where n.x + d <= 0 for all."""
    found: Floats = np.unique(np.round(build(points).equations, 9), axis=0)
    return found


def inside(sides: Floats, points: Floats, slack: float = 0.0) -> Flags:
    """(N,) which points lie within `slack` metres of all half-spaces."""
    return beyond(sides, points) <= slack


def beyond(sides: Floats, points: Floats) -> Floats:
    """(N,) how far each point lies beyond the side that it is farthest beyond; negative inside."""
    result = np.empty(len(points))
    step = max(1, _BLOCK // max(len(sides), 1))
    for k in range(0, len(points), step):
        block = points[k : k + step]
        result[k : k + step] = (block @ sides[:, :3].T + sides[:, 3]).max(axis=1)
    return result
