"""Compares two label maps by the rule of exact labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Agreement:
    """How two label maps of one frame agree, in pixels.

    boundary     pixels with a 4-neighbour of another label in either map
    wrong_on     wrong pixels on a boundary
    wrong_off    wrong pixels off it
    wrong_block  is any 3x3 block wrong throughout
    """

    pixels: int
    boundary: int
    wrong_on: int
    wrong_off: int
    wrong_block: bool

    @property
    def passes(self) -> bool:
        """No pixel off a boundary is wrong, at most 1% of the boundary's are, and no 3x3 block is."""
        return not self.wrong_off and self.wrong_on <= 0.01 * self.boundary and not self.wrong_block


def compare(ours: NDArray[np.int32], theirs: NDArray[np.int32]) -> Agreement:
    """Compares (H, W) maps of one size."""
    on_boundary = boundary(ours) | boundary(theirs)
    wrong = ours != theirs
    block = wrong.copy()
    for axis in (0, 1):
        step = np.zeros_like(block)
        inner = [slice(None), slice(None)]
        before, after = list(inner), list(inner)
        inner[axis], before[axis], after[axis] = slice(1, -1), slice(None, -2), slice(2, None)
        step[tuple(inner)] = block[tuple(inner)] & block[tuple(before)] & block[tuple(after)]
        block = step
    return Agreement(
        pixels=wrong.size,
        boundary=int(on_boundary.sum()),
        wrong_on=int((wrong & on_boundary).sum()),
        wrong_off=int((wrong & ~on_boundary).sum()),
        wrong_block=bool(block.any()),
    )


def boundary(labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(H, W) pixels that have a 4-neighbour of another label."""
    edge = np.zeros(labels.shape, dtype=bool)
    across = labels[:, 1:] != labels[:, :-1]
    down = labels[1:] != labels[:-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= down
    edge[:-1] |= down
    return edge
