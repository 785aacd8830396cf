"""A small town to plan in tests: boxes for assets, no pack, no Blender."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from synthgen.assets.catalogue import Asset, AssetSlot, Catalogue
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.store import Store
from synthgen.planning import plan_scene
from synthgen.recipe import Recipe, load_recipe
from synthgen.scene.spec import Instance, SceneSpec

RECIPE = Path(__file__).parents[2] / "scenes" / "road" / "urban.yaml"

SMALL = ("layout.street.length=130", "size=320x180", "views_per_scene=2", "assets=[base]")
"""Overrides that make a scene quick to plan for the first time."""

_KINDS: Sequence[tuple[str, str, tuple[str, ...], tuple[float, float, float], str]] = (
    ("hatchback", "car", (), (4.2, 1.9, 1.5), "car_paint"),
    ("sedan", "car", (), (4.6, 1.9, 1.5), "car_paint"),
    ("estate", "car", (), (4.8, 1.9, 1.6), "car_paint"),
    ("coupe", "car", (), (4.4, 1.9, 1.3), "car_paint"),
    ("minicar", "car", (), (2.7, 1.7, 1.5), "car_paint"),
    ("van", "van", (), (5.6, 2.1, 2.4), "car_paint"),
    ("bus", "bus", (), (12.0, 2.6, 3.0), "car_paint"),
    ("truck", "truck", (), (7.0, 2.5, 3.3), "principled"),
    ("moped", "motorcycle", (), (1.7, 0.7, 1.2), "principled"),
    ("ann", "person", ("standing",), (0.4, 0.5, 1.7), "cloth"),
    ("ben", "person", ("standing",), (0.4, 0.5, 1.8), "cloth"),
    ("cleo", "person", ("standing",), (0.4, 0.5, 1.6), "cloth"),
    ("sitter", "person", ("sitting",), (0.8, 0.5, 1.2), "cloth"),
    ("lime", "vegetation", ("street_tree",), (5.0, 5.0, 8.0), "leaf"),
    ("bench", "bench", ("street_furniture",), (0.5, 1.5, 0.8), "principled"),
    ("bin", "bin", ("street_furniture",), (0.5, 0.5, 0.9), "principled"),
    ("bicycle", "bicycle", (), (1.6, 0.5, 1.0), "car_paint"),
)


def box_town(store: Store) -> Catalogue:
    """A catalogue of boxes, each as large as the thing it stands for."""
    assets = []
    for name, category, tags, size, model in _KINDS:
        mesh = store.add_mesh(_box(size), {"asset": f"town/{name}"})
        recolour = model in ("car_paint", "cloth")
        slot = AssetSlot("body", "body", model, {"color": [0.3, 0.3, 0.3]}, recolour=recolour)
        facts = {"licence": "CC0-1.0", "author": "Nobody", "title": name, "source": {"file": "town", "model": name}}
        stands = "seat" if "sitting" in tags else "ground"
        place = {"size": size, "stands": stands, "weight": 1.0, "trademark": False, "domains": ("road",)}
        assets.append(Asset(f"town/{name}", category, (category,), tags, mesh=mesh, slots=(slot,), **facts, **place))
    return Catalogue(tuple(assets), {"town": "0" * 64})


def recipe(*overrides: str, seed: int = 0) -> Recipe:
    """The urban recipe, made small."""
    return load_recipe(RECIPE, overrides=[*SMALL, *overrides], seed=seed)


@cache
def town() -> tuple[Store, Catalogue]:
    """One cache for all tests: what one scene made, the next finds."""
    root = tempfile.mkdtemp(prefix="synthgen-tests-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    store = Store(Path(root))
    return store, box_town(store)


@cache
def planned(scene: int, *overrides: str) -> SceneSpec:
    """A scene of the small urban recipe."""
    store, catalogue = town()
    return plan_scene(recipe(*overrides), catalogue, store, scene)


GREEN, RED = 0, 2
"""Scenes of seed 0 whose main street has a green or a red signal."""


def scenes() -> list[SceneSpec]:
    """A few whole scenes: signals green and red, two and four lanes, both driving sides."""
    return [planned(GREEN), planned(RED), planned(GREEN, "layout.street.lanes=4", "layout.street.driving_side=left")]


def named(spec: SceneSpec, *categories: str) -> list[Instance]:
    """The instances of some categories."""
    return [i for i in spec.instances if i.category in categories]


def _box(size: tuple[float, float, float]) -> Mesh:
    x, y, z = size
    corners = np.array([(a * x / 2, b * y / 2, c * z) for a in (-1, 1) for b in (-1, 1) for c in (0, 1)])
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return make_mesh(corners, faces, slots=("body",))
