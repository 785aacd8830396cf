"""Compares two label maps by the rule of exact labels."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BOUNDARY_SHARE = 0.01
"""Of the boundary's pixels, how many may be wrong."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two label maps of one frame (or of many) agree, in pixels.

    boundary     pixels with a 4-neighbour of another label in either map
    wrong_on     wrong pixels on a boundary
    wrong_off    wrong pixels off it
    wrong_block  is any 3x3 block wrong throughout
    wrong_at     (x, y) of the worst wrong pixel: the middle of the first such block, else the first one off a
                 boundary, else the first one, row by row; None where none is wrong
    """

    pixels: int
    boundary: int
    wrong_on: int
    wrong_off: int
    wrong_block: bool
    wrong_at: tuple[int, int] | None = None

    @property
    def passes(self) -> bool:
        """No pixel off a boundary is wrong, at most 1% of the boundary's are, and no 3x3 block is."""
        return not self.wrong_off and self.wrong_on <= BOUNDARY_SHARE * self.boundary and not self.wrong_block

    @property
    def share(self) -> float:
        """Of all pixels, those that agree: 0..1."""
        return 1 - (self.wrong_on + self.wrong_off) / self.pixels if self.pixels else 1.0

    def __add__(self, other: Agreement) -> Agreement:
        """The counts of both; no place."""
        return Agreement(
            self.pixels + other.pixels,
            self.boundary + other.boundary,
            self.wrong_on + other.wrong_on,
            self.wrong_off + other.wrong_off,
            self.wrong_block or other.wrong_block,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: the counts, and the share that agrees."""
        return {**asdict(self), "share": self.share}


NOTHING_COMPARED = Agreement(0, 0, 0, 0, False)


def compare(ours: NDArray[np.int32], theirs: NDArray[np.int32]) -> Agreement:
    """Compares (H, W) maps of one size."""
    on_boundary = boundary(ours) | boundary(theirs)
    wrong = ours != theirs
    blocks = _middles_of_blocks(wrong)
    off = wrong & ~on_boundary
    return Agreement(
        pixels=wrong.size,
        boundary=int(on_boundary.sum()),
        wrong_on=int((wrong & on_boundary).sum()),
        wrong_off=int(off.sum()),
        wrong_block=bool(blocks.any()),
        wrong_at=_first(blocks) or _first(off) or _first(wrong),
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


def _middles_of_blocks(wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W) middles of 3x3 blocks that are true throughout."""
    middles = np.zeros_like(wrong)
    if min(wrong.shape) >= 3:
        rows = wrong[:-2] & wrong[1:-1] & wrong[2:]
        middles[1:-1, 1:-1] = rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:]
    return middles


def _first(found: NDArray[np.bool_]) -> tuple[int, int] | None:
    """(x, y) of the first true pixel."""
    if not found.any():
        return None
    y, x = divmod(int(found.argmax()), found.shape[1])
    return x, y
