"""Number plates near a camera: thin patches that belong to their vehicle, where its surface is flat enough."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.placement.picking import pick
from synthgen.placement.site import Site
from synthgen.placement.vehicle_faces import FRONT, REAR, middle_of, seen_from
from synthgen.procedural.plate_pictures import SIZES
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose

NEAR = 45.0
"""Metres from a camera's place beyond which nobody reads a plate: it is left out there."""
PICTURES = 150
_STYLES = (("eu", 7.0), ("eu_yellow", 1.0), ("us", 2.0))
_WITH = frozenset({"car", "van", "truck", "bus"})
_HEIGHTS = {FRONT: (0.32, 0.62), REAR: (0.42, 0.98)}
"""Lowest and highest middle of a plate, metres; step 4 cm."""
_DEEPEST = 0.07
"""Metres that a vehicle's surface may lie behind its plate."""
_LEAST_OUT = 0.42
"""Share of a model's length that a plate is at least away from its middle."""
_CLEAR = 0.004


def plate_style(site: Site) -> str:
    """The kind of plate that all vehicles of a scene carry."""
    return str(pick(site.draw.rng("plates"), [s for s, _ in _STYLES], [w for _, w in _STYLES]))


def put_plates(
    site: Site, number: int, asset: Asset, x: float, y: float, yaw: float, velocity: Sequence[float] = ()
) -> None:
    """Puts plates onto the vehicle that is instance `number`, with its label and velocity, where its model allows."""
    if asset.category not in _WITH or all(math.dist((x, y), eye) > NEAR for eye in site.eyes):
        return
    style = plate_style(site)
    rng = site.draw.rng(f"plate.{number}")
    store = site.stage.store
    picture = store.procedural_image(
        "road.plate_picture", color_space="srgb", style=style, seed=int(rng.integers(0, PICTURES))
    )
    surfaces = {
        "face": Surface("principled", {"color": [0.85, 0.85, 0.85], "roughness": 0.35}, {"color": picture}),
        "frame": palette.plain("plate_frame"),
    }
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    for end in (FRONT, REAR):
        place = plate_place(store, asset, style, end)
        if place is not None:
            px, pz = place
            where = pose(x + c * px, y + s * px, pz, yaw=yaw + (0.0 if end == FRONT else 180.0))
            site.stage.generate(number, "road.number_plate", surfaces, where, solids=(), velocity=velocity, style=style)


def plate_place(store: Store, asset: Asset, style: str, end: int) -> tuple[float, float] | None:
    """(x, z) of the middle of a plate's back at one end of a model: where the model has its own, else at the height at
    which its surface is flattest. None where it is nowhere flat."""
    slots = [k for k, s in enumerate(asset.slots) if s.role == "plate"]
    name = f"plate@{style},{end},{slots},{asset.size[0]:.2f}"
    found = store.fact(asset.mesh, name, lambda m: _flattest(m, slots, style, end, asset.size[0] * _LEAST_OUT))
    return None if found is None else (found[0], found[1])


def _flattest(mesh: Mesh, slots: Sequence[int], style: str, end: int, least: float) -> tuple[float, float] | None:
    own = middle_of(mesh, slots, end) if slots else None
    heights: Sequence[float] = np.arange(_HEIGHTS[end][0], _HEIGHTS[end][1] + 1e-6, 0.04).round(2).tolist()
    if own is not None:
        heights = [round(float(own[2]), 2)]
    best: tuple[float, float, float] | None = None
    for z in heights:
        found = _reaches(mesh, style, end, z, least)
        if found is None:
            continue
        outer, depth = found
        if depth <= _DEEPEST and (best is None or depth < best[0] - 0.005):
            best = (depth, outer + end * _CLEAR, z)
    return None if best is None else best[1:]


def _reaches(mesh: Mesh, style: str, end: int, z: float, least: float) -> tuple[float, float] | None:
    """x of the outermost surface behind a plate at height z, and how much deeper the innermost lies. None where there
    is a hole, or all of it is less than `least` metres out."""
    width, height = SIZES[style]
    xs = []
    for y in (-width / 2, -width / 4, 0.0, width / 4, width / 2):
        for dz in (-height / 2, 0.0, height / 2):
            x = seen_from(mesh, round(y, 3), round(z + dz, 3), end)
            if x is None:
                return None
            xs.append(x * end)
    if max(xs) < least:
        return None
    return max(xs) * end, max(xs) - min(xs)
