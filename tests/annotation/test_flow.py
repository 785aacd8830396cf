"""Optical flow where the answer is known: cameras that slide, turn and approach, walls that hide."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from synthgen.annotation.flow import motions_between, optical_flow
from synthgen.assets.store import Store
from synthgen.scene.spec import Camera, Object, SceneSpec
from tests.annotation.squares import CAMERA, FOCAL, SIZE, at, square_scene

WIDTH, HEIGHT = SIZE
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]


def plane(depth: float) -> NDArray[np.float32]:
    return np.full((HEIGHT, WIDTH), depth, dtype=np.float32)


def moved(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Camera:
    matrix = list(CAMERA.cam_to_world)
    matrix[3], matrix[7], matrix[11] = x, y, z
    return replace(CAMERA, cam_to_world=tuple(matrix))


def test_a_camera_that_slides_moves_a_wall_by_its_disparity() -> None:
    u, v, valid = optical_flow(plane(5), CAMERA, plane(5), moved(x=1, z=0.5)).transpose(2, 0, 1)
    assert np.allclose(u, -10) and np.allclose(v, 5), "1 m to the right is 10 pixels to the left, 0.5 m up 5 down"
    stays = (COLUMNS - 10 >= 0) & (ROWS + 5 <= HEIGHT - 1)
    assert (valid == stays).all()


def test_a_wall_that_comes_nearer_spreads_from_the_middle() -> None:
    u, v, valid = optical_flow(plane(5), CAMERA, plane(4), moved(y=1)).transpose(2, 0, 1)
    assert np.allclose(u, (COLUMNS - 49.5) / 4, atol=1e-4) and np.allclose(v, (ROWS - 29.5) / 4, atol=1e-4)
    assert valid[30, 50] == 1 and valid[0, 0] == 0


def test_what_the_next_view_hides_is_not_valid_but_still_told() -> None:
    after = plane(5)
    after[:, 50:] = 2
    u, _, valid = optical_flow(plane(5), CAMERA, after, CAMERA).transpose(2, 0, 1)
    assert np.allclose(u, 0, atol=1e-6)
    assert (valid[:, :50] == 1).all() and (valid[:, 50:] == 0).all()
    nearer = plane(5) * 0.995
    assert (optical_flow(plane(5), CAMERA, nearer, CAMERA)[..., 2] == 1).all(), "within 1% it is the same surface"


def test_a_slanting_ground_does_not_hide_itself() -> None:
    """Road below a camera that drives on: neighbouring pixels far away differ by more than the tolerance."""

    def road(height: float) -> NDArray[np.float32]:
        with np.errstate(divide="ignore"):
            depth = height * FOCAL / (ROWS - CAMERA.intrinsics[3])
        return np.where(depth > 0, depth, np.inf).astype(np.float32)

    flow = optical_flow(road(1.4), CAMERA, road(1.4), moved(y=0.5))
    below = (ROWS > 30) & (ROWS < 50) & (COLUMNS > 10) & (COLUMNS < 90)
    assert (flow[..., 2][below] == 1).all()


def test_the_sky_turns_with_the_camera_and_does_not_slide() -> None:
    sky = plane(math.inf)
    assert np.allclose(optical_flow(sky, CAMERA, sky, moved(x=3, y=5))[..., :2], 0, atol=1e-6)
    angle = math.atan(10 / FOCAL)
    turned = replace(
        CAMERA,
        cam_to_world=(math.cos(angle), 0, math.sin(angle), 0, -math.sin(angle), 0, math.cos(angle), 0, 0, -1.0, 0, 0),
    )
    u = optical_flow(sky, CAMERA, sky, turned)[..., 0]
    middle = np.interp(49.5, np.arange(WIDTH), u[30])
    assert middle == pytest.approx(-10, abs=0.1), "the camera turned to the right by ten pixels"
    assert (optical_flow(sky, CAMERA, plane(5), CAMERA)[..., 2] == 0).all(), "a wall hides the sky"


def test_what_is_behind_the_next_camera_is_nowhere() -> None:
    flow = optical_flow(plane(5), CAMERA, plane(5), moved(y=6))
    assert (flow == 0).all() and np.isfinite(flow).all()


def test_what_a_view_has_for_itself_rides_along_or_is_gone(tmp_path: Path) -> None:
    spec = square_scene(Store(tmp_path), [("plain", 1, at(0, 5, 0))], cameras=(CAMERA, moved(x=1)))

    def with_bonnets(first: tuple[float, ...], second: tuple[float, ...] | None) -> SceneSpec:
        views = [
            replace(view, objects=() if place is None else (Object("square", ("plain",), 2, place),))
            for view, place in zip(spec.views, (first, second), strict=True)
        ]
        return replace(spec, views=tuple(views))

    numbers = np.ones((HEIGHT, WIDTH), dtype=np.int32)
    numbers[40:] = 2
    for second, u_there, valid_there in ((at(1, 5, 0), 0, 1), (None, 0, 0)):
        scene = with_bonnets(at(0, 5, 0), second)
        u, _, valid = optical_flow(
            plane(5), CAMERA, plane(5), moved(x=1), numbers=numbers, motions=motions_between(scene, 0)
        ).transpose(2, 0, 1)
        assert np.allclose(u[:40], -10), "the scene's own objects stand still"
        assert np.allclose(u[40:], u_there, atol=1e-4) and (valid[40:] == valid_there).all()
    turned = with_bonnets(at(0, 5, 0), (0, -1.0, 0, 1, 1.0, 0, 0, 5, 0, 0, 1.0, 0))
    motion = motions_between(turned, 0)[2]
    assert motion is not None and np.allclose(motion @ [1, 5, 0, 1], [1, 6, 0])
