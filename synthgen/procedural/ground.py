"""What one walks and drives on: strips, slabs with rounded corners, kerbs, tree pits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

JOINT = 0.008
"""Gap between two kerb stones, metres."""


@mesh_generator("street.ground_strip")
def ground_strip(
    width: float = 12.0, length: float = 60.0, uv: Sequence[float] = (0.0, 1.0, 0.0, 1.0), pieces: int = 1
) -> Mesh:
    """A level strip at z = 0 over x 0..width, y 0..length that looks up. Slots: surface.

    uv: (u0, u1, v0, v1), texture coordinates at x = 0, x = width, y = 0, y = length. pieces: cuts along y, so that
    `v` may run over several repeats with precision.
    """
    u0, u1, v0, v1 = uv
    b = MeshBuilder("surface")
    cut = np.linspace(0.0, 1.0, max(1, pieces) + 1)
    y, v = cut * length, v0 + cut * (v1 - v0)
    n = len(cut) - 1
    low, zero = np.zeros(n), np.zeros(n)
    full = np.full(n, width)
    corners = np.stack(
        [np.stack([x, at, zero], axis=1) for x, at in ((low, y[:-1]), (full, y[:-1]), (full, y[1:]), (low, y[1:]))],
        axis=1,
    )
    a, c = np.full(n, u0), np.full(n, u1)
    uvs = np.stack([np.stack(p, axis=1) for p in ((a, v[:-1]), (c, v[:-1]), (c, v[1:]), (a, v[1:]))], axis=1)
    b.quads(corners, "surface", uvs=uvs)
    return b.mesh()


@mesh_generator("street.sidewalk_block")
def sidewalk_block(
    width: float = 60.0,
    length: float = 60.0,
    radii: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
    holes: Sequence[Sequence[float]] = (),
    inset: float = 0.0,
) -> Mesh:
    """A level slab at z = 0 over x 0..width, y 0..length that looks up. Slots: paving.

    radii: of the corners (0, 0), (width, 0), (width, length), (0, length), metres. holes: rectangles (x0, x1, y0, y1)
    left open, as for tree pits. inset: how far the outline is drawn in, the kerb's width. UVs are x and y in metres.
    Raises InputError where the corners do not fit.
    """
    outline = rounded_rectangle(width, length, radii, inset)
    rings = [outline]
    for x0, x1, y0, y1 in holes:
        rings.append(np.array([(x0, y0), (x0, y1), (x1, y1), (x1, y0)]))
    b = MeshBuilder("paving")
    b.plate(rings, 0.0, "paving")
    return b.mesh()


def rounded_rectangle(width: float, length: float, radii: Sequence[float], inset: float = 0.0) -> Array:
    """(N, 2) counter-clockwise outline of the rectangle (0..width, 0..length), each corner with its own radius.

    An inset draws the whole outline in by that much, arcs keeping their centres. Raises InputError where two
    neighbouring radii are longer than their side.
    """
    r0, r1, r2, r3 = (max(0.0, float(r)) for r in radii)
    if max(r0 + r1, r2 + r3) > width or max(r0 + r3, r1 + r2) > length:
        raise InputError.of(f"corner radii {list(radii)} do not fit on {width} x {length} m")
    points: list[Array] = []
    for r, (x, y), start in (
        (r0, (0.0, 0.0), 180),
        (r1, (width, 0.0), 270),
        (r2, (width, length), 0),
        (r3, (0.0, length), 90),
    ):
        cx = r if x == 0.0 else width - r
        cy = r if y == 0.0 else length - r
        if r <= inset:
            sign = np.array([1.0 if x == 0.0 else -1.0, 1.0 if y == 0.0 else -1.0])
            points.append(np.array([[x, y]]) + sign * inset)
            continue
        angle = np.radians(np.linspace(start, start + 90, corner_steps(r) + 1))
        points.append(np.stack([cx + (r - inset) * np.cos(angle), cy + (r - inset) * np.sin(angle)], axis=1))
    return np.concatenate(points)


def corner_steps(radius: float) -> int:
    """Pieces of a quarter circle: kerb stones of about 0.6 m, at least four. Slabs and kerbs must agree on it."""
    return max(4, round(radius * np.pi / 2 / 0.6))


@mesh_generator("street.kerb")
def kerb(length: float = 10.0, height: float = 0.13, width: float = 0.15, seed: int = 0) -> Mesh:
    """A straight row of kerb stones from the origin along +Y; the road lies at -X, the sidewalk at +X.

    Stones of about 1 m with 8 mm joints, a 25 mm chamfer towards the road and a few millimetres of jitter stand on
    x 0..width, z 0..height (the sidewalk's level). face_random: one number per stone. Slots: kerb_stone.
    """
    count = max(1, round(length))
    edge = np.linspace(0.0, length, count + 1)
    starts = np.stack([np.zeros(count), edge[:-1]], axis=1)
    ends = np.stack([np.zeros(count), edge[1:]], axis=1)
    return _stones(starts, ends, height, width, seed)


@mesh_generator("street.kerb_corner")
def kerb_corner(radius: float = 4.0, height: float = 0.13, width: float = 0.15, seed: int = 0) -> Mesh:
    """A quarter circle of kerb stones about the origin, from (radius, 0) to (0, radius); the road lies outside.

    Sides and chamfer as `street.kerb`. The stones are chords of a polygon with `corner_steps(radius)` sides, the same
    that `street.sidewalk_block` has at its corners. Slots: kerb_stone. Raises InputError where radius <= width.
    """
    if radius <= width:
        raise InputError.of(f"a kerb {width} m wide cannot turn a corner of {radius} m")
    angle = np.linspace(0.0, np.pi / 2, corner_steps(radius) + 1)
    rim = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _stones(rim[:-1], rim[1:], height, width, seed, centre=True)


def _stones(starts: Array, ends: Array, height: float, width: float, seed: int, centre: bool = False) -> Mesh:
    """Stones between points (N, 2) on the road's side; the road is to the left of start -> end, or outside a centre."""
    rng = np.random.default_rng(seed)
    n = len(starts)
    along = (ends - starts) / np.linalg.norm(ends - starts, axis=1, keepdims=True)
    # On the straight, the sidewalk (+X) is to the right of +Y; round a corner, towards the centre.
    inwards = np.stack([along[:, 1], -along[:, 0]], axis=1) * (-1.0 if centre else 1.0)
    out = rng.normal(0.0, 0.003, n).clip(-0.008, 0.008)
    high = height + rng.normal(0.0, 0.002, n).clip(-0.004, 0.004)
    chamfer = 0.025
    profile = [
        (out - 0.006, np.zeros(n)),
        (out, high - chamfer),
        (out + chamfer, high),
        (np.full(n, width), high),
    ]
    # Around a corner a stone is narrower at the back: its ends lie on radii through the centre.
    inner_start, inner_end = starts + along * JOINT / 2, ends - along * JOINT / 2
    shrink = np.full(n, 0.0)
    if centre:
        half = np.linalg.norm(ends - starts, axis=1) / 2
        shrink = half / np.sqrt((starts**2).sum(axis=1) - half**2)

    def point(first: bool, k: int) -> Array:
        inset, z = profile[k]
        base = inner_start if first else inner_end
        slide = along * (inset * shrink)[:, None] * (1.0 if first else -1.0)
        return np.column_stack([base + inwards * inset[:, None] + slide, z])

    b = MeshBuilder("kerb_stone")
    own = rng.random(n)
    run = np.cumsum(np.linalg.norm(ends - starts, axis=1))
    reach = [0.0, 0.1, 0.135, 0.27]
    for k in range(3):
        a, c, d, e = point(True, k), point(False, k), point(False, k + 1), point(True, k + 1)
        corners = np.stack([a, c, d, e] if centre else [c, a, e, d], axis=1)
        u0, u1 = run - np.linalg.norm(ends - starts, axis=1), run
        us = np.stack([u0, u1, u1, u0] if centre else [u1, u0, u0, u1], axis=1)
        vs = np.broadcast_to(np.array([reach[k], reach[k], reach[k + 1], reach[k + 1]]), us.shape)
        b.quads(corners, "kerb_stone", uvs=np.stack([us, vs], axis=-1), random=own)
    back_low = [np.column_stack([point(first, 3)[:, :2], np.zeros(n)]) for first in (True, False)]
    for first in (True, False):
        ring = [point(first, k) for k in range(4)] + [back_low[0 if first else 1]]
        for k in (1, 2, 3):
            # Fan of the end's pentagon as two quads would bend; three triangles as thin quads do not.
            tri = np.stack([ring[0], ring[k], ring[k + 1]], axis=1)
            flip = first != centre
            _triangles(b, tri[:, ::-1] if flip else tri, own)
    back = np.stack([point(True, 3), back_low[0], back_low[1], point(False, 3)], axis=1)
    b.quads(back[:, ::-1] if centre else back, "kerb_stone", random=own)
    return b.mesh()


def _triangles(b: MeshBuilder, corners: Array, random: Array) -> None:
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
    b.triangles(
        corners.reshape(-1, 3),
        np.arange(len(corners) * 3).reshape(-1, 3),
        "kerb_stone",
        normals=np.repeat(face, 3, axis=0),
        uvs=corners.reshape(-1, 3)[:, 1:],
        random=random,
    )
