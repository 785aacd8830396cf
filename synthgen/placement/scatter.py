"""scatter: things that stand about in the areas of a slot, none in another."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synthgen.layout.slots import Area
from synthgen.placement.choices import Choice
from synthgen.placement.footprints import footprint_of
from synthgen.placement.picking import pick
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import pose

_TRIES = 12


@populator("scatter")
def scatter(site: Site, block: Block) -> None:
    """Puts `density` things a square metre, and `count` more, where there is room for them. The larger an area is, the
    more of them it gets; what finds no room is left out."""
    params, rng = site.params(block), site.rng(block)
    areas: list[Area] = list(site.slots(block))
    choices = site.choices(block, variety=int(params.sample("variety", rng, {})))
    if not choices or not areas:
        return
    sizes = np.array([a.size for a in areas])
    count = int(params.sample("count", rng, site.draw.env))
    wanted = count + int(rng.poisson(float(params.sample("density", rng, site.draw.env)) * float(sizes.sum())))
    for _ in range(wanted):
        _put_one(site, params, areas, sizes, choices, rng)


def _put_one(
    site: Site,
    params: Params,
    areas: list[Area],
    sizes: NDArray[np.float64],
    choices: list[Choice],
    rng: np.random.Generator,
) -> None:
    choice: Choice = pick(rng, choices, [c.weight for c in choices])
    thing = choice.draw(site.stage.store, rng)
    gap = float(params.sample("gap", rng, site.draw.env))
    for _ in range(_TRIES):
        area: Area = pick(rng, areas, sizes.tolist())
        yaw = area.along + float(params.sample("yaw", rng, site.draw.env))
        half = _reach(thing.size, yaw)
        if 2 * half[0] > area.x1 - area.x0 or 2 * half[1] > area.y1 - area.y0:
            continue
        x = float(rng.uniform(area.x0 + half[0], area.x1 - half[0]))
        y = float(rng.uniform(area.y0 + half[1], area.y1 - half[1]))
        if site.footprints.take(footprint_of(thing.size, x, y, yaw), thing.id, margin=gap):
            facts = {"place": (x, y, area.z), "yaw": yaw % 360.0}
            related = site.standing(area, area.ground)
            site.put(thing, pose(x, y, area.z, yaw=yaw), attributes=facts, relations=related)
            return


def _reach(size: tuple[float, float, float], yaw: float) -> tuple[float, float]:
    """Half of the upright rectangle around something turned by `yaw` degrees."""
    c, s = abs(math.cos(math.radians(yaw))), abs(math.sin(math.radians(yaw)))
    return (c * size[0] + s * size[1]) / 2, (s * size[0] + c * size[1]) / 2
