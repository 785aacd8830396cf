"""Checkouts: a belt with a till, and the kiosk where customers scan for themselves."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import bent, extruded_x, faced, rectangle, ring, rods
from synthgen.procedural.registry import mesh_generator

SLOTS = ("body", "kick", "belt", "metal", "dark", "screen", "glass", "handle", "lamp", "trim", "lane")
SCANNER = 0.42
"""Length of the scanner's plate along the belt, metres."""


@mesh_generator("retail.checkout")
def checkout(
    length: float = 2.8, width: float = 0.95, height: float = 0.86, dividers: int = 1, lit: bool = True, seed: int = 0
) -> Mesh:
    """A checkout along Y: goods travel to +Y, customers walk by at +X, the cashier sits at -X.

    From -Y: belt, scanner with till, screens and payment terminal, packing end with a well for bags. length, width: of
    the counter; height: of the belt. dividers: bars on the belt. lit: the lane's light is on (its lamp's slot is
    `lamp`, else `lane`; both have UVs 0..1 on the front). seed: proportions, trims, places and turn of devices.

    Slots: body, kick, belt, metal, dark, screen, glass, handle, lamp, trim, lane. Raises InputError for a counter too
    short.
    """
    if length < 2.0 or width < 0.7:
        raise InputError.of(f"no checkout is {length} x {width} m", hint="2 x 0.7 m or more")
    rng = np.random.default_rng([seed, 71])
    b = MeshBuilder(*SLOTS)
    half, end = length / 2, width / 2 - 0.012
    belt = float(rng.uniform(0.42, 0.52)) * length
    scan = (-half + belt, -half + belt + SCANNER)
    front = float(rng.uniform(0.42, 0.5))
    with b.at((-0.0055, 0.0, 0.0)):
        b.chamfered(-end + 0.06, end - 0.05, -half + 0.05, half - 0.05, 0.0, 0.1, 0.004, "kick")
        top = height - 0.03
        b.chamfered(-end + width * front * 0.55, end, -half, half, 0.098, top, 0.008, "body")
        b.chamfered(-end, end - 0.001, -half + 0.001, scan[0] - 0.08, 0.099, top - 0.001, 0.008, "body")
        b.chamfered(-end, end - 0.001, scan[1] + 0.3, half - 0.001, 0.099, top - 0.14, 0.008, "body")
        for z in (0.24, 0.52) if rng.random() < 0.5 else (0.3,):
            b.chamfered(end - 0.006, end + 0.011, -half + 0.02, half - 0.02, z - 0.025, z + 0.025, 0.006, "trim")
        seams = np.linspace(-half, half, int(rng.integers(3, 6)))[1:-1]
        b.boxes(end - 0.004, end + 0.0006, seams - 0.0015, seams + 0.0015, 0.12, top - 0.03, "dark")
        _belt(b, (-half + 0.03, scan[0] - 0.015), (-end + 0.1, end - 0.07), height, end, dividers, rng)
        _scanner(b, scan, (-end + 0.08, end - 0.05), height, rng)
        _packing(b, (scan[1] + 0.01, half), end, height, rng)
        _till(b, scan, end, height, rng)
        x, y = -end + float(rng.uniform(0.1, 0.2)), -half + float(rng.uniform(0.08, 0.2))
        _lane_light(b, x, y, top, lit, rng)
    return b.mesh()


def _belt(
    b: MeshBuilder, y: tuple[float, float], x: tuple[float, float], height: float, end: float, dividers: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """The belt between its rollers, side rails, and bars that part customers' goods."""
    low = height - 0.045
    profile = bent([(y[0], low), (y[1], low), (y[1], height), (y[0], height)], 0.02, steps=6, closed=True)
    extruded_x(b, profile, x[0], x[1], "belt")
    b.chamfered(x[0] - 0.02, x[0] - 0.002, y[0], y[1], height - 0.04, height + 0.012, 0.003, "metal")
    b.chamfered(x[1] + 0.002, x[1] + 0.02, y[0], y[1], height - 0.04, height + 0.012, 0.003, "metal")
    b.chamfered(x[1] + 0.018, end - 0.002, y[0], y[1], height - 0.035, height + 0.004, 0.004, "trim")
    b.chamfered(-end + 0.002, x[0] - 0.022, y[0], y[1], height - 0.035, height + 0.004, 0.004, "trim")
    taken: list[float] = []
    for _ in range(dividers):
        at = float(rng.uniform(y[0] + 0.2, y[1] - 0.15))
        if any(abs(at - t) < 0.15 for t in taken):
            continue
        taken.append(at)
        turn = float(rng.normal(0.0, 0.12))
        c, s = np.cos(turn), np.sin(turn)
        long = float(rng.choice([0.34, 0.38, 0.42])) / 2
        with b.at(((x[0] + x[1]) / 2 + float(rng.uniform(-0.03, 0.03)), at, height), (c, s, 0), (-s, c, 0)):
            bar = bent([(-0.024, 0.0005), (0.024, 0.0005), (0.0, 0.042)], 0.006, steps=3, closed=True)
            extruded_x(b, bar, -long, long, "handle")
            for sign in (-1, 1):
                x0, x1 = sorted((sign * long, sign * (long + 0.004)))
                extruded_x(b, bar * 1.04 - (0.0, 0.0005), x0, x1, "dark")


def _scanner(
    b: MeshBuilder, y: tuple[float, float], x: tuple[float, float], height: float, rng: np.random.Generator
) -> None:
    """A steel plate with a window, on a scale, and often an upright window at the cashier's side."""
    middle = (y[0] + y[1]) / 2
    b.chamfered(x[0], x[1], y[0] + 0.004, y[1] + 0.006, height - 0.06, height - 0.004, 0.004, "metal")
    pane = (middle - 0.075, middle + 0.075)
    wide = (0.0, 0.16)
    b.chamfered(*wide, *pane, height - 0.006, height - 0.0028, 0.001, "glass")
    b.boxes(
        wide[0] - 0.012, wide[1] + 0.012, pane[0] - 0.012, pane[1] + 0.012, height - 0.0055, height - 0.0034, "dark"
    )
    if rng.random() < 0.7:
        x0, up = x[0] + 0.03, float(rng.uniform(0.1, 0.14))
        b.chamfered(x0 - 0.03, x0 + 0.035, middle - 0.14, middle + 0.14, height - 0.006, height + up, 0.012, "dark")
        b.chamfered(
            x0 + 0.033, x0 + 0.037, middle - 0.1, middle + 0.1, height + 0.015, height + up - 0.02, 0.001, "glass"
        )


def _packing(b: MeshBuilder, y: tuple[float, float], end: float, height: float, rng: np.random.Generator) -> None:
    """A slide down into a well for bags, with walls, a divider between two customers, and hooks for bags."""
    slope, floor = y[0] + float(rng.uniform(0.22, 0.32)), height - float(rng.uniform(0.1, 0.13))
    x0, x1 = -end + 0.0216, end - 0.0216
    plate = [(y[0], height - 0.012), (y[0], height - 0.03), (slope, floor - 0.02), (y[1] - 0.02, floor - 0.02),
             (y[1] - 0.02, floor), (slope + 0.01, floor)]  # fmt: skip
    extruded_x(b, np.array(plate), x0, x1, "metal")
    lip = height + float(rng.uniform(0.02, 0.06))
    for sign in (-1, 1):
        a, c = sorted((sign * (end - 0.021), sign * (end - 0.002)))
        wall = bent(
            [(y[0], floor - 0.03), (y[1] - 0.004, floor - 0.03), (y[1] - 0.004, lip), (y[0], lip)], 0.02, closed=True
        )
        extruded_x(b, wall, a, c, "trim")
    b.chamfered(x0, x1, y[1] - 0.0215, y[1] - 0.003, floor - 0.031, lip - 0.002, 0.004, "trim")
    if rng.random() < 0.6:
        base = [(-0.01, slope - 0.05), (0.01, slope - 0.05), (0.01 + 0.12, y[1] - 0.03), (0.12 - 0.01, y[1] - 0.03)]
        b.prism(np.array(base), floor - 0.01, floor + 0.07, "handle")
    if rng.random() < 0.6:
        for k in range(int(rng.integers(2, 4))):
            at = slope + 0.12 + 0.16 * k
            if at < y[1] - 0.1:
                hook = [(end - 0.004, at, lip - 0.03), (end + 0.004, at, lip - 0.03), (end + 0.004, at, lip + 0.02)]
                b.tube(bent(hook, 0.004, steps=3), 0.0035, "metal", sides=6)


def _till(b: MeshBuilder, y: tuple[float, float], end: float, height: float, rng: np.random.Generator) -> None:
    """Drawer, keyboard, the cashier's screen, the customer's display, a receipt printer and the payment terminal."""
    middle = (y[0] + y[1]) / 2
    shelf = float(rng.uniform(0.02, 0.05)) + height
    at = y[1] + 0.08
    b.chamfered(-end + 0.005, -end + 0.42, at, at + 0.4, shelf - 0.24, shelf - 0.13, 0.006, "dark")
    rods(b, [(-end + 0.1, at + 0.2, 0.1)], [(-end + 0.1, at + 0.2, shelf - 0.238)], 0.03, "metal", sides=14)
    b.boxes(-end + 0.0036, -end + 0.006, at + 0.02, at + 0.2, shelf - 0.2, shelf - 0.197, "metal")
    _screen(b, (-end + 0.16, at + 0.1, shelf - 0.132), np.pi + float(rng.uniform(-0.3, 0.5)), 0.34, 0.22, 0.22)
    _screen(b, (end - 0.08, y[1] - 0.02, height - 0.03), float(rng.uniform(-0.3, 0.3)), 0.22, 0.13, 0.2)
    b.chamfered(-end + 0.28, -end + 0.41, at + 0.23, at + 0.38, shelf - 0.132, shelf - 0.0, 0.01, "dark")
    _terminal(
        b, (end - 0.04, middle - 0.1, height - 0.02), float(rng.uniform(-0.4, 0.4)), float(rng.uniform(0.14, 0.22))
    )


def _screen(
    b: MeshBuilder, at: tuple[float, float, float], turn: float, width: float, height: float, post: float
) -> None:
    """A flat screen on a post, leaning back a little; its face has UVs 0..1."""
    c, s = np.cos(turn), np.sin(turn)
    with b.at(at, (c, s, 0), (-s, c, 0)):
        rods(b, [(-0.02, 0, 0)], [(-0.02, 0, post + height / 2)], 0.014, "metal", sides=12)
        lean = np.radians(10)
        with b.at((0.0, 0.0, post), (np.cos(lean), 0, np.sin(lean)), (0, 1, 0), (-np.sin(lean), 0, np.cos(lean))):
            b.chamfered(-0.012, 0.014, -width / 2, width / 2, 0.0, height, 0.006, "dark")
            rim = 0.012
            faced(b, (0.01, 0.0146), (-width / 2 + rim, width / 2 - rim), (rim, height - rim), "dark", "screen")


def _terminal(b: MeshBuilder, at: tuple[float, float, float], turn: float, post: float) -> None:
    """A card terminal on a stalk: a wedge with a small screen, keys and a slot for cards."""
    c, s = np.cos(turn), np.sin(turn)
    with b.at(at, (c, s, 0), (-s, c, 0)):
        rods(b, [(-0.02, 0, 0)], [(-0.02, 0, post + 0.03)], 0.012, "dark", sides=12)
        lean = np.radians(50)
        with b.at((0.0, 0.0, post), (np.cos(lean), 0, np.sin(lean)), (0, 1, 0), (-np.sin(lean), 0, np.cos(lean))):
            b.chamfered(-0.035, 0.0, -0.04, 0.04, -0.03, 0.15, 0.008, "dark")
            faced(b, (-0.004, 0.0006), (-0.03, 0.03), (0.085, 0.135), "dark", "screen")
            rows, columns = np.meshgrid(np.arange(4), np.arange(3), indexing="ij")
            y, z = (columns.ravel() - 1) * 0.02, 0.012 + rows.ravel() * 0.0165
            b.boxes(-0.002, 0.0025, y - 0.0075, y + 0.0075, z - 0.006, z + 0.006, "body")


def _lane_light(b: MeshBuilder, x: float, y: float, low: float, lit: bool, rng: np.random.Generator) -> None:
    """A pole with the lane's number in a box that is lit while the lane is open."""
    top = float(rng.uniform(1.9, 2.3))
    rods(b, [(x, y, low - 0.005)], [(x, y, top)], 0.016, "metal", sides=14)
    if rng.random() < 0.5:
        size = float(rng.uniform(0.16, 0.24)) / 2
        with b.at((x, y, top)):
            z0, z1, slot = 0.0, 2 * size, "lamp" if lit else "lane"
            b.chamfered(-size, size, -size, size, z1 - 0.002, z1 + 0.012, 0.003, "dark")
            faced(
                b, (-size + 0.002, size - 0.002), (-size + 0.002, size - 0.002), (z0, z1 - 0.001), slot, slot, back=slot
            )
    else:
        r = float(rng.uniform(0.05, 0.08))
        with b.at((x, y, top - 0.001)):
            b.lathe([(0, 0), (r, 0), (r, 0.16), (0, 0.16)], "lamp" if lit else "lane", sides=24)
            b.lathe([(0, 0.1605), (r + 0.004, 0.1605), (r + 0.004, 0.172), (0, 0.178)], "dark", sides=24)


@mesh_generator("retail.self_checkout")
def self_checkout(width: float = 1.0, height: float = 1.45, lit: bool = True, seed: int = 0) -> Mesh:
    """A kiosk that looks along +X: scanner and scale, a screen, a payment terminal, and a shelf with bags beside.

    width: with its shelf, along Y; height: to the screen's top. lit: as in `retail.checkout`. seed: proportions and
    which side the shelf is on.

    Slots: body, kick, belt, metal, dark, screen, glass, handle, lamp, trim, lane.
    """
    rng = np.random.default_rng([seed, 72])
    b = MeshBuilder(*SLOTS)
    half, deep = width / 2, float(rng.uniform(0.22, 0.28))
    side = 1.0 if rng.random() < 0.5 else -1.0
    cut = float(rng.uniform(0.02, 0.14)) * width
    table, shelf = float(rng.uniform(0.78, 0.9)), float(rng.uniform(0.5, 0.7))

    def span(a: float, c: float) -> tuple[float, float]:
        low, high = sorted((side * a, side * c))
        return low, high

    tower, bags = span(-half, cut), span(cut + 0.006, half)
    b.chamfered(-deep + 0.03, deep - 0.04, tower[0] + 0.02, tower[1] - 0.02, 0.0, 0.08, 0.003, "kick")
    b.chamfered(-deep, deep, *tower, 0.079, table, 0.012, "body")
    b.chamfered(-deep, -0.4 * deep, tower[0] + 0.02, tower[1] - 0.02, table - 0.01, height - 0.25, 0.015, "trim")
    middle = (tower[0] + tower[1]) / 2
    b.chamfered(
        -0.38 * deep, deep - 0.03, tower[0] + 0.03, tower[1] - 0.03, table - 0.002, table + 0.006, 0.002, "metal"
    )
    b.chamfered(0.0, 0.14, middle - 0.06, middle + 0.06, table + 0.004, table + 0.0075, 0.001, "glass")
    b.chamfered(
        -0.41 * deep, -0.41 * deep + 0.02, middle - 0.07, middle + 0.07, table + 0.03, table + 0.14, 0.002, "glass"
    )
    wide = tower[1] - tower[0] - 0.06
    _screen(b, (-0.6 * deep, middle, height - 0.5), 0.0, min(wide, 0.4), 0.27, 0.22)
    _terminal(b, (-0.2 * deep, middle + side * -0.1, table), 0.1, 0.15)
    b.chamfered(-deep + 0.05, deep - 0.05, bags[0] + 0.01, bags[1] - 0.01, 0.0, 0.06, 0.004, "kick")
    b.chamfered(-deep + 0.12, deep - 0.12, bags[0] + 0.06, bags[1] - 0.06, 0.058, shelf - 0.03, 0.01, "body")
    b.chamfered(-deep, deep - 0.01, *bags, shelf - 0.032, shelf, 0.006, "metal")
    for x in (-deep + 0.03, -deep + 0.06):
        y0, y1 = bags[0] + 0.03, bags[1] - 0.03
        line = [(x, y0, shelf - 0.005), (x, y0, shelf + 0.42), (x, y1, shelf + 0.42), (x, y1, shelf - 0.005)]
        b.tube(bent(line, 0.04, steps=5), 0.005, "metal", sides=8)
    outline = rectangle(-deep + 0.075, deep - 0.15, bags[0] + 0.05, bags[1] - 0.05, 0.04)
    inner = rectangle(-deep + 0.078, deep - 0.153, bags[0] + 0.053, bags[1] - 0.053, 0.037)
    if rng.random() < 0.7:
        ring(b, outline, inner, shelf + 0.0008, shelf + 0.36, "handle")
    rods(b, [(-0.85 * deep, middle, height - 0.28)], [(-0.85 * deep, middle, height + 0.3)], 0.012, "metal", sides=12)
    with b.at((-0.85 * deep, middle, height + 0.299)):
        slot = "lamp" if lit else "lane"
        b.lathe([(0, 0), (0.035, 0), (0.035, 0.12), (0, 0.12)], slot, sides=20)
        b.lathe([(0, 0.1206), (0.038, 0.1206), (0.038, 0.13), (0, 0.134)], "dark", sides=20)
    b.chamfered(deep - 0.001, deep + 0.003, middle - 0.1, middle + 0.1, table - 0.2, table - 0.165, 0.001, "dark")
    return b.mesh()
