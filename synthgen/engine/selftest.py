"""The conformance scenes, rendered by a worker as a run's are, and compared with the ray caster and with formulas."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from synthgen.assets.store import Store
from synthgen.engine.machine import threads_per_worker
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.pool import PoolSettings, render_jobs
from synthgen.scene.spec import encode_spec, spec_hash
from synthgen.verification.conformance import SCENES, Conformance
from synthgen.verification.conformance.examine import Verdict, cast, examine

SUPERSAMPLES = (2, 1)
"""Each scene is rendered at twice the size with the half-pixel shift, as `standard` does, and at its own size."""


@dataclass(frozen=True, slots=True)
class SceneResult:
    """What became of one scene: its views' verdicts, over all sizes of rendering, and the complaints of all."""

    name: str
    proves: str
    verdicts: tuple[Verdict, ...]
    complaints: tuple[str, ...]

    @property
    def passes(self) -> bool:
        return not self.complaints

    def total(self, what: str) -> int:
        """The sum of one number of `Agreement` ("pixels", "boundary", "wrong_on", "wrong_off") over all frames,
        against the ray caster."""
        return sum(getattr(verdict.rays, what) for verdict in self.verdicts if verdict.rays is not None)

    def by_formula(self) -> int:
        """Wrong pixels against the formulas, over all frames."""
        return sum(v.formula.wrong_on + v.formula.wrong_off for v in self.verdicts if v.formula is not None)

    def line(self) -> str:
        """One line for people: the verdict, what was counted, and what the scene proves or what is wrong."""
        wrong = self.total("wrong_on") + self.total("wrong_off")
        counted = f"{len(self.verdicts)} frames, {self.total('boundary')} boundary pixels, {wrong} wrong"
        said = self.proves if self.passes else "; ".join(self.complaints)
        return f"{'ok  ' if self.passes else 'FAIL'}  {self.name}: {counted} ({self.by_formula()} by formula); {said}"


def selftest(
    scenes: Mapping[str, Callable[[Store], Conformance]] = SCENES,
    *,
    workers: int = 1,
    supersamples: Sequence[int] = SUPERSAMPLES,
    progress: Callable[[SceneResult], None] = lambda _: None,
) -> list[SceneResult]:
    """Renders the conformance scenes in worker processes and examines every view of each.

    Nothing of the user's cache is used. `progress` is told of every scene as it is finished. Raises FramesMissing where
    no worker starts.
    """
    results = []
    with tempfile.TemporaryDirectory(prefix="synthgen-selftest-") as temporary:
        folder = Path(temporary)
        store = Store(folder / "cache")
        open_scenes: dict[str, _Open] = {}

        def jobs() -> Iterator[RenderJob]:
            for at, (name, builder) in enumerate(scenes.items()):
                scene = builder(store)
                frames = len(supersamples) * len(scene.spec.views)
                waiting = _Open(name, scene, folder / f"{at:03d}", frames, {})
                for supersample in supersamples:
                    job = _job(waiting, supersample, store, threads_per_worker(workers))
                    open_scenes[job.id] = waiting
                    yield job

        for result in render_jobs(jobs(), PoolSettings(workers, folder / "logs")):
            waiting = open_scenes[result.job.id]
            waiting.said[result.frame.image_id] = "" if result.ok else f"{result.stage}: {result.message}"
            if len(waiting.said) == waiting.frames:
                results.append(_examined(waiting, store, supersamples))
                progress(results[-1])
    return results


@dataclass(frozen=True, slots=True)
class _Open:
    """A scene that is being rendered. said: by image id, what the worker said of the frame ("" for well done)."""

    name: str
    scene: Conformance
    folder: Path
    frames: int
    said: dict[int, str]


def _job(waiting: _Open, supersample: int, store: Store, threads: int) -> RenderJob:
    spec = replace(waiting.scene.spec, render={**waiting.scene.spec.render, "supersample": supersample})
    waiting.folder.mkdir(parents=True, exist_ok=True)
    path = waiting.folder / f"scene_{supersample}.json"
    path.write_bytes(encode_spec(spec))
    frames = tuple(FrameTask(k, _image_id(supersample, k), "train") for k in range(len(spec.views)))
    name = f"{waiting.name} at {supersample}"
    return RenderJob(name, str(path), spec_hash(spec), str(waiting.folder), frames, threads, str(store.root))


def _image_id(supersample: int, view: int) -> int:
    return 1000 * supersample + view + 1


def _examined(waiting: _Open, store: Store, supersamples: Sequence[int]) -> SceneResult:
    scene = waiting.scene
    rays = cast(scene, store)
    verdicts, complaints = [], []
    for supersample in supersamples:
        for view in range(len(scene.spec.views)):
            image_id = _image_id(supersample, view)
            verdict = examine(scene, view, rays[view], waiting.folder, image_id)
            verdicts.append(verdict)
            reasons = [waiting.said[image_id]] if waiting.said[image_id] else verdict.complaints
            complaints += [f"view {view} at {supersample} times its size: {reason}" for reason in reasons]
    return SceneResult(waiting.name, scene.proves, tuple(verdicts), tuple(complaints))


def main() -> int:
    """Runs the self-test and prints a line a scene. Returns 1 where one fails, else 0."""
    results = selftest(progress=lambda result: print(result.line(), flush=True))
    failed = sum(not result.passes for result in results)
    frames = sum(len(result.verdicts) for result in results)
    print(f"{len(results) - failed} of {len(results)} conformance scenes pass ({frames} frames)")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
