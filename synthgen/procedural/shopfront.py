"""Ground floors: shop fronts with signs and awnings, and the front doors of houses. Frame as in `facade`."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.paths import data_dir
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.facade import box, pane, reveals
from synthgen.procedural.shapes import Array, circle
from synthgen.procedural.text import add_text, text_width

PIER = 0.28
RECESS = 0.35
GLASS_AT = -0.30
RISER = 0.5
TRANSOM = 2.25
FASCIA = 0.75
"""Height of the zone above the glass that carries the fascia, metres."""

THRESHOLD = 0.03


@cache
def shop_names() -> tuple[dict[str, Any], ...]:
    """Trades with their invented names and fitting fonts (assets/procedural/shop_names.yaml)."""
    with (data_dir("assets") / "procedural" / "shop_names.yaml").open(encoding="utf-8") as file:
        return tuple(yaml.safe_load(file))


def shop_front(b: MeshBuilder, a: float, c: float, height: float, rng: np.random.Generator, taken: set[str]) -> None:
    """One shop between u = a and u = c, below `height`; the caller leaves the hole of `shop_hole` in the wall.

    taken: names that the building's other shops have; this one's joins them.
    """
    left, right, low, top = shop_hole(a, c, height)
    own = float(rng.random())
    reveals(b, left, right, low, top, RECESS)
    _floor(b, left, right, low, own)
    door_width = 1.0
    door_left = rng.random() < 0.5
    da = left if door_left else right - door_width
    _shop_door(b, da, da + door_width, low, top, own, handle_right=door_left)
    ga, gc = (da + door_width, right) if door_left else (left, da)
    box(b, ga, gc, low, RISER, GLASS_AT - 0.02, GLASS_AT + 0.06, "door", skip="+y -z", random=own)
    count = max(1, round((gc - ga) / rng.uniform(1.3, 2.2)))
    step = (gc - ga) / count
    for k in range(count):
        d = GLASS_AT + rng.uniform(-0.008, 0.008)
        pane(b, ga + step * k, ga + step * (k + 1), RISER, top, d, "shop_glass", random=float(rng.random()))
    posts = np.clip(ga + step * np.arange(count + 1), ga + 0.03, gc - 0.03)
    box(
        b, posts - 0.03, posts + 0.03, RISER, top, GLASS_AT - 0.02, GLASS_AT + 0.05, "door", skip="+y -z +z", random=own
    )
    if rng.random() < 0.7:
        bar_ends = (ga + 0.06, gc - 0.06)
        box(
            b,
            *bar_ends,
            TRANSOM,
            TRANSOM + 0.06,
            GLASS_AT - 0.02,
            GLASS_AT + 0.044,
            "door",
            skip="+y -x +x",
            random=own,
        )
    _fascia(b, a, c, height, own, rng, taken)
    kind = rng.random()
    if kind < 0.42:
        awning(b, a + 0.15, c - 0.15, height - FASCIA, rng)
    elif kind < 0.62:
        _blade_sign(b, c - 0.14, height, rng)
    elif rng.random() < 0.35:
        _gooseneck_lamps(b, a, c, height)


def shop_hole(a: float, c: float, height: float) -> tuple[float, float, float, float]:
    """(u0, u1, v0, v1) of the opening in the wall for a shop between a and c."""
    return a + PIER, c - PIER, THRESHOLD, height - FASCIA


def _floor(b: MeshBuilder, left: float, right: float, low: float, own: float) -> None:
    """The step in the recess."""
    b.boxes(left, right, 0.0, RECESS, 0.0, low + 0.012, "stone", skip="-x +x -y +y -z", random=own)
    b.boxes(left, right, -0.04, 0.0, 0.0, low + 0.012, "stone", skip="-z +y", random=own)


def _shop_door(b: MeshBuilder, u0: float, u1: float, low: float, top: float, own: float, *, handle_right: bool) -> None:
    d = GLASS_AT
    bar = 0.11
    box(b, u0, u0 + bar, low, TRANSOM, d - 0.02, d + 0.03, "door", skip="+y -z +z", random=own)
    box(b, u1 - bar, u1, low, TRANSOM, d - 0.02, d + 0.03, "door", skip="+y -z +z", random=own)
    box(b, u0 + bar, u1 - bar, low, low + 0.28, d - 0.02, d + 0.03, "door", skip="+y -z -x +x", random=own)
    box(b, u0, u1, TRANSOM - bar, TRANSOM, d - 0.02, d + 0.034, "door", skip="+y -x +x", random=own)
    pane(b, u0 + bar, u1 - bar, low + 0.28, TRANSOM - bar, d, "shop_glass", random=own)
    pane(b, u0, u1, TRANSOM, top, d - 0.004, "shop_glass", random=own)
    grip = (u1 - bar / 2) if handle_right else (u0 + bar / 2)
    b.tube(
        [(grip, -d - 0.028, 0.9), (grip, -d - 0.09, 0.92), (grip, -d - 0.09, 1.38), (grip, -d - 0.028, 1.4)],
        0.014,
        "metal",
    )


def _fascia(
    b: MeshBuilder, a: float, c: float, height: float, own: float, rng: np.random.Generator, taken: set[str]
) -> None:
    low, high = height - 0.72, height - 0.12
    box(b, a + 0.08, c - 0.08, low, high, 0.0, 0.09, "sign", random=own)
    box(b, a + 0.04, c - 0.04, high, height - 0.04, 0.0, 0.16, "stone")
    free = [t for t in shop_names() if not taken.issuperset(t["names"])]
    trade = free[int(rng.integers(len(free)))]
    name = str(rng.choice([n for n in trade["names"] if n not in taken]))
    taken.add(name)
    font = str(rng.choice(trade["fonts"]))
    letter = rng.uniform(0.24, 0.34)
    spacing = rng.uniform(0.0, 0.12)
    room = (c - a) * 0.8
    letter = min(letter, letter * room / max(text_width(name, letter, font=font, spacing=spacing), 1e-6))
    width = text_width(name, letter, font=font, spacing=spacing)
    middle = (a + c) / 2 if rng.random() < 0.7 else a + 0.3 + width / 2
    with b.at((middle - width / 2, -0.09, (low + high - letter) / 2)):
        add_text(
            b, name, letter, "text", font=font, extrude=float(rng.choice([0.012, 0.03])), spacing=spacing, random=own
        )


def awning(b: MeshBuilder, u0: float, u1: float, top: float, rng: np.random.Generator) -> None:
    """A striped or plain awning below `top`, closed at the sides, with a valance and two arms."""
    drop, reach = rng.uniform(0.5, 0.9), rng.uniform(0.9, 1.5)
    n = max(6, int((u1 - u0) / 0.35))
    striped = rng.random() < 0.6
    edge = np.linspace(u0, u1, n + 1)
    low, thick, valance = top - drop, 0.008, rng.uniform(0.14, 0.24)

    def strip(p: tuple[float, float], q: tuple[float, float], flip: bool) -> Array:
        """Quads across all stripes between the (d, v) points p (below) and q (above)."""
        a, c = edge[:-1], edge[1:]
        one = np.ones(n)
        corners = [(a, p), (c, p), (c, q), (a, q)]
        quad: Array = np.stack([np.stack([u, -d * one, v * one], axis=1) for u, (d, v) in corners], axis=1)
        return quad[:, ::-1] if flip else quad

    slots = np.where((np.arange(n) % 2 == 0) | (not striped), "awning", "stone")
    slope = ((reach, low), (0.02, top))
    under = ((reach - thick, low - thick), (0.02, top - 2 * thick))
    outer = ((reach, low - valance), (reach, low))
    inner = ((reach - thick, low - valance), (reach - thick, low - thick))
    for name in ("awning", "stone"):
        chosen = slots == name
        for (p, q), flip in ((slope, False), (under, True), (outer, False), (inner, True)):
            b.quads(strip(p, q, flip)[chosen], name, random=0.5)
    for u, flip in ((u0 + 0.001, True), (u1 - 0.001, False)):
        side = np.array(
            [(u, -0.02, top), (u, -reach, low), (u, -reach, low - valance), (u, -0.02, low - valance * 0.2)]
        )
        for twist, shift in ((flip, 0.0), (not flip, 0.003 if flip else -0.003)):
            quad = side + np.array([shift, 0.0, 0.0])
            b.quads((quad[::-1] if twist else quad)[None], "awning", random=0.5)
    for u in (u0 + 0.25, u1 - 0.25):
        b.tube([(u, -0.01, low - 0.05), (u, -reach + 0.03, low - 0.04)], 0.012, "metal", sides=6)


def _gooseneck_lamps(b: MeshBuilder, a: float, c: float, height: float) -> None:
    for u in np.linspace(a, c, 4)[1:-1]:
        top = height + 0.06
        b.tube(
            [(u, -0.14, top), (u, -0.3, top + 0.2), (u, -0.52, top + 0.16), (u, -0.56, top + 0.02)],
            0.014,
            "metal",
            sides=6,
        )
        with b.at((u, -0.56, top - 0.14)):
            b.lathe([(0.1, 0.0), (0.1, 0.01), (0.03, 0.14), (0.0, 0.17)], "metal", sides=12)
            b.lathe([(0.0, 0.012), (0.096, 0.012)], "stone", sides=12)


def _blade_sign(b: MeshBuilder, u: float, height: float, rng: np.random.Generator) -> None:
    kind = rng.choice(["plate", "disc", "cross"])
    low = height - 0.75
    own = float(rng.random())
    b.tube([(u, -0.089, low + 0.62), (u, -0.82, low + 0.62)], 0.014, "metal", sides=6)
    if kind == "disc":
        with b.at((u, -0.48, low + 0.3), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.prism(circle(0.29, 24), -0.04, 0.04, "sign2", smooth=True, random=own)
    elif kind == "cross":
        arm, half = 0.3, 0.1
        outline = [
            (-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half), (half, half),
            (half, arm), (-half, arm), (-half, half), (-arm, half), (-arm, -half), (-half, -half),
        ]  # fmt: skip
        with b.at((u, -0.48, low + 0.3), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.prism(outline, -0.05, 0.05, "sign2", random=own)
    else:
        b.chamfered(u - 0.04, u + 0.04, -0.78, -0.18, low + 0.03, low + 0.57, 0.01, "sign2", random=own)
        b.chamfered(u - 0.045, u + 0.045, -0.72, -0.24, low + 0.22, low + 0.36, 0.002, "text", random=own)


def house_door(
    b: MeshBuilder, u0: float, u1: float, low: float, high: float, rng: np.random.Generator, *, lamp_right: bool = True
) -> None:
    """A front door in an opening of the wall: leaf with panels, transom light, steps, number, lamp and bell plate.

    The lamp needs 0.42 m of wall on its side.
    """
    depth = 0.26
    own = float(rng.random())
    reveals(b, u0, u1, low, high, depth)
    leaf = min(high - 0.1, low + 2.15)
    box(b, u0, u1, low, leaf, -depth, -depth + 0.05, "door", skip="+y -x +x -z", random=own)
    width = u1 - u0
    for k in range(2):
        a = u0 + 0.1 + k * (width - 0.1) / 2
        c = a + (width - 0.3) / 2
        for p, q in ((0.18, 0.85), (1.0, leaf - low - 0.15)):
            if k == 0 or width > 0.9:
                box(b, a, c, low + p, low + q, -depth + 0.05, -depth + 0.065, "door", random=own)
    if high - leaf > 0.12:
        box(b, u0, u1, leaf, leaf + 0.06, -depth, -depth + 0.07, "door", skip="+y -x +x", random=own)
        pane(b, u0, u1, leaf + 0.06, high, -depth + 0.02, "glass", random=own)
    b.tube(
        [
            (u1 - 0.09, depth - 0.051, low + 1.0),
            (u1 - 0.09, depth - 0.09, low + 1.02),
            (u1 - 0.09, depth - 0.09, low + 1.2),
        ],
        0.012,
        "metal",
        sides=6,
    )
    steps = max(1, round(low / 0.17))
    under = 0.0
    for k in range(steps):
        top = low * (k + 1) / steps + (0.01 if k == steps - 1 else 0.0)
        out = 0.3 * (steps - k) - 0.05
        b.boxes(u0 - 0.08, u1 + 0.08, -out, 0.0, under, top, "stone", skip="-z +y")
        under = top
    b.boxes(u0, u1, 0.0, depth, 0.0, low + 0.01, "stone", skip="-z +y -y -x +x")
    side = u1 + 0.26 if lamp_right else u0 - 0.42
    box(b, side + 0.02, side + 0.14, low + 1.35, low + 1.62, 0.0, 0.025, "metal")
    lamp = low + 2.2
    box(b, side, side + 0.16, lamp, lamp + 0.03, 0.0, 0.16, "metal")
    box(b, side + 0.02, side + 0.14, lamp + 0.03, lamp + 0.24, 0.02, 0.14, "frame", skip="-z")
    box(b, side, side + 0.16, lamp + 0.24, lamp + 0.27, 0.0, 0.16, "metal")
    number = str(int(rng.integers(1, 140)))
    with b.at(((u0 + u1 - text_width(number, 0.11)) / 2, -0.001, high + 0.06)):
        add_text(b, number, 0.11, "text", font="sans", extrude=0.012)
