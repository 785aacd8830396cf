"""The taxonomy that comes with the program, and what is refused in a user's."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from synthgen.errors import InputError
from synthgen.taxonomy import Taxonomy, load_taxonomy, taxonomy_from_dict, taxonomy_names

ROAD_IDS = {
    "person": 1,
    "rider": 2,
    "bicycle": 10,
    "motorcycle": 11,
    "car": 12,
    "truck": 13,
    "bus": 14,
    "van": 15,
    "trailer": 16,
    "traffic light": 30,
    "traffic sign": 31,
    "street light": 32,
    "cone": 33,
    "bench": 40,
    "bin": 41,
    "hydrant": 42,
    "animal": 43,
    "pram": 34,
    "road": 100,
    "lane marking": 101,
    "crossing": 102,
    "parking": 103,
    "sidewalk": 104,
    "curb": 105,
    "manhole": 106,
    "terrain": 110,
    "vegetation": 111,
    "sky": 112,
    "building": 120,
    "wall": 121,
    "fence": 122,
    "guard rail": 123,
    "bridge": 124,
    "pole": 130,
    "street furniture": 131,
    "ego vehicle": 140,
}


@pytest.fixture(scope="module")
def road() -> Taxonomy:
    return load_taxonomy("road")


def test_ids_of_road_are_permanent(road: Taxonomy) -> None:
    assert {name: c.id for name, c in road.by_name.items()} == ROAD_IDS


def test_things_come_before_stuff(road: Taxonomy) -> None:
    assert road.categories == road.things + road.stuff
    assert {c.name for c in road.things} >= {"person", "car", "traffic sign"}
    assert road.sky is not None and not road.sky.isthing


def test_colors_of_road_are_distinct(road: Taxonomy) -> None:
    colors = [c.color for c in road.categories]
    assert len(set(colors)) == len(colors)
    assert (0, 0, 0) not in colors


def test_maps_cover_every_category(road: Taxonomy) -> None:
    assert set(road.cityscapes) == set(road.coco) == set(road.by_name)
    for name, train_id in (("road", 0), ("van", 13), ("sky", 10), ("rider", 12), ("guard rail", 255)):
        target = road.cityscapes[name]
        assert target is not None and target.id == train_id
    trained = {t.id for t in road.cityscapes.values() if t and t.id != 255}
    # Cityscapes' 19 training classes, without the train (16), which streets here do not have.
    assert trained == set(range(19)) - {16}
    sidewalk = road.coco["sidewalk"]
    assert sidewalk is not None and (sidewalk.id, sidewalk.name) == (191, "pavement-merged")
    assert road.coco["pole"] is None


def test_round_trip_through_data(road: Taxonomy) -> None:
    assert taxonomy_from_dict(road.to_dict()) == road


def test_unknown_names_are_answered_with_the_nearest(road: Taxonomy) -> None:
    with pytest.raises(InputError, match="did you mean 'road'"):
        load_taxonomy("raod")
    with pytest.raises(InputError, match="did you mean 'sidewalk'"):
        road.category("sidewlk")
    nearest = road.nearest("traffic lights")
    assert nearest is not None and nearest.name == "traffic light"
    assert road.nearest("zzzz") is None
    assert "road" in taxonomy_names()


def test_a_users_file_is_read_by_path(tmp_path: Path, road: Taxonomy) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(road.to_dict()))
    assert load_taxonomy(path) == load_taxonomy(str(path)) == road


def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        load_taxonomy(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("categories: [")
    with pytest.raises(InputError, match="not YAML"):
        load_taxonomy(tmp_path / "bad.yaml")
    (tmp_path / "list.yaml").write_text("- 1")
    with pytest.raises(InputError, match="not a taxonomy"):
        load_taxonomy(tmp_path / "list.yaml")


def _row(data: dict[str, Any], **changes: Any) -> None:
    data["categories"][0].update(changes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: _row(d, id=0), "not within 1..254"),
        (lambda d: _row(d, id=255), "not within 1..254"),
        (lambda d: _row(d, id=True), "not within 1..254"),
        (lambda d: _row(d, id=12), "two categories have the id 12"),
        (lambda d: _row(d, name="car"), "two categories have the name 'car'"),
        (lambda d: _row(d, isthing=2), "isthing must be 0 or 1"),
        (lambda d: _row(d, isthing=0), "things must be listed before stuff"),
        (lambda d: _row(d, color=[1, 2]), "three integers"),
        (lambda d: _row(d, colour=[1, 2, 3]), "did you mean 'color'"),
        (lambda d: _row(d, coco={"id": 1}), "coco must be null or"),
        (lambda d: d["categories"][0].pop("name"), "'name' is missing"),
        (lambda d: d["categories"][-1].update(color=[0, 0, 0]), "is black"),
        (lambda d: d["categories"][-1].update(color=[128, 64, 128]), "has the color of road"),
        (lambda d: d.update(sky="sea"), "unknown category 'sea'"),
        (lambda d: d.update(sky="car"), "`sky` must be stuff"),
        (lambda d: d.update(skye="sky"), "unknown key 'skye'"),
    ],
)
def test_what_would_trip_a_consumer_is_refused(
    road: Taxonomy, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    data = copy.deepcopy(road.to_dict())
    change(data)
    with pytest.raises(InputError, match=message):
        taxonomy_from_dict(data)
