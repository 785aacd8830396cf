"""Shoes: an upper of the foot of `helper-tights`, and a closed sole around its outline."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse
from scipy.spatial import ConvexHull

from synthgen.assets.mesh import vertex_normals
from synthgen.procedural.people.data import body
from synthgen.procedural.people.regions import regions
from synthgen.procedural.people.rig import Rig
from synthgen.procedural.people.surface import Surface, cut, refined, smoother, surface_of
from synthgen.procedural.shapes import Array, Index

_RING = 40
_BEVEL = 0.004


@lru_cache(maxsize=16)
def _upper(side: float, top: float, fine: bool) -> Surface:
    """One foot up to `top` metres above the ground, a little higher behind than in front."""
    base = body()
    r = regions(base)
    surface = surface_of(base, ["helper-tights"])
    surface = cut(surface, r["y"] * side)
    surface = cut(surface, np.where(r["leg"] > 0.5, top - r["z"] - 0.12 * (r["x"] - 0.03), -1.0))
    return refined(surface) if fine else surface


def shoe(
    style: Mapping[str, Any], rig: Rig, vertices: Array, side: str, size: float, *, fine: bool = True
) -> tuple[Surface, Array, Array, Index, sparse.csr_matrix]:
    """One shoe at rest: the upper's surface and its points; the sole's points, faces and weights.

    The sole reaches below the foot by its thickness: what stands on it is lifted by that much.
    """
    sign = 1.0 if side == "L" else -1.0
    surface = _upper(sign, float(style["top"]), fine)
    faces = surface.faces
    points = surface.of(vertices)
    smooth = smoother(faces, len(points))
    ground = rig.sole
    for step in range(24):
        if step % 6 == 0:
            normals = vertex_normals(points, faces).astype(np.float64)  # type: ignore[arg-type]
        moved = smooth @ points - points
        points = points + normals * np.maximum((moved * normals).sum(axis=1, keepdims=True), 0.0)
    for _ in range(3):
        points = points + 0.5 * (smooth @ points - points)
    normals = vertex_normals(points, faces).astype(np.float64)  # type: ignore[arg-type]
    points = points + normals * (float(style["ease"]) * size)
    toes = rig.at(f"toes.{side}")
    length = np.ptp(points[:, 0])
    ahead = np.clip((points[:, 0] - toes[0]) / max(points[:, 0].max() - toes[0], 1e-3), 0.0, 1.0)
    points[:, 0] += ahead**2 * float(style["toe"]) * size
    low = ground + 0.002
    points[:, 2] = np.maximum(points[:, 2], low)
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    sunk = np.clip((ground + 0.03 - points[:, 2]) / 0.02, 0.0, 1.0)[:, None]
    points[:, :2] += (middle - points[:, :2]) * 0.08 * sunk  # into the sole
    sole, sole_faces = _sole(points, ground, float(style["sole"]) * size, length)
    share = np.clip((sole[:, 0] - toes[0] + 0.012) / 0.03, 0.0, 1.0)
    weights = np.zeros((len(sole), len(rig.body.bones)))
    weights[:, rig.body.bone(f"toes.{side}")] = share
    weights[:, rig.body.bone(f"foot.{side}")] = 1.0 - share
    return surface, points, sole, sole_faces, sparse.csr_matrix(weights)


def _sole(points: Array, ground: float, thick: float, length: float) -> tuple[Array, Index]:
    """A prism under the outline of what lies low, with cut edges; thinner in front, drawn in at the waist."""
    near = points[points[:, 2] < ground + 0.2 * length][:, :2]
    outline = near[ConvexHull(near).vertices]
    middle = (outline.min(axis=0) + outline.max(axis=0)) / 2
    closed = np.concatenate([outline, outline[:1]])
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    start = float(steps[int(outline[:, 0].argmax())])
    at = (start + np.linspace(0.0, steps[-1], _RING, endpoint=False)) % steps[-1]
    ring = np.stack([np.interp(at, steps, closed[:, k]) for k in range(2)], axis=1)
    for _ in range(2):
        ring = (np.roll(ring, 1, axis=0) + 2 * ring + np.roll(ring, -1, axis=0)) / 4
    share = (ring[:, 0] - ring[:, 0].min()) / np.ptp(ring[:, 0])
    waist = 1.0 - 0.1 * np.exp(-(((share - 0.42) / 0.16) ** 2))
    ring[:, 1] = middle[1] + (ring[:, 1] - middle[1]) * waist
    away = ring - middle
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    full, inner = ring + away * 0.003, ring - away * _BEVEL
    spring = 0.5 * thick * np.clip((share - 0.8) / 0.2, 0.0, 1.0) ** 2
    bottom, top = ground - thick + spring, np.full(_RING, ground + 0.012) + spring
    rows = [(inner, bottom), (full, bottom + _BEVEL), (full, top - _BEVEL / 2), (inner, top)]
    table = np.concatenate([np.column_stack([xy, z]) for xy, z in rows])
    centres = np.array([[*middle, bottom.min()], [*middle, top.min()]])
    i = np.arange(_RING)
    j = (i + 1) % _RING
    faces = []
    for k in range(3):
        a, b, c, d = i + k * _RING, j + k * _RING, j + (k + 1) * _RING, i + (k + 1) * _RING
        faces += [np.stack([a, b, c], 1), np.stack([a, c, d], 1)]
    low, high = 4 * _RING, 4 * _RING + 1
    faces.append(np.stack([j, i, np.full(_RING, low)], 1))
    faces.append(np.stack([i + 3 * _RING, j + 3 * _RING, np.full(_RING, high)], 1))
    return np.concatenate([table, centres]), np.concatenate(faces)
