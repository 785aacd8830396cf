"""The skull of a body: rays from its centre, the hairline, and closed shells over it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from synthgen.procedural.people.data import Body, body, settings
from synthgen.procedural.shapes import Array, Index

CENTRE = np.array([0.05, 0.0, 0.745])
"""Of the skull, on the template."""
_HAIRLINE = np.array(
    [(0, 50), (25, 52), (45, 62), (62, 78), (80, 97), (105, 96), (116, 112), (128, 127), (145, 135), (180, 137)]
)
COLUMNS = 52


def hairline(aside: Array) -> Array:
    """Degrees from the crown at which hair ends, by how far a direction turns from the front, 0..180 degrees."""
    found: Array = np.interp(aside, _HAIRLINE[:, 0], _HAIRLINE[:, 1])
    return found


def visible_skin(base: Body) -> NDArray[np.bool_]:
    """(F,) which quadrilaterals of the body anyone can see: not those inside the mouth and behind the eyes."""
    seen = np.ones(len(base.groups["body"].quads), dtype=bool)
    ranges = settings()["inside"]
    assert isinstance(ranges, list)
    for first, last in ranges:
        seen[first : last + 1] = False
    return seen


@lru_cache(maxsize=1)
def scalp() -> tuple[Array, sparse.csr_matrix]:
    """Where rays from the skull's centre leave the head: azimuths (C,) and mixtures of the base mesh's vertices.

    Rows of the mixtures: for each polar angle of `polar_angles`, each azimuth.
    """
    base = body()
    v = base.template
    quads = base.groups["body"].quads[visible_skin(base)]
    quads = quads[v[quads, 2].min(axis=1) > 0.56]
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    a, b, c = (v[faces[:, k]] for k in range(3))
    to = (a + b + c) / 3 - CENTRE
    to /= np.linalg.norm(to, axis=1, keepdims=True)
    azimuth = np.linspace(0.0, 360.0, COLUMNS, endpoint=False)
    rows, columns, values = [], [], []
    k = 0
    for polar in polar_angles():
        for turn in azimuth:
            p, t = np.radians(polar), np.radians(turn)
            d = np.array([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)])
            near = np.flatnonzero(to @ d > 0.94)
            e1, e2 = b[near] - a[near], c[near] - a[near]
            h = np.cross(d, e2)
            det = (e1 * h).sum(axis=1)
            det = np.where(np.abs(det) < 1e-14, 1e-14, det)
            s = CENTRE - a[near]
            u = (s * h).sum(axis=1) / det
            q = np.cross(s, e1)
            w = (q @ d) / det
            far = (q * e2).sum(axis=1) / det
            hit = (u >= -1e-6) & (w >= -1e-6) & (u + w <= 1 + 1e-6) & (far > 0)
            chosen = int(np.where(hit, far, np.inf).argmin())
            rows += [k] * 3
            columns += faces[near[chosen]].tolist()
            values += [1.0 - u[chosen] - w[chosen], u[chosen], w[chosen]]
            k += 1
    return azimuth, sparse.csr_matrix((values, (rows, columns)), shape=(k, len(v)))


def polar_angles() -> Array:
    """(R,) degrees from the crown at which `scalp` is known."""
    return np.linspace(0.0, 140.0, 29)


def skull(vertices: Array) -> tuple[Array, Array, float]:
    """Points (R, C, 3) of the scalp of a body at rest, its centre, and its size as a share of the template's."""
    azimuth, mix = scalp()
    points = (mix @ vertices).reshape(-1, len(azimuth), 3)
    before = (mix @ body().template).reshape(points.shape)
    # The centre keeps its place between the widest ring's front and back, and between that ring and the crown.
    ring, old = points[16], before[16]
    scale = float(np.ptp(points[:18, :, 0]) / np.ptp(before[:18, :, 0]))
    middle = ring.mean(axis=0) + (CENTRE - old.mean(axis=0)) * scale
    return points, middle, scale


def shell(outer: Array, inner: Array) -> tuple[Array, Index]:
    """A closed solid between two grids (R, C, 3) whose first rows are one point each."""
    rows, columns = outer.shape[:2]

    def table(grid: Array) -> Array:
        return np.concatenate([grid[:1, 0], grid[1:].reshape(-1, 3)])

    n = 1 + (rows - 1) * columns
    j = np.arange(columns)
    nxt = (j + 1) % columns
    faces = [np.stack([np.zeros(columns, int), 1 + j, 1 + nxt], 1)]
    for r in range(rows - 2):
        a, b = 1 + r * columns + j, 1 + r * columns + nxt
        c, d = b + columns, a + columns
        faces += [np.stack([a, d, c], 1), np.stack([a, c, b], 1)]
    skin = np.concatenate(faces)
    a, b = 1 + (rows - 2) * columns + j, 1 + (rows - 2) * columns + nxt
    rim = [np.stack([a, a + n, b + n], 1), np.stack([a, b + n, b], 1)]
    return np.concatenate([table(outer), table(inner)]), np.concatenate([skin, skin[:, ::-1] + n, *rim])
