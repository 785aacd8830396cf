"""Shop fixtures: sound meshes of trade size, and goods' places that agree with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import trimesh
import yaml

from synthgen.assets.mesh import Mesh, content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.layout import palette
from synthgen.makers import Made, Maker, all_makers, find_makers
from synthgen.makers.panes import panes_of
from synthgen.makers.shop_prints import with_header
from synthgen.paths import data_dir
from synthgen.procedural.barcode import ean13
from synthgen.procedural.ceiling import entrance_gate
from synthgen.procedural.coolers import cooler, cooler_panes, cooler_shelves
from synthgen.procedural.displays import display_spaces, display_stand
from synthgen.procedural.freezers import freezer, freezer_panes, freezer_wells
from synthgen.procedural.gondola import ShelfSpace, gondola, gondola_shelves
from synthgen.procedural.produce import crate, crate_space, produce_table, table_crates
from synthgen.procedural.registry import PROCEDURAL
from synthgen.procedural.sign_prints import aisle_picture, promotion_picture
from synthgen.procedural.tag_pictures import STYLES, price_tag_picture
from synthgen.procedural.trolleys import basket, trolley
from synthgen.taxonomy import load_taxonomy
from tests.makers.solids import assert_sound, open_faces, volumes

OTHERS = {"product", "person"}
MAKERS = [m for m in find_makers(domain="retail") if m.id.startswith("retail/") and not OTHERS & set(m.tags)]
OUT, UP = np.eye(3)[0], np.eye(3)[2]


def rays(mesh: Mesh, start: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Distance from each start (N, 3) along each unit direction to the mesh, infinite where there is nothing."""
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    hits, ray, _ = solid.ray.intersects_location(start, way, multiple_hits=False)
    found = np.full(len(start), np.inf)
    found[ray] = np.linalg.norm(hits - start[ray], axis=1)
    return found


def assert_spaces_are_free(mesh: Mesh, spaces: list[ShelfSpace], *, board: bool = True) -> None:
    """Each space lies on a board, is empty, and could not be much higher or deeper."""
    for s in spaces:
        out = np.array([np.cos(s.yaw), np.sin(s.yaw), 0.0])
        left = np.array([-out[1], out[0], 0.0])
        edge = np.array([s.x, s.y, s.z])
        u, v = np.meshgrid(np.linspace(-0.499, 0.499, 9) * s.width, np.linspace(0.02, 0.98, 6) * s.depth)
        at = edge + u.reshape(-1, 1) * left - v.reshape(-1, 1) * out
        down = rays(mesh, at + 0.01 * UP, np.tile([0.0, 0.0, -1.0], (len(at), 1)))
        if board:
            assert np.allclose(down, 0.01, atol=1e-3), f"no board at {edge}"
        up = rays(mesh, at + 0.001 * UP, np.tile([0.0, 0.0, 1.0], (len(at), 1)))
        assert up.min() > s.height - 0.002, f"the space at {edge} has something in it {up.min()} above its board"
        z = np.linspace(0.002, s.height - 0.002, 7)
        back = edge + u[:1].reshape(-1, 1, 1) * left + z[None, :, None] * np.array([0.0, 0.0, 1.0])
        depth = rays(mesh, back.reshape(-1, 3), np.tile(-out, (len(back) * len(z), 1)))
        assert depth.min() > s.depth - 1e-3, f"the space at {edge} has something in it at {depth.min()}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.id)
def test_a_fixture_is_sound_and_dressed(maker: Maker, store: Store) -> None:
    """And no two draws are alike but for their colours: they differ in their mesh, or in what is printed on them."""
    assert maker.category in {c.name for c in load_taxonomy("retail").categories}
    looks = set()
    for seed in range(4):
        made = maker.draw(store, np.random.default_rng(seed))
        mesh = store.mesh(made.mesh)
        assert made.category == maker.category and set(made.surfaces) == set(mesh.slots)
        assert made.size == pytest.approx(np.ptp(mesh.bounds, axis=0), abs=0.008)
        assert_sound(mesh, lying=seed == 0 and len(mesh.faces) < 3000)
        looks.add((made.mesh.hash, *(i.hash for s in made.surfaces.values() for i in s.images.values())))
    assert len(looks) >= 3
    source = made.mesh.source
    assert content_hash(PROCEDURAL[source["procedural"]].make(**source["params"])) == made.mesh.hash
    assert made == maker.draw(store, np.random.default_rng(seed))


# --- shelving


@pytest.mark.parametrize("side", ["single", "double", "end"])
@pytest.mark.parametrize("seed", [1, 2])
def test_goods_fit_where_shelves_say(side: str, seed: int) -> None:
    params: dict[str, Any] = {
        "side": side, "seed": seed, "width": (1.0, 1.25)[seed % 2], "depth": 0.37 + 0.05 * seed,
        "height": 1.4 + 0.2 * seed, "shelves": 2 + seed % 3, "header": 0.2 * (seed % 2),
    }  # fmt: skip
    spaces = gondola_shelves(**params)
    assert len(spaces) == (params["shelves"] + 1) * (2 if side == "double" else 1)
    assert_spaces_are_free(gondola(**params), spaces)
    assert min(s.height for s in spaces) > 0.1 and min(s.depth for s in spaces) > 0.2


def test_shelves_hang_where_they_are_told_to() -> None:
    tops = [0.154, 0.604, 1.004]
    assert [s.z for s in gondola_shelves(heights=tops)] == tops
    with pytest.raises(InputError):
        gondola(heights=[0.2, 0.25])
    with pytest.raises(InputError):
        gondola(height=1.4, shelves=12)


def test_a_tag_lies_in_its_rail() -> None:
    """A tag of 36 mm whose back is at `tag` rests on the rail's sheet, and fits between the lips."""
    mesh = gondola(seed=2)
    tags = np.array([s.tag for s in gondola_shelves(seed=2) if s.tag is not None])
    assert len(tags) >= 4
    back = rays(mesh, tags + 0.05 * OUT, np.tile([-1.0, 0.0, 0.0], (len(tags), 1)))
    assert back == pytest.approx(0.05, abs=2e-4)
    for way in (-1.0, 1.0):
        lip = rays(mesh, tags + 0.0006 * OUT, np.tile([0.0, 0.0, way], (len(tags), 1)))
        assert lip.min() > 0.018 and lip.max() < 0.0205


def test_bays_of_a_row_share_their_uprights() -> None:
    both, left = gondola(uprights="both"), gondola(uprights="left")
    assert left.bounds[1, 1] == pytest.approx(0.516, abs=1e-4) and left.bounds[0, 1] > -0.5
    assert len(left.faces) < len(both.faces)


def test_panels_have_metres() -> None:
    mesh = gondola(width=1.25)
    f = mesh.faces[(mesh.slot == mesh.slots.index("panel"))]
    v, t = mesh.vertices[f], mesh.uvs[f]
    long = np.linalg.norm(v[:, 1] - v[:, 0], axis=1)
    front = mesh.normals[f[:, 0], 0] > 0.99
    assert np.allclose(np.linalg.norm(t[:, 1] - t[:, 0], axis=1)[front], long[front], atol=1e-4)


def test_every_surface_of_the_yaml_is_named() -> None:
    rows = yaml.safe_load((data_dir("configs") / "makers" / "retail.yaml").read_text("utf-8"))["makers"]
    assert {s for row in rows for s in row["materials"].values()} <= palette.palette().keys()


# --- cold


@pytest.mark.parametrize("glass", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_goods_fit_into_coolers(glass: bool, seed: int) -> None:
    params: dict[str, Any] = {"glass": glass, "seed": seed, "doors": 2 + seed, "shelves": 3 + seed % 2}
    spaces = cooler_shelves(**params)
    assert_spaces_are_free(cooler(**params), spaces)
    assert {s.z for s in spaces if s.tag} == {s.z for s in spaces}


@pytest.mark.parametrize("curved", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_goods_fit_into_freezers(curved: bool, seed: int) -> None:
    params: dict[str, Any] = {"curved": curved, "seed": seed, "length": 1.5 + 0.5 * seed, "wells": 2 + seed % 2}
    spaces = freezer_wells(**params)
    assert len(spaces) == params["wells"] and min(s.height for s in spaces) > 0.25
    assert_spaces_are_free(freezer(**params), spaces)


def test_panes_fill_their_frames() -> None:
    """Every ray through a shut door meets a pane, and no pane comes out of the cabinet."""
    for whole, panes in ((cooler(seed=4), cooler_panes(seed=4)), (freezer(seed=4), freezer_panes(seed=4))):
        assert (panes.bounds[0] >= whole.bounds[0]).all() and (panes.bounds[1] <= whole.bounds[1]).all()
        assert not len(open_faces(panes)) and volumes(panes).min() > 0
    y, z = np.meshgrid(np.linspace(-1.1, 1.1, 40), np.linspace(0.5, 1.6, 12))
    start = np.stack([np.full(y.size, 2.0), y.ravel(), z.ravel()], axis=1)
    way = np.tile(-OUT, (y.size, 1))
    nearest = np.minimum(rays(cooler(seed=4), start, way), rays(cooler_panes(seed=4), start, way))
    assert nearest.max() < 2.0 - 0.425 + 0.15


def test_an_open_door_takes_its_pane_along() -> None:
    ajar = {"doors": 2, "ajar": [0, 80], "seed": 3}
    panes = cooler_panes(**ajar)
    assert panes.bounds[1, 0] > 0.9 and cooler(**ajar).bounds[1, 0] > panes.bounds[1, 0]
    with pytest.raises(InputError):
        cooler_panes(glass=False)


def test_panes_are_told_of_what_has_some(store: Store) -> None:
    rng = np.random.default_rng(0)
    for name in ("retail/cooler_with_doors", "retail/freezer_island"):
        found = panes_of(store, all_makers()[name].draw(store, rng), rng)
        assert found is not None and found[1]["glass"].transparency == "see_through"
    assert panes_of(store, all_makers()["retail/cooler_open"].draw(store, rng), rng) is None
    assert panes_of(store, all_makers()["retail/gondola"].draw(store, rng), rng) is None


# --- stands and crates


STANDS: dict[str, dict[str, Any]] = {
    "floor": {"trays": 3},
    "bin": {"width": 0.6, "depth": 0.55, "height": 0.8},
    "wire_bin": {"width": 0.7, "depth": 0.6, "height": 0.85},
    "pallet": {"width": 1.2, "depth": 0.8, "height": 1.5},
}


@pytest.mark.parametrize("style", STANDS)
@pytest.mark.parametrize("seed", range(3))
def test_goods_fit_on_stands(style: str, seed: int) -> None:
    params = {"style": style, "seed": seed, **STANDS[style]}
    assert_spaces_are_free(display_stand(**params), display_spaces(**params))


@pytest.mark.parametrize("style", ["plastic", "wood"])
@pytest.mark.parametrize("seed", range(3))
def test_goods_fit_into_crates(style: str, seed: int) -> None:
    space = crate_space(style, 0.18, seed)
    mesh = crate(style, 0.18, seed)
    y = np.linspace(-0.44, 0.44, 9) * space.width
    x = space.x - np.linspace(0.03, 0.97, 7) * space.depth
    at = np.stack([*(v.ravel() for v in np.meshgrid(x, y)), np.full(63, space.z + 0.02)], axis=1)
    down = rays(mesh, at, np.tile(-UP, (63, 1)))
    assert np.median(down) == pytest.approx(0.02, abs=1e-3)
    assert not np.isfinite(rays(mesh, at, np.tile(UP, (63, 1)))).any()
    assert rays(mesh, np.array([[0.0, 0.0, 0.1]]), OUT[None])[0] > 0.5 * space.depth - 1e-3


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_crates_stand_on_their_table(rows: int) -> None:
    """Seen along the board's normal there is board right under every crate, and nothing above."""
    params: dict[str, Any] = {"rows": rows, "tilt": 6.0 + 5 * rows, "seed": rows}
    mesh, places = produce_table(**params), table_crates(**params)
    assert len(places) == 3 * rows
    for s in places:
        c, n = np.cos(s.tilt), np.sin(s.tilt)
        back, normal = np.array([-c, 0.0, n]), np.array([n, 0.0, c])
        share, side = np.meshgrid(np.linspace(0.06, 0.94, 15), np.linspace(-0.45, 0.45, 5))
        at = np.array([s.x, s.y, s.z]) + share.reshape(-1, 1) * s.depth * back
        at = at + side.reshape(-1, 1) * s.width * np.array([0.0, 1.0, 0.0])
        down = rays(mesh, at + 0.02 * normal, np.tile(-normal, (len(at), 1)))
        assert np.median(down) == pytest.approx(0.02, abs=2e-3) and down.min() > 0.018
        up = rays(mesh, at + 0.02 * normal, np.tile(normal, (len(at), 1)))
        assert up.min() > 0.16


# --- what moves


def test_trolleys_in_a_row_are_shifted_copies() -> None:
    one, three = trolley(seed=3), trolley(seed=3, nested=3)
    assert np.ptp(three.bounds[:, 0]) == pytest.approx(np.ptp(one.bounds[:, 0]) + 0.48, abs=0.02)
    assert np.ptp(three.bounds[:, 1]) == pytest.approx(np.ptp(one.bounds[:, 1]), abs=2e-3)
    tyre = three.slots.index("tyre")
    wheels = three.vertices[np.unique(three.faces[three.slot == tyre])]
    assert abs(wheels[:, 2].min()) < 2e-3


def test_baskets_are_open_and_stack() -> None:
    """From above one sees the floor; a stack is higher by its steps only."""
    for style in ("plastic", "wire"):
        one, four = basket(style=style), basket(style=style, stack=4)
        assert four.bounds[1, 2] - one.bounds[1, 2] == pytest.approx(3 * 0.055, abs=1e-3)
    start = np.array([[0.05, 0.08, 0.5]])
    assert rays(basket(), start, -UP[None])[0] == pytest.approx(0.496, abs=2e-3)
    assert basket(handles="up").bounds[1, 2] > basket().bounds[1, 2] + 0.08


def test_gates_open() -> None:
    shut, wide = entrance_gate(double=True), entrance_gate(double=True, angle=90)
    middle = np.array([[2.0, 0.1, 0.0], [2.0, -0.1, 0.0]]) + 0.62 * UP
    assert np.isfinite(rays(shut, np.array([[2.0, 0.24, 0.62]]), -OUT[None])).all()
    assert not np.isfinite(rays(wide, middle, np.tile(-OUT, (2, 1)))).any()
    with pytest.raises(InputError):
        entrance_gate(angle=120)


def test_headers_wear_pictures(store: Store) -> None:
    rng = np.random.default_rng(1)
    params = {"style": "floor", "header": 0.25, "width": 0.5}
    mesh = store.procedural("retail.display_stand", **params)
    plain = Made("x", mesh, "display stand", {"header": palette.named("shop_header", rng)}, (1.0, 1.0, 1.0))
    dressed = with_header(store, plain, rng, text="SALE")
    picture = dressed.surfaces["header"].images["color"]
    assert picture.source["params"]["height"] == pytest.approx(0.25, abs=1e-3)
    bare = Made(
        "x", store.procedural("retail.display_stand", style="wire_bin", width=0.7), "display stand", {}, (1.0, 1.0, 1.0)
    )
    assert with_header(store, bare, rng) is bare


# --- prints


def test_bar_codes_read_back() -> None:
    """The modules of a code give its digits, by the tables of the standard read the other way."""
    digits, bars = ean13("400638133393")
    assert digits == "4006381333931" and len(bars) == 95
    widths = np.diff(np.flatnonzero(np.diff(np.r_[0, bars.astype(int), 0])))
    assert len(widths) == 59 and widths.max() <= 4
    runs = [tuple(int(v) for v in widths[3 + 4 * k : 7 + 4 * k]) for k in range(6)]
    runs += [tuple(int(v) for v in widths[32 + 4 * k : 36 + 4 * k]) for k in range(6)]
    table = [
        (3, 2, 1, 1), (2, 2, 2, 1), (2, 1, 2, 2), (1, 4, 1, 1), (1, 1, 3, 2), (1, 2, 3, 1), (1, 1, 1, 4),
        (1, 3, 1, 2), (1, 2, 1, 3), (3, 1, 1, 2),
    ]  # fmt: skip
    read = [table.index(r) if r in table else table.index(r[::-1]) for r in runs]
    assert "".join(map(str, read)) == digits[1:]
    with pytest.raises(ValueError, match="12 digits"):
        ean13("4006")


@pytest.mark.parametrize("style", STYLES)
def test_a_tag_shows_its_price(style: str) -> None:
    """Another price changes the picture there and nowhere else; the picture has the tag's proportions."""
    for layout in range(4):
        given = {"style": style, "layout": layout, "seed": 5, "name": "Norda Rusks", "unit": "1 kg = 5.00"}
        a, b = price_tag_picture(price="3.95", **given), price_tag_picture(price="3.45", **given)
        assert a.shape == (72, 136, 3)
        changed = np.abs(a.astype(int) - b).max(axis=2) > 8
        assert 0.002 < changed.mean() < 0.2
        assert a.min() >= 8 and a.max() <= 232


def test_signs_fit_their_words() -> None:
    """No layout prints into the edge: what is drawn on a ground of one colour leaves a margin."""
    for layout in ("stacked", "burst", "priced", "split"):
        for size in ((0.5, 0.7), (1.0, 0.35), (0.12, 0.09)):
            pictures = {promotion_picture(*size, 300.0, layout=layout, seed=k).tobytes() for k in range(5)}
            assert len(pictures) == 5
    a = aisle_picture(number=7, lines=["Tea"], seed=1)
    assert not np.array_equal(a, aisle_picture(number=8, lines=["Tea"], seed=1))
    assert not np.array_equal(a, aisle_picture(number=7, lines=["Oil"], seed=1))
