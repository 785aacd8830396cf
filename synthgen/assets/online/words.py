"""Which assets some words describe, and which of them best."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_TOKEN = re.compile(r"[^\W_]+")
_SHORTEST_BEGINNING = 3
_IN_NAME, _IN_REST, _BEGINNING = range(3)


def clean(text: str) -> str:
    """The text on one line, without what moves a terminal's cursor: it comes from strangers."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, of a name_like_this or of a NameLikeThis01, in lower case and without a plural's s."""
    return tuple(_singular(t.casefold()) for t in _TOKEN.findall(_CAMEL.sub(" ", text)))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def rank(words: Sequence[str], name: Iterable[str], rest: Iterable[str]) -> int | None:
    """How well texts fit the words: 0 is best, None where a word is not in them.

    A word fits best as a whole word of `name`, less well of `rest`, and at worst as the beginning of a word.
    """
    in_name = {token for text in name for token in tokens(text)}
    in_rest = {token for text in rest for token in tokens(text)}
    total = 0
    for wanted in (token for word in words for token in tokens(word)):
        if wanted in in_name:
            total += _IN_NAME
        elif wanted in in_rest:
            total += _IN_REST
        elif len(wanted) >= _SHORTEST_BEGINNING and any(t.startswith(wanted) for t in in_name | in_rest):
            total += _BEGINNING
        else:
            return None
    return total
