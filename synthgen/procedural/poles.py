"""Poles and street lamps. Origin at the foot, +X is the front: where a lamp reaches out, or a sign looks."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator

LAMP_SLOTS = ("metal", "lamp")


@mesh_generator("street.pole")
def pole(height: float = 4.0, r0: float = 0.06, r1: float = 0.05, base: bool = True) -> Mesh:
    """A round pole on the origin with a flange at its foot and a cap. Slots: metal."""
    b = MeshBuilder("metal")
    add_pole(b, height, r0, r1, base=base)
    return b.mesh()


def add_pole(b: MeshBuilder, height: float, r0: float, r1: float, *, base: bool = True, slot: str = "metal") -> None:
    """Appends a tapered pole about the frame's z axis, with a collar at the foot where `base`."""
    profile = [(r1, height - 0.5 * r1), (0.6 * r1, height), (0.0, height + 0.25 * r1)]
    if base:
        foot = [(r0 * 1.9, 0.0), (r0 * 1.9, 0.02), (r0 * 1.35, 0.035), (r0 * 1.3, 0.16), (r0 * 1.02, 0.2)]
        b.lathe([*foot, *profile], slot, sides=16)
    else:
        b.lathe([(r0, 0.0), *profile], slot, sides=14)


def lamp_positions(height: float = 7.8, arm: float = 2.0, style: str = "single") -> list[tuple[float, float, float]]:
    """Where the light of `street.lamp_post` leaves it, in its frame: just outside the lamp, unshaded."""
    if style == "classic":
        return [(0.34, 0.0, height - 0.45)]
    if style == "hanging":
        return [(arm, 0.0, height - 0.75)]
    reach = arm + 0.3
    tips = [(reach, 0.0, height - 0.06)]
    return [*tips, (-reach, 0.0, height - 0.06)] if style == "double" else tips


@mesh_generator("street.lamp_post")
def lamp_post(height: float = 7.8, arm: float = 2.0, style: str = "single") -> Mesh:
    """A street lamp: single or double (flat luminaires on arms along X), classic (a lantern) or hanging (on a hook).

    Slots: metal, lamp (what shines, and opal glass around it). `lamp_positions` tells where to put lights.
    Raises InputError for another style.
    """
    if style not in ("single", "double", "classic", "hanging"):
        raise InputError.of(f"no street lamp is {style!r}", hint="single, double, classic or hanging")
    b = MeshBuilder(*LAMP_SLOTS)
    if style == "classic":
        _classic(b, height)
        return b.mesh()
    b.lathe(
        [(0.14, 0.0), (0.14, 0.015), (0.11, 0.03), (0.108, 1.1), (0.085, 1.16), (0.055, height - 0.02), (0.0, height)],
        "metal",
        sides=16,
    )
    b.boxes(0.1, 0.113, -0.05, 0.05, 0.45, 0.95, "metal", skip="-x")
    for sign in (1.0, -1.0) if style == "double" else (1.0,):
        with b.at((0, 0, 0), (sign, 0, 0), (0, sign, 0)):
            if style == "hanging":
                _hook(b, height, arm)
            else:
                _arm(b, height, arm)
    return b.mesh()


def _arm(b: MeshBuilder, height: float, arm: float) -> None:
    """A rising arm with a flat luminaire of 0.7 m at its end."""
    start = height - 0.12
    x = np.linspace(0.03, arm, 6)
    z = start + 0.12 * np.sin(np.linspace(0.0, np.pi / 2, 6))
    b.tube(np.stack([x, np.zeros(6), z], axis=1), np.linspace(0.04, 0.03, 6), "metal", sides=10)
    low, high, x0, x1 = height - 0.035, height + 0.05, arm - 0.05, arm + 0.65
    # The body tapers to its tip; seen from below its lens fills most of it.
    outline = np.array([(x0, -0.09), (x1 - 0.12, -0.15), (x1, -0.08), (x1, 0.08), (x1 - 0.12, 0.15), (x0, 0.09)])
    b.walls(outline, low, high - 0.02, "metal")
    crown = (outline - (arm + 0.3, 0.0)) * (0.85, 0.7) + (arm + 0.3, 0.0)
    sides = [np.column_stack([p, np.full(6, h)]) for p, h in ((outline, high - 0.02), (crown, high))]
    nxt = [np.roll(s, -1, axis=0) for s in sides]
    b.quads(np.stack([sides[0], nxt[0], nxt[1], sides[1]], axis=1), "metal")
    b.plate([crown], high, "metal")
    lens = (outline - (arm + 0.34, 0.0)) * (0.72, 0.74) + (arm + 0.34, 0.0)
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(outline * (1, -1))[::-1], lens * (1, -1)], -low, "metal")
        b.plate([(lens * (1, -1))[::-1]], -low - 0.012, "lamp")
    b.walls(lens[::-1], low, low + 0.012, "metal")


def _hook(b: MeshBuilder, height: float, arm: float) -> None:
    """A swan's neck with a bell-shaped luminaire."""
    turn = np.linspace(0.0, np.pi, 12)
    x = arm / 2 - arm / 2 * np.cos(turn)
    z = height - 0.1 + arm * 0.22 * np.sin(turn)
    b.tube(np.stack([x, np.zeros(12), z], axis=1), 0.028, "metal", sides=10)
    with b.at((arm, 0, height - 0.7)):
        b.lathe(
            [(0.21, 0.0), (0.215, 0.03), (0.17, 0.2), (0.09, 0.34), (0.05, 0.42), (0.04, 0.6), (0.0, 0.62)],
            "metal",
            sides=18,
        )
        b.lathe([(0.0, -0.04), (0.1, -0.025), (0.17, 0.0), (0.21, 0.0)], "lamp", sides=18, smooth=True)


def _classic(b: MeshBuilder, height: float) -> None:
    """A fluted-looking cast post with a four-sided lantern."""
    neck = height - 0.75
    b.lathe(
        [
            (0.17, 0.0), (0.17, 0.06), (0.14, 0.1), (0.13, 0.5), (0.10, 0.62), (0.11, 0.68), (0.075, 0.75),
            (0.055, neck - 0.3), (0.075, neck - 0.26), (0.05, neck - 0.2), (0.04, neck), (0.1, neck + 0.06),
            (0.0, neck + 0.06),
        ],
        "metal",
        sides=14,
    )  # fmt: skip
    low, high = neck + 0.06, height - 0.18
    narrow, wide = 0.11, 0.19
    corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    bottom = np.column_stack([corner * narrow, np.full(4, low + 0.03)])
    top = np.column_stack([corner * wide, np.full(4, high)])
    b.boxes(-narrow - 0.015, narrow + 0.015, -narrow - 0.015, narrow + 0.015, low, low + 0.03, "metal", skip="")
    b.quads(np.stack([bottom, np.roll(bottom, -1, 0), np.roll(top, -1, 0), top], axis=1), "lamp")
    for k in range(4):
        b.tube([bottom[k], top[k]], 0.012, "metal", sides=6)
    roof = [
        (wide * 1.6, high),
        (wide * 1.55, high + 0.02),
        (0.07, high + 0.15),
        (0.05, high + 0.19),
        (0.0, high + 0.26),
    ]
    b.lathe([(0.0, high), *roof], "metal", sides=4, turn=np.pi / 4, facets=True)
