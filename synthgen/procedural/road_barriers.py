"""Guard rails and concrete or plastic barriers. They run along Y, their middle on the origin; +X is the road's side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.barriers import fence
from synthgen.procedural.bicycle_parts import add_loft
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

POST_PITCH = 2.0
RAIL_MIDDLE = 0.6
_THICK = 0.004


@mesh_generator("road.guard_rail")
def guard_rail(
    length: float = 8.0, style: str = "wave", double: bool = False, damage: float = 0.3, seed: int = 0
) -> Mesh:
    """A steel guard rail on posts every 2 m: wave (W-beam of 31 cm) or box (a square tube).

    double: a rail on both sides of the posts. damage: how far a car has pushed it in, 0..1 (up to 30 cm).
    Slots: metal, reflector. Raises InputError for another style.
    """
    if style not in ("wave", "box"):
        raise InputError.of(f"no guard rail is {style!r}", hint="wave or box")
    rng = np.random.default_rng(seed)
    b = MeshBuilder("metal", "reflector")
    half = length / 2
    where, spread = float(rng.uniform(-0.5, 0.5)) * length * 0.7, float(rng.uniform(0.8, 1.6))

    def pushed(y: Array) -> Array:
        dent: Array = -0.30 * damage * np.exp(-(((y - where) / spread) ** 2))
        return dent

    stations = np.linspace(-half, half, max(9, round(length / 0.25) + 1))
    for side in (1.0, -1.0) if double else (1.0,):
        profile = _wave() if style == "wave" else _tube()
        rings = []
        for y in stations.tolist():
            ring = np.column_stack([profile[:, 0] * side, np.full(len(profile), y), profile[:, 1]])
            ring[:, 0] += pushed(np.array(y))
            rings.append(ring)
        _swept(b, np.array(rings))
    posts = np.arange(-half + POST_PITCH / 2, half, POST_PITCH)
    for k, y in enumerate(posts.tolist()):
        shift = float(pushed(np.array(y)))
        lean = np.array([[0.0, 0.0], [shift * 0.9, 0.0]])
        foot = np.array([(-0.05, y - 0.03, 0.0), (0.05, y - 0.03, 0.0), (0.05, y + 0.03, 0.0), (-0.05, y + 0.03, 0.0)])
        top = foot + np.array([lean[1, 0], 0.0, 0.72])
        add_loft(b, np.array([foot, top]), "metal")
        if k % 2 == 0:
            with b.at((shift * 0.9, y, 0.72)):
                b.chamfered(-0.02, 0.02, -0.045, 0.045, 0.0, 0.09, 0.006, "metal")
                b.chamfered(0.0205, 0.026, -0.035, 0.035, 0.01, 0.08, 0.002, "reflector")
    return _in_the_middle(b.mesh())


def _wave() -> Array:
    """(N, 2) x and z of the closed profile of a W-beam."""
    z = np.linspace(-0.155, 0.155, 25)
    x = 0.075 + 0.04 * np.cos(np.pi * z / 0.0775 + np.pi)
    front = np.column_stack([x, RAIL_MIDDLE + z])
    back = front[::-1] - (_THICK, 0.0)
    return np.concatenate([front, back])


def _tube() -> Array:
    low, high = RAIL_MIDDLE - 0.08, RAIL_MIDDLE + 0.08
    return np.array(
        [(0.055, low), (0.135, low), (0.15, low + 0.015), (0.15, high - 0.015), (0.135, high), (0.055, high)]
    )


def _swept(b: MeshBuilder, rings: Array) -> None:
    """A closed skin over rings (N, M, 3) along Y, and flat ends made of quads between facing points."""
    m = rings.shape[1]
    nxt = np.roll(rings, -1, axis=1)
    quads = np.stack([rings[:-1], nxt[:-1], nxt[1:], rings[1:]], axis=2).reshape(-1, 4, 3)
    centre = rings.mean(axis=1, keepdims=True)
    area = np.cross(rings[0] - centre[0], nxt[0] - centre[0])[:, 1].sum()
    if area < 0:
        quads = quads[:, ::-1]
    b.quads(quads, "metal")
    half = m // 2
    for ring, facing in ((rings[0], -1.0), (rings[-1], 1.0)):
        front, back = ring[:half], ring[half:][::-1]
        ends = np.stack([front[:-1], front[1:], back[1:], back[:-1]], axis=1)
        turned = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0])[:, 1].sum() * facing < 0
        b.quads(ends[:, ::-1] if turned else ends, "metal")


@mesh_generator("road.jersey_barrier")
def jersey_barrier(
    length: float = 3.0, style: str = "jersey", lifting: bool = True, wear: float = 0.3, seed: int = 0
) -> Mesh:
    """A barrier of concrete (jersey, step) or water-filled plastic, its edges rounded.

    lifting: has it slots for a fork at its foot. wear: chips at its ends, 0..1. Slots: concrete, plastic, dark.
    Raises InputError for another style.
    """
    profiles = {
        "jersey": [(0.30, 0.0), (0.30, 0.075), (0.175, 0.25), (0.085, 0.78), (0.075, 0.805), (0.055, 0.815)],
        "step": [(0.27, 0.0), (0.27, 0.21), (0.255, 0.225), (0.17, 0.245), (0.10, 0.87), (0.085, 0.895), (0.07, 0.90)],
        "plastic": [(0.24, 0.0), (0.24, 0.18), (0.22, 0.22), (0.13, 0.34), (0.11, 0.9), (0.085, 0.985), (0.05, 1.0)],
    }
    if style not in profiles:
        raise InputError.of(f"no barrier is {style!r}", hint=", ".join(profiles))
    rng = np.random.default_rng(seed)
    b = MeshBuilder("concrete", "plastic", "dark")
    slot = "plastic" if style == "plastic" else "concrete"
    side = np.array(profiles[style])
    outline = np.concatenate([side, side[::-1] * (-1, 1)])
    half = length / 2
    chips = 0.02 + 0.05 * wear * rng.random(2)
    rings = []
    ends = [(s * half, 0.985 - c * 0.6, s * (half - 0.02 - c)) for s, c in ((-1.0, chips[0]), (1.0, chips[1]))]
    for y, shrink in ((ends[0][0], ends[0][1]), (ends[0][2], 1.0), (ends[1][2], 1.0), (ends[1][0], ends[1][1])):
        at = outline * (shrink, 1.0)
        rings.append(np.column_stack([at[:, 0], np.full(len(at), y), at[:, 1] * (1.0 if shrink == 1.0 else 0.985)]))
    _flat_loft(b, np.array(rings), slot)
    if lifting:
        for y in (-length * 0.24, length * 0.24):
            for sign in (1.0, -1.0):
                x0, x1 = sorted((sign * 0.2, sign * (side[0, 0] + 0.002)))
                b.boxes(x0, x1, y - 0.14, y + 0.14, 0.002, min(0.06, side[1, 1] - 0.01), "dark")
    if style == "plastic":
        for y in (-half + 0.2, half - 0.2):
            with b.at((0.0, y, 0.985)):
                b.cylinder(0.045, 0.0, 0.03, "dark", sides=14)
    return b.mesh()


def _flat_loft(b: MeshBuilder, rings: Array, slot: str) -> None:
    """Flat faces between convex-enough rings (N, M, 3) along Y, closed at both ends by prisms' caps."""
    nxt = np.roll(rings, -1, axis=1)
    quads = np.stack([rings[:-1], nxt[:-1], nxt[1:], rings[1:]], axis=2).reshape(-1, 4, 3)
    middle = rings.mean(axis=(0, 1))
    normal = np.cross(quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 0])
    if ((quads.mean(axis=1) - middle) * normal).sum() < 0:
        quads = quads[:, ::-1]
    length = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    uvs = np.stack(
        [quads[..., 1], np.where(length[:, None] > 0, quads[..., 2] + quads[..., 0] * 0.3, quads[..., 2])], axis=-1
    )
    b.quads(quads, slot, uvs=uvs)
    half = rings.shape[1] // 2
    for ring, facing in ((rings[0], -1.0), (rings[-1], 1.0)):
        right, left = ring[:half], ring[half:][::-1]
        ends = np.stack([right[:-1], right[1:], left[1:], left[:-1]], axis=1)
        turned = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0])[:, 1].sum() * facing < 0
        ends = ends[:, ::-1] if turned else ends
        b.quads(ends, slot, uvs=ends[..., [0, 2]])


@mesh_generator("road.fence")
def road_fence(length: float = 6.0, height: float = 1.4, style: str = "bars", seed: int = 0) -> Mesh:
    """`street.fence` with its middle on the origin. Slots: metal, wood."""
    return _in_the_middle(fence(length, height, style, seed))


def _in_the_middle(mesh: Mesh) -> Mesh:
    """The mesh with the middle of its footprint over the origin."""
    shift = np.append(mesh.bounds[:, :2].mean(axis=0), 0.0).astype(np.float32)
    return replace(mesh, vertices=mesh.vertices - shift)
