"""Runs on fake workers: what is written, what is resumed, what is refused, what fails."""

from __future__ import annotations

import errno
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from synthgen.dataset.folders import record_path, scene_path
from synthgen.engine.destination import says_disk_is_full
from synthgen.engine.frames import Shard
from synthgen.engine.progress import Silent
from synthgen.errors import FramesMissing, InputError, PlanningError
from synthgen.scene.spec import SceneSpec, encode_spec
from tests.engine.conftest import FakeRun, alive, empty_scene, identity


def tree(folder: Path, *names: str) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for name in names
        for p in sorted((folder / name).rglob("*"))
        if p.is_file()
    }


def failures(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "failures.json").read_text())["failures"]
    return found


def test_makes_every_frame_and_packages(fake: FakeRun) -> None:
    report = fake(5)
    assert report.complete and (report.present, report.rendered) == (5, 5)
    assert fake.planned == [0, 1, 2]
    assert report.package is not None and report.package.images == 5
    assert json.loads((fake.out / "annotations/panoptic_train.json").read_text())["images"][4]["id"] == 5
    assert (fake.out / scene_path(2)).read_bytes() == encode_spec(empty_scene(2, identity()))
    assert not (fake.out / record_path(6)).exists(), "-n cuts the last scene short"
    assert not (fake.out / ".tmp").exists() and not (fake.out / "failures.json").exists()


def test_the_same_call_again_makes_nothing(fake: FakeRun) -> None:
    fake(4)
    before = tree(fake.out, "annotations", "records", "scenes", "images")
    report = fake(4)
    assert report.complete and report.rendered == 0
    assert fake.planned == [0, 1], "scenes on disk are not planned again"
    assert len(fake.tries("start")) == 1, "no worker starts where nothing is to do"
    assert tree(fake.out, "annotations", "records", "scenes", "images") == before


def test_resume_makes_what_is_missing_or_damaged(fake: FakeRun) -> None:
    fake(6)
    (fake.out / record_path(2)).unlink()
    (fake.out / "images/train/000000000003.jpg").write_bytes(b"torn")
    (fake.out / "annotations/panoptic_train/000000000006.png").unlink()
    record = fake.out / record_path(5)
    record.write_text(record.read_text()[:40])
    report = fake(6)
    assert report.complete and report.rendered == 4
    assert [len(fake.tries(k)) for k in range(1, 7)] == [1, 2, 2, 1, 2, 2]


def test_resume_makes_frames_again_that_lack_what_the_recipe_asks_for(fake: FakeRun) -> None:
    changes = {"truth": ["depth", "boxes"]}
    fake(4, changes=changes)
    (fake.out / "depth/train/000000000002.exr").unlink()
    report = fake(4, changes=changes)
    assert report.complete and report.rendered == 1
    assert (fake.out / "depth/train/000000000002.exr").exists()
    with pytest.raises(InputError, match="truth"):
        fake(4)


def test_a_lost_scene_is_planned_again_and_its_frames_kept(fake: FakeRun) -> None:
    fake(4)
    (fake.out / scene_path(1)).unlink()
    report = fake(4)
    assert report.complete and report.rendered == 0
    assert fake.planned == [0, 1, 1] and (fake.out / scene_path(1)).exists()


def test_a_larger_number_completes_the_last_scene(fake: FakeRun) -> None:
    fake(3)
    report = fake(8)
    assert report.complete and report.rendered == 5
    assert fake.planned == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 1}, "seed: 0, not 1"),
        ({"size": (16, 12)}, "size: [8, 6], not [16, 12]"),
        ({"preset": "high"}, "preset: draft, not high"),
        ({"version": "0.2.0"}, "version: 0.1.0, not 0.2.0"),
        ({"packs": {"a.sh3f": "22"}}, "packs.a.sh3f: 11, not 22"),
        ({"recipe": {**identity()["recipe"], "layout": {"street": {"lanes": 4}}}}, "recipe.layout.street.lanes"),
        ({"recipe_hash": "bb"}, "recipe_hash"),
    ],
)
def test_another_run_s_folder_is_refused(fake: FakeRun, changes: dict[str, Any], words: str) -> None:
    fake(2)
    before = tree(fake.out, ".")
    with pytest.raises(InputError) as refused:
        fake(2, changes=changes)
    assert words in str(refused.value) and str(fake.out) in str(refused.value)
    assert tree(fake.out, ".") == before


def test_other_splits_and_fewer_frames_are_refused(fake: FakeRun) -> None:
    fake(4)
    with pytest.raises(InputError, match=r"splits: train=1, not train=0\.5,val=0\.5"):
        fake(4, splits={"train": 0.5, "val": 0.5})
    with pytest.raises(InputError, match="has frame 4 already, and 3 are asked for"):
        fake(3)


def test_a_scene_of_another_run_is_refused_even_where_no_frame_is(fake: FakeRun) -> None:
    fake.out.mkdir()
    (fake.out / "scenes").mkdir()
    (fake.out / scene_path(1)).write_bytes(encode_spec(empty_scene(1, identity(seed=7))))
    with pytest.raises(InputError, match="seed: 7, not 0"):
        fake(4)


def test_a_torn_scene_file_is_planned_again(fake: FakeRun) -> None:
    fake(2)
    (fake.out / scene_path(0)).write_bytes(b'{"scene_index": 0, "ident')
    assert fake(2).complete
    assert (fake.out / scene_path(0)).read_bytes() == encode_spec(empty_scene(0, identity()))


def test_places_that_cannot_hold_a_dataset(fake: FakeRun, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        fake(1, out=tmp_path / "file")
    with pytest.raises(InputError, match="cannot write there: Not a directory"):
        fake(1, out=tmp_path / "file" / "below")
    fake(1)
    with pytest.raises(InputError, match="lies inside the dataset"):
        fake(1, out=fake.out / "images" / "more")
    (tmp_path / "holiday" / "images").mkdir(parents=True)
    with pytest.raises(InputError, match="a folder images that is not synthgen's"):
        fake(1, out=tmp_path / "holiday")
    if Path("/proc/self").is_dir():
        with pytest.raises(InputError, match="cannot write there"):
            fake(1, out=Path("/proc/self/dataset"))


def test_a_failed_frame_is_listed_and_the_rest_goes_on(fake: FakeRun) -> None:
    fake.orders = {"2": ["fail", "fail"]}
    report = fake(4)
    assert not report.complete and report.present == 3
    assert report.package is not None and report.package.missing == (2,)
    (entry,) = failures(fake.out)
    assert (entry["frame"], entry["stage"], entry["message"]) == (2, "sensor", "no")
    assert "scenes/000000.json" in entry["replay"]
    assert fake(4).present == 3, "the same call tries again"
    assert len(fake.tries(2)) == 2
    assert fake(4).complete
    assert not (fake.out / "failures.json").exists(), "what exists is no failure any more"


def test_a_scene_that_cannot_be_planned_fails_its_frames_only(fake: FakeRun) -> None:
    def plan(index: int) -> SceneSpec:
        if index == 1:
            raise PlanningError.of("no view passes the checks")
        if index == 2:
            raise ZeroDivisionError("a bug in one scene")
        return empty_scene(index, identity())

    report = fake(8, plan=plan)
    assert report.present == 4
    assert [(f["frame"], f["stage"]) for f in failures(fake.out)] == [(k, "planning") for k in (3, 4, 5, 6)]
    assert "Traceback" in failures(fake.out)[3]["log"] and failures(fake.out)[0]["log"] == ""


@pytest.mark.parametrize(("error", "scenes"), [(InputError, 1), (PlanningError, 3), (KeyError, 1)])
def test_a_recipe_without_a_first_scene_is_at_fault(fake: FakeRun, error: type[Exception], scenes: int) -> None:
    def plan(index: int) -> SceneSpec:
        raise error.of("nothing is tagged so") if issubclass(error, InputError) else error("bug")

    with pytest.raises(error):
        fake(20, plan=plan)
    assert fake.planned == list(range(scenes))
    assert not fake.tries("start"), "no worker starts for a recipe that cannot be planned"


def test_a_short_run_whose_scenes_all_fail_says_so(fake: FakeRun) -> None:
    def plan(index: int) -> SceneSpec:
        raise PlanningError.of("no view passes the checks")

    with pytest.raises(PlanningError):
        fake(2, plan=plan)


def test_a_full_disk_stops_the_run(fake: FakeRun) -> None:
    fake.orders = {"2": ["full"]}
    with pytest.raises(FramesMissing, match="disk takes no more"):
        fake(6)
    assert not (fake.out / "failures.json").exists(), "the frames did not fail; the same call goes on"
    assert fake(6).complete
    assert len(fake.tries(1)) == 1


def test_a_full_disk_while_planning_stops_the_run(fake: FakeRun) -> None:
    def plan(index: int) -> SceneSpec:
        if index == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return empty_scene(index, identity())

    with pytest.raises(FramesMissing, match="disk takes no more"):
        fake(6, plan=plan)
    assert says_disk_is_full(str(OSError(errno.EDQUOT, "Disk quota exceeded")))


def test_an_interrupt_leaves_nothing_half_and_no_worker(fake: FakeRun) -> None:
    class Interrupting(Silent):
        def frame(self, *, ok: bool) -> None:
            raise KeyboardInterrupt

    fake.orders = {"3": ["hang"]}
    with pytest.raises(KeyboardInterrupt):
        fake(8, workers=2, progress=Interrupting())
    assert not [pid for pid in fake.tries("start") if alive(int(pid))]
    assert not (fake.out / ".tmp").exists()
    fake.orders = {}
    assert fake(8).complete


def test_leftovers_of_a_killed_run_are_cleared(fake: FakeRun) -> None:
    (fake.out / ".tmp" / "log-1").mkdir(parents=True)
    (fake.out / ".tmp" / "000000000001.jpg.abc").write_bytes(b"half")
    assert fake(2).complete
    assert not (fake.out / ".tmp").exists()


def test_workers_shards_and_interruptions_give_the_same_bytes(fake: FakeRun, tmp_path: Path) -> None:
    splits = {"train": 0.5, "val": 0.5}
    fake(9, splits=splits)
    one = tree(fake.out, "annotations", "scenes", "images")
    assert {"annotations/panoptic_train.json", "annotations/panoptic_val.json"} <= one.keys()

    fake(9, workers=3, out=tmp_path / "three", splits=splits)
    assert tree(tmp_path / "three", "annotations", "scenes", "images") == one

    shared = tmp_path / "shared"
    threads = [
        threading.Thread(target=fake, args=(9,), kwargs={"shard": Shard(k, 2), "out": shared, "splits": splits})
        for k in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not (shared / "dataset.json").exists() and not list((shared / "annotations").glob("*.json"))
    from synthgen.dataset.package import package

    assert package(shared).complete
    assert tree(shared, "annotations", "scenes", "images") == one


def test_a_shard_makes_its_own_scenes_and_lists_its_own_failures(fake: FakeRun) -> None:
    fake.orders = {"3": ["fail"], "5": ["fail"]}
    report = fake(8, shard=Shard(2, 2))
    assert fake.planned == [1, 3] and report.frames == 4 and report.present == 3 and report.package is None
    fake(8, shard=Shard(1, 2))
    assert [f["frame"] for f in failures(fake.out)] == [3, 5]


def test_a_folder_of_something_else_is_left_alone(fake: FakeRun, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "scenes" / "road").mkdir(parents=True)
    (project / "README.md").write_text("mine")
    with pytest.raises(InputError, match=r"a file README.md that is not synthgen's"):
        fake(1, out=project)
    assert tree(project, ".") == {"README.md": b"mine"}


def test_a_way_through_a_dataset_is_not_inside_it(fake: FakeRun, tmp_path: Path) -> None:
    fake(1)
    assert fake(1, out=fake.out / ".." / "beside").complete
    (tmp_path / "link").symlink_to(fake.out / "images")
    with pytest.raises(InputError, match="lies inside the dataset"):
        fake(1, out=tmp_path / "link" / "more")


def test_a_name_that_is_not_utf8_is_refused(fake: FakeRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        fake(1, out=tmp_path / "d\udcff")


def test_versions_of_what_renders_are_recorded_and_kept(fake: FakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgen.engine.run.versions", lambda: {"bpy": "4.5.1"})
    fake(2)
    assert json.loads((fake.out / "dataset.json").read_text())["versions"] == {"bpy": "4.5.1"}
    monkeypatch.setattr("synthgen.engine.run.versions", lambda: {"bpy": "4.5.2"})
    with pytest.raises(InputError, match=r"versions\.bpy: 4\.5\.1, not 4\.5\.2"):
        fake(4)


def test_what_a_shard_never_came_to_is_missing(fake: FakeRun) -> None:
    from synthgen.dataset.package import package

    fake(8, shard=Shard(1, 2))
    assert package(fake.out).missing == (3, 4, 7, 8)
