"""Label volumes: which pixels see through a gap to the fixture behind it, from numbers, depth and camera.

A ray is the camera's through a pixel's centre; "how far" is metres along the camera's z, as in a depth picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.scene.spec import Camera, LabelVolume

Entry = tuple[slice, slice, NDArray[np.float64]]
"""Rows and columns of the window that a volume may cover, and how far each of its rays goes until it enters (inf)."""


def claim_volumes(
    numbers: NDArray[np.int32], depth: NDArray[np.float32], camera: Camera, volumes: Sequence[LabelVolume]
) -> NDArray[np.int32]:
    """(H, W) numbers, with those of label volumes where their rule gives them the pixel (see `LabelVolume`).

    depth: (H, W) metres along z of what `numbers` names, inf where nothing is. Of several volumes the one entered first
    has the pixel, at equal distance the one of the lower number.
    """
    claimed = numbers.copy()
    nearest = np.full(numbers.shape, np.inf)
    for volume in sorted(volumes, key=lambda v: v.number):
        entry = _entry(volume, camera, (numbers.shape[1], numbers.shape[0]))
        if entry is None:
            continue
        rows, columns, far = entry
        window = rows, columns
        # Strictly before the surface: a volume may end on it, and a ray along the seam enters and hits at once.
        takes = (far < depth[window]) & (far < nearest[window]) & np.isin(numbers[window], volume.behind)
        nearest[window] = np.where(takes, far, nearest[window])
        claimed[window] = np.where(takes, volume.number, claimed[window])
    return claimed


def _entry(volume: LabelVolume, camera: Camera, size: tuple[int, int]) -> Entry | None:
    to_world = np.vstack([np.array(volume.transform).reshape(3, 4), [0.0, 0.0, 0.0, 1.0]])
    from_world = np.vstack([np.array(camera.cam_to_world).reshape(3, 4), [0.0, 0.0, 0.0, 1.0]])
    to_camera = np.linalg.inv(from_world) @ to_world
    corners = np.array(volume.vertices) if volume.faces else _CORNERS
    seen = corners @ to_camera[:3, :3].T + to_camera[:3, 3]
    window = _window(seen, camera, size)
    if window is None:
        return None
    rows, columns = window
    fx, fy, cx, cy = camera.intrinsics
    v, u = np.mgrid[rows, columns]
    rays = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones(u.shape)], axis=-1)
    if volume.faces:
        far = _enter_faces(rays, seen[np.array(volume.faces)], mirrored=np.linalg.det(to_camera[:3, :3]) < 0)
    else:
        far = _enter_box(rays, np.linalg.inv(to_camera))
    return rows, columns, np.where(far >= camera.clip_near, far, np.inf)


_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])


def _window(seen: NDArray[np.float64], camera: Camera, size: tuple[int, int]) -> tuple[slice, slice] | None:
    """The pixels that points in camera axes may cover together; all where one is beside or behind the lens."""
    depth = seen[:, 2]
    if (depth <= camera.clip_near).all():
        return None
    if (depth <= camera.clip_near).any():
        return slice(0, size[1]), slice(0, size[0])
    fx, fy, cx, cy = camera.intrinsics
    spans = []
    for along, most in ((seen[:, 1] / depth * fy + cy, size[1]), (seen[:, 0] / depth * fx + cx, size[0])):
        first, last = max(0, int(np.ceil(along.min()))), min(most - 1, int(np.floor(along.max())))
        if first > last:
            return None
        spans.append(slice(first, last + 1))
    return spans[0], spans[1]


def _enter_box(rays: NDArray[np.float64], to_box: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each ray goes until it enters the box -0.5..0.5; inf where it misses. From inside it never enters."""
    start = to_box[:3, 3]
    steps = rays @ to_box[:3, :3].T
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (-0.5 - start) / steps, (0.5 - start) / steps
    enter = np.fmax.reduce(np.fmin(low, high), axis=-1)
    leave = np.fmin.reduce(np.fmax(low, high), axis=-1)
    return np.where((enter <= leave) & (enter > 0.0), enter, np.inf)


def _enter_faces(rays: NDArray[np.float64], triangles: NDArray[np.float64], *, mirrored: bool) -> NDArray[np.float64]:
    """How far each ray goes until it first crosses one of the (F, 3, 3) triangles from its front; inf where never.

    Triangles are in camera axes, from where rays start; `mirrored` ones have turned their front around.
    """
    far = np.full(rays.shape[:-1], np.inf)
    for a, b, c in triangles:
        if mirrored:
            b, c = c, b
        normal = np.cross(b - a, c - a)
        against = rays @ normal
        # Signed volumes of the ray with each edge: all of one sign inside, whatever the triangle's plane.
        sides = [rays @ np.cross(one, two) for one, two in ((a, b), (b, c), (c, a))]
        inside = np.logical_and.reduce([side <= 0.0 for side in sides])
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = float(a @ normal) / against
        crossed = inside & (against < 0.0) & (reach > 0.0)
        far = np.where(crossed & (reach < far), reach, far)
    return far
