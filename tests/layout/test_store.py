"""The shop's plan: a closed hall, boards where goods can be, signs that hang from the ceiling."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.errors import InputError
from synthgen.layout.slots import Area, Board, Layout, Luminaire
from synthgen.layout.store.dimensions import Store
from synthgen.layout.store.outfit import shop_data
from synthgen.placement.planogram import line_of
from synthgen.scene.pose import array
from synthgen.scene.stage import Stage
from synthgen.taxonomy import load_taxonomy
from tests.planning.shop import boards, laid_out, recipe, shop_store

STORES = st.builds(
    Store,
    rows=st.integers(1, 8), frozen=st.integers(0, 0), bays=st.integers(2, 20), bay=st.sampled_from([1.0, 1.25]),
    depth=st.floats(0.37, 0.67), height=st.sampled_from([1.4, 1.8, 2.2]), aisle=st.floats(1.2, 4.0),
    cross=st.floats(1.2, 4.0), ceiling=st.floats(3.0, 6.0), wall_depth=st.floats(0.37, 0.67),
    cooler_depth=st.sampled_from([0.0, 0.85]), tills=st.integers(0, 5),
)  # fmt: skip
SCENES = [(0,), (1, "layout.store.luminaires=linear", "layout.store.coolers=open", "layout.store.ceiling=4")]


@pytest.fixture(params=SCENES, ids=["panels", "profiles"])
def made(request: pytest.FixtureRequest) -> tuple[Layout, Stage]:
    return laid_out(*request.param)


@given(STORES)
@settings(max_examples=60)
def test_rows_stand_apart_within_the_walls(plan: Store) -> None:
    for k in range(plan.rows + 1):
        left, right = plan.aisle_x(k)
        assert right - left == pytest.approx(plan.aisle, abs=2e-3)
    assert -plan.width / 2 < plan.aisle_x(0)[0] and plan.aisle_x(plan.rows)[1] < plan.width / 2
    assert 0 < plan.row_start < plan.row_end < plan.back <= plan.hall_depth


def test_every_promised_slot_holds_what_it_should(made: tuple[Layout, Stage]) -> None:
    layout, stage = made
    for slot in ("facings", "end_caps", "coolers", "freezers"):
        assert layout.slots[slot] and all(isinstance(b, Board) for b in layout.slots[slot])
    assert all(isinstance(a, Area) for a in layout.slots["aisles"]) and len(layout.slots["aisles"]) == 3
    assert all(isinstance(lamp, Luminaire) for lamp in layout.slots["luminaires"]) and layout.slots["luminaires"]
    names = [b.name for slot in ("facings", "end_caps", "coolers", "freezers") for b in layout.slots[slot]]
    assert len(set(names)) == len(names)
    known = {c.name for c in load_taxonomy("retail").categories}
    seen = {i.category for i in stage.builder.instances}
    assert seen <= known
    assert {"floor", "wall", "ceiling", "shelf", "cooler", "freezer", "checkout", "door", "luminaire", "sign"} <= seen


def test_boards_lie_on_their_fixtures_and_look_into_the_room(made: tuple[Layout, Stage]) -> None:
    """Right under the middle of a board there is its fixture, and before its front there is nothing but air."""
    layout, stage = made
    solid: dict[int, list[trimesh.Trimesh]] = {}
    for item in stage.builder.objects:
        if any(stage.builder.materials[m].transparency == "see_through" for m in item.materials):
            continue
        mesh, matrix = shop_store().mesh(stage.builder.meshes[item.mesh]), array(item.transform)
        points = mesh.vertices @ matrix[:, :3].T + matrix[:, 3]
        solid.setdefault(item.number, []).append(trimesh.Trimesh(points, mesh.faces, process=False))
    half, depth = layout.attributes["hall"][0] / 2, layout.attributes["hall"][1]
    for board in boards(layout).values():
        frame = array(board.frame)
        assert np.linalg.det(frame[:, :3]) == pytest.approx(1.0, abs=1e-5)
        middle = frame @ np.array([board.width / 2, board.depth / 2, 0.01, 1.0])
        assert abs(middle[0]) < half and 0 < middle[1] < depth and board.room > 0.1
        (mesh,) = solid[board.fixture][:1]
        hits = mesh.ray.intersects_location([middle], [[0.0, 0.0, -1.0]], multiple_hits=False)[0]
        assert len(hits) and middle[2] - hits[0][2] == pytest.approx(0.01, abs=2e-3)


def test_no_ray_leaves_the_hall(made: tuple[Layout, Stage]) -> None:
    layout, stage = made
    shell = {i.number for i in stage.builder.instances if i.category in ("floor", "wall", "ceiling", "luminaire")}
    parts = []
    for item in stage.builder.objects:
        if item.number in shell:
            mesh, matrix = shop_store().mesh(stage.builder.meshes[item.mesh]), array(item.transform)
            parts.append(trimesh.Trimesh(mesh.vertices @ matrix[:, :3].T + matrix[:, 3], mesh.faces, process=False))
    hall = trimesh.util.concatenate(parts)
    rng = np.random.default_rng(0)
    way = rng.normal(size=(4000, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    start = np.tile([0.1, layout.attributes["hall"][1] / 2, 1.6], (len(way), 1))
    assert hall.ray.intersects_any(start, way).all()


def test_what_hangs_ends_at_the_ceiling(made: tuple[Layout, Stage]) -> None:
    layout, stage = made
    hanging = {
        i.number
        for i in stage.builder.instances
        if i.category in ("sign", "promotion sign") and "style" not in i.attributes
    }
    hanging |= {i.number for i in stage.builder.instances if i.attributes.get("style") == "hanging"}
    assert hanging
    for item in stage.builder.objects:
        if item.number in hanging:
            high = shop_store().bounds(stage.builder.meshes[item.mesh])[1][2] + item.transform[11]
            low = item.transform[11]
            assert high == pytest.approx(layout.attributes["ceiling"], abs=2e-3) and low > 2.0


def test_an_aisle_has_the_goods_that_its_sign_says() -> None:
    layout, _ = laid_out(0)
    groups = layout.attributes["departments"]
    for board in layout.slots["facings"]:
        assert line_of(board.name.partition(".")[0]) in groups
    every = {tuple(sorted(set(d["groups"]))): d["lines"] for d in shop_data()["departments"]}
    lines = [every[tuple(sorted(set(groups[f"{aisle}L"])))] for aisle in (1, 2, 3)]
    said = [i.attributes["lines"] for i in laid_out(0)[1].builder.instances if i.category == "sign"]
    assert all(said.count(own) == 2 for own in lines) and len(said) == 6


def test_shelving_under_too_low_a_ceiling_is_refused() -> None:
    with pytest.raises(InputError, match="under a ceiling"):
        recipe("layout.store.ceiling=2.6", "layout.store.gondola_height=2.3")
