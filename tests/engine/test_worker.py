"""The render worker as a process, before it starts Blender."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from synthgen.render.worker_process import WORKER_COMMAND
from tests.engine.conftest import alive


def test_modules_of_the_user_s_folder_are_not_the_worker_s(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    done = subprocess.run([*WORKER_COMMAND, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_worker_ends_with_its_parent_however_that_ends() -> None:
    worker = "import os, time; from synthgen.render.worker import follow; follow(os.getppid()); time.sleep(60)"
    parent = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {worker!r}], start_new_session=True)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        child = int(run.stdout.readline())
        time.sleep(1.5)
        assert alive(child)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
    until = time.monotonic() + 10
    while alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(child)
