"""What packs hold beside models: with small packs of our own, and with the real ones where they are fetched."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import OpenEXR
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from synthgen import paths
from synthgen.assets import library
from synthgen.assets.archive import ModelArchive
from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.packs import find_pack
from synthgen.assets.providers.bundle import write_bundle
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.paths import cache_root

ICONS = {
    "icons": {"apple": {"body": "<path/>"}, "old": {"body": "<path/>", "hidden": True}, "pear": {"body": "<g/>"}},
    "aliases": {"apple-turned": {"parent": "apple", "hFlip": True}},
    "width": 32,
    "height": 32,
}
SIGN = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def exr(tmp_path: Path, pixels: np.ndarray[Any, Any]) -> bytes:
    path = tmp_path / "made.exr"
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": pixels}) as file:
        file.write(str(path))
    return path.read_bytes()


def zipped(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    write_bundle(out, content)
    return out.getvalue()


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Small packs of each kind, as if fetched. Gives the cache."""
    sky = np.array([[[-3.0, 0.5, np.inf]] * 4] * 2, dtype=np.float16)
    module = b"export default 'data:application/exr;base64," + base64.b64encode(exr(tmp_path, sky)) + b"';\n"
    content = {
        "hdris": {
            "hdris.zip": zipped({"hdri/sky.exr.js": module, "hdri/odd.exr.js": b"export default 'nothing'"})
        },
        "signs": {"signs.zip": zipped({"package_signs/warning--bump--g1.svg": SIGN, "LICENSE": b"MIT"})},
        "pictograms": {
            "icons.json": json.dumps(ICONS).encode(),
            "metadata.json": json.dumps({"categories": {"Food & Drink": ["apple", "old"]}}).encode(),
        },
        "fonts": {"Big-Regular.ttf": b"a font", "Big-Bold.ttf": b"a bold font", "Big-LICENCE.txt": b"OFL"},
    }  # fmt: skip
    tags = {"hdris": {"sky": ["outdoor"], "odd": []}, "fonts": {"Big Sans": ["grotesque"]}}
    rows = {}
    for pack, files in content.items():
        pins = {n: {"size": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in files.items()}
        for name in [n for n in pins if n.endswith(".zip")]:
            pins[name]["members"] = ["x/*"]
        row = {"provider": "npm", "package": pack, "version": "1", "files": pins}
        row |= {"title": "Big Sans", "author": "B"} if pack == "fonts" else {}
        rows[pack] = {"kind": pack, "title": pack.title(), "licence": "MIT", "author": "A", "packages": [row]}
        rows[pack]["tags"] = tags.get(pack, {})
        for name, data in files.items():
            path = tmp_path / "cache" / "packs" / pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (tmp_path / "data" / "assets").mkdir(parents=True)
    (tmp_path / "data" / "assets" / "packs.yaml").write_text(json.dumps({"packs": rows}))
    monkeypatch.setattr(paths, "data_root", lambda: tmp_path / "data")
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache"


def test_an_hdri_is_unpacked_once_without_negative_or_infinite_light(packs: Path) -> None:
    path = library.hdri("sky")
    with OpenEXR.File(str(path)) as file:
        pixels = file.channels()["RGB"].pixels
    assert pixels.dtype == np.float16 and pixels.shape == (2, 4, 3)
    assert pixels[0, 0].tolist() == [0.0, 0.5, 65504.0]
    before = path.stat().st_ino
    assert library.hdri("sky") == path and path.stat().st_ino == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_an_hdri_that_is_none_leaves_nothing(packs: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as a picture"):
        library.hdri("odd")
    assert list((packs / "converted" / "hdris").iterdir()) == []


def test_signs_and_pictograms_are_svg(packs: Path) -> None:
    (sign,) = library.signs()
    assert (sign.name, sign.tags) == ("warning--bump--g1", ("warning",))
    assert library.sign_svg(sign.name) == SIGN
    found = {item.name: item.tags for item in library.pictograms()}
    assert found == {"apple": ("food & drink",), "apple-turned": (), "pear": ()}
    for name in found:
        svg = ElementTree.fromstring(library.pictogram(name))
        assert svg.get("viewBox") == "0 0 32 32" and len(svg) == 1
    assert b"scale(-1 1)" in library.pictogram("apple-turned")


def test_fonts_by_family_and_style(packs: Path) -> None:
    (font,) = library.fonts()
    assert (font.name, font.variants, font.tags) == ("Big Sans", ("regular", "bold"), ("grotesque",))
    assert library.font("big sans").read_bytes() == b"a font"
    assert library.font("Big Sans", "Bold").read_bytes() == b"a bold font"


def test_everything_says_whose_it_is(packs: Path) -> None:
    for item in (*library.hdris(), *library.signs(), *library.pictograms(), *library.fonts()):
        said = item.attribution()
        assert set(said) == {"title", "author", "licence", "source", "trademark"}
        assert said["licence"] == "MIT" and said["author"] == ("B" if item.pack == "fonts" else "A")
        assert item.name in said["title"] and len(item.sha256) == 64


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: library.hdri("sly"), "did you mean 'sky'"),
        (lambda: library.sign_svg("bump"), "did you mean 'warning--bump--g1'"),
        (lambda: library.pictogram("aple"), "did you mean 'apple'"),
        (lambda: library.font("Bigg Sans"), "did you mean 'Big Sans'"),
        (lambda: library.font("Big Sans", "italic"), "no style of the font Big Sans is named 'italic'"),
        (lambda: library.pack_file("fonts", "Big.ttf"), "for example 'Big-Regular.ttf'|did you mean"),
        (lambda: library.pack_file("font", "Big.ttf"), "did you mean 'fonts'"),
    ],
)
def test_names_that_do_not_exist(packs: Path, ask: Callable[[], Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        ask()


@pytest.mark.parametrize(
    ("pack", "ask"),
    [
        ("hdris", lambda: library.hdri("sky")),
        ("signs", lambda: library.signs()),
        ("signs", lambda: library.sign_svg("warning--bump--g1")),
        ("pictograms", lambda: library.pictogram("apple")),
        ("fonts", lambda: library.font("Big Sans")),
        ("fonts", lambda: library.pack_file("fonts", "Big-Bold.ttf")),
    ],
)
def test_a_pack_that_is_not_here(packs: Path, pack: str, ask: Callable[[], Any]) -> None:
    for file in (packs / "packs" / pack).iterdir():
        file.unlink()
    with pytest.raises(InputError, match=f"run: synthgen assets fetch {pack}"):
        ask()
    assert library.hdris() and library.fonts(), "what there is does not depend on what is fetched"


def test_a_pack_without_models_may_be_named_by_a_recipe(packs: Path) -> None:
    catalogue = load_catalogue(["signs", "fonts"], Store(packs))
    assert catalogue.assets == ()
    assert set(catalogue.checksums) == {"signs.zip", "Big-Regular.ttf", "Big-Bold.ttf", "Big-LICENCE.txt"}


# --- the real packs, where they have been fetched


@pytest.fixture
def fetched(request: pytest.FixtureRequest) -> None:
    pack = find_pack(request.param)
    if pack.missing(cache_root()):
        pytest.skip(f"the pack {pack.name} is not fetched")


def blender_hdris() -> list[str]:
    return [item.name for item in library.hdris() if item.name.startswith("blender_")]


def test_the_hdris_of_blender_need_no_fetch(tmp_path: Path) -> None:
    assert len(blender_hdris()) == 8
    with OpenEXR.File(str(library.hdri("blender_courtyard", cache=tmp_path))) as file:
        assert file.channels()["RGB"].pixels.shape == (512, 1024, 3)


@pytest.mark.parametrize("fetched", ["hdris"], indirect=True)
def test_every_real_hdri_can_be_used(fetched: None, tmp_path: Path) -> None:
    link = tmp_path / "packs"
    link.symlink_to(cache_root() / "packs")
    assert len(library.hdris()) == 26
    for item in library.hdris():
        with OpenEXR.File(str(library.hdri(item.name, cache=tmp_path))) as file:
            pixels = file.channels()["RGB"].pixels
        assert pixels.shape[1] == 2 * pixels.shape[0] and pixels.shape[2] == 3
        assert np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() > 1


@pytest.mark.parametrize("fetched", ["signs"], indirect=True)
def test_real_signs(fetched: None) -> None:
    signs = library.signs()
    assert len(signs) == 1543
    assert {tag for s in signs for tag in s.tags} == {"regulatory", "warning", "information", "complementary"}
    assert ElementTree.fromstring(library.sign_svg("regulatory--stop--g1")).tag.endswith("svg")


@pytest.mark.parametrize("fetched", ["pictograms"], indirect=True)
def test_real_pictograms(fetched: None) -> None:
    food = [item for item in library.pictograms() if "food & drink" in item.tags]
    assert len(library.pictograms()) > 3000 and len(food) > 100
    for item in food:
        ElementTree.fromstring(library.pictogram(item.name))


@pytest.mark.parametrize("fetched", ["fonts"], indirect=True)
def test_real_fonts_have_the_letters_of_western_europe(fetched: None) -> None:
    for item in library.fonts():
        for style in item.variants:
            letters = TTFont(library.font(item.name, style), lazy=True).getBestCmap()
            assert not [c for c in "AZaz09ÄÖÜßÉéñç€.,%" if ord(c) not in letters], (item.name, style)


@pytest.mark.parametrize("fetched", ["robots"], indirect=True)
def test_real_robots_have_the_meshes_that_they_name(fetched: None) -> None:
    for file in find_pack("robots").files:
        with zipfile.ZipFile(library.pack_file("robots", file.name)) as archive:
            names = archive.namelist()
        assert [n for n in names if n.endswith(".urdf")] and [n for n in names if n.endswith((".dae", ".stl", ".obj"))]


@pytest.mark.parametrize("fetched", ["human"], indirect=True)
def test_the_real_human_is_a_body_with_targets_and_a_rig(fetched: None) -> None:
    archive = ModelArchive(library.pack_file("human", "human.zip"))
    assert b"explicitly released as CC0" in archive.read("3dobjs/base.obj")[:400]
    assert b"CC0" in archive.read("LICENSE.md")[:80]
    rig = json.loads(archive.read("rigs/standard/rig.default.json"))
    weights = json.loads(archive.read("rigs/standard/weights.default.json"))
    assert weights["license"] == "CC0" and set(weights["weights"]) <= set(rig)
    assert archive.has("targets/macrodetails/african-female-young.target.gz")
