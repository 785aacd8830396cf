"""Closed outlines of parts: (N, 2) counter-clockwise, metres, no three points in line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synthgen.procedural.shapes import Array

TURN = 0.1237
"""Where circles begin (radians): no feature's points lie in line with another's, which triangulation would drop."""


_PLAY = 1.2e-5
"""Features sit this much (metres) beside their nominal place, for the same reason, and as real ones do."""


def placed(x: float, y: float) -> Array:
    """(2,) where a feature meant for (x, y) is; the middle stays the middle."""
    out: Array = np.array([x, y]) + _PLAY * np.sin(np.array([9173.0 * x + 5381.7 * y, 7411.3 * y - 6143.9 * x]))
    return out


def round_hole(x: float, y: float, radius: float, sides: int = 0) -> Array:
    """A circle; its sides follow from its radius unless given."""
    n = sides or sides_of(radius)
    angle = TURN + np.linspace(0.0, 2 * np.pi, n, endpoint=False)
    points: Array = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + placed(x, y)
    return points


def sides_of(radius: float) -> int:
    """Sides of a circle that looks round close up: 20 for 1 mm, 96 from 20 mm on."""
    return int(4 * round(min(96.0, max(20.0, 21.0 * math.sqrt(radius * 1000))) / 4))


def filleted(corners: Sequence[tuple[float, float]] | Array, radii: float | Sequence[float]) -> Array:
    """A polygon whose corners are rounded by arcs. radii: one for all or one a corner, cut where edges are short."""
    c = np.asarray(corners, dtype=np.float64)
    r = np.broadcast_to(np.asarray(radii, dtype=np.float64), (len(c),))
    before, after = np.roll(c, 1, axis=0) - c, np.roll(c, -1, axis=0) - c
    points: list[Array] = []
    for k in range(len(c)):
        la, lb = float(np.linalg.norm(before[k])), float(np.linalg.norm(after[k]))
        u, v = before[k] / la, after[k] / lb
        half = math.acos(float(np.clip(u @ v, -1.0, 1.0))) / 2
        cut = min(float(r[k]) / math.tan(half), 0.47 * la, 0.47 * lb)
        if cut < 2e-5:
            points.append(c[k : k + 1])
            continue
        radius = cut * math.tan(half)
        middle = c[k] + (u + v) / np.linalg.norm(u + v) * radius / math.sin(half)
        a, b = c[k] + u * cut - middle, c[k] + v * cut - middle
        sweep = math.atan2(a[0] * b[1] - a[1] * b[0], float(a @ b))
        n = max(3, min(10, round(abs(sweep) / 0.2)))
        t = sweep * np.arange(n + 1) / n
        points.append(
            middle + np.stack([a[0] * np.cos(t) - a[1] * np.sin(t), a[0] * np.sin(t) + a[1] * np.cos(t)], axis=1)
        )
    return np.concatenate(points)


def rectangle(x: float, y: float, length: float, width: float, radius: float = 0.0) -> Array:
    """A rectangle about (x, y), length along x, its corners rounded."""
    a, b = length / 2, width / 2
    return filleted([(-a, -b), (a, -b), (a, b), (-a, b)], radius) + placed(x, y)


def slot_hole(x: float, y: float, length: float, width: float, turn: float = 0.0) -> Array:
    """A slot with round ends; length over all, along x before it is turned (radians)."""
    n = max(6, sides_of(width / 2) // 2)
    t = np.linspace(-np.pi / 2, np.pi / 2, n)
    end = np.stack([(length - width) / 2 + width / 2 * np.cos(t), width / 2 * np.sin(t)], axis=1)
    p = np.concatenate([end, -end])
    c, s = math.cos(turn), math.sin(turn)
    out: Array = p @ np.array([[c, s], [-s, c]]) + placed(x, y)
    return out


def ngon(x: float, y: float, across: float, sides: int, turn: float = 0.0) -> Array:
    """A regular polygon by its width across flats."""
    angle = turn + np.linspace(0.0, 2 * np.pi, sides, endpoint=False)
    r = across / 2 / math.cos(math.pi / sides)
    points: Array = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1) + placed(x, y)
    return points


def grown(ring: Array, by: float) -> Array:
    """The outline moved outwards by `by` metres (inwards where negative), point by point."""
    if by == 0.0:
        return ring
    ahead, behind = np.roll(ring, -1, axis=0) - ring, ring - np.roll(ring, 1, axis=0)
    na, nb = (np.column_stack([e[:, 1], -e[:, 0]]) / np.linalg.norm(e, axis=1)[:, None] for e in (ahead, behind))
    across = na + nb
    out: Array = ring + by * across * (2 / np.maximum((across**2).sum(axis=1), 0.2))[:, None]
    return out


def gear(teeth: int, module: float, without: int = -1) -> Array:
    """Outline of a spur gear with straight flanks and rounded tips; `without` leaves a tooth out."""
    pitch, outer, root = teeth * module / 2, (teeth + 2) * module / 2, (teeth - 2.5) * module / 2
    step = 2 * math.pi / teeth
    points: list[tuple[float, float]] = []
    for k in range(teeth):
        middle = k * step
        points += [(root, middle - 0.46 * step)]
        if k == without:
            points += [(root * 1.0008, middle)]
        else:
            tip, half = 0.13 * step, math.pi / (2 * teeth)
            low, high = root + 0.3 * module, outer - 0.22 * module
            points += [(root, middle - half - 0.13 * step), (low, middle - half - 0.05 * step), (pitch, middle - half)]
            points += [(high, middle - tip - 0.035 * step), (outer, middle - tip), (outer, middle + tip)]
            points += [(high, middle + tip + 0.035 * step), (pitch, middle + half), (low, middle + half + 0.05 * step)]
            points += [(root, middle + half + 0.13 * step)]
        points += [(root, middle + 0.46 * step)]
    p = np.array(points)
    return np.stack([p[:, 0] * np.cos(p[:, 1]), p[:, 0] * np.sin(p[:, 1])], axis=1)
