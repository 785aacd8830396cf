"""`synthgen lint`: checks recipes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from synthgen.cli.options import RECIPE_HELP, PresetOption, SeedOption, SetOption, SizeOption
from synthgen.errors import EXIT_DONE, EXIT_INPUT

NAME = "lint"


def command(
    recipes: Annotated[list[Path], typer.Argument(metavar="RECIPE", help=RECIPE_HELP, show_default=False)],
    seed: SeedOption = None,
    set_: SetOption = None,
    preset: PresetOption = None,
    size: SizeOption = None,
) -> None:
    """Checks recipes.

    Prints findings as `file:line:col: what; what to try`, and exits 2 where there are any.
    """
    from synthgen.recipe import lint

    found = 0
    for recipe in recipes:
        for finding in lint(recipe, overrides=set_ or (), seed=seed, preset=preset, size=size):
            print(finding)
            found += 1
    checked = f"{len(recipes)} recipe{'s' * (len(recipes) != 1)} checked"
    print(f"{checked}, {found} finding{'s' * (found != 1)}", file=sys.stderr)
    raise typer.Exit(EXIT_INPUT if found else EXIT_DONE)
