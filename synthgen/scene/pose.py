"""Where things stand: 3x4 object-to-world matrices, row-major, and the camera's axes.

World Z up; yaw counter-clockwise about +Z, 0 = the asset's front along world +X.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.scene.spec import rounded

Matrix = tuple[float, ...]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def pose(
    x: float = 0.0,
    y: float = 0.0,
    z: float = 0.0,
    *,
    yaw: float = 0.0,
    scale: float | Sequence[float] = 1.0,
) -> Matrix:
    """The 3x4 matrix of something that stands upright at (x, y, z), turned by `yaw` degrees and scaled (x, y, z)."""
    sx, sy, sz = (scale, scale, scale) if isinstance(scale, (int, float)) else scale
    angle = math.radians(yaw)
    c, s = math.cos(angle), math.sin(angle)
    rows = (c * sx, -s * sy, 0.0, x, s * sx, c * sy, 0.0, y, 0.0, 0.0, sz, z)
    matrix: Matrix = rounded(rows)
    return matrix


def array(matrix: Sequence[float]) -> NDArray[np.float64]:
    """(3, 4) float64 of a row-major matrix."""
    return np.array(matrix, dtype=np.float64).reshape(3, 4)


def composed(outer: Sequence[float], inner: Sequence[float]) -> Matrix:
    """The 3x4 matrix of `inner` within `outer`: what is moved by `inner` first."""
    turn = [inner[k] for k in (0, 1, 2, 4, 5, 6, 8, 9, 10)]
    matrix: Matrix = rounded(within(tuple(outer), turn, inner[3::4]))
    return matrix


def within(outer: Matrix, turn: Sequence[float], at: Sequence[float]) -> Matrix:
    """`composed` of a frame and what is turned (9 numbers, row-major) and then moved in it, without rounding."""
    a, b, c, d, e, f, g, h, i = turn
    x, y, z = at
    rows = [outer[k : k + 4] for k in (0, 4, 8)]
    found = [
        (p * a + q * d + r * g, p * b + q * e + r * h, p * c + q * f + r * i, p * x + q * y + r * z + t)
        for p, q, r, t in rows
    ]
    return (*found[0], *found[1], *found[2])


def camera_to_world(x: float, y: float, z: float, *, heading: float, pitch: float = 0.0, roll: float = 0.0) -> Matrix:
    """The camera's 3x4 matrix; its axes are x right, y down, z forward.

    heading: degrees counter-clockwise from world +X that the camera looks at. pitch: degrees, positive looks up.
    roll: degrees, positive turns the camera clockwise about its viewing axis (the horizon then rises to the right).
    """
    h, p, r = math.radians(heading), math.radians(pitch), math.radians(roll)
    forward = np.array([math.cos(h) * math.cos(p), math.sin(h) * math.cos(p), math.sin(p)])
    level = np.array([math.sin(h), -math.cos(h), 0.0])
    below = np.cross(forward, level)
    right = level * math.cos(r) + below * math.sin(r)
    down = below * math.cos(r) - level * math.sin(r)
    columns = np.stack([right, down, forward, np.array([x, y, z])], axis=1)
    matrix: Matrix = rounded(tuple(columns.ravel().tolist()))
    return matrix


def along(heading: float, speed: float) -> tuple[float, ...]:
    """The velocity of what moves on level ground at `speed` metres per second, `heading` degrees counter-clockwise
    from world +X; () where it stands."""
    if speed == 0.0:
        return ()
    angle = math.radians(heading)
    velocity: tuple[float, ...] = rounded((speed * math.cos(angle), speed * math.sin(angle), 0.0))
    return velocity


def light_along(direction: Sequence[float], x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Matrix:
    """The matrix of a light at (x, y, z) whose local -Z is `direction`, in which its light travels."""
    back = -np.asarray(direction, dtype=np.float64)
    back /= np.linalg.norm(back)
    reference = np.array([0.0, 0.0, 1.0]) if abs(back[2]) < 0.99 else np.array([0.0, 1.0, 0.0])
    right = np.cross(reference, back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    columns = np.stack([right, up, back, np.array([x, y, z])], axis=1)
    matrix: Matrix = rounded(tuple(columns.ravel().tolist()))
    return matrix
