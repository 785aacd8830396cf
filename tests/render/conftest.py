"""Renders through the real worker, as a run does: Blender never enters the test's own process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from synthgen.assets.store import Store
from synthgen.render.job import Done, Event, FrameEvent, FrameTask, Ready, RenderJob, decode_event, encode_job
from synthgen.scene.spec import SceneSpec, encode_spec, spec_hash


@dataclass
class Worker:
    """A worker process, and what it said when it was ready."""

    process: subprocess.Popen[bytes]
    ready: Ready
    log: Path

    def next_event(self) -> Event:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the worker ended:\n{self.log.read_text()[-3000:]}"
        return decode_event(line)

    def run(self, job: RenderJob) -> list[FrameEvent]:
        assert self.process.stdin is not None
        self.process.stdin.write(encode_job(job))
        self.process.stdin.flush()
        frames = []
        while not isinstance(event := self.next_event(), Done):
            assert isinstance(event, FrameEvent)
            frames.append(event)
        return frames


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "synthgen.render.worker", "--log", str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(log.parent), "PYTHONMALLOC": "debug", "PYTHONFAULTHANDLER": "1"},
    )
    started = Worker(process, Ready(), log)
    event = started.next_event()
    assert isinstance(event, Ready)
    yield Worker(process, event, log)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(30)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def render(worker: Worker, store: Store, tmp_path: Path) -> Callable[..., tuple[Path, list[FrameEvent]]]:
    """Renders all views of a spec into a fresh dataset folder; gives the folder and the worker's events."""

    def run(spec: SceneSpec, **changes: Any) -> tuple[Path, list[FrameEvent]]:
        path = tmp_path / "scene.json"
        path.write_bytes(encode_spec(spec))
        job = RenderJob(
            id="job",
            spec_path=str(path),
            spec_hash=spec_hash(spec),
            dataset=str(tmp_path / "dataset"),
            frames=tuple(FrameTask(k, k + 1, "train") for k in range(len(spec.views))),
            threads=2,
            cache=str(store.root),
            **changes,
        )
        return tmp_path / "dataset", worker.run(job)

    return run
