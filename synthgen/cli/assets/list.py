"""`synthgen assets list`: what the fetched packs hold."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, tell

NAME = "list"


def command(
    packs: PacksArgument = None,
    category: Annotated[str | None, typer.Option("--category", metavar="NAME", help="Only of this category.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="NAME", help="Only with this tag.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", metavar="SPDX", help="Only under this licence.")] = None,
) -> None:
    """Lists assets.

    One a line: id, category, size in metres, licence, author, tags, between tabulators.
    """
    from synthgen.assets.check import list_assets

    found = list_assets(packs or DEFAULT_PACKS, category=category, tag=tag, licence=licence)
    for asset in found:
        size = " x ".join(f"{side:.2f}" for side in asset.size)
        print("\t".join((asset.id, asset.category, size, asset.licence, asset.author, ",".join(asset.tags))))
    tell(f"{len(found)} assets")
