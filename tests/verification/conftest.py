from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from synthgen.assets.store import Store
from tests.verification.cards import write_dataset


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache, and datasets of cards made with it. Not to be changed: see `cards`."""
    root = tmp_path_factory.mktemp("cards")
    write_dataset(root / "cards", Store(root / "cache"))
    return root


@pytest.fixture
def store(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A copy of the cache that knows the meshes of the cards; `verify` takes it for the user's."""
    shutil.copytree(kept / "cache", tmp_path / "cache")
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    return Store(tmp_path / "cache")


@pytest.fixture
def cards(kept: Path, store: Store, tmp_path: Path) -> Path:
    """A copy of a dataset of two scenes with two views each, to be harmed."""
    return Path(shutil.copytree(kept / "cards", tmp_path / "dataset"))
