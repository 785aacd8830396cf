"""One render worker seen from the program: a child process, its pipes and its log."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synthgen.render.job import Event, ProtocolError, RenderJob, decode_event, encode_job

WORKER_COMMAND = (sys.executable, "-P", "-m", "synthgen.render.worker")
"""-P: what lies in the folder where the user happens to be (a `queue.py`) is no module of the worker's."""

RENDERER_COMMAND = (sys.executable, "-P", "-m", "synthgen.render.renderer")
"""The process in which a worker runs Blender."""


def worker_command(device: str) -> tuple[str, ...]:
    """The command of workers that render on a device (see render/device.py)."""
    return (*WORKER_COMMAND, "--device", device)


LOG_TAIL_BYTES = 4_000
TERMINATE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Exited:
    """The worker's output ended: it is gone or going. reason: in words."""

    reason: str


Inbox = queue.Queue[tuple["WorkerProcess", Event | Exited]]


class WorkerProcess:
    """Starts a worker in a process group of its own and passes its events, as they come, into `inbox`.

    Its stdin is a pipe that only this process holds: however this process ends, the worker reads end of file
    and ends too. Its stderr goes to the log. What Blender leaves in its folder for temporary files is removed by
    `close`.
    """

    def __init__(self, command: Sequence[str], log: Path, inbox: Inbox):
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._temporary = tempfile.mkdtemp(prefix="synthgen-worker-")
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": self._temporary}
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*command, "--log", str(log)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                start_new_session=True,
            )
        self.heard = time.monotonic()
        """When the last event came (monotonic seconds)."""
        self._inbox = inbox
        self._reader = threading.Thread(target=self._read, name=f"worker {self._process.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, job: RenderJob) -> None:
        """Hands a job over. Where the worker is gone already, its `Exited` says so soon."""
        assert self._process.stdin is not None
        self.heard = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(encode_job(job))
            self._process.stdin.flush()

    def retire(self) -> None:
        """Lets the worker end by itself: end of file on its stdin."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def ended(self) -> bool:
        return self._process.poll() is not None

    def signal_group(self, number: int) -> None:
        """Signals the worker and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def wait(self, seconds: float) -> bool:
        """Waits for the end. False where it did not come in time."""
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """After the end: lets go of the pipes."""
        self.retire()
        self._reader.join(1.0)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def log_tail(self) -> str:
        """The last lines that the worker wrote."""
        return tail_of(self.log)

    def _read(self) -> None:
        assert self._process.stdout is not None
        reason = ""
        for line in self._process.stdout:
            self.heard = time.monotonic()
            if not line.lstrip().startswith(b'{"event"'):
                self._note(line)  # a library that prints
                continue
            try:
                event = decode_event(line)
            except ProtocolError as error:
                reason = str(error)
                break
            self._inbox.put((self, event))
        if not reason:
            self.wait(TERMINATE_SECONDS)
            reason = _how_it_ended(self._process.poll())
        self._inbox.put((self, Exited(reason)))

    def _note(self, line: bytes) -> None:
        with contextlib.suppress(OSError), self.log.open("ab") as file:
            file.write(line)


def end_all(workers: Sequence[WorkerProcess]) -> None:
    """Ends workers now, whatever they are at: politely, then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        running = [w for w in workers if not w.ended()]
        for worker in running:
            worker.signal_group(number)
        deadline = time.monotonic() + TERMINATE_SECONDS
        for worker in running:
            worker.wait(deadline - time.monotonic())
    for worker in workers:
        worker.close()


def tail_of(log: Path, size: int = LOG_TAIL_BYTES) -> str:
    """The last lines of a log, at most `size` bytes; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            length = file.tell()
            file.seek(max(0, length - size))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return text.partition("\n")[2].strip() if length > size else text.strip()


def _how_it_ended(code: int | None) -> str:
    if code is None:
        return "the worker closed its output"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        hint = " (out of memory?)" if -code == signal.SIGKILL else ""
        return f"the worker was ended by {name}{hint}"
    return f"the worker ended by itself (exit {code})"
