"""The kinds of field a recipe's models are made of: number, whole number, flag, word, text.

Each accepts a constant, `$name` or a distribution, checks that every value of its support is allowed, and describes
itself in the JSON Schema. A field marked `fixed` takes constants only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from synthgen.recipe.findings import suggest
from synthgen.recipe.values import (
    BadValue,
    Constant,
    Distribution,
    Interval,
    Support,
    parse_leaf,
    references,
    shown,
    support_of,
    unknown_draw,
)

_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")

ERROR = "recipe"
"""The type of our own pydantic errors; their context has what a BadValue has."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a field must know of the rest of the recipe.

    lets: supports of the draws of `let`; a draw that is itself refused is absent from `lets` and named in `broken`.
    scopes: what `per:` may say here. categories: those of the taxonomy; None where it is unknown.
    """

    lets: Mapping[str, Support] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ("scene",)
    categories: tuple[str, ...] | None = None


def failure(error: BadValue) -> PydanticCustomError:
    """The pydantic error that carries a BadValue."""
    return PydanticCustomError(
        ERROR, "{what}", {"what": error.what, "hint": error.hint, "at": error.at, "on_key": error.on_key}
    )


def checked(check: Callable[[Any, Context], Any], value: Any, context: Any) -> Any:
    """Runs a check, handing its BadValue on to pydantic."""
    try:
        return check(value, context if isinstance(context, Context) else Context())
    except BadValue as error:
        raise failure(error) from None


class FieldKind:
    """Base of the kinds of field. A subclass says what one support may hold, and its constant's JSON Schema."""

    yields: ClassVar[str]
    fixed: bool
    scopes: tuple[str, ...] = ()
    """What `per:` may say, where that differs from the model's."""

    def allow(self, support: Support) -> None:
        """Raises BadValue unless every value of the support is allowed."""
        raise NotImplementedError

    def constant_schema(self) -> dict[str, Any]:
        """JSON Schema of a constant."""
        raise NotImplementedError

    def range(self) -> str:
        """What is allowed, in words."""
        raise NotImplementedError

    def check(self, data: Any, context: Context) -> Any:
        """The parsed leaf. Raises BadValue."""
        if self.fixed and (isinstance(data, dict) or (isinstance(data, str) and data.startswith("$"))):
            raise BadValue("a distribution where only a constant can stand", "give one value")
        value = parse_leaf(data)
        scopes = self.scopes or context.scopes
        if isinstance(value, Distribution) and value.scope is not None and value.scope not in scopes:
            here = " or ".join(scopes)
            raise BadValue(
                f"`per: {value.scope}` has no meaning here", f"what stands here is drawn per {here}", ("per",)
            )
        leans_on = references(value)
        for name in leans_on:
            if name not in context.lets and name not in context.broken:
                raise unknown_draw(name, [*context.lets, *context.broken])
        if context.broken.isdisjoint(leans_on):
            self.allow(support_of(value, context.lets))
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            lambda data, info: checked(self.check, data, info.context),
        )

    def schema(self) -> dict[str, Any]:
        """JSON Schema of everything the field accepts."""
        constant = self.constant_schema()
        if self.fixed:
            return constant
        drawn = [{"$ref": "#/$defs/reference"}, {"$ref": f"#/$defs/drawn_{self.yields}"}]
        return {"anyOf": [constant, *drawn]}


def _advice(part: Interval, low: float, high: float) -> str:
    if math.isinf(part.low) or math.isinf(part.high):
        return "give the distribution a min and a max within the range"
    return f"stay within {_end(low)} and {_end(high)}" if not math.isinf(high) else f"stay at {_end(low)} or above"


@dataclass(frozen=True)
class Number(FieldKind):
    """A number from low to high in `unit`; `above` leaves low itself out.

    whole: no fractions. step: multiples of it only. among: these constants only.
    """

    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    above: bool = False
    whole: bool = False
    fixed: bool = False
    step: int = 1
    scopes: tuple[str, ...] = ()
    among: tuple[int, ...] = ()

    @property
    def yields(self) -> str:  # type: ignore[override]
        return "whole" if self.whole else "number"

    def range(self) -> str:
        """The allowed range in words."""
        unit = f" {self.unit}" if self.unit else ""
        start = "above " if self.above else ""
        if self.among:
            return f"one of {', '.join(map(str, self.among))}{unit}"
        start = "above " if self.above else ""
        if self.step != 1:
            unit += f", a multiple of {self.step}"
        if math.isinf(self.low) and math.isinf(self.high):
            return f"a number{unit}"
        if self.low == self.high:
            return f"{_end(self.low)}{unit}"
        if math.isinf(self.high):
            return f"{start}{_end(self.low)}{unit}" + ("" if self.above else " or more")
        return f"{start}{_end(self.low)} to {_end(self.high)}{unit}"

    def check(self, data: Any, context: Context) -> Any:
        if self.whole and isinstance(data, float) and data.is_integer():
            data = int(data)
        return super().check(data, context)

    def allow(self, support: Support) -> None:
        for part in support:
            if isinstance(part, Interval):
                self._allow_interval(part)
            else:
                self._allow_constant(part.value)

    def _allow_constant(self, value: bool | int | float | str | None) -> None:
        kind = "a whole number" if self.whole else "a number"
        if value is None or isinstance(value, (bool, str)):
            given = f"the word {shown(value)}" if isinstance(value, str) else shown(value)
            raise BadValue(f"{given} where {kind} is expected", f"give {self.range()}")
        if self.whole and not isinstance(value, int):
            raise BadValue(f"{shown(value)} where a whole number is expected", f"give {self.range()}")
        if self._outside(value, value) or (self.among and value not in self.among):
            raise BadValue(f"{shown(value)} is out of range", f"give {self.range()}")
        if self.step != 1 and value % self.step:
            raise BadValue(f"{shown(value)} is not a multiple of {self.step}", f"give {self.range()}")

    def _allow_interval(self, part: Interval) -> None:
        if self.whole and not part.whole:
            raise BadValue("a distribution of fractions where whole numbers are expected", "use randint or choice")
        if self._outside(part.low, part.high):
            ends = f"{_end(part.low)} to {_end(part.high)}"
            what = f"a distribution over {ends} can leave the allowed range ({self.range()})"
            raise BadValue(what, _advice(part, self.low, self.high))
        if self.step != 1 and (part.low != part.high or part.low % self.step):
            raise BadValue(
                f"a range of whole numbers where multiples of {self.step} are expected", "use choice or weighted"
            )

    def _outside(self, low: float, high: float) -> bool:
        return low < self.low or (self.above and low <= self.low) or high > self.high

    def constant_schema(self) -> dict[str, Any]:
        if self.among:
            return {"enum": list(self.among)}
        schema: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        if not math.isinf(self.low):
            schema["exclusiveMinimum" if self.above else "minimum"] = _plain(self.low)
        if not math.isinf(self.high):
            schema["maximum"] = _plain(self.high)
        if self.step != 1:
            schema["multipleOf"] = self.step
        return schema


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _end(value: float) -> str:
    return ("minus " if value < 0 else "") + "infinity" if math.isinf(value) else str(_plain(value))


@dataclass(frozen=True)
class Flag(FieldKind):
    """true or false. optional: may be left out (None)."""

    fixed: bool = False
    optional: bool = False
    yields: ClassVar[str] = "flag"

    def range(self) -> str:
        return "true or false"

    def check(self, data: Any, context: Context) -> Any:
        return None if data is None and self.optional else super().check(data, context)

    def allow(self, support: Support) -> None:
        for part in support:
            if isinstance(part, Interval) or not isinstance(part.value, bool):
                given = "numbers" if isinstance(part, Interval) else shown(part.value)
                raise BadValue(f"{given} where true or false is expected", "write true, false or {bernoulli: p}")

    def constant_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Word(FieldKind):
    """One of a few words."""

    options: tuple[str, ...]
    fixed: bool = False
    yields: ClassVar[str] = "word"

    def range(self) -> str:
        return ", ".join(self.options)

    def allow(self, support: Support) -> None:
        for part in support:
            if isinstance(part, Interval):
                raise BadValue("numbers where a word is expected", f"one of {self.range()}")
            if part.value not in self.options:
                listed = f"one of {self.range()}"
                hint = suggest(part.value, self.options) if isinstance(part.value, str) else listed
                raise BadValue(f"{shown(part.value)} is not allowed here", hint)

    def constant_schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Text(FieldKind):
    """Any text, checked by `accept`, which returns what is wrong with it and what to try, or None.

    example: what to show where a number or so stands instead of text.
    """

    accept: Callable[[str], tuple[str, str] | None] = lambda text: None
    pattern: str = ""
    example: str = ""
    fixed: bool = True
    yields: ClassVar[str] = "word"

    def range(self) -> str:
        return f"such as {self.example}" if self.example else "text"

    def allow(self, support: Support) -> None:
        for part in support:
            if isinstance(part, Interval) or not isinstance(part.value, str):
                given = "numbers" if isinstance(part, Interval) else shown(part.value)
                hint = f"write it like {self.example}" if self.example else "put it in quotes"
                raise BadValue(f"{given} where text is expected", hint)
            if wrong := self.accept(part.value):
                raise BadValue(*wrong)

    def check(self, data: Any, context: Context) -> Any:
        if not (self.fixed and isinstance(data, str)):
            return super().check(data, context)
        # A text of the header may begin with `$`.
        self.allow((Constant(data),))
        return data

    def constant_schema(self) -> dict[str, Any]:
        return {"type": "string", **({"pattern": self.pattern} if self.pattern else {})}


@dataclass(frozen=True)
class Names(FieldKind):
    """One word, or a list of words without repeats. Constants only; always comes out as a list.

    kind: "category" (of the taxonomy), "licence" (an SPDX name) or "" (any word). optional: may be left out (None).
    among: these words only, if given; there may then be none.
    """

    kind: str = ""
    optional: bool = False
    among: tuple[str, ...] = ()
    fixed: bool = True
    yields: ClassVar[str] = "word"

    def range(self) -> str:
        return f"any of {', '.join(self.among)}" if self.among else "a word or a list of words"

    def check(self, data: Any, context: Context) -> Any:
        if data is None and self.optional:
            return None
        items = data if isinstance(data, list) else [data]
        if not items and self.kind != "pack" and not self.among:
            raise BadValue("an empty list", "name at least one, or leave the key out")
        for at, item in enumerate(items):
            place = (at,) if isinstance(data, list) else ()
            if not isinstance(item, str) or not item:
                given = "a list" if isinstance(item, list) else "a mapping" if isinstance(item, dict) else shown(item)
                raise BadValue(f"{given} where a word is expected", "write a word or [first, second]", place)
            if item in items[:at]:
                raise BadValue(f"{item!r} stands twice", "remove one", place)
            self._check_word(item, context, place)
        return list(items)

    def _check_word(self, word: str, context: Context, place: tuple[int, ...]) -> None:
        if self.kind == "category" and context.categories is not None and word not in context.categories:
            raise BadValue(f"the taxonomy has no category {word!r}", suggest(word, context.categories), place)
        if self.kind == "licence" and not _SPDX.fullmatch(word):
            raise BadValue(f"{word!r} is not the SPDX name of a licence", "such as CC0-1.0 or CC-BY-4.0", place)
        if self.among and word not in self.among:
            raise BadValue(f"{word!r} is not allowed here", suggest(word, self.among), place)

    def constant_schema(self) -> dict[str, Any]:
        word: dict[str, Any] = {"enum": list(self.among)} if self.among else {"type": "string", "minLength": 1}
        return {"anyOf": [word, {"type": "array", "items": word, "uniqueItems": True}]}


def numeric_range(support: Support) -> tuple[float, float]:
    """Lowest and highest of a support that holds numbers only."""
    lows = [part.low if isinstance(part, Interval) else float(part.value) for part in support]  # type: ignore[arg-type]
    highs = [part.high if isinstance(part, Interval) else float(part.value) for part in support]  # type: ignore[arg-type]
    return min(lows), max(highs)
