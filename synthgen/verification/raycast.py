"""What a second program sees: rays through every pixel centre, against the canonical meshes, with Embree.

Nothing here comes from Blender. It is what the labels are checked against.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import synthgen.assets.models
import synthgen.procedural  # noqa: F401  both register how meshes and images that the cache lacks are made
from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store, pixels_hash
from synthgen.errors import CacheMismatch
from synthgen.scene.spec import Camera, ImageRef, MeshRef, Object, SceneSpec
from synthgen.verification.embree import Hits, PlacedShapes, Placement, Shape
from synthgen.verification.volumes import through_volumes

MOST_LAYERS = 256
"""Surfaces that a ray looks through before the next one counts whatever it is. Cycles goes through 128."""

KEPT_TRIANGLES = 2_000_000
"""Kept from scene to scene, at about 120 bytes each."""

KEPT_ALPHAS = 64
"""Alpha planes, of at most a megabyte each."""

_RAYS = 262_144
"""Of a picture that are cast at once: about 200 bytes each."""

_PAST = 1 + 4e-7
"""Where a ray goes on behind a surface that it looked through, as a share of the distance: a few last places of a
float, so that the surface is not met again."""

_TIE = 1e-5
"""Surfaces whose distances differ by less than this share of them coincide, ..."""

_PARALLEL = 0.9999
"""... if the cosine between their normals is no less. (Where they merely cross, the nearer one counts.)"""

_MOST_TIED = 4


class Shapes:
    """The shapes of canonical meshes, and what cut-outs leave of them: built when first asked for, and kept for the
    scenes that follow."""

    def __init__(self, store: Store, *, keep_triangles: int = KEPT_TRIANGLES):
        self.store = store
        self._keep = keep_triangles
        self._shapes: OrderedDict[str, Shape] = OrderedDict()
        self._alphas: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()

    def shape(self, ref: MeshRef) -> Shape:
        """Raises CacheMismatch where the cached mesh is not the one named, or where it can only be made otherwise."""
        shape = self._shapes.get(ref.hash)
        if shape is None:
            mesh = self._mesh(ref)
            if content_hash(mesh) != ref.hash:
                raise CacheMismatch(f"{self.store.mesh_path(ref.hash)} is not the mesh of its name; delete it")
            shape = self._shapes[ref.hash] = Shape(mesh)
        self._shapes.move_to_end(ref.hash)
        return shape

    def alpha(self, ref: ImageRef) -> NDArray[np.uint8]:
        """(H, W) alpha of a cut-out's image, row 0 at the bottom. Raises CacheMismatch as `shape` does."""
        plane = self._alphas.get(ref.hash)
        if plane is None:
            with Image.open(self.store.image_file(ref)) as picture:
                pixels = np.asarray(picture)
                plane = np.ascontiguousarray(np.asarray(picture.convert("RGBA"))[::-1, :, 3])
            if pixels_hash(pixels) != ref.hash:
                raise CacheMismatch(f"{self.store.image_path(ref.hash)} is not the picture of its name; delete it")
            self._alphas[ref.hash] = plane
        self._alphas.move_to_end(ref.hash)
        return plane

    def _mesh(self, ref: MeshRef) -> Mesh:
        try:
            return self.store.mesh(ref)
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            # A generator that has changed no longer takes what it took.
            what = f"the mesh {json.dumps(ref.source)} can no longer be made: {type(error).__name__}: {error}"
            raise CacheMismatch(what) from error

    def trim(self) -> None:
        """Lets go of those that were not asked for longest, down to `keep_triangles`."""
        held = sum(len(s.faces) for s in self._shapes.values())
        while held > self._keep:
            held -= len(self._shapes.popitem(last=False)[1].faces)
        while len(self._alphas) > KEPT_ALPHAS:
            self._alphas.popitem(last=False)


@dataclass(frozen=True)
class _Look:
    """How an object is looked through: the alpha plane by slot (row 0 at the bottom), and slots that are clear."""

    alpha: dict[int, NDArray[np.uint8]]
    clear: NDArray[np.int64]


class RayScene:
    """One view of a SceneSpec as Embree sees it.

    shapes: shared among the views of a scene, and among scenes; by default of this view's own. only: numbers; nothing
    else is then there.
    """

    def __init__(
        self,
        spec: SceneSpec,
        view: int,
        store: Store,
        *,
        shapes: Shapes | None = None,
        only: Iterable[int] | None = None,
    ):
        self.spec = spec
        self._view = view
        self._store = store
        self._shapes = shapes or Shapes(store)
        chosen = None if only is None else set(only)
        items = [
            item
            for item in (*spec.objects, *spec.views[view].objects)
            if (chosen is None or item.number in chosen) and not self._is_clear(item)
        ]
        # Rays start near the camera: with the origin there, floats are finest where they are needed.
        self._centre = np.array(spec.views[view].camera.cam_to_world).reshape(3, 4)[:, 3]
        self._numbers = np.array([item.number for item in items], dtype=np.int32)
        self._placements = [self._place(item) for item in items]
        self._placed = PlacedShapes(self._placements)
        self._looks: list[_Look] = []
        known: dict[tuple[str, ...], int] = {}
        self._look = np.array([self._look_of(item, known) for item in items], dtype=np.int64)

    def only(self, numbers: Iterable[int]) -> RayScene:
        """The same view with the objects of these numbers alone."""
        return RayScene(self.spec, self._view, self._store, shapes=self._shapes, only=numbers)

    def numbers(self, camera: Camera, size: tuple[int, int]) -> NDArray[np.int32]:
        """(H, W) number that each pixel's centre sees."""
        width, height = size
        numbers = np.empty((height, width), dtype=np.int32)
        forward = np.array(camera.cam_to_world).reshape(3, 4)[:, 2]
        band = max(1, _RAYS // width)
        for top in range(0, height, band):
            rows = range(top, min(top + band, height))
            origins, directions = pixel_rays(camera, size, rows)
            far = (camera.clip_far - camera.clip_near) / (directions @ forward)
            found, distance = self.hits(origins, directions, far=far)
            found = through_volumes(self.spec.volumes, origins, directions, found, distance)
            numbers[rows.start : rows.stop] = found.reshape(-1, width)
        return numbers

    def cast(
        self,
        origins: NDArray[np.float64],
        directions: NDArray[np.float64],
        *,
        far: NDArray[np.float64] | float = np.inf,
    ) -> NDArray[np.int32]:
        """(N,) number of the first labelled surface along each ray, 0 where there is none. (N, 3) world frame; `far` in
        lengths of the directions.

        Where surfaces coincide the lowest number counts.
        """
        return self.hits(origins, directions, far=far)[0]

    def hits(
        self,
        origins: NDArray[np.float64],
        directions: NDArray[np.float64],
        *,
        far: NDArray[np.float64] | float = np.inf,
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What `cast` gives, and (N,) how far along the ray it is, in lengths of the direction; inf for nothing."""
        local = (origins - self._centre).astype(np.float32)
        along = directions.astype(np.float32)
        ends = np.broadcast_to(np.asarray(far, dtype=np.float32), (len(local),))
        hits = self._first_labelled(local, along, ends)
        numbers = np.append(self._numbers, 0)[hits.placement]
        self._settle_ties(local, along, hits, numbers)
        return numbers.astype(np.int32), np.where(hits.placement < 0, np.inf, hits.distance.astype(np.float64))

    def _first_labelled(self, origins: Any, directions: Any, far: Any) -> Hits:
        found = Hits.none(len(origins))
        near = np.zeros(len(origins), dtype=np.float32)
        waiting = np.arange(len(origins))
        for layer in range(MOST_LAYERS + 1):
            hits = self._placed.intersect(origins[waiting], directions[waiting], near=near[waiting], far=far[waiting])
            passed = self._looks_through(hits) & (layer < MOST_LAYERS)
            found.put(waiting[~passed], hits.at(~passed))
            waiting = waiting[passed]
            if not len(waiting):
                break
            near[waiting] = hits.distance[passed] * np.float32(_PAST)
        return found

    def _settle_ties(self, origins: Any, directions: Any, hits: Hits, numbers: NDArray[np.int32]) -> None:
        """Gives rays the lowest of the numbers whose surfaces lie at the same distance in the same plane."""
        waiting = np.flatnonzero(hits.placement >= 0)
        mask = ~number_codes(numbers)
        for _ in range(_MOST_TIED):
            distance = hits.distance[waiting]
            others = self._placed.intersect(
                origins[waiting], directions[waiting], mask=mask[waiting],
                near=distance * np.float32(1 - _TIE), far=distance * np.float32(1 + _TIE),
            )  # fmt: skip
            met = others.placement >= 0
            waiting, others = waiting[met], others.at(met)
            if not len(waiting):
                return
            theirs = self._numbers[others.placement]
            mask[waiting] &= ~number_codes(theirs)
            wins = (theirs < numbers[waiting]) & ~self._looks_through(others)
            wins &= abs(self._cosine(others, hits.at(waiting))) >= _PARALLEL
            numbers[waiting[wins]] = theirs[wins]

    def _looks_through(self, hits: Hits) -> NDArray[np.bool_]:
        """(N,) whether what a ray hit is a hole in a cut-out, or see-through."""
        through = np.zeros(len(hits.placement), dtype=bool)
        look = np.append(self._look, -1)[hits.placement]
        for index in np.unique(look[look >= 0]):
            here = np.flatnonzero(look == index)
            shape = self._placements[hits.placement[here[0]]].shape
            through[here] = _looks_through(self._looks[index], shape, hits.at(here))
        return through

    def _cosine(self, one: Hits, other: Hits) -> NDArray[np.float64]:
        a, b = self._world_normals(one), self._world_normals(other)
        return np.asarray(np.einsum("ij,ij->i", a, b))

    def _world_normals(self, hits: Hits) -> NDArray[np.float64]:
        placements, which = np.unique(hits.placement, return_inverse=True)
        inverse = np.linalg.inv([self._placements[k].transform[:, :3] for k in placements])
        normals = np.einsum("nji,nj->ni", inverse[which], hits.normal.astype(np.float64))
        return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300))

    def _place(self, item: Object) -> Placement:
        matrix = np.array(item.transform).reshape(3, 4)
        matrix[:, 3] -= self._centre
        shape = self._shapes.shape(self.spec.meshes[item.mesh])
        return Placement(shape, matrix, int(number_codes(np.array([item.number]))[0]))

    def _is_clear(self, item: Object) -> bool:
        policies = {self.spec.materials[name].transparency for name in item.materials}
        return policies == {"see_through"}

    def _look_of(self, item: Object, known: dict[tuple[str, ...], int]) -> int:
        """The index of an object's look; -1 for what cannot be looked through."""
        key = (item.mesh, *item.materials)
        if key not in known:
            alpha, clear = {}, []
            for slot, name in enumerate(item.materials):
                material = self.spec.materials[name]
                if material.transparency == "cutout":
                    alpha[slot] = self._shapes.alpha(self.spec.images[material.images["alpha"]])
                elif material.transparency == "see_through":
                    clear.append(slot)
            known[key] = len(self._looks) if alpha or clear else -1
            if alpha or clear:
                self._looks.append(_Look(alpha, np.array(clear, dtype=np.int64)))
        return known[key]


def pixel_rays(
    camera: Camera, size: tuple[int, int], rows: range | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Origins and unit directions (H*W, 3), world frame, row by row; origins lie on the near plane.

    rows: rays of these rows only.
    """
    fx, fy, cx, cy = camera.intrinsics
    rows = range(size[1]) if rows is None else rows
    v, u = np.mgrid[rows.start : rows.stop, 0 : size[0]]
    local = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones_like(u, dtype=np.float64)], axis=-1).reshape(-1, 3)
    world = np.array(camera.cam_to_world).reshape(3, 4)
    directions = local @ world[:, :3].T
    origins = world[:, 3] + camera.clip_near * directions
    return origins, directions / np.linalg.norm(directions, axis=1, keepdims=True)


def number_codes(numbers: NDArray[np.integer[Any]]) -> NDArray[np.uint32]:
    """A mask for each number such that the complement of one shares a bit with every other, and none with itself: the
    number's sixteen bits (scrambled, so that a third number rarely hides behind two) beside their complement."""
    bits = np.asarray(numbers).astype(np.uint32) * np.uint32(40_503) & np.uint32(0xFFFF)
    return bits | (bits ^ np.uint32(0xFFFF)) << np.uint32(16)


def _looks_through(look: _Look, shape: Shape, hits: Hits) -> NDArray[np.bool_]:
    slot = shape.slot[hits.triangle]
    through = np.isin(slot, look.clear)
    for index, alpha in look.alpha.items():
        of_slot = slot == index
        corners = shape.uvs[shape.faces[hits.triangle[of_slot]]]
        b, c = hits.u[of_slot, None], hits.v[of_slot, None]
        uv = (1 - b - c) * corners[:, 0] + b * corners[:, 1] + c * corners[:, 2]
        height, width = alpha.shape
        column = np.floor(uv[:, 0] * width).astype(int) % width
        row = np.floor(uv[:, 1] * height).astype(int) % height
        through[of_slot] = alpha[row, column] <= 127
    return through
