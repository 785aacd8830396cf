"""Optical flow from one view of a scene to the next: geometry alone, from depth and both cameras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.scene.pose import array
from synthgen.scene.spec import Camera, Object, SceneSpec

TOLERANCE = 0.01
"""A point counts as hidden where the next view sees something nearer by more than this share of its depth."""

_NEARLY_NOTHING = 1e-5
"""1/m: what is farther than 100 km is infinitely far."""

Motion = NDArray[np.float64]
"""(3, 4): how the points of an instance move in the world until the next view."""


def optical_flow(
    depth: NDArray[np.float32],
    camera: Camera,
    next_depth: NDArray[np.float32],
    next_camera: Camera,
    *,
    numbers: NDArray[np.int32] | None = None,
    motions: Mapping[int, Motion | None] | None = None,
) -> NDArray[np.float32]:
    """(H, W, 3): u and v, pixels from a pixel of this view to where its surface point is in the next, and validity.

    depth, next_depth: (H, W) metres along each camera's z, inf where nothing is hit; the sky moves as what is
    infinitely far. motions: of the instances that move, by the number that `numbers` (H, W) has; None for one that
    the next view does not have. Valid (1) is a pixel whose point is inside the next picture (up to half a pixel past
    the outermost centres) and not hidden there. Else it is 0; u and v then still say where the point is, and are 0
    where it is nowhere: behind the next camera, or not there any more.
    """
    height, width = depth.shape
    inverse = np.where(np.isfinite(depth), 1 / depth.astype(np.float64), 0.0)
    # Homogeneous: the world's point times its inverse depth, so that the infinitely far is a direction.
    points = _rays(camera, height, width) + array(camera.cam_to_world)[:, 3] * inverse[..., None]
    gone = np.zeros(depth.shape, dtype=bool)
    for number, motion in (motions or {}).items():
        assert numbers is not None
        of = numbers == number
        if motion is None:
            gone |= of
        else:
            points[of] = points[of] @ motion[:, :3].T + motion[:, 3] * inverse[of][:, None]
    onto = array(next_camera.cam_to_world)
    local = (points - onto[:, 3] * inverse[..., None]) @ onto[:, :3]
    z = local[..., 2]
    # z / inverse is the depth in the next view.
    there = ~gone & (z > 1e-9) & (z > next_camera.clip_near * inverse)
    safe = np.where(there, z, 1.0)
    fx, fy, cx, cy = next_camera.intrinsics
    u = fx * local[..., 0] / safe + cx
    v = fy * local[..., 1] / safe + cy
    inside = there & (u >= -0.5) & (u <= width - 0.5) & (v >= -0.5) & (v <= height - 0.5)
    next_inverse = np.where(np.isfinite(next_depth), 1 / next_depth.astype(np.float64), 0.0)
    seen = _between(next_inverse, np.where(inside, u, 0.0), np.where(inside, v, 0.0))
    hidden = seen > inverse / safe * (1 + TOLERANCE) + _NEARLY_NOTHING
    rows, columns = np.mgrid[0:height, 0:width]
    result = np.stack([u - columns, v - rows, np.ones_like(u)], axis=-1)
    result[~there] = 0
    result[..., 2] *= inside & ~hidden
    flow: NDArray[np.float32] = result.astype(np.float32)
    return flow


def motions_between(spec: SceneSpec, view: int) -> dict[int, Motion | None]:
    """Of what exists in a view only (see `View.objects`): how it moves until the next view. None where that view does
    not have the same objects, or they do not move as one."""
    found: dict[int, Motion | None] = {}
    now, then = _by_number(spec.views[view].objects), _by_number(spec.views[view + 1].objects)
    for number, objects in now.items():
        found[number] = _motion(objects, then.get(number, []))
    return found


def _by_number(objects: Sequence[Object]) -> dict[int, list[Object]]:
    found: dict[int, list[Object]] = {}
    for item in objects:
        found.setdefault(item.number, []).append(item)
    return found


def _motion(now: Sequence[Object], then: Sequence[Object]) -> Motion | None:
    if [o.mesh for o in now] != [o.mesh for o in then]:
        return None
    moves = [_square(b.transform) @ np.linalg.inv(_square(a.transform)) for a, b in zip(now, then, strict=True)]
    if any(not np.allclose(move, moves[0], atol=1e-4) for move in moves):
        return None
    motion: Motion = moves[0][:3]
    return motion


def _square(transform: Sequence[float]) -> NDArray[np.float64]:
    return np.vstack([array(transform), [0.0, 0.0, 0.0, 1.0]])


def _rays(camera: Camera, height: int, width: int) -> NDArray[np.float64]:
    """(H, W, 3) directions of the pixels' centres in the world, one metre deep along the camera's z."""
    fx, fy, cx, cy = camera.intrinsics
    v, u = np.mgrid[0:height, 0:width]
    local = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones((height, width))], axis=-1)
    rays: NDArray[np.float64] = local @ array(camera.cam_to_world)[:, :3].T
    return rays


def _between(plane: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of an (H, W) plane at fractional pixels, linear between the four centres about them.

    Of inverse depth that is exact on a plane surface.
    """
    height, width = plane.shape
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    left = np.minimum(np.floor(u).astype(np.int64), max(width - 2, 0))
    top = np.minimum(np.floor(v).astype(np.int64), max(height - 2, 0))
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    across, down = u - left, v - top
    upper = plane[top, left] * (1 - across) + plane[top, right] * across
    lower = plane[bottom, left] * (1 - across) + plane[bottom, right] * across
    between: NDArray[np.float64] = upper * (1 - down) + lower * down
    return between
