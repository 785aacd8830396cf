"""Value noise that repeats along the rows, for maps that tile."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


def value_noise(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float]) -> Field:
    """(H, W) float32 in about 0..1: smooth noise whose grid cells have (rows, columns) pixels; wraps both ways."""
    grid = (max(2, round(shape[0] / cells[0])), max(2, round(shape[1] / cells[1])))
    return stretched(rng.random(grid, dtype=np.float32), shape)


def fractal_noise(
    rng: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float], octaves: int = 4, gain: float = 0.55
) -> Field:
    """(H, W) float32 in about 0..1: octaves of `value_noise` that halve the cell and shrink by `gain`.

    Coarse octaves are made small and enlarged at the end, since enlarging is what costs.
    """
    total = np.zeros((1, 1), dtype=np.float32)
    weight, amount = 0.0, 1.0
    for k in range(octaves):
        cell = (cells[0] / 2**k, cells[1] / 2**k)
        shrink = max(1, int(min(cell) // 4))
        small = (-(-shape[0] // shrink), -(-shape[1] // shrink))
        layer = value_noise(rng, small, (cell[0] / shrink, cell[1] / shrink))
        total = layer * amount if k == 0 else stretched(total, small) + layer * amount
        weight += amount
        amount *= gain
    return stretched(total, shape) * np.float32(1.0 / weight)


def stretched(field: Field, shape: tuple[int, int]) -> Field:
    """A field enlarged to `shape` by cubic interpolation, as if it repeated without end."""
    if field.shape == shape:
        return field
    sy, sx = field.shape[0] / shape[0], field.shape[1] / shape[1]
    matrix = np.array([[sx, 0.0, sx / 2 - 0.5], [0.0, sy, sy / 2 - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    large = cv2.warpAffine(field, matrix, (shape[1], shape[0]), flags=flags, borderMode=cv2.BORDER_WRAP)
    return large.astype(np.float32, copy=False)
