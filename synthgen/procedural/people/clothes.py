"""Clothes: cut from the helper meshes around the body, hung a little off it, posed with it (configs/people/clothes.yaml).

A garment is a part of the base mesh's `helper-tights` or `helper-skirt`, pushed outwards where cloth bridges hollows or
a leg or sleeve is wider than the limb, with folds, and with hems that turn in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.mesh import vertex_normals
from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.people.data import Body, body
from synthgen.procedural.people.regions import along_arm, along_leg, axis_points, regions
from synthgen.procedural.people.rig import SIDES, Rig
from synthgen.procedural.people.surface import Surface, cut, refined, rim, smoother, surface_of
from synthgen.procedural.shapes import Array, Index

_STEPS = 5
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
    if g["kind"] == "bottoms":
        inside = np.minimum(inside, (g["waist"] - r["trunk"]) * 0.6)
        inside = np.minimum(inside, (g["leg"] - r["leg"]) * 0.85)
        return np.where(r["on_arm"] > 0.5, -1.0, inside)
    inside = np.minimum(inside, (r["trunk"] - g["hem"]) * 0.6)
    inside = np.minimum(inside, g["collar"] - r["neck"])
    if "sleeve" in g:
        inside = np.minimum(inside, (g["sleeve"] - r["arm"]) * 0.5)
    else:
        inside = np.minimum(inside, (g["strap"] - r["on_arm"]) * 0.3)
    if "opening" in g:
        front = r["x"] > 0.02
        share = np.clip(r["trunk"], 0.0, 1.0)
        half = g["opening"][1] + (g["opening"][0] - g["opening"][1]) * share
        inside = np.where(front & (r["on_arm"] < 0.5), np.minimum(inside, np.abs(r["y"]) - half), inside)
    return inside


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """A garment's surface and what hanging it needs: mean of neighbours, how cloth is spread over the base mesh."""

    surface: Surface
    smooth: Any
    arm: Array
    leg: Array
    place: Array


Key = tuple[tuple[str, Any], ...]


@lru_cache(maxsize=256)
def _cloth(key: Key, over: tuple[Key, ...]) -> Cloth:
    """The cut of a garment, without what garments over it hide."""
    g, base = dict(key), body()
    r = regions(base)
    surface = surface_of(base, ["helper-skirt" if g["name"] == "skirt" else "helper-tights"])
    for field in (covers(g), *(_TUCK - covers(dict(outer)) for outer in over)):
        surface = cut(surface, surface.of(field))
    surface = refined(surface)
    mix = surface.mix
    return Cloth(
        surface, smoother(surface.faces, mix.shape[0]), surface.of(r["arm"]), surface.of(r["leg"]), mix @ base.template
    )


def cut_of(g: Garment) -> Key:
    """What the cut of a garment depends on."""
    return tuple(sorted((k, v) for k, v in g.items() if k in _CUTS))


def hang(
    g: Garment, rig: Rig, vertices: Array, *, over: tuple[Garment, ...] = (), rng: np.random.Generator, size: float
) -> tuple[Cloth, Array]:
    """A garment's surface and its vertices (V, 3) at rest on a body with these base vertices.

    over: garments worn over it. size: the body's stature as a share of 1.75 m.
    """
    cloth = _cloth(cut_of(g), tuple(cut_of(o) for o in over))
    faces = cloth.surface.faces
    points = cloth.surface.of(vertices)
    normals = _normals(points, faces)
    points = points + normals * (g["ease"] * size)
    for step in range(int(g["drape"]) * 2):
        if step % 6 == 0:
            normals = _normals(points, faces)
        moved = cloth.smooth @ points - points
        points = points + normals * np.maximum((moved * normals).sum(axis=1, keepdims=True), 0.0)
    for _ in range(2):
        points = points + 0.5 * (cloth.smooth @ points - points)
    for limb in ("arm", "leg"):
        radius = g.get("sleeve_radius" if limb == "arm" else "leg_radius")
        if radius:
            points = _widened(g, rig, points, cloth, limb, float(radius) * size)
    return cloth, points + _normals(points, faces) * _folds(cloth, float(g["folds"]), rng)[:, None]


_CUTS = ("name", "kind", "hem", "sleeve", "collar", "waist", "leg", "strap", "opening")


def _normals(points: Array, faces: Index) -> Array:
    return vertex_normals(points, faces).astype(np.float64)  # type: ignore[arg-type]


def _widened(g: Garment, rig: Rig, points: Array, cloth: Cloth, limb: str, radius: float) -> Array:
    """Points pushed out to the radius of a sleeve or leg."""
    out = points.copy()
    start = float(g.get("flare", 0.0))
    along_limb = along_arm if limb == "arm" else along_leg
    on = cloth.arm > 0.0 if limb == "arm" else (cloth.leg > 0.0) & (cloth.arm < 0.0)
    for side, sign in SIDES.items():
        own = np.flatnonzero(on & (cloth.place[:, 1] * sign > 0))
        if not len(own):
            continue
        at = along_limb(rig, points[own], side)
        axis = axis_points(rig, at, side, limb)
        away = points[own] - axis
        far = np.linalg.norm(away, axis=1)
        wanted = radius * (1.25 - 0.25 * at) * np.clip((at - start) / 0.25, 0.0, 1.0)
        soft = 0.012
        wider = 0.5 * (far + wanted + np.sqrt((far - wanted) ** 2 + soft**2)) - soft**2 * 0.25 / np.maximum(far, soft)
        out[own] = axis + away * (np.maximum(wider, far) / np.maximum(far, 1e-6))[:, None]
    return out


def _folds(cloth: Cloth, height: float, rng: np.random.Generator) -> Array:
    """(V,) metres by which folds lift the cloth: waves across the limbs, more at elbows, knees, waist and hems."""
    x = cloth.place
    total = np.zeros(len(x))
    for _ in range(7):
        direction = rng.normal(size=3) * (0.6, 0.6, 1.0)
        wave = 2 * np.pi / rng.uniform(0.07, 0.2) * direction / np.linalg.norm(direction)
        total += np.sin(x @ wave + rng.uniform(0.0, 2 * np.pi))
    busy = 0.45 + np.exp(-(((cloth.arm - 0.5) / 0.12) ** 2)) + 0.8 * np.exp(-(((cloth.leg - 0.5) / 0.1) ** 2))
    busy = busy + 0.9 * np.exp(-(((cloth.leg - 1.0) / 0.09) ** 2)) * (cloth.arm < 0)
    busy = busy + 0.5 * np.exp(-(((cloth.leg + 0.1) / 0.12) ** 2)) * (cloth.arm < 0)
    folded: Array = height * np.minimum(busy, 1.3) * np.maximum(total / 2.6, -0.8)
    return folded


def lips(points: Array, faces: Index, *, depth: float = 0.028, thick: float = 0.0035) -> tuple[Array, Index]:
    """Vertices and faces of hems that turn in along every rim: to be added after `points` (V, 3)."""
    edges = rim(faces)
    used, local = np.unique(edges, return_inverse=True)
    local = local.reshape(-1, 2)
    normals = _normals(points, faces)[used]
    along = points[edges[:, 1]] - points[edges[:, 0]]
    tangent = np.zeros((len(used), 3))
    np.add.at(tangent, local[:, 0], along)
    np.add.at(tangent, local[:, 1], along)
    inward = np.cross(normals, tangent)
    inward /= np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
    first = points[used] - normals * thick
    second = first + inward * depth - normals * thick
    n, m = len(points), len(used)
    a, b = edges[:, 0], edges[:, 1]
    a1, b1 = local[:, 0] + n, local[:, 1] + n
    quads = [(b, a, a1), (b, a1, b1), (b1, a1, a1 + m), (b1, a1 + m, b1 + m)]
    return np.concatenate([first, second]), np.concatenate([np.stack(q, axis=1) for q in quads])
