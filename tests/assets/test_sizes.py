"""How large things are, and what that says of a file's unit."""

from __future__ import annotations

import pytest

from synthgen.assets.sizes import UNITS, guess_unit, largest_side
from synthgen.taxonomy import load_taxonomy, taxonomy_names


def test_every_thing_of_every_taxonomy_has_a_size() -> None:
    made_by_scenes = {"gap", "scratch", "dent", "crack", "stain", "burr", "missing feature", "wrong part"}
    things = {c.name for name in taxonomy_names() for c in load_taxonomy(name).things} - made_by_scenes
    assert sorted(c for c in things if largest_side(c) is None) == []


@pytest.mark.parametrize("unit", ["metres", "centimetres", "millimetres"])
@pytest.mark.parametrize(("category", "metres"), [("car", 4.4), ("bus", 12.0), ("person", 1.75), ("chair", 0.95)])
def test_a_common_size_gives_a_metric_unit_away(category: str, metres: float, unit: str) -> None:
    assert guess_unit(metres / UNITS[unit], category) == unit


@pytest.mark.parametrize("unit", ["inches", "feet"])
def test_other_units_are_found_where_no_metric_one_fits(unit: str) -> None:
    assert guess_unit(4.4 / UNITS[unit], "car") == unit


def test_what_fits_no_unit_gets_the_nearest() -> None:
    assert guess_unit(1e6, "cup") == "millimetres"


def test_what_is_unknown_is_metres() -> None:
    assert guess_unit(3.0, "no such category") == "metres"
    assert guess_unit(0.0, "car") == "metres"
