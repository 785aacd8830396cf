"""Every recipe that comes along is tested."""

from __future__ import annotations

from tests.scenes.planned import PROMISES, RECIPES, of


def test_every_recipe_says_what_it_promises() -> None:
    assert sorted(PROMISES) == RECIPES


def test_every_recipe_is_of_a_domain_that_is_tested() -> None:
    assert sorted(name for domain in ("road", "retail", "factory", "examples") for name in of(domain)) == RECIPES
