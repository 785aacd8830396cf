"""Rectangles that must not overlap."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from synthgen.placement.footprints import Footprints, Rect

METRES = st.floats(-8, 8)
SIZES = st.floats(0.3, 6)
TURNS = st.floats(-180, 180)
RECTS = st.builds(Rect, METRES, METRES, SIZES, SIZES, TURNS)


def overlap(a: Rect, b: Rect) -> bool:
    prints = Footprints()
    prints.claim(a, "a")
    return not prints.free(b)


def by_sampling(a: Rect, b: Rect) -> bool:
    """Does any point of a fine grid over `a` lie well inside `b`?"""
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 60), np.linspace(-0.5, 0.5, 60))
    angle = math.radians(a.heading)
    x = a.x + u * a.length * math.cos(angle) - v * a.width * math.sin(angle)
    y = a.y + u * a.length * math.sin(angle) + v * a.width * math.cos(angle)
    turn = math.radians(b.heading)
    along = (x - b.x) * math.cos(turn) + (y - b.y) * math.sin(turn)
    across = -(x - b.x) * math.sin(turn) + (y - b.y) * math.cos(turn)
    return bool(((np.abs(along) < b.length / 2 - 1e-6) & (np.abs(across) < b.width / 2 - 1e-6)).any())


@given(RECTS, RECTS)
def test_overlap_is_mutual(a: Rect, b: Rect) -> None:
    assert overlap(a, b) == overlap(b, a)


@given(RECTS, RECTS)
def test_points_in_common_are_an_overlap(a: Rect, b: Rect) -> None:
    if by_sampling(a, b):
        assert overlap(a, b)


@given(RECTS, RECTS)
def test_rectangles_with_air_between_do_not_overlap(a: Rect, b: Rect) -> None:
    """What does not overlap when grown by 10 cm has no point in common."""
    prints = Footprints()
    prints.claim(a, "a")
    if prints.free(b, margin=0.1):
        assert not by_sampling(a, b)
        assert prints.free(b)


def test_touching_is_free_and_margins_count() -> None:
    prints = Footprints()
    prints.claim(Rect(0, 0, 2, 1), "bench")
    beside = Rect(2, 0, 2, 1)
    assert prints.free(beside)
    assert not prints.free(beside, margin=0.01)
    assert prints.overlapping(beside, margin=0.01) == ["bench"]


def test_taking_claims_only_what_is_free() -> None:
    prints = Footprints()
    assert prints.take(Rect(0, 0, 4, 2, 30), "car")
    assert not prints.take(Rect(1, 0, 4, 2, 75), "car")
    assert len(prints) == 1
