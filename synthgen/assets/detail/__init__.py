"""Levels of detail."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.assets.detail.collapse import Simplifier
from synthgen.assets.detail.prune import Pieces
from synthgen.assets.detail.rebuild import rebuild
from synthgen.assets.detail.surface import surface_of
from synthgen.assets.mesh import Mesh

HEAVY = 8_000
LEAST = 1_000
SHARE = 0.3
ENOUGH = 0.6
STEP = 1.5
LARGEST = 0.04
SMALL = 2.0
GROUPS = (2, 3, 4)
PIXELS = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    mesh: Mesh
    error_metres: float
    faces: int


def levels(mesh: Mesh, log=lambda s: None) -> list[Level]:
    result = [Level(mesh, 0.0, len(mesh.faces))]
    if len(mesh.faces) <= HEAVY:
        return result
    size = float(np.ptp(mesh.vertices.astype(np.float64), axis=0).max())
    current, error = mesh, 0.0
    while len(current.faces) > LEAST:
        found = _coarser(current, max(error, size * 2e-4), size * LARGEST, log)
        if found is None:
            break
        current, more = found
        error += more
        result.append(Level(current, math.ceil(error * 1e5) / 1e5, len(current.faces)))
    return result


def _coarser(mesh, reach, largest, log):
    target = int(len(mesh.faces) * SHARE)
    surface = surface_of(mesh)
    simplifier = Simplifier(surface)
    while True:
        simplifier.run(reach, target)
        count = len(simplifier.faces)
        if count <= target:
            return rebuild(mesh, surface, simplifier.corners, simplifier.faces), reach
        pieces = Pieces(rebuild(mesh, surface, simplifier.corners, simplifier.faces))
        faces = int(pieces.faces[pieces.small(reach * SMALL)].sum())
        for group in GROUPS:
            if count - faces * (1 - 1 / group) <= target:
                thin, away = pieces.thinned(reach * SMALL, group)
                log(f"pruned {group} of {faces} faces, away {away:.3f}")
                return thin, reach
        if reach * STEP > largest:
            break
        reach *= STEP
    if count <= ENOUGH * len(mesh.faces):
        return rebuild(mesh, surface, simplifier.corners, simplifier.faces), reach
    return None


def choose(levels: Sequence[Level], pixel_size_metres: float) -> int:
    fit = [k for k, level in enumerate(levels) if level.error_metres <= PIXELS * pixel_size_metres]
    return max(fit, default=0)
