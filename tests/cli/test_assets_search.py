"""`synthgen assets search` and `synthgen assets get`, against a server that plays the services."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.assets.online.conftest import Reply, Site, documented, recorded, zipped
from tests.assets.online.conftest import site as site
from tests.cli.conftest import Cli

MODELS = "/gso/GoogleResearch/models"
MUG = "Room_Essentials_Mug_White_Yellow"


@pytest.fixture
def services(site: Site) -> Site:
    site.put("/polyhaven/assets?type=textures", recorded("polyhaven_assets_textures"))
    site.put("/polyhaven/assets?type=hdris", {})
    site.put("/polyhaven/assets?type=models", {})
    site.put(MODELS, documented("gso_models"))
    for model in documented("gso_models"):
        site.put(f"{MODELS}/{model['name']}", model)
        site.put(f"{MODELS}/{model['name']}.zip", zipped({"meshes/model.obj": b"v 0 0 0\n"}))
    return site


def test_search_prints_one_line_each(cli: Cli, services: Site) -> None:
    said = cli("assets", "search", "polyhaven", "brick", "floor")
    assert said.code == 0
    assert said.out == (
        "brick_floor_003\tmaterial\tCC0-1.0\tRob Tuytel, Dimitrios Savva\tBrick Floor 003\t"
        "https://polyhaven.com/a/brick_floor_003\n"
    )
    assert "1 found. Powered by Poly Haven" in said.err
    said = cli("assets", "search", "gso", "mug", "--limit", "1", "--kind", "model", "--licence", "CC-BY-4.0")
    assert len(said.out.splitlines()) == 1 and len(said.out.split("\t")) == 6
    nothing = cli("assets", "search", "polyhaven", "unicorn")
    assert (nothing.code, nothing.out) == (0, "") and "0 found" in nothing.err


def test_get_puts_assets_into_the_user_s_folder(cli: Cli, services: Site, tmp_path: Path) -> None:
    said = cli("assets", "get", "gso", MUG)
    main = tmp_path / "data" / "synthgen" / "online" / "gso" / MUG / f"{MUG}.obj"
    assert (said.code, said.out) == (0, f"{main}\n")
    assert "CC-BY-4.0 by Google Research" in said.err
    source = json.loads((main.parent / "source.json").read_text())
    assert (source["provider"], source["id"], source["main"]) == ("gso", MUG, f"{MUG}.obj")
    assert source["files"] == [{"name": f"{MUG}.obj", "size": 8, "sha256": hashlib.sha256(b"v 0 0 0\n").hexdigest()}]
    assert "was here already" in cli("assets", "get", "gso", MUG).err


def test_get_several_into_a_folder(cli: Cli, services: Site, tmp_path: Path) -> None:
    other = "ACE_Coffee_Mug_Kristen_16_oz_cup"
    said = cli("assets", "get", "gso", MUG, other, "--to", tmp_path / "mine")
    assert said.out.splitlines() == [str(tmp_path / "mine" / name / f"{name}.obj") for name in (MUG, other)]


def test_one_that_fails_does_not_keep_the_others_back(cli: Cli, services: Site, tmp_path: Path) -> None:
    said = cli("assets", "get", "gso", "None_Such", MUG, "Mug_of_Another_Licence", "--to", tmp_path)
    assert said.code == 2 and said.out == f"{tmp_path / MUG / MUG}.obj\n"
    assert "has nothing there" in said.err and "--licence CC-BY-NC-4.0" in said.err and "Traceback" not in said.err
    said = cli("assets", "get", "gso", "Mug_of_Another_Licence", "--licence", "CC-BY-NC-4.0", "--to", tmp_path)
    assert said.code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "polyhavn", "x"], "did you mean 'polyhaven'?"),
        (["search", "polyhaven"], "WORDS"),
        (["search", "polyhaven", "x", "--kind", "film"], "there are model, hdri, material"),
        (["search", "polyhaven", "x", "--licence", "MIT"], "there are CC0-1.0"),
        (["search", "polyhaven", "x", "--limit", "0"], "a limit of 0"),
        (["get", "polyhaven"], "ID"),
        (["get", "elsewhere", "x"], "no online provider is named 'elsewhere'"),
        (["get", "polyhaven", "../x"], "'../x' is not a name"),
        (["get", "polyhaven", "x", "--resolution", "big"], "'big' is not a resolution"),
        (["get", "polyhaven", "no_such_thing"], "Poly Haven has nothing there"),
    ],
)
def test_wrong_usage(cli: Cli, services: Site, arguments: list[str], words: str) -> None:
    said = cli("assets", *arguments)
    assert said.is_one_message() and words in said.err, said.err


def test_without_a_network_it_stops_at_the_first(cli: Cli, services: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_GSO", "http://127.0.0.1:9")
    said = cli("assets", "get", "gso", "a", "b", "c")
    assert said.is_one_message() and said.err.count("no connection to") == 1


def test_services_that_fail_are_said_in_one_message(cli: Cli, services: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    services.put("/polyhaven/assets?type=textures", Reply(b"<html>"))
    said = cli("assets", "search", "polyhaven", "brick")
    assert said.is_one_message() and "does not answer in JSON" in said.err
    monkeypatch.setenv("SYNTHGEN_POLYHAVEN", "http://127.0.0.1:9")
    said = cli("assets", "search", "polyhaven", "brick")
    assert said.code == 2 and "no connection to Poly Haven" in said.err.splitlines()[-1]
    monkeypatch.setenv("SYNTHGEN_POLYHAVEN", "nowhere")
    assert "SYNTHGEN_POLYHAVEN: 'nowhere' is not an address" in cli("assets", "search", "polyhaven", "brick").err
