"""Other people's programs read a packaged dataset, and score it 1.0 against itself."""

from __future__ import annotations

from pathlib import Path

from synthgen.annotation import extents
from synthgen.dataset.reader import read_categories, read_images, split_names
from tests import compliance


def test_datumaro(packaged: Path) -> None:
    compliance.assert_loads_in_datumaro(packaged)


def test_hotcoco(packaged: Path) -> None:
    compliance.assert_loads_in_second_reader(packaged)


def test_panopticapi_scores_it_one(packaged: Path) -> None:
    compliance.assert_self_pq_is_one(packaged)


def test_pillow(packaged: Path) -> None:
    compliance.assert_pictures_match_masks(packaged)


def test_our_reader(packaged: Path) -> None:
    assert split_names(packaged) == ["train", "val"]
    assert read_categories(packaged)[12]["name"] == "car"
    images = list(read_images(packaged))
    assert [i.id for i in images] == [1, 2, 5, 6, 3, 4, 7, 8]
    for image in read_images(packaged, "val"):
        assert image.read_picture().shape[:2] == image.read_ids().shape == (48, 64)
        found = extents(image.read_ids())
        assert dict(zip(found.values.tolist(), found.areas.tolist(), strict=True)) == {
            s["id"]: s["area"] for s in image.segments
        }
