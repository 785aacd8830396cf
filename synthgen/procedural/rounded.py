"""Boxes with rounded edges whose sides may be bent: cartons, sacks, tanks, film.

A box stands on z = 0, centred, `size` along x, y, z. Bends are smooth functions of points (N, 3), so that what lies on
the box (tape, prints) is bent with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.procedural.boards import flat_triangles
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index

Bend = Callable[[Array], Array]
Size = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The surface of a lattice: index (V, 3) of each vertex, quads (Q, 4) wound outwards, weld (V,): vertices of one
    number are one corner; across (V, 2): the axes of the face that each is on."""

    index: Index
    quads: Index
    weld: Index
    across: Index


@cache
def _grid(counts: tuple[int, int, int]) -> _Grid:
    index, quads, across, first = [], [], [], 0
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        i, j = np.meshgrid(np.arange(counts[b]), np.arange(counts[c]), indexing="ij")
        here = np.arange(i.size).reshape(i.shape)
        faces = np.stack([here[:-1, :-1], here[1:, :-1], here[1:, 1:], here[:-1, 1:]], axis=-1).reshape(-1, 4)
        for high in (False, True):
            own = np.zeros((i.size, 3), dtype=np.int64)
            own[:, axis] = counts[axis] - 1 if high else 0
            own[:, b], own[:, c] = i.ravel(), j.ravel()
            index.append(own)
            quads.append((faces if high else faces[:, ::-1]) + first)
            across.append(np.broadcast_to({0: (1, 2), 1: (0, 2), 2: (0, 1)}[axis], (i.size, 2)))
            first += i.size
    joined = np.concatenate(index)
    _, weld = np.unique(joined, axis=0, return_inverse=True)
    return _Grid(joined, np.concatenate(quads), weld.ravel(), np.concatenate(across))


FRAMES: dict[str, tuple[int, float, int, float, int, float]] = {
    "+x": (0, 1.0, 1, 1.0, 2, 1.0),
    "-x": (0, -1.0, 1, -1.0, 2, 1.0),
    "+y": (1, 1.0, 0, -1.0, 2, 1.0),
    "-y": (1, -1.0, 0, 1.0, 2, 1.0),
    "+z": (2, 1.0, 1, 1.0, 0, -1.0),
}
"""Face: axis and sign of its normal, of what is to its reader's right, of what is up."""


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """The surface of a bent box, for what is stuck to it: lattice samples per axis, vertices and normals (V, 3)."""

    samples: tuple[Array, Array, Array]
    vertices: Array
    normals: Array

    def on(self, face: str, points: Array, lift: float) -> Array:
        """(N, 3) at `lift` metres above the triangles of a face: points (N, 2) are right and up from its middle."""
        axis, sign, right, to_right, up, upwards = FRAMES[face]
        flat = np.zeros((len(points), 3))
        flat[:, right], flat[:, up] = to_right * points[:, 0], upwards * points[:, 1]
        b, c = (axis + 1) % 3, (axis + 2) % 3
        first = sum(2 * len(self.samples[(k + 1) % 3]) * len(self.samples[(k + 2) % 3]) for k in range(axis))
        across = len(self.samples[c])
        first += len(self.samples[b]) * across * (sign > 0)
        cell, share = [], []
        for k in (b, c):
            s = self.samples[k]
            i = np.clip(np.searchsorted(s, flat[:, k], side="right") - 1, 0, len(s) - 2)
            cell.append(i)
            share.append(((flat[:, k] - s[i]) / (s[i + 1] - s[i]))[:, None])
        corner = first + cell[0] * across + cell[1]
        f, g = share
        found = []
        for table in (self.vertices, self.normals):
            p00, p10, p01, p11 = (table[corner + k] for k in (0, across, 1, across + 1))
            if sign > 0:  # cut from 00 to 11
                low, high = p00 + f * (p10 - p00) + g * (p11 - p10), p00 + g * (p01 - p00) + f * (p11 - p01)
                found.append(np.where(f >= g, low, high))
            else:
                low, high = p00 + f * (p10 - p00) + g * (p01 - p00), p11 + (1 - f) * (p01 - p11) + (1 - g) * (p10 - p11)
                found.append(np.where(f + g <= 1, low, high))
        placed: Array = found[0] + lift * found[1]
        return placed


def _rounded(sharp: Array, size: Size, radius: float) -> Array:
    """Points on the surface of the sharp box, moved to the rounded one, (N, 3)."""
    half = np.array(size) / 2
    middle = np.array([0.0, 0.0, half[2]])
    q = sharp - middle
    inner = np.clip(q, -(half - radius), half - radius)
    out = q - inner
    moved: Array = middle + inner + out / np.linalg.norm(out, axis=1, keepdims=True) * radius
    return moved


def add_rounded_box(
    b: MeshBuilder,
    size: Size,
    radius: float,
    slot: str,
    *,
    cells: tuple[int, int, int] = (3, 3, 3),
    bend: Bend | None = None,
    seam: tuple[float, float] | None = None,
    random: float = 0.0,
) -> Skin:
    """A closed box rounded by `radius`, each flat side cut into `cells` (along x, y, z); smooth.

    seam: (width, depth) of the gap between two flaps along x in the middle of the top; the skin returned spans it.
    """
    x, y, z = (
        np.concatenate([[-h], np.linspace(-(h - radius), h - radius, n + 1), [h]])
        for h, n in zip((size[0] / 2, size[1] / 2, size[2] / 2), cells, strict=True)
    )
    if seam:
        w = seam[0] / 2
        clear = y[np.abs(y) > 3 * w + 0.004]
        y = np.sort(np.concatenate([clear, [-w - 0.0015, -w * 0.6, w * 0.6, w + 0.0015]]))
    samples = (x, y, z)
    g = _grid((len(x), len(y), len(z)))
    sharp = np.stack([samples[k][g.index[:, k]] for k in range(3)], axis=1)
    sharp[:, 2] += size[2] / 2
    faces = np.concatenate([g.quads[:, [0, 1, 2]], g.quads[:, [0, 2, 3]]])
    uvs = np.take_along_axis(sharp, g.across, axis=1)
    p = _rounded(sharp, size, radius)
    shown = bend(p) if bend else p
    normals = welded_normals(shown, faces, g.weld)
    skin = Skin(samples, shown, normals)
    if seam:
        sunk = (g.index[:, 2] == len(z) - 1) & (np.abs(sharp[:, 1]) < seam[0] / 2)
        p[sunk, 2] -= seam[1]
        shown = bend(p) if bend else p
        deep = sunk[faces].sum(axis=1)
        edge = (deep > 0) & (deep < 3)
        flat_triangles(b, shown[faces[edge]], slot, uvs=uvs[faces[edge]], random=random)
        faces = faces[~edge]
    b.triangles(shown, faces, slot, normals=normals, uvs=uvs, random=random)
    return skin


def welded_normals(vertices: Array, faces: Index, weld: Index) -> Array:
    """(V, 3) area-weighted unit normals; vertices of one `weld` number share theirs."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((int(weld.max()) + 1, 3))
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(weld[faces[:, k]], face[:, axis], minlength=len(total))
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-20)
    return total[weld]


# --- bends


def bent(mesh: Mesh, bend: Bend) -> Mesh:
    """A mesh after a bend, its normals turned with it."""
    v, n = mesh.vertices.astype(np.float64), mesh.normals.astype(np.float64)
    helper = np.where(np.abs(n[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    t = np.cross(helper, n)
    t /= np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-12)
    step = 1e-4
    moved = bend(v)
    turned = np.cross(bend(v + step * t) - moved, bend(v + step * np.cross(n, t)) - moved)
    length = np.linalg.norm(turned, axis=1, keepdims=True)
    turned = np.where(length > 1e-12, turned / np.maximum(length, 1e-12), n)
    return make_mesh(
        moved,
        mesh.faces,
        slots=mesh.slots,
        normals=turned,
        uvs=mesh.uvs,
        slot=mesh.slot,
        face_random=mesh.face_random,
    )


def bulging(size: Size, sides: float, top: float = 0.0) -> Bend:
    """Sides that belly out by `sides` metres in their middle, and a top that rises (or sinks, below 0) by `top`."""
    half = np.array(size) / 2

    def bend(p: Array) -> Array:
        s = (p - (0.0, 0.0, half[2])) / half
        w = np.clip(1 - s**2, 0.0, 1.0)
        out = p.copy()
        out[:, 0] += sides * s[:, 0] * w[:, 1] * w[:, 2]
        out[:, 1] += sides * s[:, 1] * w[:, 0] * w[:, 2]
        out[:, 2] += top * (p[:, 2] / size[2]) * w[:, 0] * w[:, 1]
        return out

    return bend


def pushed(at: ArrayLike, towards: ArrayLike, reach: float) -> Bend:
    """Moves what is at `at` by the vector `towards`, fading out to nothing at `reach` metres from it."""
    center, way = np.array(at, dtype=np.float64), np.array(towards, dtype=np.float64)

    def bend(p: Array) -> Array:
        near = np.clip(1 - np.linalg.norm(p - center, axis=1) / reach, 0.0, 1.0)
        moved: Array = p + (near**2 * (3 - 2 * near))[:, None] * way
        return moved

    return bend


def leaning(height: float, angle: float, heading: float) -> Bend:
    """Leans what stands on z = 0 by `angle` towards `heading` (radians), as a shear; `height` is where it is full."""
    way = np.tan(angle) * np.array([np.cos(heading), np.sin(heading)])

    def bend(p: Array) -> Array:
        out = p.copy()
        out[:, :2] += way * np.minimum(p[:, 2], height)[:, None]
        return out

    return bend


def one_after_another(*bends: Bend) -> Bend:
    def bend(p: Array) -> Array:
        for each in bends:
            p = each(p)
        return p

    return bend
