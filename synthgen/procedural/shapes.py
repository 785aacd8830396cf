"""Outlines and the tables behind `build.MeshBuilder`'s pieces."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

# Corner order of the six faces of a box: (x, y, z) picks low (0) or high (1).
_BOX_FACES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "-x": ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
    "+x": ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
    "-y": ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
    "+y": ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
    "-z": ((0, 1, 0), (1, 1, 0), (1, 0, 0), (0, 0, 0)),
    "+z": ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
}
_UV_AXES = {"x": (1, 2), "y": (0, 2), "z": (0, 1)}


def circle(radius: float, sides: int, *, center: tuple[float, float] = (0.0, 0.0), turn: float = 0.0) -> Array:
    """(sides, 2) points of a counter-clockwise circle, the first at angle `turn` (radians)."""
    angle = turn + np.linspace(0.0, 2 * np.pi, sides, endpoint=False)
    return np.stack([center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)], axis=1)


def triangulate(rings: Sequence[Array]) -> Index:
    """(F, 3) counter-clockwise triangles of a polygon: outer ring first, then holes; indices into them joined."""
    points = np.concatenate(rings)
    ends = np.cumsum([len(r) for r in rings]).astype(np.uint32)
    faces = np.asarray(mapbox_earcut.triangulate_float64(points, ends), dtype=np.int64).reshape(-1, 3)
    a, b, c = (points[faces[:, k]] for k in range(3))
    clockwise = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] < 0
    faces[clockwise] = faces[clockwise][:, ::-1]
    return faces


def revolved(point: Array, ring: Array) -> Array:
    """(N, 3): a profile point (radius, z) at each direction of a ring (N, 2)."""
    return np.column_stack([ring * point[0], np.full(len(ring), point[1])])


def transported(tangent: Array) -> tuple[Array, Array]:
    """Two unit vectors across each tangent, (N, 3) each, carried along without twist; side x up = tangent."""
    side = np.empty_like(tangent)
    up = np.empty_like(tangent)
    last = np.array([0.0, 0.0, 1.0]) if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    last = np.cross(last, tangent[0])
    for k, t in enumerate(tangent):
        across = last - t * float(last @ t)
        last = across / max(float(np.linalg.norm(across)), 1e-12)
        side[k], up[k] = last, np.cross(t, last)
    return side, up


def box_uvs(quads: Array) -> Array:
    """(N, 4, 2) metres along the two axes that each face spans most."""
    normal = np.abs(np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]))
    axes = np.array([_UV_AXES[k] for k in "xyz"])[normal.argmax(axis=1)]
    taken: Array = np.take_along_axis(quads, np.repeat(axes[:, None], 4, axis=1), axis=2)
    return taken


@cache
def box_tables(skip: str) -> tuple[Index, Index]:
    """Columns of (x0, x1, y0, y1, z0, z1) that make the corners (faces, 4, 3) and UVs (faces, 4, 2) of a box."""
    left_out = skip.split()
    kept = [k for k in _BOX_FACES if k not in left_out]
    pick = np.array([_BOX_FACES[k] for k in kept]) + np.array([0, 2, 4])
    uv = np.stack([pick[i][:, _UV_AXES[k[1]]] for i, k in enumerate(kept)])
    return pick, uv


@cache
def chamfer_template() -> tuple[Array, Array]:
    """Signed corner codes of a chamfered box: (18, 4, 3) quads and (8, 3, 3) corner triangles, wound outwards."""
    quads: list[list[Any]] = []
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        for s in (-1, 1):
            face = []
            for sb, sc in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                corner = np.zeros(3)
                corner[axis], corner[b], corner[c] = 2 * s, sb, sc
                face.append(corner)
            quads.append(face)
        for sb in (-1, 1):
            for sc in (-1, 1):
                edge = []
                for sa, own in ((-1, b), (1, b), (1, c), (-1, c)):
                    corner = np.zeros(3)
                    corner[axis], corner[b], corner[c] = sa, sb, sc
                    corner[own] *= 2
                    edge.append(corner)
                quads.append(edge)
    triangles = []
    for signs in np.ndindex((2, 2, 2)):
        sign = np.array(signs) * 2.0 - 1
        triangles.append([sign * np.where(np.arange(3) == axis, 2, 1) for axis in range(3)])
    q, t = np.array(quads, dtype=np.float64), np.array(triangles)
    for part in (q, t):
        for i, polygon in enumerate(part):
            normal = np.cross(polygon[1] - polygon[0], polygon[2] - polygon[0])
            if float(normal @ polygon.mean(axis=0)) < 0:
                part[i] = polygon[::-1].copy()
    return q, t
