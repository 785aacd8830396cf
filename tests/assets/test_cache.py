from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from synthgen.assets.cache import MADE_PARTS, PARTS, empty, sizes
from synthgen.errors import InputError

FILES = {
    "packs/base/models.sh3f": 5000,
    "packs/base/models/0.json": 10,
    "meshes/a.npz": 100,
    "meshes/b.npz": 200,
    "meshes/torn.tmp": 1,
    "images/c.png": 300,
    "made/0a/0a1.json": 20,
    "converted/d.npz": 400,
    "converted/hdris/sky-0.exr": 40,
    "folders/mine.json": 7,
    "folders/mine-0/index.json": 70,
    "online/polyhaven/list.json": 700,
    "somebody/else.txt": 3,
    "meshes/mine.txt": 4,
}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    for name, size in FILES.items():
        aged(tmp_path / "cache" / name, 5, size)
    return tmp_path / "cache"


def aged(path: Path, hours: float, size: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    then = time.time() - 3600 * hours
    os.utime(path, (then, then))
    return path


def left(cache: Path) -> set[str]:
    return {p.relative_to(cache).as_posix() for p in cache.rglob("*") if p.is_file()}


def test_the_size_of_each_part(cache: Path) -> None:
    found = {part.name: part.bytes for part in sizes(cache)}
    assert found == {
        "packs": 5010, "meshes": 301, "images": 300, "made": 20, "converted": 440, "other": 7 + 70 + 700 + 3,
    }  # fmt: skip
    assert tuple(found) == PARTS


def test_a_cache_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert all(part.bytes == 0 for part in sizes(tmp_path / "none"))
    assert empty(tmp_path / "none", PARTS).files == 0
    assert not (tmp_path / "none").exists()


def test_emptying_keeps_packs_and_what_is_not_ours(cache: Path) -> None:
    done = empty(cache)
    assert left(cache) == {
        "packs/base/models.sh3f", "packs/base/models/0.json", "folders/mine.json", "somebody/else.txt",
        "meshes/mine.txt",
    }  # fmt: skip
    assert done.bytes == 301 + 300 + 20 + 440 + 770 and done.files == 9 and done.spared == 0
    assert not (cache / "converted" / "hdris").exists() and (cache / "converted").is_dir()
    assert "packs" not in MADE_PARTS


@pytest.mark.parametrize("part", PARTS)
def test_emptying_one_part_leaves_the_others(cache: Path, part: str) -> None:
    before = {p.name: p.bytes for p in sizes(cache)}
    done = empty(cache, [part, part])
    after = {p.name: p.bytes for p in sizes(cache)}
    assert {name for name in PARTS if after[name] != before[name]} == {part}
    assert done.bytes == before[part] - after[part] > 0


def test_what_was_used_lately_stays_unless_forced(cache: Path) -> None:
    aged(cache / "meshes" / "a.npz", 0.2, 100)
    done = empty(cache)
    assert (done.spared, (cache / "meshes" / "a.npz").exists()) == (100, True)
    assert empty(cache, force=True).bytes == 100
    assert not (cache / "meshes" / "a.npz").exists()


def test_packs_stay_while_a_run_is_at_work(cache: Path) -> None:
    aged(cache / "made" / "0b" / "0b2.json", 0.1)
    done = empty(cache, ["packs"])
    assert (done.files, done.spared) == (0, 5010)
    assert empty(cache, ["packs"], force=True).bytes == 5010
    assert not (cache / "packs" / "base").exists()


def test_links_are_not_followed(cache: Path, tmp_path: Path) -> None:
    treasure = aged(tmp_path / "elsewhere" / "photo.png", 90)
    (cache / "packs" / "linked").symlink_to(treasure.parent)
    (cache / "images" / "linked.png").symlink_to(treasure)
    (cache / "images" / "folder").symlink_to(treasure.parent)
    os.utime(cache / "images" / "linked.png", (0, 0), follow_symlinks=False)
    empty(cache, PARTS)
    assert treasure.exists() and not (cache / "images" / "linked.png").is_symlink()


def test_a_part_that_does_not_exist(cache: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'meshes'"):
        empty(cache, ["mesh"])
    with pytest.raises(InputError, match="no part"):
        empty(cache, ["../elsewhere"])
    assert left(cache) == set(FILES)
