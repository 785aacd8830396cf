"""Overlays and contact sheets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from synthgen.dataset.png import encode_mask
from synthgen.dataset.record import CameraRecord, FrameRecord, write_frame
from synthgen.errors import InputError
from synthgen.report.contact_sheet import PICTURE_WIDTH, SheetItem, contact_sheet, sheet_of
from synthgen.report.overlay import LABEL_SHARE, borders, overlay, segment_colors, shade

CATEGORIES: dict[int, dict[str, Any]] = {
    12: {"id": 12, "name": "car", "isthing": 1, "color": [0, 0, 142]},
    30: {"id": 30, "name": "road", "isthing": 0, "color": [128, 64, 128]},
}
SEGMENTS = [
    {"id": 700, "category_id": 30},
    {"id": 801, "category_id": 12},
    {"id": 802, "category_id": 12},
]
COLOR = st.tuples(*[st.integers(0, 255)] * 3)


def ids() -> np.ndarray[Any, np.dtype[np.uint32]]:
    result = np.full((6, 8), 700, dtype=np.uint32)
    result[2:4, 1:3] = 801
    result[2:4, 5:7] = 802
    return result


def test_overlay_mixes_grey_picture_and_category_colour() -> None:
    picture = np.full((6, 8, 3), (200, 100, 50), dtype=np.uint8)
    grey = picture[0, 0] @ np.array([0.299, 0.587, 0.114])
    mixed = overlay(picture, ids(), SEGMENTS, CATEGORIES)
    expected = LABEL_SHARE * np.array([128, 64, 128]) + (1 - LABEL_SHARE) * grey
    assert np.abs(mixed[5, 0] - expected).max() <= 1
    assert mixed.shape == picture.shape and mixed.dtype == np.uint8
    assert (mixed[1, 1] > mixed[5, 0]).all(), "a border is lighter"


def test_void_is_black_under_the_grey_picture() -> None:
    mixed = overlay(np.full((1, 1, 3), 100, np.uint8), np.zeros((1, 1), np.uint32), [], CATEGORIES)
    assert mixed[0, 0].tolist() == [45, 45, 45]


def test_borders_are_where_segments_meet() -> None:
    edge = borders(ids())
    assert edge[1, 1] and edge[2, 0] and edge[3, 6] and edge[3, 1]
    assert not edge[0].any() and not edge[5].any() and not edge[2, 1]


def test_things_have_shades_and_stuff_its_own_colour() -> None:
    colors = segment_colors(SEGMENTS, CATEGORIES)
    assert colors[700] == (128, 64, 128) and colors[801] == (0, 0, 142) and colors[802] != colors[801]


@given(COLOR, st.integers(0, 500))
def test_shades_are_colours(color: tuple[int, int, int], rank: int) -> None:
    assert all(0 <= c <= 255 for c in shade(color, rank))


@given(COLOR)
def test_neighbouring_shades_differ(color: tuple[int, int, int]) -> None:
    shades = [shade(color, rank) for rank in range(1, 8)]
    assert len(set(shades)) == len(shades)


def frame(dataset: Path, image_id: int, size: tuple[int, int] = (8, 6)) -> FrameRecord:
    picture = dataset / "source.png"
    dataset.mkdir(exist_ok=True)
    Image.new("RGB", size, (90, 90, 90)).save(picture)
    record = FrameRecord(
        image_id=image_id,
        split="train",
        size=size,
        spec_hash="00",
        identity={"taxonomy": "road"},
        scene_index=0,
        view_index=image_id - 1,
        camera=CameraRecord.of((8, 8, 3.5, 2.5), (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0), size),
        sensor={},
        instances=(),
        segments=({"id": 5, "category_id": 12, "area": size[0] * size[1], "bbox": [0, 0, *size], "iscrowd": 0},),
    )
    mask = encode_mask(np.full(size[::-1], 5, np.uint32))
    return write_frame(dataset, picture.read_bytes(), mask, record)


def test_sheet_of_a_dataset(tmp_path: Path) -> None:
    for k in (1, 2, 3):
        frame(tmp_path / "d", k, (64, 36))
    assert sheet_of(tmp_path / "d", path=tmp_path / "below" / "sheet.png") == 3
    with Image.open(tmp_path / "below" / "sheet.png") as sheet:
        assert sheet.format == "PNG" and sheet.width > 2 * 64 and sheet.height > 3 * 36
    assert sheet_of(tmp_path / "d", path=tmp_path / "one.png", frames=1) == 1


def test_sheet_of_two_datasets(tmp_path: Path) -> None:
    frame(tmp_path / "one", 1, (64, 36))
    frame(tmp_path / "other", 1, (64, 36))
    frame(tmp_path / "other", 2, (64, 36))
    assert sheet_of(tmp_path / "one", tmp_path / "other", path=tmp_path / "sheet.png", frames=1) == 2
    assert sheet_of(tmp_path / "one", tmp_path / "other", path=tmp_path / "sheet.png") == 3


def test_large_pictures_are_reduced(tmp_path: Path) -> None:
    record = frame(tmp_path / "d", 1, (1600, 90))
    item = SheetItem("1", tmp_path / "d" / record.image_path, tmp_path / "d" / record.mask_path, record.segments)
    contact_sheet([item], list(_road()), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert 2 * PICTURE_WIDTH < sheet.width < 2 * PICTURE_WIDTH + 100


def test_what_cannot_be_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no frames"):
        sheet_of(tmp_path, path=tmp_path / "sheet.png")
    with pytest.raises(InputError, match="no frames to show"):
        contact_sheet([], [], tmp_path / "sheet.png")
    frame(tmp_path / "d", 1)
    with pytest.raises(InputError, match="cannot write"):
        (tmp_path / "file").write_text("")
        sheet_of(tmp_path / "d", path=tmp_path / "file" / "sheet.png")


def test_as_a_program(tmp_path: Path) -> None:
    frame(tmp_path / "d", 1, (64, 36))
    command = [sys.executable, "-m", "synthgen.report.contact_sheet"]
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([*command, tmp_path / "d", tmp_path / "s.png"], cwd=root, check=False).returncode == 0
    assert (tmp_path / "s.png").exists()
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 2


def _road() -> list[dict[str, Any]]:
    from synthgen.taxonomy import load_taxonomy

    return [c.coco() for c in load_taxonomy("road").categories]
