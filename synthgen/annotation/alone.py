"""An instance on its own: which pixels would see it if nothing else were there. Rays, with Embree.

This shares nothing with `verification`, so that the one may check the other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from numpy.typing import NDArray
from PIL import Image

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.scene.pose import array
from synthgen.scene.spec import Camera, Object, SceneSpec

_STEP, _STEP_SHARE = 1e-4, 1e-6
"""How far behind a hole of a cut-out a ray goes on: metres of depth, and share of the way."""

_MOST_HOLES = 256
_MOST_CUT_OUTS = 64
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)]


@dataclass(frozen=True, slots=True)
class Window:
    """Pixels x0 <= x < x1, y0 <= y < y1 of the picture's plane, which goes on beyond the picture."""

    x0: int
    y0: int
    x1: int
    y1: int

    def within(self, other: Window) -> Window:
        """What both have; empty where they do not meet."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Window(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    @property
    def empty(self) -> bool:
        return self.x0 >= self.x1 or self.y0 >= self.y1

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.y1 - self.y0, self.x1 - self.x0


@dataclass(slots=True)
class _Tree:
    """A mesh as Embree holds it, in its own coordinates, so that all objects of the mesh share it."""

    mesh: Mesh
    scene: rtcore_scene.EmbreeScene
    kept: TriangleMesh


class Alone:
    """Casts rays at single instances. Keeps what Embree built of meshes, by their hash, up to `keep` triangles."""

    def __init__(self, store: Store, *, keep: int = 1_000_000):
        self.store = store
        self._keep = keep
        self._trees: OrderedDict[str, _Tree] = OrderedDict()
        self._held = 0
        self._alpha: dict[str, NDArray[np.bool_]] = {}

    def reach(self, spec: SceneSpec, objects: Sequence[Object], camera: Camera) -> Window:
        """A window outside which no pixel sees any of these objects."""
        found: list[Window] = []
        for item in objects:
            window = self._window(spec, item, camera)
            if not window.empty:
                found.append(window)
        if not found:
            return Window(0, 0, 0, 0)
        return Window(
            min(w.x0 for w in found), min(w.y0 for w in found), max(w.x1 for w in found), max(w.y1 for w in found)
        )

    def covered(self, spec: SceneSpec, objects: Sequence[Object], camera: Camera, window: Window) -> NDArray[np.bool_]:
        """Which pixels' centres in a window would see any of these objects; holes of cut-outs and what is see-through
        do not count. Shape as the window's."""
        seen = np.zeros(window.shape, dtype=bool)
        for item in objects:
            part = self._window(spec, item, camera).within(window)
            if part.empty:
                continue
            here = seen[part.y0 - window.y0 : part.y1 - window.y0, part.x0 - window.x0 : part.x1 - window.x0]
            here |= self._cast(spec, item, camera, part)
        return seen

    def _window(self, spec: SceneSpec, item: Object, camera: Camera) -> Window:
        """The window of the object's bounds, as far as they lie beyond the near plane."""
        if all(spec.materials[name].transparency == "see_through" for name in item.materials):
            return Window(0, 0, 0, 0)
        low, high = self.store.bounds(spec.meshes[item.mesh])
        corners = np.array([[(high if k >> a & 1 else low)[a] for a in range(3)] for k in range(8)], dtype=np.float64)
        matrix, place = array(camera.cam_to_world), array(item.transform)
        local = (corners @ place[:, :3].T + place[:, 3] - matrix[:, 3]) @ matrix[:, :3]
        near = camera.clip_near
        beyond = local[:, 2] >= near
        points = [local[beyond]]
        for a, b in _EDGES:
            if beyond[a] != beyond[b]:
                share = (near - local[a, 2]) / (local[b, 2] - local[a, 2])
                points.append((local[a] + share * (local[b] - local[a]))[None])
        shown = np.concatenate(points)
        if not len(shown):
            return Window(0, 0, 0, 0)
        fx, fy, cx, cy = camera.intrinsics
        depth = np.maximum(shown[:, 2], near)
        # A pixel's centre is a whole number: one aside for what rounding does.
        u, v = fx * shown[:, 0] / depth + cx, fy * shown[:, 1] / depth + cy
        x0, y0 = int(np.floor(u.min())) - 1, int(np.floor(v.min())) - 1
        return Window(x0, y0, int(np.ceil(u.max())) + 2, int(np.ceil(v.max())) + 2)

    def _cast(self, spec: SceneSpec, item: Object, camera: Camera, window: Window) -> NDArray[np.bool_]:
        tree = self._tree(spec, item.mesh)
        origins, directions = _rays_at(item, camera, window)
        cut_outs, clear = {}, set()
        for slot, name in enumerate(item.materials):
            material = spec.materials[name]
            if material.transparency == "cutout":
                cut_outs[slot] = self._solid(spec, material.images["alpha"])
            elif material.transparency == "see_through":
                clear.add(slot)
        if cut_outs or clear:
            struck = _through_holes(tree, origins, directions, cut_outs, clear)
        else:
            struck = tree.scene.run(origins, directions, query="OCCLUDED") >= 0
        return struck.reshape(window.shape)

    def _tree(self, spec: SceneSpec, key: str) -> _Tree:
        ref = spec.meshes[key]
        tree = self._trees.get(ref.hash)
        if tree is None:
            mesh = self.store.mesh(ref)
            scene = rtcore_scene.EmbreeScene()
            vertices, faces = np.array(mesh.vertices, dtype=np.float32), np.array(mesh.faces, dtype=np.int32)
            tree = _Tree(mesh, scene, TriangleMesh(scene, vertices, faces))
            self._trees[ref.hash] = tree
            self._held += len(mesh.faces)
            while self._held > self._keep and len(self._trees) > 1:
                self._held -= len(self._trees.popitem(last=False)[1].mesh.faces)
        self._trees.move_to_end(ref.hash)
        return tree

    def _solid(self, spec: SceneSpec, key: str) -> NDArray[np.bool_]:
        """(H, W) where a cut-out is solid, row 0 at the bottom."""
        ref = spec.images[key]
        if ref.hash not in self._alpha:
            if len(self._alpha) >= _MOST_CUT_OUTS:
                self._alpha.clear()
            with Image.open(self.store.image_file(ref)) as picture:
                alpha = np.asarray(picture.convert("RGBA"))[..., 3]
            self._alpha[ref.hash] = alpha[::-1] > 127
        return self._alpha[ref.hash]


def _rays_at(item: Object, camera: Camera, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Origins on the near plane and directions (N, 3) of a window's pixels, in the object's own coordinates."""
    fx, fy, cx, cy = camera.intrinsics
    v, u = np.mgrid[window.y0 : window.y1, window.x0 : window.x1]
    local = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones(window.shape)], axis=-1).reshape(-1, 3)
    matrix, place = array(camera.cam_to_world), array(item.transform)
    back = np.linalg.inv(place[:, :3])
    directions = local @ (back @ matrix[:, :3]).T
    origins = back @ (matrix[:, 3] - place[:, 3]) + camera.clip_near * directions
    return np.ascontiguousarray(origins, dtype=np.float32), np.ascontiguousarray(directions, dtype=np.float32)


def _through_holes(
    tree: _Tree,
    origins: NDArray[np.float32],
    directions: NDArray[np.float32],
    cut_outs: dict[int, NDArray[np.bool_]],
    clear: set[int],
) -> NDArray[np.bool_]:
    """Which rays end on a solid part of a mesh that has holes, or slots that labels look through."""
    struck = np.zeros(len(origins), dtype=bool)
    waiting = np.arange(len(origins))
    start = origins.copy()
    for _ in range(_MOST_HOLES):
        hit = tree.scene.run(start[waiting], directions[waiting], query="INTERSECT", output=True)
        on = hit["geomID"] >= 0
        waiting, face, along = waiting[on], hit["primID"][on], hit["tfar"][on]
        if not len(waiting):
            break
        slot = tree.mesh.slot[face]
        solid = ~np.isin(slot, sorted(clear))
        for index, alpha in cut_outs.items():
            of = slot == index
            corners = tree.mesh.uvs[tree.mesh.faces[face[of]]]
            b, c = hit["u"][on][of, None], hit["v"][on][of, None]
            solid[of] = _nearest(alpha, (1 - b - c) * corners[:, 0] + b * corners[:, 1] + c * corners[:, 2])
        struck[waiting[solid]] = True
        waiting, along = waiting[~solid], along[~solid]
        start[waiting] += (along * (1 + _STEP_SHARE) + _STEP)[:, None] * directions[waiting]
    return struck


def _nearest(plane: NDArray[np.bool_], uv: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The texels (row 0 at the bottom) that (N, 2) texture coordinates fall on; the picture repeats."""
    height, width = plane.shape
    column = np.floor(uv[:, 0] * width).astype(np.int64) % width
    row = np.floor(uv[:, 1] * height).astype(np.int64) % height
    texels: NDArray[np.bool_] = plane[row, column]
    return texels
