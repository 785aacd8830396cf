"""File locks among runs that share a dataset. Where the platform has no `flock`, they do nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

_TRIES = 100


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the exclusive lock of `path` (a file of its own, made here), waiting for it where need be."""
    with path.open("ab") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def temporary_folder(folder: Path) -> Iterator[None]:
    """Marks a dataset's folder of temporary files (made here) as in use. The first run in it clears what an
    interrupted one left there; the last removes it. Raises OSError where the folder cannot be written."""
    with _join(folder) as file:
        try:
            yield
        finally:
            if _alone(file.fileno()):
                shutil.rmtree(folder, ignore_errors=True)


def _join(folder: Path) -> BinaryIO:
    """The folder's lock, held together with other runs. Tries again where the last of them removed the folder
    meanwhile."""
    path = folder / "lock"
    for _ in range(_TRIES):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("ab")
        except FileNotFoundError:
            continue
        if _alone(file.fileno()):
            _clear(folder)
        _share(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder))


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
