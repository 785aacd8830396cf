"""What stands where, in plan view: oriented rectangles that must not overlap (separating axes, in numpy)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rect:
    """An oriented rectangle: centre, `length` along `heading` (degrees from +X), `width` across it. Metres."""

    x: float
    y: float
    length: float
    width: float
    heading: float = 0.0

    @classmethod
    def spanning(cls, x0: float, x1: float, y0: float, y1: float) -> Rect:
        """The upright rectangle of these bounds."""
        return cls((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)

    def corners(self) -> NDArray[np.float64]:
        """(4, 2) corners, counter-clockwise."""
        angle = math.radians(self.heading)
        along = np.array([math.cos(angle), math.sin(angle)]) * (self.length / 2)
        left = np.array([-math.sin(angle), math.cos(angle)]) * (self.width / 2)
        middle = np.array([self.x, self.y])
        return np.stack([middle - along - left, middle + along - left, middle + along + left, middle - along + left])


def footprint_of(size: Sequence[float], x: float, y: float, yaw: float, scale: float = 1.0) -> Rect:
    """The rectangle under something of this size (length, width, ...) that stands at (x, y)."""
    return Rect(x, y, size[0] * scale, size[1] * scale, yaw)


def reach_of(bounds: NDArray[np.float64]) -> tuple[float, float]:
    """Twice the larger reach in x and in y of something with these (2, 3) bounds: for a footprint that is centred on
    its origin."""
    x, y = (2 * np.abs(bounds).max(axis=0)[:2]).tolist()
    return x, y


class Footprints:
    """The rectangles claimed so far, each with a name that says what it is (for messages and tests)."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []
        self._names: list[str] = []
        self._packed: NDArray[np.float64] = np.zeros((0, 8))

    def __len__(self) -> int:
        return len(self._rows)

    def claim(self, rect: Rect, name: str) -> None:
        """Takes a rectangle, whether or not it is free."""
        self._rows.append(_row(rect))
        self._names.append(name)

    def overlapping(self, rect: Rect, *, margin: float = 0.0) -> list[str]:
        """Names of what overlaps `rect` grown by `margin` on every side, in the order claimed."""
        return [self._names[i] for i in np.flatnonzero(self._hits(rect, margin))]

    def free(self, rect: Rect, *, margin: float = 0.0) -> bool:
        """Is nothing within `margin` of the rectangle?"""
        return not self._hits(rect, margin).any()

    def take(self, rect: Rect, name: str, *, margin: float = 0.0) -> bool:
        """Claims the rectangle if it is free; says whether it did."""
        if not self.free(rect, margin=margin):
            return False
        self.claim(rect, name)
        return True

    def _hits(self, rect: Rect, margin: float) -> NDArray[np.bool_]:
        if len(self._packed) != len(self._rows):
            self._packed = np.array(self._rows, dtype=np.float64).reshape(-1, 8)
        return _overlaps(np.array(_row(rect, margin)), self._packed)


def _row(rect: Rect, margin: float = 0.0) -> tuple[float, ...]:
    """(x, y, half-axis along (2), half-axis across (2), half length, half width)."""
    angle = math.radians(rect.heading)
    c, s = math.cos(angle), math.sin(angle)
    a, b = rect.length / 2 + margin, rect.width / 2 + margin
    return (rect.x, rect.y, c * a, s * a, -s * b, c * b, a, b)


def _overlaps(one: NDArray[np.float64], many: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (N, 8) rows overlap the row `one`; touching does not count."""
    apart = np.zeros(len(many), dtype=bool)
    offset = many[:, 0:2] - one[0:2]
    for axes in (one[2:4] / one[6], one[4:6] / one[7], many[:, 2:4] / many[:, 6:7], many[:, 4:6] / many[:, 7:8]):
        axis = np.broadcast_to(axes, offset.shape)
        distance = np.abs((offset * axis).sum(axis=1))
        reach = np.abs(axis @ one[2:4]) + np.abs(axis @ one[4:6])
        reach = reach + np.abs((many[:, 2:4] * axis).sum(axis=1)) + np.abs((many[:, 4:6] * axis).sum(axis=1))
        apart |= distance >= reach - 1e-9
    return ~apart
