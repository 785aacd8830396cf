"""The packs that exist (assets/packs.yaml), and where their files lie once fetched.

<cache>/packs/<pack>/<file>      the pack's files, byte for byte
<cache>/packs/<pack>/models/     facts of each normalised model (see models.py)
<cache>/packs/<pack>/index.json  the catalogue, ready to use (see catalogue.py)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from synthgen.errors import InputError
from synthgen.paths import data_dir


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its name, its size in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of assets that is fetched together. `deb` is the Debian package (name, version) that holds it."""

    name: str
    title: str
    files: tuple[PackFile, ...]
    deb: tuple[str, str] | None = None

    def folder(self, cache: Path) -> Path:
        return cache / "packs" / self.name

    def state(self, cache: Path) -> Path:
        """Where what is known of its models is kept."""
        return self.folder(cache)

    def missing(self, cache: Path) -> tuple[PackFile, ...]:
        """Files that are not there, or not of the right size. (Content is checked when they are fetched.)"""
        return tuple(f for f in self.files if not _has_size(self.folder(cache) / f.name, f.size))

    def require(self, cache: Path) -> None:
        """Raises InputError with the command that fetches the pack, where it is not there."""
        missing = self.missing(cache)
        if missing:
            raise InputError.of(
                f"the asset pack {self.name!r} is not here ({len(missing)} of {len(self.files)} files are missing)",
                hint=f"run: synthgen assets fetch {self.name}",
            )


def load_packs() -> Mapping[str, Pack]:
    """All packs, by name."""
    return _read_packs(data_dir("assets") / "packs.yaml")


@lru_cache(maxsize=4)
def _read_packs(path: Path) -> Mapping[str, Pack]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: _pack(name, entry) for name, entry in data["packs"].items()}


def _pack(name: str, entry: Mapping[str, dict[str, dict[str, str]]]) -> Pack:
    files = tuple(PackFile(file, int(facts["size"]), facts["sha256"]) for file, facts in entry["files"].items())
    deb = entry.get("deb")
    return Pack(name, str(entry["title"]), files, (str(deb["package"]), str(deb["version"])) if deb else None)


def find_pack(name: str) -> Pack:
    """Raises InputError for a name that no pack has."""
    packs = load_packs()
    if name not in packs:
        near = difflib.get_close_matches(name, packs, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known packs: {', '.join(packs)}"
        raise InputError.of(f"no asset pack is named {name!r}", hint=hint)
    return packs[name]


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
