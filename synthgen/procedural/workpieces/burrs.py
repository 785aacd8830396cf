"""Burrs: ragged fins of metal, or flash of plastic, along a sharp edge."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index
from synthgen.procedural.workpieces.patches import Spot
from synthgen.procedural.workpieces.solid import Rings, smoothed, welded

_SHARP = np.cos(np.radians(35.0))
_STEP = 0.00022
_ROOT = 0.00009
"""Half the fin's thickness where it stands on the edge."""


class Edges:
    """The convex sharp edges of a mesh: ends (E, 2) as welded vertices, points (V, 3), both faces' normals."""

    def __init__(self, mesh: Mesh) -> None:
        weld = welded(mesh.vertices.astype(np.float64))
        self.points = np.zeros((weld.max() + 1, 3))
        self.points[weld] = mesh.vertices
        corner = weld[mesh.faces]
        p = self.points[corner]
        normal = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
        a, b = corner.ravel(), np.roll(corner, -1, axis=1).ravel()
        face = np.repeat(np.arange(len(corner)), 3)
        code = np.minimum(a, b) << 32 | np.maximum(a, b)
        order = np.argsort(code, kind="stable")
        code, face = code[order], face[order]
        first = np.flatnonzero(code[:-1] == code[1:])
        f, g = face[first], face[first + 1]
        ends = np.column_stack([code[first] >> 32, code[first] & 0xFFFFFFFF])
        inward = self.points[corner[g]].mean(axis=1) - self.points[ends[:, 0]]
        sharp = ((normal[f] * normal[g]).sum(axis=1) < _SHARP) & ((inward * normal[f]).sum(axis=1) < 0)
        self.ends: Index = ends[sharp]
        self.normals = np.stack([normal[f[sharp]], normal[g[sharp]]], axis=1)
        self.length = np.linalg.norm(np.diff(self.points[self.ends], axis=1)[:, 0], axis=1)

    def chain(self, start: int, length: float) -> tuple[Array, Array]:
        """The edges from `start` on both ways, as far as they bend little: points, directions out (N, 3)."""
        at: dict[int, list[int]] = {}
        for k, pair in enumerate(self.ends.tolist()):
            for v in pair:
                at.setdefault(v, []).append(k)
        run, used = [int(self.ends[start, 0]), int(self.ends[start, 1])], {start}
        out = {start: self.normals[start].sum(axis=0)}
        edges = [start]
        total = float(self.length[start])
        for front in (False, True):
            while total < length:
                here, last = (run[0], run[1]) if front else (run[-1], run[-2])
                heading = self.points[here] - self.points[last]
                heading /= np.linalg.norm(heading)
                best, cosine = -1, 0.8
                for k in at[here]:
                    other = int(self.ends[k].sum()) - here
                    step = self.points[other] - self.points[here]
                    c = float(step @ heading / np.linalg.norm(step))
                    if k not in used and c > cosine:
                        best, cosine = k, c
                if best < 0:
                    break
                used.add(best)
                nxt = int(self.ends[best].sum()) - here
                run.insert(0, nxt) if front else run.append(nxt)
                edges.insert(0, best) if front else edges.append(best)
                out[best] = self.normals[best].sum(axis=0)
                total += float(self.length[best])
        per_edge = np.array([out[k] for k in edges])
        at_point = np.concatenate([per_edge[:1], per_edge[:-1] + per_edge[1:], per_edge[-1:]])
        return self.points[run], at_point / np.linalg.norm(at_point, axis=1, keepdims=True)


def edge_spot(mesh: Mesh, rng: np.random.Generator, size: float) -> Spot | None:
    """A place in the middle of an edge that can be seen from above and is long enough, x along it, z out."""
    edges = Edges(mesh)
    out = edges.normals.sum(axis=1)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-30)
    weight = edges.length * (out[:, 2] > 0.3)
    if weight.sum() == 0.0:
        return None
    total = np.cumsum(weight)
    best: tuple[float, Spot] | None = None
    for _ in range(12):
        k = min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(total) - 1)
        points, _ = edges.chain(k, size)
        long = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        a, b = edges.points[edges.ends[k]]
        x = (b - a) / np.linalg.norm(b - a)
        z = out[k] - x * (out[k] @ x)
        z /= np.linalg.norm(z)
        spot = Spot(np.column_stack([x, np.cross(z, x), z]), (a + b) / 2)
        if best is None or long > best[0]:
            best = long, spot
        if long >= size:
            break
    return best[1] if best else None


def burr(mesh: Mesh, spot: Spot, size: float, height: float, seed: int) -> Mesh:
    """A closed ragged fin along the edge at the spot, `size` metres long at most, in the spot's frame. Slots: burr.

    Raises InputError where the mesh has no sharp edge.
    """
    edges = Edges(mesh)
    if len(edges.ends) == 0:
        raise InputError.of("the part has no sharp edge that a burr could be on")
    middle = edges.points[edges.ends].mean(axis=1)
    start = int(np.argmin(np.linalg.norm(middle - spot.origin, axis=1)))
    points, out = edges.chain(start, size)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    here = _nearest(points, along, spot.origin)
    low = max(0.0, min(here - size / 2, along[-1] - size))
    high = min(along[-1], low + size)
    n = max(8, int((high - low) / _STEP))
    s = np.linspace(low, high, n)
    p = np.column_stack([np.interp(s, along, points[:, k]) for k in range(3)])
    d = np.column_stack([np.interp(s, along, out[:, k]) for k in range(3)])
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    rng = np.random.default_rng([seed, 5])
    x = np.gradient(p, axis=0)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    side = np.cross(d, x)
    slow = np.interp(s, np.linspace(low, high, max(3, n // 9)), rng.uniform(0.25, 1.0, max(3, n // 9)))
    ends = np.clip(np.minimum(s - low, high - s) / (0.12 * (high - low)), 0.0, 1.0)
    tall = height * np.maximum(slow * rng.uniform(0.7, 1.0, n) * np.sqrt(ends), 0.06)
    lean = rng.uniform(-0.5, 0.5) + 0.35 * np.interp(s, np.linspace(low, high, 5), rng.uniform(-1, 1, 5))
    tip = p + d * tall[:, None] + side * (lean * tall)[:, None]
    root, half = p - d * 0.00006, side * _ROOT
    thin = side * 0.00001
    section = np.stack([root - half, root + half, tip + thin, tip - thin], axis=1)
    builder = MeshBuilder("burr")
    rings = Rings(builder, "burr")
    local = spot.local(section.reshape(-1, 3)).reshape(n, 4, 3)
    rings.loft(list(local))
    cap = np.array([[0, 1, 2], [0, 2, 3]])
    rings._add(local[0], cap[:, ::-1])
    rings._add(local[-1], cap)
    return smoothed(builder.mesh())


def _nearest(points: Array, along: Array, to: Array) -> float:
    d = np.diff(points, axis=0)
    t = np.clip(((to - points[:-1]) * d).sum(axis=1) / np.maximum((d**2).sum(axis=1), 1e-30), 0.0, 1.0)
    k = int(np.argmin(np.linalg.norm(points[:-1] + t[:, None] * d - to, axis=1)))
    return float(along[k] + t[k] * (along[k + 1] - along[k]))
