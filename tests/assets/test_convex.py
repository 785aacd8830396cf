"""Convex parts: they cover the mesh, they are few, and they leave hollows open."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import trimesh
from numpy.typing import NDArray

from synthgen.assets.catalogue import convex_parts_of, load_catalogue
from synthgen.assets.convex import CORNERS, MOST, Parts, convex_parts, farthest, tolerance
from synthgen.assets.convex.hull import inside, planes
from synthgen.assets.facts import shipped_facts
from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.store import Store
from synthgen.errors import InputError


def of_boxes(*boxes: tuple[tuple[float, float, float], tuple[float, float, float]]) -> Mesh:
    """Boxes by their lowest corner and their sizes."""
    shapes = []
    for low, size in boxes:
        shape = trimesh.creation.box(size)
        shape.apply_translation(np.array(low) + np.array(size) / 2)
        shapes.append(shape)
    joined = trimesh.util.concatenate(shapes)
    return make_mesh(joined.vertices, joined.faces, slots=("all",))


def crate() -> Mesh:
    """0.6 x 0.4 x 0.3 m, walls of 2 cm, open at the top."""
    return of_boxes(
        ((0, 0, 0), (0.6, 0.4, 0.02)), ((0, 0, 0), (0.02, 0.4, 0.3)), ((0.58, 0, 0), (0.02, 0.4, 0.3)),
        ((0, 0, 0), (0.6, 0.02, 0.3)), ((0, 0.38, 0), (0.6, 0.02, 0.3)),
    )  # fmt: skip


def table() -> Mesh:
    legs = [((x, y, 0.0), (0.05, 0.05, 0.72)) for x in (0.0, 1.15) for y in (0.0, 0.75)]
    return of_boxes(((0, 0, 0.72), (1.2, 0.8, 0.03)), *legs)


def crown() -> Mesh:
    """Two thousand leaves on a ball."""
    rng = np.random.default_rng(3)
    middle = rng.normal(size=(2000, 3))
    middle *= 1.5 / np.linalg.norm(middle, axis=1, keepdims=True)
    vertices = (middle[:, None] + rng.normal(scale=0.05, size=(2000, 3, 3))).reshape(-1, 3)
    return make_mesh(vertices, np.arange(6000).reshape(-1, 3), slots=("leaf",))


def ball() -> Mesh:
    shape = trimesh.creation.icosphere(4, 0.5)
    return make_mesh(shape.vertices, shape.faces, slots=("all",))


SHAPES = {"crate": crate, "table": table, "crown": crown, "ball": ball}


def touches(parts: Parts, points: NDArray[np.float64]) -> bool:
    return any(inside(planes(np.array(part)), points).any() for part in parts)


@pytest.mark.parametrize("name", SHAPES)
def test_parts_are_few_and_cover_the_mesh(name: str) -> None:
    mesh = SHAPES[name]()
    parts = convex_parts(mesh)
    assert 1 <= len(parts) <= MOST and all(4 <= len(part) <= CORNERS for part in parts)
    assert farthest(parts, mesh.vertices.astype(np.float64)) <= tolerance(mesh)
    low, high = np.concatenate([np.array(p) for p in parts]).min(axis=0), mesh.bounds[0]
    assert (low >= high - 0.13 * np.ptp(mesh.bounds, axis=0) - 0.01).all(), "they do not reach far beyond it"


def test_a_crate_stays_open_and_things_fit_below_a_table() -> None:
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, 9)] * 3), axis=-1).reshape(-1, 3)
    assert not touches(convex_parts(crate()), np.array([0.08, 0.08, 0.08]) + grid * [0.44, 0.24, 0.3])
    assert not touches(convex_parts(table()), np.array([0.15, 0.15, 0.05]) + grid * [0.9, 0.5, 0.55])


def test_a_sheet_has_one_thin_part() -> None:
    mesh = make_mesh([[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 3]], slots=("all",))
    (part,) = convex_parts(mesh)
    assert np.ptp(np.array(part), axis=0)[2] < 0.002
    assert farthest([part], mesh.vertices.astype(np.float64)) <= tolerance(mesh)


def test_small_things_keep_their_shape() -> None:
    """Corners are kept finer than a millimetre where the thing is small."""
    shape = trimesh.creation.cylinder(0.004, 0.012)
    mesh = make_mesh(shape.vertices, shape.faces, slots=("all",))
    corners = np.concatenate([np.array(p) for p in convex_parts(mesh)])
    assert np.allclose(np.ptp(corners, axis=0), np.ptp(mesh.vertices, axis=0), rtol=0.1)


def test_another_process_finds_the_same() -> None:
    code = "from tests.assets.test_convex import *; print(convex_parts(table()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(convex_parts(table()))


@pytest.mark.assets
def test_the_parts_that_come_along_cover_their_models() -> None:
    store = Store()
    try:
        catalogue = load_catalogue(["base"], store)
    except InputError as error:
        pytest.skip(str(error))
    assert all(facts.convex for facts in shipped_facts("base").values())
    for asset in catalogue.assets[7::90]:
        mesh = store.mesh(asset.mesh)
        parts = convex_parts_of(asset, store)
        assert len(parts) <= MOST and max(map(len, parts)) <= CORNERS
        assert farthest(parts, mesh.vertices.astype(np.float64)) <= tolerance(mesh), asset.id


def test_parts_of_users_models_are_made_once(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.planning.town import town

    store, catalogue = town()
    bench = catalogue["town/bench"]
    first = convex_parts_of(bench, store)
    monkeypatch.setattr("synthgen.assets.catalogue.convex_parts", lambda _: pytest.fail("made again"))
    assert convex_parts_of(bench, store) == first and len(first) == 1
