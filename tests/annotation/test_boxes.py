"""Boxes in space in the axes of the root."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from synthgen.annotation.boxes import box_about
from synthgen.assets.mesh import make_mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import Object, SceneSpec
from tests.annotation.squares import CAMERA, square_scene

C, S = math.cos(math.radians(30)), math.sin(math.radians(30))
TURNED = (2 * C, -S, 0, 10, 2 * S, C, 0, 20, 0, 0, 1.0, 0.5)
"""30 degrees to the left, twice as long."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def spec(store: Store) -> SceneSpec:
    """A block of 4 x 2 x 1.5 m on the ground, its front along +X, as `block`."""
    made = square_scene(store, [("plain", 1, (1.0, 0, 0, 0, 0, 1.0, 0, 5, 0, 0, 1.0, 0))])
    corners = np.array([[x, y, z] for x in (-2, 2) for y in (-1, 1) for z in (0, 1.5)])
    block = make_mesh(corners, [[0, 1, 2], [1, 3, 2], [4, 6, 5], [5, 6, 7]], slots=("surface",))
    made.meshes["block"] = store.add_mesh(block, {"test": "block"})
    return made


def test_a_block_has_its_own_box(spec: SceneSpec, store: Store) -> None:
    box = box_about(spec, [Object("block", ("plain",), 1, TURNED)], store)
    assert box.size == pytest.approx((8, 2, 1.5)) and box.center == pytest.approx((10, 20, 1.25))
    assert np.array(box.rotation).reshape(3, 3)[:, 0] == pytest.approx([C, S, 0], abs=1e-6), "front along +X"
    center, rotation = box.seen_by(CAMERA)
    assert center == pytest.approx((10, -1.25, 20)), "right, down, ahead"
    assert np.array(rotation).reshape(3, 3)[:, 2] == pytest.approx([0, -1, 0], abs=1e-6), "up is -y"


def test_mirrored_keeps_front_and_up_and_a_proper_rotation(spec: SceneSpec, store: Store) -> None:
    box = box_about(spec, [Object("block", ("plain",), 1, (1.0, 0, 0, 0, 0, -1.0, 0, 0, 0, 0, 1.0, 0))], store)
    assert np.linalg.det(np.array(box.rotation).reshape(3, 3)) == pytest.approx(1)
    assert box.rotation == (1, 0, 0, 0, 1, 0, 0, 0, 1) and box.size == pytest.approx((4, 2, 1.5))


def test_a_part_enlarges_the_box_of_its_root(spec: SceneSpec, store: Store) -> None:
    root = Object("block", ("plain",), 1, TURNED)
    sign = Object("block", ("plain",), 2, (0.5 * C, -0.5 * S, 0, 10, 0.5 * S, 0.5 * C, 0, 20, 0, 0, 1.0, 2.5))
    box = box_about(spec, [root, sign], store)
    assert box.size == pytest.approx((8, 2, 3.5)) and box.center[2] == pytest.approx(2.25)
    askew = Object("block", ("plain",), 2, (0.25, 0, 0, 10, 0, 0.25, 0, 20, 0, 0, 1.0, 2.5))
    assert box_about(spec, [root, askew], store).size == pytest.approx((8, 2, 3.5)), "a small one within the outline"


def test_a_sheared_root_has_a_box_in_the_worlds_axes(spec: SceneSpec, store: Store) -> None:
    box = box_about(spec, [Object("block", ("plain",), 1, (1.0, 0.5, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0))], store)
    assert box.rotation == (1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert box.size == pytest.approx((5, 2, 1.5)), "its corners reach 2.5 m along x"
