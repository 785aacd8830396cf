"""What people in streets wear on their heads: bicycle helmets, caps, woollen hats. Closed solids on a head at rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.procedural.people.scalp import COLUMNS, hairline, polar_angles, scalp, shell, skull
from synthgen.procedural.shapes import Array, Index

_HAIR = 0.009
"""Metres of pressed hair under a hat."""


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """points (V, 3), faces (F, 3); dark (F,): what shows the padding instead of the shell."""

    points: Array
    faces: Index
    dark: NDArray[np.bool_]


def bicycle_helmet(vertices: Array) -> Worn:
    """A helmet longer than the head, with rows of vents along it, and straps to below the chin."""
    points, centre, scale = skull(vertices)
    dome = points[:18]
    middle = np.array([(dome[..., 0].max() + dome[..., 0].min()) / 2 - 0.006, centre[1], centre[2] + 0.012 * scale])
    half = np.array(
        [np.ptp(dome[..., 0]) / 2 + 0.03, np.ptp(dome[..., 1]) / 2 + 0.024, dome[..., 2].max() - middle[2] + 0.03]
    )
    rows, columns = 22, 72
    turn = np.linspace(0.0, 2 * np.pi, columns, endpoint=False)
    aside = np.abs((np.degrees(turn) + 180.0) % 360.0 - 180.0)
    end = np.interp(aside, [0, 40, 75, 100, 130, 180], [76, 80, 88, 90, 99, 103])
    polar = np.radians(np.linspace(0.0, 1.0, rows)[:, None] * end[None])
    way = np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], axis=-1)
    way = np.sign(way) * np.abs(way) ** (0.9, 0.94, 0.94)
    vent = _vents(way)
    tail = 1.0 + 0.05 * np.clip(-way[..., 0], 0.0, 1.0) ** 2
    outer = middle + way * half * (tail - 0.1 * vent)[..., None]
    inner = middle + way * (half - 0.016) * (1.0 - 0.03 * vent)[..., None]
    outer[0], inner[0] = outer[0].mean(axis=0), inner[0].mean(axis=0)
    solids = [shell(outer, inner)]
    across = (vent[1:] + np.roll(vent[1:], -1, axis=1)) / 2
    cut = (across[1:] + across[:-1]) / 2 > 0.45  # of each quadrilateral, whose two halves lie rows apart in `shell`
    outside = np.concatenate([np.zeros(columns, dtype=bool), np.repeat(cut[:, None], 2, axis=1).reshape(-1)])
    dark = [np.concatenate([outside, np.zeros(len(solids[0][1]) - len(outside), dtype=bool)])]
    for side in (1.0, -1.0):
        for turned in (58.0, 108.0):
            strap = _strap(points, centre, scale, side, turned)
            solids.append(strap)
            dark.append(np.ones(len(strap[1]), dtype=bool))
    return _joined(solids, dark)


def _vents(way: Array) -> Array:
    """0..1 how deep the shell is cut in directions (R, C, 3): five rows of three openings."""
    lanes = np.min(np.abs(np.abs(way[..., 1, None]) - np.array([0.0, 0.36, 0.68])), axis=-1)
    across = np.clip(1.6 - lanes / 0.055, 0.0, 1.0)
    bridges = np.min(np.abs(way[..., 0, None] - np.array([0.28, -0.3])), axis=-1)
    along = np.clip((bridges - 0.06) / 0.06, 0.0, 1.0) * np.clip((0.82 - np.abs(way[..., 0])) / 0.06, 0.0, 1.0)
    found: Array = across * along * (way[..., 2] > 0.1)
    return found


def _strap(points: Array, centre: Array, scale: float, side: float, turned: float) -> tuple[Array, Index]:
    """A flat strap from the helmet's edge before or behind the ear, over the cheek, to below the chin."""
    steps, turns = polar_angles(), scalp()[0]

    def skin(polar: float, turn: float) -> Array:
        grid = points[int(np.abs(steps - polar).argmin())]
        at: Array = grid[int(np.abs((turns - side * turn + 180.0) % 360.0 - 180.0).argmin())]
        out = at - centre
        return at + out / np.linalg.norm(out) * 0.004 * scale

    below = points[int(np.abs(steps - 135.0).argmin())][[0, 1, -1]].mean(axis=0)
    chin = np.array([below[0] - 0.022 * scale, 0.004 * side, below[2] - 0.016 * scale])
    joint = skin(118.0, 76.0)
    line = np.array([skin(80.0, turned), skin(98.0, 0.6 * turned + 0.4 * 76.0), joint, 0.5 * (joint + chin), chin])
    line[3] += np.array([0.0, side, -0.35]) * 0.012 * scale
    out = np.array([0.0, side, 0.0]) + 0.2 * (line - centre)
    return _ribbon(line, out, 0.0075, 0.0014)


def _ribbon(line: Array, out: Array, half: float, thick: float) -> tuple[Array, Index]:
    """A closed flat bar along a line (N, 3), its flat side towards `out` (N, 3)."""
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, out)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(across, along)
    ring = np.stack([line + a * half * across + c * thick * up for a, c in ((-1, 0), (1, 0), (1, 1), (-1, 1))], axis=1)
    count, n = len(line), 4
    points = ring.reshape(-1, 3)
    faces = []
    for k in range(count - 1):
        for j in range(n):
            a, b = k * n + j, k * n + (j + 1) % n
            faces += [(a, b, b + n), (a, b + n, a + n)]
    last = (count - 1) * n
    faces += [(0, 2, 1), (0, 3, 2), (last, last + 1, last + 2), (last, last + 2, last + 3)]
    found = np.array(faces)
    a, b, c = (points[found[:, k]] - points.mean(axis=0) for k in range(3))
    return points, found[:, ::-1] if float(np.einsum("ij,ij->", a, np.cross(b, c))) < 0 else found


def cap(vertices: Array) -> Worn:
    """A peaked cap: a crown of panels that stands up in front, and a curved peak."""
    points, centre, scale = skull(vertices)
    dome = points[:16]
    middle = np.array([(dome[..., 0].max() + dome[..., 0].min()) / 2, centre[1], centre[2] + 0.026 * scale])
    gap = 0.004 + _HAIR * scale
    half = np.array(
        [np.ptp(dome[..., 0]) / 2 + gap, np.ptp(dome[..., 1]) / 2 + gap, dome[..., 2].max() - middle[2] + gap + 0.006]
    )
    turn = np.radians(scalp()[0])
    aside = np.degrees(np.abs((turn + np.pi) % (2 * np.pi) - np.pi))
    rows = np.radians([0.0, 10, 22, 34, 46, 57, 67, 76, 84, 90])
    seam = 1.0 - 0.012 * np.exp(-((((np.degrees(turn) + 30.0) % 60.0 - 30.0) / 5.0) ** 2))
    outer = []
    for polar in rows:
        wide = np.sin(polar) ** 0.86
        own = seam if polar > 0 else np.ones(COLUMNS)
        flat = np.stack([wide * np.cos(turn) * own, wide * np.sin(turn) * own, np.full(COLUMNS, np.cos(polar))], 1)
        outer.append(middle + half * flat)
    edge = outer[-1] - np.stack([0 * turn, 0 * turn, 0.016 * scale * np.clip((aside - 60.0) / 120.0, 0.0, 1.0)], 1)
    away = (edge - middle) * (1, 1, 0)
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    reach = np.clip(1.0 - (aside / 56.0) ** 2, 0.0, 1.0) ** 0.55
    side = (edge[:, 1] - centre[1]) / half[1]
    down = reach * (0.012 + 0.034 * side**2) * scale

    def bill(share: float, drop: float) -> Array:
        out = edge + np.array([1.0, 0.0, 0.0]) * (0.072 * scale * share * reach)[:, None] + away * 0.001
        moved: Array = out - np.stack([0 * down, 0 * down, share**1.3 * down + drop], 1)
        return moved

    outside = np.array([*outer[:-1], edge, bill(0.5, 0.002), bill(1.0, 0.0025), bill(1.0, 0.0045)])
    inside = np.array(
        [p - 0.0025 * _unit(p - middle) for p in outer[:-1]]
        + [edge - away * 0.0025, edge - away * 0.0025 - (0, 0, 0.004), bill(0.5, 0.0055), bill(1.0, 0.0051)]
    )
    return _joined([shell(outside, inside)], [np.zeros(0, dtype=bool)])


def beanie(vertices: Array) -> Worn:
    """A woollen hat that follows the head, turned up along its edge."""
    points, centre, scale = skull(vertices)
    turns = scalp()[0]
    aside = np.abs((turns + 180.0) % 360.0 - 180.0)
    end = np.minimum(hairline(aside) + 6.0, np.interp(aside, [0, 60, 90, 180], [58, 68, 88, 112]))
    share = np.array([0.0, 0.1, 0.22, 0.36, 0.5, 0.62, 0.69, 0.7, 0.75, 0.86, 0.97, 1.0])
    thick = np.array([0.02, 0.02, 0.018, 0.016, 0.014, 0.013, 0.012, 0.0175, 0.019, 0.019, 0.0185, 0.016])
    steps = polar_angles()
    outer = np.zeros((len(share), COLUMNS, 3))
    inner = np.zeros_like(outer)
    for k in range(COLUMNS):
        polar = share * end[k]
        base = np.stack([np.interp(polar, steps, points[:, k, i]) for i in range(3)], axis=1)
        out = _unit(base - centre)
        rib = 0.0008 * (-1.0) ** k * (share > 0.1)
        outer[:, k] = (
            base
            + out * ((thick + rib) * scale)[:, None]
            + np.array([-0.25, 0.0, 1.0]) * (0.014 * scale * np.clip(1.0 - (share / 0.55) ** 2, 0.0, 1.0) ** 2)[:, None]
        )
        inner[:, k] = base + out * 0.003 * scale
    outer[0], inner[0] = outer[0].mean(axis=0), inner[0].mean(axis=0)
    return _joined([shell(outer, inner)], [np.zeros(0, dtype=bool)])


HATS: Mapping[str, Callable[[Array], Worn]] = {"cap": cap, "beanie": beanie}
"""Hats by name: on the vertices of a base mesh at rest."""


def _unit(v: Array) -> Array:
    found: Array = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
    return found


def _joined(solids: list[tuple[Array, Index]], dark: list[NDArray[np.bool_]]) -> Worn:
    start = np.cumsum([0, *(len(p) for p, _ in solids)])
    shades = [d if len(d) else np.zeros(len(f), dtype=bool) for d, (_, f) in zip(dark, solids, strict=True)]
    faces = np.concatenate([f + k for (_, f), k in zip(solids, start, strict=False)])
    return Worn(np.concatenate([p for p, _ in solids]), faces, np.concatenate(shades))
