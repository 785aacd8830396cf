"""Walking along a verge: where trees, lamps and signs may stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthgen.layout.slots import Verge
from synthgen.placement.site import Site
from synthgen.recipe.params import Params


def places(site: Site, verge: Verge, params: Params, rng: np.random.Generator) -> Iterator[float]:
    """Distances s along a verge at the block's `spacing`, outside its gaps. The first lies within one spacing."""
    s = float(rng.uniform(0.2, 1.0)) * float(params.sample("spacing", rng, site.draw.env))
    while s < verge.line.length:
        if all(not low <= s <= high for low, high in verge.gaps):
            yield s
        s += float(params.sample("spacing", rng, site.draw.env))
