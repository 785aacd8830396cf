"""Workpieces laid out and dropped: rates as asked, nothing in another, piles at rest on the floor."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.convex.hull import planes
from synthgen.placement.inspect import wanted
from synthgen.placement.settle import TOLERANCE, Body, depth_of, hull_points, settled
from synthgen.planning import plan_scene
from synthgen.scene.pose import array
from synthgen.scene.spec import SceneSpec
from tests.planning.bench import bench
from tests.planning.town import town

TEXT = """\
synthgen: 1
name: nuts on a tray
taxonomy: factory
size: 320x180
views_per_scene: 1
layout: {station: {carrier: tray, width: 0.8, depth: 0.5}}
light: {luminaires: {}}
populate:
  - inspect: {in: board, parts: [turned_part], count: 8, defects: {scratch: 1, missing_feature: 0.5}}
camera: {look_at: {at: board, distance: 0.5, elevation: 70, across: 0.5, into: 0.5}}
checks: {largest_thing: 1, nearest: 0.02, min_things: 0}
"""


@cache
def planned(scene: int, *overrides: str) -> SceneSpec:
    store, _ = town()
    return plan_scene(bench(*overrides, text=TEXT), Catalogue((), {}), store, scene)


def test_defects_come_as_often_as_asked() -> None:
    rates = {"scratch": 0.2, "dent": 0.1, "stain": 0.05, "wrong_part": 0.0}
    rng = np.random.default_rng(0)
    n = 4000
    seen = Counter(name for _ in range(n) for name in wanted(rates, "turned_part", rng))
    for name, rate in rates.items():
        assert abs(seen[name.replace("_", " ")] - n * rate) <= 4 * np.sqrt(n * rate * (1 - rate)) + 1e-9
    assert wanted({"scratch": 1.0, "wrong_part": 1.0}, "turned_part", rng) == ["wrong part"]
    assert wanted({"dent": 1.0}, "moulded_part", rng) == [], "plastic takes no dent"


def test_each_defect_is_a_part_of_its_workpiece() -> None:
    spec = planned(0)
    parts = {i.number for i in spec.instances if i.category == "part"}
    scratches = [i for i in spec.instances if i.category == "scratch"]
    assert parts and len(scratches) >= 0.6 * len(parts)
    for i in scratches:
        assert i.part_of in parts and i.attributes["defect"] == "scratch" and 0 <= i.attributes["severity"] <= 1
    lacks = {i.number: i for i in spec.instances if i.category == "missing feature"}
    assert lacks and {v.number for v in spec.volumes} == set(lacks)
    for v in spec.volumes:
        assert v.behind == (lacks[v.number].part_of,)


def test_workpieces_lie_on_the_board_and_not_in_one_another() -> None:
    spec = planned(0)
    store, _ = town()
    tops = {i.number for i in spec.instances if i.category == "part"}
    boxes = []
    for item in spec.objects:
        if item.number in tops:
            m = array(item.transform)
            p = store.mesh(spec.meshes[item.mesh]).vertices @ m[:, :3].T + m[:, 3]
            boxes.append((p.min(axis=0), p.max(axis=0)))
    assert len(boxes) == len(tops)
    for low, _ in boxes:
        assert low[2] == pytest.approx(0.8532, abs=5e-4)
    for (a, b), (c, d) in combinations(boxes, 2):
        assert (a[:2] >= d[:2]).any() or (c[:2] >= b[:2]).any()


@cache
def pile() -> tuple[list[Body], list[np.ndarray]]:
    rng = np.random.default_rng(4)
    shapes = [hull_points(rng.uniform(-1, 1, (80, 3)) * s) for s in ((0.03, 0.02, 0.01), (0.02, 0.02, 0.006))]
    bodies = []
    for k in range(14):
        q = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        q[:, 0] *= np.linalg.det(q)
        place = [(k % 2 + 0.5) * 0.1, (k // 2 % 2 + 0.5) * 0.1, (k // 4 + 0.6) * 0.08]
        bodies.append(Body(shapes[k % 2], tuple(np.column_stack([q, place]).ravel().tolist())))
    ends = settled(bodies, (0.2, 0.2), walls=True, cache=None)
    out = []
    for body, end in zip(bodies, ends, strict=True):
        m = array(end)
        out.append(body.points @ m[:, :3].T + m[:, 3])
    return bodies, out


def test_a_pile_lies_on_the_floor_within_its_walls_and_nothing_is_in_another() -> None:
    _, piled = pile()
    for points in piled:
        assert points[:, 2].min() > -TOLERANCE
        assert (points[:, :2] > -TOLERANCE).all() and (points[:, :2] < 0.2 + TOLERANCE).all()
    sides = [planes(p) for p in piled]
    for a, b in combinations(range(len(piled)), 2):
        assert depth_of(piled[a], sides[b]) <= TOLERANCE and depth_of(piled[b], sides[a]) <= TOLERANCE


def test_a_pile_is_at_rest_and_the_same_twice() -> None:
    bodies, piled = pile()
    again = settled(bodies, (0.2, 0.2), walls=True, cache=None)
    for body, end, points in zip(bodies, again, piled, strict=True):
        m = array(end)
        assert (body.points @ m[:, :3].T + m[:, 3] == points).all()
    on = [Body(b.points, end) for b, end in zip(bodies, again, strict=True)]
    later = settled(on, (0.2, 0.2), walls=True, cache=None)
    moved = [np.abs(array(a)[:, 3] - array(b)[:, 3]).max() for a, b in zip(again, later, strict=True)]
    assert max(moved) < 0.005, "what is settled stays"
