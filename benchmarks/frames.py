"""Measures the pipeline on a recipe: planning, scene building, each stage of a frame, worker memory.

    python benchmarks/frames.py scenes/road/urban.yaml --scenes 2 --size 640x360 --preset standard --threads 2

Prints a table and, with --json FILE, writes the numbers. Runs one worker, so that a stage's seconds are its own;
compare worker counts with --workers, which times whole runs of `synthgen.generate`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.store import Store
from synthgen.paths import cache_root
from synthgen.planning import plan_scene
from synthgen.recipe import load_recipe
from synthgen.render.job import Done, FrameEvent, FrameTask, RenderJob, decode_event, encode_job
from synthgen.scene.spec import SceneSpec, encode_spec, spec_hash

CACHED_SCENES = 10


def main() -> None:
    options = _options()
    recipe = load_recipe(options.recipe, preset=options.preset, size=options.size, seed=options.seed)
    found: dict[str, Any] = {
        "machine": {"cpu": _cpu(), "system": platform.platform(), "python": platform.python_version()},
        "recipe": str(options.recipe),
        "size": list(recipe.size),
        "preset": recipe.preset,
    }
    store = Store()
    found["plan"], specs = _plan(recipe, store, options.scenes)
    found["render"] = _render(specs, options.threads, options.views)
    if options.workers:
        found["runs"] = [_run(options, count) for count in options.workers]
    _print(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--scenes", type=int, default=2)
    parser.add_argument("--views", type=int, default=2)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--preset", default="standard")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _plan(recipe: Any, store: Store, scenes: int) -> tuple[dict[str, Any], list[SceneSpec]]:
    """Seconds a scene, the first time and again, of a few of them, with every mesh cached."""
    begun = time.perf_counter()
    catalogue = load_catalogue(recipe.packs, store)
    loading = time.perf_counter() - begun
    specs: list[SceneSpec] = []
    passes: list[list[float]] = [[], []]
    for index in range(scenes):
        begun = time.perf_counter()
        specs.append(plan_scene(recipe, catalogue, store, index))
        passes[0].append(time.perf_counter() - begun)
    for index in range(min(scenes, CACHED_SCENES)):
        begun = time.perf_counter()
        plan_scene(recipe, catalogue, store, index)
        passes[1].append(time.perf_counter() - begun)
    return {
        "load_catalogue_s": loading,
        "first_s": passes[0],
        "cached_s": passes[1],
        "objects": [len(s.objects) for s in specs],
        "meshes": [len(s.meshes) for s in specs],
        "spec_kib": [len(encode_spec(s)) / 1024 for s in specs],
    }, specs


def _render(specs: list[SceneSpec], threads: int, views: int) -> dict[str, Any]:
    """Drives one worker by hand. Seconds by stage of every frame; resident MiB after every scene."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        begun = time.perf_counter()
        worker = subprocess.Popen(
            [sys.executable, "-m", "synthgen.render.worker", "--log", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdout.readline()
        started = time.perf_counter() - begun
        frames: list[dict[str, Any]] = []
        memory = []
        for spec in specs:
            path = Path(folder) / f"{spec.scene_index}.json"
            path.write_bytes(encode_spec(spec))
            count = min(views, len(spec.views))
            tasks = tuple(FrameTask(v, spec.scene_index * views + v + 1, "train") for v in range(count))
            job = RenderJob("b", str(path), spec_hash(spec), f"{folder}/out", tasks, threads, str(cache_root()))
            worker.stdin.write(encode_job(job))
            worker.stdin.flush()
            mark = time.perf_counter()
            while not isinstance(event := decode_event(worker.stdout.readline()), Done):
                assert isinstance(event, FrameEvent)
                if not event.ok:
                    sys.exit(f"scene {spec.scene_index} view {event.view}: {event.message}\n{log.read_text()[-3000:]}")
                now = time.perf_counter()
                frames.append({"view": event.view, "wall": now - mark, **event.timings})
                mark = now
            memory.append(event.rss_mib)
        worker.stdin.close()
        worker.wait(60)
    return {"start_worker_s": started, "frames": frames, "rss_mib": memory}


def _run(options: argparse.Namespace, workers: int) -> dict[str, Any]:
    """A whole run of the public function, start-up and packaging included."""
    from synthgen import generate

    frames = options.scenes * options.views
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        generate(
            options.recipe,
            Path(folder) / "out",
            frames,
            workers=workers,
            seed=options.seed,
            preset=options.preset,
            size=options.size,
            overrides=[f"views_per_scene={options.views}"],
        )
        wall = time.perf_counter() - begun
    return {"workers": workers, "frames": frames, "wall_s": wall, "s_per_frame": wall / frames}


def _print(found: dict[str, Any]) -> None:
    plan, render = found["plan"], found["render"]
    size = "x".join(str(n) for n in found["size"])
    print(f"{found['recipe']} at {size}, preset {found['preset']}, {found['machine']['cpu']}")
    print(f"load catalogue      {plan['load_catalogue_s']:.3f} s")
    print(f"plan, first time    {_range(plan['first_s'])} s a scene")
    print(f"plan, meshes cached {_range(plan['cached_s'])} s a scene")
    print(f"a scene             {_range(plan['objects'], 0)} objects, {_range(plan['meshes'], 0)} meshes")
    print(f"start a worker      {render['start_worker_s']:.2f} s")
    for label, first in (("first view", True), ("further views", False)):
        chosen = [f for f in render["frames"] if ("build" in f) == first]
        if chosen:
            stages = sorted({k for f in chosen for k in f} - {"view", "wall"})
            parts = ", ".join(f"{s} {statistics.median(f.get(s, 0.0) for f in chosen):.2f}" for s in stages)
            print(f"{label:<19} {_range([f['wall'] for f in chosen])} s ({parts})")
    print(f"worker memory       {_range(render['rss_mib'], 0)} MiB after each scene")
    for run in found.get("runs", []):
        times = f"{run['wall_s']:.1f} s, {run['s_per_frame']:.2f} s a frame"
        print(f"{run['workers']} workers, {run['frames']} frames  {times}")


def _range(values: list[float], digits: int = 3) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _cpu() -> str:
    from synthgen.render.frame import cpu_model

    return cpu_model()


if __name__ == "__main__":
    main()
