"""Who stands in a street: fetched models, and near to the cameras people who are made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.makers.maker import Made
from synthgen.makers.people import draw_person
from synthgen.makers.pushing import pusher
from synthgen.placement.choices import Thing
from synthgen.placement.site import Site

PEOPLE = "human"
"""The pack that people are made from."""
POOL = 30
"""People that there are to draw from for each pose: what one scene has made, most others find in the cache."""
_TRIES = 6
_PUSHING = 0.06
"""Share of those who walk, and have room ahead, that push a pram."""
AHEAD = (1.6, 0.7)
"""Metres from who pushes a pram to its far end, and across."""
_POSES: Mapping[str, Sequence[str]] = {
    "walking": ("walking", "walking", "walking", "walking", "walking_phone"),
    "crossing": ("walking",),
    "talking": ("talking", "talking", "standing", "standing_hip", "hands_in_pockets", "pointing"),
    "waiting": ("standing", "standing_hip", "hands_in_pockets", "arms_crossed", "phoning"),
    "standing": ("standing", "standing_hip", "hands_in_pockets", "phoning", "arms_crossed"),
    "window shopping": ("standing", "standing_hip", "hands_in_pockets"),
}
"""What people do in the populator: poses of configs/people/poses.yaml that show it."""


@dataclass(slots=True)
class Cast:
    """assets: the fetched people. near: metres from a camera's place within which people are made. rng: draws those."""

    assets: Sequence[Asset]
    near: float
    rng: np.random.Generator

    def makes(self, site: Site, x: float, y: float) -> bool:
        """Is whoever stands at (x, y) made?"""
        return any(math.dist((x, y), eye) < self.near for eye in site.eyes)

    def draw(self, site: Site, doing: str, x: float, y: float, *, room: bool = False) -> Thing | None:
        """Somebody who does this, in a pose of it, and does not stand near (x, y) already; None after a few tries.

        room: is there room for a pram ahead (`AHEAD`)? Who pushes one has it among their parts.
        """
        if room and doing in ("walking", "crossing") and self.rng.random() < _PUSHING:
            made = pusher(site.stage.store, self.rng)
            if self._new(site, made, x, y):
                return Thing("people/pusher", made)
        poses = sorted(set(_POSES[doing]))
        shares = [_POSES[doing].count(p) / len(_POSES[doing]) for p in poses]
        for _ in range(_TRIES):
            pose = poses[int(self.rng.choice(len(poses), p=shares))]
            made = draw_person(site.stage.store, self.rng, "pedestrian", pool=POOL, pose=pose)
            if self._new(site, made, x, y):
                return Thing("people/pedestrian", made)
        return None

    @staticmethod
    def _new(site: Site, made: Made, x: float, y: float) -> bool:
        """Notes that somebody stands at (x, y), where they do not stand near already."""
        who = f"people/{made.mesh.source['params']['seed']}"  # the same in every pose
        if not site.people.allows(who, "", x, y):
            return False
        site.people.add(who, "", x, y)
        return True
