"""Goods on shelves: in order, in disorder, and what a record says of both."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from synthgen.errors import InputError
from synthgen.layout.slots import Board
from synthgen.placement.disorder import KINDS
from synthgen.scene.pose import array
from synthgen.scene.spec import spec_hash
from tests.planning.shop import boards, by_board, goods, laid_out, planned, recipe, slot_of

SCENES = (0, 1)
DEEP = 0.002
"""How far one thing may reach into another, metres."""

Points = NDArray[np.float64]


def overlap(a: Points, b: Points) -> float:
    """How deep two convex things reach into one another along the best of their faces' normals; negative: apart."""
    axes = np.concatenate([np.unique(ConvexHull(p).equations[:, :3].round(4), axis=0) for p in (a, b)])
    first, second = a @ axes.T, b @ axes.T
    deep = np.minimum(first.max(axis=0) - second.min(axis=0), second.max(axis=0) - first.min(axis=0))
    return float(deep.min())


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_reaches_into_anything(scene: int) -> None:
    known = boards(laid_out(scene)[0])
    for name, items in by_board(planned(scene), known).items():
        low, high = (np.array([f(p, axis=0) for _, p in items]) for f in (np.min, np.max))
        for k in range(len(items)):
            near = np.flatnonzero(((high > low[k] + DEEP) & (low < high[k] - DEEP)).all(axis=1))
            for j in near[near > k]:
                deep = overlap(items[k][1], items[j][1])
                assert deep < DEEP, f"{items[k][0]} and {items[j][0]} on {name} by {deep:.4f} m"


@pytest.mark.parametrize("scene", SCENES)
def test_goods_keep_within_their_board(scene: int) -> None:
    known = boards(laid_out(scene)[0])
    for name, items in by_board(planned(scene), known).items():
        size = (known[name].width, known[name].depth, known[name].room)
        for instance, points in items:
            assert (points.min(axis=0) > -DEEP).all(), f"{instance} on {name}"
            assert (points.max(axis=0) < np.array(size) + DEEP).all(), f"{instance} on {name}"


def test_goods_gaps_and_tags_say_on_which_board() -> None:
    layout = laid_out(0)[0]
    slots = {b.name: slot for slot, places in layout.slots.items() for b in places if isinstance(b, Board)}
    fixtures = {b.name: b.fixture for places in layout.slots.values() for b in places if isinstance(b, Board)}
    told = [i for i in planned(0).instances if "board" in i.attributes and i.relations]
    assert {"gap", "price tag"} < {i.category for i in told}
    for instance in told:
        board = instance.attributes["board"]
        how = "mounted_on" if instance.category in ("price tag", "promotion sign") else "on"
        assert instance.relations == {how: fixtures[board], "in": f"{slots[board]}/{board}"}


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_floats(scene: int) -> None:
    """Each stands on the board, or on the one below it in its stack."""
    known = boards(laid_out(scene)[0])
    for name, items in by_board(planned(scene), known).items():
        tops = {
            (i.attributes["facing"], i.attributes["row"], i.attributes["level"]): float(p[:, 2].max()) for i, p in items
        }
        for instance, points in items:
            facing, row, level = (instance.attributes[k] for k in ("facing", "row", "level"))
            below = tops[facing, row, level - 1] if level else 0.0
            assert points[:, 2].min() == pytest.approx(below, abs=1e-3), f"{instance} on {name}"


def test_as_many_facings_are_empty_as_the_recipe_says() -> None:
    empty = facings = 0
    for scene in SCENES:
        spec = planned(scene)
        taken = {
            (i.attributes["board"], i.attributes["facing"])
            for i, _ in goods(spec)
            if i.attributes["board"][0].isdigit()
        }
        gaps = {
            (i.attributes["board"], i.attributes["facing"])
            for i in spec.instances
            if i.category == "gap" and i.attributes["board"][0].isdigit()
        }
        assert not taken & gaps
        empty, facings = empty + len(gaps), facings + len(gaps) + len(taken)
    assert facings > 500
    assert empty / facings == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / facings))


def test_every_disorder_comes_and_can_be_turned_off() -> None:
    states = {i.attributes.get("state", "") for scene in SCENES for i, _ in goods(planned(scene))}
    assert states == {"", "pushed back", "turned", "tilted", "fallen", "misplaced"}
    none = [f"populate.0.{kind}=0" for kind in KINDS]
    tidy = planned(0, *none, *(f"populate.1.{kind}=0" for kind in KINDS))
    assert {i.attributes.get("state", "") for i, _ in goods(tidy)} == {""}
    assert not tidy.volumes and not any(i.category == "gap" for i in tidy.instances)


def test_a_gap_is_a_place_before_its_fixture_that_no_product_is_in() -> None:
    spec, known = planned(0), boards(laid_out(0)[0])
    volumes = {v.number: v for v in spec.volumes}
    gaps = [i for i in spec.instances if i.category == "gap"]
    assert len(gaps) == len(volumes) > 5
    on = by_board(spec, known)
    for gap in gaps:
        volume, board = volumes[gap.number], known[gap.attributes["board"]]
        assert board.fixture in volume.behind and gap.relations == {
            "on": board.fixture,
            "in": f"{slot_of(board)}/{board.name}",
        }
        assert gap.attributes["product"].count("/") == 2
        frame, matrix = array(board.frame), array(volume.transform)
        low = (matrix @ np.array([-0.5, -0.5, -0.5, 1.0]) - frame[:, 3]) @ frame[:, :3]
        high = (matrix @ np.array([0.5, 0.5, 0.5, 1.0]) - frame[:, 3]) @ frame[:, :3]
        assert (low > 0).all() and (high < (board.width, board.depth, board.room)).all()
        for _, points in on.get(board.name, []):
            inside = (points.min(axis=0) < high - 1e-3) & (points.max(axis=0) > low + 1e-3)
            assert not inside.all()


def test_what_a_record_says_of_a_product() -> None:
    for instance, item in goods(planned(0)):
        said = instance.attributes
        group, brand, flavour = said["product"].split("/")
        assert group and int(brand) < 16 and int(flavour) >= 0 and len(said["ean"]) == 13
        assert instance.relations["on"] != instance.number and item.number == instance.number
    tags = [i for i in planned(0).instances if i.category == "price tag"]
    assert len(tags) > 20 and all(float(t.attributes["price"]) > 0 for t in tags)


def test_tags_lie_in_rails_side_by_side() -> None:
    spec, known = planned(0), boards(laid_out(0)[0])
    objects = {o.number: o for o in spec.objects}
    rails = {r.board: r for r in laid_out(0)[0].slots["rails"]}
    places: dict[str, list[float]] = {}
    for tag in (i for i in spec.instances if i.category == "price tag"):
        name = tag.attributes["board"]
        frame, at = array(known[name].frame), array(objects[tag.number].transform)[:, 3]
        x, y, z = (at - frame[:, 3]) @ frame[:, :3]
        assert 0.03 < x < known[name].width - 0.03
        assert rails[name].y - 0.02 < y < rails[name].y and z == pytest.approx(rails[name].z - 0.018, abs=1e-4)
        places.setdefault(name, []).append(float(x))
    for xs in places.values():
        assert len(xs) < 2 or np.diff(sorted(xs)).min() > 0.068


def test_flat_goods_are_stacked_and_freezers_full() -> None:
    spec = planned(0)
    stacked = [i for i, _ in goods(spec) if i.attributes["level"] > 0]
    assert any(i.category == "canned food" for i in stacked) and any(i.category == "frozen food" for i in stacked)
    assert not any(i.attributes["package"] in ("milk_carton", "bag") and i.category != "frozen food" for i in stacked)


def test_the_same_seed_gives_the_same_scene() -> None:
    again = planned.__wrapped__(1)
    assert spec_hash(again) == spec_hash(planned(1))
    assert spec_hash(again) != spec_hash(planned(2))


def test_shares_that_add_up_to_more_than_all_are_refused() -> None:
    with pytest.raises(InputError, match="add up to"):
        recipe("populate.0.missing=0.6", "populate.0.pushed=0.6")
    with pytest.raises(InputError, match="not allowed here"):
        recipe("populate.0.groups=[cereals]")
