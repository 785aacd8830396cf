"""The greppable registry of layouts, and how a user's own package adds to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from synthgen.errors import InputError
from synthgen.layout.slots import Layout
from synthgen.recipe.params import Block, Draw
from synthgen.scene.stage import Stage

LayoutMaker = Callable[[Stage, Block, Draw], Layout]

LAYOUTS: dict[str, LayoutMaker] = {}
"""By the name that recipes use: builds the domain's surfaces and returns its slots."""

GROUP = "synthgen.layouts"


def layout(name: str) -> Callable[[LayoutMaker], LayoutMaker]:
    """Registers a layout; a duplicate name is an error."""

    def register(make: LayoutMaker) -> LayoutMaker:
        if name in LAYOUTS:
            raise ValueError(f"two layouts are named {name!r}")
        LAYOUTS[name] = make
        return make

    return register


@cache
def load_extensions() -> None:
    """Adds the layouts of installed packages."""
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        layout(entry.name)(entry.load())


def find_layout(block: Block) -> LayoutMaker:
    """Raises InputError for an unknown kind."""
    load_extensions()
    if block.kind not in LAYOUTS:
        raise InputError.of(
            f"{block.path}: no layout is called {block.kind!r}", hint=f"there are {', '.join(sorted(LAYOUTS))}"
        )
    return LAYOUTS[block.kind]
