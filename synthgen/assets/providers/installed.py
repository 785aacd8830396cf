"""Files inside an installed Python package, such as the HDRIs that come with bpy: nothing to fetch."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from synthgen.assets.packs import Package
from synthgen.assets.providers.client import Progress
from synthgen.errors import InputError


def bring(package: Package, work: Path, progress: Progress) -> Path:
    """The folder of the package, which is not imported."""
    return folder(package)


def folder(package: Package) -> Path:
    """Where the package lies. Raises InputError where it is not installed."""
    spec = importlib.util.find_spec(package.name)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not places:
        raise InputError.of(
            f"the Python package {package.name} is not installed", hint="install synthgen again, with its dependencies"
        )
    return Path(places[0])
