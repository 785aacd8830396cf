"""Roofs of a building on the rectangle 0..width by 0..depth (front at y = 0), from the walls' top upwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array

RIDGE_LIMIT = 4.6
"""A pitched roof ends in a flat top at this height, metres."""

Profile = list[tuple[float, float]]


def flat_roof(b: MeshBuilder, width: float, depth: float, top: float, parapet: float, rng: np.random.Generator) -> None:
    """Deck, inside of the parapet and coping; the walls reach up to top + parapet. Clutter: vents, boxes, antennas."""
    t, over, coping = 0.24, 0.04, 0.07
    high, deck = top + parapet, top + 0.1
    x0, x1, y0, y1 = t, width - t, t, depth - t
    b.quads(
        [[(x0, y0, deck), (x1, y0, deck), (x1, y1, deck), (x0, y1, deck)]],
        "roof",
        uvs=[[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]],
    )
    inner = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]
    b.walls(inner, deck, high, "wall")
    b.boxes(0.0, width, -over, t + 0.02, high, high + coping, "stone", skip="")
    b.boxes(0.0, width, depth - t - 0.02, depth + over, high, high + coping, "stone", skip="")
    b.boxes(
        [0.0, width - t - 0.02],
        [t + 0.02, width],
        t + 0.02,
        depth - t - 0.02,
        high,
        high + coping,
        "stone",
        skip="-y +y",
    )
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(1.0, max(1.1, width - 2.5)), rng.uniform(2.0, max(2.1, depth - 3.0))
        a, c, h = rng.uniform(0.5, 1.4), rng.uniform(0.5, 1.2), rng.uniform(0.5, 1.3)
        b.boxes(
            x,
            min(x + a, width - 0.4),
            y,
            min(y + c, depth - 0.4),
            deck,
            deck + h,
            "metal",
            skip="-z",
            random=rng.random(),
        )
    if depth > 7 and width > 7 and rng.random() < 0.5:
        x, y = rng.uniform(1.0, width - 4.5), rng.uniform(depth * 0.5, depth - 3.5)
        b.boxes(x, x + 3.0, y, y + 2.6, deck, deck + 2.5, "wall", skip="-z")
        b.boxes(x - 0.1, x + 3.1, y - 0.1, y + 2.7, deck + 2.5, deck + 2.62, "roof", skip="")
    if rng.random() < 0.6:
        antenna(b, rng.uniform(1.0, width - 1.0), rng.uniform(2.0, depth - 1.5), deck, rng)


def mansard_roof(b: MeshBuilder, width: float, depth: float, top: float, bays: Array, rng: np.random.Generator) -> None:
    """A steep lower slope with dormers over the bays (their middles, metres), a shallow one above it."""
    rise, back = 2.5, 1.0
    profile = [(0.06, top), (back, top + rise), (depth / 2, top + rise + 0.55)]
    sloped_roof(b, width, depth, top, profile)
    for middle in bays[(bays > 0.9) & (bays < width - 0.9)]:
        _dormer(b, float(middle), top + 0.35, rise - 0.75, 0.06, back, rise, float(rng.random()))
    chimneys(b, width, depth, top + rise, rng)


def pitched_roof(b: MeshBuilder, width: float, depth: float, top: float, rng: np.random.Generator) -> None:
    """A gabled roof with overhanging eaves, gutters, skylights and chimneys."""
    slope, eave = np.tan(np.radians(rng.uniform(33, 43))), 0.35
    reach = min(depth / 2, RIDGE_LIMIT / slope)
    ridge = top + reach * slope
    profile = [(-eave, top - eave * slope), (reach, ridge), (depth / 2, ridge + 0.02)]
    sloped_roof(b, width, depth, top, profile)
    for y in (-eave - 0.05, depth + eave + 0.05):
        z = top - eave * slope + 0.0
        b.tube([(0.008, y, z), (width - 0.008, y, z)], 0.065, "metal", sides=8)
    run = float(np.hypot(reach, ridge - top))
    along = np.array([0.0, reach / run, (ridge - top) / run])
    away = np.array([0.0, -(ridge - top) / run, reach / run])
    for x in np.arange(1.5, width - 1.8, rng.uniform(2.2, 4.0)):
        if rng.random() < 0.4:
            with b.at(np.array([x, 0.0, top]) + along * run * 0.35, (1, 0, 0), along, away):
                b.boxes(0.0, 0.8, 0.0, 1.2, 0.0, 0.07, "metal", skip="-z +z")
                b.boxes(
                    [0.0, 0.74, 0.06, 0.06],
                    [0.06, 0.8, 0.74, 0.74],
                    [0, 0, 0, 1.14],
                    [1.2, 1.2, 0.06, 1.2],
                    0.05,
                    0.07,
                    "metal",
                    skip="-z -x +x -y +y",
                )
                b.quads(
                    [[(0.06, 0.06, 0.06), (0.74, 0.06, 0.06), (0.74, 1.14, 0.06), (0.06, 1.14, 0.06)]],
                    "glass",
                    random=rng.random(),
                )
    chimneys(b, width, depth, ridge, rng)
    if rng.random() < 0.4:
        antenna(b, rng.uniform(1.0, width - 1.0), depth / 2, ridge, rng)


def sloped_roof(b: MeshBuilder, width: float, depth: float, top: float, profile: Sequence[tuple[float, float]]) -> None:
    """Roof faces over a half profile of (y, z) points from the front eave to the middle, mirrored; gable walls.

    Eaves that overhang get an underside. Texture coordinates are metres along and up the slope.
    """
    half = np.asarray(profile, dtype=np.float64)
    whole = np.concatenate([half, (half * (-1, 1) + (depth, 0))[::-1][1:]])
    run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(whole, axis=0), axis=1))])
    for k in range(len(whole) - 1):
        (ya, za), (yc, zc) = whole[k], whole[k + 1]
        corners = [(0.0, ya, za), (width, ya, za), (width, yc, zc), (0.0, yc, zc)]
        b.quads([corners], "roof", uvs=[[(0, run[k]), (width, run[k]), (width, run[k + 1]), (0, run[k + 1])]])
    gable = _clipped(whole, depth)
    outline = [(0.0, top), (depth, top), *gable[::-1].tolist()]
    with b.at((width, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.plate([outline], 0.0, "wall")
    with b.at((0, depth, 0), (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
        b.plate([[(depth - y, z) for y, z in outline[::-1]]], 0.0, "wall")
    if half[0, 0] < 0:
        thick, x0, x1 = 0.1, 0.004, width - 0.004
        (ya, za), (yc, zc) = half[0], gable[0]
        for flip, y in ((1, 0.0), (-1, depth)):
            p, q = (y + flip * ya, za - thick), (y, zc - thick)
            face = [(x0, q[0], q[1]), (x1, q[0], q[1]), (x1, p[0], p[1]), (x0, p[0], p[1])]
            edge = [(x0, p[0], p[1]), (x1, p[0], p[1]), (x1, p[0], p[1] + thick), (x0, p[0], p[1] + thick)]
            for quad in (face, edge):
                b.quads([quad[::flip]], "stone")
            for x, order in ((x0, -1), (x1, 1)):
                end = [(x, p[0], p[1]), (x, q[0], q[1]), (x, q[0], q[1] + thick), (x, p[0], p[1] + thick)]
                b.quads([end[:: flip * order]], "stone")


def chimneys(b: MeshBuilder, width: float, depth: float, top: float, rng: np.random.Generator) -> None:
    """None to three chimneys near the ridge, with caps and pots."""
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(0.1, 0.85) * width, depth / 2 + rng.uniform(-0.9, 0.9)
        a, c, high = rng.uniform(0.45, 1.1), 0.5, top + rng.uniform(0.7, 1.3)
        x = min(x, width - a - 0.1)
        b.boxes(x, x + a, y, y + c, top - 1.2, high, "wall", skip="-z")
        b.boxes(x - 0.06, x + a + 0.06, y - 0.06, y + c + 0.06, high, high + 0.1, "stone", skip="")
        for k in range(max(1, int(a / 0.35))):
            with b.at((x + 0.2 + 0.33 * k, y + c / 2, high + 0.1)):
                b.lathe([(0.1, 0.0), (0.085, 0.32), (0.06, 0.32), (0.06, 0.2), (0.0, 0.2)], "roof", sides=10)


def antenna(b: MeshBuilder, x: float, y: float, z: float, rng: np.random.Generator) -> None:
    """A television aerial or a dish on a mast."""
    high = z + rng.uniform(1.6, 2.8)
    b.tube([(x, y, z - 0.3), (x, y, high)], 0.02, "metal", sides=6)
    if rng.random() < 0.6:
        b.tube([(x - 0.55, y, high - 0.12), (x + 0.55, y, high - 0.12)], 0.012, "metal", sides=5)
        for k in np.linspace(-0.5, 0.5, 7):
            reach = 0.28 - 0.12 * abs(float(k))
            b.tube([(x + k, y - reach, high - 0.12), (x + k, y + reach, high - 0.12)], 0.006, "metal", sides=4)
    else:
        with b.at((x, y - 0.1, high - 0.35), (1, 0, 0), (0, 0.5, 0.866), (0, -0.866, 0.5)):
            b.lathe([(0.38, 0.12), (0.26, 0.05), (0.0, 0.0)][::-1], "metal", sides=16, smooth=True)
            b.lathe([(0.38, 0.12), (0.26, 0.058), (0.0, 0.008)], "metal", sides=16, smooth=True)


def _dormer(
    b: MeshBuilder, middle: float, low: float, height: float, foot: float, back: float, rise: float, own: float
) -> None:
    """A dormer whose front stands at the foot of a slope that goes back by `back` over `rise`."""
    half, front = 0.6, foot + 0.02
    high, deep = low + height, back + 0.7
    x0, x1 = middle - half, middle + half
    b.boxes(x0, x1, front + 0.12, deep, low - 0.3, high, "roof", skip="-z +y -y +z", random=own)
    frame = 0.13
    b.boxes([x0, x1 - frame], [x0 + frame, x1], front, front + 0.12, low - 0.3, high, "stone", skip="+y -z +z")
    b.boxes(
        x0 + frame,
        x1 - frame,
        front,
        front + 0.12,
        [low - 0.3, high - frame],
        [low + frame, high],
        "stone",
        skip="+y -x +x",
    )
    b.quads(
        [
            [
                (x0 + frame, front + 0.08, low + frame),
                (x1 - frame, front + 0.08, low + frame),
                (x1 - frame, front + 0.08, high - frame),
                (x0 + frame, front + 0.08, high - frame),
            ]
        ],
        "glass",
        random=own,
    )
    b.boxes(middle - 0.025, middle + 0.025, front + 0.05, front + 0.1, low + frame, high - frame, "frame", skip="-z +z")
    b.boxes(x0 - 0.1, x1 + 0.1, front - 0.1, deep, high, high + 0.09, "roof", skip="", random=own)


def _clipped(profile: Array, depth: float) -> Array:
    """The profile between the walls, with points where it passes over them."""
    y = profile[:, 0]
    inside = profile[(y > 1e-6) & (y < depth - 1e-6)]
    ends = [(e, float(np.interp(e, y, profile[:, 1]))) for e in (0.0, depth)]
    return np.array([ends[0], *inside.tolist(), ends[1]])
