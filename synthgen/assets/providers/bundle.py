"""A zip that a pack keeps of several files of a package, instead of thousands of files in a folder.

Its bytes depend on its members' names and contents alone (sorted, stored without compression, one date for all), so
its checksum can be pinned although no package holds it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_UNIX = 3


def matching(name: str, patterns: Iterable[str]) -> set[str]:
    """The patterns that a member's name has: `*` stands for anything within a folder, `**` for any folders too."""
    return {pattern for pattern in patterns if _expression(pattern).fullmatch(name)}


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(piece, re.escape(piece)) for piece in pieces))


def inner_name(name: str, root: str) -> str:
    """A member's name in the zip: without the folders that the zip leaves out."""
    return name.removeprefix(f"{root}/") if root else name


def write_bundle(file: IO[bytes], contents: Mapping[str, bytes]) -> None:
    """Writes the zip of these members, by name."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr, info.create_system = _MODE, _UNIX
            archive.writestr(info, contents[name])
