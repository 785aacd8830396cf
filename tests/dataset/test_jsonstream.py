"""A JSON file read in pieces gives what a whole reading gives, wherever the pieces are cut."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.dataset import jsonstream
from synthgen.dataset.jsonstream import members
from synthgen.errors import InputError

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(leaves, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(), v, max_size=4))


def _whole(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value, element in members(path):
        if element:
            data.setdefault(key, []).append(value)
        else:
            data[key] = value
    return data


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(), values, max_size=5), st.integers(1, 40), st.booleans(), st.sampled_from([None, 1]))
def test_any_cut_gives_the_same_data(data: dict[str, Any], chunk: int, ascii_only: bool, indent: int | None) -> None:
    before = jsonstream._CHUNK
    jsonstream._CHUNK = chunk
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.json"
            text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
            path.write_bytes(text.encode("utf-8", "surrogatepass") if not ascii_only else text.encode())
            assert _whole(path) == data
    finally:
        jsonstream._CHUNK = before


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "ends too early", "1:1"),
        ("[1]", "expected '{'", "1:1"),
        ('{"a": 1', "ends too early", "1:8"),
        ('{"a": [1, 2', "ends too early", "1:12"),
        ('{"a": [1,\n 2 3]}', "expected ','", "2:4"),
        ('{"a": 1}\nx', "more after the end", "2:1"),
        ('{"a": NaN}', "NaN is not JSON", "1:7"),
        ('{"a": [{"b": -Infinity}]}', "-Infinity is not JSON", "1:8"),
        ('{\n"a": tru}', "expecting value", "2:6"),
        ('{"a": "b}', "unterminated string", "1:7"),
        ("{1: 2}", "key must be a string", "1:3"),
        ("\x00", "expected '{'", "1:1"),
    ],
)
def test_what_is_not_json_is_told_by_line_and_column(tmp_path: Path, text: str, message: str, place: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        list(members(path))
    assert caught.value.diagnostics[0].where == f"{path}:{place}"


def test_bytes_that_are_not_utf8_and_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    for name in ("latin.json", "none.json"):
        with pytest.raises(InputError, match=r"not UTF-8|cannot be read"):
            list(members(tmp_path / name))
