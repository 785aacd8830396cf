"""What the taxonomies share is the same in all of them, so that datasets of several domains go together."""

from __future__ import annotations

from synthgen.taxonomy import Category, load_taxonomy, taxonomy_names


def every() -> list[tuple[str, Category]]:
    return [(name, category) for name in taxonomy_names() for category in load_taxonomy(name).categories]


def test_one_name_is_one_category() -> None:
    known: dict[str, Category] = {}
    for taxonomy, category in every():
        assert known.setdefault(category.name, category) == category, f"{category.name} in {taxonomy}"


def test_one_id_and_one_colour_are_one_name() -> None:
    ids: dict[int, str] = {}
    colours: dict[tuple[int, int, int], str] = {}
    for taxonomy, category in every():
        assert ids.setdefault(category.id, category.name) == category.name, f"{category.id} in {taxonomy}"
        assert colours.setdefault(category.color, category.name) == category.name, f"{category.color} in {taxonomy}"


def test_coco_categories_are_named_as_coco_names_them() -> None:
    names: dict[int, str] = {}
    for taxonomy in map(load_taxonomy, taxonomy_names()):
        for ours, target in taxonomy.coco.items():
            if target is not None:
                assert names.setdefault(target.id, target.name) == target.name, ours
                assert 1 <= target.id <= 200


def test_the_domains_have_their_taxonomy() -> None:
    assert {"road", "retail", "factory", "indoor"} <= set(taxonomy_names())
    for name in ("retail", "factory", "indoor"):
        assert {"person", "floor", "wall", "ceiling"} <= set(load_taxonomy(name).by_name)
