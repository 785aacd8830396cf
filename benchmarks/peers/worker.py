"""Times synthgen's own worker, as a run drives it: a job of some views in, frames on disk out."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.kept import ROOT, ChildError, Kept, Load
from synthgen.paths import cache_root
from synthgen.render.job import Done, FrameEvent, FrameTask, Ready, RenderJob, decode_event, encode_job
from synthgen.scene.spec import SceneSpec, spec_hash


def timed_frames(kept: Kept, spec: SceneSpec, before: Sequence[SceneSpec], threads: int) -> dict[str, Any]:
    """Renders all views of a scene in a fresh worker that has already made the first view of each of `before`.

    Gives start (seconds until the worker takes jobs), total (seconds from the job to the last frame written), frames
    (the worker's own seconds by stage of each), rss_mib and others (see `Load`). Raises ChildError.
    """
    with tempfile.TemporaryDirectory(prefix="peers-") as folder, Load() as load:
        log = Path(folder) / "log"
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "synthgen.render.worker", "--log", str(log)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        try:
            _next(process, log, Ready)
            started = time.perf_counter() - begun
            for other in before:
                _run(process, log, kept, other, f"{folder}/before{other.scene_index}", threads)
            total, frames, memory = _run(process, log, kept, spec, f"{folder}/dataset", threads)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)
    return {"start": started, "total": total, "frames": frames, "rss_mib": memory, "others": load.others}


def _run(
    process: subprocess.Popen[bytes], log: Path, kept: Kept, spec: SceneSpec, dataset: str, threads: int
) -> tuple[float, list[dict[str, float]], float]:
    tasks = tuple(FrameTask(view, view + 1, "train") for view in range(len(spec.views)))
    job = RenderJob("peers", str(kept.spec_file(spec)), spec_hash(spec), dataset, tasks, threads, str(cache_root()))
    assert process.stdin is not None
    begun = time.perf_counter()
    process.stdin.write(encode_job(job))
    process.stdin.flush()
    frames = []
    while isinstance(event := _next(process, log, FrameEvent, Done), FrameEvent):
        if not event.ok:
            raise ChildError(f"view {event.view} failed at {event.stage}: {event.message}\n{_tail(log)}")
        frames.append(dict(event.timings))
    total = time.perf_counter() - begun
    return total, frames, event.rss_mib


def _next(process: subprocess.Popen[bytes], log: Path, *kinds: type) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    event = decode_event(line) if line else None
    if not isinstance(event, kinds):
        raise ChildError(f"the worker said {event!r}:\n{_tail(log)}")
    return event


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:] if log.exists() else ""
