"""Levels of detail: a coarser version of a heavy mesh, with a bound on how far its surface may be off.

A level is a canonical mesh like any other, so what is rendered is what a ray caster sees. The bytes are the same on
every machine: see `collapse`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.assets.detail.collapse import Simplifier
from synthgen.assets.detail.pieces import Pieces, leafage
from synthgen.assets.detail.rebuild import rebuild
from synthgen.assets.detail.surface import surface_of
from synthgen.assets.mesh import Mesh

VERSION = 1
"""Raised when the same mesh gives other levels."""

LEAST = 1_000
"""Fewest faces that a mesh can be reduced to: below, nothing is left of what made it worth having."""

_SHARE, _ENOUGH = 0.3, 0.55
"""Share of the faces that a step aims at, and that will do where little more can go."""

NEARLY = 1.1
"""So far above its aim a level is let be: the last faces cost the most."""

_FINEST, _LARGEST = 2e-4, 0.04
"""Of the model's longest side: how far points may be drawn at first, and at most."""

_STEP = 1.5
_BOUND = 1.5
"""Points are drawn no farther than the reach, measured around each alone; together they stray half as far again."""

_CARD, _WHOLE, _SMALL, _CUBE = 8.0, 16.0, 5.0, 6.0
"""Of the reach: how large a piece may become a card, be enlarged to the area it had, or be thinned out, and the side
of the cube whose pieces stand for one another."""

_GROUPS = (2, 3, 4)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A version of a mesh.

    error_metres: neither surface lies farther from the other, but for pieces that are thinned out: each is within
    `scatter_metres` more of one that stands for it (0 where none are).
    """

    mesh: Mesh
    error_metres: float
    faces: int
    scatter_metres: float = 0.0


def reduced(mesh: Mesh, faces: int) -> Level:
    """A version of a mesh with about `faces` faces (up to a tenth more); slots and their order stay.

    The mesh itself where it has no more than that; the coarsest version that keeps its shape where none has so few.
    Takes time: half a minute for 300,000 faces, three and a half for 1.3 million.
    """
    size = float(np.ptp(mesh.vertices.astype(np.float64), axis=0).max())
    best = Level(mesh, 0.0, len(mesh.faces))
    reach, error, scatter = size * _FINEST, 0.0, 0.0
    while best.faces > NEARLY * max(faces, LEAST):
        found = _coarser(best.mesh, max(faces, LEAST, int(best.faces * _SHARE)), reach, size * _LARGEST)
        if found is None:
            break
        current, reach, away = found
        error += reach * _BOUND
        scatter += away
        best = Level(current, _up(error), len(current.faces), _up(scatter))
    return best


def _coarser(mesh: Mesh, target: int, reach: float, largest: float) -> tuple[Mesh, float, float] | None:
    """A version of about `target` faces, how far its points were drawn, and how far thinned pieces are apart, metres;
    None where points would be drawn more than `largest`. Tries from `reach` on."""
    enough = max(target * NEARLY, _ENOUGH * len(mesh.faces))
    surface = surface_of(mesh)
    simplifier = Simplifier(surface)
    piece = simplifier.piece
    wanted = leafage(mesh, piece, int(piece.max()) + 1)
    reach = max(reach, simplifier.likely_reach())
    counts: list[int] = []
    while True:
        simplifier.run(reach, target)
        made = rebuild(mesh, surface, simplifier.corners, simplifier.faces)
        pieces = Pieces(made, piece[simplifier.faces], wanted).cards(reach * _CARD, reach)
        counts.append(len(pieces.mesh.faces))
        if counts[-1] <= target * NEARLY:
            return pieces.restored(reach * _WHOLE), reach, 0.0
        spare = int(pieces.faces[pieces.small(reach * _SMALL)].sum())
        last = reach * _STEP > largest
        slow = last or (len(counts) > 2 and counts[-1] > 0.85 * counts[-3])
        for group in _GROUPS:
            left = counts[-1] - spare * (1 - 1 / group)
            if spare and (left <= target or (slow and group == _GROUPS[-1] and left <= enough)):
                thin, away = pieces.thinned(reach * _SMALL, reach * _CUBE, group, reach * _WHOLE)
                if len(thin.faces) <= (enough if slow else target * NEARLY):
                    return thin, reach, away
        if slow and counts[-1] <= enough:
            return pieces.restored(reach * _WHOLE), reach, 0.0
        if last:
            return None
        reach *= _STEP if len(counts) < 2 or counts[-1] < 0.96 * counts[-2] else _STEP * _STEP


def _up(metres: float) -> float:
    """Rounded up to 10 micrometres."""
    return math.ceil(metres * 1e5) / 1e5
