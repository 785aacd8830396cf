"""A plain room and what stands in it: shining faces, tables, cloths. z = 0 is the floor."""

from __future__ import annotations

import math

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, circle


@mesh_generator("indoor.luminous_face")
def luminous_face(width: float = 0.6, depth: float = 0.6, shape: str = "rectangle") -> Mesh:
    """The opening of a luminaire, 2 mm below z = 0, looking down. shape: rectangle, disk or ring (of 0.7 of the width
    inside). Slot: face."""
    b = MeshBuilder("face")
    with b.at((0.0, 0.0, -0.002), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        if shape == "rectangle":
            x, y = width / 2, depth / 2
            b.plate([np.array([(-x, -y), (x, -y), (x, y), (-x, y)])], 0.0, "face")
        else:
            around = np.asarray(circle(1.0, 48))[:, :2] * (width / 2, depth / 2)
            b.plate([around, around[::-1] * 0.7] if shape == "ring" else [around], 0.0, "face")
    return b.mesh()


@mesh_generator("indoor.room_side")
def room_side(side: float = 5.0, ceiling: float = 2.8, part: str = "floor") -> Mesh:
    """One surface of a square room, seen from inside; the middle of the floor is the origin.

    part, and the slot's name: floor, wall, skirting (a board along the walls) or ceiling.
    """
    b = MeshBuilder(part)
    h = side / 2
    square = np.array([(-h, -h), (h, -h), (h, h), (-h, h)])
    if part == "floor":
        b.plate([square], 0.0, part)
    elif part == "wall":
        b.walls(square[::-1], 0.0, ceiling, part)
    elif part == "ceiling":
        with b.at((0.0, 0.0, ceiling), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
            b.plate([square], 0.0, part)
    else:
        t, high = 0.014, 0.08
        boards = ((-h, h, -h, t - h), (-h, h, h - t, h), (-h, t - h, t - h, h - t), (h - t, h, t - h, h - t))
        for x0, x1, y0, y1 in boards:
            b.chamfered(x0, x1, y0, y1, 0.0, high, 0.004, part)
    return b.mesh()


@mesh_generator("indoor.lamp_housing")
def lamp_housing(width: float = 0.35, cord: float = 1.0) -> Mesh:
    """A flat square shade whose opening is at z = 0, on a cord of `cord` metres. Slots: housing, cord."""
    b = MeshBuilder("housing", "cord")
    w, high = width / 2, 0.045
    b.chamfered(-w, w, -w, w, 0.0, high, 0.004, "housing")
    b.cylinder(0.004, high, max(cord, high + 0.01), "cord", sides=8)
    return b.mesh()


@mesh_generator("indoor.table")
def table(width: float = 1.4, depth: float = 0.8, height: float = 0.75, leg: float = 0.055, top: float = 0.028) -> Mesh:
    """A table on four legs with aprons; `width` along y, front edge at +x, origin in the middle of its foot.

    Slots: top, frame.
    """
    b = MeshBuilder("top", "frame")
    x, y = depth / 2, width / 2
    b.chamfered(-x, x, -y, y, height - top, height, 0.003, "top")
    inset = 0.04
    for sx in (-1, 1):
        for sy in (-1, 1):
            cx, cy = sx * (x - inset - leg / 2), sy * (y - inset - leg / 2)
            b.chamfered(cx - leg / 2, cx + leg / 2, cy - leg / 2, cy + leg / 2, 0.0, height - top, 0.003, "frame")
    low, high, thick = height - top - 0.08, height - top, 0.022
    for s in (-1, 1):
        at = s * (x - inset - leg / 2)
        span = y - inset - leg
        b.chamfered(at - thick / 2, at + thick / 2, -span, span, low, high, 0.002, "frame")
        at = s * (y - inset - leg / 2)
        span = x - inset - leg
        b.chamfered(-span, span, at - thick / 2, at + thick / 2, low, high, 0.002, "frame")
    return b.mesh()


@mesh_generator("indoor.table_cloth")
def table_cloth(
    width: float = 1.4,
    depth: float = 0.8,
    height: float = 0.75,
    drop: float = 0.18,
    thick: float = 0.0015,
    seed: int = 0,
) -> Mesh:
    """A cloth over a table top of this size: flat where things lie, its highest point `thick` above `height`, hanging
    over the edges in folds. An open sheet with normals up and out. Slot: cloth."""
    rng = np.random.default_rng([seed, 211])
    x, y = depth / 2, width / 2
    # Distance from the middle along the cloth, as far as the edge and down.
    across = _stations(x, drop)
    along = _stations(y, drop)
    u, v = np.meshgrid(across, along, indexing="ij")
    over_x, over_y = np.maximum(np.abs(u) - x, 0.0), np.maximum(np.abs(v) - y, 0.0)
    fall = np.hypot(over_x, over_y)
    out = 0.004 + 0.018 * np.minimum(fall / max(drop, 1e-3), 1.0)
    # Metres along the edge, around the corners too, so that folds go on there.
    turn = np.arctan2(over_y, over_x) * 0.03
    side = y + 0.5 * math.pi * 0.03 + x - np.abs(u)
    girth = np.where((over_x > 0) & (over_y > 0), y + turn, np.where(over_y > 0, side, np.abs(v)))
    waves, phase = rng.uniform(5.0, 9.0, 3), rng.uniform(0.0, 2 * math.pi, 3)
    fold = sum(np.sin(2 * math.pi * w * girth + p) for w, p in zip(waves, phase, strict=True)) / 3
    hang = np.minimum(fall / max(drop, 1e-3), 1.0)
    reach = np.where(fall > 0, out + 0.02 * hang * fold, 0.0)
    away = np.stack([over_x, over_y], axis=-1) / np.maximum(fall, 1e-9)[..., None]
    px = np.clip(u, -x, x) + np.sign(u) * away[..., 0] * reach
    py = np.clip(v, -y, y) + np.sign(v) * away[..., 1] * reach
    crease = _creases(u, v, depth, width, rng)
    pz = height + thick - np.where(fall > 0, fall, crease)
    points = np.stack([px, py, pz], axis=-1)
    rows, columns = len(across), len(along)
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b_, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    faces = np.concatenate([np.stack([a, b_, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    corners = points.reshape(-1, 3)[faces]
    normals = np.zeros((rows * columns, 3))
    across_face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    for k in range(3):
        np.add.at(normals, faces[:, k], across_face)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    b = MeshBuilder("cloth")
    b.triangles(points.reshape(-1, 3), faces, "cloth", normals=normals, uvs=np.stack([u, v], -1).reshape(-1, 2))
    return b.mesh()


def _stations(half: float, drop: float) -> Array:
    inside = np.linspace(-half, half, max(12, round(half / 0.012)))
    if drop <= 0.0:
        return inside
    down = half + drop * np.linspace(0.0, 1.0, 12)[1:]
    return np.concatenate([-down[::-1], inside, down])


def _creases(u: Array, v: Array, depth: float, width: float, rng: np.random.Generator) -> Array:
    """Depth, up to 1 mm, of the folds that ironing leaves: thirds of the width, the middle of the depth."""
    found = np.zeros_like(u)
    for at, line in ((v, -width / 6), (v, width / 6), (u, 0.0)):
        off = at - line - rng.uniform(-0.02, 0.02)
        found = np.maximum(found, 0.0008 * np.exp(-((off / 0.004) ** 2)))
    ripple = 0.0003 * (1 + np.sin(31 * u + 7 * v + rng.uniform(0, 6))) / 2
    sunk: Array = found + ripple
    return sunk
