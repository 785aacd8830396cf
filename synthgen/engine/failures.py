"""The list of frames that failed: `failures.json` of a dataset.

Shards may share a dataset, so the list is read, changed and replaced under a lock. An entry goes when its frame
exists, whoever made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synthgen.dataset.folders import FAILURES, UNFINISHED, record_path
from synthgen.dataset.locking import FAILURES_LOCK, locked
from synthgen.dataset.record import write_atomic


@dataclass(frozen=True, slots=True)
class Failure:
    """A frame that was not made. frame: its image id; stage: planning, render, sensor, annotation, record or
    worker; replay: how to look into it; log: the last lines of the worker's log."""

    frame: int
    scene: int
    view: int
    split: str
    stage: str
    message: str
    replay: str
    log: str = ""


def read_failures(dataset: Path) -> list[dict[str, Any]]:
    """The entries of a dataset's list, by frame; empty where there is no list, or one that cannot be read."""
    try:
        entries = json.loads((dataset / FAILURES).read_text(encoding="utf-8"))["failures"]
        return sorted((e for e in entries if isinstance(e["frame"], int)), key=lambda e: int(e["frame"]))
    except (OSError, ValueError, KeyError, TypeError):
        return []


def merge_failures(dataset: Path, failures: Iterable[Failure]) -> None:
    """Adds failures to the list, the newer entry of a frame replacing the older, and drops frames whose record
    exists by now. The file goes when the list is empty."""
    folder = dataset / UNFINISHED
    folder.mkdir(exist_ok=True)
    with locked(folder / FAILURES_LOCK):
        entries = {int(e["frame"]): e for e in read_failures(dataset)}
        entries.update({f.frame: asdict(f) for f in failures})
        left = [entries[frame] for frame in sorted(entries) if not (dataset / record_path(frame)).exists()]
        if left:
            text = json.dumps({"failures": left}, indent=1, sort_keys=True) + "\n"
            write_atomic(dataset, FAILURES, text.encode())
        else:
            (dataset / FAILURES).unlink(missing_ok=True)
