"""`--set a.b.c=value`: one key of a recipe, set from the command line."""

from __future__ import annotations

from collections.abc import Iterable

from synthgen.errors import Diagnostic, InputError
from synthgen.recipe.distributions import DISTRIBUTIONS, is_distribution
from synthgen.recipe.findings import suggest
from synthgen.recipe.includes import INCLUDE, ONE_KIND
from synthgen.recipe.values import BadValue
from synthgen.recipe.yamlfile import Mark, Node, mapping, parse

OPTION = "--set"


def split_override(text: str) -> tuple[list[str], Node]:
    """The path and the value of `a.b.c=value`. The value is YAML. Raises InputError."""
    path, equals, value = text.partition("=")
    parts = path.strip().split(".")
    where = f"{OPTION} {path.strip()}" if path.strip() else OPTION
    if not equals or not all(parts):
        raise InputError.of(f"{text!r} is not key=value", where=OPTION, hint="write --set layout.street.lanes=4")
    try:
        node = parse(value, where)
    except InputError as error:
        found = error.diagnostics[0]
        raise InputError.of(found.what, where=where, hint="put the value in quotes") from None
    return parts, _placed(node, Mark(where))


def apply_overrides(root: Node, texts: Iterable[str], found: list[Diagnostic], *, includes: bool) -> Node:
    """The recipe with the overrides set; with `includes` only those of `include`, else all others.

    What cannot be set goes to `found`. Whether a key exists at all is checked later, with the whole recipe.
    """
    for text in texts:
        try:
            parts, value = split_override(text)
        except InputError as error:
            if not includes:
                found.extend(error.diagnostics)
            continue
        if (parts[0] == INCLUDE) != includes:
            continue
        try:
            root = _put(root, parts, value, ())
        except BadValue as error:
            found.append(Diagnostic(str(value.mark), error.what, error.hint))
    return root


def _placed(node: Node | None, mark: Mark) -> Node:
    """The same value, all of it standing at `mark`."""
    if node is None:
        return Node(None, mark)
    if isinstance(node.value, dict):
        value = {key: _placed(child, mark) for key, child in node.value.items()}
        return Node(value, mark, dict.fromkeys(value, mark))
    if isinstance(node.value, list):
        return Node([_placed(child, mark) for child in node.value], mark)
    return Node(node.value, mark)


def _put(node: Node, parts: list[str], value: Node, walked: tuple[str, ...]) -> Node:
    if not parts:
        return value
    if isinstance(node.value, list):
        return _put_item(node, node.value, parts, value, walked)
    if node.value is None:
        node = mapping(value.mark)
    keys = node.value
    if not isinstance(keys, dict):
        raise BadValue(f"{'.'.join(walked)} is a single value, without {parts[0]!r} in it", "shorten the path")
    key = parts[0]
    if walked == ("let",) and key not in keys:
        raise BadValue(f"`let` draws no {key!r}", suggest(key, keys, of="drawn"))
    if is_distribution(keys) and key in DISTRIBUTIONS and key not in keys:
        node, keys = mapping(value.mark), {}
    if _is_block(walked) and key not in keys and len(keys) == 1:
        # `camera.height` and `populate.0.gap`: the kind goes without saying.
        kind = next(iter(keys))
        return node.replaced(kind, _put(keys[kind], parts, value, (*walked, kind)))
    below = keys.get(key, Node(None, value.mark))
    return node.replaced(key, _put(below, parts[1:], value, (*walked, key)), value.mark)


def _is_block(walked: tuple[str, ...]) -> bool:
    """Is this the mapping that holds a block by its kind?"""
    return (len(walked) == 1 and walked[0] in ONE_KIND) or (len(walked) == 2 and walked[0] == "populate")


def _put_item(node: Node, items: list[Node], parts: list[str], value: Node, walked: tuple[str, ...]) -> Node:
    name = ".".join(walked)
    if parts[0].isdecimal():
        at = int(parts[0])
        if at >= len(items):
            raise BadValue(f"{name} has no entry {at}", f"it has {len(items)}, counted from 0")
        rest = parts[1:]
    else:
        kinds = [next(iter(item.value)) if isinstance(item.value, dict) and item.value else "" for item in items]
        fits = [at for at, kind in enumerate(kinds) if kind == parts[0]]
        if not fits:
            raise BadValue(f"{name} has no entry {parts[0]!r}", suggest(parts[0], filter(None, kinds), of="there are"))
        if len(fits) > 1:
            numbers = " or ".join(f"{name}.{at}" for at in fits)
            raise BadValue(f"{name} has {len(fits)} entries {parts[0]!r}", f"say which: {numbers}")
        at, rest = fits[0], parts
    changed = list(items)
    changed[at] = _put(items[at], rest, value, (*walked, str(at)))
    return Node(changed, node.mark)
