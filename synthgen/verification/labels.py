"""The two label maps of a frame, from its mask and record, and from the numbers that rays gave.

Labels of an instance map are numbers of things (1..32767), or stand for stuff, crowds, void and what should not be;
those of a category map are category ids (1..254), or stand for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation import VOID, instance_map_to_segments
from synthgen.dataset.record import FrameRecord
from synthgen.scene.spec import UNCLAIMED, SceneSpec
from synthgen.taxonomy import Taxonomy

_CROWD = 1_000
_UNKNOWN = 10_000
_NOTHING = -(2**31)
"""What no surface claims, in a taxonomy without sky."""

_SLACK = 0.05
"""How far (as a share, and a pixel besides) two counts of one instance may lie apart for the recorded one to decide
whether it is large enough for a segment."""


@dataclass(frozen=True, slots=True)
class LabelMaps:
    """(H, W) labels of one frame. An instance map has one label for each segment; where the mask has an id that no
    segment has, both maps have a label of its own."""

    instances: NDArray[np.int32]
    categories: NDArray[np.int32]


def recorded_labels(id_map: NDArray[np.uint32], record: FrameRecord) -> LabelMaps:
    """The labels of a mask's (H, W) ids, by the segments of the frame's record."""
    return _label_maps(id_map, record.segments)


def cast_labels(numbers: NDArray[np.int32], spec: SceneSpec, taxonomy: Taxonomy, record: FrameRecord) -> LabelMaps:
    """The labels of (H, W) numbers, by the rules that annotation has.

    Where an instance has a few pixels more or less here than in the record, and the recipe's `labels.min_area` lies
    between the two, the record's count decides: that difference is a matter of the pixels on its boundary.
    """
    labels = spec.identity.get("labels", {})
    unclaimed = numbers == UNCLAIMED
    lost = bool(unclaimed.any()) and taxonomy.sky is None
    # Annotation refuses a picture with holes; here they are pixels that are wrong.
    claimed = np.where(unclaimed, spec.instances[0].number, numbers) if lost and spec.instances else numbers
    found = instance_map_to_segments(
        claimed,
        spec.instances,
        taxonomy,
        image_id=record.image_id,
        min_area=int(labels.get("min_area", 0)),
        below=str(labels.get("below", "keep")),
        counts=_near_counts(numbers, record),
    )
    maps = _label_maps(found.id_map, found.segments)
    if lost:
        maps.instances[unclaimed] = maps.categories[unclaimed] = _NOTHING
    return maps


def describe_label(label: int, spec: SceneSpec, taxonomy: Taxonomy) -> str:
    """An instance map's label in words: `instance 14 (car)`, `road`, `void`."""
    if label == _NOTHING:
        return "nothing"
    if label == VOID:
        return "void"
    if label <= -_UNKNOWN:
        return f"id {-label - _UNKNOWN}, which no segment of the record has"
    if label < 0:
        crowd, category = divmod(-label, _CROWD)
        known = taxonomy.by_id.get(category)
        name = known.name if known is not None else f"category {category}"
        return f"a crowd of {name}" if crowd else name
    names = {i.number: i.category for i in spec.instances}
    return f"instance {label} ({names.get(label, 'not in the scene')})"


def describe_category(label: int, taxonomy: Taxonomy) -> str:
    """A category map's label in words."""
    if label in taxonomy.by_id:
        return taxonomy.by_id[label].name
    if label == _NOTHING:
        return "nothing"
    if label <= -_UNKNOWN:
        return f"id {-label - _UNKNOWN}, which no segment of the record has"
    return f"category {label}" if label else "void"


def _label_maps(id_map: NDArray[np.uint32], segments: Iterable[Mapping[str, Any]]) -> LabelMaps:
    by_id = {s["id"]: s for s in segments}
    ids, place = np.unique(id_map, return_inverse=True)
    instances, categories = np.zeros((2, len(ids)), dtype=np.int32)
    for k, segment_id in enumerate(ids.tolist()):
        segment = by_id.get(segment_id)
        if segment_id == VOID:
            instances[k] = categories[k] = VOID
        elif segment is None:
            instances[k] = categories[k] = -_UNKNOWN - segment_id
        else:
            categories[k] = segment["category_id"]
            stuff = -segment["category_id"] - _CROWD * bool(segment.get("iscrowd"))
            instances[k] = segment.get("instance_id", stuff)
    place = place.reshape(id_map.shape)
    return LabelMaps(instances[place], categories[place])


def _near_counts(numbers: NDArray[np.int32], record: FrameRecord) -> dict[int, int]:
    """The recorded pixel counts of the numbers that have about as many pixels here."""
    here = np.bincount(numbers.ravel())
    near = {}
    for instance in record.instances:
        ours = int(here[instance.instance_id]) if instance.instance_id < len(here) else 0
        if abs(ours - instance.pixels) <= 1 + _SLACK * max(ours, instance.pixels):
            near[instance.instance_id] = instance.pixels
    return near
