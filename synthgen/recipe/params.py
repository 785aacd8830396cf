"""The parameters of a block of a recipe, and how they are drawn: every leaf from a stream of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.randomness import stream
from synthgen.recipe.values import Distribution, Ref, Value, draw_leaf


@dataclass(frozen=True, slots=True)
class Draw:
    """Where draws come from: a scene of a seed, the draws of `let`, and a suffix that tells views apart.

    suffix: "" for draws of the scene; f"@view{v}.{attempt}" for those of a view.
    """

    seed: int
    scene_index: int
    env: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = ""

    def rng(self, path: str, *, scope: str | None = None) -> np.random.Generator:
        """The stream of the leaf at `path`. With scope "scene" the suffix is left out: one draw for all views."""
        return stream(self.seed, self.scene_index, path if scope == "scene" else path + self.suffix)


class Params:
    """The values of a block by key, defaults filled in. Immutable.

    A value is a constant, a Distribution, a Ref, or a list or dict of them.
    """

    __slots__ = ("_values", "path")

    def __init__(self, values: Mapping[str, Value], path: str) -> None:
        self._values: dict[str, Value] = dict(values)
        self.path = path

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Params) and (self._values, self.path) == (other._values, other.path)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Params({self._values!r}, {self.path!r})"

    def get(self, name: str) -> Value:
        """The value as the recipe gives it, undrawn. Raises KeyError for an unknown name."""
        return self._values[name]

    def resolve(self, draw: Draw) -> dict[str, Any]:
        """All values as constants. The leaf `k` comes from the stream `<path>.k` of `draw`, and from nothing else."""
        return {name: _resolve(value, f"{self.path}.{name}", draw) for name, value in self._values.items()}

    def fixed(self, draw: Draw) -> Params:
        """These parameters with what is drawn once a scene (`per: scene`, and `$name`) made constant.

        A populator calls it once a scene, and then `sample` for every instance.
        """
        values = {name: _fix(value, f"{self.path}.{name}", draw) for name, value in self._values.items()}
        return Params(values, self.path)

    def sample(self, name: str, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        """Draws one value now, from `rng`: for what differs between instances. `env` has the draws of `let`."""
        return _sample(self._values[name], rng, env)


@dataclass(frozen=True, slots=True)
class Block:
    """A layout, light, populator or camera of a recipe: what kind, its parameters, and where its streams start.

    path: such as "layout.street" or "populate.1.pedestrians", where 1 counts the populators of that kind, so that a
    populator of another kind put before it moves nothing.
    """

    kind: str
    params: Params
    path: str


def _resolve(value: Any, path: str, draw: Draw) -> Any:
    if isinstance(value, dict):
        return {key: _resolve(item, f"{path}.{key}", draw) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, f"{path}.{at}", draw) for at, item in enumerate(value)]
    if isinstance(value, Distribution):
        return value.sample(draw.rng(path, scope=value.scope), draw.env)
    if isinstance(value, Ref):
        return draw.env[value.name]
    return value


def _fix(value: Any, path: str, draw: Draw) -> Any:
    if isinstance(value, dict):
        return {key: _fix(item, f"{path}.{key}", draw) for key, item in value.items()}
    if isinstance(value, list):
        return [_fix(item, f"{path}.{at}", draw) for at, item in enumerate(value)]
    if isinstance(value, Ref) or (isinstance(value, Distribution) and value.scope == "scene"):
        return _resolve(value, path, draw)
    return value


def _sample(value: Any, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
    if type(value) is float or type(value) is int:
        return value
    if isinstance(value, dict):
        return {key: _sample(item, rng, env) for key, item in value.items()}
    if isinstance(value, list):
        return [_sample(item, rng, env) for item in value]
    return draw_leaf(value, rng, env)
