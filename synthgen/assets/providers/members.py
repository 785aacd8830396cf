"""Reads the archives that packages come as: zip (as wheels and `.sh3f` are), tar (as npm's are) and Debian packages.

What kind an archive is shows in its first bytes, not in its name. Nothing is written to the disk here, and members
whose names would lead out of a folder, links and devices are passed over.
"""

from __future__ import annotations

import gzip
import lzma
import posixpath
import shutil
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO

from synthgen.errors import InputError

MAX_MEMBERS = 200_000

BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, struct.error),
    *(EOFError, ValueError, NotImplementedError, RuntimeError),
)
"""What reading a torn, damaged or locked archive raises."""

_DEB, _ZIP = b"!<arch>\n", b"PK"
_COMPRESSED_TAR = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_TAR_MAGIC = slice(257, 262)


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file of an archive: its relative name, with slashes; how to read it, until the next is asked for."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def members(path: Path) -> Iterator[Member]:
    """The members of an archive, in its order.

    Raises InputError where it is no archive or has more members than is sensible, and what is in BROKEN where it is
    damaged (also while a member is read).
    """
    for number, member in enumerate(_all_members(path)):
        if number >= MAX_MEMBERS:
            raise InputError.of(f"the archive has more than {MAX_MEMBERS} members", where=str(path))
        yield member


def _all_members(path: Path) -> Iterator[Member]:
    with path.open("rb") as file:
        head = file.read(_TAR_MAGIC.stop)
    if head.startswith(_ZIP):
        with zipfile.ZipFile(path) as zipped:
            yield from _of_zip(zipped)
    elif head.startswith(_DEB):
        with _deb_data(path) as archive:
            yield from _of_tar(archive)
    elif head.startswith(_COMPRESSED_TAR) or head[_TAR_MAGIC] == b"ustar":
        with tarfile.open(path, "r:*") as archive:
            yield from _of_tar(archive)
    else:
        raise InputError.of("not an archive: neither a Debian package, a zip nor a tar", where=str(path))


def _of_zip(archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        name = _proper(info.filename)
        if name is not None and not info.is_dir():
            yield Member(name, partial(archive.open, info))


def _of_tar(archive: tarfile.TarFile) -> Iterator[Member]:
    for info in archive:
        name = _proper(info.name)
        if name is not None and info.isreg():
            yield Member(name, partial(_extract, archive, info))


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(info)
    assert stream is not None, "a regular file"
    return stream


def _proper(name: str) -> str | None:
    """A member's name without a leading `./`; None where it would lie outside the folder that it is unpacked into."""
    if "\\" in name or "\0" in name or ":" in name.split("/", 1)[0] or posixpath.isabs(name):
        return None
    path = posixpath.normpath(name)
    return None if path.split("/", 1)[0] in ("..", ".") else path


def _deb_data(path: Path) -> tarfile.TarFile:
    """The archive of files inside a `.deb` (format: deb(5), an ar archive with a member `data.tar.*`)."""
    with path.open("rb") as file:
        file.seek(len(_DEB))
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
