"""A recipe that comes with the program is found by its name, from any folder; a file that is there goes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.recipe import lint, load_recipe
from synthgen.recipe.shipped import recipe_file, recipe_names

URBAN = data_dir("scenes") / "road" / "urban.yaml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["road/urban", "road/urban.yaml", "scenes/road/urban.yaml", "scenes/road/urban"])
def test_by_name(name: str) -> None:
    assert "road/urban" in recipe_names()
    assert recipe_file(Path(name)) == URBAN
    assert lint(name) == []
    assert load_recipe(name).hash == load_recipe(URBAN).hash


def test_a_file_goes_first_with_or_without_its_suffix(write, tmp_path: Path) -> None:
    own = write(name="road/urban.yaml")
    assert recipe_file(Path("road/urban")).resolve() == own
    assert recipe_file(own) == own
    assert load_recipe("road/urban").name == "small street"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("road/urbn", "did you mean 'road/urban'?"),
        ("nothing.yaml", "road/urban"),
        ("../road/urban", "no such file"),
        ("/road/urban", "no such file"),
        ("a" * 300, "cannot be read"),
        (".", "this is a folder"),
    ],
)
def test_what_is_not_there(name: str, words: str) -> None:
    (finding,) = lint(name)
    assert words in str(finding) and finding.where == name
    with pytest.raises(InputError):
        load_recipe(name)


def test_a_recipe_may_include_one(write) -> None:
    recipe = load_recipe(write(text="name: wide\ninclude: road/urban\nlayout: {street: {lanes: 4}}\n"))
    assert recipe.name == "wide"
    assert recipe.source["layout"]["street"]["lanes"] == 4
    assert recipe.populate == load_recipe(URBAN).populate
