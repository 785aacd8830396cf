"""Is a rendered conformance scene right? By rays, by formula, and by what it says itself must hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.annotation import decode_ids
from synthgen.assets.store import Store
from synthgen.dataset.record import FrameRecord, find_record
from synthgen.errors import InputError
from synthgen.scene.spec import UNCLAIMED
from synthgen.verification.compare import Agreement, compare
from synthgen.verification.conformance.setting import Conformance, Seen
from synthgen.verification.raycast import RayScene


@dataclass(frozen=True)
class Verdict:
    """What became of one view. rays, formula: agreement with the ray caster and with the formulas, None where there is
    no frame; complaints: what is wrong, one sentence each; empty where all is right."""

    rays: Agreement | None
    formula: Agreement | None
    complaints: tuple[str, ...]


def cast(scene: Conformance, store: Store) -> tuple[NDArray[np.int32], ...]:
    """(H, W) numbers of every view by the ray caster."""
    spec = scene.spec
    return tuple(RayScene(spec, k, store).numbers(view.camera, spec.size) for k, view in enumerate(spec.views))


def examine(scene: Conformance, view: int, rays: NDArray[np.int32], dataset: Path, image_id: int) -> Verdict:
    """Compares a frame on disk with the rays' numbers, the formulas' and the scene's expectations."""
    record = find_record(dataset, image_id)
    if record is None:
        return Verdict(None, None, ("there is no frame",))
    seen = read_seen(dataset, record)
    by_rays, by_formula = compare(seen.numbers, rays), compare(seen.numbers, scene.truth[view])
    complaints = [
        f"against {what} {found.wrong_off} pixels off and {found.wrong_on} of {found.boundary} on boundaries are wrong"
        for what, found in (("the ray caster", by_rays), ("the formulas", by_formula))
        if not found.passes
    ]
    complaints += [f"it does not hold that {e.what}" for e in scene.expectations if not e.holds(seen)]
    return Verdict(by_rays, by_formula, tuple(complaints))


def read_seen(dataset: Path, record: FrameRecord) -> Seen:
    """A frame's numbers and picture, from its files. Raises InputError where a segment joins several numbers."""
    with Image.open(dataset / record.mask_path) as file:
        ids = decode_ids(np.asarray(file))
    with Image.open(dataset / record.image_path) as file:
        picture = np.asarray(file.convert("RGB"))
    by_category: dict[int, list[int]] = {}
    for instance in record.instances:
        by_category.setdefault(instance.category_id, []).append(instance.instance_id)
    numbers = np.full(ids.shape, -1, dtype=np.int32)
    for segment in record.segments:
        own = segment.get("instance_id")
        named = [own] if own is not None else by_category.get(segment["category_id"], [UNCLAIMED])
        if len(named) != 1:
            raise InputError.of(f"image {record.image_id}: one segment stands for the numbers {named}")
        numbers[ids == segment["id"]] = named[0]
    return Seen(numbers, picture)
