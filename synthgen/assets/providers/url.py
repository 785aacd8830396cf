"""Files at an address. A connection that breaks is taken up where it broke, a few times."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Progress
from synthgen.errors import InputError

if TYPE_CHECKING:
    import requests

_BLOCK = 1 << 16
_TRIES = 3
_TIMEOUT_SECONDS = 60
_TELL_BYTES = 16 << 20
_LONGEST_NAME = 60


def is_address(text: str) -> bool:
    """Is this an address that `bring` downloads from?"""
    return urllib.parse.urlsplit(text).scheme in ("http", "https")


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """Downloads the file at the address that the package's name says."""
    import requests

    address = package.name
    target = work / _file_name(address)
    for attempt in range(_TRIES):
        have = target.stat().st_size if target.exists() else 0
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
        try:
            with requests.get(address, stream=True, timeout=_TIMEOUT_SECONDS, headers=headers) as answer:
                if answer.status_code == 416:
                    return target
                answer.raise_for_status()
                with target.open("ab" if answer.status_code == 206 else "wb") as out:
                    _receive(answer.iter_content(_BLOCK), out, int(answer.headers.get("Content-Length", 0)), progress)
            return target
        except requests.HTTPError as error:
            raise InputError.of(f"cannot be downloaded: status {_status(error)}", where=address) from error
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            if attempt == _TRIES - 1:
                raise InputError.of(
                    "cannot be downloaded: no connection", where=address,
                    hint="is the network up? A file that you have already can be given with --source",
                ) from error  # fmt: skip
            progress("the connection broke; trying again")
        except requests.RequestException as error:
            raise InputError.of(f"cannot be downloaded: {error}", where=address) from error
    raise AssertionError("unreachable")


def _file_name(address: str) -> str:
    """The last part of an address, as a name that a file may have."""
    name = Path(urllib.parse.unquote(urllib.parse.urlsplit(address).path)).name.replace("\0", "")
    return "download" if name in ("", "..") else name[-_LONGEST_NAME:]


def _status(error: requests.HTTPError) -> str:
    return str(error.response.status_code) if error.response is not None else "unknown"


def _receive(blocks: Iterator[bytes], out: IO[bytes], total: int, progress: Progress) -> None:
    done, told = 0, 0
    for block in blocks:
        out.write(block)
        done += len(block)
        if done - told >= _TELL_BYTES:
            told = done
            progress(f"downloaded {done >> 20} of {total >> 20} MiB" if total else f"downloaded {done >> 20} MiB")
