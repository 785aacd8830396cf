"""The builder's pieces are closed, wound outwards and where they were asked to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import circle, triangulate
from tests.procedural.geometry import face_normals, volume

size = st.floats(0.05, 5.0)


@settings(max_examples=25, deadline=None)
@given(w=size, d=size, h=size, x=st.floats(-10, 10))
def test_boxes_have_their_volume(w: float, d: float, h: float, x: float) -> None:
    b = MeshBuilder("s")
    b.boxes(x, x + w, 1.0, 1.0 + d, -h, 0.0, "s")
    mesh = b.mesh()
    assert volume(mesh) == pytest.approx(w * d * h, rel=1e-3, abs=1e-4)
    assert mesh.bounds == pytest.approx(np.array([[x, 1.0, -h], [x + w, 1.0 + d, 0.0]]), abs=1e-5)
    assert np.abs(mesh.normals).max(axis=1) == pytest.approx(np.ones(len(mesh.normals)))


def test_many_boxes_carry_their_own_numbers() -> None:
    b = MeshBuilder("s", "t")
    b.boxes([0, 2], [1, 3], 0, 1, 0, [1, 2], "t", random=[0.25, 0.75], skip="-z +y")
    mesh = b.mesh()
    assert len(mesh.faces) == 2 * 4 * 2
    assert sorted(set(mesh.face_random.tolist())) == [0.25, 0.75]
    assert (mesh.slot == 1).all()
    b.boxes([], [], 0, 1, 0, 1, "s")
    assert len(b.mesh().faces) == 16, "no box, no face"


PIECES: dict[str, tuple[Callable[[MeshBuilder], None], float]] = {
    "chamfered": (lambda b: b.chamfered(0, 1, 0, 2, 0, 3, 1e-4, "s"), 6.0),
    "cylinder": (lambda b: b.cylinder(1.0, 0.0, 2.0, "s", sides=200), 2 * np.pi),
    "cone": (lambda b: b.lathe([(0, 0), (1, 0), (0, 3)], "s", sides=200), np.pi),
    "ball": (
        lambda b: b.lathe([(np.sin(t), -np.cos(t)) for t in np.linspace(0, np.pi, 60)], "s", sides=80, smooth=True),
        4 / 3 * np.pi,
    ),
    "facets": (lambda b: b.lathe([(0, 0), (1, 0), (1, 1), (0, 1)], "s", sides=4, facets=True), 2.0),
    "tube": (lambda b: b.tube([(0, 0, 0), (0, 0, 5)], 0.5, "s", sides=100), 5 * np.pi / 4),
    "prism": (lambda b: b.prism([(0, 0), (2, 0), (2, 1), (1, 0.2), (0, 1)], 0.0, 1.0, "s"), 1.2),
    "round prism": (lambda b: b.prism(circle(1.0, 120), 0.0, 1.0, "s", smooth=True), np.pi),
}


@pytest.mark.parametrize("piece", PIECES)
def test_pieces_are_closed_and_wound_outwards(piece: str) -> None:
    make, expected = PIECES[piece]
    b = MeshBuilder("s")
    # A frame that turns and moves must not change what is measured.
    with b.at((3.0, -2.0, 1.0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        make(b)
    mesh = b.mesh()
    assert volume(mesh) == pytest.approx(expected, rel=0.01)
    normals, area = face_normals(mesh)
    vector = (normals * area[:, None]).sum(axis=0)
    assert np.abs(vector).max() < 1e-3, "an open surface"
    shading = mesh.normals[mesh.faces].mean(axis=1)
    assert np.einsum("ij,ij->i", shading, normals)[area > 1e-6].min() > 0.5


def test_frames_nest() -> None:
    b = MeshBuilder("s")
    with b.at((1, 0, 0), (0, 1, 0), (-1, 0, 0)), b.at((0, 2, 0)):
        b.boxes(0, 0.5, 0, 0.5, 0, 1, "s")
    assert b.mesh().bounds == pytest.approx(np.array([[-1.5, 0.0, 0.0], [-1.0, 0.5, 1.0]]), abs=1e-6)


def test_a_mesh_added_keeps_its_look() -> None:
    one = MeshBuilder("a", "b")
    one.boxes(0, 1, 0, 1, 0, 1, "a", random=0.5)
    one.cylinder(0.3, 1.0, 2.0, "b")
    two = MeshBuilder("x", "b")
    with two.at((5, 0, 0)):
        two.add(one.mesh(), {"a": "x"})
    mesh = two.mesh()
    assert volume(mesh) == pytest.approx(volume(one.mesh()), rel=1e-4)
    assert mesh.bounds[0, 0] == pytest.approx(4.7)
    assert set(np.unique(mesh.slot)) == {0, 1}


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 30), st.floats(0.2, 0.9), st.integers(0, 10_000))
def test_triangulation_keeps_the_area(n: int, hole: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    outer = circle(1.0, n) * rng.uniform(0.95, 1.3, (n, 1))
    inner = circle(hole * 0.45, 7)[::-1]
    faces = triangulate([outer, inner])
    p = np.concatenate([outer, inner])[faces]
    doubled = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    assert (doubled > -1e-12).all()

    def area(ring: np.ndarray) -> float:
        nxt = np.roll(ring, -1, axis=0)
        return float((ring[:, 0] * nxt[:, 1] - nxt[:, 0] * ring[:, 1]).sum() / 2)

    assert doubled.sum() / 2 == pytest.approx(area(outer) + area(inner), rel=1e-6)
