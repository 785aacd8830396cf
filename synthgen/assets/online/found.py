"""What a provider finds and brings, and what every provider can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, get_args

from synthgen.errors import InputError

Kind = Literal["model", "hdri", "material"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Progress = Callable[[str], None]


def quiet(text: str) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """An asset as its provider describes it.

    licence: SPDX name. author: names, comma between. page: address of its page. size_bytes: of the usual download,
    where the service says. extent: metres along the service's own axes (two numbers for a material's tile), where it
    says. category: words that may help to guess one of ours. date: as the service gives it (YYYY-MM-DD), or empty.
    """

    provider: str
    id: str
    title: str
    kind: Kind
    licence: str
    author: str
    page: str
    tags: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    size_bytes: int | None = None
    extent: tuple[float, ...] | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One downloaded file: its name below the asset's folder (with slashes), bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an asset's files are. main: the file to open, by its name; maps: pictures of a material by what they mean
    (color, normal, roughness, ...). up, unit: the model's upward axis and its metres per unit, where they are known."""

    main: str
    maps: Mapping[str, str] = field(default_factory=dict)
    up: Literal["+y", "+z"] | None = None
    unit: float | None = None


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A downloaded asset. terms: address of the provider's terms; credit: the line that it asks for. new: false where
    it was here already."""

    found: Found
    resolution: str
    folder: Path
    contents: Contents
    files: tuple[File, ...]
    terms: str
    credit: str
    new: bool

    @property
    def main(self) -> Path:
        return self.folder / self.contents.main


class Provider(Protocol):
    """An online source of assets. Everything it cannot do it says as InputError.

    credit: the line that it asks for where its content is shown.
    """

    @property
    def credit(self) -> str: ...

    def search(
        self,
        words: Sequence[str],
        *,
        kind: Kind | None = None,
        licence: str | None = None,
        limit: int = 20,
        progress: Progress = quiet,
    ) -> list[Found]:
        """Assets that all words describe, best first, at most `limit`; no words find everything.

        licence: SPDX name; None for the provider's default ones, which never have NC or ND.
        """
        ...

    def download(
        self,
        asset: str,
        into: Path,
        *,
        resolution: str = "1k",
        licence: str | None = None,
        progress: Progress = quiet,
    ) -> Downloaded:
        """Brings an asset, with its `source.json`, into the folder `into`, which is made whole or not at all.

        resolution: of pictures, such as 1k; nothing to providers that have only one. licence: names the asset's
        licence where it is not among the default ones. What an interrupted download has brought is kept beside
        `into`, and the same call goes on from there.
        """
        ...


def checked_kind(kind: str | None) -> Kind | None:
    """The kind that a word names. Raises InputError where it names none."""
    found = next((known for known in KINDS if known == kind), None)
    if kind is not None and found is None:
        raise InputError.of(f"no assets are of the kind {kind!r}", hint=f"there are {', '.join(KINDS)}")
    return found


def check_search(kind: str | None, limit: int) -> None:
    """Raises InputError for a kind that is none, or a limit below 1."""
    checked_kind(kind)
    if limit < 1:
        raise InputError.of(f"a limit of {limit} finds nothing", hint="give 1 or more")


def check_resolution(resolution: str) -> str:
    """The resolution in lower case. Raises InputError for what is none."""
    if not (resolution[-1:].lower() == "k" and resolution[:-1].isdecimal() and resolution.isascii()):
        raise InputError.of(f"{resolution!r} is not a resolution", hint="give 1k, 2k, 4k, ...")
    return resolution.lower()
