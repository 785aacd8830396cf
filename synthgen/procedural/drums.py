"""Drums and gas bottles. They stand on z = 0, centred."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.prints import add_pieces, drawn, outline, sheet, sheets, words
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.rounded import Bend, bent, one_after_another, pushed
from synthgen.procedural.shapes import Array

DRUMS: dict[str, tuple[float, float]] = {
    "steel": (0.585, 0.88),
    "steel_open": (0.585, 0.87),
    "plastic": (0.581, 0.935),
    "small": (0.39, 0.62),
    "keg": (0.5, 0.76),
}
"""Style: widest diameter and height in metres; steel 200 l with fixed or clamped lid, plastic 220 l, 60 l, 120 l."""

Profile = list[tuple[float, float]]


@mesh_generator("factory.drum")
def drum(style: str = "steel", dents: int = 1, label: bool = True, seed: int = 0) -> Mesh:
    """A drum of one of `DRUMS`, its label towards +X. dents: how many places are pushed in.

    Slots: paint, metal, label, ink, dark. Raises InputError for another style.
    """
    b = MeshBuilder("paint", "metal", "label", "ink", "dark")
    add_drum(b, style, np.random.default_rng([seed, 5]), dents=dents, label=label)
    return b.mesh()


def add_drum(
    b: MeshBuilder, style: str, rng: np.random.Generator, *, dents: int = 0, label: bool = True, sides: int = 40
) -> None:
    """Appends a drum; slots as of `drum`."""
    if style not in DRUMS:
        raise InputError.of(f"no drum is {style!r}", hint=", ".join(DRUMS))
    diameter, h = DRUMS[style]
    r = diameter / 2
    own = float(rng.random())
    wall = r - 0.008
    turn = float(rng.uniform(0.0, 2 * np.pi))
    side = MeshBuilder("paint", "metal", "label", "ink", "dark")
    if style in ("steel", "steel_open"):
        hoops = [0.335 * h, 0.665 * h] if rng.random() < 0.75 else [0.27 * h, 0.5 * h, 0.73 * h]
        _steel_body(side, r, wall, h, hoops, sides, own)
        clear = (hoops[0] + 0.027, hoops[1] - 0.027)
        lid = h - 0.012
        if style == "steel_open":
            ring = [(r - 0.006, lid - 0.016), (r + 0.0, lid - 0.014), (r + 0.002, lid - 0.004), (r - 0.004, h)]
            side.lathe([*ring, (r - 0.016, h), (r - 0.018, lid)], "metal", sides=sides, smooth=True)
        else:
            side.lathe(
                [(wall, h - 0.02), (r - 0.002, h - 0.016), (r - 0.002, h - 0.003), (r - 0.005, h)],
                "paint",
                sides=sides,
                random=own,
            )
            side.lathe([(r - 0.005, h), (r - 0.012, h), (r - 0.014, lid)], "paint", sides=sides, random=own)
        edge = r - (0.018 if style == "steel_open" else 0.014)
        side.lathe(
            [(edge, lid), (edge * 0.92, lid - 0.003), (edge * 0.9, lid - 0.001), (0.0, lid + 0.002)],
            "paint",
            sides=sides,
            random=own,
        )
        _bungs(side, style, edge, lid, turn)
    else:
        _plastic_body(side, style, r, h, sides, own, turn)
        wall, clear = (r * 0.967, (h * 0.42, h - 0.2)) if style == "plastic" else (r * 0.976, (0.12, h * 0.5))
    if label:
        _label(side, wall, clear, rng)
    mesh = side.mesh()
    if dents:
        mesh = bent(mesh, one_after_another(*(_dent(wall, h, rng) for _ in range(dents))))
    b.add(mesh)


def _dent(radius: float, height: float, rng: np.random.Generator) -> Bend:
    angle, z = rng.uniform(0.0, 2 * np.pi), rng.choice((0.15, 0.5, 0.85)) * height + rng.uniform(-0.08, 0.08)
    out = np.array([np.cos(angle), np.sin(angle), 0.0])
    at = out * radius
    at[2] = np.clip(z, 0.1, height - 0.03)
    return pushed(at, -out * rng.uniform(0.01, 0.03), rng.uniform(0.1, 0.22))


def _steel_body(b: MeshBuilder, r: float, wall: float, h: float, hoops: list[float], sides: int, own: float) -> None:
    """Foot rim, wall with rolled hoops, fine beads between them; up to the upper rim."""
    b.lathe([(0.0, 0.014), (r - 0.012, 0.014), (r - 0.01, 0.0), (r - 0.002, 0.0)], "paint", sides=sides, random=own)
    profile: Profile = [(r - 0.002, 0.0), (r - 0.001, 0.016), (wall, 0.024)]
    for z in hoops:
        profile += [(wall, z - 0.026), (r - 0.003, z - 0.013), (r, z), (r - 0.003, z + 0.013), (wall, z + 0.026)]
    profile.append((wall, h - 0.02))
    filled: Profile = [profile[0]]
    for (r0, z0), (r1, z1) in pairwise(profile):
        pieces = max(1, round((z1 - z0) / 0.045))
        filled += [(r0 + (r1 - r0) * k / pieces, z0 + (z1 - z0) * k / pieces) for k in range(1, pieces + 1)]
    b.lathe(filled, "paint", sides=sides, smooth=True, random=own)


def _bungs(b: MeshBuilder, style: str, edge: float, lid: float, turn: float) -> None:
    """A large and a small bung opposite each other; drums with a clamped lid have one, or none."""
    bungs = ((0.0, 0.032), (np.pi, 0.017)) if style != "steel_open" else ((0.4, 0.03),)
    for angle, size in bungs:
        x, y = (edge - 0.065) * np.cos(turn + angle), (edge - 0.065) * np.sin(turn + angle)
        with b.at((x, y, lid)):
            b.lathe(
                [
                    (0.0, -0.004),
                    (size + 0.008, -0.004),
                    (size + 0.008, 0.004),
                    (size, 0.006),
                    (size, 0.012),
                    (size - 0.004, 0.014),
                    (size - 0.006, 0.008),
                    (0.0, 0.008),
                ],
                "metal",
                sides=14,
            )
            b.boxes(-size * 0.7, size * 0.7, -0.004, 0.004, 0.0075, 0.0125, "metal", skip="-z")


def _plastic_body(b: MeshBuilder, style: str, r: float, h: float, sides: int, own: float, turn: float) -> None:
    """Blown plastic: an L-ring at the top, a rounded foot; small drums and kegs have a screwed or clamped lid."""
    if style == "plastic":
        profile = [
            (0.0, 0.012), (r * 0.86, 0.012), (r * 0.9, 0.0), (r * 0.94, 0.0), (r * 0.985, 0.02), (r * 0.99, 0.05),
            (r * 0.97, 0.07),
            *[(r * 0.972, z) for z in np.linspace(0.1, h * 0.3, 5)],
            (r * 0.985, h * 0.33), (r * 0.985, h * 0.36), (r * 0.965, h * 0.39),
            *[(r * 0.965, z) for z in np.linspace(h * 0.42, h - 0.2, 6)], (r * 0.93, h - 0.12), (r * 0.93, h - 0.085),
            (r, h - 0.075), (r, h - 0.045), (r * 0.95, h - 0.04), (r * 0.9, h - 0.012),
            (r * 0.82, h), (r * 0.76, h), (r * 0.72, h - 0.02), (0.0, h - 0.02),
        ]  # fmt: skip
        b.lathe(profile, "paint", sides=sides, smooth=True, random=own)
        _bungs(b, style, r * 0.76, h - 0.02, turn)
        return
    neck = r * 0.8
    body = [
        (0.0, 0.01), (r * 0.84, 0.01), (r * 0.88, 0.0), (r * 0.94, 0.0), (r, 0.03), (r, 0.07), (r * 0.97, 0.09),
        *[(r * 0.975, z) for z in np.linspace(0.12, h * 0.5, 5)], (r, h * 0.55), (r, h * 0.6), (r * 0.975, h * 0.64),
        *[(r * 0.97, z) for z in np.linspace(h * 0.68, h - 0.13, 4)],
        (r * 0.9, h - 0.08), (neck, h - 0.06), (neck, h - 0.035),
    ]  # fmt: skip
    b.lathe(body, "paint", sides=sides, smooth=True, random=own)
    b.lathe(
        [(neck, h - 0.05), (neck + 0.016, h - 0.048), (neck + 0.018, h - 0.03), (neck + 0.014, h - 0.026)],
        "metal",
        sides=sides,
    )
    b.lathe(
        [
            (neck + 0.012, h - 0.04),
            (neck + 0.012, h - 0.006),
            (neck + 0.006, h),
            (neck * 0.8, h),
            (neck * 0.76, h - 0.008),
            (0.0, h - 0.006),
        ],
        "dark",
        sides=sides,
    )
    for side in (-1.0, 1.0):
        with b.at((0.0, side * (r * 0.93), h - 0.11), (0, 1, 0), (-1, 0, 0)):
            b.tube(
                [(-0.02, -0.07, 0.0), (0.012, -0.06, 0.02), (0.012, 0.06, 0.02), (-0.02, 0.07, 0.0)],
                0.008,
                "dark",
                sides=6,
            )


def _label(b: MeshBuilder, wall: float, clear: tuple[float, float], rng: np.random.Generator) -> None:
    """A sheet around the front, between the heights `clear`, with a name, lines, and diamonds of danger."""
    low, high = clear
    tall = min(0.94 * (high - low), rng.uniform(0.14, 0.25))
    wide = tall * rng.uniform(1.0, 1.45)
    middle = rng.uniform(low + tall / 2, high - tall / 2)
    turn = rng.normal(0.0, 0.12)
    radius = wall + 0.0005

    def around(points: Array, lift: float) -> Array:
        angle = turn + points[:, 0] / wall
        return np.column_stack(
            [(radius + lift) * np.cos(angle), (radius + lift) * np.sin(angle), middle + points[:, 1]]
        )

    x, y = wide / 2, tall / 2
    pieces = [sheet("label", -x, x, -y, y, cells=(16, 2), layer=1)]
    pieces.append(
        words(drawn("names", rng), tall * 0.15, font="black", layer=2, width=wide * 0.5).moved(-x * 0.3, y * 0.6)
    )
    left = -x * 0.9
    lines = [
        (left, left + wide * rng.uniform(0.25, 0.5), z * y, z * y + tall * 0.02) for z in np.linspace(0.2, -0.8, 7)
    ]
    pieces.append(sheets("ink", lines, cells=(5, 1), layer=2))
    for k in range(int(rng.integers(0, 3))):
        s = tall * 0.17
        ring = np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]) * s
        spot = outline("ink", ring, ring * 0.84, layer=2), outline("ink", ring * 0.45, layer=2)
        pieces += [p.moved(x * 0.62, y * (0.5 - 0.85 * k)) for p in spot]
    add_pieces(b, pieces, around)


@mesh_generator("factory.gas_bottle")
def gas_bottle(size: str = "l50", cap: str = "cap", seed: int = 0) -> Mesh:
    """A steel gas bottle of 10, 20 or 50 l, or a propane bottle of 11 kg; cap: cap (tulip guard), valve.

    Slots: paint, shoulder, metal, label, ink. Raises InputError for another size or cap.
    """
    known = {"l10": (0.14, 0.95), "l20": (0.204, 0.94), "l50": (0.229, 1.64), "propane": (0.3, 0.6)}
    if size not in known or cap not in ("cap", "valve"):
        raise InputError.of(f"no gas bottle is {size!r} with {cap!r}", hint=f"{', '.join(known)}; cap, valve")
    rng = np.random.default_rng([seed, 9])
    b = MeshBuilder("paint", "shoulder", "metal", "label", "ink")
    diameter, top = known[size]
    r = diameter / 2
    own = float(rng.random())
    body = top - (0.17 if size != "propane" else 0.14)
    curve = np.linspace(0.0, np.pi / 2, 9)
    neck = 0.032
    height = r * (1.1 if size != "propane" else 0.55)
    shoulder = [(neck + (r - neck) * np.cos(t), body - height + height * np.sin(t)) for t in curve]
    start = body - height
    if size == "propane":
        b.lathe(
            [(r * 0.72, 0.0), (r * 0.74, 0.0), (r * 0.74, 0.05), (r * 0.72, 0.05), (r * 0.72, 0.0)],
            "paint",
            sides=28,
            random=own,
        )
        belly = [(0.0, 0.025), (r * 0.6, 0.035), (r * 0.85, 0.06), (r * 0.97, 0.1), (r, 0.14)]
    else:
        belly = [(0.0, 0.012), (r * 0.7, 0.012), (r * 0.78, 0.0), (r * 0.88, 0.004), (r * 0.97, 0.03), (r, 0.06)]
    b.lathe(
        [*belly, *[(r, z) for z in np.linspace(belly[-1][1] + 0.05, start, 8)]],
        "paint",
        sides=28,
        smooth=True,
        random=own,
    )
    b.lathe([*shoulder, (neck, body + 0.02), (0.0, body + 0.02)], "shoulder", sides=28, smooth=True, random=own)
    if cap == "cap" and size != "propane":
        guard = [
            (0.042, body - 0.004),
            (0.042, body + 0.05),
            (0.04, top - 0.035),
            (0.03, top - 0.008),
            (0.012, top),
            (0.0, top),
        ]
        b.lathe(guard, "metal", sides=20, smooth=True)
        for k in (-1, 1):
            b.boxes(k * 0.0415 - 0.003, k * 0.0415 + 0.003, -0.012, 0.012, body + 0.05, body + 0.1, "shoulder")
    else:
        _valve(b, body, top, rng)
        if size == "propane":
            collar = np.linspace(0.6, 2 * np.pi - 0.6, 22)
            for rr, sign in ((0.1, 1), (0.096, -1)):
                ring = np.column_stack([rr * np.cos(collar), rr * np.sin(collar)])[::sign]
                p, q = (np.column_stack([ring, np.full(len(ring), z)]) for z in (body - 0.03, top))
                b.quads(np.stack([p[:-1], p[1:], q[1:], q[:-1]], axis=1), "shoulder")
            around_top = np.column_stack([np.cos(collar), np.sin(collar), np.full(len(collar), top)])
            inner, outer = around_top * (0.096, 0.096, 1.0), around_top * (0.1, 0.1, 1.0)
            b.quads(np.stack([inner[:-1], outer[:-1], outer[1:], inner[1:]], axis=1), "shoulder")
    wall, middle = r + 0.001, body * rng.uniform(0.55, 0.75)
    turn = rng.normal(0.0, 0.3)
    wide, tall = r * rng.uniform(0.9, 1.4), r * rng.uniform(0.8, 1.6)

    def around(points: Array, lift: float) -> Array:
        angle = turn + points[:, 0] / r
        return np.column_stack([(wall + lift) * np.cos(angle), (wall + lift) * np.sin(angle), middle + points[:, 1]])

    lines = [
        (-wide * 0.42, wide * rng.uniform(0.0, 0.42), z * tall, z * tall + tall * 0.05) for z in (-0.35, -0.2, 0.1, 0.3)
    ]
    middle = min(middle, start - tall / 2)
    add_pieces(
        b,
        [
            sheet("label", -wide / 2, wide / 2, -tall / 2, tall / 2, cells=(12, 1)),
            sheets("ink", lines, cells=(6, 1), layer=2),
        ],
        around,
    )
    return b.mesh()


def _valve(b: MeshBuilder, body: float, top: float, rng: np.random.Generator) -> None:
    with b.at((0.0, 0.0, body + 0.015)):
        b.cylinder(0.016, 0.0, top - body - 0.05, "metal", sides=12)
        angle = float(rng.uniform(0.0, 2 * np.pi))
        z = (top - body) * 0.45
        with b.at((0.0, 0.0, z), (0, 0, 1), (-np.sin(angle), np.cos(angle), 0), (-np.cos(angle), -np.sin(angle), 0)):
            b.cylinder(0.013, 0.0, 0.045, "metal", sides=12)
        b.lathe(
            [
                (0.0, top - body - 0.05),
                (0.027, top - body - 0.046),
                (0.03, top - body - 0.03),
                (0.024, top - body - 0.015),
                (0.0, top - body - 0.015),
            ],
            "metal",
            sides=10,
        )
