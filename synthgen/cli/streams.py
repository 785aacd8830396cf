"""Standard streams that survive what users do to them: readers that leave early, locales that lack a letter."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO, cast


class Unbroken:
    """A text stream whose reader may leave: what is written after that is lost, and nothing is raised."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            drain(self._stream)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            drain(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare() -> None:
    """Makes stdout print any path, in any locale, and stderr go on where `2>&1 | tee` has ended before us."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    if not isinstance(sys.stderr, Unbroken):
        sys.stderr = cast(TextIO, Unbroken(sys.stderr))


def drain(stream: TextIO) -> None:
    """Sends a stream to nowhere, with what is still buffered, so that it does not raise again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
