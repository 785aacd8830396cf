"""What hangs below a hall's roof: luminaires, ducts, pipes, cable trays. Lengths along Y, z = 0 the lowest point."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import rectangle, slab, torus
from synthgen.procedural.registry import mesh_generator

HIGH_BAYS = ("bell", "disc", "linear", "tube")


@mesh_generator("factory.high_bay")
def high_bay(kind: str = "bell", drop: float = 0.5, size: float = 0.42, seed: int = 0) -> Mesh:
    """A luminaire of a hall, one of `HIGH_BAYS`, that hangs `drop` metres below its ceiling. size: its diameter, or
    its length along Y. What shines (slot lamp) looks down from near z = 0.

    Slots: body, inner, lamp, metal. Raises InputError for another kind.
    """
    if kind not in HIGH_BAYS:
        raise InputError.of(f"no luminaire is {kind!r}", hint=", ".join(HIGH_BAYS))
    rng = np.random.default_rng([seed, 241])
    b = MeshBuilder("body", "inner", "lamp", "metal")
    if kind == "bell":
        top = _bell(b, size / 2, rng)
    elif kind == "disc":
        top = _disc(b, size / 2, rng)
    else:
        top = _linear(b, size, kind == "tube", rng)
    end = top + max(0.1, drop)
    if kind in ("bell", "disc"):
        b.tube([(0.0, 0.0, top - 0.002), (0.0, 0.0, (top + end) / 2), (0.0, 0.0, end)], 0.004, "metal", sides=6)
        b.tube([(0.02, 0.0, top - 0.002), (0.025, 0.0, (top + end) / 2), (0.02, 0.0, end)], 0.005, "body", sides=6)
        with b.at((0.0, 0.0, top - 0.001)), b.at((0.0, 0.0, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            torus(b, 0.02, 0.003, "metal")
    else:
        for y in (-0.35 * size, 0.35 * size):
            b.tube([(0.0, y, top - 0.001), (0.0, y, end)], 0.0025, "metal", sides=6)
    return b.mesh()


def _bell(b: MeshBuilder, r: float, rng: np.random.Generator) -> float:
    """A spun reflector with a lamp in it under a box of gear."""
    deep = r * float(rng.uniform(0.75, 1.15))
    t = np.linspace(0.0, 1.0, 9)
    curve = [(0.07 + (r - 0.07) * (1 - u**1.7), deep * u) for u in t]
    outside = [(r + 0.012, 0.0), (r + 0.012, 0.008), *[(x + 0.002, z + 0.01) for x, z in curve]]
    inside = [(x, z + 0.004) for x, z in curve[::-1]]
    b.lathe(
        [(0.0, deep + 0.0105), (0.068, deep + 0.0105), *[(x, z) for x, z in inside], (r + 0.004, 0.0)],
        "inner",
        sides=36,
        smooth=True,
    )
    b.lathe([(r + 0.004, 0.0), *outside, (0.066, deep + 0.03), (0.0, deep + 0.03)], "body", sides=36)
    glow = r * 0.82
    z = 0.12 * deep
    b.lathe(
        [(0.0, z), (glow * 0.7, z + 0.006), (glow, z + 0.02), (glow, z + 0.028), (0.0, z + 0.028)], "lamp", sides=32
    )
    tall = float(rng.uniform(0.16, 0.28))
    fins = [(0.06, deep + 0.0303), (0.075, deep + 0.036)]
    for k in range(5):
        h = deep + 0.036 + tall * (k + 1) / 5
        fins += [(0.075, h - 0.01), (0.06, h - 0.008), (0.06, h - 0.002), (0.075, h)]
    b.lathe([(0.0, deep + 0.0303), *fins, (0.05, deep + 0.06 + tall), (0.0, deep + 0.06 + tall)], "body", sides=24)
    return deep + 0.06 + tall


def _disc(b: MeshBuilder, r: float, rng: np.random.Generator) -> float:
    """A flat LED luminaire: a lens below, cooling fins around."""
    b.lathe([(0.0, 0.0), (r * 0.78, 0.003), (r * 0.8, 0.01), (0.0, 0.01)], "lamp", sides=36)
    b.lathe(
        [
            (r * 0.8, 0.0104),
            (r * 0.8, 0.0),
            (r, 0.014),
            (r, 0.05),
            (r * 0.7, 0.065),
            (r * 0.7, 0.0104),
            (r * 0.8, 0.0104),
        ],
        "body",
        sides=36,
    )
    fins = int(rng.choice((24, 30, 36)))
    for k in range(fins):
        a = 2 * np.pi * k / fins
        with b.at((0.0, 0.0, 0.0), (np.cos(a), np.sin(a), 0), (-np.sin(a), np.cos(a), 0)):
            b.boxes(r * 0.45, r * 0.97, -0.0025, 0.0025, 0.0655, 0.105, "body")
    b.lathe([(0.0, 0.0655), (r * 0.44, 0.0655), (r * 0.44, 0.12), (r * 0.38, 0.13), (0.0, 0.13)], "body", sides=24)
    return 0.13


def _linear(b: MeshBuilder, length: float, tube: bool, rng: np.random.Generator) -> float:
    """A long luminaire: a flat panel of rows, or a trough with two tubes."""
    y = length / 2
    if not tube:
        w = float(rng.uniform(0.09, 0.16))
        b.chamfered(-w, w, -y, y, 0.012, 0.06, 0.006, "body")
        rows = int(rng.choice((2, 3, 4)))
        pitch = 2 * w / rows
        for k in range(rows):
            at = -w + (k + 0.5) * pitch
            b.chamfered(at - pitch * 0.36, at + pitch * 0.36, -y + 0.03, y - 0.03, 0.0, 0.0115, 0.003, "lamp")
        b.chamfered(-0.04, 0.04, -0.22 * length, 0.22 * length, 0.0605, 0.1, 0.006, "body")
        return 0.1
    for x in (-0.045, 0.045):
        b.tube([(x, -y + 0.03, 0.013), (x, y - 0.03, 0.013)], 0.013, "lamp", sides=12)
    shape = np.array(
        [
            (-0.09, 0.0),
            (-0.084, 0.0),
            (-0.028, 0.042),
            (0.028, 0.042),
            (0.084, 0.0),
            (0.09, 0.0),
            (0.034, 0.09),
            (-0.034, 0.09),
        ]
    )
    with b.at((0.0, -y, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.prism(shape, -length, 0.0, "body")
    for side in (-1.0, 1.0):
        ends = sorted((side * (y - 0.029), side * (y - 0.012)))
        b.boxes(-0.062, 0.062, ends[0], ends[1], 0.0, 0.03, "body")
    return 0.09


# --- ducts, pipes and cables


@mesh_generator("factory.duct")
def duct(length: float = 10.0, size: float = 0.5, kind: str = "round", hang: float = 0.6, seed: int = 0) -> Mesh:
    """A ventilation duct with flanges, outlets and hangers of `hang` metres. kind "round" (spiral seams) or "square".

    Slots: sheet, metal, grille. Raises InputError for another kind.
    """
    if kind not in ("round", "square"):
        raise InputError.of(f"no duct is {kind!r}", hint="round, square")
    rng = np.random.default_rng([seed, 251])
    b = MeshBuilder("sheet", "metal", "grille")
    y, r = length / 2, size / 2
    step = float(rng.choice((1.2, 1.5, 3.0)))
    joints = np.linspace(-y, y, max(2, round(length / step) + 1))
    if kind == "round":
        with b.at((0.0, 0.0, r + 0.012), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
            seams = np.arange(-y + 0.07, y - 0.05, 0.14)
            line = [(0.0, -y), (r, -y)]
            for s in seams:
                line += [(r, s - 0.006), (r + 0.004, s), (r, s + 0.006)]
            b.lathe([*line, (r, y), (0.0, y)], "sheet", sides=24)
            for s in joints[1:-1]:
                s = seams[int(np.abs(seams - s).argmin())] + 0.07
                b.lathe(
                    [
                        (r + 0.0004, s - 0.03),
                        (r + 0.012, s - 0.03),
                        (r + 0.012, s + 0.03),
                        (r + 0.0004, s + 0.03),
                        (r + 0.0004, s - 0.03),
                    ],
                    "metal",
                    sides=28,
                )
    else:
        h = r * 0.7
        for a, c in pairwise(joints):
            b.chamfered(-r, r, a + 0.001, c - 0.001, 0.02, 0.02 + 2 * h, 0.004, "sheet", random=float(rng.random()))
        for s in joints[1:-1]:
            ring = [
                rectangle(-r - 0.03, r + 0.03, 0.0, 0.04 + 2 * h),
                rectangle(-r - 0.0005, r + 0.0005, 0.0195, 0.0205 + 2 * h),
            ]
            with b.at((0.0, s + 0.015, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
                slab(b, ring, 0.0, 0.03, "metal")
    tall = 2 * r + 0.04 if kind == "round" else 0.04 + 1.4 * r
    for s in np.arange(-y + 0.6, y - 0.3, 2.4):
        for x in (-r - 0.02, r + 0.02):
            b.boxes(x - 0.004, x + 0.004, s - 0.012, s + 0.012, tall / 2, tall + hang, "metal")
    for s in np.arange(-y + 1.2, y - 0.6, 3.0):
        if rng.random() < 0.6:
            side = float(rng.choice((-1.0, 1.0)))
            z = 0.02 + (r if kind == "round" else 0.7 * r)
            reach = r + 0.03
            b.chamfered(
                min(side * r * 0.7, side * reach),
                max(side * r * 0.7, side * reach),
                s - 0.2,
                s + 0.2,
                z - 0.08,
                z + 0.08,
                0.004,
                "sheet",
            )
            slots = np.linspace(s - 0.18, s + 0.16, 12)
            edge = sorted((side * (reach + 0.0003), side * (reach + 0.003)))
            b.boxes(edge[0], edge[1], slots, slots + 0.015, z - 0.065, z + 0.065, "grille")
    return b.mesh()


@mesh_generator("factory.pipes", version=2)
def pipes(length: float = 8.0, count: int = 3, upright: bool = False, seed: int = 0) -> Mesh:
    """Pipes side by side with flanges, couplings, a valve here and there, on brackets towards -X (their wall).

    upright: they stand. Slots: paint (face_random: per pipe), metal, valve.
    """
    rng = np.random.default_rng([seed, 257])
    b = MeshBuilder("paint", "metal", "valve")
    radii = [float(rng.choice((0.017, 0.024, 0.03, 0.045, 0.057, 0.084))) for _ in range(count)]
    gap = 0.05
    total = sum(2 * r for r in radii) + gap * (count - 1)
    largest = max(radii)
    half = length / 2
    axes = ((0, 0, 1), (0, 1, 0)) if upright else ((0, 1, 0), (0, 0, -1))
    # The frame: z along the pipes, x away from the wall, y across them.
    z_axis, y_axis = np.array(axes[0]), np.array(axes[1])
    x_axis = np.cross(y_axis, z_axis)
    origin = (0.0, 0.0, half) if upright else (0.0, 0.0, total / 2 + 0.03)
    held = np.arange(-half + 0.4, half, 1.6)
    at = -total / 2
    with b.at(origin, x_axis, y_axis, z_axis):
        sign = 1.0 if x_axis[0] > 0 else -1.0
        back = -sign * (largest + 0.06)
        for r in radii:
            at += r
            own = float(rng.random())
            with b.at((0.0, at, 0.0)):
                b.cylinder(r, -half, half, "paint", sides=20, random=own)
                for s in np.sort(rng.uniform(-half + 0.2, half - 0.2, int(rng.integers(0, 1 + round(length / 2))))):
                    if np.abs(held - s).min() < 0.2:
                        continue
                    _fitting(b, r, float(s), sign, rng, own)
            at += r + gap
        for s in held:
            rail = sorted((back, back + sign * 0.03))
            b.chamfered(rail[0], rail[1], -total / 2 - 0.03, total / 2 + 0.03, s - 0.02, s + 0.02, 0.002, "metal")
            at = -total / 2
            for r in radii:
                at += r
                with b.at((0.0, at, 0.0)):
                    b.lathe(
                        [
                            (r + 0.0004, s - 0.012),
                            (r + 0.004, s - 0.012),
                            (r + 0.004, s + 0.012),
                            (r + 0.0004, s + 0.012),
                            (r + 0.0004, s - 0.012),
                        ],
                        "metal",
                        sides=20,
                    )
                    stud = sorted((-sign * (r + 0.002), back + sign * 0.0295))
                    b.boxes(stud[0], stud[1], -0.005, 0.005, s - 0.005, s + 0.005, "metal")
                at += r + gap
    return b.mesh()


def _fitting(b: MeshBuilder, r: float, s: float, sign: float, rng: np.random.Generator, own: float) -> None:
    """A pair of flanges with bolts, a coupling, or a valve with a hand wheel."""
    kind = int(rng.integers(0, 3))
    if kind == 0:
        b.lathe(
            [
                (r + 0.0003, s - 0.02),
                (r + 0.008, s - 0.02),
                (r + 0.008, s + 0.02),
                (r + 0.0003, s + 0.02),
                (r + 0.0003, s - 0.02),
            ],
            "metal",
            sides=20,
        )
        return
    big = r + 0.022
    for low in (s - 0.02, s + 0.002):
        b.lathe(
            [(r + 0.0003, low), (big, low), (big, low + 0.018), (r + 0.0003, low + 0.018), (r + 0.0003, low)],
            "paint",
            sides=20,
            random=own,
        )
    for k in range(6):
        a = k * np.pi / 3
        with b.at(((r + 0.012) * np.cos(a), (r + 0.012) * np.sin(a), 0.0)):
            b.cylinder(0.005, s + 0.0202, s + 0.03, "metal", sides=6)
    if kind == 2 and r > 0.02:
        with b.at((0.0, 0.0, s + 0.09), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            reach = sign * (r + 0.09)
            low, high = sorted((sign * (r * 0.5), reach))
            b.cylinder(0.012, low, high, "metal", sides=10)
            with b.at((0.0, 0.0, reach)):
                torus(b, 0.05, 0.006, "valve")
            b.boxes(-0.05, 0.05, -0.004, 0.004, reach - 0.004, reach + 0.004, "valve")
        b.lathe(
            [(r + 0.0003, s + 0.05), (r + 0.014, s + 0.06), (r + 0.014, s + 0.12), (r + 0.0003, s + 0.13)],
            "paint",
            sides=20,
            random=own,
        )


@mesh_generator("factory.cable_tray")
def cable_tray(length: float = 10.0, width: float = 0.3, cables: int = 8, hang: float = 0.5, seed: int = 0) -> Mesh:
    """A ladder for cables, hung by rods of `hang` metres. Slots: metal, cable (face_random: per cable)."""
    rng = np.random.default_rng([seed, 263])
    b = MeshBuilder("metal", "cable")
    y, x = length / 2, width / 2
    for side in (-1.0, 1.0):
        edge = sorted((side * (x - 0.003), side * x))
        b.boxes(edge[0], edge[1], -y, y, 0.01, 0.06, "metal")
    s = np.arange(-y + 0.15, y, 0.3)
    b.boxes(-x + 0.0035, x - 0.0035, s - 0.012, s + 0.012, 0.012, 0.022, "metal")
    at = -x + 0.012
    knots = np.linspace(-y, y, max(4, round(length / 0.8)))
    for _ in range(cables):
        r = float(rng.uniform(0.006, 0.017))
        if at + 2 * r > x - 0.008:
            break
        wave = rng.normal(0.0, 0.0015, len(knots))
        z = 0.0222 + r + np.abs(rng.normal(0.0, 0.001, len(knots)))
        b.tube(np.column_stack([at + r + wave, knots, z]), r, "cable", sides=8, random=float(rng.random()))
        at += 2 * r + float(rng.uniform(0.004, 0.01))
    for s in np.arange(-y + 0.5, y, 1.8):
        b.boxes(-x - 0.02, x + 0.02, s - 0.015, s + 0.015, 0.0, 0.0095, "metal")
        for side in (-1.0, 1.0):
            with b.at((side * (x + 0.012), s, 0.0)):
                b.cylinder(0.004, 0.0098, hang + 0.06, "metal", sides=6)
    return b.mesh()
