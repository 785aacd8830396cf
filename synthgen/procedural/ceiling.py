"""Ceilings of shops: tiles in a grid, and luminaires. What hangs has its lowest point at z = 0, its cords above it."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import bent, blocks, extruded, extruded_x, rectangle, ring, rods
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import circle

TILES = ("plain", "vent", "speaker", "sprinkler", "hatch")
LUMINAIRES = ("panel", "louvre", "linear", "batten", "round")


@mesh_generator("retail.ceiling_tile")
def ceiling_tile(
    length: float = 0.6, width: float = 0.6, style: str = "plain", bar: float = 0.024, seed: int = 0
) -> Mesh:
    """One field of a ceiling grid, seen from below: a tile between halves of the grid's bars, which are lowest.

    length along X, width along Y: the grid's pitch. style: plain, vent (slots), speaker, sprinkler or hatch. bar: width
    of the grid's bars. seed: edge of the tile, its fittings, how it lies.

    Slots: tile, grid, dark, metal. Raises InputError for another style.
    """
    if style not in TILES:
        raise InputError.of(f"no ceiling tile is {style!r}", hint=", ".join(TILES))
    rng = np.random.default_rng([seed, 101])
    b = MeshBuilder("tile", "grid", "dark", "metal")
    x, y, w = length / 2, width / 2, bar / 2
    # The face of a tegular tile lies below the grid, that of others on it, now and then askew.
    tegular = style == "plain" and rng.random() < 0.4
    low = float(rng.choice([0.005, 0.007])) if tegular else 0.0
    field = rectangle(-x, x, -y, y)
    ring(b, field, rectangle(-x + w, x - w, -y + w, y - w), low, low + 0.0012, "grid")
    ring(b, field, rectangle(-x + 0.0008, x - 0.0008, -y + 0.0008, y - 0.0008), low + 0.0011, low + 0.038, "grid")
    edge, face = (w + 0.001, 0.0) if tegular else (w - 0.006, 0.0014)
    box = (-x + edge, x - edge, -y + edge, y - edge, 0.0, 0.02)
    a, c = (0.0, 0.0) if tegular or rng.random() < 0.7 else rng.normal(0.0, 0.0012, 2)
    lift = face + abs(a) * x + abs(c) * y
    with b.at((0, 0, lift), (np.cos(a), 0, np.sin(a)), (0, 1, 0), (-np.sin(a), 0, np.cos(a))):
        b.chamfered(*box, 0.003 if tegular else 0.001, "tile", random=float(rng.random()))
    _fitting(b, style, lift, min(x, y), rng)
    return b.mesh()


def _fitting(b: MeshBuilder, style: str, z: float, half: float, rng: np.random.Generator) -> None:
    """What is let into a tile; it looks down from height z by at most z."""
    face = max(z - 0.0012, 0.0002)
    if style == "vent":
        count = int(rng.integers(6, 12))
        at = np.linspace(-0.75 * half, 0.75 * half, count)
        b.boxes(
            -0.82 * half, 0.82 * half, at - 0.3 * (at[1] - at[0]), at + 0.3 * (at[1] - at[0]), face, z + 0.001, "dark"
        )
    elif style == "speaker":
        r = float(rng.uniform(0.08, 0.12))
        ring(b, circle(r, 32), circle(r - 0.012, 32), face, z + 0.001, "metal")
        b.prism(circle(r - 0.0125, 32), face + 0.0005, z + 0.001, "dark")
    elif style == "sprinkler":
        with b.at((0.05 * half, 0.0, 0.0)):
            ring(b, circle(0.035, 24), circle(0.014, 24), face, z + 0.001, "metal")
            b.prism(circle(0.0135, 20), face + 0.0003, z + 0.001, "dark")
    elif style == "hatch":
        r = 0.7 * half
        ring(b, rectangle(-r, r, -r, r), rectangle(-r + 0.02, r - 0.02, -r + 0.02, r - 0.02), face, z + 0.001, "metal")
        b.boxes(r - 0.05, r - 0.035, -0.008, 0.008, face, z + 0.0012, "dark")


@mesh_generator("retail.luminaire")
def luminaire(style: str = "panel", length: float = 0.6, width: float = 0.6, drop: float = 0.5, seed: int = 0) -> Mesh:
    """A luminaire that shines down, long along X.

    style: panel (let into a grid ceiling), louvre (a panel with a bright grid before its tubes), linear (a profile on
    cords, drop above it), batten (tubes below a housing, on the ceiling) or round (a downlight). seed: frames,
    profiles, louvres. UVs of the lamp are metres.

    Slots: body, lamp, metal, dark. Raises InputError for another style.
    """
    if style not in LUMINAIRES:
        raise InputError.of(f"no luminaire is {style!r}", hint=", ".join(LUMINAIRES))
    rng = np.random.default_rng([seed, 102])
    b = MeshBuilder("body", "lamp", "metal", "dark")
    x, y = length / 2 - 0.002, width / 2 - 0.002
    if style == "panel":
        rim, deep = float(rng.uniform(0.008, 0.022)), float(rng.uniform(0.0, 0.006))
        outer, inner = rectangle(-x, x, -y, y, 0.003), rectangle(-x + rim, x - rim, -y + rim, y - rim)
        ring(b, outer, inner, 0.0, 0.012, "body")
        b.boxes(-x + rim * 0.8, x - rim * 0.8, -y + rim * 0.8, y - rim * 0.8, deep + 0.0008, 0.0115, "lamp")
        b.boxes(-x + 0.001, x - 0.001, -y + 0.001, y - 0.001, 0.0122, 0.03, "body")
    elif style == "louvre":
        _louvre(b, x, y, rng)
    elif style == "linear":
        _linear(b, x, min(y, 0.05), drop, rng)
    elif style == "batten":
        _batten(b, x, min(y, 0.09), rng)
    else:
        r = min(x, y, 0.13)
        ring(b, circle(r, 36), circle(r * 0.82, 36), 0.0, 0.006, "body", smooth=True)
        ring(b, circle(r * 0.825, 36), circle(r * 0.815, 36), 0.0055, 0.05, "metal", smooth=True)
        b.prism(circle(r * 0.814, 36), float(rng.uniform(0.004, 0.03)) + 0.004, 0.05, "lamp", smooth=True)
        b.cylinder(r * 0.85, 0.0503, 0.1, "dark", sides=36)
    return b.mesh()


def _louvre(b: MeshBuilder, x: float, y: float, rng: np.random.Generator) -> None:
    """A white box with tubes, behind crossing blades of bright sheet."""
    ring(b, rectangle(-x, x, -y, y), rectangle(-x + 0.012, x - 0.012, -y + 0.012, y - 0.012), 0.0, 0.07, "body")
    b.boxes(-x + 0.0125, x - 0.0125, -y + 0.0125, y - 0.0125, 0.066, 0.0695, "body")
    tubes = int(rng.integers(2, 5))
    at = (np.arange(tubes) + 0.5) / tubes * 2 * (y - 0.012) - (y - 0.012)
    start = np.column_stack([np.full(tubes, -x + 0.03), at, np.full(tubes, 0.052)])
    rods(b, start, start * (-1, 1, 1), float(rng.choice([0.008, 0.013])), "lamp", sides=12)
    walls = np.linspace(-y + 0.012, y - 0.012, tubes + 1)[1:-1]
    b.boxes(-x + 0.0122, x - 0.0122, walls - 0.004, walls + 0.004, 0.002, 0.036, "metal")
    count = int(rng.integers(7, 15))
    blades = np.linspace(-x + 0.012, x - 0.012, count + 1)[1:-1]
    for low, high in zip([-y + 0.0122, *(walls + 0.0042)], [*(walls - 0.0042), y - 0.0122], strict=True):
        b.boxes(blades - 0.0012, blades + 0.0012, low, high, 0.004, 0.034, "metal")


def _linear(b: MeshBuilder, x: float, y: float, drop: float, rng: np.random.Generator) -> None:
    """An aluminium profile with a diffuser below, on two cords with canopies."""
    high = float(rng.uniform(0.05, 0.09))
    half = float(rng.uniform(0.6, 1.0)) * y
    wall = 0.003
    profile = [
        (-half, 0.004), (-half + wall, 0.004), (-half + wall, high - 0.012), (half - wall, high - 0.012),
        (half - wall, 0.004), (half, 0.004), (half, high), (-half, high),
    ]  # fmt: skip
    extruded_x(b, profile, -x + 0.003, x - 0.003, "body")
    below = float(rng.choice([0.0, 0.0035]))
    diffuser = bent(
        [(-half + 0.0035, below), (half - 0.0035, below), (half - 0.0035, 0.02), (-half + 0.0035, 0.02)],
        0.006,
        closed=True,
    )
    extruded_x(b, diffuser, -x + 0.0035, x - 0.0035, "lamp", smooth=False)
    for sign in (-1, 1):
        a, c = sorted((sign * (x - 0.0028), sign * x))
        b.chamfered(a, c, -half - 0.0008, half + 0.0008, 0.0, high + 0.0008, 0.0008, "body")
        at = sign * (x - 0.2 * x)
        rods(b, [(at, 0, high - 0.002)], [(at, 0, high + drop - 0.004)], 0.0008, "metal", sides=5)
        with b.at((at, 0.0, high + drop)):
            b.lathe([(0, -0.02), (0.02, -0.02), (0.028, -0.004), (0.028, 0.0), (0, 0.0)], "metal", sides=16)


def _batten(b: MeshBuilder, x: float, y: float, rng: np.random.Generator) -> None:
    """A housing with one or two tubes in sockets below it, sometimes with a slanting reflector."""
    tubes, r = int(rng.integers(1, 3)), float(rng.choice([0.008, 0.013]))
    high = float(rng.uniform(0.035, 0.07))
    low = 0.004 + 2 * r
    base = bent(
        [(-y * 0.5, low + 0.012), (y * 0.5, low + 0.012), (y * 0.4, low + high), (-y * 0.4, low + high)],
        0.006,
        closed=True,
    )
    extruded_x(b, base, -x, x, "body")
    at = (np.arange(tubes) - (tubes - 1) / 2) * 0.06
    start = np.column_stack([np.full(tubes, -x + 0.03), at, np.full(tubes, 0.004 + r)])
    rods(b, start, start * (-1, 1, 1), r, "lamp", sides=14)
    for side in (-1, 1):
        for v in at:
            a, c = sorted((side * (x - 0.031), side * (x - 0.012)))
            b.chamfered(a, c, v - 0.014, v + 0.014, 0.0, low + 0.014, 0.003, "body")
    if rng.random() < 0.6:
        for side in (-1, 1):
            p = [(-x + 0.04, side * y * 0.42, low + 0.016), (x - 0.04, side * y * 0.42, low + 0.016),
                 (x - 0.04, side * (y + 0.02), low - 0.006), (-x + 0.04, side * (y + 0.02), low - 0.006)]  # fmt: skip
            quad = np.array([p if side > 0 else p[::-1]])
            blocks(b, quad, quad + np.array([0.0, 0.0, 0.0012]), "metal")


@mesh_generator("retail.entrance_gate")
def entrance_gate(
    width: float = 0.95, height: float = 0.95, double: bool = False, angle: float = 0.0, seed: int = 0
) -> Mesh:
    """A swing gate at a shop's entrance, passed towards +X: posts with arms of bent tube, which carry a panel.

    width: of the way, along Y; double: two arms that meet in the middle; angle: how far they are open, degrees.
    seed: arms, posts, panels, a rail beside.

    Slots: metal, panel, dark, sign. Raises InputError for an angle above 90 degrees.
    """
    if not 0 <= angle <= 90:
        raise InputError.of(f"no gate is open by {angle} degrees", hint="0 to 90")
    rng = np.random.default_rng([seed, 103])
    b = MeshBuilder("metal", "panel", "dark", "sign")
    r, bar = float(rng.uniform(0.03, 0.055)), float(rng.uniform(0.011, 0.019))
    half, kind = width / 2, int(rng.integers(0, 3))
    for side in (-1, 1):
        with b.at((0.0, side * (half + r), 0.0)):
            foot = [(r + 0.04, 0), (r + 0.04, 0.006), (r + 0.034, 0.01), (r, 0.012)]
            b.lathe([(0, 0), *foot, (r, height), (r - 0.006, height + 0.008), (0, height + 0.008)], "metal", sides=24)
            collar = [(r + 0.003, height * 0.82), (r + 0.003, height * 0.86)]
            b.lathe([(0, height * 0.82), *collar, (0, height * 0.86)], "dark", sides=24)
    reach = (half if double else width) - 0.03
    for side in (-1, 1) if double else (-1,):
        turn = np.radians(angle) * side
        c, s = np.cos(turn), np.sin(turn)
        with b.at((0.0, side * half, 0.0), (c, s, 0), (-s, c, 0)), b.at((0, 0, 0), (-side, 0, 0), (0, -side, 0)):
            _arm(b, reach, height, bar, kind, rng)
    return b.mesh()


def _arm(b: MeshBuilder, reach: float, height: float, bar: float, kind: int, rng: np.random.Generator) -> None:
    """One arm from its hinge at y = 0 to y = reach."""
    top, low = height * 0.93, height * float(rng.uniform(0.3, 0.55))
    y0 = 0.004
    for z in (top - 0.04, low + 0.04):
        b.chamfered(-0.022, 0.022, -0.012, 0.03, z - 0.022, z + 0.022, 0.005, "dark")
    line = [(0.0, y0, top - 0.04), (0.0, reach, top - 0.04), (0.0, reach, low + 0.04), (0.0, y0, low + 0.04)]
    b.tube(bent(line, 0.08 if kind != 1 else 0.03, steps=6), bar, "metal", sides=12)
    if kind == 0:
        for z in np.linspace(low + 0.04, top - 0.04, 4)[1:-1]:
            rods(b, [(0.0, 0.02, z)], [(0.0, reach, z)], bar * 0.6, "metal", sides=10)
    elif kind == 1:
        b.chamfered(-0.003, 0.003, 0.05, reach - bar - 0.002, low + 0.045 + bar, top - 0.045 - bar, 0.0015, "panel")
    else:
        upright = np.linspace(0.08, reach - 0.08, max(2, round(reach / 0.12)))
        start = np.column_stack([np.zeros(len(upright)), upright, np.full(len(upright), low + 0.04)])
        rods(b, start, start + np.array([0.0, 0.0, top - low - 0.08]), bar * 0.55, "metal", sides=8)
    size, middle, z = 0.075, reach * 0.55, (top + low) / 2
    for side in (-1, 1):
        x0, x1 = sorted((side * (bar + 0.0005), side * (bar + 0.004)))
        b.chamfered(x0, x1, middle - size, middle + size, z - size, z + size, 0.0012, "sign")
    extruded(b, rectangle(-bar - 0.001, bar + 0.001, z - 0.02, z + 0.02), middle - 0.02, middle + 0.02, "dark")
