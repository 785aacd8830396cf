"""Strict YAML: what is a number, what is a word, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgen.errors import InputError
from synthgen.recipe.yamlfile import MAX_DEPTH, Node, parse, parse_mapping, read_yaml


def data(text: str) -> object:
    node = parse(text, "r.yaml")
    assert node is not None
    return node.data()


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_mapping(text, "r.yaml")
    (found,) = caught.value.diagnostics
    return str(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3),
        ("1E5", 1e5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("12", 12),
        ("007", 7),
        ("0o17", 15),
        ("0xff", 255),
        ("+3", 3),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("1280x720", "1280x720"),
        ("'12'", "12"),
        ('"true"', "true"),
        (".inf", float("inf")),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_words_and_numbers_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = data(f"a: {text}")
    assert found == {"a": value}
    assert type(found["a"]) is type(value)  # type: ignore[index]


def test_every_value_and_key_knows_its_line_and_column() -> None:
    node = parse_mapping("a: 1\nb:\n  - x\n  - {c: 2, d: [3, 4]}\n", "r.yaml")
    assert str(node.place(("a",))) == "r.yaml:1:4"
    assert str(node.place(("b",), on_key=True)) == "r.yaml:2:1"
    assert str(node.place(("b", 1, "d", 1))) == "r.yaml:4:19"
    assert str(node.place(("b", 1, "d"), on_key=True)) == "r.yaml:4:12"


def test_a_place_that_is_not_there_is_that_of_what_holds_it() -> None:
    node = parse_mapping("a:\n  b: 1\n", "r.yaml")
    assert str(node.place(("a", "gone", 3))) == "r.yaml:2:3"


def test_anchors_and_aliases_repeat_a_value() -> None:
    assert data("a: &x {b: [1, 2]}\nc: *x\n") == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}


def test_changing_one_place_leaves_its_alias_alone() -> None:
    node = parse_mapping("a: &x {b: 1}\nc: *x\n", "r.yaml")
    assert isinstance(node.value, dict)
    inner = node.value["a"]
    changed = node.replaced("a", inner.replaced("b", Node(2, inner.mark)))
    assert changed.data() == {"a": {"b": 2}, "c": {"b": 1}}
    assert node.data() == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "r.yaml:3:1", "the key 'a' stands twice"),
        ("a: {x: 1, x: 2}\n", "r.yaml:1:11", "the key 'x' stands twice"),
        ("2: a\n'2': b\n", "r.yaml:2:1", "the key '2' stands twice"),
        ("a:\n\tb: 1\n", "r.yaml:2:1", "spaces, not with tabs"),
        ("a: [1, 2\nb: 3\n", "r.yaml:2:2", "not YAML"),
        ("a: b: c\n", "r.yaml:1:5", "not YAML"),
        ("a: 'open\n", "r.yaml:2:1", "not YAML"),
        ("a: *gone\n", "r.yaml:1:4", "the alias *gone has no anchor"),
        ("a: &x [*x]\n", "r.yaml:1:8", "stands inside its own anchor"),
        ("a: !!python/object:os.system x\n", "r.yaml:1:4", "the tag"),
        ("a: !!int '3'\n", "r.yaml:1:4", "the tag"),
        ("a: 1\n---\nb: 2\n", "r.yaml:2:1", "a second document"),
        ("? [a, b]\n: c\n", "r.yaml:1:3", "a key must be a single word"),
        ("b: &x {a: 1}\nc: {<<: *x}\n", "r.yaml:2:5", "merge keys"),
        ("- a\n- b\n", "r.yaml:1:1", "a list where `key: value` lines are expected"),
        ("just a word\n", "r.yaml:1:1", "a single value where"),
        ("", "r.yaml:1:1", "the file is empty"),
        ("# only a comment\n", "r.yaml:1:1", "the file is empty"),
        ("---\n", "r.yaml:1:1", "the file is empty"),
        ("a: 1\nb: \x00\n", "r.yaml:2:4", "the character #x0000 is not allowed"),
        ("a: " + "[" * (MAX_DEPTH + 5) + "]" * (MAX_DEPTH + 5), "r.yaml:1:", "nested deeper than"),
        ("a: " + "[" * 20_000, "r.yaml", "nested deeper than"),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str, where: str, what: str) -> None:
    message = refusal(text)
    assert message.startswith(where)
    assert what in message
    assert "\n" not in message


def test_aliases_that_swell_are_refused_before_they_do() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    assert "with the aliases written out" in refusal("\n".join(lines))


def file_refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    (found,) = caught.value.diagnostics
    return str(found)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in file_refusal(tmp_path / "gone.yaml")
    assert "this is a folder" in file_refusal(tmp_path)
    assert "cannot be read" in file_refusal(Path("bad\0name.yaml"))
    binary = tmp_path / "latin.yaml"
    binary.write_bytes(b"a: 1\nname: caf\xe9\n")
    assert file_refusal(binary).startswith(f"{binary}:2:10: not UTF-8 text")
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * 5_000_000)
    assert "bytes long" in file_refusal(huge)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(file).data() == {"a": 1}
