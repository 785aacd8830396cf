"""Our readers against trimesh's reading of the very files that packs bring.

Twenty models from all over the catalogue; `make check-assets` (SYNTHGEN_ALL_ASSETS=1) takes all of every fetched pack.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import PurePath

import numpy as np
import pytest
import trimesh

from synthgen.assets.entries import Entry, catalogue_files, load_entries
from synthgen.assets.models import PackModels
from synthgen.assets.normalise import turn
from synthgen.assets.packs import find_pack, load_packs
from synthgen.assets.store import Store
from synthgen.errors import InputError

pytestmark = pytest.mark.assets

SAMPLE = 20
TRIMESH_READS = (".obj", ".stl", ".ply", ".glb")


@cache
def entries() -> list[tuple[PackModels, Entry]]:
    """All models of the packs that are here, or an even sample of the pack `base`."""
    everything = bool(os.environ.get("SYNTHGEN_ALL_ASSETS"))
    found: list[tuple[PackModels, Entry]] = []
    for name in load_packs() if everything else ["base"]:
        pack = find_pack(name)
        try:
            pack.require(Store().root)
        except InputError:
            continue
        if catalogue_files(name):
            models = PackModels(pack, Store(keep_meshes=1))
            found += [(models, entry) for entry in load_entries(name)]
    return found if everything else found[5 :: max(1, len(found) // SAMPLE)][:SAMPLE]


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    if not entries():
        pytest.skip("no pack of models is here")


def test_bounds_and_triangles_are_those_that_trimesh_reads() -> None:
    for models, entry in entries():
        suffix = PurePath(entry.model).suffix.lower()
        if suffix not in TRIMESH_READS:
            continue
        data = models.archive(entry).read(entry.model)
        original = trimesh.load(
            trimesh.util.wrap_as_stream(data), file_type=suffix[1:], force="mesh", process=False, skip_materials=True
        )
        source = models.source(entry)
        used = source.positions[source.corners[:, 0]]
        assert np.allclose([used.min(axis=0), used.max(axis=0)], original.bounds, rtol=1e-6, atol=1e-9), entry.id
        assert int((source.polygon_size - 2).sum()) == len(original.faces), entry.id


def test_normalised_bounds_are_the_originals_turned_and_scaled() -> None:
    for models, entry in entries():
        source = models.source(entry)
        turned = turn(source.positions[np.unique(source.corners[:, 0])], entry.pose)
        extent = turned.max(axis=0) - turned.min(axis=0)
        low, high = np.array(models.facts(entry).bounds)
        solid = extent > 1e-4 * extent.max()
        ratio = (high - low)[solid] / extent[solid]
        assert np.allclose((high - low)[solid], np.array(entry.size)[solid], rtol=0.02, atol=0.02), entry.id
        assert ratio.max() / ratio.min() < 2.6, f"{entry.id}: stretched out of its shape"
