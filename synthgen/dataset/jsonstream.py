"""Reads a large JSON object piece by piece, so that memory holds one element of its long lists at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthgen.errors import InputError

_CHUNK = 1 << 20
_BLANK = " \t\r\n"
_LONGEST_TOKEN = 16
"""An error this near to the end of what was read may only mean that a token was cut there."""


_LONGEST_TAIL = 3


def _refuse_constant(name: str) -> Any:
    raise NotANumber(name)


class NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def members(path: Path) -> Iterator[tuple[str, Any, bool]]:
    """(key, value, element) for the members of the object in a JSON file, in file order.

    A list is given element by element (`element` is True, and the value is one element; an empty list gives nothing
    but (key, [], False)); any other value as it is. Raises InputError with line and column where the file is not a
    JSON object.
    """
    with _Reader(path) as reader:
        reader.expect("{")
        if reader.peek() == "}":
            return
        while True:
            key = reader.value()
            if not isinstance(key, str):
                raise reader.error("a key must be a string")
            reader.expect(":")
            if reader.peek() == "[":
                reader.expect("[")
                if reader.peek() == "]":
                    yield key, [], False
                else:
                    while True:
                        yield key, reader.value(), True
                        if reader.peek() == "]":
                            break
                        reader.expect(",")
                reader.expect("]")
            else:
                yield key, reader.value(), False
            if reader.peek() == "}":
                break
            reader.expect(",")
        reader.expect("}")
        if reader.peek():
            raise reader.error("there is more after the end of the object")


class _Reader:
    """A window on the text of a file, and the place in it."""

    def __init__(self, path: Path):
        self._path = path
        try:
            self._file = path.open(encoding="utf-8-sig", newline="\n")
        except OSError as error:
            raise InputError.of(f"cannot be read: {error.strerror}", where=str(path)) from error
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)
        self._text = ""
        self._at = 0
        self._begin = (1, 1)
        """Line and column at which the window begins."""
        self._ended = False

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def peek(self) -> str:
        """The next character that is not blank; empty at the end of the file."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        found = self.peek()
        if found != character:
            raise self.error(f"expected {character!r}, found {found!r}" if found else "the file ends too early")
        self._at += 1

    def value(self) -> Any:
        """The value that begins here."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except NotANumber as error:
                raise self.error(f"{error} is not JSON") from error
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos + _LONGEST_TOKEN >= len(self._text)
                into = error.pos - self._at
                if not cut or not self._more():
                    self._at += into
                    raise self.error(error.msg[:1].lower() + error.msg[1:]) from error
                continue
            except RecursionError as error:
                raise self.error("nested too deeply") from error
            except ValueError as error:  # Python reads no integers of thousands of digits
                raise self.error("an integer too long to read") from error
            # A number at the end of the window may go on after it, as "1" does in "1e+5".
            length = end - self._at
            if end + _LONGEST_TAIL <= len(self._text) or not self._more():
                self._at += length
                return value

    def error(self, what: str) -> InputError:
        line, column = self._place()
        return InputError.of(f"not JSON: {what}", where=f"{self._path}:{line}:{column}")

    def _place(self) -> tuple[int, int]:
        """Line and column, from 1, of the next character."""
        line, column = self._begin
        newlines = self._text.count("\n", 0, self._at)
        if newlines:
            return line + newlines, self._at - self._text.rfind("\n", 0, self._at)
        return line, column + self._at

    def _more(self) -> bool:
        """Reads on, forgetting what lies behind; False at the end of the file."""
        if self._ended:
            return False
        try:
            chunk = self._file.read(_CHUNK)
        except UnicodeDecodeError as error:
            raise self.error(f"not UTF-8: {error.reason}") from error
        self._ended = not chunk
        self._begin = self._place()
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return not self._ended
