"""The camera's conventions, and where it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.planning.camera import intrinsics
from synthgen.planning.light import sun_strength, towards_sun
from synthgen.scene.pose import array, camera_to_world, light_along, pose
from tests.planning.town import named, scenes

DEGREES = st.floats(-180, 180)


def test_a_camera_along_the_street_looks_forward_right_and_down() -> None:
    matrix = array(camera_to_world(1.5, 6.0, 1.4, heading=90.0))
    assert matrix[:, 0] == pytest.approx([1, 0, 0], abs=1e-6)
    assert matrix[:, 1] == pytest.approx([0, 0, -1], abs=1e-6)
    assert matrix[:, 2] == pytest.approx([0, 1, 0], abs=1e-6)
    assert matrix[:, 3] == pytest.approx([1.5, 6.0, 1.4])


def test_signs_of_pitch_yaw_and_roll() -> None:
    down = array(camera_to_world(0, 0, 1, heading=90.0, pitch=-5.0))
    assert down[2, 2] < 0
    left = array(camera_to_world(0, 0, 1, heading=95.0))
    assert left[0, 2] < 0
    clockwise = array(camera_to_world(0, 0, 1, heading=90.0, roll=5.0))
    assert clockwise[2, 0] < 0


@given(DEGREES, st.floats(-89, 89), DEGREES)
def test_camera_axes_are_a_right_handed_frame(heading: float, pitch: float, roll: float) -> None:
    axes = array(camera_to_world(0, 0, 0, heading=heading, pitch=pitch, roll=roll))[:, :3]
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-5)
    assert np.linalg.det(axes) == pytest.approx(1.0, abs=1e-5)


@given(st.floats(10, 150), st.integers(16, 4000), st.integers(16, 4000))
def test_intrinsics_span_the_field_of_view(hfov: float, width: int, height: int) -> None:
    fx, fy, cx, cy = intrinsics((width, height), hfov)
    assert fx == fy
    assert (cx, cy) == ((width - 1) / 2, (height - 1) / 2)
    edge = (-0.5 - cx) / fx
    assert 2 * math.degrees(math.atan(-edge)) == pytest.approx(hfov, abs=1e-3)


@given(DEGREES, st.floats(-50, 50), st.floats(-50, 50), st.floats(0.1, 3))
def test_a_pose_turns_the_front_to_its_yaw(yaw: float, x: float, y: float, scale: float) -> None:
    front = array(pose(x, y, 0.13, yaw=yaw, scale=scale)) @ np.array([1.0, 0.0, 0.0, 1.0])
    angle = math.radians(yaw)
    assert front == pytest.approx([x + scale * math.cos(angle), y + scale * math.sin(angle), 0.13], abs=1e-4)


@given(st.floats(3, 90), st.floats(-360, 360))
def test_a_sun_shines_away_from_where_it_stands(elevation: float, azimuth: float) -> None:
    x, y, z = towards_sun(elevation, azimuth)
    matrix = array(light_along((-x, -y, -z)))
    assert -matrix[:, 2] == pytest.approx([-x, -y, -z], abs=1e-5)
    assert np.linalg.det(matrix[:, :3]) == pytest.approx(1.0, abs=1e-5)


def test_the_sun_is_stronger_and_whiter_the_higher_it_stands() -> None:
    low, high = sun_strength(6), sun_strength(50)
    assert high[0] > low[0]
    assert low[1][2] < high[1][2] < 1.0
    assert sun_strength(50)[0] == pytest.approx(46 * math.pi)


def test_azimuth_runs_clockwise_from_the_driving_direction() -> None:
    assert towards_sun(0, 0) == pytest.approx((0, 1, 0))
    assert towards_sun(0, 90) == pytest.approx((1, 0, 0))


def test_the_own_car_drives_in_its_lane_and_nothing_stands_in_it() -> None:
    for spec in scenes():
        side = 1 if spec.attributes["layout"]["driving_side"] == "right" else -1
        for view in spec.views:
            x, y, z = (view.camera.cam_to_world[k] for k in (3, 7, 11))
            assert side * x > 0
            assert y == pytest.approx(view.attributes["camera"]["distance"], abs=1e-5)
            assert z == pytest.approx(view.attributes["camera"]["height"], abs=1e-5)
            for thing in named(spec, "car", "van", "bus", "truck", "person"):
                px, py, _ = thing.attributes["place"]
                assert math.hypot(px - x, py - y) > 0.5


def test_the_own_bonnet_is_in_its_view_only() -> None:
    for spec in scenes():
        own = {i.number for i in named(spec, "ego vehicle")}
        assert not any(o.number in own for o in spec.objects)
        for view in spec.views:
            assert bool(view.objects) == view.attributes["camera"]["bonnet"]
            assert all(o.number in own for o in view.objects)
