"""Piles that physics settles: rigid bodies on a floor within walls, by MuJoCo, one thread, fixed steps.

Bodies are convex: of each the hull of what is farthest in `_DIRECTIONS` directions. The same input gives the same
output on one machine and version; what a store has settled once is read from its cache everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.convex.hull import build, support
from synthgen.scene.pose import Matrix
from synthgen.scene.spec import rounded

Floats = NDArray[np.float64]

STEP = 0.002
SECONDS = 6.0
"""A pile is given no longer than this to come to rest."""

RESTING = 0.01
"""Metres a second (and a tenth of a radian) below which a body is at rest."""

TOLERANCE = 0.001
"""Metres by which hulls may be in one another or in the floor when all is at rest."""

_VERSION = 1
_DIRECTIONS = 40
_CALM = 50
"""Steps between two looks at whether all is at rest."""
_DENSITY = 2700.0
_WALL = 0.05


@dataclass(frozen=True, slots=True)
class Body:
    """Something that falls: the points (N, 3) of its hull in its own frame, and where it starts: 3x4 row-major."""

    points: Floats
    start: Matrix


def hull_points(vertices: Floats) -> Floats:
    """(N, 3) few points that stand for the hull of a mesh, the lowest and highest among them."""
    k = np.arange(_DIRECTIONS) + 0.5
    z = 1 - 2 * k / _DIRECTIONS
    turn = np.pi * (1 + 5**0.5) * k
    sphere = np.column_stack([np.cos(turn) * np.sqrt(1 - z**2), np.sin(turn) * np.sqrt(1 - z**2), z])
    axes = np.concatenate([np.eye(3), -np.eye(3), sphere])
    points = support(vertices.astype(np.float64), axes)
    corner = np.unique(build(points).vertices) if len(points) > 4 else np.arange(len(points))
    return np.round(points[corner] if corner.max() < len(points) else points, 7)


def settled(bodies: Sequence[Body], size: tuple[float, float], *, walls: bool, cache: Path | None) -> list[Matrix]:
    """Where bodies come to rest on a floor at z = 0 of `size` (x, y) from the origin, to 1e-6.

    walls: along its edges. cache: folder in which results are kept by what they are results of.
    """
    inputs = [_VERSION, STEP, SECONDS, list(size), walls, [[b.points.tolist(), list(b.start)] for b in bodies]]
    key = hashlib.blake2b(json.dumps(rounded(inputs)).encode(), digest_size=16).hexdigest()
    file = cache / f"{key}.json" if cache is not None else None
    if file is not None and file.exists():
        return [tuple(row) for row in json.loads(file.read_text("utf-8"))]
    found = _simulated(bodies, size, walls)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{id(found)}.part")
        part.write_text(json.dumps(found), "utf-8")
        part.replace(file)
    return found


def _simulated(bodies: Sequence[Body], size: tuple[float, float], walls: bool) -> list[Matrix]:
    import mujoco

    model = mujoco.MjModel.from_xml_string(_world(bodies, size, walls))
    state = mujoco.MjData(model)
    for k, body in enumerate(bodies):
        m = np.array(body.start).reshape(3, 4)
        turn = np.zeros(4)
        mujoco.mju_mat2Quat(turn, np.ascontiguousarray(m[:, :3]).ravel())
        state.qpos[7 * k : 7 * k + 7] = [*m[:, 3], *turn]
    for _ in range(round(SECONDS / STEP / _CALM)):
        mujoco.mj_step(model, state, _CALM)
        v = state.qvel.reshape(-1, 6)
        if state.time > 0.3 and np.abs(v[:, :3]).max() < RESTING and np.abs(v[:, 3:]).max() < 10 * RESTING:
            break
    found = []
    for k in range(len(bodies)):
        place, turn = state.qpos[7 * k : 7 * k + 3], np.zeros(9)
        mujoco.mju_quat2Mat(turn, state.qpos[7 * k + 3 : 7 * k + 7])
        rows = np.column_stack([turn.reshape(3, 3), place])
        matrix: Matrix = rounded(tuple(rows.ravel().tolist()))
        found.append(matrix)
    return found


def _world(bodies: Sequence[Body], size: tuple[float, float], walls: bool) -> str:
    """The model as MJCF. Equal hulls are one mesh."""
    meshes: dict[str, str] = {}
    rows = []
    for body in bodies:
        text = " ".join(f"{v:.7g}" for v in body.points.ravel())
        name = meshes.setdefault(text, f"m{len(meshes)}")
        rows.append(f'<body><freejoint/><geom type="mesh" mesh="{name}"/></body>')
    x, y = size
    w = _WALL
    plane = f'<geom type="box" pos="{x / 2} {y / 2} {-w}" size="{x / 2 + 1} {y / 2 + 1} {w}"/>'
    sides = [
        (x / 2, -w, x / 2 + 2 * w, w),
        (x / 2, y + w, x / 2 + 2 * w, w),
        (-w, y / 2, w, y / 2),
        (x + w, y / 2, w, y / 2),
    ]
    fence = "".join(f'<geom type="box" pos="{a} {b} 5" size="{c} {d} 5"/>' for a, b, c, d in sides if walls)
    assets = "".join(f'<mesh name="{name}" vertex="{text}"/>' for text, name in meshes.items())
    return (
        f'<mujoco><option timestep="{STEP}" integrator="implicitfast" cone="pyramidal" iterations="30"/>'
        f'<default><geom density="{_DENSITY}" friction="0.5 0.003 0.0001" solref="0.006 1.2" condim="4"/></default>'
        f"<asset>{assets}</asset><worldbody>{plane}{fence}{''.join(rows)}</worldbody></mujoco>"
    )


def depth_of(points: Any, planes: Any) -> float:
    """By how much the deepest of (N, 3) points lies inside half-spaces (P, 4); 0 where all are outside."""
    return float(max(0.0, -(points @ planes[:, :3].T + planes[:, 3]).max(axis=1).min()))
