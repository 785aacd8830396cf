"""Small things that make a street look used: cables overhead, fallen leaves and litter, flags and clocks."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import circle


@mesh_generator("street.cable")
def cable(span: float = 18.0, sag: float = 0.8, radius: float = 0.012, rise: float = 0.0, pieces: int = 16) -> Mesh:
    """A cable from the origin along +X over `span` metres, hanging through by `sag`, ending `rise` higher.

    Slots: cable.
    """
    b = MeshBuilder("cable")
    t = np.linspace(0.0, 1.0, pieces + 1)
    b.tube(np.stack([span * t, np.zeros_like(t), rise * t - 4 * sag * t * (1 - t)], axis=1), radius, "cable", sides=6)
    return b.mesh()


@mesh_generator("street.leaf_litter")
def leaf_litter(
    width: float = 2.0,
    length: float = 10.0,
    count: int = 200,
    paper: float = 0.02,
    gather: float = 0.0,
    size: float = 0.035,
    lift: float = 0.006,
    seed: int = 0,
) -> Mesh:
    """Fallen leaves and scraps over x 0..width, y 0..length, a few millimetres above z = 0, slightly curled.

    paper: share that is paper. gather in 0..1: how far leaves drift towards x = width (a gutter at the kerb).
    size: half a leaf's length, metres. Slots: leaf0, leaf1, leaf2, leaf3 (colours to choose), paper.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("leaf0", "leaf1", "leaf2", "leaf3", "paper")
    n = max(1, int(count))
    reach = size * 1.5
    drift = np.where(rng.random(n) < gather, 1 - np.abs(rng.normal(0.0, 0.09, n)).clip(0, 1), rng.random(n))
    x = reach + drift * max(0.0, width - 2 * reach)
    y = reach + rng.random(n) * max(0.0, length - 2 * reach)
    r = size * rng.uniform(0.5, 1.4, n)
    turn = rng.uniform(0.0, 2 * np.pi, n)
    low = lift + rng.uniform(0.0, 0.006, n)
    curl = rng.uniform(0.0, 0.6, (4, n)) * r
    curl[rng.integers(4, size=n), np.arange(n)] = 0.0
    corners = np.empty((n, 4, 3))
    for k, (along, across) in enumerate(((-1.0, 0.0), (0.05, -0.62), (1.0, 0.0), (0.0, 0.62))):
        cos, sin = np.cos(turn), np.sin(turn)
        corners[:, k, 0] = x + r * (along * cos - across * sin)
        corners[:, k, 1] = y + r * (along * sin + across * cos)
        corners[:, k, 2] = low + curl[k] * 0.6
    kind = np.where(rng.random(n) < paper, 4, rng.choice(4, size=n, p=[0.34, 0.3, 0.22, 0.14]))
    for k, slot in enumerate(b.slots):
        chosen = kind == k
        if chosen.any():
            b.quads(corners[chosen], slot, random=rng.random(int(chosen.sum())))
    return b.mesh()


@mesh_generator("street.banner")
def banner(width: float = 0.7, height: float = 1.8, seed: int = 0) -> Mesh:
    """A cloth banner that hangs from a rod along +X (from the wall at x = 0), its top at z = 0, with soft folds.

    UVs of the cloth are 0..1. Slots: cloth, metal.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("cloth", "metal")
    b.tube([(0.0, 0.0, 0.0), (width + 0.12, 0.0, 0.0)], 0.014, "metal", sides=8)
    nx, nz = 10, 14
    u, v = np.meshgrid(np.linspace(0, 1, nx), np.linspace(0, 1, nz), indexing="ij")
    fold = 0.035 * np.sin(2 * np.pi * (u * rng.uniform(1.2, 2.2) + rng.random())) * (1 - v)
    for side in (1.0, -1.0):
        y = fold * (0.3 + 0.7 * (1 - v)) - side * 0.0015
        grid = np.stack([0.08 + u * width, y, -0.016 - (1 - v) * height], axis=-1)
        normal = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1)) * side
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        i, j = (a.ravel() for a in np.meshgrid(np.arange(nx - 1), np.arange(nz - 1), indexing="ij"))
        a, c, d, e = i * nz + j, (i + 1) * nz + j, (i + 1) * nz + j + 1, i * nz + j + 1
        faces = np.concatenate([np.stack([a, c, d], axis=1), np.stack([a, d, e], axis=1)])
        uv = np.stack([u if side > 0 else 1 - u, v], axis=-1).reshape(-1, 2)
        b.triangles(
            grid.reshape(-1, 3),
            faces if side > 0 else faces[:, ::-1],
            "cloth",
            normals=normal.reshape(-1, 3),
            uvs=uv,
        )
    return b.mesh()


@mesh_generator("street.clock")
def clock(height: float = 3.6, radius: float = 0.36, hour: float = 10.2) -> Mesh:
    """A station clock with two faces (+X and -X) on a pole, showing `hour`. Slots: metal, face, hand."""
    b = MeshBuilder("metal", "face", "hand")
    low = height - 2 * radius - 0.06
    b.lathe([(0.1, 0.0), (0.1, 0.02), (0.05, 0.04), (0.045, low)], "metal", sides=14)
    for sign in (1.0, -1.0):
        with b.at((0.0, 0.0, height - radius - 0.03), (0, sign, 0), (0, 0, 1), (sign, 0, 0)):
            b.lathe([(radius + 0.03, 0.0), (radius + 0.03, 0.09), (radius, 0.1), (radius, 0.08)], "metal", sides=32)
            b.plate([circle(radius, 32)], 0.08, "face", uvs="unit")
            for k in range(12):
                angle = np.pi / 6 * k
                with b.at((0, 0, 0), (np.cos(angle), np.sin(angle), 0), (-np.sin(angle), np.cos(angle), 0)):
                    long = 0.2 if k % 3 == 0 else 0.12
                    b.boxes(radius * (0.95 - long), radius * 0.95, -0.012, 0.012, 0.08, 0.083, "hand", skip="-z")
            for turns, reach, half, z in ((hour / 12, 0.55, 0.02, 0.086), (hour % 1.0, 0.82, 0.013, 0.09)):
                angle = np.pi / 2 - 2 * np.pi * turns
                with b.at((0, 0, 0), (np.cos(angle), np.sin(angle), 0), (-np.sin(angle), np.cos(angle), 0)):
                    b.boxes(-0.1 * radius, reach * radius, -half, half, z - 0.002, z, "hand", skip="")
    return b.mesh()
