"""Is a planned scene sound: does what stands on something touch it, and is nothing in anything else?

Only what says what it stands on (`relations: {on: N}`) is looked at, with the canonical meshes and Embree; nothing is
rendered. A part belongs to its root.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.store import Store
from synthgen.scene.pose import array
from synthgen.scene.spec import Instance, SceneSpec
from synthgen.verification.embree import PlacedShapes, Placement
from synthgen.verification.raycast import Shapes, number_codes

TOLERANCE = 0.003
"""Metres by which things may touch: rounding, a bevel, a cloth's crease."""

_FEET = 48
"""Points of a thing's lowest faces from which its support is looked for."""

_APART = 0.03
_MOST = 120
"""Points of one face: one for each square of that side (metres) or each such length of it, so that a beam below a long
board is met."""

_LIFT = 0.05
_EDGES = 200_000

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


class _Bodies:
    """A scene's instances with their meshes in the world, roots and parts together."""

    def __init__(self, spec: SceneSpec, store: Store, shapes: Shapes):
        self.spec, self.store = spec, store
        self._root = {i.number: i.part_of or i.number for i in spec.instances}
        self.cargo: list[Instance] = [i for i in spec.instances if "on" in i.relations and i.part_of is None]
        self.objects: dict[int, list[tuple[Array, NDArray[np.int32]]]] = {}
        self._pairs: dict[int, NDArray[np.int64]] = {}
        placements, roots = [], []
        for item in spec.objects:
            policies = {spec.materials[m].transparency for m in item.materials}
            root, matrix = self._root[item.number], array(item.transform)
            shape = shapes.shape(spec.meshes[item.mesh])
            vertices = np.asarray(store.mesh(spec.meshes[item.mesh]).vertices, dtype=np.float64)
            self.objects.setdefault(root, []).append((vertices @ matrix[:, :3].T + matrix[:, 3], shape.faces))
            if "cutout" not in policies:
                code = int(number_codes(np.array([root]))[0])
                placements.append(Placement(shape, matrix, code))
                roots.append(root)
        self._roots = np.array([*roots, 0], dtype=np.int64)
        self._placed = PlacedShapes(placements)
        self.bounds = {
            n: np.stack([np.min([v.min(0) for v, _ in parts], 0), np.max([v.max(0) for v, _ in parts], 0)])
            for n, parts in self.objects.items()
        }

    def unsupported(self) -> Iterator[Unsound]:
        """What floats over or sinks into whatever is below its lowest faces."""
        feet = [(i, self._feet(i.number)) for i in self.cargo if i.number in self.objects]
        if not feet:
            return
        origins = np.concatenate([f for _, f in feet])
        owners = np.repeat([i.number for i, _ in feet], [len(f) for _, f in feet])
        lift = np.array([min(_LIFT, 0.5 * float(np.ptp(self.bounds[i.number][:, 2]))) for i, _ in feet])
        lifts = np.repeat(lift, [len(f) for _, f in feet])
        origins = origins + lifts[:, None] * (0, 0, 1)
        _, distance = self._first_other(origins, np.broadcast_to((0.0, 0.0, -1.0), origins.shape), owners)
        above = distance - lifts
        for item, own in ((i, above[owners == i.number]) for i, _ in feet):
            if float(own.min()) < -TOLERANCE:
                yield Unsound("sinks", item.number, item.relations["on"], -float(own.min()))
            elif float(own.min()) > TOLERANCE:
                yield Unsound("floats", item.number, item.relations["on"], float(min(own.min(), 99.0)))

    def overlapping(self) -> Iterator[Unsound]:
        """What is in another: an edge of it, drawn in by the tolerance, goes through the other's surface."""
        numbers = [i.number for i in self.cargo if i.number in self.objects]
        every = np.array(sorted(self.objects))
        low = np.array([self.bounds[n][0] for n in every]).reshape(-1, 3) + TOLERANCE
        high = np.array([self.bounds[n][1] for n in every]).reshape(-1, 3) - TOLERANCE
        starts, ends, owners = [], [], []
        for number in numbers:
            box = self.bounds[number]
            near = ((low < box[1]) & (high > box[0])).all(axis=1) & (every != number)
            if near.any():
                for a, b in self._edges(number, low[near].min(0), high[near].max(0)):
                    starts.append(a)
                    ends.append(b)
                    owners.append(np.full(len(a), number))
        if not starts:
            return
        a, b, owner = np.concatenate(starts), np.concatenate(ends), np.concatenate(owners)
        others, _ = self._first_other(a, b - a, owner, far=1.0)
        for number, other in sorted({(int(n), int(o)) for n, o in zip(owner, others, strict=True) if o}):
            yield Unsound("overlaps", number, other, TOLERANCE)

    def _first_other(
        self, origins: Array, directions: Array, owners: NDArray[Any], far: float = np.inf
    ) -> tuple[NDArray[np.int64], Array]:
        """(N,) the root of the first surface that is not the owner's, 0 for none, and how far it is."""
        masks = ~number_codes(owners)
        roots, distance = np.zeros(len(origins), dtype=np.int64), np.full(len(origins), np.inf)
        for first in range(0, len(origins), _EDGES):
            some = slice(first, first + _EDGES)
            hits = self._placed.intersect(origins[some], directions[some], far=far, mask=masks[some])
            roots[some] = self._roots[hits.placement]
            distance[some] = np.where(hits.placement < 0, np.inf, hits.distance)
        return roots, distance

    def _feet(self, number: int) -> Array:
        """Points spread over the lowest faces, and the lowest corners."""
        lowest = self.bounds[number][0, 2] + 0.5 * TOLERANCE
        points = []
        for vertices, faces in self.objects[number]:
            down = vertices[faces][(vertices[faces][:, :, 2] <= lowest).all(axis=1)]
            if len(down):
                area = np.linalg.norm(np.cross(down[:, 1] - down[:, 0], down[:, 2] - down[:, 0]), axis=1)
                largest = np.argsort(-area, kind="stable")[:_FEET]
                points.append(_spread(down[largest], area[largest] / 2))
            corners = vertices[vertices[:, 2] <= lowest]
            points.append(corners[:: max(1, len(corners) // _FEET)])
        return np.concatenate(points)

    def _edges(self, number: int, low: Array, high: Array) -> Iterator[tuple[Array, Array]]:
        """Edges that reach into a box, of the thing drawn in by the tolerance on every side."""
        box = self.bounds[number]
        middle, half = box.mean(axis=0), np.maximum(np.ptp(box, axis=0) / 2, 1e-6)
        shrink = np.maximum(half - TOLERANCE, 0.0) / half
        for vertices, faces in self.objects[number]:
            drawn_in = middle + (vertices - middle) * shrink
            if id(faces) not in self._pairs:  # things of one mesh share its faces
                self._pairs[id(faces)] = _edges_of(faces)
            pairs = self._pairs[id(faces)]
            a, b = drawn_in[pairs[:, 0]], drawn_in[pairs[:, 1]]
            inside = ((np.minimum(a, b) < high) & (np.maximum(a, b) > low)).all(axis=1)
            if inside.any():
                yield a[inside], b[inside]


def _edges_of(faces: NDArray[np.int32]) -> NDArray[np.int64]:
    """(E, 2) the edges of triangles (F, 3), each once."""
    both = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64), axis=1)
    count = int(both.max()) + 1
    return np.stack(np.divmod(np.unique(both[:, 0] * count + both[:, 1]), count), axis=1)


def _spread(triangles: Array, area: Array) -> Array:
    """(N, 3) points in triangles (T, 3, 3) of these areas (T,): the middle of each, and an even sequence over it."""
    found = [triangles.mean(axis=1)]
    longest = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=2).max(axis=1)
    for corners, size, long in zip(triangles, area, longest, strict=True):
        k = np.arange(min(_MOST, max(int(size / _APART**2), int(long / _APART))))
        # Roberts' R2 sequence, folded into the triangle.
        u, v = (k * 0.7548776662466927) % 1.0, (k * 0.5698402909980532) % 1.0
        out = u + v > 1.0
        u, v = np.where(out, 1.0 - u, u), np.where(out, 1.0 - v, v)
        found.append(corners[0] + u[:, None] * (corners[1] - corners[0]) + v[:, None] * (corners[2] - corners[0]))
    return np.concatenate(found)
