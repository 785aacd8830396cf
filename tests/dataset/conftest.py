from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgen.dataset.package import package
from tests.dataset.sample import write_frames


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole dataset of 8 images in two splits. Not to be changed: see `copy_of`."""
    folder = write_frames(tmp_path_factory.mktemp("packaged") / "ours")
    package(folder)
    return folder


@pytest.fixture
def dataset(packaged: Path, tmp_path: Path) -> Path:
    """A copy of the dataset, to be harmed."""
    return Path(shutil.copytree(packaged, tmp_path / "ours"))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Writes frames into a new folder, without packaging."""
    return lambda name, *args, **kwargs: write_frames(tmp_path / name, *args, **kwargs)
