"""Tables that lie on disk, so that checking a dataset of a million images takes no more memory than a small one."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping, MutableSet
from typing import TypeVar

K = TypeVar("K", int, str, bytes)
V = TypeVar("V")

_CACHE_KIB = 1024
_PROTOCOL = 4


class DiskMap(MutableMapping[K, V]):
    """A dict in a private temporary SQLite database, which goes when this does. Iterates in order of insertion.

    Values are copies: changing one does not change what is kept.
    """

    def __init__(self) -> None:
        # An empty name is a database of its own in the temporary folder, without a name there.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE held (place INTEGER PRIMARY KEY, key BLOB UNIQUE, value BLOB)")

    def __getitem__(self, key: K) -> V:
        row = self._db.execute("SELECT value FROM held WHERE key = ?", (_packed(key),)).fetchone()
        if row is None:
            raise KeyError(key)
        value: V = pickle.loads(row[0])
        return value

    def __setitem__(self, key: K, value: V) -> None:
        self._db.execute(
            "INSERT INTO held (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_packed(key), pickle.dumps(value, _PROTOCOL)),
        )

    def __delitem__(self, key: K) -> None:
        if not self._db.execute("DELETE FROM held WHERE key = ?", (_packed(key),)).rowcount:
            raise KeyError(key)

    def __iter__(self) -> Iterator[K]:
        for (key,) in self._db.execute("SELECT key FROM held ORDER BY place"):
            yield pickle.loads(key)

    def __len__(self) -> int:
        count: int = self._db.execute("SELECT COUNT(*) FROM held").fetchone()[0]
        return count

    def __contains__(self, key: object) -> bool:
        found = self._db.execute("SELECT 1 FROM held WHERE key = ?", (_packed(key),)).fetchone()
        return found is not None


class DiskSet(MutableSet[K]):
    """A set on disk; see DiskMap."""

    def __init__(self) -> None:
        self._held: DiskMap[K, None] = DiskMap()

    def __contains__(self, item: object) -> bool:
        return item in self._held

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def add(self, value: K) -> None:
        self._held[value] = None

    def discard(self, value: K) -> None:
        self._held.pop(value, None)


def _packed(key: object) -> bytes:
    """Equal ints, strings (lone surrogates too) and bytes give equal bytes, others different ones."""
    return pickle.dumps(key, _PROTOCOL)
