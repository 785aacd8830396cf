"""The JSON Schema accepts what load_recipe accepts, and says what is wrong with a plain slip."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from synthgen.paths import data_dir
from synthgen.recipe import json_schema, load_recipe
from synthgen.recipe.yamlfile import read_yaml

URBAN = data_dir("scenes") / "road" / "urban.yaml"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(json.dumps(json_schema(), allow_nan=False))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_street_recipe_is_accepted_as_written_and_merged(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(read_yaml(URBAN).data())
    validator.validate(load_recipe(URBAN).source)


@pytest.mark.parametrize(
    ("section", "kind", "key", "value", "good"),
    [
        ("layout", "street", "lanes", 4, True),
        ("layout", "street", "lanes", 3, False),
        ("layout", "street", "lanes", {"randint": [2, 4]}, True),
        ("layout", "street", "lanes", {"uniform": [2, 4]}, False),
        ("layout", "street", "length", "$length", True),
        ("layout", "street", "length", "long", False),
        ("layout", "street", "length", {"uniform": [200, "$far"], "per": "scene"}, True),
        ("layout", "street", "length", {"choice": [200, {"uniform": [210, 220]}]}, True),
        ("layout", "street", "length", {"uniform": [200]}, False),
        ("layout", "street", "length", {"normal": {"mean": 200, "sd": 3}}, False),
        ("layout", "street", "lenght", 200, False),
        ("light", "sky", "weather", "clear", True),
        ("light", "sky", "weather", {"weighted": {"clear": 1, "overcast": 2}}, True),
        ("light", "sky", "weather", "sunny", False),
        ("camera", "dashcam", "bonnet", {"bernoulli": 0.5}, True),
        ("camera", "dashcam", "bonnet", 1, False),
    ],
)
def test_single_keys(
    validator: jsonschema.Draft202012Validator, section: str, kind: str, key: str, value: Any, good: bool
) -> None:
    recipe = {"name": "x", section: {kind: {key: value}}}
    assert validator.is_valid(recipe) is good


def test_every_key_has_a_description() -> None:
    def walk(schema: Any) -> None:
        for key, below in schema.get("properties", {}).items():
            if key not in ("uniform", "loguniform", "normal", "choice", "weighted", "randint", "bernoulli"):
                assert below.get("description") or "$ref" in below, key
            walk(below)

    walk(json_schema())
