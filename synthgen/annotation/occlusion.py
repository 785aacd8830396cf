"""Who hides whom: where a thing would show if it were alone, and what is seen there instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation.amodal import Amodal
from synthgen.scene.spec import UNCLAIMED, Instance

LEAST = 4
"""Pixels that something must hide to count: fewer are where two engines part at an outline."""


def roots_of(instances: Sequence[Instance]) -> NDArray[np.int64]:
    """(N + 1,) the root of every number: itself, or what it is in the end a part of. 0 is nobody's."""
    whole = {i.number: i.part_of for i in instances}
    roots = np.zeros(max(whole, default=0) + 1, dtype=np.int64)
    for number in whole:
        root, seen = number, {number}
        while (above := whole[root]) is not None and above not in seen:
            root = above
            seen.add(root)
        roots[number] = root
    return roots


def occluders(
    whole: Amodal, number: int, numbers: NDArray[np.int32], roots: NDArray[np.int64]
) -> tuple[tuple[int, int], ...]:
    """(root, pixels) of what hides an instance within the picture, most first.

    numbers: (H, W) of the surfaces that are seen, without label volumes, which hide nothing. What belongs to the
    instance's own root is not counted: neither a part that hides its whole nor the whole that hides a part.
    """
    x, y, width, height = whole.bbox
    window = slice(y, y + height), slice(x, x + width)
    seen = roots[numbers[window]][whole.mask[window]]
    pixels = np.bincount(seen, minlength=len(roots))
    pixels[[UNCLAIMED, roots[number]]] = 0
    found = [(int(n), int(pixels[n])) for n in np.flatnonzero(pixels >= LEAST)]
    return tuple(sorted(found, key=lambda item: (-item[1], item[0])))
