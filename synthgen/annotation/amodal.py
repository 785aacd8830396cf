"""Whole instances: the mask of what one would show if nothing stood before it, and how much of it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation.alone import Alone, Window
from synthgen.scene.spec import Camera, Instance, Object, SceneSpec

_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Amodal:
    """One instance with its parts, as if alone in the scene.

    mask        (H, W) bool, its pixels inside the picture
    visibility  share of them that are seen, 0..1
    truncation  share of its pixels on the continued picture (see `whole_instance`) that are outside the picture, 0..1
    """

    mask: NDArray[np.bool_]
    visibility: float
    truncation: float

    @property
    def pixels(self) -> int:
        return int(self.mask.sum())

    @property
    def bbox(self) -> tuple[int, int, int, int]:
        """x, y, width, height of the mask in pixels."""
        rows, columns = np.flatnonzero(self.mask.any(axis=1)), np.flatnonzero(self.mask.any(axis=0))
        x, y = int(columns[0]), int(rows[0])
        return x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1


def whole_instance(
    alone: Alone, spec: SceneSpec, objects: Sequence[Object], camera: Camera, visible: NDArray[np.bool_]
) -> Amodal:
    """Casts rays at the objects of an instance and its parts. visible: (H, W) its pixels in the picture, at least one.

    Truncation counts on the picture continued by its own width to the left and right and by its own height above and
    below, at the same size of a pixel; what lies beyond that, or before the near plane, does not count.
    """
    height, width = visible.shape
    picture = Window(0, 0, width, height)
    reach = alone.reach(spec, objects, camera).within(Window(-width, -height, 2 * width, 2 * height))
    mask = visible.copy()  # on a boundary the other engine may see one pixel less
    inner = reach.within(picture)
    if not inner.empty:
        mask[inner.y0 : inner.y1, inner.x0 : inner.x1] |= alone.covered(spec, objects, camera, inner)
    inside = int(mask.sum())
    outside = sum(int(alone.covered(spec, objects, camera, w).sum()) for w in _around(reach, picture))
    return Amodal(
        mask,
        round(int(visible.sum()) / inside, _DECIMALS),
        round(outside / (inside + outside), _DECIMALS),
    )


def _around(reach: Window, picture: Window) -> Iterable[Window]:
    """What of a window lies above, below, left and right of the picture."""
    parts = (
        Window(reach.x0, reach.y0, reach.x1, min(reach.y1, picture.y0)),
        Window(reach.x0, max(reach.y0, picture.y1), reach.x1, reach.y1),
        Window(reach.x0, max(reach.y0, picture.y0), min(reach.x1, picture.x0), min(reach.y1, picture.y1)),
        Window(max(reach.x0, picture.x1), max(reach.y0, picture.y0), reach.x1, min(reach.y1, picture.y1)),
    )
    return [part for part in parts if not part.empty]


def with_parts(instances: Sequence[Instance]) -> dict[int, frozenset[int]]:
    """The numbers of every instance and all its parts, and of theirs, by its number."""
    roots = {i.number: i.part_of for i in instances}
    family: dict[int, set[int]] = {number: {number} for number in roots}
    for number in roots:
        above, seen = roots[number], {number}
        while above is not None and above not in seen:
            family[above].add(number)
            seen.add(above)
            above = roots[above]
    return {number: frozenset(members) for number, members in family.items()}
