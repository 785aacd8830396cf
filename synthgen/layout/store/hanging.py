"""What hangs from the ceiling: the signs of the aisles, and promotions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthgen.layout.store.dimensions import Store
from synthgen.layout.store.outfit import Outfit
from synthgen.makers.maker import Made
from synthgen.makers.shop_prints import aisle_sign, promotion_sign
from synthgen.scene.pose import pose
from synthgen.scene.stage import millimetres

LOWEST = 2.25
"""What hangs leaves so much below it, metres."""

_CORD = 0.15
_SIGNS = [(1.2, 0.6), (1.0, 0.5), (1.5, 0.5), (0.9, 0.9)]
_PROMOTIONS = [(0.5, 0.7), (0.7, 0.5), (1.0, 0.35), (1.2, 0.4), (0.6, 0.6), (0.42, 0.594)]


def hang_signs(
    outfit: Outfit, plan: Store, departments: Mapping[int, Mapping[str, Any]], rng: np.random.Generator
) -> None:
    """A sign at both ends of every aisle: its number and what stands there."""
    width, height = _fitting(_SIGNS, plan, rng)
    for aisle in range(plan.rows + 1):
        lines = tuple(departments[aisle]["lines"])
        low = _low(plan, height, rng)
        made = aisle_sign(
            outfit.stage.store, rng, number=aisle + 1, lines=lines, size=(width, height), drop=_drop(plan, low, height)
        )
        x = sum(plan.aisle_x(aisle)) / 2
        for y in (plan.row_start + 0.3, plan.row_end - 0.3):
            _hang(outfit, plan, made, (x, y), 90.0)


def hang_promotions(outfit: Outfit, plan: Store, count: int, rng: np.random.Generator) -> None:
    """Boards on cords over the aisles, none near the aisles' signs."""
    if plan.length < 4.0:
        return
    taken: list[tuple[int, float]] = []
    for _ in range(count):
        aisle, y = int(rng.integers(0, plan.rows + 1)), float(rng.uniform(plan.row_start + 1.6, plan.row_end - 1.6))
        if any(aisle == a and abs(y - b) < 1.4 for a, b in taken):
            continue
        taken.append((aisle, y))
        size = _fitting(_PROMOTIONS, plan, rng)
        low = _low(plan, size[1], rng)
        made = promotion_sign(outfit.stage.store, rng, style="hanging", size=size, drop=_drop(plan, low, size[1]))
        left, right = plan.aisle_x(aisle)
        reach = max(0.0, (right - left - size[0]) / 2 - 0.2)
        _hang(outfit, plan, made, ((left + right) / 2 + reach * float(rng.uniform(-1, 1)), y), 90.0)


def _fitting(sizes: list[tuple[float, float]], plan: Store, rng: np.random.Generator) -> tuple[float, float]:
    """A size that fits between the shelves and below the ceiling."""
    fit = [s for s in sizes if s[0] < plan.aisle - 0.2 and s[1] < plan.ceiling - LOWEST - _CORD]
    return fit[int(rng.integers(0, len(fit)))] if fit else (0.5, millimetres(max(0.2, plan.ceiling - LOWEST - 0.2)))


def _low(plan: Store, height: float, rng: np.random.Generator) -> float:
    highest = max(LOWEST, plan.ceiling - height - _CORD)
    return millimetres(float(rng.uniform(LOWEST, min(highest, LOWEST + 0.5))))


def _drop(plan: Store, low: float, height: float) -> float:
    """Length of the cords, to the centimetre so that signs share their meshes; `_hang` mends the rest."""
    return round(max(0.05, plan.ceiling - low - height - 0.012), 2)


def _hang(outfit: Outfit, plan: Store, made: Made, at: tuple[float, float], yaw: float) -> int:
    """Its cords end at the ceiling."""
    stage = outfit.stage
    top = float(stage.store.bounds(made.mesh)[1][2])
    number = stage.builder.instance(made.category, attributes=dict(made.attributes))
    outfit.add(number, made, pose(*at, millimetres(plan.ceiling - top), yaw=yaw), solids=[])
    return number
