"""Which vehicle, in which paint: never the same beside itself, never one look more than twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Line
from synthgen.placement.looks import Look, draw_look
from synthgen.placement.site import Site, pick

_TRIES = 14
_TWO_WHEELS = frozenset({"motorcycle", "bicycle"})
_NOT_ON_ROADS = frozenset({"forklift"})
TRAFFIC_MIX: Mapping[str, float] = {"car": 1.0, "van": 0.8, "bus": 0.45, "truck": 0.4, "motorcycle": 0.5}
"""How often a category drives in a town, beside the weights of its assets."""


def choose(
    site: Site,
    rng: np.random.Generator,
    assets: Sequence[Asset],
    line: Line,
    end: float,
    ahead: int,
) -> tuple[Asset, Look] | None:
    """A vehicle for the place on `line` whose one end is at `end` (s), and which lies ahead (+1) or behind it (-1).

    None where every try would repeat one in sight.
    """
    weights = [a.weight * TRAFFIC_MIX.get(a.category, 1.0) for a in assets]
    for _ in range(_TRIES):
        asset = pick(rng, assets, weights)
        look = draw_look(asset, rng)
        x, y = line.at(end + ahead * asset.size[0] / 2)
        if site.vehicles.allows(asset.id, look.name, x, y):
            return asset, look
    return None


def rideable(assets: Sequence[Asset]) -> list[Asset]:
    """Those that may move in traffic: a two-wheeler only with its rider on it (tag `ridden`)."""
    return [
        a
        for a in assets
        if (a.category not in _TWO_WHEELS or "ridden" in a.tags) and not _NOT_ON_ROADS.intersection(a.tags)
    ]
