"""Where the components of a printed circuit board are: mesh and print are both made of it. Lengths in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.procedural.workpieces.part import data, drawn

EDGE = 0.0016
"""Components keep this far from the edge."""


@dataclass(frozen=True, slots=True)
class Package:
    """A component's body: length, width, height, and what is soldered. See configs/factory/workpieces.yaml."""

    style: str
    letter: str
    length: float
    width: float
    height: float
    pins: int
    pitch: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A package on the board. turn: quarter turns. name: as printed. pads: (x, y, length, width) on the board."""

    package: Package
    x: float
    y: float
    turn: int
    name: str
    pads: tuple[tuple[float, float, float, float], ...]

    def extent(self) -> tuple[float, float]:
        """Length along x and width along y of the body on the board."""
        a, b = self.package.length, self.package.width
        return (b, a) if self.turn % 2 else (a, b)


@dataclass(frozen=True, slots=True)
class Layout:
    """A board: length, width, corner radius, mounting holes (x, y, radius), notch, mask colour, what is on it."""

    length: float
    width: float
    corner: float
    holes: tuple[tuple[float, float, float], ...]
    notch: float
    mask: str
    components: tuple[Placed, ...]


def layout(seed: int) -> Layout:
    """The board of a seed."""
    rng = np.random.default_rng([seed, *b"circuit_board"])
    n = drawn("circuit_board", rng)
    a, b, r = n["length"] / 1000, n["width"] / 1000, n["hole"] / 2000
    k = 0.0012 + 2 * r
    corners = [(a / 2 - k, b / 2 - k), (k - a / 2, b / 2 - k), (k - a / 2, k - b / 2), (a / 2 - k, k - b / 2)]
    holes = tuple((x, y, r) for x, y in (corners if n["holes"] == 4 else corners[::2]))
    taken = [(x, y, 2 * k, 2 * k) for x, y, _ in holes]
    notch = 0.0 if n["notch"] == "no" else float(rng.uniform(-0.2, 0.2)) * a
    if n["notch"] == "yes":
        taken.append((notch, -b / 2, 0.012, 0.011))
    found: list[Placed] = []
    count: dict[str, int] = {}
    for style, amount in _shopping(n, a * b, rng):
        package = _package(style, rng)
        for _ in range(amount):
            placed = _place(package, a, b, taken, rng)
            if placed is None:
                break
            x, y, turn = placed
            count[package.letter] = count.get(package.letter, 0) + 1
            found.append(
                Placed(package, x, y, turn, f"{package.letter}{count[package.letter]}", _pads(package, x, y, turn))
            )
    return Layout(a, b, n["corner"] / 1000, holes, notch if n["notch"] == "yes" else math.nan, n["mask"], tuple(found))


def _shopping(n: dict[str, object], area: float, rng: np.random.Generator) -> list[tuple[str, int]]:
    """(style, how many of one size), the largest first."""
    wanted: list[tuple[str, int]] = []
    for style, entry in data()["packages"].items():
        low, high = entry["often"]
        if entry.get("per_area"):
            dm = area / 1e-2
            groups = int(rng.integers(round(low * dm), round(high * dm) + 1))
            wanted += [(style, int(rng.integers(2, 7))) for _ in range(max(1, groups))]
        else:
            wanted += [(style, 1) for _ in range(int(rng.integers(low, high + 1)))]
    return wanted


def _package(style: str, rng: np.random.Generator) -> Package:
    entry = data()["packages"][style]
    length, width, height, pins, pitch = entry["sizes"][int(rng.integers(len(entry["sizes"])))]
    return Package(style, entry["letter"], length / 1000, width / 1000, height / 1000, int(pins), pitch / 1000)


def _place(
    p: Package, a: float, b: float, taken: list[tuple[float, float, float, float]], rng: np.random.Generator
) -> tuple[float, float, int] | None:
    """A free place: (x, y, quarter turns), and notes it; beside the last of its kind where there is room."""
    at_edge = p.style in ("usb", "terminal")
    for attempt in range(60):
        turn = int(rng.integers(4)) if not at_edge else int(rng.choice([0, 1, 2, 3]))
        long, w = (p.width, p.length) if turn % 2 else (p.length, p.width)
        margin = 0.0009 + (0.0011 if p.pins > 3 else 0.0)
        x = (
            float(rng.uniform(-a / 2 + EDGE + long / 2 + margin, a / 2 - EDGE - long / 2 - margin))
            if a > long + 0.01
            else 0.0
        )
        y = float(rng.uniform(-b / 2 + EDGE + w / 2 + margin, b / 2 - EDGE - w / 2 - margin)) if b > w + 0.01 else 0.0
        if p.pins <= 2 and attempt < 12 and len(taken) > 4:
            # In rows with its like.
            tx, ty, tl, tw = taken[-1]
            step = 0.0003
            x, y = (
                (tx, ty + (tw + w) / 2 + margin + step) if attempt % 2 else (tx + (tl + long) / 2 + margin + step, ty)
            )
        out = 0.0007 if p.style == "usb" else -0.0004
        if at_edge:
            x, y = ((a / 2 - long / 2 + out), y) if turn == 0 else (x, b / 2 - w / 2 + out) if turn == 1 else (x, y)
            x, y = (-(a / 2 - long / 2 + out), y) if turn == 2 else (x, -(b / 2 - w / 2 + out)) if turn == 3 else (x, y)
        x, y = round(x, 5), round(y, 5)
        inside = at_edge or (
            abs(x) + long / 2 + margin < a / 2 - EDGE / 2 and abs(y) + w / 2 + margin < b / 2 - EDGE / 2
        )
        clear = all(
            abs(x - tx) > (long + tl) / 2 + margin or abs(y - ty) > (w + tw) / 2 + margin for tx, ty, tl, tw in taken
        )
        if inside and clear:
            grow = 0.0022 if p.pins > 3 else 0.0006
            taken.append((x, y, long + grow, w + grow))
            return x, y, turn
    return None


def _pads(p: Package, x: float, y: float, turn: int) -> tuple[tuple[float, float, float, float], ...]:
    """What is soldered to the board, before it is turned along x."""
    a, b, n, s = p.length, p.width, p.pins, p.pitch
    pads: list[tuple[float, float, float, float]] = []
    if p.style in ("resistor", "capacitor", "led", "inductor", "electrolytic", "crystal"):
        w = min(b * 1.08, 0.0026) if p.style in ("electrolytic", "crystal") else b * 1.08
        pads = [(s_ * (a / 2 - 0.1 * a), 0.0, 0.34 * a, w) for s_ in (-1, 1)]
    elif p.style == "qfp":
        for k in range(n // 4):
            u = (k - (n // 4 - 1) / 2) * s
            pads += [(u, -b / 2 - 0.0006, 0.55 * s, 0.0013), (u, b / 2 + 0.0006, 0.55 * s, 0.0013)]
            pads += [(-a / 2 - 0.0006, u, 0.0013, 0.55 * s), (a / 2 + 0.0006, u, 0.0013, 0.55 * s)]
    elif p.style in ("soic", "sot"):
        low, high = (n + 1) // 2, n // 2
        for count, v in ((low, -b / 2 - 0.0005), (high, b / 2 + 0.0005)):
            pads += [((k - (count - 1) / 2) * (s if count > 1 else 0), v, 0.5 * s, 0.0012) for k in range(count)]
    elif p.style in ("header", "terminal"):
        rows = 2 if p.style == "header" and b > 0.004 else 1
        cols = n // rows
        span = a if p.style == "header" else b
        for k in range(cols):
            for j in range(rows):
                u, v = (k - (cols - 1) / 2) * s, (j - (rows - 1) / 2) * s
                pads.append((u, v, 0.62 * s, 0.62 * s) if span == a else (-0.1 * a, u, 0.5 * s, 0.5 * s))
    elif p.style == "usb":
        pads = [(-a / 2 + 0.001 * 1.3, v * b / 2, 0.0018, 0.0012) for v in (-1, 1)]
        pads += [(-a / 2 - 0.0004, (k - 5.5) * 0.0005, 0.0012, 0.0003) for k in range(12)]
    c, s_ = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
    return tuple(
        (round(x + c * u - s_ * v, 7), round(y + s_ * u + c * v, 7), *((lw, ll) if turn % 2 else (ll, lw)))
        for u, v, ll, lw in pads
    )
