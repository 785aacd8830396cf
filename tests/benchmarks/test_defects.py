"""The benchmark of defects: what it takes away, what it looks at, and the numbers that it prints."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from benchmarks.defects import KINDS, as_for, defects_of, measure, sound, table, windows
from synthgen.assets.catalogue import Catalogue
from synthgen.planning import plan_scene
from synthgen.procedural.workpieces.defects import TYPES
from synthgen.scene.spec import SceneSpec, check_spec
from synthgen.sensor.camera import NEUTRAL, develop
from tests.planning.bench import bench
from tests.planning.town import town

TEXT = """\
synthgen: 1
name: brackets on a tray
taxonomy: factory
size: 320x180
views_per_scene: 2
layout: {station: {carrier: tray, width: 0.9, depth: 0.5}}
light: {luminaires: {}}
populate:
  - inspect: {in: board, parts: [sheet_metal_part], arrange: anywhere, count: 14,
      defects: {scratch: 0.6, dent: 0.5, missing_feature: 0.5, burr: 0.5, wrong_part: 0.4}}
camera: {look_at: {at: board, distance: 0.4, elevation: {uniform: [50, 80]}, across: 0.5, into: 0.5}}
checks: {largest_thing: 1, nearest: 0.02, min_things: 0}
"""


@cache
def scene() -> SceneSpec:
    return plan_scene(bench(text=TEXT), Catalogue((), {}), town()[0], 1)


def test_sound_workpieces_are_all_one_mesh_with_nothing_on_them() -> None:
    spec = scene()
    bad = defects_of(spec)
    assert {i.category for i in bad} == {"scratch", "dent", "missing feature", "burr", "wrong part"}
    without, gone = sound(spec, town()[0])
    check_spec(without)
    assert gone == {i.number for i in bad}
    assert not without.volumes and not {o.number for o in without.objects} & {i.number for i in bad if i.part_of}
    pieces = [o for o in without.objects if without.meshes[o.mesh].source.get("procedural") == "factory.workpiece"]
    shown = {(without.meshes[o.mesh].hash, o.materials) for o in pieces}
    assert len(shown) == 1, "the wrong one is as the others"
    assert without.meshes[pieces[0].mesh].source["params"]["dents"] == []
    assert {o.number: o.transform for o in pieces}.items() <= {o.number: o.transform for o in spec.objects}.items()


def test_windows_are_cut_round_defects_in_the_resolution_of_the_recipe() -> None:
    spec = scene()
    cut = windows(spec, 6, (64, 36))
    places = np.array([o.transform[3::4] for o in (*spec.objects, *spec.volumes)])
    assert cut.size == (64, 36) and len(cut.views) == 6
    for view in cut.views:
        fx, fy, cx, cy = view.camera.intrinsics
        assert (cx, cy) == (31.5, 17.5) and (fx, fy) in {v.camera.intrinsics[:2] for v in spec.views}
        m = np.array(view.camera.cam_to_world).reshape(3, 4)
        seen = (places - m[:, 3]) @ m[:, :3]
        aside = np.hypot(seen[:, 0], seen[:, 1])
        assert aside.min() < 1e-6, "the axis goes through a defect"


def test_contrast_and_noise_are_taken_within_the_mask() -> None:
    spec = scene()
    scratch = next(i for i in defects_of(spec) if i.category == "scratch")
    numbers = np.full((20, 30), scratch.part_of, dtype=np.int32)
    numbers[8:10, 10:20] = scratch.number
    mask = numbers == scratch.number
    bare = np.full((20, 30, 3), 100, dtype=np.uint8)
    marked, noisy = bare.copy(), bare.copy()
    marked[mask] = 70
    noisy[mask] = 103
    marked[0] = 255
    row = measure(spec, scratch, numbers, mask, marked, bare, noisy)
    assert (row["pixels"], row["contrast"], row["noise"]) == (20, 30.0, 3.0)
    assert row["around"] == pytest.approx(30.0) and row["spread"] == 0.0
    assert "contrast" not in measure(spec, scratch, numbers, numbers == 0, marked, bare, noisy)


def test_a_picture_is_exposed_and_balanced_as_the_first() -> None:
    rng = np.random.default_rng(2)
    first = rng.lognormal(-1.5, 0.6, (36, 64, 3)).astype(np.float32) * np.array([1.2, 1.0, 0.7], np.float32)
    other = first.copy()
    other[:18] *= 3.0
    sensor: dict[str, Any] = {**NEUTRAL, "auto_white_balance": 0.8, "tint": 0.02, "exposure_error": 0.1}
    here = develop(first, sensor).astype(int)
    assert np.abs(develop(first, as_for(first, first, sensor)) - here).max() <= 1
    assert np.abs(develop(other, sensor)[18:] - here[18:]).mean() > 10, "a camera meters each picture"
    assert np.abs(develop(other, as_for(first, other, sensor))[18:] - here[18:]).max() <= 1


def test_the_table_has_a_line_for_every_kind_and_grade() -> None:
    assert KINDS == TYPES
    row = {"preset": "draft", "kind": "dent", "severity": 0.2, "pixels": 9, "contrast": 6.0, "noise": 2.0}
    lines = list(table([row, {**row, "contrast": 1.0}, {**row, "severity": 0.9, "pixels": 0}]))
    assert len(lines) == 2 + 3 * len(KINDS)
    (low,) = [line for line in lines if line.startswith("| dent, low")]
    assert [cell.strip() for cell in low.strip("|").split("|")] == ["dent, low", "2", "3.5", "2.0", "1.8", "50%"]
