"""MeshBuilder: procedural geometry in numpy batches.

Every method appends faces whose winding is counter-clockwise seen from outside. Flat pieces get their own vertices
and face normals; round ones smooth normals. Coordinates are metres in the builder's current frame (`at`), texture
coordinates metres along the faces unless a method says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import mapbox_earcut
import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthgen.assets.mesh import Mesh, make_mesh

Array = NDArray[np.float64]
Index = NDArray[np.int64]

# Corner order of the six faces of a box: (x, y, z) picks low (0) or high (1).
_BOX_FACES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "-x": ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
    "+x": ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
    "-y": ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
    "+y": ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
    "-z": ((0, 1, 0), (1, 1, 0), (1, 0, 0), (0, 0, 0)),
    "+z": ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
}
_UV_AXES = {"x": (1, 2), "y": (0, 2), "z": (0, 1)}


class MeshBuilder:
    """Gathers faces by material slot and makes a canonical `Mesh` of them."""

    def __init__(self, *slots: str) -> None:
        self.slots = slots
        self._index = {name: i for i, name in enumerate(slots)}
        self._rotation: Array = np.eye(3)
        self._origin: Array = np.zeros(3)
        self._vertices: list[Array] = []
        self._normals: list[Array] = []
        self._uvs: list[Array] = []
        self._faces: list[Index] = []
        self._slot: list[NDArray[np.int64]] = []
        self._random: list[Array] = []
        self._count = 0

    @contextmanager
    def at(
        self,
        origin: ArrayLike = (0.0, 0.0, 0.0),
        x: ArrayLike = (1.0, 0.0, 0.0),
        y: ArrayLike = (0.0, 1.0, 0.0),
        z: ArrayLike = (0.0, 0.0, 1.0),
    ) -> Iterator[None]:
        """Within the block, coordinates are in the frame with this origin and these (orthonormal, right-handed) axes.

        Frames nest: origin and axes are given in the frame around the block.
        """
        before = self._rotation, self._origin
        self._origin = self._origin + self._rotation @ np.asarray(origin, dtype=np.float64)
        self._rotation = self._rotation @ np.array([x, y, z], dtype=np.float64).T
        try:
            yield
        finally:
            self._rotation, self._origin = before

    def mesh(self) -> Mesh:
        """The canonical mesh of all that was added. Raises InputError where nothing was."""
        if not self._vertices:
            return make_mesh(np.zeros((0, 3)), np.zeros((0, 3)), slots=self.slots)
        return make_mesh(
            np.concatenate(self._vertices),
            np.concatenate(self._faces),
            slots=self.slots,
            normals=np.concatenate(self._normals),
            uvs=np.concatenate(self._uvs),
            slot=np.concatenate(self._slot),
            face_random=np.concatenate(self._random),
        )

    # --- raw faces

    def triangles(
        self, vertices: Array, faces: Index, slot: str, *, normals: Array, uvs: Array, random: ArrayLike = 0.0
    ) -> None:
        """Indexed triangles: vertices, normals (V, 3), uvs (V, 2), faces (F, 3); `random` per face or one number."""
        self._vertices.append(vertices @ self._rotation.T + self._origin)
        self._normals.append(normals @ self._rotation.T)
        self._uvs.append(uvs)
        self._faces.append(faces + self._count)
        self._slot.append(np.full(len(faces), self._index[slot]))
        self._random.append(np.broadcast_to(np.asarray(random, dtype=np.float64), (len(faces),)))
        self._count += len(vertices)

    def quads(
        self,
        corners: ArrayLike,
        slot: str,
        *,
        uvs: ArrayLike | None = None,
        random: ArrayLike = 0.0,
        normals: Array | None = None,
    ) -> None:
        """Flat quadrilaterals (N, 4, 3), counter-clockwise; uvs (N, 4, 2) default to 0..1 over each.

        normals (N, 4, 3) are the face's own unless given. `random`: one number or one per quad.
        """
        c = np.asarray(corners, dtype=np.float64).reshape(-1, 4, 3)
        n = len(c)
        if n == 0:
            return
        if normals is None:
            face = np.cross(c[:, 2] - c[:, 0], c[:, 3] - c[:, 1])
            face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-20)
            normals = np.repeat(face[:, None], 4, axis=1)
        t: ArrayLike = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] if uvs is None else uvs
        start = np.arange(n)[:, None] * 4
        faces = (start + np.array([0, 1, 2, 0, 2, 3])).reshape(-1, 3)
        self.triangles(
            c.reshape(-1, 3),
            faces,
            slot,
            normals=normals.reshape(-1, 3),
            uvs=np.broadcast_to(np.asarray(t, dtype=np.float64), (n, 4, 2)).reshape(-1, 2),
            random=np.repeat(np.broadcast_to(np.asarray(random, dtype=np.float64), (n,)), 2),
        )

    def add(self, mesh: Mesh, slots: dict[str, str] | None = None) -> None:
        """Another mesh, in the current frame; `slots` maps its slot names to this builder's (default: same names)."""
        names = [(slots or {}).get(s, s) for s in mesh.slots]
        for k in np.unique(mesh.slot):
            chosen = mesh.slot == k
            used, faces = np.unique(mesh.faces[chosen], return_inverse=True)
            self.triangles(
                mesh.vertices[used].astype(np.float64),
                faces.reshape(-1, 3).astype(np.int64),
                names[int(k)],
                normals=mesh.normals[used].astype(np.float64),
                uvs=mesh.uvs[used].astype(np.float64),
                random=mesh.face_random[chosen],
            )

    # --- boxes

    def boxes(
        self,
        x0: ArrayLike,
        x1: ArrayLike,
        y0: ArrayLike,
        y1: ArrayLike,
        z0: ArrayLike,
        z1: ArrayLike,
        slot: str,
        *,
        skip: str = "",
        random: ArrayLike = 0.0,
    ) -> None:
        """Axis-parallel boxes between broadcastable bounds; `skip` names faces to leave out, such as "-z +y"."""
        given = (x0, x1, y0, y1, z0, z1, random)
        bounds = np.broadcast_arrays(*(np.asarray(b, dtype=np.float64).ravel() for b in given))
        n = len(bounds[0])
        low_high = np.stack(bounds[:6], axis=1).reshape(n, 3, 2)
        left_out = skip.split()
        kept = [k for k in _BOX_FACES if k not in left_out]
        pick = np.array([_BOX_FACES[k] for k in kept])
        corners = low_high[:, np.arange(3), pick]  # (n, faces, 4, 3)
        uvs = np.stack([corners[:, i][..., _UV_AXES[k[1]]] for i, k in enumerate(kept)], axis=1)
        self.quads(corners, slot, uvs=uvs.reshape(-1, 4, 2), random=np.repeat(bounds[6], len(kept)))

    def chamfered(
        self,
        x0: float,
        x1: float,
        y0: float,
        y1: float,
        z0: float,
        z1: float,
        chamfer: float,
        slot: str,
        *,
        random: float = 0.0,
    ) -> None:
        """A closed box whose edges are cut by `chamfer` metres."""
        quads, corners = _chamfer_template()
        low, high = np.array([x0, y0, z0]), np.array([x1, y1, z1])
        middle, half = (low + high) / 2, (high - low) / 2
        c = min(chamfer, float(half.min()) * 0.9)

        def points(template: Array) -> Array:
            # |2| marks the face's own axis (full extent), |1| an axis that is drawn in by the chamfer.
            sign = np.sign(template)
            placed: Array = middle + sign * np.where(np.abs(template) > 1.5, half, half - c)
            return placed

        q, t = points(quads), points(corners)
        self.quads(q, slot, uvs=_box_uvs(q), random=random)
        face = np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0])
        face /= np.linalg.norm(face, axis=1, keepdims=True)
        self.triangles(
            t.reshape(-1, 3),
            np.arange(len(t) * 3).reshape(-1, 3),
            slot,
            normals=np.repeat(face, 3, axis=0),
            uvs=t.reshape(-1, 3)[:, :2],
            random=random,
        )

    # --- round things

    def lathe(
        self,
        profile: Sequence[tuple[float, float]],
        slot: str,
        *,
        sides: int = 12,
        smooth: bool = False,
        facets: bool = False,
        random: float = 0.0,
        turn: float = 0.0,
    ) -> None:
        """A surface of revolution about the frame's z axis.

        `profile`: (radius, z) from the bottom of the outside upwards, so that outside is to its right; radius 0
        closes it. Each band between two profile points is smooth around; `smooth` makes it so along the profile too,
        `facets` makes its sides flat.
        """
        p = np.asarray(profile, dtype=np.float64)
        step = np.diff(p, axis=0)
        length = np.maximum(np.linalg.norm(step, axis=1), 1e-12)
        band = np.stack([step[:, 1], -step[:, 0]], axis=1) / length[:, None]  # outward (r, z)
        low = high = band
        if smooth:
            joined = np.concatenate([band[:1], band[:-1] + band[1:], band[-1:]])
            joined /= np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), 1e-12)
            low, high = joined[:-1], joined[1:]
        angle = turn + np.linspace(0.0, 2 * np.pi, sides + 1)
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        ring[-1] = ring[0]
        along = np.concatenate([[0.0], np.cumsum(length)])
        for k in range(len(step)):
            v = np.concatenate([_revolved(p[k], ring), _revolved(p[k + 1], ring)])
            n = np.concatenate([_revolved(low[k], ring), _revolved(high[k], ring)])
            radius = max(p[k, 0], p[k + 1, 0])
            uv = np.concatenate(
                [np.stack([(angle - turn) * radius, np.full(sides + 1, a)], axis=1) for a in along[k : k + 2]]
            )
            i = np.arange(sides)
            lower = np.stack([i, i + 1, i + sides + 2], axis=1)
            upper = np.stack([i, i + sides + 2, i + sides + 1], axis=1)
            faces = [f for f, r in ((lower, p[k, 0]), (upper, p[k + 1, 0])) if r > 0.0]
            if not faces:
                continue
            f = np.concatenate(faces)
            if facets:
                f = f.reshape(-1)
                v, uv = v[f], uv[f]
                c = v.reshape(-1, 3, 3)
                flat = np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0])
                flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-20)
                n, f = np.repeat(flat, 3, axis=0), np.arange(len(v)).reshape(-1, 3)
            self.triangles(v, f, slot, normals=n, uvs=uv, random=random)

    def cylinder(
        self,
        radius: float,
        z0: float,
        z1: float,
        slot: str,
        *,
        top_radius: float | None = None,
        sides: int = 12,
        caps: str = "both",
        random: float = 0.0,
    ) -> None:
        """An upright cylinder or cone frustum about the frame's z axis; caps: both, top, bottom or none."""
        upper = radius if top_radius is None else top_radius
        profile = [(radius, z0), (upper, z1)]
        if caps in ("both", "bottom"):
            profile.insert(0, (0.0, z0))
        if caps in ("both", "top"):
            profile.append((0.0, z1))
        self.lathe(profile, slot, sides=sides, random=random)

    def tube(
        self, points: ArrayLike, radius: ArrayLike, slot: str, *, sides: int = 8, caps: bool = True, random: float = 0.0
    ) -> None:
        """A round tube along a polyline (N, 3); `radius` one number or one per point. Smooth, with flat caps."""
        p = np.asarray(points, dtype=np.float64)
        r = np.broadcast_to(np.asarray(radius, dtype=np.float64), (len(p),))
        tangent = np.gradient(p, axis=0)
        tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
        side, up = _transported(tangent)
        angle = np.linspace(0.0, 2 * np.pi, sides, endpoint=False)
        around = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * up[:, None]
        vertices = p[:, None] + r[:, None, None] * around
        travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
        i, j = np.meshgrid(np.arange(len(p) - 1), np.arange(sides), indexing="ij")
        a, b = (i * sides + j).ravel(), (i * sides + (j + 1) % sides).ravel()
        faces = np.concatenate([np.stack([a, b, b + sides], axis=1), np.stack([a, b + sides, a + sides], axis=1)])
        uvs = np.stack(np.broadcast_arrays(angle[None] * r.mean(), travelled[:, None]), axis=-1)
        self.triangles(
            vertices.reshape(-1, 3), faces, slot, normals=around.reshape(-1, 3), uvs=uvs.reshape(-1, 2), random=random
        )
        if caps:
            fan = np.stack([np.zeros(sides - 2, int), np.arange(1, sides - 1), np.arange(2, sides)], axis=1)
            for k, order, sign in ((0, [0, 2, 1], -1.0), (len(p) - 1, [0, 1, 2], 1.0)):
                n = np.repeat(sign * tangent[k : k + 1], sides, axis=0)
                self.triangles(vertices[k], fan[:, order], slot, normals=n, uvs=np.zeros((sides, 2)), random=random)

    # --- outlines

    def plate(
        self, outlines: Sequence[ArrayLike], z: float, slot: str, *, uvs: str = "metres", random: float = 0.0
    ) -> None:
        """A flat face at height z that looks up: first outline outer, counter-clockwise; the rest holes (any turn).

        uvs: "metres" (x, y) or "unit" (0..1 over the outer outline's bounds).
        """
        rings = [np.asarray(o, dtype=np.float64).reshape(-1, 2) for o in outlines]
        flat = np.concatenate(rings)
        faces = triangulate(rings)
        t = flat
        if uvs == "unit":
            low, high = rings[0].min(axis=0), rings[0].max(axis=0)
            t = (flat - low) / np.maximum(high - low, 1e-9)
        v = np.column_stack([flat, np.full(len(flat), z)])
        up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), v.shape)
        self.triangles(v, faces, slot, normals=up, uvs=t, random=random)

    def walls(
        self, outline: ArrayLike, z0: float, z1: float, slot: str, *, smooth: bool = False, random: float = 0.0
    ) -> None:
        """Upright faces along a closed outline (N, 2): outside is to its right, so counter-clockwise looks outwards."""
        p = np.asarray(outline, dtype=np.float64).reshape(-1, 2)
        q = np.roll(p, -1, axis=0)
        c = np.stack(
            [np.column_stack([a, np.full(len(p), z)]) for a, z in ((p, z0), (q, z0), (q, z1), (p, z1))], axis=1
        )
        length = np.linalg.norm(q - p, axis=1)
        start = np.concatenate([[0.0], np.cumsum(length)[:-1]])
        u = np.stack([start, start + length, start + length, start], axis=1)
        v = np.broadcast_to(np.array([z0, z0, z1, z1]), u.shape)
        normals = None
        if smooth:
            face = np.column_stack([(q - p)[:, 1], -(q - p)[:, 0], np.zeros(len(p))])
            face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
            here = face + np.roll(face, 1, axis=0)
            here /= np.maximum(np.linalg.norm(here, axis=1, keepdims=True), 1e-12)
            there = np.roll(here, -1, axis=0)
            normals = np.stack([here, there, there, here], axis=1)
        self.quads(c, slot, uvs=np.stack([u, v], axis=-1), random=random, normals=normals)

    def prism(
        self,
        outline: ArrayLike,
        z0: float,
        z1: float,
        slot: str,
        *,
        smooth: bool = False,
        bottom: bool = True,
        random: float = 0.0,
    ) -> None:
        """An upright prism over a counter-clockwise outline (N, 2)."""
        p = np.asarray(outline, dtype=np.float64).reshape(-1, 2)
        self.walls(p, z0, z1, slot, smooth=smooth, random=random)
        self.plate([p], z1, slot, random=random)
        if bottom:
            with self.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
                self.plate([(p * (1, -1))[::-1]], -z0, slot, random=random)


def circle(radius: float, sides: int, *, center: tuple[float, float] = (0.0, 0.0), turn: float = 0.0) -> Array:
    """(sides, 2) points of a counter-clockwise circle, the first at angle `turn` (radians)."""
    angle = turn + np.linspace(0.0, 2 * np.pi, sides, endpoint=False)
    return np.stack([center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)], axis=1)


def triangulate(rings: Sequence[Array]) -> Index:
    """(F, 3) counter-clockwise triangles of a polygon: outer ring first, then holes; indices into them joined."""
    points = np.concatenate(rings)
    ends = np.cumsum([len(r) for r in rings]).astype(np.uint32)
    faces = np.asarray(mapbox_earcut.triangulate_float64(points, ends), dtype=np.int64).reshape(-1, 3)
    a, b, c = (points[faces[:, k]] for k in range(3))
    clockwise = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] < 0
    faces[clockwise] = faces[clockwise][:, ::-1]
    return faces


def _revolved(point: Array, ring: Array) -> Array:
    return np.column_stack([ring * point[0], np.full(len(ring), point[1])])


def _transported(tangent: Array) -> tuple[Array, Array]:
    """Two unit vectors across each tangent, (N, 3) each, carried along without twist; side x up = tangent."""
    side = np.empty_like(tangent)
    up = np.empty_like(tangent)
    last = np.array([0.0, 0.0, 1.0]) if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    last = np.cross(last, tangent[0])
    for k, t in enumerate(tangent):
        across = last - t * float(last @ t)
        last = across / max(float(np.linalg.norm(across)), 1e-12)
        side[k], up[k] = last, np.cross(t, last)
    return side, up


def _box_uvs(quads: Array) -> Array:
    """(N, 4, 2) metres along the two axes that each face spans most."""
    normal = np.abs(np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]))
    axes = np.array([_UV_AXES[k] for k in "xyz"])[normal.argmax(axis=1)]
    taken: Array = np.take_along_axis(quads, np.repeat(axes[:, None], 4, axis=1), axis=2)
    return taken


@cache
def _chamfer_template() -> tuple[Array, Array]:
    """Signed corner codes of a chamfered box: (18, 4, 3) quads and (8, 3, 3) corner triangles, wound outwards."""
    quads: list[list[Any]] = []
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        for s in (-1, 1):
            face = []
            for sb, sc in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                corner = np.zeros(3)
                corner[axis], corner[b], corner[c] = 2 * s, sb, sc
                face.append(corner)
            quads.append(face)
        for sb in (-1, 1):
            for sc in (-1, 1):
                edge = []
                for sa, own in ((-1, b), (1, b), (1, c), (-1, c)):
                    corner = np.zeros(3)
                    corner[axis], corner[b], corner[c] = sa, sb, sc
                    corner[own] *= 2
                    edge.append(corner)
                quads.append(edge)
    triangles = []
    for signs in np.ndindex((2, 2, 2)):
        sign = np.array(signs) * 2.0 - 1
        triangles.append([sign * np.where(np.arange(3) == axis, 2, 1) for axis in range(3)])
    q, t = np.array(quads, dtype=np.float64), np.array(triangles)
    for part in (q, t):
        for i, polygon in enumerate(part):
            normal = np.cross(polygon[1] - polygon[0], polygon[2] - polygon[0])
            if float(normal @ polygon.mean(axis=0)) < 0:
                part[i] = polygon[::-1].copy()
    return q, t
