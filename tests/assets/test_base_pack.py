"""The real pack. Needs `synthgen assets fetch base`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import msgspec
import numpy as np
import pytest
import trimesh

from synthgen.assets.catalogue import Asset, Catalogue, load_catalogue
from synthgen.assets.check import LICENCES
from synthgen.assets.entries import load_entries
from synthgen.assets.facts import shipped_facts
from synthgen.assets.models import PackModels
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.taxonomy import load_taxonomy, taxonomy_names

pytestmark = pytest.mark.assets


@lru_cache
def store() -> Store:
    return Store()


@lru_cache
def catalogue() -> Catalogue:
    return load_catalogue(["base"], store())


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    try:
        find_pack("base").require(Store().root)
    except InputError as error:
        pytest.skip(str(error))


def some() -> Sequence[Asset]:
    """Every fortieth asset; all of them in `make check-assets`."""
    return catalogue().assets if os.environ.get("SYNTHGEN_ALL_ASSETS") else catalogue().assets[::40]


def test_assets_load_and_are_as_large_as_the_catalogue_says() -> None:
    entries = {e.id: e for e in load_entries("base")}
    assert len(catalogue().assets) == len(entries) >= 400
    for asset in some():
        mesh = store().mesh(asset.mesh)
        low, high = mesh.bounds.astype(float)
        assert np.allclose(high - low, entries[asset.id].size, atol=0.02, rtol=0.02), asset.id
        assert abs(low[2]) < 1e-4, asset.id
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3), asset.id
        assert tuple(s.name for s in asset.slots) == mesh.slots, asset.id
        if entries[asset.id].pose.origin == "middle":
            assert np.abs(low + high)[:2].max() < 1e-3, asset.id


def test_the_facts_that_come_along_are_those_of_the_entries() -> None:
    """Else every model would be opened when the pack is first used. `make facts` writes them anew."""
    models = PackModels(find_pack("base"), store())
    known = shipped_facts("base")
    assert [e.id for e in load_entries("base") if models.key(e) not in known] == []
    assert len(known) == len(load_entries("base"))


def test_the_facts_that_come_along_are_true() -> None:
    models = PackModels(find_pack("base"), store())
    ids = {a.id for a in some()}
    for entry in load_entries("base"):
        if entry.id in ids:
            said = shipped_facts("base")[models.key(entry)]  # convex parts are not made anew: see test_convex.py
            assert models.make(entry) == msgspec.structs.replace(said, convex=[]), entry.id


def slot_faces(asset: Asset, *roles: str) -> np.ndarray:
    mesh = store().mesh(asset.mesh)
    wanted = [k for k, s in enumerate(asset.slots) if s.role in roles]
    return mesh.vertices[mesh.faces[np.isin(mesh.slot, wanted)]]


def test_vehicles_face_plus_x() -> None:
    """Head lamps before tail lamps; where only tail lamps have a slot, these in the rear half."""
    checked = 0
    for asset in catalogue().query(category=["car", "van", "bus", "truck", "motorcycle"]):
        tail = slot_faces(asset, "tail_lamp")
        head = slot_faces(asset, "head_lamp")
        if len(tail):
            checked += 1
            assert tail[..., 0].mean() < (head[..., 0].mean() if len(head) else 0), asset.id
            assert tail[..., 0].mean() < 0, asset.id
    assert checked >= 9


def test_vehicles_stand_on_their_tyres() -> None:
    for asset in catalogue().query(category=["car", "van", "bus", "motorcycle", "bicycle"]):
        tyres = slot_faces(asset, "tyre")
        assert len(tyres) and tyres[..., 2].min() < 0.03, asset.id
        assert tyres[..., 0].min() < -0.2 * asset.size[0] and tyres[..., 0].max() > 0.2 * asset.size[0], asset.id


def test_people_face_plus_x() -> None:
    """Toes stick out before the ankle further than heels behind it."""
    for asset in catalogue().query(category="person", tag="standing"):
        vertices = store().mesh(asset.mesh).vertices
        foot = vertices[vertices[:, 2] < 0.04 * asset.size[2]]
        ankle = vertices[(vertices[:, 2] > 0.06 * asset.size[2]) & (vertices[:, 2] < 0.12 * asset.size[2])]
        reach = foot[:, 0].max() - np.median(ankle[:, 0]), np.median(ankle[:, 0]) - foot[:, 0].min()
        assert reach[0] > reach[1], asset.id
        assert 1.4 < asset.size[2] < 1.95, asset.id


def test_trees_stand_on_their_trunks() -> None:
    for asset in catalogue().query(tag="street_tree"):
        bark = slot_faces(asset, "bark").reshape(-1, 3)
        foot = bark[bark[:, 2] < 0.1]
        assert np.abs(foot[:, :2].mean(axis=0)).max() < 0.15, asset.id


def test_surfaces_face_outward() -> None:
    """Of what a viewer sees of the cars and people that are mended, nearly all faces him."""
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    for name in ("ford_focus", "sedan_1", "city_bus", "male_1", "female_2", "suit_male", "scooter_vespa"):
        mesh = store().mesh(catalogue()[f"base/{name}"].mesh)
        solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
        low, high = mesh.bounds
        front = 0
        total = 0
        for toward in ((1, 0.6, 0.4), (-1, -0.6, 0.4), (-1, 0.6, 0.4), (1, -0.6, 0.4)):
            back = np.array(toward) / np.linalg.norm(toward)
            targets = np.random.default_rng(1).uniform(low, high, (2000, 3))
            hit = RayMeshIntersector(solid).intersects_first(targets + back * 40, np.tile(-back, (2000, 1)))
            seen = hit[hit >= 0]
            front += int((solid.face_normals[seen] @ back > 0).sum())
            total += len(seen)
        assert front / total > 0.96, name


def test_what_a_user_needs_is_there() -> None:
    found = catalogue()
    least = {"car": 8, "van": 1, "bus": 2, "truck": 2, "bicycle": 2, "motorcycle": 3, "person": 25, "bench": 4}
    for category, number in {**least, "bin": 3, "chair": 30, "tool": 10, "cup": 5, "potted plant": 10}.items():
        assert len(found.query(category=category)) >= number, category
    road = ["car", "van", "bus", "truck", "bicycle", "motorcycle"]
    assert len(found.query(category=road)) >= 18
    assert len(found.query(tag=["tree", "street_tree", "hedge"])) >= 15
    domains = Counter(domain for asset in found.assets for domain in asset.domains)
    assert domains["factory"] >= 40 and domains["retail"] >= 100 and domains["road"] >= 90
    for name in taxonomy_names():  # an asset of a domain can be told there
        fit = {a.id for a in found.suited(load_taxonomy(name)).assets}
        assert [a.id for a in found.assets if name in a.domains and a.id not in fit] == []
    assert len(found.query(tag="street_tree")) >= 3
    assert len(found.query(tag="street_furniture")) >= 8
    assert len(found.query(category="person", tag="child")) >= 2
    assert all(a.licence in LICENCES and a.author and a.title for a in found.assets)
    paint = [a for a in found.query(category=["car", "van"]) if not any(s.recolour for s in a.slots)]
    assert paint == []
    assert not any(a.trademark for a in found.query(trademark=False))
    assert {"ford_focus", "suv", "van", "bus"} <= {a.id.split("/")[1] for a in found.query(trademark=True)}


def test_pictures_are_kept_and_small_enough() -> None:
    from PIL import Image

    for asset in some():
        for slot in asset.slots:
            for image in slot.images.values():
                with Image.open(store().image_file(image)) as opened:
                    assert max(opened.size) <= 1024
    people = catalogue().query(category="person", tag="standing")
    faces = [s for a in people for s in a.slots if s.role == "skin" and s.images]
    assert len(faces) >= 12


def test_loading_opens_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue(["base"], Store())

    def refuse(*_: object) -> None:
        raise AssertionError("a model was opened")

    monkeypatch.setattr(PackModels, "source", refuse)
    assert load_catalogue(["base"], Store()).assets == catalogue().assets


def test_a_mesh_made_again_is_the_one_that_is_named() -> None:
    from synthgen.assets.mesh import content_hash
    from synthgen.assets.store import MESH_MAKERS

    for name in ("suv", "male_1", "fire_hydrant"):
        asset = catalogue()[f"base/{name}"]
        assert content_hash(MESH_MAKERS["asset"](asset.mesh.source)) == asset.mesh.hash
