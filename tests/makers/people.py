"""Bodies and figures that the tests of people share. Needs the pack `human`."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mesh import Mesh
from synthgen.makers.people import person_params
from synthgen.procedural.people.figure import Figure, person
from synthgen.procedural.people.poses import find_pose, resolved
from synthgen.procedural.people.shape import of_stature

ROLES = ("pedestrian", "shopper", "worker", "rider")
ADULT = {"age": 0.68, "gender": 0.0, "muscle": 0.55}
BUILDS = ((ADULT, 1.75), ({"age": 0.7, "gender": 1.0, "weight": 0.9}, 1.66), ({"age": 0.3}, 1.2))
"""Traits and statures of people of whom one is large and one a child."""


@lru_cache(maxsize=1)
def crowd() -> list[tuple[dict[str, Any], Mesh, float]]:
    """Twelve people, three of each role, a quarter of them in full: parameters, mesh, seconds."""
    found = []
    for seed in range(12):
        params, _ = person_params(np.random.default_rng(seed), ROLES[seed % 4])
        start = time.process_time()
        mesh = person(**params, level=int(seed % 5 > 0))
        found.append((params, mesh, time.process_time() - start))
    return found


def built(traits: dict[str, float], stature: float) -> NDArray[np.float64]:
    """(19158, 3) vertices of a body at rest."""
    return _built(tuple(sorted(traits.items())), stature)


@lru_cache(maxsize=16)
def _built(traits: tuple[tuple[str, float], ...], stature: float) -> NDArray[np.float64]:
    return of_stature(dict(traits), stature)


def adult(**traits: float) -> NDArray[np.float64]:
    return built({**ADULT, **traits}, 1.75)


def figure_in(
    pose: str,
    vertices: NDArray[np.float64] | None = None,
    *,
    stature: float = 1.75,
    phase: float = 0.0,
    height: float = 1.5,
    mirror: bool = False,
    clear: bool = True,
) -> Figure:
    """A figure in a pose. clear: with arms kept off the body, which takes most of the time."""
    how = find_pose(pose)
    settled = resolved(how, phase=phase, height=height / stature, mirror=mirror, rng=np.random.default_rng(0))
    touching = bool(how.get("touching")) or not clear
    return Figure(adult() if vertices is None else vertices, settled, stature, touching=touching)


def joint(figure: Figure, bone: str) -> NDArray[np.float64]:
    """(3,) where the head of a bone comes to lie."""
    transform = figure.transforms[figure.base.bone(bone)]
    return np.asarray(transform[:, :3] @ figure.rig.at(bone) + transform[:, 3])
