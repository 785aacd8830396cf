"""Panes that stand apart from what they belong to, so that what is behind them keeps its label."""

from __future__ import annotations

import numpy as np

from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.makers.maker import Made
from synthgen.scene.builder import Surface
from synthgen.scene.spec import MeshRef

PANES = {"retail.cooler": "retail.cooler_panes", "retail.freezer": "retail.freezer_panes"}
"""The generator of a thing: the generator of its panes, which takes the same parameters."""


def panes_of(store: Store, made: Made, rng: np.random.Generator) -> tuple[MeshRef, dict[str, Surface]] | None:
    """The panes of a made thing and their surfaces, to be put where the thing is, under its number; None without any.

    Their policy is see_through: they take no part in labels.
    """
    generator = PANES.get(made.mesh.source.get("procedural", ""))
    params = made.mesh.source.get("params", {})
    if generator is None or params.get("glass") is False:
        return None
    return store.procedural(generator, **params), {"glass": palette.named("shop_pane", rng)}
