from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.store import Store
from synthgen.planning import plan_scene
from synthgen.scene.spec import SceneSpec
from tests.planning.town import box_town, recipe


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One cache for all tests of planning: what one scene made, the next finds."""
    root: Path = tmp_path_factory.mktemp("cache")
    return Store(root)


@pytest.fixture(scope="session")
def catalogue(store: Store) -> Catalogue:
    return box_town(store)


@pytest.fixture(scope="session")
def scenes(store: Store, catalogue: Catalogue) -> list[SceneSpec]:
    """A few whole scenes of the urban recipe: signals red and green, parking, two and four lanes."""
    planned = [plan_scene(recipe(), catalogue, store, k) for k in (0, 1, 2)]
    return [*planned, plan_scene(recipe("layout.street.lanes=4", "layout.street.driving_side=left"), catalogue, store, 3)]
