"""Closed solids of rings: level faces with holes, and walls that run from ring to ring, without booleans.

A ring is an outline at a height; a wall joins two rings of as many points, a face fills rings of one height. Where
every ring is used by one wall and one wall or face, the solid is closed. Rings of one face must not cross in plan.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index, box_uvs, triangulate
from synthgen.procedural.workpieces.outlines import grown, sides_of

Steps = Sequence[tuple[float, float]]
"""(outward offset, z) of a ring, one after another."""

SMOOTH = 33.0
"""Faces that meet at less than this angle (degrees) are shaded as one."""


class Rings:
    """Adds rings' faces and walls to a builder, in its current frame."""

    def __init__(self, builder: MeshBuilder, slot: str) -> None:
        self.builder, self.slot = builder, slot

    def face(self, z: float, outer: Array, holes: Sequence[Array] = (), *, up: bool = True, slot: str = "") -> None:
        """A level face with holes, which looks up or down. All rings counter-clockwise."""
        flat = np.concatenate([outer, *holes])
        faces = triangulate([outer, *holes])
        self._add(np.column_stack([flat, np.full(len(flat), z)]), faces if up else faces[:, ::-1], slot)

    def wall(self, ring: Array, steps: Steps) -> Array:
        """Walls through the ring at each step: outside is to the right of the walk round it when steps go up, inside
        when they go down. Returns the last ring."""
        at = [np.column_stack([grown(ring, offset), np.full(len(ring), z)]) for offset, z in steps]
        self.loft(at)
        return at[-1][:, :2]

    def loft(self, rings: Sequence[Array]) -> None:
        """Walls between rings (N, 3) of as many points, as `wall` makes them."""
        n = len(rings[0])
        i = np.arange(n)
        j = (i + 1) % n
        low = np.concatenate([np.stack([i, j, j + n], axis=1), np.stack([i, j + n, i + n], axis=1)])
        faces = np.concatenate([low + k * n for k in range(len(rings) - 1)])
        self._add(np.concatenate(rings), faces)

    def turned(self, profile: Sequence[tuple[float, float]], sides: int = 0) -> None:
        """A surface of revolution about z through (radius, z), outside to the right; radius 0 is a point."""
        n = sides or sides_of(max(r for r, _ in profile))
        angle = 0.1237 + np.linspace(0.0, 2 * np.pi, n, endpoint=False)
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        for (r0, z0), (r1, z1) in itertools.pairwise(profile):
            a, b = (np.column_stack([ring * r, np.full(n, z)]) for r, z in ((r0, z0), (r1, z1)))
            i = np.arange(n)
            j = (i + 1) % n
            if r0 == 0.0 or r1 == 0.0:
                base, point = (a, b) if r1 == 0.0 else (b, a)
                fan = np.stack([i, j, np.full(n, n)], axis=1)
                self._add(np.concatenate([base, point[:1]]), fan if r1 == 0.0 else fan[:, ::-1])
            else:
                self.loft([a, b])

    def block(self, outline: Array, z0: float, z1: float, chamfer: float, holes: Sequence[Hole] = ()) -> None:
        """A closed prism over an outline, its upper and lower edges cut by `chamfer`, with holes through it."""
        c = chamfer
        low = grown(outline, -c)
        steps = [(0.0, z0 + c), (0.0, z1 - c), (-c, z1)]
        top = self.wall(outline, [(-c, z0), *steps] if c else [(0.0, z0), (0.0, z1)])
        ends = [hole.cut(self, z1, z0) for hole in holes]
        self.face(z1, top, [upper for upper, _ in ends])
        self.face(z0, low, [ring for _, lower in ends for ring in lower], up=False)

    def _add(self, vertices: Array, faces: Index, slot: str = "") -> None:
        n = len(vertices)
        self.builder.triangles(
            vertices, faces, slot or self.slot, normals=np.tile((0.0, 0.0, 1.0), (n, 1)), uvs=np.zeros((n, 2))
        )


class Hole:
    """What is cut into the upper face: a ring with a chamfer, a step (counterbore, ledge), and an end or none.

    depth: of the whole hole, 0 to go through. step: (outward offset, depth) of a wider upper part. sink: extra radius
    of a 90 degree countersink. tip: a drill's cone below a blind hole, which needs a round ring. floor_holes: holes
    in its floor, which go through.
    """

    def __init__(
        self,
        ring: Array,
        *,
        chamfer: float = 0.0003,
        depth: float = 0.0,
        step: tuple[float, float] = (0.0, 0.0),
        sink: float = 0.0,
        tip: bool = False,
        fillet: float = 0.0,
        floor_holes: Sequence[Hole] = (),
    ) -> None:
        self.ring, self.depth, self.step, self.tip = ring, depth, step, tip
        self.cut_by = sink if sink else chamfer
        self.chamfer, self.fillet, self.floor_holes = chamfer, fillet, floor_holes

    def cut(self, rings: Rings, top: float, bottom: float) -> tuple[Array, list[Array]]:
        """Makes its walls; returns its ring in the upper face, and the rings that it opens in the lower one."""
        wide, deep = self.step
        c = self.cut_by
        steps: list[tuple[float, float]] = [(wide + c, top), (wide, top - c)] if c else [(wide, top)]
        if deep:
            steps += [(wide, top - deep), (0.0, top - deep)]
        if not self.depth:
            c = min(self.chamfer, 0.0005)
            steps += [(0.0, bottom + c), (c, bottom)] if c else [(0.0, bottom)]
            return grown(self.ring, steps[0][0]), [rings.wall(self.ring, steps)]
        end = top - self.depth
        f = self.fillet
        steps += [(0.0, end + f)]
        steps += [(-f * (1 - np.cos(t)), end + f * (1 - np.sin(t))) for t in np.linspace(0, np.pi / 2, 5)[1:] if f]
        low = rings.wall(self.ring, steps)
        if self.tip:
            middle = low.mean(axis=0)
            n = len(low)
            i = np.arange(n)
            radius = float(np.linalg.norm(low - middle, axis=1).mean())
            v = np.concatenate([np.column_stack([low, np.full(n, end)]), [[*middle, end - 0.58 * radius]]])
            rings._add(v, np.stack([i, (i + 1) % n, np.full(n, n)], axis=1))
        else:
            inner = [hole.cut(rings, end, bottom) for hole in self.floor_holes]
            rings.face(end, low, [upper for upper, _ in inner])
            return grown(self.ring, steps[0][0]), [ring for _, lower in inner for ring in lower]
        return grown(self.ring, steps[0][0]), []


def smoothed(mesh: Mesh, angle: float = SMOOTH, keep: Sequence[str] = ()) -> Mesh:
    """The mesh with normals that are smooth where faces meet at less than `angle` (degrees) and box UVs in metres.

    keep: slots whose UVs stay. Faces without area are left out.
    """
    corner = welded(mesh.vertices.astype(np.float64))[mesh.faces]
    p = mesh.vertices.astype(np.float64)[mesh.faces]
    face = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    area = np.linalg.norm(face, axis=1)
    good = (area > 1e-13) & (np.diff(np.sort(corner, axis=1), axis=1) > 0).all(axis=1)
    corner, p, face = corner[good], p[good], face[good] / area[good, None]
    slot, uv = mesh.slot[good], mesh.uvs[mesh.faces[good]].astype(np.float64)
    normals = corner_normals(corner, p, face, angle)
    kept = np.isin(slot, [mesh.slots.index(s) for s in keep])
    uv[~kept] = box_uvs(np.concatenate([p, p[:, 2:]], axis=1))[~kept, :3]
    # Corners become one vertex where place, normal (to a thousandth) and the sides of the UVs are the same.
    code = corner.copy()
    for axis in range(3):
        code = code * 2048 + np.round((normals[..., axis] + 1) * 1000).astype(np.int64)
    code = code * 4 + np.where(kept, 3, np.abs(face).argmax(axis=1))[:, None]
    _, first, index = np.unique(code.ravel(), return_index=True, return_inverse=True)
    return make_mesh(
        p.reshape(-1, 3)[first], index.reshape(-1, 3), slots=mesh.slots, normals=normals.reshape(-1, 3)[first],
        uvs=uv.reshape(-1, 2)[first], slot=slot, face_random=mesh.face_random[good],
    )  # fmt: skip


def welded(vertices: Array) -> Index:
    """(V,) the same number for vertices of one place, to 0.1 micrometre where the mesh is within 0.2 m."""
    v = vertices.astype(np.float64)
    low = v.min(axis=0)
    step = max(1e-7, float((v.max(axis=0) - low).max()) / (2**21 - 2))
    key = np.round((v - low) / step).astype(np.int64)
    index: Index = np.unique((key[:, 0] << 42) | (key[:, 1] << 21) | key[:, 2], return_inverse=True)[1].reshape(-1)
    return index


def corner_normals(corner: Index, points: Array, face: Array, angle: float) -> Array:
    """(F, 3, 3) normals of triangles' corners: of all faces at that vertex within `angle`, by their angle there.

    corner: (F, 3) welded vertex of each. points: (F, 3, 3). face: (F, 3) unit normals.
    """
    ahead, behind = np.roll(points, -1, axis=1) - points, np.roll(points, 1, axis=1) - points
    cosine = (ahead * behind).sum(axis=2) / np.maximum(
        np.linalg.norm(ahead, axis=2) * np.linalg.norm(behind, axis=2), 1e-30
    )
    weight = np.arccos(np.clip(cosine, -1.0, 1.0)).ravel()
    flat = corner.ravel()
    order = np.argsort(flat, kind="stable")
    count = np.bincount(flat)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    # Every pair of corners that share a vertex, as (own, other).
    per = count[flat]
    own = np.repeat(np.arange(len(flat)), per)
    within = np.arange(len(own)) - np.repeat(np.cumsum(per) - per, per)
    other = order[np.repeat(first[flat], per) + within]
    near = (face[own // 3] * face[other // 3]).sum(axis=1) > np.cos(np.radians(angle))
    total = np.zeros((len(flat), 3))
    for axis in range(3):
        total[:, axis] = np.bincount(own[near], (face[other // 3, axis] * weight[other])[near], minlength=len(flat))
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-30)
    return total.reshape(-1, 3, 3)
