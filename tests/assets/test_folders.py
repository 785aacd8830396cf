"""A recipe's pack may be a folder of the user's models."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import trimesh

from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.folders import open_folder, slug
from synthgen.assets.mesh import content_hash
from synthgen.assets.store import MESH_MAKERS, Store
from synthgen.errors import InputError
from synthgen.planning import plan_scene, recipe_catalogue
from synthgen.recipe import lint, load_recipe
from tests.assets.users_models import box_obj, car
from tests.planning.town import RECIPE, SMALL


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three cars, a bench and a tree, as folders name them; nobody added them."""
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SYNTHGEN_ASSETS", str(tmp_path / "user"))
    root = tmp_path / "models"
    car(root / "car" / "red.glb")
    car(root / "car" / "blue.glb", paint=(10, 10, 200))
    car(root / "cars" / "red.glb", scale=0.9)
    box_obj(root / "bench_1.obj", (1.6, 0.8, 0.5), textured=True)
    box_obj(root / "bin.obj", (0.5, 0.9, 0.5))
    (root / "notes.txt").write_text("not a model")
    return root


def test_every_model_of_a_folder_is_an_asset(models: Path) -> None:
    found = load_catalogue([str(models)], Store())
    assert [(a.id, a.category) for a in found.assets] == [
        ("models/bench_1", "bench"), ("models/bin", "bin"), ("models/blue", "car"), ("models/red", "car"),
        ("models/red_2", "car"),
    ]  # fmt: skip
    assert len(found.checksums) == 1, "the folder counts as a whole"


def test_the_meshes_of_a_robot_are_no_assets(models: Path) -> None:
    root = models / "robot" / "arm_description"
    (root / "urdf").mkdir(parents=True)
    (root / "meshes").mkdir()
    for name in ("visual.stl", "hull.STL"):
        trimesh.creation.box((0.3, 0.3, 1.2)).export(root / "meshes" / name, file_type="stl")
    shape = '<geometry><mesh filename="package://arm_description/meshes/{}"/></geometry>'
    (root / "urdf" / "arm.urdf").write_text(
        f'<robot name="arm"><link name="base"><visual>{shape.format("visual.stl")}</visual>'
        f"<collision>{shape.format('hull.STL')}</collision></link></robot>"
    )
    ids = [a.id for a in load_catalogue([str(models)], Store()).assets if a.category == "robot"]
    assert ids == ["models/arm"]


def test_the_second_look_reads_no_model(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_catalogue([str(models)], Store())

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was read again")

    monkeypatch.setattr("synthgen.assets.folders.read_model", refuse)
    monkeypatch.setattr("synthgen.assets.models.read_model", refuse)
    assert load_catalogue([str(models)], Store()) == first


def test_a_changed_file_is_another_pack(models: Path) -> None:
    before = load_catalogue([str(models)], Store()).checksums
    box_obj(models / "bin.obj", (0.6, 1.0, 0.6))
    after = load_catalogue([str(models)], Store())
    assert after.checksums != before
    assert np.allclose(after["models/bin"].size, (0.6, 0.6, 1.0), atol=1e-3)


def test_a_mesh_is_made_again_from_its_source_alone(models: Path) -> None:
    asset = load_catalogue([str(models)], Store())["models/red"]
    assert content_hash(MESH_MAKERS["asset"](asset.mesh.source)) == asset.mesh.hash


def test_a_recipe_beside_the_folder_names_it(models: Path, tmp_path: Path) -> None:
    text = RECIPE.read_text().replace("assets: [base, human]", "assets: [./models]").split("populate:")[0]
    text += "populate:\n  - lane_traffic: {in: lanes, assets: {category: car}, gap: 10}\n"
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(text)
    os.chdir("/")
    loaded = load_recipe(recipe, overrides=[*(o for o in SMALL if "assets" not in o), "checks.min_things=0"])
    store = Store()
    spec = plan_scene(loaded, recipe_catalogue(loaded, store), store, 0)
    assert {i.asset for i in spec.instances if i.asset} >= {"models/red", "models/blue"}
    assert spec.attributes["assets"]["models/red"]["licence"] == "LicenseRef-Own"


def test_lint_knows_what_is_no_folder(tmp_path: Path) -> None:
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(RECIPE.read_text().replace("human]", "human, ./nowhere]"))
    (finding,) = lint(recipe)
    assert "no folder of models './nowhere'" in finding.what and finding.where.endswith(":7:23")


def test_what_no_category_can_be_told_of_is_named(models: Path) -> None:
    box_obj(models / "gizmo.obj")
    with pytest.raises(InputError, match=r"gizmo\.obj: its category cannot be told"):
        load_catalogue([str(models)], Store())


def test_a_folder_that_is_not_there_or_named_like_a_pack_is_refused(models: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of models"):
        open_folder("./nowhere", base=tmp_path)
    with pytest.raises(InputError, match="assets add"):
        load_catalogue(["mine"], Store())
    twin = models.rename(tmp_path / "base")
    with pytest.raises(InputError, match="named like the pack"):
        load_catalogue([str(twin)], Store())


@pytest.mark.parametrize(
    ("text", "name"), [("Red Car (1)", "red_car_1"), ("Blänk", "blank"), ("Straße 7", "strasse_7"), ("--", "model")]
)
def test_ids_are_plain_letters(text: str, name: str) -> None:
    assert slug(text) == name


def test_names_in_other_scripts_stay_different() -> None:
    names = {slug(text) for text in ("машина", "车", "машина 2", "модель", "model", "2")}
    assert len(names) == 6 and all(name.isascii() for name in names)


def test_a_folder_without_models_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "readme.md").write_text("nothing")
    with pytest.raises(InputError, match=r"empty: the folder holds no model; known formats: \.obj"):
        load_catalogue([str(tmp_path / "empty")], Store())


def test_what_is_wrong_with_a_model_is_said_with_its_whole_path(models: Path) -> None:
    good = (models / "car" / "red.glb").read_bytes()
    (models / "car" / "cut.glb").write_bytes(good[:900])
    car(models / "car" / "huge.glb", scale=1e9)
    with pytest.raises(InputError) as caught:
        load_catalogue([str(models)], Store())
    assert [d.where for d in caught.value.diagnostics] == [str(models / "car" / n) for n in ("cut.glb", "huge.glb")]


def test_a_name_that_is_no_text_is_refused(models: Path) -> None:
    (models / "car" / "red.glb").rename(os.fsdecode(os.fsencode(models) + b"/car/\xff.glb"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_catalogue([str(models)], Store())


def test_an_entry_hides_no_other_model_of_its_folder(models: Path) -> None:
    row = (
        "{id: scarlet, category: car, source: car/red.glb, licence: MIT, author: Ann, title: Red, size: [4.4, 1.8, 1.6]"
    )
    (models / "catalogue.yaml").write_text(f"assets:\n- {row}, materials: imported}}\n")
    found = [a.id for a in load_catalogue([str(models)], Store()).assets]
    assert found == ["models/scarlet", "models/bench_1", "models/bin", "models/blue", "models/red"]


def test_a_pack_has_the_name_of_its_folder(models: Path) -> None:
    assert open_folder(str(models / "car" / "..")).name == "models"
