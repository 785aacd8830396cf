"""Where the project's data files and the user's cache lie.

Recipes, configs and the asset catalogue are found beside the package in a checkout, and inside it
(`synthgen/_data/`) in an installed wheel.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

CACHE_VARIABLE = "SYNTHGEN_CACHE"


@cache
def data_root() -> Path:
    """Folder that holds `scenes/`, `assets/` and `configs/`."""
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def data_dir(kind: str) -> Path:
    """`scenes`, `assets` or `configs` (or a path below one of them)."""
    return data_root() / kind


def cache_root() -> Path:
    """The user's cache: `$SYNTHGEN_CACHE`, else the platform's usual place. Not created here."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "synthgen"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "synthgen" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "synthgen"
