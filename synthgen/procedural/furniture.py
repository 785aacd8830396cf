"""Street furniture that stands on the sidewalk. Origin at the foot's middle, +X the front."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.plants import add_hedge
from synthgen.procedural.registry import mesh_generator


def _of(kind: str, known: tuple[str, ...], what: str) -> None:
    if kind not in known:
        raise InputError.of(f"no {what} is {kind!r}", hint=", ".join(known))


@mesh_generator("street.bollard")
def bollard(height: float = 0.95, radius: float = 0.05, style: str = "round") -> Mesh:
    """A bollard: round (steel with a reflecting band), classic (cast iron with a ball) or granite (square).

    Slots: metal, band, stone. Raises InputError for another style.
    """
    _of(style, ("round", "classic", "granite"), "bollard")
    b = MeshBuilder("metal", "band", "stone")
    r, h = radius, height
    if style == "round":
        b.lathe([(r + 0.03, 0.0), (r + 0.03, 0.012), (r, 0.014), (r, h * 0.74)], "metal", sides=18)
        b.lathe([(r, h * 0.74), (r + 0.002, h * 0.741), (r + 0.002, h * 0.82), (r, h * 0.821)], "band", sides=18)
        b.lathe([(r, h * 0.821), (r, h - 0.02), (r * 0.8, h - 0.005), (0.0, h)], "metal", sides=18)
    elif style == "classic":
        ball = r * 1.15
        round_top = [(ball * np.sin(t), h - ball * (1 + np.cos(t))) for t in np.linspace(0.45, np.pi, 7)]
        foot = [(r * 1.9, 0.0), (r * 1.9, 0.06), (r * 1.4, 0.12), (r * 1.2, 0.3), (r, 0.34), (r * 0.85, h * 0.72)]
        neck = [(r * 1.2, h * 0.74), (r * 1.2, h * 0.78), (r * 0.45, h * 0.8)]
        b.lathe([*foot, *neck, (r * 0.45, h - 2 * ball)], "metal", sides=18)
        b.lathe(round_top, "metal", sides=18, smooth=True)
    else:
        b.chamfered(-0.12, 0.12, -0.12, 0.12, 0.0, h * 0.85, 0.02, "stone", random=0.5)
    return b.mesh()


@mesh_generator("street.bin")
def litter_bin(style: str = "post", height: float = 1.0) -> Mesh:
    """A litter bin: post (hung on a pole), column (free-standing, with a hood) or slats (wood around a drum).

    Slots: metal, body, dark, wood. Raises InputError for another style.
    """
    _of(style, ("post", "column", "slats"), "bin")
    b = MeshBuilder("metal", "body", "dark", "wood")
    h = height
    if style == "post":
        b.lathe([(0.09, 0.0), (0.09, 0.012), (0.035, 0.015), (0.035, h + 0.15), (0.0, h + 0.17)], "metal", sides=14)
        with b.at((0.22, 0.0, 0.0)):
            low, high = h - 0.55, h
            b.lathe(
                [
                    (0.0, low),
                    (0.14, low),
                    (0.175, low + 0.02),
                    (0.19, high),
                    (0.185, high + 0.012),
                    (0.17, high + 0.012),
                    (0.168, high - 0.09),
                ],
                "body",
                sides=22,
            )
            b.lathe([(0.168, high - 0.09), (0.0, high - 0.11)], "dark", sides=22)
            b.lathe(
                [(0.205, high + 0.13), (0.205, high + 0.145), (0.1, high + 0.2), (0.0, high + 0.21)], "metal", sides=22
            )
            b.lathe([(0.0, high + 0.13), (0.205, high + 0.13)], "metal", sides=22)
            for angle in np.radians([60, 180, 300]):
                x, y = 0.178 * np.cos(angle), 0.178 * np.sin(angle)
                b.tube([(x, y, high + 0.005), (x, y, high + 0.135)], 0.008, "metal", sides=6)
        b.boxes(0.03, 0.05, -0.04, 0.04, h - 0.45, h - 0.1, "metal", skip="")
    elif style == "column":
        b.lathe([(0.21, 0.0), (0.21, 0.04), (0.24, 0.05), (0.24, h * 0.72), (0.22, h * 0.73)], "body", sides=24)
        b.lathe([(0.22, h * 0.73), (0.2, h * 0.731), (0.2, h * 0.9), (0.22, h * 0.902)], "dark", sides=24)
        b.lathe([(0.22, h * 0.902), (0.245, h * 0.91), (0.245, h * 0.95), (0.16, h), (0.0, h)], "body", sides=24)
    else:
        b.lathe([(0.0, 0.03), (0.2, 0.03), (0.2, h * 0.8), (0.18, h * 0.8), (0.18, h * 0.72)], "dark", sides=20)
        b.lathe([(0.18, h * 0.72), (0.0, h * 0.71)], "dark", sides=20)
        for angle in np.linspace(0.0, 2 * np.pi, 18, endpoint=False):
            with b.at((0.0, 0.0, 0.0), (np.cos(angle), np.sin(angle), 0.0), (-np.sin(angle), np.cos(angle), 0.0)):
                b.boxes(0.215, 0.24, -0.03, 0.03, 0.06, h * 0.84, "wood", skip="", random=abs(np.sin(7 * angle)))
        for z in (0.15, h * 0.7):
            b.lathe([(0.241, z), (0.245, z + 0.002), (0.245, z + 0.04), (0.241, z + 0.042)], "metal", sides=24)
        b.lathe([(0.1, 0.0), (0.1, 0.06)], "metal", sides=12)
    return b.mesh()


@mesh_generator("street.bench")
def bench(length: float = 1.8, back: bool = True, seed: int = 0) -> Mesh:
    """A park bench of wooden slats on iron feet, along Y, seat towards +X. face_random: per slat.

    Slots: wood, metal.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("wood", "metal")
    half = length / 2
    for k in range(5):
        x = 0.24 - 0.1 * k
        b.chamfered(
            x - 0.04, x + 0.04, -half, half, 0.43 - 0.008 * k, 0.465 - 0.008 * k, 0.006, "wood", random=rng.random()
        )
    if back:
        lean = np.radians(14)
        axis = (np.cos(lean), 0.0, np.sin(lean))
        up = (-np.sin(lean), 0.0, np.cos(lean))
        with b.at((-0.24, 0.0, 0.43), axis, (0.0, 1.0, 0.0), up):
            for k in range(3):
                low = 0.1 + 0.12 * k
                b.chamfered(0.0, 0.035, -half, half, low, low + 0.09, 0.006, "wood", random=rng.random())
    for y in (-half + 0.25, half - 0.25):
        b.tube(
            [(0.26, y, 0.0), (0.26, y, 0.3), (0.24, y, 0.39), (-0.2, y, 0.36), (-0.28, y, 0.25), (-0.28, y, 0.0)],
            0.022,
            "metal",
            sides=8,
        )
        if back:
            b.tube([(-0.19, y, 0.35), (-0.26, y, 0.45), (-0.365, y, 0.86)], 0.018, "metal", sides=8)
        b.tube(
            [(0.23, y, 0.395), (0.24, y, 0.6), (0.15, y, 0.65), (-0.29, y, 0.64)]
            if back
            else [(0.2, y, 0.35), (-0.16, y, 0.35)],
            0.016,
            "metal",
            sides=8,
        )
    return b.mesh()


@mesh_generator("street.planter")
def planter(length: float = 1.0, width: float = 0.5, height: float = 0.55, seed: int = 0) -> Mesh:
    """A planting box with earth and a low hedge; long side along Y. Slots: body, soil, leaf."""
    rng = np.random.default_rng(seed)
    b = MeshBuilder("body", "soil", "leaf")
    x, y, wall = width / 2, length / 2, 0.05
    b.boxes(-x, x, -y, y, 0.03, height, "body", skip="+z")
    b.boxes(-x + 0.04, x - 0.04, -y + 0.04, y - 0.04, 0.0, 0.03, "body", skip="+z -z")
    ring = [(-x, -y), (x, -y), (x, y), (-x, y)]
    hole = np.array([(-x + wall, -y + wall), (x - wall, -y + wall), (x - wall, y - wall), (-x + wall, y - wall)])
    b.plate([ring, hole], height, "body")
    b.walls(hole[::-1], height - 0.06, height, "body")
    b.plate([hole], height - 0.06, "soil")
    with b.at((0.0, 0.0, height - 0.06)):
        add_hedge(b, width - 2 * wall - 0.04, length - 2 * wall - 0.04, rng.uniform(0.2, 0.4), rng)
    return b.mesh()


@mesh_generator("street.bike_stand")
def bike_stand(count: int = 3, spacing: float = 0.8) -> Mesh:
    """Inverted-U stands in a row along Y, the hoops across it. Slots: metal."""
    b = MeshBuilder("metal")
    turn = np.linspace(0.0, np.pi, 9)
    for k in range(count):
        y = (k - (count - 1) / 2) * spacing
        arc = np.stack([0.35 * np.cos(turn), np.full(9, y), 0.65 + 0.15 * np.sin(turn)], axis=1)
        b.tube(np.concatenate([[(0.35, y, 0.0)], arc, [(-0.35, y, 0.0)]]), 0.024, "metal", sides=10)
        for x in (-0.35, 0.35):
            with b.at((x, y, 0.0)):
                b.lathe([(0.06, 0.0), (0.06, 0.008), (0.03, 0.01)], "metal", sides=12)
    return b.mesh()


@mesh_generator("street.electricity_cabinet")
def electricity_cabinet(
    width: float = 0.8, depth: float = 0.32, height: float = 1.15, stickers: int = 3, seed: int = 0
) -> Mesh:
    """A grey cabinet with doors, plinth and hood, and a few stickers; doors towards +X.

    Slots: body, base, metal, sticker.
    """
    rng = np.random.default_rng(seed)
    b = MeshBuilder("body", "base", "metal", "sticker")
    x, y = depth / 2, width / 2
    b.boxes(-x, x, -y, y, 0.0, 0.12, "base", skip="-z")
    b.boxes(-x + 0.01, x - 0.01, -y + 0.01, y - 0.01, 0.12, height - 0.04, "body", skip="-z +z")
    b.chamfered(-x - 0.02, x + 0.02, -y - 0.02, y + 0.02, height - 0.04, height, 0.015, "body")
    leaves = 2 if width > 0.6 else 1
    for k in range(leaves):
        low, high = -y + 0.03 + k * (width - 0.05) / leaves, -y + 0.02 + (k + 1) * (width - 0.05) / leaves
        b.boxes(x - 0.01, x + 0.004, low, high, 0.16, height - 0.08, "body", skip="-x")
        b.boxes(
            x + 0.004,
            x + 0.008,
            low + 0.05,
            high - 0.05,
            np.array([0.2, 0.235, 0.27]),
            np.array([0.215, 0.25, 0.285]),
            "metal",
            skip="-x",
        )
    b.boxes(x + 0.004, x + 0.03, -0.03, -0.01, height * 0.5, height * 0.5 + 0.1, "metal", skip="-x")
    for _ in range(stickers):
        w, h = rng.uniform(0.05, 0.14), rng.uniform(0.05, 0.14)
        a, z = rng.uniform(-y + 0.06, y - 0.06 - w), rng.uniform(0.35, height - 0.12 - h)
        if not (a < 0.0 < a + w or a < -0.03 < a + w) or not (z < height * 0.5 + 0.1 and z + h > height * 0.5):
            lift = x + 0.006 + 0.002 * rng.integers(1, 4)
            b.quads(
                [[(lift, a, z), (lift, a + w, z), (lift, a + w, z + h), (lift, a, z + h)]],
                "sticker",
                random=rng.random(),
            )
    return b.mesh()


@mesh_generator("street.parking_meter")
def parking_meter() -> Mesh:
    """A pay station with a screen and a solar panel on top. Slots: body, screen, metal."""
    b = MeshBuilder("body", "screen", "metal")
    b.boxes(-0.1, 0.1, -0.13, 0.13, 0.0, 0.03, "metal", skip="-z")
    b.chamfered(-0.08, 0.08, -0.11, 0.11, 0.03, 1.05, 0.012, "body")
    b.chamfered(-0.12, 0.12, -0.16, 0.16, 1.05, 1.6, 0.02, "body")
    b.quads([[(0.122, -0.09, 1.35), (0.122, 0.09, 1.35), (0.122, 0.09, 1.5), (0.122, -0.09, 1.5)]], "screen")
    b.boxes(0.12, 0.13, -0.09, 0.09, [1.14, 1.22], [1.17, 1.28], "metal", skip="-x")
    with b.at((0.0, 0.0, 1.62), (0.94, 0.0, -0.34), (0.0, 1.0, 0.0), (0.34, 0.0, 0.94)):
        b.boxes(-0.13, 0.13, -0.15, 0.15, 0.0, 0.02, "screen", skip="")
    b.cylinder(0.025, 1.58, 1.63, "metal", sides=8)
    return b.mesh()


@mesh_generator("street.post_box")
def post_box() -> Mesh:
    """A post box on a foot, slot towards +X. Slots: body, metal, dark."""
    b = MeshBuilder("body", "metal", "dark")
    b.lathe([(0.13, 0.0), (0.13, 0.015), (0.045, 0.02), (0.045, 0.72)], "metal", sides=14)
    b.chamfered(-0.16, 0.16, -0.2, 0.2, 0.7, 1.28, 0.015, "body")
    turn = np.linspace(0.0, np.pi, 9)
    hood = np.stack([0.17 * np.cos(turn), 1.281 + 0.09 * np.sin(turn)], axis=1)
    with b.at((0.0, 0.205, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.prism(hood, 0.0, 0.41, "body")
    b.boxes(0.16, 0.175, -0.13, 0.13, 1.14, 1.2, "body", skip="-x")
    b.boxes(0.16, 0.162, -0.12, 0.12, 1.1, 1.135, "dark", skip="-x")
    b.boxes(0.16, 0.163, -0.08, 0.08, 0.85, 1.0, "metal", skip="-x")
    return b.mesh()


@mesh_generator("street.newspaper_box")
def newspaper_box() -> Mesh:
    """A newspaper stand with a slanting lid. Slots: body, sheet, metal."""
    b = MeshBuilder("body", "sheet", "metal")
    b.tube([(0.0, -0.16, 0.0), (0.0, -0.16, 0.55)], 0.016, "metal", sides=8)
    b.tube([(0.0, 0.16, 0.0), (0.0, 0.16, 0.55)], 0.016, "metal", sides=8)
    b.boxes(-0.16, 0.16, -0.22, 0.22, 0.0, 0.012, "metal", skip="-z")
    profile = np.array([(-0.17, 0.5), (0.17, 0.5), (0.17, 0.78), (-0.17, 0.98)])
    with b.at((0.0, 0.22, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
        b.prism(profile, 0.0, 0.44, "body")
    b.quads([[(0.173, -0.18, 0.53), (0.173, 0.18, 0.53), (0.173, 0.18, 0.75), (0.173, -0.18, 0.75)]], "sheet")
    return b.mesh()
