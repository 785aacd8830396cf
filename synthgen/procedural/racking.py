"""Pallet racks and long-span shelving: along Y, the aisle at +X. Origin in the middle of the foot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.prints import add_pieces, bars, sheet
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.rounded import bent, pushed
from synthgen.procedural.shapes import Array

DECKS = {"none": 0.0, "wire": 0.004, "timber": 0.018, "board": 0.018}
"""Kind: how far it stands above the beams, metres."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A place for goods in the rack's frame: y0 < y1 and x0 < x1 (metres) clear of steel, z it stands on, clear height
    above (to the beam over it; above the top level 2.5 m). bay, level count from -Y and from the floor."""

    bay: int
    level: int
    x0: float
    x1: float
    y0: float
    y1: float
    z: float
    height: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """frames: y of the middles of the frames. tops: height of the beams' upper edges, lowest first. post: height of the
    uprights, upright their width and depth, metres."""

    frames: Array
    tops: tuple[float, ...]
    post: float
    upright: tuple[float, float]


def _plan(bays: int, levels: int, bay_width: float, level_height: float, first: float, beam: float) -> _Plan:
    if bays < 1 or levels < 1 or bay_width < 0.5:
        raise InputError.of(f"a rack has bays and levels, not {bays} and {levels}")
    upright = (0.09, 0.1) if beam > 0.08 else (0.055, 0.06)
    pitch = bay_width + upright[0]
    frames = (np.arange(bays + 1) - bays / 2) * pitch
    start = first if first > 0 else level_height
    tops = tuple(round(start + k * level_height, 4) for k in range(levels))
    post = tops[-1] + (0.35 if beam > 0.08 else 0.06)
    return _Plan(frames, tops, post, upright)


def rack_shelves(
    bays: int = 2,
    levels: int = 3,
    bay_width: float = 2.7,
    depth: float = 1.1,
    level_height: float = 1.6,
    first: float = 0.0,
    beam: float = 0.12,
    deck: str = "none",
) -> list[Shelf]:
    """The places of `rack` for goods, the floor's (level 0) first where something fits under the lowest beams.

    Parameters as of `rack`.
    """
    plan = _plan(bays, levels, bay_width, level_height, first, beam)
    half = plan.upright[0] / 2
    found, above = [], DECKS[deck]
    for bay in range(bays):
        y0, y1 = float(plan.frames[bay] + half), float(plan.frames[bay + 1] - half)
        lower = plan.tops[0] - beam
        if lower > 0.3:
            found.append(Shelf(bay, 0, -depth / 2, depth / 2, y0, y1, 0.0, lower))
        for k, top in enumerate(plan.tops):
            clear = plan.tops[k + 1] - beam - top if k + 1 < levels else 2.5
            found.append(Shelf(bay, k + 1, -depth / 2, depth / 2, y0, y1, top + above, round(clear - above, 4)))
    return found


@mesh_generator("factory.rack", version=3)
def rack(
    bays: int = 2,
    levels: int = 3,
    bay_width: float = 2.7,
    depth: float = 1.1,
    level_height: float = 1.6,
    first: float = 0.0,
    beam: float = 0.12,
    deck: str = "none",
    guards: bool = True,
    wear: float = 0.4,
    seed: int = 0,
) -> Mesh:
    """A rack. bay_width: between uprights; first: top of the lowest beams (0: one level_height); beam: its height;
    below 0.08 m the rack is light shelving. deck: one of `DECKS`. All in metres.

    Slots: upright, beam, brace, guard, deck, metal, hole, label, ink. Raises InputError for another deck, or no bays.
    """
    if deck not in DECKS:
        raise InputError.of(f"no deck is {deck!r}", hint=", ".join(DECKS))
    plan = _plan(bays, levels, bay_width, level_height, first, beam)
    rng = np.random.default_rng([seed, 61])
    b = MeshBuilder("upright", "beam", "brace", "guard", "deck", "metal", "hole", "label", "ink")
    braced = float(rng.choice((0.5, 0.6, 0.75)))
    for k, y in enumerate(plan.frames):
        outer = k in (0, bays)
        kind = (int(rng.integers(1, 4)) if guards and (outer or rng.random() < 0.7) else 0) if beam > 0.08 else 0
        with b.at((0.0, float(y), 0.0)):
            _frame(b, plan, depth, braced, wear, rng)
            if kind:
                _guard(b, plan, depth, 3 if outer else min(kind, 2), 1.0 if k == bays else -1.0, rng)
    half = plan.upright[0] / 2
    labels = int(rng.integers(0, 3))
    for bay in range(bays):
        low, high = float(plan.frames[bay] + half), float(plan.frames[bay + 1] - half)
        for top in plan.tops:
            for side in (1.0, -1.0):
                _beam(b, low, high, side * (depth / 2 - plan.upright[1] / 2), top, beam, side, rng)
            if deck != "none":
                _deck(b, deck, low, high, depth, top, rng)
            if labels:
                _location(b, low, high, depth / 2 + 0.005 - 0.02, top - beam / 2, labels, rng)
    return b.mesh()


def _channel(width: float, depth: float, sheet_: float) -> Array:
    """Outline of an upright's section, counter-clockwise: web on +x with a groove, flanges, lips. (20, 2)."""
    w, d, t = width / 2, depth / 2, sheet_
    lip, g = 0.28 * width, 0.006
    outer = [(-d, -w + lip), (-d, -w), (d - 0.004, -w), (d, -w + 0.004), (d, -0.16 * width), (d - g, -0.09 * width)]
    outer += [(x, -y) for x, y in reversed(outer)]
    inner = [
        (-d + t, w - lip),
        (-d + t, w - t),
        (d - t - 0.003, w - t),
        (d - t, w - t - 0.003),
        (d - t, 0.16 * width - t / 2),
    ]
    inner.append((d - g - t, 0.09 * width - t / 2))
    inner += [(x, -y) for x, y in reversed(inner)]
    return np.array(outer + inner)


def _frame(b: MeshBuilder, plan: _Plan, depth: float, braced: float, wear: float, rng: np.random.Generator) -> None:
    """Two uprights on plates, joined by struts in the plane y = 0."""
    width, deep = plan.upright
    heavy = width > 0.08
    section = _channel(width, deep, 0.0026)
    pitch, size = (0.05, (0.011, 0.026)) if heavy else (0.033, (0.006, 0.016))
    for side in (1.0, -1.0):
        x = side * (depth - deep) / 2
        own = float(rng.random())
        # Its own builder, so that a knock bends it with its holes.
        part = MeshBuilder(*b.slots)
        with part.at((0.0, 0.0, 0.0), (side, 0, 0), (0, side, 0)):
            step = np.array([0.006, 0.2, 0.4, 0.6, 0.8, 1.1, plan.post]) if heavy else np.array([0.003, plan.post])
            for z0, z1 in pairwise(step):
                part.walls(section, float(z0), float(z1), "upright", random=own)
            part.plate([section], float(step[-1]), "upright", random=own)
            with part.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
                part.plate([(section * (1, -1))[::-1]], -float(step[0]), "upright", random=own)
            z = np.arange(0.06, plan.post - 0.04, pitch)
            face = deep / 2 + 0.0006
            for y in (-0.3 * width, 0.3 * width):
                taper = 0.35
                w, h = size[0] / 2, size[1] / 2
                hole = np.array([(-w * taper, -h), (w * taper, -h), (w, h), (-w, h)])
                p = np.stack(
                    [np.full((len(z), 4), face), y + np.tile(hole[:, 0], (len(z), 1)), z[:, None] + hole[:, 1]], -1
                )
                part.quads(p, "hole")
        mesh = part.mesh()
        if heavy and side > 0 and rng.random() < 0.3 * wear:
            hit = (rng.uniform(-0.5, 0.5) * width, rng.uniform(0.15, 0.5))
            push = (-rng.uniform(0.006, 0.02), rng.normal(0.0, 0.006), 0.0)
            mesh = bent(mesh, pushed((deep / 2, *hit), push, 0.3))
        with b.at((x, 0.0, 0.0)):
            b.add(mesh)
            plate = 0.006 if heavy else 0.003
            px, py = deep / 2 + (0.02 if heavy else 0.004), width / 2 + (0.03 if heavy else 0.004)
            b.boxes(-px, px, -py, py, 0.0, plate, "metal")
            if heavy:
                for k in (-1, 1):
                    with b.at((k * side * 0.02, k * (py - 0.014), plate)):
                        b.cylinder(0.011, 0.0, 0.009, "metal", sides=6)
                        b.cylinder(0.006, 0.009, 0.026, "metal", sides=8)
    _bracing(b, plan, depth, braced, heavy)


def _bracing(b: MeshBuilder, plan: _Plan, depth: float, braced: float, heavy: bool) -> None:
    wide, thick = (0.042, 0.026) if heavy else (0.025, 0.015)
    reach = depth / 2 - plan.upright[1] / 2
    z = np.arange(0.18, plan.post - 0.12, braced if heavy else 0.45)
    level = [float(z[0]), float(z[-1])]
    for height in level:
        b.chamfered(-reach, reach, -thick / 2, thick / 2, height - wide / 2, height + wide / 2, 0.003, "brace")
    side = 1.0
    for z0, z1 in pairwise(z):
        run = np.array([-2 * side * reach, 0.0, z1 - z0])
        long = float(np.linalg.norm(run))
        x = run / long
        up = np.array([-x[2], 0.0, x[0]])
        lift = 0.0006 * side
        with b.at((side * reach, lift, float(z0)), x, np.cross(up, x), up):
            b.chamfered(0.02, long - 0.02, -thick / 2 + 0.003, thick / 2 - 0.003, -wide / 2, wide / 2, 0.003, "brace")
        side = -side


def _beam(
    b: MeshBuilder, low: float, high: float, x: float, top: float, tall: float, side: float, rng: np.random.Generator
) -> None:
    """A box beam from low to high (y) with a connector of hooks at each end and a pin in it."""
    heavy = tall > 0.08
    thick, plate = (0.05, 0.004) if heavy else (0.03, 0.003)
    own = float(rng.random())
    z = top - tall
    with b.at((x, 0.0, 0.0), (side, 0, 0), (0, side, 0)):
        y0, y1 = (low, high) if side > 0 else (-high, -low)
        b.chamfered(-thick / 2, thick / 2, y0 + plate, y1 - plate, z, top, 0.004, "beam", random=own)
        reach = 0.2 if heavy else 0.1
        face = 0.05 if heavy else 0.03
        for end, inward in ((y0, 1.0), (y1, -1.0)):
            edge = (end, end + inward * plate)
            b.boxes(
                -face + 0.01, face + 0.0045, min(edge), max(edge), top - reach + 0.02, top + 0.02, "beam", random=own
            )
            # The part that hangs over the upright's face.
            out = (end, end - inward * 0.038 * (1.0 if heavy else 0.6))
            b.boxes(face + 0.001, face + 0.0045, min(out), max(out), top - reach + 0.02, top + 0.02, "beam", random=own)
            if heavy:
                with b.at((face + 0.0045, end - inward * 0.018, top - 0.035), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
                    b.cylinder(0.006, 0.0, 0.007, "metal", sides=8)


def _deck(
    b: MeshBuilder, kind: str, low: float, high: float, depth: float, top: float, rng: np.random.Generator
) -> None:
    """wire: a grid with its edges bent over the beams. timber: planks with gaps. board: chipboard between the beams."""
    x = depth / 2 - 0.03
    y0, y1 = low + 0.012, high - 0.012
    if kind == "wire":
        w = 0.0025
        sections = max(1, round((y1 - y0) / 0.9))
        cut = np.linspace(y0, y1, sections + 1)
        for a, c in zip(cut[:-1] + 0.006, cut[1:] - 0.006, strict=True):
            along = np.linspace(-x, x, max(3, round(2 * x / 0.1)))
            across = np.linspace(a + w, c - w, max(3, round((c - a) / 0.05)))
            b.boxes(along - w, along + w, a, c, top - 0.0012, top + DECKS["wire"], "deck", skip="")
            b.boxes(-x, x, across - w, across + w, top - 0.0062, top - 0.0014, "deck")
            for side in (-1.0, 1.0):
                b.boxes(side * x - 0.0026, side * x + 0.0026, across - w, across + w, top - 0.045, top - 0.0064, "deck")
            for s in np.linspace(a + 0.1, c - 0.1, 3):
                b.boxes(-x + 0.01, x - 0.01, s - 0.02, s + 0.02, top - 0.034, top - 0.0066, "deck")
    elif kind == "timber":
        planks = max(4, round((y1 - y0) / rng.uniform(0.16, 0.3)))
        pitch = (y1 - y0) / planks
        gap = rng.uniform(0.012, 0.06)
        for k in range(planks):
            a = y0 + k * pitch + gap / 2
            skew = rng.normal(0.0, 0.004)
            b.chamfered(-x + skew, x + skew, a, a + pitch - gap, top, top + 0.018, 0.002, "deck", random=rng.random())
    else:
        boards = max(1, round((y1 - y0) / 1.3))
        cut = np.linspace(y0, y1, boards + 1)
        for a, c in zip(cut[:-1] + 0.001, cut[1:] - 0.001, strict=True):
            b.chamfered(-x, x, a, c, top, top + 0.018, 0.0015, "deck", random=rng.random())


def _location(b: MeshBuilder, low: float, high: float, x: float, z: float, kind: int, rng: np.random.Generator) -> None:
    """Labels of the places on the front beam: a bar code each, in white."""
    count = max(1, round((high - low) / 0.9))
    for k in range(count):
        if rng.random() < 0.08:
            continue
        y = low + (k + 0.5) * (high - low) / count + rng.normal(0.0, 0.02)
        w, h = (0.1, 0.05) if kind == 1 else (0.14, 0.075)
        pieces = [
            sheet("label", -w / 2, w / 2, -h / 2, h / 2),
            bars(-0.42 * w, 0.1 * w, -0.3 * h, 0.35 * h, rng, count=14),
        ]
        pieces.append(sheet("ink", 0.17 * w, 0.43 * w, -0.3 * h, 0.3 * h, layer=2))
        turn = rng.normal(0.0, 0.015)

        def place(points: Array, lift: float, y: float = y, turn: float = turn) -> Array:
            c, s = np.cos(turn), np.sin(turn)
            return np.column_stack(
                [np.full(len(points), x + lift), y + points @ np.array([c, -s]), z + points @ np.array([s, c])]
            )

        add_pieces(b, pieces, place)


def _guard(b: MeshBuilder, plan: _Plan, depth: float, kind: int, out: float, rng: np.random.Generator) -> None:
    """What keeps trucks off: 1 a bent plate before the upright, 2 one around it, 3 a barrier along the end."""
    w, d = plan.upright[0] / 2, plan.upright[1]
    front = depth / 2
    t = 0.006
    tall = float(rng.choice((0.4, 0.4, 0.6)))
    if kind in (1, 2):
        r = 0.02 if kind == 1 else 0.012
        x, y, back = front + r + 0.02, w + 0.02 + t, front - (0.02 if kind == 1 else d)
        path = np.array([(back, -y), (x - 0.05, -y), (x, -y + 0.05), (x, y - 0.05), (x - 0.05, y), (back, y)])
        inner = np.array(
            [
                (back, y - t),
                (x - 0.052, y - t),
                (x - t, y - 0.052),
                (x - t, -y + 0.052),
                (x - 0.052, -y + t),
                (back, -y + t),
            ]
        )
        b.prism(np.concatenate([path, inner]), 0.008, tall, "guard")
        b.boxes(front + 0.0205, x + 0.06, -y - 0.03, y + 0.03, 0.0, 0.008, "guard")
        for s in (-1.0, 1.0):
            with b.at((x + 0.035, s * (y + 0.005), 0.008)):
                b.cylinder(0.011, 0.0, 0.012, "metal", sides=6)
        return
    y = out * (w + 0.13)
    reach = depth / 2 + 0.04
    for x in (-reach, reach):
        b.chamfered(x - 0.05, x + 0.05, y - 0.05, y + 0.05, 0.01, 0.43, 0.012, "guard")
        b.boxes(x - 0.09, x + 0.09, y - 0.09, y + 0.09, 0.0, 0.01, "guard")
        for k in (-1, 1):
            with b.at((x + 0.072 * k, y + 0.072, 0.01)):
                b.cylinder(0.011, 0.0, 0.012, "metal", sides=6)
    for z in (0.12, 0.3):
        b.chamfered(-reach + 0.05, reach - 0.05, y - 0.02, y + 0.02, z, z + 0.08, 0.008, "guard")
