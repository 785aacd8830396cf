"""Is a planned scene sound: does what stands on something touch it, and is nothing in anything else?

Only what says what it stands on (`relations: {on: N}`) is looked at, and of piles (`piled_in`) what is in another, with
the canonical meshes and Embree; nothing is rendered. A part belongs to its root.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.store import Store
from synthgen.scene.pose import array
from synthgen.scene.spec import Instance, MeshRef, SceneSpec
from synthgen.verification.embree import PlacedShapes, Placement
from synthgen.verification.raycast import Shapes, number_codes

TOLERANCE = 0.003
"""Metres by which things may touch: rounding, a bevel, a cloth's crease."""

_LOOSE = frozenset({"street.leaf_litter"})
"""Generators of what lies loose: things stand on it and in it."""

_YIELDS = frozenset({"vegetation"})
"""Categories that give way: a crown grows around a lamp. Populators keep trunks from all."""

_CLEAR_OF_THEM = frozenset({"car", "van", "truck", "bus"})
"""Categories that nothing grows into."""

_JOINED = ("on", "piled_in", "mounted_on", "rides", "pushed_by", "carried_by")
"""Relations to what is touched: how a thing lies in a hollow of its carrier is asked of the thing."""

_FEET = 48
"""Points of a thing's lowest faces from which its support is looked for."""

_APART = 0.03
_MOST_POINTS = 120
"""Points of one face: one for each square of that side (metres) or each such length of it, so that a beam below a long
board is met."""

_LIFT = 0.05
_RAYS = 500_000
_MOST = 1200
"""Edges of one mesh that are drawn through the others."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unsound:
    """what: "floats" (nothing under it), "sinks" (into what carries it) or "overlaps" (is in another).

    number, other: the instances; other is what carries it, or what it is in. metres: how far; of an overlap the
    tolerance, which it is beyond.
    """

    what: str
    number: int
    other: int
    metres: float

    def said(self, spec: SceneSpec) -> str:
        """In words."""
        known = {i.number: i for i in spec.instances}
        one, other = (f"{known[n].category} {n} ({known[n].asset or 'layout'})" for n in (self.number, self.other))
        return f"scene {spec.scene_index}: {one} {self.what} {self.metres * 1000:.1f} mm, {other}"


def unsound(spec: SceneSpec, store: Store, *, shapes: Shapes | None = None) -> list[Unsound]:
    """All that floats, sinks or overlaps by more than `TOLERANCE`."""
    bodies = _Bodies(spec, store, shapes or Shapes(store))
    return [*bodies.unsupported(), *bodies.overlapping()]


@dataclass(frozen=True, slots=True)
class _Piece:
    """An object of a body: its mesh in its own frame, and where it is."""

    mesh: str
    vertices: Array
    faces: NDArray[np.int32]
    matrix: Array

    def placed(self) -> Array:
        """(V, 3) in the world."""
        points: Array = self.vertices @ self.matrix[:, :3].T + self.matrix[:, 3]
        return points


class _Bodies:
    """A scene's instances with their meshes in the world, roots and parts together."""

    def __init__(self, spec: SceneSpec, store: Store, shapes: Shapes):
        self._root = {i.number: i.part_of or i.number for i in spec.instances}
        self.pieces: dict[int, list[_Piece]] = {}
        self._edges_of: dict[str, NDArray[np.int64]] = {}
        meshes: dict[str, Array] = {}
        placements, roots = [], []
        low: dict[int, Array] = {}
        high: dict[int, Array] = {}
        for item in spec.objects:
            if _generator(spec.meshes[item.mesh]) in _LOOSE:
                continue
            policies = {spec.materials[m].transparency for m in item.materials}
            root, matrix = self._root[item.number], array(item.transform)
            shape = shapes.shape(spec.meshes[item.mesh])
            if item.mesh not in meshes:
                meshes[item.mesh] = np.asarray(store.mesh(spec.meshes[item.mesh]).vertices, dtype=np.float64)
            piece = _Piece(item.mesh, meshes[item.mesh], shape.faces, matrix)
            self.pieces.setdefault(root, []).append(piece)
            placed = piece.placed()
            low[root] = np.minimum(low.get(root, np.inf), placed.min(axis=0))
            high[root] = np.maximum(high.get(root, -np.inf), placed.max(axis=0))
            if "cutout" not in policies:
                placements.append(Placement(shape, matrix, int(number_codes(np.array([root]))[0])))
                roots.append(root)
        self._roots = np.array([*roots, 0], dtype=np.int64)
        self._placed = PlacedShapes(placements)
        self.bounds = {n: np.stack([low[n], high[n]]) for n in self.pieces}
        self._carried = {i.number: {i.relations.get(k) for k in ("on", "piled_in")} for i in spec.instances}
        self._joined = {i.number: {i.relations.get(k) for k in _JOINED} for i in spec.instances}
        self._yields = {i.number for i in spec.instances if i.category in _YIELDS}
        self._clear = {i.number for i in spec.instances if i.category in _CLEAR_OF_THEM}
        whole: list[Instance] = [i for i in spec.instances if i.part_of is None and i.number in self.pieces]
        self.cargo = [i for i in whole if "on" in i.relations]
        self.piled = [i for i in whole if "piled_in" in i.relations]
        self._tumbled = {i.number for i in self.piled}

    def unsupported(self) -> Iterator[Unsound]:
        """What floats over or sinks into whatever is below its lowest faces."""
        if not self.cargo:
            return
        feet = [self._feet(i.number) for i in self.cargo]
        counts = [len(f) for f in feet]
        owners = np.repeat([i.number for i in self.cargo], counts)
        # What carries others is looked at from below their feet.
        carriers = set().union(*self._carried.values())
        lift = [
            min(_LIFT if i.number not in carriers else TOLERANCE, 0.5 * float(np.ptp(self.bounds[i.number][:, 2])))
            for i in self.cargo
        ]
        lifts = np.repeat(lift, counts)
        origins = np.concatenate(feet) + lifts[:, None] * (0, 0, 1)
        _, distance = self._first_other(origins, np.broadcast_to((0.0, 0.0, -1.0), origins.shape), owners)
        ends = np.cumsum(counts)
        lowest = np.minimum.reduceat(distance - lifts, ends - counts)
        for item, off in zip(self.cargo, lowest.tolist(), strict=True):
            if abs(off) > TOLERANCE:
                what = "sinks" if off < 0 else "floats"
                yield Unsound(what, item.number, int(item.relations["on"]), min(abs(off), 99.0))

    def overlapping(self) -> Iterator[Unsound]:
        """What is in another: an edge of it, drawn in by the tolerance, goes through the other's surface."""
        every = np.array(sorted(self.pieces))
        low = np.array([self.bounds[n][0] for n in every]).reshape(-1, 3) + TOLERANCE
        high = np.array([self.bounds[n][1] for n in every]).reshape(-1, 3) - TOLERANCE
        starts, ends, owners = [], [], []
        for item in (*self.cargo, *self.piled):
            box = self.bounds[item.number]
            near = ((low < box[1]) & (high > box[0])).all(axis=1) & (every != item.number)
            if near.any():
                for a, b in self._edges(item.number, low[near].min(0), high[near].max(0)):
                    starts.append(a.astype(np.float32))
                    ends.append(b.astype(np.float32))
                    owners.append(np.full(len(a), item.number, dtype=np.int32))
        if not starts:
            return
        a, b, owner = np.concatenate(starts), np.concatenate(ends), np.concatenate(owners)
        others, _ = self._first_other(a, b - a, owner, far=1.0)
        pairs = np.unique(np.stack([owner, others], axis=1)[others > 0], axis=0)
        for number, other in pairs.tolist():
            if number in self._joined.get(other, ()) or (other in self._yields and number not in self._clear):
                continue
            yield Unsound("overlaps", number, other, TOLERANCE)

    def _first_other(
        self, origins: NDArray[Any], directions: NDArray[Any], owners: NDArray[Any], far: float = np.inf
    ) -> tuple[NDArray[np.int64], Array]:
        """(N,) the root of the first surface that is not the owner's, 0 for none, and how far it is."""
        masks = ~number_codes(owners)
        roots, distance = np.zeros(len(origins), dtype=np.int64), np.full(len(origins), np.inf)
        for first in range(0, len(origins), _RAYS):
            some = slice(first, first + _RAYS)
            hits = self._placed.intersect(origins[some], directions[some], far=far, mask=masks[some])
            roots[some] = self._roots[hits.placement]
            distance[some] = np.where(hits.placement < 0, np.inf, hits.distance)
        return roots, distance

    def _feet(self, number: int) -> Array:
        """Points spread over the lowest faces, and the lowest corners."""
        lowest = self.bounds[number][0, 2] + 0.5 * TOLERANCE
        points = []
        for piece in self.pieces[number]:
            vertices = piece.placed()
            below = vertices[:, 2] <= lowest
            down = vertices[piece.faces[below[piece.faces].all(axis=1)]]
            if len(down):
                area = np.linalg.norm(np.cross(down[:, 1] - down[:, 0], down[:, 2] - down[:, 0]), axis=1)
                largest = np.argsort(-area, kind="stable")[:_FEET]
                points.append(_spread(down[largest], area[largest] / 2))
            corners = vertices[below]
            points.append(corners[:: max(1, len(corners) // _FEET)])
        return np.concatenate(points)

    def _edges(self, number: int, low: Array, high: Array) -> Iterator[tuple[Array, Array]]:
        """Edges that reach into a box, of the thing drawn in by the tolerance on every side.

        What lies askew in a pile is drawn in along its own axes.
        """
        for piece in self.pieces[number]:
            if number in self._tumbled:
                own = _drawn_in(piece.vertices, np.stack([piece.vertices.min(axis=0), piece.vertices.max(axis=0)]))
                drawn_in = own @ piece.matrix[:, :3].T + piece.matrix[:, 3]
            else:
                drawn_in = _drawn_in(piece.placed(), self.bounds[number])
            pairs = self._pairs(piece)
            a, b = drawn_in[pairs[:, 0]], drawn_in[pairs[:, 1]]
            inside = ((np.minimum(a, b) < high) & (np.maximum(a, b) > low)).all(axis=1)
            if inside.any():
                yield a[inside], b[inside]

    def _pairs(self, piece: _Piece) -> NDArray[np.int64]:
        """(E, 2) corners of a mesh's edges, each once; of more than `_MOST` the longest, and some of the rest."""
        if piece.mesh not in self._edges_of:
            pairs = np.unique(np.sort(piece.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
            if len(pairs) > _MOST:
                length = np.linalg.norm(np.subtract(*piece.vertices[pairs.T]), axis=1)
                pairs = pairs[np.argsort(-length, kind="stable")]
                rest = pairs[_MOST // 2 :]
                pairs = np.concatenate([pairs[: _MOST // 2], rest[:: -(-2 * len(rest) // _MOST)]])
            self._edges_of[piece.mesh] = pairs.astype(np.int64)
        return self._edges_of[piece.mesh]


def _generator(mesh: MeshRef) -> str:
    """What made a mesh; "" where it was read from a file."""
    return str(mesh.source.get("procedural", ""))


def _drawn_in(points: Array, box: Array) -> Array:
    """Points (N, 3) of a box (2, 3), drawn in to its middle so that its sides move by the tolerance."""
    middle, half = box.mean(axis=0), np.maximum(np.ptp(box, axis=0) / 2, 1e-6)
    shrink = np.maximum(half - TOLERANCE, 0.0) / half
    drawn: Array = middle + (points - middle) * shrink
    return drawn


def _spread(triangles: Array, area: Array) -> Array:
    """(N, 3) points in triangles (T, 3, 3) of these areas (T,): the middle of each, and an even sequence over it."""
    found = [triangles.mean(axis=1)]
    longest = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=2).max(axis=1)
    for corners, size, long in zip(triangles, area, longest, strict=True):
        k = np.arange(min(_MOST_POINTS, max(int(size / _APART**2), int(long / _APART))))
        # Roberts' R2 sequence, folded into the triangle.
        u, v = (k * 0.7548776662466927) % 1.0, (k * 0.5698402909980532) % 1.0
        out = u + v > 1.0
        u, v = np.where(out, 1.0 - u, u), np.where(out, 1.0 - v, v)
        found.append(corners[0] + u[:, None] * (corners[1] - corners[0]) + v[:, None] * (corners[2] - corners[0]))
    return np.concatenate(found)
