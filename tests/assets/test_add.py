"""`assets add`: what it infers, what it refuses, and what it leaves on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import trimesh
import yaml

from synthgen.assets.add import add_model
from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.infer import OWN, Given, category_of_path, spdx
from synthgen.assets.store import Store
from synthgen.errors import InputError
from tests.assets.users_models import box_obj, car


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_ASSETS", str(tmp_path / "user"))
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))


def rows(folder: Path) -> list[dict[str, object]]:
    data = yaml.safe_load((folder / "catalogue.yaml").read_text())
    assert isinstance(data["assets"], list)
    return data["assets"]


def test_a_glb_needs_no_more_than_its_category(tmp_path: Path) -> None:
    added = add_model(car(tmp_path / "in" / "Red Car.glb"), "car")
    assert added.id == "mine/red_car" and not added.replaced
    assert np.allclose(added.size, (4.4, 1.8, 1.6), atol=0.01)
    assert added.slots == {"CarPaint": "paint", "Tyre": "tyre"}
    assert added.licence == OWN and any("--licence" in note for note in added.notes)
    (asset,) = load_catalogue(["mine"], Store()).assets
    assert asset.id == "mine/red_car" and asset.category == "car" and "road" in asset.domains
    assert [slot.recolour for slot in asset.slots] == [True, False]
    mesh = Store().mesh(asset.mesh)
    assert np.allclose(mesh.bounds, [[-2.2, -0.9, 0], [2.2, 0.9, 1.6]], atol=0.01)


@pytest.mark.parametrize(("scale", "unit"), [(100.0, "centimetres"), (1000.0, "millimetres"), (39.37, "inches")])
def test_a_car_in_another_unit_is_as_large_as_a_car(tmp_path: Path, scale: float, unit: str) -> None:
    added = add_model(car(tmp_path / "car.glb", scale=scale), "car")
    assert np.allclose(added.size, (4.4, 1.8, 1.6), rtol=0.01)
    assert any(unit in note for note in added.notes)


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    given = Given(
        title="Box", author="Ann", licence="CC-BY-4.0", height=1.8, front="-x", tags=("test",), domains=("indoor",),
        stands="wall", trademark=True,
    )  # fmt: skip
    add_model(box_obj(tmp_path / "thing.obj"), "cabinet", id="My Box", folder=tmp_path / "pack", given=given)
    (asset,) = load_catalogue([str(tmp_path / "pack")], Store()).assets
    assert asset.id == "pack/my_box" and asset.trademark and asset.stands == "wall"
    assert asset.attribution() == {
        "title": "Box", "author": "Ann", "licence": "CC-BY-4.0", "source": "my_box/thing.obj", "trademark": True
    }  # fmt: skip
    assert np.allclose(asset.size, (1.0, 1.0, 1.8), atol=1e-3) and asset.domains == ("indoor",)


def test_all_that_a_model_names_comes_along(tmp_path: Path) -> None:
    source = box_obj(tmp_path / "in" / "chair.obj", textured=True)
    (tmp_path / "in" / "unrelated.bin").write_bytes(b"no part of it")
    added = add_model(source, "chair")
    assert sorted(p.name for p in (added.folder / "chair").iterdir()) == ["chair.mtl", "chair.obj", "chair.png"]
    (asset,) = load_catalogue(["mine"], Store()).assets
    assert asset.slots[0].role == "wood" and "color" in asset.slots[0].images
    assert Store().image_file(asset.slots[0].images["color"]).is_file()


def test_a_lost_picture_is_said_and_no_reason_to_refuse(tmp_path: Path) -> None:
    source = box_obj(tmp_path / "chair.obj", textured=True)
    source.with_suffix(".png").unlink()
    added = add_model(source, "chair")
    assert any("chair.png" in warning for warning in added.warnings)
    assert load_catalogue(["mine"], Store()).assets[0].slots[0].images == {}


def test_the_same_name_again_replaces(tmp_path: Path) -> None:
    add_model(box_obj(tmp_path / "a" / "chair.obj"), "chair")
    again = add_model(box_obj(tmp_path / "b" / "chair.obj", (0.5, 1.2, 0.5)), "stool")
    assert again.replaced
    (row,) = rows(again.folder)
    assert row["category"] == "stool" and row["size"] == [0.5, 0.5, 1.2]


def test_what_a_download_says_of_itself_is_believed(tmp_path: Path) -> None:
    source = car(tmp_path / "car.glb")
    facts = {"title": "A car", "author": "Jane", "licence": "CC-BY-4.0", "provider": "somewhere"}
    (tmp_path / "source.json").write_text(json.dumps(facts))
    added = add_model(source, "car")
    assert (added.licence, added.author) == ("CC-BY-4.0", "Jane")
    assert (added.folder / "car" / "source.json").is_file()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("CC-BY-4.0 (http://creativecommons.org/licenses/by/4.0/)", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/", "CC-BY-NC-SA-3.0"),
        ("CC Attribution", None),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("MIT", "MIT"),
        ("ask me", None),
    ],
)
def test_licences_in_words_get_their_name(words: str, name: str | None) -> None:
    assert spdx(words) == name


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("car/x.glb", "car"),
        ("models/Cars/red.glb", "car"),
        ("buses/old.obj", "bus"),
        ("traffic_sign_04.obj", "traffic sign"),
        ("TrafficLight2.glb", "traffic light"),
        ("thing.glb", None),
        ("scary.glb", None),
    ],
)
def test_folders_and_names_tell_the_category(path: str, category: str | None) -> None:
    assert category_of_path(path) == category


def test_what_is_broken_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    good = car(tmp_path / "car.glb")
    (tmp_path / "cut.glb").write_bytes(good.read_bytes()[:900])
    nan = box_obj(tmp_path / "nan.obj")
    nan.write_text(nan.read_text().replace("v -0.25", "v nan", 1))
    flat = tmp_path / "none.stl"
    trimesh.Trimesh([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]], process=False).export(flat)
    for name, reason in (("cut.glb", "cut short"), ("nan.obj", "NaN"), ("none.stl", "no face that has an area")):
        with pytest.raises(InputError, match=reason):
            add_model(tmp_path / name, "car")
    for name, category, reason in (
        ("car.glb", "hovercraft", "no taxonomy"),
        ("car.xyz", "car", "no such file"),
        ("source.txt", "car", "cannot be read from a .txt"),
    ):
        (tmp_path / "source.txt").write_text("text")
        with pytest.raises(InputError, match=reason):
            add_model(tmp_path / name, category)
    with pytest.raises(InputError, match="not the SPDX name"):
        add_model(good, "car", given=Given(licence="my own!"))
    assert not (tmp_path / "user").exists()
