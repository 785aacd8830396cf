"""Loaded pallets: every one of their goods has a label of its own and stands on the pallet or on another."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.assets.store import Store
from synthgen.makers import Maker, all_makers
from synthgen.makers.maker import Made, MadePart
from synthgen.procedural.pallets import PALLETS
from synthgen.taxonomy.load import load_taxonomy

MAKERS = [all_makers()[f"factory/{n}"] for n in (
    "pallet_of_cartons", "pallet_of_drums", "wrapped_pallet", "pallet_of_crates", "stack_of_pallets"
)]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


def placed(store: Store, part: MadePart) -> np.ndarray:
    """(V, 3) the part's vertices in the load's frame."""
    m = np.array(part.transform).reshape(3, 4)
    found: np.ndarray = store.mesh(part.mesh).vertices @ m[:, :3].T + m[:, 3]
    return found


def drawn(maker: Maker, store: Store, seed: int) -> Made:
    return maker.draw(store, np.random.default_rng(seed))


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_goods_stand_on_the_pallet_and_have_labels_of_their_own(maker: Maker, store: Store) -> None:
    known = {c.name for c in load_taxonomy("factory").categories}
    loaded = 0
    for seed in range(6):
        made = drawn(maker, store, seed)
        assert made.category == "pallet" and made.mesh.source["procedural"] == "factory.pallet"
        top = PALLETS[made.attributes["pallet"]][2]
        half = np.array(PALLETS[made.attributes["pallet"]][:2]) / 2
        feet = []
        for part in made.parts:
            assert part.own and part.category in known
            points = placed(store, part)
            feet.append(points[:, 2].min())
            assert (np.abs(points[:, :2]).max(axis=0) < half + 0.13).all(), "hangs over"
        loaded += bool(feet)
        if feet:
            assert min(feet) == pytest.approx(top, abs=2e-3), (
                "the lowest stand on the pallet, in nothing and over nothing"
            )
    assert loaded >= 4


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_a_loads_size_is_what_it_reaches(maker: Maker, store: Store) -> None:
    for seed in range(4):
        made = drawn(maker, store, seed)
        points = np.concatenate([store.mesh(made.mesh).vertices, *(placed(store, p) for p in made.parts)])
        reach = np.array([*(2 * np.abs(points[:, :2]).max(axis=0)), points[:, 2].max()])
        assert (np.array(made.size) >= reach - 2e-3).all() and (np.array(made.size) <= reach + 0.03).all()
        assert made.size[2] < 2.2


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_the_same_seed_draws_the_same_load_and_others_differ(maker: Maker, store: Store) -> None:
    assert drawn(maker, store, 3) == drawn(maker, store, 3)
    assert (
        len(
            {
                (d.mesh.hash, *(p.transform for p in d.parts), *(p.mesh.hash for p in d.parts))
                for d in (drawn(maker, store, s) for s in range(8))
            }
        )
        >= 7
    )
