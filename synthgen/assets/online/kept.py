"""Catalogues of services, kept in the cache for some days: a search need not ask again for what it was told."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from synthgen.assets.online.web import NoConnection, Web
from synthgen.errors import InputError
from synthgen.paths import cache_root
from synthgen.wholefile import write_whole

T = TypeVar("T")

_DAY = 24 * 3600


def kept(web: Web, name: str, ask: Callable[[], bytes], read: Callable[[bytes], T]) -> T:
    """What `read` makes of a catalogue: of the one that is kept, or of what `ask` brings where that is too old.

    name: of the file in the cache. A catalogue is kept if it can be read. Where there is no network, an old one
    serves.
    """
    service = web.service
    path = cache_root() / "online" / f"{service.name}-{service.mark}" / name
    age = _age(path)
    if age is not None and age < service.keep_days * _DAY:
        with contextlib.suppress(InputError, OSError):  # a damaged one is asked for again
            return read(path.read_bytes())
    try:
        data = ask()
    except NoConnection:
        if age is None:
            raise
        web.progress(f"no connection to {service.title}: its catalogue of {age / _DAY:.0f} days ago is used")
        return read(path.read_bytes())
    result = read(data)
    write_whole(path, data)
    return result


def _age(path: Path) -> float | None:
    """Seconds since the file was written; None where there is none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return None
