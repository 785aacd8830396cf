"""What populators put into a street: nothing overlaps, traffic keeps its side and its signals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from synthgen.layout.street.buildings import door_steps, steps_area
from synthgen.makers import all_makers
from synthgen.placement.footprints import Footprints, Rect
from synthgen.placement.repeats import Repeats
from synthgen.placement.trees import PIT, SOIL
from synthgen.scene.pose import array
from synthgen.scene.spec import Instance, SceneSpec
from tests.planning.town import GREEN, RED, named, planned, recipe, scenes, town

MOVING = ("car", "van", "bus", "truck")


def size_of(thing: Instance) -> tuple[float, float, float]:
    """Of an asset, or of the thing that a maker draws from the seed in its id."""
    store, catalogue = town()
    assert thing.asset is not None
    if thing.asset.startswith("town/"):
        return catalogue[thing.asset].size
    maker, seed = thing.asset.split("#")
    return all_makers()[maker].draw(store, np.random.default_rng(int(seed))).size


def rect_of(thing: Instance) -> Rect:
    size = size_of(thing)
    x, y, _ = thing.attributes["place"]
    return Rect(x, y, size[0], size[1], thing.attributes["yaw"])


def on_road(spec: SceneSpec) -> list[Instance]:
    return [i for i in named(spec, *MOVING) if i.attributes["slot"] == "lanes"]


def lane_traffic(spec: SceneSpec) -> tuple[list[Instance], list[Instance]]:
    """(in the main street, in the cross street)."""
    along = [i for i in on_road(spec) if abs(math.sin(math.radians(i.attributes["yaw"]))) > 0.9]
    return along, [i for i in on_road(spec) if i not in along]


def test_things_do_not_overlap() -> None:
    for spec in scenes():
        prints = Footprints()
        for thing in named(spec, *MOVING, "person", "bench", "bin", "bicycle"):
            if thing.asset is None:
                continue
            rect = rect_of(thing)
            assert prints.free(rect), (thing, prints.overlapping(rect))
            prints.claim(rect, f"{thing.number} {thing.asset}")


def test_traffic_keeps_its_side_and_heads_along_its_lane() -> None:
    for spec in scenes():
        street = spec.attributes["layout"]
        side = 1 if street["driving_side"] == "right" else -1
        half = street["lanes"] / 2 * street["lane_width"]
        along, across = lane_traffic(spec)
        assert along
        for thing in along:
            x, _, z = thing.attributes["place"]
            wanted = 90.0 if x * side > 0 else 270.0
            assert thing.attributes["yaw"] == pytest.approx(wanted, abs=6.0)
            assert abs(x) < half
            assert z == 0.0
        middle = street["crossing"] + street["cross_width"] / 2
        for thing in across:
            _, y, _ = thing.attributes["place"]
            eastwards = math.cos(math.radians(thing.attributes["yaw"])) > 0
            assert eastwards == ((y - middle) * side < 0)


def test_parked_cars_stand_at_the_kerb_with_the_traffic() -> None:
    for spec in scenes():
        street = spec.attributes["layout"]
        side = 1 if street["driving_side"] == "right" else -1
        half = street["lanes"] / 2 * street["lane_width"]
        for thing in named(spec, "car", "van"):
            if thing.attributes["slot"] != "parking":
                continue
            x, y, _ = thing.attributes["place"]
            assert half < abs(x) < half + 2.2
            assert thing.asset is not None
            room = (2.2 - size_of(thing)[1]) / 2 + 0.05
            assert abs(abs(x) - half - 1.1) <= max(room, 0.0) + 1e-6, "its tyres are in the kerb"
            assert thing.attributes["yaw"] == pytest.approx(90.0 if x * side > 0 else 270.0, abs=8.0)
            assert not street["crossing"] < y < street["crossing"] + street["cross_width"]


def test_a_red_signal_holds_the_traffic_behind_its_line() -> None:
    for spec in scenes():
        street, phase = spec.attributes["layout"], spec.attributes["phase"]
        low, high = street["crossing"], street["crossing"] + street["cross_width"]
        along, across = lane_traffic(spec)
        crossing = [i for i in along if low - 6.0 < i.attributes["place"][1] < high + 6.0]
        if phase["main"] == "red":
            assert not crossing
        if phase["cross"] == "red":
            kerb = street["lanes"] / 2 * street["lane_width"]
            assert not [i for i in across if abs(i.attributes["place"][0]) < kerb]


def test_what_stands_in_a_place_says_in_which() -> None:
    for spec in scenes():
        street = spec.attributes["layout"]
        for thing in named(spec, *MOVING, "person"):
            if "slot" not in thing.attributes:
                continue
            slot, number = str(thing.relations["in"]).split("/")
            if slot == "lanes":
                assert int(number) == thing.attributes["lane"]
            if slot == "parking":
                assert thing.attributes["motion"] == "parked"
            if slot == "sidewalk" and thing.category == "person":
                kerb = street["lanes"] / 2 * street["lane_width"]
                assert abs(thing.attributes["place"][0]) > kerb


def test_signals_agree_and_hang_on_poles() -> None:
    for spec in scenes():
        phase = spec.attributes["phase"]
        poles = {i.number for i in named(spec, "pole")}
        heads = named(spec, "traffic light")
        assert "green" not in phase.values() or sorted(phase.values()) == ["green", "red"]
        assert {h.attributes["signal"] for h in heads} == {"main", "cross"}
        for head in heads:
            assert head.relations["mounted_on"] in poles
            if head.attributes["kind"] == "vehicle":
                assert head.attributes["state"] == phase[head.attributes["signal"]]
            else:
                walk = head.attributes["state"] == "green"
                assert walk == (phase[head.attributes["signal"]] == "red")


def test_heads_on_one_post_keep_apart() -> None:
    store, _ = town()
    for spec in scenes():
        poles = {i.number: i.relations["mounted_on"] for i in named(spec, "traffic light")}
        boxes: dict[int, list[NDArray[np.float64]]] = {}
        for item in spec.objects:
            if item.number in poles:
                matrix = array(item.transform)
                v = store.mesh(spec.meshes[item.mesh]).vertices
                v = v[v[:, 0] > 0.085] @ matrix[:, :3].T + matrix[:, 3]  # without the brackets
                boxes.setdefault(poles[item.number], []).append(np.stack([v.min(axis=0), v.max(axis=0)]))
        pairs = [pair for own in boxes.values() for pair in itertools.combinations(own, 2)]
        assert pairs
        for one, other in pairs:
            assert (one[0] > other[1]).any() or (other[0] > one[1]).any()


def test_trees_are_rooted_in_pits_that_nobody_stands_on() -> None:
    for spec in scenes():
        trees = named(spec, "vegetation")
        assert trees
        prints = Footprints()
        for thing in named(spec, *MOVING, "person", "bench", "bin", "bicycle"):
            if thing.asset is not None:
                prints.claim(rect_of(thing), str(thing.asset))
        for tree in trees:
            x, y, z = tree.attributes["place"]
            assert z == pytest.approx(0.13 - SOIL)
            assert not prints.overlapping(Rect(x, y, PIT, PIT))


def test_nothing_stands_on_door_steps() -> None:
    store, _ = town()
    for spec in scenes():
        buildings = {i.number for i in named(spec, "building")}
        houses = [item for item in spec.objects if item.number in buildings]
        steps = [steps_area(door_steps(store.mesh(spec.meshes[item.mesh])), item.transform) for item in houses]
        assert any(steps)
        prints = Footprints()
        for area in filter(None, steps):
            assert 0.5 < area.x1 - area.x0 < 2.0 or 0.5 < area.y1 - area.y0 < 2.0
            prints.claim(Rect.spanning(area.x0, area.x1, area.y0, area.y1), "step")
        for thing in named(spec, "person", "bench", "bin", "bicycle"):
            if thing.asset is None:
                continue
            x, y, _ = thing.attributes["place"]
            assert not prints.overlapping(Rect(x, y, 0.4, 0.4, thing.attributes["yaw"]))


def test_nobody_crosses_before_moving_traffic() -> None:
    for spec in scenes():
        street, phase = spec.attributes["layout"], spec.attributes["phase"]
        kerb = street["lanes"] / 2 * street["lane_width"]
        walkers = [p for p in named(spec, "person") if p.attributes["doing"] == "crossing"]
        over_main = [p for p in walkers if abs(p.attributes["place"][0]) < kerb]
        if phase["main"] != "red":
            assert not over_main


def test_dense_crossings_follow_the_signal() -> None:
    index = next(k for k, b in enumerate(_blocks()) if b == ("pedestrians", "crossing"))
    override = f"populate.{index}.pedestrians.density=0.2"
    green, red = planned(GREEN, override), planned(RED, override)
    doing = [
        {p.attributes["doing"] for p in named(s, "person") if p.attributes["slot"] != "cross"} for s in (green, red)
    ]
    assert "waiting" in doing[0]
    assert "crossing" not in doing[0]
    assert "crossing" in doing[1]


def _blocks() -> list[tuple[str, object]]:
    return [(b.kind, b.params.get("in")) for b in recipe().populate]


def test_people_stand_on_what_is_below_them() -> None:
    for spec in scenes():
        for person in named(spec, "person"):
            z = person.attributes["place"][2]
            assert z == (0.13 if person.attributes["doing"] != "crossing" else 0.0)
            assert person.asset != "town/sitter"


def test_no_riderless_two_wheeler_drives() -> None:
    spec = planned(GREEN, "populate.lane_traffic.assets={category: [car, motorcycle]}", "populate.lane_traffic.gap=6")
    parked = named(spec, "motorcycle")
    assert all(i.attributes["slot"] == "sidewalk" for i in parked)


def test_no_look_is_seen_a_third_time() -> None:
    for spec in scenes():
        looks = [(i.asset, i.attributes["look"]) for i in named(spec, *MOVING)]
        for look in set(looks):
            assert looks.count(look) <= 2
        for a, b in itertools.combinations(named(spec, *MOVING), 2):
            if a.asset == b.asset:
                (ax, ay, _), (bx, by, _) = a.attributes["place"], b.attributes["place"]
                assert math.hypot(ax - bx, ay - by) > 9.0


def test_repeats_know_looks_and_models() -> None:
    repeats = Repeats(apart=50.0, beside=10.0, most=2)
    repeats.add("car", "red", 0, 0)
    assert not repeats.allows("car", "blue", 5, 0)
    assert repeats.allows("car", "blue", 15, 0)
    assert not repeats.allows("car", "red", 40, 0)
    assert repeats.allows("car", "red", 60, 0)
    repeats.add("car", "red", 60, 0)
    assert not repeats.allows("car", "red", 300, 0)


def test_signs_hang_on_their_posts() -> None:
    for spec in scenes():
        poles = {i.number for i in named(spec, "pole")}
        for sign in named(spec, "traffic sign"):
            assert sign.relations["mounted_on"] in poles
            assert sign.attributes["place"][2] > 2.2
            assert sign.attributes["kind"]
