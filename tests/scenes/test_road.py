"""What the recipes of scenes/road plan is sound, and shows what they promise."""

from __future__ import annotations

import pytest

from tests.scenes.planned import check_promises, check_sound, of


@pytest.mark.parametrize("name", of("road"))
def test_nothing_floats_sinks_or_overlaps(name: str) -> None:
    check_sound(name)


@pytest.mark.parametrize("name", of("road"))
def test_what_a_recipe_promises_occurs(name: str) -> None:
    check_promises(name)
