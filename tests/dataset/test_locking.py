"""Runs that share a dataset's temporary folder."""

from __future__ import annotations

import errno
import threading
import time
from pathlib import Path

import pytest

from synthgen.dataset.locking import locked, temporary_folder

fcntl = pytest.importorskip("fcntl")


def test_the_first_clears_and_the_last_removes(tmp_path: Path) -> None:
    folder = tmp_path / ".tmp"
    folder.mkdir()
    (folder / "half").write_text("")
    with temporary_folder(folder) as first:
        assert first and not (folder / "half").exists()
        (folder / "mine").write_text("")
        with temporary_folder(folder) as second:
            assert not second and (folder / "mine").exists()
        assert (folder / "mine").exists()
    assert not folder.exists()


def test_who_keeps_alone_makes_others_wait(tmp_path: Path) -> None:
    told: list[str] = []

    def other() -> None:
        with temporary_folder(tmp_path / ".tmp"):
            told.append("other")

    with temporary_folder(tmp_path / ".tmp", keep_alone=True) as alone:
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.3)
        told.append("first")
    thread.join(10)
    assert alone and told == ["first", "other"]
    with temporary_folder(tmp_path / ".tmp"), temporary_folder(tmp_path / ".tmp", keep_alone=True) as alone:
        assert not alone, "where others are, it shares"


def test_a_disk_without_locks_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no locks here")

    monkeypatch.setattr(fcntl, "flock", none)
    with temporary_folder(tmp_path / ".tmp") as alone, locked(tmp_path / ".tmp" / "x.lock"):
        assert not alone, "nobody knows"
