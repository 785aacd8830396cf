"""`synthgen assets fetch`: gets packs."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, tell

NAME = "fetch"


def command(
    packs: PacksArgument = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="PLACE", help="A file, folder or address that has the pack's files."),
    ] = None,
) -> None:
    """Gets asset packs.

    They come from their distribution's package, or from a place that you name.
    """
    from synthgen.assets.fetch import fetch

    for pack in packs or DEFAULT_PACKS:
        report = fetch(pack, source=source, progress=tell)
        done = f"{len(report.taken)} files fetched" if report.taken else "was here already"
        tell(f"{pack}: {done}, {report.assets} assets ready")
        print(report.folder)
