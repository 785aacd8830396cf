"""`synthgen generate`: a recipe to a dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from synthgen.engine.run import GenerateReport

NAME = "generate"


def command(
    recipe: RecipeArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The dataset's folder.", show_default=False)],
    frames: Annotated[
        int, typer.Option("--frames", "-n", metavar="FRAMES", help="How many frames it is to have.", show_default=False)
    ],
    workers: WorkersOption = None,
    device: DeviceOption = "cpu",
    engine: Annotated[str, typer.Option("--engine", help="Where jobs run: local.")] = "local",
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Makes only part I of N, and does not package.")
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", metavar="SHARES", help="Such as train=0.9,val=0.1; all train if not given.")
    ] = None,
    seed: SeedOption = None,
    set_: SetOption = None,
    preset: PresetOption = None,
    size: SizeOption = None,
) -> None:
    """Makes a dataset from a recipe.

    The same call again goes on where the last one stopped.
    """
    from synthgen.engine.local import generate
    from synthgen.engine.progress import progress_on

    report = generate(
        recipe,
        out,
        frames,
        workers=workers,
        device=device,
        shard=shard,
        split=split,
        seed=seed,
        overrides=set_ or (),
        preset=preset,
        size=size,
        engine=engine,
        progress=progress_on(sys.stderr),
    )
    print(_summary(report), file=sys.stderr)
    print(out)
    raise typer.Exit(EXIT_DONE if report.complete else EXIT_INCOMPLETE)


def _summary(report: GenerateReport) -> str:
    """What happened, in a line or a few."""
    each = f", {report.seconds / report.rendered:.1f} s a frame" if report.rendered else ""
    lines = [f"{report.present} of {report.frames} frames are there, {report.rendered} of them new{each}"]
    missing = report.frames - report.present
    if not report.complete:
        are, them = ("frame is", "it") if missing == 1 else ("frames are", "them")
        lines.append(f"{missing} {are} missing; the same call tries {them} again")
    if report.failures:
        lines.append(f"what failed is in {report.out / 'failures.json'}")
    if report.package is None and report.present:
        lines.append(f"not packaged: when all shards are done, run `synthgen package {report.out}`")
    return "\n".join(lines)
