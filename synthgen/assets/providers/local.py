"""What lies on this machine already: a file, or a folder that holds what a pack needs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from synthgen.assets.packs import Package, PackFile
from synthgen.assets.providers.client import Progress
from synthgen.errors import InputError

ARCHIVES = (".deb", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar", ".whl", ".zip")


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """The file or folder that the package's name says."""
    path = Path(package.name).expanduser()
    if not path.exists():
        raise InputError.of("no such file or folder", where=str(path))
    return path


def places(path: Path, wanted: Iterable[PackFile]) -> list[Path]:
    """The files to look into: the path itself; of a folder, what is named like a wanted file anywhere in it, then the
    archives that lie in it."""
    if not path.is_dir():
        return [path]
    named: list[Path] = []
    for file in wanted:
        same = [p for p in sorted(path.rglob(file.name)) if p.is_file()]
        named += [p for p in same if p.stat().st_size == file.size] or same[:1]
    return named + sorted(p for p in path.iterdir() if p.is_file() and p.name.lower().endswith(ARCHIVES))
