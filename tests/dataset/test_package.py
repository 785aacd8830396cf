"""Packaging: the files of the contract, the same bytes however the frames came about, and what is missing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from synthgen.dataset.identity import differences
from synthgen.dataset.locking import temporary_folder
from synthgen.dataset.package import package
from synthgen.dataset.record import encode_record, read_record
from synthgen.dataset.validate import validate
from synthgen.errors import InputError
from tests.dataset.sample import write_frames, write_scene

Make = Callable[..., Path]


def _annotations(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.glob("annotations/**/*")) if p.is_file()}


def test_the_files_of_the_contract(packaged: Path) -> None:
    data = json.loads((packaged / "annotations/panoptic_train.json").read_text())
    assert list(data) == ["info", "licenses", "images", "annotations", "categories"]
    assert isinstance(data["info"]["year"], int) and isinstance(data["info"]["version"], str)
    assert [i["id"] for i in data["images"]] == [a["image_id"] for a in data["annotations"]] == [1, 2, 5, 6]
    assert data["images"][0] == {
        "id": 1,
        "file_name": "000000000001.jpg",
        "width": 64,
        "height": 48,
        "license": 1,
        "date_captured": "2026-01-01 00:00:00",
    }
    assert data["annotations"][0]["file_name"] == "000000000001.png"
    segment = data["annotations"][0]["segments_info"][0]
    assert list(segment)[:6] == ["id", "category_id", "area", "bbox", "iscrowd", "instance_id"]
    assert len(data["categories"]) == 36
    assert list(data["categories"][0]) == ["id", "name", "supercategory", "isthing", "color"]
    whole = json.loads((packaged / "dataset.json").read_text())
    assert whole["recipe"]["name"] == "sample street"
    assert whole["splits"]["train"] == {
        "share": 0.5,
        "images": 4,
        "segments": 36,
        "annotations": "annotations/panoptic_train.json",
    }
    assert (whole["device"], whole["cpu"], whole["missing"]) == (["CPU"], ["a processor"], [])
    assert whole["taxonomy"]["name"] == "road"
    assert not (packaged / ".tmp").exists()


def test_card_and_attribution_name_what_is_in_view(packaged: Path) -> None:
    card, attribution = ((packaged / name).read_text() for name in ("README.md", "ATTRIBUTION.md"))
    assert "| train | 4 | 36 |" in card
    assert "| 12 | car | vehicle | thing | 8 |" in card
    assert "CC-BY-3.0 and CC0-1.0" in card and "Commercial training: allowed" in card
    assert "hits first" in card and "GPL-3.0-or-later" in card
    assert "A. Maker" in attribution and "B \\| Maker" in attribution
    assert "C. Maker" not in attribution


def test_a_stricter_licence_in_view_becomes_that_of_the_dataset(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.dataset import sample

    strict = {**sample.ASSETS, "base/walker": {**sample.ASSETS["base/walker"], "licence": "CC-BY-NC-SA-4.0"}}
    monkeypatch.setattr(sample, "ASSETS", strict)
    folder = make("strict", 1)
    package(folder)
    licence = json.loads((folder / "annotations/panoptic_train.json").read_text())["licenses"][0]
    assert licence["name"] == "CC-BY-NC-SA-4.0"
    assert "Commercial training: not allowed" in (folder / "README.md").read_text()


def test_packaging_again_changes_nothing(dataset: Path, packaged: Path) -> None:
    assert package(dataset).complete
    assert _annotations(dataset) == _annotations(packaged)
    for name in ("dataset.json", "README.md", "ATTRIBUTION.md"):
        assert (dataset / name).read_bytes() == (packaged / name).read_bytes()


def test_order_of_making_and_timings_do_not_matter(tmp_path: Path, packaged: Path) -> None:
    for index in (3, 0, 2, 1):
        write_scene(tmp_path / "shuffled", index)
    package(tmp_path / "shuffled")
    assert _annotations(tmp_path / "shuffled") == _annotations(packaged)


@pytest.mark.parametrize("linkable", [True, False])
def test_shards_in_folders_of_their_own_are_gathered(
    tmp_path: Path, packaged: Path, linkable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not linkable:
        monkeypatch.setattr("os.link", lambda *_: (_ for _ in ()).throw(OSError(18, "another device")))
    shards = [tmp_path / "shard1", tmp_path / "shard2"]
    for index in range(4):
        write_scene(shards[index % 2], index)
    report = package(tmp_path / "whole", shards)
    assert (report.images, report.gathered, report.splits) == (8, 8, {"train": 4, "val": 4})
    assert _annotations(tmp_path / "whole") == _annotations(packaged)
    assert {p.name: p.read_bytes() for p in (tmp_path / "whole/scenes").iterdir()} == {
        p.name: p.read_bytes() for p in (packaged / "scenes").iterdir()
    }
    assert package(tmp_path / "whole", shards).gathered == 0
    shutil.rmtree(shards[0])
    shutil.rmtree(shards[1])
    assert validate(tmp_path / "whole").findings == ()


def test_a_shard_of_another_dataset_is_refused_with_the_difference(make: Make) -> None:
    first, second = make("first", 1), make("second", 2, seed=8)
    with pytest.raises(InputError, match=r"seed: 8, not 7"):
        package(first, [second])
    with pytest.raises(InputError, match=r"packs\.road: ee, not nothing"):
        package(first, [make("third", 1, packs={"base": "ab" * 16, "road": "ee"})])


def test_frames_of_two_runs_in_one_folder_are_refused(make: Make) -> None:
    folder = make("mixed", 1)
    write_scene(folder, 1, preset="high")
    with pytest.raises(InputError, match="preset: high, not draft"):
        package(folder)


def test_missing_frames_are_listed(make: Make) -> None:
    folder = make("gaps", 2, skip=(2,))
    failure = {"frame": 6, "scene": 2, "view": 1, "split": "train", "stage": "render", "message": "", "replay": ""}
    (folder / "failures.json").write_text(json.dumps({"failures": [failure, {**failure, "frame": 3}]}))
    report = package(folder, expected=7)
    assert report.missing == (2, 5, 6, 7)
    assert not report.complete
    assert [e["frame"] for e in json.loads((folder / "failures.json").read_text())["failures"]] == [6]
    assert json.loads((folder / "dataset.json").read_text())["missing"] == [2, 5, 6, 7]
    assert "4 pictures of the run missing" in (folder / "README.md").read_text()
    assert [f.code for f in validate(folder).findings] == ["frames-missing"]
    write_frames(folder, 4)
    assert package(folder).complete
    assert not (folder / "failures.json").exists()


def test_a_damaged_frame_is_left_out_and_reported(dataset: Path) -> None:
    path = dataset / "images/train/000000000002.jpg"
    path.write_bytes(path.read_bytes()[:-5])
    report = package(dataset)
    assert report.missing == (2,)
    assert [d.where for d in report.damaged] == [str(path)]
    assert len(json.loads((dataset / "annotations/panoptic_train.json").read_text())["images"]) == 3


def test_stale_splits_and_stray_pictures_go(dataset: Path) -> None:
    for image_id in (3, 4, 7, 8):
        (dataset / f"records/{image_id:012d}.json").unlink()
    assert package(dataset).splits == {"train": 4}
    assert not (dataset / "annotations/panoptic_val.json").exists()
    assert not list(dataset.glob("images/val/*")) and not list(dataset.glob("annotations/panoptic_val/*"))


@pytest.mark.parametrize("content", [None, "empty"])
def test_a_folder_without_frames_is_an_input_error(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "nothing"
    if content:
        folder.mkdir()
    with pytest.raises(InputError, match=r"no such folder|no frames"):
        package(folder)
    with pytest.raises(InputError, match=r"no such folder|no records"):
        package(tmp_path / "target", [folder])


def test_a_missing_or_torn_scene_is_an_input_error(dataset: Path) -> None:
    (dataset / "scenes/000002.json").write_text("{")
    with pytest.raises(InputError, match="000002"):
        package(dataset)
    (dataset / "scenes/000002.json").unlink()
    with pytest.raises(InputError, match="000002"):
        package(dataset)


def test_a_taxonomy_may_travel_in_the_identity(make: Make, packaged: Path) -> None:
    from synthgen.taxonomy import load_taxonomy

    folder = make("own", 4, taxonomy=load_taxonomy("road").to_dict())
    package(folder)
    assert _annotations(folder) == _annotations(packaged)


def test_a_torn_record_is_a_missing_frame(dataset: Path, tmp_path: Path) -> None:
    record = dataset / "records/000000000001.json"
    record.write_bytes(b"")
    report = package(dataset)
    assert report.missing == (1,) and [d.where for d in report.damaged] == [str(record)]
    assert "run generate again" in str(report.damaged[0])
    gathered = package(tmp_path / "gathered", [dataset])
    assert (gathered.gathered, gathered.images) == (7, 7)
    for path in dataset.glob("records/*.json"):
        path.write_bytes(b"{")
    with pytest.raises(InputError, match="not a frame's record"):
        package(dataset)


def test_frames_that_no_shard_came_to_are_missing(make: Make) -> None:
    folder = make("short", 2)
    path = folder / "records/000000000001.json"
    path.write_bytes(encode_record(replace(read_record(path), asked=6)))
    assert package(folder).missing == (5, 6)
    assert package(folder, expected=4).complete, "who asks for fewer gets them"


def test_pictures_that_another_run_is_writing_stay(dataset: Path) -> None:
    coming = dataset / "images/train/000000000099.jpg"
    coming.write_bytes(b"its record is yet to come")
    with temporary_folder(dataset / ".tmp"):
        package(dataset)
        assert coming.exists()
    package(dataset)
    assert not coming.exists()


def test_gathering_into_a_folder_of_something_else_is_refused(dataset: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "README.md").write_text("mine")
    with pytest.raises(InputError, match=r"a file README.md that is not synthgen's"):
        package(project, [dataset])
    assert [p.name for p in project.iterdir()] == ["README.md"]


def test_a_difference_within_a_list_is_named_by_its_place() -> None:
    mine = {"populate": [{"parked": {"fill": 0.5}}, {"trees": {"gap": 8}}], "size": [8, 6]}
    theirs = {"populate": [{"parked": {"fill": 0.5}}, {"trees": {"gap": 9}}], "size": [9, 6]}
    assert differences(mine, theirs) == ["populate[1].trees.gap: 8, not 9", "size: [8, 6], not [9, 6]"]
    assert differences(mine, {**mine, "populate": []}) == ["populate: 2 entries, not 0"]
