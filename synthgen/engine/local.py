"""`generate`: a recipe to a dataset, on worker processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synthgen.dataset.splits import ALL_TRAIN, check_splits, parse_splits
from synthgen.engine.frames import WHOLE, Shard, check_frames, parse_shard
from synthgen.engine.inputs import load_inputs
from synthgen.engine.machine import default_workers
from synthgen.engine.probe import check_device
from synthgen.engine.run import GenerateReport, Scenes, run
from synthgen.errors import InputError
from synthgen.render.device import CPU

if TYPE_CHECKING:
    from synthgen.engine.progress import Progress

ENGINES = {"local": run}
"""Where jobs run, by name."""


def generate(
    recipe: Path | str,
    out: Path | str,
    frames: int,
    *,
    workers: int | None = None,
    device: str = CPU,
    shard: str | Shard | None = None,
    split: str | Mapping[str, float] | None = None,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    preset: str | None = None,
    size: str | None = None,
    engine: str = "local",
    progress: Progress | None = None,
) -> GenerateReport:
    """Makes the first `frames` frames of a recipe in the folder `out`, and packages them.

    The same call again goes on where the last one stopped. workers: None for as many as suit the machine. device: a
    name of render/device.py. shard: "I/N" makes only the scenes of that shard, and does not package. split: shares by
    name, or "train=0.9,val=0.1". overrides: "path.to.key=value", as `--set`. size: "1280x720". Frames that fail are
    listed in the report and in failures.json; the rest goes on. Raises InputError where recipe, options or folder
    cannot be used or the machine has no such device, and
    FramesMissing where the run had to stop early (disk full, no worker starts).
    """
    begun = time.monotonic()
    check_frames(frames)
    if workers is not None and workers < 1:
        raise InputError.of(f"{workers} workers cannot render", where="--workers", hint="ask for 1 or more")
    if engine not in ENGINES:
        raise InputError.of(f"there is no engine {engine!r}", where="--engine", hint=f"one of: {', '.join(ENGINES)}")
    part = parse_shard(shard) if isinstance(shard, str) else shard or WHOLE
    shares = parse_splits(split) if isinstance(split, str) else check_splits(split or ALL_TRAIN)
    check_device(device)
    inputs = load_inputs(recipe, seed=seed, overrides=overrides, preset=preset, size=size)
    return ENGINES[engine](
        Scenes.of(inputs),
        Path(out),
        frames,
        shard=part,
        splits=shares,
        workers=workers or default_workers(),
        device=device,
        progress=progress,
        begun=begun,
    )
