"""Surfaces that print lies on: texture coordinates run 0..1 over a sheet (see sheets), not in metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array

Rect = tuple[float, float, float, float]
"""u0, v0, u1, v1 of a part of a sheet; v runs upwards."""

Ring = tuple[float, float, float]
"""Half depth (x), half width (y) and height (z) of a cross-section, metres."""

_FACES = {
    # outward axis and sign, axis to the right as seen from outside and sign, axis upwards and sign
    "front": ((0, 1), (1, 1), (2, 1)),
    "right": ((1, 1), (0, -1), (2, 1)),
    "back": ((0, -1), (1, -1), (2, 1)),
    "left": ((1, -1), (0, 1), (2, 1)),
    "top": ((2, 1), (1, 1), (0, -1)),
    "bottom": ((2, -1), (1, 1), (0, 1)),
}


def box_sheet(width: float, depth: float, height: float) -> dict[str, Rect]:
    """Where each face of a box lies on the sheet of `sheets.box_print`."""
    across, up = 2 * (width + depth), height + depth
    u = [0.0, width / across, (width + depth) / across, (2 * width + depth) / across, 1.0]
    v = height / up
    return {
        "front": (u[0], 0.0, u[1], v),
        "right": (u[1], 0.0, u[2], v),
        "back": (u[2], 0.0, u[3], v),
        "left": (u[3], 0.0, u[4], v),
        "top": (u[0], v, u[1], 1.0),
        "bottom": (u[2], v, u[3], 1.0),
    }


def rounded_box(
    b: MeshBuilder,
    size: tuple[float, float, float],
    radius: float,
    slots: dict[str, str],
    sheet: dict[str, Rect],
    *,
    bulge: float = 0.0,
    shape: Callable[[Array], Array] = lambda points: points,
) -> None:
    """A closed box of size (x, y, z) that stands on z = 0, its edges rounded. slots: by face. bulge: metres, of the
    middle of each upright face. shape: moves the points (N, 3) of the finished box."""
    half = np.array(size) / 2
    r = min(radius, float(half.min()) * 0.95)
    for face, ((out, sign), (right, right_sign), (up, up_sign)) in _FACES.items():
        a, c = (_lines(half[axis], r) for axis in (right, up))
        p = np.zeros((len(c), len(a), 3))
        p[..., out] = sign * half[out]
        p[..., right], p[..., up] = right_sign * a[None], up_sign * c[:, None]
        inner = np.clip(p, -(half - r), half - r)
        normal = p - inner
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        points = inner + r * normal
        if bulge and out != 2:
            points[..., out] += sign * bulge * (1 - (a[None] / half[right]) ** 2) * (1 - (c[:, None] / half[up]) ** 2)
        points[..., 2] += half[2]
        u0, v0, u1, v1 = sheet[face]
        uv = np.stack(
            np.broadcast_arrays(
                u0 + (u1 - u0) * (a[None] / half[right] + 1) / 2, v0 + (v1 - v0) * (c[:, None] / half[up] + 1) / 2
            ),
            axis=-1,
        )
        patch(b, shape(points.reshape(-1, 3)).reshape(points.shape), normal, uv, slots[face])


def _lines(half: float, r: float) -> Array:
    """Where a face is cut along one axis: fine where it is rounded."""
    rim = [half, half - r * (1 - np.tan(np.radians(22.5))), half - r]
    return np.array([-x for x in rim] + [-(half - r) / 3, (half - r) / 3] + rim[::-1])


def patch(b: MeshBuilder, points: Array, normals: Array, uvs: Array, slot: str) -> None:
    """A grid of quads (rows, columns, 3) whose rows go up and columns to the right as seen from outside."""
    rows, columns = points.shape[:2]
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    at = (i * columns + j).ravel()
    faces = np.concatenate(
        [np.stack([at, at + 1, at + columns + 1], 1), np.stack([at, at + columns + 1, at + columns], 1)]
    )
    p = points.reshape(-1, 3)
    edge = np.cross(p[faces[:, 1]] - p[faces[:, 0]], p[faces[:, 2]] - p[faces[:, 0]])
    faces = faces[np.linalg.norm(edge, axis=1) > 1e-14]
    b.triangles(p, faces, slot, normals=normals.reshape(-1, 3), uvs=np.ascontiguousarray(uvs.reshape(-1, 2)))


def loft(
    b: MeshBuilder,
    rings: Sequence[Ring],
    slot: str,
    *,
    power: float = 2.0,
    sides: int = 28,
    sheet: Rect = (0.0, 0.0, 1.0, 1.0),
    smooth: bool = True,
) -> None:
    """A skin over cross-sections from bottom to top: superellipses of `power` (2 is an ellipse); a ring of no size
    closes it. The middle of the sheet looks to +X. smooth: also along the height."""
    angle = np.linspace(-np.pi, np.pi, sides + 1)
    c, s = np.cos(angle), np.sin(angle)
    x, y = np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)
    r = np.asarray(rings, dtype=np.float64)
    points = np.stack(np.broadcast_arrays(r[:, :1] * x[None], r[:, 1:2] * y[None], r[:, 2:3] + 0 * x[None]), axis=-1)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(r, axis=0), axis=1))])
    u0, v0, u1, v1 = sheet
    uv = np.stack(
        np.broadcast_arrays(
            u0 + (u1 - u0) * (angle + np.pi)[None] / (2 * np.pi), (v0 + (v1 - v0) * length / length[-1])[:, None]
        ),
        axis=-1,
    )
    if smooth:
        patch(b, points, _normals(points), uv, slot)
        return
    for k in range(len(r) - 1):
        band = points[k : k + 2]
        patch(b, band, _normals(band), uv[k : k + 2], slot)


def _normals(points: Array) -> Array:
    """Smooth normals of a grid that closes on itself sideways."""
    across = np.empty_like(points)
    across[:, 1:-1] = points[:, 2:] - points[:, :-2]
    across[:, 0] = across[:, -1] = points[:, 1] - points[:, -2]
    up = np.gradient(points, axis=0)
    normal = np.cross(across, up)
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    unit = np.where(length > 1e-12, normal / np.maximum(length, 1e-12), 0.0)
    for row, beside in (
        (0, 1),
        (-1, -2),
    ):  # at a pole there is no way round: straight up or down, as the ring beside it
        if length[row].max() <= 1e-12:
            unit[row] = (0.0, 0.0, 1.0 if unit[beside, :, 2].mean() >= 0 else -1.0)
    return unit


def grid_normals(points: Array) -> Array:
    """Smooth normals of an open grid of points (rows, columns, 3), rows up and columns to the right from outside."""
    normal = np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0))
    unit: Array = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    return unit


def disc(b: MeshBuilder, radius: float, z: float, slot: str, *, up: bool = True, sides: int = 28, sheet: Rect) -> None:
    """A flat round face that looks up or down; its print's upper edge lies at the back (-X)."""
    angle = np.linspace(-np.pi, np.pi, sides, endpoint=False)
    ring = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)], axis=1)
    u0, v0, u1, v1 = sheet
    uv = np.stack([u0 + (u1 - u0) * (0.5 + np.sin(angle) / 2), v0 + (v1 - v0) * (0.5 - np.cos(angle) / 2)], axis=1)
    points, uvs = np.concatenate([[(0.0, 0.0, z)], ring]), np.concatenate([[((u0 + u1) / 2, (v0 + v1) / 2)], uv])
    i = np.arange(sides)
    fan = np.stack([np.zeros(sides, int), 1 + i, 1 + (i + 1) % sides], axis=1)
    way = np.array([0.0, 0.0, 1.0 if up else -1.0])
    b.triangles(points, fan if up else fan[:, ::-1], slot, normals=np.broadcast_to(way, points.shape).copy(), uvs=uvs)
