from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from synthgen.assets.online import settings
from synthgen.assets.online.objaverse import Objaverse
from synthgen.errors import InputError
from tests.assets.online.conftest import Reply, Site, documented

STAIR = "8476c4170df24cf5bbe6967222d1a42d"


def asset(k: int) -> str:
    return f"{k:032x}"


def annotation(name: str, licence: str, **changes: Any) -> dict[str, Any]:
    return {**documented("objaverse_annotation"), "name": name, "license": licence, "tags": [], **changes}


TABLES = {
    "000-001": {
        asset(1): annotation("Red car", "by"),
        asset(2): annotation("Blue car", "cc0", tags=[{"name": "vehicle"}]),
        asset(3): annotation("Car, not for sale", "by-nc"),
        asset(4): annotation("Car\tof\x1b[31m a trickster", "by", user={"username": "x"}),
    },
    "000-023": {
        STAIR: documented("objaverse_annotation"),
        asset(5): annotation("Old car", "by-sa"),
        asset(6): annotation("A car for adults", "by", isAgeRestricted=True),
        asset(7): annotation("Car of no known licence", "odd"),
    },
}
LVIS = {
    "car_(automobile)": [asset(k) for k in range(1, 8)],
    "stool": [],
    "stepladder": [STAIR],
    "ladder": [STAIR, asset(99)],
}


def packed(data: object) -> bytes:
    return gzip.compress(json.dumps(data).encode(), mtime=0)


@pytest.fixture
def objaverse(site: Site) -> Objaverse:
    paths = {name: f"glbs/{part}/{name}.glb" for part, table in TABLES.items() for name in table}
    site.put("/objaverse/object-paths.json.gz", packed(paths))
    site.put("/objaverse/lvis-annotations.json.gz", packed(LVIS))
    for part, table in TABLES.items():
        site.put(f"/objaverse/metadata/{part}.json.gz", packed(table))
        for name in table:
            site.put(f"/objaverse/glbs/{part}/{name}.glb", b"glTF" + name.encode())
    return Objaverse()


def test_search_by_category_title_and_licence(objaverse: Objaverse) -> None:
    assert {a.id for a in objaverse.search(["car"])} == {asset(k) for k in (1, 2, 4)}
    (red,) = objaverse.search(["red", "car"])
    assert (red.title, red.licence, red.kind) == ("Red car", "CC-BY-4.0", "model")
    assert red.category == ("car_(automobile)",)
    assert [a.licence for a in objaverse.search(["car"], licence="CC0-1.0")] == ["CC0-1.0"]
    assert [a.id for a in objaverse.search(["car"], licence="CC-BY-NC-4.0")] == [asset(3)]
    assert [a.id for a in objaverse.search(["car"], licence="CC-BY-SA-4.0")] == [asset(5)]
    assert objaverse.search(["car"], kind="material") == []


def test_the_facts_of_the_documented_object(objaverse: Objaverse) -> None:
    (stair,) = objaverse.search(["ladder"])
    assert stair.author == "Alan Grice Staircase Co Ltd" and stair.title == "Iain_Dawson_Kew_Road_Formby"
    assert stair.tags == ("stair", "staircase", "staircon") and stair.category == ("ladder",)
    assert stair.page == f"https://sketchfab.com/3d-models/{STAIR}"
    assert (stair.size_bytes, stair.date) == (1_546_940, "2021-03-18")


def test_texts_of_strangers_are_one_line(objaverse: Objaverse) -> None:
    (odd,) = objaverse.search(["trickster", "car"])
    assert odd.title == "Car of [31m a trickster" and odd.author == "x"


def test_the_fullest_tables_are_looked_into_first_and_not_all(
    objaverse: Objaverse, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    objaverse.search(["car"], limit=2)
    assert [p for p in site.paths() if "metadata" in p] == ["/objaverse/metadata/000-001.json.gz"]
    monkeypatch.setitem(objaverse.service.options, "parts", 1)  # type: ignore[arg-type]
    said: list[str] = []
    objaverse.search(["car"], limit=50, progress=said.append)
    assert "looked into 1 of 2 tables" in said[-1]


def test_words_that_no_category_has(objaverse: Objaverse) -> None:
    said: list[str] = []
    assert objaverse.search(["quark"], progress=said.append) == []
    assert "categories of LVIS" in said[-1]


def test_an_object(objaverse: Objaverse, site: Site, tmp_path: Path) -> None:
    got = objaverse.download(STAIR, tmp_path / "stair")
    assert got.main.read_bytes() == b"glTF" + STAIR.encode()
    assert got.found.category == ("stepladder", "ladder")
    assert (got.contents.up, got.contents.unit, got.resolution) == ("+y", None, "")


def test_objects_under_other_licences_are_refused_unless_named(objaverse: Objaverse, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is under CC-BY-NC-4\.0.*--licence CC-BY-NC-4\.0"):
        objaverse.download(asset(3), tmp_path / "car")
    assert objaverse.download(asset(3), tmp_path / "car", licence="CC-BY-NC-4.0").found.licence == "CC-BY-NC-4.0"
    with pytest.raises(InputError, match="a licence that is not known"):
        objaverse.download(asset(7), tmp_path / "other")


def test_the_content_is_checked_where_the_service_names_it(objaverse: Objaverse, site: Site, tmp_path: Path) -> None:
    path, body = f"/objaverse/glbs/000-023/{STAIR}.glb", b"glTF and more"
    for wanted, good in ((hashlib.sha256(body).hexdigest(), True), ("0" * 64, False)):
        moved = Reply(status=302, headers={"Location": f"{site.address}/cdn", "X-Linked-Etag": f'"{wanted}"'})
        site.put(path, moved)
        site.put("/cdn", body)
        if good:
            assert objaverse.download(STAIR, tmp_path / "good").main.read_bytes() == body
        else:
            with pytest.raises(InputError, match="its sha256 is not 0000"):
                objaverse.download(STAIR, tmp_path / "bad")


def test_objects_that_there_are_not(objaverse: Objaverse, tmp_path: Path) -> None:
    for name in (asset(98), "../x", "A" * 32):
        with pytest.raises(InputError, match="Objaverse has no object"):
            objaverse.download(name, tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("lvis-annotations", b"not packed", "does not answer in JSON"),
        ("lvis-annotations", packed(["car"]), "`the answer` is a list, not an object"),
        ("lvis-annotations", packed(LVIS)[:-9], "a broken gzip file"),
        ("object-paths", packed({asset(1): 5}), "is no table of paths"),
        ("metadata/000-001", packed({asset(1): {"title": "x"}}), f"`{asset(1)}.user` is missing"),
    ],
)
def test_a_changed_answer_is_said(objaverse: Objaverse, site: Site, name: str, data: bytes, says: str) -> None:
    site.put(f"/objaverse/{name}.json.gz", data)
    with pytest.raises(InputError) as caught:
        objaverse.search(["car"])
    assert says in str(caught.value)


def test_a_bomb_is_not_unpacked(objaverse: Objaverse, site: Site) -> None:
    bomb = gzip.compress(b" " * (settings.load_service("objaverse").manners.limits.answer + 1), 1, mtime=0)
    site.put("/objaverse/lvis-annotations.json.gz", bomb)
    with pytest.raises(InputError, match="unpacks to more than 128 MiB"):
        objaverse.search(["car"])
