"""What is made for streets: bicycles that fit their riders, lenses, number plates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthgen.assets.mesh import content_hash
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import Maker, find_makers
from synthgen.makers.cycling import contacts, ridden_bicycle
from synthgen.procedural.bicycle import AXLE, CRANK_X, STYLES, WHEEL, bicycle
from synthgen.procedural.lenses import lamp_lens
from synthgen.procedural.plate_pictures import SIZES, plate_picture
from synthgen.procedural.plates import number_plate
from synthgen.procedural.registry import PROCEDURAL
from synthgen.taxonomy import load_taxonomy
from tests.makers.solids import assert_sound

MAKERS = [m for m in find_makers(domain="road") if m.id.startswith("road/") and "ridden" not in m.tags]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_what_is_made_is_sound_and_dressed(maker: Maker, store: Store) -> None:
    assert maker.category in load_taxonomy("road").by_name
    for seed in (3, 4):
        made = maker.draw(store, np.random.default_rng(seed))
        assert made == maker.draw(store, np.random.default_rng(seed))
        mesh = store.mesh(made.mesh)
        source = made.mesh.source
        assert content_hash(PROCEDURAL[source["procedural"]].make(**source["params"])) == made.mesh.hash
        assert set(made.surfaces) == set(mesh.slots)
        if "street_mesh" in maker.tags:  # tested in tests/procedural; open below, and not quite centred
            continue
        assert_sound(mesh, lying=False)
        assert made.size == pytest.approx(np.ptp(mesh.bounds, axis=0), abs=0.004)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_draws_differ(maker: Maker, store: Store) -> None:
    made = {maker.draw(store, np.random.default_rng(seed)).mesh.hash for seed in range(12)}
    assert len(made) >= 8


@pytest.mark.parametrize("style", STYLES)
def test_a_bicycle_is_of_trade_size_and_reaches_where_it_is_told(style: str) -> None:
    mesh = bicycle(style, saddle=(-0.25, 0.7), grip=(0.32, 0.27, 0.8), pedal=0.11, crank=0.17, angle=90.0)
    length, _, height = np.ptp(mesh.bounds, axis=0)
    assert 1.6 < length < 1.9
    assert 0.95 < height < 1.25
    v = mesh.vertices
    saddle = v[np.unique(mesh.faces[mesh.slot == mesh.slots.index("saddle")])]
    assert saddle[:, 2].max() == pytest.approx(AXLE + 0.7, abs=0.012)
    black = v[np.unique(mesh.faces[mesh.slot == mesh.slots.index("black")])]
    grips = black[black[:, 2] > AXLE + 0.75]
    assert np.abs(grips[:, 1]).mean() == pytest.approx(0.27, abs=0.03)
    assert grips[:, 0].mean() == pytest.approx(CRANK_X + 0.32, abs=0.03)
    pedal = black[(np.abs(black[:, 1] - 0.11) < 0.05) & (np.abs(black[:, 0] - CRANK_X) < 0.05)]
    assert pedal[:, 2].max() == pytest.approx(AXLE + 0.17 + 0.011, abs=0.002)
    tyres = v[np.unique(mesh.faces[mesh.slot == mesh.slots.index("tyre")])]
    assert tyres[:, 2].max() == pytest.approx(2 * WHEEL, abs=0.003)


def test_an_unknown_bicycle_is_refused() -> None:
    with pytest.raises(InputError, match="penny"):
        bicycle("penny")


@pytest.mark.assets
def test_riders_sit_on_the_saddle_and_tread_on_the_pedals(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store()
    try:
        find_pack("human").require(store.root)
    except InputError as error:
        pytest.skip(str(error))
    for seed in range(3):
        made = ridden_bicycle(store, np.random.default_rng(seed))
        (rider,) = made.parts
        assert (rider.category, rider.own) == ("rider", True)
        body, bike = store.mesh(rider.mesh), store.mesh(made.mesh)
        shift = np.array(rider.transform[3::4])
        sole = body.vertices[np.unique(body.faces[body.slot == body.slots.index("sole")])] + shift
        black = bike.vertices[np.unique(bike.faces[bike.slot == bike.slots.index("black")])]
        for side in (1, -1):
            own = sole[sole[:, 1] * side > 0]
            pedals = black[(black[:, 1] * side > 0.04) & (black[:, 2] < 0.6) & (np.abs(black[:, 0] - CRANK_X) < 0.28)]
            gap = np.abs(own[:, None] - pedals[None]).max(axis=2).min()
            assert gap < 0.05, f"a foot is {gap:.3f} m from its pedal"
        fit = contacts(body)
        assert 0.12 < fit["crank"] < 0.2, fit
        assert 0.45 < fit["saddle"][1] < 0.8
        assert math.dist(fit["saddle"], (fit["grip"][0], fit["grip"][2])) > 0.4
        assert sole[:, 2].min() > 0.03, "a pedal is in the road"


def test_lenses_and_plates_are_closed_and_look_ahead() -> None:
    for mesh in (lamp_lens(0.07), *map(number_plate, SIZES)):
        low, high = mesh.bounds
        assert np.isfinite(mesh.uvs).all()
        assert high[0] > 0
        assert low[1:] == pytest.approx(-high[1:], abs=2e-3)
    face = number_plate("eu")
    quad = face.faces[face.slot == face.slots.index("face")]
    assert face.vertices[quad][..., 0].min() > face.vertices[face.faces[face.slot == 1]][..., 0].max()
    assert face.normals[quad][..., 0].min() > 0.99


@pytest.mark.parametrize("style", list(SIZES))
def test_plates_differ_and_have_their_proportions(style: str) -> None:
    pictures = [plate_picture(style, k) for k in range(4)]
    width, height = SIZES[style]
    for picture in pictures:
        assert picture.shape[1] / picture.shape[0] == pytest.approx(width / height, rel=0.02)
        assert (picture.mean(axis=2) < 80).mean() > 0.04, "nothing is written on it"
    assert len({p.tobytes() for p in pictures}) == 4
    assert (plate_picture(style, 1) == pictures[1]).all()
