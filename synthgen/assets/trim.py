"""Keeps the cache within bounds: what was not used for longest goes first. Everything in it can be made again."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from synthgen.errors import InputError

LIMIT_VARIABLE = "SYNTHGEN_CACHE_GB"
DEFAULT_LIMIT_GB = 8.0
EVERY_SCENES = 25
"""A run looks at the cache at its start and after each so many planned scenes, which add about 40 MB each."""

SPARED_SECONDS = 1800
"""What was used within this time may be of a scene that is being rendered."""

_TRIM_TO = 0.8


def limit_bytes() -> int:
    """`$SYNTHGEN_CACHE_GB` in bytes. Raises InputError where it is not a number above 0."""
    text = os.environ.get(LIMIT_VARIABLE)
    try:
        limit = float(text) if text else DEFAULT_LIMIT_GB
    except ValueError:
        limit = -1.0
    if not limit > 0:
        raise InputError.of(f"{text!r} is not a size", where=LIMIT_VARIABLE, hint="give gigabytes, such as 8")
    return int(limit * 1e9)


def trim(root: Path, limit: int) -> int:
    """Removes meshes and images of a cache, least recently used first, until they fit. Returns the bytes removed.

    Nothing is removed while they fit into `limit` bytes, and nothing that was used within the last half hour.
    """
    files = []
    for folder in ("meshes", "images"):
        for path in (root / folder).glob("*.*"):
            with contextlib.suppress(OSError):  # another process may trim too
                facts = path.stat()
                files.append((facts.st_mtime, facts.st_size, path))
    total = sum(size for _, size, _ in files)
    if total <= limit:
        return 0
    removed = 0
    newest = time.time() - SPARED_SECONDS
    for used, size, path in sorted(files):
        if total - removed <= _TRIM_TO * limit or used > newest:
            break
        path.unlink(missing_ok=True)
        removed += size
    return removed


def mark_used(path: Path) -> None:
    """Notes that a cached file was used now."""
    with contextlib.suppress(OSError):  # a cache that may only be read
        os.utime(path)
