"""Checks the labels of a dataset of ours: rays into its recorded scenes, against the masks and records."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path

from synthgen.assets.store import Store
from synthgen.errors import FramesMissing, InputError
from synthgen.verification.choice import choose, read_frames
from synthgen.verification.raycast import Shapes
from synthgen.verification.report import FrameReport, VerifyReport
from synthgen.verification.scenes import SceneFrames, SceneReport, check_scene, check_scene_file

Sink = Callable[[FrameReport], None]

_MOST_PROBLEMS = 10
_AHEAD = 2
"""Scenes a worker that wait or are done while the one before them is not: a bound on what is held."""


def verify(
    folder: Path | str, *, frames: int | None = None, workers: int = 1, sink: Sink | None = None
) -> VerifyReport:
    """Checks every frame that has a record, or `frames` of them spread over scenes and views.

    `sink` gets each frame's report as it is done, scene by scene. With more than one worker scenes are checked in
    processes of their own, which import the caller's main module: guard it by `if __name__ == "__main__"`. Raises
    InputError where there is nothing to check, or where what was recorded cannot be built: with every such finding, or
    the first few, after the frames that could be checked.
    """
    begun = time.perf_counter()
    folder = Path(folder)
    if workers < 1:
        raise InputError.of(f"{workers} workers can do nothing", where="--workers", hint="ask for 1 or more")
    known = read_frames(folder)
    chosen = choose(known, frames)
    work = [SceneFrames(folder, scene, tuple(some)) for scene, some in groupby(chosen, lambda f: f.scene)]
    problems = [problem for scene in work for problem in check_scene_file(scene)]
    if problems:
        raise InputError(problems)
    found: list[FrameReport] = []
    with closing(_reports(work, min(workers, len(work)))) as reports:
        for report in reports:
            for frame in report.frames:
                found.append(frame)
                if sink is not None:
                    sink(frame)
            problems += [p for p in report.problems if p not in problems]
            if len(problems) >= _MOST_PROBLEMS:
                break
    if problems:
        raise InputError(problems)
    found.sort(key=lambda f: f.image_id)
    return VerifyReport(tuple(found), len(known), time.perf_counter() - begun)


def usable_cores() -> int:
    """How many processes can work at once here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def _reports(work: list[SceneFrames], workers: int) -> Generator[SceneReport, None, None]:
    """The reports in the order of the scenes."""
    if workers <= 1:
        shapes = Shapes(Store(keep_meshes=1))
        yield from (check_scene(scene, shapes) for scene in work)
        return
    context = multiprocessing.get_context("spawn")  # Embree's threads do not survive a fork
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[SceneReport]] = deque()
        try:
            for scene in work:
                with _no_interrupts():  # a new process inherits that: this one says when to stop
                    waiting.append(pool.submit(_check, scene))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise FramesMissing(
                "a process that checked a scene was killed; try --workers 1, it takes less memory"
            ) from error
        except BaseException:
            # Nobody waits for what they do, and what they put into the cache is whole. (Pools have no public way.)
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Holds Ctrl-C back, for a moment."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check(work: SceneFrames) -> SceneReport:
    return check_scene(work, _shapes())


@cache
def _shapes() -> Shapes:
    """Those of this process."""
    return Shapes(Store(keep_meshes=1))
