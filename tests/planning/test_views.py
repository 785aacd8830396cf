"""The coarse rays that decide whether a view is worth rendering."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.planning.camera import intrinsics
from synthgen.planning.views import GRID, Checks, Solids, findings, inverses
from synthgen.scene.pose import camera_to_world, pose
from synthgen.scene.spec import Camera
from synthgen.scene.stage import Solid

SIZE = (640, 360)


def camera(heading: float = 90.0) -> Camera:
    return Camera(intrinsics(SIZE, 80.0), camera_to_world(0.0, 0.0, 1.5, heading=heading))


def box(number: int, x: float, y: float, *, half: float = 1.0, height: float = 3.0, yaw: float = 0.0) -> Solid:
    return Solid(number, (-half, -half, 0.0), (half, half, height), pose(x, y, 0.0, yaw=yaw))


def test_rays_find_the_first_box_and_its_distance() -> None:
    numbers, distances = Solids([box(1, 0, 20), box(2, 0, 10), box(3, 0, -10)]).cast(camera(), SIZE)
    middle = numbers[GRID[1] // 2, GRID[0] // 2]
    assert middle == 2
    assert distances[GRID[1] // 2, GRID[0] // 2] == pytest.approx(9.0, rel=0.01)
    assert 3 not in numbers
    assert not np.isfinite(distances[0, 0])


def test_a_turned_box_is_hit_where_it_is() -> None:
    """A long wall at 45 degrees to the right of the view; an upright box would also cover the middle."""
    wall = Solid(7, (-6.0, -0.1, 0.0), (6.0, 0.1, 3.0), pose(7.0, 10.0, 0.0, yaw=45.0))
    numbers, _ = Solids([wall]).cast(camera(), SIZE)
    assert numbers[18, 50] == 7
    assert numbers[18, 31] == 0


def test_a_good_view_has_no_findings() -> None:
    solids = Solids([box(k, 3.0 * k - 6, 15) for k in range(1, 5)])
    assert findings(solids, camera(), SIZE, Checks(), frozenset(range(1, 5))) == {}


def test_each_check_says_what_failed() -> None:
    near = Solids([box(1, 0, 1.2), box(2, 0, 9)])
    wrong = findings(near, camera(), SIZE, Checks(min_things=2), frozenset({1, 2}))
    assert set(wrong) == {"nearest", "largest_thing", "min_things"}
    assert "0.2" in wrong["nearest"]
    assert "checks.largest_thing" in wrong["largest_thing"]
    assert "1 things" in wrong["min_things"]


def test_a_camera_inside_a_box_is_too_near() -> None:
    wrong = findings(Solids([box(1, 0, 0)]), camera(), SIZE, Checks(min_things=0), frozenset())
    assert set(wrong) == {"nearest"}


def test_stuff_may_cover_the_picture() -> None:
    wall = Solids([box(1, 0, 12, half=10.0, height=40.0)])
    assert findings(wall, camera(), SIZE, Checks(min_things=0), frozenset()) == {}
    assert "largest_thing" in findings(wall, camera(), SIZE, Checks(min_things=0), frozenset({1}))


@given(st.integers(0, 10_000))
def test_inverses_undo_their_matrices(seed: int) -> None:
    matrices = np.random.default_rng(seed).uniform(-1, 1, size=(5, 3, 3)) + 3 * np.eye(3)
    assert np.allclose(inverses(matrices) @ matrices, np.eye(3), atol=1e-8)
