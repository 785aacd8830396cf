"""Gets the files of a pack: from the distribution's package by its own client, or from where the user says.

A file is taken only when its SHA-256 is the pinned one. Everything is written beside the cache's place for it and
renamed there when whole, so an interrupted fetch leaves nothing half, and the next one starts cleanly.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from synthgen.assets.archive import BROKEN, copy_stream, open_files
from synthgen.assets.packs import Pack, PackFile, find_pack
from synthgen.errors import InputError
from synthgen.paths import cache_root

if TYPE_CHECKING:
    import requests

Progress = Callable[[str], None]

_STALE_SECONDS = 24 * 3600
_ROOM_FACTOR = 3.5
"""Room needed, as a multiple of the files that are missing: the package, the files, the normalised meshes."""

_BLOCK = 1 << 16
_DOWNLOAD_TRIES = 3
_TIMEOUT_SECONDS = 60


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

    source: None for the distribution's package; else a path or address (http, https, file) of a `.deb`, of one
    file of the pack, of a zip of them, or a folder that holds them.
    Raises InputError where the pack is unknown, cannot be had, is not what was pinned, or does not fit on the disk.
    """
    from synthgen.assets.catalogue import build_index
    from synthgen.assets.store import Store

    known = find_pack(pack)
    root = cache_root() if cache is None else cache
    folder = known.folder(root)
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        wanted = tuple(f for f in known.files if not _is_whole(folder / f.name, f))
        taken: tuple[str, ...] = ()
        if wanted:
            _check_room(folder, wanted)
            work = Path(tempfile.mkdtemp(prefix=".fetch-", dir=folder))
            try:
                taken = _take(known, wanted, folder, work, source, progress)
            finally:
                shutil.rmtree(work, ignore_errors=True)
        kept = tuple(f.name for f in known.files if f.name not in taken)
        index = build_index(known, Store(root), progress)
    return FetchReport(pack, folder, taken, kept, len(index))


def _take(
    pack: Pack, wanted: tuple[PackFile, ...], folder: Path, work: Path, source: str | None, progress: Progress
) -> tuple[str, ...]:
    """Moves the wanted files into `folder`. Raises InputError where any is missing from the source."""
    if source is None:
        places = [_download_deb(pack, work, progress)]
    elif urllib.parse.urlsplit(source).scheme in ("http", "https"):
        places = [_download(source, work, progress)]
    else:
        parts = urllib.parse.urlsplit(source)
        path = Path(urllib.parse.unquote(parts.path) if parts.scheme == "file" else source)
        places = _local(path.expanduser(), wanted)
    left = {f.name: f for f in wanted}
    taken = []
    for place in places:
        for name in _take_from(place, left, folder, work, progress):
            taken.append(name)
            del left[name]
    if left:
        also = f" (kept: {', '.join(taken)})" if taken else ""
        raise InputError.of(
            f"the source lacks {', '.join(sorted(left))} of the pack {pack.name!r}{also}",
            where=source or "",
            hint="give the .deb, or a folder or zip with these files, with --source",
        )
    return tuple(taken)


def _take_from(place: Path, left: dict[str, PackFile], folder: Path, work: Path, progress: Progress) -> Iterator[str]:
    """Takes from one file: one of the pack's own, or an archive of them."""
    own = next((f for f in left.values() if _is_whole(place, f)), None)
    if own is not None:
        with place.open("rb") as opened:
            _keep(opened, own, folder, work, progress)
        yield own.name
        return
    if place.name in left:
        raise _wrong(place.name, left[place.name], _sha256(place), str(place))
    try:
        for name, stream in open_files(place, set(left)):
            if name in left:
                _keep(stream, left[name], folder, work, progress)
                yield name
    except BROKEN as error:
        raise InputError.of(f"a broken archive: {error}", where=str(place), hint="fetch it again") from error


def _keep(stream: IO[bytes], file: PackFile, folder: Path, work: Path, progress: Progress) -> None:
    """Writes a file, checks it, and only then gives it its name."""
    progress(f"checking {file.name}")
    temporary = work / f"{file.name}.part"
    with temporary.open("wb") as out:
        whole = copy_stream(stream, out, file.size)
        out.flush()
        os.fsync(out.fileno())
    found = _sha256(temporary)
    if not whole or found != file.sha256:
        raise _wrong(file.name, file, found, file.name)
    temporary.replace(folder / file.name)


def _wrong(name: str, file: PackFile, found: str, where: str) -> InputError:
    return InputError.of(
        f"{name} is not the file that was pinned (SHA-256 {found[:16]}..., not {file.sha256[:16]}...)",
        where=where,
        hint="it may be damaged, or of another version; fetch again or from elsewhere",
    )


def _download_deb(pack: Pack, work: Path, progress: Progress) -> Path:
    """Downloads the pack's Debian package by `apt-get download`, which needs no rights and installs nothing."""
    package, version = pack.packages[0].name, pack.packages[0].version
    elsewhere = f"or give the {package} .deb (or a folder with its .sh3f files) with --source"
    if shutil.which("apt-get") is None:
        raise InputError.of(
            f"the pack {pack.name!r} comes as the Debian package {package}, and this machine has no apt-get",
            hint=f"download {package}_{version}_all.deb from a Debian mirror and run: "
            f"synthgen assets fetch {pack.name} --source FILE.deb",
        )
    found, said = _apt_download(package, version, work, (), progress)
    if found is None and _is_unknown(said):
        # The machine's package index is empty or old, as in a fresh container. One of our own needs no rights.
        own = _own_index(work)
        progress("apt-get update (into a folder of its own)")
        _apt([*own, "update"], work)
        found, said = _apt_download(package, version, work, own, progress)
    if found is not None:
        return found
    reason = next((line[2:].strip() for line in said.splitlines() if line.startswith("E:")), said.strip()[:200])
    if _is_unknown(said):
        raise InputError.of(
            f"apt-get does not know {package}: {reason}", hint=f"run `apt-get update` (as root) first, {elsewhere}"
        )
    raise InputError.of(f"apt-get cannot download {package}: {reason}", hint=f"is the network up? {elsewhere}")


def _apt_download(
    package: str, version: str, work: Path, options: Sequence[str], progress: Progress
) -> tuple[Path | None, str]:
    """The .deb that `apt-get download` brought into `work`, or None; and what it said last."""
    said = ""
    for wanted in (f"{package}={version}", package):
        progress(f"apt-get download {wanted}")
        done = _apt([*options, "download", wanted], work)
        found = sorted(work.glob("*.deb"))
        if done.returncode == 0 and found:
            return found[0], ""
        said = done.stderr
        if "was not found" not in said:
            break
    return None, said


def _apt(arguments: Sequence[str], work: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", *arguments],
        cwd=work, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip


def _is_unknown(said: str) -> bool:
    return "Unable to locate package" in said or "No packages found" in said


def _own_index(work: Path) -> tuple[str, ...]:
    """Options that make apt-get keep its package index in `work`."""
    lists, cache = work / "apt" / "lists", work / "apt" / "cache"
    for folder in (lists / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True)
    return ("-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}")


def _download(address: str, work: Path, progress: Progress) -> Path:
    """Downloads a file; a connection that breaks is taken up where it broke, a few times."""
    import requests

    target = work / (Path(urllib.parse.unquote(urllib.parse.urlsplit(address).path)).name or "download")
    for attempt in range(_DOWNLOAD_TRIES):
        have = target.stat().st_size if target.exists() else 0
        try:
            with requests.get(
                address, stream=True, timeout=_TIMEOUT_SECONDS, headers={"Range": f"bytes={have}-"} if have else {}
            ) as answer:
                if answer.status_code == 416:
                    return target
                answer.raise_for_status()
                with target.open("ab" if answer.status_code == 206 else "wb") as out:
                    _receive(answer.iter_content(_BLOCK), out, int(answer.headers.get("Content-Length", 0)), progress)
            return target
        except requests.HTTPError as error:
            raise InputError.of(f"cannot be downloaded: status {_status(error)}", where=address) from error
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            if attempt == _DOWNLOAD_TRIES - 1:
                raise InputError.of(
                    "cannot be downloaded: no connection", where=address,
                    hint="is the network up? A file that you have already can be given with --source",
                ) from error  # fmt: skip
            progress("the connection broke; trying again")
        except requests.RequestException as error:
            raise InputError.of(f"cannot be downloaded: {error}", where=address) from error
    raise AssertionError("unreachable")


def _status(error: requests.HTTPError) -> str:
    return str(error.response.status_code) if error.response is not None else "unknown"


def _receive(blocks: Iterator[bytes], out: IO[bytes], total: int, progress: Progress) -> None:
    done, told = 0, 0
    for block in blocks:
        out.write(block)
        done += len(block)
        if done - told >= 16 << 20:
            told = done
            progress(f"downloaded {done >> 20} of {total >> 20} MiB" if total else f"downloaded {done >> 20} MiB")


def _local(path: Path, wanted: tuple[PackFile, ...]) -> list[Path]:
    """The files to look into: the path itself, or what of the wanted files (else a package) lies in the folder."""
    if path.is_dir():
        found = []
        for file in wanted:
            same_name = sorted(path.rglob(file.name))
            found += [p for p in same_name if _is_whole(p, file)][:1] or same_name[:1]
        return found or sorted(path.glob("*.deb"))[:1]
    if not path.is_file():
        raise InputError.of("no such file or folder", where=str(path))
    return [path]


def _is_whole(path: Path, file: PackFile) -> bool:
    try:
        return path.stat().st_size == file.size and _sha256(path) == file.sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_room(folder: Path, wanted: tuple[PackFile, ...]) -> None:
    needed = int(sum(f.size for f in wanted) * _ROOM_FACTOR)
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
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(folder, "the disk is full") from error
        raise InputError.of(f"cannot be written: {error.strerror}", where=str(error.filename or folder)) from error
