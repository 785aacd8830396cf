"""Measures of meshes that the tests share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mesh import Mesh


def corners(mesh: Mesh) -> NDArray[np.float64]:
    """(F, 3, 3) corners of all triangles."""
    return mesh.vertices.astype(np.float64)[mesh.faces]


def face_normals(mesh: Mesh) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(F, 3) unit normals (0 for slivers) and (F,) areas."""
    c = corners(mesh)
    n = np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0])
    twice = np.linalg.norm(n, axis=1)
    return n / np.maximum(twice, 1e-12)[:, None] * (twice > 1e-9)[:, None], twice / 2


def volume(mesh: Mesh) -> float:
    """Signed volume: positive where a closed surface is wound outwards."""
    c = corners(mesh)
    return float(np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2])).sum() / 6)


def coincident(mesh: Mesh, *, apart: float = 3e-4, slack: float = 5e-4) -> list[tuple[int, int]]:
    """Pairs of triangles that look the same way and overlap in one plane (to `apart` metres) by more than `slack`."""
    n, area = face_normals(mesh)
    chosen = np.flatnonzero(area > 1e-7)
    c, n = corners(mesh)[chosen], n[chosen]
    key = np.round(n * 500).astype(int)
    _, group = np.unique(key, axis=0, return_inverse=True)
    offset = np.einsum("ij,ij->i", n, c[:, 0])
    found: list[tuple[int, int]] = []
    for g in range(group.max() + 1):
        own = np.flatnonzero(group.ravel() == g)
        if len(own) < 2:
            continue
        own = own[np.argsort(offset[own])]
        cuts = np.flatnonzero(np.diff(offset[own]) > apart) + 1
        for plane in np.split(own, cuts):
            if len(plane) > 1:
                found += _overlapping(c, n, plane, chosen, slack)
    return found


def _overlapping(
    c: NDArray[np.float64], n: NDArray[np.float64], plane: NDArray[np.int64], names: NDArray[np.int64], slack: float
) -> list[tuple[int, int]]:
    normal = n[plane[0]]
    side = np.cross(normal, (1.0, 0.0, 0.0) if abs(normal[0]) < 0.9 else (0.0, 1.0, 0.0))
    side /= np.linalg.norm(side)
    flat = c[plane] @ np.stack([side, np.cross(normal, side)]).T
    low, high = flat.min(axis=1), flat.max(axis=1)
    i, j = np.nonzero(np.triu(np.all((low[:, None] < high[None] - slack) & (low[None] < high[:, None] - slack), -1), 1))
    if len(i) == 0:
        return []
    p, q = flat[i], flat[j]
    apart = np.zeros(len(i), dtype=bool)
    for t in (p, q):
        edge = np.roll(t, -1, axis=1) - t
        across = np.stack([-edge[..., 1], edge[..., 0]], axis=-1)
        across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-12)
        a = np.einsum("nkd,nld->nkl", across, p)
        b = np.einsum("nkd,nld->nkl", across, q)
        overlap = np.minimum(a.max(-1), b.max(-1)) - np.maximum(a.min(-1), b.min(-1))
        apart |= (overlap < slack).any(axis=1)
    return [(int(names[plane[a]]), int(names[plane[b]])) for a, b in zip(i[~apart], j[~apart], strict=True)]
