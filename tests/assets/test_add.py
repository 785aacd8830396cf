"""`assets add`: what it infers, what it refuses, and what it leaves on the disk."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
import yaml

from synthgen.assets.add import add_model
from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.infer import OWN, UNKNOWN, Given, category_of_path, spdx
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
        ("CC-BY-3.0-US", "CC-BY-3.0-US"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("mit", "MIT"),
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


def test_no_folder_of_the_users_gives_way(tmp_path: Path) -> None:
    """A pack that is a folder of categories has folders that are called like assets."""
    pack = tmp_path / "models"
    for name in ("red.glb", "blue.glb"):
        car(pack / "car" / name)
    new = car(tmp_path / "car.glb", paint=(0, 0, 0))
    with pytest.raises(InputError, match="models of its own"):
        add_model(new, "car", folder=pack)
    assert sorted(p.name for p in (pack / "car").iterdir()) == ["blue.glb", "red.glb"]
    assert sorted(p.name for p in pack.iterdir()) == ["car"]
    add_model(new, "car", folder=pack, id="black")
    found = load_catalogue([str(pack)], Store()).assets
    assert sorted(a.id for a in found) == ["models/black", "models/blue", "models/red"]
    (pack / "black" / "other.glb").write_bytes(new.read_bytes())  # into the folder that `assets add` made
    with pytest.raises(InputError, match=r"other\.glb"):
        add_model(new, "car", folder=pack, id="black")
    assert (pack / "black" / "other.glb").is_file()


def test_what_a_killed_call_left_is_no_hindrance(tmp_path: Path) -> None:
    source = car(tmp_path / "car.glb")
    added = add_model(source, "car")
    (added.folder / "catalogue.yaml").unlink()  # killed after the copy, before the entry
    (added.folder / ".adding-x" / "new").mkdir(parents=True)
    assert not add_model(source, "car").replaced
    assert sorted(p.name for p in added.folder.iterdir()) == ["car", "catalogue.yaml"]
    assert (added.folder / "catalogue.yaml").stat().st_mode & 0o044, "others who share the pack may read it"


def test_what_lies_in_the_pack_already_is_not_copied(tmp_path: Path) -> None:
    pack = tmp_path / "models"
    car(pack / "car" / "red.glb")
    loose = car(pack / "gizmo.glb")
    with pytest.raises(InputError, match=r"synthgen assets add .*gizmo\.glb"):
        load_catalogue([str(pack)], Store())
    add_model(loose, "car", folder=pack)
    add_model(pack / "car" / "red.glb", "car", folder=pack, given=Given(author="Ann"))
    assert [row["source"] for row in rows(pack)] == ["gizmo.glb", "car/red.glb"]
    assert [a.id for a in load_catalogue([str(pack)], Store()).assets] == ["models/gizmo", "models/red"]
    with pytest.raises(InputError, match="--id"):  # the folder would count as its own, and hide red.glb
        add_model(car(pack / "car" / "car.glb"), "car", folder=pack)


def test_a_robots_meshes_lie_beside_its_folder(tmp_path: Path) -> None:
    package = tmp_path / "arm_description"
    for folder in ("urdf", "meshes"):
        (package / folder).mkdir(parents=True)
    trimesh.creation.box((0.4, 0.4, 1.0)).export(package / "meshes" / "base.stl")
    visual = "<visual><geometry><mesh filename='{}/meshes/base.stl'/></geometry></visual>"
    for name, place in (("beside", ".."), ("package", "package://arm_description")):
        file = package / "urdf" / f"{name}.urdf"
        file.write_text(f"<robot name='arm'><link name='base'>{visual.format(place)}</link></robot>")
        assert np.allclose(add_model(file, "robot").size, (0.4, 0.4, 1.0))
    assert [a.id for a in load_catalogue(["mine"], Store()).assets] == ["mine/beside", "mine/package"]


def test_pictures_that_cannot_be_had_are_told_apart(tmp_path: Path) -> None:
    broken = box_obj(tmp_path / "broken" / "chair.obj", textured=True)
    broken.with_suffix(".png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    outside = box_obj(tmp_path / "outside" / "chair.obj", textured=True)
    outside.with_suffix(".png").replace(tmp_path / "chair.png")
    outside.with_suffix(".png").symlink_to(tmp_path / "chair.png")
    (warning,) = add_model(broken, "chair").warnings
    assert "'chair.png' is left out" in warning
    assert any("outside the model's folder" in w for w in add_model(outside, "chair").warnings)


def test_what_is_of_no_possible_size_is_refused(tmp_path: Path) -> None:
    huge = car(tmp_path / "huge.glb", scale=1e9)
    with pytest.raises(InputError, match=r"huge\.glb: its largest side is .* --height"):
        add_model(huge, "car")
    assert np.allclose(add_model(huge, "car", given=Given(height=1.6)).size, (4.4, 1.8, 1.6), rtol=0.01)
    (odd, *_) = add_model(huge, "car", given=Given(height=100)).warnings
    assert "is that right?" in odd
    tall = add_model(car(tmp_path / "car.glb"), "car", given=Given(up="+z"))
    assert any("higher than it is long" in warning for warning in tall.warnings)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (Given(domains=("moon",)), "--domain: there is no domain 'moon'"),
        (Given(domains=("retail",)), "has no category 'car'; a car belongs to: road"),
        (Given(front="+y"), "--front: .* cannot face"),
        (Given(licence=""), "--licence: '' is not the SPDX name"),
    ],
)
def test_what_is_said_of_a_model_has_to_make_sense(tmp_path: Path, given: Given, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        add_model(car(tmp_path / "car.glb"), "car", given=given)
    assert not (tmp_path / "user").exists()


def test_licences_are_spelt_as_spdx_spells_them_and_text_stays_on_its_line(tmp_path: Path) -> None:
    given = Given(licence="cc-by-nc-4.0", title="a\nb\x01c")
    added = add_model(car(tmp_path / "car.glb"), "car", given=given)
    assert added.licence == "CC-BY-NC-4.0" and any("--author" in warning for warning in added.warnings)
    assert rows(added.folder)[0]["title"] == "a b c"


@pytest.mark.parametrize("says", [{"copyright": "2019 Foo Corp"}, {"extras": {"license": "Sketchfab Standard"}}])
def test_what_names_another_is_not_taken_for_the_users_own(tmp_path: Path, says: dict[str, Any]) -> None:
    file = car(tmp_path / "car.glb")
    data = file.read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    facts = json.loads(data[20 : 20 + length])
    facts["asset"].update(says)
    text = json.dumps(facts).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    head = data[:8] + struct.pack("<II", 20 + len(text) + len(rest), len(text)) + data[16:20]
    file.write_bytes(head + text + rest)
    added = add_model(file, "car")
    assert added.licence == UNKNOWN and any("--licence" in warning for warning in added.warnings)


def test_a_pack_that_cannot_be_written_is_said_before_anything_is(tmp_path: Path) -> None:
    source = car(tmp_path / "car.glb")
    (tmp_path / "file").write_text("a file")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "catalogue.yaml").write_text("assets: [3]\n")
    for folder, reason in (
        (Path("/"), "root of all folders"),
        (tmp_path / "base", "named 'base' already"),
        (tmp_path / "file", "a file, not a folder"),
        (tmp_path / "file" / "x", "cannot be written"),
        (tmp_path / "torn", "not a mapping"),
    ):
        with pytest.raises(InputError, match=reason):
            add_model(source, "car", folder=folder)
    assert [p.name for p in (tmp_path / "torn").iterdir()] == ["catalogue.yaml"]
