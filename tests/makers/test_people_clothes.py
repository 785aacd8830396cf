"""Clothes of made people: skin stays in them, nothing comes through a vest, and their pictures."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree
from trimesh.ray.ray_pyembree import RayMeshIntersector

from synthgen.assets.mesh import vertex_normals
from synthgen.errors import InputError
from synthgen.procedural.people import clothes, garments
from synthgen.procedural.people.figure import hidden_skin, outfit, person
from synthgen.procedural.people.folds import tubes
from synthgen.procedural.people.scalp import visible_skin
from tests.makers.people import adult, figure_in

pytestmark = [pytest.mark.assets, pytest.mark.usefixtures("people_pack")]


TEE, SHIRT, SKIRT = ("tshirt", "shorts", ""), ("shirt", "jeans", "open_jacket"), ("sweater", "skirt", "")


@pytest.mark.parametrize(
    ("pose", "worn"),
    [("standing", TEE), ("standing", SHIRT), ("standing", SKIRT), ("walking", SHIRT), ("walking", SKIRT),
     ("reaching", TEE), ("sitting", TEE), ("lifting", SHIRT)],
)  # fmt: skip
def test_skin_stays_inside_clothes(pose: str, worn: tuple[str, str, str]) -> None:
    """No skin that a garment covers comes more than 2 mm out of it."""
    figure = figure_in(pose, adult(weight=0.6))
    top, bottom, jacket = worn
    garments = outfit(top, bottom, jacket, False, np.random.default_rng(1))
    base = figure.base
    quads = base.groups["body"].quads
    keep = visible_skin(base) & ~hidden_skin(garments)[quads].all(axis=1)
    used = np.unique(quads[keep])
    skin = figure.posed(figure.vertices[used], base.weights[used])
    rest = clothes.Wardrobe(figure.rig, figure.vertices, figure.size)
    checked = 0
    for k, g in enumerate(garments):
        over = garments[k + 1 :]
        _, before = rest.hang(g, over)
        part = figure.wear(g, over)
        under = clothes.covers(g)[used] > 0.012
        for outer in over:
            under &= clothes.covers(outer)[used] < 0.0
        if part is None or not under.any() or (g.get("hangs") and pose in ("sitting", "lifting")):
            continue
        # Beside each point of the skin lies the vertex of the garment that lay nearest when the limbs were apart.
        beside = cKDTree(before).query(figure.vertices[used[under]])[1]
        normals = vertex_normals(part.points, part.faces).astype(float)
        outside = ((skin[under] - part.points[beside]) * normals[beside]).sum(axis=1)
        assert outside.max() < 0.002, (g["name"], outside.max())
        checked += len(outside)
    assert checked > 50


@pytest.mark.parametrize(
    ("pose", "worn"),
    [("standing", ("tshirt", "")), ("standing", ("long_sleeve", "puffer")), ("walking", ("sweater", "jacket")),
     ("carrying", ("tshirt", "")), ("carrying", ("sweater", "jacket"))],
)  # fmt: skip
def test_nothing_comes_through_a_vest(pose: str, worn: tuple[str, str]) -> None:
    """From clothes that a vest covers one sees the vest: straight outwards, level, or straight ahead or back."""
    figure = figure_in(pose, adult(weight=0.6))
    garments_worn = outfit(worn[0], "work_trousers", worn[1], True, np.random.default_rng(1))
    rest = clothes.Wardrobe(figure.rig, figure.vertices, figure.size)
    cuts = [rest.hang(g, garments_worn[k + 1 :])[0] for k, g in enumerate(garments_worn)]
    parts = [figure.wear(g, garments_worn[k + 1 :]) for k, g in enumerate(garments_worn)]
    vest = parts[-1]
    ray = RayMeshIntersector(trimesh.Trimesh(vest.points, vest.faces, process=False))
    inside, checked = clothes.covers(garments_worn[-1]), 0
    for cloth, part in zip(cuts[:-1], parts[:-1], strict=True):
        if part is None:
            continue
        under = (cloth.surface.of(inside) > 0.012) & (np.abs(cloth.place[:, 1]) < 0.13)  # sleeves come out of armholes
        points, outwards = part.points[under], vertex_normals(part.points, part.faces).astype(float)[under]
        level, straight = outwards * (1, 1, 0), np.sign(outwards[:, :1]) * (1.0, 0.0, 0.0)
        covered = np.any([ray.intersects_any(points, way) for way in (outwards, level, straight)], axis=0)
        assert covered.mean() > 0.995, (1.0 - covered.mean(), cloth.place[under][~covered][:3])
        checked += int(under.sum())
    assert checked > 50


def test_pictures_of_garments_tell_them_apart() -> None:
    seen = set()
    for kind in garments.KINDS:
        picture = garments.garment_picture(kind)
        assert picture.dtype == np.uint8 and picture.std() > 2, kind  # no plain colour
        seen.add(picture.tobytes())
    # Long sleeves are in the mesh alone, a sweater's ribs in its height, and a coat's skirt is a skirt.
    assert len(seen) >= len(garments.KINDS) - 3
    heights = {}
    for kind in ("tshirt", "sweater", "shirt", "puffer", "jeans"):
        heights[kind] = garments.garment_height(kind)
        assert heights[kind].shape == picture.shape and heights[kind].std() > 8, kind  # not flat
    assert len({h.tobytes() for h in heights.values()}) == len(heights)
    picture = garments.garment_picture("shirt")
    assert np.array_equal(picture, garments.garment_picture("shirt"))
    assert not np.array_equal(picture, garments.garment_picture("shirt", seed=1))
    printed = garments.garment_picture("shirt", graphic="stripes", color=(0.1, 0.1, 0.3), ink=(0.6, 0.6, 0.6))
    assert np.ptp(printed.astype(float).mean(axis=2)) > 60
    with pytest.raises(InputError, match="toga"):
        garments.garment_picture("toga")


def test_clothes_wear_their_picture_where_they_are() -> None:
    """The left sleeve's texture is another place than the trunk's, and no face of a garment spans both."""
    mesh = person(pose="standing", top="long_sleeve")
    for slot in ("top", "bottom"):
        mine = mesh.faces[mesh.slot == mesh.slots.index(slot)]
        uv = mesh.uvs[mine]
        outside = uv[~(uv == 0).all(axis=(1, 2))]  # hems that turn in have no place of their own
        assert outside.min() > -0.02 and outside.max() < 1.02
        assert np.ptp(outside, axis=1).max() < 0.15


def test_quilted_jackets_have_their_tubes_in_the_mesh() -> None:
    """Going down a trunk, a puffer's cloth lies nearer to the body on its seams than between them."""
    figure = figure_in("standing", clear=False)
    puffer = dict(clothes.garment("jackets", "puffer", np.random.default_rng(0)))
    cloth, quilted = clothes.Wardrobe(figure.rig, figure.vertices, figure.size).hang(puffer, ())
    even = clothes.Wardrobe(figure.rig, figure.vertices, figure.size).hang({**puffer, "quilt": 0.0}, ())[1]
    out = ((quilted - even) * vertex_normals(even, cloth.surface.faces).astype(float)).sum(axis=1)
    for own in (cloth.arm < 0, cloth.arm > 0.1):
        between = tubes(cloth.place[own, 2], cloth.arm[own])
        assert np.median(out[own][between > 0.9]) - np.median(out[own][between < 0.2]) > 0.005
