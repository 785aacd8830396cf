"""The files among which models lie: a zip (`.sh3f` is one) or a folder. Nothing outside is read, and no file may be
larger than is sensible."""

from __future__ import annotations

import lzma
import posixpath
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from synthgen.errors import InputError

MAX_MEMBER = 256 * 1024 * 1024
"""Bytes: no model or picture of a pack is larger."""

MAX_FILE = 1024 * 1024 * 1024
"""Bytes: no model or picture in a folder of the user's is larger."""

_BLOCK = 1 << 20

BROKEN = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError)
"""What reading a torn or damaged archive raises."""


class ModelArchive:
    """A zip of models, read member by member into memory."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise InputError.of(f"cannot be read as a zip archive: {error}", where=str(path)) from error
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a member; upper and lower case are one. Raises InputError where it is missing, torn or huge."""
        where = f"{self.path.name}:{name}"
        real = self._names.get(name.lower())
        if real is None:
            raise InputError.of("the archive has no such member", where=where)
        try:
            if self._zip.getinfo(real).file_size > MAX_MEMBER:
                raise _too_large(where)
            with self._zip.open(real) as member:
                data = member.read(MAX_MEMBER + 1)
        except (OSError, NotImplementedError, RuntimeError, *BROKEN) as error:
            raise InputError.of(f"the member cannot be read: {error}", where=where) from error
        if len(data) > MAX_MEMBER:
            raise _too_large(where)
        return data


def _too_large(where: str) -> InputError:
    return InputError.of(
        f"the member is too large: over {MAX_MEMBER >> 20} MiB when unpacked", where=where,
        hint="if that is right, unpack the archive and give the folder",
    )  # fmt: skip


class ModelFolder:
    """A folder of models on disk, read like an archive. Links that lead out of it are not followed."""

    def __init__(self, path: Path):
        self.path = path
        self._root = path.resolve()

    def has(self, name: str) -> bool:
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """The bytes of a file; upper and lower case are one. Raises InputError where it is missing or huge."""
        where = str(self.path / name)
        found = self._find(name)
        if found is None:
            raise InputError.of("there is no such file in the folder", where=where)
        try:
            if found.stat().st_size > MAX_FILE:
                raise InputError.of(f"the file is larger than {MAX_FILE >> 20} MiB", where=where)
            return found.read_bytes()
        except OSError as error:
            raise InputError.of(f"the file cannot be read: {error}", where=where) from error

    def _find(self, name: str) -> Path | None:
        """The file of a name; None where there is none, or it lies outside."""
        parts = posixpath.normpath(name).split("/")
        if posixpath.isabs(name) or ".." in parts or "\0" in name:
            return None
        found = self._root
        for part in parts:
            step = found / part
            if not step.exists():
                try:
                    step = next((p for p in sorted(found.iterdir()) if p.name.lower() == part.lower()), step)
                except OSError:
                    return None
            found = step
        try:
            inside = found.is_file() and found.resolve().is_relative_to(self._root)
        except OSError:
            return None
        return found if inside else None


def beside(member: str, reference: str) -> str | None:
    """The member that `reference` names from within `member`; None where it leads out of the member's top folder.

    A model that lies in no folder may name what lies anywhere in the archive, or in the folder that stands for it.
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(member), reference.replace("\\", "/")))
    top = f"{member.split('/', 1)[0]}/" if "/" in member else ""
    if posixpath.isabs(path) or path == ".." or path.startswith("../") or not path.startswith(top):
        return None
    return path


def copy_stream(stream: IO[bytes], into: IO[bytes], limit: int) -> bool:
    """Copies at most `limit` bytes; false where there was more."""
    left = limit
    while block := stream.read(min(_BLOCK, left + 1)):
        if len(block) > left:
            return False
        into.write(block)
        left -= len(block)
    return True
