"""Workers that die, hang, babble or grow."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from synthgen.render.pool import STAGE_WORKER, WorkersFailed, frame_seconds
from tests.engine.conftest import FAKE_WORKER, FakeRun, alive
from tests.engine.test_run import failures


@pytest.mark.parametrize("order", ["die", "kill", "garbage", "forget"])
def test_a_frame_lost_once_is_tried_in_a_fresh_worker(fake: FakeRun, order: str) -> None:
    fake.orders = {"2": [order]}
    assert fake(4).complete
    first, second = fake.tries(2)
    assert order == "forget" or first != second
    assert len(fake.tries(1)) == 1, "frames that are done are not made again"


def test_a_frame_lost_twice_fails_alone(fake: FakeRun) -> None:
    fake.orders = {"1": ["ok"], "2": ["die", "die"]}
    report = fake(4)
    assert report.present == 3
    (entry,) = failures(fake.out)
    assert (entry["frame"], entry["stage"]) == (2, STAGE_WORKER)
    assert "exit 11" in entry["message"] and "about to die" in entry["log"]


def test_a_scene_that_never_gives_a_frame_is_given_up_whole(fake: FakeRun) -> None:
    fake.orders = {"1": ["kill", "kill"]}
    report = fake(4)
    assert [f.frame for f in report.failures] == [1, 2]
    assert "SIGKILL (out of memory?)" in report.failures[0].message
    assert len(fake.tries("start")) == 3


def test_a_worker_that_hangs_is_ended(fake: FakeRun) -> None:
    fake.orders = {"2": ["hang"]}
    begun = time.monotonic()
    assert fake(2, frame_seconds=1.0).complete
    assert time.monotonic() - begun < 20
    assert not [pid for pid in fake.tries("start") if alive(int(pid))]


def test_workers_leave_no_temporary_files(fake: FakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(fake.out.parent / "temporary"))
    Path(tempfile.gettempdir()).mkdir()
    fake.orders = {"1": ["litter"], "2": ["kill"]}
    assert fake(4).complete
    (littered,) = fake.tries("litter")
    assert littered.startswith(tempfile.gettempdir()) and not list(Path(tempfile.gettempdir()).iterdir())


def test_what_libraries_print_is_no_event(fake: FakeRun) -> None:
    fake.orders = {"1": ["noise"]}
    assert fake(2).complete


def test_workers_that_do_not_start_stop_the_run_with_their_reason(fake: FakeRun) -> None:
    fake.orders = {"start": ["die", "die", "die", "die"]}
    with pytest.raises(WorkersFailed, match=r"(?s)exit 3.*libmissing\.so\.1.*synthgen doctor"):
        fake(4, workers=2)


def test_a_start_that_fails_once_is_tried_again(fake: FakeRun) -> None:
    fake.orders = {"start": ["die"]}
    assert fake(4).complete


def test_workers_retire_after_some_jobs_or_when_they_have_grown(fake: FakeRun) -> None:
    assert fake(8, retire_after=2).complete
    assert len(fake.tries("start")) == 2
    fake.orders = {"rss": ["9000"]}
    assert fake(14, rss_limit_mib=8000.0).complete
    assert len(fake.tries("start")) == 2 + 3


def test_no_more_workers_start_than_scenes_lack_frames(fake: FakeRun) -> None:
    assert fake(2, workers=4).complete
    assert len(fake.tries("start")) == 1


def test_a_slow_picture_is_no_hang() -> None:
    assert frame_seconds((1280, 720)) > 1800 and frame_seconds((640, 360)) > 900


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_workers_end_when_the_program_is_killed(fake: FakeRun) -> None:
    settings = fake.settings()
    script = textwrap.dedent(
        f"""
        import queue, time
        from pathlib import Path
        from synthgen.render.worker_process import WorkerProcess
        worker = WorkerProcess({tuple(settings.command)!r}, Path({str(fake.folder)!r}) / "log", queue.Queue())
        print(worker.pid, flush=True)
        time.sleep(60)
        """
    )
    assert FAKE_WORKER.exists()
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        while not fake.tries("start"):
            time.sleep(0.02)
        os.kill(parent.pid, 9)
    deadline = time.monotonic() + 10
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)
