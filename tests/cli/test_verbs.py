"""What generate, preview, package, validate and doctor print, and how they exit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synthgen.dataset.package import PackageReport
from synthgen.engine.doctor import Check
from synthgen.engine.failures import Failure
from synthgen.engine.run import GenerateReport
from tests.cli.conftest import URBAN, Cli
from tests.engine.conftest import FakeRun


def report(out: Path, present: int, **changes: Any) -> GenerateReport:
    package = PackageReport(out, present, {"train": present}, ())
    whole = GenerateReport(out, 4, present, rendered=2, failures=(), seconds=6.0, package=package)
    return replace(whole, **changes)


def test_generate_passes_its_options_on(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[tuple[Any, Any]] = []

    def generate(*arguments: Any, **options: Any) -> GenerateReport:
        calls.append((arguments, options))
        return report(tmp_path, 4)

    monkeypatch.setattr("synthgen.engine.local.generate", generate)
    said = cli(
        "generate", URBAN, "-o", tmp_path, "-n", "4", "--workers", "3", "--shard", "1/2", "--split", "a=0.5,b=0.5",
        "--seed", "7", "--set", "x=1", "--set", "y=2", "--preset", "draft", "--size", "64x48", "--device", "gpu",
    )  # fmt: skip
    assert said.code == 0 and said.out == f"{tmp_path}\n"
    assert "4 of 4 frames are there, 2 of them new, 3.0 s a frame" in said.err
    (((recipe, out, frames), options),) = calls
    assert (recipe, out, frames) == (URBAN, tmp_path, 4)
    del options["progress"]
    assert options == {
        "workers": 3, "shard": "1/2", "split": "a=0.5,b=0.5", "seed": 7, "overrides": ["x=1", "y=2"],
        "preset": "draft", "size": "64x48", "engine": "local", "device": "gpu",
    }  # fmt: skip


def test_generate_with_failures_exits_3(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = Failure(3, 0, 2, "train", "render", "no", "the same call")
    monkeypatch.setattr("synthgen.engine.local.generate", lambda *_, **__: report(tmp_path, 3, failures=(failed,)))
    said = cli("generate", URBAN, "-o", tmp_path, "-n", "4")
    assert said.code == 3 and "1 frame is missing" in said.err and "failures.json" in said.err


def test_package_and_validate(cli: Cli, fake: FakeRun, tmp_path: Path) -> None:
    fake.orders = {"2": ["fail"]}
    fake(4)
    (fake.out / "annotations" / "panoptic_train.json").unlink()
    said = cli("package", fake.out)
    assert said.code == 3 and said.out == f"{fake.out}\n" and "missing: 2" in said.err
    fake(4)
    assert cli("package", fake.out).code == 0
    found = cli("validate", fake.out)  # its pictures are no pictures
    assert found.code == 1 and found.out.splitlines() and "errors" in found.err
    machine = json.loads(cli("validate", fake.out, "--format", "json").out)
    assert machine["errors"] == len([line for line in found.out.splitlines() if "error:" in line])
    files = fake.out / "annotations"
    said = cli("validate", "--json", files / "panoptic_train.json", "--masks", files / "panoptic_train")
    assert said.code == 1


def test_doctor(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgen.engine.doctor.doctor", lambda: [Check("python", True, "3.11.9")])
    assert cli("doctor").code == 0
    problem = Check("libraries", False, "Blender misses libXi.so.6", "as root: apt-get install -y libxi6")
    monkeypatch.setattr("synthgen.engine.doctor.doctor", lambda: [Check("python", True, "3.11.9"), problem])
    said = cli("doctor")
    assert said.code == 1 and "problem" in said.out and "libxi6" in said.out


def test_assets_list(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgen.assets.check.list_assets", lambda packs, **_: [])
    said = cli("assets", "list")
    assert (said.code, said.out) == (0, "") and "0 assets" in said.err


def test_what_is_made_is_listed(cli: Cli) -> None:
    said = cli("assets", "list", "--made", "2", "--id", "retail/m[ei]*", "--domain", "retail")
    rows = [row.split("\t") for row in said.out.splitlines()]
    assert said.code == 0 and [row[0] for row in rows] == [
        "retail/milk#0", "retail/milk#1", "retail/medicine#0", "retail/medicine#1", "retail/meat#0", "retail/meat#1",
    ]  # fmt: skip
    assert {row[1] for row in rows} == {"milk", "medicine", "meat"}
    assert cli("assets", "list", "--made", "1", "--id", "no such thing").is_one_message()
