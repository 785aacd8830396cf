"""The whole path on the real recipe: street scenes, real workers, and a dataset that others load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from synthgen import generate, package, validate, verify
from synthgen.dataset.folders import mask_path
from synthgen.paths import data_dir
from tests.compliance import (
    assert_loads_in_datumaro,
    assert_loads_in_second_reader,
    assert_pictures_match_masks,
    assert_self_pq_is_one,
)

pytestmark = [pytest.mark.blender, pytest.mark.assets]

RECIPE = data_dir("scenes") / "road" / "urban.yaml"
FRAMES = 4
SIZE = "160x96"
OVERRIDES = ["views_per_scene=2", "layout.street.length=140"]
SPLIT = "train=0.5,val=0.5"


def run(out: Path, frames: int = FRAMES, *, workers: int = 1, shard: str | None = None) -> None:
    report = generate(
        RECIPE,
        out,
        frames,
        workers=workers,
        shard=shard,
        split=SPLIT,
        seed=3,
        overrides=OVERRIDES,
        preset="draft",
        size=SIZE,
    )
    assert not report.failures, report.failures


def labels_and_scenes(folder: Path) -> dict[str, bytes]:
    files = [*folder.glob("annotations/**/*"), *folder.glob("scenes/*")]
    return {str(f.relative_to(folder)): f.read_bytes() for f in files if f.is_file()}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four street frames of two scenes, made by one worker."""
    out = tmp_path_factory.mktemp("street") / "dataset"
    run(out)
    return out


def test_it_is_valid_and_others_load_it(dataset: Path) -> None:
    report = validate(dataset)
    assert report.passed, report.summary()
    assert_pictures_match_masks(dataset)
    assert_loads_in_datumaro(dataset)
    assert_loads_in_second_reader(dataset)
    assert_self_pq_is_one(dataset)


def test_a_street_has_what_a_street_has(dataset: Path) -> None:
    seen: set[str] = set()
    for path in dataset.glob("annotations/panoptic_*.json"):
        data = json.loads(path.read_text())
        names = {c["id"]: c["name"] for c in data["categories"]}
        seen |= {names[s["category_id"]] for a in data["annotations"] for s in a["segments_info"]}
    assert {"road", "sidewalk", "building", "sky", "car", "lane marking"} <= seen


def test_every_pixel_centre_of_a_street_sees_what_the_label_says(dataset: Path) -> None:
    report = verify(dataset)
    assert [f.image_id for f in report.frames] == [1, 2, 3, 4]
    assert report.passed, "\n".join(map(str, report.failed))
    assert report.instances.boundary > 2000


def test_two_workers_give_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    run(tmp_path / "two", workers=2)
    assert labels_and_scenes(tmp_path / "two") == labels_and_scenes(dataset)


def test_two_shards_give_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    for index in (1, 2):
        run(tmp_path / f"shard{index}", shard=f"{index}/2")
        assert not (tmp_path / f"shard{index}" / "dataset.json").exists()
    package(tmp_path / "all", [tmp_path / "shard1", tmp_path / "shard2"])
    assert labels_and_scenes(tmp_path / "all") == labels_and_scenes(dataset)
    assert validate(tmp_path / "all").passed


def test_a_run_that_is_interrupted_resumes_and_a_longer_one_moves_nothing(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "part"
    run(out, 2)
    (mask,) = out.glob(f"annotations/*/{mask_path('x', 2).name}")
    mask.write_bytes(mask.read_bytes()[:100])  # torn by a crash
    kept = {p: p.stat().st_mtime_ns for p in out.glob(f"images/*/{mask_path('x', 1).stem}.jpg")}
    run(out)
    assert {p: p.stat().st_mtime_ns for p in kept} == kept, "a whole frame is not made again"
    assert labels_and_scenes(out) == labels_and_scenes(dataset)


def test_the_command_refuses_another_recipes_dataset(dataset: Path) -> None:
    call = [sys.executable, "-m", "synthgen", "generate", str(RECIPE), "-o", str(dataset), "-n", "4", "--split", SPLIT]
    call += ["--preset", "draft", "--size", SIZE, *(word for change in OVERRIDES for word in ("--set", change))]
    done = subprocess.run([*call, "--seed", "4"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "seed: 3, not 4" in done.stderr
    assert "Traceback" not in done.stderr
