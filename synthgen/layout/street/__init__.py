"""The layout `street`: a straight city street with a cross street, houses on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from synthgen.layout import palette
from synthgen.layout.registry import layout
from synthgen.layout.slots import Hole, Layout
from synthgen.layout.street.buildings import raise_buildings
from synthgen.layout.street.carriageway import build_carriageway
from synthgen.layout.street.dimensions import START, Street
from synthgen.layout.street.markings import paint
from synthgen.layout.street.places import slots
from synthgen.layout.street.sidewalks import draw_paving, lay_kerbs, lay_slabs
from synthgen.recipe.params import Block, Draw
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage

LAND = (-450.0, 450.0, -90.0, 750.0)
LAND_Z = -0.2
"""Below the soil of tree pits."""


@layout("street")
def street(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds ground and houses of a straight street and returns its slots (see `places.slots`)."""
    values = block.params.resolve(draw)
    plan = Street.of(values)
    bays = bool(draw.rng(f"{block.path}.bays").random() < 0.5)
    wet = float(values["wet"])
    road = build_carriageway(stage, plan, draw, block.path, wear=float(values["wear"]), wet=wet)
    paint(road, bays=bays)
    lay_kerbs(stage, plan, road.number("curb"), road.rng, wet)
    paving, sidewalk = draw_paving(road.rng, wet), road.number("sidewalk")
    _land(stage, road.number("terrain"))
    houses = raise_buildings(stage, plan, block, draw, float(values["shops"]))
    facts = {
        **plan.record(),
        "wear": values["wear"],
        "wet": wet,
        "shops": values["shops"],
        "houses": houses.count,
        "bays_marked": bays,
        "origin": -START,
    }

    def finish(holes: Sequence[Hole]) -> None:
        lay_slabs(stage, plan, sidewalk, paving, holes)

    named = slots(plan, bays=bays, lowest_house=houses.lowest)
    return Layout("street", named, dict(road.numbers), facts, finish, houses.steps)


def _land(stage: Stage, number: int) -> None:
    """The land below and beyond the town, to the horizon."""
    x0, x1, y0, y1 = LAND
    surface = Surface("terrain", palette.palette()["terrain"])
    where = pose(x0, y0, LAND_Z)
    stage.generate(number, "street.ground_strip", {"surface": surface}, where, width=x1 - x0, length=y1 - y0)
