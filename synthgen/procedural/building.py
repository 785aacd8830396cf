"""Buildings that line a street: facade, visible ends, ground floor and roof."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.facade import (
    Style,
    balconies,
    box,
    course,
    draw_style,
    quoins,
    reveals,
    shutters,
    trim,
    wall,
    windows,
)
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.roof import flat_roof, mansard_roof, pitched_roof
from synthgen.procedural.shapes import Array
from synthgen.procedural.shopfront import house_door, shop_front, shop_hole

SLOTS = (
    "wall", "glass", "frame", "stone", "shop_glass", "sign", "awning", "door", "roof", "metal", "sign2", "text",
)  # fmt: skip

FRONT_REACH = 1.55
"""Nothing stands further in front of the facade than this, metres (awnings)."""

END_REACH = 0.35
"""Trim stands out by less than this over a visible end, metres; nothing does over an end that is not."""

ROOF_RISE = 8.0
"""Nothing stands higher than this above the top of the walls, metres."""

ENDS = ("none", "left", "right", "both")
ROOFS = ("flat", "mansard", "pitch")
_BAND = 0.05
"""Height of a balcony door's threshold above the floor."""


@mesh_generator("street.building", version=2)
def building(
    width: float = 14.0,
    depth: float = 12.0,
    storeys: int = 3,
    storey_height: float = 3.1,
    ground_height: float = 3.9,
    shop: bool = True,
    roof: str = "flat",
    ends: str = "none",
    seed: int = 0,
) -> Mesh:
    """One building on the rectangle x 0..width (left to right seen from the street), y 0..depth, front facing -Y.

    storeys: above the ground floor, which is `ground_height` high and has shops or flats. roof: flat, mansard or
    pitch. ends: which ends have windows and trim ("left" is x = 0 seen from the street); the others are blank walls
    that a neighbour may touch. Everything else (bays, surrounds, balconies, signs, names ...) follows from `seed`.
    Texture coordinates of walls and roofs are metres (u along, v height); of panes 0..1 over the window.
    face_random: one number per window or shop pane; per shop for its woodwork and sign.
    Slots: wall, glass, frame, stone, shop_glass, sign, awning, door, roof, metal, sign2, text.
    Raises InputError for an unknown roof or end, or a building too small to have a door (under 3 m).
    """
    if roof not in ROOFS or ends not in ENDS:
        raise InputError.of(f"no building has the roof {roof!r} and the ends {ends!r}", hint=f"{ROOFS}, {ENDS}")
    if width < 3.0 or depth < 3.0 or ground_height < 2.8 or (storeys and storey_height < 2.4):
        raise InputError.of("a building needs 3 m of width and depth, 2.8 m of ground floor and 2.4 m a storey")
    rng = np.random.default_rng(seed)
    style = draw_style(rng)
    b = MeshBuilder(*SLOTS)
    left, right = ends in ("left", "both"), ends in ("right", "both")
    top = ground_height + storeys * storey_height
    parapet = rng.uniform(0.4, 0.9) if roof == "flat" else 0.0

    pipe = rng.random() < 0.75
    if shop:
        _shops(b, width, ground_height, 0.3 if pipe else 0.0, rng)
        if storeys:
            course(b, width, ground_height - 0.02, ground_height + 0.14, 0.12, left=left, right=right)
    else:
        _flats(b, width, ground_height, style, rng, door=True, plinth_ends=(left, right))
    middles = _storeys(b, width, ground_height, storeys, storey_height, parapet, style, rng, front=True)
    _trim_line(b, width, ground_height, top, storeys, storey_height, style, shop, left=left, right=right)
    if pipe:
        with b.at((0.17, -0.12, 0.0)):
            b.cylinder(0.05, 0.0, top - 0.19, "metal", sides=8, caps="none")
            for z in np.arange(1.2137, top - 1.0, 2.4):
                b.cylinder(0.06, z, z + 0.04, "metal", sides=8)
    _sides(b, width, depth, top + parapet, ground_height, storeys, storey_height, parapet, style, rng, left, right)

    if roof == "flat":
        flat_roof(b, width, depth, top, parapet, rng)
    elif roof == "mansard":
        mansard_roof(b, width, depth, top, middles, rng)
    else:
        pitched_roof(b, width, depth, top, rng)
    return b.mesh()


def bay_count(width: float, seed: int) -> int:
    """Windows side by side on the front of a building of this width and seed."""
    return max(1, round(width / draw_style(np.random.default_rng(seed)).bay))


def _bays(width: float, style: Style, stretch: float = 1.0) -> tuple[Array, Array]:
    """(n,) left and right edges of the windows of one storey."""
    n = max(1, round(width / (style.bay * stretch)))
    middle = (np.arange(n) + 0.5) * width / n
    half = max(0.3, min(style.window_width, width / n - 0.5) / 2)
    return middle - half, middle + half


def _storeys(
    b: MeshBuilder,
    width: float,
    base: float,
    storeys: int,
    height: float,
    parapet: float,
    style: Style,
    rng: np.random.Generator,
    *,
    front: bool,
    shift: float = 0.0,
) -> Array:
    """The wall above the ground floor with its windows; returns the bays' middles."""
    u0, u1 = _bays(width, style, 1.0 if front else 1.35)
    n = len(u0)
    middles: Array = (u0 + u1) / 2
    us = np.concatenate([[0.0], np.stack([u0, u1], axis=1).ravel(), [width]])
    if storeys == 0:
        if parapet > 0:
            wall(b, us, [base, base + parapet], shift=shift)
        return middles
    floor = base + height * np.arange(storeys)
    low = floor + style.sill
    high = np.minimum(low + style.window_height, floor + height - 0.5)
    vs = np.append(np.stack([floor, floor + _BAND, low, high], axis=1).ravel(), floor[-1] + height + parapet)
    row, column = np.meshgrid(np.arange(storeys), np.arange(n), indexing="ij")
    door = np.zeros((storeys, n), dtype=bool)
    if front and style.balcony != "none":
        door = (column + row * style.balcony_rhythm) % 3 == style.balcony_rhythm % 3
        door &= (u1 - u0 >= 0.8)[None] & (middles - (u1 - u0) / 2 > 0.45)[None] & (u1 < width - 0.45)[None]
    holes = np.zeros((len(vs) - 1, len(us) - 1), dtype=bool)
    holes[2::4, 1::2] = True
    holes[1::4, 1::2] = door
    wall(b, us, vs, holes, shift)
    a, c = np.broadcast_to(u0, door.shape).ravel(), np.broadcast_to(u1, door.shape).ravel()
    doors = door.ravel()
    v0 = np.where(door, floor[:, None] + _BAND, low[:, None]).ravel()
    v1 = np.broadcast_to(high[:, None], door.shape).ravel()
    reveals(b, a, c, v0, v1, style.reveal)
    windows(b, a, c, v0, v1, style, rng)
    trim(b, a, c, v0, v1, style, sills=~doors)
    if doors.any():
        balconies(b, a[doors], c[doors], np.repeat(floor, n)[doors], style)
    if front and style.shutters and style.surround in ("none", "lintel") and width / n > 2.1 * style.window_width:
        shutters(b, a, c, v0, v1)
    if front:
        _air_conditioners(b, a[~doors], v0[~doors], rng)
    return middles


def _air_conditioners(b: MeshBuilder, u: Array, sill: Array, rng: np.random.Generator) -> None:
    for k in np.flatnonzero(rng.random(len(u)) < 0.04):
        a, low = float(u[k]) + 0.08, float(sill[k]) - 0.68
        box(b, a, a + 0.8, low, low + 0.55, 0.05, 0.36, "metal", skip="", random=float(rng.random()))
        box(b, [a + 0.1, a + 0.65], [a + 0.14, a + 0.69], low - 0.05, low, 0.0, 0.34, "metal", skip="+z")
        with b.at((a + 0.32, -0.36, low + 0.28), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            b.lathe([(0.22, 0.0), (0.2, 0.015), (0.06, 0.006), (0.0, 0.006)], "frame", sides=14)


def _trim_line(
    b: MeshBuilder,
    width: float,
    base: float,
    top: float,
    storeys: int,
    height: float,
    style: Style,
    shop: bool,
    *,
    left: bool,
    right: bool,
    joined: str = "",
) -> None:
    """String courses, corner stones and the cornice of one facade; `joined` names ends that meet another facade's."""
    if style.string_courses and storeys > (1 if shop else 0):
        floors = base + height * np.arange(1 if shop else 0, storeys)
        course(b, width, floors - 0.1, floors + 0.045, 0.06, left=left, right=right, joined=joined)
    if style.quoins:
        start = base + 0.2 if shop else style.plinth + 0.05
        # Where a neighbour touches, the stones end a little before the bands do.
        past = [0.03 if out else -0.004 for out in (left, right)]
        quoins(b, width, top - 0.3, start=start, left=past[0], right=past[1], joined=joined)
    course(b, width, top - 0.18, top, style.cornice * 0.45, left=left, right=right, joined=joined)
    course(b, width, top, top + 0.14, style.cornice, left=left, right=right, joined=joined)


def _shops(b: MeshBuilder, width: float, height: float, start: float, rng: np.random.Generator) -> None:
    """A ground floor of shops, with the front door of the flats above where there is room."""
    end = width
    doors: list[tuple[float, float]] = []
    if width > 7.5 and rng.random() < 0.75:
        if rng.random() < 0.5:
            doors.append((start + 0.3, start + 1.5))
            start += 1.9
        else:
            doors.append((width - 1.5, width - 0.3))
            end -= 1.9
    count = max(1, round((end - start) / rng.uniform(5.0, 7.5)))
    edge = np.linspace(start, end, count + 1)
    _, _, low, high = shop_hole(0.0, 1.0, height)
    openings = sorted([shop_hole(float(a), float(c), height)[:2] for a, c in pairwise(edge)] + doors)
    us = [0.0, *(u for opening in openings for u in opening), width]
    holes = np.zeros((3, len(us) - 1), dtype=bool)
    holes[1, 1::2] = True
    wall(b, us, [0.0, low, high, height], holes)
    names: set[str] = set()
    for a, c in pairwise(edge):
        shop_front(b, float(a), float(c), height, rng, names)
    for a, c in doors:
        house_door(b, a, c, low, high, rng, lamp_right=c + 0.5 < width)


def _flats(
    b: MeshBuilder,
    width: float,
    height: float,
    style: Style,
    rng: np.random.Generator,
    *,
    door: bool,
    plinth_ends: tuple[bool, bool],
    shift: float = 0.0,
) -> None:
    """A ground floor of flats above a plinth, with a front door in the middle bay."""
    u0, u1 = _bays(width, style, 1.0 if door else 1.35)
    n = len(u0)
    step = float(rng.choice([0.16, 0.32, 0.48]))
    low = max(style.sill, style.plinth + 0.15, step + 0.2)
    high = min(max(low + style.window_height, step + 2.3), height - 0.5)
    entrance = n // 2 if door else -1
    if door:
        middle = (u0[entrance] + u1[entrance]) / 2
        half = min(0.6, width / n / 2 - 0.2)
        u0[entrance], u1[entrance] = middle - half, middle + half
    us = np.concatenate([[0.0], np.stack([u0, u1], axis=1).ravel(), [width]])
    holes = np.zeros((4, len(us) - 1), dtype=bool)
    holes[2, 1::2] = True
    if door:
        holes[1, 1 + 2 * entrance] = True
    wall(b, us, [0.0, step, low, high, height], holes, shift)
    is_window = np.arange(n) != entrance
    a, c = u0[is_window], u1[is_window]
    v0, v1 = np.full(len(a), low), np.full(len(a), high)
    if len(a):
        reveals(b, a, c, v0, v1, style.reveal)
        windows(b, a, c, v0, v1, style, rng)
        trim(b, a, c, v0, v1, style, sills=np.ones(len(a), dtype=bool))
    ends = np.array([0.0, width]) + np.array([-1.0, 1.0]) * 0.05 * np.array(plinth_ends)
    parts = [(ends[0], ends[1])]
    if door:
        house_door(b, float(u0[entrance]), float(u1[entrance]), step, high, rng)
        parts = [(ends[0], u0[entrance] - 0.1), (u1[entrance] + 0.1, ends[1])]
    for p, q in parts:
        if q - p > 0.05:
            box(b, p, q, 0.0, style.plinth, 0.0, 0.05, "stone", skip="+y -z")
    vents = a[rng.random(len(a)) < 0.35] + 0.2
    if len(vents):
        box(b, vents, vents + 0.3, 0.16, 0.28, 0.05, 0.062, "metal")


def _sides(
    b: MeshBuilder,
    width: float,
    depth: float,
    wall_top: float,
    base: float,
    storeys: int,
    height: float,
    parapet: float,
    style: Style,
    rng: np.random.Generator,
    left: bool,
    right: bool,
) -> None:
    """The walls behind the front: with windows where an end is visible, blank otherwise and at the back."""
    frames = (
        ((width, 0.0, 0.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0), depth, width, right, "-x"),
        ((0.0, depth, 0.0), (0.0, -1.0, 0.0), (1.0, 0.0, 0.0), depth, -depth, left, "+x"),
        ((width, depth, 0.0), (-1.0, 0.0, 0.0), (0.0, -1.0, 0.0), width, width + depth, False, ""),
    )
    for origin, along, inwards, length, shift, visible, joined in frames:
        with b.at(origin, along, inwards):
            if not visible:
                wall(b, [0.0, length], [0.0, wall_top], shift=shift)
                continue
            _flats(b, length, base, style, rng, door=False, plinth_ends=(False, False), shift=shift)
            _storeys(b, length, base, storeys, height, parapet, style, rng, front=False, shift=shift)
            top = wall_top - parapet
            _trim_line(b, length, base, top, storeys, height, style, False, left=False, right=False, joined=joined)
