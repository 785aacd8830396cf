"""JSON Schema (2020-12) of a recipe, for editors: completion, descriptions, and red underlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from synthgen.recipe.distributions import DISTRIBUTIONS
from synthgen.recipe.fields import FieldKind
from synthgen.recipe.header import Header
from synthgen.recipe.includes import INCLUDE
from synthgen.recipe.lets import SECTION as LET
from synthgen.recipe.load import BLOCKS, MAPPINGS, POPULATE, RENDER
from synthgen.recipe.models import POPULATOR_MODELS, BlockModel, RenderPreset, field_kind, load_extensions
from synthgen.recipe.values import SCOPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = {"type": "string", "pattern": r"^\$[A-Za-z_][A-Za-z0-9_]*$", "description": "a draw of `let`"}
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "word": {"type": "string"},
    "flag": {"type": "boolean"},
}


def json_schema() -> dict[str, Any]:
    """The schema of a whole recipe. What it cannot say (impossible distributions, unknown categories) `lint` says."""
    load_extensions()
    properties: dict[str, Any] = dict(_properties(Header))
    properties[INCLUDE] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "configs whose keys hold where the recipe has none of its own, such as cameras/dashcam",
    }
    properties[LET] = {
        "type": "object",
        "description": "named draws, made once a scene; use them as $name",
        "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
        "additionalProperties": {"$ref": "#/$defs/any"},
    }
    for section, models in BLOCKS.items():
        properties[section] = _one_of(models, f"the {section} of the scenes")
    properties[POPULATE] = {
        "type": "array",
        "description": "what fills the slots of the layout",
        "items": _one_of(POPULATOR_MODELS, "one populator"),
    }
    for section, model in MAPPINGS.items():
        properties[section] = _mapping(model)
    properties[RENDER] = {**_mapping(RenderPreset), "required": []}
    return {
        "$schema": DIALECT,
        "title": "synthgen recipe",
        "description": "What a dataset of rendered scenes is made from.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        # Blocks may come from an include, so only what every recipe writes itself is required.
        "required": ["name"],
        "$defs": _definitions(),
    }


def _one_of(models: Mapping[str, type[BlockModel]], about: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": about,
        "properties": {kind: _mapping(model, empty=True) for kind, model in models.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _mapping(model: type[BaseModel], *, empty: bool = False) -> dict[str, Any]:
    """The schema of a model; with `empty` nothing may stand for all defaults."""
    schema: dict[str, Any] = {
        "type": ["object", "null"] if empty else "object",
        "description": " ".join((model.__doc__ or "").split()),
        "properties": dict(_properties(model)),
        "additionalProperties": False,
    }
    required = [info.alias or name for name, info in model.model_fields.items() if info.is_required()]
    return {**schema, "required": required} if required else schema


def _properties(model: type[BaseModel]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        kind = field_kind(info)
        if kind is None:
            nested = info.annotation
            assert isinstance(nested, type) and issubclass(nested, BaseModel)
            made[info.alias or name] = _mapping(nested)
            continue
        made[info.alias or name] = {**_described(kind, info.description or ""), **_default(info)}
    return made


def _described(kind: FieldKind, about: str) -> dict[str, Any]:
    allowed = kind.range()
    return {**kind.schema(), "description": f"{about} ({allowed})" if allowed else about}


def _default(info: Any) -> dict[str, Any]:
    if info.is_required() or info.default_factory is not None or info.default is None:
        return {}
    return {"default": info.default}


def _definitions() -> dict[str, Any]:
    """`number`, `whole`, `word`, `flag`: an argument of that kind; `drawn_...`: a distribution that yields it."""
    definitions: dict[str, Any] = {
        "reference": _REFERENCE,
        "constant": {"type": ["number", "string", "boolean", "null"]},
    }
    for kind, constant in _ARGUMENTS.items():
        drawn = {"$ref": f"#/$defs/drawn_{kind}"}
        definitions[kind] = {"anyOf": [constant, {"$ref": "#/$defs/reference"}, drawn]}
        definitions[f"drawn_{kind}"] = _drawn(kind, {"$ref": f"#/$defs/{kind}"})
    definitions["any"] = {"anyOf": [{"$ref": "#/$defs/constant"}, {"$ref": "#/$defs/drawn_any"}]}
    definitions["drawn_any"] = _drawn(None, {"$ref": "#/$defs/any"})
    return definitions


def _drawn(kind: str | None, argument: dict[str, Any]) -> dict[str, Any]:
    """Any distribution that can yield a kind of value."""
    fits = [made for made in DISTRIBUTIONS.values() if kind is None or kind in made.yields]
    scope = {"enum": list(SCOPES), "description": "how often it is drawn"}
    return {
        "anyOf": [
            {
                "type": "object",
                "description": made.about,
                "properties": {made.name: made.schema(argument), "per": scope},
                "required": [made.name],
                "additionalProperties": False,
            }
            for made in fits
        ]
    }
