"""Thin patches that lie on a part: an outline in a tangent plane, cut out of the surface below and raised a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.ops import unary_union

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index, triangulate

PROUD = 3e-5
"""Metres that a patch stands off the surface."""

STEEPEST = 0.25
"""Cosine between patch and surface below which the surface is left out."""

_SMALLEST = 1e-13
"""Square metres below which a piece of a patch is left out."""

Shape: TypeAlias = Any
"""A Polygon or MultiPolygon of shapely, which has no types of its own."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a part as a frame: rotation (columns are its axes, z out of the surface) and origin."""

    rotation: Array
    origin: Array

    @staticmethod
    def of(place: Any) -> Spot:
        """From 3x4 row-major numbers."""
        m = np.asarray(place, dtype=np.float64).reshape(3, 4)
        return Spot(m[:, :3], m[:, 3])

    def place(self) -> tuple[float, ...]:
        """3x4 row-major, to a tenth of a micrometre."""
        return tuple(round(float(v), 7) for v in np.column_stack([self.rotation, self.origin]).ravel())

    def local(self, points: Array) -> Array:
        out: Array = (points - self.origin) @ self.rotation
        return out


def below(mesh: Mesh, spot: Spot, shape: Shape, depth: float) -> Index:
    """Faces that look out of the spot's plane, lie within `depth` of it and may be under the shape."""
    p = spot.local(mesh.vertices.astype(np.float64))[mesh.faces]
    x0, y0, x1, y1 = shape.bounds
    low, high = p.min(axis=1), p.max(axis=1)
    near = (low[:, 0] < x1) & (high[:, 0] > x0) & (low[:, 1] < y1) & (high[:, 1] > y0)
    near &= (low[:, 2] < depth) & (high[:, 2] > -depth)
    index = np.flatnonzero(near)
    q = p[index]
    face = np.cross(q[:, 1] - q[:, 0], q[:, 2] - q[:, 0])
    cosine = face[:, 2] / np.maximum(np.linalg.norm(face, axis=1), 1e-30)
    chosen: Index = index[cosine > STEEPEST]
    return chosen


def covered(mesh: Mesh, spot: Spot, shape: Shape, depth: float) -> float:
    """Share of the shape's area that has surface below it (more than 1 where surfaces lie over one another)."""
    p = spot.local(mesh.vertices.astype(np.float64))[mesh.faces[below(mesh, spot, shape, depth)]]
    if len(p) == 0:
        return 0.0
    return float(shapely.area(shapely.intersection(shapely.polygons(p[:, :, :2]), shape)).sum() / shape.area)


def patch(mesh: Mesh, spot: Spot, shape: Shape, slot: str, *, depth: float, proud: float = PROUD) -> Mesh:
    """The shape's part of the mesh, `proud` metres off it, in the spot's frame. An open sheet. Slots: `slot`.

    Raises InputError where no surface is below the shape.
    """
    index = below(mesh, spot, shape, depth)
    corner = spot.local(mesh.vertices.astype(np.float64))[mesh.faces[index]]
    normal = (mesh.normals.astype(np.float64) @ spot.rotation)[mesh.faces[index]]
    flat = shapely.polygons(corner[:, :, :2])
    shapely.prepare(shape)
    whole = shapely.contains(shape, flat) & (shapely.area(flat) >= _SMALLEST)
    builder = MeshBuilder(slot)
    if whole.any():
        n = normal[whole].reshape(-1, 3)
        n /= np.linalg.norm(n, axis=1, keepdims=True)
        points = corner[whole].reshape(-1, 3)
        faces = np.arange(len(points)).reshape(-1, 3)
        builder.triangles(points + proud * n, faces, slot, normals=n, uvs=points[:, :2])
    cut = np.flatnonzero(~whole)
    for k, piece in zip(cut, shapely.intersection(flat[cut], shape), strict=True):
        for polygon in getattr(piece, "geoms", [piece]):
            if polygon.geom_type != "Polygon" or polygon.area < _SMALLEST:
                continue
            ring = np.asarray(polygon.exterior.coords)[:-1, :2]
            faces = triangulate([ring])
            a, b, c = corner[k, 0, :2], corner[k, 1, :2], corner[k, 2, :2]
            weight = np.linalg.solve(np.column_stack([b - a, c - a]), (ring - a).T).T
            weight = np.column_stack([1 - weight.sum(axis=1), weight])
            n = weight @ normal[k]
            n /= np.linalg.norm(n, axis=1, keepdims=True)
            builder.triangles(weight @ corner[k] + proud * n, faces, slot, normals=n, uvs=ring)
    return builder.mesh()


def outline(defect: str, size: float, severity: float, seed: int) -> Shape:
    """The shape of a defect in the plane, about its middle, `size` metres long along x."""
    rng = np.random.default_rng([seed, *defect.encode()])
    shape: Shape = _SHAPES[defect](size, severity, rng)
    return shape if shape.is_valid else shape.buffer(0)


def _ribbon(line: Array, width: Array) -> Polygon:
    """A band along a line (N, 2) with its width at each point."""
    t = np.gradient(line, axis=0)
    n = np.column_stack([-t[:, 1], t[:, 0]]) / np.linalg.norm(t, axis=1)[:, None]
    return Polygon(np.concatenate([line - n * width[:, None] / 2, (line + n * width[:, None] / 2)[::-1]]))


def _scratch(size: float, severity: float, rng: np.random.Generator) -> Shape:
    """A bent line that tapers from up to 0.6 to 0.1 mm, trembling a little."""
    n = max(12, int(size / 0.0008))
    x = np.linspace(-0.5, 0.5, n)
    bend = rng.uniform(-0.2, 0.2) * (x**2 - 0.12) + rng.uniform(-0.15, 0.15) * (x**3 - 0.1 * x)
    line = np.column_stack([x, bend + rng.normal(0, 0.00006 / size, n)]) * size
    start = 0.00018 + 0.00042 * severity
    width = (start + (0.0001 - start) * (x + 0.5) ** 0.7) * np.clip((x + 0.52) / 0.04, 0.3, 1.0)
    return _ribbon(line, width * rng.uniform(0.85, 1.15, n))


def _walk(start: Array, heading: float, length: float, rng: np.random.Generator) -> Array:
    """A line of kinks."""
    n = max(5, int(length / 0.0009))
    turn = heading + np.cumsum(rng.normal(0, 0.25, n)) * 0.5 + rng.normal(0, 0.35, n)
    steps = np.column_stack([np.cos(turn), np.sin(turn)]) * (length / n)
    return np.concatenate([start[None], start + np.cumsum(steps, axis=0)])


def _crack(size: float, severity: float, rng: np.random.Generator) -> Shape:
    """A line of kinks with branches, as wide as 0.3 mm."""
    wide = 0.0001 + 0.0002 * severity
    line = _walk(np.zeros(2), 0.0, size, rng)
    bands = [_ribbon(line, np.linspace(wide, 0.00004, len(line)))]
    for _ in range(1 + int(rng.integers(0, 3))):
        k = int(rng.integers(len(line) // 5, 4 * len(line) // 5))
        arm = _walk(line[k], float(rng.choice([-1, 1])) * rng.uniform(0.5, 1.0), size * rng.uniform(0.15, 0.4), rng)
        bands.append(_ribbon(arm, np.linspace(0.7 * wide, 0.00004, len(arm))))
    whole = unary_union([b if b.is_valid else b.buffer(0) for b in bands])
    x0, y0, x1, y1 = whole.bounds
    return shapely.transform(whole, lambda p: (p - ((x0 + x1) / 2, (y0 + y1) / 2)) * (size / (x1 - x0)))


def _blob(x: float, y: float, radius: float, rng: np.random.Generator) -> Polygon:
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wave = sum(rng.uniform(-0.3, 0.3) / k * np.cos(k * t + rng.uniform(0, 6.28)) for k in range(2, 9))
    r = radius * (1 + wave) / 1.05
    return Polygon(np.column_stack([x + r * np.cos(t), y + r * np.sin(t)]))


def _stain(size: float, severity: float, rng: np.random.Generator) -> Shape:
    """A blot, with drops beside it where it is bad."""
    drops = [_blob(0, 0, 0.4 * size, rng)]
    for _ in range(int(rng.integers(0, 2 + round(4 * severity)))):
        a, r = rng.uniform(0, 6.28), size * rng.uniform(0.02, 0.08)
        drops.append(_blob(0.46 * size * np.cos(a), 0.46 * size * np.sin(a), r, rng))
    whole: Shape = unary_union(drops)
    return whole


def _dent(size: float, severity: float, rng: np.random.Generator) -> Shape:
    return Polygon(_circle(0.46 * size))


def _circle(radius: float) -> Array:
    t = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    return np.column_stack([radius * np.cos(t), radius * np.sin(t)])


_SHAPES = {"scratch": _scratch, "crack": _crack, "stain": _stain, "dent": _dent}
