"""Which frames `--frames K` checks."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.errors import InputError
from synthgen.verification.choice import FrameKey, choose


def dataset(views: list[int]) -> list[FrameKey]:
    """Frames of scenes with so many views each."""
    places = [(scene, view) for scene, count in enumerate(views) for view in range(count)]
    return [FrameKey(scene, view, k + 1, "") for k, (scene, view) in enumerate(places)]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 60), st.randoms())
def test_scenes_first_then_views(views: list[int], count: int, random: object) -> None:
    frames = dataset(views)
    chosen = choose(frames, count)
    assert len(chosen) == len(set(chosen)) == min(count, len(frames))
    assert set(chosen) <= set(frames) and chosen == sorted(chosen)
    random.shuffle(frames)  # type: ignore[attr-defined]
    assert choose(frames, count) == chosen, "whatever order they are found in"
    of_scene = Counter(f.scene for f in chosen)
    fewest = min(of_scene[s] for s, n in enumerate(views) if of_scene[s] < n) if count < len(frames) else 0
    if count < len(frames):
        assert max(of_scene.values()) <= fewest + 1, "no scene has two more than one that has some left"


def test_chosen_scenes_are_at_even_distances() -> None:
    assert [f.scene for f in choose(dataset([4] * 100), 5)] == [10, 30, 50, 70, 90]


def test_chosen_views_differ_from_scene_to_scene() -> None:
    chosen = choose(dataset([8] * 16), 16)
    assert len({f.view for f in chosen}) == 8


def test_the_whole_and_nothing() -> None:
    frames = dataset([2, 3])
    assert choose(frames, None) == choose(frames, 99) == frames
    with pytest.raises(InputError, match="--frames"):
        choose(frames, 0)
