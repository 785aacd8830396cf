"""Instance map to panoptic segments: stuff merged by category, one segment per thing, every pixel in exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation.extents import Extents, extents_of_runs, runs_of
from synthgen.annotation.ids import VOID, segment_ids
from synthgen.errors import InputError, RenderError
from synthgen.scene.spec import UNCLAIMED, Instance
from synthgen.taxonomy import Category, Taxonomy

BELOW = ("keep", "void", "crowd")
"""What becomes of a segment of fewer than `min_area` pixels."""


@dataclass(frozen=True, slots=True)
class InstancePixels:
    """True pixel count and box ([x, y, width, height]) of one number, whatever became of its segment."""

    number: int
    category: Category
    pixels: int
    bbox: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """id_map: (H, W) uint32; segments: as `segments_info`; instances: every number in view, ascending, without 0."""

    id_map: NDArray[np.uint32]
    segments: list[dict[str, Any]]
    instances: tuple[InstancePixels, ...]


@dataclass(slots=True)
class _Group:
    """Numbers that make one segment. things have one number; stuff and crowds any."""

    category: Category
    numbers: list[int]
    instance: Instance | None
    crowd: bool = False
    part_of: int | None = None

    def key(self) -> str:
        if self.instance is not None:
            return f"instance/{self.instance.number}"
        return f"{'crowd' if self.crowd else 'category'}/{self.category.id}"


def instance_map_to_segments(
    numbers: NDArray[np.int32],
    spec_instances: Sequence[Instance],
    taxonomy: Taxonomy,
    *,
    image_id: int,
    min_area: int = 0,
    below: str = "keep",
    counts: Mapping[int, int] | None = None,
) -> Segmentation:
    """Segments of one picture from its (H, W) numbers.

    Number 0 is the taxonomy's sky. A thing segment of fewer than `min_area` pixels is kept, becomes void, or joins
    the one crowd segment of its category; stuff becomes void or is kept. counts: pixels by number, which decide upon
    `min_area` for these numbers instead of the picture's own. Raises RenderError for a number that the scene does not
    have, and for unclaimed pixels where the taxonomy has no sky; InputError for an unknown category.
    """
    if below not in BELOW:
        raise InputError.of(f"labels.below is {below!r}", hint=f"one of {', '.join(BELOW)}")
    if numbers.ndim != 2 or numbers.size == 0:
        raise RenderError(f"image {image_id}: the instance map has the shape {numbers.shape}")
    runs = runs_of(numbers)
    present = _present(runs.value, spec_instances, taxonomy, image_id)
    top = max(present)
    by_number = extents_of_runs(runs, runs.value.astype(np.int64), top + 1)
    groups = _decide(_groups(present, spec_instances, taxonomy), _areas(by_number, counts or {}), min_area, below)

    label = np.full(top + 1, len(groups), dtype=np.int64)
    for index, group in enumerate(groups):
        label[group.numbers] = index
    found = extents_of_runs(runs, label[runs.value], len(groups) + 1)
    ids = segment_ids(image_id, [g.key() for g in groups])
    id_map = np.array([*ids, VOID], dtype=np.uint32)[label][numbers]
    segments = [
        _segment(group, segment_id, int(area), [int(v) for v in box])
        for group, segment_id, area, box in zip(groups, ids, found.areas, found.boxes, strict=False)
    ]
    instances = tuple(_pixels(n, present[n], by_number) for n in present if n != UNCLAIMED)
    return Segmentation(id_map, segments, instances)


def _present(
    values: NDArray[np.int32], spec_instances: Iterable[Instance], taxonomy: Taxonomy, image_id: int
) -> dict[int, Category]:
    """The category of every number in the picture, ascending by number."""
    names = {i.number: i.category for i in spec_instances}
    seen = [int(n) for n in np.unique(values)]
    unknown = [n for n in seen if n != UNCLAIMED and n not in names]
    if unknown:
        raise RenderError(f"image {image_id}: its picture has numbers that the scene does not have: {unknown[:5]}")
    if UNCLAIMED in seen and taxonomy.sky is None:
        raise RenderError(f"image {image_id} has pixels that nothing claims, and taxonomy {taxonomy.name} has no sky")
    sky = taxonomy.sky
    return {n: sky if n == UNCLAIMED and sky else taxonomy.category(names[n]) for n in seen}


def _groups(present: dict[int, Category], spec_instances: Iterable[Instance], taxonomy: Taxonomy) -> list[_Group]:
    """One group per thing in order of its number, then one per stuff category in order of its id."""
    by_number = {i.number: i for i in spec_instances}
    things: list[_Group] = []
    stuff: dict[int, _Group] = {}
    for number, category in present.items():
        instance = by_number.get(number)
        if category.isthing and instance is not None:
            things.append(_Group(category, [number], instance, part_of=instance.part_of))
        else:
            stuff.setdefault(category.id, _Group(category, [], None)).numbers.append(number)
    for group in stuff.values():
        roots = {by_number[n].part_of if n in by_number else None for n in group.numbers}
        # Merged stuff is a part only where all of it is a part of one root.
        group.part_of = roots.pop() if len(roots) == 1 else None
    return things + [stuff[k] for k in sorted(stuff)]


def _areas(by_number: Extents, counts: Mapping[int, int]) -> NDArray[np.int64]:
    """(N,) pixels by number, as `counts` has them where it does."""
    areas = by_number.areas.copy()
    known = [n for n in counts if n < len(areas)]
    areas[known] = [counts[n] for n in known]
    return areas


def _decide(groups: list[_Group], areas: NDArray[np.int64], min_area: int, below: str) -> list[_Group]:
    """Applies `min_area`: what becomes void is left out, what becomes crowd is joined by category, at the end."""
    if below == "keep" or min_area <= 0:
        return groups
    kept: list[_Group] = []
    crowds: dict[int, _Group] = {}
    for group in groups:
        if int(areas[group.numbers].sum()) >= min_area or (below == "crowd" and not group.category.isthing):
            kept.append(group)
        elif below == "crowd":
            crowd = crowds.setdefault(group.category.id, _Group(group.category, [], None, crowd=True))
            crowd.numbers += group.numbers
    return kept + [crowds[k] for k in sorted(crowds)]


def _segment(group: _Group, segment_id: int, area: int, bbox: list[int]) -> dict[str, Any]:
    segment: dict[str, Any] = {
        "id": segment_id,
        "category_id": group.category.id,
        "area": area,
        "bbox": bbox,
        "iscrowd": int(group.crowd),
    }
    if group.instance is not None:
        segment["instance_id"] = group.instance.number
    if group.part_of is not None:
        segment["part_of"] = group.part_of
    return segment


def _pixels(number: int, category: Category, by_number: Extents) -> InstancePixels:
    x, y, width, height = by_number.box(number)
    return InstancePixels(number, category, int(by_number.areas[number]), (x, y, width, height))
