"""`synthgen assets search`: what online providers have."""

from __future__ import annotations

from typing import Annotated

import typer

from synthgen.cli.assets.common import tell

NAME = "search"

ProviderArgument = Annotated[
    str, typer.Argument(metavar="PROVIDER", help="polyhaven, ambientcg, gso or objaverse.", show_default=False)
]


def command(
    provider: ProviderArgument,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help="What to look for; all words must fit.", show_default=False)
    ],
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only model, hdri or material.")] = None,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence", metavar="SPDX", help="Only under this licence. NC and ND licences are left out if not named."
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="At most so many.")] = 20,
) -> None:
    """Searches for assets online.

    One a line: id, kind, licence, author, title, page, between tabulators. `synthgen assets get` brings them.
    """
    from synthgen.assets.online.found import checked_kind
    from synthgen.assets.online.registry import find_provider

    source = find_provider(provider)
    found = source.search(words, kind=checked_kind(kind), licence=licence, limit=limit, progress=tell)
    for asset in found:
        print("\t".join((asset.id, asset.kind, asset.licence, asset.author, asset.title, asset.page)))
    tell(f"{len(found)} found. {source.credit}")
