"""What makers make, as entries of a catalogue: to be listed, and shown on a sheet."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from synthgen.assets.catalogue import Asset, AssetSlot
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers.maker import Made, Maker, all_makers

LICENCE, AUTHOR = "CC0-1.0", "synthgen"
"""What is made by this program belongs to nobody."""


def list_makers(
    *, domain: str | None = None, tag: str | None = None, category: str | None = None, id_: str | None = None
) -> list[Maker]:
    """The makers that fit all that is asked; id_ may hold wildcards. Raises InputError where none does."""
    found = [
        m
        for m in all_makers().values()
        if (domain is None or domain in m.domains)
        and (tag is None or tag in m.tags)
        and (category is None or category == m.category)
        and (id_ is None or fnmatchcase(m.id, id_))
    ]
    if not found:
        raise InputError.of("nothing that is made fits", hint="synthgen assets list --made lists all of it")
    return found


def drawn(maker: Maker, count: int, store: Store) -> list[Asset]:
    """The things that a maker draws from the seeds 0 to count - 1."""
    return [_asset(maker, seed, maker.draw(store, np.random.default_rng(seed)), store) for seed in range(count)]


def _asset(maker: Maker, seed: int, made: Made, store: Store) -> Asset:
    slots = []
    for name in store.slots(made.mesh):
        surface = made.surfaces[name]
        slots.append(
            AssetSlot(name, name, surface.model, dict(surface.params), dict(surface.images), surface.transparency)
        )
    return Asset(
        id=f"{maker.id}#{seed}", category=made.category, categories=(made.category,), tags=maker.tags,
        domains=maker.domains, licence=LICENCE, author=AUTHOR, title=maker.id, source={"file": "", "model": maker.id},
        trademark=False, size=made.size, stands="ground", weight=maker.weight, mesh=made.mesh, slots=tuple(slots),
    )  # fmt: skip
