"""Checks of the `annotations` of a panoptic JSON, one at a time, without looking at pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from synthgen.annotation.ids import LAST_ID, VOID
from synthgen.dataset.checks.schema import ImageEntry, Schema, check_name, is_int
from synthgen.dataset.findings import Findings
from synthgen.dataset.ondisk import DiskSet

_SEGMENT_KEYS = ("id", "category_id", "area", "bbox", "iscrowd")
_FEW_IMAGES = 10
"""Below this many images it does not matter that ids repeat."""

_REPEATED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that could be read. segments: those with a usable id, by id; sound: none had to be left out."""

    image: ImageEntry
    file_name: str
    segments: dict[int, Mapping[str, Any]]
    sound: bool


class AnnotationChecks:
    """Checks annotations in file order; `finish` tells what only the whole shows."""

    def __init__(self, path: Path, schema: Schema, findings: Findings):
        self.segments = 0
        self.crowds = 0
        self._path = path
        self._schema = schema
        self._findings = findings
        self._place = -1
        self._seen: DiskSet[int] = DiskSet()
        self._parallel = True
        self._order = iter(schema.images)
        self._used_ids = np.zeros(LAST_ID + 1, dtype=bool)
        self._repeated = 0
        self._present: set[bool] = set()

    def check(self, annotation: Any) -> Annotation | None:
        """None where the annotation cannot be told to an image."""
        self._place += 1
        findings, path = self._findings, self._path
        if not isinstance(annotation, Mapping) or not is_int(annotation.get("image_id")):
            findings.error("annotation", path, f"annotations[{self._place}] has no integer image_id")
            return None
        image_id = annotation["image_id"]
        at = f"image {image_id}"
        image = self._schema.images.get(image_id)
        if image is None:
            findings.error("annotation", path, f"annotations[{self._place}] is of the unknown image {image_id}")
            return None
        if image_id in self._seen:
            findings.error("annotation-duplicate", path, f"{at} has two annotations")
            return None
        self._seen.add(image_id)
        if self._parallel and next(self._order, None) != image_id:
            self._parallel = False
            findings.trap("order", path, f"annotations are not in the order of images: see that of {at}")
        name = annotation.get("file_name")
        if not isinstance(name, str) or not name:
            findings.error("annotation", path, f"{at}: its annotation has no file_name")
            name = ""
        else:
            check_name(path, f"{at}: annotation", name, (".png",), findings)
            if _stem(name) != _stem(image.file_name):
                findings.trap("file-name", path, f"{at}: mask {name!r} and picture {image.file_name!r} differ in name")
        if "attributes" in annotation and not isinstance(annotation["attributes"], Mapping):
            findings.trap("attributes", path, f"{at}: the key `attributes` of its annotation is not an object")
        infos = annotation.get("segments_info")
        if not isinstance(infos, list):
            findings.error("annotation", path, f"{at}: its annotation has no list segments_info")
            return Annotation(image, name, {}, False)
        segments = self._segments(at, infos)
        return Annotation(image, name, segments, len(segments) == len(infos))

    def finish(self) -> None:
        """What is missing, and what only the whole shows."""
        findings, path = self._findings, self._path
        for image_id in self._schema.images:
            if image_id not in self._seen:
                findings.error("annotation-missing", path, f"image {image_id} has no annotation")
        if len(self._seen) >= _FEW_IMAGES and self._repeated > _REPEATED_SHARE * self.segments:
            findings.trap(
                "segment-id-repeats",
                path,
                f"{self._repeated} of {self.segments} segments have an id that another image used already",
                "spread ids over 1..16777215; some loaders take quadratic time otherwise",
            )
        if self.segments:
            for isthing, kind in ((True, "thing"), (False, "stuff")):
                if isthing not in self._present:
                    findings.warning(
                        "one-kind", path, f"there is no {kind} segment; panopticapi's evaluation divides by zero"
                    )

    def _segments(self, at: str, infos: list[Any]) -> dict[int, Mapping[str, Any]]:
        findings, path = self._findings, self._path
        segments: dict[int, Mapping[str, Any]] = {}
        kinds: Counter[tuple[int, int]] = Counter()
        for place, segment in enumerate(infos):
            missing = [k for k in _SEGMENT_KEYS if k not in segment] if isinstance(segment, Mapping) else ["id"]
            if missing:
                findings.error("segment", path, f"{at}: segments_info[{place}] has no {', '.join(missing)}")
                if "id" in missing:
                    continue
            identifier = segment["id"]
            if not is_int(identifier) or not VOID < identifier <= LAST_ID:
                findings.error("segment-id", path, f"{at}: segment id {identifier!r} is not within 1..{LAST_ID}")
                continue
            if identifier in segments:
                findings.error("segment-duplicate", path, f"{at}: two segments have the id {identifier}")
                continue
            segments[identifier] = segment
            self._repeated += int(self._used_ids[identifier])
            self._check_segment(f"{at}: segment {identifier}", segment)
            if is_int(segment.get("category_id")):
                kinds[segment["category_id"], int(segment.get("iscrowd") == 1)] += 1
        self._used_ids[list(segments)] = True
        self.segments += len(segments)
        self._check_kinds(at, kinds)
        return segments

    def _check_segment(self, at: str, segment: Mapping[str, Any]) -> None:
        findings, path = self._findings, self._path
        category = segment.get("category_id")
        if "category_id" in segment and not (is_int(category) and category in self._schema.isthing):
            findings.error("segment-category", path, f"{at} has the unknown category {segment['category_id']!r}")
        if segment.get("iscrowd", 0) not in (0, 1):
            findings.error("iscrowd", path, f"{at} has iscrowd {segment['iscrowd']!r}, not 0 or 1")
        self.crowds += segment.get("iscrowd") == 1
        if "area" in segment and not is_int(segment["area"]):
            findings.trap("area", path, f"{at} has the area {segment['area']!r}, not an integer")
        box = segment.get("bbox")
        if "bbox" in segment and not (isinstance(box, list) and len(box) == 4 and all(_is_number(v) for v in box)):
            findings.error("bbox", path, f"{at} has the bbox {box!r}, not four numbers")
        elif "bbox" in segment and not all(is_int(v) for v in segment["bbox"]):
            findings.trap("bbox", path, f"{at} has the bbox {box!r}, not four integers")
        if "attributes" in segment and not isinstance(segment["attributes"], Mapping):
            findings.trap("attributes", path, f"{at}: its key `attributes` is not an object")

    def _check_kinds(self, at: str, kinds: Counter[tuple[int, int]]) -> None:
        findings, path = self._findings, self._path
        for (category, crowd), count in kinds.items():
            isthing = self._schema.isthing.get(category)
            if isthing is None:
                continue
            self._present.add(isthing)
            name = self._schema.names[category]
            if crowd and not isthing:
                findings.trap("iscrowd", path, f"{at}: the stuff {name!r} has iscrowd 1")
            elif crowd and count > 1:
                findings.trap("iscrowd", path, f"{at}: {name!r} has {count} crowd segments, not one")
            elif not isthing and count > 1:
                findings.trap("stuff-segments", path, f"{at}: the stuff {name!r} has {count} segments, not one")


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
