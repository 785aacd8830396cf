"""How the recipe's modules gather findings: every one is kept, so that the user sees all at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from synthgen.errors import Diagnostic

_SHOWN = 24
_PLACE = re.compile(r"^(?P<file>.*):(?P<line>\d+):(?P<column>\d+)$")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be, or None where nothing is near."""
    names = list(known)
    found = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if found:
        return found[0]
    lower = {name.lower(): name for name in reversed(names)}
    found = difflib.get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)
    return lower[found[0]] if found else None


def suggest(word: str, known: Iterable[str], *, of: str = "known") -> str:
    """What to try instead of an unknown word: the nearest right one, else the list."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near is not None:
        return f"did you mean {near!r}?"
    if not names:
        return f"nothing is {of} here"
    shown = ", ".join(names[:_SHOWN])
    return f"{of}: {shown}" + (", ..." if len(names) > _SHOWN else "")


def in_order(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings without repeats, sorted by file, line and column; options such as `--set` come after the files."""

    def place(item: Diagnostic) -> tuple[int, str, int, int, str]:
        match = _PLACE.match(item.where)
        if match is None:
            return (1, item.where, 0, 0, item.what)
        return (0, match["file"], int(match["line"]), int(match["column"]), item.what)

    return sorted(dict.fromkeys(found), key=place)
