"""The render worker as a process, before it starts Blender."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from synthgen.render.drawing import Started, encode
from synthgen.render.job import FrameTask, Ready, RenderJob, decode_event, encode_job
from synthgen.render.worker_process import WORKER_COMMAND
from synthgen.scene.spec import encode_spec, spec_hash
from tests.engine.conftest import alive, empty_scene


def test_modules_of_the_user_s_folder_are_not_the_worker_s(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    done = subprocess.run([*WORKER_COMMAND, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_worker_ends_with_its_parent_however_that_ends() -> None:
    worker = "import os, time; from synthgen.render.parent import follow; follow(os.getppid()); time.sleep(60)"
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


def test_a_worker_ends_as_its_renderer_did(tmp_path: Path) -> None:
    """Killed for want of memory, say: whoever waits for the worker is told so."""
    started = encode(Started(device="CPU", versions={}))
    renderer = (
        f"import os, sys; sys.stdout.buffer.write({started!r}); sys.stdout.flush()\n"
        "sys.stdin.readline(); os.kill(os.getpid(), 9)"
    )
    worker = (
        "import sys; from synthgen.render import worker\n"
        f"worker.RENDERER_COMMAND = (sys.executable, '-c', {renderer!r})\n"
        "sys.exit(worker.main([]))"
    )
    spec = empty_scene(0, {})
    path = tmp_path / "scene.json"
    path.write_bytes(encode_spec(spec))
    job = RenderJob("job", str(path), spec_hash(spec), str(tmp_path), (FrameTask(0, 1, "train"),), 1, str(tmp_path))
    done = subprocess.run([sys.executable, "-c", worker], input=encode_job(job), capture_output=True, timeout=60)
    assert decode_event(done.stdout) == Ready(device="CPU")
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert b"gone" in done.stderr
