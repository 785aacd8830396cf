from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synthgen.assets.online.ambientcg import AmbientCG
from synthgen.errors import InputError
from tests.assets.online.conftest import Site, documented, recorded, zipped

API = "/ambientcg/api/v2/full_json"


@pytest.fixture
def cg(site: Site) -> AmbientCG:
    return AmbientCG()


def page(*assets: Any, total: int | None = None) -> dict[str, Any]:
    return {**recorded("ambientcg_materials"), "foundAssets": assets, "numberOfResults": total or len(assets)}


def material(name: str) -> dict[str, Any]:
    """A recorded asset with its recorded downloads, in the form of `include=downloadData`."""
    (asset,) = (a for a in recorded("ambientcg_materials")["foundAssets"] if a["assetId"] == name)
    downloads = [
        {
            "attribute": row["downloadAttribute"],
            "filetype": row["filetype"],
            "size": int(row["size"]),
            "downloadLink": row["downloadLink"],
        }
        for row in recorded("ambientcg_downloads")
        if row["assetId"] == name
    ]
    folders = {"default": {"downloadFiletypeCategories": {"zip": {"title": "ZIP", "downloads": downloads}}}}
    return {**asset, "downloadFolders": folders}


def maps(name: str) -> bytes:
    ends = ("Color.jpg", "NormalGL.jpg", "NormalDX.jpg", "Roughness.jpg", "Displacement.jpg")
    return zipped(
        {f"{name}_{end}": end.encode() * 100 for end in ends} | {f"{name}.mtlx": b"<x/>", f"{name}.png": b"p"}
    )


def test_search(cg: AmbientCG, site: Site) -> None:
    site.put(API, page(*recorded("ambientcg_materials")["foundAssets"], documented("ambientcg")["Decal001"]))
    found = cg.search(["asphalt"])
    assert [a.id for a in found] == ["Asphalt001", "Asphalt025A"]
    first = found[0]
    assert (first.title, first.kind, first.licence) == ("Asphalt 001", "material", "CC0-1.0")
    assert (first.page, first.date, first.category) == (
        "https://ambientcg.com/a/Asphalt001",
        "2018-01-20",
        ("Asphalt",),
    )
    assert cg.search(["bark"], kind="material", limit=1)[0].id == "Bark012"
    ((_, first_query, _), (_, second_query, _)) = site.asked
    assert (first_query["q"], first_query["offset"], "type" in first_query) == ("asphalt", "0", False)
    assert second_query["type"] == "Material"


def test_sizes_are_metres(cg: AmbientCG, site: Site) -> None:
    site.put(API, page({**recorded("ambientcg_materials")["foundAssets"][0], "dimensionX": 185, "dimensionY": 190}))
    (found,) = cg.search(["foam"])
    assert found.extent == (1.85, 1.9)


def test_search_goes_through_the_pages(cg: AmbientCG, site: Site) -> None:
    assets = recorded("ambientcg_materials")["foundAssets"]
    for start in range(0, 4, 2):
        site.put(f"{API}?offset={start}", page(*assets[start : start + 2], total=4))
    assert [a.id for a in cg.search(["asphalt"])] == ["Asphalt001", "Asphalt025A"]
    assert [query["offset"] for _, query, _ in site.asked] == ["0", "2"]
    site.asked.clear()
    cg.search(["asphalt"], limit=1)
    assert len(site.asked) == 1, "one page was enough"


def test_search_ends_though_the_service_counts_wrongly(cg: AmbientCG, site: Site) -> None:
    site.put(f"{API}?offset=0", page(recorded("ambientcg_materials")["foundAssets"][0], total=1000))
    site.put(API, page(total=1000))
    assert len(cg.search(["foam"])) == 1 and len(site.asked) == 2


def test_a_material(cg: AmbientCG, site: Site, tmp_path: Path) -> None:
    site.put(f"{API}?id=Asphalt025A", page(material("Asphalt025A")))
    site.put("/ambientcg/get?file=Asphalt025A_2K-JPG.zip", maps("Asphalt025A_2K-JPG"))
    got = cg.download("Asphalt025A", tmp_path / "a", resolution="2k")
    assert got.main.name == "Asphalt025A_2K-JPG_Color.jpg"
    assert set(got.contents.maps) == {"color", "normal", "roughness", "displacement"}
    assert got.contents.maps["normal"].endswith("NormalGL.jpg")
    assert len(got.files) == 7


def test_a_model_and_both_kinds_of_skies(cg: AmbientCG, site: Site, tmp_path: Path) -> None:
    for name in ("3DApple002", "DaySkyHDRI071B", "IndoorEnvironmentHDRI013"):
        site.put(f"{API}?id={name}", page(documented("ambientcg")[name]))
    stem = "3DApple002_LQ-1K-JPG"
    site.put(
        f"/ambientcg/get?file={stem}.zip",
        zipped({f"{stem}.obj": b"v 0 0 0", f"{stem}.mtl": b"", f"{stem}_Color.jpg": b""}),
    )
    site.put("/ambientcg/get?file=DaySkyHDRI071B_1K.zip", zipped({"DaySkyHDRI071B_1K_HDR.exr": b"exr", "t.jpg": b""}))
    site.put("/ambientcg/get?file=IndoorEnvironmentHDRI013_1K-HDR.exr", b"exr" * 9)
    assert cg.download("3DApple002", tmp_path / "a").main.name == f"{stem}.obj", "no SQ in 1k: LQ before HQ"
    assert cg.download("DaySkyHDRI071B", tmp_path / "b").main.name == "DaySkyHDRI071B_1K_HDR.exr"
    assert cg.download("IndoorEnvironmentHDRI013", tmp_path / "c").main.read_bytes() == b"exr" * 9
    with pytest.raises(InputError, match="not to be had in 4k; there is 1k, 2k"):
        cg.download("3DApple002", tmp_path / "d", resolution="4k")


def test_what_it_has_not(cg: AmbientCG, site: Site, tmp_path: Path) -> None:
    site.put(API, page())
    with pytest.raises(InputError, match="ambientCG has no asset 'Nothing001'"):
        cg.download("Nothing001", tmp_path / "a")
    site.put(f"{API}?id=Decal001", page(documented("ambientcg")["Decal001"]))
    with pytest.raises(InputError, match="Decal001 is a Decal, which synthgen has no use for"):
        cg.download("Decal001", tmp_path / "a")
    site.put(f"{API}?id=Bark012", page(material("Bark012")))
    site.put("/ambientcg/get?file=Bark012_1K-JPG.zip", zipped({"readme.txt": b""}))
    with pytest.raises(InputError, match="the archive has no picture of the colour"):
        cg.download("Bark012", tmp_path / "a")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"foundAssets": None}, "`foundAssets` is missing"),
        ({"foundAssets": [{"assetId": "Bark012"}]}, "`foundAssets[0].dataType` is missing"),
        ({"foundAssets": {}}, "`foundAssets` is an object, not a list"),
        ({"numberOfResults": "many"}, "`numberOfResults` is a text, not a whole number"),
    ],
)
def test_a_changed_answer_is_said(cg: AmbientCG, site: Site, change: dict[str, Any], says: str) -> None:
    site.put(API, recorded("ambientcg_materials") | change)
    with pytest.raises(InputError) as caught:
        cg.search(["bark"])
    assert f"ambientCG answers differently from what synthgen knows: {says}" in str(caught.value)


def test_downloads_that_were_left_out_or_changed(cg: AmbientCG, site: Site, tmp_path: Path) -> None:
    site.put(f"{API}?id=Bark012", page(recorded("ambientcg_materials")["foundAssets"][3]))
    with pytest.raises(InputError, match=r"`foundAssets\[0\].downloadFolders` is missing"):
        cg.download("Bark012", tmp_path / "a")
    odd = material("Bark012")
    odd["downloadFolders"]["default"]["downloadFiletypeCategories"]["zip"]["downloads"] = [
        {"attribute": "new", "downloadLink": "x"}
    ]
    site.put(f"{API}?id=Bark012", page(odd))
    with pytest.raises(InputError, match="none of the downloads is of a kind that it knows"):
        cg.download("Bark012", tmp_path / "a")
