"""From a model as its author left it to a canonical mesh: metres, Z up, front +X, origin on the ground.

No Blender. What comes out depends on the file and the catalogue entry alone, so its hash is the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.assets import mend
from synthgen.assets.formats.source import SourceModel
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.outward import turn_outward
from synthgen.assets.polygons import dot, triangulate
from synthgen.errors import InputError

VERSION = 1
"""Raised when the same model comes out otherwise."""

MENDS = ("dedupe_faces", "double_sided", "orient", "new_normals")
"""What a catalogue entry may ask for; see docs/assets.md."""

ORIGINS = ("middle", "foot")

UPS = ("+y", "+z")
"""Axis of the model that points upward."""

FRONTS = ("+x", "-x", "+z", "-z")
"""Axis of a model with Y up that points forward."""

FRONTS_Z_UP = ("+x", "-x", "+y", "-y")
"""Axis of a model with Z up that points forward."""

DEFAULT_FRONT = {"+y": "+z", "+z": "-y"}
"""By the axis that points upward: what glTF and Sweet Home 3D, and what Blender and most CAD look along."""

_GRID = 5  # decimals of metres: positions are kept to 10 micrometres
_UNIFORM = 0.015
_FOOT = 0.04

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pose:
    """How a model stands in its file, and how large it is.

    size: metres along x (length), y (width), z (height) after normalisation, or None to take the file's numbers
    times `unit` (metres per unit of the file)
    rotation: row-major 3x3, applied in the file's axes before all else. up: one of UPS. front: one of FRONTS where
    `up` is "+y", of FRONTS_Z_UP where it is "+z"; None for the usual one (DEFAULT_FRONT).
    origin: "middle" of the bounds, or of the "foot" alone (what lies in the lowest 4%: a trunk, a mast)
    """

    size: tuple[float, float, float] | None = None
    rotation: tuple[float, ...] | None = None
    front: str | None = None
    origin: str = "middle"
    up: str = "+y"
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a slot that becomes a slot of its own: the triangles of slot `of` whose middle lies in `box`.

    box: low x, y, z and high x, y, z in metres, after normalisation. Models have lamp glass and windows in one slot.
    """

    name: str
    of: str
    box: tuple[float, float, float, float, float, float]


def normalise(
    model: SourceModel, pose: Pose, mends: tuple[str, ...] = (), parts: tuple[Part, ...] = (), *, where: str = ""
) -> Mesh:
    """The canonical mesh of a model. Slots are its materials, in the order of first use, then `parts`.

    Raises InputError where nothing is left of it, or it is flat in every direction.
    """
    used = np.unique(model.corners[:, 0])
    positions = _placed(model.positions, used, pose, where)
    welded, number = mend.weld(positions)
    size, material, corners = model.polygon_size, model.polygon_material, model.corners
    at = number[corners[:, 0]]

    middle, normal = mend.polygon_frames(welded, size, at)
    outward = dot(middle - np.array([0.0, 0.0, float(welded[:, 2].max()) * 0.4]), normal)
    drop = mend.repeated_polygons(size, at, outward)
    if "dedupe_faces" in mends:
        outward = np.where(drop, -np.inf, outward)
        drop |= mend.coincident_polygons(middle, np.sqrt(dot(normal, normal)), outward)
    if drop.any():
        keep = ~drop
        kept = np.repeat(keep, size)
        corners, at, size, material, normal = corners[kept], at[kept], size[keep], material[keep], normal[keep]

    triangle, owner = triangulate(welded, size, at)
    whole = ~mend.degenerate(welded, at[triangle])
    triangle, owner = triangle[whole], owner[whole]
    if len(triangle) == 0:
        raise InputError.of("the model has no face that has an area", where=where)
    if "orient" in mends or "double_sided" in mends:
        flip = turn_outward(welded, at[triangle])
        triangle = np.where(flip[:, None], triangle[:, ::-1], triangle)

    fresh = "new_normals" in mends or "double_sided" in mends
    smooth = mend.crease_normals(welded, at[triangle], np.sqrt(dot(normal, normal))[owner])
    normals = smooth if fresh else _with_files_normals(smooth, model, pose, corners[triangle, 2])
    normals = _along_winding(normals, mend.face_vectors(welded, at[triangle]))
    uvs = _corner_uvs(model, corners, triangle)
    slots, slot = _slots(model.materials, material[owner])
    slots, slot = _cut_parts(slots, slot, parts, welded[at[triangle]].mean(axis=1))
    vertices, faces, vertex_normals, vertex_uvs = _split(welded, at[triangle], normals, uvs)
    pieces = mend.islands(at[triangle], len(welded))
    return make_mesh(
        vertices, faces, slots=slots, normals=vertex_normals, uvs=vertex_uvs, slot=slot, face_random=_scatter(pieces)
    )


def _placed(positions: Floats, used: Ints, pose: Pose, where: str) -> Floats:
    """Positions in metres, Z up, front +X, standing on z = 0 over the middle of their bounds, on the grid."""
    turned = turn(positions, pose)
    low, high = turned[used].min(axis=0), turned[used].max(axis=0)
    extent = high - low
    if extent.max() <= 0:
        raise InputError.of("the model is a point", where=where)
    scale = scale_to(extent, pose.size) if pose.size is not None else np.full(3, pose.unit)
    stand = turned[used]
    if pose.origin == "foot":
        stand = stand[stand[:, 2] <= low[2] + _FOOT * extent[2]]
    origin = (stand.min(axis=0) + stand.max(axis=0)) / 2
    origin[2] = low[2]
    placed: Floats = np.round((turned - origin) * scale, _GRID) + 0.0
    return placed


def turn(vectors: Floats, pose: Pose) -> Floats:
    """(N, 3) vectors from the file's axes to ours (Z up, front +X); lengths stay. Raises InputError for a pose whose
    `up` and `front` do not go together."""
    v = vectors
    if pose.rotation is not None:
        m = pose.rotation
        # Term by term: a matrix product may sum in another order on another machine.
        v = np.column_stack([m[3 * r] * v[:, 0] + m[3 * r + 1] * v[:, 1] + m[3 * r + 2] * v[:, 2] for r in range(3)])
    x, y, z = v.T
    front = pose.front or DEFAULT_FRONT.get(pose.up, "")
    if (pose.up, front) not in _TURNS:
        raise InputError.of(f"a model cannot have its front at {front!r} and point upward with {pose.up!r}")
    return np.column_stack([sign * (x, y, z)[axis] for axis, sign in _TURNS[pose.up, front]])


_X, _Y, _Z = 0, 1, 2
_TURNS: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {
    ("+y", "+z"): ((_Z, 1), (_X, 1), (_Y, 1)),
    ("+y", "-z"): ((_Z, -1), (_X, -1), (_Y, 1)),
    ("+y", "+x"): ((_X, 1), (_Z, -1), (_Y, 1)),
    ("+y", "-x"): ((_X, -1), (_Z, 1), (_Y, 1)),
    ("+z", "+x"): ((_X, 1), (_Y, 1), (_Z, 1)),
    ("+z", "-x"): ((_X, -1), (_Y, -1), (_Z, 1)),
    ("+z", "+y"): ((_Y, 1), (_X, -1), (_Z, 1)),
    ("+z", "-y"): ((_Y, -1), (_X, 1), (_Z, 1)),
}
"""By `up` and `front`: the axis of the file, and its sign, that becomes forward, left and upward."""


def scale_to(extent: Floats, size: tuple[float, float, float]) -> Floats:
    """(3,) factors: one for all axes, from the height, where the proportions agree within 1.5%, else one each."""
    target = np.array(size)
    solid = (extent > 1e-9) & (target > 0)
    factors = np.where(solid, target / np.where(solid, extent, 1.0), np.nan)
    lead = factors[2] if solid[2] else np.nanmax(factors)
    factors = np.where(solid, factors, lead)
    if np.abs(factors / lead - 1).max() <= _UNIFORM:
        return np.full(3, lead)
    return factors


def _with_files_normals(smooth: Floats, model: SourceModel, pose: Pose, index: Ints) -> Floats:
    """(T, 3, 3) unit normals per corner: the file's where it has them, else `smooth`. index: (T, 3), -1 for none."""
    if len(model.normals) == 0:
        return smooth
    table = turn(model.normals, pose)
    length = np.sqrt(dot(table, table))
    table = table / np.maximum(length, 1e-30)[:, None]
    usable = (index >= 0) & (length > 1e-6)[np.maximum(index, 0)]
    return np.where(usable[..., None], table[np.maximum(index, 0)], smooth)


def _along_winding(normals: Floats, face: Floats) -> Floats:
    """Turns the normals of faces whose shading looks the other way than their winding."""
    against: NDArray[np.bool_] = (normals.sum(axis=1) * face).sum(axis=1) < 0
    return np.where(against[:, None, None], -normals, normals)


def _corner_uvs(model: SourceModel, corners: Ints, triangle: Ints) -> Floats:
    """(T, 3, 2) texture coordinates per corner, 0 where the file has none."""
    index = corners[triangle, 1]
    if len(model.texcoords) == 0:
        return np.zeros((*triangle.shape, 2))
    return np.where((index >= 0)[..., None], model.texcoords[np.maximum(index, 0)], 0.0)


def _slots(names: tuple[str, ...], material: Ints) -> tuple[tuple[str, ...], Ints]:
    """The materials that are used, and for each triangle its number among them."""
    used = np.unique(material)
    rank = np.zeros(len(names), dtype=np.int64)
    rank[used] = np.arange(len(used))
    return tuple(names[k] for k in used), rank[material]


def _cut_parts(
    slots: tuple[str, ...], slot: Ints, parts: tuple[Part, ...], middle: Floats
) -> tuple[tuple[str, ...], Ints]:
    for part in parts:
        low, high = np.array(part.box[:3]), np.array(part.box[3:])
        inside = ((middle >= low) & (middle <= high)).all(axis=1)
        if part.of in slots and (chosen := inside & (slot == slots.index(part.of))).any():
            slot = np.where(chosen, len(slots), slot)
            slots = (*slots, part.name)
    return slots, slot


def _split(welded: Floats, triangles: Ints, normals: Floats, uvs: Floats) -> tuple[Floats, Ints, Floats, Floats]:
    """Indexed vertices: one for each different (position, normal, texture coordinate)."""
    flat = triangles.ravel()
    n = np.round(normals.reshape(-1, 3), 4) + 0.0
    t = np.round(uvs.reshape(-1, 2), 6) + 0.0
    key = flat
    for column in (*n.T, *t.T):
        _, code = np.unique(column, return_inverse=True)
        _, key = np.unique(key * (int(code.max()) + 1) + code, return_inverse=True)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    at = first[order]
    unit = n[at] / np.sqrt(dot(n[at], n[at]))[:, None]
    return welded[flat[at]], rank[inverse].reshape(-1, 3), unit, t[at]


def _scatter(pieces: Ints) -> Floats:
    """A number in 0..1 for each connected piece (leaf, spoke, brick), the same on every machine (splitmix64)."""
    with np.errstate(over="ignore"):
        z = (pieces.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((z >> np.uint64(40)).astype(np.float64) / float(1 << 24), dtype=np.float64)
