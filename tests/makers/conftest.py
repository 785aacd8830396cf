"""What tests of makers share."""

from __future__ import annotations

import pytest

from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError


@pytest.fixture(scope="session")
def people_pack() -> None:
    """Skips where the pack that people are made from is not fetched."""
    try:
        find_pack("human").require(Store().root)
    except InputError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def people_store(people_pack: None, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """An empty cache that all tests of people fill together: pictures of clothes are what costs most."""
    return Store(tmp_path_factory.mktemp("people"))
