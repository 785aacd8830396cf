"""People from the pack `human`. Needs `synthgen assets fetch human`."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy.spatial import cKDTree
from trimesh.ray.ray_pyembree import RayMeshIntersector

from synthgen.assets.mesh import Mesh, content_hash, vertex_normals
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import find_makers
from synthgen.makers.people import draw_person, person_params
from synthgen.paths import CACHE_VARIABLE
from synthgen.procedural.people import bags, clothes, faces, garments, hair, head
from synthgen.procedural.people.data import body, in_metres, targets
from synthgen.procedural.people.figure import PIECES, Figure, hidden_skin, outfit, person
from synthgen.procedural.people.poses import all_poses, find_pose, resolved
from synthgen.procedural.people.reach import depths
from synthgen.procedural.people.regions import regions
from synthgen.procedural.people.rig import posed, rig_of
from synthgen.procedural.people.scalp import visible_skin
from synthgen.procedural.people.shape import RACES, of_stature, shaped, stature_of
from synthgen.procedural.people.surface import rim, surface_of

pytestmark = pytest.mark.assets

ROLES = ("pedestrian", "shopper", "worker", "rider")
ADULT = {"age": 0.68, "gender": 0.0, "muscle": 0.55}


@pytest.fixture(scope="module", autouse=True)
def _fetched() -> None:
    try:
        find_pack("human").require(Store().root)
    except InputError as error:
        pytest.skip(str(error))


@lru_cache(maxsize=1)
def crowd() -> list[tuple[dict[str, object], Mesh, float]]:
    """Forty people, ten of each role, a fifth of them in full: parameters, mesh, seconds."""
    found = []
    for seed in range(40):
        params, _ = person_params(np.random.default_rng(seed), ROLES[seed % 4])
        start = time.process_time()
        mesh = person(**params, level=int(seed % 5 > 0))
        found.append((params, mesh, time.process_time() - start))
    return found


@lru_cache(maxsize=8)
def adult(**traits: float) -> np.ndarray:
    return of_stature({**ADULT, **traits}, 1.75)


def figure_in(pose: str, *, phase: float = 0.0, **traits: float) -> Figure:
    settled = resolved(find_pose(pose), phase=phase, height=1.5 / 1.75, mirror=False, rng=np.random.default_rng(0))
    return Figure(adult(**traits), settled, 1.75)


def joint(figure: Figure, bone: str) -> np.ndarray:
    transform = figure.transforms[figure.base.bone(bone)]
    return np.asarray(transform[:, :3] @ figure.rig.at(bone) + transform[:, 3])


# --- shape


def test_a_body_at_the_traits_own_values_is_the_sum_of_their_targets() -> None:
    traits = {"age": 2 / 3, "gender": 1.0, "muscle": 0.5, "weight": 1.0, "height": 1.0, "proportions": 0.0}
    rows, offsets = targets()
    build = "female-young-averagemuscle-maxweight"
    names = [
        "macrodetails/asian-female-young",
        f"macrodetails/universal-{build}",
        f"macrodetails/height/{build}-maxheight",
        f"macrodetails/proportions/{build}-idealproportions",
        f"breast/{build}-averagecup-averagefirmness",
    ]
    expected = body().template + sum(in_metres(offsets[rows[n]]) for n in names if n in rows)
    found = shaped({**traits, **dict.fromkeys(RACES, 0.0), "asian": 1.0})
    assert np.abs(found - expected).max() < 1e-9


@pytest.mark.parametrize(("age", "stature"), [(0.3, 1.2), (0.5, 1.62), (0.7, 1.55), (0.7, 1.95), (0.95, 1.68)])
def test_bodies_are_as_tall_as_asked(age: float, stature: float) -> None:
    vertices = of_stature({"age": age, "gender": 1.0}, stature)
    assert stature_of(vertices) == pytest.approx(stature, abs=1e-6)
    rig = rig_of(body(), vertices)
    assert 0.42 < (rig.at("upperleg01.L")[2] - rig.sole) / stature < 0.58  # hips of people lie about half way up


def test_traits_do_what_they_say() -> None:
    def girth(**traits: float) -> float:
        vertices = of_stature({**ADULT, **traits}, 1.75)[:13380]
        hips = vertices[np.abs(regions(body())["trunk"][:13380] - 0.15) < 0.05]
        return float(np.ptp(hips[:, 1]))

    assert girth(weight=0.1) < girth(weight=0.5) < girth(weight=0.95)
    assert not np.allclose(of_stature({**ADULT, "gender": 1.0}, 1.75), of_stature(ADULT, 1.75), atol=0.01)
    with pytest.raises(InputError, match="trait"):
        shaped({"heft": 1.0})


def test_the_body_is_closed_before_clothes_hide_parts_of_it() -> None:
    surface = surface_of(body(), ["body"])
    assert len(rim(surface.faces)) == 0
    solid = trimesh.Trimesh(surface.of(of_stature(ADULT, 1.75)), surface.faces, process=False)
    assert solid.is_watertight and 0.05 < solid.volume < 0.12


# --- rig


def test_a_bent_knee_brings_the_ankle_nearer_and_leaves_lengths_alone() -> None:
    rig = rig_of(body(), adult())
    thigh, shin = rig.length("upperleg01.L", "lowerleg01.L"), rig.length("lowerleg01.L", "foot.L")
    for knee in (0.0, 60.0, 90.0):
        pose = {"leg.L": {"flex": 30.0, "knee": knee}}
        figure = Figure(adult(), pose, 1.75)
        hip, ankle = joint(figure, "upperleg01.L"), joint(figure, "foot.L")
        expected = np.sqrt(thigh**2 + shin**2 + 2 * thigh * shin * np.cos(np.radians(knee)))
        assert np.linalg.norm(ankle - hip) == pytest.approx(expected, abs=1e-3)  # a thigh has two bones
        assert joint(figure, "lowerleg01.L")[0] > hip[0] + 0.1  # the thigh points ahead


def test_zero_pose_stands_upright_with_arms_down() -> None:
    figure = Figure(adult(), {"arm": {}}, 1.75)
    for side, sign in (("L", 1), ("R", -1)):
        assert joint(figure, f"wrist.{side}")[2] < joint(figure, f"upperarm01.{side}")[2] - 0.4
        assert joint(figure, f"wrist.{side}")[1] * sign > 0.15
        assert abs(joint(figure, f"foot.{side}")[0] - joint(figure, f"upperleg01.{side}")[0]) < 0.03
    assert joint(figure, "head")[2] > joint(figure, "neck01")[2]


def test_hands_reach_what_they_are_meant_to() -> None:
    figure = figure_in("reaching")
    hips = (joint(figure, "upperleg01.L") + joint(figure, "upperleg01.R")) / 2
    sole = min(joint(figure, f"foot.{s}")[2] for s in "LR") - (figure.rig.at("foot.L")[2] - figure.rig.sole)
    wrist = joint(figure, "wrist.R")
    assert wrist[2] - sole == pytest.approx(1.5, abs=0.02)
    assert wrist[0] - hips[0] > 0.25


def test_steps_swing_arms_against_legs_and_end_where_they_began() -> None:
    ahead = []
    for phase in np.linspace(0.0, 1.0, 9):
        figure = figure_in("walking", phase=float(phase))
        foot = joint(figure, "foot.L")[0] - joint(figure, "foot.R")[0]
        hand = joint(figure, "wrist.L")[0] - joint(figure, "wrist.R")[0]
        ahead.append((foot, hand))
    feet, hands = np.array(ahead).T
    assert feet[0] > 0.4 and feet[4] < -0.4
    assert np.corrcoef(feet, hands)[0, 1] < -0.8
    assert feet[0] == pytest.approx(feet[-1], abs=1e-9)


@pytest.mark.parametrize("name", list(all_poses()))
def test_poses_keep_bones_whole_and_mirror(name: str) -> None:
    figure = figure_in(name)
    for matrix in figure.transforms:
        assert np.allclose(matrix[:, :3] @ matrix[:, :3].T, np.eye(3), atol=1e-9)
        assert np.linalg.det(matrix[:, :3]) > 0.99
    settled = resolved(find_pose(name), phase=0.0, height=0.8, mirror=True, rng=np.random.default_rng(0))
    other = Figure(figure.vertices, settled, 1.75)
    plain = resolved(find_pose(name), phase=0.0, height=0.8, mirror=False, rng=np.random.default_rng(0))
    same = Figure(figure.vertices, plain, 1.75)
    assert np.allclose(joint(other, "wrist.L") * (1, -1, 1), joint(same, "wrist.R"), atol=0.02)
    assert np.allclose(posed(same.rig, same.rotations), same.transforms)


# --- people


def test_people_are_sound_meshes_on_the_ground() -> None:
    for params, mesh, _ in crowd():
        v = mesh.vertices.astype(float)
        assert np.isfinite(v).all() and np.isfinite(mesh.uvs).all(), params
        assert abs(v[:, 2].min()) < 1e-3, params
        assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1.0).max() < 1e-3
        a, b, c = (v[mesh.faces[:, k]] for k in range(3))
        assert np.linalg.norm(np.cross(b - a, c - a), axis=1).min() > 1e-10, params
        low, high = mesh.bounds
        stature = float(params["stature"])  # type: ignore[arg-type]
        if params["pose"] in ("standing", "walking", "talking", "arms_crossed"):
            assert stature - 0.09 < high[2] < stature + 0.16, params
        assert high[1] - low[1] < 0.75 * stature and high[0] - low[0] < 1.0 * stature


def test_forty_seeds_give_forty_people_in_many_poses() -> None:
    assert len({content_hash(mesh) for _, mesh, _ in crowd()}) == 40
    assert len({params["pose"] for params, _, _ in crowd()}) >= 10
    assert len({(p["top"], p["bottom"], p["jacket"], p["shoes"]) for p, _, _ in crowd()}) >= 15
    assert len({p["hair"] for p, _, _ in crowd()}) >= 6


def test_a_person_takes_less_than_a_second() -> None:
    assert np.median([seconds for _, _, seconds in crowd()[::5]]) < 1.0


def test_feet_of_both_sides_stand_flat() -> None:
    for pose in ("standing", "arms_crossed", "talking", "lifting", "sitting"):
        figure = figure_in(pose)
        figure.shoes(clothes.garment("shoes", "boots", np.random.default_rng(0)))
        soles = [p.points[:, 2] for p in figure.parts if p.slots == "sole"]
        assert len(soles) == 2
        assert abs(soles[0].min() - soles[1].min()) < 0.012, pose
        for sole in soles:
            assert (sole < sole.min() + 0.012).sum() > 30, pose


@pytest.mark.parametrize("pose", ["standing", "walking", "reaching", "sitting", "lifting"])
@pytest.mark.parametrize(
    "worn", [("tshirt", "shorts", ""), ("shirt", "jeans", "open_jacket"), ("sweater", "skirt", "")]
)
def test_skin_stays_inside_clothes(pose: str, worn: tuple[str, str, str]) -> None:
    """No skin that a garment covers comes more than 2 mm out of it."""
    figure = figure_in(pose, weight=0.6)
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


@pytest.mark.parametrize("style", list(hair.hair_styles()))
def test_hair_covers_the_head_and_stays_off_the_face(style: str) -> None:
    vertices = adult()
    skull, s = hair.Head(vertices), hair.find_style(style)
    points, triangles, uvs = hair.cap(s, skull, flat=1.0, rng=np.random.default_rng(0))
    solid = trimesh.Trimesh(points, triangles, process=False)
    assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0
    assert np.isfinite(uvs).all()
    grown = hair.locks(s, skull, flat=1.0, rng=np.random.default_rng(0))
    assert (grown is None) == (s["locks"] == 0 and "tail" not in s)
    if grown is None:
        return
    assert grown.points[:, 2].max() > vertices[:13380, 2].max() + 0.001
    # Nothing hangs before eyes, nose and mouth: between the brows and the chin in front of the cheeks.
    eyes = vertices[np.unique(body().groups["helper-l-eye"].quads)]
    x, y, z = grown.points.T
    before = (x > eyes[:, 0].min()) & (np.abs(y) < 0.04) & (z < eyes[:, 2].max() + 0.002) & (z > eyes[:, 2].min() - 0.1)
    assert before.mean() < 0.01, before.mean()
    # The ribbons face away from the head.
    a, b, c = (grown.points[grown.faces[:, k]] for k in range(3))
    out = np.einsum("ij,ij->i", np.cross(b - a, c - a), grown.normals[grown.faces[:, 0]])
    assert (out > 0).mean() > (0.9 if s["flow"] == "out" else 0.97)  # curls that stand off turn
    # Roots of hair lie on the scalp, and hair that hangs keeps off the shoulders.
    low = grown.points[grown.points[:, 2] < skull.centre[2] - 0.16]
    if s.get("hang") and len(low):
        skin = vertices[:13380]
        normals = vertex_normals(vertices, surface_of(body(), ["body"]).faces).astype(float)[:13380]
        far, at = cKDTree(skin).query(low)
        inside = ((low - skin[at]) * normals[at]).sum(axis=1) < -0.004
        assert inside[far < 0.08].mean() < 0.02


@pytest.mark.parametrize("name", list(hair.BEARDS))
def test_beards_grow_around_the_mouth(name: str) -> None:
    vertices = adult()
    grown = hair.beard(name, vertices, np.random.default_rng(0))
    eyes = vertices[np.unique(body().groups["helper-l-eye"].quads)]
    top, front = eyes[:, 2].min(), eyes[:, 0].min()
    assert grown.points[:, 2].max() < top - 0.015
    assert grown.points[:, 2].min() > top - 0.19
    assert np.abs(grown.points[:, 1].mean()) < 0.01
    if name != "moustache":
        assert grown.points[:, 0].max() > front


def test_helmets_and_soles_are_closed() -> None:
    figure = figure_in("standing")
    figure.shoes(clothes.garment("shoes", "sneakers", np.random.default_rng(0)))
    solids = [(p.points, p.faces) for p in figure.parts if p.slots == "sole"]
    solids.append(head.helmet(figure.vertices))
    for points, triangles in solids:
        solid = trimesh.Trimesh(points, triangles, process=False)
        assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0


@pytest.mark.parametrize("pose", ["standing", "walking", "carrying"])
@pytest.mark.parametrize("worn", [("tshirt", ""), ("sweater", "jacket"), ("long_sleeve", "puffer")])
def test_nothing_comes_through_a_vest(pose: str, worn: tuple[str, str]) -> None:
    """From clothes that a vest covers one sees the vest: straight outwards, level, or straight ahead or back."""
    figure = figure_in(pose, weight=0.6)
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


def _reaches(name: str, phase: float, vertices: np.ndarray, stature: float) -> Figure:
    rng = np.random.default_rng(0)
    pose = resolved(find_pose(name), phase=phase, height=1.0 / stature, mirror=False, rng=rng)
    return Figure(vertices, pose, stature, touching=bool(find_pose(name).get("touching")))


@pytest.mark.parametrize("name", [n for n, p in all_poses().items() if not p.get("touching")])
def test_hands_stay_out_of_bodies_of_any_build(name: str) -> None:
    for traits, stature in ((ADULT, 1.75), ({"age": 0.7, "gender": 1.0, "weight": 0.9}, 1.66), ({"age": 0.3}, 1.2)):
        for phase in np.linspace(0.0, 1.0, 5)[:-1] if "cycle" in str(find_pose(name)) else (0.0,):
            figure = _reaches(name, float(phase), of_stature(traits, stature), stature)
            found = depths(lambda own, f=figure: f.posed(f.vertices[own], f.base.weights[own]), 0.0)  # type: ignore[misc]
            assert max(deep for deep, _ in found.values()) < 0.006, (name, phase, traits, found)


@pytest.mark.parametrize("name", [n for n in all_poses() if n not in ("riding", "walking", "walking_phone")])
def test_both_feet_of_those_who_stand_are_on_the_ground(name: str) -> None:
    figure = _reaches(name, 0.0, adult(), 1.75)
    figure.shoes(clothes.garment("shoes", "boots", np.random.default_rng(0)))
    left, right = (p.points[:, 2].min() for p in figure.parts if p.slots == "sole")
    assert abs(left - right) < 0.015, name


def test_hands_that_push_hold_a_bar_at_its_height() -> None:
    for stature in (1.55, 1.75, 1.9):
        pose = resolved(
            find_pose("pushing"), phase=0.0, height=1.02 / stature, mirror=False, rng=np.random.default_rng(0)
        )
        figure = Figure(of_stature(ADULT, stature), pose, stature)
        ground = min(joint(figure, f"toes.{s}")[2] for s in "LR") - (figure.rig.at("toes.L")[2] - figure.rig.sole)
        for side in "LR":
            assert joint(figure, f"wrist.{side}")[2] - ground == pytest.approx(1.02, abs=0.02)


@pytest.mark.parametrize("kind", list(bags.BAGS))
def test_bags_are_closed_and_of_their_size(kind: str) -> None:
    seen = set()
    for seed in range(10):
        made = bags.bag(kind, np.random.default_rng(seed))
        seen.add(made.size)
        for points, triangles in made.solids:
            solid = trimesh.Trimesh(points, triangles, process=False)
            assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0
        points = np.concatenate([p for p, _ in made.solids])
        extent = np.ptp(points, axis=0)
        assert 0.15 < extent[2] < 0.65 and extent[:2].max() < 0.45
    assert len(seen) == 10


def test_a_backpack_hangs_on_the_back_and_a_bag_below_the_hand() -> None:
    mesh = person(pose="standing", bag="backpack", piece="bag")
    assert mesh.slots == ("bag",)
    centre = mesh.bounds.mean(axis=0)
    assert 1.0 < centre[2] < 1.4 and mesh.bounds[0, 0] < -0.2
    body_only = person(pose="standing", bag="backpack", piece="body")
    assert "bag" not in body_only.slots
    hung = person(pose="standing", bag="handbag", piece="bag")
    assert 0.25 < hung.bounds[0, 2] < hung.bounds[1, 2] < 0.95


def test_pieces_together_are_the_person() -> None:
    worn = {"pose": "walking", "phase": 0.2, "vest": True, "helmet": "safety", "bag": "backpack", "jacket": "jacket"}
    whole = person(**worn)  # type: ignore[arg-type]
    pieces = [person(**worn, piece=k) for k in PIECES]  # type: ignore[arg-type]
    assert sum(len(m.faces) for m in pieces) == len(whole.faces)
    assert np.allclose(np.min([m.bounds[0] for m in pieces], axis=0), whole.bounds[0])
    with pytest.raises(InputError, match="no vest"):
        person(piece="vest")


def test_a_helmet_sits_on_the_head_and_a_vest_has_bands() -> None:
    mesh = person(pose="standing", vest=True, helmet="safety", hair="crop")
    assert {"vest", "band", "helmet"} <= set(mesh.slots)

    def part(slot: str) -> np.ndarray:
        return np.asarray(mesh.vertices[mesh.faces[mesh.slot == mesh.slots.index(slot)]].reshape(-1, 3))

    assert part("helmet")[:, 2].max() > part("skin")[:, 2].max()
    assert part("helmet")[:, 2].min() > 0.85 * mesh.bounds[1, 2]
    assert 0.2 < part("band")[:, 2].min() / 1.72 < part("band")[:, 2].max() / 1.72 < 0.9


# --- makers


def test_makers_name_what_they_made(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for tag, domain in (("pedestrian", "road"), ("shopper", "retail"), ("worker", "factory"), ("rider", "road")):
        (found,) = find_makers(tag=tag, domain=domain)
        made = found.draw(store, np.random.default_rng(3))
        assert made.category == found.category
        assert set(made.surfaces) == set(store.slots(made.mesh))
        assert {"age_group", "pose", "clothes", "stature"} <= set(made.attributes)
        assert made.attributes["pose"] in all_poses()
        for surface in made.surfaces.values():
            assert all(0.03 <= c <= 0.85 for c in surface.params["color"])


def test_what_workers_wear_has_labels_of_its_own(tmp_path: Path) -> None:
    store, seen = Store(tmp_path), set()
    for seed in range(5):
        made = draw_person(store, np.random.default_rng(seed), "worker")
        merged = draw_person(store, np.random.default_rng(seed), "worker", apart=False)
        assert not merged.parts and merged.size == pytest.approx(made.size, abs=1e-3)
        slots = set(store.slots(made.mesh))
        assert not slots & {"vest", "band", "helmet"}
        assert {p.category for p in made.parts} == {
            *({"vest"} if "vest" in made.attributes["clothes"] else ()),
            *({"helmet"} if "safety" in made.attributes["clothes"] else ()),
        }
        for part in made.parts:
            assert not part.own and set(part.surfaces) == set(store.slots(part.mesh))
            seen.add(part.category)
    assert seen == {"vest", "helmet"}


def test_a_pool_bounds_who_is_drawn(tmp_path: Path) -> None:
    store, rng = Store(tmp_path), np.random.default_rng(0)
    drawn = [draw_person(store, rng, "pedestrian", pool=3, level=1) for _ in range(6)]
    assert 2 <= len({m.mesh.hash for m in drawn}) <= 3
    again = draw_person(store, np.random.default_rng(5), "pedestrian", pool=1, level=1)
    assert again == draw_person(store, np.random.default_rng(6), "pedestrian", pool=1, level=1)


def test_pictures_of_garments_tell_them_apart() -> None:
    seen = set()
    for kind in garments.KINDS:
        picture, height = garments.garment_picture(kind), garments.garment_height(kind)
        assert picture.shape == height.shape and picture.dtype == height.dtype == np.uint8
        assert picture.std() > 2 and height.std() > 8, kind  # neither plain colour nor flat
        seen.add(picture.tobytes() + height.tobytes())
    assert len(seen) >= len(garments.KINDS) - 2  # long sleeves are in the mesh alone, and a coat's skirt is a skirt
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


def test_faces_are_painted_over_the_head() -> None:
    plain = faces.face_picture(age=0.0, stubble=0.0)
    assert plain.shape == (448, 1024, 3) and np.array_equal(plain, faces.face_picture(age=0.0, stubble=0.0))
    mesh = person(pose="standing")
    uv = mesh.uvs[mesh.faces[mesh.slot == mesh.slots.index("face")]]
    assert (np.ptp(uv[..., 0], axis=1) > 0.5).sum() <= 8  # nothing spans the seam but what lies around the crown
    # Lips are redder than cheeks, brows darker than the forehead; a beard darkens the jaw, age creases.
    rows, columns = plain.shape[:2]

    def texel(picture: np.ndarray, y: float, z: float) -> np.ndarray:
        u = np.arctan2(y, 0.1) / (2 * np.pi) + 0.5
        row = int((faces.HIGH - z) / (faces.HIGH - faces.LOW) * rows)
        return picture[row - 1 : row + 2, int(u * columns) - 1 : int(u * columns) + 2].reshape(-1, 3).mean(axis=0)

    lips, cheek = texel(plain, 0.0, 0.6565), texel(plain, 0.05, 0.70)
    assert lips[0] - lips[1] > cheek[0] - cheek[1] + 8
    assert texel(plain, 0.03, 0.745).sum() < texel(plain, 0.03, 0.775).sum() - 60
    assert texel(faces.face_picture(age=0.0, stubble=0.8), 0.02, 0.63).sum() < texel(plain, 0.02, 0.63).sum() - 60


def test_the_same_draw_gives_the_same_person(tmp_path: Path) -> None:
    made = [draw_person(Store(tmp_path / k), np.random.default_rng(11), "shopper") for k in "ab"]
    assert made[0] == made[1]


def test_another_process_makes_the_same_bytes() -> None:
    params, _ = person_params(np.random.default_rng(5), "worker")
    code = (
        "from synthgen.procedural.people.figure import person\n"
        f"from synthgen.assets.mesh import content_hash\nprint(content_hash(person(**{params!r})))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == content_hash(person(**params))


def test_without_the_pack_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    with pytest.raises(InputError) as caught:
        person()
    assert "synthgen assets fetch human" in str(caught.value)


@pytest.mark.parametrize("wrong", [{"pose": "x"}, {"top": "x"}, {"shoes": "x"}, {"hair": "x"}, {"local": {"x": 1.0}}])
def test_unknown_names_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        person(**wrong)  # type: ignore[arg-type]
