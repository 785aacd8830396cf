"""Reads the archives that packs come in: zip (`.sh3f` is one) and Debian packages. Nothing is written outside the
folder that is named, and no member may be larger than is sensible."""

from __future__ import annotations

import lzma
import posixpath
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
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


def open_files(path: Path, wanted: set[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of these names within a `.deb` or a zip, wherever in it they lie, as (name, open stream).

    What kind of archive it is shows in its first bytes, not in its name. Raises InputError where it is neither, and
    what is in BROKEN where it is damaged (also while a stream is read).
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head == b"!<arch>\n":
        yield from _deb_files(path, wanted)
    elif head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = posixpath.basename(info.filename)
                if name in wanted and not info.is_dir() and info.file_size <= MAX_MEMBER:
                    with archive.open(info) as stream:
                        yield name, stream
    else:
        raise InputError.of("neither a Debian package nor a zip archive", where=str(path))


def _deb_files(path: Path, wanted: set[str]) -> Iterator[tuple[str, IO[bytes]]]:
    with _deb_data(path) as archive:
        for member in archive:
            name = posixpath.basename(member.name)
            if name in wanted and member.isfile() and member.size <= MAX_MEMBER:
                stream = archive.extractfile(member)
                if stream is not None:
                    yield name, stream


def _deb_data(path: Path) -> tarfile.TarFile:
    """The archive of files inside a `.deb` (format: deb(5), an ar archive with a member `data.tar.*`)."""
    with path.open("rb") as file:
        file.seek(8)
        while header := file.read(60):
            if len(header) < 60 or header[58:60] != b"`\n":
                break
            name, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), int(header[48:58])
            if name in ("data.tar.xz", "data.tar.gz", "data.tar.bz2", "data.tar"):
                # Read on through the open file: tarfile keeps its own handle on the copy in memory.
                return tarfile.open(fileobj=BytesIO(file.read(size)), mode="r:*")
            if name.startswith("data.tar"):
                return _deb_data_by_tool(path)
            file.seek(size + size % 2, 1)
    raise InputError.of("the Debian package holds no files; it may be cut short", where=str(path))


def _deb_data_by_tool(path: Path) -> tarfile.TarFile:
    """For compressions that Python lacks (zstd)."""
    if shutil.which("dpkg-deb") is None:
        raise InputError.of(
            "this Debian package is compressed in a way that needs `dpkg-deb`", where=str(path),
            hint="unpack it yourself and give the folder with --source",
        )  # fmt: skip
    done = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], capture_output=True, check=False)
    if done.returncode:
        raise InputError.of(f"dpkg-deb cannot read it: {done.stderr.decode(errors='replace').strip()}", where=str(path))
    return tarfile.open(fileobj=BytesIO(done.stdout), mode="r:")


def copy_stream(stream: IO[bytes], into: IO[bytes], limit: int) -> bool:
    """Copies at most `limit` bytes; false where there was more."""
    left = limit
    while block := stream.read(min(_BLOCK, left + 1)):
        if len(block) > left:
            return False
        into.write(block)
        left -= len(block)
    return True
