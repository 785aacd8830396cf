"""One run: what is there already, plan what is not, render it, list what failed, package."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgen.assets.trim import EVERY_SCENES, limit_bytes, trim
from synthgen.dataset.folders import SCENES, UNFINISHED, scene_path
from synthgen.dataset.record import find_record, frame_is_whole, write_atomic
from synthgen.dataset.splits import split_of_scene
from synthgen.engine.destination import SPLITS, VERSIONS, destination, disk_is_full, plain, says_disk_is_full
from synthgen.engine.failures import Failure, merge_failures
from synthgen.engine.frames import WHOLE, Frame, Shard, frames_of_scene, scenes_of_shard
from synthgen.engine.machine import threads_per_worker
from synthgen.engine.progress import Progress, Silent
from synthgen.engine.scenefiles import scene_on_disk
from synthgen.engine.versions import versions
from synthgen.errors import FramesMissing, PlanningError, SynthgenError
from synthgen.render.device import CPU
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.pool import FrameResult, PoolSettings, frame_seconds, render_jobs
from synthgen.render.worker_process import worker_command
from synthgen.scene.spec import SceneSpec, encode_spec, encoded_hash

if TYPE_CHECKING:
    from synthgen.dataset.package import PackageReport
    from synthgen.engine.inputs import Inputs

HOPELESS_SCENES = 3
"""Where this many scenes in a row from the first cannot be planned, the recipe is at fault, not a draw."""

STAGE_DISK = "disk"
"""The stage that a worker names when the disk takes no more."""


@dataclass(frozen=True, slots=True)
class Scenes:
    """What a run renders. identity: what all frames of a dataset must agree on; plan: a scene by its index."""

    identity: Mapping[str, Any]
    seed: int
    size: tuple[int, int]
    views: int
    cache: Path
    plan: Callable[[int], SceneSpec]

    @classmethod
    def of(cls, inputs: Inputs) -> Scenes:
        """The scenes of a recipe."""
        from synthgen.planning import identity

        recipe = inputs.recipe
        return cls(
            identity(recipe, inputs.catalogue),
            recipe.seed,
            recipe.size,
            recipe.views_per_scene,
            inputs.store.root,
            inputs.plan,
        )


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """What a run did. frames: asked for (of its shard); present: of these, whole in the dataset now; rendered: made
    by this run; failures: frames that this run could not make; package: None for a shard."""

    out: Path
    frames: int
    present: int
    rendered: int
    failures: tuple[Failure, ...]
    seconds: float
    package: PackageReport | None = None

    @property
    def complete(self) -> bool:
        return self.present == self.frames


def run(
    scenes: Scenes,
    out: Path,
    frames: int,
    *,
    shard: Shard = WHOLE,
    splits: Mapping[str, float],
    workers: int,
    device: str = CPU,
    progress: Progress | None = None,
    pool: PoolSettings | None = None,
    begun: float | None = None,
) -> GenerateReport:
    """Makes the frames of a shard in `out`. See `generate`; `pool` replaces the usual worker settings."""
    begun = time.monotonic() if begun is None else begun
    try:
        identity = plain({**scenes.identity, SPLITS: dict(splits), VERSIONS: versions()})
        with destination(out, identity, frames):
            work = _Run(scenes, identity, out, frames, shard, dict(splits), progress or Silent())
            logs = out / UNFINISHED / f"log-{os.getpid()}"
            try:
                silent = frame_seconds(scenes.size)
                work.render(pool or PoolSettings(workers, logs, silent, command=worker_command(device)))
            finally:
                work.progress.close()
            merge_failures(out, work.failures)
        package = _package(out, frames) if shard == WHOLE and work.present else None
    except OSError as error:
        if not disk_is_full(error):
            raise
        raise _disk_takes_no_more(out, error.strerror or str(error)) from error
    return GenerateReport(
        out, work.total, work.present, work.rendered, tuple(work.failures), time.monotonic() - begun, package
    )


@dataclass(slots=True)
class _Scene:
    """A scene that lacks frames. hash: of its SceneSpec, where that is on disk already."""

    index: int
    missing: list[Frame]
    hash: str | None = None


@dataclass
class _Run:
    """identity: the scenes', with what only records say."""

    scenes: Scenes
    identity: dict[str, Any]
    out: Path
    frames: int
    shard: Shard
    splits: dict[str, float]
    progress: Progress
    total: int = 0
    present: int = 0
    rendered: int = 0
    failures: list[Failure] = field(default_factory=list)
    planned: int = 0

    def render(self, settings: PoolSettings) -> None:
        todo = self._look()
        self.progress.start(self.total, self.present)
        if not todo:
            return
        workers = min(settings.workers, len(todo))
        jobs = self._jobs(todo, threads_per_worker(workers))
        with closing(render_jobs(jobs, replace(settings, workers=workers))) as results:
            for result in results:
                self._take(result)

    def _look(self) -> list[_Scene]:
        """What is there already; gives the scenes that lack frames. Raises InputError for a scene of another run."""
        todo = []
        for index in scenes_of_shard(self.shard, self.frames, self.scenes.views):
            wanted = list(frames_of_scene(index, self.frames, self.scenes.views))
            self.total += len(wanted)
            known = scene_on_disk(self.out, index, self.scenes.identity)
            missing = wanted if known is None else [f for f in wanted if not self._is_whole(f, known)]
            self.present += len(wanted) - len(missing)
            if missing:
                todo.append(_Scene(index, missing, known))
        return todo

    def _is_whole(self, frame: Frame, hash_: str) -> bool:
        record = find_record(self.out, frame.image_id)
        return (
            record is not None
            and record.spec_hash == hash_
            and record.split == self._split(frame.scene)
            and frame_is_whole(self.out, record)
        )

    def _split(self, scene: int) -> str:
        return split_of_scene(scene, self.scenes.seed, self.splits)

    def _jobs(self, todo: list[_Scene], threads: int) -> Iterator[RenderJob]:
        """Plans scene after scene, as the workers ask for more."""
        for scene in todo:
            if scene.hash is None:
                scene.hash = self._plan(scene)
            if scene.hash is None:
                continue
            missing = [f for f in scene.missing if not self._is_whole(f, scene.hash)]
            for _ in range(len(scene.missing) - len(missing)):  # made before its SceneSpec was lost
                self.present += 1
                self.progress.frame(ok=True)
            if missing:
                split = self._split(scene.index)
                yield RenderJob(
                    id=f"scene-{scene.index}",
                    spec_path=str((self.out / scene_path(scene.index)).absolute()),
                    spec_hash=scene.hash,
                    dataset=str(self.out.absolute()),
                    frames=tuple(FrameTask(f.view, f.image_id, split) for f in missing),
                    threads=threads,
                    cache=str(self.scenes.cache),
                    identity=self.identity,
                    asked=self.frames,
                )

    def _plan(self, scene: _Scene) -> str | None:
        """Plans a scene and writes its SceneSpec; None where that fails, which fails its frames.

        What fails in the very first scenes is the recipe's fault (or ours), and is raised.
        """
        try:
            if self.planned % EVERY_SCENES == 0:
                trim(self.scenes.cache, limit_bytes())
            spec = self.scenes.plan(scene.index)
        except Exception as error:
            if isinstance(error, OSError) and disk_is_full(error):
                raise
            failed_scenes = len({f.scene for f in self.failures}) + 1
            hopeless = failed_scenes >= HOPELESS_SCENES or failed_scenes == len(self._all_scenes())
            if not self.planned and not self.present and (hopeless or not isinstance(error, PlanningError)):
                raise
            log = "" if isinstance(error, SynthgenError) else traceback.format_exc()
            self._fail(scene.missing, "planning", str(error) or type(error).__name__, log)
            return None
        self.planned += 1
        if self.planned == 1 and (idle := spec.attributes.get("idle")):
            self.progress.note(f"no asset that the recipe's `licence` and `trademark` allow: {', '.join(idle)}")
        encoded = encode_spec(spec)
        write_atomic(self.out, scene_path(scene.index), encoded)
        return encoded_hash(encoded)

    def _all_scenes(self) -> list[int]:
        return list(scenes_of_shard(self.shard, self.frames, self.scenes.views))

    def _take(self, result: FrameResult) -> None:
        """Books what became of a frame."""
        if result.ok:
            self.present += 1
            self.rendered += 1
            self.progress.frame(ok=True)
            return
        if result.stage == STAGE_DISK or says_disk_is_full(result.message):
            raise _disk_takes_no_more(self.out, result.message)
        scene = int(result.job.id.removeprefix("scene-"))
        frame = Frame(result.frame.image_id, scene, result.frame.view)
        self._fail([frame], result.stage or "render", result.message, result.log)

    def _fail(self, frames: list[Frame], stage: str, message: str, log: str) -> None:
        for frame in frames:
            scene_file = f"{SCENES}/{scene_path(frame.scene).name}"
            replay = "the same call tries it again"
            if stage != "planning":
                replay += f"; {scene_file} (view {frame.view}) is what was to be rendered"
            split = self._split(frame.scene)
            self.failures.append(Failure(frame.image_id, frame.scene, frame.view, split, stage, message, replay, log))
            self.progress.frame(ok=False)
        self.progress.note(
            f"frame {', '.join(str(f.image_id) for f in frames)} failed at {stage}: {_first_line(message)}"
        )
        merge_failures(self.out, self.failures)


def _disk_takes_no_more(out: Path, reason: str) -> FramesMissing:
    return FramesMissing(f"{out}: the disk takes no more ({reason}); make room, and the same call goes on")


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "no reason was given"


def _package(out: Path, frames: int) -> PackageReport:
    from synthgen.dataset.package import package

    return package(out, expected=frames)
