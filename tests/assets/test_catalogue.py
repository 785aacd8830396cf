from __future__ import annotations

import time

import numpy as np
import pytest

from synthgen.assets.catalogue import build_index, load_catalogue
from synthgen.assets.check import check_assets, list_assets
from synthgen.assets.mesh import content_hash
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from tests.assets.conftest import Tiny


def test_a_missing_pack_names_the_command(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="synthgen assets fetch tiny"):
        load_catalogue(["tiny"], tiny.store)


def test_an_unknown_pack_is_told_with_all_other_problems(tiny: Tiny) -> None:
    with pytest.raises(InputError) as caught:
        load_catalogue(["tiny", "tinny"], tiny.store)
    assert len(caught.value.diagnostics) == 2
    assert "did you mean 'tiny'" in str(caught.value)


def test_assets_are_ready_to_be_placed(tiny: Tiny) -> None:
    tiny.put()
    catalogue = load_catalogue(["tiny"], tiny.store)
    car = catalogue["tiny/car"]
    assert [a.id for a in catalogue.assets] == ["tiny/car", "tiny/tree", "tiny/person"]
    assert car.size == pytest.approx((4.05, 1.8, 1.5))
    assert (car.category, car.trademark, car.weight, car.stands) == ("car", True, 2.0, "ground")
    assert tuple(s.name for s in car.slots) == tiny.store.mesh(car.mesh).slots
    assert catalogue.checksums.keys() == {"tiny.sh3f"}
    slots = {s.name: s for s in car.slots}
    assert (slots["carPaint"].model, slots["carPaint"].recolour) == ("car_paint", True)
    assert slots["carPaint"].params["color"] == [0.85, 0.425, 0.03]  # albedo stays within what is real
    assert (slots["glass"].model, slots["glass"].transparency) == ("car_glass", "solid")
    assert slots["tires"].model == "tyre"
    assert slots["headlights"].model == "lamp"


def test_cut_outs_name_their_picture_twice(tiny: Tiny) -> None:
    tiny.put()
    leaves = load_catalogue(["tiny"], tiny.store)["tiny/tree"].slots[1]
    assert (leaves.role, leaves.transparency) == ("leaf", "cutout")
    assert leaves.images["alpha"] == leaves.images["color"]
    assert tiny.store.image_file(leaves.images["alpha"]).exists()


def test_a_picture_outside_the_archive_is_not_followed(tiny: Tiny) -> None:
    tiny.put()
    assert load_catalogue(["tiny"], tiny.store)["tiny/person"].slots[0].images == {}
    assert any("etc/passwd" in d.what and "missing" in d.what for d in check_assets(["tiny"], tiny.store))


def test_queries(tiny: Tiny) -> None:
    tiny.put()
    catalogue = load_catalogue(["tiny"], tiny.store)

    def ids(**filters: object) -> list[str]:
        return [a.id.split("/")[1] for a in catalogue.query(**filters)]  # type: ignore[arg-type]

    assert ids() == ["car", "tree", "person"]
    assert ids(category="car") == ["car"]
    assert ids(category=["person", "car"]) == ["car", "person"]
    assert ids(tag="street_tree") == ["tree"]
    assert ids(licence=["CC0-1.0"]) == ["car"]
    assert ids(trademark=False) == ["tree", "person"]
    assert ids(id="tiny/person") == ids(id="person") == ids(id="per*") == ["person"]
    assert ids(category="car", tag="street_tree") == []
    assert [a.id for a in list_assets(["tiny"], tiny.store, trademark=True)] == ["tiny/car"]


def test_a_lost_mesh_or_picture_is_made_again_from_its_source(tiny: Tiny) -> None:
    tiny.put()
    catalogue = load_catalogue(["tiny"], tiny.store)
    for name in ("meshes", "images"):
        for file in (tiny.cache / name).iterdir():
            file.unlink()
    fresh = Store(tiny.cache)
    car = catalogue["tiny/car"]
    assert content_hash(fresh.mesh(car.mesh)) == car.mesh.hash
    assert fresh.image_file(catalogue["tiny/tree"].slots[1].images["color"]).exists()


def test_edits_of_catalogue_and_rules_are_noticed(tiny: Tiny) -> None:
    tiny.put()
    before = load_catalogue(["tiny"], tiny.store)
    path = tiny.data / "assets" / "catalogue" / "tiny" / "models.yaml"
    path.write_text(path.read_text().replace("weight: 2", "weight: 5, slots: {tires: chrome}"))
    after = load_catalogue(["tiny"], tiny.store)
    assert after["tiny/car"].weight == 5
    assert after["tiny/car"].slots[2].model == "chrome"
    assert after["tiny/car"].mesh == before["tiny/car"].mesh
    rules = tiny.data / "configs" / "materials" / "vehicle.yaml"
    rules.write_text(rules.read_text().replace("model: tyre", "model: principled"))
    path.write_text(path.read_text().replace(", slots: {tires: chrome}", ""))
    assert load_catalogue(["tiny"], tiny.store)["tiny/car"].slots[2].model == "principled"
    path.write_text(path.read_text().replace("size: [4.05, 1.8, 1.5]", "size: [8.1, 3.6, 3.0]"))
    larger = load_catalogue(["tiny"], tiny.store)["tiny/car"]
    assert larger.size[0] == pytest.approx(8.1)
    assert larger.mesh.hash != before["tiny/car"].mesh.hash


def test_a_torn_index_is_made_again(tiny: Tiny) -> None:
    tiny.put()
    first = load_catalogue(["tiny"], tiny.store)
    (tiny.folder / "index.json").write_bytes(b'{"key": "x", "assets": [')
    for file in (tiny.folder / "models").iterdir():
        file.write_bytes(b"")
    assert load_catalogue(["tiny"], tiny.store) == first


def test_only_what_changed_is_opened_again(tiny: Tiny) -> None:
    tiny.put()
    said: list[str] = []
    build_index(find_pack("tiny"), tiny.store, said.append)
    assert len(said) == 3 and len(list((tiny.folder / "models").iterdir())) == 3
    start = time.perf_counter()
    load_catalogue(["tiny"], tiny.store)
    assert time.perf_counter() - start < 0.1


def test_models_that_fail_are_all_named(tiny: Tiny) -> None:
    tiny.put()
    path = tiny.data / "assets" / "catalogue" / "tiny" / "models.yaml"
    path.write_text(path.read_text().replace("car/car.obj", "car/lost.obj").replace("tree/tree.obj", "tree/lost.obj"))
    with pytest.raises(InputError) as caught:
        load_catalogue(["tiny"], tiny.store)
    assert [d.where for d in caught.value.diagnostics] == [
        "tiny.sh3f:tiny/car/lost.obj",
        "tiny.sh3f:tiny/tree/lost.obj",
    ]


def test_attribution_says_whose_it_is_and_where_from(tiny: Tiny) -> None:
    tiny.put()
    car = next(a for a in load_catalogue(["tiny"], tiny.store).assets if a.title == "Car")
    wanted = {"title": "Car", "author": "A", "licence": "CC0-1.0", "source": "tiny.sh3f: tiny/car/car.obj"}
    assert car.attribution() == {**wanted, "trademark": car.trademark}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("size: [4.05, 1.8, 1.5]", "size: [4.05, 1.8, 1.5], slots: {tires: chrome, wings: chrome}", "names 'wings'"),
        ("size: [4.05, 1.8, 1.5]", "size: [4.05, 1.8, 1.5], slots: {tires: shiny}", "which vehicle.yaml lacks"),
        ("category: car,", "category: spaceship,", "in no taxonomy"),
        ("licence: CC0-1.0", "licence: ''", "no licence"),
        ("licence: CC0-1.0", "licence: CC-BY-NC-4.0", "not one that is known"),
        ("tiny/car/car.obj", "tiny/car/bus.obj", "no such member"),
        ("title: Car", "title: Car, parts: [{name: wing, of: glass, box: [9, 9, 9, 9, 9, 9]}]", "has no faces"),
    ],
)
def test_check_finds_what_is_wrong_with_an_asset(tiny: Tiny, old: str, new: str, says: str) -> None:
    tiny.put()
    path = tiny.data / "assets" / "catalogue" / "tiny" / "models.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    found = [d for d in check_assets(["tiny"], tiny.store) if "etc/passwd" not in d.what]
    assert len(found) == 1 and says in str(found[0])


def test_check_finds_damaged_and_missing_packs(tiny: Tiny) -> None:
    assert "synthgen assets fetch tiny" in str(check_assets(["tiny"], tiny.store)[0])
    tiny.put()
    damaged = bytearray(tiny.pack)
    damaged[-30] ^= 1
    (tiny.folder / "tiny.sh3f").write_bytes(damaged)
    assert "SHA-256 differs" in str(check_assets(["tiny"], tiny.store)[0])


def test_a_catalogue_tells_all_its_errors_at_once(tiny: Tiny) -> None:
    tiny.put()
    path = tiny.data / "assets" / "catalogue" / "tiny" / "models.yaml"
    text = path.read_text().replace("weight: 2", "weigth: 2").replace("origin: foot", "origin: head")
    path.write_text(text.replace("id: person", "id: tree").replace("size: [0.2, 0.4, 1.8]", "size: [0.2, 0]"))
    with pytest.raises(InputError) as caught:
        load_catalogue(["tiny"], tiny.store)
    said = str(caught.value)
    assert "assets.car: unknown key 'weigth'" in said
    assert "`origin` must be one of middle, foot" in said
    assert "`size` must be three lengths" in said
    assert len(caught.value.diagnostics) == 3


def test_sheet(tiny: Tiny) -> None:
    from PIL import Image

    from synthgen.assets.sheet import CAPTION, TILE, asset_sheet

    tiny.put()
    assets = load_catalogue(["tiny"], tiny.store).assets
    path = tiny.cache / "sheets" / "tiny.png"
    asset_sheet(assets, path, tiny.store, columns=2)
    with Image.open(path) as sheet:
        assert sheet.size == (4 * TILE, 2 * (TILE + CAPTION))
        pixels = np.asarray(sheet).astype(int)
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)
    assert red[: TILE + CAPTION, : 2 * TILE].mean() < 0.001  # no face of the car is seen from behind
