"""Who stands in a street: fetched models, and near to the cameras people who are made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.makers.people import draw_person
from synthgen.placement.choices import Thing
from synthgen.placement.site import Site

PEOPLE = "human"
"""The pack that people are made from."""
POOL = 20
"""People that there are to draw from for each pose: what one scene has made, most others find in the cache."""
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

    def draw(self, site: Site, doing: str) -> Thing:
        """Somebody who does this, in a pose of it."""
        poses = sorted(set(_POSES[doing]))
        shares = [_POSES[doing].count(p) / len(_POSES[doing]) for p in poses]
        pose = poses[int(self.rng.choice(len(poses), p=shares))]
        made = draw_person(site.stage.store, self.rng, "pedestrian", pool=POOL, pose=pose)
        return Thing("people/pedestrian", made)
