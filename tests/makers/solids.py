"""What a made mesh must be: of closed, outward solids, sound to the last triangle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from synthgen.assets.mesh import Mesh
from tests.procedural.geometry import coincident, corners, face_normals


def merged(mesh: Mesh, *, apart: float = 2e-5) -> NDArray[np.int64]:
    """(F, 3) triangles over points that are one where they lie closer than about `apart` metres."""
    _, inverse = np.unique(np.round(mesh.vertices.astype(np.float64) / apart), axis=0, return_inverse=True)
    found: NDArray[np.int64] = inverse.ravel()[mesh.faces]
    return found


def open_faces(mesh: Mesh) -> NDArray[np.int64]:
    """Triangles at an edge that no triangle meets from its other side."""
    f = merged(mesh)
    a, b = f.ravel(), np.roll(f, -1, axis=1).ravel()
    n = int(f.max()) + 1
    there, back = a * n + b, b * n + a
    keys = np.unique(np.concatenate([there, back]))
    count = np.bincount(np.searchsorted(keys, there), minlength=len(keys))
    other = np.bincount(np.searchsorted(keys, back), minlength=len(keys))
    bad = (count != other)[np.searchsorted(keys, there)]
    found: NDArray[np.int64] = np.unique(np.flatnonzero(bad) // 3)
    return found


def volumes(mesh: Mesh) -> NDArray[np.float64]:
    """Signed volume of each connected part, cubic metres."""
    f = merged(mesh)
    n = int(f.max()) + 1
    links = coo_matrix((np.ones(2 * len(f)), (np.r_[f[:, 0], f[:, 1]], np.r_[f[:, 1], f[:, 2]])), (n, n))
    _, part = connected_components(links, directed=False)
    c = corners(mesh) - corners(mesh).mean(axis=(0, 1))
    each = np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2])) / 6
    found: NDArray[np.float64] = np.bincount(part[f[:, 0]], each)[np.unique(part[f[:, 0]])]
    return found


def assert_sound(mesh: Mesh, *, open_slots: tuple[str, ...] = (), lying: bool = True) -> None:
    """Every face has an area and finite UVs, is shaded from its own side, and belongs to a closed outward solid.

    It stands on z = 0, its middle within 3 mm of the origin. open_slots: slots of sheets, such as a sack, that may end
    in the air. lying: whether faces that lie in one another are looked for, too, which takes longest.
    """
    normals, area = face_normals(mesh)
    assert area.min() > 1e-10, f"{(area <= 1e-10).sum()} faces without an area, of {_where(mesh, area.argmin())}"
    assert np.isfinite(mesh.uvs).all() and np.abs(mesh.uvs).max() < 60.0
    for k in range(3):
        agree = np.einsum("ij,ij->i", normals, mesh.normals[mesh.faces[:, k]].astype(float))
        assert agree.min() > -0.05, f"{_where(mesh, agree.argmin())} is shaded from behind"
    allowed = [mesh.slots.index(s) for s in open_slots]
    torn = [int(i) for i in open_faces(mesh) if mesh.slot[i] not in allowed]
    assert not torn, f"{len(torn)} faces at open edges: {[_where(mesh, i) for i in torn[:4]]}"
    if not allowed:
        assert volumes(mesh).min() > 0, "a part is wound inwards"
    twice = coincident(mesh) if lying else []
    assert not twice, f"{len(twice)} faces lie in one another: {[_where(mesh, i) for i, _ in twice[:4]]}"
    low, high = mesh.bounds
    assert abs(low[2]) < 1e-3, f"the foot is at {low[2]}"
    assert np.abs(low[:2] + high[:2]).max() < 6e-3, f"off its middle by {(low + high)[:2] / 2}"


def _where(mesh: Mesh, face: int) -> str:
    return f"{mesh.slots[mesh.slot[face]]} at {mesh.vertices[mesh.faces[face]].mean(axis=0).round(4).tolist()}"
