"""The sensors of configs/sensors: they load, they differ as their names say, and no label depends on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from synthgen.dataset.record import FrameRecord
from synthgen.paths import data_dir
from synthgen.recipe import lint, load_recipe
from synthgen.recipe.params import Draw
from synthgen.render.frame import Stopwatch, finish_frame
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.rendered import Rendered
from synthgen.scene.spec import Camera, Instance, SceneSpec, View, World
from tests.render.scenes import RENDER

PRESETS = ("clean", "cctv", "dashcam", "industrial", "phone")


def recipe_with(tmp_path: Path, sensor: str, **own: Any) -> Path:
    file = tmp_path / f"{sensor}.yaml"
    blocks = {"layout": {"street": {}}, "light": {"sky": {}}, "camera": {"dashcam": {}}}
    data = {"name": "strip", "taxonomy": "road", "include": [f"sensors/{sensor}"], **blocks}
    file.write_text(yaml.safe_dump({**data, **({"sensor": own} if own else {})}))
    return file


def drawn(tmp_path: Path, name: str, count: int = 60) -> list[dict[str, Any]]:
    params = load_recipe(recipe_with(tmp_path, name)).sensor
    return [params.resolve(Draw(0, k, {}, "@view0.0")) for k in range(count)]


def test_all_of_them_load(tmp_path: Path) -> None:
    assert {p.stem for p in data_dir("configs/sensors").glob("*.yaml")} == set(PRESETS)
    for name in PRESETS:
        assert lint(recipe_with(tmp_path, name)) == []


def test_they_are_what_their_names_say(tmp_path: Path) -> None:
    values = {name: drawn(tmp_path, name) for name in PRESETS}

    def middle(name: str, key: str) -> float:
        return float(np.median([s[key] for s in values[name]]))

    assert all(s["electrons"] == s["blur"] == s["sharpen"] == s["exposure_error"] == 0 for s in values["clean"])
    assert middle("cctv", "electrons") < middle("dashcam", "electrons") < middle("phone", "electrons")
    assert middle("phone", "electrons") < middle("industrial", "electrons")
    assert (
        middle("cctv", "jpeg_quality") < 80 < middle("dashcam", "jpeg_quality") < middle("industrial", "jpeg_quality")
    )
    assert {s["saturation"] for s in values["industrial"]} == {0, 1}
    for name in set(PRESETS) - {"clean"}:
        assert len({s["exposure_error"] for s in values[name]}) > 50, f"{name} varies"


@pytest.mark.parametrize("key", ["distortion", "fisheye", "k1", "rolling_shutter"])
def test_what_would_move_pixels_is_refused(tmp_path: Path, key: str) -> None:
    (finding,) = lint(recipe_with(tmp_path, "phone", **{key: 0.1}))
    assert f"sensor has no key {key!r}" in finding.what
    assert "moves no pixel, or labels would be wrong" in finding.hint


def finished(folder: Path, sensor: dict[str, Any]) -> tuple[FrameRecord, bytes, bytes]:
    """A frame of a made-up render, developed by a sensor: its record, picture and mask."""
    rng = np.random.default_rng(5)
    numbers = np.zeros((36, 64), dtype=np.int32)
    numbers[12:30, 20:41], numbers[25:, :] = 2, 1
    view = View(Camera((60.0, 60.0, 31.5, 17.5), (1.0, 0, 0, 0, 0, 0, 1.0, 0, 0, -1.0, 0, 1.5)), sensor)
    spec = SceneSpec(
        scene_index=0, seed=0, identity={"taxonomy": "road"}, size=(64, 36), taxonomy="road", render=RENDER, meshes={},
        images={}, materials={}, objects=(), instances=(Instance(1, "road"), Instance(2, "car")), lights=(),
        world=World("sky"), views=(view,),
    )  # fmt: skip
    picture = rng.lognormal(-1.5, 0.8, (72, 128, 3)).astype(np.float32)
    rendered = Rendered(picture, None, np.zeros((72, 128), bool), np.ones((72, 128), np.float32), numbers)
    job = RenderJob("0", "", "0" * 32, str(folder), (), 1, "")
    record = finish_frame(spec, job, FrameTask(0, 1, "train"), rendered, Stopwatch({}), "CPU")
    return record, (folder / record.image_path).read_bytes(), (folder / record.mask_path).read_bytes()


def test_labels_do_not_depend_on_the_sensor(tmp_path: Path) -> None:
    kept: dict[str, tuple[FrameRecord, bytes, bytes]] = {}
    for name in PRESETS:
        sensor = drawn(tmp_path, name, 1)[0]
        kept[name] = finished(tmp_path / name, sensor)
        again = finished(tmp_path / f"{name}2", sensor)
        assert kept[name][1:] == again[1:], "the same spec gives the same bytes"
        assert kept[name][0].sensor == sensor
    assert len({mask for _, _, mask in kept.values()}) == 1
    assert len({picture for _, picture, _ in kept.values()}) == len(PRESETS)
    assert len({repr((r.segments, r.instances)) for r, _, _ in kept.values()}) == 1
