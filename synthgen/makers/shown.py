"""What makers make, as entries of a catalogue: to be listed, and shown on a sheet."""

from __future__ import annotations

import numpy as np

from synthgen.assets.catalogue import Asset, AssetSlot
from synthgen.assets.store import Store
from synthgen.makers.maker import Made, Maker

LICENCE, AUTHOR = "CC0-1.0", "synthgen"
"""What is made by this program belongs to nobody."""


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
