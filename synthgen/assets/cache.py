"""What the cache holds, and how to empty it. All that is removed can be made or fetched again.

<cache>/packs/        what was fetched, and what is known of its models
<cache>/meshes/       canonical meshes          <cache>/images/   textures
<cache>/made/         what was made of what     <cache>/converted/   models and surroundings made ready once
<cache>/folders/      what is known of users' folders of models    <cache>/online/   catalogues of services
"""

from __future__ import annotations

import contextlib
import difflib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthgen.assets.trim import SPARED_SECONDS
from synthgen.errors import InputError

OTHER = "other"

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "packs": (),
    "meshes": (".npz", ".tmp"),
    "images": (".png", ".tmp"),
    "made": (".json", ".tmp"),
    "converted": (".npz", ".json", ".exr", ".tmp"),
}
"""The parts, and how the files in their folders end; nothing else in them is touched. Empty: as may be."""

_OTHER_FOLDERS = ("folders", "online")
_IN_USE = ("meshes", "images", "made")
"""What every run that needs packs reads or writes all the time."""

PARTS = (*_SUFFIXES, OTHER)
MADE_PARTS = tuple(part for part in PARTS if part != "packs")
"""What no download is needed for."""


@dataclass(frozen=True, slots=True)
class PartSize:
    """How much a part holds, in files and bytes."""

    name: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Emptied:
    """What emptying did: files and bytes that are gone, and bytes that stayed because they are in use."""

    files: int
    bytes: int
    spared: int


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    bytes: int
    used: float


def check_parts(parts: Iterable[str]) -> None:
    """Raises InputError for a part that does not exist."""
    for part in parts:
        if part not in PARTS:
            near = difflib.get_close_matches(part, PARTS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"parts: {', '.join(PARTS)}"
            raise InputError.of(f"the cache has no part {part!r}", hint=hint)


def sizes(root: Path) -> tuple[PartSize, ...]:
    """The size of every part of a cache; `other` counts whatever else lies in it."""
    found = []
    for part in PARTS:
        files = list(_rest(root) if part == OTHER else _removable(root, part))
        found.append(PartSize(part, len(files), sum(f.bytes for f in files)))
    return tuple(found)


def empty(root: Path, parts: Sequence[str] = MADE_PARTS, *, force: bool = False) -> Emptied:
    """Removes the content of some parts; what was used within the last half hour only with `force`.

    Packs are in use as long as anything is: they are read without a trace. Of `other`, only what synthgen knows is
    removed. Raises InputError for a part that does not exist.
    """
    check_parts(parts)
    limit = time.time() - SPARED_SECONDS
    busy = any(file.used > limit for part in _IN_USE for file in _removable(root, part))
    count = removed = spared = 0
    for part in dict.fromkeys(parts):
        for file in list(_removable(root, part)):
            if not force and (file.used > limit or (busy and part == "packs")):
                spared += file.bytes
                continue
            with contextlib.suppress(FileNotFoundError):  # another process may remove it too
                file.path.unlink()
                count += 1
                removed += file.bytes
        _remove_empty_folders(root, part)
    return Emptied(count, removed, spared)


def _removable(root: Path, part: str) -> Iterator[_File]:
    """The files that emptying a part may remove."""
    if part != OTHER:
        suffixes = _SUFFIXES[part]
        yield from (f for f in _files(root / part) if not suffixes or f.path.suffix in suffixes)
        return
    for folder in _OTHER_FOLDERS:
        # folders/NAME.json says where the folder NAME lies: without it, meshes of its models cannot be made again.
        yield from (f for f in _files(root / folder) if folder != "folders" or f.path.parent != root / folder)


def _rest(root: Path) -> Iterator[_File]:
    """Every file that is in none of the other parts' folders."""
    with contextlib.suppress(OSError):
        for entry in sorted(root.iterdir()):
            if entry.name not in _SUFFIXES:
                yield from _files(entry) if entry.is_dir() else _facts([entry])


def _files(folder: Path) -> Iterator[_File]:
    """All files below a folder; links to other folders are not followed."""
    for place, _, names in os.walk(folder):
        yield from _facts(Path(place) / name for name in names)


def _facts(paths: Iterable[Path]) -> Iterator[_File]:
    for path in paths:
        with contextlib.suppress(OSError):  # it has just been removed
            facts = path.lstat()
            yield _File(path, facts.st_size, facts.st_mtime)


def _remove_empty_folders(root: Path, part: str) -> None:
    for folder in _OTHER_FOLDERS if part == OTHER else (part,):
        for place, _, _ in os.walk(root / folder, topdown=False):
            if Path(place) != root / folder:
                with contextlib.suppress(OSError):  # it still holds something
                    Path(place).rmdir()
