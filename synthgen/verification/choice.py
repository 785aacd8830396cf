"""Which frames of a dataset are checked: all, or some spread evenly over scenes first, then over their views."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec

from synthgen.dataset.folders import iter_record_paths, record_path
from synthgen.errors import Diagnostic, InputError

_GOLDEN = 0.618_033_988_75


@dataclass(frozen=True, slots=True, order=True)
class FrameKey:
    """A frame, and the scene it says it was made from."""

    scene: int
    view: int
    image_id: int
    spec_hash: str


class _Head(msgspec.Struct):
    """As much of a record as says which frame it is of."""

    image_id: int
    scene_index: int
    view_index: int
    spec_hash: str


def read_frames(folder: Path) -> list[FrameKey]:
    """Every frame of a dataset that has a record, by scene and view. Raises InputError where there is none, with all
    that cannot be read."""
    if not folder.is_dir():
        raise InputError.of("no such folder", where=str(folder), hint="give the folder of a dataset")
    frames, damaged = [], []
    for path in iter_record_paths(folder):
        try:
            head = msgspec.json.decode(path.read_bytes(), type=_Head)
        except (OSError, msgspec.MsgspecError) as error:
            damaged.append(Diagnostic(str(path), f"not a frame's record: {error}", "run the same generate again"))
            continue
        if path.name == record_path(head.image_id).name:
            frames.append(FrameKey(head.scene_index, head.view_index, head.image_id, head.spec_hash))
        else:
            damaged.append(
                Diagnostic(str(path), f"is the record of image {head.image_id}", "run the same generate again")
            )
    if damaged:
        raise InputError(damaged)
    if not frames:
        raise InputError.of(
            "there are no records of frames here",
            where=str(folder),
            hint="only datasets that synthgen generate made can be verified; validate checks any",
        )
    return sorted(frames)


def choose(frames: Iterable[FrameKey], count: int | None) -> list[FrameKey]:
    """`count` of the frames (all where it is None, or larger than they are many), in their order.

    One of each scene before a second of any: of scenes, those at even distances; of views, ones that differ from scene
    to scene. Raises InputError for a count below 1.
    """
    everything = sorted(frames)
    if count is None or count >= len(everything):
        return everything
    if count < 1:
        raise InputError.of(f"{count} frames cannot be checked", where="--frames", hint="ask for 1 or more")
    layers: list[list[FrameKey]] = []
    for position, (_, scene) in enumerate(groupby(everything, lambda f: f.scene)):
        for rank, frame in enumerate(_spread(list(scene), position)):
            if rank == len(layers):
                layers.append([])
            layers[rank].append(frame)
    chosen: list[FrameKey] = []
    for layer in layers:
        room = count - len(chosen)
        chosen += layer if room >= len(layer) else [layer[(2 * k + 1) * len(layer) // (2 * room)] for k in range(room)]
    return sorted(chosen)


def _spread(views: list[FrameKey], turn: int) -> list[FrameKey]:
    """The views of a scene in an order whose every beginning is spread over them; it begins elsewhere at every turn."""
    return [views[k] for k in sorted(range(len(views)), key=lambda k: ((k + 1 + turn) * _GOLDEN % 1, k))]
