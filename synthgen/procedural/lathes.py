"""Lathes. Front (the operator) at +X, origin in the middle of the foot."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.machine_parts import (
    MACHINE,
    centred,
    control_panel,
    drawn_lamps,
    feet,
    handle,
    name_plate,
    tower_lamp,
)
from synthgen.procedural.panels import rectangle, round_rectangle, slab, standing, torus
from synthgen.procedural.registry import mesh_generator


@mesh_generator("factory.lathe")
def lathe_machine(length: float = 2.6, enclosed: bool = True, opened: float = 0.0, seed: int = 0) -> Mesh:
    """A lathe along Y, the operator at +X: enclosed and slant, or an old open one with bed, chuck, carriage, tailstock.

    Slots: body, second, dark, metal, pane, screen, key, red, yellow, green, black, label, paint.
    """
    rng = np.random.default_rng([seed, 283])
    b = MeshBuilder(*MACHINE)
    if enclosed:
        _slant(b, length, opened, rng)
    else:
        _engine_lathe(b, length, rng)
    return centred(b)


def _slant(b: MeshBuilder, length: float, opened: float, rng: np.random.Generator) -> None:
    depth, y = float(rng.uniform(1.4, 1.8)), length / 2
    x = depth / 2
    top, slope = float(rng.uniform(1.65, 1.95)), float(rng.uniform(0.3, 0.5))
    feet(b, x - 0.25, y - 0.2, 0.0795)
    side = np.array([(-x, 0.08), (x - 0.15, 0.08), (x, 0.55), (x, 0.9), (x - slope, top), (-x, top)])
    a, c = -y * float(rng.uniform(0.05, 0.25)), y * float(rng.uniform(0.45, 0.6))
    # Ends are whole; between them the front is open above the sill.
    for y0, y1 in ((-y, a), (c, y)):
        with b.at((0.0, y1, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            b.prism(side, 0.0, y1 - y0, "body")
    back = np.array(
        [
            (-x, 0.08),
            (x - 0.15, 0.08),
            (x, 0.55),
            (x, 0.9),
            (x - 0.12, 0.9),
            (x - 0.35, 0.75),
            (-x + 0.5, 0.75),
            (-x + 0.5, top - 0.12),
            (x - slope - 0.1, top - 0.12),
            (x - slope, top),
            (-x, top),
        ]
    )
    with b.at((0.0, c - 0.0005, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.prism(back, 0.0, c - a - 0.001, "body")
    with b.at((-0.05, a + 0.001, 1.05), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        r = 0.13
        b.lathe(
            [(0.0, 0.0), (r, 0.0), (r, 0.07), (r * 0.95, 0.075), (0.03, 0.075), (0.03, 0.06), (0.0, 0.06)],
            "metal",
            sides=32,
        )
        for k in range(3):
            t = k * 2.0944
            with b.at((0.0, 0.0, 0.0), (np.cos(t), np.sin(t), 0), (-np.sin(t), np.cos(t), 0)):
                b.chamfered(0.035, 0.12, -0.022, 0.022, 0.0755, 0.11, 0.004, "metal")
    run = np.array([-slope, 0.0, top - 0.9])
    run /= np.linalg.norm(run)
    tall = float(np.hypot(slope, top - 0.9))
    wide = c - a + 0.1
    shift = opened * (wide - 0.15)
    with b.at(
        (x + 0.004, (a + c) / 2 + min(shift, y - (a + c) / 2 - wide / 2), 0.9), (0, 1, 0), run, np.cross((0, 1, 0), run)
    ):
        window = round_rectangle(wide * 0.36, tall * 0.3, 0.03, 4) + np.array([0.0, tall * 0.52])
        slab(b, [rectangle(-wide / 2, wide / 2, -0.03, tall - 0.04), window], 0.002, 0.04, "second")
        b.boxes(
            window[:, 0].min() + 0.001,
            window[:, 0].max() - 0.001,
            window[:, 1].min() + 0.001,
            window[:, 1].max() - 0.001,
            0.012,
            0.024,
            "pane",
        )
        with b.at((0.0, 0.0, 0.04)):
            handle(b, -wide / 2 + 0.05, 0.1, tall - 0.2)
    with standing(b, (x + 0.06, (c + y) / 2, 1.3), (0, 1, 0)):
        control_panel(b, min(0.45, (y - c) * 0.8), 0.6, rng)
    with b.at((-x + 0.3, y - 0.2, top)):
        tower_lamp(b, drawn_lamps(rng))
    name_plate(b, x, (a - y) / 2, 0.74, (a + y) * 0.7, 0.12, rng)


def _engine_lathe(b: MeshBuilder, length: float, rng: np.random.Generator) -> None:
    y = length / 2
    bed, z = 0.17, 0.78
    for y0, y1 in ((-y, -y + 0.55), (y - 0.4, y)):
        b.chamfered(-0.24, 0.24, y0, y1, 0.0, z - 0.2, 0.02, "body")
        b.chamfered(0.2405, 0.252, y0 + 0.06, y1 - 0.06, 0.12, z - 0.28, 0.004, "second")
    b.chamfered(-0.36, 0.4, -y + 0.2, y - 0.05, z - 0.1995, z - 0.17, 0.006, "dark")
    b.chamfered(-bed, bed, -y, y, z - 0.1695, z, 0.012, "body")
    for s in (-1.0, 1.0):
        b.chamfered(s * 0.13 - 0.02, s * 0.13 + 0.02, -y + 0.56, y - 0.02, z + 0.0005, z + 0.02, 0.008, "metal")
    b.chamfered(-0.25, 0.24, -y - 0.02, -y + 0.55, z + 0.0005, z + 0.44, 0.03, "body")
    axis = z + 0.26
    with b.at((0.0, -y + 0.55, axis), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.lathe(
            [
                (0.0, 0.0005),
                (0.07, 0.0005),
                (0.07, 0.04),
                (0.12, 0.045),
                (0.12, 0.12),
                (0.115, 0.125),
                (0.03, 0.125),
                (0.0, 0.124),
            ],
            "metal",
            sides=32,
        )
        for k in range(3):
            t = k * 2.0944
            with b.at((0.0, 0.0, 0.0), (np.cos(t), np.sin(t), 0), (-np.sin(t), np.cos(t), 0)):
                b.chamfered(0.02, 0.1, -0.02, 0.02, 0.1255, 0.165, 0.004, "metal")
        b.cylinder(0.018, 0.166, 0.5, "metal", sides=20)
    for k in range(4):
        with standing(b, (0.24, -y + 0.1 + 0.11 * k, z + 0.3), (0, 1, 0)):
            b.lathe([(0.0, 0.0003), (0.035, 0.0003), (0.03, 0.02), (0.0, 0.02)], "dark", sides=20)
            b.tube([(0.0, 0.0, 0.02), (0.0, -0.09, 0.05)], 0.007, "metal", sides=8)
            with b.at((0.0, -0.095, 0.052)):
                b.lathe([(0.0, -0.015), (0.013, -0.01), (0.013, 0.01), (0.0, 0.015)], "black", sides=12)
    at = float(rng.uniform(-0.1, 0.25)) * length
    b.chamfered(-0.26, 0.27, at - 0.16, at + 0.16, z + 0.0205, z + 0.07, 0.008, "body")
    b.chamfered(0.1705, 0.3, at - 0.16, at + 0.16, z - 0.14, z + 0.0195, 0.012, "body")
    with standing(b, (0.3, at - 0.06, z - 0.05), (0, 1, 0)):
        with b.at((0.0, 0.0, 0.05)):
            torus(b, 0.085, 0.009, "metal")
        b.cylinder(0.015, 0.0003, 0.05, "metal", sides=12)
        b.boxes(-0.084, 0.084, -0.008, 0.008, 0.046, 0.054, "metal")
    b.chamfered(-0.12, 0.12, at - 0.07, at + 0.07, z + 0.0705, z + 0.14, 0.006, "metal")
    b.chamfered(-0.05, 0.05, at - 0.05, at + 0.05, z + 0.1405, z + 0.21, 0.006, "dark")
    tail = y - 0.25
    b.chamfered(-0.12, 0.14, tail - 0.12, tail + 0.14, z + 0.0205, z + 0.17, 0.012, "body")
    with b.at((0.0, tail + 0.2, axis), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.lathe(
            [
                (0.0, 0.0),
                (0.07, 0.0),
                (0.075, 0.02),
                (0.075, 0.32),
                (0.04, 0.34),
                (0.025, 0.38),
                (0.025, 0.42),
                (0.0, 0.46),
            ],
            "body",
            sides=24,
        )
    b.chamfered(-0.05, 0.05, tail - 0.1, tail + 0.1, z + 0.1705, axis, 0.01, "body")
    b.chamfered(-0.42, -0.4, -y + 0.1, y - 0.1, z - 0.1, z + 0.65, 0.006, "second")
    for s in (-0.6, 0.0, 0.6):
        b.boxes(-0.4, -0.36, s * y - 0.02, s * y + 0.02, z - 0.19, z - 0.1005, "dark")
    name_plate(b, 0.252, -y + 0.275, 0.42, 0.35, 0.07, rng)
