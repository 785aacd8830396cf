"""From instance maps to segments: every pixel in exactly one, true areas and boxes, ids that do not repeat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from synthgen.annotation import decode_ids, encode_ids, extents, instance_map_to_segments, segment_ids
from synthgen.errors import InputError, RenderError
from synthgen.scene.spec import Instance
from synthgen.taxonomy import load_taxonomy

ROAD = load_taxonomy("road")
NAMES = [c.name for c in ROAD.categories]
INSTANCES = [Instance(n, NAMES[n % len(NAMES)], part_of=n - 1 if n % 7 == 0 else None) for n in range(1, 60)]

maps = st_numpy.arrays(
    np.int32, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.integers(0, 59), fill=st.integers(0, 59)
)
policies = st.sampled_from([("keep", 0), ("void", 9), ("crowd", 9), ("void", 10**9), ("crowd", 10**9)])


@given(st_numpy.arrays(np.uint32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 2**24 - 1)))
def test_ids_survive_the_way_through_rgb(ids: np.ndarray) -> None:
    rgb = encode_ids(ids)
    assert rgb.dtype == np.uint8 and rgb.shape == (*ids.shape, 3)
    assert (rgb.astype(np.int64) @ [1, 256, 65536] == ids).all()
    assert (decode_ids(rgb) == ids).all()


def test_ids_beyond_three_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="16777216"):
        encode_ids(np.array([[2**24]], dtype=np.uint32))


@given(maps)
def test_extents_agree_with_plain_counting(labels: np.ndarray) -> None:
    found = extents(labels)
    assert found.values.tolist() == np.unique(labels).tolist()
    for index, value in enumerate(found.values):
        y, x = np.nonzero(labels == value)
        assert found.areas[index] == len(y)
        assert found.box(index) == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]


@settings(max_examples=60)
@given(maps, policies, st.integers(1, 10**6))
def test_every_pixel_is_in_exactly_one_segment(numbers: np.ndarray, policy: tuple[str, int], image_id: int) -> None:
    below, min_area = policy
    found = instance_map_to_segments(numbers, INSTANCES, ROAD, image_id=image_id, min_area=min_area, below=below)
    ids = [s["id"] for s in found.segments]
    assert len(set(ids)) == len(ids)
    assert all(1 <= i <= 2**24 - 1 for i in ids)
    assert set(ids) == set(np.unique(found.id_map).tolist()) - {0}
    void = int((found.id_map == 0).sum())
    assert void == 0 or below == "void"
    assert sum(s["area"] for s in found.segments) + void == numbers.size
    for segment in found.segments:
        y, x = np.nonzero(found.id_map == segment["id"])
        assert segment["area"] == len(y)
        assert segment["bbox"] == [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
    stuff = [s["category_id"] for s in found.segments if not ROAD.by_id[s["category_id"]].isthing]
    assert len(set(stuff)) == len(stuff)
    crowds = [s["category_id"] for s in found.segments if s["iscrowd"]]
    assert len(set(crowds)) == len(crowds)
    assert all(ROAD.by_id[c].isthing for c in crowds)
    # True counts stay, whatever became of the segments.
    assert {i.number: i.pixels for i in found.instances} == {
        int(n): int((numbers == n).sum()) for n in np.unique(numbers) if n
    }


@settings(max_examples=30)
@given(maps)
def test_a_segment_has_pixels_of_its_category_only(numbers: np.ndarray) -> None:
    found = instance_map_to_segments(numbers, INSTANCES, ROAD, image_id=1)
    category = {0: "sky", **{i.number: i.category for i in INSTANCES}}
    for segment in found.segments:
        inside = np.unique(numbers[found.id_map == segment["id"]])
        assert {category[n] for n in inside} == {ROAD.by_id[segment["category_id"]].name}
        if "instance_id" in segment:
            assert inside.tolist() == [segment["instance_id"]]


def test_segment_ids_are_spread_and_stable() -> None:
    keys = [f"instance/{n}" for n in range(2000)]
    ids = segment_ids(17, keys)
    assert ids == segment_ids(17, keys)
    assert len(set(ids)) == 2000
    assert not set(ids) & set(segment_ids(18, keys[:20]))
    assert min(ids) > 1000 and max(ids) > 2**23


def test_colliding_ids_take_the_next_free_one() -> None:
    first, second, third, other = segment_ids(1, ["a", "a", "a", "b"])
    assert (second, third) == (first + 1, first + 2)
    assert other == segment_ids(1, ["b"])[0]


def test_an_image_keeps_its_ids_when_another_instance_appears() -> None:
    numbers = np.array([[1, 1, 2], [0, 3, 3]], dtype=np.int32)
    whole = instance_map_to_segments(numbers, INSTANCES, ROAD, image_id=5)
    fewer = instance_map_to_segments(np.where(numbers == 2, 0, numbers), INSTANCES, ROAD, image_id=5)
    by_instance = {s["instance_id"]: s["id"] for s in whole.segments if "instance_id" in s}
    assert all(by_instance[s["instance_id"]] == s["id"] for s in fewer.segments if "instance_id" in s)


def test_keys_of_segments_and_parts() -> None:
    instances = [
        Instance(1, "person"),
        Instance(2, "bin", part_of=1),
        Instance(3, "road"),
        Instance(4, "lane marking", part_of=3),
        Instance(5, "lane marking", part_of=3),
    ]
    numbers = np.array([[1, 2, 3], [4, 5, 0]], dtype=np.int32)
    segments = instance_map_to_segments(numbers, instances, ROAD, image_id=1).segments
    by_name = {ROAD.by_id[s["category_id"]].name: s for s in segments}
    standard = ["id", "category_id", "area", "bbox", "iscrowd"]
    assert list(by_name["person"]) == [*standard, "instance_id"]
    assert list(by_name["bin"]) == [*standard, "instance_id", "part_of"]
    assert by_name["bin"]["part_of"] == 1
    assert list(by_name["sky"]) == list(by_name["road"]) == standard
    assert by_name["lane marking"]["area"] == 2
    assert by_name["lane marking"]["part_of"] == 3


def test_stuff_of_several_roots_is_part_of_none() -> None:
    instances = [Instance(1, "lane marking", part_of=3), Instance(2, "lane marking", part_of=4)]
    instances += [Instance(3, "road"), Instance(4, "road")]
    segments = instance_map_to_segments(np.array([[1, 2]], dtype=np.int32), instances, ROAD, image_id=1).segments
    assert [("part_of" in s, s["area"]) for s in segments] == [(False, 2)]


def test_numbers_that_the_scene_lacks_fail_the_frame() -> None:
    for number in (99, -3, 2**31 - 1):
        with pytest.raises(RenderError, match=str(number)):
            instance_map_to_segments(np.array([[number]], dtype=np.int32), INSTANCES, ROAD, image_id=1)


def test_unclaimed_pixels_without_a_sky_fail_the_frame() -> None:
    indoors = replace(ROAD, sky=None)
    with pytest.raises(RenderError, match="nothing claims"):
        instance_map_to_segments(np.array([[0, 1]], dtype=np.int32), INSTANCES, indoors, image_id=1)
    assert instance_map_to_segments(np.array([[1]], dtype=np.int32), INSTANCES, indoors, image_id=1).segments


def test_unknown_category_and_policy_are_input_errors() -> None:
    numbers = np.array([[1]], dtype=np.int32)
    with pytest.raises(InputError, match="did you mean 'car'"):
        instance_map_to_segments(numbers, [Instance(1, "carr")], ROAD, image_id=1)
    with pytest.raises(InputError, match=r"labels\.below"):
        instance_map_to_segments(numbers, INSTANCES, ROAD, image_id=1, below="drop")
