"""What is wrong with a part: where, how large, how bad, and the meshes that show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.burrs import burr, edge_spot
from synthgen.procedural.workpieces.dents import dented
from synthgen.procedural.workpieces.part import Part, data, part
from synthgen.procedural.workpieces.patches import Shape, Spot, covered, outline, patch

TYPES = ("scratch", "dent", "crack", "stain", "burr", "missing feature", "wrong part")
"""The categories of supercategory `defect` in configs/taxonomies/factory.yaml."""

_TRIES = 60
_VARIANTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong.

    type: of TYPES. severity: 0..1. size: its length in metres. place: 3x4 row-major, its frame in the part's (z out of
    the surface). generator, params: its own mesh in that frame; None where it has none. on: slot of the part that it
    lies on. box: size in metres, about the place, of what is missing. feature: name of that.
    """

    type: str
    severity: float
    size: float
    place: tuple[float, ...]
    generator: str | None = None
    params: Mapping[str, Any] | None = None
    on: str = ""
    box: tuple[float, float, float] | None = None
    feature: str = ""

    def volume(self) -> tuple[float, ...] | None:
        """3x4 row-major of the box -0.5..0.5 that holds what is missing, as a label volume wants it."""
        if self.box is None:
            return None
        m = np.array(self.place).reshape(3, 4)
        return tuple(float(v) for v in (m * (*self.box, 1.0)).ravel())


@dataclass(slots=True)
class Plan:
    """A part with defects: the parameters of its mesh (`factory.workpiece`), and the defects."""

    params: dict[str, Any]
    defects: list[Defect] = field(default_factory=list)


@lru_cache(16)
def _whole(kind: str, seed: int, without: tuple[int, ...]) -> Part:
    return part(kind, seed, without)


@mesh_generator("factory.workpiece")
def workpiece_mesh(
    kind: str = "flange", seed: int = 0, without: Sequence[int] = (), dents: Sequence[Mapping[str, Any]] = ()
) -> Mesh:
    """A part (configs/factory/workpieces.yaml) without the features of these indices, and dented. Slots: metal, or
    those of its kind.

    dents: place (3x4 row-major), radius, depth, reach in metres.
    """
    return _made(kind, seed, tuple(without), json.dumps(list(dents)))


@lru_cache(8)
def _made(kind: str, seed: int, without: tuple[int, ...], dents: str) -> Mesh:
    """As `workpiece_mesh`, the last few kept: planning a part reads it several times."""
    mesh = _whole(kind, seed, without).mesh
    for d in json.loads(dents):
        mesh = dented(mesh, Spot.of(d["place"]), d["radius"], d["depth"], d["reach"])
    return mesh


@mesh_generator("factory.workpiece_patch", version=2)
def workpiece_patch(
    defect: str, size: float, severity: float, variant: int, place: Sequence[float], depth: float, of: Mapping[str, Any]
) -> Mesh:
    """A thin sheet on the part `of` (parameters of `factory.workpiece`), in the frame `place`. Slot: as the defect."""
    shape = outline(defect, size, severity, variant)
    return patch(workpiece_mesh(**of), Spot.of(place), shape, defect, depth=depth)


@mesh_generator("factory.workpiece_burr")
def workpiece_burr(size: float, height: float, variant: int, place: Sequence[float], of: Mapping[str, Any]) -> Mesh:
    """A burr on an edge of the part `of`, in the frame `place`. Slots: burr."""
    return burr(workpiece_mesh(**of), Spot.of(place), size, height, variant)


def plan(kind: str, seed: int, wanted: Sequence[tuple[str, float]], draw: int = 0) -> Plan:
    """A part with the defects (type, severity) that are wanted. draw: where and how they are, all else the same.

    Where the part has no room for one, it is left out. Raises InputError for an unknown type or severity.
    """
    for name, severity in wanted:
        if name not in TYPES:
            raise InputError.of(f"no defect is called {name!r}", hint=f"one of {', '.join(TYPES)}")
        if not 0.0 <= severity <= 1.0:
            raise InputError.of(f"the severity {severity} of a {name} is not within 0 and 1")
    rng = np.random.default_rng([seed, draw, *kind.encode()])
    made = Plan({"kind": kind, "seed": seed, "without": [], "dents": []})
    # What changes the part comes first: patches lie on what it has become.
    order = ("wrong part", "missing feature", "dent")
    for name, severity in sorted(wanted, key=lambda w: order.index(w[0]) if w[0] in order else len(order)):
        found = _PLANS[name](made, round(severity, 3), rng)
        if found is not None:
            made.defects.append(found)
    return made


def _wrong(made: Plan, severity: float, rng: np.random.Generator) -> Defect | None:
    """Another part of the kind lies in its place: the worse, the more its numbers differ."""
    kind, seed = made.params["kind"], made.params["seed"]
    other = [seed + 1 + int(k) for k in rng.integers(_VARIANTS, size=6)]
    right = _whole(kind, seed, ()).numbers
    differ = [_distance(right, _whole(kind, k, ()).numbers) for k in other[: 1 + round(5 * severity)]]
    made.params["seed"] = other[int(np.argmax(differ))]
    size = float(np.ptp(_whole(kind, made.params["seed"], ()).mesh.bounds, axis=0).max())
    return Defect("wrong part", severity, round(size, 4), Spot(np.eye(3), np.zeros(3)).place())


def _distance(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    return sum(
        abs(a[k] - b[k]) / max(abs(a[k]), abs(b[k]), 1e-9) if isinstance(a[k], (int, float)) else float(a[k] != b[k])
        for k in a
    )


def _missing(made: Plan, severity: float, rng: np.random.Generator) -> Defect | None:
    """A feature is left out: the worse, the larger of a few."""
    features = _whole(made.params["kind"], made.params["seed"], ()).features
    left = [k for k in range(len(features)) if k not in made.params["without"]]
    if not left:
        return None
    some = rng.choice(left, size=min(len(left), 5), replace=False)
    few = sorted(some.tolist(), key=lambda k: max(features[k].size))
    k = few[min(len(few) - 1, int(severity * len(few)))]
    f = features[k]
    made.params["without"] = sorted([*made.params["without"], k])
    place = Spot(np.array(f.axes).T, np.array(f.center)).place()
    return Defect("missing feature", severity, round(max(f.size), 5), place, box=f.size, feature=f.name)


def _dent(made: Plan, severity: float, rng: np.random.Generator) -> Defect | None:
    mesh = workpiece_mesh(**made.params)
    for size in _sizes("dent", severity, mesh):
        shape = outline("dent", size * 1.15, severity, 0)
        spot = _spot(mesh, rng, shape, depth=0.3 * size, least=0.995, metal=made.params["kind"] == "circuit_board")
        thick = _thickness(mesh, spot) if spot else 0.0
        if spot is None or thick < 0.0006:
            continue
        depth = min((0.12 + 0.2 * severity) * size, 0.4 * thick)
        reach = round(0.4 * thick, 7)
        place = spot.place()
        made.params["dents"] = [
            *made.params["dents"],
            {"place": list(place), "radius": round(size / 2, 7), "depth": round(depth, 7), "reach": reach},
        ]
        params = _patch_params(made, "dent", size, severity, 0, place, round(1.5 * depth + 0.3 * size, 7))
        return Defect("dent", severity, size, place, "factory.workpiece_patch", params, _slot_at(mesh, spot))
    return None


def _on_surface(name: str, least: float, depth: float) -> Any:
    def make(made: Plan, severity: float, rng: np.random.Generator) -> Defect | None:
        mesh = workpiece_mesh(**made.params)
        for size in _sizes(name, severity, mesh):
            variant = int(rng.integers(_VARIANTS))
            shape = outline(name, size, severity, variant)
            spot = _spot(mesh, rng, shape, depth=depth, least=least, metal=False)
            if spot is not None:
                place = spot.place()
                params = _patch_params(made, name, size, severity, variant, place, depth)
                return Defect(name, severity, size, place, "factory.workpiece_patch", params, _slot_at(mesh, spot))
        return None

    return make


def _patch_params(
    made: Plan, name: str, size: float, severity: float, variant: int, place: tuple[float, ...], depth: float
) -> dict[str, Any]:
    return {
        "defect": name, "size": size, "severity": severity, "variant": variant, "place": list(place), "depth": depth,
        "of": {k: list(v) if isinstance(v, list) else v for k, v in made.params.items()},
    }  # fmt: skip


def _burr(made: Plan, severity: float, rng: np.random.Generator) -> Defect | None:
    mesh = workpiece_mesh(**made.params)
    size = next(iter(_sizes("burr", severity, mesh)))
    spot = edge_spot(mesh, rng, size)
    if spot is None:
        return None
    place = spot.place()
    height = round(0.00025 + 0.0007 * severity, 6)
    params = {"size": size, "height": height, "variant": int(rng.integers(_VARIANTS)), "place": list(place)}
    of = {k: list(v) if isinstance(v, list) else v for k, v in made.params.items()}
    return Defect("burr", severity, size, place, "factory.workpiece_burr", {**params, "of": of}, _slot_at(mesh, spot))


_PLANS: dict[str, Any] = {
    "wrong part": _wrong,
    "missing feature": _missing,
    "dent": _dent,
    "scratch": _on_surface("scratch", 0.93, 0.0006),
    "crack": _on_surface("crack", 0.9, 0.0008),
    "stain": _on_surface("stain", 0.75, 0.0012),
    "burr": _burr,
}


def _sizes(name: str, severity: float, mesh: Mesh) -> list[float]:
    """Lengths to try, the wanted one first: by severity within the file's range, no more than its share of the part."""
    low, high = (v / 1000 for v in data()["defects"][name]["size"])
    largest = data()["defects"][name]["share"] * float(np.sort(np.ptp(mesh.bounds, axis=0))[1])
    size = min(low + (high - low) * severity, largest)
    return [round(max(size * s, min(low, largest) * 0.5), 5) for s in (1.0, 0.75, 0.55, 0.4, 0.25)]


def _spot(
    mesh: Mesh, rng: np.random.Generator, shape: Shape, *, depth: float, least: float, metal: bool
) -> Spot | None:
    """A place where the surface lies under nearly all of the shape and nothing is above it."""
    p = mesh.vertices.astype(np.float64)[mesh.faces]
    face = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    area = np.linalg.norm(face, axis=1)
    weight = area * (face[:, 2] > 0.25 * area)
    if metal:
        weight = weight * (mesh.slot == mesh.slots.index("metal"))
    if weight.sum() == 0.0:
        return None
    total = np.cumsum(weight)
    for _ in range(_TRIES):
        k = min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(total) - 1)
        u, v = rng.random(2)
        u, v = (1 - u, 1 - v) if u + v > 1 else (u, v)
        w = np.array([1 - u - v, u, v])
        z = w @ mesh.normals[mesh.faces[k]].astype(np.float64)
        z /= np.linalg.norm(z)
        heading = rng.normal(size=3)
        x = heading - z * (heading @ z)
        x /= np.linalg.norm(x)
        spot = Spot.of(Spot(np.column_stack([x, np.cross(z, x), z]), w @ p[k]).place())
        if least <= covered(mesh, spot, shape, depth) <= 1.004 and not _hits(p, spot.origin + 2e-4 * z, z):
            return spot
    return None


def _hits(p: Array, origin: Array, direction: Array) -> list[float]:
    """Distances at which a ray crosses triangles (F, 3, 3), ascending (Moeller and Trumbore)."""
    e, f = p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]
    h = np.cross(direction, f)
    a = (e * h).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = origin - p[:, 0]
        u = (s * h).sum(axis=1) / a
        q = np.cross(s, e)
        v = q @ direction / a
        t = (f * q).sum(axis=1) / a
        hit = (np.abs(a) > 1e-18) & (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
    return sorted(t[hit].tolist())


def _thickness(mesh: Mesh, spot: Spot) -> float:
    """Metres of material below the spot."""
    p = mesh.vertices.astype(np.float64)[mesh.faces]
    hits = _hits(p, spot.origin - 2e-5 * spot.rotation[:, 2], -spot.rotation[:, 2])
    return hits[0] if hits else 0.0


def _slot_at(mesh: Mesh, spot: Spot) -> str:
    """The slot of the face nearest to the spot."""
    p = mesh.vertices.astype(np.float64)[mesh.faces]
    q = spot.local(p.reshape(-1, 3)).reshape(-1, 3, 3)
    low, high = q.min(axis=1), q.max(axis=1)
    away = np.maximum(np.maximum(low, -high), 0.0)
    return mesh.slots[int(mesh.slot[int(np.argmin((away**2).sum(axis=1)))])]
