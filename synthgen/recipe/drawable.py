"""What the distributions of a recipe have in common: how they are read, described, and refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from synthgen.recipe.values import (
    BadValue,
    Distribution,
    Interval,
    Leaf,
    Support,
    numeric_bounds,
    parse_leaf,
    shown,
    support_of,
)

NUMBER = {"$ref": "#/$defs/number"}
WHOLE = {"$ref": "#/$defs/whole"}
"""JSON Schemas of an argument that must be a number, a whole number."""


class Drawable(Distribution):
    """A distribution that can be made from a recipe and described in a JSON Schema."""

    about: ClassVar[str]
    yields: ClassVar[frozenset[str]]
    """Of "number", "whole", "word", "flag": what it can yield, for the JSON Schema."""

    @classmethod
    def parse(cls, body: Any, scope: str | None) -> Drawable:
        """Makes it from what stands after its name. Raises BadValue."""
        raise NotImplementedError

    @classmethod
    def schema(cls, item: dict[str, Any]) -> dict[str, Any]:
        """JSON Schema of what stands after its name; `item` is that of a value which it may yield."""
        raise NotImplementedError


def leaf(data: Any, *at: str | int) -> Leaf:
    """An argument of a distribution, which stands at `at` in its body. Raises BadValue."""
    try:
        value = parse_leaf(data)
    except BadValue as error:
        raise error.below(*at) from None
    if isinstance(value, Distribution) and value.scope is not None:
        raise BadValue("`per` belongs to the outer distribution", "move it there", (*at, "per"))
    return value


def pair(body: Any, name: str) -> tuple[Leaf, Leaf]:
    """The two arguments of a body `[lowest, highest]`. Raises BadValue."""
    if not isinstance(body, list) or len(body) != 2:
        raise BadValue(f"{name} needs a list of two numbers", f"write {{{name}: [lowest, highest]}}")
    return leaf(body[0], 0), leaf(body[1], 1)


def bounds(value: Leaf, env: Mapping[str, Support], what: str, *at: str | int) -> tuple[float, float, bool]:
    """(lowest, highest, are all whole) of an argument that must be a number. Raises BadValue."""
    try:
        return numeric_bounds(support_of(value, env), what)
    except BadValue as error:
        raise error.below(*at) from None


def ordered(name: str, low: Leaf, high: Leaf, env: Mapping[str, Support]) -> tuple[Interval, bool]:
    """The interval from two arguments, refused where the first may exceed the second; and are both always whole."""
    low_least, low_most, low_whole = bounds(low, env, f"the lowest of {name}", 0)
    high_least, high_most, high_whole = bounds(high, env, f"the highest of {name}", 1)
    if low_most > high_least:
        what = f"{name}: the lowest, {shown(low_most)}, is above the highest, {shown(high_least)}"
        raise BadValue(what, "swap the two" if low_least == low_most and high_least == high_most else "narrow them")
    if not math.isfinite(high_most - low_least):
        raise BadValue(f"{name}: the numbers are too far apart", "use smaller numbers")
    return Interval(low_least, high_most), low_whole and high_whole


def pair_schema(argument: Mapping[str, Any]) -> dict[str, Any]:
    """JSON Schema of such a body."""
    return {"type": "array", "items": dict(argument), "minItems": 2, "maxItems": 2}
