"""What may stand where a recipe wants a scalar: a constant, `$name`, or a distribution; and what it can become.

A value knows its *support*: the constants and intervals that it can yield. Whether a recipe is possible is decided
on supports, before anything is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np

from synthgen.recipe.findings import suggest

_LARGEST = 10**18

SCOPES = ("scene", "view", "instance")


class BadValue(ValueError):
    """A value that cannot stand where it does.

    at: leads from the scalar to the culprit inside a distribution. on_key: the culprit is the key, not what it holds.
    """

    def __init__(self, what: str, hint: str = "", at: tuple[str | int, ...] = (), *, on_key: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.at = at
        self.on_key = on_key

    def below(self, *at: str | int) -> BadValue:
        """The same, seen from further out."""
        return BadValue(self.what, self.hint, (*at, *self.at), on_key=self.on_key)


def unknown_draw(name: str, known: Iterable[str]) -> BadValue:
    """The refusal of a `$name` that `let` does not draw."""
    return BadValue(f"${name} is not a draw of `let`", suggest(name, known, of="drawn"))


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high, both included; whole numbers only where `whole`."""

    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """One value that can come out."""

    value: bool | int | float | str | None


Support: TypeAlias = tuple[Interval | Constant, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """`$name`: the draw of that name in `let`."""

    name: str

    def support(self, env: Mapping[str, Support]) -> Support:
        """The support of the named draw. Raises BadValue for an unknown name."""
        if self.name not in env:
            raise unknown_draw(self.name, env)
        return env[self.name]

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        """The draw itself; takes nothing from `rng`."""
        return env[self.name]

    def written(self) -> str:
        return f"${self.name}"


class Distribution:
    """Base of all distributions. A subclass is a frozen dataclass that `parse` makes from what the recipe says."""

    name: ClassVar[str]
    scope: str | None

    def support(self, env: Mapping[str, Support]) -> Support:
        """What can come out. Raises BadValue, placed within its body, where the arguments are impossible."""
        raise NotImplementedError

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        """One draw: a Python bool, int, float, str or None. `env` has the draws of `let`."""
        raise NotImplementedError


Leaf: TypeAlias = "bool | int | float | str | Ref | Distribution | None"
Value: TypeAlias = "Leaf | list[Value] | dict[str, Value]"


def check_constant(data: Any, *at: str | int) -> None:
    """Refuses the numbers that JSON or numpy cannot hold."""
    if isinstance(data, float) and not math.isfinite(data):
        raise BadValue(f"{data} is not a finite number", "give a finite number", at)
    if isinstance(data, int) and abs(data) > _LARGEST:
        raise BadValue("a number of over 18 digits", "give a smaller number", at)


def parse_leaf(data: Any) -> Leaf:
    """A constant, Ref or Distribution from plain YAML data. Raises BadValue.

    `$$` at the start of a word stands for a plain `$`.
    """
    if isinstance(data, dict):
        from synthgen.recipe.distributions import parse_distribution

        return parse_distribution(data)
    if isinstance(data, list):
        raise BadValue("a list where a single value is expected", "draw from several with {choice: [...]}")
    check_constant(data)
    if isinstance(data, str) and data.startswith("$"):
        if data.startswith("$$"):
            return data[1:]
        if len(data) == 1:
            raise BadValue("`$` without a name", "write $name for a draw of `let`, or $$ for the character")
        return Ref(data[1:])
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    raise BadValue(f"{data!r} is not a value of a recipe")


def support_of(value: Leaf, env: Mapping[str, Support]) -> Support:
    """The support of any leaf; `env` has the supports of the draws of `let`."""
    if isinstance(value, Distribution):
        try:
            return value.support(env)
        except BadValue as error:
            raise error.below(value.name) from None
    return value.support(env) if isinstance(value, Ref) else (Constant(value),)


_PLAIN = frozenset({bool, int, float, str, type(None)})


def draw_leaf(value: Any, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
    """The constant that a leaf becomes: itself, a draw of `let`, or one draw from `rng`."""
    if type(value) in _PLAIN:  # spares the slow question whether it is a distribution
        return value
    if isinstance(value, (Ref, Distribution)):
        return value.sample(rng, env)
    return value


def references(value: Any) -> list[str]:
    """Names of all `let` draws that a value leans on, in the order they stand."""
    if isinstance(value, Ref):
        return [value.name]
    if isinstance(value, Distribution):
        return [
            name for slot in getattr(value, "__dataclass_fields__", {}) for name in references(getattr(value, slot))
        ]
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in references(item)]
    if isinstance(value, (list, tuple)):
        return [name for item in value for name in references(item)]
    return []


def numeric_bounds(support: Support, what: str) -> tuple[float, float, bool]:
    """(lowest, highest, are all whole numbers) of a support. Raises BadValue unless every part is a number."""
    low, high, whole = math.inf, -math.inf, True
    for part in support:
        if isinstance(part, Interval):
            low, high, whole = min(low, part.low), max(high, part.high), whole and part.whole
        elif isinstance(part.value, (bool, str)) or part.value is None:
            raise BadValue(f"{what} must be a number, not {shown(part.value)}")
        else:
            low, high = min(low, part.value), max(high, part.value)
            whole = whole and isinstance(part.value, int)
    return low, high, whole


def shown(value: Any) -> str:
    """A constant as a recipe writes it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
