"""`synthgen doctor`: what this machine lacks."""

from __future__ import annotations

import typer

from synthgen.errors import EXIT_DONE, EXIT_FINDINGS

NAME = "doctor"


def command() -> None:
    """Says what this machine lacks, and what mends it.

    Starts Blender once, in a process of its own; exits 1 where anything is lacking.
    """
    from synthgen.engine.doctor import doctor

    checks = doctor()
    for check in checks:
        print(check)
    raise typer.Exit(EXIT_DONE if all(c.ok for c in checks) else EXIT_FINDINGS)
