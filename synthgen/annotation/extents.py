"""Area and bounding box of every number of a picture, through its horizontal runs.

A label picture has far fewer runs of equal pixels in its rows than pixels, so all that follows works on runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Runs:
    """Maximal horizontal runs of one value, in raster order. All arrays are (R,); x_last is inclusive."""

    value: NDArray[Any]
    y: NDArray[np.int64]
    x_first: NDArray[np.int64]
    x_last: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Extents:
    """values: (N,) ascending; areas: (N,) int64 pixels; boxes: (N, 4) int64 x, y, width, height in pixels."""

    values: NDArray[Any]
    areas: NDArray[np.int64]
    boxes: NDArray[np.int64]

    def box(self, index: int) -> list[int]:
        """The box as COCO has it."""
        return [int(v) for v in self.boxes[index]]


def runs_of(labels: NDArray[Any]) -> Runs:
    """The runs of an (H, W) integer picture."""
    height, width = labels.shape
    flat = np.ascontiguousarray(labels).reshape(-1)
    begins = np.empty(flat.size, dtype=bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[::width] = True
    start = np.flatnonzero(begins)
    length = np.diff(start, append=height * width)
    y, x = np.divmod(start, width)
    return Runs(flat[start], y, x, x + length - 1)


def extents_of_runs(runs: Runs, labels: NDArray[np.int64], count: int) -> Extents:
    """Extents of `count` labels, given the label 0..count-1 of every run; a label without pixels has area 0."""
    areas = np.zeros(count, dtype=np.int64)
    np.add.at(areas, labels, runs.x_last - runs.x_first + 1)
    boxes = np.zeros((count, 4), dtype=np.int64)
    if labels.size:
        first = np.full((2, count), np.iinfo(np.int64).max)
        last = np.full((2, count), -1, dtype=np.int64)
        np.minimum.at(first[0], labels, runs.x_first)
        np.maximum.at(last[0], labels, runs.x_last)
        # Runs are in raster order: of repeated indices the last assignment stays.
        last[1][labels] = runs.y
        first[1][labels[::-1]] = runs.y[::-1]
        present = areas > 0
        boxes[present, :2] = first.T[present]
        boxes[present, 2:] = (last - first).T[present] + 1
    return Extents(np.arange(count), areas, boxes)


def extents(labels: NDArray[Any]) -> Extents:
    """Extents of every value that an (H, W) integer picture contains."""
    runs = runs_of(labels)
    values, inverse = np.unique(runs.value, return_inverse=True)
    found = extents_of_runs(runs, inverse.reshape(-1).astype(np.int64), len(values))
    return Extents(values, found.areas, found.boxes)
