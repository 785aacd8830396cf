"""parked: vehicles at the kerb, in the direction of the lane beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synthgen.layout.slots import Bays
from synthgen.placement.footprints import footprint_of
from synthgen.placement.number_plates import put_plates
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.placement.vehicles import choose, made_vehicles
from synthgen.recipe.params import Block

_MARGIN = 0.12


@populator("parked")
def parked(site: Site, block: Block) -> None:
    """Fills rows of kerbside parking from front to back.

    fill: chance that a place is taken. gap: metres between two vehicles where no bays are marked.
    """
    params, rng = site.params(block), site.rng(block)
    env = site.draw.env
    every = [*site.assets(block, category=["car", "van"]), *made_vehicles(site, block, "car", "van", "trailer")]
    for row in site.slots(block):
        limit = row.pitch - 0.5 if row.pitch else float("inf")
        assets = [a for a in every if a.size[1] <= row.width + 0.1 and a.size[0] <= limit]
        s = 0.0
        while assets and s < row.line.length - 3.0:
            aside, turn, shift = (float(v) for v in rng.normal(0.0, (0.07, 1.1, 0.22)))
            taken = rng.random() < float(params.sample("fill", rng, env))
            gap = float(params.sample("gap", rng, env))
            picked = choose(site, rng, assets, row.line, s, 1)
            length = picked[0].size[0] if picked else 4.5
            middle = s + (row.pitch / 2 + shift if row.pitch else length / 2)
            s += row.pitch if row.pitch else length + gap
            if picked is None or not taken or not _clear(row, middle - length / 2, middle + length / 2):
                continue
            asset, look = picked
            aside = _within(aside, row.width, asset.size, turn)
            x, y = row.line.at(middle, aside)
            yaw = row.line.heading + turn
            if site.footprints.take(footprint_of(asset.size, x, y, yaw), asset.id, margin=_MARGIN):
                site.vehicles.add(asset.id, look.name, x, y)
                facts = {"slot": "parking", "motion": "parked", "look": look.name}
                where = site.standing(row, "parking")
                number = site.place(asset, x, y, 0.0, yaw=yaw, recolour=look.params, attributes=facts, relations=where)
                put_plates(site, number, asset, x, y, yaw)


def _within(aside: float, width: float, size: Sequence[float], turn: float) -> float:
    """`aside` cut down to what keeps a vehicle, turned by `turn` degrees, within a row of this width."""
    swing = size[0] / 2 * abs(math.sin(math.radians(turn)))
    room = max(0.0, (width - size[1]) / 2 - swing)
    return max(-room, min(room, aside))


def _clear(row: Bays, back: float, front: float) -> bool:
    """Does s from back to front lie on the row and outside its gaps?"""
    inside = back >= 0.0 and front <= row.line.length
    return inside and all(front <= low or back >= high for low, high in row.gaps)
