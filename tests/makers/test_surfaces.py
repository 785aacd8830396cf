"""What things that are made consist of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synthgen
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.layout import palette
from synthgen.makers import all_makers

SHADING = Path(synthgen.__file__).parent / "render" / "blender"
NAMES = [name for path in SHADING.glob("*.py") for name in re.findall(r'@model\("(\w+)"', path.read_text("utf-8"))]
MODELS = set(NAMES)


def models_of(entry: Any) -> set[str]:
    if isinstance(entry, dict):
        own = {entry["model"]} if isinstance(entry.get("model"), str) else set()
        return own.union(*(models_of(value) for value in entry.values()))
    return set().union(*(models_of(value) for value in entry)) if isinstance(entry, list) else set()


def test_every_surface_has_a_shading_model() -> None:
    assert "principled" in MODELS and len(NAMES) == len(MODELS)
    unknown = {name: models_of(entry) - MODELS for name, entry in palette.palette().items()}
    assert not {name: models for name, models in unknown.items() if models}


@pytest.mark.parametrize("maker_id", all_makers())
def test_what_a_maker_draws_can_be_shaded(maker_id: str, tmp_path: Path) -> None:
    try:
        made = all_makers()[maker_id].draw(Store(tmp_path), np.random.default_rng(1))
    except InputError as error:
        pytest.skip(str(error))
    assert {surface.model for surface in made.surfaces.values()} <= MODELS
    assert made.maker == maker_id
