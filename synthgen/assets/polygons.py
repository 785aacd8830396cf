"""Cuts polygons into triangles: quads along the diagonal that keeps both halves facing one way, larger ones by ear
clipping in their own plane, so that concave outlines come out right."""

from __future__ import annotations

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def triangulate(positions: Floats, size: Ints, corner_position: Ints) -> tuple[Ints, Ints]:
    """Triangles of polygons.

    positions (N, 3); size (P,) corners of each polygon; corner_position (C,) position index of each corner.
    Returns (T, 3) corner indices in the polygons' winding, and (T,) the polygon of each triangle, in polygon order.
    """
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    corners: list[Ints] = []
    owners: list[Ints] = []
    threes = np.flatnonzero(size == 3)
    if len(threes):
        corners.append(start[threes, None] + np.arange(3))
        owners.append(threes)
    fours = np.flatnonzero(size == 4)
    if len(fours):
        corners.append(_quads(positions, start[fours], corner_position))
        owners.append(np.repeat(fours, 2))
    for polygon in np.flatnonzero(size > 4):
        first, count = int(start[polygon]), int(size[polygon])
        local = ear_clip(positions[corner_position[first : first + count]])
        corners.append(local + first)
        owners.append(np.full(len(local), polygon, dtype=np.int64))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(corners)[order], owner[order]


def _quads(positions: Floats, start: Ints, corner_position: Ints) -> Ints:
    """(2Q, 3) corners of the triangles of Q quads."""
    p = positions[corner_position[start[:, None] + np.arange(4)]]
    first = dot(cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), cross(p[:, 2] - p[:, 0], p[:, 3] - p[:, 0]))
    second = dot(cross(p[:, 2] - p[:, 1], p[:, 3] - p[:, 1]), cross(p[:, 3] - p[:, 1], p[:, 0] - p[:, 1]))
    other = (first <= 0) & (second > 0)
    split = np.where(other[:, None], np.array([1, 2, 3, 1, 3, 0]), np.array([0, 1, 2, 0, 2, 3]))
    corners: Ints = (start[:, None] + split).reshape(-1, 3)
    return corners


def ear_clip(points: Floats) -> Ints:
    """(T, 3) triangles of one simple polygon, (n, 3) points in order; a fan where it has no area."""
    n = len(points)
    fan = np.column_stack([np.zeros(n - 2, dtype=np.int64), np.arange(1, n - 1), np.arange(2, n)])
    # Newell's normal: robust for polygons that are concave or not quite plane.
    nxt = np.concatenate([points[1:], points[:1]])
    normal = np.array(
        [
            float(((points[:, 1] - nxt[:, 1]) * (points[:, 2] + nxt[:, 2])).sum()),
            float(((points[:, 2] - nxt[:, 2]) * (points[:, 0] + nxt[:, 0])).sum()),
            float(((points[:, 0] - nxt[:, 0]) * (points[:, 1] + nxt[:, 1])).sum()),
        ]
    )
    drop = int(np.argmax(np.abs(normal)))
    if abs(normal[drop]) < 1e-18:
        return fan
    axes = [(1, 2), (2, 0), (0, 1)][drop]
    flat = np.ascontiguousarray(points[:, axes] if normal[drop] > 0 else points[:, axes[::-1]])
    cut: Ints = mapbox_earcut.triangulate_float64(flat, np.array([n], dtype=np.uint32)).reshape(-1, 3).astype(np.int64)
    if len(cut) == 0:
        return fan
    # Ear clipping promises no winding; the polygon's is wanted.
    a, b, c = (points[cut[:, k]] for k in range(3))
    backwards: NDArray[np.bool_] = (cross(b - a, c - a) * normal).sum(axis=1) < 0
    cut[backwards] = cut[backwards][:, ::-1]
    return cut


def cross(a: Floats, b: Floats) -> Floats:
    """Row-wise cross product, term by term (numpy's own is slower on many rows)."""
    return np.column_stack(
        [
            a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1],
            a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2],
            a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
        ]
    )


def dot(a: Floats, b: Floats) -> Floats:
    """Row-wise scalar product."""
    return np.asarray(a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2], dtype=np.float64)
