"""The taxonomies of others that ours are mapped to: COCO's 133 panoptic categories and Cityscapes' labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from synthgen.paths import data_dir
from synthgen.taxonomy.categories import Category


@dataclass(frozen=True, slots=True)
class CityscapesLabel:
    """id: in its label pictures, -1 for none. train_id: 0..18 among its 19 classes, else 255 or -1. color: sRGB."""

    id: int
    train_id: int
    name: str
    category: str
    instances: bool
    color: tuple[int, int, int]


@cache
def coco_panoptic() -> Mapping[int, Category]:
    """COCO's panoptic categories by id, things first."""
    rows = _table("coco_panoptic")["categories"]
    found = [Category(r["id"], r["name"], r["supercategory"], bool(r["isthing"]), _color(r["color"])) for r in rows]
    return {category.id: category for category in found}


@cache
def cityscapes_labels() -> Mapping[str, CityscapesLabel]:
    """Cityscapes' labels by name, in the order of their ids."""
    rows = _table("cityscapes")["labels"]
    found = [
        CityscapesLabel(r["id"], r["trainId"], r["name"], r["category"], r["instances"], _color(r["color"]))
        for r in rows
    ]
    return {label.name: label for label in found}


def wrong_coco(id: int, name: str) -> str:
    """What is wrong with a COCO category so called, or an empty string."""
    known = coco_panoptic().get(id)
    if known is None:
        return f"COCO has no panoptic category {id}"
    return "" if known.name == name else f"COCO's panoptic category {id} is {known.name!r}, not {name!r}"


def wrong_cityscapes(train_id: int, name: str) -> str:
    """What is wrong with a Cityscapes label so called, or an empty string."""
    known = cityscapes_labels().get(name)
    if known is None:
        return f"Cityscapes has no label {name!r}"
    return (
        "" if known.train_id == train_id else f"Cityscapes' {name!r} has the trainId {known.train_id}, not {train_id}"
    )


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load((data_dir("configs") / "labels" / f"{name}.yaml").read_text("utf-8"))
    return table


def _color(values: list[int]) -> tuple[int, int, int]:
    r, g, b = values
    return r, g, b
