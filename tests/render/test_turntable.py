"""Sheets of assets: every asset is on its picture, wholly and from all sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from synthgen.assets import sheet as sheets
from synthgen.assets.catalogue import Catalogue
from synthgen.assets.store import Store
from synthgen.engine import turntable as module
from synthgen.engine.turntable import TILE, turntable, turntable_spec
from synthgen.errors import InputError
from synthgen.verification.raycast import RayScene
from tests.planning.town import town

pytestmark = pytest.mark.blender
VIEWS = 3


@pytest.fixture(scope="module")
def boxes() -> tuple[Store, Catalogue]:
    return town()


def test_each_tile_shows_the_whole_asset(boxes: tuple[Store, Catalogue]) -> None:
    store, catalogue = boxes
    for asset in catalogue.assets:
        spec = turntable_spec(asset, store, views=VIEWS, size=48)
        numbers = RayScene(spec, 0, store).numbers(spec.views[0].camera, spec.size)
        assert numbers.shape == (48, 48 * VIEWS) and 0 not in numbers
        for k in range(VIEWS):
            tile = numbers[:, 48 * k : 48 * (k + 1)]
            assert set(np.unique(tile)) == {1, k + 2}, asset.id
            rim = np.concatenate([tile[0], tile[-1], tile[:, 0], tile[:, -1]])
            assert set(rim) == {1}, asset.id


def test_sheets_are_paged_and_show_what_was_rendered(
    boxes: tuple[Store, Catalogue], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, catalogue = boxes
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(sheets, "PAGE", 1)
    bus, bench = catalogue["town/bus"], catalogue["town/bench"]
    report = turntable([bus, bench], tmp_path / "sheet.png", store, views=2, workers=1)
    assert report.sheets == (tmp_path / "sheet_1.png", tmp_path / "sheet_2.png") and not report.failures
    for path in report.sheets:
        pixels = np.asarray(Image.open(path).convert("L"), dtype=int)
        for k in range(2):
            tile = pixels[20 : 20 + TILE, 20 + k * TILE : 20 + (k + 1) * TILE]
            assert abs(tile[TILE // 2, TILE // 2] - tile[5, 5]) > 15


@pytest.mark.parametrize(("count", "name"), [(0, "sheet.png"), (1, "sheet.jpg")])
def test_what_cannot_be_a_sheet_is_refused(
    boxes: tuple[Store, Catalogue], tmp_path: Path, count: int, name: str
) -> None:
    with pytest.raises(InputError):
        turntable(boxes[1].assets[:count], tmp_path / name, boxes[0])
