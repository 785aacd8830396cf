"""Pieces that storage and machinery share: slabs with holes, struts, wire meshes, castors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array


def slab(
    b: MeshBuilder, outlines: Sequence[ArrayLike], z0: float, z1: float, slot: str, *, random: float = 0.0
) -> None:
    """A closed slab between two heights: first outline outer, the rest holes, all counter-clockwise."""
    rings = [np.asarray(o, dtype=np.float64) for o in outlines]
    b.plate(rings, z1, slot, random=random)
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(r * (1, -1))[::-1] for r in rings], -z0, slot, random=random)
    b.walls(rings[0], z0, z1, slot, random=random)
    for hole in rings[1:]:
        b.walls(hole[::-1], z0, z1, slot, random=random)


def rectangle(x0: float, x1: float, y0: float, y1: float) -> Array:
    """(4, 2), counter-clockwise."""
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def round_rectangle(x: float, y: float, radius: float, steps: int = 4) -> Array:
    """A counter-clockwise rectangle of half sizes x, y with rounded corners, (4 * steps, 2)."""
    turn = np.linspace(0.0, np.pi / 2, steps)
    corners = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        a = turn + k * np.pi / 2
        center = np.array([sx * (x - radius), sy * (y - radius)])
        corners.append(center + radius * np.column_stack([np.cos(a), np.sin(a)]))
    return np.concatenate(corners)


@contextmanager
def standing(b: MeshBuilder, origin: ArrayLike, right: ArrayLike) -> Iterator[None]:
    """A frame whose x is `right` (level, unit), y is up, z looks at the reader: for panels that stand."""
    r = np.asarray(right, dtype=np.float64)
    with b.at(origin, r, (0.0, 0.0, 1.0), np.cross(r, (0.0, 0.0, 1.0))):
        yield


def strut(
    b: MeshBuilder, start: ArrayLike, end: ArrayLike, width: float, thick: float, slot: str, *, chamfer: float = 0.002
) -> None:
    """A bar between two points, `width` upwards (or along x where it is upright) and `thick` across."""
    p, q = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    long = float(np.linalg.norm(q - p))
    x = (q - p) / long
    up = np.array([0.0, 0.0, 1.0]) if abs(x[2]) < 0.95 else np.array([1.0, 0.0, 0.0])
    up = up - x * float(up @ x)
    up /= np.linalg.norm(up)
    with b.at(p, x, np.cross(up, x), up):
        b.chamfered(0.0, long, -thick / 2, thick / 2, -width / 2, width / 2, chamfer, slot)


def wire_mesh(
    b: MeshBuilder,
    size: tuple[float, float],
    pitch: tuple[float, float],
    wire: float,
    slot: str,
    *,
    margin: float = 0.0,
) -> None:
    """Crossed wires in the frame's x, y plane from 0 to `size`: upright ones lie behind z = 0, level ones before it."""
    for axis in range(2):
        count = max(2, round((size[axis] - 2 * margin) / pitch[axis]) + 1)
        at = np.linspace(margin, size[axis] - margin, count)
        low, high = at - wire / 2, at + wire / 2
        z = (-wire, -0.0002) if axis == 0 else (0.0002, wire)
        if axis == 0:
            b.boxes(low, high, 0.002, size[1] - 0.002, z[0], z[1], slot)
        else:
            b.boxes(0.002, size[0] - 0.002, low, high, z[0], z[1], slot)


def torus(b: MeshBuilder, radius: float, thick: float, slot: str, *, sides: int = 24, around: int = 8) -> None:
    """A ring about the frame's z axis, of round section: radius to its middle, `thick` the section's radius."""
    turn = np.linspace(0.0, 2 * np.pi, around + 1)
    profile = [(float(radius + thick * np.cos(a)), float(thick * np.sin(a))) for a in turn[:-1]]
    b.lathe([*profile, profile[0]], slot, sides=sides, smooth=True)


def castor(
    b: MeshBuilder, radius: float, tyre: float, heading: float, slots: tuple[str, str] = ("metal", "rubber")
) -> None:
    """A swivelling wheel that stands on z = 0, its plate at 2 * radius + 0.045, swivelled to `heading` (radians)."""
    metal, rubber = slots
    top = 2 * radius + 0.045
    c, s = np.cos(heading), np.sin(heading)
    with b.at((0.0, 0.0, 0.0), (c, s, 0.0), (-s, c, 0.0)):
        b.chamfered(-0.045, 0.045, -0.04, 0.04, top - 0.005, top, 0.0015, metal)
        with b.at((0.0, 0.0, top - 0.02)):
            b.lathe([(0.0, -0.005), (0.032, -0.005), (0.032, 0.006), (0.024, 0.015), (0.0, 0.015)], metal, sides=14)
        wheel = -0.35 * radius
        half = tyre / 2 + 0.004
        fork = np.array(
            [
                (-0.022, top - 0.025),
                (wheel - 0.014, radius - 0.012),
                (wheel + 0.014, radius - 0.012),
                (0.03, top - 0.025),
            ]
        )
        for side in (-1.0, 1.0):
            with b.at((0.0, side * half + 0.0015, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
                slab(b, [fork], 0.0, 0.003, metal)
        b.boxes(-0.024, 0.03, -half + 0.0016, half - 0.0016, top - 0.026, top - 0.0245, metal)
        with b.at((wheel, 0.0, radius), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
            r, t, e = radius, tyre / 2, 0.006
            b.lathe([(0.7 * r, -t), (r - e, -t), (r, -t + e), (r, t - e), (r - e, t), (0.7 * r, t)], rubber, sides=24)
            b.lathe(
                [(0.0, -t * 0.9), (0.2 * r, -t * 0.9), (0.3 * r, -t * 0.4), (0.62 * r, -t * 0.4), (0.7 * r, -t)],
                metal,
                sides=24,
            )
            b.lathe(
                [(0.7 * r, t), (0.62 * r, t * 0.4), (0.3 * r, t * 0.4), (0.2 * r, t * 0.9), (0.0, t * 0.9)],
                metal,
                sides=24,
            )
            b.cylinder(0.005, -half - 0.006, half + 0.006, metal, sides=8)
