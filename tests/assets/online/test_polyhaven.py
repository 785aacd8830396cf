from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from synthgen import __version__
from synthgen.assets.online.found import Found
from synthgen.assets.online.intake import online_root
from synthgen.assets.online.polyhaven import PolyHaven
from synthgen.assets.online.source import read_source
from synthgen.errors import InputError
from tests.assets.online.conftest import Reply, Site, documented, recorded

DAY = 24 * 3600


@pytest.fixture
def haven(site: Site) -> PolyHaven:
    """The catalogue as recorded; models and HDRIs as documented; the files of all three kinds."""
    info = documented("polyhaven")["info"]
    textures = recorded("polyhaven_assets_textures")
    by_type = {kind: {name: a for name, a in info.items() if a["type"] == kind} for kind in (0, 2)}
    site.put("/polyhaven/assets?type=textures", textures)
    site.put("/polyhaven/assets?type=hdris", by_type[0])
    site.put("/polyhaven/assets?type=models", by_type[2])
    for name, asset in (info | textures).items():
        site.put(f"/polyhaven/info/{name}", asset)
    for name, files in documented("polyhaven")["files"].items():
        site.put(f"/polyhaven/files/{name}", with_files(site, files))
    asphalt = recorded("polyhaven_files_aerial_asphalt_01")
    site.put("/polyhaven/files/aerial_asphalt_01", with_files(site, asphalt))
    return PolyHaven()


def with_files(site: Site, tree: Any) -> Any:
    """An answer of /files with files that exist: their true sizes and checksums are put in."""
    if isinstance(tree, dict):
        known = site.put_file(tree["url"], content(tree["url"])) if "url" in tree else {}
        return {key: with_files(site, value) for key, value in tree.items()} | known
    return tree


def content(address: str) -> bytes:
    return hashlib.sha256(address.encode()).digest() * 40


def test_search_finds_what_all_words_describe(haven: PolyHaven) -> None:
    (asphalt,) = haven.search(["aerial", "asphalt"])
    assert asphalt == Found(
        provider="polyhaven", id="aerial_asphalt_01", title="Aerial Asphalt 01", kind="material", licence="CC0-1.0",
        author="Rob Tuytel", page="https://polyhaven.com/a/aerial_asphalt_01", tags=("road", "flat", "cracked"),
        category=("asphalt", "outdoor", "floor", "road", "man made", "aerial"), extent=(30.0, 30.0), date="2020-08-10",
    )  # fmt: skip
    assert haven.search(["aerial", "porcelain"]) == []
    assert [a.id for a in haven.search(["Statues"])] == ["horse_statue_01"]
    assert [a.id for a in haven.search(["fluorescent"], kind="hdri")] == ["abandoned_factory_canteen_01"]
    assert haven.search(["fluorescent"], kind="material") == []


def test_a_model_s_facts(haven: PolyHaven) -> None:
    (horse,) = haven.search(["horse"])
    assert (horse.kind, horse.extent, horse.category[0]) == ("model", (0.0925, 0.21, 0.24), "Statues")
    assert horse.date == "2021-10-22"


def test_the_best_fit_comes_first_and_the_limit_holds(haven: PolyHaven) -> None:
    found = haven.search(["floor"], kind="material")
    assert {a.id for a in found[:2]} == {"brick_floor_003", "wood_floor"}, "floor is in their names"
    assert "aerial_asphalt_01" in [a.id for a in found[2:]], "in its categories"
    assert haven.search(["floor"], kind="material", limit=1) == found[:1]
    assert len(haven.search([], limit=100)) == 8


def test_the_catalogue_is_asked_for_once_in_some_days(haven: PolyHaven, site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        PolyHaven().search(["brick"])
    assert site.paths() == ["/polyhaven/assets"] * 3
    (kept,) = (tmp_path / "cache").rglob("textures.json")
    age = kept.stat().st_mtime - 8 * DAY
    os.utime(kept, (age, age))
    PolyHaven().search(["brick"])
    assert len(site.asked) == 4


def test_without_a_network_an_old_catalogue_serves(
    haven: PolyHaven, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = haven.search(["brick"])
    for kept in (tmp_path / "cache").rglob("*.json"):
        os.utime(kept, (0, 0))
    for replies in site.replies.values():
        replies[:] = [Reply(b"{" * 5000, cut=10)]
    said: list[str] = []
    assert haven.search(["brick"], progress=said.append) == before
    assert any("catalogue of" in line for line in said)


def test_a_damaged_kept_catalogue_is_asked_for_again(haven: PolyHaven, tmp_path: Path) -> None:
    before = haven.search(["brick"])
    for kept in (tmp_path / "cache").rglob("*.json"):
        kept.write_text("{")
    assert haven.search(["brick"]) == before


def test_the_request_names_the_program(haven: PolyHaven, site: Site) -> None:
    haven.search(["brick"])
    assert site.asked[0][2]["User-Agent"].startswith(f"synthgen/{__version__} ")


def test_licences(haven: PolyHaven) -> None:
    assert haven.search(["brick"], licence="cc0-1.0")
    with pytest.raises(InputError, match=r"no asset of Poly Haven is under 'MIT'; there are CC0-1\.0"):
        haven.search(["brick"], licence="MIT")


def test_a_model_comes_with_all_that_it_needs(haven: PolyHaven, site: Site, tmp_path: Path) -> None:
    got = haven.download("horse_statue_01", tmp_path / "horse")
    assert got.main == tmp_path / "horse" / "horse_statue_01_1k.gltf"
    names = ["horse_statue_01.bin", "horse_statue_01_1k.gltf", "textures/horse_statue_01_diff_1k.jpg"]
    assert [f.name for f in got.files] == names
    assert [hashlib.sha256((got.folder / f.name).read_bytes()).hexdigest() for f in got.files] == [
        f.sha256 for f in got.files
    ]
    assert (got.contents.up, got.contents.unit, got.resolution, got.new) == ("+y", 1.0, "1k", True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["horse"], "nothing is left beside it"
    source = json.loads((tmp_path / "horse" / "source.json").read_text())
    assert source["licence"] == "CC0-1.0" and source["author"] == "Rico Cilliers" and source["date"] == "2021-10-22"
    assert read_source(got.main) is not None


def test_an_hdri_and_a_material(haven: PolyHaven, tmp_path: Path) -> None:
    sky = haven.download("abandoned_factory_canteen_01", tmp_path / "sky", resolution="1K")
    assert [f.name for f in sky.files] == ["abandoned_factory_canteen_01_1k.hdr"]
    road = haven.download("aerial_asphalt_01", tmp_path / "road", resolution="2k")
    assert road.main.name == "aerial_asphalt_01_diff_2k.jpg"
    assert set(road.contents.maps) == {"color", "normal", "roughness", "occlusion", "displacement"}
    assert road.contents.maps["displacement"].endswith(".png"), "sixteen bits"
    assert len(road.files) == 5


def test_what_is_there_is_left_as_it_is(haven: PolyHaven, site: Site, tmp_path: Path) -> None:
    first = haven.download("horse_statue_01", tmp_path / "horse")
    site.asked.clear()
    again = haven.download("horse_statue_01", tmp_path / "horse")
    assert (again.files, again.found, again.new) == (first.files, first.found, False)
    assert not [path for path in site.paths() if path.startswith("/files")]
    again.main.write_bytes(b"damaged")
    assert haven.download("horse_statue_01", tmp_path / "horse").new
    assert first.main.read_bytes() != b"damaged"


def test_another_resolution_takes_the_place_of_the_first(haven: PolyHaven, tmp_path: Path) -> None:
    haven.download("aerial_asphalt_01", tmp_path / "road", resolution="1k")
    haven.download("aerial_asphalt_01", tmp_path / "road", resolution="2k")
    assert {p.name.split("_")[-1][:2] for p in (tmp_path / "road").glob("aerial*")} == {"2k"}


def test_files_of_the_user_s_among_an_asset_s(haven: PolyHaven, tmp_path: Path) -> None:
    haven.download("aerial_asphalt_01", tmp_path / "road")
    own = tmp_path / "road" / "notes.txt"
    own.write_text("dear")
    assert not haven.download("aerial_asphalt_01", tmp_path / "road").new
    with pytest.raises(InputError, match=r"notes\.txt: this file did not come with the asset"):
        haven.download("aerial_asphalt_01", tmp_path / "road", resolution="2k")
    assert own.read_text() == "dear"


def test_a_wrong_checksum(haven: PolyHaven, site: Site, tmp_path: Path) -> None:
    site.put("/polyhaven/files/aerial_asphalt_01", recorded("polyhaven_files_aerial_asphalt_01"))
    with pytest.raises(InputError, match="not the 635143 that the service names"):
        haven.download("aerial_asphalt_01", tmp_path / "road")
    files = documented("polyhaven")["files"]["horse_statue_01"]
    other = with_files(site, files)
    other["gltf"]["1k"]["gltf"]["md5"] = "0" * 32
    site.put("/polyhaven/files/horse_statue_01", other)
    with pytest.raises(InputError, match="its md5 is not 0000"):
        haven.download("horse_statue_01", tmp_path / "horse")
    assert [p.name for p in tmp_path.iterdir() if p.name != "cache"] == []


def test_assets_and_resolutions_that_there_are_not(haven: PolyHaven, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"it is not to be had in 8k; there is 1k, 2k"):
        haven.download("aerial_asphalt_01", tmp_path / "a", resolution="8k")
    with pytest.raises(InputError, match="'huge' is not a resolution"):
        haven.download("aerial_asphalt_01", tmp_path / "a", resolution="huge")
    with pytest.raises(InputError, match="Poly Haven has nothing there"):
        haven.download("no_such_thing", tmp_path / "a")
    with pytest.raises(InputError, match="has no asset"):
        haven.download("../../etc", tmp_path / "a")
    assert [p.name for p in tmp_path.iterdir() if p.name != "cache"] == []


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("assets", [], "`the answer` is a list, not an object"),
        ("assets", {"a": {"type": 1, "authors": {}}}, "`a.name` is missing"),
        ("assets", {"a": {"type": 9, "name": "A", "authors": {}}}, "a type numbered 9"),
        ("info/aerial_asphalt_01", {"type": 1, "name": "A", "authors": None}, "`authors` is missing"),
        ("info/aerial_asphalt_01", {"type": "x", "name": "A"}, "`type` is a text, not a whole number"),
        ("files/aerial_asphalt_01", {"nor_gl": {"1k": {}}}, "no picture of the colour"),
        ("files/aerial_asphalt_01", {"Diffuse": {"1k": {"jpg": {"size": 3}}}}, "`Diffuse.1k.jpg.url` is missing"),
        ("files/horse_statue_01", {"fbx": {}}, "`gltf` is missing"),
        ("files/horse_statue_01", {"gltf": {"1k": []}}, "`gltf.1k` is a list, not an object"),
    ],
)
def test_a_changed_answer_is_said(
    haven: PolyHaven, site: Site, tmp_path: Path, path: str, answer: object, says: str
) -> None:
    site.put(f"/polyhaven/{path}" + ("?type=textures" if path == "assets" else ""), answer)
    with pytest.raises(InputError) as caught:
        if path == "assets":
            haven.search(["brick"], kind="material")
        else:
            haven.download(path.split("/")[1], tmp_path / "a")
    assert f"Poly Haven answers differently from what synthgen knows: {says}" in str(caught.value)
    assert site.address in str(caught.value) and "newer synthgen" in str(caught.value)


def test_one_odd_entry_does_not_spoil_a_search(haven: PolyHaven, site: Site) -> None:
    site.put("/polyhaven/assets?type=textures", {**recorded("polyhaven_assets_textures"), "odd": {"type": 1}})
    said: list[str] = []
    assert haven.search(["brick"], kind="material", progress=said.append)
    assert any("1 of 7 entries are left out" in line and "`odd.name` is missing" in line for line in said)


@pytest.mark.parametrize("name", ["../../outside.jpg", "/outside.jpg", "a/../../b.jpg", "C:\\x.jpg", "a\n.jpg", ""])
def test_names_that_lead_out_of_the_folder(haven: PolyHaven, site: Site, tmp_path: Path, name: str) -> None:
    files = with_files(site, documented("polyhaven")["files"]["horse_statue_01"])
    include = files["gltf"]["1k"]["gltf"]["include"]
    include[name] = include.pop("horse_statue_01.bin")
    site.put("/polyhaven/files/horse_statue_01", files)
    with pytest.raises(InputError, match="not a name for a file within a folder"):
        haven.download("horse_statue_01", tmp_path / "deep" / "horse")
    assert not list(tmp_path.rglob("outside*")) and not (tmp_path / "deep" / "horse").exists()


def test_the_folder_of_the_user(haven: PolyHaven, tmp_path: Path) -> None:
    assert online_root() == tmp_path / "data" / "synthgen" / "online"
    own = tmp_path / "mine"
    own.mkdir()
    (own / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="something else than polyhaven's horse_statue_01"):
        haven.download("horse_statue_01", own)
    assert [p.name for p in own.iterdir()] == ["letter.txt"]
    (tmp_path / "empty").mkdir()
    assert haven.download("horse_statue_01", tmp_path / "empty").new
    with pytest.raises(InputError, match="something else than polyhaven's aerial_asphalt_01"):
        haven.download("aerial_asphalt_01", tmp_path / "empty")


def test_an_address_in_an_answer_that_is_none(haven: PolyHaven, site: Site, tmp_path: Path) -> None:
    for address in ("https://[", "http://\x00/a.jpg", "", "file:///etc/passwd/a.jpg"):
        site.put(
            "/polyhaven/files/aerial_asphalt_01", {"Diffuse": {"1k": {"jpg": {"url": address, "size": 1, "md5": "0"}}}}
        )
        with pytest.raises(InputError):
            haven.download("aerial_asphalt_01", tmp_path / "road")
    assert [p.name for p in tmp_path.iterdir() if p.name != "cache"] == []
