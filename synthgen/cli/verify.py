"""`synthgen verify`: checks the labels of a dataset against rays that another program casts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgen.errors import EXIT_DONE, EXIT_FINDINGS, InputError

if TYPE_CHECKING:
    from synthgen.verification.report import FrameReport

NAME = "verify"
FORMATS = ("text", "json")


def command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A dataset's folder.", show_default=False)
    ] = None,
    frames: Annotated[
        int | None, typer.Option("--frames", metavar="K", help="Only K frames, spread over scenes and views.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="What to print.")] = "text",
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="W", help="Processes; one a core if not given.")
    ] = None,
    selftest: Annotated[
        bool, typer.Option("--selftest", help="Instead of a dataset: renders scenes whose labels are known.")
    ] = False,
) -> None:
    """Checks the labels of a dataset by casting rays into its recorded scenes, without Blender.

    Prints one line a frame, and for one that fails where and how; exits 1 where a frame fails.
    """
    if selftest:
        if folder is not None or frames is not None or format_ != "text":
            raise InputError.of("it has scenes of its own, and takes no other option but --workers", where="--selftest")
        raise typer.Exit(_selftest(workers))
    if format_ not in FORMATS:
        raise InputError.of(f"there is no format {format_!r}", where="--format", hint=f"one of: {', '.join(FORMATS)}")
    if folder is None:
        raise InputError.of("give DIR, the folder of a dataset, or --selftest", hint="see `synthgen verify --help`")
    from synthgen.verification.verify import usable_cores, verify

    report = verify(
        folder,
        frames=frames,
        workers=usable_cores() if workers is None else workers,
        sink=_print_frame if format_ == "text" else None,
    )
    if format_ == "json":
        print(json.dumps(report.to_dict(), indent=1))
    else:
        print(report.summary(), file=sys.stderr)
    raise typer.Exit(EXIT_DONE if report.passed else EXIT_FINDINGS)


def _selftest(workers: int | None) -> int:
    """The exit code of the conformance scenes."""
    from synthgen.engine.selftest import selftest, summary

    if workers is not None and workers < 1:
        raise InputError.of(f"{workers} workers cannot render", where="--workers", hint="ask for 1 or more")
    results = selftest(workers=workers or 1, progress=lambda result: print(result.line(), flush=True))
    print(summary(results), file=sys.stderr)
    return EXIT_DONE if all(result.passes for result in results) else EXIT_FINDINGS


def _print_frame(frame: FrameReport) -> None:
    print(frame, flush=True)
