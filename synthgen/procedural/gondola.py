"""Shop shelving: bays of slotted uprights, back panels and shelves with price rails, and where goods stand on them.

Measures are those of common shelving of 1.0 and 1.25 m bays: uprights 30 x 35 mm slotted every 50 mm, shelves of 24 mm
with a lip, price rails for tags of up to 38 mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import bent, extruded, extruded_x, faced, frame_x
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

PITCH = 0.05
UPRIGHT_WIDTH, UPRIGHT_DEPTH = 0.030, 0.035
SHELF = 0.024
LIP = 0.038
RAIL_HEIGHT, RAIL_DEPTH, RAIL_BACK = 0.041, 0.006, 0.0015
"""A price rail, and how thick the sheet is on which the tags lie, metres."""

KICK = 0.13
"""Height of the kick plate, metres; the base shelf lies on it."""

OPEN_HEIGHT = 0.35
"""What counts as free above a shelf with nothing above it, metres."""

SIDES = ("single", "double", "end")
END_PANEL = 0.018
SLOTS = ("metal", "panel", "rail", "kick", "dark", "header", "side")


@dataclass(frozen=True, slots=True)
class ShelfSpace:
    """Where goods may stand, in the fixture's frame, in metres.

    x, y, z: the middle of the shelf's front edge, on its board. yaw: where the shelf looks, radians about +Z from +X.
    width, depth, height: free to the sides, back from the front edge, and up to what is above.
    tag: middle of the back of a price tag in the rail, None where there is no rail. tag_tilt: how far the rail leans
    back, radians. tilt: how far the board leans down to its front, radians, about its front edge.
    """

    x: float
    y: float
    z: float
    yaw: float
    width: float
    depth: float
    height: float
    tag: tuple[float, float, float] | None
    tag_tilt: float = 0.0
    tilt: float = 0.0


@dataclass(frozen=True, slots=True)
class _Board:
    """One shelf of the side that looks along +X: height of its top, its reach from the upright's front, its rail."""

    top: float
    depth: float
    rail: bool
    ribs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A gondola before it is built. `front`: x of the uprights' front; `foot`: depth of the base shelf."""

    back: float
    front: float
    boards: tuple[tuple[_Board, ...], ...]
    joints: tuple[float, ...]
    height: float


def gondola_shelves(
    width: float = 1.0,
    depth: float = 0.47,
    height: float = 1.8,
    side: str = "single",
    shelves: int = 4,
    heights: Sequence[float] | None = None,
    uprights: str = "both",
    header: float = 0.0,
    seed: int = 0,
) -> list[ShelfSpace]:
    """Where goods may stand in `retail.gondola` of the same parameters: per side from the base shelf upwards."""
    plan = _plan(depth, height, side, shelves, heights, seed)
    found = []
    for turn, boards in enumerate(plan.boards):
        yaw, way = (0.0, 1.0) if turn == 0 else (np.pi, -1.0)
        for k, board in enumerate(boards):
            free = boards[k + 1].top - RAIL_HEIGHT - 0.002 - board.top if k + 1 < len(boards) else OPEN_HEIGHT
            front = plan.front + board.depth
            tag = (way * (front + RAIL_BACK), 0.0, board.top - 0.001 - RAIL_HEIGHT / 2) if board.rail else None
            found.append(ShelfSpace(way * front, 0.0, board.top, yaw, width - 0.028, board.depth, free, tag))
    return found


@mesh_generator("retail.gondola")
def gondola(
    width: float = 1.0,
    depth: float = 0.47,
    height: float = 1.8,
    side: str = "single",
    shelves: int = 4,
    heights: Sequence[float] | None = None,
    uprights: str = "both",
    header: float = 0.0,
    seed: int = 0,
) -> Mesh:
    """One bay of shelving, along Y; a row of bays stands at a pitch of `width`.

    depth: of the base shelf with its rail, from the back (single, end) or from the middle (double). side: single,
    double, or end (a bay across a row's end, between end panels). shelves: how many above the base shelf, spread over
    the height on the uprights' slots; or `heights`, the tops of all shelves, the base shelf's first. uprights: both,
    left (+Y), right or none, since bays of a row share them. header: height of a board above the back panel; its
    face has UVs 0..1. seed: depths, steps, rails and panel joints. UVs of the panel are metres.

    Slots: metal, panel, rail, kick, dark, header, side. Raises InputError for shelves that do not fit.
    """
    if uprights not in ("both", "left", "right", "none"):
        raise InputError.of(f"no uprights are {uprights!r}", hint="both, left, right or none")
    plan = _plan(depth, height, side, shelves, heights, seed)
    b = MeshBuilder(*SLOTS)
    posts = {"both": (-width / 2, width / 2), "left": (width / 2,), "right": (-width / 2,), "none": ()}[uprights]
    for y in posts:
        _upright(b, y, plan, double=side == "double")
    turns = [((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), ((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0))]
    for (out, across), boards in zip(turns, plan.boards, strict=False):
        with b.at((0, 0, 0), out, across):
            _side(b, plan, boards, width, posts if out[0] > 0 else tuple(-p for p in posts))
    if header > 0:
        _header(b, plan, width, header)
    if side == "end":
        for y in (-1, 1):
            low, high = sorted((y * (width / 2 + 0.0155), y * (width / 2 + 0.0155 + END_PANEL)))
            top = height + header * 0.5
            b.chamfered(plan.back, plan.front + 0.8 * plan.boards[0][0].depth, low, high, 0.0, top, 0.002, "side")
    return b.mesh()


def _plan(depth: float, height: float, side: str, shelves: int, heights: Sequence[float] | None, seed: int) -> _Plan:
    if side not in SIDES:
        raise InputError.of(f"no gondola is {side!r}", hint=", ".join(SIDES))
    rng = np.random.default_rng([seed, 11])
    if side == "double":
        back, front = -UPRIGHT_DEPTH, UPRIGHT_DEPTH
        reach = depth - UPRIGHT_DEPTH - RAIL_DEPTH
    else:
        back = -depth / 2
        front = back + UPRIGHT_DEPTH
        reach = depth - UPRIGHT_DEPTH - RAIL_DEPTH
    step = float(rng.choice([0.0, 0.0, 0.05, 0.1])) if reach > 0.36 else 0.0
    upper = min(step + float(rng.choice([0.0, 0.05])), reach - 0.25) if step else 0.0
    sides = []
    for _ in range(2 if side == "double" else 1):
        tops = _tops(height, shelves, heights, rng)
        cut = rng.integers(2, 6)
        ribs = tuple(float(r) for r in (np.linspace(0.25, 0.75, int(rng.integers(1, 3)))))
        bare = int(rng.integers(1, 40))
        sides.append(
            tuple(
                _Board(t, reach - (0.0 if k == 0 else step if k < cut else upper), k != bare, ribs)
                for k, t in enumerate(tops)
            )
        )
    strip = float(rng.choice([0.2, 0.4, 0.4, 0.6, 3.0]))
    joints = np.arange(KICK + SHELF + strip, height - 0.08, strip)
    return _Plan(back, front, tuple(sides), tuple(float(j) for j in joints), height)


def _tops(height: float, shelves: int, heights: Sequence[float] | None, rng: np.random.Generator) -> list[float]:
    """Heights of the shelves' tops, the base shelf's first."""
    base = KICK + SHELF
    if heights is not None:
        tops = [float(h) for h in heights]
        if not tops or tops[0] < base or tops[-1] > height or min(np.diff(tops), default=1.0) < 0.1:
            raise InputError.of(
                f"shelves at {tops} do not fit a gondola of {height} m",
                hint=f"from {base} m upwards, 0.1 m apart or more",
            )
        return tops
    slots = int((height - base - 0.12) / PITCH)
    if slots < 3 * shelves:
        raise InputError.of(f"{shelves} shelves do not fit a gondola of {height} m", hint="fewer, or a higher one")
    top = slots - int(rng.integers(0, 2))
    at = np.linspace(0, top, shelves + 1)[1:]
    # The lowest compartment is made a little taller, as for big packs; then each is moved by a slot or stays.
    moved = np.round(at + np.linspace(1, 0, shelves) + rng.integers(-1, 2, shelves) * (at < top - 1)).astype(int)
    for k in range(len(moved)):
        moved[k] = max(moved[k], (moved[k - 1] if k else 0) + 3)
    moved = np.minimum(moved, slots - 3 * np.arange(shelves - 1, -1, -1)) if shelves else moved
    return [base, *(round(base + PITCH * int(s), 4) for s in moved)]


def _upright(b: MeshBuilder, y: float, plan: _Plan, *, double: bool) -> None:
    """A closed post with punched slots in its front (and its back), on a levelling foot."""
    z0, z1 = 0.02, plan.height
    first = KICK + SHELF - 0.018
    low = np.arange(first, z1 - 0.04, PITCH)
    rows = np.concatenate([[z0], np.stack([low, low + 0.028], axis=1).ravel(), [z1]])
    columns = y + np.array([-0.015, -0.0105, -0.0055, 0.0055, 0.0105, 0.015])
    _slotted(b, columns, rows, plan.front)
    with b.at((0, 0, 0), (-1, 0, 0), (0, -1, 0)):
        _slotted(b, -columns[::-1], rows, -plan.back, slots=double)
    for z, up in ((z0, False), (z1, True)):
        near, far = (plan.back, plan.front) if up else (plan.front, plan.back)
        for a, c in pairwise(columns):
            b.quads([[(near, a, z), (far, a, z), (far, c, z), (near, c, z)]], "metal")
    for edge, sign in ((columns[0], 1), (columns[-1], -1)):
        near, far = (plan.back, plan.front) if sign > 0 else (plan.front, plan.back)
        s, t = rows[:-1], rows[1:]
        e, n, f = (np.full(len(s), v) for v in (edge, near, far))
        corners = np.stack([np.stack(c, axis=1) for c in ((n, e, s), (f, e, s), (f, e, t), (n, e, t))], axis=1)
        b.quads(corners, "metal", uvs=corners[..., [0, 2]])
    for x in (plan.back + 0.0175, plan.front - 0.0175) if double else (plan.front - 0.0175,):
        with b.at((x, y, 0.0)):
            b.lathe([(0.0, 0.0), (0.015, 0.0), (0.015, 0.006), (0.006, 0.008), (0.006, 0.024), (0.0, 0.024)], "dark")
    b.chamfered(plan.back + 0.001, plan.front - 0.001, y - 0.014, y + 0.014, z1 + 0.0002, z1 + 0.005, 0.002, "dark")


def _slotted(b: MeshBuilder, columns: Array, rows: Array, x: float, *, slots: bool = True, deep: float = 0.004) -> None:
    """A face that looks along +X, cut into rows and columns; every second row has two punched slots."""
    r, c = np.meshgrid(np.arange(len(rows) - 1), np.arange(len(columns) - 1), indexing="ij")
    r, c = r.ravel(), c.ravel()
    punched = slots & (r % 2 == 1) & np.isin(c, (1, 3))
    y0, y1, z0, z1 = columns[c], columns[c + 1], rows[r], rows[r + 1]

    def quads(pick: Array, corners: list[tuple[float, Array, Array]], slot: str) -> None:
        p = np.stack(
            [np.stack([np.full(int(pick.sum()), cx), cy[pick], cz[pick]], axis=1) for cx, cy, cz in corners], axis=1
        )
        b.quads(p, slot, uvs=p[..., 1:])

    q = x - deep
    quads(~punched, [(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], "metal")
    quads(punched, [(q, y0, z0), (q, y1, z0), (q, y1, z1), (q, y0, z1)], "dark")
    quads(punched, [(x, y0, z0), (q, y0, z0), (q, y0, z1), (x, y0, z1)], "metal")
    quads(punched, [(q, y1, z0), (x, y1, z0), (x, y1, z1), (q, y1, z1)], "metal")
    quads(punched, [(x, y0, z0), (x, y1, z0), (q, y1, z0), (q, y0, z0)], "metal")
    quads(punched, [(q, y0, z1), (q, y1, z1), (x, y1, z1), (x, y0, z1)], "metal")


def _side(b: MeshBuilder, plan: _Plan, boards: tuple[_Board, ...], width: float, posts: tuple[float, ...]) -> None:
    """What one side carries, in a frame in which it looks along +X."""
    front, half = plan.front, width / 2
    base = boards[0]
    kick = front + base.depth - 0.03
    b.chamfered(kick - 0.012, kick, -half + 0.001, half - 0.001, 0.008, KICK - 0.001, 0.0025, "kick")
    for y in posts:
        b.chamfered(front + 0.0005, kick - 0.013, y - 0.013, y + 0.013, 0.02, KICK - 0.002, 0.002, "metal")
        with b.at((kick - 0.04, y, 0.0)):
            b.lathe([(0.0, 0.0), (0.016, 0.0), (0.016, 0.006), (0.006, 0.008), (0.006, 0.03), (0.0, 0.03)], "dark")
    edges = [KICK + SHELF + 0.002, *plan.joints, plan.height - 0.006]
    for low, high in pairwise(edges):
        b.chamfered(
            front - 0.015, front - 0.007, -half + 0.0165, half - 0.0165, low + 0.001, high - 0.001, 0.0025, "panel"
        )
    for k, board in enumerate(boards):
        add_board(b, board.top, front, board.depth, (-half, half), railed=board.rail, ribs=board.ribs, brackets=k > 0)


def add_board(
    b: MeshBuilder,
    top: float,
    front: float,
    depth: float,
    y: tuple[float, float],
    *,
    railed: bool = True,
    ribs: Sequence[float] = (0.5,),
    brackets: bool = True,
) -> None:
    """A folded shelf that looks along +X: from `front` (of its uprights) over `depth`, its board at `top`.

    y: the bounds of its bay. ribs: where it is stiffened below, in shares of its depth. Slots: metal, rail.
    """
    edge, low, lip = front + depth, top - SHELF, top - LIP
    y0, y1 = y
    tray = bent([(edge - 0.018, lip), (edge, lip), (edge, top), (edge - 0.03, top)], 0.0035, steps=3)
    profile = np.concatenate([[(front, low), (edge - 0.018, low)], tray, [(front, top)]])
    extruded(b, profile, y0 + 0.0015, y1 - 0.0015, "metal")
    for share in ribs:
        x = front + share * depth
        rib = [(x - 0.02, low - 0.0115), (x + 0.02, low - 0.0115), (x + 0.026, low + 0.001), (x - 0.026, low + 0.001)]
        extruded(b, rib, y0 + 0.02, y1 - 0.02, "metal")
    if brackets:
        plate = [
            (front + 0.0006, low - 0.075), (front + 0.022, low - 0.082), (edge - 0.07, low - 0.02),
            (edge - 0.05, low + 0.002), (front + 0.0006, low + 0.002),
        ]  # fmt: skip
        for at in (y0 + 0.008, y1 - 0.008):
            extruded(b, plate, at - 0.0015, at + 0.0015, "metal")
    if railed:
        rail(b, edge, top - 0.001, y0 + 0.002, y1 - 0.002, "rail")


def rail(b: MeshBuilder, x: float, top: float, y0: float, y1: float, slot: str) -> None:
    """A price rail on a face that looks along +X at `x`: a sheet, with a lip above and below that holds the tags."""
    d, t, low = RAIL_DEPTH, RAIL_BACK, top - RAIL_HEIGHT
    profile = [
        (x, low), (x + d - 0.001, low), (x + d, low + 0.001), (x + d, low + 0.0032), (x + d - 0.0016, low + 0.0032),
        (x + d - 0.0026, low + 0.0016), (x + t, low + 0.0016), (x + t, top - 0.0016), (x + d - 0.0026, top - 0.0016),
        (x + d - 0.0016, top - 0.0032), (x + d, top - 0.0032), (x + d, top - 0.001), (x + d - 0.001, top), (x, top),
    ]  # fmt: skip
    extruded(b, profile, y0, y1, slot)


def _header(b: MeshBuilder, plan: _Plan, width: float, height: float) -> None:
    """A board above the back panel, on two flat bars."""
    x = plan.front - 0.008 if plan.back > -0.1 else (plan.back + plan.front) / 2 + 0.008
    half, z0, z1 = width / 2 - 0.002, plan.height + 0.012, plan.height + height
    faced(b, (x - 0.015, x), (-half + 0.001, half - 0.001), (z0 + 0.001, z1 - 0.001), "metal", "header")
    frame_x(b, (-half, half), (z0, z1), (x - 0.017, x + 0.003), 0.006, "metal")
    for y in (-0.35 * width, 0.35 * width):
        profile = [(y - 0.012, plan.height - 0.15), (y + 0.012, plan.height - 0.15), (y + 0.012, z0), (y - 0.012, z0)]
        extruded_x(b, profile, x - 0.016, x - 0.0135, "metal")
