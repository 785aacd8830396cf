"""pedestrians: people who walk, stand, talk and look into shop windows; on crossings only those who may."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Area
from synthgen.placement.cast import AHEAD, PEOPLE, Cast
from synthgen.placement.footprints import Rect, footprint_of, reach_of
from synthgen.placement.looks import Look, draw_look
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, bearing, pick
from synthgen.recipe.params import Block
from synthgen.scene.pose import pose

_GROUPS = (1, 2, 3, 4)
_GROUP_WEIGHTS = (0.55, 0.28, 0.12, 0.05)
_BODY = 0.5
"""Metres across of the square that a standing person takes; arms may reach over it."""
_SCALE = (0.95, 1.05)
_TRIES = 8
_PERSONS = 3
"""Made people that are tried for one place."""
_MARGIN = 0.06
_PLINTH = 0.12
"""Metres from the wall: clear of plinths and rain pipes."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where one person of a group stands and looks, and what they do."""

    x: float
    y: float
    yaw: float
    doing: str


_Arrange = Callable[[Area, float, float, int, np.random.Generator], list[_Stand]]


@populator("pedestrians")
def pedestrians(site: Site, block: Block) -> None:
    """Fills areas with people, alone and in groups of two to four.

    density: people per square metre, drawn for each area. On a zebra crossing people walk only while the traffic
    that they cross has a red signal; else those who would walk wait at its ends (the slot "waiting"). made_within:
    metres from a camera's place within which people are made rather than fetched, in a pose that fits what they do;
    this needs the pack `human` in the recipe.
    """
    params, rng = site.params(block), site.rng(block)
    assets = [a for a in site.assets(block, category="person") if "lying" not in a.tags]
    near = float(params.sample("made_within", rng, site.draw.env)) if PEOPLE in site.packs else 0.0
    cast = Cast(assets, near, site.draw.rng(f"{block.path}.made"))
    crossing = str(block.params.get("in")) == "crossing"
    for area in site.slots(block) if assets else ():
        people = float(params.sample("density", rng, site.draw.env)) * area.size
        if not crossing:
            _fill(site, area, int(rng.poisson(people)), cast, rng, _on_sidewalk)
        elif site.phase.get(area.signal, "green") == "red":
            _fill(site, area, int(rng.poisson(people)), cast, rng, _across)
        elif area.signal == "main":
            for corner in _ends(site, area):
                _fill(site, corner, int(rng.poisson(people / 2)), cast, rng, _waiting)


def _ends(site: Site, area: Area) -> list[Area]:
    """The waiting areas at the ends of a crossing."""
    corners: Sequence[Area] = site.layout.slots.get("waiting", ())
    return [c for c in corners if c.y1 > area.y0 - 0.1 and c.y0 < area.y1 + 0.1]


def _fill(site: Site, area: Area, people: int, cast: Cast, rng: np.random.Generator, arrange: _Arrange) -> None:
    while people > 0:
        size = min(people, int(pick(rng, _GROUPS, _GROUP_WEIGHTS)))
        people -= size
        for _ in range(_TRIES):
            x, y = float(rng.uniform(area.x0, area.x1)), float(rng.uniform(area.y0, area.y1))
            stands = arrange(area, x, y, size, rng)
            if all(_fits(site, area, s) for s in stands):
                _stand(site, area, stands, cast, rng)
                break


def _fits(site: Site, area: Area, s: _Stand) -> bool:
    return _inside(area, s.x, s.y) and site.footprints.free(Rect(s.x, s.y, _BODY, _BODY, s.yaw), margin=_MARGIN)


def _inside(area: Area, x: float, y: float) -> bool:
    return bool(area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1)


def _ahead(s: _Stand) -> Rect:
    """What a pram takes before who pushes it, beginning where a body's square ends."""
    reach, wide = AHEAD
    middle = (_BODY / 2 + reach) / 2
    heading = math.radians(s.yaw)
    x, y = s.x + middle * math.cos(heading), s.y + middle * math.sin(heading)
    return Rect(x, y, reach - _BODY / 2, wide, s.yaw)


def _stand(site: Site, area: Area, stands: Sequence[_Stand], cast: Cast, rng: np.random.Generator) -> None:
    weights = [a.weight for a in cast.assets]
    related, slot = site.standing(area, area.ground), area.signal or area.ground
    group = 0
    for s in stands:
        told = {"slot": slot, "doing": s.doing, **({"group_of": group} if group else {})}
        if cast.makes(site, s.x, s.y):
            number = _stand_made(site, area, s, cast, told, related)
        else:
            number = _stand_fetched(site, area, s, cast.assets, weights, rng, told, related)
        group = group or (number if len(stands) > 1 else 0)


def _stand_made(
    site: Site, area: Area, s: _Stand, cast: Cast, told: dict[str, Any], related: Mapping[str, int | str]
) -> int:
    """The number of somebody who is made; 0 where nobody fits."""
    ahead = _ahead(s)
    room = _inside(area, *ahead.corners()[1:3].mean(axis=0)) and site.footprints.free(ahead, margin=_MARGIN)
    for _ in range(_PERSONS):
        made = cast.draw(site, s.doing, s.x, s.y, room=room)
        if made is None:
            return 0
        reach = reach_of(site.stage.store.bounds(made.made.mesh))  # without a pram, which `ahead` is for
        if _take(site, area, footprint_of(reach, s.x, s.y, s.yaw)):
            if any(part.category == "pram" for part in made.made.parts):
                site.footprints.claim(ahead, "pram")
            facts = {"place": (s.x, s.y, area.z), "yaw": s.yaw % 360.0, **told}
            return site.put(made, pose(s.x, s.y, area.z, yaw=s.yaw), attributes=facts, relations=related)
    return 0


def _stand_fetched(
    site: Site,
    area: Area,
    s: _Stand,
    assets: Sequence[Asset],
    weights: Sequence[float],
    rng: np.random.Generator,
    told: dict[str, Any],
    related: Mapping[str, int | str],
) -> int:
    """The number of one of the fetched people; 0 where nobody fits."""
    scale = float(rng.uniform(*_SCALE))
    for _ in range(_TRIES):
        picked = _choose(site, s, assets, weights, rng)
        if picked is None:
            return 0
        asset, look = picked
        if _take(site, area, footprint_of(asset.size, s.x, s.y, s.yaw, scale)):
            site.people.add(asset.id, look.name, s.x, s.y)
            return site.place(
                asset, s.x, s.y, area.z, yaw=s.yaw, scale=scale, recolour=look.params,
                attributes={**told, "scale": scale}, relations=related,
            )  # fmt: skip
    return 0


def _take(site: Site, area: Area, rect: Rect) -> bool:
    """Claims the room of one person, arms and stride included, where it is free and clear of the house."""
    if area.front is not None:
        angle = math.radians(area.front)
        out = np.array([round(math.cos(angle)), round(math.sin(angle))])
        edge = float(np.array([area.x1 if out[0] > 0 else area.x0, area.y1 if out[1] > 0 else area.y0]) @ out)
        if (rect.corners() @ out).max() > edge + area.wall_room - _PLINTH:
            return False
    return site.footprints.take(rect, "person")


def _choose(
    site: Site, s: _Stand, assets: Sequence[Asset], weights: Sequence[float], rng: np.random.Generator
) -> tuple[Asset, Look] | None:
    """Someone who does not stand near already; None after a few tries."""
    for _ in range(_TRIES):
        asset = pick(rng, assets, weights)
        look = draw_look(asset, rng)
        if site.people.allows(asset.id, look.name, s.x, s.y):
            return asset, look
    return None


def _on_sidewalk(area: Area, x: float, y: float, size: int, rng: np.random.Generator) -> list[_Stand]:
    """A group that walks along, stands and talks, or looks at the shop window."""
    mode = rng.random()
    if mode < (0.62 if size == 1 else 0.5):
        way = area.along + (180.0 if rng.random() < 0.5 else 0.0)
        return _abreast(x, y, way, size, rng, "walking")
    if size > 1:
        return _circle(x, y, size, rng)
    if area.front is not None and rng.random() < 0.5:
        return _at_window(area, x, y, rng)
    return [_Stand(x, y, float(rng.uniform(0.0, 360.0)), "standing")]


def _at_window(area: Area, x: float, y: float, rng: np.random.Generator) -> list[_Stand]:
    """One person close to the house front, who faces it."""
    assert area.front is not None
    facing = area.front + float(rng.normal(0.0, 18.0))
    inset = float(rng.uniform(0.1, 0.5))
    c, s = round(math.cos(math.radians(area.front))), round(math.sin(math.radians(area.front)))
    if c:
        x = area.x1 - inset if c > 0 else area.x0 + inset
    if s:
        y = area.y1 - inset if s > 0 else area.y0 + inset
    return [_Stand(x, y, facing, "window shopping")]


def _abreast(x: float, y: float, way: float, size: int, rng: np.random.Generator, doing: str) -> list[_Stand]:
    """Side by side, walking one way; a third and fourth person behind."""
    heading = math.radians(way)
    c, s = math.cos(heading), math.sin(heading)
    found = []
    for k in range(size):
        aside = (k % 2) * 0.8 + float(rng.normal(0.0, 0.05))
        behind = (k // 2) * 1.05 + float(rng.normal(0.0, 0.12))
        yaw = way + float(rng.normal(0.0, 9.0))
        found.append(_Stand(x - c * behind - s * aside, y - s * behind + c * aside, yaw, doing))
    return found


def _circle(x: float, y: float, size: int, rng: np.random.Generator) -> list[_Stand]:
    """Facing each other in a circle."""
    radius = 0.48 if size == 2 else 0.5 + 0.1 * (size - 2)
    turn = float(rng.uniform(0.0, 360.0))
    found = []
    for k in range(size):
        angle = math.radians(turn + 360.0 * k / size + float(rng.normal(0.0, 8.0)))
        px, py = x + radius * math.cos(angle), y + radius * math.sin(angle)
        found.append(_Stand(px, py, bearing(px, py, x, y) + float(rng.normal(0.0, 12.0)), "talking"))
    return found


def _across(area: Area, x: float, y: float, size: int, rng: np.random.Generator) -> list[_Stand]:
    way = area.along + (180.0 if rng.random() < 0.5 else 0.0)
    return _abreast(x, y, way, size, rng, "crossing")


def _waiting(area: Area, x: float, y: float, size: int, rng: np.random.Generator) -> list[_Stand]:
    found = _abreast(x, y, area.along, size, rng, "waiting")
    return [_Stand(s.x, s.y, s.yaw + float(rng.normal(0.0, 15.0)), s.doing) for s in found]
