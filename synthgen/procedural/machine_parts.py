"""What machines share: panels, lamps, stops, louvres, feet, name plates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import rectangle, slab
from synthgen.procedural.prints import add_pieces, drawn, words
from synthgen.procedural.shapes import Array

MACHINE = (
    "body",
    "second",
    "dark",
    "metal",
    "pane",
    "screen",
    "key",
    "red",
    "yellow",
    "green",
    "black",
    "label",
    "paint",
)
"""Slots of machines: body and second colour, dark foot and gaps, bare metal, window, display, keys, lamps, stripes."""


def tower_lamp(b: MeshBuilder, lamps: Sequence[str], radius: float = 0.03) -> None:
    """A stack of lamps on a pole from the frame's origin."""
    b.cylinder(0.03, 0.0003, 0.015, "dark", sides=16)
    b.cylinder(0.011, 0.0153, 0.2, "metal", sides=12)
    z = 0.2003
    b.cylinder(radius, z, z + 0.03, "dark", sides=20)
    for lamp in lamps:
        z += 0.0305
        b.lathe(
            [
                (0.0, z),
                (radius - 0.003, z),
                (radius, z + 0.003),
                (radius, z + 0.045),
                (radius - 0.003, z + 0.048),
                (0.0, z + 0.048),
            ],
            lamp,
            sides=20,
        )
        z += 0.0185
    b.lathe([(0.0, z + 0.0305), (radius, z + 0.0305), (radius * 0.8, z + 0.045), (0.0, z + 0.047)], "dark", sides=20)


def control_panel(b: MeshBuilder, width: float, height: float, rng: np.random.Generator) -> None:
    """A box with a display, keys, a hand wheel or an emergency stop; the frame's x, y plane, reader at +z, z = 0 its
    front, depth 0.1; slots body, screen, key, red, yellow, dark, metal."""
    x, y = width / 2, height / 2
    b.chamfered(-x, x, -y, y, -0.1, 0.0, 0.008, "second")
    w = 0.62 * width if width > 0.7 * height else 0.86 * width
    tall = min(0.75 * w, 0.5 * height)
    sx0 = -x + 0.05 * width
    top = y - 0.06 * height
    slab(b, [rectangle(sx0, sx0 + w, top - tall, top)], 0.0003, 0.006, "dark")
    m = 0.014
    b.quads(
        [
            [
                (sx0 + m, top - tall + m, 0.0066),
                (sx0 + w - m, top - tall + m, 0.0066),
                (sx0 + w - m, top - m, 0.0066),
                (sx0 + m, top - m, 0.0066),
            ]
        ],
        "screen",
    )
    pitch = 0.028
    low = top - tall - 0.03
    for i in range(int((w - 0.01) / pitch)):
        for j in range(max(0, int((low + y - 0.1) / pitch))):
            if rng.random() < 0.85:
                at, up = sx0 + 0.012 + (i + 0.5) * pitch, low - (j + 0.5) * pitch
                slot = "key" if rng.random() < 0.94 else str(rng.choice(("red", "green", "yellow")))
                b.chamfered(at - 0.01, at + 0.01, up - 0.01, up + 0.01, 0.0003, 0.005, 0.002, slot)
    right = sx0 + w + 0.02
    if x - right > 0.05:
        middle = (right + x) / 2
        for k in range(int((height - 0.2) / pitch)):
            for s in np.arange(right + 0.014, x - 0.014, pitch):
                if rng.random() < 0.8:
                    up = top - 0.014 - k * pitch
                    b.chamfered(s - 0.01, s + 0.01, up - 0.01, up + 0.01, 0.0003, 0.005, 0.002, "key")
    else:
        middle = x - 0.06
    stop(b, middle, -y + 0.055)
    for k in range(2):
        at = sx0 + 0.05 + 0.07 * k
        with b.at((at, -y + 0.05, 0.0)):
            b.lathe([(0.0, 0.0003), (0.024, 0.0003), (0.022, 0.018), (0.018, 0.02), (0.0, 0.02)], "dark", sides=18)
            b.boxes(-0.002, 0.002, 0.006, 0.019, 0.0203, 0.0215, "label")


def stop(b: MeshBuilder, x: float, y: float, size: float = 0.032) -> None:
    """An emergency stop: a red mushroom on a yellow disc, towards the frame's +z."""
    with b.at((x, y, 0.0)):
        b.cylinder(size, 0.0003, 0.004, "yellow", sides=24)
        b.cylinder(size * 0.5, 0.0043, 0.02, "metal", sides=16)
        r = size * 0.72
        b.lathe([(0.0, 0.0203), (r * 0.8, 0.0203), (r, 0.026), (r * 0.9, 0.034), (0.0, 0.037)], "red", sides=20)


def vents(b: MeshBuilder, width: float, height: float, pitch: float = 0.03) -> None:
    """Louvres over a rectangle from the origin of the frame's x, y plane."""
    for at in np.arange(pitch * 0.5, height - 0.3 * pitch, pitch):
        fold = np.array([(0.0, 0.0003), (0.012, 0.0003), (0.003, 0.012)])
        with b.at((0.0, at, 0.0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.prism(fold, 0.0, width, "body")


def feet(b: MeshBuilder, x: float, y: float, height: float, *, middle: bool = False) -> None:
    """Levelling feet at the corners of +-x, +-y."""
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 0.0, 1.0) if middle else (-1.0, 1.0):
            with b.at((sx * x, sy * y, 0.0)):
                b.lathe(
                    [(0.0, 0.0), (0.06, 0.0), (0.06, 0.012), (0.02, 0.028), (0.02, height), (0.0, height)],
                    "metal",
                    sides=18,
                )


def handle(b: MeshBuilder, x: float, y0: float, y1: float) -> None:
    """An upright bow handle from y0 to y1 in the frame's x, y plane."""
    b.tube(
        [
            (x, y0, 0.0003),
            (x, y0, 0.045),
            (x, y0 + 0.012, 0.055),
            (x, y1 - 0.012, 0.055),
            (x, y1, 0.045),
            (x, y1, 0.0003),
        ],
        0.011,
        "metal",
        sides=10,
    )


def drawn_lamps(rng: np.random.Generator) -> list[str]:
    return [["green", "yellow", "red"], ["green", "red"], ["green", "yellow", "red"], ["yellow"]][
        int(rng.integers(0, 4))
    ]


def name_plate(
    b: MeshBuilder, x: float, y: float, z: float, width: float, height: float, rng: np.random.Generator
) -> None:
    """The maker's invented name, raised letters."""
    if height < 0.03:
        return
    piece = words(drawn("names", rng), height * 0.8, font="black", slot="paint", width=width)

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([np.full(len(points), x + 0.0004 + lift), y + points[:, 0], z + points[:, 1]])

    add_pieces(b, [piece], place)


def centred(b: MeshBuilder) -> Mesh:
    """The builder's mesh, its middle moved over the origin."""
    made = b.mesh()
    moved = MeshBuilder(*b.slots)
    middle = made.bounds[:, :2].astype(float).mean(axis=0)
    with moved.at((-middle[0], -middle[1], 0.0)):
        moved.add(made)
    return moved.mesh()
