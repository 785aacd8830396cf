"""Pieces of a person before they are one mesh: welded triangles that are posed, then split where textures need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from synthgen.assets.mesh import Mesh, make_mesh, vertex_normals
from synthgen.procedural.people.rig import Rig
from synthgen.procedural.shapes import Array, Index

UV_METRES = 1.6
"""Metres of skin or cloth along the whole of MakeHuman's texture square, about."""

_UV_STEPS, _UV_ZERO = 2e4, 1 << 20
"""Steps per metre in which texture coordinates are told apart, and half of how many there are."""
_GRAZING = 0.1
"""Least cosine between a face and its shading."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """points (V, 3) metres; faces (F, 3); uvs (F, 3, 2), metres but where a picture is fitted to the part; slots: a
    name for all faces, or one of each; piece: what of a person it belongs to (`figure.PIECES`); normals (V, 3): how it
    is shaded, where not as its faces lie."""

    points: Array
    faces: Index
    uvs: Array
    slots: str | NDArray[np.str_]
    piece: str = "body"
    normals: Array | None = None


def rigid(rig: Rig, bones: Mapping[str, float], count: int) -> sparse.csr_matrix:
    """(count, B) weights of vertices that all move alike."""
    row = np.zeros(len(rig.body.bones))
    for name, weight in bones.items():
        row[rig.body.bone(name)] = weight
    return sparse.csr_matrix(np.tile(row, (count, 1)))


def flat_uvs(points: Array, faces: Index) -> Array:
    """(F, 3, 2) texture coordinates in metres: each face seen along the axis that it faces most."""
    corners = points[faces]
    normal = np.abs(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
    axis = normal.argmax(axis=1)
    pick = np.array([[1, 2], [0, 2], [0, 1]])[axis]
    found: Array = np.take_along_axis(corners, pick[:, None, :].repeat(3, axis=1), axis=2)
    return found


def joined(parts: Sequence[Part], slots: tuple[str, ...]) -> Mesh:
    """One mesh of all parts, with smooth normals within each; slots that no face has are left out."""
    vertices, normals, uvs, faces, slot = [], [], [], [], []
    count = 0
    for part in parts:
        if not len(part.faces):
            continue
        smooth = part.normals
        if smooth is None:
            smooth = vertex_normals(part.points, part.faces).astype(np.float64)  # type: ignore[arg-type]
        u, v = (np.rint(part.uvs.reshape(-1, 2) * _UV_STEPS).astype(np.int64) + _UV_ZERO).T
        rows = (part.faces.reshape(-1) * (2 * _UV_ZERO) + u) * (2 * _UV_ZERO) + v
        flat = _face_normals(part)
        # In a sharp fold a vertex's mean normal may lie behind a face: that face's corner gets the face's own.
        behind = np.flatnonzero(((smooth[part.faces] * flat[:, None]).sum(axis=2) < _GRAZING).reshape(-1))
        _, first, at = np.unique(rows, return_index=True, return_inverse=True)
        at[behind] = len(first) + np.arange(len(behind))
        first = np.concatenate([first, behind])
        corner = part.faces.reshape(-1)[first]
        shading = smooth[corner]
        if len(behind):
            shading[-len(behind) :] = flat[behind // 3]
        vertices.append(part.points[corner])
        normals.append(shading)
        uvs.append(part.uvs.reshape(-1, 2)[first])
        faces.append(at.reshape(-1, 3) + count)
        names, which = np.unique(np.broadcast_to(np.asarray(part.slots), (len(part.faces),)), return_inverse=True)
        slot.append(np.array([slots.index(str(name)) for name in names])[which])
        count += len(first)
    numbers = np.concatenate(slot)
    used = sorted(set(numbers.tolist()))
    back = np.zeros(len(slots), dtype=np.int64)
    back[used] = np.arange(len(used))
    return make_mesh(
        np.concatenate(vertices),
        np.concatenate(faces),
        slots=tuple(slots[k] for k in used),
        normals=np.concatenate(normals),
        uvs=np.concatenate(uvs),
        slot=back[numbers],
    )


def _face_normals(part: Part) -> Array:
    a, b, c = (part.points[part.faces[:, k]].astype(np.float32).astype(np.float64) for k in range(3))
    normal = np.cross(b - a, c - a)
    unit: Array = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-20)
    return unit


def welded(part: Part) -> Part:
    """Without faces of no area, and without vertices that no face has."""
    corners = part.points[part.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    keep = area > 1e-9
    slots = part.slots if isinstance(part.slots, str) else part.slots[keep]
    used, faces = np.unique(part.faces[keep], return_inverse=True)
    normals = None if part.normals is None else part.normals[used]
    return Part(part.points[used], faces.reshape(-1, 3), part.uvs[keep], slots, part.piece, normals)
