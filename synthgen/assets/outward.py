"""Which side of a surface is the outside, asked of rays: the outside sees the sky."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mend import consistent_winding, face_vectors
from synthgen.assets.polygons import dot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_RAYS = 24
_SAMPLES = 128
_MARGIN = 1.25
"""How many more rays must escape from the back than from the front before a patch is turned."""


def turn_outward(positions: Floats, triangles: Ints) -> Flags:
    """(T,) triangles to turn so that neighbours agree and patches face outward.

    A closed patch is judged by its signed volume; an open one by rays from both of its sides. An open patch that
    sees equally much on both sides (a sheet) stays as the file has it.
    """
    flips, patch, closed = consistent_winding(triangles)
    turned = np.where(flips[:, None], triangles[:, ::-1], triangles)
    middle = (positions.min(axis=0) + positions.max(axis=0)) / 2
    volume = np.bincount(patch, dot(positions[turned[:, 0]] - middle, face_vectors(positions, turned)))
    backwards = closed & (volume < 0)
    # Where the walk's start was itself an odd one out, most of an undecided patch would turn for nothing.
    minority = np.bincount(patch, flips, minlength=len(closed)) * 2 > np.bincount(patch, minlength=len(closed))
    front, back = _escapes(positions, turned, patch, ~closed)
    decided = (back > front * _MARGIN) | (front > back * _MARGIN)
    backwards |= ~closed & np.where(decided, back > front, minority)
    result: Flags = flips ^ backwards[patch]
    return result


def _escapes(positions: Floats, triangles: Ints, patch: Ints, wanted: Flags) -> tuple[Floats, Floats]:
    """Per patch, how many rays escape from the front and from the back of it, weighted by area."""
    count = len(wanted)
    vector = face_vectors(positions, triangles)
    area = np.sqrt(dot(vector, vector))
    chosen, share = _samples(area, patch, wanted)
    front, back = np.zeros(count), np.zeros(count)
    if len(chosen) == 0:
        return front, back
    unit = vector[chosen] / np.maximum(area[chosen], 1e-30)[:, None]
    center = (positions[triangles[chosen, 0]] + positions[triangles[chosen, 1]] + positions[triangles[chosen, 2]]) / 3
    scene = _scene(positions, triangles)
    for side, into in ((1.0, front), (-1.0, back)):
        free = np.zeros(len(chosen))
        for direction in _sphere(_RAYS):
            along = unit[:, 0] * direction[0] + unit[:, 1] * direction[1] + unit[:, 2] * direction[2]
            ray = np.where((along * side >= 0)[:, None], direction, -direction)
            free += ~scene.intersects_any(center + unit * (side * 1e-4), ray)
        into += np.bincount(patch[chosen], free * share, minlength=count)
    return front, back


def _samples(area: Floats, patch: Ints, wanted: Flags) -> tuple[Ints, Floats]:
    """Triangles at even steps of area through each wanted patch, and the area that each of them stands for."""
    order = np.argsort(patch, kind="stable")
    order = order[wanted[patch[order]]]
    if len(order) == 0:
        return order, np.zeros(0)
    starts = np.flatnonzero(np.concatenate([[True], patch[order][1:] != patch[order][:-1]]))
    running = np.cumsum(area[order])
    before = np.concatenate([[0.0], running])[starts]
    total = np.diff(np.concatenate([before, running[-1:]]))
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    counts = np.minimum(sizes, _SAMPLES)
    step = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(before, counts) + np.repeat(total, counts) * (step + 0.5) / np.repeat(counts, counts)
    return order[np.minimum(np.searchsorted(running, at), len(order) - 1)], np.repeat(total / counts, counts)


def _scene(positions: Floats, triangles: Ints) -> Any:
    import trimesh
    from trimesh.ray.ray_pyembree import RayMeshIntersector

    return RayMeshIntersector(trimesh.Trimesh(positions, triangles, process=False, validate=False))


def _sphere(count: int) -> Floats:
    """(count, 3) unit directions, spread evenly (Fibonacci), rounded so that all machines agree on them."""
    index = np.arange(count) + 0.5
    z = 1 - 2 * index / count
    turn = np.pi * (1 + 5**0.5) * index
    r = np.sqrt(1 - z * z)
    return np.round(np.column_stack([r * np.cos(turn), r * np.sin(turn), z]), 6)
