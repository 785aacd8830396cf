"""A small shop to plan in tests: a few products in coarse print, no pack, no Blender."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.store import Store
from synthgen.layout import find_layout
from synthgen.layout.slots import Board, Layout
from synthgen.planning import plan_scene
from synthgen.recipe import Draw, Recipe, load_recipe
from synthgen.scene.builder import SceneBuilder
from synthgen.scene.pose import array
from synthgen.scene.spec import Instance, Object, SceneSpec
from synthgen.scene.stage import Stage

RECIPE = Path(__file__).parents[2] / "scenes" / "retail" / "shelf_front.yaml"

_FILL = "brands: 2, density: 120, offers: 0"
_MESSY = "tilted: 0.05, fallen: 0.05, misplaced: 0.05, turned: 0.05, missing: 0.1"
SMALL = (
    "size=320x180", "views_per_scene=1", "layout.store.gondolas=2", "layout.store.freezer_rows=1",
    "layout.store.bays=3", "layout.store.promotions=1", "layout.store.coolers=doors", "layout.store.checkouts=1",
    "layout.store.shelf_depth=0.47",
    f"populate=[{{planogram: {{in: facings, assortment: 6, groups: [cereal, canned food, milk], {_MESSY}, {_FILL}}}}}, "
    f"{{planogram: {{in: coolers, assortment: 2, groups: [milk], deep: 1, {_FILL}}}}}, "
    f"{{planogram: {{in: freezers, assortment: 2, {_FILL}}}}}]",
)  # fmt: skip
"""Overrides that make a scene quick to plan for the first time."""


def recipe(*overrides: str, seed: int = 0) -> Recipe:
    return load_recipe(RECIPE, overrides=[*SMALL, *overrides], seed=seed)


@cache
def shop_store() -> Store:
    """One cache for all tests."""
    root = tempfile.mkdtemp(prefix="synthgen-tests-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Store(Path(root))


@cache
def planned(scene: int, *overrides: str) -> SceneSpec:
    return plan_scene(recipe(*overrides), Catalogue((), {}), shop_store(), scene)


@cache
def laid_out(scene: int, *overrides: str) -> tuple[Layout, Stage]:
    """The layout alone, and the stage it was built on."""
    made = recipe(*overrides)
    stage = Stage(SceneBuilder(), shop_store())
    return find_layout(made.layout)(stage, made.layout, Draw(made.seed, scene)), stage


def boards(layout: Layout) -> dict[str, Board]:
    return {b.name: b for slot in ("facings", "end_caps", "coolers", "freezers") for b in layout.slots[slot]}


def goods(spec: SceneSpec) -> list[tuple[Instance, Object]]:
    """The products on boards, each with its object."""
    objects = {o.number: o for o in spec.objects}
    return [(i, objects[i.number]) for i in spec.instances if "level" in i.attributes]


def points_on(board: Board, spec: SceneSpec, item: Object) -> NDArray[np.float64]:
    """(N, 3) an object's vertices in the frame of a board, metres."""
    mesh = shop_store().mesh(spec.meshes[item.mesh])
    world = mesh.vertices.astype(np.float64) @ array(item.transform)[:, :3].T + array(item.transform)[:, 3]
    frame = array(board.frame)
    found: NDArray[np.float64] = (world - frame[:, 3]) @ frame[:, :3]
    return found


def by_board(spec: SceneSpec, known: Mapping[str, Board]) -> dict[str, list[tuple[Instance, NDArray[np.float64]]]]:
    """The goods of every board, as instances with their points on it."""
    found: dict[str, list[tuple[Instance, NDArray[np.float64]]]] = {}
    for instance, item in goods(spec):
        name = instance.attributes["board"]
        found.setdefault(name, []).append((instance, points_on(known[name], spec, item)))
    return found


def slot_of(board: Board) -> str:
    """The slot that a board of this name is in."""
    return {"K": "coolers", "F": "freezers", "E": "end_caps"}.get(board.name[0], "facings")
