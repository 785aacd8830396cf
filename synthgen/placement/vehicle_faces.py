"""Where the front and the rear of a model are: what is put onto a vehicle (plates, lamps) must touch its surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import MeshRef

FRONT, REAR = 1, -1

_EDGE_ON = 1e-9


def seen_from(mesh: Mesh, y: float, z: float, end: int) -> float | None:
    """x of the first surface that a ray meets which comes along -X (end FRONT) or +X (REAR) at (y, z), metres.

    None where it meets nothing.
    """
    c = mesh.vertices[mesh.faces].astype(np.float64)  # (F, 3, 3)
    p = c[:, :, 1:] - (y, z)
    low, high = p.min(axis=1), p.max(axis=1)
    near = ((low <= 0.0) & (high >= 0.0)).all(axis=1)
    p, x = p[near], c[near, :, 0]
    # Barycentric coordinates of the ray in the triangles as seen along X.
    a, b, d = (p[:, i, 0] * p[:, j, 1] - p[:, i, 1] * p[:, j, 0] for i, j in ((1, 2), (2, 0), (0, 1)))
    area = a + b + d
    safe = np.where(np.abs(area) > _EDGE_ON, area, 1.0)
    shares = np.stack([a, b, d], axis=1) / safe[:, None]
    hit = (np.abs(area) > _EDGE_ON) & (shares >= -1e-9).all(axis=1)
    if not hit.any():
        return None
    found = (shares[hit] * x[hit]).sum(axis=1)
    return float(found.max() if end == FRONT else found.min())


def surface_at(store: Store, mesh: MeshRef, y: float, z: float, end: int) -> float | None:
    """`seen_from` of a mesh of the store, worked out once."""
    name = f"{'front' if end == FRONT else 'rear'}@{y:.3f},{z:.3f}"
    x: float | None = store.fact(mesh, name, lambda m: seen_from(m, y, z, end))
    return x


def middle_of(mesh: Mesh, slots: Sequence[int], end: int) -> list[float] | None:
    """Middle (x, y, z) of what these slots show at one end of a vehicle; None where that is nothing."""
    c = mesh.vertices[mesh.faces[np.isin(mesh.slot, slots)]].astype(np.float64)
    middle = c.mean(axis=1)
    area = np.linalg.norm(np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0]), axis=1)
    chosen = (middle[:, 0] * end > 0.3 * float(np.ptp(mesh.bounds[:, 0]))) & (area > 0)
    if not chosen.any():
        return None
    found: list[float] = np.average(middle[chosen], axis=0, weights=area[chosen]).round(4).tolist()
    return found


def middles_of(mesh: Mesh, slots: Sequence[int], end: int) -> list[list[float]]:
    """Middles (x, y, z) of what these slots show at one end of a vehicle, one for its left, one for its right side.

    One alone where it is narrow or on the middle line.
    """
    if not slots:
        return []
    x_middle = float(mesh.bounds[:, 0].mean())
    half = float(mesh.bounds[1, 0] - x_middle)
    c = mesh.vertices[mesh.faces[np.isin(mesh.slot, slots)]].astype(np.float64)
    middle = c.mean(axis=1)
    area = np.linalg.norm(np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0]), axis=1)
    at_end = (middle[:, 0] - x_middle) * end > 0.45 * half
    found = []
    for side in (middle[:, 1] > 0.1, middle[:, 1] < -0.1, np.abs(middle[:, 1]) <= 0.1):
        chosen = at_end & side & (area > 0)
        if area[chosen].sum() > 1e-5:
            found.append(np.average(middle[chosen], axis=0, weights=area[chosen]).round(4).tolist())
    return found[:2]
