"""The greppable registry of online providers, and how a user's own package adds to it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from synthgen.assets.online.ambientcg import AmbientCG
from synthgen.assets.online.found import Provider
from synthgen.assets.online.gso import ScannedObjects
from synthgen.assets.online.objaverse import Objaverse
from synthgen.assets.online.polyhaven import PolyHaven
from synthgen.errors import InputError

ONLINE: dict[str, Callable[[], Provider]] = {
    "polyhaven": PolyHaven,
    "ambientcg": AmbientCG,
    "gso": ScannedObjects,
    "objaverse": Objaverse,
}
"""Makers of providers, by the name that the command line uses."""

GROUP = "synthgen.online"


@cache
def load_extensions() -> None:
    """Adds the providers of installed packages; a duplicate name is an error."""
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        if entry.name in ONLINE:
            raise ValueError(f"two online providers are named {entry.name!r}")
        ONLINE[entry.name] = entry.load()


def find_provider(name: str) -> Provider:
    """Raises InputError for a name that no provider has."""
    load_extensions()
    if name not in ONLINE:
        near = difflib.get_close_matches(name, ONLINE, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(ONLINE)}"
        raise InputError.of(f"no online provider is named {name!r}", hint=hint)
    return ONLINE[name]()
