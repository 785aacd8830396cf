"""`let`: named draws, made once a scene, that other values may use as `$name`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from synthgen.errors import Diagnostic
from synthgen.recipe.params import Draw
from synthgen.recipe.values import (
    BadValue,
    Distribution,
    Leaf,
    Support,
    draw_leaf,
    parse_leaf,
    references,
    support_of,
    unknown_draw,
)
from synthgen.recipe.yamlfile import Mark, Node

SECTION = "let"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_lets(root: Node, found: list[Diagnostic]) -> tuple[dict[str, Leaf], dict[str, Support], frozenset[str]]:
    """The draws in an order in which each leans only on those before it, their supports, and the refused ones.

    What is wrong goes to `found`.
    """
    node = root.value.get(SECTION) if isinstance(root.value, dict) else None
    if node is None or node.value is None:
        return {}, {}, frozenset()
    if not isinstance(node.value, dict):
        found.append(Diagnostic(str(node.mark), "let must be a mapping", "write name: {uniform: [a, b]}"))
        return {}, {}, frozenset()
    parsed: dict[str, Leaf] = {}
    for name, item in node.value.items():
        leaf = _parsed(name, item, node.keys[name], found)
        if leaf is not _REFUSED:
            parsed[name] = leaf
    ordered: dict[str, Leaf] = {}
    supports: dict[str, Support] = {}
    broken = set(node.value) - set(parsed)
    waiting = dict(parsed)
    while waiting:
        ready = [name for name, leaf in waiting.items() if not waiting.keys() & set(references(leaf))]
        if not ready:
            cycle = _cycle(waiting)
            what = f"the draws lean on each other in a circle: {' -> '.join('$' + name for name in [*cycle, cycle[0]])}"
            found.append(Diagnostic(str(node.keys[cycle[0]]), what, "give one of them a value of its own"))
            broken |= set(waiting)
            break
        for name in ready:
            leaf = waiting.pop(name)
            needs = set(references(leaf))
            unknown = sorted(needs - node.value.keys())
            if unknown:
                refused = unknown_draw(unknown[0], [other for other in node.value if other != name])
                found.append(_finding(refused, name, node.value[name]))
                broken.add(name)
            elif needs & broken:
                broken.add(name)
            else:
                try:
                    supports[name] = support_of(leaf, supports)
                    ordered[name] = leaf
                except BadValue as error:
                    found.append(_finding(error, name, node.value[name]))
                    broken.add(name)
    return ordered, supports, frozenset(broken)


def draw_lets_of(lets: Mapping[str, Any], draw: Draw) -> dict[str, Any]:
    """One draw of each, in their order; `$name` sees those before it. The stream of `n` is `let.n`."""
    env: dict[str, Any] = {}
    for name, leaf in lets.items():
        env[name] = draw_leaf(leaf, draw.rng(f"{SECTION}.{name}", scope="scene"), env)
    return env


_REFUSED: Any = object()


def _parsed(name: str, item: Node, key: Mark, found: list[Diagnostic]) -> Any:
    if not _NAME.fullmatch(name):
        found.append(Diagnostic(str(key), f"{name!r} cannot name a draw", "use letters, digits and _"))
        return _REFUSED
    try:
        leaf = parse_leaf(item.data())
    except BadValue as error:
        found.append(_finding(error, name, item))
        return _REFUSED
    if isinstance(leaf, Distribution) and leaf.scope not in (None, "scene"):
        what = f"{name}: `per: {leaf.scope}` has no meaning here"
        found.append(Diagnostic(str(item.mark), what, "`let` is drawn once a scene"))
        return _REFUSED
    return leaf


def _finding(error: BadValue, name: str, item: Node) -> Diagnostic:
    return Diagnostic(str(item.place(error.at, on_key=error.on_key)), f"{name}: {error.what}", error.hint)


def _cycle(waiting: Mapping[str, Leaf]) -> list[str]:
    """One circle among draws of which each leans on another of them."""
    trail: list[str] = []
    name = next(iter(waiting))
    while name not in trail:
        trail.append(name)
        name = next(other for other in references(waiting[name]) if other in waiting)
    return trail[trail.index(name) :]
