"""What encloses a hall: walls of sheet or panels with openings, sectional gates, doors, bands of windows.

Lengths along Y, the hall at +X, z = 0 the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.hall import bollard
from synthgen.procedural.panels import rectangle, slab, standing
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array
from synthgen.procedural.stripes import add_stripes

WALLS = ("trapezoid", "upright", "level")
"""Ribbed sheet; smooth panels that stand; smooth panels that lie."""


@mesh_generator("factory.hall_wall")
def hall_wall(
    length: float = 20.0,
    height: float = 8.0,
    kind: str = "trapezoid",
    plinth: float = 0.0,
    gable: float = 0.0,
    openings: Sequence[Sequence[float]] = (),
    seed: int = 0,
) -> Mesh:
    """The inner face of a wall, one of `WALLS`; its foremost plane is x = 0. plinth: height of a concrete foot; gable:
    rise of its top edge in the middle; openings: (y0, y1, z0, z1) each, framed. Metres.

    A sheet: nothing is behind it. Slots: sheet, plinth, trim. face_random: per panel. Raises InputError for another
    kind.
    """
    if kind not in WALLS:
        raise InputError.of(f"no wall is {kind!r}", hint=", ".join(WALLS))
    rng = np.random.default_rng([seed, 227])
    b = MeshBuilder("sheet", "plinth", "trim")
    holes = [tuple(float(v) for v in o) for o in openings]
    strips = _strips(length, kind, plinth, height, rng)
    for (y0, x0), (y1, x1), own in strips:
        cuts = [y0, *sorted(v for h in holes for v in h[:2] if y0 + 1e-6 < v < y1 - 1e-6), y1]
        for a, c in pairwise(cuts):
            depth = [x0 + (x1 - x0) * (v - y0) / max(y1 - y0, 1e-9) for v in (a, c)]
            top = [height + gable * (1 - abs(v) / (length / 2)) for v in (a, c)]
            spans = _free(plinth, height, (a + c) / 2, holes)
            for low, high in spans:
                ends = top if high >= height - 1e-9 else [high, high]
                _panel(b, (a, c), depth, low, ends, kind, own, rng)
    if plinth > 0:
        feet = [h for h in holes if h[2] < plinth]
        edges = [-length / 2, *sorted(v for h in feet for v in h[:2]), length / 2]
        for a, c in list(pairwise(edges))[::2]:
            if c - a > 0.01:
                b.chamfered(-0.12, 0.02, a, c, 0.0, plinth, 0.008, "plinth")
    for y0, y1, z0, z1 in holes:
        w, t = 0.07, 0.012
        for y in (y0, y1):
            side = -1.0 if y == y0 else 1.0
            edge = sorted((y, y + side * w))
            b.boxes(-0.16, t, edge[0], edge[1], z0 if z0 > 0 else 0.0, z1 + w, "trim")
        b.boxes(-0.16, t, y0, y1, z1, z1 + w, "trim")
        if z0 > 0.05:
            b.boxes(-0.16, t + 0.03, y0, y1, z0 - w, z0, "trim")
    return b.mesh()


def _strips(
    length: float, kind: str, plinth: float, height: float, rng: np.random.Generator
) -> list[tuple[tuple[float, float], tuple[float, float], float]]:
    """Upright strips of the wall from -Y: (y, x) of both edges, and a random number of the panel."""
    y = length / 2
    if kind == "level":
        return [((-y, -0.001), (y, -0.001), 0.5)]
    line: list[tuple[float, float]] = []
    if kind == "trapezoid":
        pitch, deep = float(rng.choice((0.2, 0.25, 0.333))), float(rng.choice((0.035, 0.04, 0.05)))
        shape = [(0.0, 0.0), (0.35, 0.0), (0.5, -deep), (0.85, -deep)]
        for k in range(int(np.ceil(length / pitch)) + 1):
            line += [((k + u) * pitch - y, x) for u, x in shape]
        group = 4
    else:
        pitch, deep = float(rng.choice((1.0, 1.15))), 0.014
        for k in range(int(np.ceil(length / pitch)) + 1):
            at = k * pitch - y
            line += [(at, -deep), (at + 0.008, -0.001), (at + pitch - 0.008, -0.001)]
        group = 1
    strips = []
    for (y0, x0), (y1, x1) in pairwise(line):
        if y0 >= y - 1e-6:
            break
        if y1 > y:
            x1 = x0 + (x1 - x0) * (y - y0) / (y1 - y0)
            y1 = y
        own = (int((y0 + y + 1e-6) / pitch) // group) * 0.618 % 1.0
        strips.append(((y0, x0), (y1, x1), own))
    return strips


def _free(low: float, high: float, y: float, holes: list[tuple[float, ...]]) -> list[tuple[float, float]]:
    """Ranges of height where the wall is, at y."""
    spans = [(low, high)]
    for y0, y1, z0, z1 in holes:
        if y0 < y < y1:
            spans = [part for a, c in spans for part in ((a, min(c, z0)), (max(a, z1), c)) if part[1] - part[0] > 1e-6]
    return spans


def _panel(
    b: MeshBuilder,
    y: tuple[float, float],
    x: list[float],
    low: float,
    top: list[float],
    kind: str,
    own: float,
    rng: np.random.Generator,
) -> None:
    """One strip; level panels are cut every metre with a groove between."""
    cuts = [low]
    if kind == "level":
        cuts += [float(z) for z in np.arange(np.ceil(low + 0.05), min(top), 1.0)]
    for k, z0 in enumerate(cuts):
        ends = [cuts[k + 1] - 0.012] * 2 if k + 1 < len(cuts) else top
        p = [(x[0], y[0], z0), (x[1], y[1], z0), (x[1], y[1], ends[1]), (x[0], y[0], ends[0])]
        uv = [(q[1], q[2]) for q in p]
        b.quads([p], "sheet", uvs=[uv], random=own if kind != "level" else (z0 * 0.618) % 1.0)
        if k + 1 < len(cuts):
            z1 = cuts[k + 1]
            back = x[0] - 0.014
            groove = [
                [
                    (x[0], y[0], ends[0]),
                    (x[1], y[1], ends[1]),
                    (back, y[1], ends[1] + 0.006),
                    (back, y[0], ends[0] + 0.006),
                ],
                [(back, y[0], z1 - 0.006), (back, y[1], z1 - 0.006), (x[1], y[1], z1), (x[0], y[0], z1)],
            ]
            b.quads(groove, "sheet", random=0.2)


# --- gates


@mesh_generator("factory.gate", version=2)
def gate(
    width: float = 3.5, height: float = 4.0, opened: float = 0.0, windows: int = 1, guard: str = "posts", seed: int = 0
) -> Mesh:
    """A sectional gate before an opening of this size. opened: share 0..1 of its height that is free; windows: rows
    of panes in it; guard: "posts", "stripes" or "none" beside it. What is up hangs on rails over the hall (+X).

    Slots: panel, frame, pane, seal, metal, yellow, black.
    """
    rng = np.random.default_rng([seed, 229])
    b = MeshBuilder("panel", "frame", "pane", "seal", "metal", "yellow", "black")
    y = width / 2
    for side in (-1.0, 1.0):
        edge = sorted((side * (y + 0.005), side * (y + 0.09)))
        b.chamfered(0.013, 0.07, edge[0], edge[1], 0.0, height + 0.3, 0.003, "frame")
        b.chamfered(
            0.0705, 0.1, side * (y + 0.06) - 0.02, side * (y + 0.06) + 0.02, 0.02, height - 0.05, 0.003, "metal"
        )
    count = max(4, round(height / 0.55))
    tall = height / count
    lift = float(np.clip(opened, 0.0, 1.0)) * height
    top = height + 0.06
    rows = set(range(1, 1 + windows)) if count > 3 else set()
    rows = {min(count - 1, r + (1 if tall < 0.55 else 0)) for r in rows}
    ribs = int(rng.integers(0, 4))
    panes = max(2, round(width / 0.75))
    for k in range(count):
        low = k * tall + lift
        # Where the track bends: what is above goes back along the rails.
        if low < top - tall / 2:
            origin, up, out = (0.118, 0.0, low), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)
        else:
            along = low - (top - tall / 2)
            origin, up, out = (0.3 + along, 0.0, height + 0.24), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
        with b.at(origin, (0, 1, 0), up, out):
            _section(b, y, tall, ribs, panes if k in rows else 0)
    if lift < 0.05:
        b.boxes(0.075, 0.116, -y, y, 0.0, 0.004, "seal")
        _backing(b, y, height, 0.0, "seal")
    else:
        low = lift
        b.chamfered(0.085, 0.113, -y + 0.01, y - 0.01, low - 0.05, low - 0.001, 0.01, "seal")
    # The shaft with its springs, and the rails.
    z = height + 0.42
    with b.at((0.17, 0.0, z), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
        b.cylinder(0.014, -y - 0.12, y + 0.12, "metal", sides=12)
        for s in (-1.0, 1.0):
            ends = sorted((s * 0.15, s * min(y - 0.2, 1.2)))
            turns = np.arange(ends[0], ends[1], 0.04)
            profile = [(0.0141, ends[0])]
            for t in turns:
                profile += [(0.038, float(t) + 0.002), (0.042, float(t) + 0.008)]
            profile += [(0.0141, ends[1]), (0.0141, ends[0])]
            b.lathe(profile, "frame", sides=16)
            b.cylinder(0.09, s * (y + 0.02) - 0.03, s * (y + 0.02) + 0.03, "metal", sides=20)
    far = height + 0.75
    for side in (-1.0, 1.0):
        b.chamfered(
            0.4, far, side * (y + 0.06) - 0.02, side * (y + 0.06) + 0.02, height + 0.21, height + 0.26, 0.003, "metal"
        )
        curve = np.linspace(0.0, np.pi / 2, 7)
        path = [(0.085 + 0.3 * (1 - np.cos(a)), side * (y + 0.06), height - 0.055 + 0.29 * np.sin(a)) for a in curve]
        b.tube(path, 0.018, "metal", sides=8)
        for x in (far - 0.05, (0.4 + far) / 2):
            b.boxes(
                x - 0.015,
                x + 0.015,
                side * (y + 0.085) - 0.003,
                side * (y + 0.085) + 0.003,
                height + 0.2,
                height + 1.1,
                "metal",
            )
    _guards(b, y, guard, rng)
    return b.mesh()


def lattice(
    b: MeshBuilder,
    bounds: tuple[float, float, float, float],
    holes: Sequence[Array],
    z: tuple[float, float],
    slot: str,
) -> None:
    """A slab over (x0, x1, y0, y1) with a row of equally high rectangular holes, of rails and posts that butt."""
    x0, x1, y0, y1 = bounds
    if not holes:
        b.boxes(x0, x1, y0, y1, z[0], z[1], slot)
        return
    low, high = float(holes[0][0, 1]), float(holes[0][2, 1])
    b.boxes(x0, x1, y0, low, z[0], z[1], slot)
    b.boxes(x0, x1, high, y1, z[0], z[1], slot)
    edges = np.array([x0, *(v for h in holes for v in (h[0, 0], h[2, 0])), x1])
    b.boxes(edges[::2], edges[1::2], low + 0.0003, high - 0.0003, z[0], z[1], slot)


def _section(b: MeshBuilder, y: float, tall: float, ribs: int, panes: int) -> None:
    """A section in the frame's x, y plane, hall at +z: with level beads, or panes."""
    gap, t = 0.004, 0.04
    pitch = 2 * y / max(1, panes)
    middles = -y + (np.arange(panes) + 0.5) * pitch
    holes = [rectangle(at - pitch * 0.38, at + pitch * 0.38, tall * 0.22, tall * 0.78) for at in middles]
    lattice(b, (-y, y, gap, tall - gap), holes, (-t, 0.0), "panel")
    for hole in holes:
        (x0, y0), (x1, y1) = hole[0], hole[2]
        frame = rectangle(x0 - 0.03, x1 + 0.03, y0 - 0.03, y1 + 0.03)
        slab(b, [frame, rectangle(x0 + 0.012, x1 - 0.012, y0 + 0.012, y1 - 0.012)], 0.0004, 0.012, "seal")
        b.boxes(x0 + 0.0004, x1 - 0.0004, y0 + 0.0004, y1 - 0.0004, -0.024, -0.016, "pane")
    if ribs and not panes:
        for k in range(ribs):
            at = tall * (k + 0.5) / ribs
            h = min(0.05, 0.25 * tall / ribs)
            b.chamfered(-y + 0.02, y - 0.02, at - h, at + h, 0.0003, 0.006, 0.0055, "panel")
    for at in np.linspace(-y + 0.12, y - 0.12, max(2, round(2 * y / 1.2))):
        b.boxes(at - 0.03, at + 0.03, gap + 0.001, gap + 0.06, 0.0065, 0.0105, "metal")


def _backing(b: MeshBuilder, y: float, height: float, low: float, slot: str) -> None:
    """A plate at the wall's outer face, so that no light comes through the gaps around what closes an opening."""
    b.boxes(-0.158, -0.15, -y - 0.05, y + 0.05, low, height + 0.05, slot)


def _guards(b: MeshBuilder, y: float, guard: str, rng: np.random.Generator) -> None:
    far = y + 0.28
    for side in (-1.0, 1.0):
        if guard == "posts":
            with b.at((0.35, side * far, 0.0)):
                bollard(b, float(rng.choice((0.045, 0.06, 0.08))), 1.1)
        elif guard == "stripes":
            b.chamfered(0.0135, 0.05, side * far - 0.15, side * far + 0.15, 0.02, 2.0, 0.004, "yellow")
            with standing(b, (0.0508, side * far - 0.145, 0.03), (0, 1, 0)):
                add_stripes(b, 0.29, 1.96, 0.1)


# --- doors and windows


@mesh_generator("factory.hall_door", version=2)
def hall_door(width: float = 1.0, height: float = 2.1, leaves: int = 1, window: bool = True, seed: int = 0) -> Mesh:
    """A steel door, closed, before an opening of this size, hall at +X.

    Slots: leaf, frame, pane, handle, plate.
    """
    rng = np.random.default_rng([seed, 233])
    b = MeshBuilder("leaf", "frame", "pane", "handle", "plate")
    y, w = width / 2, 0.06
    outer, inner = rectangle(-y, y, 0.0, height), rectangle(-y + w, y - w, 0.0, height - w)
    shape = np.concatenate([outer[:1], inner[:1], inner[3:2:-1], inner[2:0:-1], outer[1:]])
    with standing(b, (-0.03, 0.0, 0.0), (0, 1, 0)):
        slab(b, [shape], 0.0, 0.055, "frame")
        clear = (2 * (y - w) - 0.004 * (leaves + 1)) / leaves
        bar = bool(rng.random() < 0.45)
        for k in range(leaves):
            x0 = -y + w + 0.004 + k * (clear + 0.004)
            x1 = x0 + clear
            holes = []
            if window:
                half, low, high = min(0.16, clear * 0.24), height * 0.6, height * 0.82
                at = (x0 + x1) / 2
                holes = [rectangle(at - half, at + half, low, high)]
            slab(b, [rectangle(x0, x1, 0.006, height - w - 0.004), *holes], 0.0, 0.045, "leaf")
            for hole in holes:
                (a, c), (d, e) = hole[0], hole[2]
                ring = [
                    rectangle(a - 0.03, d + 0.03, c - 0.03, e + 0.03),
                    rectangle(a + 0.006, d - 0.006, c + 0.006, e - 0.006),
                ]
                slab(b, ring, 0.0455, 0.052, "frame")
                b.boxes(a + 0.0004, d - 0.0004, c + 0.0004, e - 0.0004, 0.018, 0.026, "pane")
            hand = x1 - 0.07 if k == 0 else x0 + 0.07
            inward = -1.0 if k == 0 else 1.0
            if bar:
                b.chamfered(x0 + 0.05, x1 - 0.05, 1.02, 1.06, 0.09, 0.115, 0.008, "handle")
                for s in (x0 + 0.08, x1 - 0.08):
                    b.chamfered(s - 0.03, s + 0.03, 1.0, 1.08, 0.0455, 0.0895, 0.005, "plate")
            else:
                b.chamfered(hand - 0.02, hand + 0.02, 0.95, 1.15, 0.0455, 0.052, 0.002, "plate")
                b.tube(
                    [
                        (hand, 1.05, 0.0525),
                        (hand, 1.05, 0.09),
                        (hand + inward * 0.02, 1.05, 0.1),
                        (hand + inward * 0.13, 1.05, 0.1),
                    ],
                    0.01,
                    "handle",
                    sides=10,
                )
            if rng.random() < 0.6:
                b.boxes(x0 + 0.02, x1 - 0.02, 0.02, 0.26, 0.0455, 0.047, "plate")
        b.chamfered(-y + w + 0.02, -y + w + 0.3, height - w - 0.07, height - w - 0.015, 0.0456, 0.09, 0.006, "frame")
    _backing(b, y, height, 0.0, "frame")
    return b.mesh()


@mesh_generator("factory.window_band", version=2)
def window_band(length: float = 12.0, height: float = 1.2, pitch: float = 1.5, seed: int = 0) -> Mesh:
    """Windows in an opening of this size, hall at +X. Slots: frame, pane."""
    b = MeshBuilder("frame", "pane")
    rng = np.random.default_rng([seed, 239])
    y = length / 2
    count = max(1, round(length / pitch))
    edges = np.linspace(-y, y, count + 1)
    holes = [rectangle(a + 0.035, c - 0.035, 0.05, height - 0.05) for a, c in pairwise(edges)]
    with standing(b, (-0.09, 0.0, 0.0), (0, 1, 0)):
        lattice(b, (-y, y, 0.0, height), holes, (0.0, 0.06), "frame")
        for hole in holes:
            (a, c), (d, e) = hole[0], hole[2]
            if rng.random() < 0.3:
                ring = [
                    rectangle(a + 0.001, d - 0.001, c + 0.001, e - 0.001),
                    rectangle(a + 0.045, d - 0.045, c + 0.045, e - 0.045),
                ]
                slab(b, ring, 0.0105, 0.075, "frame")
            b.boxes(a + 0.0005, d - 0.0005, c + 0.0005, e - 0.0005, 0.002, 0.01, "pane")
    _backing(b, y, height, 0.0, "pane")
    return b.mesh()


@mesh_generator("factory.trailer_inside", version=3)
def trailer_inside(width: float = 2.7, height: float = 2.9, length: float = 8.0, seed: int = 0) -> Mesh:
    """A lorry's body that stands at a gate, seen from within: its mouth at x = 0, the rest towards -X.

    width, height: inside, metres. Slots: side, floor, roof, rail, cushion.
    """
    rng = np.random.default_rng([seed, 317])
    b = MeshBuilder("side", "floor", "roof", "rail", "cushion")
    y, t = width / 2, 0.05
    for s in (-1.0, 1.0):
        edge = sorted((s * y, s * (y + t)))
        b.boxes(-length, 0.0, edge[0], edge[1], -0.08, height, "side")
        for z in (float(rng.uniform(0.25, 0.4)), 1.1, 1.9):
            rail = sorted((s * (y - 0.0005), s * (y - 0.015)))
            b.chamfered(-length + 0.05, -0.05, rail[0], rail[1], z, z + 0.12, 0.004, "rail")
        cushion = sorted((s * (y - 0.12), s * (y - 0.0155)))
        b.boxes(-0.45, -0.16, cushion[0], cushion[1], 0.02, height - 0.01, "cushion")
    b.boxes(-length - t, -length, -y - t, y + t, -0.08, height, "side")
    planks = np.linspace(-y, y, 10)
    b.boxes(-length, 0.0, planks[:-1] + 0.002, planks[1:] - 0.002, -0.04, -0.004, "floor", random=rng.random(9))
    b.boxes(-length - t, 0.0, -y - t, y + t, height, height + t, "roof")
    bows = np.arange(-length + 0.4, -0.3, 0.6)
    b.boxes(bows - 0.02, bows + 0.02, -y, y, height - 0.03, height - 0.0005, "rail")
    b.boxes(-length - t, 0.0, -y - t, y + t, -0.1, -0.0805, "rail")
    return b.mesh()
