"""The checked recipe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthgen.recipe.lets import draw_lets_of
from synthgen.recipe.params import Block, Draw, Params
from synthgen.recipe.values import Leaf

APART_FROM_HASH = ("size", "preset")
"""Keys that a command-line option may override; a dataset records what held in the end by itself."""


@dataclass(frozen=True)
class Recipe:
    """A checked recipe. Distributions are undrawn: `layout.params.resolve(Draw(seed, scene_index, lets))` draws.

    packs: the asset packs it names. licences: those that assets may have, None for any. trademark: may they show
    brands? size: (width, height) in pixels. render: every key of the render preset, with the recipe's own over it.
    lets: in an order in which each leans only on those before it. truth: what is written beside pictures and labels,
    in the order of `synthgen.truth.TRUTHS`. source: the whole recipe as plain JSON-able data, includes and overrides
    worked in, distributions as written, no defaults. hash: 32 hex digits over `source` without size and preset; the
    seed has no part in it.
    """

    name: str
    description: str
    taxonomy: str
    packs: tuple[str, ...]
    licences: tuple[str, ...] | None
    trademark: bool
    size: tuple[int, int]
    preset: str
    render: dict[str, Any]
    views_per_scene: int
    date: str
    output_licence: str
    seed: int
    lets: dict[str, Leaf]
    layout: Block
    light: Block
    populate: tuple[Block, ...]
    camera: Block
    sensor: Params
    checks: Params
    labels: Params
    truth: tuple[str, ...]
    source: dict[str, Any]
    hash: str
    path: Path


def draw_lets(recipe: Recipe, draw: Draw) -> dict[str, Any]:
    """The draws of `let` of one scene. Give them as `env` to the Draw of the blocks; `draw.env` is not used."""
    return draw_lets_of(recipe.lets, draw)


def source_hash(source: Mapping[str, Any]) -> str:
    """32 hex digits: BLAKE2b over the canonical JSON of a recipe's source without size and preset."""
    kept = {key: value for key, value in source.items() if key not in APART_FROM_HASH}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
