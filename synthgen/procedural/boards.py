"""Sawn boards: bent, twisted, with broken ends. A board lies along the frame's x, centred, its underside on z = 0."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array


@dataclass(frozen=True, slots=True)
class Board:
    """length, width, thickness in metres. bow: height of the waves between its ends and its middle, where it is
    nailed. lift: how far its +x end stands up. twist: height of its edges' rise at the ends. ends: how much of each end
    (-x, +x) has broken off, as (metres, across) pairs, across -1..1 of the width."""

    length: float
    width: float
    thickness: float
    bow: float = 0.0
    lift: float = 0.0
    twist: float = 0.0
    ends: tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]] = field(default=((), ()))

    def rise(self, x: Array, y: Array) -> Array:
        """How far the board's top is above where it would be if it were straight, metres."""
        s = 2 * x / self.length
        out: Array = self.bow * np.sin(np.pi * s) ** 2 + self.lift * np.clip(s, 0, 1) ** 3
        out += self.twist * (s * (2 * y / self.width) + 1.0) / 2 * np.abs(s)
        return out


def broken_end(rng: np.random.Generator, deep: float) -> tuple[tuple[float, float], ...]:
    """A ragged break that takes one corner, up to `deep` metres along one edge."""
    across = np.linspace(-1.0, 1.0, 7)
    side = float(rng.choice((-1.0, 1.0)))
    kept = rng.uniform(-0.6, 0.7)
    gone = np.clip((side * across - kept) / (1 - kept), 0.0, 1.0) ** rng.uniform(0.5, 1.2) * deep
    gone = gone * rng.uniform(0.75, 1.0, 7)
    return tuple((round(float(g), 5), round(float(a), 5)) for g, a in zip(gone, across, strict=True))


def add_board(b: MeshBuilder, board: Board, slot: str, *, chamfer: float = 0.0025, random: float = 0.0) -> None:
    """Appends a closed board with cut edges in the current frame."""
    broken = any(board.ends)
    w, t, c = board.width / 2, board.thickness, chamfer
    across = np.linspace(-(w - c), w - c, 7 if broken else 2)
    section = np.concatenate(
        [
            np.column_stack([across, np.zeros(len(across))]),
            [(w, c), (w, t - c)],
            np.column_stack([across[::-1], np.full(len(across), t)]),
            [(-w, t - c), (-w, c)],
        ]
    )
    low, high = (
        np.interp(section[:, 0] / w, [a for _, a in end], [g for g, _ in end]) if end else np.zeros(len(section))
        for end in board.ends
    )
    straight = board.bow == 0.0 and board.lift == 0.0 and board.twist == 0.0
    s: Array = np.linspace(0.0, 1.0, 2 if straight else 9)[:, None]
    x = np.asarray(
        (1 - s) * (low - board.length / 2) + s * (board.length / 2 - high), dtype=np.float64
    )  # (stations, points)
    y = np.broadcast_to(section[:, 0], x.shape)
    z = section[:, 1] + board.rise(x, y)
    p = np.stack([x, y, z], axis=-1)
    after = np.roll(p, -1, axis=1)
    quads = np.stack([p[:-1], after[:-1], after[1:], p[1:]], axis=2).reshape(-1, 4, 3)
    girth = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.roll(section, -1, axis=0) - section, axis=1))])
    u = np.stack([x[:-1], np.roll(x, -1, 1)[:-1], np.roll(x, -1, 1)[1:], x[1:]], axis=2).reshape(-1, 4)
    v = np.tile(np.stack([girth[:-1], girth[1:], girth[1:], girth[:-1]], axis=1), (len(s) - 1, 1))
    b.quads(quads, slot, uvs=np.stack([u, v], axis=-1), random=random)
    for k, order in ((0, (0, 2, 1)), (len(s) - 1, (0, 1, 2))):
        ring, middle = p[k], np.broadcast_to(p[k].mean(axis=0), p[k].shape)
        fan = np.stack([middle, ring, np.roll(ring, -1, axis=0)], axis=1)[:, list(order)]
        flat_triangles(b, fan, slot, uvs=fan[:, :, 1:], random=random)


def flat_triangles(b: MeshBuilder, corners: Array, slot: str, *, uvs: Array, random: float = 0.0) -> None:
    """Triangles (N, 3, 3) with their own normals; those without area are left out."""
    n = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    twice = np.linalg.norm(n, axis=1)
    kept = twice > 1e-9
    if not kept.any():
        return
    n = np.repeat(n[kept] / twice[kept, None], 3, axis=0)
    v = corners[kept].reshape(-1, 3)
    b.triangles(v, np.arange(len(v)).reshape(-1, 3), slot, normals=n, uvs=uvs[kept].reshape(-1, 2), random=random)
