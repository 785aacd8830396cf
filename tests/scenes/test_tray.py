"""The worked example holds: what docs/tray.md shows is a recipe, and part of the one that comes along."""

from __future__ import annotations

from pathlib import Path

import yaml

from synthgen.paths import data_root
from synthgen.recipe import lint

GUIDE = data_root() / "docs" / "tray.md"


def test_the_guides_steps_make_a_recipe(tmp_path: Path) -> None:
    steps = [part.split("```")[0] for part in GUIDE.read_text("utf-8").split("```yaml\n")[1:]]
    assert len(steps) == 2
    file = tmp_path / "tray.yaml"
    for count in (1, 2):
        file.write_text("\n".join(steps[:count]), "utf-8")
        assert lint(file) == [], f"after step {count}"


def test_the_recipe_that_comes_along_has_the_guides_blocks() -> None:
    shown = {
        k: v
        for part in GUIDE.read_text("utf-8").split("```yaml\n")[1:]
        for k, v in yaml.safe_load(part.split("```")[0]).items()
    }
    whole = yaml.safe_load((data_root() / "scenes" / "examples" / "tray.yaml").read_text("utf-8"))
    assert set(shown) <= set(whole)
    for mine, theirs in zip(shown["populate"], whole["populate"], strict=True):
        assert set(mine["lay"]) <= set(theirs["lay"])
        assert set(mine["lay"]["assets"]["id"]) <= set(theirs["lay"]["assets"]["id"])
