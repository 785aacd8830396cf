"""Checks the frames of one scene: builds it once, and casts the rays of each view."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgen.dataset.folders import record_path, scene_path
from synthgen.dataset.png import read_mask
from synthgen.dataset.record import FrameRecord, read_record
from synthgen.errors import CacheMismatch, Diagnostic, InputError
from synthgen.scene.spec import SceneSpec, check_spec, decode_spec
from synthgen.taxonomy import Taxonomy, load_taxonomy
from synthgen.verification.choice import FrameKey
from synthgen.verification.compare import Agreement, compare
from synthgen.verification.labels import cast_labels, describe_category, describe_label, recorded_labels
from synthgen.verification.raycast import RayScene, Shapes
from synthgen.verification.report import FrameReport, Mismatch

_AGAIN = "run the same generate again"
_VERSIONS = "verify with the version of synthgen and the asset packs that dataset.json names"


@dataclass(frozen=True, slots=True)
class SceneFrames:
    """The frames of one scene that are to be checked."""

    folder: Path
    scene: int
    frames: tuple[FrameKey, ...]


@dataclass(frozen=True, slots=True)
class SceneReport:
    """The frames that were checked, and why others could not be."""

    frames: tuple[FrameReport, ...]
    problems: tuple[Diagnostic, ...] = ()


def check_scene_file(work: SceneFrames) -> list[Diagnostic]:
    """What forbids to check a scene's frames: its file is missing, or not the one that they were made from."""
    path = work.folder / scene_path(work.scene)
    try:
        # As `spec_hash`, which hashes exactly the bytes of the file.
        found = hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError as error:
        return [Diagnostic(str(path), f"cannot be read: {error.strerror}", _AGAIN)]
    strange = [f.image_id for f in work.frames if f.spec_hash != found]
    if not strange:
        return []
    return [Diagnostic(str(path), f"is not the scene that image {strange[0]} was made from", _AGAIN)]


def check_scene(work: SceneFrames, shapes: Shapes) -> SceneReport:
    """Checks the frames one after another. What is wrong with the input is in the report, for it travels between
    processes; errors of the machine (OSError, MemoryError) are raised."""
    where = work.folder / scene_path(work.scene)
    done: list[FrameReport] = []
    try:
        spec = decode_spec(where.read_bytes(), where=str(where))
        check_spec(spec)
        taxonomy = load_taxonomy(spec.taxonomy)
        for frame in work.frames:
            done.append(_check_frame(work.folder, frame, spec, taxonomy, shapes))
    except InputError as error:
        found = (d if d.where else Diagnostic(str(where), d.what, d.hint or _VERSIONS) for d in error.diagnostics)
        return SceneReport(tuple(done), tuple(found))
    except CacheMismatch as error:
        return SceneReport(tuple(done), (Diagnostic(str(where), str(error), _VERSIONS),))
    finally:
        shapes.trim()
    return SceneReport(tuple(done))


def _check_frame(folder: Path, frame: FrameKey, spec: SceneSpec, taxonomy: Taxonomy, shapes: Shapes) -> FrameReport:
    record = _record(folder, frame, spec)
    mask = _mask(folder / record.mask_path, spec)
    scene = RayScene(spec, record.view_index, shapes.store, shapes=shapes)
    begun = time.perf_counter()
    numbers = scene.numbers(spec.views[record.view_index].camera, spec.size)
    recorded, cast = recorded_labels(mask, record), cast_labels(numbers, spec, taxonomy, record)
    instances = compare(recorded.instances, cast.instances)
    categories = compare(recorded.categories, cast.categories)
    mismatches = (
        *_worst(
            "instances", instances, recorded.instances, cast.instances, lambda k: describe_label(k, spec, taxonomy)
        ),
        *_worst(
            "categories", categories, recorded.categories, cast.categories, lambda k: describe_category(k, taxonomy)
        ),
    )
    seconds = time.perf_counter() - begun
    return FrameReport(frame.image_id, frame.scene, frame.view, instances, categories, mismatches, seconds)


def _worst(
    name: str,
    found: Agreement,
    recorded: NDArray[np.int32],
    cast: NDArray[np.int32],
    words: Callable[[int], str],
) -> list[Mismatch]:
    """The worst wrong pixel of a map, if there is one."""
    if found.wrong_at is None:
        return []
    x, y = found.wrong_at
    said, seen = (words(int(labels[y, x])) for labels in (recorded, cast))
    return [Mismatch(name, found.wrong_at, found.wrong_block, said, seen)]


def _record(folder: Path, frame: FrameKey, spec: SceneSpec) -> FrameRecord:
    path = folder / record_path(frame.image_id)
    record = read_record(path)
    if not 0 <= record.view_index < len(spec.views):
        raise InputError.of(f"the scene has no view {record.view_index}", where=str(path), hint=_AGAIN)
    return record


def _mask(path: Path, spec: SceneSpec) -> NDArray[np.uint32]:
    try:
        ids = read_mask(path)
    except OSError as error:
        raise InputError.of(
            f"the mask cannot be read: {error.strerror or error}", where=str(path), hint=_AGAIN
        ) from error
    width, height = spec.size
    if ids.shape != (height, width):
        raise InputError.of(
            f"the mask is {ids.shape[1]}x{ids.shape[0]}, its scene {width}x{height}", where=str(path), hint=_AGAIN
        )
    return ids
