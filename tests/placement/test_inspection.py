"""Workpieces laid out and dropped: rates as asked, nothing in another, piles at rest on the floor."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from synthgen.assets.catalogue import Catalogue
from synthgen.assets.convex.hull import beyond, planes
from synthgen.errors import InputError
from synthgen.placement.heap import heaped
from synthgen.placement.inspect import wanted
from synthgen.placement.settle import OUTSIDE, TOLERANCE, Body, depth_of, hull_points, settled
from synthgen.planning import plan_scene
from synthgen.scene.pose import Matrix, array
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


def in_all(ends: list[Matrix | None]) -> list[Matrix]:
    found = [end for end in ends if end is not None]
    assert len(found) == len(ends), "no wall has an end, so nothing is left out"
    return found


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
    ends = in_all(settled(bodies, (0.2, 0.2), walls=True, cache=None))
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
    again = in_all(settled(bodies, (0.2, 0.2), walls=True, cache=None))
    for body, end, points in zip(bodies, again, piled, strict=True):
        m = array(end)
        assert (body.points @ m[:, :3].T + m[:, 3] == points).all()
    on = [Body(b.points, end) for b, end in zip(bodies, again, strict=True)]
    later = in_all(settled(on, (0.2, 0.2), walls=True, cache=None))
    moved = [np.abs(array(a)[:, 3] - array(b)[:, 3]).max() for a, b in zip(again, later, strict=True)]
    assert max(moved) < 0.005, "what is settled stays"


BIN = """\
synthgen: 1
name: nuts in a bin
taxonomy: factory
size: 320x180
views_per_scene: 1
layout: {station: {carrier: bin, width: 0.24, depth: 0.18, rim: 0.06}}
light: {luminaires: {}}
populate:
  - drop: {in: board, parts: [turned_part], count: 60, min_size: 0.05, max_size: 0.07}
camera: {look_at: {at: board, distance: 0.5, elevation: 70, across: 0.5, into: 0.5}}
checks: {largest_thing: 1, nearest: 0.02, min_things: 0}
"""


def test_a_hull_of_few_points_holds_a_round_mesh() -> None:
    turn = np.linspace(0, 2 * np.pi, 97)[:-1]
    disc = np.concatenate(
        [np.column_stack([0.06 * np.cos(turn), 0.06 * np.sin(turn), 0 * turn + z]) for z in (0, 0.02)]
    )
    points = hull_points(disc)
    assert beyond(planes(points), disc).max() <= OUTSIDE + 1e-6 and len(points) < len(disc)


def test_a_heap_begins_apart_within_its_board() -> None:
    rng = np.random.default_rng(3)
    hulls = [hull_points(rng.uniform(-1, 1, (60, 3)) * (0.03, 0.02, 0.004)) for _ in range(3)]
    every = [hulls[k % 3] for k in range(24)]
    starts = heaped([*every, hulls[0] * 10], (0.16, 0.12), rng)
    assert sorted(starts) == list(range(24)), "what is longer than the board fits in no turn"
    placed = [every[k] @ array(m)[:, :3].T + array(m)[:, 3] for k, m in starts.items()]
    for points in placed:
        assert (points > -1e-6).all() and (points[:, :2] < (0.16 + 1e-6, 0.12 + 1e-6)).all()
    sides = [planes(p) for p in placed]
    for a, b in combinations(range(24), 2):
        assert depth_of(placed[a], sides[b]) < 1e-5 and depth_of(placed[b], sides[a]) < 1e-5
    low = heaped(every, (0.16, 0.12), np.random.default_rng(1), top=0.03)
    assert 0 < len(low) < 24, "no more than have room"


def test_what_has_no_room_in_a_bin_is_left_out() -> None:
    store, _ = town()
    spec = plan_scene(bench(text=BIN), Catalogue((), {}), store, 0)
    container = next(i.number for i in spec.instances if i.category == "container")
    (box,) = (o for o in spec.objects if o.number == container)
    shape = store.mesh(spec.meshes[box.mesh]).vertices
    frame = array(box.transform)
    parts = {i.number for i in spec.instances if i.relations.get("piled_in") == container}
    assert 5 < len(parts) < 60
    for item in spec.objects:
        if item.number in parts:
            m = array(item.transform)
            points = store.mesh(spec.meshes[item.mesh]).vertices @ m[:, :3].T + m[:, 3] - frame[:, 3]
            assert (points[:, :2] > shape.min(axis=0)[:2]).all() and (points[:, :2] < shape.max(axis=0)[:2]).all()
            assert points[:, 2].min() > 0.003 - TOLERANCE
            assert (points[:, 2].min() + points[:, 2].max()) / 2 < shape[:, 2].max() + TOLERANCE


def test_another_process_settles_the_same_pile() -> None:
    code = (
        "from tests.placement.test_inspection import pile; import hashlib;"
        "print(hashlib.sha256(b''.join(p.tobytes() for p in pile()[1])).hexdigest())"
    )
    here = hashlib.sha256(b"".join(p.tobytes() for p in pile()[1])).hexdigest()
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert there == here


def test_sizes_that_no_part_has_are_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthgen.placement.drop._DRAWS", 3)
    store, _ = town()
    recipe = bench("populate.0.drop.min_size=0.9", "populate.0.drop.max_size=1", text=BIN)
    with pytest.raises(InputError, match=r"drop: of 3 draws of turned_part 0 were 0.9 to 1 m long"):
        plan_scene(recipe, Catalogue((), {}), store, 0)
