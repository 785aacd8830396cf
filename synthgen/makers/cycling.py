"""Bicycles with somebody on them: the bicycle is fitted to where its rider sits, holds and treads."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.makers.maker import Made, MadePart, made_of, maker
from synthgen.makers.people import draw_person
from synthgen.procedural.bicycle import AXLE, CRANK_X, SLOTS, STYLES
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose

POOL = 60
"""Riders that there are to draw from."""
SURFACES = {
    "frame": "bicycle_paint", "tyre": "bicycle_tyre", "rim": "bicycle_rim", "metal": "bicycle_metal",
    "black": "bicycle_black", "saddle": "bicycle_saddle", "basket": "bicycle_basket", "head": "bicycle_head",
    "tail": "bicycle_tail",
}  # fmt: skip
_PEDAL_BACK, _PEDAL_BELOW = 0.035, 0.013
"""Of a pedal's axis from the lowest part of a sole, metres."""
_TOES_DOWN = 10.0
"""Degrees by which soles point down in the pose `riding`."""


@maker("road/ridden_bicycle", category="bicycle", domains=("road",), tags=("ridden",))
def ridden_bicycle(store: Store, rng: np.random.Generator) -> Made:
    """A bicycle and who rides it: two things, the rider on the bicycle."""
    index = int(rng.integers(0, POOL))
    rider = draw_person(store, np.random.default_rng([POOL, index]), "rider", apart=False, phase=round(index / POOL, 3))
    fit: dict[str, Any] = store.fact(rider.mesh, "rides", contacts)
    style = str(rng.choice(STYLES))
    params = {
        "style": style,
        "basket": str(rng.choice(["none", "none", "front", "rear"])) if style in ("city", "step_through") else "none",
        "rack": style in ("city", "step_through", "trekking"),
        "guards": style != "sport" and bool(rng.random() < (0.4 if style == "mountain" else 0.95)),
        "lamps": bool(rng.random() < 0.85),
        "seed": int(rng.integers(0, 20)),
        **{k: fit[k] for k in ("saddle", "grip", "pedal", "crank", "angle")},
        "tilt": _TOES_DOWN,
    }
    mesh = store.procedural("road.bicycle", **params)
    bicycle = made_of(store, "road/ridden_bicycle", mesh, "bicycle", surfaces(rng, store.slots(mesh)), {"style": style})
    x, z = fit["axis"]
    on = MadePart(
        rider.mesh,
        "rider",
        rider.surfaces,
        pose(CRANK_X - x, 0.0, AXLE - z),
        own=True,
        attributes=rider.attributes,
        relation="rides",
    )
    size = (bicycle.size[0], max(bicycle.size[1], rider.size[1]), round(AXLE - z + rider.size[2], 3))
    return replace(bicycle, size=size, parts=(on,))


def surfaces(rng: np.random.Generator, slots: tuple[str, ...] = SLOTS) -> dict[str, Surface]:
    """A drawn surface for each slot of `road.bicycle`."""
    return {slot: palette.named(SURFACES[slot], rng) for slot in slots}


def contacts(rider: Mesh) -> dict[str, Any]:
    """Where somebody in the pose `riding` touches a bicycle, as `road.bicycle` takes it; `axis`: (x, z) of the crank's
    axis in the rider's frame."""
    pedals = [_pedal(_points(rider, "sole"), side) for side in (1.0, -1.0)]
    axis = (pedals[0] + pedals[1]) / 2
    to_left = pedals[0] - axis
    hands = _points(rider, "skin")
    hands = hands[(np.abs(hands[:, 1]) > 0.12) & (hands[:, 2] < axis[2] + 1.1)]
    palm = hands[hands[:, 0] > hands[:, 0].max() - 0.11]
    trousers = _points(rider, "bottom")
    seat = trousers[(np.abs(trousers[:, 1]) < 0.09) & (trousers[:, 2] > axis[2] + 0.35)]
    x = float(seat[:, 0].min()) + 0.075
    z = float(seat[np.abs(seat[:, 0] - x) < 0.03, 2].min()) + 0.012
    return {
        "axis": [_mm(axis[0]), _mm(axis[2])],
        "saddle": [_mm(x - axis[0]), _mm(z - axis[2])],
        "grip": [
            _mm(palm[:, 0].mean() - axis[0] - 0.008),
            _mm(np.abs(palm[:, 1]).mean()),
            _mm(palm[:, 2].mean() - axis[2] - 0.006),
        ],
        "pedal": _mm(np.abs([p[1] for p in pedals]).mean()),
        "crank": _mm(np.hypot(to_left[0], to_left[2])),
        "angle": round(math.degrees(math.atan2(to_left[2], to_left[0])), 1),
    }


def _pedal(soles: NDArray[np.float64], side: float) -> NDArray[np.float64]:
    """The axis of the pedal below the ball of one foot, (x, y, z)."""
    own = soles[soles[:, 1] * side > 0]
    low = own[own[:, 2] < own[:, 2].min() + 0.012]
    t = math.radians(_TOES_DOWN)
    lift = _PEDAL_BACK * math.sin(t) - _PEDAL_BELOW
    return np.array([low[:, 0].mean() - _PEDAL_BACK, own[:, 1].mean(), own[:, 2].min() + lift])


def _points(mesh: Mesh, slot: str) -> NDArray[np.float64]:
    """(N, 3) vertices that a slot's faces use."""
    used = np.unique(mesh.faces[mesh.slot == mesh.slots.index(slot)])
    found: NDArray[np.float64] = mesh.vertices[used].astype(np.float64)
    return found


def _mm(value: Any) -> float:
    return round(float(value), 3)
