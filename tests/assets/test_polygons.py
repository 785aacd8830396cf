from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from synthgen.assets.polygons import cross, ear_clip, triangulate

L_SHAPE = np.array([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)], dtype=float)


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return cross(b - a, c - a)[:, 2] / 2


def test_concave_outlines_keep_their_area_and_winding() -> None:
    for points in (L_SHAPE, L_SHAPE[::-1]):
        solid = np.column_stack([points, np.zeros(6)])
        sign = 1 if points is L_SHAPE else -1
        signed = areas(solid, ear_clip(solid))
        assert (signed * sign > 0).all()
        assert math.isclose(signed.sum(), sign * 3)


def test_a_dart_is_cut_along_the_diagonal_that_stays_inside() -> None:
    points = np.array([(0, 0, 0), (2, -1, 0), (0.5, 0, 0), (2, 1, 0)], dtype=float)
    for shift in range(4):
        turned = np.roll(points, shift, axis=0)
        triangles, owner = triangulate(turned, np.array([4]), np.arange(4))
        assert (areas(turned, triangles) > 0).all()
        assert owner.tolist() == [0, 0]


def test_triangles_come_in_polygon_order() -> None:
    points = np.column_stack([L_SHAPE, np.zeros(6)])
    size = np.array([6, 3, 4, 3])
    corners = np.array([0, 1, 2, 3, 4, 5, 0, 1, 2, 0, 1, 3, 5, 3, 4, 5])
    triangles, owner = triangulate(points, size, corners)
    assert owner.tolist() == [0, 0, 0, 0, 1, 2, 2, 3]
    assert set(triangles[4]) == {6, 7, 8}


@given(st.integers(5, 24), st.integers(0, 2**31), st.sampled_from([0, 1, 2]))
def test_star_shaped_polygons_in_any_plane(count: int, seed: int, axis: int) -> None:
    rng = np.random.default_rng(seed)
    radius = rng.uniform(0.2, 1.0, count)
    angle = (np.arange(count) + rng.uniform(0, 0.6, count)) / count * 2 * np.pi
    flat = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.zeros(count)])
    following = np.roll(flat, -1, axis=0)
    expected = ((flat[:, 0] * following[:, 1] - flat[:, 1] * following[:, 0]).sum()) / 2
    triangles = ear_clip(np.roll(flat, axis, axis=1))
    assert len(triangles) == count - 2
    assert math.isclose(areas(flat, triangles).sum(), expected, rel_tol=1e-9)
    assert (areas(flat, triangles) > -1e-12).all()


def test_a_polygon_without_area_is_a_fan() -> None:
    line = np.column_stack([np.arange(5.0), np.zeros(5), np.zeros(5)])
    assert len(ear_clip(line)) == 3
