from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.assets.online.gso import ScannedObjects
from synthgen.errors import InputError
from tests.assets.online.conftest import Reply, Site, documented, zipped

MODELS = "/gso/GoogleResearch/models"
MUG = "Room_Essentials_Mug_White_Yellow"


@pytest.fixture
def gso(site: Site) -> ScannedObjects:
    models = documented("gso_models")
    site.put(MODELS, models)
    for model in models:
        site.put(f"{MODELS}/{model['name']}", model)
    return ScannedObjects()


def mug(**changes: bytes) -> bytes:
    """As the archives of the scanned objects are laid out."""
    return zipped(
        {
            "model.config": b"<model/>",
            "model.sdf": b"<sdf/>",
            "meshes/model.obj": b"mtllib model.mtl\nv 0 0 0\n",
            "meshes/model.mtl": b"newmtl material_0\nKd 1 1 1\nmap_Kd texture.png\n",
            "materials/textures/texture.png": b"picture",
            "thumbnails/0.jpg": b"small",
        }
        | changes
    )


def test_search(gso: ScannedObjects, site: Site) -> None:
    found = gso.search(["mug"])
    assert [a.id for a in found] == ["ACE_Coffee_Mug_Kristen_16_oz_cup", MUG]
    second = found[1]
    assert (second.title, second.licence, second.author) == (
        "Room Essentials Mug White Yellow", "CC-BY-4.0", "Google Research",
    )  # fmt: skip
    assert second.page == f"https://app.gazebosim.org/GoogleResearch/fuel/models/{MUG}"
    assert (second.size_bytes, second.date, second.category) == (
        7_650_000,
        "2020-09-18",
        ("Bottles and Cans and Cups",),
    )
    assert [a.id for a in gso.search(["mug", "coffee"], kind="model")] == ["ACE_Coffee_Mug_Kristen_16_oz_cup"]
    assert gso.search(["mug"], kind="hdri") == []
    assert len(site.asked) == 1, "the list is kept"


def test_licences_with_conditions_are_left_out_unless_named(gso: ScannedObjects) -> None:
    assert [a.id for a in gso.search(["mug"], licence="CC-BY-NC-4.0")] == ["Mug_of_Another_Licence"]
    assert "Mug_of_No_Known_Licence" not in {a.id for a in gso.search([], limit=100)}


def test_the_list_is_read_page_by_page(site: Site) -> None:
    model = documented("gso_models")[0]
    first = [{**model, "name": f"mug_{k:03}"} for k in range(100)]
    site.put(f"{MODELS}?page=1", first)
    site.put(f"{MODELS}?page=2", documented("gso_models"))
    assert len(ScannedObjects().search(["mug"], limit=1000)) == 102
    assert [query["page"] for _, query, _ in site.asked] == ["1", "2"]


def test_a_list_whose_last_page_is_full(site: Site) -> None:
    model = documented("gso_models")[0]
    site.put(f"{MODELS}?page=1", [{**model, "name": f"mug_{k:03}"} for k in range(100)])
    site.put(f"{MODELS}?page=2", Reply(b'{"errcode":1001,"msg":"Page not found"}', 404))
    assert len(ScannedObjects().search(["mug"], limit=1000)) == 100


def test_a_model_is_put_side_by_side_with_its_picture(gso: ScannedObjects, site: Site, tmp_path: Path) -> None:
    site.put(f"{MODELS}/{MUG}.zip", Reply(mug(), headers={"Content-Type": "application/zip"}))
    got = gso.download(MUG, tmp_path / "mug")
    assert got.main == tmp_path / "mug" / f"{MUG}.obj"
    assert (got.folder / "texture.png").read_bytes() == b"picture"
    assert [f.name for f in got.files] == [f"{MUG}.obj", "model.mtl", "texture.png"]
    assert (got.contents.up, got.contents.unit, got.found.licence) == ("+z", 1.0, "CC-BY-4.0")


@pytest.mark.parametrize(
    "files",
    [
        {"meshes/model.mtl": b"map_Kd ../materials/textures/texture.png\n"},
        {"other/texture.png": b"another picture"},
    ],
)
def test_an_archive_that_is_laid_out_otherwise_stays_as_it_is(
    gso: ScannedObjects, site: Site, tmp_path: Path, files: dict[str, bytes]
) -> None:
    site.put(f"{MODELS}/{MUG}.zip", mug(**files))
    got = gso.download(MUG, tmp_path / "mug")
    assert got.main == tmp_path / "mug" / "meshes" / "model.obj"
    assert (got.folder / "materials" / "textures" / "texture.png").read_bytes() == b"picture"


def test_names_with_spaces_are_quoted(site: Site, tmp_path: Path) -> None:
    model = {**documented("gso_models")[0], "name": "A mug & more"}
    site.put(f"{MODELS}/A%20mug%20%26%20more", model)
    site.put(f"{MODELS}/A%20mug%20%26%20more.zip", mug())
    assert ScannedObjects().download("A mug & more", tmp_path / "mug").found.id == "A mug & more"


def test_a_model_under_another_licence_is_refused_unless_named(gso: ScannedObjects, site: Site, tmp_path: Path) -> None:
    site.put(f"{MODELS}/Mug_of_Another_Licence.zip", mug())
    with pytest.raises(
        InputError, match=r"is under CC-BY-NC-4\.0, not CC0-1\.0 or CC-BY-4\.0.*--licence CC-BY-NC-4\.0"
    ):
        gso.download("Mug_of_Another_Licence", tmp_path / "mug")
    assert gso.download("Mug_of_Another_Licence", tmp_path / "mug", licence="CC-BY-NC-4.0").new
    with pytest.raises(InputError, match="a licence that is not known"):
        gso.download("Mug_of_No_Known_Licence", tmp_path / "other", licence="CC-BY-4.0")


def test_a_model_of_another_name_than_asked_for(gso: ScannedObjects, site: Site, tmp_path: Path) -> None:
    site.put(f"{MODELS}/{MUG}", {**documented("gso_models")[0], "name": "../../outside"})
    site.put(f"{MODELS}/{MUG}.zip", mug())
    with pytest.raises(InputError, match="asked for 'Room_Essentials"):
        gso.download(MUG, tmp_path / "deep" / "mug")
    assert not list(tmp_path.rglob("outside*"))


def test_archives_that_are_none(gso: ScannedObjects, site: Site, tmp_path: Path) -> None:
    for content, says in (
        (b"<html>log in</html>", "not a zip archive that can be read"),
        (mug()[:-30], "not a zip archive that can be read"),
        (zipped({"model.sdf": b""}), "the archive has no .obj"),
    ):
        site.put(f"{MODELS}/{MUG}.zip", content)
        with pytest.raises(InputError, match=says):
            gso.download(MUG, tmp_path / "mug")
        assert not (tmp_path / "mug").exists()
    site.put(f"{MODELS}/{MUG}.zip", mug())
    assert gso.download(MUG, tmp_path / "mug").new, "a bad archive is not gone on with"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"models": []}, "`the answer` is an object, not a list"),
        ([{"title": "x"}], "`[0].name` is missing"),
        ([{"name": "mug", "filesize": -3}], "`[0].filesize` is a number, not a whole number"),
    ],
)
def test_a_changed_answer_is_said(site: Site, answer: object, says: str) -> None:
    site.put(MODELS, answer)
    with pytest.raises(InputError) as caught:
        ScannedObjects().search(["mug"])
    assert f"Google Scanned Objects (Gazebo Fuel) answers differently from what synthgen knows: {says}" in str(
        caught.value
    )
