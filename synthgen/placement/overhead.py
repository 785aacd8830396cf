"""cables: wires that hang across the street between the house fronts. All are one instance (category pole)."""

from __future__ import annotations

import math

from synthgen.layout import palette
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block
from synthgen.scene.pose import pose

_RADII = (0.008, 0.012, 0.016)
_MASTS = frozenset({"street light", "signal post"})
"""What stands as high as cables hang, by the name of its footprint: they keep `_CLEAR` / 2 metres from it."""
_CLEAR = 1.0


@populator("cables")
def cables(site: Site, block: Block) -> None:
    """Hangs cables over the street. spacing: metres from one to the next along the street."""
    params, rng = site.params(block), site.rng(block)
    cable = {"cable": palette.plain("cable")}
    number = 0
    for span in site.slots(block):
        s = float(rng.uniform(0.2, 1.0)) * float(params.sample("spacing", rng, site.draw.env))
        while s < span.line.length:
            turn = float(rng.normal(0.0, 5.0))
            across = span.across / math.cos(math.radians(turn))
            x, y = span.line.at(s, span.across / 2)
            height = span.height - float(rng.uniform(0.0, 0.5))
            sag = round(float(rng.uniform(0.3, 0.9)), 1)
            radius = _RADII[int(rng.integers(0, len(_RADII)))]
            yaw = span.line.heading - 90.0 + turn
            back = math.tan(math.radians(turn)) * span.across / 2
            dx, dy = span.line.direction
            middle = span.line.at(s)
            if not _MASTS & set(site.footprints.overlapping(Rect(middle[0], middle[1], across, _CLEAR, yaw))):
                number = number or site.stage.builder.instance("pole", attributes={"carries": "cables"})
                where = pose(x - dx * back, y - dy * back, height, yaw=yaw)
                site.stage.generate(
                    number, "street.cable", cable, where, span=round(across, 2), sag=sag, radius=radius, solids=[]
                )
            s += float(params.sample("spacing", rng, site.draw.env))
