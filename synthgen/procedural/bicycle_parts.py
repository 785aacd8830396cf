"""Parts of bicycles, in a frame whose origin is the crank's axis: +X ahead, +Z up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.rounded import add_rounded_box

if TYPE_CHECKING:
    from synthgen.procedural.bicycle import Fit

Point = NDArray[np.float64]

_SIDEWAYS = ((1, 0, 0), (0, 0, -1), (0, 1, 0))
"""Axes of a frame whose z is the wheel's axle."""
CHAIN_Y = -0.046
"""The chain runs on the right."""


def add_wheel(b: MeshBuilder, axle: Point, radius: float, tyre: float, spokes: int) -> None:
    """Tyre, rim, hub and spokes about `axle`; radius: to the tread; tyre: half its width."""
    rim = radius - 2 * tyre
    angle = np.linspace(0.0, 2 * np.pi, 11)
    with b.at(axle, *_SIDEWAYS):
        # Closed rings: their profile ends where it begins.
        around = [(radius - tyre + tyre * float(np.cos(t)), tyre * float(np.sin(t))) for t in angle]
        b.lathe([*around[:-1], around[0]], "tyre", sides=40, smooth=True)
        w = tyre * 0.62
        box = [(rim - 0.014, -w * 0.7), (rim + 0.004, -w), (rim + 0.004, w), (rim - 0.014, w * 0.7)]
        b.lathe([*box, box[0]], "rim", sides=40)
        hub = [(0.0, -0.048), (0.010, -0.048), (0.010, -0.036), (0.024, -0.034), (0.024, -0.031), (0.013, -0.026)]
        b.lathe([*hub, *((r, -z) for r, z in hub[::-1])], "metal", sides=14)
        turn = np.arange(spokes) * 2 * np.pi / spokes
        for k, t in enumerate(turn):
            side = 0.031 if k % 2 else -0.031
            start = t + (0.55 if k % 4 < 2 else -0.55)
            b.tube(
                [
                    (0.022 * np.cos(start), 0.022 * np.sin(start), side),
                    ((rim - 0.01) * np.cos(t), (rim - 0.01) * np.sin(t), side * 0.05),
                ],
                0.0011,
                "metal",
                sides=3,
            )


def add_mudguard(b: MeshBuilder, axle: Point, radius: float, half: float, span: tuple[float, float]) -> None:
    """A bent sheet over a wheel, from span[0] to span[1] degrees from ahead."""
    angle = np.radians(np.linspace(*span, 15))
    across = np.array([-1.0, -0.6, 0.6, 1.0, 1.0, -1.0]) * half
    r = radius + np.array([-0.004, 0.0, 0.0, -0.004, -0.007, -0.007])
    rings = np.stack(
        [
            axle[0] + np.cos(angle)[:, None] * r,
            np.broadcast_to(across, (len(angle), len(r))),
            axle[2] + np.sin(angle)[:, None] * r,
        ],
        axis=-1,
    )
    add_loft(b, rings, "frame" if half > 0.03 else "black")


def add_saddle(b: MeshBuilder, at: tuple[float, float], style: str, rng: np.random.Generator) -> None:
    """A padded saddle whose top is at (x, z) where one sits, with its nose ahead; springs below comfortable ones."""
    x, z = at
    wide = 0.15 if style in ("sport", "mountain") else float(rng.uniform(0.19, 0.23))
    length = np.linspace(-0.09, 0.17, 9)
    half = np.interp(length, [-0.09, -0.06, 0.0, 0.07, 0.17], [0.3, 0.5, 0.47, 0.19, 0.10]) * wide
    top = np.interp(length, [-0.09, -0.03, 0.05, 0.17], [-0.006, 0.0, -0.012, -0.018])
    turn = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
    shape = np.stack(
        [np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.7, np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.7], 1
    )
    rings = []
    for a, w, t in zip(length, half, top, strict=True):
        thick = 0.022 + 0.012 * w / half.max()
        rings.append(np.column_stack([np.full(12, x + a), shape[:, 0] * w, z + t - thick + shape[:, 1] * thick]))
    add_loft(b, np.array(rings), "saddle")
    if style in ("city", "step_through"):
        for side in (1.0, -1.0):
            with b.at((x - 0.05, side * 0.05, z - 0.10)):
                b.cylinder(0.017, 0.0, 0.05, "metal", sides=10)
    b.tube([(x - 0.05, 0.0, z - 0.06), (x + 0.08, 0.0, z - 0.058)], 0.008, "metal", sides=8)
    with b.at((x - 0.005, 0.0, z - 0.085)):
        b.cylinder(0.019, 0.0, 0.045, "metal", sides=12)


def add_loft(b: MeshBuilder, rings: Point, slot: str) -> None:
    """A closed smooth skin over convex rings (N, M, 3), one after another, which all turn the same way."""
    n, m, _ = rings.shape
    normal = np.cross(np.roll(rings, -1, axis=1) - np.roll(rings, 1, axis=1), np.gradient(rings, axis=0))
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    if ((rings - rings.mean(axis=1, keepdims=True)) * normal).sum() < 0:
        normal = -normal
    i, j = np.meshgrid(np.arange(n - 1), np.arange(m), indexing="ij")
    p, q = (i * m + j).ravel(), (i * m + (j + 1) % m).ravel()
    faces = np.concatenate([np.stack([p, q, q + m], 1), np.stack([p, q + m, p + m], 1)])
    flat, own = rings.reshape(-1, 3), normal.reshape(-1, 3)
    c = flat[faces]
    if (np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0]) * own[faces[:, 0]]).sum() < 0:
        faces = faces[:, ::-1]
    b.triangles(flat, faces, slot, normals=own, uvs=np.column_stack([flat[:, 0], flat[:, 2]]))
    fan = np.stack([np.zeros(m - 2, int), np.arange(1, m - 1), np.arange(2, m)], 1)
    for ring, inner in ((rings[0], rings[1]), (rings[-1], rings[-2])):
        out = ring.mean(axis=0) - inner.mean(axis=0)
        out /= np.linalg.norm(out)
        c = ring[fan]
        turned = (np.cross(c[:, 1] - c[:, 0], c[:, 2] - c[:, 0]) @ out).sum() < 0
        normals = np.broadcast_to(out, ring.shape)
        b.triangles(ring, fan[:, ::-1] if turned else fan, slot, normals=normals, uvs=ring[:, 1:])


def add_chain(b: MeshBuilder, fit: Fit, rear: Point, *, covered: bool) -> None:
    """Chain ring, sprocket and chain on the right, or a chain guard over them."""
    with b.at((0.0, CHAIN_Y, 0.0), *_SIDEWAYS):
        b.lathe([(0.0, -0.003), (0.09, -0.0025), (0.09, 0.0025), (0.0, 0.003)], "metal", sides=32)
    with b.at((rear[0], CHAIN_Y, rear[2]), *_SIDEWAYS):
        b.lathe(
            [(0.011, -0.0105), (0.036, -0.009), (0.036, 0.009), (0.011, 0.0105), (0.011, -0.0105)], "metal", sides=20
        )
    if covered:
        along = np.array([rear[0], 0.0, rear[2]])
        angle = np.arctan2(along[2], along[0])
        c, s = np.cos(angle), np.sin(angle)
        length = float(np.linalg.norm(along))
        with b.at((0.0, CHAIN_Y - 0.012, 0.0), (c, 0, s), (0, 1, 0), (-s, 0, c)):
            size = (length + 0.10, 0.014, 0.115)
            with b.at((length / 2 - 0.02, 0.0, -0.055)):
                add_rounded_box(b, size, 0.006, "black")
        return
    for lift in (1.0, -1.0):
        b.tube([(0.0, CHAIN_Y, lift * 0.089), (rear[0], CHAIN_Y, rear[2] + lift * 0.035)], 0.004, "metal", sides=4)


def add_pedals(b: MeshBuilder, fit: Fit, tilt: float) -> None:
    """Cranks half a turn apart, and pedals whose toes point down by `tilt` degrees."""
    t = np.radians(tilt)
    for side, phase in ((1.0, 0.0), (-1.0, 180.0)):
        a = np.radians(fit.angle + phase)
        end = np.array([fit.crank * np.cos(a), side * 0.062, fit.crank * np.sin(a)])
        b.tube([(0.0, side * 0.034, 0.0), (0.0, side * 0.058, 0.0)], 0.013, "metal", sides=10)
        b.tube([np.array([0.0, side * 0.058, 0.0]), end], [0.013, 0.010], "metal", sides=8)
        middle = end + np.array((0.0, side * (fit.pedal - 0.062), 0.0))
        b.tube([end, middle + np.array((0.0, side * 0.03, 0.0))], 0.007, "metal", sides=6)
        with b.at(middle, (np.cos(t), 0, -np.sin(t)), (0, 1, 0), (np.sin(t), 0, np.cos(t))):
            b.chamfered(-0.047, 0.047, -0.043, 0.043, -0.011, 0.011, 0.004, "black")


def add_rack(b: MeshBuilder, rear: Point, radius: float, seat: Point) -> None:
    """A luggage rack over the rear wheel, on struts to the axle."""
    z = rear[2] + radius + 0.055
    ahead, back = rear[0] + 0.13, rear[0] - 0.27
    for y in (-0.06, -0.022, 0.022, 0.06):
        b.tube([(ahead, y, z), (back, y, z)], 0.0045, "metal", sides=6)
    for x in (ahead, back):
        b.tube([(x, -0.066, z + 0.003), (x, 0.066, z + 0.003)], 0.0045, "metal", sides=6)
    for side in (1.0, -1.0):
        foot = (rear[0], side * 0.066, rear[2])
        for x in (rear[0] + 0.06, rear[0] - 0.2):
            b.tube([foot, (x, side * 0.064, z)], 0.0045, "metal", sides=6)
    b.tube([np.array([ahead, 0.0, z]), seat], 0.005, "metal", sides=6)


def add_basket(b: MeshBuilder, at: Sequence[float], size: tuple[float, float, float], rng: np.random.Generator) -> None:
    """An open wire basket whose floor's middle is `at`; wider at its rim."""
    x, y, z = at
    length, width, height = size
    loops = int(rng.integers(4, 7))
    for k in range(loops):
        t = k / (loops - 1)
        grow = 0.86 + 0.14 * t
        ring = _ring(x, y, z + t * height, length * grow / 2, width * grow / 2)
        b.tube(ring, 0.005 if k == loops - 1 else 0.0025, "basket", sides=6 if k == loops - 1 else 4)
    low, high = (_ring(x, y, h, length * g / 2, width * g / 2)[:-1] for h, g in ((z, 0.86), (z + height, 1.0)))
    for p, q in zip(low, high, strict=True):
        b.tube([p, q], 0.0022, "basket", sides=4)
    for v in np.linspace(-0.4, 0.4, 7) * width * 0.86:
        b.tube(
            [(x - 0.42 * length, y + v, z - 0.0033), (x + 0.42 * length, y + v, z - 0.0033)], 0.0022, "basket", sides=4
        )


def _ring(x: float, y: float, z: float, a: float, c: float) -> Point:
    """(N, 3) points along a rounded rectangle that ends a hair before where it begins."""
    side = np.linspace(-0.9, 0.9, 7)
    points = np.concatenate(
        [
            np.column_stack([side * a, np.full(7, -c)]),
            np.column_stack([np.full(7, a), side * c]),
            np.column_stack([-side * a, np.full(7, c)]),
            np.column_stack([np.full(7, -a), -side * c]),
        ]
    )
    closed = np.vstack([points, 0.93 * points[:1] + 0.07 * points[-1:]])
    return np.column_stack([closed[:, 0] + x, closed[:, 1] + y, np.full(len(closed), z)])


def add_lamps(b: MeshBuilder, ahead: Point, behind: Point) -> None:
    """A head lamp that ends at `ahead`, and a tail lamp that ends at `behind`."""
    with b.at(ahead, (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.lathe([(0.0, -0.05), (0.014, -0.05), (0.03, -0.012), (0.03, 0.0), (0.0, 0.0)], "black", sides=16)
        b.lathe([(0.0, 0.0005), (0.026, 0.0005), (0.024, 0.006), (0.0, 0.009)], "head", sides=16)
    with b.at(behind, (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
        b.chamfered(-0.05, 0.05, -0.018, 0.018, -0.03, -0.006, 0.004, "black")
        b.chamfered(-0.047, 0.047, -0.015, 0.015, -0.0055, 0.006, 0.004, "tail")
