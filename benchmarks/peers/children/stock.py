"""BlenderProc 2.8.0 as its own examples use it, on a .blend file: render, segmentation output, COCO writer.

    python -m benchmarks.peers.children.stock JOB.json

Follows examples/advanced/coco_annotations and examples/basics/semantic_segmentation of its repository. Beside the bpy
wheel the package has to be brought up by `synthgen.render.blender.bridge`, which does the steps of `bproc.init()`
but for the language of Blender's menus; every setting is BlenderProc's default unless the job says otherwise. The
job's `task`: "frames" (a dataset), "pictures" (linear pictures), "segmentation" or "segmap" (labels, by the two ways);
with `jobs`, several after each other.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from synthgen.render.blender import bridge


def main(path: Path) -> None:
    job = json.loads(path.read_text())
    begun = time.perf_counter()
    bproc = bridge.load()
    if "jobs" in job:
        found: dict[str, Any] = {"jobs": [_attempt(bproc, {**job, **one}) for one in job["jobs"]]}
    else:
        found = _run(bproc, job, begun)
    path.with_suffix(".out.json").write_text(json.dumps(found))


def _attempt(bproc: Any, job: dict[str, Any]) -> dict[str, Any]:
    """What was found, or {"error": ...}: one that fails does not stop the next."""
    try:
        return _run(bproc, job, time.perf_counter())
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}


def _run(bproc: Any, job: dict[str, Any], begun: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="peers-", dir=job.get("scratch")) as temporary:
        bridge.start_scene(Path(temporary))
        found = {"start": time.perf_counter() - begun}
        begun = time.perf_counter()
        _load(bproc, job)
        found["load"] = time.perf_counter() - begun
        return found | TASKS[job["task"]](bproc, job)


def _load(bproc: Any, job: dict[str, Any]) -> None:
    """The scene file, the camera and its poses."""
    import bpy

    bproc.loader.load_blend(job["blend"], obj_types=["mesh", "light"], data_blocks=["objects", "worlds"])
    bpy.context.scene.world = bpy.data.worlds[job["sky"]]  # its loader reads a sky, but does not put it up
    width, height = job["size"]
    camera = job["camera"]
    bproc.camera.set_intrinsics_from_K_matrix(
        np.array(camera["K"]), width, height, camera["clip_near"], camera["clip_far"]
    )
    for pose in job["poses"]:
        matrix = bproc.math.change_source_coordinate_frame_of_transformation_matrix(np.array(pose), ["X", "-Y", "-Z"])
        bproc.camera.add_camera_pose(matrix)
    if "optics" in job:
        _blur(bproc, job["optics"], matrix)
    bproc.renderer.set_cpu_threads(job["threads"])
    bproc.renderer.set_max_amount_of_samples(job["samples"])


def _blur(bproc: Any, optics: dict[str, Any], matrix: Any) -> None:
    """Its own depth of field and motion blur, for one pose at frame 0. Lengths in metres, times in frames."""
    import bpy

    radius, shutter, velocity = optics["lens_radius"], optics["shutter"], optics["velocity"]
    if radius > 0.0:
        stop = bpy.context.scene.camera.data.lens * 1e-3 / (2.0 * radius)
        bproc.camera.add_depth_of_field(None, stop, focal_distance=optics["focus_distance"])
    if shutter > 0.0:
        if any(velocity):
            for frame in (-shutter, shutter):
                moved = np.array(matrix)
                moved[:3, 3] += frame * np.array(velocity)
                bproc.camera.add_camera_pose(moved, frame=round(frame))
            bproc.utility.set_keyframe_render_interval(0, 1)
        bproc.renderer.enable_motion_blur(motion_blur_length=shutter)


def frames(bproc: Any, job: dict[str, Any]) -> dict[str, Any]:
    """A small dataset, as the example writes it. Seconds of rendering (labels included) and of writing."""
    begun = time.perf_counter()
    bproc.renderer.enable_segmentation_output(map_by=["category_id", "instance", "name"])
    data = bproc.renderer.render()
    rendered = time.perf_counter() - begun
    begun = time.perf_counter()
    bproc.writer.write_coco_annotations(
        job["output"],
        instance_segmaps=data["instance_segmaps"],
        instance_attribute_maps=data["instance_attribute_maps"],
        colors=data["colors"],
        color_file_format="JPEG",
    )
    return {"render": rendered, "write": time.perf_counter() - begun}


def pictures(bproc: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Linear pictures of the poses: its render, written as OpenEXR. `reference`: no denoiser, every sample
    taken, and the number is the seed.
    """
    import bpy

    if job["reference"]:
        bproc.renderer.set_denoiser(None)
        bproc.renderer.set_noise_threshold(0)
        bpy.context.scene.cycles.seed = job["reference"]
    bproc.renderer.set_output_format("OPEN_EXR", 32)
    begun = time.perf_counter()
    data = bproc.renderer.render()
    seconds = (time.perf_counter() - begun) / len(job["poses"])
    for picture, file in zip(data["colors"], job["files"], strict=True):
        np.save(file, np.asarray(picture, dtype=np.float32)[..., :3])
    return {"seconds": [seconds] * len(job["poses"])}


def segmentation(bproc: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Labels of the first pose out of the picture's own render."""
    bproc.renderer.enable_segmentation_output(map_by=["category_id", "instance", "name"])
    return _save_numbers(bproc.renderer.render(), job)


def segmap(bproc: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Labels of the first pose by a render of their own. `alpha`: its option that honours textures with alpha."""
    return _save_numbers(
        bproc.renderer.render_segmap(
            map_by=["class", "instance", "name"], use_alpha_channel=bool(job.get("alpha")), default_values={"class": 0}
        ),
        job,
    )


def _save_numbers(data: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """(H, W) int32: the number that the file gives to the object that BlenderProc names."""
    import bpy

    names = {int(row["idx"]): row["name"] for row in data["instance_attribute_maps"][0]}
    instances = np.asarray(data["instance_segmaps"][0]).astype(np.int64)
    numbers = np.zeros(instances.shape, dtype=np.int32)
    for index in np.unique(instances):
        item = bpy.data.objects.get(names.get(int(index), ""))
        numbers[instances == index] = 0 if item is None else int(item.get("synthgen_number", 0))
    np.save(job["file"], numbers)
    return {}


TASKS = {"frames": frames, "pictures": pictures, "segmentation": segmentation, "segmap": segmap}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # Blender's own shutdown may crash after all is written
