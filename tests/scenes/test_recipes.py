"""The recipes that come along: what they plan is sound, and shows what they promise. Nothing is rendered.

Five scenes each; SYNTHGEN_SCENES=100 (`make check-scenes`) plans more.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
import yaml

from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.planning import plan_scene
from synthgen.planning.scene import recipe_catalogue
from synthgen.recipe import load_recipe
from synthgen.scene.spec import SceneSpec
from synthgen.verification.raycast import Shapes
from synthgen.verification.soundness import unsound

SCENES = Path(__file__).parents[2] / "scenes"
COUNT = int(os.environ.get("SYNTHGEN_SCENES", "5"))
PROMISES = yaml.safe_load((Path(__file__).parent / "promises.yaml").read_text("utf-8"))
RECIPES = sorted(str(p.relative_to(SCENES).with_suffix("")) for p in SCENES.rglob("*.yaml"))


@cache
def scenes(name: str) -> tuple[Store, tuple[SceneSpec, ...]]:
    recipe = load_recipe(SCENES / f"{name}.yaml", overrides=("views_per_scene=1", "size=320x180"))
    store = Store()
    try:
        catalogue = recipe_catalogue(recipe, store)
    except InputError as error:
        pytest.skip(str(error))
    return store, tuple(plan_scene(recipe, catalogue, store, k) for k in range(COUNT))


def test_every_recipe_says_what_it_promises() -> None:
    assert sorted(PROMISES) == RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_nothing_floats_sinks_or_overlaps(name: str) -> None:
    store, planned = scenes(name)
    shapes = Shapes(store)
    wrong = []
    for spec in planned:
        wrong += [u.said(spec) for u in unsound(spec, store, shapes=shapes)]
        shapes.trim()
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)} in all"


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_recipe_promises_occurs(name: str) -> None:
    _, planned = scenes(name)
    seen = {i.category for spec in planned for i in spec.instances}
    assert set(PROMISES[name]) <= seen, f"missing: {sorted(set(PROMISES[name]) - seen)}"
