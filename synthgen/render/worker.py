"""The render worker: a process of its own that reads jobs on stdin, one a line, and writes events to stdout.

    python -P -m synthgen.render.worker --log FILE [--device NAME]   # renders jobs until end of file

A worker is a pure function of its jobs. It runs Blender in a child process (see renderer.py), and makes frames of what
that renders (sensor, labels, files) while the next view is rendered. Whatever is printed goes to the log.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from synthgen.errors import RenderError, SynthgenError
from synthgen.render.device import CPU, DEVICES
from synthgen.render.drawing import (
    Answer,
    Draw,
    Failed,
    Finished,
    Open,
    RendererGone,
    Request,
    Started,
    decode_answer,
    encode,
)
from synthgen.render.frame import StageError, Stopwatch, finish_frame
from synthgen.render.job import Done, Event, FrameEvent, FrameTask, Ready, RenderJob, decode_job, encode_event
from synthgen.render.parent import follow
from synthgen.render.rendered import BYTES_A_PIXEL, read_rendered
from synthgen.render.renderer import FULL_DISK, claim_stdout, resident_mib
from synthgen.render.worker_process import RENDERER_COMMAND
from synthgen.scene.spec import SceneSpec, check_spec, decode_spec

_MEMORY_DISK = Path("/dev/shm")
_END_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Runs the worker. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="synthgen.render.worker")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--device", choices=DEVICES, default=CPU)
    options = parser.parse_args(arguments)
    if options.log is not None:
        _print_to(options.log)
    events = claim_stdout()
    with Renderer([*RENDERER_COMMAND, "--device", options.device]) as renderer:
        follow(os.getppid(), renderer.kill)
        worker = _Worker(events, renderer)
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    worker.run(decode_job(line))
        except RendererGone as gone:
            print(gone, file=sys.stderr, flush=True)
            return _end_as(gone.code)
    return 0


class Renderer:
    """Blender in a child process, asked one thing at a time."""

    def __init__(self, command: Sequence[str]):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.rss_mib = 0.0

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(_END_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()

    def kill(self) -> None:
        """Ends it at once."""
        self._process.kill()

    def ask(self, request: Request) -> None:
        """Puts a question whose answer `answer` waits for. Raises RendererGone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(request))
            self._process.stdin.flush()
        except OSError as error:
            raise self._gone() from error

    def answer(self) -> Answer:
        """The next answer. Raises RendererGone."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._gone()
        found = decode_answer(line)
        if isinstance(found, Finished):
            self.rss_mib = found.rss_mib
        return found

    def _gone(self) -> RendererGone:
        try:
            code: int | None = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        return RendererGone("the process that runs Blender is gone", code)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A view that was rendered, or why not; its files lie in `folder`."""

    task: FrameTask
    folder: tempfile.TemporaryDirectory[str]
    answer: Answer


class _Worker:
    def __init__(self, events: BinaryIO, renderer: Renderer):
        import synthgen.assets.models
        import synthgen.procedural  # noqa: F401  both register how meshes and images that the cache lacks are made

        self._events = events
        self._renderer = renderer
        started = renderer.answer()
        assert isinstance(started, Started)
        self._device = started.device
        self._say(Ready(device=started.device, versions=started.versions))

    def run(self, job: RenderJob) -> None:
        """All frames of a job; one that fails does not stop the next."""
        try:
            spec = decode_spec(Path(job.spec_path).read_bytes(), where=job.spec_path)
            check_spec(spec)
            self._renderer.ask(Open(job.spec_path, job.cache, job.threads))
            opened = self._renderer.answer()
            if isinstance(opened, Failed):
                raise _error("build", opened)
        except RendererGone:
            raise
        except Exception as error:
            for task in job.frames:
                self._failed(job, task.view, error)
        else:
            assert isinstance(opened, Finished)
            self._frames(spec, job, {"build": round(opened.seconds, 4)})
        self._say(Done(job=job.id, rss_mib=resident_mib() + self._renderer.rss_mib))

    def _frames(self, spec: SceneSpec, job: RenderJob, opening: dict[str, float]) -> None:
        """While a frame is finished here, the next view is rendered there."""
        before: _Drawn | None = None
        for task in job.frames:
            try:
                folder = tempfile.TemporaryDirectory(prefix="synthgen-", dir=scratch_folder(spec))
            except OSError as error:
                self._failed(job, task.view, error)
                continue
            try:
                self._renderer.ask(Draw(task.view, folder.name))
                if before is not None:
                    self._finish(spec, job, before, opening)
                before = _Drawn(task, folder, self._renderer.answer())
            except RendererGone:
                folder.cleanup()
                raise
        if before is not None:
            self._finish(spec, job, before, opening)

    def _finish(self, spec: SceneSpec, job: RenderJob, drawn: _Drawn, opening: dict[str, float]) -> None:
        """A frame of what was rendered. opening: what the first frame of the scene cost beforehand."""
        watch = Stopwatch(dict(opening))
        opening.clear()
        try:
            with drawn.folder as folder:
                if isinstance(drawn.answer, Failed):
                    raise _error("render", drawn.answer)
                assert isinstance(drawn.answer, Finished)
                watch.seconds["render"] = round(drawn.answer.seconds, 4)
                supersample = int(spec.render["supersample"])
                rendered = watch.run("read", lambda: read_rendered(Path(folder), supersample))
            finish_frame(spec, job, drawn.task, rendered, watch, self._device)
        except Exception as error:
            self._failed(job, drawn.task.view, error)
        else:
            self._say(FrameEvent(job=job.id, view=drawn.task.view, ok=True, timings=watch.seconds))

    def _failed(self, job: RenderJob, view: int, error: Exception) -> None:
        import traceback

        traceback.print_exception(error)  # to the log
        stage = getattr(error, "stage", "job")
        if isinstance(error, OSError) and error.errno in FULL_DISK:
            stage = "disk"
        self._say(FrameEvent(job=job.id, view=view, ok=False, stage=stage, message=str(error) or type(error).__name__))

    def _say(self, event: Event) -> None:
        self._events.write(encode_event(event))
        self._events.flush()


def scratch_folder(spec: SceneSpec) -> Path | None:
    """A memory file system with room for the files of two views, else None (the usual place)."""
    pixels = spec.size[0] * spec.size[1] * (int(spec.render["supersample"]) ** 2 + 2)
    try:
        room = os.statvfs(_MEMORY_DISK)
    except OSError:
        return None
    return _MEMORY_DISK if room.f_bavail * room.f_frsize > 2 * BYTES_A_PIXEL * pixels else None


def _error(stage: str, failed: Failed) -> SynthgenError:
    return StageError("disk" if failed.disk else stage, RenderError(failed.message))


def _print_to(log: Path) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(target, 2)
    os.close(target)


def _end_as(code: int | None) -> int:
    """Ends this process as the renderer ended, so that who waits for it learns why: by the same signal, or returns
    an exit code."""
    if code is not None and code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(OSError):  # SIGKILL has no other
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code or 1


if __name__ == "__main__":
    sys.exit(main())
