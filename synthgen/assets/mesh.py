"""The canonical mesh: what the renderer draws and what a ray caster sees, in one quick file.

Indexed triangles; a vertex is split where its normal or its UV differs between faces. Metres, Z up, right-handed,
counter-clockwise winding seen from outside. An asset that has a front faces +X, its left is +Y, and its origin is
on the ground, in the middle of its footprint.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.wholefile import writing_whole

FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles with shading normals, texture coordinates and material slots. Arrays are read-only.

    vertices     (V, 3) float32, metres
    faces        (F, 3) int32, indices into `vertices`
    normals      (V, 3) float32, unit length (shading normals)
    uvs          (V, 2) float32, v upwards
    slot         (F,) uint16, index into `slots`
    slots        names of the material slots
    face_random  (F,) float32 in 0..1, a random number per face that materials may vary by (one pane, one stone)
    """

    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    normals: NDArray[np.float32]
    uvs: NDArray[np.float32]
    slot: NDArray[np.uint16]
    slots: tuple[str, ...]
    face_random: NDArray[np.float32]

    @property
    def bounds(self) -> NDArray[np.float32]:
        """(2, 3) lowest and highest corner, metres."""
        bounds: NDArray[np.float32] = np.stack([self.vertices.min(axis=0), self.vertices.max(axis=0)])
        return bounds


_ARRAYS: dict[str, tuple[type[np.generic], int]] = {
    "vertices": (np.float32, 3),
    "faces": (np.int32, 3),
    "normals": (np.float32, 3),
    "uvs": (np.float32, 2),
    "slot": (np.uint16, 0),
    "face_random": (np.float32, 0),
}


def make_mesh(
    vertices: Any,
    faces: Any,
    *,
    slots: tuple[str, ...],
    normals: Any = None,
    uvs: Any = None,
    slot: Any = None,
    face_random: Any = None,
) -> Mesh:
    """Checks and freezes arrays into a Mesh. Missing normals are area-weighted vertex normals; UVs default to 0.

    Raises InputError where the mesh is empty, has NaN or infinite numbers, or indices out of range.
    """
    v = _frozen(vertices, "vertices")
    f = _frozen(faces, "faces")
    if len(v) == 0 or len(f) == 0:
        raise InputError.of("the mesh has no faces")
    if not np.isfinite(v).all():
        raise InputError.of("the mesh has vertices that are NaN or infinite")
    if f.min() < 0 or f.max() >= len(v):
        raise InputError.of("the mesh has faces that name vertices it lacks")
    n = _frozen(vertex_normals(v, f) if normals is None else normals, "normals")
    t = _frozen(np.zeros((len(v), 2)) if uvs is None else uvs, "uvs")
    s = _frozen(np.zeros(len(f)) if slot is None else slot, "slot")
    r = _frozen(np.zeros(len(f)) if face_random is None else face_random, "face_random")
    if len(n) != len(v) or len(t) != len(v) or len(s) != len(f) or len(r) != len(f):
        raise InputError.of("the mesh has arrays whose lengths do not agree")
    if s.max() >= len(slots):
        raise InputError.of("the mesh has faces whose material slot it lacks")
    if not (np.isfinite(n).all() and np.isfinite(t).all()):
        raise InputError.of("the mesh has normals or texture coordinates that are NaN or infinite")
    return Mesh(v, f, n, t, s, tuple(slots), r)


def vertex_normals(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """(V, 3) unit vertex normals, faces weighted by area; (0, 0, 1) where undefined."""
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((len(vertices), 3))
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(faces[:, k], face[:, axis], minlength=len(vertices))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    unit = np.where(length > 1e-20, total / np.maximum(length, 1e-20), [0.0, 0.0, 1.0])
    return unit.astype(np.float32)


def content_hash(mesh: Mesh) -> str:
    """32 hex digits (BLAKE2b-128) over format, slots and arrays: the name by which a SceneSpec knows the mesh."""
    digest = hashlib.blake2b(f"mesh {FORMAT} {'/'.join(mesh.slots)}".encode(), digest_size=16)
    for name in _ARRAYS:
        array = getattr(mesh, name)
        digest.update(f"|{name}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def save_mesh(path: Path, mesh: Mesh) -> None:
    """Writes one uncompressed .npz, whole or not at all."""
    with writing_whole(path) as file:
        np.savez(file, slots=np.array(mesh.slots, dtype=np.str_), **{k: getattr(mesh, k) for k in _ARRAYS})


def load_mesh(path: Path) -> Mesh:
    """Reads what `save_mesh` wrote. Raises OSError, ValueError, EOFError or BadZipFile where it is missing or torn."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in _ARRAYS}
        slots = tuple(str(s) for s in file["slots"])
    for array in arrays.values():
        array.setflags(write=False)
    return Mesh(slots=slots, **arrays)


def _frozen(array: Any, name: str) -> Any:
    dtype, width = _ARRAYS[name]
    out = np.array(array, dtype=dtype, order="C")
    if (width and (out.ndim != 2 or out.shape[1] != width)) or (not width and out.ndim != 1):
        raise InputError.of(f"the mesh's {name} have the shape {out.shape}")
    out.setflags(write=False)
    return out
