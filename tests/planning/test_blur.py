"""Lens, shutter and speeds of a recipe: in the SceneSpec where asked for, and nothing else moved by them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from synthgen.errors import InputError
from synthgen.planning import plan_scene
from synthgen.scene import builder
from synthgen.scene.spec import Object, SceneSpec
from tests.planning.town import GREEN, named, planned, recipe, town

LENS = ("camera.dashcam.f_stop=2.0", "camera.dashcam.focus_distance={uniform: [5, 30]}")
SHUTTER = ("camera.dashcam.shutter=0.02", "camera.dashcam.speed=10", "populate.0.lane_traffic.speed={uniform: [8, 14]}")


def sharp(spec: SceneSpec) -> SceneSpec:
    """The scene without anything of lens, shutter, speeds and the recipe that asked for them."""

    def still(items: tuple[Object, ...]) -> tuple[Object, ...]:
        return tuple(replace(item, velocity=()) for item in items)

    views = []
    usual = planned(GREEN).views[0].attributes["camera"].keys()
    for view in spec.views:
        eye = replace(view.camera, lens_radius=0.0, focus_distance=0.0, shutter=0.0, velocity=())
        drawn = {k: v for k, v in view.attributes["camera"].items() if k in usual}
        attributes = {**view.attributes, "camera": drawn}
        views.append(replace(view, camera=eye, objects=still(view.objects), attributes=attributes))
    instances = tuple(
        replace(i, attributes={k: v for k, v in i.attributes.items() if k != "speed"}) for i in spec.instances
    )
    return replace(spec, objects=still(spec.objects), views=tuple(views), instances=instances, identity={})


def test_a_recipe_that_asks_for_no_blur_has_none() -> None:
    spec = planned(GREEN)
    assert not any(o.velocity for o in spec.objects)
    for view in spec.views:
        assert (view.camera.lens_radius, view.camera.shutter, view.camera.velocity) == (0.0, 0.0, ())
        assert not {"f_stop", "shutter", "speed"} & view.attributes["camera"].keys()


def test_a_lens_is_as_wide_as_its_f_number_says() -> None:
    spec = planned(GREEN, *LENS)
    assert sharp(spec) == sharp(planned(GREEN))
    for view in spec.views:
        drawn = view.attributes["camera"]
        focal = 0.018 / math.tan(math.radians(drawn["hfov"]) / 2)
        assert view.camera.lens_radius == pytest.approx(focal / 4.0, abs=1e-6)
        assert view.camera.focus_distance == drawn["focus_distance"]
    assert len({view.camera.focus_distance for view in spec.views}) == len(spec.views), "drawn for each view"


def test_what_drives_moves_along_its_lane_while_the_shutter_is_open() -> None:
    spec = planned(GREEN, *SHUTTER)
    assert sharp(spec) == sharp(planned(GREEN))
    speeds = {i.number: i.attributes["speed"] for i in spec.instances if "speed" in i.attributes}
    moving = {i.number for i in named(spec, "car", "van", "bus", "truck") if i.attributes.get("motion") == "moving"}
    assert moving and set(speeds) == moving
    assert all(8.0 <= speed <= 14.0 for speed in speeds.values()) and len(set(speeds.values())) > 1
    for item in spec.objects:
        assert math.hypot(*item.velocity) == pytest.approx(speeds.get(item.number, 0.0), abs=1e-5)
        if item.velocity and "asset" in spec.meshes[item.mesh].source:  # plates look back, too
            front = (item.transform[0], item.transform[4])
            assert sum(a * b for a, b in zip(front, item.velocity, strict=False)) > 0.0, "forwards"
    for view in spec.views:
        assert view.camera.shutter == 0.02
        assert view.camera.velocity == pytest.approx((0.0, 10.0, 0.0))
        assert all(o.velocity == view.camera.velocity for o in view.objects)


def test_a_recipe_that_asks_for_too_many_things_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit that a test reaches quickly: the real one is a matter of minutes of planning."""
    store, catalogue = town()
    monkeypatch.setattr(builder, "MAX_NUMBER", 60)
    with pytest.raises(InputError) as refused:
        plan_scene(recipe("populate.2.pedestrians.density=0.4"), catalogue, store, GREEN)
    assert "more than 60 numbered instances" in str(refused.value)
    assert "lower the densities" in str(refused.value)
