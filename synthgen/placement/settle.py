"""Piles that physics settles: rigid bodies on a floor within walls, by MuJoCo, one thread, fixed steps.

Bodies are convex: of each a hull of few points that holds its mesh to `OUTSIDE`. The same input gives the same
output on one machine and version; what a store has settled once is read from its cache everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.convex.hull import build, support
from synthgen.scene.pose import Matrix
from synthgen.scene.spec import rounded

Floats = NDArray[np.float64]

STEP = 0.004
SECONDS = 3.0
"""A pile is given no longer than this to come to rest."""

RESTING = 0.03
"""Metres a second below which a corner of a body is at rest, from one look to the next: contacts make bodies tremble on
the spot, at higher speeds than that."""

TOLERANCE = 0.001
"""Metres by which hulls may be in one another or in the floor when all is at rest."""

OUTSIDE = 0.0003
"""Metres by which a mesh may stick out of the hull that stands for it."""

_VERSION = 2
_DIRECTIONS = 40
_MOST = 200
"""Points after which a hull is close enough."""

_FALL = 0.2
"""Seconds in which bodies fall nearly free; then they are slowed down, and nothing holds them above the rim."""

_FALLING, _SLOWED = 3.0, 10.0
"""How many times its momentum a body loses in a second, before and after `_FALL`."""

_CALM = 20
"""Steps between two looks at whether all is at rest."""
_DENSITY = 2700.0
_WALL = 0.05
_HIGH = 10.0
_BEYOND = 0.002
"""Metres by which what is left in may be in a wall."""


@dataclass(frozen=True, slots=True)
class Body:
    """Something that falls: the points (N, 3) of its hull in its own frame, and where it starts: 3x4 row-major."""

    points: Floats
    start: Matrix


def hull_points(vertices: Floats) -> Floats:
    """(N, 3) few points that stand for the hull of a mesh: no vertex lies more than `OUTSIDE` beyond theirs."""
    k = np.arange(_DIRECTIONS) + 0.5
    z = 1 - 2 * k / _DIRECTIONS
    turn = np.pi * (1 + 5**0.5) * k
    sphere = np.column_stack([np.cos(turn) * np.sqrt(1 - z**2), np.sin(turn) * np.sqrt(1 - z**2), z])
    axes = np.concatenate([np.eye(3), -np.eye(3), sphere])
    every = vertices.astype(np.float64)
    points = support(every, axes)
    while len(points) < _MOST:
        sides = np.unique(np.round(build(points).equations, 9), axis=0)
        far = every @ sides[:, :3].T + sides[:, 3]
        worst = np.unique(far.argmax(axis=0)[far.max(axis=0) > OUTSIDE])
        if not len(worst):
            break
        points = np.unique(np.concatenate([points, every[worst]]), axis=0)
    corner = np.unique(build(points).vertices) if len(points) > 4 else np.arange(len(points))
    return np.round(points[corner] if corner.max() < len(points) else points, 7)


def settled(
    bodies: Sequence[Body], size: tuple[float, float], *, walls: bool, rim: float | None = None, cache: Path | None
) -> list[Matrix | None]:
    """Where bodies come to rest on a floor at z = 0 of `size` (x, y) from the origin, to 1e-6; None: left out.

    walls: along its edges. rim: their height in metres, without end where it is None. What comes to lie off the floor
    or over a wall, or with its middle above the rim, is left out, and the others settle again without it.
    cache: folder in which results are kept by what they are results of.
    """
    inputs = [_VERSION, STEP, SECONDS, list(size), walls, rim, [[b.points.tolist(), list(b.start)] for b in bodies]]
    key = hashlib.blake2b(json.dumps(rounded(inputs)).encode(), digest_size=16).hexdigest()
    file = cache / f"{key}.json" if cache is not None else None
    if file is not None and file.exists():
        return [tuple(row) if row else None for row in json.loads(file.read_text("utf-8"))]
    found = _Pile(bodies, size, walls, rim).settled() if bodies else []
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{id(found)}.part")
        part.write_text(json.dumps(found), "utf-8")
        part.replace(file)
    return found


class _Pile:
    """A pile while it is settled."""

    def __init__(self, bodies: Sequence[Body], size: tuple[float, float], walls: bool, rim: float | None):
        import mujoco

        self._mujoco = mujoco
        self._bodies, self._size, self._walls, self._rim = bodies, size, walls, rim
        self._model = mujoco.MjModel.from_xml_string(_world(bodies, size, walls, rim))
        self._state = mujoco.MjData(self._model)
        self._left_in = np.ones(len(bodies), dtype=bool)
        for k, body in enumerate(bodies):
            m = np.array(body.start).reshape(3, 4)
            turn = np.zeros(4)
            mujoco.mju_mat2Quat(turn, np.ascontiguousarray(m[:, :3]).ravel())
            self._state.qpos[7 * k : 7 * k + 7] = [*m[:, 3], *turn]
        sizes = self._model.geom_aabb[-len(bodies) :, 3:]
        self._boxes = np.array(list(product((-1.0, 1.0), repeat=3))) * sizes[:, None]
        self._seen = np.full((len(bodies), 8, 3), np.inf)

    def settled(self) -> list[Matrix | None]:
        """All in: where they come to rest."""
        self._slow(_FALLING)
        self._mujoco.mj_step(self._model, self._state, round(_FALL / STEP))
        self._slow(_SLOWED)
        names = [self._model.geom(k).name for k in range(self._model.ngeom)]
        self._pass_through([k for k, name in enumerate(names) if name.startswith("fence")])
        while True:
            self._mujoco.mj_step(self._model, self._state, _CALM)
            late = self._state.time >= SECONDS
            if late or self._at_rest():
                out = self._out()
                self._leave_out(out)
                if late or not len(out):
                    return [self._place(k) if kept else None for k, kept in enumerate(self._left_in)]

    def _at_rest(self) -> bool:
        before, self._seen = self._seen, self._corners()
        moved = np.linalg.norm(self._seen - before, axis=2).max(axis=1)[self._left_in]
        return float(moved.max(initial=0.0)) < RESTING * STEP * _CALM

    def _corners(self) -> Floats:
        """(N, 8, 3) the corners of each body's box, where they are now."""
        turns = self._state.geom_xmat[-len(self._bodies) :].reshape(-1, 3, 3)
        places = self._state.geom_xpos[-len(self._bodies) :]
        corners: Floats = np.einsum("nij,nkj->nki", turns, self._boxes) + places[:, None]
        return corners

    def _out(self) -> list[int]:
        """What lies where it is to be left out."""
        found = []
        for k in np.flatnonzero(self._left_in).tolist():
            m = np.array(self._place(k)).reshape(3, 4)
            points = self._bodies[k].points @ m[:, :3].T + m[:, 3]
            low, high = points.min(axis=0), points.max(axis=0)
            if not self._walls:
                low = high = (low + high) / 2
            off = (low[:2] < -_BEYOND).any() or (high[:2] > np.add(self._size, _BEYOND)).any()
            over = self._rim is not None and (points[:, 2].min() + points[:, 2].max()) / 2 > self._rim
            if off or over:
                found.append(k)
        return found

    def _leave_out(self, which: Sequence[int]) -> None:
        """They fall on, through everything."""
        self._left_in[list(which)] = False
        carriers = np.array([k + 1 for k in which], dtype=int)
        self._pass_through(np.flatnonzero(np.isin(self._model.geom_bodyid, carriers)).tolist())

    def _pass_through(self, geoms: Sequence[int]) -> None:
        self._model.geom_contype[list(geoms)] = 0
        self._model.geom_conaffinity[list(geoms)] = 0

    def _slow(self, share: float) -> None:
        for k in range(len(self._bodies)):
            self._model.dof_damping[6 * k : 6 * k + 3] = share * self._model.body_mass[k + 1]
            self._model.dof_damping[6 * k + 3 : 6 * k + 6] = share * self._model.body_inertia[k + 1].max()

    def _place(self, k: int) -> Matrix:
        place, turn = self._state.qpos[7 * k : 7 * k + 3], np.zeros(9)
        self._mujoco.mju_quat2Mat(turn, self._state.qpos[7 * k + 3 : 7 * k + 7])
        matrix: Matrix = rounded(tuple(np.column_stack([turn.reshape(3, 3), place]).ravel().tolist()))
        return matrix


def _world(bodies: Sequence[Body], size: tuple[float, float], walls: bool, rim: float | None) -> str:
    """The model as MJCF. Equal hulls are one mesh. What is above the walls' rim is named fence."""
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
    top = _HIGH if rim is None else rim
    levels = [("wall", -w, top), *([("fence", top, _HIGH)] if rim is not None else [])]
    fence = "".join(
        f'<geom name="{name}{k}" type="box" pos="{a} {b} {(low + high) / 2}" size="{c} {d} {(high - low) / 2}"/>'
        for k, (a, b, c, d) in enumerate(sides)
        for name, low, high in levels
        if walls
    )
    assets = "".join(f'<mesh name="{name}" vertex="{text}"/>' for text, name in meshes.items())
    return (
        f'<mujoco><option timestep="{STEP}" integrator="implicitfast" cone="pyramidal" iterations="30"/>'
        f'<default><geom density="{_DENSITY}" friction="0.5 0.003 0.0001" solref="0.008 1.2" condim="4"/></default>'
        f"<asset>{assets}</asset><worldbody>{plane}{fence}{''.join(rows)}</worldbody></mujoco>"
    )


def depth_of(points: Any, planes: Any) -> float:
    """By how much the deepest of (N, 3) points lies inside half-spaces (P, 4); 0 where all are outside."""
    return float(max(0.0, -(points @ planes[:, :3].T + planes[:, 3]).max(axis=1).min()))
