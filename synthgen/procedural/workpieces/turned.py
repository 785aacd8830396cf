"""Turned parts: flange, shaft, bushing, nut."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from synthgen.procedural.workpieces.outlines import TURN, grown, round_hole, sides_of
from synthgen.procedural.workpieces.part import AIR, Draft, Part, kind
from synthgen.procedural.workpieces.solid import Hole, Rings

Profile = list[tuple[float, float]]


def hole_of(style: str, x: float, y: float, radius: float, thickness: float) -> Hole:
    """A bolt's hole: plain, countersunk, counterbored, threaded or blind."""
    ring = round_hole(x, y, radius)
    if style == "countersunk":
        return Hole(ring, sink=min(0.85 * radius, 0.6 * thickness))
    if style == "counterbored":
        return Hole(ring, step=(0.75 * radius, min(1.1 * radius, 0.6 * thickness)))
    if style == "threaded":
        return Hole(ring, chamfer=min(0.25 * radius, 0.2 * thickness))
    if style == "blind":
        return Hole(ring, depth=0.55 * thickness, tip=True, chamfer=min(0.2 * radius, 0.001))
    return Hole(ring, chamfer=min(0.0005, 0.2 * thickness))


@kind("flange")
def flange(seed: int, without: Sequence[int] = ()) -> Part:
    """A disc with a hub, a bore and a bolt circle. Features: its bolt holes."""
    d = Draft("flange", seed, without, "metal")
    r = Rings(d.builder, "metal")
    radius, t, c = d.mm("diameter") / 2, d.mm("thickness"), d.mm("chamfer")
    hub = radius * d.numbers["hub_share"]
    bore, high = hub * d.numbers["bore_share"], t + d.mm("hub_height")
    hole = min(d.mm("hole") / 2, ((radius - hub) / 2 - c - 0.0012) / 1.95)
    pitch, n = (radius + hub) / 2 + 0.0005, d.count("holes")
    n = max(3, min(n, int(2 * math.pi * pitch / (4.4 * hole))))
    cuts, fillet = [], min(d.mm("fillet"), (pitch - hub) - 1.95 * hole, high - t - 0.0012)
    for k in range(n):
        a = 2 * math.pi * k / n + 0.05
        x, y = pitch * math.cos(a), pitch * math.sin(a)
        wide = 1.8 * hole
        if d.has(f"hole {k + 1}", (x - wide, y - wide, -AIR), (x + wide, y + wide, t + AIR)):
            cuts.append(hole_of(d.word("hole_style"), x, y, hole, t))
    ends = [cut.cut(r, t, 0.0) for cut in cuts]
    outer = round_hole(0, 0, radius, 128)
    top = r.wall(outer, [(-c, 0.0), (0.0, c), (0.0, t - c), (-c, t)])
    foot = round_hole(0, 0, hub, sides_of(hub))
    arc = list(np.linspace(0, np.pi / 2, 7)) if fillet > 3e-4 else []
    steps = [(fillet * (1 - math.sin(a)), t + fillet * (1 - math.cos(a))) for a in arc] or [(0.0, t)]
    hub_top = r.wall(foot, [*steps, (0.0, high - 0.001), (-0.0009, high)])
    shelf = grown(foot, steps[0][0])
    r.face(t, top, [shelf, *(upper for upper, _ in ends)])
    inner = round_hole(0, 0, bore, sides_of(hub))
    step = d.word("bore_style") == "stepped"
    down = [(0.0, high - 0.0008), (0.0, 0.4 * t), (-0.18 * bore, 0.4 * t), (-0.18 * bore, 0.0008)]
    steps = [(0.0008, high), *(down if step else [(0.0, high - 0.0008), (0.0, 0.0008)])]
    steps.append((steps[-1][0] + 0.0008, 0.0))
    low = r.wall(inner, steps)
    r.face(high, hub_top, [grown(inner, 0.0008)])
    r.face(0.0, grown(outer, -c), [low, *(ring for _, lower in ends for ring in lower)], up=False)
    return d.done()


@kind("shaft")
def shaft(seed: int, without: Sequence[int] = ()) -> Part:
    """A stepped shaft that lies along x, thread at one end. Features: its grooves and its thread."""
    d = Draft("shaft", seed, without, "metal")
    length, largest, steps = d.mm("length"), d.mm("diameter") / 2, d.count("steps")
    share = np.array([d.uniform(0.5, 1.0) for _ in range(steps)])
    share /= share.sum()
    peak = int(d.rng.integers(0, steps))
    radii = [largest * (1.0 if k == peak else 0.86 ** abs(k - peak) * d.uniform(0.78, 1.0)) for k in range(steps)]
    ends = np.concatenate([[0.0], np.cumsum(share) * length])
    centre = 0.22 * min(radii[0], radii[-1])
    profile: Profile = [(0.0, 1.4 * centre), (centre, 0.0)]
    with d.builder.at((0, 0, largest), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        for k, radius in enumerate(radii):
            z0, z1 = float(ends[k]), float(ends[k + 1])
            low = min(radii[k - 1] if k else 0.0, radius)
            c = min(d.mm("chamfer"), 0.2 * radius)
            if k == 0 or radius > radii[k - 1]:
                c = min(c, 0.6 * (radius - low)) if k else c
                profile += [(radius - c, z0), (radius, z0 + c)]
            else:
                profile += [(radius, z0)]
            reach = (radius + AIR,) * 2
            if k == steps - 1 and d.word("thread") == "yes":
                box = (-reach[0], -reach[0], z0 + 0.4 * (z1 - z0)), (*reach, z1 - 0.001)
                if d.has("thread", *box):
                    profile += thread(radius, z0 + 0.22 * (z1 - z0), z1 - 1.5 * c, d.numbers["pitch"] / 1000)
            elif z1 - z0 > 0.007 and d.rng.random() < d.numbers["groove_rate"]:
                w, deep, at = d.uniform(0.0011, 0.0022), 0.07 * radius + 0.0003, z0 + d.uniform(0.3, 0.7) * (z1 - z0)
                box = (-reach[0], -reach[0], at - w / 2), (*reach, at + w / 2)
                if d.has(f"groove {k + 1}", *box):
                    profile += [(radius, at - w / 2), (radius - deep, at - w / 2)]
                    profile += [(radius - deep, at + w / 2), (radius, at + w / 2)]
            above = radii[k + 1] if k + 1 < steps else 0.0
            if above < radius:
                c = min(c, 0.6 * (radius - above))
                profile += [(radius, z1 - c), (radius - c, z1)]
            else:
                profile += [(radius, z1)]
        profile += [(centre, length), (0.0, length - 1.4 * centre)]
        Rings(d.builder, "metal").turned(_distinct(profile), sides_of(largest))
    return d.done()


def thread(radius: float, z0: float, z1: float, pitch: float) -> Profile:
    """A thread's flanks as rings from z0 to z1, with a relief groove before it."""
    n, deep = max(3, int((z1 - z0 - 2.2 * pitch) / pitch)), 0.61 * pitch
    points = [(radius, z0), (radius - 1.15 * deep, z0 + 0.5 * pitch), (radius - 1.15 * deep, z0 + 1.8 * pitch)]
    step = (z1 - z0 - 2.2 * pitch) / n
    for k in range(n):
        z = z0 + 2.2 * pitch + k * step
        points += [
            (radius - deep, z),
            (radius - 0.06 * pitch, z + 0.44 * step),
            (radius - 0.06 * pitch, z + 0.56 * step),
        ]
    return [*points, (radius - deep, z1)]


def _distinct(profile: Profile) -> Profile:
    kept = profile[:1]
    kept += [q for p, q in itertools.pairwise(profile) if math.dist(p, q) > 1e-6]
    return kept


@kind("bushing")
def bushing(seed: int, without: Sequence[int] = ()) -> Part:
    """A sleeve, with a collar or not. Features: its outer groove, its collar."""
    d = Draft("bushing", seed, without, "metal")
    outer, high, c = d.mm("diameter") / 2, d.mm("height"), d.mm("chamfer")
    bore = outer * (1 - d.numbers["wall_share"])
    c = min(c, 0.3 * (outer - bore))
    collar = d.word("style") == "collar"
    wide, thick = outer * 1.32, max(0.0016, 0.14 * high)
    profile: Profile = [(bore + c, 0.0)]
    z = 0.0
    if collar and d.has("collar", (-wide - AIR, -wide - AIR, -AIR), (wide + AIR, wide + AIR, thick + AIR)):
        profile += [(wide - c, 0.0), (wide, c), (wide, thick - c), (wide - c, thick), (outer, thick)]
        z = thick
    else:
        profile += [(outer - c, 0.0), (outer, c)]
    if d.word("groove") == "yes":
        w, deep, at = 0.1 * high, 0.25 * (outer - bore), max(0.6 * high, z + 0.2 * high)
        if d.has("groove", (-outer - AIR, -outer - AIR, at - w / 2), (outer + AIR, outer + AIR, at + w / 2)):
            profile += [(outer, at - w / 2), (outer - deep, at - w / 2 + 0.3 * w)]
            profile += [(outer - deep, at + w / 2 - 0.3 * w), (outer, at + w / 2)]
    profile += [(outer, high - 1.4 * c), (outer - c, high), (bore + c, high), (bore, high - c)]
    if d.word("bore_style") == "stepped":
        step = 0.35 * (outer - bore)
        profile[-2:] = [
            (bore + c + step, high),
            (bore + step, high - c),
            (bore + step, 0.62 * high),
            (bore, 0.62 * high),
        ]
    profile += [(bore, c), (bore + c, 0.0)]
    Rings(d.builder, "metal").turned(profile, sides_of(wide))
    return d.done()


@kind("nut")
def nut(seed: int, without: Sequence[int] = ()) -> Part:
    """A hexagon nut, plain or with a washer face. Feature: its thread."""
    d = Draft("nut", seed, without, "metal")
    across, high = d.mm("across"), d.mm("across") * d.numbers["height_share"]
    r = Rings(d.builder, "metal")
    each = 10
    angle = TURN + np.linspace(0, 2 * np.pi, 6 * each, endpoint=False)
    local = (angle - TURN + np.pi / 6) % (np.pi / 3) - np.pi / 6
    to_corner = np.abs(local - np.pi / 6) < 1e-9
    reach = across / 2 / np.cos(np.where(to_corner, np.pi / 6, local))
    hexagon = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)
    flat = across / 2 * d.numbers["face_share"]
    disc = np.stack([flat * np.cos(angle), flat * np.sin(angle)], axis=1)
    drop = (reach - flat) * math.tan(math.radians(30))
    washer = 0.0 if d.word("style") == "plain" else 0.05 * across
    foot = washer if washer else 0.0
    low = np.column_stack([hexagon, foot + (0.0 * drop if washer else drop)])
    top = np.column_stack([hexagon, high - drop])
    rings = [low, top, np.column_stack([disc, np.full(len(disc), high)])]
    if washer:
        wide = 1.18 * across / 2 / math.cos(math.pi / 6)
        skirt = np.stack([np.cos(angle), np.sin(angle)], axis=1) * wide
        rings = [
            np.column_stack([skirt * 0.985, np.zeros(len(skirt))]),
            np.column_stack([skirt, np.full(len(skirt), 0.35 * washer)]),
            np.column_stack([skirt, np.full(len(skirt), 0.7 * washer)]),
            np.column_stack([hexagon, np.full(len(skirt), washer + 0.12 * across)]),
            *rings[1:],
        ]
        bottom = skirt * 0.985
    else:
        rings = [np.column_stack([disc, np.zeros(len(disc))]), *rings]
        bottom = disc
    r.loft(rings)
    thread_radius = across * d.numbers["thread_share"] / 2
    pitch = max(0.0008, 0.13 * thread_radius * 2)
    deep = 0.5 * pitch
    edge = thread_radius + 0.4 * pitch
    inner = round_hole(0, 0, 1.0, sides_of(thread_radius))
    radii: Profile = [(edge, high), (thread_radius - deep, high - 0.8 * pitch)]
    if d.has("thread", (-edge, -edge, -AIR), (edge, edge, high + AIR)):
        n = max(2, int((high - 1.6 * pitch) / pitch))
        step = (high - 1.6 * pitch) / n
        for k in range(n):
            z = high - 0.8 * pitch - k * step
            radii += [(thread_radius, z - 0.5 * step), (thread_radius - deep, z - step)]
    else:
        radii += [(thread_radius - deep, 0.8 * pitch)]
    radii += [(edge, 0.0)]
    r.loft([np.column_stack([inner * radius, np.full(len(inner), z)]) for radius, z in _distinct(radii)])
    r.face(high, disc, [inner * edge])
    r.face(0.0, bottom, [inner * edge], up=False)
    return d.done()
