"""Traffic lights: heads for vehicles, pedestrians and cyclists, and the posts they hang on.

A head looks along +X; its origin is the middle of its lowest edge, on the axis of the post behind it. Which lens is
lit is decided by the materials of the slots red, yellow and green (`lit_slots`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.poles import add_pole
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import circle

SLOTS = ("housing", "red", "yellow", "green", "visor", "backplate")
KINDS = {"vehicle": ("red", "yellow", "green"), "pedestrian": ("red", "green"), "bicycle": ("red", "yellow", "green")}

_LIT: dict[str, tuple[str, ...]] = {
    "red": ("red",),
    "red_yellow": ("red", "yellow"),
    "green": ("green",),
    "yellow": ("yellow",),
    "off": (),
}


def lit_slots(state: str) -> tuple[str, ...]:
    """The slots that shine in a state: red, red_yellow, green, yellow or off. Raises InputError for another."""
    if state not in _LIT:
        raise InputError.of(f"no traffic light shows {state!r}", hint=", ".join(_LIT))
    return _LIT[state]


@mesh_generator("street.traffic_light")
def traffic_light(kind: str = "vehicle", lens: float = 0.1, backplate: bool = False, standoff: float = 0.09) -> Mesh:
    """A signal head with hooded lenses on brackets. kind: vehicle, pedestrian or bicycle. lens: radius in metres.

    The housing's back is `standoff` in front of the origin's axis. UVs of a lens are 0..1 over its square.
    Slots: housing, red, yellow, green, visor, backplate. Raises InputError for an unknown kind.
    """
    if kind not in KINDS:
        raise InputError.of(f"no traffic light is for {kind!r}", hint=", ".join(KINDS))
    lamps = KINDS[kind]
    if kind == "bicycle":
        lens *= 0.6
    cell, half, deep = lens * 3.1, lens * 1.45, 0.16 if lens > 0.08 else 0.12
    total = cell * len(lamps)
    front = standoff + deep
    b = MeshBuilder(*SLOTS)
    for k in range(len(lamps)):
        # One closed box per lamp, as they are built; the seams show.
        low = cell * k
        b.chamfered(standoff, front, -half, half, low + 0.002, low + cell - 0.002, 0.018, "housing")
    if backplate:
        outline = _rounded_square(half + 0.14, total / 2 + 0.14, 0.08)
        hole = _rounded_square(half - 0.01, total / 2 - 0.01, 0.02)
        with b.at((front - 0.06, 0, total / 2), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.plate([outline, hole], 0.0, "backplate")
            b.walls(outline, -0.006, 0.0, "backplate")
        with b.at((front - 0.066, 0, total / 2), (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
            b.plate([outline, hole], 0.0, "backplate")
    for k, color in enumerate(reversed(lamps)):
        with b.at((front, 0, cell * (k + 0.5)), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            if kind == "pedestrian":
                _figure_lens(b, lens, color)
            else:
                _round_lens(b, lens, color)
    if standoff > 0.02:
        for z in (total * 0.12, total * 0.88):
            b.boxes(0.0, standoff, -0.025, 0.025, z - 0.015, z + 0.015, "housing", skip="-x +x")
    return b.mesh()


def _round_lens(b: MeshBuilder, radius: float, color: str) -> None:
    """A bulging lens in a rim under a visor; the frame's z points out of the head, y up."""
    rings = [(radius * np.cos(t), 0.006 + 0.02 * np.sin(t)) for t in np.linspace(0.0, np.pi / 2, 4)]
    rings[-1] = (0.0, rings[-1][1])
    _unit_lathe(b, rings, color, radius)
    b.lathe([(radius * 1.12, 0.0), (radius * 1.12, 0.012), (radius, 0.012), (radius, 0.002)], "housing", sides=24)
    # The visor covers the upper 240 degrees and is longest above.
    angle = np.linspace(np.radians(-30), np.radians(210), 25)
    long = 0.55 + 0.45 * np.sin(angle)
    reach = radius * 2.0 * np.clip(long, 0.15, 1.0)
    outer, inner = radius * 1.13, radius * 1.13 - 0.004
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def surface(r: float, flip: bool) -> None:
        low = np.column_stack([ring * r, np.full(25, 0.001)])
        high = np.column_stack([ring * (r - 0.003), reach])
        quads = np.stack([low[:-1], low[1:], high[1:], high[:-1]], axis=1)
        sign = -1.0 if flip else 1.0
        n = np.column_stack([ring, np.zeros(25)]) * sign
        normals = np.stack([n[:-1], n[1:], n[1:], n[:-1]], axis=1)
        if flip:
            quads, normals = quads[:, ::-1], normals[:, ::-1]
        b.quads(quads, "visor", normals=normals)

    surface(outer, False)
    surface(inner, True)
    rim_out = np.column_stack([ring * (outer - 0.003), reach])
    rim_in = np.column_stack([ring * (inner - 0.003), reach])
    b.quads(np.stack([rim_out[:-1], rim_out[1:], rim_in[1:], rim_in[:-1]], axis=1), "visor")


def _figure_lens(b: MeshBuilder, radius: float, color: str) -> None:
    """A square lens with a person on it, standing (red) or walking, and a crate-like visor."""
    half = radius * 1.15
    b.boxes([-half - 0.012, half, -half, -half], [-half, half + 0.012, half, half],
            [-half - 0.012, -half - 0.012, half, -half - 0.012], [half + 0.012, half + 0.012, half + 0.012, -half],
            0.0, [0.09, 0.09, 0.13, 0.03], "visor", skip="-z")  # fmt: skip
    b.quads([[(-half, -half, 0.004), (half, -half, 0.004), (half, half, 0.004), (-half, half, 0.004)]], "housing")
    for part in _FIGURES["standing" if color == "red" else "walking"]:
        b.plate([np.array(part) * half], 0.007, color)
    b.plate([circle(0.17 * half, 14, center=(0.0, 0.68 * half))], 0.007, color)


_FIGURES: dict[str, list[list[tuple[float, float]]]] = {
    "standing": [
        [(-0.22, -0.1), (0.22, -0.1), (0.25, 0.46), (-0.25, 0.46)],
        [(-0.21, -0.85), (-0.03, -0.85), (-0.03, -0.11), (-0.21, -0.11)],
        [(0.03, -0.85), (0.21, -0.85), (0.21, -0.11), (0.03, -0.11)],
        [(-0.38, -0.15), (-0.26, -0.15), (-0.26, 0.42), (-0.38, 0.42)],
        [(0.26, -0.15), (0.38, -0.15), (0.38, 0.42), (0.26, 0.42)],
    ],
    "walking": [
        [(-0.16, -0.1), (0.18, -0.1), (0.2, 0.46), (-0.16, 0.46)],
        [(-0.5, -0.82), (-0.32, -0.88), (0.0, -0.11), (-0.16, -0.11)],
        [(0.22, -0.85), (0.4, -0.85), (0.2, -0.11), (0.02, -0.11)],
        [(-0.5, 0.0), (-0.4, -0.06), (-0.17, 0.3), (-0.17, 0.44)],
        [(0.21, 0.3), (0.45, 0.0), (0.53, 0.08), (0.21, 0.44)],
    ],
}


def _unit_lathe(b: MeshBuilder, rings: list[tuple[float, float]], slot: str, radius: float) -> None:
    """A smooth lathe whose texture coordinates are 0..1 over the square around it."""
    lens = MeshBuilder(slot)
    lens.lathe(rings, slot, sides=24, smooth=True)
    mesh = lens.mesh()
    v = mesh.vertices.astype(np.float64)
    b.triangles(
        v,
        mesh.faces.astype(np.int64),
        slot,
        normals=mesh.normals.astype(np.float64),
        uvs=v[:, :2] / (2 * radius) + 0.5,
    )


def _rounded_square(half_x: float, half_y: float, radius: float) -> Any:
    points = []
    for sx, sy, start in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
        angle = np.radians(np.linspace(start, start + 90, 5))
        centre = np.array([sx * (half_x - radius), sy * (half_y - radius)])
        points.append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return np.concatenate(points)


@mesh_generator("street.signal_post")
def signal_post(height: float = 3.4, arm: float = 0.0, arm_height: float = 5.6) -> Mesh:
    """A post for signal heads. With `arm` it is taller and an arm of that length goes out at `arm_height`.

    +X is where its heads look (towards the traffic), so +Y is to the right of the driver who sees them: an arm goes
    to -Y, over the lane of right-hand traffic, a negative one to +Y. Hang heads at `signal_heads(...)`. Slots: metal.
    """
    b = MeshBuilder("metal")
    tall = arm != 0.0
    add_pole(b, arm_height + 0.25 if tall else height, 0.085 if tall else 0.055, 0.07 if tall else 0.05)
    b.boxes(0.04, 0.12 if tall else 0.09, -0.07, 0.07, 0.9, 1.25, "metal", skip="")
    if tall:
        y = np.linspace(0.0, -arm, 8)
        z = arm_height + 0.12 * np.sin(np.linspace(0.0, np.pi / 2, 8))
        b.tube(np.stack([np.zeros(8), y, z], axis=1), np.linspace(0.06, 0.04, 8), "metal", sides=10)
    return b.mesh()


def signal_heads(
    height: float = 3.4, arm: float = 0.0, arm_height: float = 5.6, *, pedestrian: bool = False
) -> list[dict[str, Any]]:
    """Where heads hang on `street.signal_post`: [{"kind", "position": (x, y, z), "yaw": degrees, "backplate"}].

    In the post's frame; a head's own origin goes to `position`, turned by `yaw` about +Z. The pedestrian head looks
    along -Y or +Y, across the road, as the crossing beside the post needs it.
    """
    heads: list[dict[str, Any]] = [
        {"kind": "vehicle", "position": (0.0, 0.0, min(height - 1.0, 2.35)), "yaw": 0.0, "backplate": False}
    ]
    if arm != 0.0:
        z = arm_height + 0.12 - 0.62
        heads.append({"kind": "vehicle", "position": (0.0, -arm * 0.94, z), "yaw": 0.0, "backplate": True})
    if pedestrian:
        heads.append({"kind": "pedestrian", "position": (0.0, 0.0, 2.2), "yaw": 90.0, "backplate": False})
    return heads
