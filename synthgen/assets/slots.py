"""Slot rules: which shading model a material slot gets, by patterns over its name (configs/materials/*.yaml).

What MTL files say of gloss and transparency is of no use (every surface is rough, glass is see-through), so every
slot gets a model of ours; diffuse colours and pictures are taken over where the rule says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from synthgen.assets.facts import SlotFacts
from synthgen.errors import InputError
from synthgen.paths import data_dir

VERSION = 2

ALBEDO = (0.03, 0.85)
"""Lowest and highest diffuse albedo of a real surface; what is outside is taken to be an author's guess."""

_FROM_FILE = 0.85
"""Diffuse colours of models are too bright by about this factor beside measured ones."""

_UNSAID = {"metallic": 0.0, "roughness": 0.5}

PICTURE = ("drop", "keep", "need")


@dataclass(frozen=True, slots=True)
class SlotRule:
    """match: a regular expression, searched in the slot's name. picture: "drop" the model's; "keep" it, where there
    is one; "need" one for the rule to apply. A parameter that is `file` stands for what the model's file says: color,
    metallic, roughness, emission_color, emission_strength."""

    name: str
    match: re.Pattern[str] | None
    role: str
    model: str
    params: Mapping[str, Any] = field(default_factory=dict)
    picture: str = "drop"
    transparency: str = "opaque"
    recolour: bool = False


@dataclass(frozen=True, slots=True)
class SlotStyle:
    """What a rule makes of a slot. picture: whether the model's picture becomes the image `color`."""

    role: str
    model: str
    params: dict[str, Any]
    picture: bool
    transparency: str
    recolour: bool


def load_rules(name: str) -> tuple[SlotRule, ...]:
    """The rules of configs/materials/<name>.yaml, in order; the last must match anything."""
    path = data_dir("configs") / "materials" / f"{name}.yaml"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise InputError.of(f"no slot rules are named {name!r}", where=str(path)) from error


@lru_cache(maxsize=16)
def _read(path: Path, _stamp: int) -> tuple[SlotRule, ...]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules = tuple(_rule(row, str(path)) for row in data["rules"])
    if not rules or rules[-1].match is None or rules[-1].match.pattern != "":
        raise InputError.of("the last slot rule must match any name (match: '')", where=str(path))
    return rules


def _rule(row: Mapping[str, Any], where: str) -> SlotRule:
    known = {"name", "match", "role", "model", "params", "picture", "transparency", "recolour"}
    strange = sorted(set(row) - known)
    if strange or row.get("picture", "drop") not in PICTURE:
        raise InputError.of(f"the slot rule {row.get('name')!r} has a wrong key or value: {strange}", where=where)
    try:
        # No `match`: only for entries that name the rule.
        pattern = re.compile(str(row["match"])) if "match" in row else None
    except re.error as error:
        raise InputError.of(f"the slot rule {row['name']!r} is no regular expression: {error}", where=where) from error
    return SlotRule(
        row["name"], pattern, row["role"], row["model"], row.get("params", {}), row.get("picture", "drop"),
        row.get("transparency", "opaque"), bool(row.get("recolour", False)),
    )  # fmt: skip


def style(facts: SlotFacts, rules: tuple[SlotRule, ...], named: str | None = None) -> SlotStyle:
    """The look of a slot: by the rule `named`, else by the first that matches its name.

    Raises InputError where no rule has the name.
    """
    rule = choose_rule(facts, rules, named)
    picture = rule.picture != "drop" and facts.picture is not None
    params = {key: _param(key, value, facts, picture) for key, value in rule.params.items()}
    transparency = "cutout" if picture and facts.cutout else rule.transparency
    return SlotStyle(rule.role, rule.model, params, picture, transparency, rule.recolour and not picture)


def choose_rule(facts: SlotFacts, rules: tuple[SlotRule, ...], named: str | None = None) -> SlotRule:
    """The rule `named`, else the first that matches the slot's name. Raises InputError where none has the name."""
    if named is not None:
        for rule in rules:
            if rule.name == named:
                return rule
        raise InputError.of(f"no slot rule is named {named!r}", hint=f"known: {', '.join(r.name for r in rules)}")
    for rule in rules:
        fits = rule.match is not None and rule.match.search(facts.name) is not None
        if fits and (rule.picture != "need" or facts.picture is not None):
            return rule
    raise AssertionError("the last rule matches anything")


def rule_for_name(name: str, rules: tuple[SlotRule, ...]) -> SlotRule:
    """The rule of a slot of which only the name is known."""
    return choose_rule(SlotFacts(name, (0.8, 0.8, 0.8), 1.0, None, False), rules)


def _param(key: str, value: Any, facts: SlotFacts, picture: bool) -> Any:
    if value == "file":
        return _from_file(key, facts, picture)
    return list(value) if isinstance(value, (list, tuple)) else value


def _from_file(key: str, facts: SlotFacts, picture: bool) -> Any:
    """What the model's file says of a parameter, or what is usual where it says nothing."""
    brightest = max(facts.emissive)
    if key == "emission_color":
        return [round(c / brightest, 4) for c in facts.emissive] if brightest > 0 else [1.0, 1.0, 1.0]
    if key == "emission_strength":
        return round(brightest, 4)
    if key in ("metallic", "roughness"):
        said = facts.metallic if key == "metallic" else facts.roughness
        return round(said, 4) if said is not None else _UNSAID[key]
    if facts.space == "linear":  # a format of physically based materials: its numbers mean what they say
        return [albedo(c) for c in facts.diffuse]
    # A picture is multiplied by the colour: it keeps its own tones, only dimmed.
    return [ALBEDO[1]] * 3 if picture else [albedo(c * _FROM_FILE) for c in facts.diffuse]


def albedo(value: float) -> float:
    """A diffuse albedo within what real surfaces have."""
    return round(min(max(value, ALBEDO[0]), ALBEDO[1]), 4)
