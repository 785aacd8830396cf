"""Boxes in space: the smallest box about an instance in the axes of its root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.store import Store
from synthgen.scene.pose import array
from synthgen.scene.spec import Camera, Object, SceneSpec, rounded

_SQUARE = 1e-4
"""How far from right angles the axes of a root may be."""


@dataclass(frozen=True, slots=True)
class Box:
    """size: length, width, height in metres along the box's own x (front), y (left) and z (up). center: metres, world.

    rotation: 3x3 row-major, box to world; a proper one.
    """

    size: tuple[float, float, float]
    center: tuple[float, float, float]
    rotation: tuple[float, ...]

    def seen_by(self, camera: Camera) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Centre and rotation (3x3 row-major, box to camera) in the camera's axes: x right, y down, z forward."""
        matrix = array(camera.cam_to_world)
        to_camera = matrix[:, :3].T
        center = to_camera @ (np.array(self.center) - matrix[:, 3])
        rotation = to_camera @ np.array(self.rotation).reshape(3, 3)
        return rounded(tuple(center.tolist())), rounded(tuple(rotation.ravel().tolist()))


def box_about(spec: SceneSpec, objects: Sequence[Object], store: Store) -> Box:
    """The box about all of these objects, in the axes of the first, whose mesh and place are the root's.

    Where the first is sheared, so that its axes are not at right angles, the box has the axes of the world.
    """
    axes = _axes(objects[0])
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for item in objects:
        turned = axes.T @ array(item.transform)
        corners = _extent(spec, item, store, turned[:, :3]) + turned[:, 3]
        low, high = np.minimum(low, corners.min(axis=0)), np.maximum(high, corners.max(axis=0))
    center = axes @ ((low + high) / 2)
    length, width, height = rounded(tuple((high - low).tolist()))
    x, y, z = rounded(tuple(center.tolist()))
    return Box((length, width, height), (x, y, z), rounded(tuple(axes.ravel().tolist())))


def _axes(root: Object) -> NDArray[np.float64]:
    """(3, 3) rotation whose columns are the root's axes in the world."""
    matrix = array(root.transform)[:, :3]
    lengths = np.linalg.norm(matrix, axis=0)
    if (lengths < 1e-9).any():
        return np.eye(3)
    axes = matrix / lengths
    if not np.allclose(axes.T @ axes, np.eye(3), atol=_SQUARE):
        return np.eye(3)
    if np.linalg.det(axes) < 0:
        axes[:, 1] *= -1  # mirrored: front and up stay what they are
    # The nearest rotation to numbers that were rounded.
    left, _, right = np.linalg.svd(axes)
    nearest: NDArray[np.float64] = left @ right
    return nearest


def _extent(spec: SceneSpec, item: Object, store: Store, turned: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2, 3) or (V, 3) points that reach as far as a mesh does along the box's axes."""
    ref = spec.meshes[item.mesh]
    straight = np.count_nonzero(np.abs(turned) > 1e-6 * np.abs(turned).max()) == 3
    points = store.bounds(ref) if straight else store.mesh(ref).vertices.astype(np.float64)
    extent: NDArray[np.float64] = points @ turned.T
    return extent
