"""`synthgen preview`: a contact sheet of a recipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from synthgen.cli.options import (
    DeviceOption,
    PresetOption,
    RecipeArgument,
    SeedOption,
    SetOption,
    SizeOption,
    WorkersOption,
)
from synthgen.errors import EXIT_DONE, EXIT_INCOMPLETE

NAME = "preview"


def command(
    recipe: RecipeArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="SHEET.png", help="The sheet.", show_default=False)],
    frames: Annotated[int, typer.Option("--frames", "-n", metavar="N", help="How many scenes to show.")] = 6,
    workers: WorkersOption = None,
    device: DeviceOption = "cpu",
    seed: SeedOption = None,
    set_: SetOption = None,
    preset: PresetOption = None,
    size: SizeOption = None,
) -> None:
    """Makes a contact sheet: pictures beside labels.

    Renders the first view of a few scenes, at 640x360 where no --size is given.
    """
    from synthgen.engine.preview import preview
    from synthgen.engine.progress import progress_on

    report = preview(
        recipe,
        out,
        frames=frames,
        workers=workers,
        device=device,
        seed=seed,
        overrides=set_ or (),
        preset=preset,
        size=size,
        progress=progress_on(sys.stderr),
    )
    print(out)
    raise typer.Exit(EXIT_DONE if report.complete else EXIT_INCOMPLETE)
