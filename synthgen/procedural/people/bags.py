"""Bags that people carry: a backpack on its straps, bags in a hand. Closed solids; the straps are cut like clothes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthgen.errors import InputError
from synthgen.procedural.shapes import Array, Index

BAGS: Mapping[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "backpack": ((0.12, 0.18), (0.27, 0.33), (0.4, 0.5)),
    "handbag": ((0.09, 0.14), (0.24, 0.34), (0.18, 0.25)),
    "shopping_bag": ((0.11, 0.16), (0.3, 0.38), (0.34, 0.4)),
}
"""Kinds, and between what their depth, width and height lie, metres."""
STRAPS = {
    "name": "straps", "kind": "straps", "slot": "bag", "hem": 0.42, "collar": -0.02, "ease": 0.02, "drape": 16,
    "folds": 0.0, "strap": 0.5, "strips": (0.095, 0.026),
}  # fmt: skip
"""What holds a backpack, as a garment (clothes.py): two strips over the shoulders."""


@dataclass(frozen=True, slots=True)
class Bag:
    """Solids (points (V, 3), faces (F, 3)) about an origin in the middle of the back, or at the top of the handles."""

    solids: tuple[tuple[Array, Index], ...]
    size: tuple[float, float, float]


def bag(kind: str, rng: np.random.Generator) -> Bag:
    """Raises InputError for a kind that BAGS lacks."""
    if kind not in BAGS:
        raise InputError.of(f"no bag is called {kind!r}", hint=", ".join(BAGS))
    depth, width, height = (round(float(rng.uniform(*side)), 3) for side in BAGS[kind])
    size = (depth, width, height)
    if kind == "backpack":
        main = _pillow(size, 0.34, taper=0.14)
        pocket = _pillow((depth * 0.5, width * 0.78, height * 0.42), 0.4, taper=0.05)
        return Bag(
            (
                (main[0] - (depth / 2, 0.0, 0.0), main[1]),
                (pocket[0] - (depth * 0.97, 0.0, height * 0.2), pocket[1]),
            ),
            size,
        )
    drop = 0.16 if kind == "handbag" else 0.2
    body = _pillow(
        (width, depth, height), 0.2 if kind == "handbag" else 0.1, taper=0.08 if kind == "handbag" else -0.05
    )
    handles = [
        _arc(width * 0.22, drop + 0.02, side * depth * 0.3, 0.006 if kind == "handbag" else 0.004) for side in (-1, 1)
    ]
    return Bag(((body[0] - (0.0, 0.0, drop + height / 2), body[1]), *handles), (width, depth, height + drop))


def _pillow(size: tuple[float, float, float], round_: float, *, taper: float) -> tuple[Array, Index]:
    """A box with soft edges about the origin, narrower at the top by a share `taper`; round_: 1 an ellipsoid."""
    rows, columns = 18, 32
    polar = np.linspace(0.0, np.pi, rows)[1:-1]
    turn = np.linspace(0.0, 2 * np.pi, columns, endpoint=False)

    def power(c: Array) -> Array:
        found: Array = np.sign(c) * np.abs(c) ** round_
        return found

    x = np.outer(power(np.sin(polar)), power(np.cos(turn)))
    y = np.outer(power(np.sin(polar)), power(np.sin(turn)))
    z = np.outer(power(np.cos(polar)), np.ones(columns))
    ring = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    points = np.concatenate([[[0.0, 0.0, 1.0]], ring, [[0.0, 0.0, -1.0]]])
    points = points * (np.array(size) / 2)
    points[:, :2] *= (1.0 - taper * (points[:, 2] / size[2] + 0.5))[:, None]
    j = np.arange(columns)
    after = (j + 1) % columns
    faces = [np.stack([np.zeros(columns, int), 1 + j, 1 + after], 1)]
    for r in range(len(polar) - 1):
        a, b = 1 + r * columns + j, 1 + r * columns + after
        faces += [np.stack([a, a + columns, b + columns], 1), np.stack([a, b + columns, b], 1)]
    last = 1 + (len(polar) - 1) * columns
    faces.append(np.stack([last + j, np.full(columns, len(points) - 1), last + after], 1))
    return points, np.concatenate(faces)


def _arc(half: float, drop: float, aside: float, radius: float) -> tuple[Array, Index]:
    """A handle: a round strap from a bag's mouth up to the origin and down again."""
    t = np.linspace(0.0, np.pi, 15)
    middle = np.stack([-half * np.cos(t), aside * (1.0 - np.sin(t) ** 0.5), drop * (np.sin(t) ** 0.7 - 1.0)], axis=1)
    along = np.gradient(middle, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, along)
    turn = np.linspace(0.0, 2 * np.pi, 8, endpoint=False)
    tube = middle[:, None] + radius * (np.cos(turn)[:, None] * side[:, None] + np.sin(turn)[:, None] * up[:, None])
    n = len(turn)
    points = np.concatenate([tube.reshape(-1, 3), middle[[0, -1]]])
    j = np.arange(n)
    after = (j + 1) % n
    faces = []
    for k in range(len(middle) - 1):
        a, b = k * n + j, k * n + after
        faces += [np.stack([a, b, b + n], 1), np.stack([a, b + n, a + n], 1)]
    end = (len(middle) - 1) * n
    faces.append(np.stack([after, j, np.full(n, len(points) - 2)], 1))
    faces.append(np.stack([end + j, end + after, np.full(n, len(points) - 1)], 1))
    joined = np.concatenate(faces)
    a, b, c = (points[joined[:, k]] for k in range(3))
    if np.einsum("ij,ij->", a, np.cross(b, c)) < 0:
        joined = joined[:, ::-1]
    return points, joined
