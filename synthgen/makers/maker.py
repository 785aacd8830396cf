"""A maker draws one thing after another: a mesh by a generator with drawn parameters, and a surface for every slot.

Most are data: `configs/makers/*.yaml` names the generator, the lists and ranges that its parameters are drawn from,
and the surface of each slot (configs/materials/). Where a thing is more than that (a product's print is part of what it
is), code registers a function with `maker`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.layout import palette
from synthgen.paths import data_dir
from synthgen.scene.builder import Surface
from synthgen.scene.pose import IDENTITY, Matrix
from synthgen.scene.spec import MeshRef


@dataclass(frozen=True, slots=True)
class MadePart:
    """A further mesh of a thing that has a label of its own, in the thing's frame.

    own: it is an instance in its own right that stands on or in the thing (a carton on a pallet); else a part of it (a
    helmet, a door). relation: how what is its own belongs to the thing: `on`, `rides`, `pushed_by`, `carried_by`.
    """

    mesh: MeshRef
    category: str
    surfaces: Mapping[str, Surface]
    transform: Matrix = IDENTITY
    own: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    relation: str = "on"


@dataclass(frozen=True, slots=True)
class Made:
    """One drawn thing. Faces +X, stands on z = 0, origin in the middle of its foot.

    surfaces: by slot of the mesh. size: length (x), width (y), height (z) in metres, parts included. attributes: what a
    record says of it.
    """

    maker: str
    mesh: MeshRef
    category: str
    surfaces: Mapping[str, Surface]
    size: tuple[float, float, float]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[MadePart, ...] = ()


Draw = Callable[[Store, np.random.Generator], Made]


@dataclass(frozen=True, slots=True)
class Maker:
    """Something that can be drawn, as the library knows it. weight: how often, relative to others."""

    id: str
    category: str
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    draw: Draw
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """A maker as data. params: one of each list is drawn. ranges: [low, high, step], one of the steps is drawn.
    seeds: how many variants beside that. materials: slot -> name of a surface in configs/materials/."""

    id: str
    mesh: str
    category: str
    materials: Mapping[str, str]
    domains: list[str]
    tags: list[str] = field(default_factory=list)
    weight: float = 1.0
    params: Mapping[str, list[Any]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    seeds: int = 0

    def draw(self, store: Store, rng: np.random.Generator) -> Made:
        params = {k: options[int(rng.integers(0, len(options)))] for k, options in self.params.items()}
        for name, (low, high, step) in self.ranges.items():
            params[name] = round(low + step * int(rng.integers(0, round((high - low) / step) + 1)), 6)
        if self.seeds:
            params["seed"] = int(rng.integers(0, self.seeds))
        mesh = store.procedural(self.mesh, **params)
        surfaces = {slot: palette.named(self.materials[slot], rng) for slot in store.slots(mesh)}
        return made_of(store, self.id, mesh, self.category, surfaces, params)


def made_of(
    store: Store,
    maker_id: str,
    mesh: MeshRef,
    category: str,
    surfaces: Mapping[str, Surface],
    attributes: Mapping[str, Any],
) -> Made:
    """A thing whose size is its mesh's: twice the larger reach, because its footprint is centred on the origin."""
    low, high = store.bounds(mesh).tolist()
    length, width = (round(2 * max(abs(low[k]), abs(high[k])), 4) for k in range(2))
    return Made(maker_id, mesh, category, surfaces, (length, width, round(high[2], 4)), attributes)


_CODED: dict[str, Maker] = {}


def maker(
    maker_id: str, *, category: str, domains: tuple[str, ...], tags: tuple[str, ...] = (), weight: float = 1.0
) -> Callable[[Draw], Draw]:
    """Registers a maker that is code; a duplicate id is an error."""

    def register(draw: Draw) -> Draw:
        if maker_id in _CODED:
            raise ValueError(f"two makers are called {maker_id!r}")
        _CODED[maker_id] = Maker(maker_id, category, domains, tags, draw, weight)
        return draw

    return register


@cache
def all_makers() -> Mapping[str, Maker]:
    """Every maker by id, in the order of the files, then those that are code."""
    found: dict[str, Maker] = {}
    for path in sorted((data_dir("configs") / "makers").glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8"))["makers"]:
            entry = _Entry(**row)
            if entry.id in found or entry.id in _CODED:
                raise ValueError(f"{path.name}: two makers are called {entry.id!r}")
            found[entry.id] = Maker(
                entry.id, entry.category, tuple(entry.domains), tuple(entry.tags), entry.draw, entry.weight
            )
    return found | _CODED


def find_makers(
    *, domain: str | None = None, tag: str | None = None, category: str | None = None, id: str | None = None
) -> list[Maker]:
    """The makers that fit all that is asked; `id` may hold wildcards. Raises InputError where none does."""
    found = [
        m
        for m in all_makers().values()
        if (domain is None or domain in m.domains)
        and (tag is None or tag in m.tags)
        and (category is None or category == m.category)
        and (id is None or fnmatchcase(m.id, id))
    ]
    if not found:
        asked = {"domain": domain, "tag": tag, "category": category, "id": id}
        said = ", ".join(f"{k} {v!r}" for k, v in asked.items() if v is not None)
        raise InputError.of(f"nothing is made of {said}", hint="synthgen assets list --made 1 says what is")
    return found
