"""What others' files may hold without bringing `validate` down."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from synthgen.dataset.findings import Finding, ValidationReport
from synthgen.dataset.validate import validate_files


def check(dataset: Path, data: Any) -> ValidationReport:
    path = dataset / "other.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return validate_files(path, dataset / "annotations/panoptic_train", dataset / "images/train")


def train(dataset: Path) -> Any:
    return json.loads((dataset / "annotations/panoptic_train.json").read_text())


@pytest.mark.parametrize("value", [[], {"a": 1}, "\ud800", "\u0000", "x" * 300, "a\nb", 10**30, None])
@pytest.mark.parametrize(
    ("place", "code"),
    [
        (("images", 0, "license"), "licenses"),
        (("images", 0, "file_name"), None),
        (("annotations", 0, "file_name"), None),
        (("annotations", 0, "segments_info", 0, "category_id"), "segment-category"),
        (("annotations", 0, "segments_info", 0, "iscrowd"), "iscrowd"),
    ],
)
def test_odd_values_are_findings(dataset: Path, place: tuple[Any, ...], code: str | None, value: Any) -> None:
    data = train(dataset)
    target = data
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    report = check(dataset, data)
    assert report.findings and (code is None or code in report.by_code)
    assert not any("\n" in str(finding) for finding in report.findings)
    json.dumps(report.to_dict())


def test_an_integer_too_long_for_python_is_not_json(dataset: Path) -> None:
    report = check(dataset, '{"images": [1' + 5000 * "0" + "]}")
    assert report.by_code == {"not-json": 1} and "1:13" in report.findings[0].where


def huge_png(data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return data[:12] + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + data[33:]


def test_pictures_larger_than_libraries_take_cannot_be_read(dataset: Path) -> None:
    mask = dataset / "annotations/panoptic_train/000000000001.png"
    mask.write_bytes(huge_png(mask.read_bytes()))
    (dataset / "images/train/000000000001.jpg").write_bytes(mask.read_bytes())
    report = check(dataset, train(dataset))
    assert {"mask-unreadable", "picture-unreadable"} <= report.by_code.keys()


def test_paths_may_be_strings(dataset: Path) -> None:
    folder = str(dataset / "annotations/panoptic_train")
    assert validate_files(f"{folder}.json", folder).errors == 0  # type: ignore[arg-type]


def test_a_finding_is_one_line() -> None:
    assert "\n" not in str(Finding("a\nb.png", "is odd"))
