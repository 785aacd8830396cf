"""`synthgen assets fetch` and `synthgen assets cache`, on a small pack and a cache of our own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.assets.conftest import Tiny
from tests.assets.conftest import tiny as tiny
from tests.cli.conftest import Cli


def test_fetching_from_a_file(cli: Cli, tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    said = cli("assets", "fetch", "tiny", "--source", tmp_path / "tiny.sh3f")
    assert (said.code, said.out) == (0, f"{tiny.folder}\n")
    assert "tiny: 1 file fetched, 3 assets ready" in said.err
    again = cli("assets", "fetch", "--all", "--source", "/nowhere")
    assert (again.code, again.out) == (0, f"{tiny.folder}\n")
    assert "tiny: was here already, 3 assets ready" in again.err


def test_the_list_of_packs(cli: Cli, tiny: Tiny) -> None:
    said = cli("assets", "fetch", "--list")
    name, kind, licence, *sizes, state, title = said.out.rstrip("\n").split("\t")
    assert (name, kind, licence, state, title) == ("tiny", "models", "CC0-1.0 AND CC-BY-3.0", "not here", "Tiny")
    assert sizes == ["2.5 kB", "2.5 kB"] and said.code == 0
    tiny.put()
    assert "\there\t" in cli("assets", "fetch", "--list", "tiny").out
    assert not list(tiny.cache.glob("packs/tiny/index.json")), "listing fetches nothing"


def test_one_pack_that_cannot_be_had_does_not_stop_the_others(cli: Cli, tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "tiny.sh3f").write_bytes(tiny.pack)
    said = cli("assets", "fetch", "nothing", "tiny", "--source", tmp_path)
    assert (said.code, said.out) == (2, f"{tiny.folder}\n")
    assert "no asset pack is named 'nothing'" in said.err and "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fetch", "--all", "tiny"], "beside --all"),
        (["fetch", "--list", "tony"], "did you mean 'tiny'"),
        (["fetch", "tiny", "--source", "/nowhere"], "no such file or folder"),
        (["cache", "mesh"], "did you mean 'meshes'"),
        (["cache", "--empty", "mesh"], "did you mean 'meshes'"),
    ],
)
def test_wrong_input_is_one_message(cli: Cli, tiny: Tiny, arguments: list[str], says: str) -> None:
    said = cli("assets", *arguments)
    assert said.is_one_message() and says in said.err


def test_the_cache_is_shown_and_emptied(cli: Cli, tiny: Tiny) -> None:
    mesh = tiny.cache / "meshes" / "a.npz"
    mesh.parent.mkdir(parents=True)
    mesh.write_bytes(bytes(1500))
    os.utime(mesh, (0, 0))
    tiny.put()
    shown = dict(line.split("\t") for line in cli("assets", "cache").out.splitlines())
    assert shown["place"] == str(tiny.cache)
    assert (shown["meshes"], shown["packs"], shown["total"]) == ("1.5 kB", "2.5 kB", "4.0 kB")
    assert "8.0 GB" in shown["limit"] and "SYNTHGEN_CACHE_GB" in shown["limit"]

    said = cli("assets", "cache", "--empty")
    assert said.code == 0 and "freed 1.5 kB in 1 file\n" in said.err and "total\t2.5 kB" in said.out
    said = cli("assets", "cache", "--empty", "packs")
    assert "2.5 kB may be in use and stay" in said.err and (tiny.folder / "tiny.sh3f").exists()
    said = cli("assets", "cache", "--empty", "packs", "--force")
    assert "freed 2.5 kB" in said.err and not tiny.folder.exists() and "packs\t0 B" in said.out
