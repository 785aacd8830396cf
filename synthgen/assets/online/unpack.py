"""Unpacks a stranger's zip archive: nothing leaves the folder, nothing grows beyond the limits."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from pathlib import Path

from synthgen.assets.archive import BROKEN, copy_stream
from synthgen.assets.online.settings import Limits
from synthgen.errors import InputError

_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_NAME = 200


def confined(name: str, where: str) -> str:
    """A relative file name with slashes, as a stranger gave it. Raises InputError where it could lead out of a
    folder, or is no proper name."""
    parts = name.replace("\\", "/").split("/")
    proper = all(part not in ("", ".", "..") and len(part.encode()) <= _LONGEST_NAME for part in parts)
    if not proper or _DRIVE.match(name) or any(unicodedata.category(c)[0] == "C" for c in name):
        raise InputError.of(f"{name!r} is not a name for a file within a folder", where=where)
    return "/".join(parts)


def unpack(archive: Path, into: Path, limits: Limits) -> tuple[str, ...]:
    """Unpacks a zip into a folder; the names of the files. Raises InputError where it is none, is damaged, or has a
    member that would lie outside the folder, is a link, is locked, or is one too many or too large."""
    where = archive.name
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [info for info in opened.infolist() if not info.is_dir()]
            _check_amount(members, where, limits)
            names = [_name(info, where) for info in members]
            if len({name.casefold() for name in names}) < len(names):
                raise InputError.of("the archive has two files of one name", where=where)
            for info, name in zip(members, names, strict=True):
                target = into / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(info) as stream, target.open("wb") as out:
                    if not copy_stream(stream, out, info.file_size):
                        raise InputError.of(f"{name} is larger than the archive says", where=where)
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise InputError.of("the archive has a file and a folder of one name", where=where) from error
    except (NotImplementedError, RuntimeError, ValueError, *BROKEN) as error:
        raise InputError.of(f"not a zip archive that can be read: {error}", where=where) from error
    return tuple(names)


def _check_amount(members: list[zipfile.ZipInfo], where: str, limits: Limits) -> None:
    if len(members) > limits.members:
        raise InputError.of(f"the archive has {len(members)} files, more than {limits.members}", where=where)
    largest = max((info.file_size for info in members), default=0)
    if largest > limits.file or sum(info.file_size for info in members) > limits.asset:
        raise InputError.of("the archive unpacks to more than is sensible", where=where)


def _name(info: zipfile.ZipInfo, where: str) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError.of(f"the archive has a link, {info.filename!r}", where=where)
    return confined(info.filename, where)
