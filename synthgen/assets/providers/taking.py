"""Takes the files of a pack out of what a provider brought: a file is kept only when its SHA-256 is the pinned one.

Everything is written into the fetch's own folder, and renamed into the pack's when it is whole and right.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO

from synthgen.assets.archive import copy_stream
from synthgen.assets.packs import PackFile
from synthgen.assets.providers.bundle import inner_name, matching, write_bundle
from synthgen.assets.providers.client import Progress
from synthgen.assets.providers.members import BROKEN, Member, members
from synthgen.errors import InputError


class Taking:
    """Files of a pack that are still wanted. They go into `folder`, by way of `work` on the same disk.

    left: by name, what was not found yet. A file of the right name and the wrong content is passed over, since another
    place may have the right one; `end` speaks of it.
    """

    def __init__(self, wanted: Iterable[PackFile], folder: Path, work: Path, progress: Progress):
        self.left = {file.name: file for file in wanted}
        self.taken: list[str] = []
        self._folder, self._work, self._progress = folder, work, progress
        self._wrong: dict[str, InputError] = {}

    def take_from(self, place: Path) -> None:
        """Takes what there is in a file: one of the wanted files itself, or an archive.

        Raises InputError where it is neither, or a damaged archive.
        """
        own = next((f for f in self.left.values() if is_whole(place, f)), None)
        if own is not None:
            with place.open("rb") as opened:
                self._keep(own, partial(copy_stream, opened, limit=own.size), place)
        elif place.name in self.left:
            self._note(self.left[place.name], sha256_of(place), str(place))
        else:
            try:
                self._take_members(place)
            except BROKEN as error:
                raise InputError.of(f"a broken archive: {error}", where=str(place), hint="fetch it again") from error

    def end(self, pack: str, source: str) -> None:
        """Raises InputError where anything is still missing."""
        wrong = [error for name, error in self._wrong.items() if name in self.left]
        if wrong:
            raise wrong[0]
        if self.left:
            also = f" (kept: {', '.join(self.taken)})" if self.taken else ""
            raise InputError.of(
                f"{source or 'the package'} lacks {', '.join(sorted(self.left))} of the pack {pack!r}{also}",
                hint="give the package's archive, or a folder or zip with these files, with --source",
            )

    def _take_members(self, place: Path) -> None:
        bundles = {file.name: _Bundle(file) for file in self.left.values() if file.members}
        for member in members(place):
            file = self._single(member)
            if file is not None:
                with member.open() as stream:
                    self._keep(file, partial(copy_stream, stream, limit=file.size), place)
            for bundle in bundles.values():
                bundle.look_at(member)
        for name, bundle in bundles.items():
            if bundle.has_all and name in self.left:
                self._keep(bundle.file, bundle.write, place)

    def _single(self, member: Member) -> PackFile | None:
        """The wanted file that a member is, by its path in the package or by its bare name."""
        base = posixpath.basename(member.name)
        return next((f for f in self.left.values() if member.name == f.path or base == f.name), None)

    def _keep(self, file: PackFile, write: Callable[[IO[bytes]], bool], place: Path) -> None:
        """Writes a file, checks it, and only then gives it its name."""
        self._progress(f"checking {file.name}")
        temporary = self._work / f"{file.name}.part"
        with temporary.open("wb") as out:
            whole = write(out)
            out.flush()
            os.fsync(out.fileno())
        found = sha256_of(temporary)
        if not whole or found != file.sha256:
            temporary.unlink()
            self._note(file, found, f"{place.name}: {file.name}")
            return
        temporary.replace(self._folder / file.name)
        self.taken.append(file.name)
        del self.left[file.name]

    def _note(self, file: PackFile, found: str, where: str) -> None:
        self._wrong[file.name] = InputError.of(
            f"{file.name} is not the file that was pinned (SHA-256 {found[:16]}..., not {file.sha256[:16]}...)",
            where=where,
            hint="it may be damaged, or of another version; fetch again or from elsewhere",
        )


class _Bundle:
    """The members of an archive of which a wanted zip is made, as they come along."""

    def __init__(self, file: PackFile):
        self.file = file
        self._contents: dict[str, bytes] = {}
        self._seen: defaultdict[str, int] = defaultdict(int)
        self._room = file.size

    @property
    def has_all(self) -> bool:
        return all(self._seen[pattern] for pattern in self.file.members)

    def look_at(self, member: Member) -> None:
        found = matching(member.name, self.file.members)
        for pattern in found:
            self._seen[pattern] += 1
        if not found or self._room < 0:
            return
        with member.open() as stream:
            data = stream.read(self._room + 1)
        self._room -= len(data)
        self._contents[inner_name(member.name, self.file.root)] = data

    def write(self, out: IO[bytes]) -> bool:
        """Writes the zip; false where its members are more than it can hold."""
        if self._room < 0:
            return False
        write_bundle(out, self._contents)
        return True


def is_whole(path: Path, file: PackFile) -> bool:
    """Is this the file, by size and content?"""
    try:
        return path.stat().st_size == file.size and sha256_of(path) == file.sha256
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
