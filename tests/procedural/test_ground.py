"""Kerbs, slabs and lane paint meet the road they are made for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.procedural.ground import ground_strip, kerb, kerb_corner, rounded_rectangle, sidewalk_block
from synthgen.procedural.markings import LIFT, arrow, bay, crossing, line, rect, stop_line
from tests.procedural.geometry import face_normals


def test_a_strip_maps_its_rectangle() -> None:
    mesh = ground_strip(12.0, 60.0, uv=(0.0, 1.0, 2.0, 3.0), pieces=3)
    x, y = mesh.vertices[:, 0], mesh.vertices[:, 1]
    assert np.allclose(mesh.uvs, np.stack([x / 12.0, 2.0 + y / 60.0], axis=1), atol=1e-5)
    assert (mesh.normals[:, 2] == 1).all()


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 20.0), st.floats(0.08, 0.2), st.integers(0, 99))
def test_kerb_stones_stay_in_their_row(length: float, height: float, seed: int) -> None:
    low, high = kerb(length, height, 0.15, seed).bounds
    assert -0.02 <= low[0] <= 0.01 and high[0] == pytest.approx(0.15)
    assert 0 <= low[1] < high[1] <= length
    assert low[2] == 0.0 and high[2] == pytest.approx(height, abs=0.005)


def test_the_kerb_shows_the_road_its_chamfer() -> None:
    mesh = kerb(5.0)
    normals, _ = face_normals(mesh)
    middle = mesh.vertices[mesh.faces].mean(axis=1)
    front = middle[:, 0] < 0.005
    assert normals[front, 0].min() > -1.01 and np.median(normals[front, 0]) < -0.9
    assert len(np.unique(mesh.face_random)) == 5


@pytest.mark.parametrize("radius", [1.0, 4.0, 9.0])
def test_kerb_corner_and_slab_agree(radius: float) -> None:
    width = 0.15
    outline = rounded_rectangle(30.0, 30.0, (radius, 0.0, 0.0, 0.0), inset=width)
    corner = outline[np.hypot(*(outline - radius).T) < radius]
    distance = np.hypot(*(corner - radius).T)
    assert np.allclose(distance, radius - width)
    # The back of each stone is a chord of the same circle: no gap wider than a few millimetres.
    back = kerb_corner(radius, width=width).vertices
    nearest = np.hypot(back[:, 0], back[:, 1]).min()
    assert nearest == pytest.approx(radius - width, abs=0.035)
    assert np.hypot(back[:, 0], back[:, 1]).max() < radius + 0.015


def test_a_slab_has_its_area_less_its_holes() -> None:
    mesh = sidewalk_block(20.0, 10.0, (0.0, 2.0, 0.0, 0.0), holes=[(3, 4, 5, 6), (8, 9.5, 2, 3)], inset=0.15)
    _, area = face_normals(mesh)
    corner = (1 - np.pi / 4) * 1.85**2
    assert area.sum() == pytest.approx(19.7 * 9.7 - 1.0 - 1.5 - corner, abs=0.06)


@pytest.mark.parametrize("make", [line, rect, crossing, stop_line, bay, arrow])
def test_paint_wears_the_map_below_it(make) -> None:  # type: ignore[no-untyped-def]
    mesh = make(uv_origin=(4.5, 13.0), uv_scale=(12.0, 60.0))
    expected = (mesh.vertices[:, :2] + (4.5, 13.0)) / (12.0, 60.0)
    assert np.allclose(mesh.uvs, expected, atol=1e-5)
    assert np.allclose(mesh.vertices[:, 2], LIFT)
    assert (face_normals(mesh)[0][:, 2] > 0.99).all()


def test_dashes() -> None:
    mesh = line(length=30.0, dash=3.0, gap=6.0)
    _, area = face_normals(mesh)
    assert area.sum() == pytest.approx((4 * 3.0) * 0.12, rel=1e-4)
    assert line(length=30.0, dash=3.0, gap=6.0, phase=3.0).vertices[:, 1].min() == pytest.approx(6.0)
    assert line(length=30.0).bounds[1, 1] == pytest.approx(30.0)


def test_arrows_point_where_they_say() -> None:
    assert arrow("left").vertices[:, 0].min() < -0.8 < arrow("left").vertices[:, 0].max() < 0.2
    assert arrow("right").vertices[:, 0].max() > 0.8
    straight, back = arrow("straight"), arrow("straight", mirror=True)

    def tip(mesh) -> float:  # type: ignore[no-untyped-def]
        widest = np.abs(mesh.vertices[:, 0]).argmax()
        return float(mesh.vertices[widest, 1])

    assert tip(straight) > 2.5 > tip(back)
    assert (face_normals(back)[0][:, 2] > 0.99).all()
