"""File locks among runs that share a dataset. Where the system or the disk has no `flock`, they do nothing."""

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

FAILURES_LOCK = "failures.lock"
"""The file below a dataset's temporary folder whose lock guards its list of failures."""

_TRIES = 100
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the exclusive lock of `path` (a file of its own, made here), waiting for it where need be."""
    with path.open("ab") as file:
        if sys.platform != "win32":
            _lock(file.fileno(), fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def temporary_folder(folder: Path, *, keep_alone: bool = False) -> Iterator[bool]:
    """Marks a dataset's folder of temporary files (made here) as in use; gives whether no other run is in it.

    The first run in it clears what an interrupted one left there; the last removes it. keep_alone: where no other run
    is in it, those that come wait until this one leaves; where others are, it shares the folder with them. Raises
    OSError where the folder cannot be written.
    """
    file, alone = _join(folder, keep_alone=keep_alone)
    with file:
        try:
            yield alone
        finally:
            if _alone(file.fileno()):
                shutil.rmtree(folder, ignore_errors=True)


def _join(folder: Path, *, keep_alone: bool) -> tuple[BinaryIO, bool]:
    """The folder's lock, held together with other runs or alone, and whether alone. Tries again where the last of the
    others removed the folder meanwhile."""
    path = folder / "lock"
    for _ in range(_TRIES):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("ab")
        except FileNotFoundError:
            continue
        alone = _alone(file.fileno())
        if alone:
            _clear(folder)
        if not (alone and keep_alone):
            _share(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file, alone
        file.close()
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder))


def _alone(file: int) -> bool:
    """Takes the exclusive lock, if no other run holds one. False where there are no locks: nobody knows."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return False
        raise
    return True


def _share(file: int) -> None:
    if sys.platform != "win32":
        _lock(file, fcntl.LOCK_SH)


def _lock(file: int, kind: int) -> None:
    """Waits for a lock; goes on without where the file system has none."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, kind)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name.endswith("lock"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
