"""`synthgen assets get`: brings assets from online providers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgen.cli.assets.common import tell
from synthgen.cli.assets.search import ProviderArgument

NAME = "get"


def command(
    provider: ProviderArgument,
    ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="As `synthgen assets search` shows them.", show_default=False)
    ],
    resolution: Annotated[str, typer.Option("--resolution", metavar="1k", help="Of pictures: 1k, 2k, 4k, ...")] = "1k",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Where the assets' folders go; the user's data folder if not given."
        ),
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option("--licence", metavar="SPDX", help="Takes assets under this licence only, also an NC or ND one."),
    ] = None,
) -> None:
    """Downloads assets.

    Each gets a folder named by its id, with a source.json that says what it is, whose and under which licence. Prints
    the main file of each. What is there already is only checked.
    """
    from synthgen.assets.online.intake import online_root
    from synthgen.assets.online.registry import find_provider
    from synthgen.assets.online.unpack import confined
    from synthgen.assets.online.web import NoConnection
    from synthgen.errors import Diagnostic, InputError

    source = find_provider(provider)
    folder = online_root() / provider if to is None else to
    problems: list[Diagnostic] = []
    for asset in ids:
        try:
            into = folder / confined(asset, "ID").replace("/", "_")
            got = source.download(asset, into, resolution=resolution, licence=licence, progress=tell)
        except InputError as error:
            problems += error.diagnostics
            if isinstance(error, NoConnection):
                break
            continue
        print(got.main)
        size = sum(file.size for file in got.files) / (1 << 20)
        done = f"{len(got.files)} files, {size:.1f} MiB" if got.new else "was here already"
        tell(f"{asset}: {done}; {got.found.licence} by {got.found.author}. {got.credit}")
    if problems:
        raise InputError(problems)
