"""How far a run has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Protocol, TextIO

LINE_SECONDS = 15.0
"""Without a terminal, no more than one line in this time."""


class Progress(Protocol):
    """What a run tells of itself."""

    def start(self, total: int, done: int) -> None:
        """`total` frames are asked for, `done` of them exist already."""

    def frame(self, *, ok: bool) -> None:
        """One more frame was made, or failed."""

    def note(self, text: str) -> None:
        """Something the user should know."""

    def close(self) -> None:
        """The run is over."""


class Silent:
    """Tells nothing."""

    def start(self, total: int, done: int) -> None: ...
    def frame(self, *, ok: bool) -> None: ...
    def note(self, text: str) -> None: ...
    def close(self) -> None: ...


class Bar:
    """A progress bar (tqdm) on a terminal."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._failed = 0

    def start(self, total: int, done: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, initial=done, unit="frame", file=self._stream, dynamic_ncols=True, smoothing=0.1)

    def frame(self, *, ok: bool) -> None:
        if ok:
            self._bar.update()
            return
        self._failed += 1
        self._bar.set_postfix(failed=self._failed)

    def note(self, text: str) -> None:
        self._bar.write(text, file=self._stream)

    def close(self) -> None:
        if hasattr(self, "_bar"):
            self._bar.close()


class Lines:
    """Lines for a log file: frames done, seconds a frame, time left."""

    def __init__(self, stream: TextIO, every: float = LINE_SECONDS):
        self._stream = stream
        self._every = every

    def start(self, total: int, done: int) -> None:
        self._total, self._first = total, done
        self._done, self._failed = done, 0
        self._begun = self._told = time.monotonic()
        self.note(f"{total} frames, {done} of them there already" if done else f"{total} frames")

    def frame(self, *, ok: bool) -> None:
        self._done += ok
        self._failed += not ok
        now = time.monotonic()
        if now - self._told >= self._every or self._done + self._failed >= self._total:
            self._told = now
            self.note(self._line(now))

    def note(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    def close(self) -> None: ...

    def _line(self, now: float) -> str:
        ended = self._done - self._first + self._failed
        each = (now - self._begun) / max(1, ended)
        left = self._total - self._done - self._failed
        failed = f", {self._failed} failed" if self._failed else ""
        ahead = f", {_clock(left * each)} left" if left > 0 else ""
        return f"{self._done}/{self._total} frames{failed}, {each:.1f} s a frame{ahead}"


def progress_on(stream: TextIO = sys.stderr) -> Progress:
    """A bar where the stream is a terminal, else lines."""
    return Bar(stream) if stream.isatty() else Lines(stream)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
