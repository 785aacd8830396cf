"""What a run tells of itself, on a terminal and elsewhere."""

from __future__ import annotations

import io

from synthgen.engine.progress import Bar, Lines, Silent, progress_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_now_and_then() -> None:
    stream = io.StringIO()
    lines = Lines(stream, every=3600)
    lines.start(4, 1)
    lines.frame(ok=True)
    lines.frame(ok=False)
    assert stream.getvalue().splitlines() == ["4 frames, 1 of them there already"], "not a line a frame"
    lines.frame(ok=True)
    assert "3/4 frames, 1 failed" in stream.getvalue() and "s a frame" in stream.getvalue()
    lines.close()


def test_lines_say_what_is_left() -> None:
    stream = io.StringIO()
    lines = Lines(stream, every=0)
    lines.start(3, 0)
    lines.frame(ok=True)
    assert stream.getvalue().splitlines()[1].endswith(" left")


def test_a_bar_on_a_terminal() -> None:
    stream = Terminal()
    bar = progress_on(stream)
    assert isinstance(bar, Bar) and isinstance(progress_on(io.StringIO()), Lines)
    bar.start(2, 0)
    bar.frame(ok=True)
    bar.frame(ok=False)
    bar.note("frame 2 failed")
    bar.close()
    assert "1/2" in stream.getvalue() and "failed=1" in stream.getvalue() and "frame 2 failed" in stream.getvalue()


def test_close_without_start() -> None:
    for progress in (Bar(Terminal()), Lines(io.StringIO()), Silent()):
        progress.close()
