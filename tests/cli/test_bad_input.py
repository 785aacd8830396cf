"""Wrong input: exit 2 with one message that says where, what and what to try, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import URBAN, Cli


@pytest.fixture
def urban(tmp_path: Path) -> Path:
    """A copy of the recipe to spoil."""
    path = tmp_path / "urban.yaml"
    path.write_text(URBAN.read_text())
    return path


def spoil(recipe: Path, old: str, new: str) -> Path:
    text = recipe.read_text()
    assert old in text
    recipe.write_text(text.replace(old, new, 1))
    return recipe


@pytest.mark.parametrize("verb", ["generate", "plan", "preview"])
def test_recipe_missing(cli: Cli, tmp_path: Path, verb: str) -> None:
    options = {"generate": ["-o", tmp_path / "o", "-n", "1"], "plan": [], "preview": ["-o", tmp_path / "s.png"]}
    said = cli(verb, tmp_path / "none.yaml", *options[verb])
    assert said.is_one_message() and "none.yaml" in said.err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a: [1, 2", "urban.yaml:"),
        ("just words", "urban.yaml:1:1"),
        ("a: 1\na: 2\n", "urban.yaml:2:1"),
    ],
    ids=["empty", "not YAML", "no mapping", "duplicate key"],
)
def test_recipe_that_is_no_recipe(cli: Cli, urban: Path, tmp_path: Path, text: str, words: str) -> None:
    urban.write_text(text)
    said = cli("generate", urban, "-o", tmp_path / "o", "-n", "1")
    assert said.is_one_message() and words in said.err
    assert cli("lint", urban).code == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    sidewalk:", "    sidewlak:", ["sidewlak", "sidewalk"]),
        ("length: 260", "length: long", ["length"]),
        ("sidewalk: {uniform: [3.2, 4.8]}", "sidewalk: {uniform: [4.8, 3.2]}", ["sidewalk"]),
        ("sidewalk: {uniform: [3.2, 4.8]}", "sidewalk: {uniform: [-1, 4.8]}", ["sidewalk"]),
        ("category: [car, van, bus", "category: [carr, van, bus", ["carr", "'car'"]),
        ("include: [cameras/dashcam,", "include: [cameras/dashcm,", ["dashcm"]),
        ("weather: $weather", "weather: $wether", ["wether"]),
    ],
    ids=["unknown key", "wrong type", "range upside down", "impossible range", "category", "include", "name"],
)
def test_what_lint_finds_stops_generate_too(
    cli: Cli, urban: Path, tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    spoil(urban, old, new)
    said = cli("generate", urban, "-o", tmp_path / "o", "-n", "1")
    assert said.is_one_message() and all(word in said.err for word in words), said.err
    found = cli("lint", urban)
    assert found.code == 2
    assert found.out == said.err, "lint prints the same findings, to stdout"
    assert f"{urban.name}:" in found.out


def test_all_findings_are_shown_at_once(cli: Cli, urban: Path) -> None:
    spoil(urban, "length: 260", "length: long")
    spoil(urban, "    sidewalk:", "    sidewlak:")
    assert len(cli("lint", urban).out.splitlines()) == 2


def test_missing_and_unknown_packs(cli: Cli, urban: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGEN_CACHE", str(tmp_path / "empty cache"))
    said = cli("generate", urban, "-o", tmp_path / "o", "-n", "1")
    assert said.is_one_message() and "synthgen assets fetch base" in said.err
    spoil(urban, "assets: [base, human]", "assets: [bsae]")
    said = cli("plan", urban)
    assert said.is_one_message() and "bsae" in said.err


@pytest.mark.assets
def test_asset_query_that_nothing_matches(cli: Cli, urban: Path, tmp_path: Path) -> None:
    spoil(urban, "assets: {tag: street_tree}", "assets: {tag: palm_of_the_moon}")
    said = cli("generate", urban, "-o", tmp_path / "o", "-n", "4")
    assert said.is_one_message() and "palm_of_the_moon" in said.err
    assert not list((tmp_path / "o").rglob("*.json"))


@pytest.mark.assets
def test_folder_of_another_run(cli: Cli, tmp_path: Path) -> None:
    from synthgen.engine.inputs import plan
    from synthgen.scene.spec import encode_spec

    out = tmp_path / "o"
    (out / "scenes").mkdir(parents=True)
    (out / "scenes" / "000000.json").write_bytes(encode_spec(plan(URBAN, seed=1, size="64x48")))
    said = cli("generate", URBAN, "-o", out, "-n", "1")
    assert said.is_one_message()
    assert "seed: 1, not 0" in said.err and "size: [64, 48], not [1280, 720]" in said.err
    said = cli(
        "generate", URBAN, "-o", out, "-n", "1", "--seed", "1", "--size", "64x48", "--set", "layout.street.lanes=4"
    )
    assert said.is_one_message() and "recipe.layout.street.lanes" in said.err


@pytest.mark.assets
def test_output_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        said = cli("generate", URBAN, "-o", out, "-n", "1")
        assert said.is_one_message() and str(out) in said.err
        said = cli("preview", URBAN, "-o", out / "sheet.png", "-n", "1")
        assert said.is_one_message() and "sheet.png" in said.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-n", "0"], "0 frames"),
        (["-n", "-3"], "-3 frames"),
        (["-n", "three"], "--frames"),
        (["-n", "1", "--size", "0x0"], "--size"),
        (["-n", "1", "--size", "wide"], "--size"),
        (["-n", "1", "--preset", "splendid"], "splendid"),
        (["-n", "1", "--shard", "3/2"], "no shard 3 of 2"),
        (["-n", "1", "--shard", "0/2"], "no shard 0 of 2"),
        (["-n", "1", "--shard", "half"], "--shard"),
        (["-n", "1", "--workers", "0"], "--workers"),
        (["-n", "1", "--engine", "steam"], "steam"),
        (["-n", "1", "--split", "train=0.9"], "--split"),
        (["-n", "1", "--seed", "-1"], "seed"),
        (["-n", "1", "--set", "layout.street.lanez=2"], "lanez"),
        (["-n", "1", "--set", "lanes"], "lanes"),
        ([], "--frames"),
        (["-n", "1", "--speed"], "--speed"),
    ],
)
def test_options(cli: Cli, tmp_path: Path, options: list[str], words: str) -> None:
    said = cli("generate", URBAN, "-o", tmp_path / "o", *options)
    assert said.is_one_message() and words in said.err, said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "o").exists()


def test_options_mean_the_same_on_every_verb(cli: Cli, tmp_path: Path) -> None:
    for verb in (["plan"], ["preview", "-o", str(tmp_path / "s.png")], ["lint"]):
        for options, words in ((["--size", "0x0"], "--size"), (["--set", "layout.street.lanez=2"], "lanez")):
            said = cli(*verb, URBAN, *options)
            assert said.code == 2 and words in said.err + said.out
    assert not (tmp_path / "s.png").exists()


def test_other_verbs(cli: Cli, tmp_path: Path) -> None:
    for arguments, words in (
        (["plan", URBAN, "--scene", "-1"], "no scene -1"),
        (["preview", URBAN, "-o", tmp_path / "sheet.jpg"], "sheet.jpg"),
        (["preview", URBAN, "-o", tmp_path / "s.png", "-n", "0"], "0 frames"),
        (["package", tmp_path / "none"], "none"),
        (["package", tmp_path], "no frames"),
        (["validate"], "DIR"),
        (["validate", tmp_path / "none"], "none"),
        (["validate", tmp_path, "--format", "xml"], "xml"),
        (["assets", "fetch", "bass"], "did you mean 'base'?"),
        (["assets", "list", "nonsense"], "nonsense"),
        (["sing"], "No such command 'sing'"),
    ):
        said = cli(*arguments)
        assert said.is_one_message() and words in said.err, (arguments, said)
