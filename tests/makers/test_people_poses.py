"""Poses of made people: whole and mirrored, feet on the ground, hands where they are meant and off the body."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from trimesh.ray.ray_pyembree import RayMeshIntersector

from synthgen.assets.mesh import vertex_normals
from synthgen.procedural.people import clothes
from synthgen.procedural.people.data import body
from synthgen.procedural.people.figure import Figure
from synthgen.procedural.people.poses import all_poses, find_pose
from synthgen.procedural.people.reach import depths
from synthgen.procedural.people.rig import posed
from synthgen.procedural.people.scalp import visible_skin
from tests.makers.people import ADULT, BUILDS, built, figure_in, joint

pytestmark = [pytest.mark.assets, pytest.mark.usefixtures("people_pack")]

CYCLES = [n for n, p in all_poses().items() if "cycle" in str(p) or "phase" in str(p)]


def ground_below(figure: Figure) -> float:
    """Height of the ground under the lower ball of the feet."""
    return float(min(joint(figure, f"toes.{s}")[2] for s in "LR") - (figure.rig.at("toes.L")[2] - figure.rig.sole))


def bend(figure: Figure, side: str) -> float:
    """Degrees by which a knee is bent."""
    hip, knee, ankle = (joint(figure, f"{n}.{side}") for n in ("upperleg01", "lowerleg01", "foot"))
    thigh, shin = knee - hip, ankle - knee
    return float(np.degrees(np.arccos(thigh @ shin / np.linalg.norm(thigh) / np.linalg.norm(shin))))


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
        figure = figure_in("walking", phase=float(phase), clear=False)
        foot = joint(figure, "foot.L")[0] - joint(figure, "foot.R")[0]
        hand = joint(figure, "wrist.L")[0] - joint(figure, "wrist.R")[0]
        ahead.append((foot, hand))
    feet, hands = np.array(ahead).T
    assert feet[0] > 0.4 and feet[4] < -0.4
    assert np.corrcoef(feet, hands)[0, 1] < -0.8
    assert feet[0] == pytest.approx(feet[-1], abs=1e-9)


@pytest.mark.parametrize("name", CYCLES)
def test_knees_bend_evenly_through_a_cycle_and_end_where_they_began(name: str) -> None:
    """No jump between neighbours, and the right knee does half a period later what the left one does."""
    count = 40
    figures = [figure_in(name, phase=k / count, height=1.02, clear=False) for k in range(count + 1)]
    left, right = (np.array([bend(f, side) for f in figures]) for side in "LR")
    assert left[0] == pytest.approx(left[-1], abs=1e-6) and right[0] == pytest.approx(right[-1], abs=1e-6)
    assert np.abs(np.diff(left)).max() < (left.max() - left.min()) / 5
    assert np.allclose(np.roll(left[:-1], count // 2), right[:-1], atol=3.0)


def test_pedals_go_round_once_and_forwards() -> None:
    count = 40
    feet = np.array([joint(figure_in("riding", phase=k / count, clear=False), "foot.L") for k in range(count)])
    x, z = (feet - (feet.max(axis=0) + feet.min(axis=0)) / 2).T[[0, 2]]
    assert np.ptp(x) == pytest.approx(2 * 0.097 * 1.75, abs=0.02)
    turned = np.diff(np.unwrap(np.append(np.arctan2(x, z), np.arctan2(x[0], z[0]))))  # from above to the front
    assert (turned > 0).all() and turned.sum() == pytest.approx(2 * np.pi)
    knees = np.array([bend(figure_in("riding", phase=k / count, clear=False), "L") for k in range(count)])
    turns = np.diff(np.sign(np.diff(np.append(knees, knees[:2]))))
    assert (turns != 0).sum() == 2, "a knee bends and stretches once in a turn"


@pytest.mark.parametrize("name", list(all_poses()))
def test_poses_keep_bones_whole_and_mirror(name: str) -> None:
    same, other = (figure_in(name, height=1.4, mirror=mirror, clear=False) for mirror in (False, True))
    for matrix in same.transforms:
        assert np.allclose(matrix[:, :3] @ matrix[:, :3].T, np.eye(3), atol=1e-9)
        assert np.linalg.det(matrix[:, :3]) > 0.99
    assert np.allclose(joint(other, "wrist.L") * (1, -1, 1), joint(same, "wrist.R"), atol=0.02)
    assert np.allclose(posed(same.rig, same.rotations), same.transforms)


@pytest.mark.parametrize("name", [n for n in all_poses() if n != "riding" and n not in CYCLES])
def test_feet_of_those_who_stand_are_flat_on_the_ground(name: str) -> None:
    figure = figure_in(name, height=1.0, clear=False)
    figure.shoes(clothes.garment("shoes", "boots", np.random.default_rng(0)))
    soles = [p.points[:, 2] for p in figure.parts if p.slots == "sole"]
    assert len(soles) == 2
    assert abs(soles[0].min() - soles[1].min()) < (0.012 if name in ("standing", "talking") else 0.015), name
    for sole, side in zip(soles, "LR", strict=True):
        if not find_pose(name).get(f"foot.{side}", {}).get("pitch"):
            assert (sole < sole.min() + 0.012).sum() > 30, name


@pytest.mark.parametrize("name", [n for n, p in all_poses().items() if not p.get("touching")])
def test_hands_stay_out_of_bodies_of_any_build(name: str) -> None:
    for traits, stature in BUILDS:
        phases = (0.0,) if name not in CYCLES else (0.0, 0.25, 0.5, 0.75) if traits is ADULT else (0.3,)
        for phase in phases:
            figure = figure_in(name, built(traits, stature), stature=stature, phase=phase, height=1.0)
            found = depths(lambda own, f=figure: f.posed(f.vertices[own], f.base.weights[own]), 0.0)  # type: ignore[misc]
            assert max(deep for deep, _ in found.values()) < 0.006, (name, phase, traits, found)


def _skin_of(*starts: str, sign: float = 0.0) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vertices of the skin that move with these bones, and faces over them. sign: of y, 0 for both sides."""
    base = body()
    moved = base.weights.toarray()[:, [k for k, n in enumerate(base.bones) if n.startswith(starts)]].sum(axis=1) > 0.9
    if sign:
        moved &= base.template[:, 1] * sign > 0
    quads = base.groups["body"].quads[visible_skin(base)]
    used, local = np.unique(quads[moved[quads].all(axis=1)], return_inverse=True)
    local = local.reshape(-1, 4)
    return used, np.concatenate([local[:, [0, 1, 2]], local[:, [0, 2, 3]]])


@pytest.mark.parametrize(("traits", "stature"), BUILDS)
def test_crossed_arms_lie_on_the_chest_and_on_one_another(traits: dict[str, float], stature: float) -> None:
    """Of forearms and hands nothing is in the trunk, by rays out of them, nor the one in the other; they lie close."""
    figure = figure_in("arms_crossed", built(traits, stature), stature=stature)
    skin = figure.posed(figure.vertices, figure.base.weights)
    trunk, faces = _skin_of("spine", "neck", "root", "upperleg")
    solid = RayMeshIntersector(trimesh.Trimesh(skin[trunk], faces, process=False))
    far, fore = ("lowerarm", "wrist", "metacarpal", "finger"), {}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        own, mine = _skin_of(*far, sign=sign)
        fore[side] = (skin[own], mine)
        inside = sum(
            np.array([len(solid.intersects_id(p[None], way[None], multiple_hits=True)[0]) % 2 for p in skin[own][::12]])
            for way in (np.array([1.0, 0.0, 0.02]), np.array([0.8, 0.6 * sign, 0.01]))
        )
        deep = cKDTree(skin[trunk]).query(skin[own][::12])[0]
        assert deep[inside == 2].max(initial=0.0) < 0.004, side
        assert side == "R" or deep.min() < 0.05, "the lower arm is held away from the chest"
    lower, lower_faces = fore["L"]
    normals = vertex_normals(lower, lower_faces).astype(float)
    near, at = cKDTree(lower).query(fore["R"][0])
    depth = -((fore["R"][0] - lower[at]) * normals[at]).sum(axis=1)[near < 0.05]
    assert depth.max() < 0.006 and -depth.max() < 0.03, "the upper arm lies on the lower one"


@pytest.mark.parametrize("stature", [1.55, 1.9])
def test_hands_that_push_hold_a_bar_at_its_height(stature: float) -> None:
    figure = figure_in("pushing", built(ADULT, stature), stature=stature, height=1.02)
    for side in "LR":
        assert joint(figure, f"wrist.{side}")[2] - ground_below(figure) == pytest.approx(1.02, abs=0.02)
