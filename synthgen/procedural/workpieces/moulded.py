"""Moulded parts: housing half, connector, bottle cap, gear."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from synthgen.procedural.shapes import Array
from synthgen.procedural.workpieces.outlines import gear, grown, rectangle, round_hole, sides_of, slot_hole
from synthgen.procedural.workpieces.part import AIR, Draft, Part, kind
from synthgen.procedural.workpieces.solid import Hole, Rings


def _arc(radius: float, z: float, start: float, end: float, n: int = 6) -> list[tuple[float, float]]:
    """(offset, z) along a quarter circle: from straight below (0) to outwards (90 degrees), about (-radius, z)."""
    angle = np.radians(np.linspace(start, end, n))
    return [(-radius + radius * math.sin(a), z - radius * math.cos(a)) for a in angle]


@kind("housing")
def housing(seed: int, without: Sequence[int] = ()) -> Part:
    """Half of a housing, open above: lip, bosses, ribs, hooks, vents. Features: bosses, hooks, ribs, vents."""
    d = Draft("housing", seed, without, "plastic", "metal")
    r = Rings(d.builder, "plastic")
    a, b, h, w = d.mm("length"), d.mm("width"), d.mm("height"), d.mm("wall")
    corner, foot, draft = d.mm("corner"), d.mm("foot_fillet"), 0.015 * h
    outer = rectangle(0, 0, a, b, max(corner, foot + w + 0.003))
    lip, rim = 0.5 * w, 0.7 * w
    last = r.wall(outer, [*((o - draft, z) for o, z in _arc(foot, foot, 0, 90)), (0.0, h), (-lip, h), (-lip, h + rim)])
    inner = [(-w - 0.0001, h + rim), (-w - 0.3 * draft, h - 0.001), (-w - draft, w + 0.001), (-w - draft - 0.0009, w)]
    floor = r.wall(outer, inner)
    r.face(h + rim, last, [grown(outer, inner[0][0])])
    vents = _vents(d, a - 2 * w - 2 * draft, b - 2 * w - 2 * draft, w)
    ends = [v.cut(r, w, 0.0) for v in vents]
    r.face(w, floor, [upper for upper, _ in ends])
    r.face(0.0, grown(outer, -foot - draft), [ring for _, low in ends for ring in low], up=False)
    x, y = a / 2 - w - draft - d.mm("boss"), b / 2 - w - draft - d.mm("boss")
    boss, tall = d.mm("boss") / 2, w + d.numbers["boss_height"] * (h - w)
    for k, (u, v) in enumerate([(x, y), (-x, y), (-x, -y), (x, -y)][: d.count("bosses")]):
        if d.has(f"boss {k + 1}", (u - boss - AIR, v - boss - AIR, w), (u + boss + AIR, v + boss + AIR, tall + AIR)):
            hole = Hole(round_hole(u, v, 0.45 * boss), depth=0.7 * (tall - w), chamfer=0.0003)
            ring = round_hole(u, v, boss)
            ends = [hole.cut(r, tall, 0.0)]
            top = r.wall(ring, [(0.0003, 0.5 * w), (0.0, tall - 0.0003), (-0.0003, tall)])
            r.face(tall, top, [ends[0][0]])
            r.face(0.5 * w, grown(ring, 0.0003), up=False)
    _ribs(d, r, a - 2 * w - draft, b - 2 * w - draft, w, h)
    _hooks(d, r, a, b, w, h)
    return d.done()


def _vents(d: Draft, a: float, b: float, w: float) -> list[Hole]:
    n, found = d.count("vents"), []
    long = d.numbers["vent_share"] * (b - 4 * d.mm("boss"))
    if long < 0.006:
        return []
    for k in range(n):
        x = d.numbers["vent_place"] * a * 0.2 + (k - (n - 1) / 2) * 0.0052
        box = (x - 0.0014, -long / 2, -AIR), (x + 0.0014, long / 2, w + AIR)
        if abs(x) < 0.5 * a - d.mm("boss") - 0.004 and d.has(f"vent {k + 1}", *box):
            found.append(Hole(slot_hole(x, 0, long, 0.0026, np.pi / 2), chamfer=0.0002))
    return found


def _ribs(d: Draft, r: Rings, a: float, b: float, w: float, h: float) -> None:
    """Ribs across the floor, each sunk into both walls."""
    n, tall, thick = d.count("ribs"), w + d.numbers["rib_height"] * (h - w), 0.6 * w
    for k in range(n):
        x = ((k + 1) / (n + 1) - 0.5) * a
        half = b / 2 + 0.25 * w
        box = (x - thick / 2 - AIR, -b / 2, w), (x + thick / 2 + AIR, b / 2, tall + AIR)
        if d.has(f"rib {k + 1}", *box):
            # A saddle in the middle leaves the vents and cables room.
            low = w + 0.45 * (tall - w)
            ring = np.array(
                [
                    (-half, 0.6 * w),
                    (half, 0.6 * w),
                    (half, tall),
                    (0.3 * b, tall),
                    (0.24 * b, low),
                    (-0.24 * b, low),
                    (-0.3 * b, tall),
                    (-half, tall),
                ]
            )
            with d.builder.at((x, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
                r.block(ring, -thick / 2, thick / 2, 0.00025)


def _hooks(d: Draft, r: Rings, a: float, b: float, w: float, h: float) -> None:
    """Snap hooks that stand on the long walls and reach over the rim."""
    n, wide, up = d.count("hooks"), 0.006, min(0.007, 0.5 * h)
    for k in range(n):
        for s in (-1, 1):
            x, y = ((k + 0.5) / n - 0.5) * 0.6 * a + 0.0031, s * (b / 2 - 0.9 * w)
            q = 0.8 * w
            profile = np.array(
                [
                    (0.0, -0.4 * h),
                    (q, -0.25 * h),
                    (q, up - 0.0008),
                    (q - 0.0008, up),
                    (0.1 * q, up),
                    (-0.9 * q, up - 0.0021),
                    (-0.9 * q, up - 0.0028),
                    (0.0, up - 0.0028),
                ]
            )
            box = (
                (x - wide / 2 - AIR, min(y, y - s * 2 * q) - AIR, h + 0.0002),
                (x + wide / 2 + AIR, max(y, y - s * 2 * q) + AIR, h + up),
            )
            if d.has(f"hook {2 * k + (s + 3) // 2}", *box):
                # Profile: first axis inwards from the wall, second up.
                with d.builder.at((x, y, h), (0, -s, 0), (0, 0, 1), (-s, 0, 0)):
                    r.block(profile, -wide / 2, wide / 2, 0.0002)


@kind("connector")
def connector(seed: int, without: Sequence[int] = ()) -> Part:
    """A plug whose opening looks to +X: pins in one or two rows, key ribs, a latch. Features: pins, key ribs, latch."""
    d = Draft("connector", seed, without, "plastic", "pin")
    r, p = Rings(d.builder, "plastic"), Rings(d.builder, "pin")
    n, rows, pitch = d.count("pins"), d.count("rows"), d.mm("pitch")
    wall, deep, floor = d.mm("wall"), d.mm("depth"), 0.0025
    a, b = n * pitch + 2 * wall + 0.3 * pitch, rows * pitch + 2 * wall + 0.3 * pitch
    c = min(0.00035, 0.6 * d.mm("corner"))
    with d.builder.at((0, 0, b / 2), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        outer = rectangle(0, 0, a, b, d.mm("corner"))
        cavity = Hole(
            rectangle(0, 0, a - 2 * wall, b - 2 * wall, max(0.0003, d.mm("corner") - wall)), depth=deep, chamfer=0.0003
        )
        r.block(outer, -deep - floor, 0.0, c, [cavity])
        rho, reach = 0.125 * pitch, deep * d.numbers["pin_share"]
        for i in range(n):
            for j in range(rows):
                x, y = (i - (n - 1) / 2) * pitch, (j - (rows - 1) / 2) * pitch
                z0, z1 = -deep - floor - d.mm("tail"), -deep + reach
                if d.has(
                    f"pin {i * rows + j + 1}", (x - 1.5 * rho, y - 1.5 * rho, -deep), (x + 1.5 * rho, y + 1.5 * rho, z1)
                ):
                    p.block(rectangle(x, y, 2 * rho, 2 * rho), z0, z1, 0.35 * rho)
        for k in range(d.count("keys")):
            x = (d.numbers["key_place"] * 0.5 + (k - 0.5) * 0.3) * a * 0.5
            y = b / 2
            high = min(0.0011, 0.5 * wall)
            if d.has(f"key {k + 1}", (x - 0.0008, y, -0.9 * deep), (x + 0.0008, y + high + AIR, -0.0005)):
                r.block(rectangle(x, y, 0.0014, 2 * high), -0.9 * deep, -0.0005, 0.0002)
        if d.word("latch") == "yes":
            wide = min(0.35 * a, 0.008)
            x = -0.28 * a
            if d.has("latch", (x - wide / 2, b / 2, -deep), (x + wide / 2, b / 2 + 0.0028, 0.001)):
                low = -deep - floor + 0.0004
                arm = np.array(
                    [
                        (low, -0.0004),
                        (low + 0.0018, -0.0004),
                        (low + 0.003, 0.0006),
                        (-0.0006, 0.00055),
                        (-0.0006, 0.001),
                        (-0.0016, 0.0024),
                        (-0.0024, 0.00235),
                        (-0.0032, 0.0013),
                        (low + 0.0026, 0.00125),
                        (low + 0.0006, 0.0007),
                    ]
                )
                with d.builder.at((x, b / 2, 0), (0, 0, 1), (0, 1, 0), (-1, 0, 0)):
                    r.block(arm, -wide / 2, wide / 2, 0.00015)
    return d.done()


@kind("cap")
def cap(seed: int, without: Sequence[int] = ()) -> Part:
    """A screw cap with ribs, open below. Features: its band, its thread inside."""
    d = Draft("cap", seed, without, "plastic")
    r = Rings(d.builder, "plastic")
    radius, h, n = d.mm("diameter") / 2, d.mm("height"), d.count("ribs")
    deep, wall, fillet = d.mm("rib_depth"), 0.0012, d.mm("fillet")
    pattern = np.array([0.0, 1.0, 1.0, 0.0]) if d.word("rib_style") == "square" else np.array([0.0, 0.7, 1.0, 0.7])
    angle = np.linspace(0, 2 * np.pi, 4 * n, endpoint=False)
    unit = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ribbed, smooth = unit * (radius - deep * np.tile(pattern, n))[:, None], unit * (radius - deep)
    low = 0.0
    band = d.mm("band")
    rings: list[tuple[Array, float]] = []
    reach = radius + AIR
    if d.has("band", (-reach, -reach, 0.0), (reach, reach, band)):
        rings += [
            (smooth * 0.995, 0.0),
            (smooth * 1.01, 0.0004),
            (smooth * 1.01, band - 0.0006),
            (smooth * 0.955, band - 0.0005),
        ]
        rings += [(smooth * 0.955, band)]
    else:
        low = band
    rings += [
        (ribbed * 0.985, low + 0.0002),
        (ribbed, low + 0.0008),
        (ribbed, h - fillet - 0.0006),
        (smooth, h - fillet),
    ]
    rings += [
        (unit * (radius - deep + o), z)
        for o, z in (
            (-fillet * (1 - math.cos(t)), h - fillet * (1 - math.sin(t))) for t in np.linspace(0.15, np.pi / 2, 6)
        )
    ]
    dish = d.mm("dish")
    rings += [(unit * (radius - deep - fillet) * 0.86, h), (unit * (radius - deep - fillet) * 0.8, h - dish)]
    inside = radius - deep - wall
    bottom = rings[0]
    r.loft([np.column_stack([p, np.full(len(p), z)]) for p, z in rings])
    r.face(h - dish, rings[-1][0])
    top = h - dish - 0.0013
    under = [(unit * inside * 0.97, bottom[1]), (unit * inside * 0.97, bottom[1] + 0.0005)]
    pitch = 0.0032
    if d.has("thread", (-inside, -inside, band), (inside, inside, top)):
        for k in range(max(1, int((top - band - 0.003) / pitch))):
            z = band + 0.001 + k * pitch
            under += [
                (unit * inside, z),
                (unit * (inside - 0.0008), z + 0.0009),
                (unit * (inside - 0.0008), z + 0.0013),
            ]
            under += [(unit * inside, z + 0.0022)]
    under += [(unit * inside, top - 0.0008), (unit * (inside - 0.0008), top)]
    kept = [under[0]] + [q for p, q in itertools.pairwise(under) if q[1] - p[1] > 1e-6 or q[0] is not p[0]]
    r.loft([np.column_stack([p, np.full(len(p), z)]) for p, z in kept[::-1]])
    r.face(top, kept[-1][0], up=False)
    r.face(bottom[1], bottom[0], [kept[0][0]], up=False)
    return d.done()


@kind("gear")
def gear_wheel(seed: int, without: Sequence[int] = ()) -> Part:
    """A spur gear with a hub, a sunk web and holes in it. Features: its teeth, the web's holes, the keyway."""
    d = Draft("gear", seed, without, "plastic")
    r = Rings(d.builder, "plastic")
    teeth, module, h = d.count("teeth"), d.mm("module"), d.mm("height")
    root, outer = (teeth - 2.5) * module / 2, (teeth + 2) * module / 2
    gone = -1
    for k in range(teeth):
        a = 2 * math.pi * k / teeth
        x, y, s = outer * math.cos(a), outer * math.sin(a), 1.25 * module
        mid = np.array([math.cos(a), math.sin(a)]) * (root + outer) / 2
        turned = ((x / outer, y / outer, 0.0), (-y / outer, x / outer, 0.0), (0.0, 0.0, 1.0))
        with d.builder.at((*mid, 0.0), *turned):
            if not d.has(f"tooth {k + 1}", (-s, -0.9 * module, -AIR), (s, 0.9 * module, h + AIR)):
                gone = k
    outline = gear(teeth, module, gone)
    bore = max(0.0015, d.numbers["bore_share"] * root)
    hub, rim = bore + max(0.002, 0.16 * root), root - max(0.0014, 0.12 * root)
    ring = round_hole(0, 0, bore, sides_of(hub))
    if d.word("keyway") == "yes" and d.has(
        "keyway", (bore * 0.9, -0.3 * bore, -AIR), (1.3 * bore, 0.3 * bore, h + AIR)
    ):
        half = math.asin(0.3)
        t = np.linspace(half, 2 * np.pi - half, sides_of(bore))
        ring = np.concatenate(
            [np.stack([np.cos(t), np.sin(t)], axis=1) * bore, [[1.3 * bore, -0.3 * bore], [1.3 * bore, 0.3 * bore]]]
        )
    c = min(0.0004, 0.1 * module)
    top = r.wall(outline, [(-c, 0.0), (0.0, c), (0.0, h - c), (-c, h)])
    through = Hole(ring, chamfer=0.0002)
    if d.word("web") != "sunk" or rim - hub < 0.003:
        upper, low = through.cut(r, h, 0.0)
        r.face(h, top, [upper])
        r.face(0.0, grown(outline, -c), low, up=False)
        return d.done()
    deep, tall = 0.3 * h, h * d.numbers["hub_height"]
    well = Hole(round_hole(0, 0, rim), chamfer=0.0003, depth=deep)
    steps = [(0.0003, h), (0.0, h - 0.0003), (0.0, h - deep)]
    floor = r.wall(well.ring, steps)
    base = round_hole(0, 0, hub, sides_of(hub))
    hub_top = r.wall(base, [(0.0, h - deep), (0.0, tall - 0.0004), (-0.0004, tall)])
    rho, n, middle = min(0.32 * (rim - hub), 0.008), d.count("holes"), (rim + hub) / 2
    holes = []
    for k in range(n):
        a = 2 * math.pi * k / n + 0.2
        x, y = middle * math.cos(a), middle * math.sin(a)
        if 2 * math.pi * middle / n > 2.6 * rho and d.has(
            f"hole {k + 1}", (x - rho, y - rho, -AIR), (x + rho, y + rho, h - deep + AIR)
        ):
            holes.append(Hole(round_hole(x, y, rho), chamfer=0.0002).cut(r, h - deep, 0.0))
    upper, low = through.cut(r, tall, 0.0)
    r.face(h, top, [grown(well.ring, 0.0003)])
    r.face(h - deep, floor, [base, *(u for u, _ in holes)])
    r.face(tall, hub_top, [upper])
    r.face(0.0, grown(outline, -c), [*low, *(ring for _, lower in holes for ring in lower)], up=False)
    return d.done()
