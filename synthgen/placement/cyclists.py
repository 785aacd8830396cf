"""cyclists: people on bicycles, at the kerbside edge of the lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synthgen.layout.lamps import lamps
from synthgen.layout.slots import Lane
from synthgen.placement.cast import PEOPLE
from synthgen.placement.choices import Thing
from synthgen.placement.footprints import footprint_of
from synthgen.placement.picking import pick
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface
from synthgen.scene.pose import along, pose

VARIETY = 24
"""Riders with their bicycles that there are to draw from."""
_FROM_EDGE = (0.45, 0.95)
"""Metres from the lane's edge to the wheels."""
_MARGIN = 0.25
_BEFORE_LINE = 1.2


@populator("cyclists")
def cyclists(site: Site, block: Block) -> None:
    """Puts riders on bicycles into the outermost lanes, headed along them. gap: metres from one to the next.

    A bicycle and its rider are two things; the rider's record says which bicycle it `rides`. Without the pack `human`
    in the recipe there are none.
    """
    if PEOPLE not in site.packs:
        return
    params, rng = site.params(block), site.rng(block)
    choices = [c for c in site.choices(block, variety=VARIETY, tag="ridden") if "ridden" in c.tags]
    lanes: Sequence[Lane] = site.slots(block)
    side = -1.0 if site.layout.attributes.get("driving_side") == "left" else 1.0
    for index, lane in enumerate(lanes):
        if not choices or not outermost(lane, lanes, side):
            continue
        s = lane.line.length - float(rng.uniform(0.0, 1.0)) * float(params.sample("gap", rng, site.draw.env))
        while s > 2.0:
            aside, turn = float(rng.uniform(*_FROM_EDGE)), float(rng.normal(0.0, 2.0))
            thing = pick(rng, choices, [c.weight for c in choices]).draw(site.stage.store, rng)
            speed = float(params.sample("speed", rng, site.draw.env))
            x, y = lane.line.at(s, -side * (lane.width / 2 - aside))
            yaw = lane.line.heading + turn
            free = not _held(site, lane, s)
            if free and site.footprints.take(footprint_of(thing.size, x, y, yaw), thing.id, margin=_MARGIN):
                facts = {"slot": "lanes", "lane": index, "place": (x, y, 0.0), "yaw": yaw % 360.0, "motion": "moving"}
                where = site.standing(lane, "road")
                site.put(
                    _lit(site, thing), pose(x, y, 0.0, yaw=yaw), attributes=facts, relations=where,
                    velocity=along(yaw, speed),
                )  # fmt: skip
            s -= float(params.sample("gap", rng, site.draw.env))


def outermost(lane: Lane, lanes: Sequence[Lane], side: float) -> bool:
    """Has this lane none beside it, of its own direction, that is nearer to the kerb? side: 1 where traffic keeps
    right."""
    dx, dy = lane.line.direction
    for other in lanes:
        ox, oy = other.line.direction
        x, y = other.line.start[0] - lane.line.start[0], other.line.start[1] - lane.line.start[1]
        to_right = (x * dy - y * dx) * side
        if other.street == lane.street and dx * ox + dy * oy > 0.9 and to_right > 0.5:
            return False
    return True


def _held(site: Site, lane: Lane, s: float) -> bool:
    """Would somebody at s be on a crossing whose signal holds the traffic back?"""
    return any(
        site.phase.get(signal, "green") != "green" and stop - _BEFORE_LINE < s < clear
        for stop, clear, signal in lane.stops
    )


def _lit(site: Site, thing: Thing) -> Thing:
    """With its lamps on where it is dark."""
    if not site.stage.beams:
        return thing
    glow = {"head": lamps()["head"]["slot"], "tail": lamps()["tail"]["lens"]}
    shown = {
        slot: Surface(s.model, {**s.params, "emission_strength": glow[slot]}) if slot in glow else s
        for slot, s in thing.made.surfaces.items()
    }
    return replace(thing, made=replace(thing.made, surfaces=shown))
