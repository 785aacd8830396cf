"""The layout `street`: a straight city street with a cross street, houses on both sides."""

from __future__ import annotations

from synthgen.layout.registry import layout
from synthgen.layout.slots import Layout
from synthgen.layout.street.buildings import raise_buildings
from synthgen.layout.street.dimensions import START, Street
from synthgen.layout.street.ground import lay_ground
from synthgen.layout.street.places import slots
from synthgen.recipe.params import Block, Draw
from synthgen.scene.stage import Stage


@layout("street")
def street(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds ground and houses of a straight street and returns its slots (see `places.slots`)."""
    values = block.params.resolve(draw)
    plan = Street.of(values)
    bays = bool(draw.rng(f"{block.path}.bays").random() < 0.5)
    grounds = lay_ground(stage, plan, draw, block.path, wear=float(values["wear"]), bays=bays)
    houses = raise_buildings(stage, plan, block, draw, float(values["shops"]))
    facts = {**plan.record(), "wear": values["wear"], "shops": values["shops"], "houses": houses, "origin": -START}
    return Layout("street", slots(plan, bays=bays), grounds, facts)
