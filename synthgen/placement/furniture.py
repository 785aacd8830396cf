"""street_furniture and bicycles: what stands on the sidewalk, against the houses or at the kerb."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Area
from synthgen.placement.footprints import Rect, footprint_of
from synthgen.placement.registry import populator
from synthgen.placement.site import Paint, Site, pick
from synthgen.placement.vehicles import draw_paint
from synthgen.recipe.params import Block, Params

_AT_KERB = 0.45
"""Metres from the kerb to the near side of what stands there."""
_AT_WALL = 0.12
_MARGIN = 0.2
_KERBSIDE = {"hydrant": 1.0, "bin": 0.55, "bench": 0.25}
"""Chance by category to stand at the kerb, not at the wall."""


@populator("street_furniture")
def street_furniture(site: Site, block: Block) -> None:
    """Benches, bins, hydrants and the like. spacing: metres from one to the next along each sidewalk."""
    params, rng = site.params(block), site.rng(block)
    assets = site.assets(block, tag="street_furniture")
    weights = [a.weight for a in assets]
    for area in site.slots(block):
        for t in _along(site, area, params, rng):
            asset = pick(rng, assets, weights)
            kerbside = rng.random() < _KERBSIDE.get(asset.category, 0.4)
            turn = float(rng.normal(0.0, 3.0))
            _stand(site, area, asset, t, turn, kerbside)


@populator("bicycles")
def bicycles(site: Site, block: Block) -> None:
    """Parked two-wheelers, alone or a few beside each other. spacing: metres from one group to the next."""
    params, rng = site.params(block), site.rng(block)
    assets = site.assets(block, category="bicycle")
    weights = [a.weight for a in assets]
    for area in site.slots(block):
        for t in _along(site, area, params, rng):
            count = int(pick(rng, (1, 2, 3, 4), (0.5, 0.27, 0.15, 0.08)))
            across = count > 1 or rng.random() < 0.3
            step = 0.62 if across else 1.9
            for k in range(count):
                asset = pick(rng, assets, weights)
                turn = (90.0 if not across else 0.0) + float(rng.normal(0.0, 7.0))
                turn += 180.0 if rng.random() < 0.4 else 0.0
                _stand(site, area, asset, t + k * step, turn, across, paint=draw_paint(rng))


def _along(site: Site, area: Area, params: Params, rng: np.random.Generator) -> Iterator[float]:
    """Metres along a sidewalk at the block's `spacing`; nothing where it has no houses beside it."""
    if area.front is None:
        return
    t = float(rng.uniform(0.1, 1.0)) * float(params.sample("spacing", rng, site.draw.env))
    while t < area.length - 1.5:
        yield t
        t += float(params.sample("spacing", rng, site.draw.env))


def _stand(
    site: Site, area: Area, asset: Asset, t: float, turn: float, kerbside: bool, *, paint: Paint | None = None
) -> None:
    """Puts an asset at t along the houses, its back to them (or to the kerb), turned by `turn` degrees more."""
    assert area.front is not None
    yaw = area.front + (0.0 if kerbside else 180.0) + turn
    reach = _reach(asset, turn)
    depth = area.depth - _AT_KERB - reach if kerbside else _AT_WALL + reach
    x, y = area.beside(t, depth)
    rect: Rect = footprint_of(asset.size, x, y, yaw)
    if not site.footprints.take(rect, asset.id, margin=_MARGIN):
        return
    own = paint if any(slot.recolour for slot in asset.slots) else None
    facts = {"slot": "sidewalk", "beside": "kerb" if kerbside else "wall"}
    site.place(asset, x, y, area.z, yaw=yaw, paint=own, attributes=facts)


def _reach(asset: Asset, turn: float) -> float:
    """Half the room that an asset takes across the sidewalk, turned by `turn` degrees."""
    angle = np.radians(turn)
    return float(abs(np.cos(angle)) * asset.size[0] + abs(np.sin(angle)) * asset.size[1]) / 2
