"""Counterbalanced forklift trucks, nobody on them. Forks towards +X, origin in the middle of the foot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.machine_parts import centred
from synthgen.procedural.panels import slab, standing, strut, torus
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, circle


@mesh_generator("factory.forklift")
def forklift(
    length: float = 2.2,
    width: float = 1.15,
    guard: float = 2.12,
    mast: float = 2.15,
    fork_length: float = 1.1,
    lift: float = 0.08,
    seed: int = 0,
) -> Mesh:
    """A forklift. length: from the rear to the forks' backs; guard: height of the driver's guard; mast: of the lowered
    mast; lift: of the forks above the floor. Metres.

    Slots: body, second, dark, metal, rubber, seat, lamp, red, beacon, label, ink.
    """
    rng = np.random.default_rng([seed, 331])
    b = MeshBuilder("body", "second", "dark", "metal", "rubber", "seat", "lamp", "red", "beacon", "label", "ink")
    y = width / 2
    front, rear = 0.0, 0.42 - length  # x of the front axle, and of the rear
    big, small = float(rng.uniform(0.27, 0.32)), float(rng.uniform(0.2, 0.24))
    back_axle = rear + 0.45
    _wheel(b, front, y - 0.11, big, 0.2)
    _wheel(b, front, -y + 0.11, big, 0.2)
    _wheel(b, back_axle, y - 0.16, small, 0.15)
    _wheel(b, back_axle, -y + 0.16, small, 0.15)
    deck, hood = float(rng.uniform(0.48, 0.58)), float(rng.uniform(0.92, 1.05))
    _bodywork(b, rear, back_axle, small, big, y, deck, hood, rng)
    seat = -0.62
    _seat(b, seat, hood)
    _wheel_and_levers(b, deck)
    _overhead(b, rear, y, guard, hood, rng)
    _mast(b, mast, y, lift, fork_length, rng)
    _lights(b, rear, y, guard, hood)
    return centred(b)


def bevelled(b: MeshBuilder, outline: ArrayLike, y0: float, y1: float, bevel: float, slot: str) -> None:
    """A slab over an outline (N, 2) in x, z (counter-clockwise seen from -Y) from y0 to y1, its rims cut by `bevel`."""
    p = np.asarray(outline, dtype=np.float64)
    before, after = p - np.roll(p, 1, axis=0), np.roll(p, -1, axis=0) - p
    n = [np.column_stack([-d[:, 1], d[:, 0]]) / np.linalg.norm(d, axis=1, keepdims=True) for d in (before, after)]
    mid = n[0] + n[1]
    mid /= np.maximum((mid * n[0]).sum(axis=1, keepdims=True), 0.35)
    inner = p + bevel * mid
    low, high = y0 + bevel, y1 - bevel

    def ring(q: Array, at: float) -> Array:
        return np.column_stack([q[:, 0], np.full(len(q), at), q[:, 1]])

    rings = [ring(inner, y0), ring(p, low), ring(p, high), ring(inner, y1)]
    for a, c in pairwise(rings):
        quads = np.stack([a, c, np.roll(c, -1, axis=0), np.roll(a, -1, axis=0)], axis=1)
        uvs = np.stack([quads[..., 0] + quads[..., 2], quads[..., 1]], axis=-1)
        b.quads(quads, slot, uvs=uvs)
    with b.at((0.0, y0, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.plate([inner], 0.0, slot)
    with b.at((0.0, y1, 0.0), (-1, 0, 0), (0, 0, 1), (0, 1, 0)):
        b.plate([(inner * (-1, 1))[::-1]], 0.0, slot)


def _arch(x: float, z: float, r: float, steps: int = 7) -> Array:
    """Points of a wheel arch from its right foot over its top to its left foot."""
    a = np.linspace(0.12, np.pi - 0.12, steps)
    return np.column_stack([x + r * np.cos(a), z + r * np.sin(a)])


def _bodywork(
    b: MeshBuilder,
    rear: float,
    back_axle: float,
    small: float,
    big: float,
    y: float,
    deck: float,
    hood: float,
    rng: np.random.Generator,
) -> None:
    """Counterweight, hood over the battery, steps, cowl and wings."""
    low = 0.14
    heavy = "second" if rng.random() < 0.6 else "body"
    arch = _arch(back_axle, small - 0.02, small + 0.05)
    weight = np.concatenate(
        [
            [(rear + 0.06, 0.3)],
            arch[::-1],
            [(arch[0, 0] + 0.07, 0.24)],
            [(arch[0, 0] + 0.07, hood - 0.06), (rear + 0.2, hood - 0.06), (rear + 0.07, hood - 0.16), (rear, 0.55)],
        ]
    )
    weight = weight[np.linalg.norm(weight - np.roll(weight, 1, axis=0), axis=1) > 1e-4]
    bevelled(b, weight, -y + 0.03, y - 0.03, 0.022, heavy)
    start = arch[0, 0] + 0.0705
    stop = -0.38
    bevelled(b, [(start, low), (stop, low), (stop, hood), (start, hood)], -y + 0.05, y - 0.05, 0.02, "body")
    b.chamfered(start - 0.3, stop - 0.06, -y + 0.12, y - 0.12, hood - 0.0595, hood + 0.03, 0.02, "dark")
    bevelled(
        b, [(stop + 0.0005, low), (0.14, low), (0.14, deck), (stop + 0.0005, deck)], -y + 0.27, y - 0.27, 0.01, "dark"
    )
    top = max(deck + 0.14, 2 * big + 0.09)
    for s in (-1.0, 1.0):
        edge = sorted((s * (y - 0.2695), s * (y - 0.06)))
        b.chamfered(stop + 0.0005, -big - 0.08, edge[0], edge[1], 0.2, 0.27, 0.01, "dark")  # a step
        wing = np.concatenate(
            [
                [(-big - 0.075, deck - 0.18)],
                _arch(0.0, big - 0.02, big + 0.05)[::-1][1:-1],
                [(big * 0.5 + 0.1, top), (-big * 0.7, top)],
            ]
        )
        hull = wing[np.r_[True, np.linalg.norm(np.diff(wing, axis=0), axis=1) > 1e-3]]
        bevelled(b, hull, edge[0], edge[1], 0.008, "body")
    cowl = [(0.1405, 0.25), (0.26, 0.25), (0.26, deck + 0.45), (0.2, deck + 0.6), (0.1405, deck + 0.6)]
    bevelled(b, cowl, -y + 0.22, y - 0.22, 0.015, "body")
    b.chamfered(0.05, 0.14, -y + 0.3, y - 0.3, deck + 0.42, deck + 0.58, 0.015, "dark")
    for s in (-1.0, 1.0):  # name plates and load charts
        if rng.random() < 0.8:
            with standing(b, (-0.62 - 0.1 * s, -s * (y - 0.0495), hood - 0.3), (s, 0, 0)):
                b.quads(
                    [[(-0.14, -0.04, 0.0008), (0.14, -0.04, 0.0008), (0.14, 0.04, 0.0008), (-0.14, 0.04, 0.0008)]],
                    "label",
                )
                b.quads(
                    [[(-0.12, -0.02, 0.0015), (0.1, -0.02, 0.0015), (0.1, 0.02, 0.0015), (-0.12, 0.02, 0.0015)]], "ink"
                )


def _wheel(b: MeshBuilder, x: float, y: float, r: float, wide: float) -> None:
    h, s = wide / 2, np.sign(y)
    with b.at((x, y, r), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.lathe(
            [(0.55 * r, -h), (r - 0.02, -h), (r, -h + 0.02), (r, h - 0.02), (r - 0.02, h), (0.55 * r, h)],
            "rubber",
            sides=36,
        )
        b.lathe(
            [(0.0, -h * 0.8), (0.2 * r, -h * 0.8), (0.3 * r, -h * 0.5), (0.5 * r, -h * 0.5), (0.55 * r, -h)],
            "second",
            sides=36,
        )
        b.lathe(
            [(0.55 * r, h), (0.5 * r, h * 0.5), (0.3 * r, h * 0.5), (0.2 * r, h * 0.8), (0.0, h * 0.8)],
            "second",
            sides=36,
        )
        for k in range(5):
            a = k * 2 * np.pi / 5
            with b.at((0.38 * r * np.cos(a), 0.38 * r * np.sin(a), 0.0)):
                edge = sorted((s * h * 0.5005, s * h * 0.68))
                b.cylinder(0.012, edge[0], edge[1], "metal", sides=6)


def _seat(b: MeshBuilder, x: float, z: float) -> None:
    b.chamfered(x - 0.22, x + 0.25, -0.24, 0.24, z + 0.0305, z + 0.15, 0.04, "seat")
    tilt = 0.2
    up = np.array([-np.sin(tilt), 0.0, np.cos(tilt)])
    with b.at((x - 0.2, 0.0, z + 0.12), (np.cos(tilt), 0.0, np.sin(tilt)), (0, 1, 0), up):
        b.chamfered(-0.07, 0.04, -0.22, 0.22, 0.04, 0.5, 0.04, "seat")


def _wheel_and_levers(b: MeshBuilder, deck: float) -> None:
    foot, hub = np.array([0.06, 0.0, deck + 0.5]), np.array([-0.17, 0.0, deck + 0.68])
    b.tube([foot, (foot + hub) / 2, hub], 0.025, "dark", sides=10)
    axis = (hub - foot) / np.linalg.norm(hub - foot)
    side = np.cross((0.0, 1.0, 0.0), axis)
    with b.at(hub, side, (0, 1, 0), axis):
        torus(b, 0.16, 0.013, "dark", sides=28)
        b.cylinder(0.035, -0.01, 0.012, "dark", sides=16)
        for k in range(3):
            a = k * 2.0944
            with b.at((0.0, 0.0, 0.0), (np.cos(a), np.sin(a), 0), (-np.sin(a), np.cos(a), 0)):
                b.chamfered(0.03, 0.155, -0.01, 0.01, -0.004, 0.004, 0.003, "dark")
    for k in range(3):
        at = -0.2 - 0.05 * k
        b.tube([(0.08, at, deck + 0.57), (0.04, at, deck + 0.68), (0.02, at, deck + 0.74)], 0.006, "metal", sides=6)
        b.tube([(0.02, at, deck + 0.7395), (0.018, at, deck + 0.75), (0.016, at, deck + 0.78)], 0.013, "dark", sides=8)


def _overhead(b: MeshBuilder, rear: float, y: float, guard: float, hood: float, rng: np.random.Generator) -> None:
    """Posts and bars over the driver's head."""
    w = y - 0.1
    back = rear + float(rng.uniform(0.5, 0.62))
    for s in (-1.0, 1.0):
        strut(b, (0.2, s * (y - 0.24), 1.0), (-0.1, s * w, guard - 0.03), 0.07, 0.05, "dark", chamfer=0.012)
        strut(b, (back, s * w, hood - 0.1), (back + 0.05, s * w, guard - 0.03), 0.07, 0.05, "dark", chamfer=0.012)
        b.chamfered(back - 0.02, -0.04, s * w - 0.035, s * w + 0.035, guard - 0.06, guard, 0.012, "dark")
    bars = int(rng.integers(5, 9))
    for x in (back + 0.02, -0.08):
        b.chamfered(x - 0.03, x + 0.03, -w + 0.0355, w - 0.0355, guard - 0.055, guard - 0.005, 0.01, "dark")
    for at in np.linspace(-w, w, bars + 2)[1:-1]:
        b.chamfered(back + 0.0505, -0.1105, at - 0.012, at + 0.012, guard - 0.045, guard - 0.01, 0.004, "dark")


def _mast(b: MeshBuilder, mast: float, y: float, lift: float, fork: float, rng: np.random.Generator) -> None:
    """Two pairs of channels, the carriage with its backrest, two forks."""
    x, half = 0.27, min(0.36, y - 0.16)
    for s in (-1.0, 1.0):
        outer = sorted((s * half, s * (half + 0.09)))
        b.chamfered(x, x + 0.08, outer[0], outer[1], 0.1, mast, 0.006, "dark")
        inner = sorted((s * (half - 0.075), s * (half - 0.0005)))
        b.chamfered(x + 0.015, x + 0.075, inner[0], inner[1], 0.12, mast - 0.03, 0.005, "metal")
        with b.at((x + 0.01, s * (half - 0.13), 0.0)):
            b.cylinder(0.035, 0.15, mast * 0.55, "dark", sides=16)
            b.cylinder(0.024, mast * 0.55 + 0.0004, mast - 0.12, "metal", sides=14)
        b.boxes(x + 0.05, x + 0.056, s * 0.1 - 0.016, s * 0.1 + 0.016, lift + 0.5, mast - 0.15, "metal")
        strut(b, (0.0, s * (half + 0.02), 0.5), (x - 0.002, s * (half + 0.02), 0.72), 0.06, 0.05, "dark")
    for z in (0.2, mast * 0.62, mast - 0.13):
        b.chamfered(x - 0.03, x - 0.0005, -half - 0.09, half + 0.09, z, z + 0.1, 0.006, "dark")
    face = x + 0.082
    wide = y - 0.06
    for z in (lift + 0.06, lift + 0.4):
        b.chamfered(face, face + 0.035, -wide, wide, z, z + 0.1, 0.006, "metal")
    tall = float(rng.uniform(0.95, 1.2))
    for at in np.linspace(-wide + 0.02, wide - 0.02, int(rng.integers(6, 9))):
        b.chamfered(face + 0.005, face + 0.027, at - 0.014, at + 0.014, lift + 0.5005, lift + tall, 0.004, "dark")
    b.chamfered(face + 0.003, face + 0.029, -wide, wide, lift + tall + 0.0005, lift + tall + 0.035, 0.006, "dark")
    root, out = face + 0.0355, float(rng.uniform(0.2, 0.34))
    for s in (-1.0, 1.0):
        shape = np.array(
            [(0.0, 0.0), (fork, 0.0), (fork, 0.008), (0.09, 0.042), (0.042, 0.075), (0.042, 0.52), (0.0, 0.52)]
        ) + np.array([root, lift])
        bevelled(b, shape, s * out - 0.055, s * out + 0.055, 0.004, "metal")


def _lights(b: MeshBuilder, rear: float, y: float, guard: float, hood: float) -> None:
    for s in (-1.0, 1.0):
        with b.at((-0.03, s * (y - 0.13), guard - 0.2), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.lathe([(0.0, 0.0), (0.05, 0.0), (0.065, 0.04), (0.065, 0.06), (0.0, 0.06)], "dark", sides=18)
            b.plate([circle(0.056, 18)], 0.0606, "lamp")
        with standing(b, (rear + 0.06, s * (y - 0.2), hood - 0.17), (0, -1, 0)):
            slab(b, [[(-0.06, -0.02), (0.06, -0.02), (0.06, 0.02), (-0.06, 0.02)]], 0.02, 0.07, "red")
    with b.at((rear + 0.62, 0.0, guard - 0.01)):
        b.cylinder(0.06, 0.0, 0.025, "dark", sides=20)
        b.lathe([(0.0, 0.0253), (0.05, 0.0253), (0.048, 0.1), (0.036, 0.118), (0.0, 0.12)], "beacon", sides=20)
