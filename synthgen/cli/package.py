"""`synthgen package`: records to COCO-panoptic files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from synthgen.errors import EXIT_DONE, EXIT_INCOMPLETE

NAME = "package"
_SHOWN = 20


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The dataset's folder.", show_default=False)],
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FROM", help="Other folders with frames of the same dataset.", show_default=False),
    ] = None,
) -> None:
    """Makes COCO-panoptic files of a dataset's records.

    Gathers the frames of other folders (shards) first; writes annotations, dataset card and attribution.
    """
    from synthgen.dataset.package import package

    report = package(folder, sources or ())
    for finding in report.damaged:
        print(finding, file=sys.stderr)
    splits = ", ".join(f"{count} in {split}" for split, count in report.splits.items())
    gathered = f", {report.gathered} gathered" if report.gathered else ""
    print(f"{report.images} frames packaged ({splits}){gathered}", file=sys.stderr)
    if report.missing:
        ids = ", ".join(str(i) for i in report.missing[:_SHOWN])
        more = f" and {len(report.missing) - _SHOWN} more" if len(report.missing) > _SHOWN else ""
        print(f"{len(report.missing)} frames are missing: {ids}{more}; generate makes them", file=sys.stderr)
    print(folder)
    raise typer.Exit(EXIT_INCOMPLETE if report.missing else EXIT_DONE)
