"""trees: a row of street trees, each in a pit in the sidewalk, no wider than the room between houses allows."""

from __future__ import annotations

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout import palette
from synthgen.layout.slots import Hole, Verge
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, pick
from synthgen.placement.verge import places
from synthgen.recipe.params import Block
from synthgen.scene.pose import pose

PIT = 1.1
PIT_SEEDS = 6
SOIL = 0.055
"""How deep the soil of a pit lies below the sidewalk, where a trunk begins, metres."""
PIT_STYLES = ("grate", "soil", "cobble")
TRUNK = 0.2
"""Half the width of what must not be walked or driven into, metres."""
_OVERHANG = 0.35
"""Twigs may reach this far past the house fronts' plane: crowns are sparse at their rim."""
_SMALLEST = 0.45
_TRUNK_SHARE = 0.25
"""Share of a tree's height that is below its crown."""
_MARGIN = 0.25


@populator("trees")
def trees(site: Site, block: Block) -> None:
    """Plants trees along the verge, all pits of a scene in one style.

    spacing: metres from trunk to trunk, drawn for each. fill: chance that a place has a tree.
    """
    params, rng = site.params(block), site.rng(block)
    assets = site.assets(block, tag="street_tree")
    weights = [a.weight for a in assets]
    style = PIT_STYLES[int(rng.integers(0, len(PIT_STYLES)))]
    for verge in site.slots(block) if assets else ():
        for s in places(site, verge, params, rng):
            wanted = rng.random() < float(params.sample("fill", rng, site.draw.env))
            asset = pick(rng, assets, weights)
            scale = _scale(asset, verge, rng)
            spread, turn = 0.94 + 0.12 * float(rng.random()), 360.0 * float(rng.random())
            seed = int(rng.integers(0, PIT_SEEDS))
            x, y = verge.line.at(s)
            foot = Rect(x, y, 2 * TRUNK, 2 * TRUNK, verge.line.heading)
            pit = Rect(x, y, PIT, PIT, verge.line.heading)
            room = site.footprints.free(foot, margin=_MARGIN) and site.footprints.free(pit)
            room = room and not _grows_into(site, asset, x, y, scale)
            if not wanted or scale < _SMALLEST or not room:
                continue
            site.footprints.claim(pit, "tree")
            trunk = ((-TRUNK / scale, -TRUNK / scale, 0.0), (TRUNK / scale, TRUNK / scale, asset.size[2] * 0.4))
            facts = {"slot": "verge", "scale": scale}
            sizes = (scale * spread, scale, scale)
            site.place(asset, x, y, verge.z - SOIL, yaw=turn, scale=sizes, solids=[trunk], attributes=facts)
            _dig_pit(site, verge, x, y, style, seed)


def _grows_into(site: Site, asset: Asset, x: float, y: float, scale: float) -> bool:
    """Would the crown reach into a bus, a truck or a van? Roofs of cars are below it."""
    side, low = max(asset.size[:2]) * scale, _TRUNK_SHARE * asset.size[2] * scale
    below = site.footprints.overlapping(Rect(x, y, side, side))
    return any(site.heights.get(name, 0.0) > low for name in below)


def _scale(asset: Asset, verge: Verge, rng: np.random.Generator) -> float:
    """How large a tree may grow between kerb and houses."""
    height, widest = float(rng.random()), float(rng.random())
    limit = (verge.room + _OVERHANG) / (max(asset.size[0], asset.size[1]) / 2)
    return min(0.85 + 0.3 * height, limit * (0.88 + 0.12 * widest))


def _dig_pit(site: Site, verge: Verge, x: float, y: float, style: str, seed: int) -> None:
    """A hole in the sidewalk with its grate, earth or cobbles. Bare earth is terrain, the others are walked on."""
    site.holes.append(Hole(x, y, PIT))
    materials = {"metal": palette.plain("iron"), "soil": palette.plain("soil"), "stone": palette.plain("granite")}
    number = site.ground("terrain" if style == "soil" else "sidewalk")
    where = pose(x, y, verge.z)
    site.stage.generate(number, "street.tree_pit", materials, where, size=PIT, style=style, seed=seed)
