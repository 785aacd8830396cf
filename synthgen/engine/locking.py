"""File locks among runs that share a dataset. Where the platform has no `flock`, they do nothing."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the exclusive lock of `path` (a file of its own, made here), waiting for it where need be."""
    with path.open("ab") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def temporary_folder(folder: Path) -> Iterator[None]:
    """Marks a dataset's folder of temporary files as in use. The first run in it clears what an interrupted one
    left there; the last removes it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as file:
        if _alone(file.fileno()):
            _clear(folder)
        _share(file.fileno())
        try:
            yield
        finally:
            if _alone(file.fileno()):
                shutil.rmtree(folder, ignore_errors=True)


def _alone(file: int) -> bool:
    """Takes the exclusive lock, if no other run holds one."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _share(file: int) -> None:
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_SH)


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name.endswith("lock"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
