"""The render worker: a process of its own that reads jobs on stdin, one a line, and writes events to stdout.

    python -P -m synthgen.render.worker --log FILE [--device NAME]   # renders jobs until end of file
    python -P -m synthgen.render.worker --probe      # starts Blender once and says what it found, as one JSON line

A worker is a pure function of its jobs. Whatever Blender and its libraries print goes to the log.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from synthgen.render.device import CPU, DEVICES
from synthgen.render.job import Done, Event, FrameEvent, FrameTask, Ready, RenderJob, decode_job, encode_event

if TYPE_CHECKING:
    from synthgen.render.blender.passes import Rendered
    from synthgen.render.blender.session import Session
    from synthgen.render.frame import Stopwatch
    from synthgen.scene.spec import SceneSpec

_FATAL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_LOOK_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Runs the worker. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="synthgen.render.worker")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--device", choices=DEVICES, default=CPU)
    parser.add_argument("--probe", action="store_true")
    options = parser.parse_args(arguments)
    events = _claim_stdout(options.log)
    if options.probe:
        return _probe(events)
    follow(os.getppid())
    worker = _Worker(events, options.device)
    for line in sys.stdin.buffer:
        if line.strip():
            worker.run(decode_job(line))
    return 0


def follow(parent: int) -> None:
    """Ends this process soon after its parent: one that was killed cannot say so, and the frame that would be rendered
    on is nobody's, while a resumed run makes it again."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="follow", daemon=True).start()


class _Worker:
    def __init__(self, events: BinaryIO, device: str):
        self._events = events
        self._saying = threading.Lock()
        from synthgen.render.blender import bridge, devices

        versions = bridge.versions()
        self._wanted = device
        self._device = devices.choose(device)
        self._session: Session | None = None
        self._drawn_from: tuple[str, int] | None = None
        self._say(Ready(device=self._device, versions=versions))

    def run(self, job: RenderJob) -> None:
        """All frames of a job; one that fails does not stop the next."""
        import synthgen.assets.models
        import synthgen.procedural  # noqa: F401  both register how meshes and images that the cache lacks are made
        from synthgen.render.frame import Stopwatch
        from synthgen.scene.spec import check_spec, decode_spec

        opening = Stopwatch({})
        try:
            spec = decode_spec(Path(job.spec_path).read_bytes(), where=job.spec_path)
            check_spec(spec)
            session = self._session_of(job)
            opening.run("build", lambda: session.open(spec))
        except Exception as error:
            for task in job.frames:
                self._failed(job, task.view, error)
            self._say(Done(job=job.id, rss_mib=_resident_mib()))
            return
        with ThreadPoolExecutor(1, "finish") as finisher:
            before: Future[None] | None = None
            for position, task in enumerate(job.frames):
                watch = Stopwatch(dict(opening.seconds) if position == 0 else {})
                try:
                    view = task.view
                    rendered = watch.run("render", lambda view=view: session.render(view))  # type: ignore[misc]
                except Exception as error:
                    self._failed(job, task.view, error)
                    continue
                if before is not None:
                    before.result()  # pictures that wait take memory: no more than one does
                before = finisher.submit(self._finish, spec, job, task, rendered, watch)
        self._say(Done(job=job.id, rss_mib=_resident_mib()))

    def _finish(self, spec: SceneSpec, job: RenderJob, task: FrameTask, rendered: Rendered, watch: Stopwatch) -> None:
        """What comes after rendering, while the next view is rendered: most of it takes one core, and no Blender."""
        from synthgen.render.frame import finish_frame

        try:
            finish_frame(spec, job, task, rendered, watch, self._device)
        except Exception as error:
            self._failed(job, task.view, error)
        else:
            self._say(FrameEvent(job=job.id, view=task.view, ok=True, timings=watch.seconds))

    def _session_of(self, job: RenderJob) -> Session:
        """The session of the jobs before, where they had the same cache and threads."""
        from synthgen.assets.store import Store
        from synthgen.render.blender.session import Session

        wanted = job.cache, job.threads
        if self._session is None or self._drawn_from != wanted:
            # Blender keeps the meshes itself.
            self._session = Session(Store(Path(job.cache), keep_meshes=1), threads=job.threads, device=self._wanted)
            self._drawn_from = wanted
        return self._session

    def _failed(self, job: RenderJob, view: int, error: Exception) -> None:
        import traceback

        traceback.print_exception(error)  # to the log
        stage = getattr(error, "stage", "job")
        if isinstance(error, OSError) and error.errno in _FATAL:
            stage = "disk"
        self._say(FrameEvent(job=job.id, view=view, ok=False, stage=stage, message=str(error) or type(error).__name__))

    def _say(self, event: Event) -> None:
        with self._saying:
            self._events.write(encode_event(event))
            self._events.flush()


def _claim_stdout(log: Path | None) -> BinaryIO:
    """Keeps the real stdout for events, and turns file descriptors 1 and 2 over to the log (stderr without one)."""
    sys.stdout.flush()
    events = os.fdopen(os.dup(1), "wb")
    if log is not None:
        target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(target, 2)
        os.close(target)
    os.dup2(2, 1)
    return events


def _probe(events: BinaryIO) -> int:
    """Starts Blender and an empty scene. {"ok": true, "versions": {...}, "devices": {...}} or {"ok": false, "error":
    "..."}."""
    import tempfile

    found: dict[str, object]
    try:
        from synthgen.render.blender import bridge, devices

        with tempfile.TemporaryDirectory() as temporary:
            bridge.start_scene(Path(temporary))
        found = {"ok": True, "versions": bridge.versions(), "devices": devices.found()}
    except Exception as error:
        found = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    events.write(json.dumps(found).encode() + b"\n")
    events.flush()
    return 0 if found["ok"] else 1


def _resident_mib() -> float:
    """Resident memory of this process now (its peak where the system does not tell)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
    except (OSError, ValueError, IndexError):
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    code = main()
    # Blender's own shutdown may crash after all is written; what counts has been flushed.
    sys.stderr.flush()
    os._exit(code)
