"""Distributions: draws stay in their support, impossible ones are refused, and equal streams give equal draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.randomness import stream
from synthgen.recipe.distributions import DISTRIBUTIONS, Uniform, distribution
from synthgen.recipe.values import BadValue, Constant, Interval, Support, draw_leaf, parse_leaf, references, support_of

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6))
SHARES = st.floats(0, 1)
WORDS = st.sampled_from(["clear", "overcast", "rain", "on", "3", "2.5", "true"])


def pairs(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(numbers, numbers).map(sorted)


@st.composite
def normals(draw: st.DrawFn) -> dict[str, Any]:
    mean, std = draw(st.floats(-100, 100)), draw(st.floats(0, 50))
    body = {"mean": mean, "std": std}
    if draw(st.booleans()):
        body["min"] = mean - std * draw(st.floats(-3, 3))
    if draw(st.booleans()):
        body["max"] = max(mean + std * draw(st.floats(-3, 3)), body.get("min", -1e9))
    return {"normal": body}


LEAVES = st.one_of(
    NUMBERS,
    st.booleans(),
    WORDS,
    pairs(NUMBERS).map(lambda p: {"uniform": p}),
    pairs(st.floats(1e-6, 1e6)).map(lambda p: {"loguniform": p}),
    pairs(st.integers(-(2**40), 2**40)).map(lambda p: {"randint": p}),
    normals(),
    SHARES.map(lambda p: {"bernoulli": p}),
    st.dictionaries(WORDS, st.floats(0.1, 10), min_size=1).map(lambda w: {"weighted": w}),
)
NESTED = st.one_of(LEAVES, st.lists(LEAVES, min_size=1, max_size=4).map(lambda items: {"choice": items}))


def inside(value: Any, support: Support) -> bool:
    return any(can_be(value, part) for part in support)


def can_be(value: Any, part: Interval | Constant) -> bool:
    if isinstance(part, Constant):
        return type(part.value) is type(value) and part.value == value
    if isinstance(value, (bool, str)) or not part.low <= value <= part.high:
        return False
    return isinstance(value, int) or not part.whole


@given(NESTED, st.integers(0, 2**31))
def test_a_draw_lies_in_the_support(data: Any, seed: int) -> None:
    leaf = parse_leaf(data)
    support = support_of(leaf, {})
    rng = stream(seed, 0, "test")
    for _ in range(5):
        assert inside(draw_leaf(leaf, rng, {}), support)


@given(NESTED, st.integers(0, 2**31))
def test_equal_streams_give_equal_draws(data: Any, seed: int) -> None:
    leaf = parse_leaf(data)
    first, second = (draw_leaf(leaf, stream(seed, 3, "a"), {}) for _ in range(2))
    assert first == second


@given(NUMBERS, NUMBERS)
def test_an_interval_is_refused_exactly_when_its_ends_are_swapped(a: float, b: float) -> None:
    leaf = parse_leaf({"uniform": [a, b]})
    if a <= b:
        assert support_of(leaf, {}) == (Interval(a, b),)
    else:
        with pytest.raises(BadValue, match="above the highest"):
            support_of(leaf, {})


def draws(data: Any, count: int = 4000) -> list[Any]:
    rng = np.random.Generator(np.random.PCG64(7))
    leaf = parse_leaf(data)
    return [draw_leaf(leaf, rng, {}) for _ in range(count)]


def test_the_draws_have_the_moments_that_they_should() -> None:
    assert np.mean(draws({"uniform": [2, 4]})) == pytest.approx(3, abs=0.05)
    normal = draws({"normal": {"mean": 5, "std": 2}})
    assert np.mean(normal) == pytest.approx(5, abs=0.15)
    assert np.std(normal) == pytest.approx(2, abs=0.1)
    cut = draws({"normal": {"mean": 0, "std": 1, "min": 0}})
    assert np.mean(cut) == pytest.approx(np.sqrt(2 / np.pi), abs=0.05)
    assert np.mean(np.log10(draws({"loguniform": [1, 100]}))) == pytest.approx(1, abs=0.05)
    assert np.mean(draws({"bernoulli": 0.3})) == pytest.approx(0.3, abs=0.03)
    weighted = draws({"weighted": {"a": 3, "b": 1, "c": 0}})
    assert weighted.count("a") / len(weighted) == pytest.approx(0.75, abs=0.03)
    assert "c" not in weighted


def test_randint_reaches_both_ends() -> None:
    assert set(draws({"randint": [2, 4]}, 200)) == {2, 3, 4}


def test_a_far_tail_of_the_bell_is_drawn_from_without_piling_up() -> None:
    tail = draws({"normal": {"mean": 0, "std": 1, "min": 5.5, "max": 8}}, 500)
    assert len(set(tail)) > 490
    assert min(tail) >= 5.5
    assert max(tail) < 7


def test_the_order_of_weights_does_not_matter() -> None:
    assert draws({"weighted": {"a": 3, "b": 1}}, 50) == draws({"weighted": {"b": 1, "a": 3}}, 50)


def test_values_of_weighted_are_read_as_yaml_reads_them() -> None:
    assert set(draws({"weighted": {"2": 1, "2.5": 1, "true": 1, "on": 1}}, 200)) == {2, 2.5, True, "on"}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"uniform": [3, 1]}, "the lowest, 3, is above the highest, 1"),
        ({"uniform": [1]}, "needs a list of two numbers"),
        ({"uniform": 4}, "needs a list of two numbers"),
        ({"uniform": ["a", 2]}, "must be a number, not 'a'"),
        ({"uniform": [True, 2]}, "must be a number, not true"),
        ({"uniform": [0, float("nan")]}, "not a finite number"),
        ({"uniform": [0, 10**200]}, "over 18 digits"),
        ({"uniform": [-1e308, 1e308]}, "too far apart"),
        ({"loguniform": [0, 1]}, "only numbers above 0"),
        ({"loguniform": [-2, 1]}, "only numbers above 0"),
        ({"loguniform": [3, 1]}, "above the highest"),
        ({"randint": [1, 2.5]}, "whole numbers"),
        ({"randint": [5, 2]}, "above the highest"),
        ({"randint": [0, 10**17]}, "goes beyond"),
        ({"normal": {"mean": 1}}, "lacks 'std'"),
        ({"normal": {"mean": 1, "std": -1}}, "std is -1"),
        ({"normal": {"mean": 1, "std": 1, "min": 2, "max": 1}}, "min, 2, is above max, 1"),
        ({"normal": {"mean": 0, "std": 1, "min": 50, "max": 51}}, "where nothing falls"),
        ({"normal": {"mean": 0, "std": 0, "min": 1}}, "where nothing falls"),
        ({"normal": {"mean": 0, "std": 1, "mim": 0}}, "normal has no 'mim'"),
        ({"normal": [0, 1]}, "needs a mapping"),
        ({"choice": []}, "at least one"),
        ({"choice": "a"}, "needs a list"),
        ({"choice": [[1, 2]]}, "a list where a single value"),
        ({"weighted": {}}, "needs a mapping"),
        ({"weighted": {"a": -1, "b": 2}}, "the weight of 'a' is -1"),
        ({"weighted": {"a": 0, "b": 0}}, "all weights are 0"),
        ({"weighted": {"a": "much"}}, "must be a number, not 'much'"),
        ({"weighted": {"$a": 1}}, "values are constants"),
        ({"bernoulli": 1.5}, "1.5 is not a probability"),
        ({"bernoulli": -0.1}, "-0.1 is not a probability"),
        ({"bernoulli": "x"}, "must be a number"),
        ({"gauss": [1, 2]}, "there is no distribution 'gauss'"),
        ({"unifrom": [1, 2]}, "did you mean 'uniform'?"),
        ({"uniform": [1, 2], "normal": {}}, "cannot stand beside"),
        ({"uniform": [1, 2], "par": "scene"}, "did you mean 'per'?"),
        ({"uniform": [1, 2], "per": "sceen"}, "did you mean 'scene'?"),
        ({"choice": [{"uniform": [1, 2], "per": "scene"}]}, "`per` belongs to the outer"),
        ({}, "an empty mapping"),
        ([1], "a list where a single value"),
        ("$", "without a name"),
        (float("inf"), "not a finite number"),
    ],
)
def test_impossible_distributions_are_refused(data: Any, what: str) -> None:
    with pytest.raises(BadValue) as caught:
        support_of(parse_leaf(data), {})
    assert what in f"{caught.value.what}; {caught.value.hint}"


def test_arguments_may_lean_on_other_draws() -> None:
    leaf = parse_leaf({"uniform": [0, "$top"]})
    assert references(leaf) == ["top"]
    assert support_of(leaf, {"top": (Interval(2, 5),)}) == (Interval(0, 5),)
    assert 0 <= draw_leaf(leaf, stream(0, 0, "x"), {"top": 3.0}) <= 3.0
    with pytest.raises(BadValue, match="above the highest"):
        support_of(leaf, {"top": (Interval(-1, 5),)})


def test_a_doubled_dollar_is_a_plain_one() -> None:
    assert parse_leaf("$$5") == "$5"


def test_a_duplicate_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="two distributions are named 'uniform'"):
        distribution(Uniform)
    assert DISTRIBUTIONS["uniform"] is Uniform


def test_the_registry_is_what_the_design_promises() -> None:
    every = {"uniform", "normal", "loguniform", "choice", "weighted", "randint", "bernoulli", "case"}
    assert set(DISTRIBUTIONS) == every


WEATHER = {"weather": (Constant("clear"), Constant("night"))}


def test_a_case_draws_what_goes_with_the_other_draw() -> None:
    haze = parse_leaf({"case": {"of": "$weather", "clear": {"uniform": [900, 1000]}, "else": 50}})
    assert references(haze) == ["weather"]
    assert support_of(haze, WEATHER) == (Interval(900, 1000), Constant(50))
    assert 900 <= draw_leaf(haze, stream(0, 0, "a"), {"weather": "clear"}) <= 1000
    assert draw_leaf(haze, stream(0, 0, "a"), {"weather": "night"}) == 50


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"of": "$weather", "clear": 1}, "nothing of 'night'"),
        ({"of": "$weather", "cleer": 1, "else": 2}, "never 'cleer'"),
        ({"of": "clear", "clear": 1}, "is no draw"),
        ({"clear": 1}, "needs `of`"),
    ],
)
def test_a_case_that_cannot_be_meant_is_refused(body: dict[str, Any], what: str) -> None:
    with pytest.raises(BadValue, match=what):
        support_of(parse_leaf({"case": body}), WEATHER)
