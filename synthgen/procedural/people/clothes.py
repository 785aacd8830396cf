"""Clothes: cut from the helper meshes around the body, hung a little off it, posed with it.

A garment is a part of the base mesh's `helper-tights` or `helper-skirt`, pushed outwards where cloth bridges hollows or
a leg or sleeve is wider than the limb, with folds, and with hems that turn in. What there is to wear stands in
configs/people/clothes.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from scipy.spatial import cKDTree

from synthgen.assets.mesh import vertex_normals
from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.people.data import body
from synthgen.procedural.people.folds import SEEDS, creases, skirt_folds, tubes
from synthgen.procedural.people.regions import along_arm, along_leg, axis_points, regions
from synthgen.procedural.people.rig import SIDES, Rig
from synthgen.procedural.people.surface import Surface, cut, refined, rim, smoother, split, surface_of
from synthgen.procedural.shapes import Array, Index

_STEPS = 5
_GAP = 0.01
"""Metres between two garments, at least."""
_TUCK = 0.035
"""Metres by which what is worn below goes on under a hem."""
Garment = Mapping[str, Any]


@lru_cache(maxsize=1)
def wardrobe() -> Mapping[str, Mapping[str, Garment]]:
    """Garments by kind and name, as configs/people/clothes.yaml has them."""
    loaded: Mapping[str, Mapping[str, Garment]] = yaml.safe_load(
        (data_dir("configs") / "people" / "clothes.yaml").read_text("utf-8")
    )
    return loaded


def garment(kind: str, name: str, rng: np.random.Generator) -> dict[str, Any]:
    """A garment with its numbers drawn. Raises InputError for a name that the wardrobe lacks."""
    known = wardrobe()[kind]
    if name not in known:
        raise InputError.of(f"none of the {kind} is called {name!r}", hint=", ".join(known))

    def settled(key: str, value: Any) -> Any:
        if isinstance(value, list) and key not in ("opening", "bands"):
            low, high = value
            return round(low + (high - low) * int(rng.integers(0, _STEPS)) / (_STEPS - 1), 5)
        return tuple(value) if isinstance(value, list) else value

    return {"name": name, "kind": kind} | {k: settled(k, v) for k, v in known[name].items()}


def covers(g: Garment) -> Array:
    """(19158,) how far inside a garment's edges a vertex of the base mesh lies: above 0 within, about metres."""
    r = regions(body())
    inside = np.full(len(r["leg"]), 1.0)
    if "waist" in g:
        inside = np.minimum(inside, (g["waist"] - r["trunk"]) * 0.6)
        inside = np.minimum(inside, (g["leg"] - r["leg"]) * 0.85)
        return np.where(r["on_arm"] > 0.5, -1.0, inside)
    inside = np.minimum(inside, (r["trunk"] - g["hem"]) * 0.6)
    inside = np.minimum(inside, g["collar"] - r["neck"])
    if "from" in g:
        inside = np.minimum(inside, r["neck"] - g["from"])
    if "sleeve" in g:
        inside = np.minimum(inside, (g["sleeve"] - r["arm"]) * 0.5)
    else:
        inside = np.minimum(inside, (g["strap"] - r["on_arm"]) * 0.3)
    if "strips" in g:
        at, wide = g["strips"]
        inside = np.minimum(inside, wide - np.abs(np.abs(r["y"]) - at))
    if "opening" in g:
        front = r["x"] > 0.02
        share = np.clip(r["trunk"], 0.0, 1.0)
        half = g["opening"][1] + (g["opening"][0] - g["opening"][1]) * share
        inside = np.where(front & (r["on_arm"] < 0.5), np.minimum(inside, np.abs(r["y"]) - half), inside)
    return inside


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """A garment's cut. spread (V, 19158): its vertices as mixtures of the base mesh's, evened out."""

    surface: Surface
    spread: sparse.csr_matrix
    arm: Array
    leg: Array
    place: Array


Key = tuple[tuple[str, Any], ...]


@lru_cache(maxsize=256)
def _cloth(key: Key, over: tuple[Key, ...], fine: bool) -> Cloth:
    """The cut of a garment, without what garments over it hide."""
    g, base = dict(key), body()
    r = regions(base)
    surface = surface_of(base, [_mesh_of(g)])
    for field in (covers(g), *(_TUCK - covers(dict(outer)) for outer in over)):
        surface = cut(surface, field)
    if "bands" in g:
        for at in g["bands"]:
            surface = split(surface, np.where(r["on_arm"] > 0.5, -1.0, g["band"] / 2 - np.abs(r["trunk"] - at) * 0.6))
        brace = np.minimum(g["band"] / 2 - np.abs(np.abs(r["y"]) - g["braces"]), (r["trunk"] - max(g["bands"])) * 0.6)
        surface = split(surface, brace)
    surface = refined(surface) if fine else surface
    mean = smoother(surface.faces, surface.mix.shape[0])
    even = 0.5 * (sparse.identity(mean.shape[0]) + mean)
    spread = sparse.csr_matrix(even @ (even @ surface.mix))
    return Cloth(surface, spread, surface.of(r["arm"]), surface.of(r["leg"]), surface.of(base.template))


def _mesh_of(g: Garment) -> str:
    return "helper-skirt" if g.get("hangs") else "helper-tights"


def cut_of(g: Garment) -> Key:
    """What the cut of a garment depends on."""
    return tuple(sorted((k, v) for k, v in g.items() if k in _CUTS))


_CUTS = (
    "name",
    "kind",
    "hem",
    "sleeve",
    "collar",
    "waist",
    "leg",
    "strap",
    "opening",
    "bands",
    "band",
    "braces",
    "hangs",
    "from",
    "strips",
)


class Wardrobe:
    """Hangs one person's garments, from the innermost to the outermost, over base vertices (19158, 3) at rest."""

    def __init__(self, rig: Rig, vertices: Array, size: float, *, fine: bool = True, pattern: int = 0) -> None:
        """pattern: which folds its clothes have (folds.py)."""
        self.rig, self.vertices, self.size, self.fine, self.pattern = rig, vertices, size, fine, pattern % SEEDS
        self._inner: dict[str, Array] = {}

    def hang(self, g: Garment, over: tuple[Garment, ...]) -> tuple[Cloth, Array]:
        """A garment's cut and its vertices (V, 3) at rest. over: garments that will be worn over it."""
        mesh = _mesh_of(g)
        table = _mesh(mesh)
        points = self.vertices[table.used]
        normals = _even_normals(points, table)
        points = points + normals * (float(g["ease"]) * self.size)
        for step in range(int(g["drape"])):
            if step % 5 == 4:
                normals = _even_normals(points, table)
            moved = table.mean @ (table.mean @ (table.mean @ points)) - points
            points = points + normals * np.maximum((moved * normals).sum(axis=1, keepdims=True), 0.0)
        for limb, radius in (("arm", g.get("sleeve_radius")), ("leg", g.get("leg_radius"))):
            if radius:
                points = _widened(self.rig, points, table, limb, float(radius) * self.size, float(g["flare"]))
        if mesh in self._inner:
            inner = self._inner[mesh]
            lack = _GAP - ((points - inner) * normals).sum(axis=1, keepdims=True)
            points = points + normals * np.maximum(lack, 0.0)
        if mesh == "helper-tights" and "helper-skirt" in self._inner:
            points = self._over_skirt(points, table)
        self._inner[mesh] = points
        cloth = _cloth(cut_of(g), tuple(cut_of(o) for o in over), self.fine)
        whole = np.zeros_like(self.vertices)
        whole[table.used] = points
        hung = cloth.spread @ whole
        place = cloth.place
        folds = skirt_folds(place, self.pattern) if g.get("hangs") else creases(self.pattern).at(place)
        folds = np.where(folds < 0.0, 0.45 * folds, folds)  # hollows are shallower than ridges: the body is below
        lift = folds * float(g["folds"])
        if "quilt" in g:
            lift = lift - float(g["quilt"]) * (0.75 - tubes(place[:, 2], cloth.arm) ** 0.6)
        return cloth, hung + _normals(hung, cloth.surface.faces) * lift[:, None]

    def back(self, low: float, high: float) -> float:
        """x of what is worn farthest behind between two heights at rest, near the spine."""
        points = self._inner["helper-tights"]
        own = (points[:, 2] > low) & (points[:, 2] < high) & (np.abs(points[:, 1]) < 0.12 * self.size)
        return float(np.quantile(points[own, 0], 0.04))

    def _over_skirt(self, points: Array, table: _Helper) -> Array:
        """Points of a top pushed off the skirt that it hangs over."""
        skirt = _mesh("helper-skirt")
        worn = self._inner["helper-skirt"]
        normals = _even_normals(worn, skirt)
        hips = np.flatnonzero((table.leg > -0.4) & (table.leg < 0.3) & (table.arm < 0))
        near = cKDTree(worn).query(points[hips])[1]
        lack = 1.3 * _GAP - ((points[hips] - worn[near]) * normals[near]).sum(axis=1)
        points = points.copy()
        points[hips] += normals[near] * np.clip(lack, 0.0, 0.12)[:, None]
        return points


@dataclass(frozen=True, slots=True, eq=False)
class _Helper:
    """A helper mesh by itself: which vertices of the base mesh it has, its faces over them, the mean of neighbours."""

    used: Index
    faces: Index
    mean: sparse.csr_matrix
    arm: Array
    leg: Array
    left: Array


@lru_cache(maxsize=4)
def _mesh(name: str) -> _Helper:
    base = body()
    quads = base.groups[name].quads
    used, local = np.unique(quads, return_inverse=True)
    local = local.reshape(-1, 4)
    faces = np.concatenate([local[:, [0, 1, 2]], local[:, [0, 2, 3]]])
    r = regions(base)
    return _Helper(used, faces, smoother(faces, len(used)), r["arm"][used], r["leg"][used], r["y"][used])


def _normals(points: Array, faces: Index) -> Array:
    return vertex_normals(points, faces).astype(np.float64)  # type: ignore[arg-type]


def _even_normals(points: Array, table: _Helper) -> Array:
    """Normals that a cleft hardly turns, so that what is pushed along them bridges it."""
    normals = _normals(points, table.faces)
    for _ in range(4):
        normals = table.mean @ normals
    out: Array = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return out


def _widened(rig: Rig, points: Array, table: _Helper, limb: str, radius: float, start: float) -> Array:
    """Points pushed out to the radius of a sleeve or leg."""
    out = points.copy()
    along_limb = along_arm if limb == "arm" else along_leg
    on = table.arm > 0.0 if limb == "arm" else (table.leg > 0.0) & (table.arm < 0.0)
    for side, sign in SIDES.items():
        own = np.flatnonzero(on & (table.left * sign > 0))
        at = along_limb(rig, points[own], side)
        axis = axis_points(rig, at, side, limb)
        away = points[own] - axis
        far = np.linalg.norm(away, axis=1)
        wanted = radius * (1.25 - 0.25 * np.minimum(at, 1.0)) * np.clip((at - start) / 0.25, 0.0, 1.0)
        soft = 0.012
        wider = 0.5 * (far + wanted + np.sqrt((far - wanted) ** 2 + soft**2)) - soft**2 * 0.25 / np.maximum(far, soft)
        out[own] = axis + away * (np.maximum(wider, far) / np.maximum(far, 1e-6))[:, None]
    return out


def off_legs(points: Array, cloth: Cloth, rig: Rig, transforms: Array) -> Array:
    """Posed points of a skirt (V, 3), pushed off the legs in it. transforms: (B, 3, 4) of bones (`rig.posed`)."""
    mean = smoother(cloth.surface.faces, len(points))
    for _ in range(5):
        for side in SIDES:
            joints = [rig.at(f"{n}.{side}") for n in ("upperleg01", "lowerleg01", "foot")]
            ends = [(transforms[rig.body.bone(f"{n}.{side}")], i) for n, i in (("upperleg02", 0), ("lowerleg01", 1))]
            for (matrix, i), radii in zip(ends, ((0.098, 0.068), (0.066, 0.045)), strict=True):
                a, b = (matrix[:, :3] @ joints[i + k] + matrix[:, 3] for k in range(2))
                line = b - a
                share = np.clip((points - a) @ line / float(line @ line), 0.0, 1.0)
                away = points - (a + share[:, None] * line)
                far = np.maximum(np.linalg.norm(away, axis=1), 1e-6)
                radius = (
                    (radii[0] + (radii[1] - radii[0]) * share) * float(np.linalg.norm(joints[1] - joints[0])) / 0.44
                )
                points = points + away * (np.maximum(radius + 0.008 - far, 0.0) / far)[:, None]
        points = points + 0.5 * (mean @ points - points) * np.where(cloth.leg > 0.1, 1.0, 0.0)[:, None]
    return points


def lips(points: Array, faces: Index, *, depth: float = 0.02, thick: float = 0.0035) -> tuple[Array, Index]:
    """Vertices and faces of hems that turn in along every rim: to be added after `points` (V, 3)."""
    edges = rim(faces)
    used, local = np.unique(edges, return_inverse=True)
    local = local.reshape(-1, 2)
    normals = _normals(points, faces)[used]
    along = points[edges[:, 1]] - points[edges[:, 0]]
    tangent = np.zeros((len(used), 3))
    np.add.at(tangent, local[:, 0], along)
    np.add.at(tangent, local[:, 1], along)
    around = sparse.csr_matrix(
        (np.ones(2 * len(edges)), (local.reshape(-1), local[:, ::-1].reshape(-1))), shape=(len(used), len(used))
    )
    inward = np.cross(normals, tangent)
    inward /= np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
    inward = inward + around @ inward
    inward /= np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
    first = points[used] - normals * thick
    second = first + inward * depth - normals * thick
    n, m = len(points), len(used)
    a, b = edges[:, 0], edges[:, 1]
    a1, b1 = local[:, 0] + n, local[:, 1] + n
    quads = [(b, a, a1), (b, a1, b1), (b1, a1, a1 + m), (b1, a1 + m, b1 + m)]
    return np.concatenate([first, second]), np.concatenate([np.stack(q, axis=1) for q in quads])
