"""What the verbs of `synthgen assets` share."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

DEFAULT_PACKS = ["base"]

PacksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="PACK", help="Asset packs; base if none is named.", show_default=False)
]


def tell(text: str) -> None:
    print(text, file=sys.stderr)


def quiet(text: str) -> None:
    """Says nothing."""


def in_words(size: int) -> str:
    """A number of bytes as people read it: 1.2 kB, 34.5 MB."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
