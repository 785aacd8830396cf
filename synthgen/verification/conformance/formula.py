"""What a picture of simple shapes must be labelled as, by formula: no mesh, no triangle, no ray-casting library.

Two engines that read the same triangles may agree on a wrong thing; spheres, boxes and rectangles have equations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.scene.spec import Camera

Rays = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Start and direction (H, W, 3); a direction's length is such that multiples of it are metres along the camera's z."""

Solid = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]
"""Of a rectangle's coordinates u, v in 0..1, v upwards: where it is not cut out."""


@dataclass(frozen=True)
class Shape:
    """A unit shape at a place: transform is 3x4 row-major shape-to-world.

    kind: "ball", radius 1 about the origin; "box", -0.5..0.5 on each axis; "card", x in -0.5..0.5 and z in 0..1 at
    y = 0; "floor", the plane z = 0, without end. solid: of a card, where it is not cut out.
    """

    number: int
    kind: str
    transform: tuple[float, ...]
    solid: Solid | None = None


@dataclass(frozen=True)
class Gap:
    """A box (see `Shape`) without a surface, through which one of `behind` is labelled `number`."""

    number: int
    transform: tuple[float, ...]
    behind: tuple[int, ...]


def labels(
    camera: Camera, size: tuple[int, int], shapes: Sequence[Shape], gaps: Sequence[Gap] = ()
) -> NDArray[np.int32]:
    """(H, W) number of the shape that each pixel's centre sees, 0 for none."""
    near = camera.clip_near
    nearest = np.full((size[1], size[0]), np.inf)
    numbers = np.zeros(nearest.shape, dtype=np.int32)
    for shape in shapes:
        first, second = _CROSSINGS[shape.kind](_rays(camera, size, shape.transform), shape)
        # A shape that the near plane cuts open shows its inside.
        far = np.where(first >= near, first, np.where(second >= near, second, np.inf))
        closer = (far < nearest) & (far <= camera.clip_far)
        nearest = np.where(closer, far, nearest)
        numbers = np.where(closer, np.int32(shape.number), numbers)
    seen, entered = numbers.copy(), np.full(nearest.shape, np.inf)
    for gap in gaps:
        first, _ = _box(_rays(camera, size, gap.transform), None)
        takes = (first >= near) & (first < nearest) & (first < entered) & np.isin(seen, gap.behind)
        entered = np.where(takes, first, entered)
        numbers = np.where(takes, np.int32(gap.number), numbers)
    return numbers


def _rays(camera: Camera, size: tuple[int, int], transform: tuple[float, ...]) -> Rays:
    """The rays through pixel centres, in the shape's own frame."""
    fx, fy, cx, cy = camera.intrinsics
    v, u = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64)
    rays = np.stack([(u - cx) / fx, (v - cy) / fy, np.ones_like(u)], axis=-1)
    eye = np.array(camera.cam_to_world).reshape(3, 4)
    place = np.array(transform).reshape(3, 4)
    inverse = np.linalg.inv(place[:, :3])
    start = inverse @ (eye[:, 3] - place[:, 3])
    return np.broadcast_to(start, rays.shape), rays @ eye[:, :3].T @ inverse.T


Crossings = tuple[NDArray[np.float64], NDArray[np.float64]]
"""How far the two points are in which a ray crosses a shape; inf where it misses."""


def _ball(rays: Rays, _: Shape | None) -> Crossings:
    """|start + t direction| = 1."""
    start, step = rays
    a, b, c = (step**2).sum(-1), (start * step).sum(-1), (start**2).sum(-1) - 1.0
    square = b * b - a * c
    root = np.sqrt(np.maximum(square, 0.0))
    hits = square >= 0.0
    return np.where(hits, (-b - root) / a, np.inf), np.where(hits, (-b + root) / a, np.inf)


def _box(rays: Rays, _: Shape | None) -> Crossings:
    """The largest of the entries into three slabs, the smallest of the ways out."""
    start, step = rays
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (-0.5 - start) / step, (0.5 - start) / step
    enter = np.fmax.reduce(np.fmin(low, high), axis=-1)
    leave = np.fmin.reduce(np.fmax(low, high), axis=-1)
    hits = enter <= leave
    return np.where(hits, enter, np.inf), np.where(hits, leave, np.inf)


def _card(rays: Rays, shape: Shape | None) -> Crossings:
    start, step = rays
    with np.errstate(divide="ignore", invalid="ignore"):
        far = -start[..., 1] / step[..., 1]
        u, v = start[..., 0] + far * step[..., 0] + 0.5, start[..., 2] + far * step[..., 2]
        hits = (u >= 0.0) & (u <= 1.0) & (v >= 0.0) & (v <= 1.0)
    if shape is not None and shape.solid is not None:
        hits &= shape.solid(np.where(hits, u, 0.0), np.where(hits, v, 0.0))
    crossing = np.where(hits, far, np.inf)
    return crossing, crossing


def _floor(rays: Rays, _: Shape | None) -> Crossings:
    start, step = rays
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(step[..., 2] != 0.0, -start[..., 2] / step[..., 2], np.inf)
    return far, far


_CROSSINGS: dict[str, Callable[[Rays, Shape | None], Crossings]] = {
    "ball": _ball,
    "box": _box,
    "card": _card,
    "floor": _floor,
}
