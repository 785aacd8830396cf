"""Small plants made of loose leaves: hedges and what grows in planters. Trees come from asset packs."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array


@mesh_generator("street.hedge")
def hedge(length: float = 4.0, width: float = 0.6, height: float = 1.1, density: float = 650.0, seed: int = 0) -> Mesh:
    """A trimmed hedge along +Y from the origin, its middle at x = 0: a dark core under `density` leaves per m2.

    face_random: per leaf. Slots: leaf, core.
    """
    b = MeshBuilder("leaf", "core")
    with b.at((0.0, length / 2, 0.0)):
        add_hedge(b, width, length, height, np.random.default_rng(seed), density=density, core="core")
    return b.mesh()


def add_hedge(
    b: MeshBuilder,
    width: float,
    length: float,
    height: float,
    rng: np.random.Generator,
    *,
    density: float = 900.0,
    leaf: str = "leaf",
    core: str = "leaf",
) -> None:
    """Appends a leafy block over the origin: x +-width/2, y +-length/2, z 0..height."""
    size = 0.03 + 0.02 * min(1.0, height)
    x, y = width / 2 - size, length / 2 - size
    inner = min(0.06, x * 0.3)
    b.boxes(-x + inner, x - inner, -y + inner, y - inner, 0.0, height - size - inner * 0.7, core, skip="-z", random=0.0)
    areas = np.array([2 * y * height, 2 * y * height, 2 * x * height, 2 * x * height, 4 * x * y])
    outwards = np.array([(1, 0, 0.2), (-1, 0, 0.2), (0, 1, 0.2), (0, -1, 0.2), (0, 0, 1.0)])
    counts = np.maximum(8, areas * density).astype(int)
    for side, (n, out) in enumerate(zip(counts, outwards, strict=True)):
        at = np.column_stack([rng.uniform(-x, x, n), rng.uniform(-y, y, n), rng.uniform(0.02, height - size, n)])
        depth = rng.gamma(2.0, 0.012, n).clip(0.0, 0.05)
        axis = (0, 0, 1, 1, 2)[side]
        edge = (x, -x, y, -y, height - size)[side]
        at[:, axis] = edge - np.sign(edge) * depth * (0.9 if axis < 2 else 0.6)
        _leaves(b, at, out, size * rng.uniform(0.6, 1.0, n), rng, leaf)


def _leaves(b: MeshBuilder, at: Array, out: Array, size: Array, rng: np.random.Generator, slot: str) -> None:
    """Quads at (N, 3) that mostly look along `out`."""
    n = len(at)
    normal = out + rng.normal(0.0, 0.5, (n, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    side = np.cross(normal, rng.normal(size=(n, 3)))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(normal, side)
    a, c = side * size[:, None], up * size[:, None] * 0.6
    corners = np.stack([at - a, at - c, at + a, at + c], axis=1)
    corners[..., 2] = np.maximum(corners[..., 2], 0.002)
    b.quads(corners, slot, random=rng.random(n))
