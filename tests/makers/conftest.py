"""What tests of makers share."""

from __future__ import annotations

import hashlib
import inspect
import json
from typing import Any

import pytest

from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.procedural.registry import PROCEDURAL_IMAGES
from synthgen.scene.spec import ImageRef


class Sketchbook(Store):
    """A cache whose pictures are asked for but not painted, which is most of the work of drawing a person.

    Their generators have tests of their own, and tests/makers/test_surfaces.py has everything painted.
    """

    def procedural_image(self, name: str, /, *, color_space: str, **params: Any) -> ImageRef:
        generator = PROCEDURAL_IMAGES[name]
        inspect.signature(generator.make).bind(**params)
        source = {"procedural": name, "version": generator.version, "params": params}
        return ImageRef(hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest(), source, color_space)


@pytest.fixture(scope="session")
def people_pack() -> None:
    """Skips where the pack that people are made from is not fetched."""
    try:
        find_pack("human").require(Store().root)
    except InputError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def people_store(people_pack: None, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A cache without pictures that all tests of people fill together."""
    return Sketchbook(tmp_path_factory.mktemp("people"))
