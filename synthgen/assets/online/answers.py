"""Reads what a service answered, and says clearly where it is not what it used to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from synthgen.assets.online.found import Progress
from synthgen.assets.online.words import clean
from synthgen.errors import InputError

T = TypeVar("T")
R = TypeVar("R")


class ChangedAnswer(InputError):
    """A service's answer lacks something, or has something else in its place."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value within a JSON document. service: who answered; where: the address; path: the value's place."""

    service: str
    where: str
    value: object
    path: str = ""

    def error(self, what: str) -> InputError:
        """A ChangedAnswer that says what is wrong."""
        return ChangedAnswer.of(
            f"{self.service} answers differently from what synthgen knows: {what}", where=self.where,
            hint="the service may have changed; look for a newer synthgen",
        )  # fmt: skip

    def _wrong(self, wanted: str) -> InputError:
        name = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
        found = name.get(type(self.value), "a number")
        return self.error(f"`{self.path or 'the answer'}` is {found}, not {wanted}")

    def get(self, key: str) -> Answer:
        """A member. Raises ChangedAnswer where it is missing or null."""
        found = self.find(key)
        if found is None:
            raise self.error(f"`{self._below(key)}` is missing")
        return found

    def find(self, key: str) -> Answer | None:
        """A member; None where it is missing or null."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        value = self.value.get(key)
        return None if value is None else Answer(self.service, self.where, value, self._below(key))

    def members(self) -> Iterator[tuple[str, Answer]]:
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        for key, value in self.value.items():
            yield key, Answer(self.service, self.where, value, self._below(key))

    def items(self) -> Iterator[Answer]:
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        for place, value in enumerate(self.value):
            yield Answer(self.service, self.where, value, f"{self.path}[{place}]")

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else clean(key)

    def text(self) -> str:
        """The text, on one line."""
        return clean(self.raw_text())

    def raw_text(self) -> str:
        """The text as it is: for addresses and names of files, which are checked where they are used."""
        if not isinstance(self.value, str):
            raise self._wrong("a text")
        return self.value

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not math.isfinite(self.value):
            raise self._wrong("a number")
        return float(self.value)

    def whole(self) -> int:
        """A whole number, 0 or more; also one that is written as a text."""
        value = int(self.value) if isinstance(self.value, str) and self.value.isdecimal() else self.value
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong("a whole number")
        return value

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())


def texts(answer: Answer, key: str) -> tuple[str, ...]:
    """A member that is a list of texts; none where it is missing."""
    found = answer.find(key)
    return () if found is None else found.texts()


def text(answer: Answer, key: str) -> str:
    """A member that is a text; empty where it is missing."""
    found = answer.find(key)
    return "" if found is None else found.text()


def readable(entries: Iterable[T], read: Callable[[T], list[R]], progress: Progress) -> list[R]:
    """What `read` makes of entries of a list; an entry that it cannot read is left out and said.

    Raises ChangedAnswer where no entry at all can be read: then the service has changed.
    """
    found: list[R] = []
    odd: list[ChangedAnswer] = []
    count = 0
    for entry in entries:
        count += 1
        try:
            found += read(entry)
        except ChangedAnswer as error:
            odd.append(error)
    if odd and len(odd) == count:
        raise odd[0]
    if odd:
        progress(f"{len(odd)} of {count} entries are left out: {odd[0].diagnostics[0].what}")
    return found
