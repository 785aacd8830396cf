"""A table in a room to plan in tests: what makers make lies on it and stands beside it; no pack, no Blender."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from synthgen.assets.catalogue import Catalogue
from synthgen.planning import plan_scene
from synthgen.recipe import Recipe, load_recipe
from synthgen.scene.spec import SceneSpec
from tests.planning.town import town

TEXT = """\
synthgen: 1
name: cartons on a table
taxonomy: factory
size: 320x180
views_per_scene: 2
layout: {table: {width: 2.4, depth: 1.2, lamps: 2, room: 7}}
light: {luminaires: {}}
populate:
  - lay: {in: table, assets: {id: factory/carton}, fill: 1, variety: 8}
  - scatter: {in: floor, assets: {id: [factory/plastic_drum, factory/pallet]}, count: 8, variety: 4}
camera: {look_at: {at: table, distance: {uniform: [1.6, 2.4]}, elevation: {uniform: [10, 60]}}}
checks: {largest_thing: 0.95, nearest: 0.05}
"""


def bench(*overrides: str, text: str = TEXT, seed: int = 0) -> Recipe:
    """The recipe above with overrides."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.yaml"
        file.write_text(text, "utf-8")
        return load_recipe(file, overrides=overrides, seed=seed)


@cache
def planned(scene: int, *overrides: str) -> SceneSpec:
    """A scene of it."""
    store, _ = town()
    return plan_scene(bench(*overrides), Catalogue((), {}), store, scene)
