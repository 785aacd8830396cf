from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from synthgen import paths
from synthgen.assets.store import Store
from tests.assets.tiny import pack_bytes, write_data


@dataclass
class Tiny:
    """The pack `tiny`: the data folder that knows it, its file's bytes, an empty cache."""

    data: Path
    pack: bytes
    store: Store

    @property
    def cache(self) -> Path:
        return self.store.root

    @property
    def folder(self) -> Path:
        return self.cache / "packs" / "tiny"

    def put(self) -> None:
        """As if fetched."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "tiny.sh3f").write_bytes(self.pack)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tiny]:
    pack = pack_bytes()
    write_data(tmp_path / "data", pack)
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    yield Tiny(tmp_path / "data", pack, Store(tmp_path / "cache"))
