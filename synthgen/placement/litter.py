"""litter: fallen leaves and scraps. They are part of the ground that they lie on."""

from __future__ import annotations

import numpy as np

from synthgen.layout import palette
from synthgen.layout.slots import Area
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose

PATCH = 20.0
"""Metres of kerb that one mesh of leaves covers, at most."""
SEEDS = 12
_SHARES = {"sidewalk": 0.4, "road": 0.1}
"""Pieces beside those in the gutter, which the recipe counts."""
_GATHER = {"sidewalk": 0.25, "road": 0.0}
_ON_PAVING = 0.006
"""Lift over slabs and kerbs, metres."""


@populator("litter")
def litter(site: Site, block: Block) -> None:
    """Scatters leaves and paper. density: pieces per metre of kerb, drawn for each stretch; sidewalks get less."""
    params, rng = site.params(block), site.rng(block)
    leaves = palette.of_colors("leaves")
    order = rng.permutation(len(leaves))
    materials = {f"leaf{k}": leaves[int(order[k % len(leaves)])] for k in range(4)}
    materials["paper"] = palette.plain("paper")
    paper = round(float(rng.uniform(0.0, 0.06)), 2)
    for area in site.slots(block):
        wide = area.x1 - area.x0
        gutter = wide < 1.5
        share = 1.0 if gutter else _SHARES.get(area.ground, 0.3)
        gather = 0.8 if gutter else _GATHER.get(area.ground, 0.0)
        y = area.y0
        while area.y1 - y > 1.0:
            length = min(PATCH, area.y1 - y)
            count = round(float(params.sample("density", rng, site.draw.env)) * length * share)
            if count > 0:
                _scatter(site, area, y, length, count, gather, paper, materials, rng)
            y += length


def _scatter(
    site: Site,
    area: Area,
    y: float,
    length: float,
    count: int,
    gather: float,
    paper: float,
    materials: dict[str, Surface],
    rng: np.random.Generator,
) -> None:
    """One mesh of leaves; those that drift go to local +X, which points the way of `area.along`."""
    turned = area.along == 180.0
    where = pose(area.x1, y + length, area.z, yaw=180.0) if turned else pose(area.x0, y, area.z)
    site.stage.generate(
        site.ground(area.ground),
        "street.leaf_litter",
        materials,
        where,
        solids=[],
        width=round(area.x1 - area.x0, 2),
        length=round(length, 1),
        count=count,
        paper=paper,
        gather=gather,
        lift=_ON_PAVING,
        seed=int(rng.integers(0, SEEDS)),
    )
