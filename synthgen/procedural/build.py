"""MeshBuilder: procedural geometry in numpy batches.

Every method appends faces whose winding is counter-clockwise seen from outside. Flat pieces get their own vertices
and face normals; round ones smooth normals. Coordinates are metres in the builder's current frame (`at`), texture
coordinates metres along the faces unless a method says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.procedural.shapes import (
    Array,
    Index,
    box_tables,
    box_uvs,
    chamfer_template,
    revolved,
    transported,
    triangulate,
)

_UNIT = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
_FAN = np.array([0, 1, 2, 0, 2, 3])


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
        self._flat: list[tuple[Array, Array, NDArray[np.int64], Array]] = []
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
        self._join_flat()
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
        t = _UNIT if uvs is None else np.asarray(uvs, dtype=np.float64)
        r = np.asarray(random, dtype=np.float64)
        if t.shape != (n, 4, 2):
            t = np.broadcast_to(t, (n, 4, 2))
        if r.shape != (n,):
            r = np.broadcast_to(r, (n,))
        if normals is None:
            # Their normals are worked out together, in `mesh`: a building has hundreds of small batches.
            self._flat.append((c @ self._rotation.T + self._origin, t, np.full(n, self._index[slot]), r))
            return
        faces = (np.arange(n)[:, None] * 4 + _FAN).reshape(-1, 3)
        self.triangles(
            c.reshape(-1, 3),
            faces,
            slot,
            normals=normals.reshape(-1, 3),
            uvs=t.reshape(-1, 2),
            random=np.repeat(r, 2),
        )

    def _join_flat(self) -> None:
        """Turns the flat quads gathered so far into triangles."""
        if not self._flat:
            return
        c, t, slot, r = (np.concatenate([part[k] for part in self._flat]) for k in range(4))
        self._flat.clear()
        d, e = c[:, 2] - c[:, 0], c[:, 3] - c[:, 1]
        face = np.stack([d[:, i] * e[:, j] - d[:, j] * e[:, i] for i, j in ((1, 2), (2, 0), (0, 1))], axis=1)
        face /= np.maximum(np.sqrt((face**2).sum(axis=1, keepdims=True)), 1e-20)
        n = len(c)
        self._vertices.append(c.reshape(-1, 3))
        self._normals.append(np.repeat(face, 4, axis=0))
        self._uvs.append(t.reshape(-1, 2))
        self._faces.append((np.arange(n)[:, None] * 4 + _FAN).reshape(-1, 3) + self._count)
        self._slot.append(np.repeat(slot, 2))
        self._random.append(np.repeat(r, 2))
        self._count += 4 * n

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
        parts = [np.asarray(v, dtype=np.float64).reshape(-1) for v in (x0, x1, y0, y1, z0, z1, random)]
        n = max(len(p) for p in parts) if all(len(p) for p in parts) else 0
        table = np.empty((n, 7))
        for k, part in enumerate(parts):
            table[:, k] = part
        pick, uv = box_tables(skip)
        corners = table[:, pick]  # (n, faces, 4, 3)
        self.quads(
            corners.reshape(-1, 4, 3),
            slot,
            uvs=table[:, uv].reshape(-1, 4, 2),
            random=np.repeat(table[:, 6], len(pick)),
        )

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
        quads, corners = chamfer_template()
        low, high = np.array([x0, y0, z0]), np.array([x1, y1, z1])
        middle, half = (low + high) / 2, (high - low) / 2
        c = min(chamfer, float(half.min()) * 0.9)

        def points(template: Array) -> Array:
            # |2| marks the face's own axis (full extent), |1| an axis that is drawn in by the chamfer.
            sign = np.sign(template)
            placed: Array = middle + sign * np.where(np.abs(template) > 1.5, half, half - c)
            return placed

        q, t = points(quads), points(corners)
        self.quads(q, slot, uvs=box_uvs(q), random=random)
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
            v = np.concatenate([revolved(p[k], ring), revolved(p[k + 1], ring)])
            n = np.concatenate([revolved(low[k], ring), revolved(high[k], ring)])
            radius = max(p[k, 0], p[k + 1, 0])
            uv = np.concatenate(
                [np.stack([(angle - turn) * radius, np.full(sides + 1, a)], axis=1) for a in along[k : k + 2]]
            )
            i = np.arange(sides)
            lower = np.stack([i, i + 1, i + sides + 2], axis=1)
            upper = np.stack([i, i + sides + 2, i + sides + 1], axis=1)
            faces = [f for f, r in ((lower, p[k, 0]), (upper, p[k + 1, 0])) if r > 1e-9]
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
        side, up = transported(tangent)
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
