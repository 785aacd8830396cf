"""Folds of clothes, as creases laid over the template: of garments' meshes, and of their pictures alike.

A crease is a ridge between two hollows that runs across a limb or aslant over the trunk, and fades with the distance
from its middle. Where limbs bend, cloth gathers: at elbows, knees, waist, crotch, armpits, and above hems.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.procedural.people.data import body
from synthgen.procedural.people.regions import axis_points
from synthgen.procedural.people.rig import SIDES, rig_of, unit
from synthgen.procedural.shapes import Array

SEEDS = 4
"""How many patterns of folds there are."""
_ARM = ((0.14, 4, 0.035), (0.36, 4, 0.04), (0.5, 11, 0.045), (0.66, 5, 0.05), (0.9, 8, 0.05))
_LEG = ((0.06, 7, 0.05), (0.22, 4, 0.05), (0.5, 10, 0.06), (0.68, 4, 0.05), (0.93, 10, 0.045))
"""Where along a limb creases gather, how many, and by how much of the limb they scatter."""
_TUBE, _ARM_LENGTH = 0.062, 0.56
"""Metres from one seam of a quilted jacket to the next, and of an arm from the shoulder to the wrist."""


def tubes(z: NDArray[Any], arm: NDArray[Any]) -> NDArray[Any]:
    """0 on the seams of a quilted jacket to 1 in the middle of its tubes: level on the trunk, around the sleeves.

    z: metres, on the template; arm: of regions.py; both of one shape.
    """
    along = np.where(arm > 0, arm * _ARM_LENGTH, z) / _TUBE
    found: NDArray[Any] = np.abs(np.sin(np.pi * along))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Creases:
    """middle (N, 3), across (N, 3) unit: the direction in which one goes from hollow to ridge to hollow; reach, width,
    height (N,): metres along it, metres of the ridge, share of the full height."""

    middle: Array
    across: Array
    reach: Array
    width: Array
    height: Array

    def at(self, points: Array) -> Array:
        """(P,) height of the folds at points (P, 3) of the template, about -1..1."""
        total = np.zeros(len(points))
        order = np.argsort(points[:, 2], kind="stable")
        z = points[order, 2]
        for m, across, reach, width, height in zip(
            self.middle, self.across, self.reach, self.width, self.height, strict=True
        ):
            first, last = np.searchsorted(z, (m[2] - 1.9 * reach, m[2] + 1.9 * reach))
            own = order[first:last]
            away = points[own] - m
            near = (np.abs(away[:, 0]) < 1.9 * reach) & (np.abs(away[:, 1]) < 1.9 * reach)
            own, away = own[near], away[near]
            off = away @ across / width
            fade = np.exp(-(away * away).sum(axis=1) / reach**2 - 0.55 * off**2)
            total[own] += height * np.cos(2.1 * off) * fade
        return np.tanh(total)


@lru_cache(maxsize=SEEDS)
def creases(seed: int) -> Creases:
    """The folds of pattern `seed`, of the whole body."""
    rng = np.random.default_rng([977, seed])
    base = body()
    rig = rig_of(base, base.template)
    rows: list[tuple[Array, Array, float, float, float]] = []

    def add(middle: Array, across: Array, reach: float, width: float, height: float) -> None:
        rows.append((middle, unit(across), reach, width, height))

    for side in SIDES:
        for limb, groups, radius in (("arm", _ARM, 0.042), ("leg", _LEG, 0.065)):
            names = ("upperarm01", "wrist") if limb == "arm" else ("upperleg01", "foot")
            line = unit(rig.at(f"{names[1]}.{side}") - rig.at(f"{names[0]}.{side}"))
            e1 = unit(np.cross(line, [1.0, 0.0, 0.0]))
            e2 = np.cross(line, e1)
            for at, count, scatter in groups:
                for _ in range(count):
                    where = float(np.clip(rng.normal(at, scatter), 0.02, 1.0))
                    angle = rng.uniform(0, 2 * np.pi)
                    out = np.cos(angle) * e1 + np.sin(angle) * e2
                    middle = axis_points(rig, np.array([where]), side, limb)[0] + out * radius
                    slant = rng.normal(0.0, 0.45) * np.cross(line, out) + rng.normal(0.0, 0.25) * out
                    low = limb == "leg" and at > 0.9
                    add(
                        middle, line + slant, rng.uniform(0.045, 0.09) if limb == "arm" else rng.uniform(0.06, 0.12),
                        rng.uniform(0.009, 0.016) if limb == "arm" else rng.uniform(0.011, 0.02),
                        rng.uniform(0.4, 1.0) * (1.15 if low else 1.0),
                    )  # fmt: skip
    hip, neck = rig.at("upperleg01.L")[2], rig.at("neck01")[2]
    span = neck - hip
    for _ in range(26):  # the trunk: slack above the hips, drawn towards the armpits and the crotch
        share, y = rng.beta(1.6, 2.4) * 0.95 - 0.03, rng.uniform(-0.17, 0.17)
        at_front = rng.random() < 0.55
        place = np.array([0.11 if at_front else -0.09, y, hip + share * span])
        tilt = (0.25 + 1.1 * share) * np.sign(y) * rng.uniform(0.2, 1.1) * (1.0 if share > 0.3 else -0.6)
        add(place, np.array([0.0, tilt, 1.0]), rng.uniform(0.06, 0.12), rng.uniform(0.01, 0.018), rng.uniform(0.4, 1))
    for sign in SIDES.values():  # drawn down from the armpits
        for k in range(5):
            x = 0.02 + (0.08 if k % 2 else -0.08)
            place = np.array([x, sign * rng.uniform(0.12, 0.17), neck - rng.uniform(0.13, 0.25)])
            add(place, np.array([0.0, sign * rng.uniform(-1.2, -0.5), 1.0]), 0.085, 0.013, rng.uniform(0.6, 1.0))
    columns = list(zip(*rows, strict=True))
    return Creases(*(np.array(c, dtype=np.float64) for c in columns))


def skirt_folds(points: Array, seed: int) -> Array:
    """(P,) height of the folds of what hangs around both legs, about -1..1, at points (P, 3) of the template."""
    rng = np.random.default_rng([31, seed])
    turn = np.arctan2(points[:, 1], points[:, 0])
    total = np.zeros(len(points))
    for k in (9, 14, 19, 26):
        total += rng.uniform(0.4, 1.0) * np.cos(turn * k + rng.uniform(0.0, 6.28) + 1.5 * (points[:, 2] + 0.2))
    found: Array = 0.35 * total * np.clip(-points[:, 2] / 0.3, 0.1, 1.0)
    return found
