"""`synthgen assets check`: looks into every asset."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from synthgen.cli.assets.common import DEFAULT_PACKS, PacksArgument, quiet, tell
from synthgen.errors import EXIT_DONE, EXIT_FINDINGS, Diagnostic, InputError

NAME = "check"


def command(
    packs: PacksArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Every pack of models that is here.")] = False,
) -> None:
    """Checks assets.

    Files, sizes, materials and licences of every asset of the packs; exits 1 where anything is wrong.
    """
    from synthgen.assets.check import check_assets, here

    if every and packs:
        raise InputError.of("packs are named beside --all", where="--all", hint="give one or the other")
    names = here() if every else packs or DEFAULT_PACKS
    _refuse_missing(names)
    found = check_assets(names, progress=tell if sys.stderr.isatty() else quiet)
    for finding in found:
        print(finding)
    tell(f"{len(found)} problem{'s' * (len(found) != 1)}")
    raise typer.Exit(EXIT_FINDINGS if found else EXIT_DONE)


def _refuse_missing(names: list[str]) -> None:
    """Raises InputError for packs that are not there: a name that is wrong is no finding on any asset."""
    from synthgen.assets.opening import open_pack
    from synthgen.paths import cache_root

    found: list[Diagnostic] = []
    for name in names:
        try:
            open_pack(name, cache_root())
        except InputError as error:
            found += error.diagnostics
    if found:
        raise InputError(found)
