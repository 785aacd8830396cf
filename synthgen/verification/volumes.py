"""Label volumes as a second engine sees them: Embree casts the pixels' rays into the volumes' own faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from numpy.typing import NDArray

from synthgen.scene.spec import LabelVolume

_STEP = 1e-4
"""Metres past a face that is left, where the ray goes on."""

_MOST_FACES = 64
"""Faces that a ray may leave before it enters."""

_BOX_VERTICES = [[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
_BOX_FACES = [
    [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
    [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
]  # fmt: skip
"""Counter-clockwise seen from outside."""


def through_volumes(
    volumes: Sequence[LabelVolume],
    origins: NDArray[np.float64],
    directions: NDArray[np.float64],
    numbers: NDArray[np.int32],
    far: NDArray[np.float64],
) -> NDArray[np.int32]:
    """(N,) `numbers` of what rays hit `far` away, replaced by those of the volumes through which they see it."""
    best = np.full(len(numbers), np.inf)
    out = numbers.copy()
    for volume in volumes:
        candidates = np.flatnonzero(np.isin(numbers, volume.behind))
        if not len(candidates):
            continue
        enters = _enters(volume, origins[candidates], directions[candidates])
        before = enters < far[candidates]
        sooner = (enters < best[candidates]) | ((enters == best[candidates]) & (volume.number < out[candidates]))
        taken = candidates[before & sooner]
        out[taken] = volume.number
        best[taken] = enters[before & sooner]
    return out


def _enters(volume: LabelVolume, origins: NDArray[np.float64], directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) how far each ray goes until it crosses a face of the volume from its front; inf where it never does."""
    scene = rtcore_scene.EmbreeScene()
    triangles = _triangles(volume)
    kept = TriangleMesh(scene, triangles.astype(np.float32))  # the scene does not keep it alive itself
    outward = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    enters = np.full(len(origins), np.inf)
    waiting, gone = np.arange(len(origins)), np.zeros(len(origins))
    for _ in range(_MOST_FACES):
        if not len(waiting):
            break
        steps = directions[waiting]
        start = origins[waiting] + gone[waiting, None] * steps
        hit = scene.run(start.astype(np.float32), steps.astype(np.float32), query="INTERSECT", output=True)
        struck = hit["geomID"] >= 0
        waiting, steps = waiting[struck], steps[struck]
        reach = gone[waiting] + hit["tfar"][struck]
        entering = (outward[hit["primID"][struck]] * steps).sum(axis=1) < 0.0
        enters[waiting[entering]] = reach[entering]
        gone[waiting] = reach + _STEP
        waiting = waiting[~entering]
    del kept
    return enters


def _triangles(volume: LabelVolume) -> NDArray[np.float64]:
    """(F, 3, 3) world corners, counter-clockwise seen from the front."""
    matrix = np.array(volume.transform).reshape(3, 4)
    vertices = np.array(volume.vertices if volume.faces else _BOX_VERTICES, dtype=np.float64)
    faces = np.array(volume.faces if volume.faces else _BOX_FACES)
    if np.linalg.det(matrix[:, :3]) < 0:
        faces = faces[:, ::-1]
    return np.asarray((vertices @ matrix[:, :3].T + matrix[:, 3])[faces])
