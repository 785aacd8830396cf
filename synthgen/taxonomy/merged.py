"""The taxonomy `all`: every category of every domain, for datasets of several. It has no file: it is what those say."""

from __future__ import annotations

from collections.abc import Sequence

from synthgen.taxonomy.categories import Category, Target, Taxonomy

MERGED = "all"


def merged(taxonomies: Sequence[Taxonomy], name: str = MERGED) -> Taxonomy:
    """Their categories together, things before stuff, each by id; the sky is that of the first that has one.

    Raises ValueError where two do not mean the same by a name, an id or a colour, or map it differently.
    """
    by_name: dict[str, Category] = {}
    names: dict[int | tuple[int, int, int], str] = {}
    maps: tuple[dict[str, Target | None], dict[str, Target | None]] = ({}, {})
    for taxonomy in taxonomies:
        for category in taxonomy.categories:
            same = by_name.setdefault(category.name, category) == category
            for key in (category.id, category.color):
                same &= names.setdefault(key, category.name) == category.name
            for known, own in zip(maps, (taxonomy.cityscapes, taxonomy.coco), strict=True):
                target = own.get(category.name)
                before = known.get(category.name)
                same &= before is None or target is None or before == target
                known[category.name] = before or target
            if not same:
                raise ValueError(f"taxonomy {taxonomy.name} means something else by {category.name!r}")
    categories = sorted(by_name.values(), key=lambda c: (not c.isthing, c.id))
    sky = next((t.sky for t in taxonomies if t.sky is not None), None)
    cityscapes, coco = ({c.name: known[c.name] for c in categories} for known in maps)
    return Taxonomy(name, tuple(categories), sky, cityscapes, coco)
