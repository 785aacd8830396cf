"""Multideck coolers: refrigerated wall cabinets, open or with glass doors, and where goods stand in them.

The panes of doors are a mesh of their own (`retail.cooler_panes` of the same parameters), since what is behind glass
keeps its label only where the glass is an object of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.gondola import RAIL_BACK, RAIL_DEPTH, RAIL_HEIGHT, ShelfSpace, add_board, rail
from synthgen.procedural.profiles import bent, extruded, faced, frame_x, rods
from synthgen.procedural.registry import mesh_generator

WALL, BACK, LINER = 0.042, 0.075, 0.004
DOOR, HANDLE = 0.042, 0.042
"""Thickness of a door, and how far its handle stands out, metres."""

SLOTS = ("body", "inner", "metal", "rail", "kick", "dark", "frame", "handle", "lamp", "header", "side")


@dataclass(frozen=True, slots=True)
class _Plan:
    """back, inside, open: x of the cabinet's back, of the shelves' uprights and of its opening. half: its inner width.

    parts, doors: y of the bounds of the shelves and of the doors.
    """

    back: float
    inside: float
    open: float
    half: float
    deck: float
    ceiling: float
    height: float
    tops: tuple[float, ...]
    depths: tuple[float, ...]
    parts: tuple[float, ...]
    doors: tuple[float, ...]


def _plan(doors: int, door_width: float, depth: float, height: float, shelves: int, glass: bool, seed: int) -> _Plan:
    rng = np.random.default_rng([seed, 41])
    half = doors * door_width / 2
    back = -depth / 2
    opening = depth / 2 - (DOOR + HANDLE if glass else RAIL_DEPTH + 0.002)
    inside = back + BACK
    deck = float(rng.choice([0.26, 0.3, 0.34] if glass else [0.3, 0.36, 0.42]))
    ceiling = height - float(rng.choice([0.2, 0.26, 0.32]))
    reach = opening - inside - (0.045 if glass else 0.0)
    free = ceiling - deck
    if shelves < 1 or free / (shelves + 1) < 0.2 or reach < 0.3:
        raise InputError.of(
            f"{shelves} shelves do not fit a cooler {height} m high and {depth} m deep", hint="fewer, or a larger one"
        )
    tops = deck + np.linspace(0, free, shelves + 2)[:-1] + np.r_[0.0, rng.choice([-0.025, 0.0, 0.025], shelves)]
    # In an open cabinet cold air falls in front of the shelves: they step back upwards.
    step = 0.04 if glass else float(rng.choice([0.1, 0.15, 0.2]))
    upper = reach - step - (0.0 if glass else float(rng.choice([0.0, 0.05])))
    depths = [reach, *(max(0.25, upper) for _ in range(shelves))]
    count = max(1, round(2 * half / 1.2))
    parts = np.linspace(-half, half, count + 1)
    return _Plan(
        back, inside, opening, half, deck, ceiling, height, tuple(tops.round(4).tolist()), tuple(depths),
        tuple(parts.tolist()), tuple(np.linspace(-half, half, doors + 1).tolist()),
    )  # fmt: skip


def cooler_shelves(
    doors: int = 3,
    door_width: float = 0.75,
    depth: float = 0.85,
    height: float = 2.0,
    shelves: int = 4,
    glass: bool = True,
    ajar: Sequence[float] = (),
    seed: int = 0,
) -> list[ShelfSpace]:
    """Where goods may stand in `retail.cooler` of the same parameters: from the deck upwards, each from -Y to +Y."""
    plan = _plan(doors, door_width, depth, height, shelves, glass, seed)
    found = []
    for k, (top, deep) in enumerate(zip(plan.tops, plan.depths, strict=True)):
        above = plan.tops[k + 1] - RAIL_HEIGHT - 0.002 if k + 1 < len(plan.tops) else plan.ceiling - 0.03
        front = plan.inside + deep
        for y0, y1 in pairwise(plan.parts):
            tag = (front + RAIL_BACK, (y0 + y1) / 2, top - 0.001 - RAIL_HEIGHT / 2)
            found.append(ShelfSpace(front, (y0 + y1) / 2, top, 0.0, y1 - y0 - 0.03, deep, above - top, tag))
    return found


@mesh_generator("retail.cooler")
def cooler(
    doors: int = 3,
    door_width: float = 0.75,
    depth: float = 0.85,
    height: float = 2.0,
    shelves: int = 4,
    glass: bool = True,
    ajar: Sequence[float] = (),
    seed: int = 0,
) -> Mesh:
    """A wall cabinet that opens towards +X, for milk and the like, without the panes of its doors.

    doors: how many (or how many widths, where it is open in front: glass=False). shelves: above the deck. ajar: how
    far each door from -Y on is open, degrees; shut where not given. seed: deck, header, door frames, handles, lamps.
    The header's face has UVs 0..1.

    Slots: body, inner, metal, rail, kick, dark, frame, handle, lamp, header, side. Raises InputError for shelves that
    do not fit.
    """
    plan = _plan(doors, door_width, depth, height, shelves, glass, seed)
    rng = np.random.default_rng([seed, 42])
    b = MeshBuilder(*SLOTS)
    _carcass(b, plan, rng, glass)
    for k, (top, deep) in enumerate(zip(plan.tops, plan.depths, strict=True)):
        for y0, y1 in pairwise(plan.parts):
            if k == 0:
                edge = plan.inside + deep
                b.chamfered(plan.inside + 0.001, edge, y0 + 0.002, y1 - 0.002, top - 0.03, top, 0.003, "metal")
                rail(b, edge, top - 0.001, y0 + 0.003, y1 - 0.003, "rail")
            else:
                add_board(b, top, plan.inside, deep, (y0, y1), ribs=(0.45,))
                if not glass:
                    x = plan.inside + deep - 0.05
                    b.chamfered(x, x + 0.016, y0 + 0.03, y1 - 0.03, top - 0.034, top - 0.0225, 0.002, "lamp")
    for y in plan.parts[1:-1]:
        b.chamfered(
            plan.inside - 0.002, plan.inside - 0.0002, y - 0.02, y + 0.02, plan.deck, plan.ceiling, 0.0004, "dark"
        )
    if glass:
        _doors(b, plan, ajar, seed, panes=False)
    return b.mesh()


@mesh_generator("retail.cooler_panes")
def cooler_panes(
    doors: int = 3,
    door_width: float = 0.75,
    depth: float = 0.85,
    height: float = 2.0,
    shelves: int = 4,
    glass: bool = True,
    ajar: Sequence[float] = (),
    seed: int = 0,
) -> Mesh:
    """The panes of `retail.cooler`'s doors, in the same frame. Slots: glass. Raises InputError where it has none."""
    if not glass:
        raise InputError.of("an open cooler has no panes")
    b = MeshBuilder("glass")
    _doors(b, _plan(doors, door_width, depth, height, shelves, glass, seed), ajar, seed, panes=True)
    return b.mesh()


def _carcass(b: MeshBuilder, p: _Plan, rng: np.random.Generator, glass: bool) -> None:
    """Walls, back, base and canopy."""
    out, h = p.half + LINER, p.height
    kick = float(rng.choice([0.09, 0.12]))
    b.chamfered(p.back + 0.03, p.open - 0.06, -out - WALL + 0.002, out + WALL - 0.002, 0.0, kick, 0.003, "kick")
    slits = np.arange(-p.half + 0.1, p.half - 0.14, 0.05)
    b.boxes(p.open - 0.061, p.open - 0.058, slits, slits + 0.034, kick * 0.35, kick * 0.35 + 0.008, "dark")
    b.boxes(p.open - 0.061, p.open - 0.058, slits, slits + 0.034, kick * 0.6, kick * 0.6 + 0.008, "dark")
    cut = float(rng.uniform(0.03, 0.2))
    for sign in (-1, 1):
        y0, y1 = sorted((sign * out, sign * (out + WALL)))
        if glass:
            b.chamfered(p.back, p.open, y0, y1, kick, h, 0.004, "side")
        else:
            # The side of an open cabinet is cut back towards the top.
            line = [(p.back, kick), (p.open, kick), (p.open, p.deck + 0.12), (p.open - cut, h - 0.3), (p.open - cut, h)]
            extruded(b, bent([*line, (p.back, h)], 0.06, closed=True), y0, y1, "side")
        y0, y1 = sorted((sign * (out - 0.0009), sign * p.half))
        b.boxes(p.inside - 0.02, p.open - (0.01 if glass else 0.24), y0, y1, p.deck, p.ceiling + 0.01, "inner")
    b.boxes(p.back + 0.002, p.inside - 0.03, -out, out, kick + 0.002, h - 0.003, "body")
    strips = np.linspace(p.deck - 0.01, p.ceiling + 0.005, int(rng.integers(3, 7)))
    b.boxes(p.inside - 0.03, p.inside - 0.008, -p.half, p.half, strips[:-1] + 0.004, strips[1:] - 0.004, "inner")
    front = p.open - 0.004
    b.chamfered(p.inside - 0.025, front, -out + 0.0005, out - 0.0005, kick + 0.001, p.deck - 0.035, 0.006, "body")
    bumper = float(rng.uniform(0.4, 0.7)) * (p.deck - kick) + kick
    b.chamfered(front - 0.01, front + 0.003, -out + 0.002, out - 0.002, bumper - 0.016, bumper + 0.016, 0.003, "dark")
    lintel = p.ceiling + 0.012
    b.chamfered(p.inside - 0.028, front - 0.02, -out + 0.0005, out - 0.0005, p.ceiling, h - 0.002, 0.004, "inner")
    depth_of = 0.0 if glass else float(rng.uniform(0.0, 0.018))
    faced(b, (front - 0.022, front - depth_of), (-out + 0.001, out - 0.001), (lintel, h - 0.004), "body", "header")
    x = p.open - 0.1
    b.chamfered(x, x + 0.03, -p.half + 0.03, p.half - 0.03, p.ceiling - 0.016, p.ceiling + 0.002, 0.003, "lamp")
    if not glass:
        roller = [(x - 0.1, p.ceiling - 0.024), (x - 0.04, p.ceiling - 0.024), (x - 0.04, p.ceiling + 0.002)]
        extruded(b, [*roller, (x - 0.1, p.ceiling + 0.002)], -p.half + 0.004, p.half - 0.004, "metal")
        for y in p.parts[1:-1]:
            b.chamfered(front - 0.001, front + 0.001, y - 0.003, y + 0.003, kick + 0.01, p.deck - 0.05, 0.0005, "dark")


def _doors(b: MeshBuilder, p: _Plan, ajar: Sequence[float], seed: int, *, panes: bool) -> None:
    """Door leaves, each in a frame hung at the edge of its front; or their panes alone."""
    rng = np.random.default_rng([seed, 43])
    bar = float(rng.choice([0.02, 0.032, 0.05, 0.06]))
    pairs = bool(rng.random() < 0.6)
    long = float(rng.choice([0.25, 0.5, 1.1]))
    style = int(rng.integers(0, 3))
    z0, z1 = p.deck - 0.028, p.ceiling + 0.006
    for k, (y0, y1) in enumerate(pairwise(p.doors)):
        # A pair opens from its middle; otherwise all doors hang on the same side.
        left = pairs and k % 2 == 1
        hinge, sign = (y1, -1.0) if left else (y0, 1.0)
        width = y1 - y0 - 0.005
        angle = np.radians(ajar[k] if k < len(ajar) else 0.0) * -sign
        c, s = np.cos(angle), np.sin(angle)
        with b.at((p.open + 0.001 + DOOR, hinge + sign * 0.0025, 0.0), (c, s, 0), (-s, c, 0)), b.at((-DOOR, 0, 0)):
            near, far = sorted((0.0, sign * width))
            if panes:
                edge = bar - 0.006
                b.chamfered(0.012, 0.030, near + edge, far - edge, z0 + edge, z1 - edge, 0.001, "glass")
                continue
            frame_x(b, (near, far), (z0, z1), (0.004, DOOR - 0.002), bar, "frame", radius=0.006)
            rim = bar * 0.5
            frame_x(b, (near + 0.004, far - 0.004), (z0 + 0.004, z1 - 0.004), (0.0005, 0.0035), rim, "dark")
            _handle(b, sign * (width - max(0.018, bar / 2)), (z0 + z1) / 2 - 0.05, long, style)
    if panes:
        return
    for k, y in enumerate(p.doors):
        inner = 0.02 if 0 < k < len(p.doors) - 1 else 0.012
        y = float(np.clip(y, -p.half + inner + 0.001, p.half - inner - 0.001))
        b.chamfered(p.open - 0.028, p.open - 0.001, y - inner, y + inner, z0, z1, 0.004, "frame")
        if inner == 0.02 or style != 1:
            b.chamfered(p.open - 0.04, p.open - 0.027, y - 0.009, y + 0.009, z0 + 0.06, z1 - 0.06, 0.003, "lamp")


def _handle(b: MeshBuilder, y: float, z: float, long: float, style: int) -> None:
    """A pull on the front of a door: a round bar on standoffs, a bow, or a profile over the edge."""
    x, half = DOOR - 0.0025, long / 2
    if style == 0:
        reach = x + HANDLE - 0.014
        rods(b, [(reach, y, z - half)], [(reach, y, z + half)], 0.011, "handle", sides=12)
        ends = [(x, y, z + s * half * 0.8) for s in (-1, 1)]
        rods(b, ends, [(reach - 0.002, q[1], q[2]) for q in ends], 0.007, "handle", sides=8)
    elif style == 1:
        half = min(half, 0.2)
        line = bent(
            [(x, y, z - half), (x + 0.03, y, z - half), (x + 0.03, y, z + half), (x, y, z + half)], 0.025, steps=5
        )
        b.tube(line, 0.009, "handle", sides=10)
        rods(b, [(x + 0.033, y, z - half * 0.6)], [(x + 0.033, y, z + half * 0.6)], 0.009, "handle", sides=12)
    else:
        b.chamfered(x, x + HANDLE - 0.0025, y - 0.004, y + 0.004, z - half, z + half, 0.002, "handle")
        b.chamfered(
            x + 0.03, x + HANDLE - 0.003, y - 0.012, y + 0.0035, z - half + 0.001, z + half - 0.001, 0.003, "handle"
        )
