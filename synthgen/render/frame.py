"""From what was rendered to a frame on disk: linear image, sensor, annotation, record."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation import Segmentation, instance_map_to_segments
from synthgen.annotation.defects import defects_in_view
from synthgen.annotation.volumes import claim_volumes
from synthgen.dataset.png import encode_mask
from synthgen.dataset.record import CameraRecord, DefectRecord, FrameRecord, InstanceRecord, write_frame
from synthgen.errors import SynthgenError
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.rendered import Rendered
from synthgen.render.truth import InstanceTruth, Truth, more_truth
from synthgen.scene.spec import UNCLAIMED, Instance, LabelVolume, Object, SceneSpec
from synthgen.sensor.camera import develop, encode_jpeg
from synthgen.sensor.linear import add_haze, blend_denoised, reduce_by_half
from synthgen.taxonomy import load_taxonomy
from synthgen.truth import asked

_T = TypeVar("_T")


class StageError(SynthgenError):
    """A frame failed, at a named stage."""

    def __init__(self, stage: str, cause: BaseException):
        super().__init__(f"{type(cause).__name__}: {cause}" if not isinstance(cause, SynthgenError) else str(cause))
        self.stage = stage


@dataclass
class Stopwatch:
    """Seconds by stage of one frame."""

    seconds: dict[str, float]

    def run(self, stage: str, work: Callable[[], _T]) -> _T:
        """Does a stage's work and notes its time. Raises StageError, or OSError as it is (a full disk ends the run)."""
        begun = time.perf_counter()
        try:
            return work()
        except OSError:
            raise
        except Exception as error:
            raise StageError(stage, error) from error
        finally:
            self.seconds[stage] = round(time.perf_counter() - begun, 4)


def finish_frame(
    spec: SceneSpec, job: RenderJob, task: FrameTask, rendered: Rendered, watch: Stopwatch, device: str
) -> FrameRecord:
    """Sensor, annotation and record of one rendered view; writes its files. Returns the record as written."""
    view = spec.views[task.view]
    linear = watch.run("linear", lambda: linear_image(spec, rendered))
    picture = watch.run("sensor", lambda: develop(linear, view.sensor))
    numbers = np.ascontiguousarray(rendered.numbers)
    if spec.volumes:
        assert rendered.depth is not None, "a scene with label volumes is rendered with depth"
        numbers = claim_volumes(numbers, rendered.depth, view.camera, spec.volumes)
    found = watch.run("annotation", lambda: _segments(spec, numbers, task.image_id))
    truth = Truth()
    if asked(spec.identity):
        truth = watch.run("truth", lambda: more_truth(spec, job, task, rendered, numbers, found.instances))
    image = watch.run("encode", lambda: encode_jpeg(picture, view.sensor))
    mask = encode_mask(found.id_map)
    record = _record(spec, job, task, found, truth, watch.seconds, device)
    return watch.run("write", lambda: write_frame(Path(job.dataset), image, mask, record, extra=truth.files))


def linear_image(spec: SceneSpec, rendered: Rendered) -> NDArray[np.float32]:
    """(H, W, 3) linear picture at its final size."""
    image = blend_denoised(rendered.picture, rendered.sharp, rendered.matte)
    visibility = spec.world.params.get("haze")
    if visibility:
        image = add_haze(image, rendered.distance, float(visibility))
    return reduce_by_half(image) if int(spec.render["supersample"]) == 2 else image


def _segments(spec: SceneSpec, numbers: NDArray[np.int32], image_id: int) -> Segmentation:
    labels = spec.identity.get("labels", {})
    return instance_map_to_segments(
        numbers,
        spec.instances,
        load_taxonomy(spec.taxonomy),
        image_id=image_id,
        min_area=int(labels.get("min_area", 0)),
        below=str(labels.get("below", "keep")),
    )


def _record(
    spec: SceneSpec,
    job: RenderJob,
    task: FrameTask,
    found: Segmentation,
    truth: Truth,
    seconds: dict[str, float],
    device: str,
) -> FrameRecord:
    view = spec.views[task.view]
    instances = {i.number: i for i in spec.instances}
    placed: dict[int, list[Object | LabelVolume]] = {}
    claiming: tuple[Object | LabelVolume, ...] = (*spec.objects, *view.objects, *spec.volumes)
    for item in claiming:
        placed.setdefault(item.number, []).append(item)
    seen = []
    for pixels in found.instances:
        instance = instances[pixels.number]
        objects = placed.get(pixels.number, [])
        # Something made of several objects has no one transform, but for a model that something was put onto.
        transform = objects[0].transform if len(objects) == 1 or (objects and instance.asset) else None
        more = truth.instances.get(pixels.number, InstanceTruth())
        seen.append(
            InstanceRecord(
                instance_id=pixels.number,
                category=pixels.category.name,
                category_id=pixels.category.id,
                pixels=pixels.pixels,
                bbox=pixels.bbox,
                asset=instance.asset,
                part_of=instance.part_of,
                location=(transform[3], transform[7], transform[11]) if transform else None,
                transform=transform,
                attributes=instance.attributes,
                relations=_relations(instance, more),
                visibility=more.visibility,
                truncation=more.truncation,
                amodal_pixels=more.amodal_pixels,
                amodal_bbox=more.amodal_bbox,
                box=more.box,
            )
        )
    return FrameRecord(
        image_id=task.image_id,
        split=task.split,
        size=spec.size,
        spec_hash=job.spec_hash,
        identity=job.identity,
        asked=job.asked,
        scene_index=spec.scene_index,
        view_index=task.view,
        camera=CameraRecord.of(view.camera.intrinsics, view.camera.cam_to_world, spec.size),
        sensor=view.sensor,
        instances=tuple(seen),
        segments=tuple(_with_visibility(segment, truth) for segment in found.segments),
        redraws=view.redraws,
        device=device,
        cpu=cpu_model(),
        timings=dict(seconds),
        attributes=view.attributes,
        defects=_defects(spec, found),
    )


def _defects(spec: SceneSpec, found: Segmentation) -> tuple[DefectRecord, ...]:
    """What became of each defect in this view."""
    records = []
    for defect in defects_in_view(spec.instances, load_taxonomy(spec.taxonomy), found):
        i = defect.instance
        records.append(DefectRecord(i.number, i.category, defect.pixels, defect.visible, i.part_of, i.attributes))
    return tuple(records)


def _relations(instance: Instance, more: InstanceTruth) -> dict[str, int | str | list[int]]:
    """Those of the scene, and who hides it in this view, where that was asked for."""
    found: dict[str, int | str | list[int]] = dict(instance.relations)
    if more.occluded_by is not None:
        found["occluded_by"] = list(more.occluded_by)
    return found


def _with_visibility(segment: dict[str, Any], truth: Truth) -> dict[str, Any]:
    """A segment of a thing says how much of it is seen, where that was asked for."""
    more = truth.instances.get(segment.get("instance_id", UNCLAIMED))
    return segment if more is None or more.visibility is None else {**segment, "visibility": more.visibility}


@cache
def cpu_model() -> str:
    """The processor, in its maker's words where the system tells them."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
