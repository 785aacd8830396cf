"""Vehicles with their lamps on: the model's own lamps shine, lenses are put where it has none, and a spot lights the
road before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.lamps import lamps
from synthgen.placement.site import Site
from synthgen.placement.vehicle_faces import FRONT, REAR, middles_of, surface_at
from synthgen.scene.builder import Surface
from synthgen.scene.pose import light_along, pose

_ROLES = {FRONT: "head_lamp", REAR: "tail_lamp"}
_HEIGHTS: Mapping[str, tuple[float, float]] = {
    "car": (0.66, 0.82), "van": (0.82, 1.0), "truck": (0.85, 0.85), "bus": (0.75, 0.95), "motorcycle": (0.85, 0.7),
}  # fmt: skip
"""Of head and tail lamps above the ground by category, metres."""
_APART = {FRONT: 0.35, REAR: 0.37}
"""Distance from the middle line to a lamp as share of the vehicle's width, mirrors and all."""
_LENS = {FRONT: 0.075, REAR: 0.06}
_DEEPEST = 0.35
"""Share of the length behind the outermost point within which a lamp's place must lie."""


def lit_slots(asset: Asset, *, brakes: bool) -> dict[str, dict[str, Any]]:
    """By slot of the model, what makes its lamps shine."""
    table = lamps()
    glow = {"head_lamp": table["head"]["slot"], "tail_lamp": table["tail"]["brake" if brakes else "lens"]}
    return {s.name: {"emission_strength": glow[s.role]} for s in asset.slots if s.role in glow and s.model == "lamp"}


def merged(look: Mapping[str, Mapping[str, Any]], lit: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """A look's parameters by slot with those of lit lamps."""
    return {slot: {**look.get(slot, {}), **lit.get(slot, {})} for slot in {**look, **lit}}


def switch_on(
    site: Site, number: int, asset: Asset, x: float, y: float, yaw: float, *, brakes: bool, rng: np.random.Generator,
    velocity: Sequence[float] = (),
) -> None:  # fmt: skip
    """Adds lenses where the model has no lamps of its own, and the light of its headlamps.

    number: the vehicle's instance, which the lenses belong to. velocity: of the vehicle.
    """
    table = lamps()
    for end in (FRONT, REAR):
        if lamps_at(site, asset, end):
            continue
        if end == FRONT:
            glow, color, shine = table["head"]["lens"], [0.45, 0.46, 0.47], table["head"]["color"]
        else:
            glow, color, shine = table["tail"]["brake" if brakes else "lens"], [0.2, 0.008, 0.006], [1.0, 0.03, 0.02]
        look = {"color": color, "emission_color": shine, "emission_strength": glow}
        for px, py, pz in lens_places(site, asset, end):
            wx, wy = _to_world(px, py, x, y, yaw)
            where = pose(wx, wy, pz, yaw=yaw + (0.0 if end == FRONT else 180.0))
            surfaces = {"lens": Surface("lamp", look)}
            site.stage.generate(
                number, "street.lamp_lens", surfaces, where, solids=(), velocity=velocity, radius=_LENS[end]
            )
    if site.stage.lamps and y <= table["head"]["reach"]:
        places = lamps_at(site, asset, FRONT) or lens_places(site, asset, FRONT)
        if places:
            px, _, pz = np.mean(np.array(places), axis=0).tolist()
            wx, wy = _to_world(max(px, asset.size[0] / 2) + 0.15, 0.0, x, y, yaw)
            beam(site, table["head"], float(rng.uniform(*table["head"]["power"])), wx, wy, pz, yaw)


def beam(site: Site, entry: Mapping[str, Any], power: float, x: float, y: float, z: float, yaw: float) -> None:
    """Adds the spot of a vehicle's headlamps to the scene (see `beam_of`)."""
    site.stage.builder.light(*beam_of(entry, power, x, y, z, yaw))


def beam_of(
    entry: Mapping[str, Any], power: float, x: float, y: float, z: float, yaw: float
) -> tuple[str, tuple[float, ...], float, Any, dict[str, float]]:
    """Kind, transform, power, colour and parameters of the spot of headlamps at (x, y, z) that shine towards `yaw`."""
    pitch, heading = math.radians(entry["pitch"]), math.radians(yaw)
    way = (math.cos(heading) * math.cos(pitch), math.sin(heading) * math.cos(pitch), math.sin(pitch))
    spread = {"cone": float(entry["cone"]), "blend": 0.9, "radius": 0.15}
    return "spot", light_along(way, x, y, z), power, entry["color"], spread


def lamps_at(site: Site, asset: Asset, end: int) -> list[list[float]]:
    """Middles of the lamps that the model itself has at one end, in its frame."""
    slots = [k for k, s in enumerate(asset.slots) if s.role == _ROLES[end] and s.model == "lamp"]
    if not slots:
        return []
    name = f"lamps@{_ROLES[end]}"
    found: list[list[float]] = site.stage.store.fact(asset.mesh, name, lambda m: middles_of(m, slots, end))
    return found


def lens_places(site: Site, asset: Asset, end: int) -> list[list[float]]:
    """Where lenses touch a model at one end (x, y, z in its frame); none where its surface lies too deep."""
    height = _HEIGHTS.get(asset.category, (0.7, 0.8))[0 if end == FRONT else 1]
    aside = round(_APART[end] * asset.size[1], 3)
    found = []
    for y in (0.0,) if asset.category == "motorcycle" else (aside, -aside):
        x = surface_at(site.stage.store, asset.mesh, y, height, end)
        if x is not None and x * end > asset.size[0] * (0.5 - _DEEPEST):
            found.append([x, y, height])
    return found


def _to_world(px: float, py: float, x: float, y: float, yaw: float) -> tuple[float, float]:
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    return x + c * px - s * py, y + s * px + c * py
