"""Which frames belong to which scene, and which scenes to which shard.

Frame f (from 0) is view f mod V of scene f div V, where V is the recipe's views a scene; its image id is f + 1. So a
larger number of frames moves none of those that exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synthgen.errors import InputError


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the dataset: its image id, its scene, and its view in that scene."""

    image_id: int
    scene: int
    view: int


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` (1-based) of `count`: the scenes k with k mod count = index - 1."""

    index: int = 1
    count: int = 1

    def owns(self, scene: int) -> bool:
        return scene % self.count == self.index - 1

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


WHOLE = Shard()


def parse_shard(text: str) -> Shard:
    """`I/N` with 1 <= I <= N. Raises InputError."""
    match = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
    hint = "write --shard I/N with I from 1 to N, such as 1/4 for the first of four"
    if match is None:
        raise InputError.of(f"{text!r} is not a shard", where="--shard", hint=hint)
    index, count = int(match[1]), int(match[2])
    if not 1 <= index <= count:
        raise InputError.of(f"there is no shard {index} of {count}", where="--shard", hint=hint)
    return Shard(index, count)


def check_frames(frames: int) -> None:
    """Refuses a number of frames below 1 (InputError)."""
    if frames < 1:
        raise InputError.of(f"{frames} frames cannot be made", where="--frames", hint="ask for 1 or more: -n 8")


def scene_count(frames: int, views_per_scene: int) -> int:
    """How many scenes `frames` frames come from; the last may be cut short."""
    return -(-frames // views_per_scene)


def frames_of_scene(scene: int, frames: int, views_per_scene: int) -> tuple[Frame, ...]:
    """The frames of one scene among the first `frames` of the dataset."""
    first = scene * views_per_scene
    last = min(frames, first + views_per_scene)
    return tuple(Frame(f + 1, scene, f - first) for f in range(first, last))


def scenes_of_shard(shard: Shard, frames: int, views_per_scene: int) -> Iterator[int]:
    """The scenes that a shard makes, in order."""
    return iter(range(shard.index - 1, scene_count(frames, views_per_scene), shard.count))
