"""The registries, extension by other packages, and the user guide that lists every key."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from synthgen.assets.entries import STANDS
from synthgen.paths import data_root
from synthgen.recipe import lint, models
from synthgen.recipe.header import Header, preset_file
from synthgen.recipe.models import BlockModel, model
from synthgen.recipe.sensor import Sensor
from synthgen.recipe.yamlfile import read_yaml

GUIDE = data_root() / "docs" / "recipes.md"


def test_two_models_of_one_name_are_an_error() -> None:
    with pytest.raises(ValueError, match="two models of a recipe are named 'street'"):
        model(models.LAYOUT_MODELS, "street", models.Street)


class _Entry:
    name = "square"

    @staticmethod
    def load() -> object:
        class Square:
            recipe_model = models.Street

        return Square


def test_another_package_may_add_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "LAYOUT_MODELS", dict(models.LAYOUT_MODELS))
    monkeypatch.setattr(models, "entry_points", lambda group: [_Entry] if group == "synthgen.layouts" else [])
    models.load_extensions.__wrapped__()
    assert models.LAYOUT_MODELS["square"] is models.Street


def as_written(value: object) -> str:
    """A default as a recipe would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return yaml.safe_dump(value, default_flow_style=True).strip()
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_recipes_and_catalogues_agree_on_what_may_carry() -> None:
    assert models.STANDS == STANDS


def rows(made: type[BlockModel]) -> list[str]:
    """The lines that the guide's table of a model must have."""
    presets = [read_yaml(preset_file(name)).data() for name in ("draft", "standard", "high")]
    lines = []
    for name, info in made.model_fields.items():
        kind = models.field_kind(info)
        if made is models.RenderPreset:
            defaults = [preset[name] for preset in presets]
        elif info.is_required():
            defaults = ["required"]
        else:
            defaults = ["" if info.default_factory or info.default is None else info.default]
        cells = [
            f"`{info.alias or name}`",
            info.description,
            kind.range() if kind is not None else _NESTED.get(info.annotation, "the keys below"),
            *map(as_written, defaults),
        ]
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    return lines


_NESTED = {models.AssetFilter: "[a filter](#assets-filters)"}

ALL = [
    Header,
    *models.LAYOUT_MODELS.values(),
    *models.LIGHT_MODELS.values(),
    *models.POPULATOR_MODELS.values(),
    models.AssetFilter,
    *models.CAMERA_MODELS.values(),
    Sensor,
    models.Checks,
    models.Labels,
    models.RenderPreset,
]


@pytest.mark.parametrize("made", ALL, ids=lambda made: made.__name__)
def test_the_guide_lists_every_key(made: type[BlockModel]) -> None:
    text = GUIDE.read_text("utf-8")
    missing = [row for row in rows(made) if row not in text]
    assert not missing, "docs/recipes.md lacks:\n" + "\n".join(missing)


def test_the_guides_whole_recipes_are_good(tmp_path: Path) -> None:
    examples = [part.split("```")[0] for part in GUIDE.read_text("utf-8").split("```yaml\n")[1:]]
    whole = [example for example in examples if "\nlayout:" in example and "name: " in example]
    assert len(whole) == 2
    for example in whole:
        file = tmp_path / "example.yaml"
        file.write_text(example, encoding="utf-8")
        assert lint(file) == []
