"""Machining centres and presses. Front (the operator) at +X, origin in the middle of the foot."""

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
    stop,
    tower_lamp,
    vents,
)
from synthgen.procedural.panels import round_rectangle, slab, standing
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.stripes import add_stripes


@mesh_generator("factory.machining_centre")
def machining_centre(
    width: float = 2.4, depth: float = 2.2, height: float = 2.5, doors: int = 2, opened: float = 0.0, seed: int = 0
) -> Mesh:
    """An enclosed machining centre: a sliding door with a window, panel on an arm, tower lamp. width along Y.
    opened: how far the door stands open, 0..1. Metres.

    Slots: body, second, dark, metal, pane, screen, key, red, yellow, green, black, label, paint.
    """
    rng = np.random.default_rng([seed, 277])
    b = MeshBuilder(*MACHINE)
    x, y = depth / 2, width / 2
    foot = 0.09
    feet(b, x - 0.16, y - 0.16, foot - 0.0005, middle=width > 2.8)
    sill = float(rng.uniform(0.75, 0.95))
    top = height - float(rng.uniform(0.0, 0.25))
    front = x - 0.25
    bevel = float(rng.choice((0.015, 0.03, 0.05)))
    # The opening of the work space in the front, off the middle: the panel takes the other side.
    hand = float(rng.choice((-1.0, 1.0)))
    clear = width * float(rng.uniform(0.48, 0.6))
    side = width - clear
    off = hand * (side / 2 - float(rng.uniform(0.14, 0.2)))
    lo, hi = off - clear / 2, off + clear / 2
    head = min(top - 0.22, sill + float(rng.uniform(0.95, 1.2)))
    # Foot, back part, jambs and lintel around the work space.
    skirt = float(rng.uniform(0.0, 0.12))
    b.chamfered(-x + 0.08, x - 0.08 - skirt, -y + 0.06, y - 0.06, foot, foot + 0.12, 0.01, "dark")
    b.chamfered(-x, x - 0.02, -y, y, foot + 0.1205, sill, bevel, "second" if rng.random() < 0.5 else "body")
    inside = 0.1
    b.chamfered(-x, inside - 0.0005, -y, y, sill + 0.0005, top, bevel, "body")
    for a, c in ((-y, lo), (hi, y)):
        b.chamfered(inside, front, a, c, sill + 0.0005, top, min(bevel, (c - a) / 3), "body")
    b.chamfered(inside, front, lo + 0.0005, hi - 0.0005, head, top, 0.01, "body")
    # Inside: table with a vice, spindle.
    if opened > 0.0 or rng.random() < 0.9:
        middle = (inside + front) / 2
        b.chamfered(
            inside + 0.04,
            front - 0.05,
            off - 0.36 * clear,
            off + 0.36 * clear,
            sill + 0.08,
            sill + 0.16,
            0.006,
            "metal",
        )
        b.chamfered(inside + 0.1, front - 0.1, off - 0.2, off + 0.2, sill + 0.001, sill + 0.0795, 0.004, "dark")
        b.chamfered(middle - 0.07, middle + 0.07, off - 0.12, off + 0.12, sill + 0.1605, sill + 0.24, 0.006, "metal")
        with b.at((middle, off, 0.0)):
            z = sill + 0.45
            b.lathe(
                [
                    (0.0, z - 0.12),
                    (0.008, z - 0.12),
                    (0.01, z - 0.05),
                    (0.032, z - 0.04),
                    (0.032, z),
                    (0.085, z),
                    (0.095, z + 0.02),
                    (0.095, head + 0.1),
                    (0.0, head + 0.1),
                ],
                "metal",
                sides=28,
            )
    # Doors slide before the front.
    wide = clear / doors + 0.06
    shift = float(np.clip(opened, 0.0, 1.0)) * (wide - 0.1)
    for k in range(doors):
        way = -1.0 if (k == 0 and doors == 2) or (doors == 1 and hand > 0) else 1.0
        middle = off if doors == 1 else off + way * (clear / 4 + 0.016)
        _door(
            b,
            front + 0.012,
            middle + way * shift,
            wide if doors == 1 else wide - 0.03,
            sill - 0.08,
            head + 0.06,
            -way,
            rng,
        )
    b.chamfered(
        front + 0.0005, front + 0.07, max(-y, lo - 0.4), min(y, hi + 0.4), head + 0.065, head + 0.12, 0.006, "second"
    )
    # Panel: in the front beside the door, or on an arm.
    width_p, tall_p = float(rng.uniform(0.38, 0.5)), float(rng.uniform(0.55, 0.75))
    beside = hi + (y - hi) / 2 if hand < 0 else lo - (lo + y) / 2
    at = float(np.clip(beside, -y + width_p / 2 + 0.02, y - width_p / 2 - 0.02))
    if rng.random() < 0.6:
        with standing(b, (front + 0.2, at, 1.45), (0, 1, 0)):
            control_panel(b, width_p, tall_p, rng)
        b.chamfered(front + 0.0005, front + 0.0995, at - 0.1, at + 0.1, 1.3, 1.6, 0.01, "second")
    else:
        reach = front + 0.28
        b.tube(
            [
                (front - 0.3, at, top - 0.02),
                (front - 0.3, at, top + 0.12),
                (front - 0.22, at, top + 0.2),
                (reach - 0.1, at, top + 0.2),
                (reach - 0.05, at, top + 0.15),
                (reach - 0.05, at, 1.45 + tall_p / 2 - 0.01),
            ],
            0.03,
            "second",
            sides=14,
        )
        with standing(b, (reach, at, 1.45), (0, 1, 0)):
            control_panel(b, width_p, tall_p, rng)
    with b.at((front - 0.12, -hand * (y - 0.15), top)):
        tower_lamp(b, drawn_lamps(rng))
    name_plate(b, front, off, (head + top) / 2 + 0.02, clear * 0.5, min(0.12, (top - head) * 0.5), rng)
    # A chip conveyor out of one side, a cabinet behind, vents.
    if rng.random() < 0.6:
        s = -hand
        low, high = sorted((s * (y + 0.0005), s * (y + 0.5)))
        b.chamfered(-0.35, 0.05, low, high, 0.15, 0.45, 0.01, "second")
        rise = sorted((s * (y + 0.5005), s * (y + 0.85)))
        b.chamfered(-0.35, 0.05, rise[0], rise[1], 0.35, 1.15, 0.02, "second")
        b.chamfered(-0.37, 0.07, rise[0] - 0.005, rise[1] + 0.03, 1.1505, 1.3, 0.02, "second")
        b.chamfered(-0.3, 0.0, rise[0] + 0.02, rise[1] - 0.02, 0.0, 0.3495, 0.008, "dark")
    for s in (-1.0, 1.0):
        with standing(b, (-s * 0.25 - x * 0.3, s * (y + 0.0002), sill + 0.3), (-s, 0, 0)):
            vents(b, 0.4, 0.3)
    return centred(b)


def _door(
    b: MeshBuilder, x: float, y: float, width: float, low: float, high: float, hand: float, rng: np.random.Generator
) -> None:
    """A sliding door with a window and a bow handle at its side `hand`."""
    half, tall = width / 2, high - low
    window = round_rectangle(half * float(rng.uniform(0.62, 0.74)), tall * float(rng.uniform(0.24, 0.34)), 0.04, 5)
    up = low + tall * 0.58
    outline = round_rectangle(half, tall / 2, 0.02, 3)
    with standing(b, (x, y, low + tall / 2), (0, 1, 0)):
        lift = np.array([0.0, up - low - tall / 2])
        slab(b, [outline, window + lift], 0.0, 0.045, "second" if rng.random() < 0.35 else "body")
        slab(b, [window * 1.08 + lift, window * 0.97 + lift], 0.0453, 0.055, "dark")
        b.boxes(
            window[:, 0].min() * 0.999,
            window[:, 0].max() * 0.999,
            (window + lift)[:, 1].min() + 0.001,
            (window + lift)[:, 1].max() - 0.001,
            0.015,
            0.03,
            "pane",
        )
        with b.at((0.0, 0.0, 0.045)):
            handle(b, hand * (half - 0.05), -0.2 - tall * 0.05, 0.12)


@mesh_generator("factory.press", version=2)
def press(width: float = 1.6, depth: float = 1.5, height: float = 3.2, frame: str = "gate", seed: int = 0) -> Mesh:
    """A press: frame "gate" (two uprights) or "c" (open in front and at the sides); ram, die, light curtains, two-hand
    desk. width along Y. Metres.

    Slots: body, second, dark, metal, pane, screen, key, red, yellow, green, black, label, paint.
    """
    rng = np.random.default_rng([seed, 281])
    b = MeshBuilder(*MACHINE)
    x, y = depth / 2, width / 2
    table, thick = float(rng.uniform(0.8, 0.95)), float(rng.uniform(0.18, 0.3))
    crown = height * float(rng.uniform(0.62, 0.7))
    b.chamfered(-x, x - 0.1, -y, y, 0.0, 0.08, 0.01, "dark")
    b.chamfered(-x, x - 0.15, -y + 0.1, y - 0.1, 0.0805, table - thick, 0.02, "body")
    b.chamfered(-x + 0.1, x - 0.04, -y, y, table - thick + 0.0005, table, 0.01, "metal")
    leg = 0.16 * width
    if frame == "gate":
        for s in (-1.0, 1.0):
            edge = sorted((s * (y - leg), s * y))
            b.chamfered(
                -x + 0.1,
                x - 0.25,
                edge[0] + (0.0005 if s > 0 else 0),
                edge[1] - (0.0005 if s < 0 else 0),
                table + 0.0005,
                crown,
                0.02,
                "body",
            )
        ram = y - leg - 0.06
    else:
        b.chamfered(-x, -x + 0.45 * depth, -y + 0.1, y - 0.1, table + 0.0005, crown, 0.03, "body")
        ram = y * 0.6
    b.chamfered(-x + 0.02, x - 0.2, -y, y, crown + 0.0005, height - 0.25, 0.03, "body")
    with b.at((-0.05, 0.0, height - 0.25)):
        b.lathe([(0.0, 0.0005), (0.22, 0.0005), (0.22, 0.2), (0.2, 0.25), (0.0, 0.25)], "second", sides=32)
    with standing(b, (x - 0.1992, -y + 0.12, crown + 0.12), (0, 1, 0)):
        if rng.random() < 0.5:
            add_stripes(b, width - 0.24, 0.12, 0.1)
    at = x - 0.15 - 0.25 * depth
    low = table + float(rng.uniform(0.35, 0.55))
    b.chamfered(at - 0.22 * depth, at + 0.2 * depth, -ram, ram, low + 0.12, crown + 0.05, 0.015, "second")
    b.chamfered(at - 0.2 * depth, at + 0.18 * depth, -ram * 0.8, ram * 0.8, low, low + 0.1195, 0.006, "metal")
    b.chamfered(
        at - 0.2 * depth, at + 0.18 * depth, -ram * 0.8, ram * 0.8, table + 0.0005, table + 0.14, 0.006, "metal"
    )
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            with b.at((at + sx * 0.15 * depth, sy * ram * 0.65, 0.0)):
                b.cylinder(0.025, table + 0.1405, low - 0.0005, "metal", sides=16)
    for s in (-1.0, 1.0):  # light curtains
        b.chamfered(
            x - 0.1,
            x - 0.05,
            s * (y - 0.03) - 0.02,
            s * (y - 0.03) + 0.02,
            table + 0.0005,
            crown - 0.05,
            0.004,
            "yellow",
        )
        b.boxes(
            x - 0.0495, x - 0.048, s * (y - 0.03) - 0.012, s * (y - 0.03) + 0.012, table + 0.08, crown - 0.08, "black"
        )
    # Desk: two hand buttons and a stop on a stand before the press.
    desk = x + 0.15
    b.chamfered(desk - 0.12, desk + 0.12, -0.25, 0.25, 0.0, 0.02, 0.004, "dark")
    b.chamfered(desk - 0.05, desk + 0.05, -0.06, 0.06, 0.0205, 0.95, 0.008, "second")
    b.chamfered(desk - 0.1, desk + 0.1, -0.32, 0.32, 0.9505, 1.07, 0.012, "second")
    with b.at((desk, 0.0, 1.07)):
        stop(b, 0.0, 0.0)
        for s in (-1.0, 1.0):
            with b.at((0.0, s * 0.24, 0.0)):
                b.lathe(
                    [(0.0, 0.0003), (0.04, 0.0003), (0.036, 0.02), (0.0, 0.026)],
                    "green" if rng.random() < 0.3 else "black",
                    sides=24,
                )
    with standing(b, (x - 0.05, y + 0.28, 1.5), (0, 1, 0)):
        control_panel(b, 0.42, 0.6, rng)
    b.tube(
        [
            (x - 0.1, y - 0.3, crown + 0.2),
            (x - 0.1, y + 0.1, crown + 0.2),
            (x - 0.1, y + 0.28, crown + 0.1),
            (x - 0.1, y + 0.28, 1.79),
        ],
        0.03,
        "second",
        sides=14,
    )
    with b.at((-x + 0.2, -y + 0.2, height - 0.25)):
        tower_lamp(b, drawn_lamps(rng))
    name_plate(b, x - 0.2, 0.0, (crown + height - 0.25) / 2 + 0.12, width * 0.6, 0.16, rng)
    return centred(b)
