"""traffic_lights: signal posts at the crossing. A head is a thing of its own, mounted on a pole; all agree."""

from __future__ import annotations

import math
from typing import Any

from synthgen.layout import palette
from synthgen.layout.lamps import lamps
from synthgen.layout.slots import SignalPost
from synthgen.placement.footprints import Rect
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.procedural.signals import lit_slots, signal_heads
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose

FOOT = 0.3
_HEIGHT = 3.4
_WALKERS_HEIGHT = 2.2
_WALKERS_BACK = 0.06
"""Metres from the post's axis to that of the pedestrians' head, away from the other head beside it."""


@populator("traffic_lights")
def traffic_lights(site: Site, block: Block) -> None:
    """Builds every post of the layout's slot "signals" with its heads, lit as the scene's phase says.

    A head's record has its state, the signal it belongs to, and the pole it is mounted on.
    """
    site.slots(block)
    rng = site.rng(block)
    metal = palette.tinted("lamp_posts", rng)
    height = round(float(rng.uniform(5.3, 5.9)), 1)
    for post in site.layout.slots.get("signals", ()):
        _raise_post(site, post, metal, height)


def _raise_post(site: Site, post: SignalPost, metal: Surface, arm_height: float) -> None:
    if not site.footprints.take(Rect(post.x, post.y, FOOT, FOOT, post.facing), "signal post"):
        return
    arm = round(post.arm, 1)
    where = pose(post.x, post.y, post.z, yaw=post.facing)
    place = (post.x, post.y, post.z)
    facts = {"place": place, "carries": "traffic light"}
    pole = site.stage.builder.instance("pole", attributes=facts, relations=site.standing(post, "sidewalk"))
    shaft = ((-0.1, -0.1, 0.0), (0.1, 0.1, _HEIGHT))
    shape: dict[str, Any] = {"height": _HEIGHT, "arm": arm, "arm_height": arm_height}
    site.stage.generate(pole, "street.signal_post", {"metal": metal}, where, solids=[shaft], **shape)
    state = site.phase.get(post.signal, "red")
    for head in signal_heads(_HEIGHT, arm, arm_height):
        over_road = bool(head["backplate"])
        _hang(site, post, pole, head["position"], head["yaw"], "vehicle", state, backplate=over_road)
    if post.walkers is not None:
        walk = "green" if site.phase.get(post.walkers_cross) == "red" else "red"
        yaw = post.walkers - post.facing
        _hang(site, post, pole, (-_WALKERS_BACK, 0.0, _WALKERS_HEIGHT), yaw, "pedestrian", walk, backplate=False)


def _hang(
    site: Site,
    post: SignalPost,
    pole: int,
    position: tuple[float, float, float],
    yaw: float,
    kind: str,
    state: str,
    *,
    backplate: bool,
) -> None:
    """One head; position and yaw are in the post's frame."""
    angle = math.radians(post.facing)
    c, s = math.cos(angle), math.sin(angle)
    x, y, z = position
    place = (post.x + c * x - s * y, post.y + s * x + c * y, post.z + z)
    facing = post.facing + yaw
    facts = {"place": place, "yaw": facing % 360.0, "kind": kind, "state": state, "signal": post.signal}
    number = site.stage.builder.instance("traffic light", attributes=facts, relations={"mounted_on": pole})
    site.stage.generate(
        number,
        "street.traffic_light",
        _lenses(state, dark=site.stage.lamps),
        pose(*place, yaw=facing),
        kind=kind,
        backplate=backplate,
    )


def _lenses(state: str, *, dark: bool) -> dict[str, Surface]:
    """Surfaces of a head whose `state` shines, less so where it is dark."""
    table = palette.palette()["lenses"]
    strength = lamps()["signal_glow"] if dark else table["glow"]
    lit = lit_slots(state)
    found = {
        "housing": palette.plain("signal_housing"),
        "visor": palette.plain("signal_housing"),
        "backplate": palette.plain("signal_backplate"),
    }
    for name in ("red", "yellow", "green"):
        glow = {"emission_color": table[name]["emission_color"], "emission_strength": strength}
        color = table[name]["lit" if name in lit else "dark"]
        found[name] = Surface("lamp", {"color": color, **(glow if name in lit else {})})
    return found
