"""How well defects show: the contrast of each against the same picture without it, and the noise that is left.

    python benchmarks/defects.py --scenes 4 --views 6 --presets draft standard --rows rows.jsonl
    python benchmarks/defects.py --table rows.jsonl

Plans scenes of scenes/factory/inspection.yaml whose workpieces have many defects. Each view is a window of the
recipe's picture, in its resolution, round one of them. It is rendered three times: as it is; with sound workpieces,
from the same samples; and with sound workpieces from other samples. All three are developed by the view's sensor,
exposed and balanced as the first. Over a defect's pixels in the label map, mean absolute differences of 8-bit values:
contrast is that of the first two, noise that of the last two. Adds a line to the rows for each defect in view.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.annotation.volumes import claim_volumes
from synthgen.assets.store import Store
from synthgen.paths import cache_root, data_dir
from synthgen.procedural.workpieces.defects import TYPES
from synthgen.render.worker import Renderer
from synthgen.render.worker_process import RENDERER_COMMAND
from synthgen.scene.spec import Instance, MeshRef, Object, SceneSpec, View, encode_spec
from synthgen.sensor.camera import NEUTRAL, develop
from synthgen.sensor.exposure import exposure, light_of

KINDS = TYPES
RATES = {
    "scratch": 0.4, "dent": 0.4, "crack": 0.35, "stain": 0.3, "burr": 0.4, "missing_feature": 0.35, "wrong_part": 0.1,
}  # fmt: skip
GRADES = ((0.0, 0.34, "low"), (0.34, 0.67, "middle"), (0.67, 1.01, "high"))
_PLANNED = 4
"""Views of a scene as the recipe draws them, of which windows are cut."""
_AROUND = 4
"""Pixels round a defect that it is compared with in its own picture."""

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def main() -> None:
    options = _options()
    if options.table:
        rows = [json.loads(line) for line in options.table.read_text("utf-8").splitlines()]
        print("\n".join(table(rows)))
        return
    with Renderer([*RENDERER_COMMAND, "--device", "cpu"]) as renderer:
        renderer.answer()
        for scene in range(options.first, options.first + options.scenes):
            for preset, spec, store in _scenes(options, scene):
                rows = [{"scene": scene, "preset": preset, **r} for r in _measured(renderer, spec, store, options)]
                with options.rows.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(row) + "\n" for row in rows)
                print(f"scene {scene}, {preset}: {sum('contrast' in r for r in rows)} defects in view", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=4)
    parser.add_argument("--first", type=int, default=0, help="index of the first scene")
    parser.add_argument("--views", type=int, default=6, help="of a scene")
    parser.add_argument("--window", default="320x180")
    parser.add_argument("--presets", nargs="*", default=["draft", "standard"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--set", nargs="*", default=[], help="overrides of the recipe")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=Path, default=Path("defects.jsonl"))
    parser.add_argument("--pictures", type=Path, help="a folder for what was compared: as it is, above sound ones")
    parser.add_argument("--table", type=Path, help="rows to make the table of; nothing is rendered")
    return parser.parse_args()


def _scenes(options: argparse.Namespace, scene: int) -> Iterator[tuple[str, SceneSpec, Store]]:
    """The same scene by preset."""
    from synthgen.planning import plan_scene
    from synthgen.planning.scene import recipe_catalogue
    from synthgen.recipe import load_recipe

    path = data_dir("scenes") / "factory" / "inspection.yaml"
    overrides = [f"populate.0.inspect.defects.{name}={rate}" for name, rate in RATES.items()]
    overrides += [f"views_per_scene={_PLANNED}", "populate.0.inspect.severity={uniform: [0, 1]}", *options.set]
    store, planned = Store(), None
    for preset in options.presets:
        recipe = load_recipe(path, preset=preset, seed=options.seed, overrides=overrides)
        if planned is None:
            planned = plan_scene(recipe, recipe_catalogue(recipe, store), store, scene)
        width, height = (int(v) for v in options.window.split("x"))
        yield preset, windows(replace(planned, render=recipe.render), options.views, (width, height)), store


def defects_of(spec: SceneSpec) -> list[Instance]:
    return [i for i in spec.instances if i.category in KINDS]


def windows(spec: SceneSpec, views: int, size: tuple[int, int]) -> SceneSpec:
    """The scene with views of another size, each round a defect, of one kind after the other."""
    rng = np.random.default_rng(spec.scene_index)
    queues = {k: [i for i in defects_of(spec) if i.category == k] for k in KINDS}
    for queue in queues.values():
        rng.shuffle(queue)  # type: ignore[arg-type]
    chosen = [q[turn] for turn in range(max(map(len, queues.values()))) for q in queues.values() if turn < len(q)]
    places = {item.number: item.transform[3::4] for item in (*spec.objects, *spec.volumes)}
    seen = [_window(spec.views, np.array(places[i.number]), size) for i in chosen[:views]]
    return replace(spec, size=size, views=tuple(seen))


def _window(views: Sequence[View], middle: NDArray[np.float64], size: tuple[int, int]) -> View:
    """The view whose axis is nearest to a point, moved sideways until it goes through it, and cut to a size."""
    moves = []
    for view in views:
        m = np.array(view.camera.cam_to_world).reshape(3, 4)
        moves.append((np.eye(3) - np.outer(m[:, 2], m[:, 2])) @ (middle - m[:, 3]))
    least = int(np.argmin(np.linalg.norm(moves, axis=1)))
    view = views[least]
    camera = view.camera
    m = np.array(camera.cam_to_world).reshape(3, 4)
    m[:, 3] += moves[least]
    intrinsics = (*camera.intrinsics[:2], (size[0] - 1) / 2, (size[1] - 1) / 2)
    return replace(view, camera=replace(camera, intrinsics=intrinsics, cam_to_world=tuple(m.ravel().tolist())))


def sound(spec: SceneSpec, store: Store) -> tuple[SceneSpec, set[int]]:
    """The scene without defects, and the numbers of those that could be taken away.

    Workpieces of one design share a seed, a wrong part apart, which takes that of the others and their surfaces.
    """
    by_number = {i.number: i for i in spec.instances}
    bad = {i.number: i.part_of or i.number for i in defects_of(spec)}
    wrong = {n for n in bad if by_number[n].category == "wrong part"}
    right: dict[Any, tuple[MeshRef, dict[str, str]]] = {}
    for item in spec.objects:
        params = _workpiece(spec, item)
        if params is not None and item.number not in wrong:
            design = by_number[item.number].attributes["design"]
            ref, materials = right.get(design) or (store.procedural("factory.workpiece", **params), {})
            materials |= dict(zip(store.slots(spec.meshes[item.mesh]), item.materials, strict=True))
            right[design] = ref, materials
    meshes, objects, gone = dict(spec.meshes), [], set()
    for item in spec.objects:
        if item.number in set(bad.values()) and _workpiece(spec, item) is not None:
            ref, materials = right.get(by_number[item.number].attributes["design"], (None, {}))
            if ref is None or not set(store.slots(ref)) <= set(materials):
                continue
            meshes[ref.hash] = ref
            keys = tuple(materials[slot] for slot in store.slots(ref))
            objects.append(replace(item, mesh=ref.hash, materials=keys))
            gone |= {n for n, root in bad.items() if root == item.number}
        elif item.number not in bad:
            objects.append(item)
    kept = tuple(v for v in spec.volumes if v.number not in bad)
    return replace(spec, meshes=meshes, objects=tuple(objects), volumes=kept), gone


def _workpiece(spec: SceneSpec, item: Object) -> dict[str, Any] | None:
    """The parameters of the sound workpiece that an object shows; None where it shows none."""
    source = spec.meshes[item.mesh].source
    if source.get("procedural") != "factory.workpiece":
        return None
    return {**source["params"], "without": [], "dents": []}


def _measured(
    renderer: Renderer, spec: SceneSpec, store: Store, options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    without, gone = sound(spec, store)
    other = replace(without, seed=spec.seed + 1)
    with tempfile.TemporaryDirectory() as folder:
        pictures = [_rendered(renderer, s, Path(folder), options.threads) for s in (spec, without, other)]
    for k, view in enumerate(spec.views):
        (first, numbers), (second, _), (third, _) = (p[k] for p in pictures)
        developed = [develop(p, as_for(first, p, view.sensor)) for p in (first, second, third)]
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
            name = f"{spec.scene_index}-{spec.render['supersample']}-{k}.png"
            Image.fromarray(np.concatenate(developed[:2], axis=0)).save(options.pictures / name)
        for instance in defects_of(spec):
            mask = numbers == instance.number
            if instance.number in gone and (numbers == (instance.part_of or instance.number)).any():
                yield {"view": k, **measure(spec, instance, numbers, mask, *developed)}


def as_for(first: NDArray[np.float32], picture: NDArray[np.float32], sensor: Mapping[str, Any]) -> dict[str, Any]:
    """The sensor, exposing and balancing a picture as it does the first."""
    own = {**NEUTRAL, **sensor}
    share = float(own["auto_white_balance"])
    kelvin, greener = light_of(np.clip(first, 0, None))
    mired = (1 - share) * 1e6 / float(own["temperature"]) + share * 1e6 / kelvin
    return {
        **own,
        "exposure_error": float(own["exposure_error"]) + log2(exposure(first, own) / exposure(picture, own)),
        "auto_white_balance": 0.0, "temperature": 1e6 / mired,
        "tint": 1 - greener**-share * (1 - float(own["tint"])),
    }  # fmt: skip


def measure(
    spec: SceneSpec, instance: Instance, numbers: NDArray[np.int32], mask: Mask, first: Picture, second: Picture,
    third: Picture,
) -> dict[str, Any]:  # fmt: skip
    """One row: contrast and noise within the mask; `around`: mean difference from the workpiece round it, in `first`,
    and `spread`, how much that differs in itself."""
    row: dict[str, Any] = {
        "kind": instance.category, "severity": instance.attributes["severity"], "pixels": int(mask.sum()),
    }  # fmt: skip
    whole = instance.part_of or instance.number
    row["of"] = next(i.attributes["kind"] for i in spec.instances if i.number == whole)
    if not mask.any():
        return {**row, "workpiece": int((numbers == whole).sum())}
    row |= {"contrast": _difference(first, second, mask), "noise": _difference(second, third, mask)}
    kernel = np.ones((2 * _AROUND + 1, 2 * _AROUND + 1), np.uint8)
    near = cv2.dilate(mask.astype(np.uint8), kernel).astype(bool) & (numbers == whole) & ~mask
    if near.sum() >= 8:
        mean = first[near].mean(axis=0)
        row["around"] = round(float(np.abs(first[mask].mean(axis=0) - mean).mean()), 3)
        row["spread"] = round(float(np.abs(first[near] - mean).mean()), 3)
        row["uneven"] = round(float(np.abs(first[mask] - mean).mean()), 3)
    return row


def _difference(a: Picture, b: Picture, mask: Mask) -> float:
    return round(float(np.abs(a[mask].astype(np.int16) - b[mask]).mean()), 3)


def _rendered(
    renderer: Renderer, spec: SceneSpec, folder: Path, threads: int
) -> list[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Linear picture and label map of every view."""
    from synthgen.render.drawing import Draw, Finished, Open
    from synthgen.render.frame import linear_image
    from synthgen.render.rendered import read_rendered

    file = folder / "scene.json"
    file.write_bytes(encode_spec(spec))
    found = []
    for k, view in enumerate(spec.views):
        requests = ([Open(str(file), str(cache_root()), threads)] if k == 0 else []) + [Draw(k, str(folder))]
        for request in requests:
            renderer.ask(request)
            answer = renderer.answer()
            assert isinstance(answer, Finished), answer
        rendered = read_rendered(folder, int(spec.render["supersample"]))
        numbers = np.ascontiguousarray(rendered.numbers)
        if spec.volumes:
            assert rendered.depth is not None
            numbers = claim_volumes(numbers, rendered.depth, view.camera, spec.volumes)
        found.append((linear_image(spec, rendered), numbers))
        for left in folder.glob("*.exr"):
            left.unlink()
    return found


def table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line of Markdown for each kind and grade of severity, by preset."""
    presets = list(dict.fromkeys(row["preset"] for row in rows))
    yield "| defect, severity | " + " | ".join(f"{p}: n | contrast | noise | ratio | shown" for p in presets) + " |"
    yield "|---" * (1 + 5 * len(presets)) + "|"
    for kind in KINDS:
        for low, high, name in GRADES:
            cells = []
            for preset in presets:
                some = [
                    r for r in rows
                    if r["preset"] == preset and r["kind"] == kind and low <= r["severity"] < high and "contrast" in r
                ]  # fmt: skip
                cells.append(_cells(some))
            yield f"| {kind}, {name} | " + " | ".join(cells) + " |"


def _cells(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "0 | | | | "
    contrast, noise = (np.array([r[key] for r in rows]) for key in ("contrast", "noise"))
    ratio = np.median(contrast / np.maximum(noise, 0.5))
    return (
        f"{len(rows)} | {np.median(contrast):.1f} | {np.median(noise):.1f} | {ratio:.1f} | "
        f"{(contrast > noise).mean():.0%}"
    )


if __name__ == "__main__":
    main()
