"""Bus stops: shelters, and the panels that stand alone."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.text import add_text, text_width


@mesh_generator("street.bus_shelter")
def bus_shelter(length: float = 4.0, depth: float = 1.5, height: float = 2.45, seed: int = 0) -> Mesh:
    """A glazed shelter that opens to +X, along Y, with a bench, a poster case on its right end and a timetable.

    The footprint's middle is the origin. Panes are single upright sheets with UVs 0..1; the poster is a picture's
    place with UVs 0..1 on both sides. Slots: metal, glass, wood, poster, roof.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("metal", "glass", "wood", "poster", "roof")
    x, y = depth / 2, length / 2
    panes = max(2, round(length / 1.35))
    posts = np.linspace(-y + 0.04, y - 0.04, panes + 1)
    b.boxes(-x, -x + 0.06, posts - 0.03, posts + 0.03, 0.0, height, "metal", skip="-z +z")
    b.boxes(x - 0.35, x - 0.29, [-y + 0.01, y - 0.07], [-y + 0.07, y - 0.01], 0.0, height, "metal", skip="-z +z")
    for low, high in ((0.2, 0.24), (height - 0.12, height - 0.06)):
        b.boxes(-x + 0.012, -x + 0.048, posts[:-1] + 0.03, posts[1:] - 0.03, low, high, "metal", skip="-y +y")
    for a, c in zip(posts[:-1] + 0.03, posts[1:] - 0.03, strict=True):
        _sheet(b, (-x + 0.03, a), (-x + 0.03, c), 0.24, height - 0.12, "glass", float(rng.random()))
    _sheet(b, (-x + 0.06, -y + 0.04), (x - 0.35, -y + 0.04), 0.24, height - 0.12, "glass", float(rng.random()))
    b.chamfered(-x - 0.1, x + 0.15, -y - 0.1, y + 0.1, height, height + 0.1, 0.02, "roof")
    case = (x - 0.35 - (-x + 0.06)) / 2
    with b.at((-x + 0.06 + case, y - 0.04, 0.0)):
        b.chamfered(-case + 0.01, case - 0.01, -0.09, 0.09, 0.25, height - 0.25, 0.015, "metal")
        for sign in (1.0, -1.0):
            u = (case - 0.08) * sign
            face = [
                (u, -0.094 * sign, 0.4),
                (-u, -0.094 * sign, 0.4),
                (-u, -0.094 * sign, height - 0.4),
                (u, -0.094 * sign, height - 0.4),
            ]
            b.quads([[face[1], face[0], face[3], face[2]]], "poster", random=float(rng.random()))
    b.chamfered(-x + 0.12, -x + 0.5, -y + 0.5, y - 0.9, 0.43, 0.47, 0.01, "wood", random=float(rng.random()))
    for at in (-y + 0.75, y - 1.15):
        b.boxes(-x + 0.28, -x + 0.34, at - 0.03, at + 0.03, 0.0, 0.43, "metal", skip="-z +z")
    return b.mesh()


@mesh_generator("street.street_name")
def street_name(text: str = "Lindenallee", height: float = 0.2) -> Mesh:
    """A street name plate, its left end at y = 0 along +Y, looking along +X, lower edge at z = 0. Slots: plate, text.

    The letters are 55% of the plate's height; the plate is as long as they need.
    """
    letter = height * 0.52
    width = text_width(text, letter, font="narrow", spacing=0.06) + height * 0.9
    b = MeshBuilder("plate", "text")
    b.chamfered(0.0, 0.012, 0.0, width, 0.0, height, 0.003, "plate")
    with b.at((0.012, height * 0.45, height * 0.25), (0, 1, 0), (-1, 0, 0), (0, 0, 1)):
        add_text(b, text, letter, "text", font="narrow", extrude=0.003, spacing=0.06)
    return b.mesh()


def _sheet(
    b: MeshBuilder, p: tuple[float, float], q: tuple[float, float], low: float, high: float, slot: str, own: float
) -> None:
    """A pane 8 mm thick between the points p and q on the ground, with faces on both sides."""
    along = np.array([q[0] - p[0], q[1] - p[1], 0.0])
    along /= np.linalg.norm(along)
    across = np.array([along[1], -along[0], 0.0]) * 0.004
    a, c = np.array([*p, 0.0]), np.array([*q, 0.0])
    up = np.array([0.0, 0.0, 1.0])
    front = [a + across + up * low, c + across + up * low, c + across + up * high, a + across + up * high]
    back = [c - across + up * low, a - across + up * low, a - across + up * high, c - across + up * high]
    b.quads(np.array([front, back]), slot, random=own)
