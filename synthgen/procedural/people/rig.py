"""Turning bones of a body: rest frames of its limbs, forward kinematics, two-bone reach and linear blend skinning.

A limb's frame in its zero pose is that of the body (+X front, +Y left, +Z up) where the limb hangs straight down: arms
with thumbs to the front, feet flat. Every rotation here is of the whole world, so a bone's own rest pose, which
differs between bodies, drops out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from synthgen.procedural.people.data import Body
from synthgen.procedural.shapes import Array

SIDES = {"L": 1.0, "R": -1.0}
_X, _Y, _Z = np.eye(3)


def unit(vector: Array) -> Array:
    """A vector (3,) at length 1."""
    scaled: Array = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return scaled


def turn(axis: str, degrees: float) -> Array:
    """(3, 3) right-handed rotation about x, y or z."""
    c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    k = "xyz".index(axis)
    i, j = (k + 1) % 3, (k + 2) % 3
    out = np.eye(3)
    out[i, i] = out[j, j] = c
    out[j, i], out[i, j] = s, -s
    return out


def about(axis: Array, radians: float) -> Array:
    """(3, 3) right-handed rotation about a unit vector."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    out: Array = np.eye(3) + np.sin(radians) * cross + (1.0 - np.cos(radians)) * (cross @ cross)
    return out


def frame(down: Array, left: Array) -> Array:
    """(3, 3) axes in columns of a limb that points along `down`, with its left as near to `left` as can be."""
    z = -unit(down)
    y = unit(left - z * float(left @ z))
    return np.column_stack([np.cross(y, z), y, z])


def twist_about(rotation: Array, axis: Array) -> float:
    """Radians by which a rotation turns about an axis, besides where it swings it to."""
    w = 1.0 + float(np.trace(rotation))
    v = np.array([rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]])
    return float(2.0 * np.arctan2(float(v @ axis), w))


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """Bones of one body at rest: heads (B, 3) in metres, and rest frames of limbs by their first bone."""

    body: Body
    heads: Array
    rest: Mapping[str, Array]
    sole: float

    def at(self, bone: str) -> Array:
        """(3,) a bone's head at rest."""
        head: Array = self.heads[self.body.bone(bone)]
        return head

    def length(self, *bones: str) -> float:
        """Metres along heads of bones."""
        return sum(float(np.linalg.norm(self.at(b) - self.at(a))) for a, b in pairwise(bones))


def rig_of(body: Body, vertices: Array) -> Rig:
    """The rig of a body whose base mesh has these vertices (19158, 3)."""
    heads = body.heads @ vertices
    at = {name: heads[k] for k, name in enumerate(body.bones)}
    rest: dict[str, Array] = {}
    for side in SIDES:
        upper = at[f"lowerarm01.{side}"] - at[f"upperarm01.{side}"]
        fore = at[f"wrist.{side}"] - at[f"lowerarm01.{side}"]
        # An elbow bends about the normal of the plane in which the data's arms are a little bent.
        left = -np.cross(unit(upper), unit(fore))
        rest[f"upperarm.{side}"], rest[f"lowerarm.{side}"] = frame(upper, left), frame(fore, left)
        rest[f"wrist.{side}"] = _hand(at, side)
        toes = at[f"toes.{side}"] - at[f"foot.{side}"]
        ahead = unit(np.array([toes[0], toes[1], 0.0]))
        across = np.cross(_Z, ahead)
        rest[f"foot.{side}"] = np.column_stack([ahead, across, _Z])
        rest[f"upperleg.{side}"] = frame(at[f"lowerleg01.{side}"] - at[f"upperleg01.{side}"], across)
        rest[f"lowerleg.{side}"] = frame(at[f"foot.{side}"] - at[f"lowerleg01.{side}"], across)
    skin = int(body.groups["body"].quads.max()) + 1
    return Rig(body, heads, rest, float(vertices[:skin, 2].min()))


def _hand(at: Mapping[str, Array], side: str) -> Array:
    """A hand's frame: fingers down, palm towards the body's middle."""
    wrist = at[f"wrist.{side}"]
    fingers = at[f"finger3-1.{side}"] - wrist
    across = at[f"finger2-1.{side}"] - at[f"finger5-1.{side}"]  # from the little finger to the thumb's side: ahead
    z = -unit(fingers)
    x = unit(across - z * float(across @ z))
    return np.column_stack([x, np.cross(z, x), z])


def reach(start: Array, goal: Array, first: float, second: float, towards: Array) -> tuple[Array, Array]:
    """Unit directions of two bones from `start` to `goal`, or as near as they reach; the joint points `towards`."""
    line = goal - start
    far = float(np.linalg.norm(line))
    d = min(max(far, abs(first - second) * 1.02 + 1e-6), (first + second) * 0.995)
    along = unit(line)
    out = unit(towards - along * float(towards @ along))
    share = (first**2 + d**2 - second**2) / (2 * first * d)
    cos = min(max(share, -1.0), 1.0)
    upper = along * cos + out * float(np.sqrt(1.0 - cos**2))
    lower = along * d - upper * first
    return upper, unit(lower)


def skinned(transforms: Array, vertices: Array, weights: sparse.csr_matrix) -> Array:
    """(V, 3) vertices by the transforms of bones (B, 3, 4): vertices (V, 3) at rest, weights (V, B)."""
    blended = (weights @ transforms.reshape(len(transforms), 12)).reshape(-1, 3, 4)
    out: Array = np.einsum("vij,vj->vi", blended[:, :, :3], vertices) + blended[:, :, 3]
    return out


def posed(rig: Rig, rotations: Mapping[str, Array]) -> Array:
    """(B, 3, 4) transforms of bones from the rest pose, by their world rotations.

    A bone without one turns with its parent. The root stays where it is.
    """
    out = np.zeros((len(rig.heads), 3, 4))
    for k, (name, parent) in enumerate(zip(rig.body.bones, rig.body.parents, strict=True)):
        above = out[parent] if parent >= 0 else np.column_stack([np.eye(3), np.zeros(3)])
        place = above[:, :3] @ rig.heads[k] + above[:, 3]
        rotation = rotations.get(name, above[:, :3])
        out[k, :, :3] = rotation
        out[k, :, 3] = place - rotation @ rig.heads[k]
    return out
