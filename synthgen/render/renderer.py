"""The process in which a worker runs Blender: reads requests on stdin, one a line, and answers each on stdout.

    python -P -m synthgen.render.renderer [--device NAME]    # renders what is asked for until end of file
    python -P -m synthgen.render.renderer --probe            # starts Blender once and says what it found, as JSON

It has one thread of Python and no other: Blender lets go of Python's lock and yet uses Python's memory (measured with
PYTHONMALLOC=debug in `bpy.ops.object.delete`), so a second thread would crash it sooner or later.
Whatever Blender and its libraries print goes to stderr.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from synthgen.render.device import CPU, DEVICES
from synthgen.render.drawing import Answer, Draw, Failed, Finished, Open, Request, Started, decode_request, encode
from synthgen.render.parent import die_with

if TYPE_CHECKING:
    from synthgen.render.blender.session import Session

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def main(arguments: list[str] | None = None) -> int:
    """Runs the renderer. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="synthgen.render.renderer")
    parser.add_argument("--device", choices=DEVICES, default=CPU)
    parser.add_argument("--probe", action="store_true")
    options = parser.parse_args(arguments)
    answers = claim_stdout()
    if options.probe:
        return _probe(answers)
    die_with(os.getppid())
    renderer = _Renderer(answers, options.device)
    for line in sys.stdin.buffer:
        renderer.serve(decode_request(line))
    return 0


def claim_stdout() -> BinaryIO:
    """Keeps the real stdout for messages, and turns file descriptor 1 over to stderr."""
    sys.stdout.flush()
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return messages


class _Renderer:
    def __init__(self, answers: BinaryIO, device: str):
        from synthgen.render.blender import bridge, devices

        self._answers = answers
        self._device = device
        self._session: Session | None = None
        self._drawn_from: tuple[str, int] | None = None
        versions = bridge.versions()
        self._say(Started(device=devices.choose(device), versions=versions))

    def serve(self, request: Request) -> None:
        """Does what is asked and says how it went."""
        begun = time.perf_counter()
        try:
            match request:
                case Open():
                    self._open(request)
                case Draw(view, folder):
                    assert self._session is not None
                    self._session.draw(view, Path(folder))
        except Exception as error:
            traceback.print_exception(error)  # to the log
            full = isinstance(error, OSError) and error.errno in FULL_DISK
            self._say(Failed(message=str(error) or type(error).__name__, disk=full))
        else:
            self._say(Finished(seconds=time.perf_counter() - begun, rss_mib=resident_mib()))

    def _open(self, request: Open) -> None:
        import synthgen.assets.models
        import synthgen.procedural  # noqa: F401  both register how meshes and images that the cache lacks are made
        from synthgen.assets.store import Store
        from synthgen.render.blender.session import Session
        from synthgen.scene.spec import decode_spec

        wanted = request.cache, request.threads
        if self._session is None or self._drawn_from != wanted:
            # Blender keeps the meshes itself.
            store = Store(Path(request.cache), keep_meshes=1)
            self._session = Session(store, threads=request.threads, device=self._device)
            self._drawn_from = wanted
        self._session.open(decode_spec(Path(request.spec_path).read_bytes(), where=request.spec_path))

    def _say(self, answer: Answer) -> None:
        self._answers.write(encode(answer))
        self._answers.flush()


def _probe(answers: BinaryIO) -> int:
    """Starts Blender and an empty scene. {"ok": true, "versions": {...}, "devices": {...}} or {"ok": false, "error":
    "..."}."""
    found: dict[str, object]
    try:
        from synthgen.render.blender import bridge, devices

        with tempfile.TemporaryDirectory() as temporary:
            bridge.start_scene(Path(temporary))
        found = {"ok": True, "versions": bridge.versions(), "devices": devices.found()}
    except Exception as error:
        found = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    answers.write(json.dumps(found).encode() + b"\n")
    answers.flush()
    return 0 if found["ok"] else 1


def resident_mib() -> float:
    """Resident memory of this process now (its peak where the system does not tell)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
    except (OSError, ValueError, IndexError):
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    code = main()
    # Blender's own shutdown may crash after all is written; what counts has been flushed.
    sys.stderr.flush()
    os._exit(code)
