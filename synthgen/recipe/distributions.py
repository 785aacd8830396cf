"""The distributions of a recipe, by name.

Arguments may themselves be `$name` or distributions ({uniform: [0, $lanes]}, {choice: [{uniform: [0, 1]}, 5]}); an
argument is refused where any value of its support makes the distribution impossible.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any, TypeVar

import numpy as np

from synthgen.recipe.drawable import NUMBER, WHOLE, Drawable, bounds, leaf, ordered, pair, pair_schema
from synthgen.recipe.findings import suggest
from synthgen.recipe.values import (
    SCOPES,
    BadValue,
    Constant,
    Interval,
    Leaf,
    Support,
    check_constant,
    draw_leaf,
    references,
    shown,
    support_of,
)
from synthgen.recipe.yamlfile import resolve_scalar

DISTRIBUTIONS: dict[str, type[Drawable]] = {}
"""Every distribution by the word that names it. A package of a user's own may add to it with `distribution`."""

_LARGEST_WHOLE = 2**53
_FARTHEST_WINDOW = 7.0
_STANDARD_NORMAL = NormalDist()

_Made = TypeVar("_Made", bound="type[Drawable]")


def distribution(made: _Made) -> _Made:
    """Registers a distribution under its `name`; a duplicate is an error."""
    if made.name in DISTRIBUTIONS:
        raise ValueError(f"two distributions are named {made.name!r}")
    DISTRIBUTIONS[made.name] = made
    return made


def is_distribution(data: Any) -> bool:
    """Does a mapping look like a distribution: one known name, and at most `per` beside it?"""
    return isinstance(data, Mapping) and len(set(data) - {"per"}) == 1 and not DISTRIBUTIONS.keys().isdisjoint(data)


def parse_distribution(data: Mapping[str, Any]) -> Drawable:
    """Makes a distribution from `{name: body}` or `{name: body, per: scope}`. Raises BadValue."""
    names = [key for key in data if key != "per"]
    known = [key for key in names if key in DISTRIBUTIONS]
    if not known:
        if not names:
            raise BadValue("an empty mapping where a value is expected", "write a value, or {uniform: [a, b]}")
        raise BadValue(
            f"there is no distribution {names[0]!r}", suggest(names[0], DISTRIBUTIONS), (names[0],), on_key=True
        )
    if len(names) > 1:
        other = next(key for key in names if key != known[0])
        hint = "keep one of the two" if other in DISTRIBUTIONS else suggest(other, ["per"])
        raise BadValue(f"{other!r} cannot stand beside {known[0]!r}", hint, (other,), on_key=True)
    scope = data.get("per")
    if "per" in data and scope not in SCOPES:
        raise BadValue(f"`per` is {shown(scope)}", suggest(str(scope), SCOPES), ("per",))
    try:
        return DISTRIBUTIONS[known[0]].parse(data[known[0]], scope)
    except BadValue as error:
        raise error.below(known[0]) from None


@distribution
@dataclass(frozen=True, slots=True)
class Uniform(Drawable):
    """{uniform: [a, b]}: any number from a to b, all equally likely."""

    name = "uniform"
    about = "any number from a to b, all equally likely: {uniform: [a, b]}"
    yields = frozenset({"number"})
    low: Leaf
    high: Leaf
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Uniform:
        return cls(*pair(body, cls.name), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return pair_schema(NUMBER)

    def support(self, env: Mapping[str, Support]) -> Support:
        return (ordered(self.name, self.low, self.high, env)[0],)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> float:
        low, high = float(draw_leaf(self.low, rng, env)), float(draw_leaf(self.high, rng, env))
        return min(max(low + (high - low) * rng.random(), low), high)


@distribution
@dataclass(frozen=True, slots=True)
class LogUniform(Drawable):
    """{loguniform: [a, b]}: the logarithm is uniform, so that 1 to 10 is as likely as 10 to 100."""

    name = "loguniform"
    about = "numbers above 0 whose logarithm is uniform (1 to 10 as likely as 10 to 100): {loguniform: [a, b]}"
    yields = frozenset({"number"})
    low: Leaf
    high: Leaf
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> LogUniform:
        return cls(*pair(body, cls.name), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return pair_schema(NUMBER)

    def support(self, env: Mapping[str, Support]) -> Support:
        interval, _ = ordered(self.name, self.low, self.high, env)
        if interval.low <= 0:
            what = f"loguniform: the lowest is {shown(interval.low)}, but only numbers above 0 have a logarithm"
            raise BadValue(what, "start above 0, or use uniform", (0,))
        return (interval,)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> float:
        low, high = float(draw_leaf(self.low, rng, env)), float(draw_leaf(self.high, rng, env))
        drawn = low * math.exp(math.log(high / low) * rng.random())
        return min(max(drawn, low), high)


@distribution
@dataclass(frozen=True, slots=True)
class Normal(Drawable):
    """{normal: {mean, std, min, max}}: the bell curve, cut off at min and max where they are given."""

    name = "normal"
    about = "the bell curve, cut off at min and max where given: {normal: {mean: m, std: s, min: a, max: b}}"
    yields = frozenset({"number"})
    mean: Leaf
    std: Leaf
    min: Leaf = None
    max: Leaf = None
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Normal:
        if not isinstance(body, dict):
            raise BadValue("normal needs a mapping", "write {normal: {mean: m, std: s, min: a, max: b}}")
        keys = ("mean", "std", "min", "max")
        for key in body:
            if key not in keys:
                raise BadValue(f"normal has no {key!r}", suggest(key, keys), (key,), on_key=True)
        for key in ("mean", "std"):
            if body.get(key) is None:
                raise BadValue(f"normal lacks {key!r}", "write {normal: {mean: m, std: s, min: a, max: b}}")
        mean, std, low, high = (leaf(body.get(key), key) for key in keys)
        return cls(mean, std, low, high, scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        properties = dict.fromkeys(("mean", "std", "min", "max"), NUMBER)
        return {"type": "object", "properties": properties, "required": ["mean", "std"], "additionalProperties": False}

    def support(self, env: Mapping[str, Support]) -> Support:
        mean_least, mean_most, _ = bounds(self.mean, env, "the mean of normal", "mean")
        std_least, _, _ = bounds(self.std, env, "the std of normal", "std")
        if std_least < 0:
            raise BadValue(f"normal: std is {shown(std_least)}", "a standard deviation is 0 or more", ("std",))
        low_least, low_most, high_least, high_most = -math.inf, -math.inf, math.inf, math.inf
        if self.min is not None:
            low_least, low_most, _ = bounds(self.min, env, "the min of normal", "min")
        if self.max is not None:
            high_least, high_most, _ = bounds(self.max, env, "the max of normal", "max")
        if low_most > high_least:
            what = f"normal: min, {shown(low_most)}, is above max, {shown(high_least)}"
            raise BadValue(what, "swap the two", ("min",))
        reach = _FARTHEST_WINDOW * std_least
        if low_most > mean_least + reach or high_least < mean_most - reach:
            what = f"normal: min to max lies over {_FARTHEST_WINDOW:g} std from the mean, where nothing falls"
            raise BadValue(what, "move the mean, or widen std or the limits")
        _, std_most, _ = bounds(self.std, env, "the std of normal", "std")
        if std_most == 0:
            return (Interval(mean_least, mean_most),)
        return (Interval(low_least, high_most),)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> float:
        mean, std = float(draw_leaf(self.mean, rng, env)), float(draw_leaf(self.std, rng, env))
        low = -math.inf if self.min is None else float(draw_leaf(self.min, rng, env))
        high = math.inf if self.max is None else float(draw_leaf(self.max, rng, env))
        # By the inverse of the distribution function: one draw whatever is cut off, and none is thrown away.
        share = rng.random()
        if std == 0:
            return mean
        below, above = _window(mean, std, low, high)
        level = min(max(below + (above - below) * share, 1e-300), 1 - 2**-53)
        return min(max(mean + std * _STANDARD_NORMAL.inv_cdf(level), low), high)


@lru_cache(maxsize=256)
def _window(mean: float, std: float, low: float, high: float) -> tuple[float, float]:
    """The shares of the bell curve below the two limits."""
    return _share_below((low - mean) / std), _share_below((high - mean) / std)


def _share_below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@distribution
@dataclass(frozen=True, slots=True)
class RandInt(Drawable):
    """{randint: [a, b]}: a whole number from a to b, both ends included."""

    name = "randint"
    about = "a whole number from a to b, both included: {randint: [a, b]}"
    yields = frozenset({"number", "whole"})
    low: Leaf
    high: Leaf
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> RandInt:
        return cls(*pair(body, cls.name), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return pair_schema(WHOLE)

    def support(self, env: Mapping[str, Support]) -> Support:
        interval, whole = ordered(self.name, self.low, self.high, env)
        if not whole:
            raise BadValue("randint needs whole numbers", "use uniform for fractions")
        if max(-interval.low, interval.high) > _LARGEST_WHOLE:
            raise BadValue(f"randint goes beyond {_LARGEST_WHOLE}", "use smaller numbers")
        return (Interval(interval.low, interval.high, whole=True),)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> int:
        low, high = int(draw_leaf(self.low, rng, env)), int(draw_leaf(self.high, rng, env))
        return int(rng.integers(low, high, endpoint=True))


@distribution
@dataclass(frozen=True, slots=True)
class Choice(Drawable):
    """{choice: [x, y, z]}: one of the list, all equally likely."""

    name = "choice"
    about = "one of a list, all equally likely: {choice: [x, y, z]}"
    yields = frozenset({"number", "whole", "word", "flag"})
    items: tuple[Leaf, ...]
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Choice:
        if not isinstance(body, list) or not body:
            raise BadValue("choice needs a list of at least one value", "write {choice: [x, y, z]}")
        return cls(tuple(leaf(item, at) for at, item in enumerate(body)), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": item, "minItems": 1}

    def support(self, env: Mapping[str, Support]) -> Support:
        parts: list[Interval | Constant] = []
        for at, item in enumerate(self.items):
            try:
                parts.extend(support_of(item, env))
            except BadValue as error:
                raise error.below(at) from None
        return tuple(parts)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        return draw_leaf(self.items[int(rng.integers(len(self.items)))], rng, env)


@distribution
@dataclass(frozen=True, slots=True)
class Weighted(Drawable):
    """{weighted: {x: 3, y: 1}}: x three times as often as y. Their order does not matter."""

    name = "weighted"
    about = "one of several, each as likely as its weight says: {weighted: {x: 3, y: 1}}"
    yields = frozenset({"number", "whole", "word", "flag"})
    items: tuple[bool | int | float | str | None, ...]
    weights: tuple[Leaf, ...]
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Weighted:
        if not isinstance(body, dict) or not body:
            raise BadValue("weighted needs a mapping from values to weights", "write {weighted: {x: 3, y: 1}}")
        # Sorted, so that the draw does not change with the order, which a canonical JSON of the recipe loses.
        keys = sorted(body)
        for key in keys:
            if key.startswith("$") and not key.startswith("$$"):
                raise BadValue(f"{key} as a value of weighted", "values are constants; use choice for draws", (key,))
        items = tuple(resolve_scalar(key.removeprefix("$") if key.startswith("$$") else key) for key in keys)
        for key, item in zip(keys, items, strict=True):
            check_constant(item, key)
        return cls(items, tuple(leaf(body[key], key) for key in keys), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": NUMBER, "minProperties": 1}

    def support(self, env: Mapping[str, Support]) -> Support:
        possible: list[Constant] = []
        largest = 0.0
        for item, weight in zip(self.items, self.weights, strict=True):
            least, most, _ = bounds(weight, env, f"the weight of {shown(item)}", str(item))
            if least < 0:
                raise BadValue(f"the weight of {shown(item)} is {shown(least)}", "weights are 0 or more", (str(item),))
            largest = max(largest, least)
            if most > 0:
                possible.append(Constant(item))
        if largest == 0:
            raise BadValue("weighted: all weights are 0", "give at least one a weight above 0")
        return tuple(possible)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        weights = [float(draw_leaf(weight, rng, env)) for weight in self.weights]
        level = rng.random() * math.fsum(weights)
        for item, weight in zip(self.items, weights, strict=True):
            if level < weight:
                return item
            level -= weight
        return next(i for i, w in zip(reversed(self.items), reversed(weights), strict=True) if w > 0)


@distribution
@dataclass(frozen=True, slots=True)
class Bernoulli(Drawable):
    """{bernoulli: p}: true with probability p, else false."""

    name = "bernoulli"
    about = "true with probability p, else false: {bernoulli: p}"
    yields = frozenset({"flag"})
    probability: Leaf
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Bernoulli:
        return cls(leaf(body), scope)

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        return dict(NUMBER)

    def support(self, env: Mapping[str, Support]) -> Support:
        least, most, _ = bounds(self.probability, env, "the probability of bernoulli")
        if least < 0 or most > 1:
            wrong = least if least < 0 else most
            raise BadValue(f"bernoulli: {shown(wrong)} is not a probability", "give a number from 0 to 1")
        return tuple(Constant(value) for value, can in ((True, most > 0), (False, least < 1)) if can)

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> bool:
        return bool(rng.random() < draw_leaf(self.probability, rng, env))


_OF, _ELSE = "of", "else"


@distribution
@dataclass(frozen=True, slots=True)
class Case(Drawable):
    """{case: {of: $name, x: a, y: b, else: c}}: a where the draw `name` is x, b where it is y, else c."""

    name = "case"
    about = "what goes with the value of another draw: {case: {of: $weather, clear: 5000, else: {uniform: [200, 900]}}}"
    yields = frozenset({"number", "whole", "word", "flag"})
    of: Leaf
    values: tuple[bool | int | float | str | None, ...]
    leaves: tuple[Leaf, ...]
    other: Leaf = None
    has_other: bool = False
    scope: str | None = None

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Case:
        if not isinstance(body, dict) or _OF not in body or len(body) < 2:
            raise BadValue("case needs `of` and what goes with its values", "write {case: {of: $name, x: a, else: b}}")
        of = leaf(body[_OF], _OF)
        if not references(of):
            raise BadValue("case: `of` is no draw", "write of: $name, a draw of `let`", (_OF,))
        # Sorted, as the values of `weighted` are.
        keys = sorted(key for key in body if key not in (_OF, _ELSE))
        values = tuple(resolve_scalar(key) for key in keys)
        return cls(
            of, values, tuple(leaf(body[key], key) for key in keys), leaf(body.get(_ELSE), _ELSE), _ELSE in body, scope
        )

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        reference = {"$ref": "#/$defs/reference"}
        return {"type": "object", "properties": {_OF: reference}, "required": [_OF], "additionalProperties": item}

    def support(self, env: Mapping[str, Support]) -> Support:
        possible = support_of(self.of, env)
        known = [part.value for part in possible if isinstance(part, Constant)]
        every = len(known) == len(possible)
        found: list[Interval | Constant] = []
        for value, item in zip(self.values, self.leaves, strict=True):
            # A draw that is set to one value, as by --set, leaves the other cases idle: no reason to refuse them.
            if every and len(known) > 1 and not any(_same(value, other) for other in known):
                raise BadValue(
                    f"case: the draw is never {shown(value)}", suggest(str(value), [str(v) for v in known]),
                    (str(value),), on_key=True,
                )  # fmt: skip
            found.extend(self._part(item, env, str(value)))
        missing = [v for v in known if not any(_same(v, value) for value in self.values)]
        if self.has_other:
            found.extend(self._part(self.other, env, _ELSE))
        elif missing or not every:
            what = f"case says nothing of {shown(missing[0])}" if missing else "case says nothing of other values"
            raise BadValue(what, "add it, or `else`")
        return tuple(found)

    @staticmethod
    def _part(item: Leaf, env: Mapping[str, Support], at: str) -> Support:
        try:
            return support_of(item, env)
        except BadValue as error:
            raise error.below(at) from None

    def sample(self, rng: np.random.Generator, env: Mapping[str, Any]) -> Any:
        drawn = draw_leaf(self.of, rng, env)
        for value, item in zip(self.values, self.leaves, strict=True):
            if _same(value, drawn):
                return draw_leaf(item, rng, env)
        return draw_leaf(self.other, rng, env)


def _same(one: Any, other: Any) -> bool:
    """Equal as constants of a recipe: 1 is 1.0, but true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
