"""Delivery vans, box trucks and trailers, as boxy as they are: flat panels, few curves."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.vehicle_parts import (
    Array,
    add_arch,
    add_body,
    add_mirror,
    add_panel,
    add_wheel,
    centred,
    section,
    strip,
)

SLOTS = ("paint", "panel", "glass", "trim", "metal", "tyre", "rim", "head_lamp", "tail_lamp")
_SIDES = (1.0, -1.0)


@mesh_generator("road.van")
def van(length: float = 5.6, height: float = 2.5, width: float = 1.96, windows: bool = False, seed: int = 0) -> Mesh:
    """A panel van: +X ahead, on z = 0, origin in the middle. windows: has it glass in the rear doors.

    width: of the body, without mirrors. Slots: paint, panel, glass, trim, metal, tyre, rim, head_lamp, tail_lamp.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder(*SLOTS)
    half, rear, nose = width / 2, -length / 2, length / 2
    low, belt, waist = 0.30, 1.12, 0.10
    foot = nose - float(rng.uniform(0.52, 0.66))
    header = foot - float(rng.uniform(0.66, 0.82))
    hood = float(rng.uniform(1.14, 1.26))
    top = height

    def ring(h: float, y: float = half, under: float = low) -> Array:
        return section(y, belt, h, low=under, waist=waist)

    add_body(
        b,
        [
            (rear, ring(top - 0.05, half - 0.03, low + 0.06)), (rear + 0.05, ring(top - 0.01)),
            (rear + 0.4, ring(top)), (header - 0.35, ring(top)), (header, ring(top - 0.09)),
            (foot, ring(hood)),
            (nose - 0.14, ring(hood - 0.17, half - 0.05)), (nose - 0.03, ring(hood - 0.27, half - 0.12)),
            (nose, ring(hood - 0.42, half - 0.2, low + 0.08)),
        ],
        "paint",
    )  # fmt: skip
    in_top = half - waist * (top - 0.21 - belt) - 0.16
    windscreen = [
        (foot - 0.04, half - 0.17, hood + 0.045), (header + 0.05, in_top, top - 0.145),
        (header + 0.05, -in_top, top - 0.145), (foot - 0.04, -half + 0.17, hood + 0.045),
    ]  # fmt: skip
    add_panel(b, windscreen[::-1], "glass", thick=0.016)
    for side in _SIDES:
        _van_side(b, side, half, belt, waist, header, foot, rear, top, low)
    _van_ends(b, half, rear, nose, hood, top, low, windows)
    radius = 0.34
    for x in (nose - 0.92, rear + float(rng.uniform(0.95, 1.15))):
        for side in _SIDES:
            add_arch(b, x, side * half, radius + 0.075, low, side)
            add_wheel(b, x, side * (half + 0.014), radius, 0.22, side)
    return centred(b.mesh())


def _van_side(
    b: MeshBuilder, side: float, half: float, belt: float, waist: float, header: float, foot: float, rear: float,
    top: float, low: float,
) -> None:  # fmt: skip
    """Door glass, gaps, handles, rails and mirror of one side."""

    def at(x: float, z: float) -> tuple[float, float, float]:
        return (x, side * (half - waist * max(0.0, z - belt)), z)

    def turned(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
        return points[::-1] if side > 0 else points

    high = min(top - 0.42, 1.98)
    back = header - 0.42
    sill = belt + 0.08
    add_panel(b, turned([at(back, sill), at(foot - 0.42, sill), at(header + 0.02, high), at(back, high)]), "glass")
    out = np.array([0.0, side, 0.0])
    for x in (back - 0.07, foot - 0.16, back - 1.2):
        strip(b, (x, side * half, low + 0.1), (x, side * half, belt), out, 0.008, "trim")
    leaning = np.array([0.0, side, waist]) / np.hypot(1.0, waist)
    for x in (back - 0.07, back - 1.2):
        strip(b, at(x, belt + 0.012), at(x, top - 0.26), leaning, 0.008, "trim")
    for x in (back + 0.05, back - 0.2):
        low_y, high_y = sorted((side * (half - 0.016), side * (half + 0.022)))
        b.chamfered(x - 0.02, x + 0.16, low_y, high_y, belt - 0.13, belt - 0.095, 0.008, "trim")
    low_y, high_y = sorted((side * (half - 0.018), side * (half + 0.012)))
    b.chamfered(rear + 0.25, back - 1.25, low_y, high_y, belt - 0.05, belt - 0.02, 0.004, "trim")
    b.chamfered(rear + 0.15, foot + 0.2, low_y, high_y, 0.52, 0.64, 0.005, "trim")
    add_mirror(b, (foot - 0.33, side * half, belt + 0.16), side)


def _van_ends(
    b: MeshBuilder, half: float, rear: float, nose: float, hood: float, top: float, low: float, windows: bool
) -> None:
    """Lamps, grille, bumpers and rear doors."""
    for side in _SIDES:
        inner, outer = half - 0.42, half - 0.17
        y0, y1 = sorted((side * inner, side * outer))
        b.chamfered(nose - 0.12, nose - 0.004, y0, y1, hood - 0.50, hood - 0.33, 0.03, "head_lamp")
        y0, y1 = sorted((side * (half - 0.14), side * (half - 0.035)))
        b.chamfered(rear - 0.012, rear + 0.05, y0, y1, 0.82, 1.42, 0.01, "tail_lamp")
        strip(
            b,
            (rear, side * (half - 0.17), 0.55),
            (rear, side * (half - 0.17), top - 0.3),
            (-1.0, 0.0, 0.0),
            0.008,
            "trim",
        )
        if windows:
            y0, y1 = sorted((side * 0.1, side * (half - 0.26)))
            add_panel(b, [(rear, y1, 1.28), (rear, y0, 1.28), (rear, y0, 1.92), (rear, y1, 1.92)], "glass")
    strip(b, (rear, 0.0, 0.55), (rear, 0.0, top - 0.3), (-1.0, 0.0, 0.0), 0.010, "trim")
    b.chamfered(rear - 0.02, rear + 0.02, -0.14, -0.03, 1.0, 1.05, 0.008, "trim")
    b.chamfered(nose - 0.1, nose + 0.006, -0.5, 0.5, hood - 0.62, hood - 0.46, 0.02, "trim")
    b.chamfered(nose - 0.22, nose + 0.05, -half + 0.13, half - 0.13, low - 0.03, hood - 0.68, 0.05, "trim")
    b.chamfered(rear - 0.05, rear + 0.2, -half + 0.03, half - 0.03, low + 0.04, 0.5, 0.04, "trim")


@mesh_generator("road.box_truck")
def box_truck(box: float = 4.4, height: float = 3.3, width: float = 2.3, lift: bool = False, seed: int = 0) -> Mesh:
    """A truck with a box body: +X ahead, on z = 0, origin in the middle.

    box: length of the body; height: of its roof; width: of it, without mirrors. lift: has it a tail lift.
    Slots: paint (cab), panel (box), glass, trim, metal, tyre, rim, head_lamp, tail_lamp.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder(*SLOTS)
    cab = float(rng.uniform(1.75, 2.0))
    length = box + cab + 0.14
    nose, rear = length / 2, -length / 2
    deck, half = 0.98, width / 2
    front = nose - cab - 0.14
    b.chamfered(rear, front, -half, half, deck, height, 0.035, "panel")
    for x in (rear + 0.002, front - 0.002):
        for side in _SIDES:
            y0, y1 = sorted((side * (half - 0.05), side * (half + 0.008)))
            b.chamfered(x - 0.03, x + 0.03, y0, y1, deck - 0.01, height + 0.006, 0.006, "metal")
    for side in _SIDES:
        y0, y1 = sorted((side * (half - 0.02), side * (half + 0.010)))
        b.chamfered(rear + 0.04, front - 0.04, y0, y1, deck - 0.02, deck + 0.09, 0.005, "metal")
        b.chamfered(rear + 0.04, front - 0.04, y0, y1, height - 0.09, height + 0.004, 0.005, "metal")
    _rear_doors(b, rear, half, deck, height, lift)
    for side in _SIDES:
        y0, y1 = sorted((side * 0.36, side * 0.44))
        b.boxes(rear + 0.1, nose - 0.7, y0, y1, 0.74, 0.98, "trim")
    _cab(b, nose, cab, min(height - 0.35, 2.62), min(half, 1.06), rng)
    radius = 0.43
    axles = (nose - 1.15, rear + box * float(rng.uniform(0.26, 0.32)))
    for x in axles:
        for side in _SIDES:
            add_wheel(b, x, side * (half - 0.045), radius, 0.27, side)
    with b.at((axles[1], 0.0, radius), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.cylinder(0.09, -half + 0.4, half - 0.4, "trim", sides=12)
    for side in _SIDES:
        y0, y1 = sorted((side * (half - 0.1), side * (half - 0.06)))
        for z in (0.5, 0.76):
            b.boxes(axles[1] + 0.62, nose - cab - 0.3, y0, y1, z, z + 0.1, "metal")
        y0, y1 = sorted((side * (half - 0.36), side * (half - 0.06)))
        b.boxes(axles[1] - 0.6, axles[1] - 0.57, y0, y1, 0.3, 0.8, "trim")
    return centred(b.mesh())


def _rear_doors(b: MeshBuilder, rear: float, half: float, deck: float, height: float, lift: bool) -> None:
    out = (-1.0, 0.0, 0.0)
    if lift:
        b.chamfered(rear - 0.11, rear - 0.02, -half + 0.06, half - 0.06, deck, height - 0.5, 0.012, "metal")
    else:
        strip(b, (rear, 0.0, deck + 0.06), (rear, 0.0, height - 0.08), out, 0.012, "trim")
        for y in (-0.35, -0.12, 0.12, 0.35):
            b.tube([(rear - 0.02, y, deck + 0.05), (rear - 0.02, y, height - 0.07)], 0.012, "metal", sides=8)
    b.chamfered(rear + 0.02, rear + 0.14, -half + 0.06, half - 0.06, 0.45, 0.56, 0.012, "metal")
    b.boxes(rear + 0.06, rear + 0.10, -0.5, -0.44, 0.5, 0.9, "metal")
    b.boxes(rear + 0.06, rear + 0.10, 0.44, 0.5, 0.5, 0.9, "metal")
    for side in _SIDES:
        y0, y1 = sorted((side * (half - 0.44), side * (half - 0.1)))
        b.chamfered(rear - 0.03, rear + 0.06, y0, y1, 0.62, 0.76, 0.01, "tail_lamp")
        b.chamfered(rear - 0.02, rear + 0.12, y0 - 0.02, y1 + 0.02, 0.60, 0.61, 0.004, "trim")


def _cab(b: MeshBuilder, nose: float, length: float, top: float, half: float, rng: np.random.Generator) -> None:
    """A cab over the engine."""
    low, belt, waist = 0.42, 1.5, 0.06
    back, rake = nose - length, float(rng.uniform(0.10, 0.24))

    def ring(h: float, y: float = half, under: float = low) -> Array:
        return section(y, belt, h, low=under, waist=waist, corner=0.1)

    screen = belt + 0.02
    add_body(
        b,
        [
            (back, ring(top - 0.02)), (back + 0.3, ring(top)), (nose - rake - 0.12, ring(top - 0.02)),
            (nose - rake, ring(top - 0.10)), (nose - 0.05, ring(screen, half - 0.015)),
            (nose, ring(screen - 0.12, half - 0.05)),
        ],
        "paint",
    )  # fmt: skip
    inner = half - waist * (top - belt) - 0.12
    glass = [
        (nose - 0.055, half - 0.12, screen + 0.05), (nose - rake + 0.012, inner, top - 0.16),
        (nose - rake + 0.012, -inner, top - 0.16), (nose - 0.055, -half + 0.12, screen + 0.05),
    ]  # fmt: skip
    add_panel(b, glass[::-1], "glass", thick=0.02)
    for side in _SIDES:
        y = side * half

        def at(x: float, z: float, y: float = y, side: float = side) -> tuple[float, float, float]:
            return (x, y - side * waist * max(0.0, z - belt), z)

        window = [
            at(back + 0.45, belt + 0.06),
            at(nose - 0.32, belt + 0.06),
            at(nose - rake - 0.22, top - 0.3),
            at(back + 0.45, top - 0.3),
        ]
        add_panel(b, window[::-1] if side > 0 else window, "glass")
        out = (0.0, side, 0.0)
        for x in (back + 0.36, nose - 0.2):
            strip(b, (x, y, low + 0.42), (x, y, belt), out, 0.008, "trim")
        add_arch(b, nose - 1.15, y, 0.55, low, side)
        low_y, high_y = sorted((y - side * 0.016, y + side * 0.025))
        b.chamfered(back + 0.42, back + 0.58, low_y, high_y, belt - 0.16, belt - 0.12, 0.008, "trim")
        add_mirror(b, (nose - 0.16, y, belt + 0.32), side, tall=0.42)
        y0, y1 = sorted((side * (half - 0.46), side * (half - 0.12)))
        b.chamfered(nose - 0.05, nose + 0.035, y0, y1, 0.62, 0.8, 0.03, "head_lamp")
    b.chamfered(nose - 0.1, nose + 0.02, -half + 0.5, half - 0.5, 0.9, 1.3, 0.03, "trim")
    b.chamfered(nose - 0.2, nose + 0.025, -half + 0.02, half - 0.02, low - 0.06, 0.56, 0.04, "trim")


@mesh_generator("road.trailer")
def trailer(style: str = "box", length: float = 2.6, width: float = 1.5, height: float = 1.5, seed: int = 0) -> Mesh:
    """A one-axle trailer for cars with its drawbar ahead (+X), on z = 0, origin in the middle of its length.

    style: box (closed), open (low sides) or cover (low sides under a tarpaulin). length: of the body; height: of its
    top (box, cover). Slots: paint (tarpaulin), panel (sides), glass, trim, metal, tyre, rim, head_lamp, tail_lamp.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder(*SLOTS)
    bar = 1.15
    whole = length + bar
    rear, front = -whole / 2, -whole / 2 + length
    half, deck = width / 2, 0.5
    rail = deck + 0.36
    b.chamfered(rear, front, -half, half, deck - 0.06, deck, 0.01, "metal")
    if style == "box":
        b.chamfered(rear + 0.01, front - 0.01, -half + 0.01, half - 0.01, deck, height, 0.03, "panel")
        for side in _SIDES:
            for x in (rear + 0.03, front - 0.03):
                y0, y1 = sorted((side * (half - 0.04), side * (half + 0.004)))
                b.chamfered(x - 0.03, x + 0.03, y0, y1, deck - 0.01, height + 0.004, 0.005, "metal")
    else:
        for y0, y1 in ((-half, -half + 0.03), (half - 0.03, half)):
            b.chamfered(rear, front, y0, y1, deck, rail, 0.006, "panel")
        for x0, x1 in ((rear, rear + 0.03), (front - 0.03, front)):
            b.chamfered(x0, x1, -half + 0.031, half - 0.031, deck, rail, 0.006, "panel")
        if style == "cover":
            b.chamfered(rear + 0.012, front - 0.012, -half + 0.012, half - 0.012, rail - 0.1, height, 0.06, "paint")
    axle = rear + length * 0.46
    radius = float(rng.choice([0.27, 0.29, 0.31]))
    for side in _SIDES:
        add_wheel(b, axle, side * (half + 0.19), radius, 0.16, side)
        y0, y1 = sorted((side * (half + 0.01), side * (half + 0.21)))
        b.chamfered(axle - 0.36, axle + 0.36, y0, y1, radius * 2 + 0.04, radius * 2 + 0.06, 0.008, "trim")
        b.tube(
            [(front - 0.5, side * half * 0.8, deck - 0.08), (front + bar - 0.25, side * 0.05, deck - 0.08)],
            0.03,
            "metal",
            sides=8,
        )
        y0, y1 = sorted((side * (half - 0.26), side * (half - 0.04)))
        b.chamfered(rear - 0.04, rear + 0.02, y0, y1, deck - 0.02, deck + 0.09, 0.008, "tail_lamp")
    with b.at((axle, 0.0, radius), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.cylinder(0.03, -half - 0.15, half + 0.15, "metal", sides=10)
    b.tube([(front + bar - 0.3, 0.0, deck - 0.08), (front + bar - 0.06, 0.0, deck - 0.08)], 0.035, "metal", sides=10)
    b.chamfered(front + bar - 0.16, front + bar, -0.045, 0.045, deck - 0.14, deck - 0.05, 0.02, "trim")
    b.tube([(front + bar - 0.42, 0.075, deck + 0.2), (front + bar - 0.42, 0.075, 0.10)], 0.022, "metal", sides=8)
    with b.at((front + bar - 0.42, 0.075, 0.095), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.cylinder(0.095, -0.025, 0.025, "tyre", sides=16)
    return centred(b.mesh())
