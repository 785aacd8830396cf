from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.assets.online.licences import creative_commons
from synthgen.assets.online.registry import ONLINE, find_provider
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.words import clean, rank, tokens
from synthgen.errors import InputError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aerial_asphalt_01", ("aerial", "asphalt", "01")),
        ("AcousticFoam001", ("acoustic", "foam", "001")),
        ("3DApple002", ("3", "dapple", "002")),
        ("car_(automobile)", ("car", "automobile")),
        ("Bricks, glass & Gras", ("brick", "glass", "gra")),
        ("Straße", ("strasse",)),
        ("", ()),
    ],
)
def test_tokens(text: str, found: tuple[str, ...]) -> None:
    assert tokens(text) == found


def test_rank() -> None:
    assert rank(["bricks"], ["Brick wall"], ["red"]) == 0
    assert rank(["red", "brick"], ["Brick wall"], ["red"]) == 1
    assert rank(["wood"], ["Wooden table"], []) == 2
    assert rank(["car"], ["a b"], ["cardboard"]) == 2
    assert rank(["ca"], ["a b"], ["cardboard"]) is None
    assert rank(["brick", "blue"], ["Brick wall"], ["red"]) is None
    assert rank([], ["anything"], []) == 0


@given(st.text())
def test_clean_text_is_one_line_that_a_terminal_only_shows(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert not any(ord(c) < 32 or ord(c) == 127 or 0x80 <= ord(c) < 0xA0 for c in cleaned)
    assert len(cleaned.splitlines()) <= 1


@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/licenses/by-xy/4.0/", ""),
        ("https://example.org/licenses/by/4.0/", ""),
        ("", ""),
    ],
)
def test_licence_addresses(address: str, licence: str) -> None:
    assert creative_commons(address) == licence


def test_providers() -> None:
    assert list(ONLINE)[:4] == ["polyhaven", "ambientcg", "gso", "objaverse"]
    for name in ONLINE:
        assert find_provider(name).credit
    with pytest.raises(InputError, match="did you mean 'polyhaven'"):
        find_provider("polyhavn")
    with pytest.raises(InputError, match="there are polyhaven, ambientcg"):
        find_provider("x")


def test_nothing_with_conditions_is_taken_by_itself() -> None:
    for name in ("polyhaven", "ambientcg", "gso", "objaverse"):
        assert set(load_service(name).default_licences) <= {"CC0-1.0", "CC-BY-4.0"}
