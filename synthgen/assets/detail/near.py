"""Distances of points from triangles, term by term, so that every processor gives the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.polygons import cross, dot

Floats = NDArray[np.float64]


def distance(points: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """(N,) distance of each of (N, 3) points from the triangle of the same row."""
    ab, bc, ca, ap = b - a, c - b, a - c, points - a
    normal = cross(ab, -ca)
    square = dot(normal, normal)
    over = np.ones(len(points), dtype=bool)
    for start, edge in ((a, ab), (b, bc), (c, ca)):
        over &= dot(cross(edge, points - start), normal) >= 0
    height = dot(ap, normal)
    flat = height * height / np.maximum(square, 1e-300)
    rim = np.minimum(_square(ap, ab), np.minimum(_square(points - b, bc), _square(points - c, ca)))
    found: Floats = np.sqrt(np.where(over & (square > 1e-300), flat, rim))
    return found


def _square(p: Floats, edge: Floats) -> Floats:
    """(N,) squared distance of p from the segment 0 to `edge`."""
    share = np.clip(dot(p, edge) / np.maximum(dot(edge, edge), 1e-300), 0.0, 1.0)[:, None]
    rest = p - share * edge
    return dot(rest, rest)
