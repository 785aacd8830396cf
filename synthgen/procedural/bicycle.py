"""Bicycles: built around the axis of the crank, so that one fits whoever sits on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.bicycle_parts import (
    Point,
    add_basket,
    add_chain,
    add_lamps,
    add_mudguard,
    add_pedals,
    add_rack,
    add_saddle,
    add_wheel,
)
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import bent
from synthgen.procedural.registry import mesh_generator

SLOTS = ("frame", "tyre", "rim", "metal", "black", "saddle", "basket", "head", "tail")
STYLES = ("city", "step_through", "trekking", "sport", "mountain")

WHEEL = 0.345
"""Radius of a wheel with its tyre, metres."""
AXLE = 0.28
"""Height of the crank's axis above the ground."""
REAR, FRONT = -0.445, 0.605
"""Of the wheels' axles from the crank's axis."""
CRANK_X = -(REAR + FRONT) / 2
"""x of the crank's axis; the origin is midway between the wheels."""
_STEER = math.radians(70.0)
"""Angle of the steering axis to the ground."""
_RAKE = 0.05


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a rider touches the bicycle, from the crank's axis: x ahead, y to the left, z up, metres.

    saddle: (x, z) of its top where one sits. grip: (x, y, z) of the middle of the left hand's. pedal: y of the left
    one. crank: its length. angle: degrees of the left crank from ahead, up positive.
    """

    saddle: tuple[float, float] = (-0.22, 0.68)
    grip: tuple[float, float, float] = (0.33, 0.25, 0.76)
    pedal: float = 0.1
    crank: float = 0.17
    angle: float = 20.0


@mesh_generator("road.bicycle")
def bicycle(
    style: str = "city",
    saddle: Sequence[float] = (-0.22, 0.68),
    grip: Sequence[float] = (0.33, 0.25, 0.76),
    pedal: float = 0.1,
    crank: float = 0.17,
    angle: float = 20.0,
    tilt: float = 0.0,
    basket: str = "none",
    rack: bool = True,
    guards: bool = True,
    lamps: bool = True,
    stand: bool = False,
    seed: int = 0,
) -> Mesh:
    """A bicycle: +X ahead, its wheels on z = 0, the origin midway between them.

    style: city, step_through (low frame), trekking, sport (bent bar, thin tyres) or mountain. saddle (x, z), grip
    (x, y, z) of the left hand, pedal (y) and crank (length): see `Fit`; angle: degrees of the left crank from ahead, up
    positive; tilt: degrees that the pedals' toes point down. basket: none, front or rear.
    stand: is its kickstand down. Slots: frame, tyre, rim, metal, black, saddle, basket, head, tail.
    Raises InputError for an unknown style.
    """
    if style not in STYLES:
        raise InputError.of(f"no bicycle is {style!r}", hint=", ".join(STYLES))
    fit = Fit((saddle[0], saddle[1]), (grip[0], grip[1], grip[2]), pedal, crank, angle)
    rng = np.random.default_rng(seed)
    b = MeshBuilder(*SLOTS)
    tyre = {"sport": 0.014, "mountain": 0.027}.get(style, float(rng.uniform(0.017, 0.022)))
    with b.at((CRANK_X, 0.0, AXLE)):
        rear, front = np.array([REAR, 0.0, WHEEL - AXLE]), np.array([FRONT, 0.0, WHEEL - AXLE])
        spokes = int(rng.choice([24, 28, 32]))
        for axle in (rear, front):
            add_wheel(b, axle, WHEEL, tyre, spokes)
        head_low, head_high = _head(b, fit, front, style)
        seat = _frame(b, fit, rear, head_low, head_high, style)
        add_saddle(b, fit.saddle, style, rng)
        _bar(b, fit, head_high, style)
        covered = guards and style != "sport"
        if covered:
            add_mudguard(b, rear, WHEEL + 0.024, tyre + 0.012, (25.0, 155.0))
            add_mudguard(b, front, WHEEL + 0.024, tyre + 0.012, (55.0, 155.0))
        add_chain(b, fit, rear, covered=style in ("city", "step_through"))
        add_pedals(b, fit, tilt)
        if rack:
            add_rack(b, rear, WHEEL, seat)
        if basket == "front":
            add_basket(b, (FRONT - 0.10, 0.0, WHEEL - AXLE + WHEEL + 0.10), (0.30, 0.36, 0.24), rng)
        elif basket == "rear" and rack:
            add_basket(b, (REAR - 0.02, 0.0, WHEEL - AXLE + WHEEL + 0.068), (0.34, 0.30, 0.24), rng)
        if stand:
            foot = np.array([-0.10, 0.15, 0.006 - AXLE])
            b.tube([np.array([-0.05, 0.03, -0.01]), foot], 0.006, "metal", sides=8)
        if lamps:
            _lamps(b, front, rear, basket, rack)
    return b.mesh()


def _on_steering(front: Point, z: float) -> Point:
    """The point of the steering axis at height z above the crank's axis."""
    foot = front - np.array([_RAKE / math.sin(_STEER), 0.0, 0.0])
    point: Point = foot + np.array([-(z - front[2]) / math.tan(_STEER), 0.0, z - front[2]])
    return point


def _head(b: MeshBuilder, fit: Fit, front: Point, style: str) -> tuple[Point, Point]:
    """Fork and head tube; returns both ends of the tube."""
    crown = front[2] + WHEEL + 0.055
    low, high = _on_steering(front, crown + 0.02), _on_steering(front, max(crown + 0.14, fit.grip[2] - 0.16))
    b.tube([low, high], 0.019, "frame", sides=12)
    top = _on_steering(front, crown)
    thick = 0.017 if style == "mountain" else 0.012
    for side in (1.0, -1.0):
        y = side * 0.052
        bend = [
            top,
            top + np.array((0.0, y * 0.9, -0.005)),
            top + np.array((0.0, y, -0.05)),
            0.55 * top + 0.45 * front + np.array((-0.01, y, 0.0)),
            front + np.array((0.0, y, 0.0)),
        ]
        b.tube(bend, [thick, thick, thick, thick * 0.9, thick * 0.7], "frame", sides=10)
    return low, high


def _frame(b: MeshBuilder, fit: Fit, rear: Point, low: Point, high: Point, style: str) -> Point:
    """Tubes between crank, saddle, head and rear axle; returns where the stays meet the seat tube."""
    axis = np.array([fit.saddle[0] - 0.01, 0.0, fit.saddle[1] - 0.05])
    length = float(np.linalg.norm(axis))
    axis = axis / length
    top = axis * max(0.3, length - (0.22 if style in ("mountain", "step_through", "city") else 0.15))
    b.tube([axis * -0.0, top], 0.016, "frame", sides=12)
    b.tube([top - axis * 0.02, axis * length], 0.0135, "metal", sides=10)
    with b.at((0, 0, 0), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.cylinder(0.021, -0.036, 0.036, "frame", sides=14)
    down = 0.3 * high + 0.7 * low
    if style == "step_through":
        knee = np.array([0.12, 0.0, 0.10])
        b.tube(_curved([np.zeros(3), knee, low]), 0.021, "frame", sides=12)
        b.tube(_curved([axis * 0.16, knee + np.array((0.05, 0.0, 0.08)), down]), 0.014, "frame", sides=10)
    else:
        b.tube([np.zeros(3), low], 0.018, "frame", sides=12)
        meet = top * (0.72 if style == "city" else 0.96)
        b.tube([meet, 0.75 * high + 0.25 * low], 0.015, "frame", sides=12)
    stays = top * 0.93 if style != "step_through" else axis * min(0.42, float(np.linalg.norm(top)))
    for side in (1.0, -1.0):
        wide = np.array([0.0, side * 0.058, 0.0])
        b.tube([np.array([-0.02, side * 0.03, 0.0]), rear + wide], 0.0095, "frame", sides=8)
        b.tube([stays + np.array((0.0, side * 0.016, 0.0)), rear + wide], 0.008, "frame", sides=8)
    return stays


def _curved(points: Sequence[Point]) -> Point:
    """A polyline whose corners are rounded."""
    return bent(np.array(points), 0.12, steps=5)


def _bar(b: MeshBuilder, fit: Fit, high: Point, style: str) -> None:
    """Stem, handlebar with grips around the rider's hands, brake levers."""
    x, y, z = fit.grip
    clamp = np.array([max(high[0] + 0.05, x + (0.05 if style != "mountain" else 0.02)), 0.0, z + 0.0])
    b.tube(
        _curved([high - np.array((0.0, 0.0, 0.02)), high + np.array((-0.005, 0.0, max(z - high[2], 0.02))), clamp]),
        0.012,
        "metal",
        sides=10,
    )
    for side in (1.0, -1.0):
        inner, outer = np.array([x + 0.012, side * (y - 0.055), z]), np.array([x - 0.012, side * (y + 0.065), z])
        path = [clamp, clamp + np.array((0.0, side * 0.06, 0.0)), inner, outer]
        b.tube(bent(np.array(path), 0.05, steps=4), 0.0115, "metal", sides=10)
        b.tube([inner + 0.12 * (outer - inner), outer + 0.06 * (outer - inner)], 0.0165, "black", sides=12)
        lever = inner + np.array([0.02, -side * 0.012, -0.008])
        b.tube(
            [lever, lever + np.array((0.035, side * 0.02, -0.012)), lever + np.array((0.035, side * 0.085, -0.022))],
            0.0055,
            "metal",
            sides=6,
        )


def _lamps(b: MeshBuilder, front: Point, rear: Point, basket: str, rack: bool) -> None:
    """A lamp before the fork's crown and one behind: on the rack, or on the mudguard."""
    crown = _on_steering(front, front[2] + WHEEL + 0.055)
    ahead = crown + np.array([0.10, 0.0, 0.03])
    b.tube([crown, ahead - np.array((0.045, 0.0, 0.0))], 0.006, "black", sides=6)
    behind = np.array([rear[0] - 0.30, 0.0, rear[2] + WHEEL + 0.045])
    if not rack:
        behind = rear + np.array([-0.33, 0.0, 0.19])
    add_lamps(b, ahead, behind)
