"""Checks a mapping of a recipe against its model, and says in the recipe's words what pydantic found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

import synthgen.recipe.blocks  # noqa: F401  registers the blocks
from synthgen.errors import Diagnostic
from synthgen.recipe.fields import ERROR, Context
from synthgen.recipe.findings import suggest
from synthgen.recipe.models import (
    CAMERA_MODELS,
    LAYOUT_MODELS,
    LIGHT_MODELS,
    POPULATOR_MODELS,
    BlockModel,
    Checks,
    Labels,
    RenderPreset,
)
from synthgen.recipe.sensor import Sensor
from synthgen.recipe.values import Support, Value, references, support_of
from synthgen.recipe.yamlfile import Node

_ONE_KIND = {"layout": LAYOUT_MODELS, "light": LIGHT_MODELS, "camera": CAMERA_MODELS}
_MAPPINGS: dict[str, type[BlockModel]] = {
    "sensor": Sensor,
    "checks": Checks,
    "labels": Labels,
    "render": RenderPreset,
}


def check_model(
    model: type[BlockModel],
    node: Node,
    name: str,
    context: Context,
    found: list[Diagnostic],
    *,
    others: Iterable[str] = (),
) -> dict[str, Value] | None:
    """The values of a mapping by key, defaults filled in; None where there were findings, which go to `found`.

    name: what messages call the mapping. others: keys that are right here too, though not the model's.
    """
    if node.value is None:
        node = Node({}, node.mark)
    if not isinstance(node.value, dict):
        hint = f"write its keys: {', '.join(keys_of(model))}" if model.model_fields else "write {}"
        found.append(Diagnostic(str(node.mark), f"{name} must be a mapping", hint))
        return None
    context = replace(context, scopes=model.scopes)
    try:
        made = model.model_validate(node.data(), context=context)
    except ValidationError as error:
        found.extend(_finding(item, node, name, model, others) for item in error.errors(include_url=False))
        return None
    values = _values(made)
    together = [
        Diagnostic(str(node.place((key,))), f"{name}: {what}", hint)
        for key, what, hint in model.impossible(_Supports(values, context))
    ]
    found.extend(together)
    return None if together else values


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a model as a recipe writes them."""
    return [info.alias or name for name, info in model.model_fields.items()]


class _Supports(dict[str, Support]):
    """Supports of the values by key; of what leans on a refused draw, and of None and mappings, there are none."""

    def __init__(self, values: dict[str, Any], context: Context) -> None:
        super().__init__()
        for key, value in values.items():
            if not isinstance(value, (dict, list)) and context.broken.isdisjoint(references(value)):
                self[key] = support_of(value, context.lets)


def _values(made: BaseModel) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, info in type(made).model_fields.items():
        value = getattr(made, name)
        values[info.alias or name] = _values(value) if isinstance(value, BaseModel) else value
    return values


def _finding(item: Any, node: Node, name: str, model: type[BlockModel], others: Iterable[str]) -> Diagnostic:
    """One error of pydantic as a finding with its place."""
    loc: tuple[str | int, ...] = item["loc"]
    inner, inner_name = _model_at(model, name, loc[:-1])
    key = str(loc[-1]) if loc else ""
    if item["type"] == "extra_forbidden":
        known = [*keys_of(inner), *(others if inner is model else ())]
        hint = inner.guesses.get(key) or _elsewhere(key) or suggest(key, known)
        if ":" in key:
            hint = "put a space after the colon"
        return Diagnostic(str(node.place(loc, on_key=True)), f"{inner_name} has no key {key!r}", hint)
    if item["type"] == "missing":
        return Diagnostic(str(node.place(loc[:-1])), f"{inner_name} lacks {key!r}", f"add {key}: {_about(inner, key)}")
    if item["type"] == ERROR:
        context = item["ctx"]
        place = node.place((*loc, *context["at"]), on_key=context["on_key"])
        return Diagnostic(str(place), f"{'.'.join(map(str, loc))}: {context['what']}", context["hint"])
    return Diagnostic(str(node.place(loc)), f"{key} must be a mapping", "see docs/recipes.md")


def _elsewhere(key: str) -> str | None:
    """Where a key or kind belongs that stands in the wrong block; None unless exactly one is called so."""
    if key in POPULATOR_MODELS:
        return f"it is an entry of `populate`: write `- {key}:` there"
    places = [f"`{section}`" for section, models in _ONE_KIND.items() if key in models]
    for section, models in _ONE_KIND.items():
        places += [f"`{section}.{kind}`" for kind, made in models.items() if key in keys_of(made)]
    places += [f"`{section}`" for section, made in _MAPPINGS.items() if key in keys_of(made)]
    return f"it belongs under {places[0]}" if len(places) == 1 else None


def _model_at(model: type[BlockModel], name: str, loc: Sequence[str | int]) -> tuple[type[BlockModel], str]:
    """The nested model that a path leads to, and its name."""
    for step in loc:
        below = next((i.annotation for n, i in model.model_fields.items() if (i.alias or n) == step), None)
        if not (isinstance(below, type) and issubclass(below, BlockModel)):
            break
        model, name = below, str(step)
    return model, name


def _about(model: type[BaseModel], key: str) -> str:
    info: FieldInfo | None = next((i for n, i in model.model_fields.items() if (i.alias or n) == key), None)
    return (info.description if info is not None else None) or "a value"
