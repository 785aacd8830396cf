from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from synthgen.verification.compare import NOTHING_COMPARED, Agreement, compare


def halves() -> np.ndarray:
    labels = np.ones((40, 40), dtype=np.int32)
    labels[:, 20:] = 2
    return labels


def test_equal_maps_pass() -> None:
    found = compare(halves(), halves())
    assert found.passes
    assert (found.boundary, found.wrong_on, found.wrong_off) == (80, 0, 0)


def test_one_pixel_off_a_boundary_fails() -> None:
    other = halves()
    other[5, 5] = 3
    # The stray pixel makes a boundary of its own in that map, so it counts against the boundary's share.
    assert not compare(halves(), other).passes


def test_a_shifted_edge_fails() -> None:
    other = np.ones((40, 40), dtype=np.int32)
    other[:, 21:] = 2
    found = compare(halves(), other)
    assert found.wrong_on == 40
    assert not found.passes


def test_a_renamed_instance_is_wrong_off_the_boundary() -> None:
    other = halves()
    other[other == 2] = 7
    found = compare(halves(), other)
    assert found.wrong_off > 0
    assert found.wrong_block
    assert not found.passes


def plainly(ours: np.ndarray, theirs: np.ndarray) -> Agreement:
    """The rule, pixel by pixel."""
    height, width = ours.shape
    wrong = {(x, y) for y in range(height) for x in range(width) if ours[y, x] != theirs[y, x]}
    edge = {
        (x, y)
        for labels in (ours, theirs)
        for y in range(height)
        for x in range(width)
        for p, q in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
        if 0 <= p < width and 0 <= q < height and labels[q, p] != labels[y, x]
    }
    block = [(x, y) for x, y in wrong if all((x + i, y + j) in wrong for i in (-1, 0, 1) for j in (-1, 0, 1))]

    def first(places: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
        return min(places, key=lambda p: (p[1], p[0]), default=None)

    at = first(block) or first(wrong - edge) or first(wrong)
    return Agreement(ours.size, len(edge), len(wrong & edge), len(wrong - edge), bool(block), at)


maps = arrays(np.int32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 2))


@given(maps, st.data())
def test_every_pixel_is_judged_by_the_rule(ours: np.ndarray, data: st.DataObject) -> None:
    changes = data.draw(arrays(np.int32, ours.shape, elements=st.sampled_from([0, 0, 0, 1])))
    for theirs in (ours + 5 * changes, np.full_like(ours, 7)):
        assert compare(ours, theirs) == plainly(ours, theirs)


def test_frames_add_up() -> None:
    other = halves()
    other[5, 20] = 1
    total = compare(halves(), halves()) + compare(halves(), other) + NOTHING_COMPARED
    assert (total.pixels, total.wrong_on, total.wrong_off, total.passes) == (3200, 1, 0, True)
    assert 0.999 < total.share < 1
