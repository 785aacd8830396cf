"""Poses from configs/people/poses.yaml: to the rotation of every bone of a rig.

The file says what each entry means. A number there may be [low, high] (drawn with the seed), the word `height` (metres
above the ground, a parameter) or `phase`, or a table over the phase of a cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import yaml

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.people.rig import SIDES, Rig, about, frame, reach, turn, twist_about, unit
from synthgen.procedural.shapes import Array

_SPINE = {"spine05": 0.18, "spine04": 0.4, "spine03": 0.62, "spine02": 0.82, "spine01": 1.0}
_NECK = {"neck01": 0.3, "neck02": 0.55, "neck03": 0.8, "head": 1.0}
_FINGERS = (("1", 52.0), ("2", 78.0), ("3", 48.0))
"""Degrees by which the joints of a finger bend at curl 1."""
_OTHER = {"L": "R", "R": "L"}


@lru_cache(maxsize=1)
def all_poses() -> Mapping[str, Mapping[str, Any]]:
    """Poses by name, as configs/people/poses.yaml has them."""
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        (data_dir("configs") / "people" / "poses.yaml").read_text("utf-8")
    )["poses"]
    return loaded


def find_pose(name: str) -> Mapping[str, Any]:
    """Raises InputError for a name that no pose has."""
    poses = all_poses()
    if name not in poses:
        raise InputError.of(f"no pose is called {name!r}", hint=", ".join(poses))
    return poses[name]


def resolved(
    pose: Mapping[str, Any], *, phase: float, height: float, mirror: bool, rng: np.random.Generator
) -> dict[str, Any]:
    """A pose with every number settled, sides exchanged where `mirror`; `height` is in shares of the stature."""

    def settle(value: Any, phase: float) -> Any:
        if isinstance(value, Mapping):
            if "cycle" in value:
                keys = np.asarray(value["cycle"], dtype=np.float64)
                at = np.linspace(0.0, 1.0, len(keys) + 1)
                return float(np.interp(phase % 1.0, at, np.append(keys, keys[0]))) * float(value.get("times", 1.0))
            return {k: settle(v, phase) for k, v in value.items()}
        if isinstance(value, list):
            if len(value) == 2 and all(isinstance(v, (int, float)) for v in value):
                return float(rng.uniform(*value))
            return [settle(v, phase) for v in value]
        if value == "height":
            return height
        return phase % 1.0 if value == "phase" else value

    out: dict[str, Any] = {}
    for name, part in pose.items():
        if name in ("tags", "height", "fixed", "touching"):
            continue
        bare, _, side = name.partition(".")
        late = 0.5 if side == "R" else 0.0
        if bare in ("arm", "leg", "hand", "foot") and not side:
            for s in SIDES:
                out[f"{bare}.{s}"] = settle(part, phase + (0.5 if s == "R" else 0.0))
        else:
            out[name] = settle(part, phase + late)
    return _mirrored(out) if mirror else out


def _mirrored(pose: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, part in pose.items():
        bare, _, side = name.partition(".")
        values = dict(part)
        if side:
            for key in ("at", "elbow_to", "fingers", "palm", "knee_to"):
                if isinstance(values.get(key), list):
                    x, y, z = values[key]
                    values[key] = [x, -y, z]
            name = f"{bare}.{_OTHER[side]}"
        else:
            values |= {k: -values[k] for k in ("lean", "twist") if k in values}
        out[name] = values
    return out


def bone_rotations(rig: Rig, pose: Mapping[str, Any], stature: float) -> dict[str, Array]:
    """World rotations of bones in a settled pose."""
    out: dict[str, Array] = {}
    pelvis = _trunk(pose.get("pelvis", {}), 1.0)
    out["root"] = pelvis
    for bone, share in _SPINE.items():
        out[bone] = pelvis @ _trunk(pose.get("spine", {}), share)
    chest = out["spine01"]
    for bone, share in _NECK.items():
        out[bone] = chest @ _trunk(pose.get("neck", {}), share)
    for side in SIDES:
        _leg(rig, out, side, pose, pelvis, stature)
    ground = np.array([0.0, 0.0, _ground(rig, pose, out)])
    for side in SIDES:
        _arm(rig, out, side, pose, chest, stature, ground)
    return out


def _trunk(part: Mapping[str, float], share: float) -> Array:
    return (
        turn("z", share * part.get("twist", 0.0))
        @ turn("y", share * part.get("bend", 0.0))
        @ turn("x", -share * part.get("lean", 0.0))
    )


def _place(rig: Rig, rotations: Mapping[str, Array], bone: str) -> Array:
    """Where a bone's head comes to lie; hips' middle is the origin."""
    body = rig.body
    chain = []
    k = body.bone(bone)
    while k >= 0:
        chain.append(k)
        k = body.parents[k]
    chain.reverse()
    middle = rig.heads[body.bone("upperleg01.L")] / 2 + rig.heads[body.bone("upperleg01.R")] / 2
    root = rotations["root"]
    at: Array = root @ (rig.heads[chain[0]] - middle)
    current = root
    for above, below in pairwise(chain):
        current = rotations.get(body.bones[above], current)
        at = at + current @ (rig.heads[below] - rig.heads[above])
    return at


def _ground(rig: Rig, pose: Mapping[str, Any], rotations: Mapping[str, Array]) -> float:
    """Height of the ground below the hips: as the pose says, else under the lower of ankles and balls of the feet."""
    if "height" in pose.get("pelvis", {}):
        straight = rig.length("upperleg01.L", "lowerleg01.L", "foot.L") + rig.at("foot.L")[2] - rig.sole
        return -float(pose["pelvis"]["height"]) * float(straight)
    low: list[float] = []
    for side in SIDES:
        for bone, height in (("foot", rig.at("foot.L")[2] - rig.sole), ("toes", rig.at("toes.L")[2] - rig.sole)):
            low.append(float(_place(rig, rotations, f"{bone}.{side}")[2]) - float(height))
    return min(low)


def _leg(rig: Rig, out: dict[str, Array], side: str, pose: Mapping[str, Any], pelvis: Array, stature: float) -> None:
    sign = SIDES[side]
    part = pose.get(f"leg.{side}", {})
    foot = pose.get(f"foot.{side}")
    hip, knee, ankle = f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}"
    flat = None
    if foot is None:
        thigh = (
            pelvis @ turn("y", -part.get("flex", 0.0)) @ turn("x", sign * part.get("out", 0.0))
            @ turn("z", sign * part.get("turn", 0.0))
        )  # fmt: skip
        shin = thigh @ turn("y", part.get("knee", 0.0))
    else:
        rise = rig.at(ankle)[2] - rig.sole
        yaw = turn("z", sign * foot.get("yaw", 8.0))
        flat = yaw @ turn("y", foot.get("pitch", 0.0))
        goal = np.array(foot["at"], dtype=np.float64) * stature + [0.0, 0.0, rise]
        if "circle" in foot:
            ring = foot["circle"]
            angle = -2 * np.pi * float(ring["phase"])
            goal += float(ring["radius"]) * stature * np.array([np.cos(angle), 0.0, np.sin(angle)])
        goal[2] += _ground(rig, pose, out)
        start = _place(rig, out, hip)
        if foot.get("pitch", 0.0) > 0.0 and "circle" not in foot:  # the heel rises about the ball, which stays down
            ball = rig.at(f"toes.{side}") - rig.at(ankle)
            turned = flat @ rig.rest[f"foot.{side}"].T @ ball
            goal[2] += float(ball[2] - turned[2])
        pole = np.array(foot["knee_to"], dtype=np.float64) if "knee_to" in foot else yaw @ np.array([1.0, 0.0, 0.0])
        upper, lower = reach(start, goal, rig.length(hip, knee), rig.length(knee, ankle), pole)
        across = np.cross(pole, unit(goal - start))
        across = -across if across[1] < 0 else across
        thigh, shin = frame(upper, across), frame(lower, across)
    out[f"upperleg01.{side}"], out[f"upperleg02.{side}"] = _split(
        pelvis, thigh @ rig.rest[f"upperleg.{side}"].T, rig.rest[f"upperleg.{side}"], 0.5
    )
    down = shin @ rig.rest[f"lowerleg.{side}"].T
    out[f"lowerleg01.{side}"] = out[f"lowerleg02.{side}"] = down
    turned = flat if flat is not None else shin @ turn("y", -part.get("ankle", 0.0))
    rest = rig.rest[f"foot.{side}"]
    out[f"foot.{side}"] = turned @ rest.T
    out[f"toes.{side}"] = turned @ turn("y", -float((foot or part).get("toes", 0.0))) @ rest.T


def _arm(
    rig: Rig, out: dict[str, Array], side: str, pose: Mapping[str, Any], chest: Array, stature: float, ground: Array
) -> None:
    sign = SIDES[side]
    part, hand = pose.get(f"arm.{side}", {}), pose.get(f"hand.{side}")
    lift, forward = float(part.get("lift", 0.0)), float(part.get("forward", 0.0))
    shoulder, elbow, wrist = f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}"
    girdle = chest @ turn("z", -sign * forward) @ turn("x", sign * lift)
    out[f"clavicle.{side}"] = chest @ turn("z", -sign * forward * 0.5) @ turn("x", sign * lift * 0.5)
    out[f"shoulder01.{side}"] = girdle
    if hand is None:
        upper = (
            chest @ turn("y", -part.get("flex", 0.0)) @ turn("x", sign * part.get("out", 6.0))
            @ turn("z", -sign * part.get("turn", 0.0))
        )  # fmt: skip
        fore = upper @ turn("y", -part.get("elbow", 12.0))
        palm = fore @ turn("z", sign * part.get("pronate", 0.0)) @ turn("y", -part.get("wrist", 0.0))
    else:
        axes = chest if hand.get("of", "ground") == "chest" else np.eye(3)
        goal = axes @ (np.array(hand["at"], dtype=np.float64) * stature)
        if hand.get("of", "ground") == "chest":
            goal = goal + (_place(rig, out, "upperarm01.L") + _place(rig, out, "upperarm01.R")) / 2
        else:
            goal = goal + ground
        first, second = rig.length(shoulder, elbow), rig.length(elbow, wrist)
        # The shoulder blade follows an arm that is raised or stretched.
        aim = chest.T @ (goal - _place(rig, out, shoulder))
        far = min(float(np.linalg.norm(aim)) / (first + second), 1.0)
        lift += 26.0 * max(0.0, float(unit(aim)[2]) + 0.25) * far
        forward += 14.0 * max(0.0, float(unit(aim)[0])) * far**2
        girdle = chest @ turn("z", -sign * forward) @ turn("x", sign * lift)
        out[f"clavicle.{side}"] = chest @ turn("z", -sign * forward * 0.5) @ turn("x", sign * lift * 0.5)
        out[f"shoulder01.{side}"] = girdle
        start = _place(rig, out, shoulder)
        pole = axes @ np.array(hand.get("elbow_to", [-0.4, 0.5 * sign, -1.0]), dtype=np.float64)
        down, along = reach(start, goal, first, second, pole)
        left = np.cross(along, down)
        upper, fore = frame(down, left), frame(along, left)
        if "fingers" in hand:
            z = -unit(axes @ np.array(hand["fingers"], dtype=np.float64))
            inner = axes @ np.array(hand["palm"], dtype=np.float64)
            y = -sign * unit(inner - z * float(inner @ z))
            palm = np.column_stack([np.cross(y, z), y, z])
        else:
            palm = fore @ turn("z", sign * hand.get("pronate", 0.0)) @ turn("y", -hand.get("wrist", 0.0))
    rest = rig.rest[f"upperarm.{side}"]
    out[f"upperarm01.{side}"], out[f"upperarm02.{side}"] = _split(girdle, upper @ rest.T, rest, 0.45)
    rest = rig.rest[f"lowerarm.{side}"]
    low = fore @ rest.T
    out[f"lowerarm01.{side}"] = low
    end = palm @ rig.rest[f"wrist.{side}"].T
    axis = rest[:, 2]
    out[f"lowerarm02.{side}"] = low @ about(axis, 0.6 * twist_about(low.T @ end, axis))
    out[f"wrist.{side}"] = end
    _fingers(rig, out, side, end, (hand or part).get("curl", 0.25), (hand or part).get("thumb", 0.2))


def _split(parent: Array, whole: Array, rest: Array, share: float) -> tuple[Array, Array]:
    """The rotations of a limb's two bones: the first takes a share of its turn about its own axis."""
    axis = rest[:, 2]
    own = parent.T @ whole
    angle = twist_about(own, axis)
    return whole @ about(axis, -(1.0 - share) * angle), whole


def _fingers(rig: Rig, out: dict[str, Array], side: str, hand: Array, curl: float, thumb: float) -> None:
    palm = rig.rest[f"wrist.{side}"] @ np.array([0.0, -SIDES[side], 0.0])
    for finger in "2345":
        names = [f"finger{finger}-{k}.{side}" for k, _ in _FINGERS]
        along = unit(rig.at(names[2]) - rig.at(names[0]))
        hinge = unit(np.cross(along, palm))
        bend = 0.0
        for name, (_, most) in zip(names, _FINGERS, strict=True):
            bend += most * curl * (1.0 + 0.08 * (int(finger) - 3))
            out[name] = hand @ about(hinge, float(np.radians(bend)))
    names = [f"finger1-{k}.{side}" for k in "123"]
    along = unit(rig.at(names[2]) - rig.at(names[0]))
    hinge = unit(np.cross(along, unit(palm + 0.6 * unit(rig.at(f"finger5-1.{side}") - rig.at(f"finger2-1.{side}")))))
    for k, name in enumerate(names):
        out[name] = hand @ about(hinge, float(np.radians((14.0 + 26.0 * k) * thumb)))
