"""Checks a COCO-panoptic dataset, ours or anyone's: its JSON, its masks and pictures, and how they agree.

A dataset of ours is one with synthgen's dataset.json. It is held to the whole contract; in others' datasets, what is
legal but trips some consumer is a warning. One mask is in memory at a time, and of the JSON one element; tables of
images lie on disk, so memory does not grow with the dataset but for its findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from synthgen.dataset.checks.pictures import PictureChecks
from synthgen.dataset.checks.records import RecordChecks, read_dataset_json
from synthgen.dataset.checks.schema import read_schema
from synthgen.dataset.checks.segments import Annotation, AnnotationChecks
from synthgen.dataset.checks.tree import SplitFiles, check_orphans, check_tree, find_splits
from synthgen.dataset.findings import Finding, Findings, SplitCounts, ValidationReport
from synthgen.dataset.folders import DATASET, split_of_annotations
from synthgen.dataset.jsonstream import members
from synthgen.dataset.ondisk import DiskSet
from synthgen.errors import InputError

Sink = Callable[[Finding], None]


def validate(folder: Path, *, sink: Sink | None = None) -> ValidationReport:
    """Checks every split of a dataset folder: `annotations/panoptic_<split>.json`, masks beside it, pictures in
    `images/<split>` or `<split>`.

    `sink` gets each finding at once; without it the report holds them. Raises InputError where there is no dataset.
    """
    folder = Path(folder)
    splits = find_splits(folder)
    damaged: InputError | None = None
    dataset: Mapping[str, Any] | None = None
    try:
        dataset = read_dataset_json(folder)
    except InputError as error:
        damaged = error
    findings = Findings(ours=dataset is not None or damaged is not None, sink=sink)
    if damaged is not None:
        findings.error("dataset-json", folder / DATASET, damaged.diagnostics[0].what, damaged.diagnostics[0].hint)
    records = RecordChecks(folder, dataset, findings) if dataset is not None else None
    check_tree(folder, splits, findings)
    return _report(splits, findings, records, void_allowed=_void_allowed(findings.ours, dataset))


def validate_files(
    json: Path, masks: Path, images: Path | None = None, *, sink: Sink | None = None
) -> ValidationReport:
    """Checks one panoptic JSON with its folder of masks, and of pictures where that is given.

    Raises InputError where one of them does not exist.
    """
    json, masks, images = Path(json), Path(masks), None if images is None else Path(images)
    for path, kind in ((json, "file"), (masks, "folder"), (images, "folder")):
        if path is not None and not (path.is_file() if kind == "file" else path.is_dir()):
            raise InputError.of(f"no such {kind}", where=str(path))
    split = split_of_annotations(json) or json.stem
    return _report([SplitFiles(split, json, masks, images)], Findings(ours=False, sink=sink), None, void_allowed=True)


def _report(
    splits: list[SplitFiles], findings: Findings, records: RecordChecks | None, *, void_allowed: bool
) -> ValidationReport:
    counts = [_check_split(files, findings, records, void_allowed=void_allowed) for files in splits]
    if records is not None:
        records.finish(counts)
    by_code = dict(sorted(findings.by_code.items()))
    return ValidationReport(
        findings.ours, tuple(counts), findings.errors, findings.warnings, by_code, tuple(findings.kept)
    )


def _check_split(
    files: SplitFiles, findings: Findings, records: RecordChecks | None, *, void_allowed: bool
) -> SplitCounts:
    """One JSON and its files. A JSON that cannot be parsed is one finding, and its split ends there."""
    pictures = PictureChecks(findings, void_allowed=void_allowed)
    has_masks = files.masks.is_dir()
    if not has_masks:
        findings.error("missing-file", files.masks, f"the folder of the masks of {files.json.name} is missing")
    if files.images is None:
        findings.trap("no-pictures", files.json, "no folder of its pictures was found; they are not checked")
    images = 0
    mask_names: DiskSet[str] = DiskSet()
    try:
        schema = read_schema(files.json, findings)
        annotations = AnnotationChecks(files.json, schema, findings)
        images = len(schema.images)
        for key, value, element in members(files.json):
            if key != "annotations" or not element:
                continue
            annotation = annotations.check(value)
            if annotation is not None:
                mask_names.add(annotation.file_name)
                _check_files(files, annotation, pictures, records, has_masks=has_masks)
        annotations.finish()
    except InputError as error:
        found = error.diagnostics[0]
        findings.error("not-json", found.where, found.what)
        return SplitCounts(files.split, images, 0, 0, pictures.void_pixels)
    check_orphans(files, mask_names, schema.file_names, findings)
    return SplitCounts(files.split, images, annotations.segments, annotations.crowds, pictures.void_pixels)


def _check_files(
    files: SplitFiles,
    annotation: Annotation,
    pictures: PictureChecks,
    records: RecordChecks | None,
    *,
    has_masks: bool,
) -> None:
    """The mask, the picture and (ours) the record of one image. Each file is read once."""
    record = records.check(annotation, files.split) if records is not None else None
    if has_masks and annotation.file_name:
        path = files.masks / annotation.file_name
        data = pictures.read(path, "mask-missing", "mask")
        if data is not None:
            pictures.check_mask(path, data, annotation)
            if records is not None and record is not None:
                records.check_file(record, path, data)
    if files.images is not None:
        path = files.images / annotation.image.file_name
        data = pictures.read(path, "picture-missing", "picture")
        if data is not None:
            pictures.check_picture(path, data, annotation.image)
            if records is not None and record is not None:
                records.check_file(record, path, data)
    if records is not None and record is not None:
        records.check_extra_files(record)


def _void_allowed(ours: bool, dataset: Mapping[str, Any] | None) -> bool:
    """Others may have void anywhere; we only where the recipe asked for it."""
    labels = dataset.get("labels") if dataset is not None else None
    return not ours or (isinstance(labels, Mapping) and labels.get("below") == "void")
