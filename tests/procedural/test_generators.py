"""What every generator of the registry promises."""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np
import pytest

import synthgen.procedural
from synthgen.assets.mesh import content_hash
from synthgen.assets.packs import find_pack
from synthgen.errors import InputError
from synthgen.paths import cache_root
from synthgen.procedural.registry import PROCEDURAL, PROCEDURAL_IMAGES
from tests.procedural.geometry import coincident, face_normals, volume

assert synthgen.procedural

LANTERN: dict[str, Any] = {"style": "classic", "height": 4.0}
"""Its panes are a funnel without ends, whose signed volume says nothing."""

VARIANTS: dict[str, list[dict[str, Any]]] = {
    "street.building": [
        {"seed": 1},
        {"seed": 2, "shop": False, "roof": "pitch", "ends": "both", "storeys": 2, "width": 11.0},
        {"seed": 3, "roof": "mansard", "ends": "right", "storeys": 4},
        {"seed": 4, "shop": False, "ends": "left", "storeys": 0, "width": 4.0, "depth": 5.0},
    ],
    "street.lamp_post": [*({"style": s} for s in ("single", "double", "hanging")), LANTERN],
    "street.traffic_light": [{"kind": k, "backplate": k == "vehicle"} for k in ("vehicle", "pedestrian", "bicycle")],
    "street.signal_post": [{}, {"arm": 4.5}, {"arm": -4.5}],
    "street.sign_plate": [
        {"shape": s} for s in ("circle", "triangle", "triangle_down", "square", "octagon", "rect", "diamond")
    ],
    "street.manhole": [{"style": s, "seed": k} for k, s in enumerate(("round", "plain", "gully"))],
    "street.tree_pit": [{"style": s} for s in ("grate", "soil", "cobble")],
    "street.bollard": [{"style": s} for s in ("round", "classic", "granite")],
    "street.bin": [{"style": s} for s in ("post", "column", "slats")],
    "street.bench": [{}, {"back": False}],
    "street.fence": [{"style": s} for s in ("bars", "boards", "mesh")],
    "road.fence": [{"style": "boards"}, {"style": "bars"}, {"style": "mesh"}],
    "road.guard_rail": [{}, {"style": "box", "double": True, "damage": 0.6}],
    "road.jersey_barrier": [{}, {"style": "step"}, {"style": "plastic"}],
    "road.bicycle": [
        {"style": "city", "basket": "front"},
        {"style": "step_through", "basket": "rear"},
        {"style": "mountain", "stand": True},
    ],
    "road.van": [{}, {"windows": True}],
    "road.box_truck": [{}, {"lift": True}],
    "road.trailer": [{"style": s} for s in ("box", "open", "cover")],
    "street.barrier": [{"style": s} for s in ("board", "jersey")],
    "street.hedge": [{"length": 1.0}],
    "street.leaf_litter": [{"count": 60, "gather": 0.6}],
    "people.person": [
        {},
        {"pose": "walking", "phase": 0.3, "bottom": "skirt", "jacket": "open_jacket", "hair": "long", "level": 1},
        {"pose": "lifting", "top": "shirt", "vest": True, "helmet": "safety", "shoes": "boots"},
        {"pose": "sitting", "jacket": "coat", "top": "rolled_shirt", "hair": "tail"},
    ],
    "marking.arrow": [{"direction": d} for d in ("straight", "left", "right", "straight_left")],
    "marking.line": [{}, {"dash": 3.0, "gap": 6.0, "phase": 1.0}],
    "marking.bay": [{"shape": s} for s in ("line", "T", "L")],
    "marking.stop_line": [{}, {"dashed": True}],
}
PACKED = {"people.person": "human"}
"""Generators that need a pack."""


def _fetched(name: str) -> bool:
    if name not in PACKED:
        return True
    try:
        find_pack(PACKED[name]).require(cache_root())
    except InputError:
        return False
    return True


LAID_ON = {"factory.workpiece_patch", "factory.workpiece_burr"}
"""They are made for a place of another mesh: tests/makers/test_workpieces.py."""

NAMES = [name for name in sorted(PROCEDURAL) if name not in LAID_ON and _fetched(name)]
CASES = [(name, params) for name in NAMES for params in VARIANTS.get(name, [{}])]
LEAFY = {"people.person", "street.hedge", "street.planter", "street.leaf_litter"}
"""Loose leaves and locks of hair cross one another, and show both sides."""

BENT = {"factory.pallet_load", "factory.wrapped_goods"}
"""Prints on bulging boards, a metre from the origin: nearly parallel planes cannot be told from one there."""

CROSSING = {"people.person", "retail.grid_ceiling", "factory.station_frame"}
"""Pieces of one surface run into one another (locks of hair, cut tiles, profiles): it shows nowhere."""

SOLID = {
    "street.bollard", "street.bin", "street.bench", "street.post_box", "street.parking_meter", "street.newspaper_box",
    "street.electricity_cabinet", "street.traffic_cone", "street.barrier", "street.pole", "street.sign_plate",
    "street.traffic_light", "street.signal_post", "street.sign_post", "street.lamp_post", "street.building",
    "street.railing", "street.fence", "street.bike_stand", "street.cable", "street.clock", "street.bus_shelter",
    "street.kerb", "street.kerb_corner",
}  # fmt: skip


def ids(case: tuple[str, dict[str, Any]]) -> str:
    return case[0] + json.dumps(case[1])


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_generator_is_a_sound_pure_function(case: tuple[str, dict[str, Any]]) -> None:
    name, params = case
    make = PROCEDURAL[name].make
    mesh = make(**params)
    assert content_hash(mesh) == content_hash(make(**json.loads(json.dumps(params)))), "two calls differ"
    assert np.abs(mesh.vertices).max() < 200.0
    normals, area = face_normals(mesh)
    assert (area > 1e-9).mean() > 0.995
    # Shading normals belong to the side that the winding calls the front.
    real = area > 1e-8
    for k in range(3):
        agree = np.einsum("ij,ij->i", normals[real], mesh.normals[mesh.faces[real, k]].astype(float))
        assert agree.min() > -0.05, f"a face of {mesh.slots[mesh.slot[real][agree.argmin()]]} is shaded from behind"
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-4)
    assert (mesh.face_random >= 0).all() and (mesh.face_random <= 1).all()
    if name in SOLID and params is not LANTERN:
        assert volume(mesh) > 0, "wound inwards"
    if name not in LEAFY | BENT | CROSSING:
        pairs = coincident(mesh)
        where = [(mesh.slots[mesh.slot[i]], mesh.vertices[mesh.faces[i]].mean(axis=0).round(3)) for i, _ in pairs[:3]]
        assert not pairs, f"{len(pairs)} pairs of faces lie in one another: {where}"


@pytest.mark.parametrize("name", NAMES)
def test_slots_and_parameters_are_told(name: str) -> None:
    make = PROCEDURAL[name].make
    text = (make.__doc__ or "") + (inspect.getmodule(make).__doc__ or "")  # type: ignore[union-attr]
    for slot in make(**VARIANTS.get(name, [{}])[0]).slots:
        assert slot in text, f"{name} does not tell of its slot {slot}"
    for parameter in inspect.signature(make).parameters.values():
        assert parameter.default is not inspect.Parameter.empty, f"{name}: {parameter.name} has no default"


@pytest.mark.parametrize("name", NAMES)
def test_seeds_matter_where_there_are_any(name: str) -> None:
    make = PROCEDURAL[name].make
    if "seed" not in inspect.signature(make).parameters or name in ("street.manhole", "street.tree_pit"):
        return
    params = VARIANTS.get(name, [{}])[-1 if name == "street.fence" else 0] | (
        {"style": "boards"} if name == "street.fence" else {}
    )
    assert content_hash(make(**{**params, "seed": 1})) != content_hash(make(**{**params, "seed": 2}))


@pytest.mark.parametrize("name", sorted(PROCEDURAL_IMAGES))
def test_an_image_generator_is_a_pure_function(name: str) -> None:
    make = PROCEDURAL_IMAGES[name].make
    known = inspect.signature(make).parameters
    quick = {"length": 10.0, "resolution": 0.05, "size": 96, "pixels_per_metre": 400.0}
    small = {key: value for key, value in quick.items() if key in known}
    drawn_from = "seed" if "seed" in known else "brand"
    if drawn_from == "brand":
        small["density"] = 300
    a, b = make(**small, **{drawn_from: 3}), make(**small, **{drawn_from: 3})
    assert a.dtype == np.uint8 and a.ndim in (2, 3)
    assert np.array_equal(a, b)
    assert not np.array_equal(a, make(**small, **{drawn_from: 4}))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("street.building", {"roof": "thatch"}),
        ("street.building", {"width": 1.0}),
        ("street.sign_plate", {"shape": "star"}),
        ("street.traffic_light", {"kind": "tram"}),
        ("street.lamp_post", {"style": "moon"}),
        ("street.kerb_corner", {"radius": 0.1}),
        ("street.sidewalk_block", {"width": 5.0, "length": 5.0, "radii": [3.0, 3.0, 0.0, 0.0]}),
        ("marking.arrow", {"direction": "back"}),
        ("marking.rect", {"uv_scale": [0.0, 60.0]}),
        ("street.lettering", {"text": "  "}),
        ("street.lettering", {"font": "gothic"}),
        ("street.bin", {"style": "bag"}),
    ],
)
def test_what_cannot_be_made_is_an_input_error(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        PROCEDURAL[name].make(**params)
