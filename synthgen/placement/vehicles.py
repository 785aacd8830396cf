"""Which vehicle, in which paint: never the same beside itself, never one look more than twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Line
from synthgen.makers.shown import drawn
from synthgen.placement.choices import suited_makers
from synthgen.placement.looks import Look, draw_look
from synthgen.placement.picking import pick
from synthgen.placement.site import Site
from synthgen.recipe.params import Block

_TRIES = 14
_MADE_TAG = "vehicle"
_OF_EACH = 10
"""Vehicles that a maker gives a scene to choose from."""
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


def made_vehicles(site: Site, block: Block, *default: str) -> list[Asset]:
    """The vehicles that synthgen makes, of the categories that a populator's `assets` ask for (else of `default`), as
    assets: some of each maker, which share its weight. Their paint is drawn as that of fetched ones is."""
    given = block.params.get("assets") if "assets" in block.params else {}
    assert isinstance(given, Mapping)
    wanted: dict[str, Any] = {k: v for k, v in given.items() if v not in (None, [])}
    if wanted.pop("made", None) is False:
        return []
    found = []
    for maker in suited_makers(site.taxonomy, **(wanted or {"category": list(default)})):
        if _MADE_TAG in maker.tags:
            for asset in drawn(maker, _OF_EACH, site.stage.store):
                slots = tuple(replace(s, recolour=s.model == "car_paint") for s in asset.slots)
                found.append(replace(asset, slots=slots, weight=maker.weight / _OF_EACH))
    return found


def rideable(assets: Sequence[Asset]) -> list[Asset]:
    """Those that may move in traffic: a two-wheeler only with its rider on it (tag `ridden`)."""
    return [
        a
        for a in assets
        if (a.category not in _TWO_WHEELS or "ridden" in a.tags) and not _NOT_ON_ROADS.intersection(a.tags)
    ]
