"""Packages and their print: what a shelf is filled with."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
import zxingcpp

from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import all_makers, find_makers
from synthgen.makers.products import package, product
from synthgen.procedural.packaging import ean, shapes, sheets
from synthgen.procedural.packaging.design import design, goods
from synthgen.procedural.packaging.panels import facts, front
from synthgen.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
GROUPS = tuple(goods()["groups"])
MESHES: dict[str, dict[str, Any]] = {
    "box": {"width": 0.19, "depth": 0.065, "height": 0.29},
    "brick": {"width": 0.09, "depth": 0.06, "height": 0.17, "seed": 3},
    "multipack": {"width": 0.27, "depth": 0.2, "height": 0.12},
    "milk_carton": {"width": 0.07, "depth": 0.07, "height": 0.2},
    "can": {"diameter": 0.075, "height": 0.11},
    "soda_can": {"diameter": 0.066, "height": 0.116},
    "tall_can": {"diameter": 0.076, "height": 0.23},
    "bottle": {"diameter": 0.08, "height": 0.3},
    "jar": {"diameter": 0.07, "height": 0.12},
    "tub": {"diameter": 0.095, "height": 0.09},
    "flask": {"width": 0.09, "depth": 0.06, "height": 0.25},
    "bag": {"width": 0.2, "depth": 0.07, "height": 0.28, "seed": 1},
    "tube": {"width": 0.05, "depth": 0.035, "height": 0.16},
    "tray": {"width": 0.18, "depth": 0.13, "height": 0.04},
}
CLOSED = MESHES.keys() - {"bottle", "jar", "tray"}
"""The others have parts that touch: a label on glass, a film on a tray."""


def made(name: str) -> Mesh:
    mesh: Mesh = getattr(shapes, name)(**MESHES[name])
    return mesh


def joined(mesh: Mesh) -> trimesh.Trimesh:
    """Its triangles, with vertices of one place made one."""
    solid = trimesh.Trimesh(mesh.vertices.astype(float), mesh.faces, process=False)
    solid.merge_vertices(merge_tex=True, merge_norm=True, digits_vertex=6)
    return solid


@pytest.mark.parametrize("name", MESHES)
def test_packages_are_sound(name: str) -> None:
    mesh, params = made(name), MESHES[name]
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.uvs).all()
    solid = trimesh.Trimesh(mesh.vertices.astype(float), mesh.faces, process=False)
    assert solid.area_faces.min() > 1e-12
    outward = np.einsum("ij,ij->i", mesh.normals[mesh.faces].mean(axis=1), solid.face_normals)
    assert (outward > 0).all(), "normals look to the side that the triangles look to"
    low, high = mesh.bounds.astype(float)
    assert abs(low[2]) < 1e-4 and abs(high[2] - params["height"]) < 0.004
    width, depth = (params.get(k, params.get("diameter")) for k in ("width", "depth"))
    assert abs(high[1] - low[1] - width) < 0.007 and abs(high[0] - low[0] - depth) < 0.009
    assert np.abs((low + high)[:2]).max() / 2 < 0.002, "it stands about its origin"
    assert content_hash(made(name)) == content_hash(mesh)


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_packages_are_closed(name: str) -> None:
    solid = joined(made(name))
    assert solid.is_watertight
    assert all(part.volume > 0 for part in solid.split(only_watertight=True))


@pytest.mark.parametrize("name", sorted(MESHES.keys() - {"tray"}))
def test_the_front_can_be_read_from_the_front(name: str) -> None:
    """Seen from +X, the sheet runs to the right (+Y) and upwards: print is not mirrored, nor upside down."""
    mesh = made(name)
    corners = mesh.vertices[mesh.faces].astype(float)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    facing = (normal[:, 0] > 0.9) & (mesh.slot == mesh.slots.index("print"))
    facing &= corners[:, :, 2].min(axis=1) < 0.5 * mesh.bounds[1, 2]  # a gable's folds are no front
    assert facing.any()
    uv = mesh.uvs[mesh.faces[facing]].astype(float)
    yz = corners[facing][:, :, 1:]
    # u and v as linear functions of y and z on each triangle.
    slopes = np.linalg.lstsq(
        np.concatenate([yz[:, 1] - yz[:, 0], yz[:, 2] - yz[:, 0]]),
        np.concatenate([uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]]),
        rcond=None,
    )[0]
    assert slopes[0, 0] > 0 and slopes[1, 1] > 0
    assert abs(slopes[1, 0]) < 0.2 * slopes[0, 0] and abs(slopes[0, 1]) < 0.2 * slopes[1, 1]


def test_bar_codes_are_the_standard_s() -> None:
    assert ean.with_check_digit([int(c) for c in "400638133393"]) == "4006381333931"
    assert ean.modules("4006381333931") == (
        "10100011010100111010111101111010001001011001101010100001010000101000010111010010000101100110101"
    )
    with pytest.raises(ValueError, match="not an EAN"):
        ean.modules("4006381333932")


@pytest.mark.parametrize("group", GROUPS[::4])
def test_a_public_decoder_reads_the_bar_code(group: str) -> None:
    d = design(group, 11, 1)
    (read,) = zxingcpp.read_barcodes(np.ascontiguousarray(facts(d, 300, 700)))
    assert (read.text, read.format) == (d.ean, zxingcpp.BarcodeFormat.EAN13)
    assert d.ean[0] == ean.IN_STORE, "no real product's number"


def test_of_300_products_no_two_share_brand_layout_and_shape(tmp_path: Path) -> None:
    looks = []
    for k in range(300):
        group = GROUPS[k % len(GROUPS)]
        d = design(group, k, 0)
        looks.append((d.brand, d.layout, package(group, k)[0]))
    assert len(set(looks)) == 300
    assert len({layout for _, layout, _ in looks}) == 12 and len({shape for *_, shape in looks}) > 12
    a, b = (product(Store(tmp_path), "snack", brand, 0) for brand in (1, 2))
    assert (a.size, a.attributes["brand"]) != (b.size, b.attributes["brand"])


def test_flavours_of_a_brand_share_its_look_and_shape(tmp_path: Path) -> None:
    store = Store(tmp_path)
    one, other = (product(store, "cereal", 4, flavour) for flavour in (0, 1))
    a, b = design("cereal", 4, 0), design("cereal", 4, 1)
    assert (a.brand, a.layout, a.logo, a.name_font) == (b.brand, b.layout, b.logo, b.name_font)
    assert a.flavour != b.flavour and a.ean != b.ean
    assert one.mesh == other.mesh and one.surfaces["print"].images != other.surfaces["print"].images
    assert np.abs(front(a, 90, 130).astype(int) - front(b, 90, 130)).mean() > 3


def test_every_group_is_made(tmp_path: Path) -> None:
    store, rng = Store(tmp_path), np.random.default_rng(0)
    terms = {c.name for c in load_taxonomy("retail").categories}
    makers = find_makers(domain="retail", tag="product")
    assert len(makers) == len(GROUPS)
    for maker in makers:
        assert maker.category in terms and all_makers()[maker.id] is maker
        drawn = maker.draw(store, rng)
        assert set(drawn.surfaces) == set(store.slots(drawn.mesh))
        assert drawn.surfaces["print"].images["color"]
        assert 0.01 < max(drawn.size) < 0.45, drawn


def digests() -> str:
    drawn = (
        sheets.box_print("cereal", 5, 2),
        sheets.round_print("dairy", 6, 0, 0.3, 0.08, 0.09),
        sheets.bag_print("snack", 9, 1),
    )
    return " ".join(hashlib.sha256(sheet.tobytes()).hexdigest() for sheet in drawn)


def test_print_is_the_same_in_another_process() -> None:
    said = "from tests.makers.test_products import digests; print(digests())"
    there = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == digests()


def test_a_group_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'cereals'"):
        product(Store(tmp_path), "cereals", 0, 0)
