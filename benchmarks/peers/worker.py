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


class Worker:
    """A worker process of synthgen. `start`: seconds until it took jobs."""

    def __init__(self, folder: str, threads: int):
        self._threads = threads
        self._log = Path(folder) / "log"
        begun = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "synthgen.render.worker", "--log", str(self._log)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        self._next(Ready)
        self.start = time.perf_counter() - begun

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def run(self, kept: Kept, spec: SceneSpec, dataset: str) -> tuple[float, list[dict[str, float]], float]:
        """All views of a scene, as images 1, 2, ... of a dataset.

        Gives the seconds from the job to the last frame written, those of each frame by stage, and resident MiB.
        Raises ChildError.
        """
        tasks = tuple(FrameTask(view, view + 1, "train") for view in range(len(spec.views)))
        path = str(kept.spec_file(spec))
        job = RenderJob("peers", path, spec_hash(spec), dataset, tasks, self._threads, str(cache_root()))
        assert self._process.stdin is not None
        begun = time.perf_counter()
        self._process.stdin.write(encode_job(job))
        self._process.stdin.flush()
        frames = []
        while isinstance(event := self._next(FrameEvent, Done), FrameEvent):
            if not event.ok:
                raise ChildError(f"view {event.view} failed at {event.stage}: {event.message}\n{self._tail()}")
            frames.append(dict(event.timings))
        return time.perf_counter() - begun, frames, event.rss_mib

    def _next(self, *kinds: type) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        event = decode_event(line) if line else None
        if not isinstance(event, kinds):
            raise ChildError(f"the worker said {event!r}:\n{self._tail()}")
        return event

    def _tail(self) -> str:
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""


def timed_frames(kept: Kept, spec: SceneSpec, before: Sequence[SceneSpec], threads: int) -> dict[str, Any]:
    """Renders all views of a scene in a fresh worker that has already made the first view of each of `before`.

    Gives start (seconds until the worker takes jobs), total (seconds from the job to the last frame written), frames
    (the worker's own seconds by stage of each), rss_mib and others (see `Load`). Raises ChildError.
    """
    with tempfile.TemporaryDirectory(prefix="peers-") as folder, Load() as load, Worker(folder, threads) as worker:
        for other in before:
            worker.run(kept, other, f"{folder}/before{other.scene_index}")
        total, frames, memory = worker.run(kept, spec, f"{folder}/dataset")
    return {"start": worker.start, "total": total, "frames": frames, "rss_mib": memory, "others": load.others}
