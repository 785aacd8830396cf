"""A run on fake workers: the scenes are empty, and no Blender starts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from synthgen.engine.frames import WHOLE, Shard
from synthgen.engine.progress import Silent
from synthgen.engine.run import GenerateReport, Scenes, run
from synthgen.render.pool import PoolSettings
from synthgen.scene.spec import SceneSpec, World

FAKE_WORKER = Path(__file__).with_name("fake_worker.py")


def identity(**changes: Any) -> dict[str, Any]:
    return {
        "recipe": {"name": "fake", "layout": {"street": {"lanes": 2}}, "populate": [{"parked": {"fill": 0.5}}]},
        "recipe_hash": "aa",
        "seed": 0,
        "size": (8, 6),
        "preset": "draft",
        "version": "0.1.0",
        "taxonomy": "road",
        "packs": {"a.sh3f": "11"},
        "output_licence": "CC-BY-4.0",
        "date": "2026-01-01",
        **changes,
    }


def empty_scene(index: int, identity: dict[str, Any], views: int = 2) -> SceneSpec:
    return SceneSpec(
        index, 0, identity, (8, 6), "road", {}, {}, {}, {}, (), (), (), World("sky"), (), {"views": views, "assets": {}}
    )


@dataclass
class FakeRun:
    """Runs `synthgen.engine.run.run` in a folder, with orders for the fake workers."""

    folder: Path
    orders: dict[str, list[str]] = field(default_factory=dict)
    planned: list[int] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "dataset"

    def settings(self, workers: int = 1, **changes: Any) -> PoolSettings:
        orders = self.folder / "orders.json"
        orders.write_text(json.dumps(self.orders))
        command = (sys.executable, str(FAKE_WORKER), str(orders))
        return PoolSettings(workers, self.folder / "logs", command=command, **changes)

    def __call__(
        self,
        frames: int,
        *,
        workers: int = 1,
        shard: Shard = WHOLE,
        out: Path | None = None,
        splits: dict[str, float] | None = None,
        plan: Callable[[int], SceneSpec] | None = None,
        progress: Any = None,
        changes: dict[str, Any] | None = None,
        **pool: Any,
    ) -> GenerateReport:
        ours = identity(**(changes or {}))

        def planned(index: int) -> SceneSpec:
            self.planned.append(index)
            return (plan or (lambda k: empty_scene(k, ours)))(index)

        return run(
            Scenes(ours, int(ours["seed"]), (8, 6), 2, self.folder / "cache", planned),
            out or self.out,
            frames,
            shard=shard,
            splits=splits or {"train": 1.0},
            workers=workers,
            progress=progress or Silent(),
            pool=self.settings(workers, **pool),
        )

    def tries(self, key: int | str) -> list[str]:
        """The worker (pid) of each try at a frame, or of each start ("start")."""
        path = self.folder / f"tries-{key}"
        return path.read_text().split() if path.exists() else []


@pytest.fixture
def fake(tmp_path: Path) -> FakeRun:
    return FakeRun(tmp_path)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc").is_dir() else True
