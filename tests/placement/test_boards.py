"""Things laid on boards and scattered on floors: none in another, none over an edge, all where they are said to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from synthgen.assets.catalogue import Catalogue
from synthgen.errors import InputError
from synthgen.layout.slots import Layout
from synthgen.makers.maker import Made, MadePart
from synthgen.placement.choices import Thing
from synthgen.placement.site import Site
from synthgen.planning import plan_scene
from synthgen.recipe import Draw
from synthgen.scene.builder import SceneBuilder, Surface
from synthgen.scene.pose import array, pose
from synthgen.scene.spec import SceneSpec, encode_spec
from synthgen.scene.stage import Stage
from synthgen.taxonomy import load_taxonomy
from tests.planning.bench import bench, planned
from tests.planning.town import town


def boxes(spec: SceneSpec, *categories: str) -> list[np.ndarray]:
    """(2, 3) world bounds of each instance of some categories."""
    numbers = {i.number for i in spec.instances if i.category in categories}
    store, _ = town()
    found: dict[int, list[np.ndarray]] = {}
    for item in spec.objects:
        if item.number in numbers:
            vertices = store.mesh(spec.meshes[item.mesh]).vertices
            matrix = array(item.transform)
            found.setdefault(item.number, []).append(vertices @ matrix[:, :3].T + matrix[:, 3])
    return [np.stack([np.concatenate(v).min(axis=0), np.concatenate(v).max(axis=0)]) for v in found.values()]


@pytest.mark.parametrize("scene", range(3))
def test_a_full_row_lies_on_the_table_side_by_side(scene: int) -> None:
    spec = planned(scene)
    cartons = boxes(spec, "carton")
    assert len(cartons) >= 3
    for box in cartons:
        assert box[0, 2] == pytest.approx(0.75, abs=2e-3), "it stands on the top"
        assert (box[0, :2] >= (-0.6, -1.2)).all() and (box[1, :2] <= (0.6, 1.2)).all(), "no edge is passed"
    for one, other in combinations(cartons, 2):
        assert (one[0] >= other[1] - 1e-3).any() or (other[0] >= one[1] - 1e-3).any(), "one is in another"


def test_two_that_fill_one_board_leave_each_other_room() -> None:
    also = "populate=[{lay: {in: table, assets: {id: factory/carton}, fill: 0.5, variety: 8}}, {lay: {in: table, "
    also += "assets: {id: factory/carton}, arrange: anywhere, fill: 0.5, variety: 8}}]"
    for scene in range(3):
        spec = planned(scene, also)
        cartons = boxes(spec, "carton")
        first = len(boxes(planned(scene, "populate.0.lay.fill=0.5"), "carton"))
        assert len(cartons) > first
        for one, other in combinations(cartons, 2):
            assert (one[0] >= other[1] - 1e-3).any() or (other[0] >= one[1] - 1e-3).any(), "one is in another"


def test_the_same_thing_comes_no_more_often_than_asked() -> None:
    def most(*overrides: str) -> int:
        seen = Counter(i.asset for k in range(3) for i in planned(k, *overrides).instances if i.category == "carton")
        return max(seen.values())

    assert most("populate.0.lay.variety=1") > 6 >= 3 == most("populate.0.lay.variety=1", "populate.0.lay.most=1")


@pytest.mark.parametrize(("lengthwise", "yaw"), [("false", 0.0), ("true", 90.0)])
def test_lengthwise_turns_what_lies_across(lengthwise: str, yaw: float) -> None:
    store, catalogue = town()
    bench_ = replace(
        catalogue["town/bench"], category="tool", categories=("tool",), domains=("factory",), stands="shelf"
    )
    fill = f"populate=[{{lay: {{in: table, fill: 1, assets: {{made: false}}, lengthwise: {lengthwise}}}}}]"
    recipe = bench(fill, "assets=[base]", "layout.table.depth=2", "checks.min_things=0")
    spec = plan_scene(recipe, Catalogue((bench_,), {"town": "0" * 64}), store, 0)
    laid = [i for i in spec.instances if i.asset]
    assert [i.attributes["yaw"] for i in laid] == [yaw] * len(laid)
    assert len(laid) == (4 if yaw else 1), "the table is 2.4 m wide; they are 0.5 m and 1.5 m across"


def test_boards_carry_what_has_its_place_there() -> None:
    store, catalogue = town()
    box = replace(catalogue["town/bin"], tags=(), domains=("factory",))
    hammer = replace(box, id="town/hammer", category="tool", categories=("tool",), stands="shelf")
    chair = replace(box, id="town/chair", category="chair", categories=("chair",))
    things = Catalogue((hammer, chair), {"town": "0" * 64})

    def laid(assets: str) -> set[str]:
        fill = f"populate=[{{lay: {{in: table, assets: {assets}}}}}]"
        spec = plan_scene(
            bench(fill, "assets=[base]", "layout.table.lamp_height=1.5", "checks.min_things=0"), things, store, 0
        )
        return {str(i.asset) for i in spec.instances if i.asset}

    assert laid("{made: false}") == {"town/hammer"}
    assert laid("{id: town/chair, stands: ground}") == {"town/chair"}
    with pytest.raises(InputError, match="has its place on: shelf") as caught:
        laid("{category: chair}")
    assert "stands: [ground]" in str(caught.value.diagnostics[0].hint)


def test_things_are_on_what_carries_them() -> None:
    spec = planned(0)
    assert {i.relations["in"] for i in spec.instances if i.category == "carton"} == {"table/table"}
    assert {i.relations["in"] for i in spec.instances if i.category == "pallet"} == {"floor/0"}
    by_number = {i.number: i for i in spec.instances}
    carriers = {by_number[i.relations["on"]].category for i in spec.instances if i.category == "carton"}
    assert carriers == {"table"}
    assert {by_number[i.relations["on"]].category for i in spec.instances if i.category == "pallet"} == {"floor"}


def test_scattered_things_stand_on_the_floor_apart() -> None:
    spec = planned(0)
    things = boxes(spec, "drum", "pallet")
    assert len(things) >= 4
    assert all(abs(box[0, 2]) < 2e-3 for box in things)
    assert all(box[0, 0] > 0.6 for box in things), "none under the table"


def test_fill_is_the_share_of_places_taken() -> None:
    full = sum(len(boxes(planned(k), "carton")) for k in range(3))
    half = sum(len(boxes(planned(k, "populate.0.lay.fill=0.5"), "carton")) for k in range(8)) / 8 * 3
    assert 0.25 * full < half < 0.8 * full


def test_anywhere_covers_about_the_share_that_was_asked_for() -> None:
    spec = planned(0, "populate.0.lay.arrange=anywhere", "populate.0.lay.fill=0.3")
    cartons = boxes(spec, "carton")
    area = sum(float(np.prod(np.diff(box, axis=0)[0, :2])) for box in cartons)
    assert 0.15 < area / (2.32 * 1.12) < 0.55


def test_the_same_seed_gives_the_same_scene_and_another_another() -> None:
    assert encode_spec(planned(1)) == encode_spec(planned.__wrapped__(1))
    assert encode_spec(planned(1)) != encode_spec(planned(2))


def test_dead_luminaires_give_no_light_and_live_ones_do() -> None:
    assert len(planned(0).lights) == 2
    assert planned(0, "light.luminaires.dead=1").lights == ()


def test_cameras_look_at_the_table_from_the_distance_that_was_drawn() -> None:
    for view in planned(0).views:
        matrix = array(view.camera.cam_to_world)
        eye, forward = matrix[:, 3], matrix[:, 2]
        at = eye + forward * view.attributes["camera"]["distance"]
        assert at[2] == pytest.approx(0.75, abs=1e-3)
        assert abs(at[0]) <= 0.6 and abs(at[1]) <= 1.2
        assert eye[0] > at[0], "the front of the table looks along +X"
        assert np.linalg.det(matrix[:, :3]) == pytest.approx(1.0, abs=1e-5)


def test_a_camera_may_stand_in_an_area() -> None:
    spec = planned(0, "camera={stand: {in: floor, height: 1.5, way: forth}}", "checks.min_things=0")
    for view in spec.views:
        matrix = array(view.camera.cam_to_world)
        assert matrix[2, 3] == pytest.approx(1.5)
        assert matrix[0, 3] > 0.6 and matrix[1, 2] > 0.9


def test_a_slot_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(InputError, match="no slot 'shelf'") as caught:
        planned.__wrapped__(0, "camera={look_at: {at: shelf}}")
    assert "table" in str(caught.value.diagnostics[0].hint)
    with pytest.raises(InputError, match="nothing in the packs matches"):
        planned.__wrapped__(0, "populate.0.lay.assets={id: no/such}")


def test_a_recipe_of_makers_alone_needs_no_pack() -> None:
    assert bench().packs == ()


@pytest.mark.parametrize("relation", ["on", "rides"])
def test_what_is_its_own_on_a_made_thing_says_how_it_belongs_to_it(relation: str) -> None:
    store, catalogue = town()
    bicycle, rider = catalogue["town/bicycle"], catalogue["town/ann"]
    grey = {"body": Surface("principled")}
    own = MadePart(rider.mesh, "rider", grey, pose(z=0.5), own=True, relation=relation)
    lamp = MadePart(rider.mesh, "bin", grey, pose(z=1.5))
    made = Made("road/ridden", bicycle.mesh, "bicycle", grey, bicycle.size, parts=(own, lamp))
    stage = Stage(SceneBuilder(), store)
    site = Site(stage, catalogue, Layout("none", {}, {}), Draw(0, 0), {}, load_taxonomy("road"))
    number = site.put(Thing("road/ridden", made), pose())
    whole, part, of_it = stage.builder.instances
    assert (whole.number, part.category, part.relations, part.part_of) == (number, "rider", {relation: number}, None)
    assert (of_it.relations, of_it.part_of) == ({}, number)
