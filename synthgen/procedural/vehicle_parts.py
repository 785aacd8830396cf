"""Parts of made vans, trucks and trailers: wheels, lofted bodies, panels put onto them. +X ahead, z = 0 the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthgen.assets.mesh import Mesh
from synthgen.procedural.bicycle_parts import add_loft
from synthgen.procedural.build import MeshBuilder

Array = NDArray[np.float64]

PROUD = 0.004
"""Metres that a panel stands out from the body it is put onto."""
_ROUND = 5


def add_wheel(b: MeshBuilder, x: float, y: float, radius: float, width: float, side: float) -> None:
    """A wheel on the ground whose outer face is at y, on the left (side 1) or the right (-1): tyre, rim, hub, nuts."""
    axes = ((1, 0, 0), (0, 0, -side), (0, side, 0))
    rim = radius * 0.62
    with b.at((x, y, radius), *axes):
        w = -width
        tyre = [
            (rim, w), (radius - 0.03, w), (radius - 0.008, w + 0.012), (radius, w + 0.035), (radius, -0.035),
            (radius - 0.008, -0.012), (radius - 0.03, 0.0), (rim + 0.012, 0.0), (rim, -0.012), (rim, w),
        ]  # fmt: skip
        b.lathe(tyre, "tyre", sides=36)
        dish = [(0.0, w + 0.02), (rim - 0.001, w + 0.02), (rim - 0.001, -0.014), (rim - 0.02, -0.012)]
        b.lathe([*dish, (rim * 0.86, -0.05), (rim * 0.5, -0.06), (rim * 0.42, -0.02), (0.0, -0.016)], "rim", sides=28)
        for k in range(8):
            t = 2 * np.pi * k / 8
            with b.at((rim * 0.32 * np.cos(t), rim * 0.32 * np.sin(t), -0.017)):
                b.cylinder(0.011, 0.0, 0.014, "trim", sides=6)


def section(half: float, belt: float, top: float, *, low: float, waist: float, corner: float = 0.12) -> Array:
    """(M, 2) a convex cross-section (y, z), anticlockwise as seen from ahead: upright sides of half width `half` from
    `low` to `belt`, leaning in by `waist` up to a flat roof at `top` with round corners."""
    r = min(corner, (top - low) * 0.3)
    lean = waist * max(0.0, top - r - belt)
    side = [(half - 0.03, low), (half, low + 0.05), (half, min(belt, top - r - 0.01)), (half - lean, top - r)]
    angle = np.linspace(0.0, np.pi / 2, _ROUND)[1:]
    arc = [(half - lean - r + r * float(np.cos(t)), top - r + r * float(np.sin(t))) for t in angle]
    right = np.array([*side, *arc])
    return np.concatenate([right * (1, 1), right[::-1] * (-1, 1)])


def add_body(b: MeshBuilder, stations: Sequence[tuple[float, Array]], slot: str) -> None:
    """A closed skin over cross-sections at rising x."""
    rings = [np.column_stack([np.full(len(ring), x), ring]) for x, ring in stations]
    add_loft(b, np.array(rings), slot)


def add_panel(b: MeshBuilder, corners: ArrayLike, slot: str, *, thick: float = PROUD, random: float = 0.0) -> None:
    """A flat convex panel (N, 3), anticlockwise seen from outside, that stands `thick` metres out from where its
    corners are, with a rim all round, closed behind."""
    p = np.asarray(corners, dtype=np.float64)
    normal = np.cross(p[1] - p[0], p[2] - p[0])
    normal /= np.linalg.norm(normal)
    along = (p[1] - p[0]) / np.linalg.norm(p[1] - p[0])
    up = np.cross(normal, along)
    flat = np.column_stack([(p - p[0]) @ along, (p - p[0]) @ up])
    with b.at(p[0] - normal * 0.01, along, up, normal):
        b.prism(flat, 0.0, thick + 0.01, slot, random=random)


def strip(b: MeshBuilder, start: ArrayLike, end: ArrayLike, out: ArrayLike, wide: float, slot: str) -> None:
    """A thin straight strip between two points of a flat side whose outward normal is `out`: a gap between panels."""
    p, q, n = (np.asarray(v, dtype=np.float64) for v in (start, end, out))
    across = np.cross(n, (q - p) / np.linalg.norm(q - p)) * wide / 2
    add_panel(b, [p - across, q - across, q + across, p + across], slot, thick=0.002)


def add_arch(b: MeshBuilder, x: float, y: float, radius: float, low: float, side: float) -> None:
    """The dark opening of a wheel arch on an upright side at y; cut off at the sill `low`."""
    start = float(np.arcsin(np.clip((low - radius * 0.9) / radius, -0.95, 0.95)))
    angle = np.linspace(start, np.pi - start, 15)
    arc = np.column_stack(
        [x - side * radius * np.cos(angle), np.full(15, y), np.maximum(radius * 0.9 + radius * np.sin(angle), low)]
    )
    add_panel(b, arc[::-1], "trim", thick=PROUD)


def add_mirror(b: MeshBuilder, at: ArrayLike, side: float, *, tall: float = 0.24) -> None:
    """A door mirror on its arm, `at` the door."""
    x, y, z = np.asarray(at, dtype=np.float64)
    b.tube([(x, y - side * 0.02, z), (x, y + side * 0.10, z)], 0.018, "trim", sides=8)
    low, high = sorted((y + side * 0.08, y + side * 0.25))
    b.chamfered(x - 0.05, x + 0.05, low, high, z - tall / 2, z + tall / 2, 0.02, "trim")


def centred(mesh: Mesh) -> Mesh:
    """The mesh with the middle of its length over the origin."""
    shift = np.array([mesh.bounds[:, 0].mean(), 0.0, 0.0], dtype=np.float32)
    return replace(mesh, vertices=mesh.vertices - shift)
