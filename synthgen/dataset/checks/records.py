"""Checks of a dataset of ours: records, scenes, checksums and dataset.json against the annotations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthgen.dataset.checks.segments import Annotation
from synthgen.dataset.checks.truth import check_truth
from synthgen.dataset.findings import Findings, SplitCounts
from synthgen.dataset.folders import (
    ATTRIBUTION,
    CARD,
    DATASET,
    iter_record_paths,
    record_path,
    scene_path,
)
from synthgen.dataset.ondisk import DiskMap, DiskSet
from synthgen.dataset.record import FileSum, FrameRecord, read_record
from synthgen.errors import InputError

PROGRAM = "synthgen"
_AGAIN = "run the same generate again"
_PACKAGE = "run synthgen package"


def read_dataset_json(folder: Path) -> Mapping[str, Any] | None:
    """dataset.json of a dataset of ours; None where there is none, or it is not ours. Raises InputError if damaged."""
    path = folder / DATASET
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError.of(f"cannot be read: {error}", where=str(path), hint=_PACKAGE) from error
    return data if isinstance(data, Mapping) and data.get("generator") == PROGRAM else None


class RecordChecks:
    """Compares each annotation with its frame's record; remembers image ids and one split per scene."""

    def __init__(self, folder: Path, dataset: Mapping[str, Any], findings: Findings):
        self._folder = folder
        self._dataset = dataset
        self._findings = findings
        self._packaged: DiskSet[int] = DiskSet()
        self._scene_splits: DiskMap[int, str] = DiskMap()
        self._scene_hashes: DiskMap[int, str | None] = DiskMap()

    def check(self, annotation: Annotation, split: str) -> FrameRecord | None:
        """The record of an image; None, and a finding, where it cannot be had."""
        findings = self._findings
        image = annotation.image
        self._packaged.add(image.id)
        path = self._folder / record_path(image.id)
        try:
            record = read_record(path)
        except InputError as error:
            findings.error("record", path, error.diagnostics[0].what, _AGAIN)
            return None
        if record.image_id != image.id or record.split != split:
            findings.error("record", path, f"is of image {record.image_id} of split {record.split!r}", _AGAIN)
        if record.size != (image.width, image.height):
            findings.error("record", path, f"says {record.size[0]}x{record.size[1]}, unlike the JSON", _PACKAGE)
        if {s.get("id"): s for s in record.segments} != annotation.segments:
            findings.error("record", path, "has other segments than the JSON", _PACKAGE)
        self._check_counts(path, record)
        self._check_defects(path, record)
        self._check_scene(path, record)
        return record

    def check_file(self, record: FrameRecord, path: Path, data: bytes) -> None:
        """A file's bytes against the checksum in its frame's record."""
        name = path.relative_to(self._folder).as_posix()
        expected = record.files.get(name)
        if expected is None:
            self._findings.error("checksum", path, "its record does not list it", _AGAIN)
        elif FileSum.of(data) != expected:
            self._findings.error("checksum", path, "does not match the checksum in its record", _AGAIN)

    def check_extra_files(self, record: FrameRecord) -> None:
        """The files of a frame besides picture and mask: depth, normals, flow, amodal masks."""
        for name in sorted(set(record.files) - {record.image_path, record.mask_path}):
            try:
                data = (self._folder / name).read_bytes()
            except OSError as error:
                self._findings.error("checksum", self._folder / name, f"cannot be read: {error.strerror}", _AGAIN)
            else:
                self.check_file(record, self._folder / name, data)
        check_truth(self._folder, record, self._findings)

    def finish(self, splits: list[SplitCounts]) -> None:
        """Frames that were not packaged, and what dataset.json says of the whole."""
        findings = self._findings
        for path in iter_record_paths(self._folder):
            if int(path.stem) not in self._packaged:
                findings.error("not-packaged", path, "this frame is in no annotations", _PACKAGE)
        for name in (CARD, ATTRIBUTION):
            if not (self._folder / name).is_file():
                findings.error("missing-file", self._folder / name, "is missing", _PACKAGE)
        where = self._folder / DATASET
        told = self._dataset.get("splits")
        told = told if isinstance(told, Mapping) else {}
        counted = {s.split: (s.images, s.segments) for s in splits}
        listed = {k: (v.get("images"), v.get("segments")) for k, v in told.items() if isinstance(v, Mapping)}
        if listed != counted:
            findings.error("dataset-json", where, f"counts {listed} images and segments; there are {counted}", _PACKAGE)
        missing = self._dataset.get("missing") or []
        if missing:
            findings.warning("frames-missing", where, f"{len(missing)} frames of the run are missing", _AGAIN)

    def _check_counts(self, path: Path, record: FrameRecord) -> None:
        """A thing's segment has the pixels of its instance; nothing else may claim them."""
        pixels: dict[Any, int] = {i.instance_id: i.pixels for i in record.instances}
        for segment in record.segments:
            number = segment.get("instance_id")
            counted, area = pixels.get(number), segment.get("area")
            if number is not None and counted != area:
                self._findings.error("record", path, f"counts {counted} pixels of instance {number}, not {area}")
            part_of = segment.get("part_of")
            if part_of is not None and not isinstance(part_of, int):
                self._findings.error("record", path, f"segment {segment.get('id')} is part of {part_of!r}")

    def _check_defects(self, path: Path, record: FrameRecord) -> None:
        """What the record calls visible is in the annotation, and nothing else is."""
        categories = {i.instance_id: i.category_id for i in record.instances}
        pixels = {i.instance_id: i.pixels for i in record.instances}
        own = {s.get("instance_id") for s in record.segments}
        crowds = {s.get("category_id") for s in record.segments if s.get("iscrowd")}
        for defect in record.defects:
            number = defect.instance_id
            where = f"{defect.category} {number}"
            if defect.pixels != pixels.get(number, 0):
                what = f"counts {defect.pixels} pixels of the {where}, and {pixels.get(number, 0)} of that instance"
                self._findings.error("record", path, what)
            labelled = number in own or categories.get(number) in crowds
            if defect.visible != labelled:
                said = "visible, which has no segment" if defect.visible else "not visible, which has a segment"
                self._findings.error("record", path, f"calls the {where} {said}")

    def _check_scene(self, path: Path, record: FrameRecord) -> None:
        index = record.scene_index
        first = self._scene_splits.setdefault(index, record.split)
        if first != record.split:
            self._findings.error("scene-splits", path, f"scene {index} is in the splits {first} and {record.split}")
        if index not in self._scene_hashes:
            self._scene_hashes[index] = self._scene_hash(index)
        hash_ = self._scene_hashes[index]
        if hash_ is not None and hash_ != record.spec_hash:
            self._findings.error("scene", path, f"was made from another scene than {scene_path(index)}", _AGAIN)

    def _scene_hash(self, index: int) -> str | None:
        """As `spec_hash`, which hashes exactly the bytes of the file."""
        path = self._folder / scene_path(index)
        try:
            return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        except OSError as error:
            self._findings.error("scene", path, f"cannot be read: {error.strerror}", _AGAIN)
            return None
