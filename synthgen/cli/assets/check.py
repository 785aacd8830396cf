"""`synthgen assets check`: looks into every asset."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, quiet, tell
from synthgen.errors import EXIT_DONE, EXIT_FINDINGS

NAME = "check"


def command(
    packs: PacksArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Every pack of models that is here.")] = False,
) -> None:
    """Checks assets.

    Files, sizes, materials and licences of every asset of the packs; exits 1 where anything is wrong.
    """
    from synthgen.assets.check import check_assets, here

    names = here() if every else packs or DEFAULT_PACKS
    found = check_assets(names, progress=tell if sys.stderr.isatty() else quiet)
    for finding in found:
        print(finding)
    tell(f"{len(found)} problem{'s' * (len(found) != 1)}")
    raise typer.Exit(EXIT_FINDINGS if found else EXIT_DONE)
