"""Dents: the mesh is made finer where a crater is to be, then pushed in."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.patches import Spot

_STEPS = 9
"""Edges across a crater's radius."""


def dented(mesh: Mesh, spot: Spot, radius: float, depth: float, reach: float) -> Mesh:
    """The mesh with a crater round the spot: `depth` metres in the middle, a low rim, nothing beyond `radius`.

    reach: how far from the spot's plane the surface is moved fully; at twice that it stays, so that the far side of
    a wall keeps its shape.
    """
    data = np.concatenate([mesh.vertices, mesh.normals, mesh.uvs], axis=1).astype(np.float64)[mesh.faces]
    origin = np.arange(len(data))
    same, finer = [], data
    for _ in range(24):
        split = _to_split(finer[:, :, :3], spot.origin, radius)
        rest = ~split.any(axis=1)
        same.append((finer[rest], origin[rest]))
        if rest.all():
            break
        finer, parent = _cut(finer[~rest], split[~rest])
        origin = origin[~rest][parent]
    else:
        same.append((finer, origin))
    soup, own = (np.concatenate([part[k] for part in same]) for k in range(2))
    moved, normal = _pushed(soup[:, :, :3], soup[:, :, 3:6], spot, radius, depth, reach)
    touched = np.bincount(own, minlength=len(mesh.faces))[own] > 1
    touched |= (np.abs(moved - soup[:, :, :3]) > 0).any(axis=(1, 2))
    # Faces that stay keep their vertices; the others get their own, whose normals agree where they meet.
    new = np.concatenate([moved, normal, soup[:, :, 6:]], axis=2)[touched].reshape(-1, 8)
    n = len(mesh.vertices)
    faces = np.concatenate([mesh.faces[own[~touched]], n + np.arange(len(new)).reshape(-1, 3)])
    whose = np.concatenate([own[~touched], own[touched]])
    vertices = np.concatenate([np.concatenate([mesh.vertices, mesh.normals, mesh.uvs], axis=1).astype(np.float64), new])
    used, faces = np.unique(faces, return_inverse=True)
    v = vertices[used]
    return make_mesh(
        v[:, :3], faces.reshape(-1, 3), slots=mesh.slots, normals=v[:, 3:6], uvs=v[:, 6:], slot=mesh.slot[whose],
        face_random=mesh.face_random[whose],
    )  # fmt: skip


def _to_split(points: Array, middle: Array, radius: float) -> Array:
    """(F, 3) bool: is edge k (from corner k to the next) too long for how near the crater it is?"""
    a, b = points, np.roll(points, -1, axis=1)
    # In a fixed order of the ends, so that both faces of an edge find the same.
    key = np.sign(a - b)
    swap = (key @ np.array([9.0, 3.0, 1.0]) < 0)[..., None]
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    d = b - a
    length = np.linalg.norm(d, axis=2)
    t = np.clip(((middle - a) * d).sum(axis=2) / np.maximum(length**2, 1e-30), 0.0, 1.0)
    away = np.linalg.norm(a + t[..., None] * d - middle, axis=2)
    split: Array = length > np.maximum(radius / _STEPS, 0.9 * (away - 1.15 * radius))
    return split


def _cut(data: Array, split: Array) -> tuple[Array, Array]:
    """Triangles (F, 3, 8) cut at the middles of their marked edges, and the parent of each."""
    count = split.sum(axis=1)
    out, parents = [], []
    for n in (1, 2, 3):
        index = np.flatnonzero(count == n)
        if len(index) == 0:
            continue
        # Turned so that edge 0 is the one marked (1), or the one not marked (2).
        first = split[index].argmax(axis=1) if n == 1 else (~split[index]).argmax(axis=1) if n == 2 else 0 * index
        order = (first[:, None] + np.arange(3)) % 3
        t = np.take_along_axis(data[index], order[:, :, None], axis=1)
        m = (t + np.roll(t, -1, axis=1)) / 2
        a, b, c = t[:, 0], t[:, 1], t[:, 2]
        ab, bc, ca = m[:, 0], m[:, 1], m[:, 2]
        pieces = {
            1: [(a, ab, c), (ab, b, c)],
            2: [(a, b, bc), (a, bc, ca), (ca, bc, c)],
            3: [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)],
        }[n]
        out += [np.stack(p, axis=1) for p in pieces]
        parents += [index] * len(pieces)
    return np.concatenate(out), np.concatenate(parents)


def _pushed(
    points: Array, normals: Array, spot: Spot, radius: float, depth: float, reach: float
) -> tuple[Array, Array]:
    """Points (F, 3, 3) after the push, and their normals: by the inverse transpose of its Jacobian."""
    q = (points - spot.origin) @ spot.rotation
    r = np.linalg.norm(q[..., :2], axis=2)
    u = np.clip(r / radius, 0.0, 1.0)
    # 1 in the middle, a rim of a few per cent at 0.85, flat at 1.
    fall = (1 - u**2) ** 2 * (1 - 1.5 * u**2)
    slope = (-4 * u * (1 - u**2) * (1 - 1.5 * u**2) - 3 * u * (1 - u**2) ** 2) / radius
    near = np.clip(2 - np.abs(q[..., 2]) / reach, 0.0, 1.0)
    fade = np.where((near > 0) & (near < 1), -np.sign(q[..., 2]) / reach, 0.0)
    down = -depth * fall * near
    gradient = np.concatenate(
        [
            (-depth * slope * near / np.maximum(r, 1e-12))[..., None] * q[..., :2],
            (-depth * fall * fade)[..., None],
        ],
        axis=2,
    )
    out = points + down[..., None] * spot.rotation[:, 2]
    n = normals @ spot.rotation
    n = n - gradient * (n[..., 2] / np.maximum(1 + gradient[..., 2], 0.1))[..., None]
    n = n / np.linalg.norm(n, axis=2, keepdims=True)
    still = down == 0.0
    return np.where(still[..., None], points, out), np.where(still[..., None], normals, n @ spot.rotation.T)
