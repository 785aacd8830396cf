"""Dusk, night and fog: what is lit, and whose the lights are; plates and cyclists."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.layout.slots import Lane, Line
from synthgen.placement.cyclists import outermost
from synthgen.placement.number_plates import NEAR, plate_place
from synthgen.placement.vehicle_faces import FRONT, REAR, seen_from
from synthgen.recipe import draw_lets
from synthgen.recipe.params import Draw
from synthgen.scene.pose import array
from tests.planning.town import GREEN, named, planned, recipe, town

NIGHT = ("let.weather=night", "views_per_scene=1")
DAY = ("let.weather=overcast", "views_per_scene=1", "let.haze=3000", "let.wet=0")


def test_by_night_every_lamp_that_is_lit_has_a_light_below_it() -> None:
    spec = planned(GREEN, *NIGHT)
    posts = {i.number: i for i in named(spec, "street light")}
    assert posts
    lit = [i for i in posts.values() if i.attributes["lit"]]
    down = [x for x in spec.lights if x.kind == "spot" and array(x.transform)[2, 2] > 0.99]
    arms = 2 if lit[0].attributes["style"] == "double" else 1
    assert len(down) == arms * len(lit)
    for light in down:
        x, y, z = light.transform[3], light.transform[7], light.transform[11]
        assert z > 2.5
        assert min(math.dist((x, y), i.attributes["place"][:2]) for i in lit) < 3.2


def test_the_own_beam_is_of_its_view_alone_and_looks_ahead() -> None:
    spec = planned(GREEN, "let.weather=night")
    for view in spec.views:
        (beam,) = view.lights
        way = -array(beam.transform)[:, 2]
        heading = math.radians(view.attributes["heading"])
        assert way @ (math.cos(heading), math.sin(heading), 0.0) > 0.99
        assert way[2] < 0


def test_by_day_nothing_is_lit_but_in_fog_vehicles_are() -> None:
    day = planned(GREEN, *DAY)
    assert not day.lights
    assert not [v for view in day.views for v in view.lights]
    assert not [m for m in day.materials.values() if m.model == "window_glass" and m.params["night"]]
    moving = [i for i in named(day, "car", "van", "bus", "truck") if i.attributes["slot"] == "lanes"]
    assert moving
    assert not [i for i in moving if "lamps" in i.attributes]
    fog = planned(GREEN, *DAY, "light.haze=200")
    assert not fog.lights
    assert [i for i in named(fog, "car") if i.attributes.get("lamps") == "on"]
    lenses = [m for m in fog.materials.values() if m.model == "lamp" and m.params.get("emission_strength", 0) > 50]
    assert lenses


def test_wet_ground_is_a_parameter_of_all_that_lies_outdoors() -> None:
    wet = planned(GREEN, *DAY[:3], "let.wet=0.7")
    models = ("asphalt", "asphalt_plain", "road_paint", "paving", "kerb_stone")
    found = {m.model: m.params.get("wet") for m in wet.materials.values() if m.model in models}
    assert found == dict.fromkeys(models, 0.7)
    dry = planned(GREEN, *DAY)
    assert not [m for m in dry.materials.values() if "wet" in m.params]


def test_plates_touch_what_carries_them_and_have_its_number() -> None:
    _, catalogue = town()
    spec = planned(GREEN, *DAY)
    objects = [(o, spec.meshes[o.mesh].source) for o in spec.objects]
    plates = [o for o, source in objects if source.get("procedural") == "road.number_plate"]
    assert plates
    eyes = [v.attributes["place"] for v in spec.views]
    numbers = {i.number: i for i in spec.instances}
    assert any(math.dist(numbers[p.number].attributes["place"][:2], e[:2]) < NEAR for p in plates for e in eyes)
    for plate in plates:
        carrier = numbers[plate.number]
        assert carrier.category in ("car", "van", "bus", "truck")
        if not (carrier.asset or "").startswith("town/"):
            continue
        (body,) = [o for o, source in objects if o.number == plate.number and source == {"asset": carrier.asset}]
        x = np.linalg.inv(array(body.transform)[:, :3]) @ (array(plate.transform) - array(body.transform))[:, 3]
        half = catalogue[carrier.asset or ""].size[0] / 2
        assert abs(x[0]) == pytest.approx(half, abs=0.01), "it floats, or is sunk in"
        assert abs(x[1]) < 1e-3


def test_a_ray_meets_the_outermost_surface() -> None:
    store, catalogue = town()
    box = catalogue["town/sedan"]
    mesh = store.mesh(box.mesh)
    assert seen_from(mesh, 0.1, 0.5, FRONT) == pytest.approx(2.3)
    assert seen_from(mesh, 0.1, 0.5, REAR) == pytest.approx(-2.3)
    assert seen_from(mesh, 5.0, 0.5, FRONT) is None
    assert plate_place(store, box, "eu", FRONT) is not None


def test_only_the_lane_at_the_kerb_is_outermost() -> None:
    inner, outer = (Lane(Line((x, 0.0), (x, 100.0)), 3.2) for x in (1.6, 4.8))
    back = Lane(Line((-1.6, 100.0), (-1.6, 0.0)), 3.2)
    lanes = (inner, outer, back)
    assert [outermost(lane, lanes, 1.0) for lane in lanes] == [False, True, True]
    assert [outermost(lane, lanes, -1.0) for lane in lanes] == [True, False, True]


def test_without_the_people_pack_nobody_rides() -> None:
    assert not named(planned(GREEN), "rider")


def test_the_shipped_street_meets_every_weather_in_sane_shares() -> None:
    own = recipe()
    drawn = [draw_lets(own, Draw(0, k)) for k in range(400)]
    share = {w: sum(d["weather"] == w for d in drawn) / 400 for w in ("clear", "overcast", "dusk", "night")}
    assert sum(share.values()) == pytest.approx(1.0)
    assert share["clear"] > share["overcast"] > share["dusk"] > 0.08
    assert share["night"] > 0.1
    clear = [d["sun_elevation"] for d in drawn if d["weather"] == "clear"]
    assert min(clear) < 6.0
    assert 0.2 < sum(e < 15.0 for e in clear) / len(clear) < 0.5
    assert any(d["haze"] < 400 for d in drawn if d["weather"] == "overcast")
    assert all(d["haze"] >= 900 for d in drawn if d["weather"] != "overcast")
    assert any(d["wet"] > 0.6 for d in drawn)
