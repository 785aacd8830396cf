"""`synthgen assets`: the asset library."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from synthgen.errors import EXIT_DONE, EXIT_FINDINGS

app = typer.Typer(help="The asset library: fetch packs, list and check what is in them.", no_args_is_help=True)

_DEFAULT = ["base"]
PacksArgument = Annotated[
    list[str] | None, typer.Argument(metavar="PACK", help="Asset packs; base if none is named.", show_default=False)
]


@app.command("fetch")
def fetch(
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

    for pack in packs or _DEFAULT:
        report = fetch(pack, source=source, progress=_tell)
        done = f"{len(report.taken)} files fetched" if report.taken else "was here already"
        _tell(f"{pack}: {done}, {report.assets} assets ready")
        print(report.folder)


@app.command("list")
def list_(
    packs: PacksArgument = None,
    category: Annotated[str | None, typer.Option("--category", metavar="NAME", help="Only of this category.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="NAME", help="Only with this tag.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", metavar="SPDX", help="Only under this licence.")] = None,
) -> None:
    """Lists assets.

    One a line: id, category, size in metres, licence, author, tags, between tabulators.
    """
    from synthgen.assets.check import list_assets

    found = list_assets(packs or _DEFAULT, category=category, tag=tag, licence=licence)
    for asset in found:
        size = " x ".join(f"{side:.2f}" for side in asset.size)
        print("\t".join((asset.id, asset.category, size, asset.licence, asset.author, ",".join(asset.tags))))
    _tell(f"{len(found)} assets")


@app.command("check")
def check(packs: PacksArgument = None) -> None:
    """Checks assets.

    Files, sizes, materials and licences of every asset of the packs; exits 1 where anything is wrong.
    """
    from synthgen.assets.check import check_assets

    found = check_assets(packs or _DEFAULT, progress=_tell if sys.stderr.isatty() else _quiet)
    for finding in found:
        print(finding)
    _tell(f"{len(found)} problem{'s' * (len(found) != 1)}")
    raise typer.Exit(EXIT_FINDINGS if found else EXIT_DONE)


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _quiet(text: str) -> None:
    pass
