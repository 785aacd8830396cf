"""street_furniture and bicycles: what stands on the sidewalk, against the houses or at the kerb."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Area
from synthgen.placement.choices import Thing
from synthgen.placement.footprints import Rect, footprint_of
from synthgen.placement.looks import Look
from synthgen.placement.made import Made, Piece, made_furniture
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, pick
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import pose

_AT_KERB = 0.45
"""Metres from the kerb to the near side of what stands there."""
_AT_WALL = 0.2
"""Metres from the wall: clear of plinths and rain pipes."""
_MARGIN = 0.2
_KERBSIDE = {"hydrant": 1.0, "bin": 0.55, "bench": 0.25}
"""Chance by category to stand at the kerb, not at the wall."""
_HOW_OFTEN = {"bin": 1.4, "bench": 0.8, "hydrant": 0.35}
"""How often a category of fetched assets is drawn, however many models it has."""


@populator("street_furniture")
def street_furniture(site: Site, block: Block) -> None:
    """Benches, bins, hydrants and the like, fetched and made. spacing: metres from one to the next on each sidewalk.

    What is made (configs/street/furniture.yaml) counts as tagged `street_furniture`; a filter that asks for another
    tag, a category, an id, a licence or a trademark leaves it out unless it fits.
    """
    params, rng = site.params(block), site.rng(block)
    assets = site.assets(block, tag="street_furniture")
    kinds = Counter(a.category for a in assets)
    options: list[Asset | Made] = [*assets, *made_furniture(block)]
    weights = [
        o.weight * _HOW_OFTEN.get(o.category, 1.0) / kinds[o.category] if isinstance(o, Asset) else o.weight
        for o in options
    ]
    for area in site.slots(block) if options else ():
        for t in _along(site, area, params, rng):
            chosen = pick(rng, options, weights)
            turn = float(rng.normal(0.0, 3.0))
            if isinstance(chosen, Made):
                kerbside = rng.random() < chosen.kerbside
                count = int(rng.integers(chosen.row[0], chosen.row[1] + 1))
                piece = chosen.draw(site.stage.store, rng)
                for k in range(count):
                    _stand_made(site, area, piece, t + k * chosen.spacing, turn + chosen.turn, kerbside)
            else:
                kerbside = rng.random() < _KERBSIDE.get(chosen.category, 0.4)
                _stand(site, area, chosen, t, turn, kerbside)


@populator("bicycles")
def bicycles(site: Site, block: Block) -> None:
    """Parked two-wheelers, alone or a few beside each other. spacing: metres from one group to the next."""
    params, rng = site.params(block), site.rng(block)
    choices = [c for c in site.choices(block, category="bicycle") if "ridden" not in c.tags]
    weights = [c.weight for c in choices]
    for area in site.slots(block) if choices else ():
        for t in _along(site, area, params, rng):
            count = int(pick(rng, (1, 2, 3, 4), (0.5, 0.27, 0.15, 0.08)))
            across = count > 1 or rng.random() < 0.3
            step = 0.62 if across else 1.9
            for k in range(count):
                thing = pick(rng, choices, weights).draw(site.stage.store, rng)
                turn = (90.0 if not across else 0.0) + float(rng.normal(0.0, 7.0))
                turn += 180.0 if rng.random() < 0.4 else 0.0
                _lean(site, area, thing, t + k * step, turn, across)


def _along(site: Site, area: Area, params: Params, rng: np.random.Generator) -> Iterator[float]:
    """Metres along a sidewalk at the block's `spacing`; nothing where it has no houses beside it."""
    if area.front is None:
        return
    t = float(rng.uniform(0.1, 1.0)) * float(params.sample("spacing", rng, site.draw.env))
    while t < area.length - 1.5:
        yield t
        t += float(params.sample("spacing", rng, site.draw.env))


def _stand(
    site: Site, area: Area, asset: Asset, t: float, turn: float, kerbside: bool, *, look: Look | None = None
) -> None:
    """Puts an asset at t along the houses, its back to them (or to the kerb), turned by `turn` degrees more."""
    assert area.front is not None
    yaw = area.front + (0.0 if kerbside else 180.0) + turn
    reach = _reach(asset.size, turn)
    depth = area.depth - _AT_KERB - reach if kerbside else _AT_WALL + reach
    x, y = area.beside(t, depth)
    rect: Rect = footprint_of(asset.size, x, y, yaw)
    if not site.footprints.take(rect, asset.id, margin=_MARGIN):
        return
    facts = {"slot": "sidewalk", "beside": "kerb" if kerbside else "wall"}
    related = site.standing(area, area.ground)
    recolour = look.params if look else None
    site.place(asset, x, y, area.z, yaw=yaw, recolour=recolour, attributes=facts, relations=related)


def _lean(site: Site, area: Area, thing: Thing, t: float, turn: float, kerbside: bool) -> None:
    """As `_stand`, for a drawn thing."""
    assert area.front is not None
    yaw = area.front + (0.0 if kerbside else 180.0) + turn
    reach = _reach(thing.size, turn)
    x, y = area.beside(t, area.depth - _AT_KERB - reach if kerbside else _AT_WALL + reach)
    if site.footprints.take(footprint_of(thing.size, x, y, yaw), thing.id, margin=_MARGIN):
        facts = {
            "slot": "sidewalk",
            "beside": "kerb" if kerbside else "wall",
            "place": (x, y, area.z),
            "yaw": yaw % 360.0,
        }
        site.put(thing, pose(x, y, area.z, yaw=yaw), attributes=facts, relations=site.standing(area, area.ground))


def _stand_made(site: Site, area: Area, piece: Piece, t: float, turn: float, kerbside: bool) -> None:
    """As `_stand`, for what is made."""
    assert area.front is not None
    if t > area.length:
        return
    yaw = area.front + (0.0 if kerbside else 180.0) + turn
    reach = _reach(piece.size, turn)
    x, y = area.beside(t, area.depth - _AT_KERB - reach if kerbside else _AT_WALL + reach)
    if not site.footprints.take(footprint_of(piece.size, x, y, yaw), piece.mesh, margin=_MARGIN):
        return
    facts = {"slot": "sidewalk", "beside": "kerb" if kerbside else "wall", "made": piece.mesh, "place": (x, y, area.z)}
    related = site.standing(area, area.ground)
    number = site.stage.builder.instance(piece.category, attributes=facts, relations=related)
    site.stage.generate(number, piece.mesh, piece.materials, pose(x, y, area.z, yaw=yaw), **piece.params)


def _reach(size: Sequence[float], turn: float) -> float:
    """Half the room across the sidewalk of something of this size, turned by `turn` degrees."""
    angle = np.radians(turn)
    return float(abs(np.cos(angle)) * size[0] + abs(np.sin(angle)) * size[1]) / 2
