"""What is measured in which order: quality first, then time where it matters, the tools taking turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.kept import ChildError, code, digest
from benchmarks.peers.quality import Point, exposure_scale, noise_of_mean, psnr, reached, without_noise
from benchmarks.peers.scenes import Scene, preset
from benchmarks.peers.tools import Bench, Family
from synthgen.render.frame import cpu_model
from synthgen.scene.spec import spec_hash


@dataclass(frozen=True)
class Plan:
    """targets: dB. views: of a scene, all timed. runs: of each timing. against: "own" or "common" references.

    fresh: time again what was timed in an earlier run of the program. without_noise: takes the noise of the references
    off (see `quality.without_noise`).
    """

    targets: tuple[float, ...]
    views: int
    runs: int
    against: str
    fresh: bool
    without_noise: bool


@dataclass(frozen=True)
class Quality:
    """PSNR in dB of one setting, against the tool's own reference and the common one; rough seconds a frame."""

    samples: int
    own: float
    common: float
    rough: float

    def against(self, which: str) -> float:
        return self.own if which == "own" else self.common


@dataclass
class Campaign:
    """Measures all scenes with all tools. `failed` says which tools could not run, and why."""

    bench: Bench
    scenes: list[Scene]
    families: list[Family]
    plan: Plan
    say: Callable[[str], None]
    curves: dict[tuple[str, Family], list[Quality]] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    noise: dict[tuple[str, str], float] = field(default_factory=dict)
    times: dict[tuple[str, str, int, int, str], list[dict[str, Any]]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._common = Family("synthgen", "common", (), {**preset("standard"), "supersample": 1})

    # --- quality

    def measure_quality(self) -> None:
        """Fills `curves`, `scales` and `noise` (dB that are left in each reference)."""
        for scene in self.scenes:
            self.say(f"{scene.name}: the common reference")
            halves = [_loaded(half) for half in self.bench.reference(scene, self._common)]
            common = _means(*halves)
            scale = self.scales[scene.name] = exposure_scale(common)
            self._note_noise(scene, "common", halves)
            for family in self.families:
                if family.tool in self.failed:
                    continue
                try:
                    curve = self._curve(scene, family, common, scale)
                except ChildError as error:
                    self.failed[family.tool] = str(error)
                    self.say(f"{family.tool} cannot run: {error}")
                    continue
                self.curves[scene.name, family] = curve

    def _curve(self, scene: Scene, family: Family, common: list[Any], scale: float) -> list[Quality]:
        self.say(f"{scene.name}: the reference of {family.tool}, {family.name}")
        halves = [_loaded(half) for half in self.bench.reference(scene, family)]
        own = _means(*halves)
        self._note_noise(scene, label(family), halves)
        curve: list[Quality] = []
        for samples in family.samples:
            pictures = _loaded(self.bench.pictures(scene, family, samples))
            rough = self.bench.rough_seconds(scene, family, samples)
            by_own, by_common = psnr(pictures, own, scale), psnr(pictures, common, scale)
            if self.plan.without_noise:
                by_own = without_noise(by_own, self.noise[scene.name, label(family)])
                by_common = without_noise(by_common, self.noise[scene.name, "common"])
            found = Quality(samples, by_own, by_common, rough)
            curve.append(found)
            self.say(
                f"{scene.name}: {family.tool}, {family.name}, {samples} samples: {found.own:.2f} dB "
                f"({found.common:.2f} dB against the common reference)"
            )
            if found.against(self.plan.against) >= max(self.plan.targets):
                break
        return curve

    def _note_noise(self, scene: Scene, name: str, halves: list[list[Any]]) -> None:
        noise = self.noise[scene.name, name] = noise_of_mean(halves[0], halves[1], self.scales[scene.name])
        self.say(f"{scene.name}: noise of the reference of {name}: {noise:.2f} dB")

    # --- time

    def chosen(self, scene: Scene, tool: str, target: float) -> tuple[Family, tuple[int, int]] | None:
        """The family of a tool that looks quickest at a target, by rough times, and the counts around the target."""
        best: tuple[float, Family, tuple[int, int]] | None = None
        for family in self.families:
            curve = self.curves.get((scene.name, family), [])
            if family.tool != tool or not curve:
                continue
            points = [Point(q.samples, q.against(self.plan.against), q.rough) for q in curve]
            at = reached(points, target)
            if at is not None and (best is None or at.seconds < best[0]):
                best = (at.seconds, family, at.between)
        return None if best is None else best[1:]

    @property
    def tools(self) -> list[str]:
        """In the order of the families, without those that cannot run."""
        return [t for t in dict.fromkeys(f.tool for f in self.families) if t not in self.failed]

    def measure_time(self) -> None:
        """Fills `times`: what the targets need, run by run, so that the tools take turns."""
        wanted = list(self._wanted())
        total, done = len(wanted) * self.plan.runs, 0
        for run in range(self.plan.runs):
            for scene, family, samples, views, kind in wanted:
                done += 1
                if family.tool in self.failed:
                    continue
                try:
                    record = self._timed(scene, family, samples, views, kind, run)
                except ChildError as error:
                    self.failed[family.tool] = str(error)
                    self.say(f"{family.tool} cannot run: {error}")
                    continue
                self.times.setdefault((scene.name, label(family), samples, views, kind), []).append(record)
                self.say(
                    f"{done}/{total} {scene.name}: {label(family)}, {samples} samples, {views} views, {kind}, run "
                    f"{run + 1}: {seconds_a_frame(record, views):.2f} s a frame (others used {record['others']} cores)"
                )

    def _wanted(self) -> Iterator[tuple[Scene, Family, int, int, str]]:
        for scene in self.scenes:
            for tool in self.tools:
                settings: dict[tuple[Family, int], None] = {}
                for target in self.plan.targets:
                    choice = self.chosen(scene, tool, target)
                    if choice is not None:
                        settings |= {(choice[0], samples): None for samples in choice[1]}
                for family, samples in settings:
                    for views in dict.fromkeys((self.plan.views, 1)):
                        yield scene, family, samples, views, "frames"
                    if tool == "synthgen":
                        yield scene, family, samples, self.plan.views, "limit"
                        yield scene, family, samples, self.plan.views, "cold"

    def _timed(self, scene: Scene, family: Family, samples: int, views: int, kind: str, run: int) -> dict[str, Any]:
        bench = self.bench
        source = code("") if family.tool == "synthgen" else ""
        key = digest(
            "time", cpu_model(), bench.threads, spec_hash(scene.spec), [spec_hash(s) for s in scene.before],
            family.tool, family.render, samples, views, kind, source, run,
        )  # fmt: skip
        known = bench.kept.find(key)
        if known is not None and not self.plan.fresh:
            return known
        if kind == "limit":
            found = bench.limit(scene, family, samples, views)
        else:
            found = bench.frames(scene, family, samples, views, cold=kind == "cold")
        return bench.kept.put(
            key, scene=scene.name, family=label(family), samples=samples, views=views, kind=kind, run=run, **found
        )

    def points(self, scene: Scene, family: Family, views: int) -> list[Point]:
        """Timed settings of a family: samples, dB, median seconds a frame."""
        points = []
        for quality in self.curves.get((scene.name, family), []):
            records = self.times.get((scene.name, label(family), quality.samples, views, "frames"))
            if records:
                seconds = float(np.median([seconds_a_frame(r, views) for r in records]))
                points.append(Point(quality.samples, quality.against(self.plan.against), seconds))
        return points


def seconds_a_frame(record: dict[str, Any], views: int) -> float:
    """Of a timing: the scene's share included; of a limit: the mean of the bare renders."""
    if "bare" in record:
        return float(np.mean(record["bare"]))
    return float(record["total"]) / views


def label(family: Family) -> str:
    return f"{family.tool}, {family.name}"


def _means(one: list[Any], other: list[Any]) -> list[Any]:
    return [(a + b) / 2 for a, b in zip(one, other, strict=True)]


def _loaded(files: Sequence[Path]) -> list[Any]:
    return [np.load(file) for file in files]
