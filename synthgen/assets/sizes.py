"""How large things of a category are (configs/sizes.yaml): tells what is not to scale, and the unit of a file."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import yaml

from synthgen.paths import data_dir

UNITS = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254, "feet": 0.3048}
"""Metres per unit, of the units that model files are made in."""


def largest_side(category: str) -> tuple[float, float] | None:
    """Lowest and highest of the largest side in metres; None where nothing is known of the category."""
    return _table(data_dir("configs") / "sizes.yaml").get(category)


@lru_cache(maxsize=4)
def _table(path: Path) -> dict[str, tuple[float, float]]:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {str(category): (float(low), float(high)) for category, (low, high) in rows.items()}


def guess_unit(largest: float, category: str) -> str:
    """The unit in which a model's largest side makes sense for its category: the first in the order of UNITS that
    brings it into what is possible, else the one that brings it nearest; metres where nothing is known."""
    bounds = largest_side(category)
    if bounds is None or largest <= 0:
        return "metres"
    low, high = bounds
    fit = [name for name, metres in UNITS.items() if low <= largest * metres <= high]
    if fit:
        return fit[0]
    middle = math.sqrt(low * high)
    return min(UNITS, key=lambda name: abs(math.log(largest * UNITS[name] / middle)))
