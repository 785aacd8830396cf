"""Shipping cartons of corrugated board: taped, printed, labelled, crushed; or open. Front +X, origin at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.prints import (
    SHEET,
    Piece,
    add_pieces,
    badge,
    drawn,
    fragile,
    handle_hole,
    sheet,
    shipping_label,
    umbrella,
    up_arrows,
    words,
)
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.rounded import (
    FRAMES,
    Bend,
    Size,
    Skin,
    add_rounded_box,
    bulging,
    one_after_another,
    pushed,
    welded_normals,
)
from synthgen.procedural.shapes import Array

RADIUS = 0.004
"""Of a carton's edges, metres."""

SIDES = ("+x", "-x", "+y", "-y", "+z")


@dataclass(frozen=True, slots=True)
class Print:
    """What all cartons of one product have printed on them. tall: of the letters, as a share of the carton's height.

    logo: as of `prints.badge`, none from 4 on. icons: 0 this side up, 1 fragile, 2 keep dry. at: the end that they are
    nearer to, -1 or 1. holes: whether the short sides have hand holes.
    """

    brand: str
    font: str
    content: str
    logo: int
    tall: float
    icons: tuple[int, ...]
    at: float
    holes: bool


def drawn_print(rng: np.random.Generator) -> Print:
    fonts = ("sans", "black", "narrow", "round", "serif", "italic")
    icons = tuple(int(k) for k in rng.permutation(3)[: int(rng.integers(0, 4))])
    return Print(
        drawn("names", rng),
        fonts[int(rng.integers(0, len(fonts)))],
        drawn("contents", rng),
        int(rng.integers(0, 6)),
        float(rng.uniform(0.09, 0.2)),
        icons,
        float(rng.choice((-1.0, 1.0))),
        bool(rng.random() < 0.2),
    )


@mesh_generator("factory.carton")
def carton(
    footprint: Sequence[float] = (0.4, 0.3),
    height: float = 0.3,
    lid: str = "taped",
    wear: float = 0.4,
    product: int = 0,
    loaded: bool = False,
    seed: int = 0,
) -> Mesh:
    """A carton, its seam along X; footprint: length and width. lid: taped, loose (not taped) or open (flaps up).

    wear 0..1: bulge, dents, crushing. product: seed of what all cartons of one product have printed on them. loaded: it
    stands among others on a pallet, which keep its sides and its top from bulging.
    Slots: board, tape, label, ink. Raises InputError for another lid.
    """
    if lid not in ("taped", "loose", "open"):
        raise InputError.of(f"no carton is {lid!r}", hint="taped, loose or open")
    rng = np.random.default_rng([seed, 71])
    b = MeshBuilder("board", "tape", "label", "ink")
    size = (footprint[0], footprint[1], height)
    shown = drawn_print(np.random.default_rng([product, 23]))
    if lid == "open":
        _open(b, size, shown, rng)
    else:
        add_carton(b, size, shown, rng, wear=wear, cells=(9, 8, 7), taped=lid == "taped", loaded=loaded)
    return b.mesh()


def add_carton(
    b: MeshBuilder,
    size: Size,
    shown: Print,
    rng: np.random.Generator,
    *,
    wear: float = 0.3,
    cells: tuple[int, int, int] = (4, 4, 3),
    taped: bool = True,
    faces: tuple[str, ...] = SIDES,
    bend: Bend | None = None,
    random: float = 0.0,
    fine: bool = True,
    loaded: bool = False,
) -> None:
    """Appends a closed carton; faces: those that bear prints. bend: what happens to it as a whole. fine: whether small
    print is there."""
    belly = min(0.007, 0.02 * min(size[:2])) * rng.uniform(0.1, 0.5 + 0.5 * wear)
    rise = rng.uniform(-0.006, 0.003) * (0.4 + wear)
    if loaded:
        belly, rise = min(belly, 0.0015), min(rise, 0.0)
    bends: list[Bend] = [bulging(size, belly, rise)]
    bends += _damage(size, wear, rng)
    if bend:
        bends.append(bend)
    whole = one_after_another(*bends)
    gap = rng.uniform(0.0015, 0.005) if taped else rng.uniform(0.004, 0.01)
    own = random or 0.3 + 0.4 * float(rng.random())
    skin = add_rounded_box(b, size, RADIUS, "board", cells=cells, bend=whole, seam=(gap, 0.006), random=own)
    if taped:
        _tape(b, size, skin, rng, faces)
    for face, pieces in _printed(size, shown, rng, faces, fine=fine):
        if face in faces:
            add_pieces(b, pieces, partial(skin.on, face), random=own)


def _damage(size: Size, wear: float, rng: np.random.Generator) -> list[Bend]:
    """Crushed corners, pressed edges and dents, upper ones rather than lower ones."""
    half = np.array(size) / 2
    middle = np.array([0.0, 0.0, half[2]])
    small = float(min(size))
    found: list[Bend] = []
    if rng.random() < 0.45 * wear:
        corner = half * (rng.choice((-1, 1)), rng.choice((-1, 1)), 1.0 if rng.random() < 0.75 else -1.0)
        push = -corner / np.linalg.norm(corner) * rng.uniform(0.05, 0.16) * small
        found.append(pushed(corner + middle, push, rng.uniform(0.3, 0.55) * small))
    if rng.random() < 0.4 * wear:
        side = np.array([(1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)][int(rng.integers(0, 4))])
        at = side * half + np.where(side == 0, rng.uniform(-0.5, 0.5) * half, 0.0)
        found.append(pushed(at + middle, -side / 1.41 * rng.uniform(0.03, 0.08) * small, 0.45 * small))
    if rng.random() < 0.5 * wear:
        face = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)][int(rng.integers(0, 4))])
        at = face * half + np.where(face == 0, rng.uniform(-0.4, 0.4, 3) * half, 0.0)
        found.append(pushed(at + middle, -face * rng.uniform(0.02, 0.05) * small, rng.uniform(0.4, 0.6) * small))
    return found


def _flat(face: str, size: Size, points: Array, lift: float) -> Array:
    """Points (right, up) in metres from the middle of a face of a box that nothing has bent."""
    axis, sign, right, to_right, up, upwards = FRAMES[face]
    p = np.zeros((len(points), 3))
    p[:, axis] = sign * (size[axis] / 2 + lift)
    p[:, right], p[:, up] = to_right * points[:, 0], upwards * points[:, 1]
    p[:, 2] += size[2] / 2
    return p


def _tape(b: MeshBuilder, size: Size, skin: Skin, rng: np.random.Generator, faces: tuple[str, ...]) -> None:
    """A band over the seam, down both ends; not quite straight, its ends not quite square."""
    half, top = size[0] / 2, size[2] / 2
    wide = float(rng.choice((0.048, 0.05, 0.072)))
    skew, off = rng.normal(0.0, 0.004), rng.normal(0.0, 0.003)
    across = np.linspace(-0.5, 0.5, 6) * wide
    lift = 1.5 * SHEET
    runs: dict[str, Array] = {}
    for face, side in (("-x", -1.0), ("+x", 1.0)):
        low = top - min(0.9 * top, rng.uniform(0.04, 0.08))
        z = np.concatenate([[low], skin.samples[2][skin.samples[2] > low + 0.003]])
        y = np.tile(across, len(z)) + off + side * skew
        up = np.repeat(z, len(across))
        up[: len(across)] += rng.uniform(-0.003, 0.003, len(across))
        runs[face] = skin.on(face, np.stack([side * y, up], axis=1), lift)
    x = skin.samples[0][1:-1]
    y = np.tile(across, len(x)) + off + skew * np.repeat(x, len(across)) / half
    runs["+z"] = skin.on("+z", np.stack([y, -np.repeat(x, len(across))], axis=1), lift)
    n = len(across)
    ends = {face: runs[face].reshape(-1, n, 3) for face in runs}
    if "+z" in faces:
        bands = [np.concatenate([ends["-x"], ends["+z"], ends["+x"][::-1]])]
    else:
        bands = [ends["-x"], ends["+x"][::-1]]
    for band in bands:
        i, j = np.meshgrid(np.arange(len(band) - 1), np.arange(n - 1), indexing="ij")
        a = (i * n + j).ravel()
        found = np.concatenate([np.stack([a, a + n, a + n + 1], 1), np.stack([a, a + n + 1, a + 1], 1)])
        p = band.reshape(-1, 3)
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(band[:, 0], axis=0), axis=1))])
        uvs = np.stack([np.repeat(along, n), np.tile(across, len(band))], axis=1)
        normals = welded_normals(p, found, np.arange(len(p)))
        b.triangles(p, found, "tape", normals=normals, uvs=uvs)


def _printed(
    size: Size, shown: Print, rng: np.random.Generator, faces: tuple[str, ...], *, fine: bool = True
) -> list[tuple[str, list[Piece]]]:
    """The pieces on each of `faces`: the product's own print, and what was stuck on this one carton."""
    long = ("+y", "-y") if size[0] >= size[1] else ("+x", "-x")
    short = ("+x", "-x") if size[0] >= size[1] else ("+y", "-y")
    wide, narrow, height = max(size[:2]), min(size[:2]), size[2]
    found: list[tuple[str, list[Piece]]] = []
    for face in (f for f in long if f in faces):
        letters = min(shown.tall * height, 0.09)
        brand = words(shown.brand, letters, font=shown.font, width=wide * 0.55)
        pieces = [brand.moved(0.0, height * 0.16)]
        if shown.logo < 4:
            room = (wide - float(np.ptp(brand.points[:, 0]))) / 2
            size_of = min(letters * 1.8, room * 0.7, height * 0.3)
            shift = -shown.at * (wide / 2 - room / 2)
            pieces += [p.moved(shift, height * 0.16) for p in badge(size_of, shown.logo)]
        if fine:
            pieces.append(words(shown.content, letters * 0.45, width=wide * 0.4).moved(0.0, -height * 0.08))
        size_of = min(0.07, height * 0.26, wide * 0.14)
        for k, kind in enumerate(shown.icons):
            x = shown.at * (wide / 2 - (k + 0.75) * size_of * 1.15)
            pieces += [p.moved(x, -height * 0.32) for p in (up_arrows, fragile, umbrella)[kind](size_of)]
        found.append((face, pieces))
    for face in (f for f in short if f in faces):
        pieces = [
            words(shown.brand, min(0.03, height * 0.1), font=shown.font, width=narrow * 0.6).moved(0.0, -height * 0.3)
        ]
        if shown.holes and height > 0.18:
            pieces.append(handle_hole(min(0.09, narrow * 0.35)).moved(0.0, height * 0.08))
        found.append((face, pieces))
    label = float(rng.choice((0.1, 0.105, 0.15)))
    shape = (label, label * float(rng.choice((0.68, 1.0, 1.42))))
    fits = min(1.0, 0.8 * narrow / shape[0], 0.36 * height / shape[1] * 1.6)
    shape = (shape[0] * fits, shape[1] * fits)
    face = SIDES[int(rng.integers(0, 5))]
    over = 0.0 if face == "+z" else height
    right, up = (size[1], size[0]) if face == "+z" else (size[FRAMES[face][2]], over)
    x = rng.uniform(-1.0, 1.0) * max(0.0, right / 2 - shape[0] / 2 - 0.02)
    y = rng.uniform(-1.0, 1.0) * max(0.0, up / 2 - shape[1] / 2 - 0.02)
    if face == "+z":  # beside the tape
        x = float(np.copysign(max(abs(x), min(shape[0] / 2 + 0.04, right / 2 - shape[0] / 2 - 0.01)), x))
    turn = rng.normal(0.0, 0.03)
    stuck = [
        Piece(p.slot, _turned(p.points, turn), p.faces, p.layer + 2) for p in shipping_label(*shape, rng, fine=fine)
    ]
    found.append((face, [p.moved(x, y) for p in stuck]))
    if fine and rng.random() < 0.3:
        note = drawn("notes", rng)
        dot = [sheet("label", -0.04, 0.04, -0.02, 0.02, cells=(2, 1), layer=5), words(note, 0.012, layer=6, width=0.07)]
        face = short[int(rng.integers(0, 2))]
        if narrow > 0.14 and height > 0.12:
            x, y = rng.uniform(-0.5, 0.5) * (narrow - 0.12), rng.uniform(0.1, 0.3) * height
            found.append((face, [p.moved(x, y) for p in dot]))
    return found


def _turned(points: Array, angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    turned: Array = points @ np.array([(c, s), (-s, c)])
    return turned


def _open(b: MeshBuilder, size: Size, shown: Print, rng: np.random.Generator) -> None:
    """Walls of 5 mm board around an empty inside, four flaps that stand out, unprinted within."""
    length, width, height = size
    x, y, t, floor = length / 2, width / 2, 0.005, 0.006
    own = float(rng.random())
    outer = np.array([(-x, -y), (x, -y), (x, y), (-x, y)])
    inner = outer - np.sign(outer) * t
    b.walls(outer, 0.0, height, "board", random=own)
    b.walls(inner[::-1], floor, height, "board", random=own)
    b.plate([outer, inner], height, "board", random=own)
    b.plate([inner], floor, "board", random=own)
    with b.at((0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        b.plate([(outer * (1, -1))[::-1]], 0.0, "board", random=own)
    flap = width / 2
    for k, (out, along, reach) in enumerate(
        (((1, 0), (0, 1), x), ((-1, 0), (0, -1), x), ((0, 1), (-1, 0), y), ((0, -1), (1, 0), y))
    ):
        fall = rng.uniform(-0.35, 1.9) if rng.random() < 0.85 else 2.6
        wide = (width if k < 2 else length) / 2 - 0.003
        way = np.array([np.sin(fall) * out[0], np.sin(fall) * out[1], np.cos(fall)])
        thick = np.cross((*along, 0.0), way)
        start = np.array([out[0] * (reach - t / 2), out[1] * (reach - t / 2), height + 0.002])
        if fall > 1.2:
            start = start + np.array([out[0], out[1], 0.0]) * t
        with b.at(start, (*along, 0.0), way, thick):
            b.chamfered(-wide, wide, 0.0, flap, -t / 2, t / 2, 0.0012, "board", random=own)
    for face, pieces in _printed(size, shown, rng, SIDES[:4]):
        if face != "+z":
            add_pieces(b, pieces, partial(_flat, face, size), random=own)
