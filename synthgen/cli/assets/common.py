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
