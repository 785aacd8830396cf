"""What is on a hall's floor: tape, hatched areas, walkways, tyre marks. Thin sheets that look up, UVs in metres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array
from synthgen.procedural.stripes import slanted

_LAYER = 1.5e-5
"""Metres between one tyre mark and the next above it."""


@mesh_generator("factory.floor_slab")
def floor_slab(width: float = 20.0, length: float = 30.0, cell: float = 10.0) -> Mesh:
    """A level floor about the origin, width along X. Slots: surface. UVs are 0..1 in cells: they stay exact."""
    b = MeshBuilder("surface")
    nx, ny = max(1, round(width / cell)), max(1, round(length / cell))
    x, y = np.linspace(-width / 2, width / 2, nx + 1), np.linspace(-length / 2, length / 2, ny + 1)
    i, j = (a.ravel() for a in np.meshgrid(np.arange(nx), np.arange(ny), indexing="ij"))
    zero = np.zeros(len(i))
    p = np.stack([np.stack([x[i + u], y[j + v], zero], axis=1) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))], axis=1)
    b.quads(p, "surface")
    return b.mesh()


@mesh_generator("factory.floor_lines")
def floor_lines(lines: Sequence[Sequence[float]] = ((0.0, 0.0, 0.0, 5.0),), width: float = 0.1, seed: int = 0) -> Mesh:
    """Tape along (x0, y0, x1, y1) each, laid by hand: edges a little out of true, ends cut askew.

    Slots: paint. face_random: per line.
    """
    rng = np.random.default_rng([seed, 269])
    b = MeshBuilder("paint")
    for k, (x0, y0, x1, y1) in enumerate(lines):
        start, end = np.array([x0, y0]), np.array([x1, y1])
        long = float(np.linalg.norm(end - start))
        if long < 1e-6:
            raise InputError.of(f"line {k} has no length")
        along = (end - start) / long
        left = np.array([-along[1], along[0]])
        cuts = np.linspace(0.0, long, max(2, round(long / 2.5) + 1))
        drift = rng.normal(0.0, 0.0025, len(cuts))
        s = cuts + 0.0
        askew = rng.normal(0.0, 0.004, 2)
        rims = []
        for side in (-1.0, 1.0):
            t = s.copy()
            t[0] += side * askew[0]
            t[-1] += side * askew[1]
            rims.append(start + np.outer(t, along) + np.outer(drift + side * width / 2, left))
        p = np.stack([rims[0][:-1], rims[0][1:], rims[1][1:], rims[1][:-1]], axis=1)
        uv = np.stack(
            [np.stack([c, np.full(len(c), v)], axis=1) for c, v in
             ((s[:-1], 0.0), (s[1:], 0.0), (s[1:], width), (s[:-1], width))],
            axis=1,
        )  # fmt: skip
        b.quads(np.concatenate([p, np.zeros((*p.shape[:2], 1))], axis=-1), "paint", uvs=uv % 40.0, random=rng.random())
    return b.mesh()


@mesh_generator("factory.floor_hatch")
def floor_hatch(
    width: float = 2.0, length: float = 3.0, stripe: float = 0.12, gap: float = 0.3, border: float = 0.1
) -> Mesh:
    """An area to be kept free: stripes aslant within a frame, about the origin, width along X. Slots: paint."""
    b = MeshBuilder("paint")
    x, y = width / 2, length / 2
    w = border
    if w > 0:
        frame = np.array([(-x, -y), (x, -y), (x, y), (-x, y)])
        inner = frame * ((x - w) / x, (y - w) / y)
        b.plate([frame, inner], 0.0, "paint")
    with b.at((-x + w, -y + w, 0.0)):
        for part in slanted(width - 2 * w, length - 2 * w, stripe, gap=gap):
            b.plate([part], 0.0, "paint")
    return b.mesh()


@mesh_generator("factory.tyre_marks", version=2)
def tyre_marks(
    paths: Sequence[Sequence[Sequence[float]]] = (((0.0, 0.0), (0.0, 3.0)),), width: float = 0.16, seed: int = 0
) -> Mesh:
    """Rubber along paths of points (x, y), rounded where they bend. width: of a tyre, metres. u: 0..1 across, v: metres
    along. Each path lies a hair higher than the one before, so that no two are in one plane.

    Slots: rubber. face_random: per path, rising with its height: what is strong hides what is faint.
    """
    rng = np.random.default_rng([seed, 271])
    b = MeshBuilder("rubber")
    shades = np.sort(rng.random(len(paths)))
    for k, (path, own) in enumerate(zip(paths, shades, strict=True)):
        p = _rounded(np.array(path, dtype=np.float64))
        step = np.gradient(p, axis=0)
        step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
        left = np.column_stack([-step[:, 1], step[:, 0]])
        s = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
        w = width / 2 * float(rng.uniform(0.8, 1.2))
        rims = [p - left * w, p + left * w]
        q = np.stack([rims[0][:-1], rims[0][1:], rims[1][1:], rims[1][:-1]], axis=1)
        uv = np.stack(
            [
                np.stack([np.full(len(v), u), v], axis=1)
                for u, v in ((0.0, s[:-1]), (0.0, s[1:]), (1.0, s[1:]), (1.0, s[:-1]))
            ],
            axis=1,
        )
        b.quads(np.concatenate([q, np.full((*q.shape[:2], 1), k * _LAYER)], axis=-1), "rubber", uvs=uv, random=own)
    return b.mesh()


def _rounded(p: Array, cut: int = 4) -> Array:
    """A polyline whose corners are cut off again and again (Chaikin), ends kept."""
    for _ in range(cut):
        q = 0.75 * p[:-1] + 0.25 * p[1:]
        r = 0.25 * p[:-1] + 0.75 * p[1:]
        p = np.concatenate([p[:1], np.stack([q, r], axis=1).reshape(-1, 2), p[-1:]])
    return p
