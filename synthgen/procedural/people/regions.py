"""Where on a body a vertex of the base mesh lies: along legs and arms, up the trunk and the neck.

Found on the template, so the same for every body.
leg     0 at the hip joint, 1 at the ankle, below 0 above the hips
arm     0 at the shoulder, 0.5 at the elbow, 1 at the wrist, -1 off the arms
trunk   height: 0 at the hip joints, 1 at the neck's foot and on the arms
neck    metres up the neck from its foot, below 0 down the shoulders and the chest
on_arm  how much of a vertex moves with an arm
x, y, z metres, z above the soles
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from synthgen.procedural.people.data import Body
from synthgen.procedural.people.rig import SIDES, Rig, rig_of, unit
from synthgen.procedural.shapes import Array

_COLLAR = np.array([0.42, 0.0, 0.91])
_NECK_RADIUS = 0.062


@lru_cache(maxsize=1)
def regions(body: Body) -> Mapping[str, Array]:
    """Fields over the base mesh's vertices, (19158,) each."""
    rig, v = rig_of(body, body.template), body.template
    dense = body.weights.toarray()
    arms = [k for k, n in enumerate(body.bones) if n.startswith(("upperarm", "lowerarm", "wrist", "meta", "finger"))]
    on_arm = dense[:, arms].sum(axis=1)
    leg, arm = np.empty(len(v)), np.empty(len(v))
    for side, sign in SIDES.items():
        own = v[:, 1] * sign >= 0
        leg[own] = along_leg(rig, v[own], side)
        arm[own] = along_arm(rig, v[own], side)
    hips, neck = rig.at("upperleg01.L"), rig.at("neck01")
    trunk = (v[:, 2] - hips[2]) / (neck[2] - hips[2])
    limb = on_arm > 0.5
    rise = unit(rig.at("head") - neck)
    away = (v - neck) - np.outer((v - neck) @ rise, rise)
    collar = (v - neck) @ _COLLAR - np.maximum(np.linalg.norm(away, axis=1) - _NECK_RADIUS, 0.0)
    collar = collar + 0.12 * dense[:, body.bone("head")]  # a chin is no neck
    return {
        "leg": np.where(limb, -1.0, leg),
        "arm": np.where(limb, np.maximum(arm, 0.0), -1.0),
        "trunk": np.where(limb, 1.0, trunk),
        "neck": collar,
        "on_arm": on_arm,
        "x": v[:, 0],
        "y": v[:, 1],
        "z": v[:, 2] - rig.sole,
    }


def along_leg(rig: Rig, points: Array, side: str) -> Array:
    """(N,) where points lie between hip (0) and ankle (1) of a body at rest."""
    hip, ankle = rig.at(f"upperleg01.{side}"), rig.at(f"foot.{side}")
    line = ankle - hip
    found: Array = (points - hip) @ line / float(line @ line)
    return found


def along_arm(rig: Rig, points: Array, side: str) -> Array:
    """(N,) where points lie between shoulder (0), elbow (0.5) and wrist (1) of a body at rest."""
    start, middle, end = (rig.at(f"{b}.{side}") for b in ("upperarm01", "lowerarm01", "wrist"))
    upper, fore = middle - start, end - middle
    split = unit(unit(upper) + unit(fore))
    first = (points - start) @ upper / float(upper @ upper)
    second = (points - middle) @ fore / float(fore @ fore)
    found: Array = np.where(
        (points - middle) @ split < 0, 0.5 * np.minimum(first, 1.0), 0.5 + 0.5 * np.maximum(second, 0)
    )
    return found


def axis_points(rig: Rig, values: Array, side: str, limb: str) -> Array:
    """(N, 3) points on the axis of a leg or an arm at these places along it."""
    names = ("upperleg01", "lowerleg01", "foot") if limb == "leg" else ("upperarm01", "lowerarm01", "wrist")
    joints = np.array([rig.at(f"{n}.{side}") for n in names])
    if limb == "leg":
        line = joints[2] - joints[0]
        knots = np.array([0.0, float((joints[1] - joints[0]) @ line / (line @ line)), 1.0])
    else:
        knots = np.array([0.0, 0.5, 1.0])
    return np.stack([np.interp(values, knots, joints[:, k]) for k in range(3)], axis=1)
