"""trees: a row of street trees, each in a pit of soil, no wider than the room between houses allows."""

from __future__ import annotations

from synthgen.layout import palette
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, pick
from synthgen.placement.verge import places
from synthgen.recipe.params import Block
from synthgen.scene.pose import pose

PIT = 1.0
PIT_RISE = 0.004
TRUNK = 0.2
"""Half the width of what must not be walked or driven into, metres."""
_OVERHANG = 0.35
"""Twigs may reach this far past the house fronts' plane: crowns are sparse at their rim."""
_SMALLEST = 0.45
_MARGIN = 0.5


@populator("trees")
def trees(site: Site, block: Block) -> None:
    """Plants trees along the verge.

    spacing: metres from trunk to trunk, drawn for each. fill: chance that a place has a tree.
    """
    params, rng = site.params(block), site.rng(block)
    assets = site.assets(block, tag="street_tree")
    weights = [a.weight for a in assets]
    soil = palette.plain("soil")
    for verge in site.slots(block):
        for s in places(site, verge, params, rng):
            wanted = rng.random() < float(params.sample("fill", rng, site.draw.env))
            asset = pick(rng, assets, weights)
            height, spread, widest, turn = (float(v) for v in rng.random(4))
            limit = (verge.room + _OVERHANG) / (max(asset.size[0], asset.size[1]) / 2)
            scale = min(0.85 + 0.3 * height, limit * (0.88 + 0.12 * widest))
            x, y = verge.line.at(s)
            pit = Rect(x, y, PIT, PIT, verge.line.heading)
            if not wanted or scale < _SMALLEST or not site.footprints.take(pit, "tree", margin=_MARGIN):
                continue
            sizes = (scale * (0.94 + 0.12 * spread), scale, scale)
            trunk = ((-TRUNK / scale, -TRUNK / scale, 0.0), (TRUNK / scale, TRUNK / scale, asset.size[2] * 0.4))
            site.place(asset, x, y, verge.z, yaw=360.0 * turn, scale=sizes, solids=[trunk], attributes={"slot": "verge"})
            site.stage.generate(
                site.ground("terrain"),
                "street.ground_strip",
                {"surface": soil},
                pose(x - PIT / 2, y - PIT / 2, verge.z + PIT_RISE),
                width=PIT,
                length=PIT,
            )
