"""The greppable registry of populators, and how a user's own package adds to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from synthgen.errors import InputError
from synthgen.placement.site import Site
from synthgen.recipe.params import Block

Populator = Callable[[Site, Block], None]

POPULATORS: dict[str, Populator] = {}
"""By the name that recipes use."""

GROUP = "synthgen.populators"


def populator(name: str) -> Callable[[Populator], Populator]:
    """Registers a populator; a duplicate name is an error."""

    def register(fill: Populator) -> Populator:
        if name in POPULATORS:
            raise ValueError(f"two populators are named {name!r}")
        POPULATORS[name] = fill
        return fill

    return register


@cache
def load_extensions() -> None:
    """Adds the populators of installed packages."""
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        populator(entry.name)(entry.load())


def find_populator(block: Block) -> Populator:
    """Raises InputError for an unknown kind."""
    load_extensions()
    if block.kind not in POPULATORS:
        raise InputError.of(
            f"{block.path}: no populator is called {block.kind!r}", hint=f"there are {', '.join(sorted(POPULATORS))}"
        )
    return POPULATORS[block.kind]
