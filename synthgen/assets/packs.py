"""The packs that exist (assets/packs.yaml), and where their files lie once fetched.

<cache>/packs/<pack>/<file>      the pack's files, byte for byte
<cache>/packs/<pack>/models/     facts of each normalised model (see models.py)
<cache>/packs/<pack>/index.json  the catalogue, ready to use (see catalogue.py)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from synthgen.errors import InputError
from synthgen.paths import data_dir

KINDS = ("models", "hdris", "signs", "pictograms", "fonts", "robots", "human")
"""What a pack may hold."""

INSTALLED = "installed"
"""The provider of what is here already, inside an installed Python package."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose something is: its title, SPDX licence and author."""

    title: str
    licence: str
    author: str


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its name, its size in bytes and the SHA-256 of its content.

    path: where it lies in the package; empty where its name says enough. members: for a zip that is put together of
    several files of the package, their paths or patterns (see providers/bundle.py), `root` the folders in front of
    them that the zip leaves out. credit: whose it is, where that is known for the file.
    """

    name: str
    size: int
    sha256: str
    path: str = ""
    members: tuple[str, ...] = ()
    root: str = ""
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a distribution, and what a pack keeps of it.

    provider: a key of providers.PROVIDERS. size, sha256: of what the provider brings; 0 and empty where that may
    differ between distributions.
    """

    pack: str
    provider: str
    name: str
    version: str
    files: tuple[PackFile, ...]
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of assets that is fetched together. tags: words that say what an item of it shows, by the item's name."""

    name: str
    kind: str
    credit: Credit
    packages: tuple[Package, ...]
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return self.credit.title

    @property
    def files(self) -> tuple[PackFile, ...]:
        """What is fetched: all files but those of installed packages."""
        return tuple(f for package in self.packages if package.provider != INSTALLED for f in package.files)

    @property
    def modelled(self) -> bool:
        """Has it a catalogue of models, which are prepared as they are fetched?"""
        return any((data_dir("assets") / "catalogue" / self.name).glob("*.yaml"))

    @property
    def size(self) -> int:
        """Bytes that the fetched files take."""
        return sum(f.size for f in self.files)

    @property
    def download(self) -> int:
        """Bytes that are downloaded, as far as that is known."""
        return sum(p.size or sum(f.size for f in p.files) for p in self.packages if p.provider != INSTALLED)

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


def find_pack(name: str) -> Pack:
    """Raises InputError for a name that no pack has."""
    packs = load_packs()
    if name not in packs:
        near = difflib.get_close_matches(name, packs, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known packs: {', '.join(packs)}"
        raise InputError.of(f"no asset pack is named {name!r}", hint=hint)
    return packs[name]


@lru_cache(maxsize=4)
def _read_packs(path: Path) -> Mapping[str, Pack]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return {name: _pack(name, row) for name, row in data["packs"].items()}


def _pack(name: str, row: Mapping[str, Any]) -> Pack:
    credit = Credit(row["title"], row["licence"], row["author"])
    packages = tuple(_package(name, package, credit) for package in row["packages"])
    tags = {item: tuple(words) for item, words in row.get("tags", {}).items()}
    return Pack(name, row["kind"], credit, packages, tags)


def _package(pack: str, row: Mapping[str, Any], credit: Credit) -> Package:
    own = _credit(row, credit)
    files = tuple(_file(name, facts, own) for name, facts in row["files"].items())
    size, sha256 = int(row.get("size", 0)), row.get("sha256", "")
    return Package(pack, row["provider"], row["package"], str(row["version"]), files, size, sha256)


def _file(name: str, row: Mapping[str, Any], credit: Credit) -> PackFile:
    return PackFile(
        name, int(row["size"]), row["sha256"], row.get("path", ""), tuple(row.get("members", ())),
        row.get("root", ""), _credit(row, credit),
    )  # fmt: skip


def _credit(row: Mapping[str, Any], outer: Credit) -> Credit:
    return Credit(
        row.get("title", outer.title), row.get("licence", outer.licence), row.get("author", outer.author)
    )  # fmt: skip


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
