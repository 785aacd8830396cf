"""Prams in a street: who walks and has room ahead pushes one. People are stood in for by what is quick to make."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synthgen.assets.store import Store
from synthgen.makers import Made, find_makers
from synthgen.makers.maker import MadePart
from synthgen.placement import cast
from synthgen.placement.footprints import Footprints, Rect
from synthgen.planning import plan_scene
from synthgen.scene.pose import pose
from synthgen.scene.spec import SceneSpec
from tests.planning.town import GREEN, named, recipe, town

CROWDED = (
    "assets=[base, human]", "populate.2.pedestrians.density=0.05", "populate.2.pedestrians.made_within=1000",
    "populate.3.pedestrians.density=0", "populate.cyclists.gap=5000",
)  # fmt: skip


def stranger(store: Store, rng: np.random.Generator, *_: Any, **__: Any) -> Made:
    (found,) = find_makers(id="road/pram")
    return replace(found.draw(store, rng), category="person")


def with_pram(store: Store, rng: np.random.Generator) -> Made:
    made = stranger(store, rng)
    return replace(
        made, parts=(MadePart(made.mesh, "pram", made.surfaces, pose(0.95), own=True, relation="pushed_by"),)
    )


def street(monkeypatch: pytest.MonkeyPatch) -> SceneSpec:
    """Everybody pushes a pram who may."""
    monkeypatch.setattr(cast, "_PUSHING", 1.0)
    monkeypatch.setattr(cast, "draw_person", stranger)
    monkeypatch.setattr(cast, "pusher", with_pram)
    store, catalogue = town()
    return plan_scene(recipe(*CROWDED), catalogue, store, GREEN)


def test_who_walks_with_room_ahead_pushes_a_pram_that_meets_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = street(monkeypatch)
    people = {i.number: i for i in named(spec, "person")}
    prams = named(spec, "pram")
    assert len(prams) >= 4
    assert len({p.relations["pushed_by"] for p in prams}) == len(prams)
    for pram in prams:
        pusher = people[int(pram.relations["pushed_by"])]
        assert pram.part_of is None and pusher.attributes["doing"] == "walking"
        others = Footprints()
        for thing in [*named(spec, "bench", "bin", "bicycle", "motorcycle"), *people.values()]:
            if thing.number != pusher.number and "place" in thing.attributes:
                others.claim(
                    Rect(*thing.attributes["place"][:2], 0.4, 0.4, thing.attributes.get("yaw", 0.0)), str(thing.number)
                )
        (x, y, _), heading = pusher.attributes["place"], math.radians(pusher.attributes["yaw"])
        near, (far, wide) = 0.3, cast.AHEAD
        middle = (near + far) / 2
        x, y = x + middle * math.cos(heading), y + middle * math.sin(heading)
        rect = Rect(x, y, far - near, wide - 0.1, pusher.attributes["yaw"])
        assert others.free(rect), (pusher, others.overlapping(rect))
