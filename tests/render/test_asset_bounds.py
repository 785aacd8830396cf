"""Blender and trimesh find every asset as large as the catalogue's facts say, and as large as its original was.

Twenty assets from all over the catalogue; `make check-assets` (SYNTHGEN_ALL_ASSETS=1) takes all of every fetched pack.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
import trimesh

from synthgen.assets.catalogue import Asset, load_catalogue
from synthgen.assets.packs import load_packs
from synthgen.assets.store import Store
from synthgen.errors import InputError

pytestmark = [pytest.mark.blender, pytest.mark.assets]

SAMPLE = 20


@cache
def assets() -> list[Asset]:
    """All assets of the packs that are here, or an even sample of the pack `base`."""
    found: list[Asset] = []
    everything = bool(os.environ.get("SYNTHGEN_ALL_ASSETS"))
    for name in load_packs() if everything else ["base"]:
        try:
            found += load_catalogue([name], Store()).assets
        except InputError:
            continue
    return found if everything else found[:: max(1, len(found) // SAMPLE)][:SAMPLE]


@pytest.fixture(scope="module")
def in_blender() -> dict[str, Any]:
    """What Blender says, by mesh hash."""
    if not assets():
        pytest.skip("no pack of models is here")
    store = Store()
    names = [a.mesh.hash for a in assets()]
    for asset in assets():
        store.mesh(asset.mesh)  # makes what the cache lacks
    done = subprocess.run(
        [sys.executable, "-m", "tests.render.blender_bounds", str(store.root)],
        input="\n".join(names), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(names, map(json.loads, done.stdout.splitlines()), strict=True))


def test_blender_and_trimesh_agree_with_the_facts(in_blender: dict[str, Any]) -> None:
    store = Store(keep_meshes=1)
    for asset in assets():
        mesh = store.mesh(asset.mesh)
        facts = store.bounds(asset.mesh)
        said = in_blender[asset.mesh.hash]
        assert np.allclose(said["bounds"], facts, atol=1e-5), asset.id
        assert said["counts"] == [len(mesh.vertices), len(mesh.faces), len(mesh.slots)], asset.id
        solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False, validate=False)
        assert np.allclose(solid.bounds, facts, atol=1e-5), asset.id
        assert np.allclose(facts[1] - facts[0], asset.size, atol=1e-4), asset.id
