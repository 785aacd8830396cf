"""`synthgen doctor`: what this machine lacks."""

from __future__ import annotations

import typer

from synthgen.errors import EXIT_DONE, EXIT_FINDINGS

NAME = "doctor"


def command() -> None:
    """Says what this machine lacks and the command that mends it; exits 1 where it lacks anything."""
    from synthgen.engine.doctor import doctor

    checks = doctor()
    for check in checks:
        print(check)
    raise typer.Exit(EXIT_DONE if all(c.ok for c in checks) else EXIT_FINDINGS)
