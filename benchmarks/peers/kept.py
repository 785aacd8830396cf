"""What has been measured, kept between runs: pictures and scene files by content, numbers in one file of lines."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import synthgen
from synthgen.scene.spec import SceneSpec, encode_spec, spec_hash

ROOT = Path(__file__).resolve().parents[2]

SKY = "sky of the scene"
"""The world's name in a saved scene file, by which the other tools find it."""


def digest(*parts: Any) -> str:
    """24 hex digits of JSON data."""
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=12).hexdigest()


def code(*names: str) -> str:
    """Of some files and folders of synthgen's source: what was measured with other code is measured again."""
    package = Path(synthgen.__file__).parent
    content = hashlib.blake2b(digest_size=8)
    for name in names:
        place = package / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            content.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return content.hexdigest()


class Kept:
    """A folder of measurements. Records are found again by their key; a run that was cut short goes on."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lines = folder / "measured.jsonl"
        self._known: dict[str, dict[str, Any]] = {}
        if self._lines.exists():
            for line in self._lines.read_text().splitlines():
                record = json.loads(line)
                self._known[record["key"]] = record

    def find(self, key: str) -> dict[str, Any] | None:
        return self._known.get(key)

    def put(self, key: str, **record: Any) -> dict[str, Any]:
        """Keeps a record, on disk when this returns."""
        record = {"key": key, **record}
        with self._lines.open("a") as file:
            file.write(json.dumps(record) + "\n")
        self._known[key] = record
        return record

    def spec_file(self, spec: SceneSpec) -> Path:
        """The JSON file of a SceneSpec."""
        path = self.folder / "specs" / f"{spec_hash(spec)}.json"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(encode_spec(spec))
        return path

    def picture_files(self, key: str, views: Iterable[int]) -> list[Path]:
        """Where the linear pictures of a setting lie."""
        (self.folder / "pictures").mkdir(exist_ok=True)
        return [self.folder / "pictures" / f"{key}-{view}.npy" for view in views]


class ChildError(RuntimeError):
    """A measuring process ended without a result."""


def run_child(program: list[str], job: dict[str, Any], *, limit: float = 7200.0) -> dict[str, Any]:
    """Runs a child on a job; what it found, with "wall" (seconds of the process) and "others" (see `Load`).

    Raises ChildError with the end of its log.
    """
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(job))
        log = Path(folder) / "log"
        ours = program[0] == sys.executable
        environment = {k: v for k, v in os.environ.items() if ours or k != "PYTHONPATH"}
        if ours:
            environment["PYTHONPATH"] = str(ROOT)
        with log.open("wb") as output, Load() as load:
            begun = time.perf_counter()
            done = subprocess.run(
                [*program, str(path)], cwd=ROOT, env=environment, stdout=output, stderr=output, timeout=limit
            )
            wall = time.perf_counter() - begun
        result = path.with_suffix(".out.json")
        if not result.exists():
            tail = log.read_text(errors="replace")[-3000:]
            raise ChildError(f"{' '.join(program)} gave no result (exit code {done.returncode}):\n{tail}")
        found: dict[str, Any] = json.loads(result.read_text())
    return {**found, "wall": wall, "others": load.others}


class Load:
    """`others`: how many cores were busy with other people's work within the block, on average; None where unknown."""

    others: float | None = None

    def __enter__(self) -> Load:
        self._begun = time.perf_counter(), _busy(), _own()
        return self

    def __exit__(self, *_: object) -> None:
        wall, busy, own = self._begun
        now = _busy()
        if busy is not None and now is not None:
            used = (now - busy) - (_own() - own)
            self.others = round(max(0.0, used / max(1e-6, time.perf_counter() - wall)), 2)


def _busy() -> float | None:
    """Seconds that all cores have worked since the machine started."""
    try:
        fields = [float(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    except (OSError, ValueError, IndexError):
        return None
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) / float(os.sysconf("SC_CLK_TCK"))


def _own() -> float:
    """CPU seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
