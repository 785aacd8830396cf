"""Frames, scenes, shards, and what a machine offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.engine import machine
from synthgen.engine.frames import (
    WHOLE,
    Shard,
    check_frames,
    frames_of_scene,
    parse_shard,
    scene_count,
    scenes_of_shard,
)
from synthgen.errors import InputError

FRAMES = st.integers(1, 300)
VIEWS = st.integers(1, 9)


@given(FRAMES, VIEWS, st.integers(1, 7))
def test_shards_share_out_every_frame_once(frames: int, views: int, count: int) -> None:
    made = [
        frame
        for index in range(1, count + 1)
        for scene in scenes_of_shard(Shard(index, count), frames, views)
        for frame in frames_of_scene(scene, frames, views)
    ]
    assert sorted(f.image_id for f in made) == list(range(1, frames + 1))
    assert all((f.image_id - 1) // views == f.scene and (f.image_id - 1) % views == f.view for f in made)


@given(FRAMES, FRAMES, VIEWS)
def test_more_frames_move_none(fewer: int, more: int, views: int) -> None:
    fewer, more = sorted((fewer, more))
    for scene in range(scene_count(fewer, views)):
        before = frames_of_scene(scene, fewer, views)
        assert frames_of_scene(scene, more, views)[: len(before)] == before


def test_shards_are_written_i_of_n() -> None:
    assert parse_shard(" 2/3 ") == Shard(2, 3) and str(Shard(2, 3)) == "2/3"
    assert list(scenes_of_shard(Shard(2, 3), 20, 2)) == [1, 4, 7]
    assert Shard(2, 3).owns(4) and not Shard(2, 3).owns(3) and WHOLE.owns(5)


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "1/0", "-1/2", "a/b", "1/2/3", "1.5/2"])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(InputError, match="--shard"):
        parse_shard(text)


@pytest.mark.parametrize("frames", [0, -3])
def test_no_frames_is_no_run(frames: int) -> None:
    with pytest.raises(InputError, match="ask for 1 or more"):
        check_frames(frames)


def test_workers_suit_cores_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, gib, expected in ((1, 64, 1), (2, 64, 2), (32, 64, 2), (32, 5, 1), (32, 1, 1), (32, 0, 2)):
        monkeypatch.setattr(machine, "cores", lambda cores=cores: cores)
        monkeypatch.setattr(machine, "memory", lambda gib=gib: gib * 2**30)
        found = machine.default_workers()
        assert found == expected or (gib == 0 and found == 1)
        assert machine.threads_per_worker(3) == max(1, cores // 3)


def test_this_machine() -> None:
    assert machine.cores() >= 1 and machine.default_workers() >= 1 and machine.memory() >= 0
