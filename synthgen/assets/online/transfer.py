"""Downloads a file: checked, and taken up where it broke, in this run or an earlier one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING

from synthgen.assets.online.web import BLOCK, Web, broken
from synthgen.errors import InputError

if TYPE_CHECKING:
    import requests

_TOLD = 16 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class WrongContent(InputError):
    """A file is not the one that the service describes."""


def fetch(web: Web, address: str, target: Path, *, size: int | None = None, md5: str | None = None) -> None:
    """Downloads a file to `target`, which appears when it is whole and right.

    What came before is kept beside it with a mark of its version, and only the rest is asked for where the service
    says that the file is still that version. size, md5: as the service names them. Raises WrongContent where the
    file has others, and what Web raises.
    """
    part, mark = _beside(target, ".part"), _beside(target, ".mark")
    target.parent.mkdir(parents=True, exist_ok=True)
    resumed = part.exists()
    while True:
        try:
            sha256 = _receive(web, web.address(address), part, mark, size, target.name)
            _check(part, size, md5, sha256, address)
        except WrongContent:
            part.unlink(missing_ok=True)
            mark.unlink(missing_ok=True)
            if not resumed:
                raise
            resumed = False  # its beginning may have been another file's: once more, from the start
            continue
        mark.unlink(missing_ok=True)
        part.replace(target)
        return


def digest(path: Path, kind: str = "sha256") -> str:
    """The checksum of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def _beside(target: Path, end: str) -> Path:
    return target.with_name(target.name + end)


def _receive(web: Web, address: str, part: Path, mark: Path, size: int | None, what: str) -> str | None:
    """Brings `part` to its full length; gives the SHA-256 of the whole, where the service names it."""
    attempt = longest = 0
    while True:
        version = mark.read_text(encoding="utf-8") if mark.exists() else ""
        have = part.stat().st_size if part.exists() and version else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": version}
        try:
            with web.ask(address, headers=headers, accept=(200, 206, 416) if have else (200,)) as answer:
                if answer.status_code == 416 and _length(answer) == have:
                    return _linked_sha256(answer)
                if answer.status_code == 416 or (answer.status_code == 206 and _start(answer) != have):
                    part.unlink()
                    continue
                start = have if answer.status_code == 206 else 0
                total = _total(answer, start)
                mark.write_text(_version(answer), encoding="utf-8")
                with part.open("r+b" if start else "wb") as out:
                    out.seek(start)
                    end = _write(web, answer, out, total, size, what)
                if total is not None and end < total:
                    raise _cut(address)
                return _linked_sha256(answer)
        except broken() as error:
            now = part.stat().st_size if part.exists() else 0
            attempt = 0 if now > longest else attempt + 1
            longest = max(longest, now)
            web.wait_after_break(attempt, address, error)


def _write(web: Web, answer: requests.Response, out: IO[bytes], total: int | None, size: int | None, what: str) -> int:
    """Writes the rest of a file; the length it then has. Raises WrongContent where it grows too long."""
    limit = web.manners.limits.file if size is None else size
    have = told = out.tell()
    if total is not None and total > limit:
        raise WrongContent.of(f"the file has {total} bytes, more than the {limit} that it may", where=answer.url)
    for block in answer.iter_content(BLOCK):
        have += len(block)
        if have > limit:
            raise WrongContent.of(f"the file has more than the {limit} bytes that it may", where=answer.url)
        out.write(block)
        if have - told >= _TOLD:
            told = have
            web.progress(f"{what}: {have >> 20} " + (f"of {total >> 20} MiB" if total else "MiB"))
    return have


def _cut(address: str) -> Exception:
    import requests

    return requests.ConnectionError(f"{address}: less came than was announced")


def _start(answer: requests.Response) -> int | None:
    """The place in the file where a part begins."""
    match = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _length(answer: requests.Response) -> int | None:
    """The length of a file of which there is no more."""
    match = re.match(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _total(answer: requests.Response, start: int) -> int | None:
    """The length of the whole file; None where the answer does not say."""
    length = answer.headers.get("Content-Length", "")
    packed = answer.headers.get("Content-Encoding", "identity") != "identity"
    return start + int(length) if length.isdecimal() and not packed else None


def _version(answer: requests.Response) -> str:
    """What names a version of a file: a strong ETag, else the date of its last change (RFC 9110, 13.1.5).

    Empty where there is none, or where the content comes packed, so that its places are not the file's.
    """
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return ""
    etag = str(answer.headers.get("ETag", ""))
    return etag if etag and not etag.startswith("W/") else str(answer.headers.get("Last-Modified", ""))


def _linked_sha256(answer: requests.Response) -> str | None:
    """Hugging Face names the content of a large file so, in the answer that leads on to where the file lies."""
    for step in (*answer.history, answer):
        etag = str(step.headers.get("X-Linked-Etag", "")).removeprefix("W/").strip('"')
        if _SHA256.fullmatch(etag):
            return etag
    return None


def _check(part: Path, size: int | None, md5: str | None, sha256: str | None, address: str) -> None:
    found = part.stat().st_size
    if size is not None and found != size:
        raise WrongContent.of(f"the file has {found} bytes, not the {size} that the service names", where=address)
    for kind, wanted in (("md5", md5), ("sha256", sha256)):
        if wanted is not None and digest(part, kind) != wanted.lower():
            raise WrongContent.of(
                f"the file is not the one that the service describes (its {kind} is not {wanted})", where=address,
                hint="it may have been damaged on the way; try again",
            )  # fmt: skip
