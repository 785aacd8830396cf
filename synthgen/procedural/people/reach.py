"""Keeps forearms and hands off the body: poses are numbers for one build, and people are of all builds and dress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from synthgen.assets.mesh import vertex_normals
from synthgen.procedural.people.data import body
from synthgen.procedural.people.rig import SIDES
from synthgen.procedural.people.scalp import visible_skin
from synthgen.procedural.shapes import Array, Index

_ROUNDS, _ROUNDS_CROSSED = 5, 10
_NEAR = 0.09
"""Metres within which a point of an arm may lie inside a body."""
_HAND = ("wrist", "metacarpal", "finger")


@dataclass(frozen=True, slots=True, eq=False)
class _Hide:
    """A part of the skin: its vertices of the base mesh, faces over them."""

    used: Index
    faces: Index


@lru_cache(maxsize=1)
def _places() -> tuple[Mapping[str, Index], Mapping[str, Index], _Hide, Mapping[str, _Hide]]:
    """Vertices of the base mesh (some of them) of hand and half the forearm by side, and of all the
    forearm; trunk, head and legs; arms by side."""
    base = body()
    names, dense = base.bones, base.weights.toarray()

    def moved(starts: tuple[str, ...]) -> Array:
        found: Array = dense[:, [k for k, n in enumerate(names) if n.startswith(starts)]].sum(axis=1)
        return found

    quads = base.groups["body"].quads[visible_skin(base)]
    seen = np.zeros(len(base.template), dtype=bool)
    seen[np.unique(quads)] = True

    def tips(starts: tuple[str, ...]) -> Mapping[str, Index]:
        own = (moved((*starts, *_HAND)) > 0.9) & seen
        return {s: np.flatnonzero(own & (base.template[:, 1] * sign > 0))[::5] for s, sign in SIDES.items()}

    def hide(whole: NDArray[np.bool_]) -> _Hide:
        used, local = np.unique(quads[whole[quads].all(axis=1)], return_inverse=True)
        local = local.reshape(-1, 4)
        return _Hide(used, np.concatenate([local[:, [0, 1, 2]], local[:, [0, 2, 3]]]))

    limb = moved(("upperarm", "lowerarm", "shoulder", "clavicle", *_HAND))
    arm = moved(("upperarm", "lowerarm", *_HAND)) > 0.8
    arms = {s: hide(arm & (base.template[:, 1] * sign > 0)) for s, sign in SIDES.items()}
    return tips(("lowerarm02",)), tips(("lowerarm",)), hide(limb < 0.3), arms


def depths(posed: Callable[[Index], Array], gap: float, *, over: str = "") -> dict[str, tuple[float, Array]]:
    """Of either side: metres by which forearm and hand lack `gap` from trunk, head and legs, 0 where they do not, and
    the way out (3,). posed: gives posed vertices of the base mesh by index. over: the side of an arm that lies over
    the other, where arms are crossed: elbows count then, too, and this arm keeps off the other."""
    hands, arms, trunk, limbs = _places()
    around = [_lack(posed, trunk, arms if over else hands, gap)]
    if over:
        below = limbs["R" if over == "L" else "L"]
        around.append(_lack(posed, below, {over: arms[over]}, gap))
    return {side: max((a[side] for a in around if side in a), key=lambda found: found[0]) for side in SIDES}


def _lack(
    posed: Callable[[Index], Array], hide: _Hide, arms: Mapping[str, Index], gap: float
) -> dict[str, tuple[float, Array]]:
    points = posed(hide.used)
    normals = vertex_normals(points, hide.faces).astype(np.float64)  # type: ignore[arg-type]
    tree = cKDTree(points)
    out = {}
    for side, own in arms.items():
        tips = posed(own)
        far, at = tree.query(tips, distance_upper_bound=_NEAR)
        hit = np.flatnonzero(np.isfinite(far))
        lack = gap - ((tips[hit] - points[at[hit]]) * normals[at[hit]]).sum(axis=1)
        k = int(lack.argmax()) if len(lack) else 0
        deepest = float(lack[k]) if len(lack) else 0.0
        out[side] = (max(deepest, 0.0), normals[at[hit[k]]] if len(lack) else np.zeros(3))
    return out


def cleared(
    pose: Mapping[str, Any], place: Callable[[Mapping[str, Any]], Callable[[Index], Array]], stature: float, gap: float
) -> dict[str, Any]:
    """A settled pose with arms swung out, and hands moved, until they keep `gap` metres from the body.

    place: from a pose to what `depths` asks for.
    """
    pose = {name: dict(part) for name, part in pose.items()}
    over = next((s for s in SIDES if pose.get(f"hand.{s}", {}).get("over")), "")
    for _ in range(_ROUNDS_CROSSED if over else _ROUNDS):
        late = False
        for side, (deep, way) in depths(place(pose), gap, over=over).items():
            if deep < 0.002:
                continue
            late = True
            hand = pose.get(f"hand.{side}")
            if hand is None:
                arm = pose.setdefault(f"arm.{side}", {})
                arm["out"] = float(arm.get("out", 6.0)) + min(float(np.degrees(deep / (0.3 * stature))) + 0.5, 8.0)
            else:
                hand["at"] = (np.array(hand["at"], dtype=np.float64) + way * deep / stature).tolist()
        if not late:
            break
    return pose
