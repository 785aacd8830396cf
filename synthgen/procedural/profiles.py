"""Bars, wires and folded sheets: what shop fixtures and other metalwork are bent and welded from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array


def bent(points: ArrayLike, radius: float, *, steps: int = 4, closed: bool = False) -> Array:
    """A polyline (N, 2) or (N, 3) whose corners are arcs of `radius` metres, smaller where a leg is too short.

    closed: the last point joins the first, and that corner is bent too.
    """
    p = np.asarray(points, dtype=np.float64)
    inner = np.arange(len(p)) if closed else np.arange(1, len(p) - 1)
    before, after = p[(inner - 1) % len(p)], p[(inner + 1) % len(p)]
    parts: list[Array] = [] if closed else [p[:1]]
    for q, a, c in zip(p[inner], before, after, strict=True):
        length_a, length_c = float(np.linalg.norm(a - q)), float(np.linalg.norm(c - q))
        to_a, to_c = (a - q) / length_a, (c - q) / length_c
        half = float(np.arccos(np.clip(to_a @ to_c, -1.0, 1.0))) / 2
        if half > np.pi / 2 - 1e-3:
            parts.append(q[None])
            continue
        reach = min(radius / np.tan(half), 0.48 * length_a, 0.48 * length_c)
        centre = q + (to_a + to_c) / np.linalg.norm(to_a + to_c) * reach / np.cos(half)
        start, end = q + to_a * reach - centre, q + to_c * reach - centre
        angle = np.pi - 2 * half
        t = np.linspace(0.0, 1.0, steps + 1)[:, None]
        parts.append(centre + (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / np.sin(angle))
    if not closed:
        parts.append(p[-1:])
    return np.concatenate(parts)


def rectangle(x0: float, x1: float, y0: float, y1: float, radius: float = 0.0, *, steps: int = 4) -> Array:
    """(N, 2) counter-clockwise outline of a rectangle whose corners are rounded by `radius` metres."""
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    return bent(corners, radius, steps=steps, closed=True) if radius > 0 else corners


def extruded(
    b: MeshBuilder,
    profile: ArrayLike,
    y0: float,
    y1: float,
    slot: str,
    *,
    smooth: bool = False,
    random: float = 0.0,
) -> None:
    """A closed bar from y0 to y1 over a profile (N, 2) of x and z, counter-clockwise as seen from -Y."""
    with b.at((0.0, y1, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.prism(profile, 0.0, y1 - y0, slot, smooth=smooth, random=random)


def extruded_x(
    b: MeshBuilder,
    profile: ArrayLike,
    x0: float,
    x1: float,
    slot: str,
    *,
    smooth: bool = False,
    random: float = 0.0,
) -> None:
    """A closed bar from x0 to x1 over a profile (N, 2) of y and z, counter-clockwise as seen from +X."""
    with b.at((x0, 0.0, 0.0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.prism(profile, 0.0, x1 - x0, slot, smooth=smooth, random=random)


def ring(
    b: MeshBuilder,
    outline: ArrayLike,
    hole: ArrayLike,
    z0: float,
    z1: float,
    slot: str,
    *,
    smooth: bool = False,
    random: float = 0.0,
) -> None:
    """An upright prism over a counter-clockwise outline (N, 2) with one counter-clockwise hole (M, 2): a frame."""
    outer, inner = np.asarray(outline, dtype=np.float64), np.asarray(hole, dtype=np.float64)
    b.walls(outer, z0, z1, slot, smooth=smooth, random=random)
    b.walls(inner[::-1], z0, z1, slot, smooth=smooth, random=random)
    b.plate([outer, inner[::-1]], z1, slot, random=random)
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(outer * (1, -1))[::-1], inner * (1, -1)], -z0, slot, random=random)


def frame_x(
    b: MeshBuilder,
    y: tuple[float, float],
    z: tuple[float, float],
    x: tuple[float, float],
    bar: float,
    slot: str,
    *,
    radius: float = 0.0,
    random: float = 0.0,
) -> None:
    """A flat frame that looks along X, between bounds y, z and x; `bar`: how wide its bars are, metres."""
    outer = rectangle(*y, *z, radius)
    inner = rectangle(y[0] + bar, y[1] - bar, z[0] + bar, z[1] - bar, max(0.0, radius - bar))
    with b.at((x[0], 0.0, 0.0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        ring(b, outer, inner, 0.0, x[1] - x[0], slot, random=random)


def rods(
    b: MeshBuilder, start: ArrayLike, end: ArrayLike, radius: float, slot: str, *, sides: int = 6, random: float = 0.0
) -> None:
    """Straight round bars with flat ends between points (N, 3), all at once."""
    p, q = np.broadcast_arrays(
        np.asarray(start, dtype=np.float64).reshape(-1, 3), np.asarray(end, dtype=np.float64).reshape(-1, 3)
    )
    n = len(p)
    if n == 0:
        return
    length = np.linalg.norm(q - p, axis=1)
    along = (q - p) / length[:, None]
    away = np.eye(3)[np.abs(along).argmin(axis=1)]
    side = np.cross(along, away)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(along, side)
    angle = np.linspace(0.0, 2 * np.pi, sides, endpoint=False)
    around = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * up[:, None]
    ends = np.stack([p, q], axis=1)[:, :, None] + radius * around[:, None]  # (n, 2, sides, 3)
    i = np.arange(sides)
    j = (i + 1) % sides
    tube = np.concatenate([np.stack([i, j, j + sides], axis=1), np.stack([i, j + sides, i + sides], axis=1)])
    fan = np.stack([np.zeros(sides - 2, dtype=int), np.arange(1, sides - 1), np.arange(2, sides)], axis=1)
    faces = np.concatenate([tube, fan[:, ::-1] + 2 * sides, fan + 3 * sides])
    vertices = np.concatenate([ends, ends], axis=1).reshape(-1, 3)
    cap = np.broadcast_to(along[:, None, None], (n, 1, sides, 3))
    normals = np.concatenate([np.stack([around, around], axis=1), -cap, cap], axis=1).reshape(-1, 3)
    uvs = np.zeros((n, 4, sides, 2))
    uvs[..., 0] = angle * radius
    uvs[:, 1, :, 1] = length[:, None]
    faces = (faces[None] + (np.arange(n) * 4 * sides)[:, None, None]).reshape(-1, 3)
    b.triangles(vertices, faces, slot, normals=normals, uvs=uvs.reshape(-1, 2), random=random)


def faced(
    b: MeshBuilder,
    x: tuple[float, float],
    y: tuple[float, float],
    z: tuple[float, float],
    body: str,
    face: str,
    *,
    back: str | None = None,
) -> None:
    """A closed box whose front (+X) has the slot `face` and UVs 0..1 as seen from there; its back (-X) `back`."""
    (x0, x1), (y0, y1), (z0, z1) = x, y, z
    b.boxes(x0, x1, y0, y1, z0, z1, body, skip="+x" if back is None else "+x -x")
    b.quads([[(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)]], face)
    if back is not None:
        b.quads([[(x0, y1, z0), (x0, y0, z0), (x0, y0, z1), (x0, y1, z1)]], back)


def blocks(b: MeshBuilder, low: ArrayLike, high: ArrayLike, slot: str, *, random: ArrayLike = 0.0) -> None:
    """Closed six-sided blocks between quadrilaterals (N, 4, 3), counter-clockwise as seen from the side of `high`."""
    p = np.asarray(low, dtype=np.float64).reshape(-1, 4, 3)
    q = np.asarray(high, dtype=np.float64).reshape(-1, 4, 3)
    sides = [np.stack([p[:, k], p[:, (k + 1) % 4], q[:, (k + 1) % 4], q[:, k]], axis=1) for k in range(4)]
    quads = np.stack([p[:, ::-1], q, *sides], axis=1)
    along = np.linalg.norm(quads[:, :, 1] - quads[:, :, 0], axis=-1)
    up = np.linalg.norm(quads[:, :, 3] - quads[:, :, 0], axis=-1)
    zero = np.zeros_like(along)
    uvs = np.stack([np.stack(c, axis=-1) for c in ((zero, zero), (along, zero), (along, up), (zero, up))], axis=2)
    each = np.broadcast_to(np.asarray(random, dtype=np.float64), (len(p),))
    b.quads(quads.reshape(-1, 4, 3), slot, uvs=uvs.reshape(-1, 4, 2), random=np.repeat(each, 6))


def wire_panel(
    b: MeshBuilder,
    corners: ArrayLike,
    across: int,
    along: int,
    radius: float,
    slot: str,
    *,
    sides: int = 6,
    rim: float = 0.0,
) -> None:
    """A welded grid over four corners (4, 3), counter-clockwise: `along` wires from the first side to the third, and
    `across` wires the other way, which lie on the former's outside. rim: radius of a bar around it, 0 for none."""
    p = np.asarray(corners, dtype=np.float64)
    normal = np.cross(p[2] - p[0], p[3] - p[1])
    normal *= radius * 1.9 / np.linalg.norm(normal)
    s = np.linspace(0.0, 1.0, along + 2)[1:-1, None]
    t = np.linspace(0.0, 1.0, across + 2)[1:-1, None]
    rods(b, p[0] + s * (p[1] - p[0]), p[3] + s * (p[2] - p[3]), radius, slot, sides=sides)
    rods(b, p[0] + t * (p[3] - p[0]) + normal, p[1] + t * (p[2] - p[1]) + normal, radius, slot, sides=sides)
    if rim > 0:
        rods(b, p, np.roll(p, -1, axis=0), rim, slot, sides=8)


def band(b: MeshBuilder, low: ArrayLike, high: ArrayLike, inwards: float, slot: str, *, smooth: bool = True) -> None:
    """A closed ring that widens or narrows upwards, from outline `low` to `high` (N, 3), both counter-clockwise.

    inwards: how thick it is, metres, towards the ring's axis.
    """
    p, q = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def inner(line: Array) -> Array:
        along = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
        side = np.stack([-along[:, 1], along[:, 0]], axis=1)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        moved: Array = line + np.column_stack([side * inwards, np.zeros(len(line))])
        return moved

    r, s = inner(p), inner(q)
    for a, c in ((p, q), (s, r), (q, s), (r, p)):
        quads = np.stack([a, np.roll(a, -1, axis=0), np.roll(c, -1, axis=0), c], axis=1)
        step = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
        start = np.concatenate([[0.0], np.cumsum(step)[:-1]])
        high_of = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
        u = np.stack([start, start + step, start + step, start], axis=1)
        v = np.stack([0 * step, 0 * step, high_of, high_of], axis=1)
        normals = None
        if smooth:
            face = np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
            face /= np.linalg.norm(face, axis=1, keepdims=True)
            here = face + np.roll(face, 1, axis=0)
            here /= np.linalg.norm(here, axis=1, keepdims=True)
            there = np.roll(here, -1, axis=0)
            normals = np.stack([here, there, there, here], axis=1)
        b.quads(quads, slot, uvs=np.stack([u, v], axis=-1), normals=normals)
