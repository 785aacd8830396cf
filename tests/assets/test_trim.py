import os
import time
from pathlib import Path

import pytest
import trimesh

from synthgen.assets.mesh import make_mesh
from synthgen.assets.store import Store
from synthgen.assets.trim import limit_bytes, trim
from synthgen.errors import InputError


def aged(path: Path, hours: float, size: int = 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    then = time.time() - 3600 * hours
    os.utime(path, (then, then))
    return path


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    old = aged(tmp_path / "meshes" / "a.npz", 9)
    middle = aged(tmp_path / "images" / "b.png", 5)
    new = aged(tmp_path / "meshes" / "c.npz", 2)
    assert trim(tmp_path, 2500) == 1000
    assert not old.exists()
    assert middle.exists()
    assert new.exists()


def test_what_fits_and_what_is_in_use_stays(tmp_path: Path) -> None:
    old, fresh = aged(tmp_path / "meshes" / "a.npz", 9), aged(tmp_path / "meshes" / "b.npz", 0)
    assert trim(tmp_path, 2000) == 0
    assert trim(tmp_path, 10) == 1000
    assert fresh.exists()
    assert not old.exists()


def test_packs_and_other_folders_are_not_touched(tmp_path: Path) -> None:
    pack = aged(tmp_path / "packs" / "base" / "Scopia.sh3f", 900)
    assert trim(tmp_path, 1) == 0
    assert pack.exists()


def test_a_mesh_that_is_used_again_counts_as_recent(tmp_path: Path) -> None:
    shape = trimesh.creation.box()
    ref = Store(tmp_path).add_mesh(make_mesh(shape.vertices, shape.faces, slots=("a",)), {"x": 1})
    path = Store(tmp_path).mesh_path(ref.hash)
    then = time.time() - 36_000
    os.utime(path, (then, then))
    Store(tmp_path).mesh(ref)
    assert trim(tmp_path, 1) == 0
    assert path.exists()


@pytest.mark.parametrize("text", ["lots", "-1", "0", "nan"])
def test_a_limit_that_is_no_size_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE_GB", text)
    with pytest.raises(InputError, match="SYNTHGEN_CACHE_GB"):
        limit_bytes()
