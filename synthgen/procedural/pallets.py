"""Pallets of wood and plastic: forks enter along X, the long boards run along X. Origin in the middle of the foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.boards import Board, add_board, broken_end
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, circle

PALLETS: dict[str, tuple[float, float, float]] = {
    "eur": (1.2, 0.8, 0.144),
    "industrial": (1.2, 1.0, 0.144),
    "half": (0.8, 0.6, 0.144),
    "block": (1.2, 1.0, 0.15),
    "chemical": (1.14, 1.14, 0.138),
    "stringer": (1.219, 1.016, 0.121),
    "plastic": (1.2, 0.8, 0.15),
    "plastic_half": (0.8, 0.6, 0.14),
}
"""Style: length (x), width (y), height in metres."""


@dataclass(frozen=True, slots=True)
class _Wood:
    """Widths of the boards of each deck, in metres, and what stands between them.

    top and bottom run along x; cross boards, under the top deck, along y. rows: widths of the three rows of blocks.
    around: whether two bottom boards close the base across its ends.
    """

    top: tuple[float, ...]
    bottom: tuple[float, ...]
    rows: tuple[float, ...]
    cross: float
    block: float
    board: float
    under: float
    around: bool = False


_WOOD: dict[str, _Wood] = {
    "eur": _Wood((0.145, 0.1, 0.145, 0.1, 0.145), (0.1, 0.145, 0.1), (0.1, 0.145, 0.1), 0.145, 0.145, 0.022, 0.022),
    "industrial": _Wood(
        (0.145, 0.1, 0.1, 0.145, 0.1, 0.1, 0.145), (0.145,) * 3, (0.145,) * 3, 0.145, 0.145, 0.022, 0.022
    ),
    "half": _Wood((0.1,) * 5, (0.1,) * 3, (0.1,) * 3, 0.1, 0.1, 0.022, 0.022),
    "block": _Wood((0.12,) * 7, (0.12, 0.12, 0.12), (0.12,) * 3, 0.12, 0.14, 0.022, 0.022, around=True),
    "chemical": _Wood(
        (0.14, 0.1, 0.1, 0.14, 0.1, 0.1, 0.14), (0.14, 0.14, 0.14), (0.14,) * 3, 0.14, 0.14, 0.02, 0.02, around=True
    ),
}


@mesh_generator("factory.pallet")
def pallet(style: str = "eur", wear: float = 0.4, seed: int = 0) -> Mesh:
    """A pallet of one of `PALLETS`; wear 0..1: warped and broken boards, stains. face_random: per board.

    Slots: wood, mark (brands burnt into the blocks), stain, plastic. Raises InputError for another style.
    """
    b = MeshBuilder("wood", "mark", "stain", "plastic")
    add_pallet(b, style, wear, np.random.default_rng(seed))
    return b.mesh()


def add_pallet(b: MeshBuilder, style: str, wear: float, rng: np.random.Generator) -> None:
    """Appends a pallet whose top is level where goods would stand on it; slots as of `pallet`."""
    if style not in PALLETS:
        raise InputError.of(f"no pallet is {style!r}", hint=", ".join(PALLETS))
    if style.startswith("plastic"):
        _plastic(b, PALLETS[style], rng)
    elif style == "stringer":
        _on_stringers(b, wear, rng)
    else:
        _on_blocks(b, style, wear, rng)


def spaced(widths: tuple[float, ...], room: float) -> Array:
    """(N,) middles of boards of these widths with equal gaps, the outer ones flush with `room`."""
    w = np.array(widths)
    gap = (room - w.sum()) / max(1, len(w) - 1)
    start = np.concatenate([[0.0], np.cumsum(w + gap)[:-1]])
    middles: Array = start + w / 2 - room / 2
    return middles


def _worn(length: float, width: float, thickness: float, wear: float, rng: np.random.Generator, *, top: bool) -> Board:
    """A board with the damage that it has by chance."""
    width = width - rng.uniform(0.0, 0.004)
    thickness = thickness - (0.0 if top else rng.uniform(0.0, 0.001))
    bow = float(rng.uniform(0.0005, 0.004) * wear) if rng.random() < 0.7 else 0.0
    lift = float(rng.uniform(0.004, 0.014)) if top and rng.random() < 0.12 * wear else 0.0
    twist = float(rng.uniform(0.0, 0.003) * wear) if top else 0.0
    ends: list[tuple[tuple[float, float], ...]] = [(), ()]
    for k in range(2):
        if rng.random() < 0.22 * wear:
            deep = rng.uniform(0.02, 0.08) if rng.random() < 0.75 else rng.uniform(0.1, 0.32)
            ends[k] = broken_end(rng, float(deep))
    return Board(length, width, thickness, bow, lift, twist, (ends[0], ends[1]))


def _lost(count: int, wear: float, rng: np.random.Generator, *, chance: float) -> int:
    """Which board is missing, or -1; never an outer one."""
    return int(rng.integers(1, count - 1)) if rng.random() < chance * wear else -1


def _on_blocks(b: MeshBuilder, style: str, wear: float, rng: np.random.Generator) -> None:
    length, width, height = PALLETS[style]
    w = _WOOD[style]
    tall = height - 2 * w.board - w.under
    tops = spaced(w.top, width)
    lost = _lost(len(tops), wear, rng, chance=0.25)
    top = [_worn(length, size, w.board, wear, rng, top=True) for size in w.top]
    kept = [(float(y), board) for k, (y, board) in enumerate(zip(tops, top, strict=True)) if k != lost]
    for y, board in kept:
        with b.at((0.0, y, height - w.board)):
            add_board(b, board, "wood", random=rng.random())
    columns = np.array([-1.0, 0.0, 1.0]) * (length - w.cross) / 2
    for x in columns:
        with b.at((x, 0.0, height - 2 * w.board), (0, 1, 0), (-1, 0, 0)):
            add_board(b, _worn(width, w.cross, w.board, wear * 0.4, rng, top=False), "wood", random=rng.random())
    rows = spaced(w.rows, width)
    columns = np.array([-1.0, 0.0, 1.0]) * (length - w.block) / 2
    mark = int(rng.integers(0, 4))
    for i, x in enumerate(columns):
        for j, (y, size) in enumerate(zip(rows, w.rows, strict=True)):
            _block(b, (x, y, w.under), (w.block, size, tall), (i - 1, j - 1), wear, mark, rng)
    broken = wear * 0.6
    lost = 1 if rng.random() < 0.05 * wear else -1
    room = length - 2 * w.cross - 0.002 if w.around else length
    for k, (y, size) in enumerate(zip(spaced(w.bottom, width), w.bottom, strict=True)):
        if k != lost:
            with b.at((0.0, y, 0.0)):
                add_board(
                    b, _worn(room, size, w.under, broken, rng, top=False), "wood", chamfer=0.004, random=rng.random()
                )
    if w.around:
        for x in np.array([-1.0, 1.0]) * (length - w.cross) / 2:
            with b.at((x, 0.0, 0.0), (0, 1, 0), (-1, 0, 0)):
                add_board(
                    b,
                    _worn(width, w.cross, w.under, broken, rng, top=False),
                    "wood",
                    chamfer=0.004,
                    random=rng.random(),
                )
    _stains(b, kept, height - w.board, wear, rng)


def _block(
    b: MeshBuilder,
    foot: tuple[float, float, float],
    size: tuple[float, float, float],
    side: tuple[int, int],
    wear: float,
    mark: int,
    rng: np.random.Generator,
) -> None:
    """A block, turned and pushed in a little where forks have hit it; the outer ones are branded."""
    turn = rng.normal(0.0, np.radians(0.4 + 2.5 * wear))
    pushed = np.abs(rng.normal(0.0, 0.001 + 0.006 * wear, 2)) * -np.array(side)
    half, tall = np.array(size[:2]) / 2, size[2]
    # Turned, its corners must not reach over the pallet's edge.
    room = np.abs(np.sin(turn)) * half[::-1]
    pushed = pushed - np.array(side) * room
    cos, sin = np.cos(turn), np.sin(turn)
    with b.at((foot[0] + pushed[0], foot[1] + pushed[1], foot[2]), (cos, sin, 0), (-sin, cos, 0)):
        b.chamfered(-half[0], half[0], -half[1], half[1], 0.0, tall, 0.002, "wood", random=rng.random())
        if side[1]:
            s = side[1]
            with b.at((0.0, s * (half[1] + 0.0005), tall / 2), (-s, 0, 0), (0, 0, 1), (0, s, 0)):
                _brand(b, half[0] * 1.7, tall * 0.62, (mark + side[0]) % 4)
        elif side[0]:
            s = side[0]
            with b.at((s * (half[0] + 0.0005), 0.0, tall / 2), (0, s, 0), (0, 0, 1), (s, 0, 0)):
                _brand(b, half[1] * 1.7, tall * 0.62, (mark + 2) % 4)


def _brand(b: MeshBuilder, width: float, height: float, kind: int) -> None:
    """A burnt mark in the frame's x, y plane: an oval with bars, a frame, lines of figures, or none."""
    if kind == 0:
        oval = circle(1.0, 20) * (width * 0.42, height * 0.48)
        b.plate([oval, oval * 0.86], 0.0, "mark")
        for x in np.linspace(-0.2, 0.2, 4) * width:
            b.quads([_rect(x, 0.0, width * 0.07, height * 0.42)], "mark")
    elif kind == 1:
        frame = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) * (width * 0.36, height * 0.46)
        b.plate([frame, frame * (0.93, 0.88)], 0.0, "mark")
        b.quads([_rect(-width * 0.17, 0.0, width * 0.17, height * 0.5)], "mark")
        b.quads([_rect(width * 0.13, z * height, width * 0.27, height * 0.13) for z in (-0.2, 0.0, 0.2)], "mark")
    elif kind == 2:
        b.quads([_rect(x * width, 0.0, width * 0.045, height * 0.42) for x in (-0.3, -0.2, -0.11, 0.05, 0.15)], "mark")
        b.quads([_rect(0.27 * width, 0.0, width * 0.09, height * 0.3)], "mark")


def _rect(x: float, y: float, w: float, h: float) -> list[tuple[float, float, float]]:
    return [
        (x - w / 2, y - h / 2, 0.0),
        (x + w / 2, y - h / 2, 0.0),
        (x + w / 2, y + h / 2, 0.0),
        (x - w / 2, y + h / 2, 0.0),
    ]


def _stains(b: MeshBuilder, boards: list[tuple[float, Board]], z: float, wear: float, rng: np.random.Generator) -> None:
    """Oil or water spilt on the top deck: patches a little above the boards, as bent as they are."""
    for _ in range(int(rng.random() < 0.5 * wear) + int(rng.random() < 0.25 * wear)):
        length = boards[0][1].length
        radius = rng.uniform(0.06, 0.24)
        cx, cy = rng.uniform(-0.2, 0.2) * length, rng.uniform(-0.25, 0.25)
        wobble = rng.uniform(0.75, 1.15, (2, 12))
        own = float(rng.random())
        for y, board in boards:
            edge = board.width / 2 - 0.004
            x = np.linspace(cx - radius * 0.98, cx + radius * 0.98, 12)
            reach = np.sqrt(radius**2 - (x - cx) ** 2)
            low = np.clip(cy - reach * wobble[0] - y, -edge, edge)
            high = np.clip(cy + reach * wobble[1] - y, -edge, edge)
            inside = (high - low > 0.003) & (np.abs(x) < board.length / 2 - 0.33)
            rims = [
                np.stack([x, y + side, z + board.thickness + 0.0006 + board.rise(x, side)], axis=1)
                for side in (low, high)
            ]
            both = inside[:-1] & inside[1:]
            quads = np.stack([rims[0][:-1], rims[0][1:], rims[1][1:], rims[1][:-1]], axis=1)[both]
            b.quads(quads, "stain", uvs=quads[:, :, :2], random=own)


def _on_stringers(b: MeshBuilder, wear: float, rng: np.random.Generator) -> None:
    """The American pallet: three notched stringers along x, thin boards across them."""
    length, width, height = PALLETS["stringer"]
    deck = 0.016
    tall = height - 2 * deck
    notch = [(-0.42, 0.0), (-0.405, 0.033), (-0.395, 0.038), (-0.206, 0.038), (-0.196, 0.033), (-0.181, 0.0)]
    mirrored = [(-x, z) for x, z in reversed(notch)]
    outline = np.array(
        [(-length / 2, 0.0), *notch, *mirrored, (length / 2, 0.0), (length / 2, tall), (-length / 2, tall)]
    )
    for y in np.array([-1.0, 0.0, 1.0]) * (width / 2 - 0.019):
        with b.at((0.0, y + 0.019, deck), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
            b.prism(outline, 0.0, 0.038, "wood", random=rng.random())
    wide = (0.14, 0.089, 0.089, 0.089, 0.089, 0.089, 0.14)
    lost = _lost(len(wide), wear, rng, chance=0.35)
    for z, widths, top in ((height - deck, wide, True), (0.0, (0.14, 0.089, 0.089, 0.089, 0.14), False)):
        for k, (x, size) in enumerate(zip(spaced(widths, length), widths, strict=True)):
            if not (top and k == lost):
                with b.at((x, 0.0, z), (0, 1, 0), (-1, 0, 0)):
                    add_board(b, _worn(width, size, deck, wear, rng, top=top), "wood", random=rng.random())


def _plastic(b: MeshBuilder, size: tuple[float, float, float], rng: np.random.Generator) -> None:
    """Moulded: a deck of slots with a rim, nine feet, and either runners or none (the feet then nest)."""
    length, width, height = size
    deck, x, y = 0.028, length / 2, width / 2
    columns, rows = int(rng.integers(7, 15)), int(rng.integers(5, 11))
    across = rng.random() < 0.5
    px, py = (length - 0.12) / columns, (width - 0.12) / rows
    rib = rng.uniform(0.014, 0.026)
    holes = []
    for i in range(columns):
        for j in range(rows):
            middle = np.array([(i + 0.5) * px - x + 0.06, (j + 0.5) * py - y + 0.06])
            half = np.array([px - rib, py - rib * (1 if across else 1.6)]) / 2
            holes.append(middle + np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half)
    if rng.random() < 0.35:
        holes = []
    outline = _round_corners(x, y, 0.03)
    top = height - 0.003
    b.plate([outline, *holes], height, "plastic")
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(h * (1, -1))[::-1] for h in (outline, *holes)], -(height - deck), "plastic")
    b.walls(outline, height - deck, height, "plastic", smooth=False)
    for hole in holes:
        b.walls(hole[::-1], height - deck, height, "plastic")
    if rng.random() < 0.5:  # a lip that keeps goods on it
        rim = [_round_corners(x - k, y - k, 0.03) for k in (0.004, 0.016)]
        lip = height + 0.007
        b.plate(rim, lip, "plastic")
        b.walls(rim[0], top, lip, "plastic")
        b.walls(rim[1][::-1], top, lip, "plastic")
        with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
            b.plate([(r * (1, -1))[::-1] for r in rim], -top, "plastic")
    runner, foot = (0.02, 0.13) if rng.random() < 0.7 else (0.0, 0.13)
    for sx in (-1, 0, 1):
        for sy in (-1, 0, 1):
            with b.at((sx * (x - 0.075), sy * (y - 0.065), 0.0)):
                taper = 0.012
                base = _round_corners(foot / 2, 0.05, 0.02)
                _frustum(b, base - np.sign(base) * taper, base, runner, height - deck)
    if runner:
        for sy in (-1, 0, 1):
            with b.at((0.0, sy * (y - 0.065), 0.0)):
                b.chamfered(-x + 0.012, x - 0.012, -0.05, 0.05, 0.0, runner, 0.006, "plastic")


def _frustum(b: MeshBuilder, low: Array, high: Array, z0: float, z1: float) -> None:
    """A closed body between two outlines of equally many points."""
    p, q = (np.column_stack([o, np.full(len(o), z)]) for o, z in ((low, z0), (high, z1)))
    b.quads(np.stack([p, np.roll(p, -1, 0), np.roll(q, -1, 0), q], axis=1), "plastic")
    b.plate([high], z1, "plastic")
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(low * (1, -1))[::-1]], -z0, "plastic")


def _round_corners(x: float, y: float, radius: float) -> Array:
    """A counter-clockwise rectangle of half sizes x, y with rounded corners, (16, 2)."""
    turn = np.linspace(0.0, np.pi / 2, 4)
    arc = np.column_stack([np.cos(turn), np.sin(turn)]) * radius
    corners = []
    for k, sign in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        a = k * np.pi / 2
        spin = np.array([(np.cos(a), np.sin(a)), (-np.sin(a), np.cos(a))])
        corners.append(np.array([sign[0] * (x - radius), sign[1] * (y - radius)]) + arc @ spin)
    return np.concatenate(corners)
