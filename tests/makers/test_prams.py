"""Prams, and the people who push them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers.pushing import pusher
from synthgen.placement.cast import AHEAD
from synthgen.procedural.prams import KINDS, WHEELS, handle_of, pram
from synthgen.taxonomy import load_taxonomy
from tests.makers.solids import assert_sound


def points(mesh: Mesh, *slots: str) -> np.ndarray:
    """(N, 3) vertices that faces of these slots use."""
    chosen = np.isin(mesh.slot, [mesh.slots.index(s) for s in slots])
    return np.asarray(mesh.vertices[np.unique(mesh.faces[chosen])].astype(np.float64))


@pytest.mark.parametrize("wheels", WHEELS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_pram_is_sound_of_trade_size_and_its_handle_where_it_is_told(kind: str, wheels: str) -> None:
    for seed, height in ((1, 0.96), (2, 1.1)):
        mesh = pram(kind, height=height, wheels=wheels, seed=seed)
        assert_sound(mesh, lying=False)
        length, width, tall = np.ptp(mesh.bounds, axis=0)
        assert 0.85 < length < 1.15 and 0.48 < width < 0.68 and height < tall < 1.25
        x, z = handle_of(mesh)
        assert z == pytest.approx(height, abs=0.002) and x - mesh.bounds[0, 0] < 0.02
        tyres = points(mesh, "tyre")
        standing = tyres[tyres[:, 2] < 0.003]
        corners = {(bool(p[0] > 0), bool(p[1] > 0)) for p in standing}
        assert len(corners) == 4, "four wheels stand on the ground"
        # A child lies or sits off the wheels: the lowest of the cloth above them is above the wheels' tops.
        assert points(mesh, "fabric")[:, 2].min() > 0.2
    assert content_hash(pram(kind, wheels=wheels, seed=5)) == content_hash(pram(kind, wheels=wheels, seed=5))


def test_prams_differ_in_more_than_colour_and_unknown_ones_are_refused() -> None:
    shapes = {tuple(np.ptp(pram("seat", seed=k).bounds, axis=0).round(3)) for k in range(12)}
    assert len(shapes) == 12
    with pytest.raises(InputError, match="sledge"):
        pram("sledge")
    with pytest.raises(InputError, match="square"):
        pram(wheels="square")


@pytest.mark.assets
def test_hands_hold_the_handle_and_feet_keep_off_the_wheels(people_store: Store) -> None:
    for seed in (0, 1):
        made = pusher(people_store, np.random.default_rng(seed))
        part = made.parts[-1]
        assert (made.category, part.category, part.own, part.relation) == ("person", "pram", True, "pushed_by")
        assert {made.category, part.category} <= set(load_taxonomy("road").by_name)
        body, cart = people_store.mesh(made.mesh), people_store.mesh(part.mesh)
        assert set(part.surfaces) == set(cart.slots)
        shift = np.array(part.transform[3::4])
        grip = points(cart, "grip") + shift
        bar = grip[grip[:, 0] < grip[:, 0].min() + 0.034]
        skin = points(body, "skin")
        for side in (1.0, -1.0):
            hand = skin[(skin[:, 2] > 0.8) & (skin[:, 1] * side > 0.08) & (skin[:, 0] > 0.25)]
            middle = hand.mean(axis=0)
            assert abs(middle[1]) < np.abs(bar[:, 1]).max(), "a hand is beside the handle"
            assert cKDTree(hand).query(bar)[0].min() < 0.02
        assert 0.95 <= handle_of(cart)[1] <= 1.1
        feet = points(body, "shoes", "sole")
        wheels = points(cart, "tyre", "basket") + shift
        assert cKDTree(wheels).query(feet)[0].min() > 0.05
        far, wide = (cart.vertices[:, 0] + shift[0]).max(), np.ptp(cart.bounds[:, 1])
        assert far < AHEAD[0] and wide < AHEAD[1], "the place kept free ahead is too small"
