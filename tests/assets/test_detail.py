"""A reduced mesh: far fewer faces, no farther off than they say, the same bytes everywhere."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import trimesh
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from synthgen.assets.detail import NEARLY, reduced
from synthgen.assets.mesh import Mesh, content_hash, make_mesh

SPACING = 0.025
"""Between points that are sampled on the surface of `knot`, metres."""


def knot() -> Mesh:
    """A bent, smooth, closed surface of 20 thousand faces in two slots."""
    shape = trimesh.creation.torus(1.0, 0.3, major_sections=160, minor_sections=64)
    bent = shape.vertices * [1.0, 1.0, 1.0] + 0.1 * np.sin(3 * shape.vertices[:, [1, 2, 0]])
    slot = (bent[shape.faces].mean(axis=1)[:, 0] > 0).astype(int)
    return make_mesh(bent, shape.faces, slots=("left", "right"), slot=slot)


def crown() -> Mesh:
    """Eight thousand leaves of two triangles on a ball."""
    rng = np.random.default_rng(3)
    middle = rng.normal(size=(8000, 3))
    middle *= (1.5 * rng.uniform(0.6, 1.0, (8000, 1))) / np.linalg.norm(middle, axis=1, keepdims=True)
    side, up = (0.04 * v / np.linalg.norm(v, axis=1, keepdims=True) for v in rng.normal(size=(2, 8000, 3)))
    corners = np.stack([middle - side, middle + up, middle + side, middle - up], axis=1).reshape(-1, 3)
    first = np.arange(0, 32000, 4)[:, None]
    faces = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    return make_mesh(corners, faces, slots=("leaf",), face_random=np.tile(rng.random(8000), 2))


def area(mesh: Mesh) -> float:
    return float(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).area)


def off(points: NDArray[np.float64], mesh: Mesh) -> float:
    """How far the farthest of the points is from a mesh's surface, too much by SPACING at most."""
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    sampled, _ = trimesh.sample.sample_surface(solid, 300_000, seed=1)
    return float(cKDTree(sampled).query(points)[0].max())


def test_a_light_mesh_stays() -> None:
    shape = trimesh.creation.icosphere(3)
    mesh = make_mesh(shape.vertices, shape.faces, slots=("all",))
    level = reduced(mesh, len(mesh.faces))
    assert level.mesh is mesh and level.error_metres == 0.0


@pytest.mark.parametrize("faces", [9000, 2500])
def test_a_smooth_surface_gets_coarser_within_its_bound(faces: int) -> None:
    mesh = knot()
    level = reduced(mesh, faces)
    assert 0.5 * faces < level.faces <= NEARLY * faces
    assert level.faces == len(level.mesh.faces) and level.scatter_metres == 0.0
    assert level.mesh.slots == mesh.slots and set(np.unique(level.mesh.slot)) == {0, 1}
    some = np.random.default_rng(0).choice(len(mesh.vertices), 800, replace=False)
    assert off(mesh.vertices[some].astype(np.float64), level.mesh) <= level.error_metres + SPACING
    assert off(level.mesh.vertices[:800].astype(np.float64), mesh) <= level.error_metres + SPACING
    assert np.abs(level.mesh.bounds - mesh.bounds).max() <= level.error_metres


def test_fewer_faces_are_farther_off() -> None:
    errors = [reduced(knot(), faces).error_metres for faces in (15_000, 6_000, 2_000)]
    assert 0 < errors[0] < errors[1] < errors[2]


def test_a_crown_keeps_its_leaves_area() -> None:
    mesh = crown()
    level = reduced(mesh, 6000)
    assert level.faces < 0.6 * len(mesh.faces)
    assert 0.6 < area(level.mesh) / area(mesh) < 1.4


@pytest.mark.parametrize("shape", ["knot", "crown"])
def test_a_level_is_sound_and_the_same_in_another_process(shape: str) -> None:
    level = reduced(knot() if shape == "knot" else crown(), 5000)
    corners = level.mesh.vertices[level.mesh.faces].astype(np.float64)
    vector = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.linalg.norm(vector, axis=1) > 0).all()
    code = f"from tests.assets.test_detail import *; print(content_hash(reduced({shape}(), 5000).mesh))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == content_hash(level.mesh)
