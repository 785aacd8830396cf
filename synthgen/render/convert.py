"""Converts one FBX, USD or BLEND file into a SourceModel file, in a process of its own.

    python -P -m synthgen.render.convert IN OUT

One JSON line on stdout says how it went: {} or {"error": ..., "hint": ...}. Whatever Blender prints goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from synthgen.errors import InputError
from synthgen.render.parent import die_with


def main(arguments: list[str]) -> int:
    """Converts. Returns the exit code."""
    source, target = (Path(argument) for argument in arguments)
    die_with(os.getppid())
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer: dict[str, str] = {}
    try:
        from synthgen.render.blender.convert import convert

        convert(source, target)
    except InputError as error:
        answer = {"error": error.diagnostics[0].what, "hint": error.diagnostics[0].hint}
    except Exception as error:
        import traceback

        traceback.print_exception(error)
        answer = {
            "error": f"Blender could not convert the file: {' '.join(str(error).split()) or type(error).__name__}"
        }
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
    return 1 if answer else 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Blender's own shutdown may crash after all is written; what counts has been flushed.
    sys.stderr.flush()
    os._exit(code)
