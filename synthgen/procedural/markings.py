"""Lane paint as thin patches just above the road, so that it is labelled by what is drawn.

Every piece lies in its own frame at z = `LIFT` and wears by the road's own map: with `uv_origin` = (x, y) of the
piece's frame in road coordinates (x from the road's left edge, y from the start of the map, metres; the piece may be
moved but not turned) and `uv_scale` = (road width, map length), a point's texture coordinates are
((uv_origin + point) / uv_scale). Slots: paint. Paint runs over its whole extent: where it is worn off, the material
shows the asphalt below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, triangulate
from synthgen.procedural.text import glyph

LIFT = 0.002
"""Height of the paint above the road, metres."""

Pair = Sequence[float]
_ORIGIN: Pair = (0.0, 0.0)
_SCALE: Pair = (12.0, 60.0)


class _Paint:
    """Gathers patches in road coordinates."""

    def __init__(self, uv_origin: Pair, uv_scale: Pair) -> None:
        self.builder = MeshBuilder("paint")
        self.origin = np.asarray(uv_origin, dtype=np.float64)
        self.scale = np.asarray(uv_scale, dtype=np.float64)
        if (self.scale <= 0).any():
            raise InputError.of(f"a road map of {list(uv_scale)} m has no extent")

    def rectangles(self, x0: ArrayLike, x1: ArrayLike, y0: ArrayLike, y1: ArrayLike) -> None:
        a, c, d, e = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (x0, x1, y0, y1)))
        flat = np.stack([np.stack(p, axis=1) for p in ((a, d), (c, d), (c, e), (a, e))], axis=1)
        corners = np.concatenate([flat, np.full((*flat.shape[:2], 1), LIFT)], axis=2)
        self.builder.quads(corners, "paint", uvs=(flat + self.origin) / self.scale)

    def triangles(self, points: Array, faces: ArrayLike) -> None:
        """points (V, 2), faces (F, 3) counter-clockwise from above."""
        v = np.column_stack([points, np.full(len(points), LIFT)])
        up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), v.shape)
        uvs = (points + self.origin) / self.scale
        self.builder.triangles(v, np.asarray(faces, dtype=np.int64), "paint", normals=up, uvs=uvs)

    def polygon(self, outline: ArrayLike) -> None:
        """A counter-clockwise outline without holes."""
        points = np.asarray(outline, dtype=np.float64)
        self.triangles(points, triangulate([points]))

    def mesh(self) -> Mesh:
        return self.builder.mesh()


@mesh_generator("marking.line", version=2)
def line(
    length: float = 30.0,
    width: float = 0.12,
    dash: float = 0.0,
    gap: float = 0.0,
    phase: float = 0.0,
    uv_origin: Pair = _ORIGIN,
    uv_scale: Pair = _SCALE,
) -> Mesh:
    """A line along +Y from y = 0 to `length`, centred on x = 0. Solid, or dashes of `dash` metres with gaps.

    phase: metres of the pattern that lie before y = 0. Raises InputError where no dash falls on the length.
    """
    paint = _Paint(uv_origin, uv_scale)
    if dash <= 0.0 or gap <= 0.0:
        # Cut every few metres: long thin triangles would make the texture coordinates coarse.
        cut = np.linspace(0.0, length, max(1, round(length / 12)) + 1)
        paint.rectangles(-width / 2, width / 2, cut[:-1], cut[1:])
        return paint.mesh()
    start = np.arange(-phase % (dash + gap) - (dash + gap), length, dash + gap)
    y0, y1 = start.clip(0.0, length), (start + dash).clip(0.0, length)
    shown = y1 - y0 > 0.05
    paint.rectangles(-width / 2, width / 2, y0[shown], y1[shown])
    return paint.mesh()


@mesh_generator("marking.rect", version=2)
def rect(width: float = 0.5, length: float = 1.0, uv_origin: Pair = _ORIGIN, uv_scale: Pair = _SCALE) -> Mesh:
    """A rectangle over x 0..width, y 0..length."""
    paint = _Paint(uv_origin, uv_scale)
    paint.rectangles(0.0, width, 0.0, length)
    return paint.mesh()


@mesh_generator("marking.crossing", version=2)
def crossing(
    width: float = 10.0,
    depth: float = 3.0,
    bar: float = 0.5,
    gap: float = 0.5,
    uv_origin: Pair = _ORIGIN,
    uv_scale: Pair = _SCALE,
) -> Mesh:
    """A zebra crossing over x 0..width: bars along +Y of `depth` metres, evenly spread and kept off the edges."""
    paint = _Paint(uv_origin, uv_scale)
    count = max(1, int((width + gap) // (bar + gap)))
    start = (width - count * bar - (count - 1) * gap) / 2
    x0 = start + np.arange(count) * (bar + gap)
    paint.rectangles(x0, x0 + bar, 0.0, depth)
    return paint.mesh()


@mesh_generator("marking.stop_line", version=2)
def stop_line(
    width: float = 3.0, thickness: float = 0.4, dashed: bool = False, uv_origin: Pair = _ORIGIN, uv_scale: Pair = _SCALE
) -> Mesh:
    """A stop line over x 0..width, y 0..thickness; dashed: a give-way line."""
    paint = _Paint(uv_origin, uv_scale)
    if dashed:
        count = max(1, round(width / 0.75))
        x0 = np.arange(count) * width / count
        paint.rectangles(x0, x0 + width / count * 2 / 3, 0.0, thickness)
    else:
        paint.rectangles(0.0, width, 0.0, thickness)
    return paint.mesh()


@mesh_generator("marking.bay", version=2)
def bay(
    depth: float = 2.0,
    length: float = 6.0,
    shape: str = "line",
    line_width: float = 0.1,
    uv_origin: Pair = _ORIGIN,
    uv_scale: Pair = _SCALE,
) -> Mesh:
    """Where parking bays meet: shape line (a line over x 0..depth at y = 0), T (with a foot along the lane at x = 0,
    `length`/6 to both sides) or L (a foot to +Y only).

    Raises InputError for another shape.
    """
    paint = _Paint(uv_origin, uv_scale)
    half = line_width / 2
    if shape not in ("line", "T", "L"):
        raise InputError.of(f"a parking bay has no shape {shape!r}", hint="line, T or L")
    if shape == "line":
        paint.rectangles(0.0, depth, -half, half)
    else:
        foot = length / 6
        paint.rectangles(line_width, depth, -half, half)
        paint.rectangles(0.0, line_width, -half if shape == "L" else -foot, foot)
    return paint.mesh()


@mesh_generator("marking.arrow", version=2)
def arrow(
    direction: str = "straight",
    length: float = 5.0,
    mirror: bool = False,
    uv_origin: Pair = _ORIGIN,
    uv_scale: Pair = _SCALE,
) -> Mesh:
    """A lane arrow that points to +Y, tail at the origin: straight, left, right, straight_left or straight_right.

    Proportions as usual in towns for 5 m: shaft 0.15 m, straight head 0.45 x 2 m, turning heads to the side.
    `mirror` turns it by 180 degrees in place (for traffic towards -Y), so that the texture keeps its direction.
    Raises InputError for another direction.
    """
    s = length / 5.0
    shapes: list[list[tuple[float, float]]] = []
    if direction == "straight":
        shapes = [[(-0.075, 0.0), (0.075, 0.0), (0.075, 3.3), (-0.075, 3.3)], [(-0.3, 3.3), (0.3, 3.3), (0.0, 5.0)]]
    elif direction in ("left", "right"):
        shapes = [_turn(0.0, 3.0, 2.0)]
    elif direction in ("straight_left", "straight_right"):
        shapes = [
            [(-0.075, 0.0), (0.075, 0.0), (0.075, 3.6), (-0.075, 3.6)],
            [(-0.28, 3.6), (0.28, 3.6), (0.0, 5.0)],
            _turn(1.1, 2.3, 1.1, joined=True),
        ]
    else:
        raise InputError.of(
            f"an arrow cannot point {direction!r}", hint="straight, left, right, straight_left, straight_right"
        )
    paint = _Paint(uv_origin, uv_scale)
    for shape in shapes:
        points = np.array(shape) * s
        if direction.endswith("left"):
            points = (points * (-1, 1))[::-1]
        if mirror:
            points = np.array([0.0, length]) - points
        paint.polygon(points)
    return paint.mesh()


def _turn(start: float, rise: float, bend: float, *, joined: bool = False) -> list[tuple[float, float]]:
    """A shaft that goes up from (0, start), bends to the right at the height `rise` and ends in a head."""
    half, reach = 0.075, 0.55
    base: list[tuple[float, float]]
    if joined:
        base = [(half, start), (half, start + 2.4 * half)]
        upper = [(half, start + 2.4 * half + 0.25)]
        shaft_low = [(reach - 0.1, rise - 0.12)]
        shaft_high = [(reach - 0.1, rise + 0.14)]
        head = [(reach - 0.1, rise - 0.6), (reach + 0.45, rise + 0.1), (reach - 0.1, rise + 0.75)]
        return [base[1], *shaft_low, *head, *shaft_high, *upper]
    base = [(-half, start), (half, start), (half, bend)]
    shaft_low = [(reach - 0.15, rise - 0.14)]
    head = [(reach - 0.15, rise - 0.75), (reach + 0.5, rise + 0.1), (reach - 0.15, rise + 0.95)]
    shaft_high = [(reach - 0.15, rise + 0.16)]
    return [*base, *shaft_low, *head, *shaft_high, (-half, bend + 0.35)]


@mesh_generator("marking.text", version=2)
def marking_text(
    text: str = "30",
    height: float = 2.0,
    stretch: float = 2.5,
    font: str = "sans",
    uv_origin: Pair = _ORIGIN,
    uv_scale: Pair = _SCALE,
) -> Mesh:
    """Letters on the road, centred on x = 0 with the baseline at y = 0, read by traffic towards +Y.

    height: of the capitals along the road, metres; stretch: height over the width they would have upright.
    """
    paint = _Paint(uv_origin, uv_scale)
    across = height / stretch
    x = -sum(glyph(font, c).advance for c in text) * across / 2
    for c in text:
        g = glyph(font, c)
        if len(g.faces):
            paint.triangles(g.points * (across, height) + np.array([x, 0.0]), g.faces)
        x += g.advance * across
    return paint.mesh()
