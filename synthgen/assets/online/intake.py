"""Brings the files of an asset into a folder, which is made whole or not at all.

While it is under way there is `.<name>.part` beside it, with what has come so far; the next try goes on from there.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from synthgen.assets.online.found import Contents, Downloaded, File, Found
from synthgen.assets.online.settings import Service
from synthgen.assets.online.source import NAME, read_folder, write_source
from synthgen.assets.online.transfer import digest, fetch
from synthgen.assets.online.unpack import confined, unpack
from synthgen.assets.online.web import Web
from synthgen.errors import InputError
from synthgen.paths import user_root

if sys.platform != "win32":
    import fcntl

ONLINE_FOLDER = "online"


def online_root() -> Path:
    """Where assets are put if the user names no folder: `online/` beside the user's own pack."""
    return user_root() / ONLINE_FOLDER


class Room:
    """Where the files of one asset arrive. files: what will be the asset's folder."""

    def __init__(self, work: Path, web: Web, where: str):
        self.files, self._parts = work / "files", work / "parts"
        self._web, self._where = web, where
        self._expected = 0

    def expect(self, size: int) -> None:
        """Says how many bytes will come. Raises InputError where that is more than is sensible, or than there is room
        for."""
        self._expected += size
        if self._expected > self._web.manners.limits.asset:
            raise InputError.of(
                f"the files have {self._expected >> 20} MiB together, which is too much", where=self._where
            )
        free = shutil.disk_usage(self.files).free
        if self._expected > free:
            raise InputError.of(
                f"no room: {self._expected >> 20} MiB are needed, {free >> 20} MiB are free", where=str(self.files),
                hint="free some, or name a folder on another disk with --to",
            )  # fmt: skip

    def fetch(self, address: str, name: str, *, size: int | None = None, md5: str | None = None) -> str:
        """Downloads a file of the asset; gives its name. One that is here already is only checked."""
        name = confined(name, self._where)
        target = self.files / name
        if not self._is_here(target, size, md5):
            part = self._parts / name.replace("/", "~")
            self._web.progress(f"downloading {name}" + (f" ({_mebibytes(size)})" if size else ""))
            fetch(self._web, address, part, size=size, md5=md5)
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
        return name

    def fetch_archive(self, address: str, name: str) -> tuple[str, ...]:
        """Downloads a zip and unpacks it; the names of its files."""
        archive = self._parts / confined(name, self._where)
        if not archive.exists():
            self._web.progress(f"downloading {name}")
            fetch(self._web, address, archive)
        _empty(self.files)
        try:
            names = unpack(archive, self.files, self._web.manners.limits)
        except InputError:
            archive.unlink()
            _empty(self.files)
            raise
        archive.unlink()
        return names

    def _is_here(self, target: Path, size: int | None, md5: str | None) -> bool:
        if not target.is_file():
            return False
        return (size is None or target.stat().st_size == size) and (md5 is None or digest(target, "md5") == md5)


def take_in(
    service: Service,
    found: Found,
    into: Path,
    resolution: str,
    fill: Callable[[Room], Contents],
    web: Web,
) -> Downloaded:
    """Has `fill` bring the files of an asset, and makes the folder `into` of them, with its `source.json`.

    An asset that is there, whole and of this resolution is left as it is. Raises InputError where the folder holds
    something else (that is never touched), or another program is bringing the same asset.
    """
    into = into.absolute()
    before = _there(into, found)
    if before is not None and before.resolution == resolution and _is_whole(before):
        return before
    if before is not None:
        _check_own_files(before)
    work = into.with_name(f".{into.name}.part")
    with _work_folder(work, f"{found.provider} {found.id} {resolution}"):
        room = Room(work, web, f"{service.title}, {found.id}")
        contents = fill(room)
        asset = Downloaded(
            found=found,
            resolution=resolution,
            folder=into,
            contents=contents,
            files=_files(room.files),
            terms=service.terms,
            credit=service.credit,
            new=True,
        )
        write_source(asset, room.files)
        if into.exists():
            into.rename(work / "before")
        room.files.rename(into)
    return asset


def _there(into: Path, found: Found) -> Downloaded | None:
    """The same asset, of an earlier call; None where there is nothing. Raises InputError for anything else."""
    if not into.exists() or (into.is_dir() and not any(into.iterdir())):
        return None
    if into.is_dir() and (into / NAME).is_file():
        before = read_folder(into)
        if (before.found.provider, before.found.id) == (found.provider, found.id):
            return before
    raise InputError.of(
        f"there is something else than {found.provider}'s {found.id} already", where=str(into),
        hint="name another folder with --to, or move it away",
    )  # fmt: skip


def _check_own_files(asset: Downloaded) -> None:
    """Raises InputError where the folder has files that did not come with the asset: it is not replaced then."""
    known = {asset.folder / file.name for file in asset.files} | {asset.folder / NAME}
    own = sorted(path for path in asset.folder.rglob("*") if path.is_file() and path not in known)
    if own:
        raise InputError.of(
            "this file did not come with the asset, which has to be downloaded again", where=str(own[0]),
            hint="move it away, or name another folder with --to",
        )  # fmt: skip


def _is_whole(asset: Downloaded) -> bool:
    try:
        return all(
            (asset.folder / f.name).stat().st_size == f.size and digest(asset.folder / f.name) == f.sha256
            for f in asset.files
        )
    except OSError:
        return False


@contextlib.contextmanager
def _work_folder(work: Path, what: str) -> Iterator[None]:
    """A folder for what is under way, ours alone. It is removed in the end; where the work stops half-way, only if it
    holds nothing to go on from."""
    label = work / "what"
    work.mkdir(parents=True, exist_ok=True)
    with _locked(work / "lock"):
        if not label.exists() or label.read_text(encoding="utf-8") != what:
            for leftover in ("files", "parts", "before"):
                shutil.rmtree(work / leftover, ignore_errors=True)
        for name in ("files", "parts"):
            (work / name).mkdir(exist_ok=True)
        label.write_text(what, encoding="utf-8")
        try:
            yield
        except BaseException:
            if not any(path.is_file() for name in ("files", "parts") for path in (work / name).rglob("*")):
                shutil.rmtree(work, ignore_errors=True)
            raise
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InputError.of(
                    "another synthgen is downloading this just now", where=str(path.parent), hint="wait for it"
                ) from error
            except OSError:
                pass  # a disk without locks
        yield


def _files(folder: Path) -> tuple[File, ...]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    return tuple(File(p.relative_to(folder).as_posix(), p.stat().st_size, digest(p)) for p in paths)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"
