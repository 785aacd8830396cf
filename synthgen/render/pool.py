"""Render workers at work: jobs go in lazily, what became of each frame comes out.

A worker may die, hang or leave a job half done; that costs at most the frame it was at. The frame is tried once
more in a fresh worker, and given up where that fails too. Workers retire after a number of scenes, or when their
memory has grown, because Blender leaks a little.
"""

from __future__ import annotations

import queue
import signal
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from synthgen.errors import FramesMissing
from synthgen.render.job import Done, Event, FrameEvent, FrameTask, Ready, RenderJob
from synthgen.render.worker_process import WORKER_COMMAND, Exited, Inbox, WorkerProcess, end_all

POLL_SECONDS = 0.25
RETIRE_SECONDS = 30.0
TRIES = 2
START_TRIES = 2
STAGE_WORKER = "worker"
"""The stage of a failure where the worker itself went away, rather than saying what failed."""


class WorkersFailed(FramesMissing):
    """No worker could be started."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many workers, and when one is given up.

    frame_seconds: how long a worker may be silent before it counts as hung. rss_limit_mib: a worker that holds
    more memory after a job retires; so does one that did `retire_after` jobs.
    """

    workers: int
    log_dir: Path
    frame_seconds: float = 1800.0
    start_seconds: float = 600.0
    retire_after: int = 50
    rss_limit_mib: float = 6144.0
    command: Sequence[str] = WORKER_COMMAND


@dataclass(frozen=True, slots=True)
class FrameResult:
    """What became of one frame: written whole (`ok`), or at which stage it failed and why."""

    job: RenderJob
    frame: FrameTask
    ok: bool
    stage: str = ""
    message: str = ""
    log: str = ""
    timings: dict[str, float] = field(default_factory=dict)


def frame_seconds(size: tuple[int, int]) -> float:
    """How long a frame of this size (width, height) may take before its worker counts as hung: generous, because
    a slow machine is no fault: 15 minutes and 30 more a megapixel."""
    return 900.0 + 1800.0 * size[0] * size[1] / 1e6


def render_jobs(jobs: Iterator[RenderJob], settings: PoolSettings) -> Generator[FrameResult, None, None]:
    """Renders jobs on `settings.workers` workers and yields every frame's result, in the order in which they end.

    `jobs` is drawn from only a job ahead of the workers. Closing the iterator ends all workers at once. Raises
    WorkersFailed where workers do not start; what `jobs` raises passes through.
    """
    pool = _Pool(jobs, settings)
    try:
        yield from pool.run()
    finally:
        pool.close()


@dataclass(slots=True)
class _Task:
    """A job under way: frames that nothing was heard of yet, how often the first of them was lost, and whether
    any frame of the scene came out."""

    job: RenderJob
    remaining: list[FrameTask]
    lost: int = 0
    progressed: bool = False


@dataclass(slots=True)
class _Seat:
    """A worker and what it is at."""

    worker: WorkerProcess
    ready: bool = False
    task: _Task | None = None
    jobs_done: int = 0
    verdict: str = ""
    retired_at: float | None = None


class _Pool:
    def __init__(self, jobs: Iterator[RenderJob], settings: PoolSettings):
        self._jobs = jobs
        self._settings = settings
        self._inbox: Inbox = queue.Queue()
        self._seats: dict[WorkerProcess, _Seat] = {}
        self._waiting: deque[_Task] = deque()
        self._exhausted = False
        self._started = 0
        self._failed_starts = 0

    def run(self) -> Iterator[FrameResult]:
        while True:
            self._draw()
            if not self._waiting and not any(s.task for s in self._seats.values()):
                return
            self._start_workers()
            if self._assign() and not self._exhausted:
                continue  # draw one ahead while they render
            try:
                worker, event = self._inbox.get(timeout=POLL_SECONDS)
            except queue.Empty:
                pass
            else:
                yield from self._handle(self._seats[worker], event)
            self._end_overdue()

    def close(self) -> None:
        """Ends every worker. Those with nothing to do get a moment to end by themselves."""
        for seat in self._seats.values():
            seat.worker.retire()
        deadline = time.monotonic() + POLL_SECONDS
        for seat in self._seats.values():
            if seat.task is None and seat.ready:
                seat.worker.wait(deadline - time.monotonic())
        end_all(list(self._seats))
        self._seats.clear()

    def _draw(self) -> None:
        if self._waiting or self._exhausted:
            return
        job = next(self._jobs, None)
        if job is None:
            self._exhausted = True
        else:
            self._waiting.append(_Task(job, list(job.frames)))

    def _start_workers(self) -> None:
        """As many as are wanted; none where there is nothing left to hand out."""
        current = [s for s in self._seats.values() if s.retired_at is None]
        free = sum(s.task is None for s in current)
        wanted = self._settings.workers - len(current)
        if self._exhausted:
            wanted = min(wanted, len(self._waiting) - free)
        for _ in range(wanted):
            self._started += 1
            log = self._settings.log_dir / f"worker-{self._started:03d}.log"
            worker = WorkerProcess(self._settings.command, log, self._inbox)
            self._seats[worker] = _Seat(worker)

    def _assign(self) -> bool:
        """Hands waiting tasks to free workers. True where one was handed out."""
        any_assigned = False
        for seat in self._seats.values():
            if not self._waiting:
                break
            if seat.ready and seat.task is None and seat.retired_at is None and not seat.verdict:
                seat.task = self._waiting.popleft()
                seat.worker.send(replace(seat.task.job, frames=tuple(seat.task.remaining)))
                any_assigned = True
        return any_assigned

    def _handle(self, seat: _Seat, event: Event | Exited) -> Iterator[FrameResult]:
        match event:
            case Ready():
                seat.ready = True
                self._failed_starts = 0
            case FrameEvent():
                yield from self._frame(seat, event)
            case Done():
                yield from self._done(seat, event)
            case Exited(reason):
                yield from self._exited(seat, seat.verdict or reason)

    def _frame(self, seat: _Seat, event: FrameEvent) -> Iterator[FrameResult]:
        task = seat.task
        if task is None or task.job.id != event.job:
            return
        for frame in task.remaining:
            if frame.view == event.view:
                task.remaining.remove(frame)
                task.lost = 0
                task.progressed = task.progressed or event.ok
                log = event.log or ("" if event.ok else seat.worker.log_tail())
                yield FrameResult(task.job, frame, event.ok, event.stage, event.message, log, event.timings)
                return

    def _done(self, seat: _Seat, event: Done) -> Iterator[FrameResult]:
        task = seat.task
        if task is None or task.job.id != event.job:
            return
        seat.task = None
        seat.jobs_done += 1
        if task.remaining:
            yield from self._lost(task, "the worker called the job done, but did not say what became of the frame", "")
        if seat.jobs_done >= self._settings.retire_after or event.rss_mib > self._settings.rss_limit_mib:
            self._retire(seat)

    def _exited(self, seat: _Seat, reason: str) -> Iterator[FrameResult]:
        log = seat.worker.log_tail()
        end_all([seat.worker])
        del self._seats[seat.worker]
        if seat.task is not None:
            yield from self._lost(seat.task, reason, log)
        elif not seat.ready:
            self._failed_starts += 1
            if self._failed_starts >= START_TRIES:
                raise WorkersFailed(
                    f"render workers do not start: {reason}\n{log}\n`synthgen doctor` says what this machine lacks; "
                    "after that, the same call goes on where this one stopped".replace("\n\n", "\n")
                )

    def _lost(self, task: _Task, reason: str, log: str) -> Iterator[FrameResult]:
        """The worker went away: its frame is tried once more; then it alone is given up, or, where the scene
        never gave a frame at all, every frame of it."""
        task.lost += 1
        if task.lost >= TRIES:
            given_up = task.remaining[:1] if task.progressed else list(task.remaining)
            task.remaining = task.remaining[len(given_up) :]
            task.lost = 0
            for frame in given_up:
                yield FrameResult(task.job, frame, False, STAGE_WORKER, f"{reason}, twice", log)
        if task.remaining:
            self._waiting.appendleft(task)

    def _retire(self, seat: _Seat) -> None:
        seat.retired_at = time.monotonic()
        seat.worker.retire()

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for seat in self._seats.values():
            silent = now - seat.worker.heard
            if seat.retired_at is not None:
                overdue, verdict = now - seat.retired_at > RETIRE_SECONDS, "the worker did not retire"
            elif not seat.ready:
                limit = self._settings.start_seconds
                overdue, verdict = silent > limit, f"the worker was not ready after {limit:.0f} s"
            else:
                limit = self._settings.frame_seconds
                overdue, verdict = seat.task is not None and silent > limit, f"the worker hung ({limit:.0f} s silent)"
            if overdue and not seat.verdict:
                seat.verdict = verdict
                seat.worker.signal_group(signal.SIGKILL)
