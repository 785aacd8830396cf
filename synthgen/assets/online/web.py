"""Asks a service politely: by a name of our own, few requests a second, with patience where it is busy."""

from __future__ import annotations

import json
import time
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from time import sleep
from typing import TYPE_CHECKING

from synthgen.assets.online.answers import Answer
from synthgen.assets.online.found import Progress
from synthgen.assets.online.settings import Service
from synthgen.errors import InputError

if TYPE_CHECKING:
    import requests

BLOCK = 1 << 16

_BUSY = (429, 500, 502, 503, 504)
_GONE = (404, 410)
_REDIRECTS = 8
_GZIP = b"\x1f\x8b"


class NoConnection(InputError):
    """Nobody answers, or the connection breaks again and again."""


class NotThere(InputError):
    """The service has nothing at an address."""


class Web:
    """Requests to one service. Raises InputError (NoConnection, NotThere among them) for whatever goes wrong.

    An address that begins with a slash is below the service's own.
    """

    def __init__(self, service: Service, progress: Progress):
        import requests

        self.service, self.manners, self.progress = service, service.manners, progress
        self._session = requests.Session()
        self._session.max_redirects = _REDIRECTS
        self._session.headers["User-Agent"] = service.manners.user_agent
        self._earliest = 0.0

    def json(self, address: str, parameters: Mapping[str, str | int] | None = None) -> Answer:
        """The JSON document at an address."""
        return self.read_json(self.content(address, parameters), address)

    def read_json(self, data: bytes, address: str) -> Answer:
        """A JSON document that came from an address."""
        where = self.address(address)
        try:
            return Answer(self.service.title, where, json.loads(data))
        except (ValueError, RecursionError) as error:
            begins = data[:40].decode("utf-8", "replace")
            raise InputError.of(
                f"{self.service.title} does not answer in JSON (it begins with {begins!r})",
                where=where, hint="is something between you and the service, such as a login page?",
            ) from error  # fmt: skip

    def content(self, address: str, parameters: Mapping[str, str | int] | None = None) -> bytes:
        """The content at an address; more than the limit of an answer is refused."""
        limit = self.manners.limits.answer
        where = self.address(address)
        for attempt in range(self.manners.tries):
            data = bytearray()
            try:
                with self.ask(where, parameters=parameters) as answer:
                    for block in answer.iter_content(BLOCK):
                        data += block
                        if len(data) > limit:
                            raise InputError.of(f"more than {limit >> 20} MiB are answered", where=where)
                return bytes(data)
            except broken() as error:
                self.wait_after_break(attempt, where, error)
        raise AssertionError("unreachable")

    def unpacked(self, data: bytes, address: str) -> bytes:
        """What a gzip file holds (or what it holds already, if it came unpacked); more than the limit is refused."""
        if not data.startswith(_GZIP):
            return data
        limit = self.manners.limits.answer
        unpack = zlib.decompressobj(wbits=31)
        try:
            plain = unpack.decompress(data, limit)
            if unpack.unconsumed_tail:
                raise InputError.of(f"unpacks to more than {limit >> 20} MiB", where=self.address(address))
            if not unpack.eof:
                raise zlib.error("it is cut short")
        except zlib.error as error:
            raise InputError.of(f"a broken gzip file: {error}", where=self.address(address)) from error
        return plain

    def address(self, address: str) -> str:
        """The full address; one that the environment replaces is replaced within answers of the service too."""
        if address.startswith("/"):
            return self.service.api + address
        for configured, used in self.service.replaced:
            if address.lower().startswith(configured.lower()) and address[len(configured) :][:1] in ("", "/", "?"):
                return used + address[len(configured) :]
        return address

    @contextmanager
    def ask(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str | int] | None = None,
        accept: tuple[int, ...] = (200,),
    ) -> Iterator[requests.Response]:
        """An answer of an accepted status, to be read; waits and asks again where the service is busy.

        Raises what `broken` names where there is no connection or it breaks; InputError for the rest.
        """
        import requests

        for attempt in range(self.manners.tries):
            self._keep_gap()
            try:
                answer = self._session.get(
                    address, params=parameters, headers=dict(headers or {}), stream=True,
                    timeout=(self.manners.connect, self.manners.read),
                )  # fmt: skip
            except broken():
                raise
            except (requests.RequestException, ValueError) as error:  # ValueError: what cannot be an address
                raise _unreadable(address, error) from error
            with answer:
                if answer.status_code in accept:
                    try:
                        yield answer
                    except broken():
                        raise
                    except requests.RequestException as error:
                        raise _unreadable(address, error) from error
                    return
                wait = self._patience(answer, attempt)
            self.progress(f"{self.service.title} is busy (status {answer.status_code}); waiting {wait:.0f} s")
            sleep(wait)

    def _patience(self, answer: requests.Response, attempt: int) -> float:
        """Seconds to wait before the next try. Raises InputError where there is none."""
        status = answer.status_code
        if status in _GONE:
            raise NotThere.of(f"{self.service.title} has nothing there (status {status})", where=answer.url)
        if status not in _BUSY:
            raise InputError.of(f"{self.service.title} refuses (status {status})", where=answer.url)
        asked = _retry_after(answer.headers.get("Retry-After", ""))
        wait = self.manners.first_wait * 2**attempt if asked is None else asked
        if attempt >= self.manners.tries - 1 or wait > self.manners.longest_wait:
            hint = "try again later" if asked is None else f"it asks to wait {asked:.0f} s"
            raise InputError.of(f"{self.service.title} is busy (status {status})", where=answer.url, hint=hint)
        return wait

    def _keep_gap(self) -> None:
        now = time.monotonic()
        if now < self._earliest:
            sleep(self._earliest - now)
        self._earliest = max(now, self._earliest) + self.manners.gap

    def wait_after_break(self, attempt: int, where: str, error: Exception) -> None:
        """Raises NoConnection where it was the last try."""
        if attempt >= self.manners.tries - 1:
            raise NoConnection.of(
                f"no connection to {self.service.title}, or it breaks again and again", where=where,
                hint="is the network up? The same call goes on where this one stopped",
            ) from error  # fmt: skip
        self.progress("no connection, or it broke; trying again")
        sleep(self.manners.first_wait * 2**attempt)


def broken() -> tuple[type[Exception], ...]:
    """What is raised where a connection cannot be made, or breaks."""
    import requests

    return (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


def _unreadable(address: str, error: Exception) -> InputError:
    return InputError.of(f"cannot be read: {' '.join(str(error).split())}", where=address)


def quoted(name: str) -> str:
    """A name as one part of an address's path."""
    return urllib.parse.quote(name, safe="")


def parts(address: str) -> urllib.parse.SplitResult:
    """The parts of an address in an answer. Raises InputError where it is none."""
    try:
        return urllib.parse.urlsplit(address)
    except ValueError as error:
        raise _unreadable(address, error) from error


def _retry_after(text: str) -> float | None:
    """Seconds of a Retry-After, which gives seconds or a date (RFC 9110, 10.2.3)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
