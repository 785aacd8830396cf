"""What a recipe asks for beside picture and labels, of one rendered view: files, and what the record says."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation.flow import motions_between, optical_flow
from synthgen.annotation.segments import InstancePixels
from synthgen.dataset.folders import truth_path
from synthgen.dataset.record import BoxRecord
from synthgen.dataset.truth import encode_amodal, encode_exr
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.rendered import Rendered
from synthgen.scene.pose import array
from synthgen.scene.spec import UNCLAIMED, Object, SceneSpec
from synthgen.truth import AMODAL, BOXES, DEPTH, FLOW, NORMALS, OCCLUSION, asked

if TYPE_CHECKING:
    from synthgen.annotation.alone import Alone


@dataclass(frozen=True, slots=True)
class InstanceTruth:
    """What the record of a frame says of a thing in view beyond what every record does."""

    visibility: float | None = None
    truncation: float | None = None
    amodal_pixels: int | None = None
    amodal_bbox: tuple[int, int, int, int] | None = None
    box: BoxRecord | None = None
    occluded_by: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """files: by path relative to the dataset folder. instances: things by number."""

    files: dict[str, bytes] = field(default_factory=dict)
    instances: dict[int, InstanceTruth] = field(default_factory=dict)


def more_truth(
    spec: SceneSpec,
    job: RenderJob,
    task: FrameTask,
    rendered: Rendered,
    numbers: NDArray[np.int32],
    seen: tuple[InstancePixels, ...],
) -> Truth:
    """All that the scene's identity asks for. numbers: (H, W) at final size; seen: the instances in view."""
    words = asked(spec.identity)
    files: dict[str, bytes] = {}

    def add(word: str, data: bytes) -> None:
        files[str(truth_path(word, task.split, task.image_id))] = data

    if DEPTH in words:
        add(DEPTH, encode_exr(_depth(rendered, numbers)))
    if NORMALS in words:
        add(NORMALS, encode_exr(_normals(spec, task.view, rendered, numbers)))
    if FLOW in words:
        add(FLOW, encode_exr(_flow(spec, task.view, rendered, numbers)))
    if not {AMODAL, BOXES, OCCLUSION} & set(words):
        return Truth(files)
    instances, entries = _things(spec, task.view, Path(job.cache), numbers, rendered.numbers, seen)
    if AMODAL in words:
        add(AMODAL, encode_amodal(task.image_id, entries))
    return Truth(files, instances)


def _depth(rendered: Rendered, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
    """(H, W) metres along z at the pixels' centres, inf where the label is nobody's."""
    assert rendered.depth is not None
    return np.where(numbers == UNCLAIMED, np.float32(np.inf), rendered.depth)


def _normals(spec: SceneSpec, view: int, rendered: Rendered, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
    """(H, W, 3) unit vectors in the camera's axes."""
    assert rendered.normals is not None
    to_camera = array(spec.views[view].camera.cam_to_world)[:, :3]
    normals = rendered.normals.astype(np.float64) @ to_camera
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    unit = np.where(length > 1e-6, normals / np.maximum(length, 1e-6), 0.0)
    unit[numbers == UNCLAIMED] = 0
    return unit.astype(np.float32)


def _flow(spec: SceneSpec, view: int, rendered: Rendered, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
    """(H, W, 3) u, v, validity; all 0 in the last view of a scene."""
    if view + 1 >= len(spec.views):
        return np.zeros((*numbers.shape, 3), dtype=np.float32)
    assert rendered.next_depth is not None
    return optical_flow(
        _depth(rendered, numbers),
        spec.views[view].camera,
        rendered.next_depth,
        spec.views[view + 1].camera,
        numbers=numbers,
        motions=motions_between(spec, view),
    )


def _things(
    spec: SceneSpec,
    view: int,
    cache_root: Path,
    numbers: NDArray[np.int32],
    surfaces: NDArray[np.int32],
    seen: tuple[InstancePixels, ...],
) -> tuple[dict[int, InstanceTruth], list[dict[str, Any]]]:
    """What there is to say of the things in view, by number, and their entries in the file of amodal masks.

    surfaces: numbers before label volumes take pixels.
    """
    from synthgen.annotation.amodal import whole_instance, with_parts
    from synthgen.annotation.boxes import box_about
    from synthgen.annotation.occlusion import occluders, roots_of
    from synthgen.annotation.rle import encode_rle

    words, camera = asked(spec.identity), spec.views[view].camera
    alone, family, roots = _alone(cache_root), with_parts(spec.instances), roots_of(spec.instances)
    placed: dict[int, list[Object]] = {}
    for item in (*spec.objects, *spec.views[view].objects):
        placed.setdefault(item.number, []).append(item)
    of_family = np.zeros(max(family, default=0) + 1, dtype=bool)
    found: dict[int, InstanceTruth] = {}
    entries = []
    for pixels in (p for p in seen if p.category.isthing):
        number = pixels.number
        members = [number, *sorted(family[number] - {number})]  # the root's own objects first
        objects = [item for member in members for item in placed.get(member, [])]
        box = None
        if BOXES in words:
            about = box_about(spec, objects, alone.store)
            box = BoxRecord.of(about.size, about.center, about.rotation, *about.seen_by(camera))
        if AMODAL not in words and OCCLUSION not in words:
            found[number] = InstanceTruth(box=box)
            continue
        of_family[:] = False
        of_family[members] = True
        whole = whole_instance(alone, spec, objects, camera, of_family[numbers])
        by = tuple(n for n, _ in occluders(whole, number, surfaces, roots)) if OCCLUSION in words else None
        if AMODAL not in words:
            found[number] = InstanceTruth(box=box, occluded_by=by)
            continue
        found[number] = InstanceTruth(whole.visibility, whole.truncation, whole.pixels, whole.bbox, box, by)
        entries.append(
            {
                "instance_id": number,
                "category_id": pixels.category.id,
                "area": whole.pixels,
                "bbox": list(whole.bbox),
                "visibility": whole.visibility,
                "truncation": whole.truncation,
                "segmentation": encode_rle(whole.mask),
            }
        )
    return found, entries


@cache
def _alone(cache_root: Path) -> Alone:
    """One for all scenes of a worker, whose instances are often of the same meshes."""
    from synthgen.annotation.alone import Alone
    from synthgen.assets.store import Store

    return Alone(Store(cache_root, keep_meshes=16))
