"""Street furniture that is made by a generator instead of fetched: configs/street/furniture.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.paths import data_dir
from synthgen.placement.footprints import reach_of
from synthgen.recipe.params import Block
from synthgen.scene.builder import Surface

TAG = "street_furniture"


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn piece: its generator with parameters, its surfaces by slot, and its size (x, y, z) in metres."""

    mesh: str
    category: str
    params: Mapping[str, Any]
    materials: Mapping[str, Surface]
    size: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of furniture. kerbside: chance to stand at the kerb. turn: degrees from its back to the kerb or the wall.

    row: how many stand in a row, `spacing` apart."""

    mesh: str
    category: str
    weight: float
    kerbside: float
    materials: Mapping[str, str]
    params: Mapping[str, list[Any]] = field(default_factory=dict)
    seeds: int = 0
    turn: float = 0.0
    row: tuple[int, int] = (1, 1)
    spacing: float = 1.0

    def draw(self, store: Store, rng: np.random.Generator) -> Piece:
        """One of its variants."""
        params = {k: options[int(rng.integers(0, len(options)))] for k, options in self.params.items()}
        if self.seeds:
            params["seed"] = int(rng.integers(0, self.seeds))
        bounds = store.bounds(store.procedural(self.mesh, **params))
        surfaces = {slot: palette.named(name, rng) for slot, name in self.materials.items()}
        return Piece(self.mesh, self.category, params, surfaces, (*reach_of(bounds), float(bounds[1, 2])))


@cache
def _items() -> tuple[Made, ...]:
    data = yaml.safe_load((data_dir("configs") / "street" / "furniture.yaml").read_text("utf-8"))
    return tuple(Made(**{**item, "row": tuple(item.get("row", (1, 1)))}) for item in data["items"])


def made_furniture(block: Block) -> list[Made]:
    """What fits a populator's `assets`: nothing that is made has an id, a licence or a trademark."""
    given = block.params.get("assets") if "assets" in block.params else {}
    wanted = {k: v for k, v in given.items() if v not in (None, [])} if isinstance(given, Mapping) else {}
    tags, categories = _listed(wanted.pop("tag", TAG)), _listed(wanted.pop("category", None))
    wanted = {k: v for k, v in wanted.items() if not (k == "trademark" and v is False)}
    if wanted or TAG not in tags:
        return []
    return [item for item in _items() if not categories or item.category in categories]


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
