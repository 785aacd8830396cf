"""What a populator may take: assets of the catalogue and makers, drawn in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.assets.store import Store
from synthgen.makers import all_makers
from synthgen.makers.maker import Made, Maker
from synthgen.makers.shown import LICENCE
from synthgen.placement.looks import draw_look
from synthgen.taxonomy.categories import Taxonomy


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawn thing, ready to be put. id: of the asset or the maker. asset: where it is one of the catalogue."""

    id: str
    made: Made
    asset: Asset | None = None

    @property
    def size(self) -> tuple[float, float, float]:
        """Length (x), width (y), height (z) in metres."""
        return self.made.size


@dataclass(frozen=True, slots=True)
class Choice:
    """An asset or a maker. weight: how often, relative to others. draw: one thing of it."""

    id: str
    category: str
    tags: tuple[str, ...]
    weight: float
    draw: Callable[[Store, np.random.Generator], Thing]


def choice_of_asset(asset: Asset) -> Choice:
    """An asset, its recolourable slots in a drawn look."""

    def draw(store: Store, rng: np.random.Generator) -> Thing:
        look = draw_look(asset, rng)
        surfaces = {s.name: s.surface(look.params.get(s.name)) for s in asset.slots}
        facts = {"look": look.name} if look.name else {}
        return Thing(asset.id, Made(asset.id, asset.mesh, asset.category, surfaces, asset.size, facts), asset)

    return Choice(asset.id, asset.category, asset.tags, asset.weight, draw)


_DRAWN: WeakKeyDictionary[Store, dict[str, dict[int, Thing]]] = WeakKeyDictionary()
"""What makers have drawn with a store, by maker and seed. A seed says all: the next scene takes it from here."""


def choice_of_maker(maker: Maker, variety: int) -> Choice:
    """A maker, one of the first `variety` things that it draws (see `makers.shown`): what one scene has made is at
    hand for the next."""

    def draw(store: Store, rng: np.random.Generator) -> Thing:
        seed = int(rng.integers(0, variety))
        known = _DRAWN.setdefault(store, {}).setdefault(maker.id, {})
        if seed not in known:
            known[seed] = Thing(f"{maker.id}#{seed}", maker.draw(store, np.random.default_rng(seed)))
        return known[seed]

    return Choice(maker.id, maker.category, maker.tags, maker.weight, draw)


def suited_makers(
    taxonomy: Taxonomy,
    *,
    category: Sequence[str] | None = None,
    tag: Sequence[str] | None = None,
    id: Sequence[str] | None = None,
    licence: Sequence[str] | None = None,
    trademark: bool | None = None,
) -> list[Maker]:
    """The makers that fit a query (as `Catalogue.query`) and a taxonomy, by the rule of `Catalogue.suited`: what they
    make has a category of it, and where it is some maker's domain it is theirs. Nothing they make shows a brand."""
    makers = list(all_makers().values())
    domain = any(taxonomy.name in m.domains for m in makers)
    tests: list[tuple[Any, Callable[[Maker, str], bool]]] = [
        (category, lambda m, v: m.category == v),
        (tag, lambda m, v: v in m.tags),
        (id, lambda m, v: fnmatchcase(m.id, v)),
        (licence, lambda m, v: v == LICENCE),
    ]
    return [
        m
        for m in makers
        if m.category in taxonomy.by_name
        and (not domain or taxonomy.name in m.domains)
        and trademark is not True
        and all(wanted is None or any(fits(m, v) for v in _listed(wanted)) for wanted, fits in tests)
    ]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
