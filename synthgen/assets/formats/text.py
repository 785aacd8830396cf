"""Numbers from text, millions of them: what OBJ and PLY files hold."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import msgspec
import numpy as np

from synthgen.assets.formats.source import Floats, Ints
from synthgen.errors import InputError

_CHUNK = 1 << 23
_BLANKS_TO_COMMAS = bytes.maketrans(b" \t\r\n/", b",,,,,")
_decode = msgspec.json.Decoder(list[float]).decode


def parse_numbers(text: bytes, count: int | None) -> Floats | None:
    """`count` numbers parted by blanks, line ends or slashes, all of them where `count` is None.
    None where there are more, fewer, or something else."""
    for twice in (b"  ", b" \n"):
        while twice in text:
            text = text.replace(twice, twice[1:])
    try:
        # As one JSON list: four times as fast as numpy's reader, and rounded alike. Wants single blanks.
        flat = np.array(_decode(b"[" + text.strip().translate(_BLANKS_TO_COMMAS) + b"]"), dtype=np.float64)
    except (msgspec.DecodeError, msgspec.ValidationError):
        slow = _parse_slowly(text)
        if slow is None:
            return None
        flat = slow
    return flat if count is None or len(flat) == count else None


def _parse_slowly(text: bytes) -> Floats | None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(text.replace(b"/", b" ").decode("ascii"), dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError, UnicodeDecodeError):
            return None


def chunks(text: bytes) -> Iterator[bytes]:
    """The text in pieces of some megabytes, cut after line ends: bounds the memory that parsing takes."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            end = text.find(b"\n", end) + 1 or len(text)
        yield text[start:end]
        start = end


def words_per_line(text: bytes) -> Ints:
    """How many words each line has; the text ends with a line end."""
    letters = np.frombuffer(text, dtype=np.uint8)
    blank = (letters == 32) | ((letters >= 9) & (letters <= 13))
    starts = ~blank
    starts[1:] &= blank[:-1]
    ends = np.flatnonzero(letters == 10)
    words: Ints = np.add.reduceat(starts, np.concatenate([[0], ends[:-1] + 1]), dtype=np.int64)
    return words


def expect_text(data: bytes, format_: str, where: str) -> None:
    """Raises InputError for bytes that are no text (a zero byte among the first ones)."""
    if b"\0" in data[:4096]:
        raise InputError.of(f"not {format_} text: the file is binary", where=where)
