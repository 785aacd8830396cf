"""`synthgen schema`: what a recipe may say, for editors."""

from __future__ import annotations

import json

NAME = "schema"


def command() -> None:
    """Prints the JSON Schema of a recipe."""
    from synthgen.recipe import json_schema

    print(json.dumps(json_schema(), indent=2))
