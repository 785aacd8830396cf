"""Gets the files of a pack: from its packages by their distributions' own clients, or from where the user says.

A file is taken only when its SHA-256 is the pinned one. Everything is written beside the cache's place for it and
renamed there when whole, so an interrupted fetch leaves nothing half, and the next one goes on with what is missing.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from synthgen.assets.packs import INSTALLED, Pack, Package, PackFile, find_pack
from synthgen.assets.providers import PROVIDERS
from synthgen.assets.providers.local import places
from synthgen.assets.providers.taking import Taking, is_whole, sha256_of
from synthgen.assets.providers.url import is_address
from synthgen.errors import InputError
from synthgen.paths import cache_root

Progress = Callable[[str], None]

_STALE_SECONDS = 24 * 3600
_PREPARED_SHARE = 1.5
"""Room that normalised models take, as a multiple of their files."""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch did: files that were taken, files that were there already, how many assets are now ready."""

    pack: str
    folder: Path
    taken: tuple[str, ...]
    kept: tuple[str, ...]
    assets: int


def fetch(
    pack: str,
    *,
    source: str | None = None,
    cache: Path | None = None,
    progress: Progress = lambda _: None,
) -> FetchReport:
    """Fetches a pack and prepares its models. Safe to call again: what is there and whole is not fetched twice.

    source: None for the packages of distributions; else a path or address (http, https, file) of a package's archive,
    of one file of the pack, of a zip or tar of them, or a folder that holds any of these.
    Raises InputError where the pack is unknown, cannot be had, is not what was pinned, or does not fit on the disk.
    """
    known = find_pack(pack)
    root = cache_root() if cache is None else cache
    folder = known.folder(root)
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        wanted = tuple(f for f in known.files if not is_whole(folder / f.name, f))
        taken: tuple[str, ...] = ()
        if wanted:
            _check_room(known, wanted, folder)
            work = Path(tempfile.mkdtemp(prefix=".fetch-", dir=folder))
            try:
                if source is None:
                    taken = _from_packages(known, wanted, folder, work, progress)
                else:
                    taken = _from_source(known, wanted, folder, work, source, progress)
            finally:
                shutil.rmtree(work, ignore_errors=True)
        kept = tuple(f.name for f in known.files if f.name not in taken)
        assets = _prepare(known, root, progress) if known.modelled else 0
    return FetchReport(pack, folder, taken, kept, assets)


def _prepare(pack: Pack, root: Path, progress: Progress) -> int:
    """Normalises the pack's models. Returns how many assets there are."""
    from synthgen.assets.catalogue import build_index
    from synthgen.assets.store import Store

    return len(build_index(pack, Store(root), progress))


def _from_packages(
    pack: Pack, wanted: tuple[PackFile, ...], folder: Path, work: Path, progress: Progress
) -> tuple[str, ...]:
    """Moves the wanted files into `folder`, package by package."""
    needed = [p for p in pack.packages if p.provider != INSTALLED and any(f in wanted for f in p.files)]
    taken: list[str] = []
    for number, package in enumerate(needed, 1):
        own = work / str(number)
        own.mkdir()

        def tell(text: str, number: int = number) -> None:
            progress(f"{number}/{len(needed)} {text}" if len(needed) > 1 else text)

        place = PROVIDERS[package.provider](package, own, tell)
        _check_package(package, place)
        taking = Taking([f for f in package.files if f in wanted], folder, own, tell)
        taking.take_from(place)
        taking.end(pack.name, f"{package.name} {package.version}")
        taken += taking.taken
        shutil.rmtree(own)
    return tuple(taken)


def _check_package(package: Package, place: Path) -> None:
    """Raises InputError where an archive is not the one that was pinned: it is not even opened."""
    if package.sha256 and sha256_of(place) != package.sha256:
        raise InputError.of(
            f"what came as {package.name} {package.version} is not the package that was pinned (its SHA-256 differs)",
            hint="it may be damaged on its way; fetch again, or give the right one with --source",
        )


def _from_source(
    pack: Pack, wanted: tuple[PackFile, ...], folder: Path, work: Path, source: str, progress: Progress
) -> tuple[str, ...]:
    """Moves the wanted files into `folder`, from where the user says."""
    if is_address(source):
        asked = Package(pack.name, "url", source, "", wanted)
    else:
        parts = urllib.parse.urlsplit(source)
        path = urllib.parse.unquote(parts.path) if parts.scheme == "file" else source
        asked = Package(pack.name, "file", path, "", wanted)
    place = PROVIDERS[asked.provider](asked, work, progress)
    taking = Taking(wanted, folder, work, progress)
    for found in places(place, wanted):
        if not taking.left:
            break
        taking.take_from(found)
    taking.end(pack.name, source)
    return tuple(taking.taken)


def _check_room(pack: Pack, wanted: tuple[PackFile, ...], folder: Path) -> None:
    """Raises InputError where packages, files and what is made of them do not fit."""
    files = sum(f.size for f in wanted)
    largest = max(p.size or sum(f.size for f in p.files) for p in pack.packages if any(f in wanted for f in p.files))
    needed = largest + files + (int(files * _PREPARED_SHARE) if pack.modelled else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise _no_room(folder, f"{needed >> 20} MiB are needed, {free >> 20} MiB are free")


def _no_room(folder: Path, detail: str) -> InputError:
    return InputError.of(
        f"no room for the pack: {detail}", where=str(folder), hint="free some, or set SYNTHGEN_CACHE to another disk"
    )


def _sweep(folder: Path) -> None:
    """Removes what a fetch that was killed left behind."""
    for left in folder.glob(".fetch-*"):
        with suppress(FileNotFoundError):  # its fetch has just ended
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(folder, "the disk is full") from error
        what = f"cannot be read or written: {error.strerror or error}"
        raise InputError.of(what, where=str(error.filename or folder)) from error
