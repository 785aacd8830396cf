"""Buildings, lettering, signs, signals and the car's bonnet, as placement and labels rely on them."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.errors import InputError
from synthgen.procedural.bonnet import bonnet
from synthgen.procedural.building import END_REACH, FRONT_REACH, ROOF_RISE, building
from synthgen.procedural.poles import lamp_positions, lamp_post
from synthgen.procedural.shopfront import shop_names
from synthgen.procedural.sign_pictures import SIGNS, sign_picture, sign_shape
from synthgen.procedural.signals import lit_slots, signal_heads, signal_post, traffic_light
from synthgen.procedural.signs import SHAPES, plate_size, sign_plate
from synthgen.procedural.text import FONTS, glyph, lettering, text_width
from tests.procedural.geometry import face_normals


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("roof", ["flat", "mansard", "pitch"])
def test_buildings_keep_to_their_plot(seed: int, roof: str) -> None:
    ends = ("none", "left", "right")[seed % 3]
    mesh = building(width=13.0, depth=11.0, storeys=3, roof=roof, ends=ends, shop=seed % 2 == 0, seed=seed)
    low, high = mesh.bounds
    assert low[0] >= -(END_REACH if ends == "left" else 1e-6)
    assert high[0] <= 13.0 + (END_REACH if ends == "right" else 1e-5)
    assert -FRONT_REACH <= low[1] < 0 and high[1] <= 11.0 + 0.6
    assert low[2] == 0.0
    top = 3.9 + 3 * 3.1
    assert top <= high[2] <= top + ROOF_RISE


def test_shops_have_signs_and_flats_have_none() -> None:
    shop, flat = building(seed=3), building(seed=3, shop=False)

    def used(mesh) -> set[str]:  # type: ignore[no-untyped-def]
        return {mesh.slots[k] for k in np.unique(mesh.slot)}

    assert {"shop_glass", "sign", "text", "wall", "glass", "door"} <= used(shop)
    assert "shop_glass" not in used(flat) and "sign" not in used(flat)


def test_windows_differ_and_panes_are_whole() -> None:
    mesh = building(seed=8, shop=False, storeys=3)
    panes = mesh.slot == mesh.slots.index("glass")
    assert len(np.unique(mesh.face_random[panes])) > 12
    uv = mesh.uvs[mesh.faces[panes]]
    assert uv.min() >= 0.0 and uv.max() <= 1.0


def test_no_hole_in_the_front() -> None:
    """Rays straight at the facade from the street meet something that faces them."""
    trimesh = pytest.importorskip("trimesh")
    for seed in range(4):
        mesh = building(seed=seed, storeys=2, shop=seed % 2 == 0, ends="both")
        solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
        rng = np.random.default_rng(seed)
        n = 4000
        start = np.column_stack([rng.uniform(0.05, 13.95, n), np.full(n, -5.0), rng.uniform(0.05, 10.0, n)])
        hit = solid.ray.intersects_first(start, np.tile([[0.0, 1.0, 0.0]], (n, 1)))
        assert (hit >= 0).all()
        normals, _ = face_normals(mesh)
        seen_from_behind = normals[hit, 1] > 0.01
        assert seen_from_behind.mean() < 0.001, mesh.slots[mesh.slot[hit[seen_from_behind]][0]]


def test_names_are_many_and_fonts_known() -> None:
    names = [n for trade in shop_names() for n in trade["names"]]
    assert len(names) == len(set(names)) >= 60
    assert {f for trade in shop_names() for f in trade["fonts"]} <= set(FONTS)
    for name in names:
        for font in ("sans", "serif", "hand", "narrow", "round"):
            assert all(len(glyph(font, c).faces) for c in name if c != " "), f"{font} cannot write {name}"


@pytest.mark.parametrize("font", FONTS)
def test_letters_have_their_size(font: str) -> None:
    mesh = lettering("HILL", height=0.3, extrude=0.02, font=font)
    low, high = mesh.bounds
    assert high[2] == pytest.approx(0.3, abs=0.012) and low[2] == pytest.approx(0.0, abs=0.012)
    assert (low[1], high[1]) == pytest.approx((-0.02, 0.0))
    width = text_width("HILL", 0.3, font=font)
    assert 0.85 * width < high[0] - low[0] < 1.02 * width
    normals, area = face_normals(mesh)
    assert area[normals[:, 1] < -0.99].sum() > 0.01 and not area[normals[:, 1] > 0.5].sum()


def test_counters_are_holes() -> None:
    o, dot = glyph("sans", "O"), glyph("sans", ".")
    p = o.points[o.faces]
    area = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]).sum() / 2
    box = np.ptp(o.points, axis=0).prod()
    assert area < 0.6 * box
    assert len(dot.faces)


@pytest.mark.parametrize("kind", SIGNS)
def test_sign_pictures_fit_their_plates(kind: str) -> None:
    shape, aspect = sign_shape(kind)
    width, height = plate_size(shape, 1.0, aspect)
    image = sign_picture(kind, size=128)
    assert image.shape[1] == 128 and image.shape[0] == pytest.approx(128 * height / width, abs=1.5)
    assert image.reshape(-1, 3).std(axis=0).max() > 12
    assert image.max() <= 225, "no whiter than retroreflective film"


def test_there_are_enough_signs_of_every_shape() -> None:
    assert len(SIGNS) >= 14
    assert {shape for shape, _, _ in SIGNS.values()} == set(SHAPES)
    with pytest.raises(InputError):
        sign_picture("speed_31")


@pytest.mark.parametrize("shape", SHAPES)
def test_plates_show_their_picture_upright(shape: str) -> None:
    mesh = sign_plate(shape, 0.7)
    face = np.unique(mesh.faces[mesh.slot == mesh.slots.index("face")])
    v, uv = mesh.vertices[face], mesh.uvs[face]
    width, height = plate_size(shape, 0.7)
    assert uv.min() == pytest.approx(0.0, abs=1e-6) and uv.max() == pytest.approx(1.0)
    # Seen from +X, the viewer's right is +Y.
    assert np.corrcoef(v[:, 1], uv[:, 0])[0, 1] > 0.999 and np.corrcoef(v[:, 2], uv[:, 1])[0, 1] > 0.999
    assert np.ptp(v[:, 1]) <= width + 1e-5 and np.ptp(v[:, 2]) <= height + 1e-5
    assert (mesh.normals[face, 0] == 1).all()


def test_signal_heads_hang_on_their_post() -> None:
    heads = signal_heads(arm=4.5, pedestrian=True)
    assert [h["kind"] for h in heads] == ["vehicle", "vehicle", "pedestrian"]
    post = signal_post(arm=4.5)
    for h in heads:
        near = np.abs(post.vertices - np.array(h["position"])).max(axis=1)
        head = traffic_light(kind=h["kind"]).bounds
        reach = head[1, 2] + 0.75
        assert near.min() < reach
    assert post.bounds[0, 1] == pytest.approx(-4.5, abs=0.1), "over the lane to the driver's left"
    assert lit_slots("red_yellow") == ("red", "yellow")
    with pytest.raises(InputError):
        lit_slots("blue")


def test_lamps_look_forward() -> None:
    for kind in ("vehicle", "pedestrian", "bicycle"):
        mesh = traffic_light(kind=kind)
        normals, _ = face_normals(mesh)
        for k, slot in enumerate(mesh.slots):
            if slot in ("red", "yellow", "green") and (mesh.slot == k).any():
                assert normals[mesh.slot == k, 0].min() > 0.1
        z = {s: mesh.vertices[mesh.faces[mesh.slot == mesh.slots.index(s)]][..., 2].mean() for s in ("red", "green")}
        assert z["red"] > z["green"]


@pytest.mark.parametrize("style", ["single", "double", "classic", "hanging"])
def test_lights_leave_their_lamps_unshaded(style: str) -> None:
    trimesh = pytest.importorskip("trimesh")
    mesh = lamp_post(style=style)
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    for position in lamp_positions(style=style):
        out = np.array([[0.02, 0.0, -1.0], [0.3, 0.2, -1.0], [0.3, -0.2, -1.0]])
        assert not solid.ray.intersects_any(np.tile(position, (3, 1)), out).any()
        lamp = mesh.vertices[mesh.faces[mesh.slot == mesh.slots.index("lamp")]].reshape(-1, 3)
        assert np.linalg.norm(lamp - position, axis=1).min() < 0.4


def test_the_bonnet_lies_before_the_windscreen() -> None:
    mesh = bonnet(width=1.8, length=1.2, cowl=1.0, nose=0.75)
    low, high = mesh.bounds
    assert low[0] == pytest.approx(-0.25) and 1.1 < high[0] < 1.35
    assert high[1] == pytest.approx(0.9, abs=0.02) and low[1] == pytest.approx(-0.9, abs=0.02)
    assert high[2] < 1.05
    paint = mesh.slot == mesh.slots.index("paint")
    normals, area = face_normals(mesh)
    assert (normals[paint, 2] * area[paint]).sum() > 0.9 * 1.5 * 1.0
