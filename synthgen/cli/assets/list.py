"""`synthgen assets list`: what the fetched packs hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, tell
from synthgen.errors import EXIT_DONE, EXIT_FINDINGS, InputError

NAME = "list"


def command(
    packs: PacksArgument = None,
    category: Annotated[str | None, typer.Option("--category", metavar="NAME", help="Only of this category.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="NAME", help="Only with this tag.")] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help="Only of this id; may hold wildcards.")] = None,
    domain: Annotated[str | None, typer.Option("--domain", metavar="NAME", help="Only of road, retail, ...")] = None,
    licence: Annotated[str | None, typer.Option("--licence", metavar="SPDX", help="Only under this licence.")] = None,
    trademark: Annotated[
        bool | None, typer.Option("--trademark/--no-trademark", help="Only such as show a brand, or that show none.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="PNG", help="Renders them from four sides on a picture sheet.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="With --sheet: shapes alone, without Blender; what is red faces inward.")
    ] = False,
    made: Annotated[
        int | None,
        typer.Option("--made", metavar="N", min=1, help="What is made instead of fetched: N of each maker."),
    ] = None,
) -> None:
    """Lists assets.

    One a line: id, category, size in metres, licence, author, tags, between tabulators.
    """
    if made:
        from synthgen.assets.store import Store
        from synthgen.makers import find_makers
        from synthgen.makers.shown import drawn

        store, found = Store(), []
        for maker in find_makers(domain=domain, tag=tag, category=category, id=id_):
            try:
                found += drawn(maker, made, store)
            except InputError as error:  # what it is made from is not fetched
                tell(f"{maker.id}: {error}")
    else:
        from synthgen.assets.check import list_assets

        found = list_assets(
            packs or DEFAULT_PACKS,
            category=category, tag=tag, id=id_, domain=domain, licence=licence, trademark=trademark,
        )  # fmt: skip
    for asset in found:
        size = " x ".join(f"{side:.2f}" for side in asset.size)
        print("\t".join((asset.id, asset.category, size, asset.licence, asset.author, ",".join(asset.tags))))
    tell(f"{len(found)} asset{'s' * (len(found) != 1)}")
    if sheet is None:
        return
    if quick:
        from synthgen.assets.sheet import asset_sheet, sheet_pages

        for path, page in sheet_pages(found, sheet):
            asset_sheet(page, path)
            tell(f"sheet: {path}")
        return
    from synthgen.engine.turntable import turntable

    report = turntable(found, sheet, progress=tell)
    for asset_id, reason in report.failures:
        tell(f"{asset_id}: not rendered: {reason}")
    for path in report.sheets:
        tell(f"sheet: {path}")
    raise typer.Exit(EXIT_FINDINGS if report.failures else EXIT_DONE)
