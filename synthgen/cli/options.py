"""Options that mean the same on every verb that reads a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RECIPE_HELP = "A YAML file, or the name of a recipe that comes with synthgen, such as road/urban."
RecipeArgument = Annotated[Path, typer.Argument(metavar="RECIPE", help=RECIPE_HELP, show_default=False)]
SeedOption = Annotated[
    int | None, typer.Option("--seed", metavar="S", help="Seed of every random draw; 0 if not given.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Changes one value of the recipe, as in layout.street.lanes=4; may be given again.",
    ),
]
PresetOption = Annotated[
    str | None, typer.Option("--preset", metavar="NAME", help="Render preset: draft, standard or high.")
]
SizeOption = Annotated[str | None, typer.Option("--size", metavar="WxH", help="Picture size, such as 1280x720.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="W", help="Render workers; as many as suit the machine if not given.")
]
DeviceOption = Annotated[
    str,
    typer.Option("--device", metavar="NAME", help="cpu, gpu (any), or optix, cuda, hip, oneapi, metal; see doctor."),
]
