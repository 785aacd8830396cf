"""Windows, shop fronts, doors, balconies and trim of one facade.

A facade is drawn in the builder's frame: x runs along it (left to right seen from outside), -y points out, z is up.
Functions take u along, v up and d outwards, all in metres; d = 0 is the wall's face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array

FRAME_WIDTH = 0.055
FRAME_DEPTH = 0.06
SILL_RISE = 0.015
"""How far a sill stands above the reveal's lower edge, so that the two never lie in one plane."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the storeys of one building share. Metres; counts and kinds as named."""

    bay: float
    window_width: float
    window_height: float
    sill: float
    reveal: float
    leaves: int
    transom: bool
    surround: str  # none | lintel | frame | hood
    balcony: str  # none | bars | sheet | solid
    balcony_rhythm: int
    shutters: bool
    string_courses: bool
    quoins: bool
    plinth: float
    cornice: float


def draw_style(rng: np.random.Generator) -> Style:
    """A style at random; the ranges are those of European streets of two to six storeys."""
    return Style(
        bay=rng.uniform(2.1, 3.0),
        window_width=rng.uniform(0.95, 1.5),
        window_height=rng.uniform(1.45, 1.95),
        sill=rng.uniform(0.55, 0.9),
        reveal=rng.uniform(0.12, 0.24),
        leaves=int(rng.choice([1, 2, 2, 3])),
        transom=bool(rng.random() < 0.4),
        surround=str(rng.choice(["none", "lintel", "frame", "hood"], p=[0.3, 0.3, 0.15, 0.25])),
        balcony=str(rng.choice(["none", "bars", "sheet", "solid"], p=[0.45, 0.33, 0.12, 0.10])),
        balcony_rhythm=int(rng.integers(1, 4)),
        shutters=bool(rng.random() < 0.15),
        string_courses=bool(rng.random() < 0.55),
        quoins=bool(rng.random() < 0.25),
        plinth=rng.uniform(0.35, 0.8),
        cornice=rng.uniform(0.16, 0.32),
    )


def box(
    b: MeshBuilder,
    u0: ArrayLike,
    u1: ArrayLike,
    v0: ArrayLike,
    v1: ArrayLike,
    d0: ArrayLike,
    d1: ArrayLike,
    slot: str,
    *,
    skip: str = "+y",
    random: ArrayLike = 0.0,
) -> None:
    """Boxes on the facade, from d0 to d1 outwards; their backs are left out unless `skip` says otherwise."""
    b.boxes(u0, u1, -np.asarray(d1, float), -np.asarray(d0, float), v0, v1, slot, skip=skip, random=random)


def pane(
    b: MeshBuilder, u0: float, u1: float, v0: float, v1: float, d: float, slot: str, *, random: float = 0.0
) -> None:
    """One upright pane that faces out, texture coordinates 0..1."""
    b.quads([[(u0, -d, v0), (u1, -d, v0), (u1, -d, v1), (u0, -d, v1)]], slot, random=random)


def wall(
    b: MeshBuilder, u: ArrayLike, v: ArrayLike, holes: NDArray[np.bool_] | None = None, shift: float = 0.0
) -> None:
    """The wall's face as a grid between the breaks u and v, without the cells marked in `holes` (rows v, columns u).

    Texture coordinates are (u + shift, v) in metres.
    """
    us, vs = np.asarray(u, dtype=np.float64), np.asarray(v, dtype=np.float64)
    kept = np.ones((len(vs) - 1, len(us) - 1), dtype=bool) if holes is None else ~holes
    row, column = np.nonzero(kept)
    u0, u1, v0, v1 = us[column], us[column + 1], vs[row], vs[row + 1]
    real = (u1 - u0 > 1e-6) & (v1 - v0 > 1e-6)
    u0, u1, v0, v1 = u0[real], u1[real], v0[real], v1[real]
    uv = np.stack([np.stack(p, axis=1) for p in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))], axis=1)
    corners = np.stack([uv[..., 0], np.zeros(uv.shape[:2]), uv[..., 1]], axis=-1)
    b.quads(corners, "wall", uvs=uv + np.array([shift, 0.0]))


def reveals(b: MeshBuilder, u0: ArrayLike, u1: ArrayLike, v0: ArrayLike, v1: ArrayLike, depth: float) -> None:
    """The four inner faces of openings in the wall, from its face to `depth` behind it."""
    low_u, high_u, low_v, high_v = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64).ravel() for a in (u0, u1, v0, v1))
    )
    for a, c in (
        ((low_u, low_v), (low_u, high_v)),
        ((high_u, high_v), (high_u, low_v)),
        ((low_u, high_v), (high_u, high_v)),
        ((high_u, low_v), (low_u, low_v)),
    ):
        front, back = np.zeros(len(low_u)), np.full(len(low_u), depth)
        corners = np.stack(
            [np.stack([p[0], y, p[1]], axis=1) for p, y in ((a, front), (a, back), (c, back), (c, front))], axis=1
        )
        b.quads(corners, "wall", uvs=corners[..., [0, 2]] + corners[..., [1, 1]])


def windows(b: MeshBuilder, u0: Array, u1: Array, v0: Array, v1: Array, style: Style, rng: np.random.Generator) -> None:
    """Frames and tilted panes in openings (1-D arrays), at the style's reveal depth. One random number per window."""
    d, n = -style.reveal, len(u0)
    f = FRAME_WIDTH
    for low, high in ((v0, v0 + f), (v1 - f, v1)):
        box(b, u0, u1, low, high, d, d + FRAME_DEPTH, "frame", skip="+y -x +x")
    for left, right in ((u0, u0 + f), (u1 - f, u1)):
        box(b, left, right, v0 + f, v1 - f, d, d + FRAME_DEPTH, "frame", skip="+y -z +z")
    leaves = style.leaves
    own = rng.random(n)
    step = (u1 - u0) / leaves
    for k in range(1, leaves):
        middle = u0 + step * k
        box(b, middle - 0.03, middle + 0.03, v0 + f, v1 - f, d, d + 0.056, "frame", skip="+y -z +z")
    if style.transom:
        bar = v0 + (v1 - v0) * 0.68
        box(b, u0 + f, u1 - f, bar, bar + 0.05, d, d + 0.052, "frame", skip="+y -x +x")
    # Panes that do not quite lie in one plane break up what they mirror, as real ones do.
    for k in range(leaves):
        left, right = u0 + step * k, u0 + step * (k + 1)
        lean = rng.uniform(-0.0075, 0.0075, (3, n))
        depth = d + 0.024 + np.stack([lean[0], lean[1], lean[2], lean[0] + lean[2] - lean[1]], axis=1)
        corners = np.stack(
            [
                np.stack([u, -depth[:, i], v], axis=1)
                for i, (u, v) in enumerate(((left, v0), (right, v0), (right, v1), (left, v1)))
            ],
            axis=1,
        )
        a, c = k / leaves, (k + 1) / leaves
        b.quads(corners, "glass", uvs=[(a, 0), (c, 0), (c, 1), (a, 1)], random=own)


def trim(b: MeshBuilder, u0: Array, u1: Array, v0: Array, v1: Array, style: Style, *, sills: NDArray[np.bool_]) -> None:
    """Sills (where `sills`), lintels, surrounds and hoods around openings (1-D arrays)."""
    framed = style.surround in ("frame", "hood")
    reach = 0.18 if framed else 0.08
    a, c, low = u0[sills], u1[sills], v0[sills]
    inner = -style.reveal + FRAME_DEPTH
    box(b, a, c, low - 0.03, low + SILL_RISE, inner, 0.0, "stone", skip="+y -y -x +x -z")
    box(b, a - reach, c + reach, low - 0.08, low + SILL_RISE, 0.0, 0.09, "stone")
    if style.surround == "lintel":
        box(b, u0 - 0.12, u1 + 0.12, v1, v1 + 0.2, 0.0, 0.05, "stone")
    if framed:
        foot = np.where(sills, v0 + SILL_RISE, v0)
        for left, right in ((u0 - 0.15, u0), (u1, u1 + 0.15)):
            box(b, left, right, foot, v1, 0.0, 0.045, "stone", skip="+y +z")
        box(b, u0 - 0.15, u1 + 0.15, v1, v1 + 0.16, 0.0, 0.045, "stone")
    if style.surround == "hood":
        box(b, u0 - 0.22, u1 + 0.22, v1 + 0.16, v1 + 0.24, 0.0, 0.16, "stone")


def shutters(b: MeshBuilder, u0: Array, u1: Array, v0: Array, v1: Array) -> None:
    """A pair of louvred shutters folded against the wall beside each opening."""
    width = (u1 - u0) * 0.48
    for left, right in ((u0 - 0.02 - width, u0 - 0.02), (u1 + 0.02, u1 + 0.02 + width)):
        box(b, left, right, v0 + 0.02, v1, 0.02, 0.05, "door", skip="")
        for k in range(6):
            low = v0 + (v1 - v0) * (0.08 + 0.145 * k)
            box(b, left + 0.06, right - 0.06, low, low + (v1 - v0) * 0.09, 0.05, 0.06, "door")


def balconies(b: MeshBuilder, u0: Array, u1: Array, floor: Array, style: Style) -> None:
    """Slabs with consoles and railings in front of openings (1-D arrays); `floor` is the height of the slab's top."""
    left, right, depth = u0 - 0.35, u1 + 0.35, 0.95
    box(b, left, right, floor - 0.14, floor, 0.0, depth, "stone")
    for console in (left + 0.15, right - 0.27):
        box(b, console, console + 0.12, floor - 0.327, floor - 0.14, 0.0, 0.55, "stone", skip="+y +z")
    if style.balcony == "solid":
        box(b, left, right, floor, floor + 0.95, depth - 0.1, depth - 0.004, "wall", skip="-z")
        for side in (left + 0.004, right - 0.104):
            box(b, side, side + 0.1, floor, floor + 0.95, 0.0, depth - 0.1, "wall", skip="-z +y -y")
        return
    rail = 0.025
    box(b, left + 0.02, right - 0.02, floor + 1.0, floor + 1.04, depth - 0.06, depth - 0.01, "metal", skip="")
    for side in (left + 0.02, right - 0.02 - 2 * rail):
        box(b, side, side + 2 * rail, floor + 1.0, floor + 1.036, 0.0, depth - 0.06, "metal", skip="+y -y")
    if style.balcony == "sheet":
        box(b, left + 0.04, right - 0.04, floor + 0.1, floor + 0.95, depth - 0.04, depth - 0.03, "metal", skip="")
        for side in (left + 0.04, right - 0.05):
            box(b, side, side + 0.01, floor + 0.1, floor + 0.95, 0.02, depth - 0.045, "metal", skip="")
        return
    bars: list[NDArray[Any]] = []
    for k in range(len(u0)):
        along = np.arange(left[k] + 0.04, right[k] - 0.05, 0.12)
        out = np.arange(0.1, depth - 0.08, 0.12)
        bars.append(np.stack([along, np.full(len(along), depth - 0.043), np.full(len(along), floor[k])], axis=1))
        for side in (left[k] + 0.036, right[k] - 0.054):
            bars.append(np.stack([np.full(len(out), side), out, np.full(len(out), floor[k])], axis=1))
    at = np.concatenate(bars)
    box(b, at[:, 0], at[:, 0] + 0.018, at[:, 2], at[:, 2] + 1.01, at[:, 1], at[:, 1] + 0.018, "metal", skip="-z +z")


def quoins(
    b: MeshBuilder, width: float, height: float, *, start: float, left: float, right: float, joined: str = ""
) -> None:
    """Corner stones, long and short in turn; `left` and `right` are how far they reach past the facade's ends.

    joined: ends ("-x", "+x") that meet the stones of another facade, and so have no face of their own.
    """
    count = int((height - start) / 0.36)
    low = start + 0.36 * np.arange(count)
    long = np.where(np.arange(count) % 2 == 0, 0.5, 0.32)
    for x0, x1, end in ((-left, long, "-x"), (width - long, width + right, "+x")):
        box(b, x0, x1, low + 0.008, low + 0.352, 0.0, 0.03, "stone", skip=f"+y {end}" if end in joined else "+y")


def course(
    b: MeshBuilder,
    width: float,
    low: ArrayLike,
    high: ArrayLike,
    reach: float,
    *,
    left: bool,
    right: bool,
    joined: str = "",
) -> None:
    """Bands of stone along the whole facade, around the corner where an end is visible; `joined` as for `quoins`."""
    box(b, -reach * left, width + reach * right, low, high, 0.0, reach, "stone", skip=f"+y {joined}")
