"""Scenes of the recipes that come along, planned and not rendered, for the tests of each domain.

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


ENOUGH = 5_000 if "SYNTHGEN_SCENES" not in os.environ else 10**9
"""Instances after which no further scene of a recipe is looked at for soundness, which takes its time."""


@cache
def scenes(name: str) -> tuple[Store, tuple[SceneSpec, ...]]:
    recipe = load_recipe(SCENES / f"{name}.yaml", overrides=("views_per_scene=1", "size=320x180"))
    store = Store()
    try:
        catalogue = recipe_catalogue(recipe, store)
    except InputError as error:
        pytest.skip(str(error))
    return store, tuple(plan_scene(recipe, catalogue, store, k) for k in range(COUNT))


def of(domain: str) -> list[str]:
    """The recipes in a folder of scenes/."""
    return [name for name in RECIPES if name.startswith(f"{domain}/")]


def check_sound(name: str) -> None:
    """Nothing floats, sinks or overlaps."""
    store, planned = scenes(name)
    shapes, wrong, seen = Shapes(store), [], 0
    for spec in planned:
        if seen < ENOUGH:
            wrong += [u.said(spec) for u in unsound(spec, store, shapes=shapes)]
            shapes.trim()
        seen += len(spec.instances)
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)} in all"


def check_promises(name: str) -> None:
    """What the recipe promises occurs."""
    _, planned = scenes(name)
    seen = {i.category for spec in planned for i in spec.instances}
    assert set(PROMISES[name]) <= seen, f"missing: {sorted(set(PROMISES[name]) - seen)}"
