"""What the taxonomies share is the same in all of them, so that datasets of several domains go together."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from synthgen.errors import InputError
from synthgen.taxonomy import (
    MERGED,
    Taxonomy,
    cityscapes_labels,
    coco_panoptic,
    domain_names,
    load_taxonomy,
    merged,
    taxonomy_from_dict,
    taxonomy_names,
)

DOMAINS = [load_taxonomy(name) for name in domain_names()]
ALL = load_taxonomy(MERGED)


def test_the_domains_have_their_taxonomy() -> None:
    assert {"road", "retail", "factory", "indoor"} <= set(domain_names())
    assert taxonomy_names() == ["all", *domain_names()]
    for name in ("retail", "factory", "indoor"):
        assert {"person", "floor", "wall", "ceiling"} <= set(load_taxonomy(name).by_name)


def test_the_merged_one_has_every_category_as_its_domains_have_it() -> None:
    assert set(ALL.by_name) == {c.name for t in DOMAINS for c in t.categories}
    for taxonomy in DOMAINS:
        for category in taxonomy.categories:
            assert ALL.by_name[category.name] == category, f"{category.name} of {taxonomy.name}"
    assert len({c.id for c in ALL.categories}) == len({c.color for c in ALL.categories}) == len(ALL.categories)
    assert ALL.categories == ALL.things + ALL.stuff
    assert ALL.sky == load_taxonomy("road").sky
    assert taxonomy_from_dict(ALL.to_dict()) == ALL, "it may be a file"


def test_a_category_reads_the_same_in_other_taxonomies_whatever_its_domain() -> None:
    for taxonomy in DOMAINS:
        for name in taxonomy.by_name:
            assert taxonomy.coco[name] == ALL.coco[name], f"{name} of {taxonomy.name}"
            assert taxonomy.cityscapes[name] in (None, ALL.cityscapes[name]), f"{name} of {taxonomy.name}"


@pytest.mark.parametrize(
    "change", [{"id": 250}, {"isthing": 0}, {"color": [9, 9, 9]}, {"coco": {"id": 3, "name": "car"}}, {"name": "man"}]
)
def test_what_does_not_mean_the_same_is_not_merged(change: dict[str, Any]) -> None:
    data = copy.deepcopy(load_taxonomy("retail").to_dict())
    person = data["categories"].pop(0)
    stuff = change.get("isthing") == 0
    data["categories"].insert(len(data["categories"]) if stuff else 0, {**person, **change})
    other = taxonomy_from_dict(data)
    with pytest.raises(ValueError, match=f"means something else by '{change.get('name', 'person')}'"):
        merged([load_taxonomy("road"), other])


def test_cocos_table_is_whole() -> None:
    table = coco_panoptic()
    assert len(table) == 133 and len({c.name for c in table.values()}) == 133
    assert sum(c.isthing for c in table.values()) == 80
    things = [i for i, c in table.items() if c.isthing]
    assert things == [i for i in range(1, 91) if i not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)]
    assert min(i for i, c in table.items() if not c.isthing) == 92 and max(table) == 200
    for id, name in (
        (1, "person"),
        (67, "dining table"),
        (90, "toothbrush"),
        (168, "towel"),
        (199, "wall-other-merged"),
    ):
        assert table[id].name == name


def test_cityscapes_table_is_whole() -> None:
    labels = cityscapes_labels()
    assert [label.id for label in labels.values()] == [*range(34), -1]
    trained = sorted((label.train_id, name) for name, label in labels.items() if 0 <= label.train_id < 255)
    assert [name for _, name in trained] == [
        "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation",
        "terrain", "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
    ]  # fmt: skip
    assert [train_id for train_id, _ in trained] == list(range(19))


@pytest.mark.parametrize("taxonomy", DOMAINS, ids=lambda t: t.name)
def test_targets_are_in_the_tables(taxonomy: Taxonomy) -> None:
    for name, target in taxonomy.coco.items():
        assert target is None or coco_panoptic()[target.id].name == target.name, name
    for name, target in taxonomy.cityscapes.items():
        assert target is None or cityscapes_labels()[target.name].train_id == target.id, name
    if taxonomy.name == "road":
        assert None not in taxonomy.cityscapes.values()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"coco": {"id": 166, "name": "towel"}}, "COCO's panoptic category 166 is 'tent', not 'towel'"),
        ({"coco": {"id": 12, "name": "street sign"}}, "COCO has no panoptic category 12"),
        ({"cityscapes": {"name": "rider", "trainId": 11}}, "Cityscapes' 'rider' has the trainId 12, not 11"),
        ({"cityscapes": {"name": "cyclist", "trainId": 12}}, "Cityscapes has no label 'cyclist'"),
    ],
)
def test_a_target_that_is_not_in_its_table_is_refused(target: dict[str, Any], message: str) -> None:
    data = copy.deepcopy(load_taxonomy("road").to_dict())
    data["categories"][0].update(target)
    with pytest.raises(InputError, match=message):
        taxonomy_from_dict(data)
