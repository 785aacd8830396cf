"""Sign plates and the posts that carry them. A plate looks along +X; the viewer's right is +Y."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.poles import add_pole
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, circle

SHAPES = ("circle", "triangle", "triangle_down", "square", "octagon", "rect", "diamond")
SLOTS = ("face", "back", "rim")
THICKNESS = 0.024
STANDOFF = 0.034
"""Distance from the axis of a sign post to the back of the plates on it, metres."""


def plate_size(shape: str, size: float, aspect: float = 1.5) -> tuple[float, float]:
    """(width, height) in metres of a plate. `size` is the diameter, the side, or a rect's width (aspect = w / h)."""
    if shape not in SHAPES:
        raise InputError.of(f"no sign has the shape {shape!r}", hint=", ".join(SHAPES))
    if shape in ("triangle", "triangle_down"):
        return size, size * np.sqrt(3) / 2
    if shape == "diamond":
        return size * np.sqrt(2), size * np.sqrt(2)
    return (size, size / aspect) if shape == "rect" else (size, size)


@mesh_generator("street.sign_plate")
def sign_plate(shape: str = "circle", size: float = 0.6, aspect: float = 1.5) -> Mesh:
    """A sheet with a turned-over rim, its middle on the origin, back at x = 0, face at x = 24 mm.

    UVs of the face are 0..1 over the plate's bounding rectangle (`plate_size`), as `street.sign_picture` is drawn.
    Slots: face, back, rim. Raises InputError for an unknown shape.
    """
    outline = plate_outline(shape, size, aspect)
    b = MeshBuilder(*SLOTS)
    with b.at((0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.plate([outline], THICKNESS, "face", uvs="unit")
        b.walls(outline, 0.0, THICKNESS, "rim", smooth=shape == "circle")
        lip = outline * (1 - 0.036 / size)
        # The rim is folded inwards; the sheet's back lies deeper.
        b.walls(lip[::-1], 0.0, THICKNESS - 0.004, "rim", smooth=shape == "circle")
    with b.at((0, 0, 0), (0, -1, 0), (0, 0, 1), (-1, 0, 0)):
        mirrored, hole = outline * (-1, 1), lip * (-1, 1)
        b.plate([mirrored[::-1], hole], 0.0, "rim")
        b.plate([hole[::-1]], -(THICKNESS - 0.004), "back")
    return b.mesh()


def plate_outline(shape: str, size: float, aspect: float = 1.5) -> Array:
    """(N, 2) counter-clockwise outline about the origin, corners rounded."""
    width, height = plate_size(shape, size, aspect)
    if shape == "circle":
        return circle(size / 2, 40)
    if shape == "octagon":
        # Flat sides left, right, above and below: the circle about it is larger than half its width.
        return circle(size / 2 / np.cos(np.pi / 8), 8, turn=np.pi / 8)
    corners = {
        "triangle": [(-width / 2, -height / 2), (width / 2, -height / 2), (0.0, height / 2)],
        "triangle_down": [(-width / 2, height / 2), (0.0, -height / 2), (width / 2, height / 2)],
        "diamond": [(0.0, -height / 2), (width / 2, 0.0), (0.0, height / 2), (-width / 2, 0.0)],
    }.get(
        shape,
        [(-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2)],
    )
    return rounded(np.array(corners), 0.055 * min(width, height))


def rounded(corners: Array, radius: float, steps: int = 5) -> Array:
    """A convex counter-clockwise polygon (N, 2) with its corners rounded."""
    before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
    points = []
    for p, a, c in zip(corners, before, after, strict=True):
        to_a, to_c = (a - p) / np.linalg.norm(a - p), (c - p) / np.linalg.norm(c - p)
        half = np.arccos(np.clip(to_a @ to_c, -1, 1)) / 2
        centre = p + (to_a + to_c) / np.linalg.norm(to_a + to_c) * radius / np.sin(half)
        start = p + to_a * radius / np.tan(half) - centre
        turn = np.linspace(0.0, np.pi - 2 * half, steps)
        cos, sin = np.cos(turn), np.sin(turn)
        points.append(centre + np.stack([cos * start[0] - sin * start[1], sin * start[0] + cos * start[1]], axis=1))
    return np.concatenate(points)


@mesh_generator("street.sign_post")
def sign_post(height: float = 2.9, radius: float = 0.03, clamps: tuple[float, ...] = (2.5,)) -> Mesh:
    """A tube with a cap; `clamps` are the heights of the middles of its plates, which go to x = `STANDOFF`.

    Slots: metal.
    """
    b = MeshBuilder("metal")
    add_pole(b, height, radius, radius, base=False)
    for middle in clamps:
        for z in (middle - 0.16, middle + 0.16):
            if 0.1 < z < height - 0.05:
                b.cylinder(radius + 0.005, z - 0.02, z + 0.02, "metal", sides=14)
                b.boxes(radius, STANDOFF + 0.018, -0.07, 0.07, z - 0.016, z + 0.016, "metal", skip="")
    return b.mesh()
