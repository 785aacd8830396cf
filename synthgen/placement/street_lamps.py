"""street_lamps: lamp posts along the kerb, all of one kind in a scene, each one thing (category street light)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.layout import palette
from synthgen.layout.lamps import lamps
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, pick
from synthgen.placement.verge import places
from synthgen.procedural.poles import lamp_positions
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface
from synthgen.scene.pose import Matrix, array, light_along, pose

FOOT = 0.3
_MARGIN = 0.9
_FROM_WALL = 1.4
"""Metres that a lamp stays away from the house fronts and their cornices, at least."""
_SHIFTS = (0.0, 1.5, -1.5, 3.0, -3.0)
"""Where the place is taken, a post moves along the kerb by so many metres."""
_STYLES = (("single", 5.0), ("hanging", 2.0), ("classic", 1.5), ("double", 0.7))


@populator("street_lamps")
def street_lamps(site: Site, block: Block) -> None:
    """Puts lamp posts on the verges, arms towards the road. spacing: metres from post to post, drawn for each."""
    params, rng = site.params(block), site.rng(block)
    shape = _draw_shape(rng)
    metal = palette.tinted("lamp_posts", rng)
    lit = _draw_light(site.draw.rng(f"{block.path}.light"), shape["style"]) if site.stage.lamps else None
    verges = site.slots(block)
    if shape["style"] == "double":
        # Its second arm points at the houses.
        shape["arm"] = min(shape["arm"], round(min((verge.room for verge in verges), default=9.9) - _FROM_WALL, 1))
    for verge in verges:
        for s in places(site, verge, params, rng):
            for shift in _SHIFTS:
                x, y = verge.line.at(min(max(s + shift, 1.0), verge.line.length))
                clear = all(not low <= s + shift <= high for low, high in verge.gaps)
                if clear and site.footprints.take(Rect(x, y, FOOT, FOOT, verge.inward), "street light", margin=_MARGIN):
                    facts = {"place": (x, y, verge.z), "yaw": verge.inward, "style": shape["style"]}
                    shines = lit is not None and bool(lit.rng.random() >= lamps()["street"]["dead"])
                    if lit is not None:
                        facts["lit"] = shines
                    related = site.standing(verge, "sidewalk")
                    number = site.stage.builder.instance("street light", attributes=facts, relations=related)
                    shaft = ((-0.15, -0.15, 0.0), (0.15, 0.15, shape["height"]))
                    where = pose(x, y, verge.z, yaw=verge.inward)
                    materials = {"metal": metal, "lamp": lit.lens if lit and shines else palette.plain("luminaire")}
                    site.stage.generate(number, "street.lamp_post", materials, where, solids=[shaft], **shape)
                    if lit and shines:
                        _shine(site, lit, shape, where)
                    break


@dataclass(frozen=True, slots=True)
class _Light:
    """The lamps of one street: power in watts and colour of each, the surface of its lens. rng: says which are out."""

    power: float
    color: list[float]
    lens: Surface
    rng: np.random.Generator


def _draw_light(rng: np.random.Generator, style: str) -> _Light:
    table = lamps()["street"]
    kind = pick(rng, table["kinds"], [k["weight"] for k in table["kinds"]])
    power = float(rng.uniform(*kind["power"])) * (table["classic_power"] if style == "classic" else 1.0)
    glow = {"emission_color": kind["color"], "emission_strength": table["glow"]}
    return _Light(power, kind["color"], Surface("lamp", {"color": [0.7, 0.7, 0.65], **glow}), rng)


def _shine(site: Site, lit: _Light, shape: dict[str, Any], where: Matrix) -> None:
    """A spot below each lamp of a post that stands at `where`; a lantern's is wider."""
    table, matrix = lamps()["street"], array(where)
    for position in lamp_positions(**shape):
        place = (matrix[:, :3] @ np.array(position) + matrix[:, 3]).tolist()
        cone = table["classic_cone" if shape["style"] == "classic" else "cone"]
        spread = {"cone": cone, "blend": table["blend"], "radius": table["radius"]}
        site.stage.builder.light("spot", light_along((0.0, 0.0, -1.0), *place), lit.power, lit.color, spread)


def _draw_shape(rng: np.random.Generator) -> dict[str, Any]:
    """Parameters of the mesh, coarse enough that scenes share it."""
    style = pick(rng, [s for s, _ in _STYLES], [w for _, w in _STYLES])
    height, arm = float(rng.uniform(6.5, 9.0)), float(rng.uniform(1.5, 2.4))
    if style == "classic":
        height = 3.6 + (height - 6.5) * 0.4
    return {"style": style, "height": round(height * 2) / 2, "arm": round(arm, 1)}
