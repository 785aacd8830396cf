"""Convex parts of a mesh: a few hulls that cover it and leave its hollows open, for collision and physics.

A crate stays open, so that things can lie in it, and so does the room between the legs of a table. Measured against
V-HACD on 48 models of the pack `base`: see docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.convex.hull import beyond, build, planes
from synthgen.assets.convex.openness import sample_air
from synthgen.assets.convex.pieces import Cutter
from synthgen.assets.mesh import Mesh

VERSION = 1
"""Raised when the same mesh gives other parts."""

MOST, CORNERS = 8, 24

_PIECES = 32
"""Pieces that a surface is cut into before they are joined again."""

_SPARE = 0.01
"""Share of the open air that a joined hull may fill even where there are few enough."""

_GRID = 200
"""Cells along the longest side that a heavy surface is thinned out by; it is covered in full all the same."""

_HEAVY = 6_000
_STEPS = 1000
"""Corners are kept to a millimetre, or to this share of the longest side where that is finer."""

Floats = NDArray[np.float64]
Parts = tuple[tuple[tuple[float, float, float], ...], ...]


def convex_parts(mesh: Mesh, *, most: int = MOST, corners: int = CORNERS) -> Parts:
    """Corners of at most `most` convex hulls, metres in the frame of the mesh, at most `corners` each.

    Every vertex lies within `tolerance(mesh)` of their union. The same on every run; not on every machine, for it
    rests on Qhull and Embree: so it is kept as data beside the catalogue.
    """
    vertices = mesh.vertices.astype(np.float64)
    triangles = _thinned(vertices, mesh.faces) if len(mesh.faces) > _HEAVY else vertices[mesh.faces]
    if float(np.ptp(vertices, axis=0).min()) <= tolerance(mesh):  # a sheet has no hollows
        groups = [vertices]
    else:
        cutter = Cutter(sample_air(triangles))
        joined = cutter.join(cutter.cut(triangles, _PIECES), most, _SPARE)
        groups = [piece.triangles.reshape(-1, 3) for piece in joined]
    groups = _taking_in(groups, vertices)
    step = 1.0 / 10 ** max(3, int(np.ceil(np.log10(_STEPS / max(float(np.ptp(vertices, axis=0).max()), 1e-9)))))
    decimals = round(-np.log10(step))
    return tuple(
        tuple((float(x), float(y), float(z)) for x, y, z in np.round(_few_corners(group, corners), decimals) + 0.0)
        for group in groups
    )


def tolerance(mesh: Mesh) -> float:
    """How far from its parts a vertex may lie: 5 mm, or 1% of the longest side where that is more, metres."""
    longest = float(np.ptp(mesh.vertices, axis=0).max())
    return min(max(0.005, 0.01 * longest), 0.02 * longest)


def farthest(parts: Sequence[Sequence[Sequence[float]]], points: Floats) -> float:
    """How far the farthest of (N, 3) points lies beyond the union of the parts, measured along their sides' normals."""
    nearest = np.full(len(points), np.inf)
    for part in parts:
        nearest = np.minimum(nearest, beyond(planes(np.array(part, dtype=np.float64)), points))
    return max(float(nearest.max()), 0.0)


def _thinned(vertices: Floats, faces: NDArray[np.int32]) -> Floats:
    """The triangles of a heavy surface with vertices moved to the corners of a grid, each of them once."""
    low = vertices.min(axis=0)
    cell = max(float(np.ptp(vertices, axis=0).max()), 1e-9) / _GRID
    corner = np.round((vertices - low) / cell).astype(np.int64)
    _, name = np.unique(corner, axis=0, return_inverse=True)
    rows = np.sort(name.reshape(-1)[faces], axis=1)
    flat = (rows[:, 0] == rows[:, 1]) | (rows[:, 1] == rows[:, 2])
    _, first = np.unique(rows[~flat], axis=0, return_index=True)
    kept: Floats = low + corner[faces[~flat][first]] * cell
    return kept if len(kept) else vertices[faces]


def _taking_in(groups: list[Floats], vertices: Floats) -> list[Floats]:
    """The groups of points with every vertex in the one that it lies least outside of."""
    points = np.unique(vertices, axis=0)
    outside = np.stack([beyond(planes(group), points) for group in groups])
    owner = np.argmin(outside, axis=0)
    lost = outside.min(axis=0) > 0
    return [np.concatenate([group, points[lost & (owner == k)]]) for k, group in enumerate(groups)]


def _few_corners(points: Floats, most: int) -> Floats:
    """At most `most` corners whose hull covers (N, 3) points: those that stick out farthest, moved outward a little."""
    hull = build(points)
    every = hull.points[hull.vertices]
    if len(every) <= most:
        return np.asarray(every)
    chosen = [int(np.argmin(every @ d)) for d in (*np.eye(3), *-np.eye(3))]
    chosen = list(dict.fromkeys(chosen))
    while len(chosen) < most:
        sides = planes(every[chosen])
        out = beyond(sides, every)
        out[chosen] = -np.inf
        if out.max() <= 0:
            break
        chosen.append(int(np.argmax(out)))
    kept = every[chosen]
    middle = kept.mean(axis=0)
    sides = planes(kept)
    room = -(sides[:, :3] @ middle + sides[:, 3])
    reach = ((every - middle) @ sides[:, :3].T).max(axis=0)
    grow = float((reach / np.maximum(room, 1e-12)).max())
    return np.asarray(middle + (kept - middle) * max(1.0, min(grow, 1.5)))
