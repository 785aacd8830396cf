"""What halls are built of and what stands in them: sound meshes of true sizes that differ from seed to seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import synthgen.procedural
from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import Maker, all_makers
from synthgen.procedural.floor_paint import floor_hatch, floor_lines, floor_slab, tyre_marks
from synthgen.procedural.hall import column, roof
from synthgen.procedural.hall_walls import hall_wall
from synthgen.procedural.registry import PROCEDURAL
from synthgen.procedural.stripes import slanted
from tests.makers.solids import open_faces
from tests.procedural.geometry import coincident, corners, face_normals

assert synthgen.procedural

SIZES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "factory/column": ((0.19, 0.19, 4.9), (1.6, 1.2, 11.1)),
    "factory/roof_beam": ((0.1, 11.9, 0.8), (0.3, 26.1, 2.7)),
    "factory/gate": ((5.0, 2.7, 3.1), (11.0, 5.4, 5.7)),
    "factory/hall_door": ((0.1, 0.89, 1.99), (0.35, 1.21, 2.26)),
    "factory/double_door": ((0.1, 1.59, 2.09), (0.35, 2.11, 2.36)),
    "factory/window_band": ((0.02, 2.9, 0.89), (0.35, 12.2, 1.56)),
    "factory/high_bay": ((0.33, 0.33, 0.3), (0.6, 0.6, 1.8)),
    "factory/linear_luminaire": ((0.15, 1.19, 0.25), (0.4, 1.81, 1.2)),
    "factory/duct": ((0.3, 2.9, 0.5), (1.1, 12.1, 1.9)),
    "factory/pipes": ((0.05, 0.03, 0.05), (0.6, 8.1, 8.1)),
    "factory/cable_tray": ((0.2, 2.9, 0.3), (0.7, 12.1, 0.75)),
    "factory/machining_centre": ((1.7, 1.7, 2.1), (3.2, 4.6, 3.5)),
    "factory/press": ((1.2, 1.1, 2.5), (2.6, 3.2, 4.7)),
    "factory/lathe": ((0.6, 1.9, 1.2), (2.4, 4.0, 2.5)),
    "factory/control_cabinet": ((0.35, 0.55, 1.75), (0.7, 2.85, 2.7)),
    "factory/mobile_robot": ((0.68, 0.48, 0.27), (1.25, 0.85, 1.6)),
    "factory/forklift": ((3.0, 1.0, 2.0), (3.9, 1.3, 2.4)),
    "factory/extinguisher": ((0.1, 0.1, 0.35), (0.4, 0.4, 0.85)),
    "factory/exit_sign": ((0.002, 0.1, 0.14), (0.01, 0.7, 0.31)),
    "factory/fire_sign": ((0.002, 0.1, 0.14), (0.01, 0.4, 0.31)),
    "factory/order_sign": ((0.002, 0.1, 0.19), (0.01, 0.5, 0.41)),
    "factory/warning_sign": ((0.002, 0.1, 0.15), (0.01, 0.6, 0.41)),
}
"""Smallest and largest length, width, height in metres."""

MAKERS = [all_makers()[name] for name in SIZES]

PATCHES = {"lamp", "yellow", "ink", "label", "hole", "screen", "black", "face", "light", "dark", "paint"}
"""Slots that are a sheet in some of these."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


def without(mesh: Mesh, slots: set[str]) -> Mesh:
    kept = np.array([mesh.slots[k] not in slots for k in mesh.slot])
    return replace(mesh, faces=mesh.faces[kept], slot=mesh.slot[kept], face_random=mesh.face_random[kept])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_what_is_made_is_sound(maker: Maker, seed: int, store: Store) -> None:
    made = maker.draw(store, np.random.default_rng(seed))
    mesh = store.mesh(made.mesh)
    assert set(made.surfaces) == set(mesh.slots)
    low, _ = mesh.bounds
    assert abs(low[2]) < 1e-3, f"its foot is at {low[2]}"
    smallest, largest = SIZES[maker.id]
    assert (np.array(made.size) >= smallest).all() and (np.array(made.size) <= largest).all(), made.size
    normals, area = face_normals(mesh)
    real = area > 1e-8
    assert real.mean() > 0.99 and np.isfinite(mesh.uvs).all()
    agree = np.einsum("ij,ikj->ik", normals[real], mesh.normals[mesh.faces[real]].astype(float)).min(axis=1)
    middle = corners(mesh)[real].mean(axis=1).round(3)
    assert agree.min() > -0.05, f"{mesh.slots[mesh.slot[real][agree.argmin()]]} at {middle[agree.argmin()]} from behind"
    torn = open_faces(mesh)
    torn = torn[[mesh.slots[mesh.slot[i]] not in PATCHES for i in torn]]
    where = [(mesh.slots[mesh.slot[i]], corners(mesh)[i].mean(axis=0).round(3).tolist()) for i in torn[:3]]
    assert not len(torn), f"{len(torn)} open faces: {where}"
    c = corners(mesh)
    assert np.einsum("ij,ij->i", c[:, 0], np.cross(c[:, 1], c[:, 2])).sum() > 0, "wound inwards"
    pairs = coincident(mesh) if seed == 0 and len(mesh.faces) < 4000 else []
    where = [(mesh.slots[mesh.slot[i]], c[i].mean(axis=0).round(3).tolist()) for i, _ in pairs[:4]]
    assert not pairs, f"{len(pairs)} pairs of faces lie in one another: {where}"
    generator = PROCEDURAL[made.mesh.source["procedural"]].make
    assert content_hash(generator(**made.mesh.source["params"])) == made.mesh.hash, "two calls differ"


@pytest.mark.parametrize("maker", [m for m in MAKERS if "sign" not in m.tags], ids=lambda m: m.id)
def test_fifty_draws_differ_in_shape(maker: Maker, store: Store) -> None:
    """Colours and tiny shifts do not count: parts, and sizes to the centimetre."""
    rng = np.random.default_rng(7)
    shapes = set()
    for _ in range(8):
        mesh = store.mesh(maker.draw(store, rng).mesh)
        shapes.add((len(mesh.faces), (mesh.vertices * 100).round().astype(int).tobytes()))
    assert len(shapes) >= 6


def test_a_wall_is_open_where_it_shall_be_and_only_there() -> None:
    """Area of what is seen from the hall, projected on the wall's plane."""
    length, height, holes = 20.0, 8.0, [(-6.0, -2.5, 0.0, 4.0), (1.0, 7.0, 5.0, 6.2)]
    for kind in ("trapezoid", "upright", "level"):
        mesh = hall_wall(length=length, height=height, kind=kind, openings=holes, plinth=0.0)
        sheet = mesh.slot == mesh.slots.index("sheet")
        c = corners(mesh)[sheet]
        n, area = face_normals(mesh)
        seen = (n[sheet][:, 0] * area[sheet]).sum()
        free = sum((y1 - y0) * (z1 - z0) for y0, y1, z0, z1 in holes)
        assert seen == pytest.approx(length * height - free, rel=2e-3)
        middle = c.mean(axis=1)
        for y0, y1, z0, z1 in holes:
            inside = (middle[:, 1] > y0) & (middle[:, 1] < y1) & (middle[:, 2] > z0) & (middle[:, 2] < z1)
            assert not inside.any()


def test_a_roof_looks_down_and_covers_the_hall() -> None:
    for skylights in (0, 3):
        mesh = roof(width=18.0, length=24.0, rise=0.6, skylights=skylights)
        covering = np.isin(mesh.slot, [mesh.slots.index(s) for s in mesh.slots if s in ("sheet", "pane")])
        n, area = face_normals(mesh)
        assert -(n[covering][:, 2] * area[covering]).sum() == pytest.approx(18.0 * 24.0, rel=1e-3)
        assert (n[covering][:, 2] < 0).all()
        assert ("pane" in {mesh.slots[k] for k in np.unique(mesh.slot)}) == bool(skylights)


def test_what_is_on_the_floor_is_flat_and_looks_up() -> None:
    path = [[(0.0, -4.0), (0.0, 0.0), (3.0, 1.0), (3.0, 6.0)]]
    for mesh in (floor_slab(), floor_lines(), floor_hatch(), tyre_marks(paths=path)):
        n, _ = face_normals(mesh)
        assert mesh.vertices[:, 2].min() >= 0.0 and mesh.vertices[:, 2].max() < 0.0001 and (n[:, 2] > 0.99).all()


def test_stripes_do_not_overlap_and_stay_within() -> None:
    for width, height, stripe, gap in ((2.0, 3.0, 0.12, 0.3), (0.3, 1.2, 0.1, 0.1), (5.0, 0.4, 0.2, 0.2)):
        parts = slanted(width, height, stripe, gap=gap)
        points = np.concatenate(parts)
        assert points.min() >= -1e-9 and (points <= np.array([width, height]) + 1e-9).all()
        total = sum(abs(_area(p)) for p in parts)
        assert total == pytest.approx(width * height * stripe / (stripe + gap), rel=0.12)


def _area(p: np.ndarray) -> float:
    q = np.roll(p, -1, axis=0)
    return float((p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]).sum() / 2)


def test_what_is_not_made_is_said() -> None:
    with pytest.raises(InputError):
        column(kind="marble")
    with pytest.raises(InputError):
        hall_wall(kind="straw")
    with pytest.raises(InputError):
        floor_lines(lines=[(1.0, 1.0, 1.0, 1.0)])
