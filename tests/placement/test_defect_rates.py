"""Defects as placed: as often as asked over many workpieces, made as recorded, and told by every frame's record."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthgen.assets.catalogue import Catalogue
from synthgen.planning import plan_scene
from synthgen.render.frame import Stopwatch, finish_frame
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.rendered import Rendered
from synthgen.scene.spec import Instance, SceneSpec
from tests.planning.bench import bench
from tests.planning.town import town

SCENES = 4
RATES = {"scratch": 0.2, "dent": 0.04, "stain": 0.2, "burr": 0.2, "missing feature": 0.2, "wrong part": 0.06}
SEVERITY = (0.1, 0.45)
TEXT = f"""\
synthgen: 1
name: sheet metal on a tray
taxonomy: factory
size: 64x36
views_per_scene: 1
layout: {{station: {{carrier: tray, width: 1.6, depth: 1.2}}}}
light: {{luminaires: {{}}}}
populate:
  - inspect:
      in: board
      parts: [sheet_metal_part]
      designs: 2
      arrange: anywhere
      count: 50
      severity: {{uniform: [{SEVERITY[0]}, {SEVERITY[1]}]}}
      defects: {{crack: 0.5, {", ".join(f"{k.replace(' ', '_')}: {v}" for k, v in RATES.items())}}}
camera: {{look_at: {{at: board, distance: 0.5, elevation: 70, across: 0.5, into: 0.5}}}}
checks: {{largest_thing: 1, nearest: 0.02, min_things: 0}}
"""


@cache
def planned(scene: int) -> SceneSpec:
    return plan_scene(bench(text=TEXT), Catalogue((), {}), town()[0], scene)


def defects(spec: SceneSpec) -> list[Instance]:
    return [i for i in spec.instances if "defect" in i.attributes]


def made(spec: SceneSpec, number: int) -> dict[str, Any]:
    """The parameters of the mesh that an instance consists of."""
    (item,) = [o for o in spec.objects if o.number == number]
    return dict(spec.meshes[item.mesh].source["params"])


def test_defects_as_placed_follow_the_rates_of_the_recipe() -> None:
    found: Counter[str] = Counter()
    workpieces = 0
    for scene in range(SCENES):
        spec = planned(scene)
        workpieces += sum(i.category in ("part", "wrong part") for i in spec.instances)
        found.update(i.category for i in defects(spec))
    assert workpieces >= 150
    assert set(found) == set(RATES), "sheet metal does not crack"
    for name, rate in RATES.items():
        # A wrong part has no other defect.
        share = rate if name == "wrong part" else rate * (1 - RATES["wrong part"])
        error = np.sqrt(share * (1 - share) / workpieces)
        assert abs(found[name] / workpieces - share) < 3 * error, f"{name}: {found[name]} of {workpieces}"


def test_types_and_severities_are_those_of_what_was_made() -> None:
    seen: Counter[str] = Counter()
    for spec in map(planned, range(SCENES)):
        features: Counter[int] = Counter()
        dents: Counter[int] = Counter()
        designs: dict[int, set[int]] = {}
        for i in defects(spec):
            assert i.attributes["defect"] == i.category
            severity, size = i.attributes["severity"], i.attributes["size"]
            assert SEVERITY[0] <= severity <= SEVERITY[1] and size > 0
            seen[i.category] += 1
            if i.category == "missing feature":
                features[i.part_of or 0] += 1
            elif i.category == "burr":
                params = made(spec, i.number)
                assert params["height"] == pytest.approx(0.00025 + 0.0007 * severity, abs=1e-6)
                assert params["size"] == pytest.approx(size)
            elif i.category != "wrong part":
                params = made(spec, i.number)
                assert (params["defect"], params["severity"], params["size"]) == (i.category, severity, size)
                dents[i.part_of or 0] += i.category == "dent"
        for i in spec.instances:
            if i.category == "part":
                params = made(spec, i.number)
                assert (len(params["without"]), len(params["dents"])) == (features[i.number], dents[i.number])
                designs.setdefault(i.attributes["design"], set()).add(params["seed"])
        assert all(len(seeds) == 1 for seeds in designs.values()), "sound ones are copies"
        for i in spec.instances:
            if i.category == "wrong part":
                assert made(spec, i.number)["seed"] not in designs[i.attributes["design"]]
    assert set(seen) == set(RATES)


def test_a_record_says_of_every_defect_of_the_scene_whether_its_view_shows_it(tmp_path: Path) -> None:
    spec = replace(planned(0), volumes=())  # which would take pixels from what is painted here
    known = defects(spec)
    shown = [i for i in known if i.category == "scratch"][:2]
    numbers = np.full((36, 64), spec.instances[0].number, dtype=np.int32)
    numbers[4, 10:15], numbers[20:22, 30:32] = shown[0].number, shown[1].number
    picture = np.full((72, 128, 3), 0.2, dtype=np.float32)
    rendered = Rendered(
        picture, None, np.zeros((72, 128), bool), np.ones((72, 128), np.float32), numbers, np.ones((36, 64), np.float32)
    )
    job = RenderJob("0", "", "0" * 32, str(tmp_path), (), 1, "")
    record = finish_frame(spec, job, FrameTask(0, 1, "train"), rendered, Stopwatch({}), "CPU")
    assert [d.instance_id for d in record.defects] == [i.number for i in known]
    assert {d.instance_id: d.pixels for d in record.defects if d.visible} == {shown[0].number: 5, shown[1].number: 4}
    for said, i in zip(record.defects, known, strict=True):
        assert (said.category, said.part_of, said.attributes) == (i.category, i.part_of, i.attributes)
        assert said.visible or said.pixels == 0
