"""The tools that are compared: how each makes pictures and frames of a scene with so many samples."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.peers.kept import ROOT, SKY, Kept, code, digest, run_child
from benchmarks.peers.scenes import Scene, category_ids, described, preset, rendered_as, without_air
from benchmarks.peers.worker import timed_frames
from synthgen.scene.spec import SceneSpec, spec_hash

CHILDREN = "benchmarks.peers.children"
BUILDING = "render/blender"
"""The code that builds a scene in Blender."""


@dataclass(frozen=True, eq=False)
class Family:
    """A tool with all of its settings but for the number of samples.

    samples: the counts that are tried, until the highest target is reached. render: what replaces the scene's own
    render settings (synthgen's only).
    """

    tool: str
    name: str
    samples: tuple[int, ...]
    render: dict[str, Any] = field(default_factory=dict)


def doubling(most: int) -> tuple[int, ...]:
    return tuple(2**k for k in range(most.bit_length()) if 2**k <= most)


def synthgen_families(presets: list[str], most: int) -> list[Family]:
    """Each preset at once and at twice the size, and at once with the denoiser that is best by PSNR; those that
    differ in nothing but samples are one family."""
    found: dict[str, Family] = {}
    for name in presets:
        own = preset(name)
        for supersample, denoise in ((1, own["denoise"]), (1, "accurate"), (2, own["denoise"])):
            render = {**own, "supersample": supersample, "denoise": denoise}
            render.pop("samples")
            counts = doubling(max(1, most // supersample**2))
            title = f"{name}, {supersample}x" + (f", {denoise}" if denoise != own["denoise"] else "")
            found.setdefault(digest(render), Family("synthgen", title, counts, render))
    return list(found.values())


@dataclass
class Bench:
    """A place to measure: the kept results, CPU threads, and the Python of illusion's environment (if it has one);
    how many samples a pixel references have."""

    kept: Kept
    threads: int
    quality_views: int
    illusion: Path | None = None
    reference_samples: int = 256

    # --- pictures

    def reference(self, scene: Scene, family: Family) -> tuple[list[Path], list[Path]]:
        """Pictures whose mean has `reference_samples` a pixel: two halves with other random numbers, without denoiser,
        with the light, the pixel filter and the size of a family.

        At twice the size a quarter of the samples gives the same number a pixel of the picture.
        """
        half = self.reference_samples // 2
        if family.tool != "synthgen":
            one, two = (self._their_pictures(scene, family.tool, half, reference=seed) for seed in (1, 2))
            return one, two
        samples = half // int(family.render["supersample"]) ** 2
        render = {**family.render, "samples": samples, "denoise": "none", "texture_limit": 0}
        one, two = (self._our_pictures(scene, render, reference=seed) for seed in (1, 2))
        return one, two

    def pictures(self, scene: Scene, family: Family, samples: int) -> list[Path]:
        if family.tool == "synthgen":
            return self._our_pictures(scene, {**family.render, "samples": samples}, reference=0)
        return self._their_pictures(scene, family.tool, samples, reference=0)

    def rough_seconds(self, scene: Scene, family: Family, samples: int) -> float:
        """Seconds a frame as noted when the pictures were made: good enough to choose what is timed properly."""
        record = self.kept.find(self._picture_key(scene, family, samples))
        assert record is not None
        return float(min(record["seconds"]))

    def _picture_key(self, scene: Scene, family: Family, samples: int) -> str:
        if family.tool == "synthgen":
            return self._our_key(scene, {**family.render, "samples": samples}, reference=0)[0]
        return self._their_key(scene, family.tool, samples, reference=0)

    def _our_key(self, scene: Scene, render: dict[str, Any], *, reference: int) -> tuple[str, SceneSpec]:
        spec = without_air(rendered_as(scene.spec, render))
        if reference:
            # Another pattern of samples than the pictures that are compared with it.
            spec = replace(spec, seed=spec.seed + reference)
        source = looks() if reference else code("render", "sensor")
        return digest("synthgen", content(spec, render=spec.render), source, reference, self.quality_views), spec

    def _our_pictures(self, scene: Scene, render: dict[str, Any], *, reference: int) -> list[Path]:
        key, spec = self._our_key(scene, render, reference=reference)
        views = range(self.quality_views)
        files = self.kept.picture_files(key, views)
        if self.kept.find(key) is None or not all(f.exists() for f in files):
            found = self._ours("pictures", spec, views=list(views), files=[str(f) for f in files])
            self.kept.put(key, scene=scene.name, render=render, **found)
        return files

    def _their_key(self, scene: Scene, tool: str, samples: int, *, reference: int) -> str:
        return digest(tool, content(scene.spec), samples, looks(), reference, self.quality_views)

    def _their_pictures(self, scene: Scene, tool: str, samples: int, *, reference: int) -> list[Path]:
        key = self._their_key(scene, tool, samples, reference=reference)
        files = self.kept.picture_files(key, range(self.quality_views))
        if self.kept.find(key) is None or not all(f.exists() for f in files):
            job = {"task": "pictures", "samples": samples, "reference": reference, "files": [str(f) for f in files]}
            found = self._theirs(tool, scene.spec, job, self.quality_views)
            self.kept.put(key, scene=scene.name, tool=tool, samples=samples, **found)
        return files

    # --- times

    def frames(self, scene: Scene, family: Family, samples: int, views: int, *, cold: bool = False) -> dict[str, Any]:
        """A small dataset of some views of one scene: `start` and `total` in seconds, and the parts of it.

        cold: synthgen's worker has made no other scene before.
        """
        if family.tool == "synthgen":
            spec = rendered_as(scene.spec, {**family.render, "samples": samples}, views)
            quick = {**family.render, "samples": 1, "supersample": 1}
            before = () if cold else tuple(rendered_as(other, quick) for other in scene.before)
            return timed_frames(self.kept, spec, before, self.threads)
        found = self._theirs(family.tool, scene.spec, {"task": "frames", "samples": samples}, views)
        total = found["load"] + found["render"] + found["write"]
        return {**found, "total": total, "start": found["wall"] - total}

    def limit(self, scene: Scene, family: Family, samples: int, views: int) -> dict[str, Any]:
        """The bare render operator with synthgen's settings, everything already synchronised."""
        spec = rendered_as(scene.spec, {**family.render, "samples": samples}, views)
        return self._ours("limit", spec, views=list(range(views)))

    # --- processes

    def _ours(self, task: str, spec: SceneSpec, **job: Any) -> dict[str, Any]:
        job |= {"task": task, "spec": str(self.kept.spec_file(spec)), "threads": self.threads}
        return run_child([sys.executable, "-m", f"{CHILDREN}.ours"], job)

    def _theirs(self, tool: str, spec: SceneSpec, job: dict[str, Any], views: int) -> dict[str, Any]:
        told = described(spec)
        told["poses"] = told["poses"][:views]
        with tempfile.TemporaryDirectory(prefix="peers-") as output:
            job = {
                **told, **job, "blend": str(self.blend(spec)), "sky": SKY, "threads": self.threads,
                "output": output, "scratch": scratch(),
            }  # fmt: skip
            return run_child(PROGRAMS[tool](self), job)

    def blend(self, spec: SceneSpec, view: int = 0, *, own_meshes: bool = False) -> Path:
        """The scene file, as synthgen builds the scene, textures packed. own_meshes: no object shares its mesh."""
        key = digest("blend", content(spec), view, code(BUILDING, "scene", "assets"), own_meshes)
        path = self.kept.folder / "blends" / f"{key}.blend"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            self._ours("blend", spec, view=view, blend=str(path), categories=category_ids(spec), own_meshes=own_meshes)
        return path

    @cached_property
    def illusion_version(self) -> str:
        """The versions of illusion and of its Blender, or "" where it is not there."""
        if self.illusion is None:
            return ""
        script = "from importlib.metadata import version as v; print(v('telekinesis-illusion'), v('bpy'))"
        done = subprocess.run([str(self.illusion), "-c", script], capture_output=True, text=True, check=False)
        return done.stdout.strip()


def content(spec: SceneSpec, render: dict[str, Any] | None = None) -> str:
    """A hash of what a scene shows, whatever it was planned from; without its render settings unless they are given."""
    return spec_hash(replace(spec, identity={}, render=render or {}))


def looks() -> str:
    """Of the code that materials, sky and lights are made by."""
    return code(*(f"{BUILDING}/{name}" for name in ("materials.py", "materials_street.py", "nodes.py", "sky.py")))


def scratch() -> str | None:
    """Where BlenderProc puts its temporary files on Linux by itself."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _illusion(bench: Bench) -> list[str]:
    if bench.illusion is None:
        raise ValueError("telekinesis-illusion has no environment here")
    return [str(bench.illusion), str(ROOT / "benchmarks" / "peers" / "children" / "illusion.py")]


PROGRAMS: dict[str, Callable[[Bench], list[str]]] = {
    "BlenderProc": lambda _: [sys.executable, "-m", f"{CHILDREN}.stock"],
    "illusion": _illusion,
}
