"""Boxes, cylinders and spheres as polygons, for URDF: centred at the origin, along Z, faces outward."""

from __future__ import annotations

import numpy as np

from synthgen.assets.formats.source import Floats, Ints

_AROUND = 32
_ROWS = 16

Shape = tuple[Floats, Ints, Ints]
"""Points (N, 3), corners of each polygon (P,), the points of the corners (C,)."""


def box(size: tuple[float, ...]) -> Shape:
    """size: along x, y, z in metres."""
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
    faces = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    return signs * np.array(size) / 2, np.full(6, 4), faces.ravel()


def cylinder(radius: float, length: float) -> Shape:
    angle = 2 * np.pi * np.arange(_AROUND) / _AROUND
    ring = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    low, high = (np.column_stack([ring, np.full(_AROUND, z)]) for z in (-length / 2, length / 2))
    k = np.arange(_AROUND)
    after = (k + 1) % _AROUND
    sides = np.column_stack([k, after, after + _AROUND, k + _AROUND])
    index = np.concatenate([sides.ravel(), k[::-1], k + _AROUND])
    return np.concatenate([low, high]), np.array([4] * _AROUND + [_AROUND] * 2), index


def sphere(radius: float) -> Shape:
    down = np.pi * np.arange(1, _ROWS) / _ROWS
    around = 2 * np.pi * np.arange(_AROUND) / _AROUND
    rows = np.stack(
        [
            np.outer(np.sin(down), np.cos(around)),
            np.outer(np.sin(down), np.sin(around)),
            np.outer(np.cos(down), np.ones(_AROUND)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    points = np.concatenate([rows, [[0, 0, 1], [0, 0, -1]]]) * radius
    k = np.arange(_AROUND)
    after = (k + 1) % _AROUND
    bands = [
        np.column_stack([r * _AROUND + k, (r + 1) * _AROUND + k, (r + 1) * _AROUND + after, r * _AROUND + after])
        for r in range(_ROWS - 2)
    ]
    last = (_ROWS - 2) * _AROUND
    top = np.column_stack([np.full(_AROUND, len(rows)), k, after])
    bottom = np.column_stack([np.full(_AROUND, len(rows) + 1), last + after, last + k])
    index = np.concatenate([np.concatenate(bands).ravel(), top.ravel(), bottom.ravel()])
    return points, np.array([4] * (_ROWS - 2) * _AROUND + [3] * 2 * _AROUND), index
