"""Wrong pixels of synthgen and of stock BlenderProc against a ray caster: conformance scenes, a street and shelves.

    python -m benchmarks.peer_labels --markdown docs/peers.md

BlenderProc makes labels in two ways: `enable_segmentation_output`, out of the picture's own render, and
`render_segmap`, in a render of its own. Both get the scene file that synthgen's own build saves, BlenderProc's
defaults, and one camera pose a file. Where a scene needs what BlenderProc does not have (surfaces that labels look
through, labels without a surface), it is judged as if that were not asked: such glass belongs to its object, and the
gaps are not there. Nothing here is timed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.peers.__main__ import default_cache, say
from benchmarks.peers.kept import SKY, ChildError, Kept, run_child
from benchmarks.peers.report import put_section
from benchmarks.peers.scenes import SCENES as LARGE
from benchmarks.peers.scenes import category_ids, described
from benchmarks.peers.tools import CHILDREN, scratch
from benchmarks.peers.worker import Worker
from synthgen.annotation import decode_ids
from synthgen.assets.store import Store
from synthgen.dataset.record import FrameRecord, find_record
from synthgen.scene.spec import UNCLAIMED, SceneSpec
from synthgen.taxonomy import load_taxonomy
from synthgen.verification.compare import Agreement, compare
from synthgen.verification.conformance import SCENES
from synthgen.verification.raycast import RayScene

Numbers = NDArray[np.int32]
FRAMES_A_SECOND = 1000.0

SAMPLES = 4
"""Of BlenderProc's pictures; its labels come from the first alone."""


@dataclass(frozen=True)
class Way:
    """A way of BlenderProc's to make labels. own_meshes: the file has a mesh for every object."""

    title: str
    task: str
    own_meshes: bool = False
    alpha: bool = False


WAYS = {
    "segmentation": Way("`enable_segmentation_output`", "segmentation"),
    "segmap": Way("`render_segmap`", "segmap"),
    "segmap, own": Way("`render_segmap`, no mesh shared", "segmap", True),
    "segmap, alpha": Way("`render_segmap(use_alpha_channel=True)`, no mesh shared", "segmap", True, True),
}


@dataclass
class Row:
    """One scene: agreement by tool, summed over its views, or why there is none."""

    name: str
    adapted: bool
    found: dict[str, Agreement | str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", nargs="+", choices=[*SCENES, *LARGE], metavar="NAME", default=[*SCENES, *LARGE])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument(
        "--markdown", type=Path, help="puts the table between this file's marks of the section `labels`"
    )
    options = parser.parse_args()
    store = Store()
    size = (480, 270)
    specs = {
        name: SCENES[name](store).spec if name in SCENES else LARGE[name](size, 1, 0).spec for name in options.scenes
    }
    try:
        rows = compare_scenes(specs, store, Kept(options.cache), options.threads)
    except ChildError as error:
        print(error, file=sys.stderr)
        return 3
    text = to_markdown(rows)
    print(text)
    if options.markdown:
        put_section(options.markdown, "labels", text)
    return 0


def compare_scenes(specs: Mapping[str, SceneSpec], store: Store, kept: Kept, threads: int) -> list[Row]:
    """Renders every view of every scene with every tool and compares it with the rays. Raises ChildError."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        ourselves = _our_numbers(specs, kept, folder, threads)
        theirs = _their_numbers(specs, kept, folder, threads)
    rows = []
    for name, spec in specs.items():
        plain = without_policies(spec)
        found: dict[str, Agreement | str] = {"synthgen": _agreement(ourselves[name], spec, store)}
        found |= {way: _agreement(theirs[name, way], plain, store) for way in WAYS}
        rows.append(Row(name, plain != spec, found))
    return rows


def without_policies(spec: SceneSpec) -> SceneSpec:
    """The scene as BlenderProc can mean it: see-through surfaces have labels, and nothing else but surfaces has."""
    materials = {
        key: replace(material, transparency="solid") if material.transparency == "see_through" else material
        for key, material in spec.materials.items()
    }
    return replace(spec, materials=materials, volumes=())


def _agreement(seen: list[Numbers] | str, spec: SceneSpec, store: Store) -> Agreement | str:
    if isinstance(seen, str):
        return seen
    views = [
        compare(_joined(numbers, spec), _joined(RayScene(spec, k, store).numbers(view.camera, spec.size), spec))
        for k, (numbers, view) in enumerate(zip(seen, spec.views, strict=True))
    ]
    return Agreement(
        pixels=sum(v.pixels for v in views),
        boundary=sum(v.boundary for v in views),
        wrong_on=sum(v.wrong_on for v in views),
        wrong_off=sum(v.wrong_off for v in views),
        wrong_block=any(v.wrong_block for v in views),
    )


def _our_numbers(
    specs: Mapping[str, SceneSpec], kept: Kept, folder: str, threads: int
) -> dict[str, list[Numbers] | str]:
    """What synthgen's frames on disk say, by scene and view."""
    seen: dict[str, list[Numbers] | str] = {}
    with Worker(folder, threads) as worker:
        for index, (name, spec) in enumerate(specs.items()):
            say(f"synthgen: {name}")
            dataset = Path(folder) / f"dataset{index}"
            worker.run(kept, spec, str(dataset))
            records = [find_record(dataset, view + 1) for view in range(len(spec.views))]
            seen[name] = [_frame_numbers(spec, dataset, record) for record in records if record is not None]
    return seen


def _frame_numbers(spec: SceneSpec, dataset: Path, record: FrameRecord) -> Numbers:
    """(H, W) numbers of a mask on disk; of stuff, which is one segment a category, see `_joined`; -1 for void."""
    with Image.open(dataset / record.mask_path) as mask:
        ids = decode_ids(np.asarray(mask))
    stuff = _stuff(spec)
    numbers = np.full(ids.shape, -1, dtype=np.int32)
    for segment in record.segments:
        number = segment.get("instance_id", stuff.get(segment["category_id"], UNCLAIMED))
        numbers[ids == segment["id"]] = number
    return numbers


def _stuff(spec: SceneSpec) -> dict[int, int]:
    """By category id of stuff: the lowest number that a scene has of it."""
    taxonomy = load_taxonomy(spec.taxonomy)
    lowest: dict[int, int] = {}
    for instance in spec.instances:
        category = taxonomy.by_name[instance.category]
        if not category.isthing:
            lowest.setdefault(category.id, instance.number)
    return lowest


def _joined(numbers: Numbers, spec: SceneSpec) -> Numbers:
    """The numbers with all stuff of a category as one, as a panoptic label has it."""
    taxonomy, lowest = load_taxonomy(spec.taxonomy), _stuff(spec)
    table = np.arange(-1, 1 + max(i.number for i in spec.instances), dtype=np.int32)
    for instance in spec.instances:
        table[1 + instance.number] = lowest.get(taxonomy.by_name[instance.category].id, instance.number)
    return np.asarray(table[1 + numbers])


def _their_numbers(
    specs: Mapping[str, SceneSpec], kept: Kept, folder: str, threads: int
) -> dict[tuple[str, str], list[Numbers] | str]:
    """What BlenderProc says, by scene and way."""
    blends: list[dict[str, Any]] = []
    jobs: list[dict[str, Any]] = []
    places: list[tuple[str, str, str]] = []
    for index, (name, spec) in enumerate(specs.items()):
        for view in range(len(spec.views)):
            alone = replace(spec, views=(spec.views[view],))
            files = {own: f"{folder}/{index}-{view}-{int(own)}.blend" for own in (False, True)}
            for own, file in files.items():
                blends.append(
                    {"spec": str(kept.spec_file(spec)), "view": view, "blend": file, "own_meshes": own,
                     "categories": category_ids(spec)}
                )  # fmt: skip
            for key, way in WAYS.items():
                file = f"{folder}/{index}-{view}-{len(places)}.npy"
                jobs.append({
                    **described(alone), **_optics(alone), "task": way.task, "alpha": way.alpha, "file": file,
                    "blend": files[way.own_meshes],
                })  # fmt: skip
                places.append((name, key, file))
    say(f"{len(blends)} scene files")
    run_child([sys.executable, "-m", f"{CHILDREN}.ours"], {"task": "blends", "jobs": blends, "threads": threads})
    say(f"BlenderProc: {len(jobs)} label maps")
    common = {"samples": SAMPLES, "threads": threads, "sky": SKY, "scratch": scratch(), "jobs": jobs}
    done = run_child([sys.executable, "-m", f"{CHILDREN}.stock"], common)["jobs"]
    seen: dict[tuple[str, str], list[Numbers] | str] = {}
    for (name, key, file), found in zip(places, done, strict=True):
        so_far = seen.setdefault((name, key), [])
        if isinstance(so_far, str):
            continue
        if "error" in found:
            seen[name, key] = found["error"]
        else:
            so_far.append(np.load(file))
    return seen


def _optics(spec: SceneSpec) -> dict[str, Any]:
    """Of the only view: lens and shutter, where they blur anything."""
    camera = spec.views[0].camera
    moves = any(camera.velocity) or any(any(item.velocity) for item in spec.objects)
    if camera.lens_radius == 0.0 and not (moves and camera.shutter > 0.0):
        return {}
    return {
        "optics": {
            "lens_radius": camera.lens_radius,
            "focus_distance": camera.focus_distance,
            "shutter": camera.shutter * FRAMES_A_SECOND if moves else 0.0,
            "velocity": [v / FRAMES_A_SECOND for v in camera.velocity or (0.0, 0.0, 0.0)],
        }
    }


def to_markdown(rows: list[Row]) -> str:
    """A table of wrong pixels: off boundaries, and on them of how many."""
    titles = {"synthgen": "synthgen", **{key: way.title for key, way in WAYS.items()}}
    lines = ["| scene | " + " | ".join(titles.values()) + " |", "|---" * (len(titles) + 1) + "|"]
    for row in rows:
        name = f"{row.name} *" if row.adapted else row.name
        lines.append(f"| {name} | " + " | ".join(_cell(row.found[key]) for key in titles) + " |")
    sums = []
    for key in titles:
        counted = [row.found[key] for row in rows]
        agreements = [a for a in counted if isinstance(a, Agreement)]
        wrong = sum(a.wrong_off for a in agreements), sum(a.wrong_on for a in agreements)
        pixels, passed = sum(a.pixels for a in agreements), sum(a.passes for a in agreements)
        sums.append(f"{wrong[0]} + {wrong[1]} of {pixels:,} pixels; {passed} of {len(rows)} scenes pass")
    lines.append("| **all** | " + " | ".join(sums) + " |")
    return "\n".join(lines)


def _cell(found: Agreement | str) -> str:
    if isinstance(found, str):
        return f"fails: {found.splitlines()[0][:120]}"
    mark = "" if found.passes else " ✗"
    return f"{found.wrong_off} + {found.wrong_on} of {found.boundary}{mark}"


if __name__ == "__main__":
    sys.exit(main())
