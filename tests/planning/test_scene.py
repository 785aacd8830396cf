"""Whole scenes: the same bytes everywhere, streams that do not touch each other, messages that help."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest

from synthgen.assets.store import Store
from synthgen.errors import InputError, PlanningError
from synthgen.planning import identity, plan_scene
from synthgen.scene.spec import check_spec, decode_spec, encode_spec
from tests.planning.town import GREEN, box_town, named, planned, recipe, scenes, town


def test_a_scene_is_the_same_bytes_whatever_is_cached(tmp_path: Path) -> None:
    fresh = Store(tmp_path)
    again = plan_scene(recipe(), box_town(fresh), fresh, GREEN)
    assert encode_spec(again) == encode_spec(planned(GREEN))


def test_a_scene_survives_json() -> None:
    for spec in scenes():
        check_spec(spec)
        assert decode_spec(encode_spec(spec)) == spec


def test_seed_and_index_make_other_scenes() -> None:
    store, catalogue = town()
    other = plan_scene(recipe(seed=1), catalogue, store, GREEN)
    assert other.views[0].camera != planned(GREEN).views[0].camera


def test_views_of_a_scene_are_not_nearly_the_same_picture() -> None:
    for spec in (planned(GREEN, "views_per_scene=4"), planned(GREEN, "views_per_scene=4", "layout.street.lanes=4")):
        places = [v.attributes["place"] for v in spec.views if v.redraws == 0]
        assert len(places) > 1
        assert all(math.dist(a, b) >= 8.0 for a, b in itertools.combinations(places, 2))


def test_another_populator_moves_neither_camera_nor_houses_nor_light() -> None:
    """Another order, and most populators gone: what they do not touch stays."""
    store, catalogue = town()
    # A street without traffic shows few things, and cameras would be drawn again for that.
    few = "checks.min_things=0"
    plain = recipe(few)
    order = tuple(b for kind in ("bicycles", "parked") for b in plain.populate if b.kind == kind)
    changed = plan_scene(replace(plain, populate=order), catalogue, store, GREEN)
    before = planned(GREEN, few)
    assert [v.camera for v in changed.views] == [v.camera for v in before.views]
    assert [v.sensor for v in changed.views] == [v.sensor for v in before.views]
    assert (changed.lights, changed.world) == (before.lights, before.world)
    houses = [[i.attributes for i in named(s, "building")] for s in (changed, before)]
    assert houses[0] == houses[1]


def test_what_a_dataset_must_agree_on() -> None:
    _, catalogue = town()
    known = identity(recipe(), catalogue)
    assert set(known) == {
        "recipe", "recipe_hash", "seed", "size", "preset", "render", "version", "taxonomy", "packs", "output_licence",
        "date", "labels",
    }  # fmt: skip
    asked = identity(recipe("truth=[boxes, depth]"), catalogue)
    assert asked["truth"] == ["depth", "boxes"], "and what is asked for beside labels, where anything is"
    assert known["packs"] == {"town": "0" * 64}
    assert known["size"] == [320, 180]
    assert identity(recipe("layout.street.lanes=2"), catalogue)["recipe_hash"] != known["recipe_hash"]


def test_used_assets_are_named_with_author_and_licence() -> None:
    spec = planned(GREEN)
    used = {i.asset for i in spec.instances if i.asset and i.asset.startswith("town/")}
    assert used == set(spec.attributes["assets"])
    assert all(
        set(a) == {"title", "author", "licence", "source", "trademark"} for a in spec.attributes["assets"].values()
    )


def test_an_empty_query_says_what_there_is() -> None:
    store, catalogue = town()
    at = next(k for k, b in enumerate(recipe().populate) if b.kind == "parked")
    with pytest.raises(InputError) as refused:
        plan_scene(recipe(f"populate.{at}.parked.assets.category=hydrant"), catalogue, store, GREEN)
    message = str(refused.value)
    assert "parked" in message
    assert "hydrant" in message
    assert "bicycle" in message.partition("categories")[2]


def test_checks_that_no_camera_passes_are_named() -> None:
    store, catalogue = town()
    with pytest.raises(PlanningError) as refused:
        plan_scene(recipe("checks.min_things=2000", "checks.attempts=3"), catalogue, store, GREEN)
    message = str(refused.value)
    assert "view 0" in message
    assert "min_things" in message
    assert "3" in message


def test_numbers_run_from_one_and_every_object_has_one() -> None:
    for spec in scenes():
        assert [i.number for i in spec.instances] == list(range(1, len(spec.instances) + 1))
        shown = {o.number for o in spec.objects} | {o.number for v in spec.views for o in v.objects}
        assert shown == {i.number for i in spec.instances}
