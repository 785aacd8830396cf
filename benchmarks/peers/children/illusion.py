"""telekinesis-illusion, in an environment of its own, on a .blend file. Imports nothing of synthgen.

    ENVIRONMENT/bin/python benchmarks/peers/children/illusion.py JOB.json

Its public scene loads models from single files and wants its own asset tree, so the scene file is appended by bpy, and
from there on its own parts are used: `initialization.init`, `BlenderEngine.prepare` and `.render` with their defaults,
`CocoWriter.write`. Only the device (CPU), the threads and the number of samples are set.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any


class _Scene:
    """What `BlenderEngine.render` asks of a scene."""

    def __init__(self, categories: Any):
        self._categories = categories

    def get_categories(self) -> Any:
        return self._categories


def main(path: Path) -> None:
    job = json.loads(path.read_text())
    begun = time.perf_counter()
    from telekinesis.illusion.utils.blender_env import isolate_user_extensions

    isolate_user_extensions()
    import bpy
    import numpy as np
    from mathutils import Matrix
    from telekinesis.illusion.blender import initialization
    from telekinesis.illusion.blender.camera import settings as camera_settings
    from telekinesis.illusion.blender.labels import LabelIdMapping
    from telekinesis.illusion.blender.rendering import renderer
    from telekinesis.illusion.core.engine import BlenderEngine, RenderConfig
    from telekinesis.illusion.writer.writer import CocoWriter

    initialization.init(temp_dir=job.get("scratch"))
    found: dict[str, Any] = {"start": time.perf_counter() - begun}

    begun = time.perf_counter()
    with bpy.data.libraries.load(job["blend"]) as (there, here):
        here.objects, here.worlds = list(there.objects), list(there.worlds)
    for item in here.objects:
        if item.type in ("MESH", "LIGHT"):
            bpy.context.collection.objects.link(item)
    bpy.context.scene.world = bpy.data.worlds[job["sky"]]
    width, height = job["size"]
    camera = job["camera"]
    camera_settings.set_intrinsics_from_K_matrix(
        np.array(camera["K"]), width, height, camera["clip_near"], camera["clip_far"]
    )
    flip = np.diag([1.0, -1.0, -1.0, 1.0])  # from x right, y down, z forward to Blender's camera
    for pose in job["poses"]:
        camera_settings.add_camera_pose(Matrix((np.array(pose) @ flip).tolist()))
    categories = LabelIdMapping.from_dict(job["category_names"])
    found["load"] = time.perf_counter() - begun

    begun = time.perf_counter()
    writer = CocoWriter(output_dir=job["output"])
    engine = BlenderEngine(RenderConfig(device="CPU", samples=job["samples"]))
    engine.prepare(writer.get_segmentation_output_config())
    renderer.set_cpu_threads(job["threads"])
    if job["task"] == "pictures":
        if job["reference"]:
            renderer.set_denoiser(None)
            renderer.set_noise_threshold(0)
            bpy.context.scene.cycles.seed = job["reference"]
        renderer.set_output_format("OPEN_EXR", 32)
    result = engine.render(_Scene(categories))
    rendered = time.perf_counter() - begun
    if job["task"] == "pictures":
        for picture, file in zip(result.data["colors"], job["files"], strict=True):
            np.save(file, np.asarray(picture, dtype=np.float32)[..., :3])
        found["seconds"] = [rendered / len(job["poses"])] * len(job["poses"])
    else:
        begun = time.perf_counter()
        writer.write(result)
        found |= {"render": rendered, "write": time.perf_counter() - begun}
    path.with_suffix(".out.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # Blender's own shutdown may crash after all is written
