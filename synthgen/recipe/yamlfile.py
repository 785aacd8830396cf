"""Strict YAML with a place for every value.

YAML 1.2 core schema on PyYAML's parser: `1e-3` is a number, `on`, `yes` and `1:30` are words, dates stay words.
Refused: duplicate keys, tags, more than one document, merge keys, aliases that contain themselves, and aliases that
swell a small file into a huge one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from synthgen.errors import InputError

Scalar: TypeAlias = bool | int | float | str | None
Data: TypeAlias = "Scalar | list[Data] | dict[str, Data]"

MAX_BYTES = 4_000_000
MAX_NODES = 50_000
MAX_DEPTH = 60
_MAX_DIGITS = 300

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = {".nan", ".NaN", ".NAN"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: 1-based line and column of a file; line 0 where the source has no lines (a `--set` option)."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file with its place.

    value: a scalar, a list of nodes, or a dict of nodes by the text of their key. keys: where each key stands.
    size: how many nodes it has with every alias written out.
    """

    value: Scalar | list[Node] | dict[str, Node]
    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)
    size: int = 1

    def data(self) -> Data:
        """The plain values, without places. Every call builds them anew, aliases included."""
        if isinstance(self.value, dict):
            return {key: child.data() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.data() for child in self.value]
        return self.value

    def replaced(self, key: str, child: Node, key_mark: Mark | None = None) -> Node:
        """A copy of this mapping in which `key` is `child`. Copies, because aliases share nodes."""
        assert isinstance(self.value, dict)
        value = {**self.value, key: child}
        return Node(value, self.mark, {**self.keys, key: key_mark or self.keys.get(key, child.mark)})

    def place(self, steps: Sequence[str | int], *, on_key: bool = False) -> Mark:
        """Where the steps lead to (its key with `on_key`), or where the last thing on the way stands."""
        node, mark = self, self.mark
        for step in steps:
            if isinstance(node.value, dict) and step in node.value:
                key = str(step)
                mark = node.keys[key] if on_key else node.value[key].mark
                node = node.value[key]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                mark = node.mark
            else:
                break
        return mark


def mapping(mark: Mark) -> Node:
    """An empty mapping."""
    return Node({}, mark)


def resolve_scalar(text: str) -> Scalar:
    """What an unquoted word stands for in the YAML 1.2 core schema. Integers of over 300 digits stay words."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text in _NAN:
        return float("nan")
    if match := _INFINITE.fullmatch(text):
        return float(f"{match[1]}inf")
    if len(text) > _MAX_DIGITS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEX.fullmatch(text):
        return int(text[2:], 16)
    return float(text) if _FLOAT.fullmatch(text) else text


def read_yaml(path: Path) -> Node:
    """Reads one mapping from a file. Raises InputError where it cannot be read or is not strict YAML."""
    shown = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError.of(
            "no such file", where=shown, hint="give the path of a recipe, such as scenes/road/urban.yaml"
        ) from None
    except IsADirectoryError:
        raise InputError.of("this is a folder, not a YAML file", where=shown, hint="name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError.of(f"cannot be read: {reason}", where=shown, hint="check the path and its rights") from None
    if len(raw) > MAX_BYTES:
        raise InputError.of(f"over {MAX_BYTES} bytes long", where=shown, hint="is this a recipe?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise InputError.of("not UTF-8 text", where=f"{shown}:{line}:{column}", hint="save the file as UTF-8") from None
    return parse_mapping(text, shown)


def parse_mapping(text: str, source: str) -> Node:
    """Parses text whose top level must be a mapping."""
    node = parse(text, source)
    if node is None:
        raise InputError.of("the file is empty", where=f"{source}:1:1", hint="start from scenes/road/urban.yaml")
    if not isinstance(node.value, dict):
        what = "a list" if isinstance(node.value, list) else "a single value"
        raise InputError.of(
            f"{what} where `key: value` lines are expected", where=str(node.mark), hint="see docs/recipes.md"
        )
    return node


def parse(text: str, source: str) -> Node | None:
    """Parses one YAML document; None where it holds nothing. Raises InputError with the place of what is wrong."""
    try:
        return _Composer(text, source).document()
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        code = error.character if isinstance(error.character, int) else ord(str(error.character))
        what = f"the character #x{code:04x} is not allowed in YAML"
        raise InputError.of(
            what, where=f"{source}:{line}:{column}", hint="delete it, or write it as \\x.. in quotes"
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}:{mark.line + 1}:{mark.column + 1}" if mark is not None else source
        raise InputError.of(
            f"not YAML: {error.problem or error.context}", where=where, hint=_syntax_hint(error)
        ) from None
    except RecursionError:
        raise InputError.of("nested too deeply", where=source, hint="is this a recipe?") from None


def _syntax_hint(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    if "'\\t'" in problem:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in problem:
        return "check the indentation, and quote text that holds a colon"
    if "expected ',' or" in problem:
        return "a bracket or a comma is missing, perhaps on the line before"
    if "expected <block end>" in problem or "could not find expected ':'" in problem:
        return "check the indentation of this line and the one before"
    return "check the quotes, brackets and indentation here"


class _Composer:
    """Builds nodes from PyYAML's events, so that tags, quotes and aliases can be told apart."""

    def __init__(self, text: str, source: str) -> None:
        self.events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self.source = source
        self.anchors: dict[str, Node | None] = {}

    def document(self) -> Node | None:
        node = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("a second document", event, "a recipe is one document: remove the line `---`")
                node = self._node(next(self.events), 0)
        if node is not None and node.value is None:
            return None
        return node

    def _mark(self, event: yaml.Event) -> Mark:
        assert event.start_mark is not None
        return Mark(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _error(self, what: str, event: yaml.Event, hint: str) -> InputError:
        return InputError.of(what, where=str(self._mark(event)), hint=hint)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        assert isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH}", event, "is this a recipe?")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._error(f"the tag {tag}", event, "tags are not used here: remove it")
        anchor = event.anchor
        if anchor is not None:
            self.anchors[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            # implicit[0] is True for what stands there unquoted.
            value = resolve_scalar(event.value) if event.implicit[0] else event.value
            node = Node(value, self._mark(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if node.size > MAX_NODES:
            raise self._error(f"over {MAX_NODES} values with the aliases written out", event, "use fewer aliases")
        if anchor is not None:
            self.anchors[anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor
        if name not in self.anchors:
            raise self._error(f"the alias *{name} has no anchor &{name} before it", event, "define the anchor first")
        node = self.anchors[name]
        if node is None:
            raise self._error(f"the alias *{name} stands inside its own anchor", event, "write the value out")
        return node

    def _sequence(self, start: yaml.Event, depth: int) -> Node:
        items: list[Node] = []
        size = 1
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
            size += items[-1].size
        return Node(items, self._mark(start), size=size)

    def _mapping(self, start: yaml.Event, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        size = 1
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error("a key must be a single word or number", event, "write `key: value`")
            key = event.value
            if key == "<<" and event.implicit[0]:
                raise self._error("merge keys (<<) are not used here", event, "use `include:` or repeat the keys")
            if key in values:
                raise self._error(f"the key {key!r} stands twice in one mapping", event, f"the first is at {keys[key]}")
            keys[key] = self._mark(event)
            values[key] = self._node(next(self.events), depth + 1)
            size += values[key].size
        return Node(values, self._mark(start), keys, size)
