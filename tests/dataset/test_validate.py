"""`validate` passes what is right, and names each kind of damage: one finding of the right code, in the right place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from synthgen.dataset.findings import Finding
from synthgen.dataset.record import FileSum, encode_record, read_record
from synthgen.dataset.validate import validate, validate_files
from synthgen.errors import InputError

Data = dict[str, Any]
JSON = "annotations/panoptic_train.json"
MASK = "annotations/panoptic_train/000000000001.png"
PICTURE = "images/train/000000000001.jpg"


def _json(change: Callable[[Data], Any]) -> Callable[[Path], None]:
    """Harm done to the JSON of the split `train`."""

    def harm(folder: Path) -> None:
        data = json.loads((folder / JSON).read_text())
        change(data)
        (folder / JSON).write_text(json.dumps(data))

    return harm


def _text(old: str, new: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        text = (folder / JSON).read_text()
        assert old in text
        (folder / JSON).write_text(text.replace(old, new, 1))

    return harm


def _segments(data: Data, image: int = 0) -> list[Data]:
    return list(data["annotations"][image]["segments_info"])


def _set(data: Data, **changes: Any) -> None:
    """Changes the first segment (a thing) of the first image."""
    data["annotations"][0]["segments_info"][0].update(changes)


def _stuff(data: Data) -> list[Data]:
    things = {c["id"] for c in data["categories"] if c["isthing"]}
    return [s for s in _segments(data) if s["category_id"] not in things]


def _mask(change: Callable[[Image.Image], Image.Image]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        with Image.open(folder / MASK) as mask:
            mask.load()
        change(mask).save(folder / MASK)

    return harm


def _paint(color: tuple[int, int, int], box: tuple[int, int, int, int]) -> Callable[[Image.Image], Image.Image]:
    def change(mask: Image.Image) -> Image.Image:
        mask.paste(color, box)
        return mask

    return change


def _write_16_bit(folder: Path) -> None:
    cv2.imwrite(str(folder / MASK), cv2.imread(str(folder / MASK)).astype(np.uint16))


def _picture(change: Callable[[Image.Image], tuple[Image.Image, dict[str, Any]]]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        with Image.open(folder / PICTURE) as picture:
            picture.load()
        changed, options = change(picture)
        changed.save(folder / PICTURE, "JPEG", **options)

    return harm


def _rotated(picture: Image.Image) -> tuple[Image.Image, dict[str, Any]]:
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture, {"exif": exif}


def _link(folder: Path) -> None:
    target = folder.parent / "elsewhere.png"
    (folder / MASK).rename(target)
    (folder / MASK).symlink_to(target)


HARM: dict[str, tuple[str, Callable[[Path], Any]]] = {
    # What no reader gets right: an error in any dataset.
    "not JSON": ("not-json", _text('"images":[', '"images":[,')),
    "cut off": ("not-json", lambda d: (d / JSON).write_text((d / JSON).read_text()[:-700])),
    "NaN": ("not-json", _text('"area":', '"area":NaN,"x":')),
    "a list at the top": ("not-json", lambda d: (d / JSON).write_text("[]")),
    "no categories": ("missing-key", _json(lambda d: d.pop("categories"))),
    "images is no list": ("missing-key", _json(lambda d: d.update(images={}))),
    "a key twice": ("duplicate-key", _text('"licenses":', '"info":{},"licenses":')),
    "category without id": ("category", _json(lambda d: d["categories"][0].pop("id"))),
    "category id twice": ("category-duplicate", _json(lambda d: d["categories"].append(d["categories"][-1]))),
    "isthing missing": ("category", _json(lambda d: d["categories"][0].pop("isthing"))),
    "image without id": ("image", _json(lambda d: d["images"][0].pop("id"))),
    "image id is text": ("image", _json(lambda d: d["images"][0].update(id="1"))),
    "image id twice": ("image-duplicate", _json(lambda d: d["images"].append(d["images"][-1]))),
    "image without size": ("image", _json(lambda d: d["images"][0].pop("width"))),
    "image of other size": ("size", _json(lambda d: d["images"][0].update(width=65))),
    "two images, one file": ("image-duplicate", _json(lambda d: d["images"][1].update(file_name="000000000001.jpg"))),
    "annotation of no image": ("annotation", _json(lambda d: d["annotations"][0].update(image_id=99))),
    "annotation twice": ("annotation-duplicate", _json(lambda d: d["annotations"].append(d["annotations"][-1]))),
    "annotation missing": ("annotation-missing", _json(lambda d: d["annotations"].pop())),
    "annotation without segments": ("annotation", _json(lambda d: d["annotations"][0].pop("segments_info"))),
    "segment without bbox": ("segment", _json(lambda d: _segments(d)[0].pop("bbox"))),
    "segment is text": ("segment", _json(lambda d: d["annotations"][0]["segments_info"].append("x"))),
    "segment id 0": ("segment-id", _json(lambda d: _set(d, id=0))),
    "segment id too large": ("segment-id", _json(lambda d: _set(d, id=2**24))),
    "segment id is true": ("segment-id", _json(lambda d: _set(d, id=True))),
    "segment id twice": ("segment-duplicate", _json(lambda d: _set(d, id=_segments(d)[1]["id"]))),
    "segment of unknown category": ("segment-category", _json(lambda d: _set(d, category_id=200))),
    "segment not in the mask": ("id-not-in-mask", _json(lambda d: _set(d, id=12345))),
    "segment missing": ("id-not-listed", _json(lambda d: d["annotations"][0]["segments_info"].pop())),
    "wrong area": ("area", _json(lambda d: _set(d, area=1))),
    "bbox one short": ("bbox", _json(lambda d: _set(d, bbox=[4, 21, 2, 15]))),
    "bbox is no box": ("bbox", _json(lambda d: _set(d, bbox=[1, 2]))),
    "iscrowd 2": ("iscrowd", _json(lambda d: _set(d, iscrowd=2))),
    "mask missing": ("mask-missing", lambda d: (d / MASK).unlink()),
    "all masks missing": ("missing-file", lambda d: shutil.rmtree(d / "annotations/panoptic_train")),
    "mask empty": ("mask-mode", lambda d: (d / MASK).write_bytes(b"")),
    "mask cut off": ("mask-unreadable", lambda d: (d / MASK).write_bytes((d / MASK).read_bytes()[:60])),
    "mask is grey": ("mask-mode", _mask(lambda m: m.convert("L"))),
    "mask is 16-bit": ("mask-mode", _write_16_bit),
    "mask of other size": ("size", _mask(lambda m: m.resize((32, 24), Image.Resampling.NEAREST))),
    "mask resampled": ("id-not-listed", _mask(lambda m: m.resize((32, 24)).resize((64, 48)))),
    "mask of another image": ("id-not-listed", lambda d: shutil.copy(d / MASK.replace("1.png", "2.png"), d / MASK)),
    "picture missing": ("picture-missing", lambda d: (d / PICTURE).unlink()),
    "picture is text": ("picture-unreadable", lambda d: (d / PICTURE).write_text("hello")),
    "picture cut off": ("picture-unreadable", lambda d: (d / PICTURE).write_bytes((d / PICTURE).read_bytes()[:-80])),
    "picture of other size": ("size", _picture(lambda p: (p.resize((32, 24)), {}))),
}

TRAPS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    # What trips some consumer: an error in a dataset of ours, a warning in others'.
    "no licenses": ("missing-key", _json(lambda d: d.pop("licenses"))),
    "year is text": ("info", _json(lambda d: d["info"].update(year="2026"))),
    "version is a number": ("info", _json(lambda d: d["info"].update(version=1.0))),
    "unknown license": ("licenses", _json(lambda d: d["images"][0].update(license=9))),
    "category id 255": ("category-id", _json(lambda d: d["categories"][1].update(id=255))),
    "category name twice": ("category-duplicate", _json(lambda d: d["categories"][1].update(name="person"))),
    "stuff before things": ("category-order", _json(lambda d: d["categories"].reverse())),
    "isthing is true": ("category", _json(lambda d: d["categories"][0].update(isthing=True))),
    "no supercategory": ("category", _json(lambda d: d["categories"][0].pop("supercategory"))),
    "no color": ("category-color", _json(lambda d: d["categories"][0].pop("color"))),
    "black stuff": ("category-color", _json(lambda d: d["categories"][-1].update(color=[0, 0, 0]))),
    "stuff of one color": ("category-color", _json(lambda d: d["categories"][-1].update(color=[128, 64, 128]))),
    "images not sorted": ("order", _json(lambda d: d["images"].reverse())),
    "annotations not parallel": ("order", _json(lambda d: d["annotations"].reverse())),
    "folder in file_name": (
        "file-name",
        _json(lambda d: d["images"][0].update(file_name="../train/000000000001.jpg")),
    ),
    "attributes is a list": ("attributes", _json(lambda d: _set(d, attributes=[]))),
    "area is a float": ("area", _json(lambda d: _set(d, area=float(_segments(d)[0]["area"])))),
    "bbox of floats": ("bbox", _json(lambda d: _set(d, bbox=[float(v) for v in _segments(d)[0]["bbox"]]))),
    "stuff is crowd": ("iscrowd", _json(lambda d: _stuff(d)[0].update(iscrowd=1))),
    "two crowds": ("iscrowd", _json(lambda d: [s.update(iscrowd=1) for s in _segments(d) if s["category_id"] == 12])),
    "stuff in two segments": ("stuff-segments", _json(lambda d: _stuff(d)[0].update(category_id=112))),
    "mask is RGBA": ("mask-mode", _mask(lambda m: m.convert("RGBA"))),
    "mask has a palette": ("mask-mode", _mask(lambda m: m.quantize(256, dither=Image.Dither.NONE))),
    "mask is a link": ("link", _link),
    "picture is turned by EXIF": ("exif", _picture(_rotated)),
    "picture is grey": ("picture-mode", _picture(lambda p: (p.convert("L"), {}))),
    "picture twice": ("picture-duplicate", lambda d: shutil.copy(d / PICTURE, d / PICTURE.replace("1.jpg", "2.jpg"))),
    "orphan mask": ("orphan-mask", lambda d: shutil.copy(d / MASK, d / MASK.replace("1.png", "9.png"))),
    "orphan picture": ("orphan-picture", lambda d: shutil.copy(d / PICTURE, d / PICTURE.replace("1.jpg", "9.jpg"))),
    "another JSON": ("stray-json", lambda d: (d / "annotations/instances_train.json").write_text("{}")),
    "dataset_meta.json": ("stray-json", lambda d: (d / "dataset_meta.json").write_text("{}")),
    "copy of the JSON": ("stray-json", lambda d: shutil.copy(d / JSON, d / "images/panoptic_train.json")),
    "no pictures": ("no-pictures", lambda d: shutil.rmtree(d / "images")),
}


def _record(change: Callable[[Data], Any]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        path = folder / "records/000000000001.json"
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))

    return harm


def _defect(record: Data, number: int, **changes: Any) -> None:
    """Says of an instance that it is a defect."""
    pixels = {i["instance_id"]: i["pixels"] for i in record["instances"]}.get(number, 0)
    record["defects"] = [{"instance_id": number, "category": "stain", "pixels": pixels, **changes}]


def _forged(folder: Path) -> None:
    """Another picture, and a record that vouches for it, but for the depth."""
    path = folder / "records/000000000001.json"
    record = read_record(path)
    record.files["depth/train/000000000001.exr"] = FileSum.of(b"far")
    (folder / "depth/train").mkdir(parents=True)
    (folder / "depth/train/000000000001.exr").write_bytes(b"near")
    path.write_bytes(encode_record(record))


OURS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    # What only a dataset of ours has.
    "picture changed": ("checksum", _picture(lambda p: (p, {"quality": 20}))),
    "depth changed": ("checksum", _forged),
    "record missing": ("record", lambda d: (d / "records/000000000001.json").unlink()),
    "record of another split": ("record", _record(lambda r: r.update(split="val"))),
    "record has other segments": ("record", _record(lambda r: r["segments"].pop())),
    "record invents a visible defect": ("record", _record(lambda r: _defect(r, 99, pixels=0, visible=True))),
    "record hides a visible defect": ("record", _record(lambda r: _defect(r, 4, visible=False))),
    "record counts a defect otherwise": ("record", _record(lambda r: _defect(r, 4, pixels=1, visible=True))),
    "record counts otherwise": ("record", _record(lambda r: r["instances"][3].update(pixels=1))),
    "scene missing": ("scene", lambda d: (d / "scenes/000000.json").unlink()),
    "scene changed": ("scene", lambda d: (d / "scenes/000000.json").write_text("{}")),
    "scene in two splits": ("scene-splits", _record(lambda r: r.update(scene_index=1))),
    "frame not packaged": (
        "not-packaged",
        lambda d: shutil.copy(d / "records/000000000001.json", d / "records/000000000011.json"),
    ),
    "dataset.json counts otherwise": ("dataset-json", _json(lambda d: (d["images"].pop(), d["annotations"].pop()))),
    "dataset.json damaged": ("dataset-json", lambda d: (d / "dataset.json").write_text("{")),
    "card missing": ("missing-file", lambda d: (d / "README.md").unlink()),
    "void": ("void", _mask(_paint((0, 0, 0), (0, 0, 5, 1)))),
}


def _codes(findings: tuple[Finding, ...], severity: str) -> set[str]:
    return {f.code for f in findings if f.severity == severity}


def _theirs(folder: Path) -> None:
    """Makes the dataset somebody else's."""
    for name in ("dataset.json", "README.md", "ATTRIBUTION.md"):
        (folder / name).unlink(missing_ok=True)
    for name in ("records", "scenes"):
        shutil.rmtree(folder / name)


def test_a_whole_dataset_passes(packaged: Path) -> None:
    report = validate(packaged)
    assert report.findings == () and report.passed and report.ours
    assert [(s.split, s.images, s.segments, s.void_pixels) for s in report.splits] == [
        ("train", 4, 36, 0),
        ("val", 4, 36, 0),
    ]
    assert report.summary() == "8 images, 72 segments (train, val): 0 errors, 0 warnings"


@pytest.mark.parametrize("name", [*HARM, *TRAPS, *OURS])
def test_damage_to_ours_is_an_error(dataset: Path, name: str) -> None:
    code, harm = (HARM | TRAPS | OURS)[name]
    harm(dataset)
    report = validate(dataset)
    assert code in _codes(report.findings, "error"), [str(f) for f in report.findings]
    assert not report.passed


@pytest.mark.parametrize("name", HARM)
def test_harm_to_others_is_an_error(dataset: Path, name: str) -> None:
    code, harm = HARM[name]
    _theirs(dataset)
    harm(dataset)
    report = validate(dataset)
    assert code in _codes(report.findings, "error"), [str(f) for f in report.findings]


@pytest.mark.parametrize("name", TRAPS)
def test_traps_in_others_are_warnings(dataset: Path, name: str) -> None:
    code, harm = TRAPS[name]
    _theirs(dataset)
    harm(dataset)
    report = validate(dataset)
    assert code in _codes(report.findings, "warning"), [str(f) for f in report.findings]
    # What follows from the harm, and is wrong by itself.
    expected = {"category id 255": {"segment-category"}, "copy of the JSON": {"not-json"}}.get(name, set())
    assert _codes(report.findings, "error") <= expected, [str(f) for f in report.findings]


@pytest.mark.parametrize(("number", "visible"), [(4, True), (99, False)])
def test_defects_that_are_recorded_as_they_are_pass(dataset: Path, number: int, visible: bool) -> None:
    _record(lambda r: _defect(r, number, visible=visible))(dataset)
    assert validate(dataset).passed


def test_each_problem_is_found_once(dataset: Path) -> None:
    _json(lambda d: _set(d, area=1))(dataset)
    findings = validate(dataset).findings
    assert [f.code for f in findings if f.code == "area"] == ["area"]
    area = next(f for f in findings if f.code == "area")
    assert area.where == str(dataset / MASK)
    assert "has 33 pixels; the JSON says 1" in area.what


def test_where_a_json_breaks_is_told_by_line_and_column(dataset: Path) -> None:
    _text('"images":[', '"images":[,')(dataset)
    finding = next(f for f in validate(dataset).findings if f.code == "not-json")
    assert finding.where == f"{dataset / JSON}:3:11"


def test_a_sink_takes_findings_as_they_come(dataset: Path) -> None:
    (dataset / MASK).unlink()
    taken: list[Finding] = []
    report = validate(dataset, sink=taken.append)
    assert report.findings == ()
    assert report.errors == len(taken) == 1
    assert report.by_code == {"mask-missing": 1}
    assert str(taken[0]) == f"{dataset / MASK}: error: the mask is missing [mask-missing]"


def test_a_report_is_plain_data(dataset: Path) -> None:
    (dataset / MASK).unlink()
    data = json.loads(json.dumps(validate(dataset).to_dict()))
    assert (data["passed"], data["errors"], data["splits"][0]["images"]) == (False, 1, 4)
    assert data["findings"][0]["code"] == "mask-missing"


def test_the_official_layout_with_void_and_crowds_passes(dataset: Path, tmp_path: Path) -> None:
    """As COCO's own files: pictures in train2017/, void, a crowd, other folders beside."""
    _theirs(dataset)
    _mask(_paint((0, 0, 0), (30, 0, 64, 1)))(dataset)

    def change(data: Data) -> None:
        for segment in _stuff(data):
            if segment["category_id"] == 112:
                segment["area"] -= 34
        _set(data, iscrowd=1)

    _json(change)(dataset)
    coco = tmp_path / "coco"
    (coco / "annotations").mkdir(parents=True)
    shutil.move(dataset / "images/train", coco / "train2017")
    shutil.move(dataset / JSON, coco / "annotations/panoptic_train2017.json")
    shutil.move(dataset / "annotations/panoptic_train", coco / "annotations/panoptic_train2017")
    for place in (coco, coco / "annotations"):
        report = validate(place)
        assert report.findings == ()
        assert (report.splits[0].split, report.splits[0].crowds, report.splits[0].void_pixels) == ("train2017", 1, 34)
    files = [coco / "annotations/panoptic_train2017.json", coco / "annotations/panoptic_train2017"]
    assert validate_files(*files).passed
    assert validate_files(*files, coco / "train2017").findings == ()


def test_ids_that_repeat_in_every_image_are_told(dataset: Path) -> None:
    """MMDetection takes quadratic time over them."""
    _theirs(dataset)
    data = json.loads((dataset / JSON).read_text())
    source = data["images"][0]
    data["images"] = [{**source, "id": i, "file_name": f"{i}.jpg"} for i in range(1, 13)]
    data["annotations"] = [
        {"image_id": i, "file_name": f"{i}.png", "segments_info": [{**_segments(data)[0], "id": 1}]}
        for i in range(1, 13)
    ]
    (dataset / JSON).write_text(json.dumps(data))
    assert "segment-id-repeats" in _codes(validate(dataset).findings, "warning")


def test_a_split_of_one_kind_is_told(dataset: Path) -> None:
    _json(lambda d: [a.update(segments_info=[]) for a in d["annotations"]])(dataset)
    assert "one-kind" not in {f.code for f in validate(dataset).findings}
    data = json.loads((dataset / "annotations/panoptic_val.json").read_text())
    things = {c["id"] for c in data["categories"] if c["isthing"]}
    for annotation in data["annotations"]:
        annotation["segments_info"] = [s for s in annotation["segments_info"] if s["category_id"] in things]
    (dataset / "annotations/panoptic_val.json").write_text(json.dumps(data))
    assert "one-kind" in _codes(validate(dataset).findings, "warning")


def test_void_that_the_recipe_asks_for_is_no_finding(make: Callable[..., Path]) -> None:
    from synthgen.dataset.package import package

    folder = make("void", 1, labels={"min_area": 0, "below": "void"})
    package(folder)
    assert validate(folder).passed
    _mask(_paint((0, 0, 0), (0, 0, 5, 1)))(folder)
    assert "void" not in validate(folder).by_code


def test_no_dataset_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        validate(tmp_path / "none")
    with pytest.raises(InputError, match="--json"):
        validate(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        validate_files(tmp_path / "a.json", tmp_path)
