"""What is printed on and stuck to cartons: flat pieces in metres, x to the reader's right, y up.

Pieces are triangles of a slot at a layer: layer n lies n times the thickness of a sheet above the board.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.mesh import vertex_normals
from synthgen.paths import data_dir
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.shapes import Array, Index, circle, triangulate
from synthgen.procedural.text import glyph, text_width

SHEET = 0.0006
"""Height of one layer above the next, metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """points (N, 2), faces (F, 3) counter-clockwise."""

    slot: str
    points: Array
    faces: Index
    layer: int = 1

    def moved(self, x: float, y: float) -> Piece:
        return Piece(self.slot, self.points + np.array([x, y]), self.faces, self.layer)


Place = Callable[[Array, float], Array]
"""Points on a face (N, 2) and their height above it, to points in space (N, 3)."""


def add_pieces(b: MeshBuilder, pieces: Iterable[Piece], place: Place, *, random: float = 0.0) -> None:
    """Appends flat pieces where `place` puts them."""
    for piece in pieces:
        p = place(piece.points, piece.layer * SHEET)
        normals = vertex_normals(p, piece.faces).astype(np.float64)  # type: ignore[arg-type]
        b.triangles(p, piece.faces, piece.slot, normals=normals, uvs=piece.points, random=random)


@cache
def print_words() -> dict[str, Any]:
    """Names, contents and notes (assets/procedural/print_words.yaml)."""
    with (data_dir("assets") / "procedural" / "print_words.yaml").open(encoding="utf-8") as file:
        return {k: tuple(v) for k, v in yaml.safe_load(file).items()}


def drawn(words: str, rng: np.random.Generator) -> str:
    known = print_words()[words]
    return str(known[int(rng.integers(0, len(known)))])


# --- pieces


def sheet(
    slot: str, x0: float, x1: float, y0: float, y1: float, *, cells: tuple[int, int] = (1, 1), layer: int = 1
) -> Piece:
    """A rectangle, cut into cells so that it can be bent."""
    return sheets(slot, [(x0, x1, y0, y1)], cells=cells, layer=layer)


def sheets(
    slot: str, bounds: Iterable[tuple[float, float, float, float]], *, cells: tuple[int, int] = (1, 1), layer: int = 1
) -> Piece:
    """Rectangles (x0, x1, y0, y1)."""
    table = np.array(list(bounds)).reshape(-1, 4)
    u, v = np.meshgrid(np.linspace(0, 1, cells[0] + 1), np.linspace(0, 1, cells[1] + 1), indexing="ij")
    here = np.arange(u.size).reshape(u.shape)
    quad = np.stack([here[:-1, :-1], here[1:, :-1], here[1:, 1:], here[:-1, 1:]], axis=-1).reshape(-1, 4)
    faces = np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])
    x = table[:, :1] + (table[:, 1:2] - table[:, :1]) * u.ravel()
    y = table[:, 2:3] + (table[:, 3:] - table[:, 2:3]) * v.ravel()
    points = np.stack([x, y], axis=-1).reshape(-1, 2)
    every = (faces[None] + u.size * np.arange(len(table))[:, None, None]).reshape(-1, 3)
    return Piece(slot, points, every, layer)


def outline(slot: str, *rings: Any, layer: int = 1) -> Piece:
    """A polygon: the outer ring, counter-clockwise, then its holes."""
    joined = [np.asarray(r, dtype=np.float64) for r in rings]
    return Piece(slot, np.concatenate(joined), triangulate(joined), layer)


@cache
def words(
    text: str, height: float, *, font: str = "sans", slot: str = "ink", layer: int = 1, width: float = np.inf
) -> Piece:
    """A line of text, centred on the origin; smaller where it would be wider than `width`."""
    wide = text_width(text, height, font=font)
    height *= min(1.0, width / max(wide, 1e-9))
    points, faces, x, count = [], [], -min(wide, width) / 2, 0
    for character in text:
        g = glyph(font, character)
        if len(g.faces):
            points.append(g.points * height + (x, -height / 2))
            faces.append(g.faces + count)
            count += len(g.points)
        x += g.advance * height
    return Piece(slot, np.concatenate(points), np.concatenate(faces), layer)


def bars(
    x0: float, x1: float, y0: float, y1: float, rng: np.random.Generator, *, count: int = 27, layer: int = 2
) -> Piece:
    """A bar code of `count` bars."""
    runs = np.concatenate([[0], np.cumsum(rng.integers(1, 4, 2 * count))])
    at = x0 + (x1 - x0) * runs / runs[-1]
    return sheets("ink", [(a, c, y0, y1) for a, c in zip(at[:-1:2], at[1::2], strict=True)], cells=(1, 3), layer=layer)


@cache
def up_arrows(size: float) -> tuple[Piece, ...]:
    """This side up: two arrows on a line, in a square of `size`."""
    s = size / 2
    arrow = np.array([(-0.1, -0.6), (0.1, -0.6), (0.1, 0.2), (0.3, 0.2), (0.0, 0.8), (-0.3, 0.2), (-0.1, 0.2)]) * s
    line = sheet("ink", -0.9 * s, 0.9 * s, -0.85 * s, -0.72 * s)
    return *(outline("ink", arrow).moved(x * s, 0.0) for x in (-0.42, 0.42)), line


@cache
def fragile(size: float) -> tuple[Piece, ...]:
    """A wine glass."""
    s = size / 2
    half = [(0.0, -0.8), (0.4, -0.8), (0.4, -0.68), (0.07, -0.6), (0.07, -0.15), (0.36, 0.1), (0.44, 0.45), (0.4, 0.85)]
    left = [(-x, y) for x, y in reversed(half[1:])]
    return (outline("ink", np.array([*half, (0.1, 0.85), (0.0, 0.6), (-0.08, 0.85), *left]) * s),)


@cache
def umbrella(size: float) -> tuple[Piece, ...]:
    """Keep dry."""
    s = size / 2
    turn = np.linspace(0.0, np.pi, 11)
    top = np.column_stack([0.85 * np.cos(turn), 0.05 + 0.75 * np.sin(turn)])
    scallops = [(-0.57, 0.17), (-0.28, 0.05), (0.0, 0.17), (0.28, 0.05), (0.57, 0.17)]
    stem = sheets("ink", [(-0.05 * s, 0.05 * s, -0.7 * s, 0.12 * s), (-0.05 * s, 0.3 * s, -0.82 * s, -0.72 * s)])
    return outline("ink", np.concatenate([top, scallops]) * s), stem


def shipping_label(width: float, height: float, rng: np.random.Generator, *, fine: bool = True) -> list[Piece]:
    """A white label, centred: address lines, a bold code, a bar code; coarser where it is not `fine`."""
    x, y = width / 2, height / 2
    found = [sheet("label", -x, x, -y, y, cells=(6, 6) if fine else (3, 3))]
    left, right = -x * 0.88, x * 0.88
    code = rng.uniform(-0.15, 0.3)
    found.append(bars(left, right * rng.uniform(0.6, 1.0), -y * 0.86, y * (code - 0.25), rng, count=27 if fine else 16))
    lines = []
    for row in np.linspace(0.86, code + 0.2, int(rng.integers(3, 7))):
        lines.append((left, left + width * rng.uniform(0.2, 0.55), y * row - height * 0.028, y * row))
    lines.append((left, right, y * (code - 0.02), y * code + 0.0008))
    found.append(sheets("ink", lines, layer=2))
    if rng.random() < 0.7 and fine:
        number = words(str(int(rng.integers(100, 9999))), height * 0.16, font="black", layer=2, width=width * 0.36)
        found.append(number.moved(x * 0.5, y * (code + 0.35)))
    if rng.random() < 0.3:
        found.append(sheet("ink", x * 0.45, right, y * 0.62, y * 0.88, layer=2))
    return found


def handle_hole(width: float = 0.09, height: float = 0.028) -> Piece:
    """A hand hole, as the dark that it shows."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, 6)
    end = np.column_stack([np.cos(turn), np.sin(turn)]) * height / 2
    flat = np.array([width / 2 - height / 2, 0.0])
    return outline("ink", np.concatenate([end + flat, -end - flat]))


@cache
def badge(size: float, kind: int) -> tuple[Piece, ...]:
    """A maker's logo: a ring, a split disc, bars or a pair of leaves."""
    s = size / 2
    if kind == 0:
        return outline("ink", circle(s, 24), circle(0.72 * s, 24)), outline("ink", circle(0.4 * s, 18))
    if kind == 1:
        turn = np.linspace(0.12, np.pi - 0.12, 12)
        half = np.column_stack([np.cos(turn), np.sin(turn)]) * s
        return outline("ink", half), outline("ink", -half)
    if kind == 2:
        return (sheets("ink", [(a * s, (a + 0.35) * s, -s, h * s) for a, h in ((-1.0, 0.1), (-0.2, 0.5), (0.6, 1.0))]),)
    leaf = np.array([(-0.05, -0.9), (-0.05, 0.1), (-0.3, 0.6), (-0.9, 0.9), (-0.85, 0.2), (-0.5, -0.4)]) * s
    return outline("ink", leaf[::-1]), outline("ink", leaf * (-1, 1))
