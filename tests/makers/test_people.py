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

from synthgen.assets.mesh import Mesh, content_hash, vertex_normals
from synthgen.assets.packs import find_pack
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import find_makers
from synthgen.makers.people import draw_person, person_params
from synthgen.paths import CACHE_VARIABLE
from synthgen.procedural.people import clothes, hair, head
from synthgen.procedural.people.data import body, in_metres, targets
from synthgen.procedural.people.figure import Figure, hidden_skin, outfit, person
from synthgen.procedural.people.poses import all_poses, find_pose, resolved
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
    points, faces, uvs = hair.cap(s, skull, flat=1.0, rng=np.random.default_rng(0))
    solid = trimesh.Trimesh(points, faces, process=False)
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
    assert (out > 0).mean() > (0.9 if style == "curly" else 0.97), "curls turn about themselves"
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
    for points, faces in solids:
        solid = trimesh.Trimesh(points, faces, process=False)
        assert solid.is_watertight and solid.is_winding_consistent and solid.volume > 0


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
