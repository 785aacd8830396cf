"""Railings, fences, cones and works barriers. They run along +Y from the origin unless they stand on it."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator


@mesh_generator("street.railing")
def railing(length: float = 6.0, height: float = 1.05, panel: float = 2.0) -> Mesh:
    """A pedestrian railing along +Y: hoops with upright bars between. Slots: metal."""
    b = MeshBuilder("metal")
    count = max(1, round(length / panel))
    edge = np.linspace(0.0, length, count + 1)
    for a, c in zip(edge[:-1] + 0.05, edge[1:] - 0.05, strict=True):
        b.tube(
            [
                (0, a, 0),
                (0, a, height - 0.06),
                (0, a + 0.06, height),
                (0, c - 0.06, height),
                (0, c, height - 0.06),
                (0, c, 0),
            ],
            0.022,
            "metal",
            sides=8,
        )
        b.boxes(-0.012, 0.012, a, c, 0.14, 0.164, "metal", skip="-y +y")
        b.boxes(-0.012, 0.012, a, c, height - 0.15, height - 0.126, "metal", skip="-y +y")
        bars = np.arange(a + 0.12, c - 0.06, 0.11)
        b.boxes(-0.007, 0.007, bars - 0.007, bars + 0.007, 0.164, height - 0.15, "metal", skip="-z +z")
    return b.mesh()


@mesh_generator("street.fence")
def fence(length: float = 6.0, height: float = 1.4, style: str = "bars", seed: int = 0) -> Mesh:
    """A fence along +Y: bars (iron, spiked), boards (wood) or mesh (wire between posts). face_random: per board.

    Slots: metal, wood. Raises InputError for another style.
    """
    if style not in ("bars", "boards", "mesh"):
        raise InputError.of(f"no fence is {style!r}", hint="bars, boards or mesh")
    rng = np.random.default_rng(seed)
    b = MeshBuilder("metal", "wood")
    posts = np.linspace(0.0, length, max(2, round(length / 2.2) + 1))
    post = 0.03 if style != "boards" else 0.045
    slot = "wood" if style == "boards" else "metal"
    y = np.clip(posts, post, length - post)
    b.boxes(-post, post, y - post, y + post, 0.0, height + 0.04, slot, skip="-z")
    if style == "mesh":
        # Wires of a welded mesh: a rung every 0.2 m, an upright every 5 cm.
        for z in np.arange(0.06, height, 0.2):
            b.boxes(-0.0035, 0.0035, post, length - post, z - 0.0035, z + 0.0035, "metal", skip="")
        k = np.arange(0.05, length - 0.02, 0.05)
        b.boxes(0.0035, 0.0085, k - 0.0025, k + 0.0025, 0.04, height, "metal", skip="")
    elif style == "bars":
        for z in (0.15, height - 0.2):
            b.boxes(-0.012, 0.012, post, length - post, z, z + 0.035, "metal", skip="")
        for k in np.arange(0.12, length - 0.06, 0.12):
            with b.at((0.0, k, 0.0)):
                b.lathe(
                    [(0.0105, 0.05), (0.0105, height), (0.02, height + 0.03), (0.0, height + 0.12)], "metal", sides=6
                )
    else:
        for z in (0.3, height - 0.3):
            b.boxes(post, post + 0.035, 0.0, length, z - 0.04, z + 0.04, "wood", skip="", random=0.5)
        count = max(1, int(length / 0.13))
        k = (np.arange(count) + 0.5) * length / count
        half = length / count / 2 - 0.008
        front = post + 0.035
        b.boxes(
            front,
            front + 0.018,
            k - half,
            k + half,
            0.05,
            height + rng.normal(0, 0.008, count),
            "wood",
            skip="",
            random=rng.random(count),
        )
    return b.mesh()


@mesh_generator("street.traffic_cone")
def traffic_cone(height: float = 0.5) -> Mesh:
    """A cone with reflecting bands on a rubber foot. Slots: body, band, base."""
    b = MeshBuilder("body", "band", "base")
    half = height * 0.36
    b.chamfered(-half, half, -half, half, 0.0, height * 0.06, 0.02, "base")
    low, r0, r1 = height * 0.06, height * 0.27, height * 0.055

    def radius(z: float) -> float:
        return r0 + (r1 - r0) * (z - low) / (height - low)

    cuts = [low, 0.36 * height, 0.54 * height, 0.68 * height, 0.8 * height, height]
    for k, slot in enumerate(("body", "band", "body", "band", "body")):
        b.lathe([(radius(cuts[k]), cuts[k]), (radius(cuts[k + 1]), cuts[k + 1])], slot, sides=20)
    b.lathe([(r1, height), (r1 * 0.6, height), (r1 * 0.6, height - 0.03), (0.0, height - 0.03)], "body", sides=20)
    return b.mesh()


@mesh_generator("street.barrier")
def barrier(length: float = 2.0, style: str = "board") -> Mesh:
    """A works barrier along Y, its middle on the origin: board (striped boards on feet) or jersey (concrete).

    Slots: red, white, base, concrete. Raises InputError for another style.
    """
    if style not in ("board", "jersey"):
        raise InputError.of(f"no barrier is {style!r}", hint="board or jersey")
    b = MeshBuilder("red", "white", "base", "concrete")
    half = length / 2
    if style == "jersey":
        side = [(0.3, 0.0), (0.3, 0.08), (0.18, 0.25), (0.09, 0.78), (0.06, 0.81)]
        outline = np.array([*side, *((-x, z) for x, z in side[::-1])])
        with b.at((0.0, half - 0.01, 0.0), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            b.prism(outline, 0.0, length - 0.02, "concrete")
        return b.mesh()
    for low, high in ((0.78, 1.0), (0.3, 0.45)):
        stripes = max(2, round(length / 0.25))
        edge = np.linspace(-half, half, stripes + 1)
        for k in range(stripes):
            b.boxes(
                -0.012,
                0.012,
                edge[k],
                edge[k + 1],
                low,
                high,
                "red" if k % 2 == 0 else "white",
                skip=_inner(k, stripes),
            )
    for y in (-half + 0.15, half - 0.15):
        b.boxes(-0.05, -0.014, y - 0.02, y + 0.02, 0.1, 0.96, "white", skip="")
        b.chamfered(-0.4, 0.4, y - 0.12, y + 0.12, 0.0, 0.1, 0.02, "base")
    return b.mesh()


def _inner(k: int, count: int) -> str:
    """Faces that two neighbouring stripes would share."""
    return " ".join(["-y"] * (k > 0) + ["+y"] * (k < count - 1))
