"""`synthgen assets`: the asset library, one file a verb."""

from __future__ import annotations

import typer

from synthgen.cli.assets import add, cache, check, fetch, get, list, search

app = typer.Typer(help="The asset library: fetch packs, list and check what is in them.", no_args_is_help=True)
for verb in (fetch, list, check, add, search, get, cache):
    app.command(verb.NAME)(verb.command)
