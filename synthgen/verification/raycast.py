"""What a second engine sees: rays through every pixel centre, against the canonical meshes, with Embree.

Nothing here comes from Blender. It is what the labels are checked against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from numpy.typing import NDArray
from PIL import Image

import synthgen.assets.models  # noqa: F401  registers how meshes that the cache lacks are made
from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import Camera, Object, SceneSpec
from synthgen.verification.volumes import through_volumes

_STEP = 1e-4
"""Metres past a see-through hit where the ray goes on."""


@dataclass(frozen=True)
class _Geometry:
    item: Object
    mesh: Mesh
    alpha: dict[int, NDArray[np.uint8]]  # by slot: the cut-out's alpha, row 0 at the bottom
    clear: frozenset[int]  # slots that labels look through


class RayScene:
    """One view of a SceneSpec as Embree sees it."""

    def __init__(self, spec: SceneSpec, view: int, store: Store):
        self.spec = spec
        self._embree = rtcore_scene.EmbreeScene()
        self._geometry: list[_Geometry] = []
        self._kept: list[TriangleMesh] = []
        for item in (*spec.objects, *spec.views[view].objects):
            mesh = store.mesh(spec.meshes[item.mesh])
            self._kept.append(TriangleMesh(self._embree, _world_triangles(mesh, item.transform)))
            alpha, clear = {}, set()
            for slot, name in enumerate(item.materials):
                material = spec.materials[name]
                if material.transparency == "cutout":
                    alpha[slot] = _alpha(store, spec, material.images["alpha"])
                elif material.transparency == "see_through":
                    clear.add(slot)
            self._geometry.append(_Geometry(item, mesh, alpha, frozenset(clear)))

    def cast(self, origins: NDArray[np.float64], directions: NDArray[np.float64]) -> NDArray[np.int32]:
        """(N,) number of the first labelled surface along each ray, 0 where there is none."""
        return self.hits(origins, directions)[0]

    def hits(
        self, origins: NDArray[np.float64], directions: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What `cast` gives, and (N,) how far along the ray it is, in lengths of the direction; inf for nothing."""
        origins = np.ascontiguousarray(origins, dtype=np.float32)
        directions = np.ascontiguousarray(directions, dtype=np.float32)
        numbers = np.zeros(len(origins), dtype=np.int32)
        gone, far = np.zeros(len(origins)), np.full(len(origins), np.inf)
        waiting = np.arange(len(origins))
        start = origins.copy()
        for _ in range(256):
            if not len(waiting):
                break
            hit = self._embree.run(start[waiting], directions[waiting], query="INTERSECT", output=True)
            struck = hit["geomID"] >= 0
            far[waiting] = np.where(struck, gone[waiting] + hit["tfar"], np.inf)
            passed = np.zeros(len(waiting), dtype=bool)
            for index in np.unique(hit["geomID"][struck]):
                geometry = self._geometry[index]
                here = np.nonzero(hit["geomID"] == index)[0]
                numbers[waiting[here]] = geometry.item.number
                if geometry.alpha or geometry.clear:
                    passed[here] = _looks_through(geometry, hit, here)
            numbers[waiting[passed]] = 0
            along = hit["tfar"][passed, None] + _STEP
            waiting = waiting[passed]
            start[waiting] += along * directions[waiting]
            gone[waiting] += along[:, 0]
        return numbers, far

    def numbers(self, camera: Camera, size: tuple[int, int]) -> NDArray[np.int32]:
        """(H, W) number that each pixel's centre sees."""
        origins, directions = pixel_rays(camera, size)
        numbers, far = self.hits(origins, directions)
        forward = np.array(camera.cam_to_world).reshape(3, 4)[:, 2]
        beyond = camera.clip_near + far * (directions @ forward) > camera.clip_far
        numbers[beyond], far[beyond] = 0, np.inf
        numbers = through_volumes(self.spec.volumes, origins, directions, numbers, far)
        return numbers.reshape(size[1], size[0])


def pixel_rays(camera: Camera, size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Origins and unit directions (H*W, 3), world frame, row by row; origins lie on the near plane."""
    fx, fy, cx, cy = camera.intrinsics
    v, u = np.mgrid[0 : size[1], 0 : size[0]]
    local = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones_like(u, dtype=np.float64)], axis=-1).reshape(-1, 3)
    world = np.array(camera.cam_to_world).reshape(3, 4)
    directions = local @ world[:, :3].T
    origins = world[:, 3] + camera.clip_near * directions
    return origins, directions / np.linalg.norm(directions, axis=1, keepdims=True)


def _world_triangles(mesh: Mesh, transform: tuple[float, ...]) -> NDArray[np.float32]:
    matrix = np.array(transform).reshape(3, 4)
    world = mesh.vertices.astype(np.float64) @ matrix[:, :3].T + matrix[:, 3]
    triangles: NDArray[np.float32] = world[mesh.faces].astype(np.float32)
    return triangles


def _alpha(store: Store, spec: SceneSpec, key: str) -> NDArray[np.uint8]:
    with Image.open(store.image_file(spec.images[key])) as picture:
        plane = np.asarray(picture.convert("RGBA"))[..., 3]
    return plane[::-1]


def _looks_through(
    geometry: _Geometry, hit: dict[str, NDArray[np.float32]], here: NDArray[np.intp]
) -> NDArray[np.bool_]:
    triangle = hit["primID"][here]
    slot = geometry.mesh.slot[triangle]
    through = np.isin(slot, sorted(geometry.clear))
    for index, alpha in geometry.alpha.items():
        of_slot = slot == index
        corners = geometry.mesh.uvs[geometry.mesh.faces[triangle[of_slot]]]
        b, c = hit["u"][here][of_slot, None], hit["v"][here][of_slot, None]
        uv = (1 - b - c) * corners[:, 0] + b * corners[:, 1] + c * corners[:, 2]
        height, width = alpha.shape
        column = np.floor(uv[:, 0] * width).astype(int) % width
        row = np.floor(uv[:, 1] * height).astype(int) % height
        through[of_slot] = alpha[row, column] <= 127
    return through
