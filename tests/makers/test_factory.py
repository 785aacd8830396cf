"""What plants and warehouses are furnished with: sound meshes of true sizes that differ from seed to seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

import synthgen.procedural
from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import Maker, all_makers
from synthgen.paths import data_dir
from synthgen.procedural.loads import load_parts, pallet_load, planned
from synthgen.procedural.pallets import PALLETS, pallet
from synthgen.procedural.registry import PROCEDURAL
from synthgen.procedural.stacking import LAYOUTS, layer_of
from synthgen.taxonomy import load_taxonomy
from tests.procedural.geometry import coincident, corners, face_normals

assert synthgen.procedural

ROWS = {
    r["id"]: r for r in yaml.safe_load((data_dir("configs") / "makers" / "factory.yaml").read_text("utf-8"))["makers"]
}
MAKERS = [m for m in all_makers().values() if m.id in ROWS]
LOADS = {m.id for m in MAKERS if "load" in m.tags}

PATCHES = {"mark", "stain", "tape", "label", "ink", "wrap", "hole", "strap"}
"""Slots of what is a sheet, not a solid."""

OPEN = {
    "factory.plastic_pallet",
    "factory.drum",
    "factory.gas_bottle",
    "factory.pallet_load",
    "factory.ibc",
    "factory.crate",
    "factory.roll_cage",
}
"""What is of pieces that stick in one another, open where nobody sees it, or whose triangles meet edges halfway."""

SIZES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "factory/pallet": ((0.79, 0.59, 0.12), (1.23, 1.03, 0.17)),
    "factory/plastic_pallet": ((0.79, 0.59, 0.13), (1.21, 0.81, 0.16)),
    "factory/carton": ((0.25, 0.17, 0.11), (0.82, 0.62, 0.44)),
    "factory/open_carton": ((0.25, 0.17, 0.14), (1.65, 1.5, 0.75)),
    "factory/drum": ((0.58, 0.58, 0.86), (0.6, 0.6, 0.89)),
    "factory/plastic_drum": ((0.39, 0.39, 0.61), (0.59, 0.59, 0.94)),
    "factory/rack": ((0.79, 1.9, 2.5), (1.5, 16.0, 9.0)),
    "factory/shelving": ((0.39, 0.9, 0.7), (0.85, 8.0, 2.75)),
    "factory/ibc": ((1.19, 0.99, 1.1), (1.21, 1.02, 1.18)),
    "factory/mesh_box": ((0.83, 1.23, 0.96), (1.25, 1.3, 2.92)),
    "factory/crate": ((0.19, 0.29, 0.11), (0.41, 0.61, 0.34)),
    "factory/crate_stack": ((0.29, 0.39, 0.3), (0.43, 0.64, 2.0)),
    "factory/roll_cage": ((0.71, 0.8, 1.45), (0.75, 0.83, 1.85)),
    "factory/roller_conveyor": ((1.49, 0.46, 0.5), (5.01, 1.15, 1.0)),
    "factory/belt_conveyor": ((0.99, 0.28, 0.6), (5.05, 1.15, 1.1)),
    "factory/safety_fence": ((0.1, 1.5, 1.39), (3.1, 6.1, 2.21)),
    "factory/pallet_truck": ((1.1, 0.51, 0.85), (2.8, 1.2, 1.3)),
    "factory/workbench": ((0.59, 1.19, 0.79), (1.4, 2.05, 2.15)),
    "factory/gas_bottle": ((0.13, 0.13, 0.59), (0.32, 0.32, 1.65)),
}
"""Smallest and largest length, width, height in metres: what the trade's sizes and some damage allow."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


def open_edges(mesh: Mesh, faces: NDArray[np.bool_]) -> int:
    """How many edges of these faces have no face on their other side, after joining equal corners."""
    joined = np.unique(mesh.vertices.round(5), axis=0, return_inverse=True)[1].ravel()[mesh.faces[faces]]
    joined = joined[(joined != np.roll(joined, 1, axis=1)).all(axis=1)].astype(np.int64)
    edge = np.concatenate([joined[:, [k, (k + 1) % 3]] for k in range(3)])
    count = int(joined.max()) + 1
    there, back = edge[:, 0] * count + edge[:, 1], edge[:, 1] * count + edge[:, 0]
    keys, number = np.unique(np.concatenate([there, back]), return_inverse=True)
    balance = np.bincount(number[: len(there)], minlength=len(keys)) - np.bincount(
        number[len(there) :], minlength=len(keys)
    )
    return int(np.abs(balance).sum() // 2)


def drawn(maker: Maker, store: Store, seed: int) -> tuple[Any, Mesh]:
    made = maker.draw(store, np.random.default_rng(seed))
    return made, store.mesh(made.mesh)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_what_is_made_is_sound(maker: Maker, seed: int, store: Store) -> None:
    made, mesh = drawn(maker, store, seed)
    assert set(made.surfaces) == set(mesh.slots)
    low, high = mesh.bounds
    assert abs(low[2]) < 1e-3, "stands on the ground"
    smallest, largest = SIZES[maker.id]
    assert (np.array(made.size) >= smallest).all() and (np.array(made.size) <= largest).all(), made.size
    if "open" not in (made.attributes.get("lid"), made.attributes.get("flap")):
        aside = 0.17 if made.category in ("conveyor", "pallet truck") else 0.06  # their motor, their turned handle
        assert np.abs(low + high)[:2].max() < aside, "stands in the middle"
    normals, area = face_normals(mesh)
    assert (area > 1e-9).mean() > 0.995
    real = area > 1e-8
    agree = np.einsum("ij,ikj->ik", normals[real], mesh.normals[mesh.faces[real]].astype(float))
    assert agree.min() > -0.05, f"{mesh.slots[mesh.slot[real][agree.min(axis=1).argmin()]]} is shaded from behind"
    solid = np.array([mesh.slots[k] not in PATCHES for k in mesh.slot])
    c = corners(mesh)[solid]
    assert np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2])).sum() > 0, "wound inwards"
    if maker.id.replace("/", ".") not in OPEN and made.mesh.source["procedural"] not in OPEN:
        assert open_edges(mesh, solid) == 0, "a solid has a hole"
    if maker.id not in LOADS:
        pairs = coincident(replace(mesh, faces=mesh.faces[solid]))
        where = [(mesh.slots[mesh.slot[solid][i]], c[i].mean(axis=0).round(3)) for i, _ in pairs[:3]]
        assert not pairs, f"{len(pairs)} pairs of faces lie in one another: {where}"
    generator = PROCEDURAL[made.mesh.source["procedural"]].make
    assert content_hash(generator(**made.mesh.source["params"])) == made.mesh.hash, "two calls differ"


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_categories_are_of_their_domains(maker: Maker) -> None:
    for domain in maker.domains:
        assert maker.category in {c.name for c in load_taxonomy(domain).categories}


@pytest.mark.parametrize("maker", [m for m in MAKERS if m.id not in LOADS], ids=lambda m: m.id)
def test_draws_differ_in_shape(maker: Maker, store: Store) -> None:
    """Colours and tiny shifts do not count: vertices are compared to the centimetre."""
    rng = np.random.default_rng(7)
    shapes = set()
    for _ in range(6):
        mesh = store.mesh(maker.draw(store, rng).mesh)
        shapes.add((len(mesh.faces), (mesh.vertices * 100).round().astype(int).tobytes()))
    assert len(shapes) >= 5


# --- loads


def test_no_two_goods_of_a_layer_are_in_one_another() -> None:
    for layout in LAYOUTS:
        for size in ((0.6, 0.4), (0.4, 0.3), (0.39, 0.19), (0.5, 0.3), (0.3, 0.3), (0.585, 0.385)):
            for room in ((1.2, 0.8), (1.2, 1.0)):
                for layer in range(2):
                    spots = layer_of(layout, size, room, layer)
                    boxes = []
                    for x, y, turned in spots:
                        dx, dy = size[::-1] if turned else size
                        assert abs(x) + dx / 2 <= room[0] / 2 + 1e-6 and abs(y) + dy / 2 <= room[1] / 2 + 1e-6
                        boxes.append((x, y, dx, dy))
                    for i, (x, y, dx, dy) in enumerate(boxes):
                        for u, v, du, dv in boxes[:i]:
                            assert abs(x - u) > (dx + du) / 2 - 1e-6 or abs(y - v) > (dy + dv) / 2 - 1e-6
                    covered = sum(dx * dy for *_, dx, dy in boxes) / (room[0] * room[1])
                    assert covered > 0.6


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(InputError):
        layer_of("column", (1.3, 0.9), (1.2, 0.8), 0)
    with pytest.raises(InputError):
        pallet(style="stone")


@pytest.mark.parametrize("goods", ["cartons", "sacks", "drums"])
def test_the_parts_of_a_load_are_where_its_mesh_is(goods: str) -> None:
    params: dict[str, Any] = {
        "goods": goods,
        "layers": 3,
        "seed": 5,
        "pallet": "chemical" if goods == "drums" else "eur",
    }
    whole = pallet_load(**params)
    points = []
    for name, own, pose in load_parts(**params):
        mesh = PROCEDURAL[name].make(**own)
        m = np.array(pose)
        assert np.allclose(m[:, :3] @ m[:, :3].T, np.eye(3), atol=1e-9)
        points.append(mesh.vertices @ m[:, :3].T + m[:, 3])
    joined = np.concatenate(points)
    assert joined.min(axis=0) == pytest.approx(whole.bounds[0], abs=0.02)
    assert joined.max(axis=0) == pytest.approx(whole.bounds[1], abs=0.02)


def test_goods_stand_on_what_carries_them() -> None:
    for seed in range(20):
        load = planned(
            "eur", "cartons", (0.4, 0.3), 0.25, 4, LAYOUTS[seed % 3], (1.0, 0.5)[seed % 2], "steel", False, seed
        )
        base = PALLETS["eur"][2]
        assert {round((i.foot[2] - base) / 0.25, 6) for i in load.items} == {0.0, 1.0, 2.0, 3.0}


def test_fifty_loads_differ() -> None:
    seen = {
        tuple(i.foot for i in planned("eur", "cartons", (0.4, 0.3), 0.25, 3, "brick", 0.5, "steel", False, s).items)
        for s in range(50)
    }
    assert len(seen) == 50


def test_prints_lie_on_the_board(store: Store) -> None:
    """Tape, labels and ink are just above the board, however crushed: rays from outside meet them first."""
    trimesh = pytest.importorskip("trimesh")
    make = PROCEDURAL["factory.carton"].make
    for seed in range(3):
        mesh = make(wear=1.0, seed=seed, product=seed)
        board = mesh.slot == mesh.slots.index("board")
        solid = trimesh.Trimesh(mesh.vertices, mesh.faces[board], process=False)
        middles = corners(mesh)[~board].mean(axis=1)
        n, area = face_normals(mesh)
        real = area[~board] > 1e-8
        start, way = middles[real] + 0.02 * n[~board][real], -n[~board][real]
        hit, ray, _ = solid.ray.intersects_location(start, way, multiple_hits=False)
        depth = np.full(len(start), np.inf)
        depth[ray] = np.linalg.norm(hit - start[ray], axis=1)
        assert (depth > 0.02).mean() > 0.995, "under the board"
        assert np.median(depth) < 0.0235
