"""Label volumes: annotation and ray caster each by itself, and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.annotation.volumes import claim_volumes
from synthgen.scene.pose import camera_to_world, pose
from synthgen.scene.spec import Camera, LabelVolume
from synthgen.verification.raycast import pixel_rays
from synthgen.verification.volumes import _BOX_FACES, _BOX_VERTICES, through_volumes

SIZE = (64, 40)
FIXTURE, GOODS, GAP, OTHER = 1, 2, 3, 4
EYE = Camera((40.0, 40.0, 31.5, 19.5), camera_to_world(0, 0, 0, heading=0))
"""Looks along +X."""

BOX = LabelVolume(GAP, pose(4.0), (FIXTURE,))
"""From 3.5 to 4.5 m ahead, half a metre to each side."""


def wall(distance: float, number: int = FIXTURE) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and depth of a wall across the whole picture."""
    return np.full(SIZE[::-1], number, np.int32), np.full(SIZE[::-1], distance, np.float32)


def test_a_gap_has_the_pixels_whose_rays_enter_it() -> None:
    claimed = claim_volumes(*wall(6.0), EYE, [BOX])
    v, u = np.nonzero(claimed == GAP)
    # The face at 3.5 m spans 40 / 3.5 / 2 pixels to each side of the middle.
    reach = 40 / 3.5 / 2
    assert (u.min(), u.max()) == (np.ceil(31.5 - reach), np.floor(31.5 + reach))
    assert len(u) == (u.max() - u.min() + 1) * (v.max() - v.min() + 1)


@pytest.mark.parametrize(
    "distance, number, has",
    [(6.0, FIXTURE, True), (4.0, FIXTURE, True), (3.4, FIXTURE, False), (6.0, GOODS, False), (np.inf, 0, False)],
    ids=["fixture behind", "fixture inside", "fixture before it", "goods behind", "nothing behind"],
)
def test_a_gap_needs_the_fixture_behind_its_face(distance: float, number: int, has: bool) -> None:
    assert bool((claim_volumes(*wall(distance, number), EYE, [BOX]) == GAP).any()) is has


def test_of_two_gaps_the_nearer_wins_and_at_one_place_the_lower_number() -> None:
    nearer = LabelVolume(OTHER, pose(3.0), (FIXTURE,))
    assert set(np.unique(claim_volumes(*wall(6.0), EYE, [BOX, nearer]))) == {FIXTURE, OTHER}
    same = replace(BOX, number=OTHER)
    for volumes in ([BOX, same], [same, BOX]):
        assert set(np.unique(claim_volumes(*wall(6.0), EYE, volumes))) == {FIXTURE, GAP}


def test_a_camera_inside_a_gap_does_not_enter_it() -> None:
    around = replace(BOX, transform=pose(0.0, scale=3.0))
    assert set(np.unique(claim_volumes(*wall(6.0), EYE, [around]))) == {FIXTURE}


def test_a_flat_face_is_entered_from_its_front_only() -> None:
    corners = ((4.0, -1.0, -1.0), (4.0, 1.0, -1.0), (4.0, 0.0, 1.0))
    away, towards = ((0, 1, 2),), ((0, 2, 1),)
    for faces, has in ((away, False), (towards, True)):
        flat = LabelVolume(GAP, pose(), (FIXTURE,), corners, faces)
        assert bool((claim_volumes(*wall(6.0), EYE, [flat]) == GAP).any()) is has


unit = st.floats(-1, 1)
sizes = st.floats(0.3, 3)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(unit, unit, unit, st.floats(0, 360), st.floats(-30, 30)),
    st.tuples(unit, unit, unit, st.floats(0, 360)),
    st.tuples(sizes, sizes, sizes),
    st.booleans(),
    st.floats(1, 8),
)
def test_annotation_and_ray_caster_agree(
    eye: tuple[float, ...],
    place: tuple[float, ...],
    scale: tuple[float, float, float],
    mirrored: bool,
    distance: float,
) -> None:
    camera = replace(EYE, cam_to_world=camera_to_world(*eye[:3], heading=eye[3], pitch=eye[4]))
    x, y, z, yaw = place
    transform = pose(3 * x, 3 * y, 3 * z, yaw=yaw, scale=(-scale[0] if mirrored else scale[0], *scale[1:]))
    numbers, depth = wall(distance)
    origins, directions = pixel_rays(camera, SIZE)
    ahead = directions @ np.array(camera.cam_to_world).reshape(3, 4)[:, 2]
    far = (depth.ravel() - camera.clip_near) / ahead
    faces = tuple((a, b, c) for a, b, c in _BOX_FACES), tuple((x, y, z) for x, y, z in _BOX_VERTICES)
    box = LabelVolume(GAP, transform, (FIXTURE,))
    of_faces = replace(box, faces=faces[0], vertices=faces[1])
    boxes = claim_volumes(numbers, depth, camera, [box])
    cast = through_volumes([box], origins, directions, numbers.ravel(), far).reshape(boxes.shape)
    edge = 3  # pixels that lie on an edge to within rounding
    assert (boxes != cast).sum() <= edge
    assert (boxes != claim_volumes(numbers, depth, camera, [of_faces])).sum() <= edge
