"""Bodies of made people: their shape, their bones, and whole people as meshes."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from synthgen.assets.mesh import content_hash
from synthgen.errors import InputError
from synthgen.makers.people import person_params
from synthgen.procedural.people.data import body, in_metres, targets
from synthgen.procedural.people.figure import Figure
from synthgen.procedural.people.regions import regions
from synthgen.procedural.people.rig import rig_of
from synthgen.procedural.people.shape import RACES, shaped, stature_of
from synthgen.procedural.people.surface import rim, surface_of
from tests.makers.people import ADULT, ROLES, adult, built, crowd, joint

pytestmark = [pytest.mark.assets, pytest.mark.usefixtures("people_pack")]


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
    vertices = built({"age": age, "gender": 1.0}, stature)
    assert stature_of(vertices) == pytest.approx(stature, abs=1e-6)
    rig = rig_of(body(), vertices)
    assert 0.42 < (rig.at("upperleg01.L")[2] - rig.sole) / stature < 0.58  # hips of people lie about half way up


def test_traits_do_what_they_say() -> None:
    def girth(**traits: float) -> float:
        vertices = adult(**traits)[:13380]
        hips = vertices[np.abs(regions(body())["trunk"][:13380] - 0.15) < 0.05]
        return float(np.ptp(hips[:, 1]))

    assert girth(weight=0.1) < girth(weight=0.5) < girth(weight=0.95)
    assert not np.allclose(adult(gender=1.0), adult(), atol=0.01)
    with pytest.raises(InputError, match="trait"):
        shaped({"heft": 1.0})


def test_the_body_is_closed_before_clothes_hide_parts_of_it() -> None:
    surface = surface_of(body(), ["body"])
    assert len(rim(surface.faces)) == 0
    solid = trimesh.Trimesh(surface.of(built(ADULT, 1.75)), surface.faces, process=False)
    assert solid.is_watertight and 0.05 < solid.volume < 0.12


def test_a_bent_knee_brings_the_ankle_nearer_and_leaves_lengths_alone() -> None:
    rig = rig_of(body(), adult())
    thigh, shin = rig.length("upperleg01.L", "lowerleg01.L"), rig.length("lowerleg01.L", "foot.L")
    for knee in (0.0, 60.0, 90.0):
        figure = Figure(adult(), {"leg.L": {"flex": 30.0, "knee": knee}}, 1.75, touching=True)
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


def test_people_are_sound_meshes_on_the_ground() -> None:
    for params, mesh, _ in crowd():
        v = mesh.vertices.astype(float)
        assert np.isfinite(v).all() and np.isfinite(mesh.uvs).all(), params
        assert abs(v[:, 2].min()) < 1e-3, params
        assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1.0).max() < 1e-3
        a, b, c = (v[mesh.faces[:, k]] for k in range(3))
        assert np.linalg.norm(np.cross(b - a, c - a), axis=1).min() > 1e-10, params
        low, high = mesh.bounds
        stature = float(params["stature"])
        if params["pose"] in ("standing", "walking", "talking", "arms_crossed"):
            assert stature - 0.09 < high[2] < stature + 0.16, params
        assert high[1] - low[1] < 0.75 * stature and high[0] - low[0] < 1.0 * stature


def test_seeds_give_people_who_differ_in_many_poses() -> None:
    assert len({content_hash(mesh) for _, mesh, _ in crowd()}) == len(crowd())
    drawn = [person_params(np.random.default_rng(seed), ROLES[seed % 4])[0] for seed in range(40)]
    assert len({p["pose"] for p in drawn}) >= 10
    assert len({(p["top"], p["bottom"], p["jacket"], p["shoes"]) for p in drawn}) >= 15
    assert len({p["hair"] for p in drawn}) >= 6
    assert len({(p["stature"], *p["phenotype"].values(), *p["local"].values()) for p in drawn}) == 40


def test_a_person_takes_less_than_a_second() -> None:
    assert np.median([seconds for _, _, seconds in crowd()[::5]]) < 1.0
