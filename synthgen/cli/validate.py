"""`synthgen validate`: checks any COCO-panoptic dataset."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgen.errors import EXIT_DONE, EXIT_FINDINGS, InputError

if TYPE_CHECKING:
    from synthgen.dataset.findings import Finding

NAME = "validate"
FORMATS = ("text", "json")


def command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A dataset's folder.", show_default=False)
    ] = None,
    json_: Annotated[Path | None, typer.Option("--json", metavar="F", help="Or: one panoptic JSON,")] = None,
    masks: Annotated[Path | None, typer.Option("--masks", metavar="D", help="the folder of its PNGs,")] = None,
    images: Annotated[Path | None, typer.Option("--images", metavar="D", help="and of its pictures.")] = None,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="What to print.")] = "text",
) -> None:
    """Checks a COCO-panoptic dataset, ours or not.

    Prints one line a problem, with the counts at the end; exits 1 where there is an error.
    """
    from synthgen.dataset.validate import validate, validate_files

    if format_ not in FORMATS:
        raise InputError.of(f"there is no format {format_!r}", where="--format", hint=f"one of: {', '.join(FORMATS)}")
    if (folder is None) == (json_ is None) or (folder is not None and (masks or images)) or (json_ and not masks):
        raise InputError.of("give either DIR, or --json F with --masks D", hint="see `synthgen validate --help`")
    sink = _print_finding if format_ == "text" else None
    try:
        if folder is not None:
            report = validate(folder, sink=sink)
        else:
            assert json_ is not None and masks is not None
            report = validate_files(json_, masks, images, sink=sink)
    except BrokenPipeError as error:  # the reader has seen findings enough
        raise typer.Exit(EXIT_FINDINGS) from error
    if format_ == "json":
        print(json.dumps(report.to_dict(), indent=1))
    else:
        print(report.summary(), file=sys.stderr)
    raise typer.Exit(EXIT_FINDINGS if report.errors else EXIT_DONE)


def _print_finding(finding: Finding) -> None:
    print(finding)
