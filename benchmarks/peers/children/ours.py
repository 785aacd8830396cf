"""synthgen's own renderer, for quality and for the limit, and the .blend file that the others read.

    python -m benchmarks.peers.children.ours JOB.json

The job's `task`: "pictures" (linear pictures of some views), "limit" (the bare render operator), "blend" (saves the
scene as synthgen builds it) or "blends" (several of them).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import synthgen.assets.models
import synthgen.procedural  # noqa: F401  both register how meshes and images that the cache lacks are made
from benchmarks.peers.kept import SKY
from synthgen.assets.store import Store
from synthgen.render.blender.session import Session
from synthgen.render.frame import linear_image
from synthgen.render.rendered import read_rendered
from synthgen.render.worker import scratch_folder
from synthgen.scene.spec import SceneSpec, decode_spec


def main(path: Path) -> None:
    job = json.loads(path.read_text())
    spec = decode_spec(Path(job["spec"]).read_bytes()) if "spec" in job else None
    found = TASKS[job["task"]](spec, job)
    path.with_suffix(".out.json").write_text(json.dumps(found))


def _opened(spec: SceneSpec, job: dict[str, Any]) -> Session:
    session = Session(Store(), threads=job["threads"])
    session.open(spec)
    return session


def pictures(spec: SceneSpec, job: dict[str, Any]) -> dict[str, Any]:
    """Linear pictures of the job's views, one .npy each. The seconds of each are rough: a view may be the first."""
    session = _opened(spec, job)
    seconds = []
    for view, file in zip(job["views"], job["files"], strict=True):
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=scratch_folder(spec)) as folder:
            session.draw(view, Path(folder))
            seconds.append(time.perf_counter() - begun)
            rendered = read_rendered(Path(folder), int(spec.render["supersample"]))
        np.save(file, linear_image(spec, rendered).astype(np.float32))
    return {"seconds": seconds}


def limit(spec: SceneSpec, job: dict[str, Any]) -> dict[str, Any]:
    """Seconds of `bpy.ops.render.render` alone for each view, everything synchronised by a render just before it.

    Beside it, of the first view: a whole `Session.draw` that finds nothing built, and one that finds all of it.
    """
    import bpy

    begun = time.perf_counter()
    session = _opened(spec, job)
    opened = time.perf_counter() - begun
    first: list[float] = []
    again: list[float] = []
    bare: list[float] = []
    folder = Path(tempfile.mkdtemp(dir=scratch_folder(spec)))
    for view in job["views"]:
        begun = time.perf_counter()
        session.draw(view, folder)
        first.append(time.perf_counter() - begun)
        if not again:
            begun = time.perf_counter()
            session.draw(view, folder)
            again.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        bpy.ops.render.render(write_still=False)
        bare.append(time.perf_counter() - begun)
    shutil.rmtree(folder)
    return {"open": opened, "first": first, "again": again, "bare": bare}


def blend(spec: SceneSpec, job: dict[str, Any]) -> dict[str, Any]:
    """Saves the scene of one view, textures packed. Every object says its category and its number.

    Objects are named by their place in the file, with "category_id" (for BlenderProc) and "synthgen_number". What moves
    while the shutter is open does so about frame 0, at 1,000 frames a second.
    """
    import bpy

    session = _opened(spec, job)
    built = session._built
    assert built is not None
    built.show_view(job["view"])
    meshes = [o for o in bpy.context.scene.objects if o.type == "MESH"]
    for index, item in enumerate(meshes):
        item.name = f"object {index:05d}"
        item["category_id"] = job["categories"][str(item.pass_index)]
        item["synthgen_number"] = int(item.pass_index)
        if job.get("own_meshes") and item.data.users > 1:
            item.data = item.data.copy()
    sky = bpy.context.scene.world
    sky.name, sky["category_id"] = SKY, 0
    for world in [w for w in bpy.data.worlds if w != sky]:
        bpy.data.worlds.remove(world)
    bpy.ops.file.pack_all()
    with tempfile.TemporaryDirectory(dir=Path(job["blend"]).parent) as folder:
        temporary = Path(folder) / "scene.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(temporary), copy=True, compress=False)
        temporary.replace(job["blend"])
    return {"objects": len(meshes), "bytes": Path(job["blend"]).stat().st_size}


def blends(spec: SceneSpec | None, job: dict[str, Any]) -> dict[str, Any]:
    """Several of them."""
    for one in job["jobs"]:
        blend(decode_spec(Path(one["spec"]).read_bytes()), {**job, **one})
    return {}


TASKS: dict[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    "pictures": pictures,
    "limit": limit,
    "blend": blend,
    "blends": blends,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # Blender's own shutdown may crash after all is written
