"""How goods are stacked on a pallet: layouts of a layer, and the places of all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.errors import InputError

Spot = tuple[float, float, bool]
"""Middle (x, y) of a thing on the pallet, metres from the pallet's middle; whether it is turned by 90 degrees."""

LAYOUTS = ("column", "brick", "pinwheel")


@dataclass(frozen=True, slots=True)
class Stacked:
    """One thing of a load: size in its own frame, middle of its foot and yaw (radians) in the pallet's frame, what of
    it can be seen (faces in its own frame), layer."""

    size: tuple[float, float, float]
    foot: tuple[float, float, float]
    yaw: float
    seen: tuple[str, ...]
    layer: int


def layer_of(layout: str, footprint: tuple[float, float], room: tuple[float, float], layer: int) -> list[Spot]:
    """One layer of things of footprint (length, width) within `room` (along x, y). Raises InputError where none fits.

    column: rows, every layer alike. brick: rows whose direction changes from layer to layer,
    or, where that leaves much of the pallet empty, as pinwheel. pinwheel: four blocks
    around a shaft, mirrored from layer to layer.
    """
    if layout not in LAYOUTS:
        raise InputError.of(f"no layout is {layout!r}", hint=", ".join(LAYOUTS))
    a, c = footprint
    along, across = _rows(a, c, room), _rows(c, a, room)
    best = max((along, False), (across, True), key=lambda o: o[0][0] * o[0][1])
    if not best[0][0] * best[0][1]:
        raise InputError.of(f"a thing of {a} x {c} m does not fit on {room[0]} x {room[1]} m")
    count = best[0][0] * best[0][1]
    other = (across, True) if not best[1] else (along, False)
    turns = other[0][0] * other[0][1] >= 0.9 * count
    if layout == "brick" and layer % 2 and turns:
        best = other
    elif layout == "pinwheel" or (layout == "brick" and not turns):
        spots = _pinwheel(a, c, room)
        if len(spots) > 0.85 * count:
            return [(x if layer % 2 == 0 else -x, y, turned) for x, y, turned in spots]
    (nx, ny), turned = best
    dx, dy = (c, a) if turned else (a, c)
    return [((i - (nx - 1) / 2) * dx, (j - (ny - 1) / 2) * dy, turned) for i in range(nx) for j in range(ny)]


def _rows(dx: float, dy: float, room: tuple[float, float]) -> tuple[int, int]:
    slack = 1e-6
    return int((room[0] + slack) / dx), int((room[1] + slack) / dy)


def _pinwheel(a: float, c: float, room: tuple[float, float]) -> list[Spot]:
    """Blocks of p x q things along x in two opposite corners, r x s turned ones in the others."""
    best: tuple[int, tuple[int, int, int, int], tuple[float, float]] | None = None
    for p in range(1, int(room[0] / a + 1e-6) + 1):
        for q in range(1, int(room[1] / c + 1e-6) + 1):
            r, s = int((room[0] - p * a + 1e-6) / c), int((room[1] - q * c + 1e-6) / a)
            around = _around(p * a, q * c, r * c, s * a, room)
            if around and (best is None or p * q + r * s > best[0]):
                best = p * q + r * s, (p, q, r, s), around
    if best is None:
        return []
    (p, q, r, s), (x, y) = best[1], (best[2][0] / 2, best[2][1] / 2)
    spots: list[Spot] = []
    for sign in (1, -1):
        spots += [(sign * (-x + (i + 0.5) * a), sign * (-y + (j + 0.5) * c), False) for i in range(p) for j in range(q)]
        spots += [(sign * (x - (i + 0.5) * c), sign * (-y + (j + 0.5) * a), True) for i in range(r) for j in range(s)]
    return spots


def _around(ax: float, ay: float, bx: float, by: float, room: tuple[float, float]) -> tuple[float, float] | None:
    """The smallest rectangle in whose opposite corners two blocks a and two blocks b lie without overlap, or None."""
    slack = 1e-6
    if min(ax, ay, bx, by) <= 0.0:
        return None
    found = [
        (x * y, (x, y))
        for x in (ax + bx, 2 * ax, 2 * bx)
        for y in (ay + by, 2 * ay, 2 * by)
        if ax + bx - slack <= x <= room[0] + slack
        and ay + by - slack <= y <= room[1] + slack
        and (2 * ax <= x + slack or 2 * ay <= y + slack)
        and (2 * bx <= x + slack or 2 * by <= y + slack)
    ]
    return min(found)[1] if found else None


def stacked(
    layout: str,
    size: tuple[float, float, float],
    room: tuple[float, float],
    layers: int,
    rng: np.random.Generator,
    *,
    base: float,
    gap: float = 0.008,
    top: float = 1.0,
    lean: float = 0.0,
    slip: float = 0.004,
    turn: float = 0.0027,
) -> list[Stacked]:
    """Layers of things of `size` upon height `base`.

    gap: kept between neighbours; each stands off its place by a quarter of it at most. top: how much of the last layer
    is there, 0..1. lean: degrees; each layer lies a little farther to one side. slip: standard deviation of each one's
    place, metres; turn: of its yaw, radians, at most twice that.
    """
    heading = rng.uniform(0.0, 2 * np.pi)
    way = np.tan(np.radians(lean)) * np.array([np.cos(heading), np.sin(heading)])
    placed: list[tuple[tuple[float, float, float], float, int]] = []
    for k in range(layers):
        spots = layer_of(layout, (size[0] + gap, size[1] + gap), room, k)
        if k == layers - 1 and top < 1.0:
            spots = _some(spots, top, rng)
        for x, y, turned in spots:
            push = np.clip(rng.normal(0.0, slip, 2), -abs(gap) / 4, abs(gap) / 4) + way * size[2] * k
            askew = float(np.clip(rng.normal(0.0, turn), -2 * turn, 2 * turn))
            yaw = (np.pi / 2 if turned else 0.0) + np.pi * int(rng.integers(0, 2)) + askew
            placed.append(((x + float(push[0]), y + float(push[1]), base + size[2] * k), float(yaw), k))
    return _seen(placed, size)


def _some(spots: list[Spot], share: float, rng: np.random.Generator) -> list[Spot]:
    """Those of a layer that are still there: taken away from one side, as people do."""
    kept = max(1, round(share * len(spots)))
    heading = rng.uniform(0.0, 2 * np.pi)
    way = np.array([np.cos(heading), np.sin(heading)])
    return sorted(spots, key=lambda s: float(np.dot(way, s[:2])))[:kept]


_SIDES = ("+x", "-x", "+y", "-y", "+z")
_OUT = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1)], dtype=np.float64)


def _seen(
    placed: list[tuple[tuple[float, float, float], float, int]], size: tuple[float, float, float]
) -> list[Stacked]:
    """With the faces that no neighbour hides; what is hidden all around has none."""
    foot, yaw = np.array([p[0] for p in placed]), np.array([p[1] for p in placed])
    half = np.array(size) / 2
    cos, sin = np.cos(yaw), np.sin(yaw)
    zero, one = np.zeros(len(yaw)), np.ones(len(yaw))
    turn = np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], axis=1).reshape(-1, 3, 3)
    c, s = np.abs(cos).round(), np.abs(sin).round()
    reach = np.column_stack([half[0] * c + half[1] * s, half[0] * s + half[1] * c])
    # Three points before each face: one of them free is enough.
    aside = np.array([(0, 1, 0), (0, 1, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)]) * 0.7 * half
    start = _OUT * (half + 0.03)
    probes = start[:, None] + np.array([-1.0, 0.0, 1.0])[None, :, None] * aside[:, None]
    at = np.einsum("nij,fkj->nfki", turn, probes) + (foot + half * (0, 0, 1))[:, None, None]
    flat = (np.abs(at[..., None, :2] - foot[:, :2]) < reach).all(axis=-1)
    covered = flat & (at[..., 2, None] > foot[:, 2]) & (at[..., 2, None] < foot[:, 2] + size[2])
    free = ~covered.any(axis=-1).all(axis=-1)  # (things, faces)
    return [
        Stacked(size, p[0], p[1], tuple(f for f, shown in zip(_SIDES, free[k], strict=True) if shown), p[2])
        for k, p in enumerate(placed)
    ]
