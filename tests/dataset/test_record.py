"""Frames are written whole or not at all, the record last; damage is noticed."""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.dataset import record as records
from synthgen.dataset.folders import image_path, iter_record_paths, mask_path, record_path, scene_path
from synthgen.dataset.png import encode_mask, read_mask
from synthgen.dataset.record import FrameRecord, decode_record, encode_record, find_record, frame_is_whole, write_frame
from synthgen.dataset.splits import check_splits, parse_splits, split_of_scene
from synthgen.errors import InputError
from synthgen.randomness import stream
from synthgen.taxonomy import load_taxonomy
from tests.dataset.sample import frame, scene


@pytest.fixture
def parts() -> tuple[bytes, bytes, FrameRecord]:
    return frame(3, "val", scene(1), 0, load_taxonomy("road"))


def test_paths() -> None:
    assert str(image_path("train", 1)) == "images/train/000000000001.jpg"
    assert str(mask_path("val", 12)) == "annotations/panoptic_val/000000000012.png"
    assert str(record_path(1)) == "records/000000000001.json"
    assert str(scene_path(3)) == "scenes/000003.json"


def test_a_written_frame_is_whole_and_reads_back(tmp_path: Path, parts: tuple[bytes, bytes, FrameRecord]) -> None:
    written = write_frame(tmp_path, *parts, extra={"depth/val/000000000003.exr": b"far"})
    assert find_record(tmp_path, 3) == written
    assert set(written.files) == {written.image_path, written.mask_path, "depth/val/000000000003.exr"}
    assert frame_is_whole(tmp_path, written)
    assert decode_record(encode_record(written)) == written
    assert [p.name for p in iter_record_paths(tmp_path)] == ["000000000003.json"]
    assert not list((tmp_path / ".tmp").iterdir())
    assert np.array(written.camera.cam_to_world).shape == (4, 4)


def test_relations_read_back(parts: tuple[bytes, bytes, FrameRecord]) -> None:
    record = parts[2]
    related = replace(record.instances[0], relations={"on": 4, "in": "boards/A3.2", "occluded_by": [5, 1]})
    changed = replace(record, instances=(related, *record.instances[1:]))
    assert decode_record(encode_record(changed)) == changed


@pytest.mark.parametrize("harm", ["truncate", "flip", "delete"])
@pytest.mark.parametrize("which", [0, 1])
def test_damage_is_noticed(tmp_path: Path, parts: tuple[bytes, bytes, FrameRecord], which: int, harm: str) -> None:
    written = write_frame(tmp_path, *parts)
    path = tmp_path / (written.image_path, written.mask_path)[which]
    data = path.read_bytes()
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if harm == "truncate" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert not frame_is_whole(tmp_path, written)
    assert frame_is_whole(tmp_path, written, checksums=False) == (harm == "flip")


def test_a_record_without_files_is_not_whole(tmp_path: Path, parts: tuple[bytes, bytes, FrameRecord]) -> None:
    assert not frame_is_whole(tmp_path, parts[2])


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_an_interrupted_frame_leaves_no_record(
    tmp_path: Path, parts: tuple[bytes, bytes, FrameRecord], stop_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_frame(tmp_path, *parts)
    original = records.write_atomic
    calls = 0

    def failing(folder: Path, relative: str, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise OSError(28, "No space left on device")
        original(folder, relative, data)

    monkeypatch.setattr(records, "write_atomic", failing)
    with pytest.raises(OSError, match="No space"):
        write_frame(tmp_path, b"another picture", parts[1], parts[2])
    assert find_record(tmp_path, 3) is None


def test_a_torn_record_counts_as_missing(tmp_path: Path, parts: tuple[bytes, bytes, FrameRecord]) -> None:
    write_frame(tmp_path, *parts)
    path = tmp_path / record_path(3)
    path.write_bytes(path.read_bytes()[:100])
    assert find_record(tmp_path, 3) is None
    with pytest.raises(InputError, match="not a frame's record"):
        records.read_record(path)


def test_a_record_may_not_name_files_outside_its_dataset(parts: tuple[bytes, bytes, FrameRecord]) -> None:
    for name in ("../x", "/etc/x"):
        bad = replace(parts[2], files={name: records.FileSum.of(b"")})
        with pytest.raises(InputError, match="outside"):
            decode_record(encode_record(bad))


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 40))
def test_masks_survive_png_and_are_deterministic(seed: int, height: int, width: int) -> None:
    ids = np.random.default_rng(seed).integers(0, 2**24, (height, width), dtype=np.uint32)
    data = encode_mask(ids)
    assert data == encode_mask(ids.copy())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mask.png"
        path.write_bytes(data)
        assert (read_mask(path) == ids).all()


def test_splits_are_balanced_in_every_prefix_and_never_move() -> None:
    shares = parse_splits("train=0.8, val=0.1,test=0.1")
    for seed in range(5):
        names = [split_of_scene(k, seed, shares) for k in range(400)]
        for n in (20, 50, 133, 400):
            for name, share in shares.items():
                assert abs(names[:n].count(name) - share * n) <= 2.5
        assert names[:50] == [split_of_scene(k, seed, shares) for k in range(50)]
    assert {split_of_scene(k, 1) for k in range(9)} == {"train"}


def test_splits_follow_the_formula_of_the_contract() -> None:
    u = stream(5, 0, "splits").random()
    for k in range(100):
        position = math.modf(u + 0.6180339887 * k)[0]
        assert split_of_scene(k, 5, {"a": 0.25, "b": 0.75}) == ("a" if position < 0.25 else "b")


def test_a_split_of_share_zero_stays_empty() -> None:
    shares = parse_splits("val=0,train=1,test=0")
    assert {split_of_scene(k, 0, shares) for k in range(200)} == {"train"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train=0.9", "sum to 0.9"),
        ("train=0.9,val=0.2", "sum to 1.1"),
        ("train", "not a split"),
        ("train=x,val=1", "not a split"),
        ("train=nan,val=1", "not a split"),
        ("train=1.5,val=-0.5", "not a split"),
        ("../x=0.5,val=0.5", "cannot name a split"),
        ("a.b=0.5,val=0.5", "cannot name a split"),
        ("=1", "cannot name a split"),
        ("train=0.5,Train=0.5", "given twice"),
        ("", "not a split"),
    ],
)
def test_bad_splits_are_input_errors(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_splits(text)


def test_splits_of_a_program_are_held_to_the_same() -> None:
    assert check_splits({"train": 0.5, "val": 0.5}) == {"train": 0.5, "val": 0.5}
    for shares in ({"train": 0.5}, {"a/b": 1.0}, {"a": float("nan"), "b": 1.0}, {"a": 0.5, "A": 0.5}):
        with pytest.raises(InputError):
            check_splits(shares)
