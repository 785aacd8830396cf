"""What a part is, and the numbers that a seed gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.solid import smoothed

AIR = 0.0003
"""A feature's box reaches this far (metres) out of the surface that would hold it."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a part may lack. center: of its box; axes: rows are the box's x, y and z; size: metres."""

    name: str
    center: tuple[float, float, float]
    size: tuple[float, float, float]
    axes: tuple[tuple[float, float, float], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Part:
    """A part's mesh (stands on z = 0, origin in the middle of its foot), its features, its numbers (mm, counts)."""

    mesh: Mesh
    features: tuple[Feature, ...]
    numbers: Mapping[str, Any]


class Draft:
    """A part being made: the builder, the numbers drawn, the features met so far and those that are left out."""

    def __init__(self, kind: str, seed: int, without: Sequence[int], *slots: str) -> None:
        self.builder = MeshBuilder(*slots)
        self.rng = np.random.default_rng([seed, *kind.encode()])
        self.numbers = drawn(kind, self.rng)
        self.without = frozenset(without)
        self.features: list[Feature] = []
        self.seed = seed

    def mm(self, name: str) -> float:
        """A number of the part in metres, where it is said in millimetres."""
        return float(self.numbers[name]) / 1000

    def count(self, name: str) -> int:
        return int(self.numbers[name])

    def word(self, name: str) -> str:
        return str(self.numbers[name])

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * float(self.rng.random())

    def has(self, name: str, low: Sequence[float], high: Sequence[float]) -> bool:
        """Notes a feature by its bounds in the builder's current frame; is it there, or left out?"""
        a, b = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        rotation, origin = self.builder._rotation, self.builder._origin
        center = rotation @ ((a + b) / 2) + origin
        self.features.append(
            Feature(name, _three(center), _three(b - a), tuple(_three(rotation[:, k]) for k in range(3)))
        )
        return len(self.features) - 1 not in self.without

    def done(self, keep: Sequence[str] = ()) -> Part:
        """The part, moved so that it stands on z = 0 about its origin."""
        raw = self.builder.mesh()
        low, high = raw.bounds.astype(np.float64)
        return self._moved(smoothed(raw, keep=keep), np.array([-(low + high)[0] / 2, -(low + high)[1] / 2, -low[2]]))

    def _moved(self, mesh: Mesh, by: Array) -> Part:
        moved = make_mesh(
            mesh.vertices + by, mesh.faces, slots=mesh.slots, normals=mesh.normals, uvs=mesh.uvs, slot=mesh.slot,
            face_random=mesh.face_random,
        )  # fmt: skip
        features = tuple(Feature(f.name, _three(np.asarray(f.center) + by), f.size, f.axes) for f in self.features)
        return Part(moved, features, self.numbers)


def _three(v: Array) -> tuple[float, float, float]:
    x, y, z = (round(float(c), 7) for c in v)
    return x, y, z


Make = Callable[[int, Sequence[int]], Part]
KINDS: dict[str, Make] = {}
"""By kind: makes the part of a seed without some of its features."""


def kind(name: str) -> Callable[[Make], Make]:
    """Registers what makes a kind of part."""

    def register(make: Make) -> Make:
        KINDS[name] = make
        return make

    return register


@cache
def data() -> dict[str, Any]:
    """configs/factory/workpieces.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((data_dir("configs") / "factory" / "workpieces.yaml").read_text("utf-8"))
    return loaded


def drawn(name: str, rng: np.random.Generator) -> dict[str, Any]:
    """The numbers of a kind: [low, high, step] is a step of that range, {one_of: [...]} one of a list."""
    found: dict[str, Any] = {}
    for key, entry in data()["kinds"][name]["numbers"].items():
        if isinstance(entry, dict):
            found[key] = entry["one_of"][int(rng.integers(len(entry["one_of"])))]
        else:
            low, high, step = entry
            found[key] = round(low + step * int(rng.integers(round((high - low) / step) + 1)), 4)
    return found


def part(name: str, seed: int, without: Sequence[int] = ()) -> Part:
    """The part of a kind and a seed, without the features of these indices. Raises InputError for an unknown kind."""
    if name not in KINDS:
        raise InputError.of(f"no workpiece is called {name!r}", hint=f"one of {', '.join(KINDS)}")
    return KINDS[name](seed, without)
