"""A small recipe that tests change, and a way to write one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
synthgen: 1
name: small street
taxonomy: road
assets: [base]
let:
  weather: {weighted: {clear: 3, overcast: 2}}
  width: {uniform: [3.0, 3.5]}
layout:
  street: {length: 200, lane_width: $width, storeys: {randint: [2, 5]}}
light:
  sky: {weather: $weather}
populate:
  - parked: {assets: {category: [car, van]}, fill: {uniform: [0.5, 0.9]}}
  - pedestrians: {in: sidewalk, density: 0.02}
  - pedestrians: {in: crossing, density: {uniform: [0, 0.1]}}
camera:
  dashcam: {height: {uniform: [1.2, 1.6]}}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a recipe: the small one with `old` replaced by `new`, pair by pair, or the whole `text`."""

    def make(*changes: tuple[str, str], text: str = SMALL, name: str = "recipe.yaml") -> Path:
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the recipe"
            text = text.replace(old, new)
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return make
