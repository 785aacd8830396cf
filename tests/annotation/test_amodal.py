"""Whole instances: masks, visibility and truncation where a ruler gives the right answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from synthgen.annotation.alone import Alone, Window
from synthgen.annotation.amodal import Amodal, whole_instance, with_parts
from synthgen.annotation.rle import decode_rle, encode_rle
from synthgen.assets.store import Store
from synthgen.scene.spec import Instance, SceneSpec
from tests.annotation.squares import CAMERA, SIZE, at, square_scene

WIDTH, HEIGHT = SIZE


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def rectangle(x0: int, y0: int, x1: int, y1: int) -> NDArray[np.bool_]:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[y0:y1, x0:x1] = True
    return mask


def whole(store: Store, spec: SceneSpec, visible: NDArray[np.bool_], number: int = 1) -> Amodal:
    objects = [o for o in spec.objects if o.number == number]
    return whole_instance(Alone(store), spec, objects, CAMERA, visible)


def test_a_square_half_behind_another_is_seen_by_half(store: Store) -> None:
    spec = square_scene(store, [("plain", 1, at(0, 5, 0)), ("plain", 2, at(1, 4, 0))])
    found = whole(store, spec, rectangle(40, 20, 50, 40))
    assert (found.mask == rectangle(40, 20, 60, 40)).all(), "2 m at 5 m are 20 pixels, whatever stands before it"
    assert (found.pixels, found.bbox) == (400, (40, 20, 20, 20))
    assert (found.visibility, found.truncation) == (0.5, 0.0)


@pytest.mark.parametrize(
    ("x", "z", "box", "truncation"),
    [
        (5, 0, (90, 20, 100, 40), 0.5),
        (-5, 0, (0, 20, 10, 40), 0.5),
        (0, 3, (40, 0, 60, 10), 0.5),
        (4.5, -2.5, (85, 45, 100, 60), 1 - 0.75 * 0.75),
    ],
)
def test_a_square_cut_by_the_pictures_edge(
    store: Store, x: float, z: float, box: tuple[int, int, int, int], truncation: float
) -> None:
    found = whole(store, square_scene(store, [("plain", 1, at(x, 5, z))]), rectangle(*box))
    assert (found.mask == rectangle(*box)).all()
    assert (found.visibility, found.truncation) == (1.0, pytest.approx(truncation, abs=1e-6))


def test_truncation_counts_on_three_pictures_side_by_side(store: Store) -> None:
    """A wall 80 m wide and high 5 m away is 800 pixels each way; the continued picture ends at 300x180."""
    found = whole(store, square_scene(store, [("plain", 1, at(0, 5, 0, scale=40))]), rectangle(0, 0, WIDTH, HEIGHT))
    assert found.mask.all()
    assert found.truncation == pytest.approx(8 / 9, abs=1e-6)


def test_what_stands_through_the_near_plane_is_cut_there(store: Store) -> None:
    spec = square_scene(store, [("plain", 1, (0, -1.0, 0, 1.0, 1.0, 0, 0, 0.5, 0, 0, 1.0, 0))])
    # It stands sideways, 1 m to the right, from 0.5 m behind the camera to 1.5 m before it.
    edge = round(49.5 + 50 / 1.5 + 0.5)
    reach = Alone(store).reach(spec, spec.objects, CAMERA)
    assert reach.x0 <= edge and reach.x1 > WIDTH
    found = whole(store, spec, rectangle(edge, 25, edge + 1, 35))
    assert found.mask[:, edge:].any(axis=0).all() and not found.mask[:, : edge - 1].any()
    assert found.truncation > 0.5


def test_holes_are_holes_and_what_is_see_through_does_not_count(store: Store) -> None:
    spec = square_scene(store, [("holed", 1, at(0, 5, 0)), ("clear", 1, at(0, 4, 0)), ("holed", 1, at(0, 6, 0))])
    left = rectangle(40, 20, 50, 40)
    assert (whole(store, spec, left).mask == left).all()
    mirrored = square_scene(store, [("holed", 1, (-1.0, 0, 0, 0, 0, 1.0, 0, 5, 0, 0, 1.0, 0))])
    right = rectangle(50, 20, 60, 40)
    assert (whole(store, mirrored, right).mask == right).all()


def test_ten_holes_in_a_row_are_looked_through(store: Store) -> None:
    behind = [("holed", 1, at(0, 5 + 0.001 * k, 0)) for k in range(10)]
    joined = whole(store, square_scene(store, [*behind, ("plain", 1, at(2, 8, 0))]), rectangle(40, 20, 50, 40))
    assert joined.mask[30, 59] and not joined.mask[22, 52], "the square behind is seen through the holes"


def test_what_the_renderer_saw_belongs_to_the_whole(store: Store) -> None:
    visible = rectangle(40, 20, 61, 40)  # a column more, as on a boundary
    found = whole(store, square_scene(store, [("plain", 1, at(0, 5, 0))]), visible)
    assert (found.mask == visible).all() and found.visibility == 1.0


def test_meshes_are_forgotten_but_not_their_results(store: Store) -> None:
    spec = square_scene(store, [("plain", 1, at(0, 5, 0))])
    alone = Alone(store, keep=1)
    window = Window(0, 0, WIDTH, HEIGHT)
    first = alone.covered(spec, spec.objects, CAMERA, window)
    assert (alone.covered(spec, spec.objects, CAMERA, window) == first).all() and first.sum() == 400


def test_parts_of_parts_belong_to_the_whole() -> None:
    chain = [Instance(5, "car"), Instance(2, "car", part_of=5), Instance(3, "car", part_of=2), Instance(9, "car")]
    assert with_parts(chain) == {5: {5, 2, 3}, 2: {2, 3}, 3: {3}, 9: {9}}


@given(arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_masks_come_back_from_run_lengths_as_cocos_own_reader_has_them(mask: NDArray[np.bool_]) -> None:
    coded = encode_rle(mask)
    assert isinstance(coded["counts"], str) and coded["size"] == list(mask.shape)
    assert (decode_rle(coded) == mask).all()
    assert int(coco_mask.area(coded)) == mask.sum()


def test_a_mask_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="run lengths"):
        decode_rle({"size": [3, 4]})
    with pytest.raises(ValueError, match="run lengths"):
        decode_rle({"size": [3, 4], "counts": "é"})
