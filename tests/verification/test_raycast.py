"""The ray caster against brute force, and its rule for surfaces that coincide."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from synthgen.assets.mesh import make_mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import Object, SceneSpec
from synthgen.verification.compare import compare
from synthgen.verification.embree import ALL, PlacedShapes, Placement, Shape
from synthgen.verification.raycast import RayScene, Shapes, number_codes, pixel_rays
from tests.render.scenes import crowd, placed
from tests.verification.cards import CAR, LEAVES, VAN, seen, spec_of


def brute_force(spec: SceneSpec, view: int, store: Store, skip: set[str]) -> NDArray[np.int32]:
    """(H, W) numbers by intersecting every ray with every triangle (Moeller and Trumbore), in doubles."""
    camera = spec.views[view].camera
    origins, directions = pixel_rays(camera, spec.size)
    nearest = np.full(len(origins), np.inf)
    numbers = np.zeros(len(origins), dtype=np.int32)
    for item in (*spec.objects, *spec.views[view].objects):
        if set(item.materials) & skip:
            continue
        mesh = store.mesh(spec.meshes[item.mesh])
        matrix = np.array(item.transform).reshape(3, 4)
        corners = (mesh.vertices.astype(float) @ matrix[:, :3].T + matrix[:, 3])[mesh.faces]
        for a, b, c in corners:
            e, f = b - a, c - a
            p = np.cross(directions, f)
            with np.errstate(divide="ignore", invalid="ignore"):
                inverse = 1 / (p @ e)
                s = origins - a
                u = np.einsum("ij,ij->i", s, p) * inverse
                q = np.cross(s, e)
                v = np.einsum("ij,ij->i", directions, q) * inverse
                t = (q @ f) * inverse
                hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0) & (t < nearest)
            nearest[hit], numbers[hit] = t[hit], item.number
    return numbers.reshape(spec.size[1], spec.size[0])


def test_scaled_turned_and_mirrored_objects_are_where_brute_force_finds_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    spec = crowd(store, (80, 48), views=1)
    kept = [o for o in spec.objects if o.mesh != "ball" and "leaf" not in o.materials]
    squeezed = [Object("box", ("red",), 2, (0.9, 0.2, 0, -2.5, 0.0, -0.3, 0.1, 2.0, 0.1, 0, 1.7, 1.0))]
    spec = replace(spec, objects=(*kept, *squeezed))
    expected = brute_force(spec, 0, store, {"pane"})
    found = RayScene(spec, 0, store).numbers(spec.views[0].camera, spec.size)
    assert len(np.unique(expected)) > 15 and (expected == 2).sum() > 20
    agreement = compare(expected, found)
    assert agreement.passes and agreement.wrong_on <= 1, agreement


def test_views_share_shapes_and_one_instance_can_be_cast_alone(store: Store) -> None:
    spec = spec_of(store, 0, 2, {})
    shapes = Shapes(store)
    for view in (0, 1):
        scene = RayScene(spec, view, store, shapes=shapes)
        camera = spec.views[view].camera
        assert (scene.numbers(camera, spec.size) == seen(spec, view)).all()
        whole = seen(spec, view)
        alone = scene.only([VAN]).numbers(camera, spec.size)
        assert set(np.unique(alone)) == {0, VAN}
        assert (alone[whole == VAN] == VAN).all() and (alone == VAN).sum() > (whole == VAN).sum()
        leaves = scene.only([LEAVES, CAR]).numbers(camera, spec.size)
        assert set(np.unique(leaves)) == {0, LEAVES, CAR}, "the car shows through the leaves"
    shapes.trim()


def test_shapes_are_let_go_of_those_that_were_not_asked_for_longest(store: Store) -> None:
    spec = spec_of(store, 0, 1, {})
    shapes = Shapes(store, keep_triangles=2)
    card, ground = shapes.shape(spec.meshes["card"]), shapes.shape(spec.meshes["ground"])
    assert shapes.shape(spec.meshes["card"]) is card
    shapes.trim()
    assert shapes.shape(spec.meshes["card"]) is card and shapes.shape(spec.meshes["ground"]) is not ground


def test_large_pictures_are_cast_in_bands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(store, 1, 1, {})
    monkeypatch.setattr("synthgen.verification.raycast._RAYS", 7 * 96 + 5)
    assert (RayScene(spec, 0, store).numbers(spec.views[0].camera, spec.size) == seen(spec, 0)).all()


def test_nothing_is_seen_behind_the_far_plane_or_before_the_near_one(store: Store) -> None:
    spec = spec_of(store, 0, 1, {})
    camera = spec.views[0].camera
    scene = RayScene(spec, 0, store)
    far = scene.numbers(replace(camera, clip_far=14.9), spec.size)  # the van is at 15 m, along the camera's axis
    assert VAN not in far and CAR in far
    near = scene.numbers(replace(camera, clip_near=13.1), spec.size)
    assert CAR not in near and VAN in near
    numbers, distance = scene.hits(*pixel_rays(camera, spec.size))
    assert np.isinf(distance[numbers == 0]).all() and (distance[numbers == VAN] > 14.9).all()


def facing(store: Store, places: list[tuple[int, float, float]]) -> SceneSpec:
    """Cards of the numbers, depths (y) and turns about Z in degrees, one before or in the other."""
    spec = spec_of(store, 0, 1, {})
    items = [Object("card", ("plain",), n, placed(0, y, 0, scale=3.0, yaw=yaw)) for n, y, yaw in places]
    return replace(spec, objects=tuple(items), views=(replace(spec.views[0], objects=()),))


def middle(spec: SceneSpec, store: Store) -> int:
    camera = spec.views[0].camera
    return int(RayScene(spec, 0, store).numbers(camera, spec.size)[30, 47])


@pytest.mark.parametrize("order", list(permutations((3, 5, 8))))
def test_where_surfaces_coincide_the_lowest_number_counts(store: Store, order: tuple[int, ...]) -> None:
    assert middle(facing(store, [(n, 6.0, 0.0) for n in order]), store) == 3
    assert middle(facing(store, [(order[0], 6.0, 0.0), (order[1], 6.00004, 180.0)]), store) == min(order[:2])


def test_where_they_do_not_the_nearer_one_counts(store: Store) -> None:
    assert middle(facing(store, [(8, 6.0, 0.0), (3, 6.001, 0.0)]), store) == 8, "a millimetre before the other"
    spec = facing(store, [(8, 6.0, 0.0), (3, 6.0, 20.0)])
    numbers = RayScene(spec, 0, store).numbers(spec.views[0].camera, spec.size)[30]
    assert set(numbers[40:55]) == {3, 8}
    assert (np.diff(np.flatnonzero(numbers == 8)) == 1).all(), "they cross: each is seen on its side"


@given(st.sets(st.integers(1, 32_767), min_size=2, max_size=40))
def test_a_ray_can_leave_out_one_number_and_no_other(numbers: set[int]) -> None:
    codes = number_codes(np.array(sorted(numbers)))
    sees = (~codes[:, None] & codes[None, :]) != 0
    assert (sees == ~np.eye(len(codes), dtype=bool)).all()


def test_rays_in_any_number_and_their_limits() -> None:
    shape = Shape(make_mesh([[-9, 0, -9], [9, 0, -9], [0, 0, 20]], [[0, 1, 2]], slots=("s",)))
    scene = PlacedShapes([
        Placement(shape, np.array([[1.0, 0, 0, 0], [0, 1, 0, 2], [0, 0, 1, 0]]), mask=1),
        Placement(shape, np.array([[1.0, 0, 0, 0], [0, 1, 0, 5], [0, 0, 1, 0]]), mask=6),
    ])  # fmt: skip
    for count in (0, 1, 7, 8, 9, 65_537):
        origins, directions = np.zeros((count, 3)), np.tile([0.0, 1.0, 0.0], (count, 1))
        if count:
            directions[-1] = [0, -1, 0]
        hits = scene.intersect(origins, directions)
        assert (hits.placement[:-1] == 0).all() and (hits.placement[-1:] == -1).all()
        assert np.allclose(hits.distance[:-1], 2)
    ray = np.zeros((1, 3)), np.array([[0.0, 1.0, 0.0]])
    assert scene.intersect(*ray, near=2.5).placement[0] == 1
    assert scene.intersect(*ray, near=2.5, far=4.5).placement[0] == -1
    assert [scene.intersect(*ray, mask=m).placement[0] for m in (1, 2, 4, 8, ALL)] == [0, 1, 1, -1, 0]
    assert PlacedShapes([]).intersect(*ray).placement[0] == -1
