"""What this machine offers a run: cores, memory, and how many workers suit it."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY_PER_WORKER = 4 * 2**30
"""Bytes: workers held 2.0 to 2.2 GiB after streets at 640x360, and 2.7 at most in other trials; the rest is room."""

MOST_WORKERS = 2
"""A render uses every core it gets, so more workers only overlap what a render does not: building the scene,
writing, waiting for the plan. On two cores two were 12% quicker than one (docs/benchmarks.md); more were not tried."""


def cores() -> int:
    """CPU cores that this process may use: its affinity and its container's quota, at least 1."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _quota(Path("/sys/fs/cgroup/cpu.max")) or allowed))


def memory() -> int:
    """Bytes of memory that this process may use; 0 where the system does not say."""
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no container, or "max"
        return physical
    return min(physical, limit)


def default_workers() -> int:
    """As many workers as are of use here: two, or one where cores or memory do not suffice."""
    by_memory = memory() // MEMORY_PER_WORKER or 1
    return max(1, min(MOST_WORKERS, cores(), by_memory))


def threads_per_worker(workers: int) -> int:
    """The cores shared out among the workers, at least one each."""
    return max(1, cores() // workers)


def _quota(path: Path) -> int | None:
    try:
        quota, period = path.read_text().split()
        return max(1, round(int(quota) / int(period)))
    except (OSError, ValueError):
        return None
