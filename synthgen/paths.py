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
USER_VARIABLE = "SYNTHGEN_ASSETS"
OWN_PACK = "mine"
"""The pack that `assets add` fills where no folder is named."""


@cache
def data_root() -> Path:
    """Folder that holds `scenes/`, `assets/` and `configs/`."""
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def data_dir(kind: str) -> Path:
    """`scenes`, `assets` or `configs` (or a path below one of them)."""
    return data_root() / kind


def is_folder_pack(name: str) -> bool:
    """Is a pack's name that of a folder (a path, or the user's own pack `mine`), not of a pack that is fetched?"""
    return name == OWN_PACK or "/" in name or name.startswith((".", "~"))


def user_root() -> Path:
    """Where the user's own assets lie: `$SYNTHGEN_ASSETS`, else the platform's place for data. Not created here."""
    chosen = os.environ.get(USER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("synthgen", appauthor=False)


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
