"""The front of the car that carries the camera: bonnet, wings, wiper tops and the edge of the dashboard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, Index

Surface = Callable[[Array, Array], Array]

_GAP = 0.004
"""Half the width of a panel gap, metres."""


@mesh_generator("street.bonnet")
def bonnet(
    width: float = 1.72,
    length: float = 1.25,
    cowl: float = 0.96,
    nose: float = 0.74,
    ridges: int = 2,
    dash: bool = True,
    wipers: bool = True,
    seed: int = 0,
) -> Mesh:
    """What a dashcam sees of its own car. Frame: +X forward, +Y left, z up from the ground, x = 0 at the windscreen's
    foot, y = 0 in the middle.

    width: over the wings; length: windscreen to nose; cowl and nose: heights of the panel there, metres. ridges: 0 to
    2 pressed lines a side. dash: a dark edge of the dashboard behind x = 0 (down to x = -0.25). Panel gaps are real
    gaps with a dark floor. Slots: paint, trim (black plastic: cowl, wipers, gap floor), dash.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("paint", "trim", "dash")
    swell, crease = rng.uniform(0.05, 0.075), rng.uniform(0.006, 0.012)
    seam = rng.uniform(0.74, 0.82)
    taper = rng.uniform(0.07, 0.12)

    def surface(u: Array, v: Array) -> Array:
        """(..., 3) points; u -1..1 from right to left over the whole width, v 0..1 from windscreen to nose."""
        half = width / 2 * (1 - taper * v**2)
        z = cowl + (nose - cowl) * (0.62 * v + 0.38 * v**4)
        z = z - swell * u**2 - 0.07 * np.abs(u) ** 7
        for k in range(ridges):
            at = 0.34 + 0.3 * k
            z = z + crease * np.exp(-(((np.abs(u) - at) / 0.045) ** 2)) * np.clip(1.2 - v, 0, 1)
        x = 0.02 + length * v * (1 - 0.11 * u**2)
        return np.stack([x, u * half, z], axis=-1)

    gap = _GAP / (width / 2)
    # The panel ends under the windscreen in a gap too; its nose rolls down out of sight.
    _patch(b, surface, (-seam + gap, seam - gap), (0.03, 1.0), (49, 25))
    for sign in (1.0, -1.0):
        low, high = sorted((sign * (seam + gap), sign * 1.0))
        _patch(b, surface, (low, high), (-0.02, 0.985), (9, 25))
    _lips(b, surface, seam, gap)
    _gap_floor(b, surface, seam, gap)
    _nose(b, surface, seam)
    if wipers:
        for start, reach, tilt in ((0.12, 0.62, 0.02), (-0.62, 0.56, 0.02)):
            y = np.linspace(start, start + reach, 5)
            x = np.full(5, 0.01) - 0.03 * np.linspace(0, 1, 5) ** 2
            z = cowl - 0.018 - 0.055 * (y / (width / 2)) ** 2 + tilt * np.linspace(0.3, 1.0, 5)
            b.tube(np.stack([x, y, z], axis=1), np.linspace(0.012, 0.007, 5), "trim", sides=6)
            b.tube(np.stack([x - 0.02, y, z - 0.004], axis=1), 0.005, "trim", sides=5)
    if dash:
        y = np.linspace(-width * 0.44, width * 0.44, 25)
        edge = cowl + 0.005 - 0.05 * (np.abs(y) / (width / 2)) ** 2
        profile = [(-0.10, -0.06), (-0.13, -0.012), (-0.18, 0.0), (-0.25, 0.006)]
        rows = np.stack([np.stack([np.full(25, x), y, edge + z], axis=1) for x, z in profile])
        _grid(b, rows[::-1], "dash")
    return b.mesh()


def _patch(
    b: MeshBuilder, surface: Surface, u: tuple[float, float], v: tuple[float, float], size: tuple[int, int]
) -> None:
    """A smooth piece of the surface between bounds of u and v, (n_u, n_v) points."""
    us, vs = np.meshgrid(np.linspace(*u, size[0]), np.linspace(*v, size[1]), indexing="ij")
    points: Array = surface(us, vs)
    # Rows run forward, columns to the left: the normal then looks up.
    _grid(b, points.transpose(1, 0, 2), "paint")


def _grid(b: MeshBuilder, points: Array, slot: str) -> None:
    """A smooth grid (rows, columns, 3) whose rows x columns directions turn counter-clockwise seen from outside."""
    du, dv = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normal = np.cross(du, dv)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    b.triangles(flat, _grid_faces(rows, columns), slot, normals=normal.reshape(-1, 3), uvs=flat[:, :2])


def _grid_faces(rows: int, columns: int) -> Index:
    i, j = (a.ravel() for a in np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij"))
    a, c, d, e = i * columns + j, (i + 1) * columns + j, (i + 1) * columns + j + 1, i * columns + j + 1
    return np.concatenate([np.stack([a, c, d], axis=1), np.stack([a, d, e], axis=1)])


def _lips(b: MeshBuilder, surface: Surface, seam: float, gap: float) -> None:
    """The panels' edges, folded down into the gaps, so that one does not look under them."""
    drop = np.array([0.0, 0.0, 0.03])
    v = np.linspace(0.03, 1.0, 25)
    wing = np.linspace(-0.02, 0.985, 25)
    for sign in (1.0, -1.0):
        for at, along, outwards in ((sign * (seam - gap), v, sign), (sign * (seam + gap), wing, -sign)):
            edge = surface(np.full(25, at), along)
            rows = np.stack([edge, edge - drop], axis=1)
            _grid(b, rows if outwards > 0 else rows[::-1], "paint")
    across = np.linspace(-seam + gap, seam - gap, 49)
    edge = surface(across, np.full(49, 0.03))
    _grid(b, np.stack([edge - drop, edge]), "paint")


def _gap_floor(b: MeshBuilder, surface: Surface, seam: float, gap: float) -> None:
    """Dark strips under the gaps between bonnet and wings, and under the cowl's edge."""
    v = np.linspace(-0.02, 0.985, 25)
    for sign in (1.0, -1.0):
        sides = [surface(np.full(25, sign * seam + k * 4 * gap), v) for k in (-1.0, 1.0)]
        rows = np.stack(sides, axis=1) - np.array([0.0, 0.0, 0.014])
        _grid(b, rows, "trim")
    u = np.linspace(-0.97, 0.97, 33)
    cowl = [surface(u, np.full(33, k)) - np.array([x, 0.0, 0.02]) for k, x in ((-0.02, 0.2), (-0.02, 0.0), (0.05, 0.0))]
    _grid(b, np.stack(cowl), "trim")


def _nose(b: MeshBuilder, surface: Surface, seam: float) -> None:
    """The front edge, rolled down by a hand's breadth, so that the panel has no open end."""
    u = np.linspace(-seam, seam, 49)
    top: Array = surface(u, np.ones(49))
    turn = np.linspace(0.0, np.pi / 2, 6)[1:]
    rows = [top]
    for t in turn:
        rows.append(top + np.array([0.05 * np.sin(t), 0.0, -0.05 * (1 - np.cos(t)) - 0.008 * np.sin(t)]))
    rows.append(rows[-1] - np.array([0.0, 0.0, 0.1]))
    _grid(b, np.stack(rows), "paint")
