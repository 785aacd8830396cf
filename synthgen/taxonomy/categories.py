"""Categories of a dataset, with their permanent ids and how they read in Cityscapes and COCO-133."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from synthgen.errors import InputError

FIRST_ID = 1
LAST_ID = 254
"""0 is void, and 255 is "ignore" for most consumers."""


@dataclass(frozen=True, slots=True)
class Category:
    """One entry of the COCO-panoptic `categories` list. color: sRGB, 0..255."""

    id: int
    name: str
    supercategory: str
    isthing: bool
    color: tuple[int, int, int]

    def coco(self) -> dict[str, Any]:
        """The entry as COCO-panoptic JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "supercategory": self.supercategory,
            "isthing": int(self.isthing),
            "color": list(self.color),
        }


@dataclass(frozen=True, slots=True)
class Target:
    """What a category is called in another taxonomy; `id` is Cityscapes' trainId or COCO's category id."""

    id: int
    name: str


@dataclass(frozen=True)
class Taxonomy:
    """Categories in file order (things before stuff), the one that unclaimed pixels get, and two maps.

    cityscapes and coco: by our name; None where the other taxonomy has no such category.
    """

    name: str
    categories: tuple[Category, ...]
    sky: Category | None
    cityscapes: Mapping[str, Target | None]
    coco: Mapping[str, Target | None]

    @cached_property
    def by_name(self) -> Mapping[str, Category]:
        return {c.name: c for c in self.categories}

    @cached_property
    def by_id(self) -> Mapping[int, Category]:
        return {c.id: c for c in self.categories}

    @property
    def things(self) -> tuple[Category, ...]:
        return tuple(c for c in self.categories if c.isthing)

    @property
    def stuff(self) -> tuple[Category, ...]:
        return tuple(c for c in self.categories if not c.isthing)

    def category(self, name: str, *, where: str = "") -> Category:
        """The category of that name. Raises InputError with the nearest name where there is none."""
        found = self.by_name.get(name)
        if found is None:
            raise InputError.of(
                f"taxonomy {self.name} has no category {name!r}",
                where=where,
                hint=did_you_mean(name, self.by_name) or f"known: {', '.join(self.by_name)}",
            )
        return found

    def nearest(self, name: str) -> Category | None:
        """The category whose name is spelled most like `name`, or None where nothing is near."""
        close = difflib.get_close_matches(name, self.by_name, n=1)
        return self.by_name[close[0]] if close else None

    def to_dict(self) -> dict[str, Any]:
        """The whole taxonomy as JSON-able data: what a taxonomy file holds (see `taxonomy_from_dict`)."""
        rows = []
        for c in self.categories:
            city, coco = self.cityscapes.get(c.name), self.coco.get(c.name)
            row = c.coco()
            row["cityscapes"] = {"name": city.name, "trainId": city.id} if city else None
            row["coco"] = {"id": coco.id, "name": coco.name} if coco else None
            rows.append(row)
        return {"name": self.name, "sky": self.sky.name if self.sky else None, "categories": rows}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else ""
