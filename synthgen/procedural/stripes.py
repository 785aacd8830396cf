"""Yellow and black stripes aslant: on columns, guards, gate jambs and hatched floors."""

from __future__ import annotations

import numpy as np

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array


def clipped(polygon: Array, width: float, height: float) -> Array:
    """The part of a convex polygon (N, 2) within 0..width x 0..height, (M, 2), M = 0 where there is none."""
    p = polygon
    for axis, limit, sign in ((0, 0.0, 1.0), (0, width, -1.0), (1, 0.0, 1.0), (1, height, -1.0)):
        if len(p) < 3:
            return np.zeros((0, 2))
        inside = sign * (p[:, axis] - limit)
        kept: list[Array] = []
        for k in range(len(p)):
            j = (k + 1) % len(p)
            if inside[k] >= 0:
                kept.append(p[k])
            if (inside[k] > 0) != (inside[j] > 0) and abs(inside[k] - inside[j]) > 1e-12:
                cut = inside[k] / (inside[k] - inside[j])
                kept.append(p[k] + cut * (p[j] - p[k]))
        p = np.array(kept).reshape(-1, 2)
        if len(p):
            apart = np.linalg.norm(p - np.roll(p, 1, axis=0), axis=1) > 1e-6
            p = p[apart]
    return p if len(p) >= 3 else np.zeros((0, 2))


def slanted(width: float, height: float, stripe: float, *, phase: float = 0.0, gap: float | None = None) -> list[Array]:
    """Stripes at 45 degrees over a rectangle from the origin: `stripe` wide along x, `gap` (default: as wide) apart."""
    step = stripe + (stripe if gap is None else gap)
    first = -height - step + (phase % step)
    found = []
    for x in np.arange(first, width + step, step):
        strip = np.array([(x, 0.0), (x + stripe, 0.0), (x + stripe + height, height), (x + height, height)])
        part = clipped(strip, width, height)
        if len(part) and _area(part) > 1e-5:
            found.append(part)
    return found


def _area(p: Array) -> float:
    q = np.roll(p, -1, axis=0)
    return float(abs((p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]).sum()) / 2)


def add_stripes(
    b: MeshBuilder, width: float, height: float, stripe: float, slots: tuple[str, str] = ("yellow", "black")
) -> None:
    """Covers a rectangle of the frame's x, y plane with stripes of both slots."""
    for slot, phase in ((slots[0], 0.0), (slots[1], stripe)):
        for part in slanted(width, height, stripe, phase=phase):
            b.plate([part], 0.0, slot)
