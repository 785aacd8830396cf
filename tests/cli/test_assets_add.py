"""`synthgen assets add` and `check`: what they refuse, and with which code."""

from __future__ import annotations

from pathlib import Path

import pytest
import trimesh

from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.store import Store
from tests.assets.users_models import car
from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_ASSETS", str(tmp_path / "user"))
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))


def test_the_id_is_data_and_the_rest_is_said(cli: Cli, tmp_path: Path) -> None:
    said = cli("assets", "add", car(tmp_path / "Red Car.glb"), "--category", "car", "--tag", " ", "--tag", "a")
    assert (said.code, said.out) == (0, "mine/red_car\n") and "4.4 x 1.8 x 1.6 m" in said.err
    listed = cli("assets", "list", "mine")
    assert listed.out.endswith("\ta\n") and "1 asset\n" in listed.err
    assert cli("assets", "check", "mine").code == 0


def test_a_heavy_model_is_reduced(cli: Cli, tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(5, 0.3)  # 20,480 faces
    ball.export(tmp_path / "ball.stl")
    said = cli("assets", "add", tmp_path / "ball.stl", "--category", "fruit", "--height", "0.1", "--faces", "4000")
    assert (said.code, said.out) == (0, "mine/ball\n")
    assert "reduced from 20,480 faces to" in said.err and "the surface is off by" in said.err
    (asset,) = load_catalogue(["mine"], Store()).assets
    assert 3000 < asset.faces < 4500 and abs(asset.size[2] - 0.1) < 0.001
    assert cli("assets", "check", "mine").code == 0


def test_two_of_one_name_replace_nothing(cli: Cli, tmp_path: Path) -> None:
    one, two = car(tmp_path / "a" / "car.glb"), car(tmp_path / "b" / "car.glb")
    said = cli("assets", "add", one, two, "--category", "car")
    assert said.code == 2 and "all would be named 'car'; add them one by one, with --id" in said.err
    assert not (tmp_path / "user").exists()
    assert cli("assets", "add", one, one, "--category", "car").out == "mine/car\n"


def test_what_cannot_be_added_is_said_of_each(cli: Cli, tmp_path: Path) -> None:
    good = car(tmp_path / "good.glb")
    (tmp_path / "cut.glb").write_bytes(good.read_bytes()[:900])
    (tmp_path / "folder.glb").mkdir()
    said = cli("assets", "add", tmp_path / "cut.glb", good, tmp_path / "folder.glb", "--category", "car")
    assert (said.code, said.out) == (2, "mine/good\n")
    assert f"{tmp_path / 'cut.glb'}: the file is cut short" in said.err
    assert f"{tmp_path / 'folder.glb'}: a folder, not a model" in said.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--category", "Car"), "--category: no taxonomy has the category 'Car'; did you mean 'car'?"),
        (("--category", "traffic_light"), "did you mean 'traffic light'?"),
        (("--category", "car", "--front", "up"), "--front: 'up' is not one of"),
        (("--category", "car", "--unit", "feet", "--height", "1.5"), "--unit, --height: both say"),
        (("--category", "car", "--id", "ж"), "--id: 'ж' is no name"),
        (("--category", "car", "--faces", "12"), "--faces: no model is reduced to 12 faces; 1,000 or more"),
        (("--category", "car", "--to", "/proc/nowhere"), "/proc/nowhere: cannot be written"),
    ],
)
def test_wrong_options(cli: Cli, tmp_path: Path, options: tuple[str, ...], reason: str) -> None:
    said = cli("assets", "add", car(tmp_path / "car.glb"), *options)
    assert (said.code, said.out) == (2, "") and reason in said.err and said.err.count("\n") == 1


def test_a_pack_that_is_not_there_is_no_finding(cli: Cli) -> None:
    said = cli("assets", "check", "nothing", "./nowhere")
    assert (said.code, said.out) == (2, "")
    assert "no asset pack is named 'nothing'" in said.err and "no folder of models './nowhere'" in said.err
    assert cli("assets", "check", "--all", "base").code == 2
