"""Recipes: strict YAML with line marks, pydantic models, distributions, JSON Schema.

`load_recipe` reads one, `lint` says what is wrong with it, `json_schema` describes it to an editor.
"""

from synthgen.recipe.header import parse_size
from synthgen.recipe.load import lint, load_recipe
from synthgen.recipe.params import Block, Draw, Params
from synthgen.recipe.recipe import Recipe, draw_lets, source_hash
from synthgen.recipe.schema import json_schema
from synthgen.recipe.values import Distribution, Ref, Value

__all__ = [
    "Block",
    "Distribution",
    "Draw",
    "Params",
    "Recipe",
    "Ref",
    "Value",
    "draw_lets",
    "json_schema",
    "lint",
    "load_recipe",
    "parse_size",
    "source_hash",
]
