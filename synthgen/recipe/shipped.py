"""The recipes that come with the program, by name: `road/urban` is `scenes/road/urban.yaml`."""

from __future__ import annotations

import os
from pathlib import Path

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.recipe.findings import suggest

SCENES = "scenes"
SUFFIX = ".yaml"


def recipe_names() -> list[str]:
    """Names of the recipes that come with the program."""
    root = data_dir(SCENES)
    return sorted(file.relative_to(root).with_suffix("").as_posix() for file in root.rglob(f"*{SUFFIX}"))


def recipe_file(path: Path) -> Path:
    """The file that the user means: that path, the same with `.yaml`, else the recipe of that name that comes along.

    `road/urban`, `road/urban.yaml` and `scenes/road/urban.yaml` all name the same one. Raises InputError where there
    is none of these.
    """
    for candidate in (path, Path(f"{path}{SUFFIX}")):
        if os.path.isfile(candidate):  # noqa: PTH113  (answers False where Path.is_file raises)
            return candidate
    name = path.as_posix().removeprefix(f"{SCENES}/").removesuffix(SUFFIX)
    names = recipe_names()
    if name in names:
        return data_dir(SCENES) / f"{name}{SUFFIX}"
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        what = "no such file, and no recipe of that name comes with synthgen"
        raise InputError.of(what, where=str(path), hint=suggest(name, names, of="those that do")) from None
    except (OSError, ValueError):
        pass
    return path  # a folder, a pipe, or what cannot be looked at: reading it tells
