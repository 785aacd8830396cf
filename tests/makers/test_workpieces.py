"""Workpieces: closed, grounded, different by seed, and their defects lie on them."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.layout import palette
from synthgen.makers import all_makers
from synthgen.makers.workpieces import FAMILIES, SEEDS, design, linear, look, luminance, workpiece
from synthgen.procedural.workpieces.defects import TYPES, plan
from synthgen.procedural.workpieces.part import data, part
from synthgen.procedural.workpieces.solid import welded
from synthgen.scene.pose import array

KINDS = tuple(data()["kinds"])
CHEAP = ("scratch", "crack", "stain", "burr")


@cache
def store() -> Store:
    return Store(Path(tempfile.mkdtemp()))


def volume(mesh: Mesh) -> float:
    p = mesh.vertices.astype(np.float64)[mesh.faces]
    return float((np.cross(p[:, 0], p[:, 1]) * p[:, 2]).sum() / 6)


@pytest.mark.parametrize("kind", KINDS)
def test_parts_are_sound_meshes_that_stand_on_the_ground(kind: str) -> None:
    for seed in range(2):
        mesh = part(kind, seed).mesh
        assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.uvs).all() and np.isfinite(mesh.normals).all()
        p = mesh.vertices.astype(np.float64)[mesh.faces]
        assert np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1).min() > 0
        low, high = mesh.bounds
        assert abs(low[2]) < 1e-3 and np.abs(low[:2] + high[:2]).max() < 1e-3
        assert 0.004 < np.ptp(mesh.bounds, axis=0).max() < 0.3, "of a size that lies on a hand"
        assert volume(mesh) > 0, "normals look outwards"


@pytest.mark.parametrize("kind", KINDS)
def test_every_edge_of_a_part_has_two_faces(kind: str) -> None:
    mesh = part(kind, 1).mesh
    corner = welded(mesh.vertices)[mesh.faces]
    a, b = corner.ravel(), np.roll(corner, -1, axis=1).ravel()
    there = np.unique(np.stack([a, b]), axis=1, return_counts=True)
    back = np.unique(np.stack([b, a]), axis=1, return_counts=True)
    assert (there[0] == back[0]).all() and (there[1] == back[1]).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_maker_draws_different_things_with_a_surface_for_every_slot(family: str) -> None:
    maker = all_makers()[f"factory/{family}"]
    made = [maker.draw(store(), np.random.default_rng(k)) for k in range(5)]
    assert len({m.mesh.hash for m in made}) == 5
    for m in made:
        assert set(store().slots(m.mesh)) == set(m.surfaces)
        assert m.category == "part" and not m.parts
    again = maker.draw(store(), np.random.default_rng(3))
    assert again == made[3]


def test_a_hundred_seeds_of_a_kind_are_a_hundred_shapes() -> None:
    for kind in ("bushing", "nut", "punched_plate"):
        assert len({np.asarray(part(kind, seed).mesh.vertices).tobytes() for seed in range(100)}) >= 98


@pytest.mark.parametrize("name", CHEAP)
def test_defects_lie_on_the_surface_and_say_what_they_are(name: str) -> None:
    found = 0
    for k in range(3):
        drawn = design("turned_part", np.random.default_rng(k))
        item = workpiece(store(), drawn, [(name, 0.6)], draw=k)
        mesh = store().mesh(item.made.mesh)
        for piece in item.made.parts:
            found += 1
            assert piece.category == name and not piece.own
            assert piece.attributes["defect"] == name and piece.attributes["severity"] == 0.6
            own = store().mesh(piece.mesh)
            m = array(piece.transform)
            points = own.vertices @ m[:, :3].T + m[:, 3]
            assert _farthest(mesh, points) < (2.5e-3 if name == "burr" else 2e-4)
            length = float(np.ptp(own.vertices, axis=0).max())
            assert length <= 1.15 * piece.attributes["size"] and length > 0.2 * piece.attributes["size"]
    assert found >= 2, "most parts have room for one"


def _farthest(mesh: Mesh, points: np.ndarray) -> float:
    """The largest distance of some of the points from the mesh."""
    import trimesh

    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    some = points[:: max(1, len(points) // 12)]
    return float(trimesh.proximity.closest_point_naive(solid, some)[1].max())


def test_what_is_missing_is_a_volume_where_the_part_differs() -> None:
    drawn = design("turned_part", np.random.default_rng(0))
    item = workpiece(store(), drawn, [("missing feature", 0.5)])
    (lack,) = item.missing
    assert lack.attributes["feature"]
    whole = store().mesh(workpiece(store(), drawn).made.mesh)
    here = store().mesh(item.made.mesh)
    assert abs(volume(whole) - volume(here)) > 1e-10, "it really is not there"
    assert np.linalg.det(np.array(lack.volume).reshape(3, 4)[:, :3]) != 0


def test_a_wrong_part_is_another_shape_of_that_kind() -> None:
    drawn = design("turned_part", np.random.default_rng(1))
    item = workpiece(store(), drawn, [("wrong part", 0.8)])
    assert item.made.category == "wrong part"
    assert item.made.mesh.hash != workpiece(store(), drawn).made.mesh.hash
    assert item.made.attributes["kind"] == drawn.kind


def test_the_same_wish_gives_the_same_plan() -> None:
    wish = [("scratch", 0.3), ("stain", 0.9)]
    assert plan("nut", 5, wish, 2) == plan("nut", 5, wish, 2)
    assert plan("nut", 5, wish, 2).defects != plan("nut", 5, wish, 3).defects


def test_bad_wishes_are_told() -> None:
    with pytest.raises(InputError, match="no defect"):
        plan("nut", 0, [("rust", 0.5)])
    with pytest.raises(InputError, match="severity"):
        plan("nut", 0, [("scratch", 1.5)])


def _grounds() -> list[tuple[str, float, float]]:
    """Name, luminance and metallic share of every surface that a patch may lie on."""
    entries = [e for e in data()["kinds"].values() if e["family"] != "circuit_board"]
    names = {name for e in entries for slot, some in e["surfaces"].items() if slot != "pin" for name in some}
    found = []
    for name in sorted(names):
        for s in [palette.named(name, np.random.default_rng(k)) for k in range(12)]:
            found.append((name, luminance(s.params["color"]), float(s.params.get("metallic", 0.0))))
    masks = [(k, luminance([linear(v / 255) for v in m["copper"]]), 0.0) for k, m in data()["masks"].items()]
    return found + masks


@pytest.mark.parametrize("name", ["scratch", "crack", "stain"])
def test_what_lies_on_a_surface_is_lighter_or_darker_than_any_that_it_may_lie_on(name: str) -> None:
    for ground, light, metallic in _grounds():
        for k in range(8):
            found = look(name, light, metallic, np.random.default_rng(k))
            assert found is not None
            ratio = luminance(found.params["color"]) / light
            assert max(ratio, 1 / ratio) > 1.7, f"a {name} on {ground} is {ratio:.2f} times as light"


def test_every_type_of_defect_has_a_family() -> None:
    assert set(data()["defects"]) == set(TYPES)
    assert SEEDS > 1000
