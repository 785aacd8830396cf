"""What an inspection station is built of: frames of slotted profiles, trays and bins, housings of lights, cables.

`width` runs along y, the front is +x, the origin is in the middle of the foot unless said otherwise.
"""

from __future__ import annotations

import math

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator

PROFILE = 0.04
"""Side of a profile, metres."""

TRAY_FLOOR = 0.003
"""Thickness of a tray's floor, metres."""

_WALL = 0.004


def _profile(b: MeshBuilder, low: tuple[float, float, float], high: tuple[float, float, float]) -> None:
    """A profile between two corners, its length along its longest side, with a slot along each side."""
    size = np.subtract(high, low)
    axis = int(np.argmax(size))
    across = [k for k in range(3) if k != axis]
    bar, core = 0.014, 0.009

    def box(inset: tuple[tuple[float, float], tuple[float, float]], chamfer: float) -> None:
        x = [[float(low[k]), float(high[k])] for k in range(3)]
        for k, (front, back) in zip(across, inset, strict=True):
            x[k] = [low[k] + front, high[k] - back]
        b.chamfered(x[0][0], x[0][1], x[1][0], x[1][1], x[2][0], x[2][1], chamfer, "profile")

    far = PROFILE - bar
    for i in (0.0, far):
        for j in (0.0, far):
            box(((i, far - i), (j, far - j)), 0.0008)
    box(((core, core), (core, core)), 0.0005)


@mesh_generator("factory.station_frame")
def station_frame(
    width: float = 0.9,
    depth: float = 0.7,
    height: float = 1.9,
    level: float = 0.8,
    plate: bool = True,
    rail: float = 0.0,
) -> Mesh:
    """Four posts with beams above and at `level` metres, and a bridge over the middle that carries lights.

    plate: a plate lies on the beams, its upper face at `level`; else they are 0.25 m lower. rail: height of beams
    for lights before and behind, 0 for none. Slots: profile, plate.
    """
    b = MeshBuilder("profile", "plate")
    x, y, p = depth / 2, width / 2, PROFILE
    for sx in (-1, 1):
        for sy in (-1, 1):
            x0, y0 = sx * x - p / 2, sy * y - p / 2
            _profile(b, (x0, y0, 0.0), (x0 + p, y0 + p, height))
    carried = level - (0.012 if plate else 0.25)
    for sx in (-1, 1) if rail else ():
        x0 = sx * x - p / 2
        _profile(b, (x0, -y + p / 2, rail - p / 2), (x0 + p, y - p / 2, rail + p / 2))
    for top in (height, carried):
        for sy in (-1, 1):
            y0 = sy * y - p / 2
            _profile(b, (-x + p / 2, y0, top - p), (x - p / 2, y0 + p, top))
        for sx in (-1, 1):
            x0 = sx * x - p / 2
            _profile(b, (x0, -y + p / 2, top - p), (x0 + p, y - p / 2, top))
    _profile(b, (-p / 2, -y + p / 2, height - p), (p / 2, y - p / 2, height))
    if plate:
        b.chamfered(-x + p / 2, x - p / 2, -y + p / 2, y - p / 2, level - 0.012, level, 0.001, "plate")
    return b.mesh()


@mesh_generator("factory.station_tray")
def station_tray(width: float = 0.4, depth: float = 0.3, rim: float = 0.012) -> Mesh:
    """A tray with a rim `rim` metres high, a bin where that is much. Its floor lies `TRAY_FLOOR` above z = 0.

    Slot: tray.
    """
    b = MeshBuilder("tray")
    x, y, t = depth / 2, width / 2, _WALL
    b.chamfered(-x, x, -y, y, 0.0, TRAY_FLOOR, 0.0008, "tray")
    for x0, x1, y0, y1 in (
        (-x, x, -y, t - y),
        (-x, x, y - t, y),
        (-x, t - x, t - y, y - t),
        (x - t, x, t - y, y - t),
    ):
        b.chamfered(x0, x1, y0, y1, TRAY_FLOOR - 0.001, TRAY_FLOOR + rim, 0.0012, "tray")
    return b.mesh()


@mesh_generator("factory.ring_light")
def ring_light(width: float = 0.2, rod: float = 0.4) -> Mesh:
    """The housing of a ring light whose opening is at z = 0 and looks down, on two rods up. Slots: housing, rod."""
    b = MeshBuilder("housing", "rod")
    r, inner, high = width / 2 + 0.006, 0.7 * width / 2 - 0.006, 0.028
    c = 0.002
    outside = [(inner, c), (inner + c, 0.0), (r - c, 0.0), (r, c), (r, high - c), (r - c, high)]
    b.lathe([*outside, (inner + c, high), (inner, high - c), (inner, c)], "housing", sides=64)
    at = (r + inner) / 2
    for side in (-1.0, 1.0):
        with b.at((0.0, side * at, 0.0)):
            b.cylinder(0.006, high - 0.001, rod, "rod", sides=14)
    return b.mesh()


@mesh_generator("factory.bar_light")
def bar_light(width: float = 0.3, depth: float = 0.03) -> Mesh:
    """The housing of a bar light, `width` along x, opening at z = 0 towards -z, with cooling fins. Slot: housing."""
    b = MeshBuilder("housing")
    x, y = width / 2 + 0.006, depth / 2 + 0.004
    b.chamfered(-x, x, -y, y, 0.0, 0.018, 0.0015, "housing")
    fins = max(4, int(width / 0.012))
    for k in range(fins):
        at = (k - (fins - 1) / 2) * (2 * (x - 0.004) / fins)
        b.chamfered(at - 0.0015, at + 0.0015, -y + 0.002, y - 0.002, 0.017, 0.032, 0.0005, "housing")
    return b.mesh()


@mesh_generator("factory.station_cable")
def station_cable(length: float = 0.8, drop: float = 0.5, radius: float = 0.0035, seed: int = 0) -> Mesh:
    """A cable from z = 0 at x = 0, sagging, to `length` metres along x and `drop` metres down. Slot: cable."""
    rng = np.random.default_rng([seed, 331])
    b = MeshBuilder("cable")
    s = np.linspace(0.0, 1.0, 28)
    sag = float(rng.uniform(0.05, 0.16))
    points = np.column_stack(
        [
            s * length,
            0.012 * np.sin(2 * math.pi * s * rng.uniform(0.6, 1.6)),
            -drop * s - sag * np.sin(math.pi * s),
        ]
    )
    b.tube(points, radius, "cable", sides=10)
    return b.mesh()
