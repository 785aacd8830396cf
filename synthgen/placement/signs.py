"""signs: traffic signs beside the road. A plate is a thing, mounted on a post (category pole)."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.layout import palette
from synthgen.layout.slots import Verge
from synthgen.paths import data_dir
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site, pick
from synthgen.placement.verge import places
from synthgen.procedural.signs import STANDOFF, plate_size
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose

FOOT = 0.2
RADIUS = 0.03
_MARGIN = 0.35
_FROM_KERB = 0.5
"""Metres from the kerb to a post."""
_BETWEEN = 0.06


@cache
def sign_table() -> dict[str, Any]:
    """configs/street/signs.yaml."""
    table: dict[str, Any] = yaml.safe_load((data_dir("configs") / "street" / "signs.yaml").read_text("utf-8"))
    return table


@populator("signs")
def signs(site: Site, block: Block) -> None:
    """Puts signs on the verges; they look at the traffic that passes. spacing: metres from post to post."""
    params, rng = site.params(block), site.rng(block)
    for verge in site.slots(block):
        for s in places(site, verge, params, rng):
            turn = float(rng.normal(0.0, 4.0))
            plates = [_draw_plate(rng)]
            if rng.random() < sign_table()["second_plate"]:
                plates.append(_draw_plate(rng))
            angle = math.radians(verge.inward)
            x, y = verge.line.at(s)
            shift = verge.setback - _FROM_KERB
            x, y = x + shift * math.cos(angle), y + shift * math.sin(angle)
            if site.footprints.take(Rect(x, y, FOOT, FOOT, verge.inward), "sign post", margin=_MARGIN):
                _raise_sign(site, verge, x, y, verge.facing + turn, plates)


def _draw_plate(rng: np.random.Generator) -> dict[str, Any]:
    """kind, shape, aspect, size of a plate and the parameters of its picture."""
    table = sign_table()
    row = pick(rng, table["kinds"], [k["weight"] for k in table["kinds"]])
    wear = table["wear"][int(rng.integers(0, len(table["wear"])))]
    picture = {"kind": row["kind"], "wear": wear, "seed": int(rng.integers(0, table["pictures"]))}
    return {
        "shape": row["shape"],
        "aspect": row.get("aspect", 1.0),
        "size": table["sizes"][row["shape"]],
        "picture": picture,
    }


def _raise_sign(site: Site, verge: Verge, x: float, y: float, yaw: float, plates: list[dict[str, Any]]) -> None:
    """A post with its plates, the first on top."""
    edge = sign_table()["clearance"]
    middles = []
    for plate in reversed(plates):
        height = plate_size(plate["shape"], plate["size"], plate["aspect"])[1]
        middles.append(round(edge + height / 2, 3))
        edge += height + _BETWEEN
    middles.reverse()
    facts: dict[str, Any] = {"place": (x, y, verge.z), "carries": "traffic sign"}
    pole = site.stage.builder.instance("pole", attributes=facts, relations=site.standing(verge, "sidewalk"))
    site.stage.generate(
        pole,
        "street.sign_post",
        {"metal": palette.plain("galvanised")},
        pose(x, y, verge.z, yaw=yaw),
        height=round(edge, 2),
        radius=RADIUS,
        clamps=middles,
    )
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    for plate, middle in zip(plates, middles, strict=True):
        place = (x + c * STANDOFF, y + s * STANDOFF, verge.z + middle)
        facts = {"place": place, "yaw": yaw % 360.0, "kind": plate["picture"]["kind"], "slot": "verge"}
        number = site.stage.builder.instance("traffic sign", attributes=facts, relations={"mounted_on": pole})
        picture = site.stage.store.procedural_image("street.sign_picture", color_space="srgb", **plate["picture"])
        face = {k: v for k, v in sign_table()["face"].items() if k != "model"}
        galvanised = palette.plain("galvanised")
        materials = {"face": Surface("sign_face", face, {"color": picture}), "back": galvanised, "rim": galvanised}
        site.stage.generate(
            number,
            "street.sign_plate",
            materials,
            pose(*place, yaw=yaw),
            shape=plate["shape"],
            size=plate["size"],
            aspect=plate["aspect"],
        )
