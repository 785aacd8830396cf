"""Lettering as mesh: glyph outlines of free fonts, flattened, triangulated and given a thickness.

The fonts come from the packages font-lato, font-fjallaone, font-fredoka-one, font-amatic-sc (SIL Open Font Licence)
and font-caladea (Apache 2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, Index, triangulate

FONTS: dict[str, tuple[str, str]] = {
    "sans": ("font_lato", "Lato-Bold.ttf"),
    "black": ("font_lato", "Lato-Black.ttf"),
    "thin": ("font_lato", "Lato-Light.ttf"),
    "italic": ("font_lato", "Lato-BoldItalic.ttf"),
    "narrow": ("font_fjallaone", "FjallaOne-Regular.ttf"),
    "round": ("font_fredoka_one", "FredokaOne-Regular.ttf"),
    "hand": ("font_amatic_sc", "AmaticSC-Bold.ttf"),
    "serif": ("font_caladea", "Caladea-Bold.ttf"),
    "serif_italic": ("font_caladea", "Caladea-BoldItalic.ttf"),
}
"""Font name: (package, file)."""

_CURVE_STEPS = 4
_FLAT = 0.006
"""Points closer than this to the chord of their neighbours are dropped, in cap heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One character, in cap heights, from its own origin on the baseline.

    points (V, 2); faces (F, 3) counter-clockwise; edges (E, 2) outline edges with the inside to their left; advance.
    """

    points: Array
    faces: Index
    edges: Index
    advance: float


def font_file(font: str) -> Path:
    """The font's file. Raises InputError for an unknown name."""
    if font not in FONTS:
        raise InputError.of(f"no font is named {font!r}", hint=f"one of {', '.join(FONTS)}")
    package, name = FONTS[font]
    return Path(str(resources.files(package) / "files" / name))


def text_width(text: str, height: float, *, font: str = "sans", spacing: float = 0.0) -> float:
    """Width in metres of one line of text whose capitals are `height` metres high."""
    return height * (sum(glyph(font, c).advance for c in text) + spacing * max(0, len(text) - 1))


def add_text(
    builder: MeshBuilder,
    text: str,
    height: float,
    slot: str,
    *,
    font: str = "sans",
    extrude: float = 0.012,
    spacing: float = 0.0,
    random: float = 0.0,
) -> None:
    """Appends letters that face the frame's -Y: text runs along +X from 0, baseline at z = 0, backs at y = 0.

    height: of the capitals, metres. extrude: thickness, metres. spacing: extra between letters, in cap heights.
    """
    x = 0.0
    for character in text:
        g = glyph(font, character)
        if len(g.faces):
            p = g.points * height + (x, 0.0)
            front = np.column_stack([p[:, 0], np.full(len(p), -extrude), p[:, 1]])
            facing = np.broadcast_to(np.array([0.0, -1.0, 0.0]), front.shape)
            builder.triangles(front, g.faces, slot, normals=facing, uvs=p, random=random)
            a, b = p[g.edges[:, 0]], p[g.edges[:, 1]]
            corners = np.stack(
                [
                    np.column_stack([q[:, 0], np.full(len(q), y), q[:, 1]])
                    for q, y in ((a, -extrude), (a, 0.0), (b, 0.0), (b, -extrude))
                ],
                axis=1,
            )
            builder.quads(corners, slot, random=random)
        x += (g.advance + spacing) * height


@mesh_generator("street.lettering")
def lettering(
    text: str = "BAKERY", height: float = 0.3, extrude: float = 0.012, font: str = "sans", spacing: float = 0.0
) -> Mesh:
    """One line of letters in the plane y = 0 that faces -Y, from x = 0, baseline at z = 0. Slots: text.

    Raises InputError where no character of the text leaves a mark.
    """
    builder = MeshBuilder("text")
    add_text(builder, text, height, "text", font=font, extrude=extrude, spacing=spacing)
    return builder.mesh()


@cache
def glyph(font: str, character: str) -> Glyph:
    """A character's outline, triangulated once for all uses."""
    ttf, cap_height = _font(font)
    name = ttf.getBestCmap().get(ord(character), ".notdef")
    pen = _FlatteningPen(ttf.getGlyphSet())
    ttf.getGlyphSet()[name].draw(pen)
    advance = ttf["hmtx"][name][0] / cap_height
    contours = [np.array(c, dtype=np.float64) / cap_height for c in pen.contours if len(c) >= 3]
    contours = [c for c in (_simplified(c) for c in contours) if len(c) >= 3]
    if not contours:
        return Glyph(np.zeros((0, 2)), np.zeros((0, 3), int), np.zeros((0, 2), int), advance)
    points, faces, edges, count = [], [], [], 0
    for outer, holes in _nested(contours):
        rings = [outer, *holes]
        faces.append(triangulate(rings) + count)
        for ring in rings:
            i = np.arange(len(ring))
            edges.append(np.stack([i, np.roll(i, -1)], axis=1) + count)
            points.append(ring)
            count += len(ring)
    return Glyph(np.concatenate(points), np.concatenate(faces), np.concatenate(edges), advance)


@cache
def _font(font: str) -> tuple[Any, float]:
    ttf = TTFont(font_file(font))
    pen = _FlatteningPen(ttf.getGlyphSet())
    ttf.getGlyphSet()["H"].draw(pen)
    return ttf, max(y for contour in pen.contours for _, y in contour)


class _FlatteningPen(BasePen):  # type: ignore[misc]
    """Collects contours as lists of points, curves cut into straight pieces."""

    def __init__(self, glyph_set: Any) -> None:
        super().__init__(glyph_set)
        self.contours: list[list[tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.contours.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.contours[-1].append(pt)

    def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:
        p0 = self._getCurrentPoint()
        for k in range(1, _CURVE_STEPS + 1):
            t = k / _CURVE_STEPS
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            self.contours[-1].append((a * p0[0] + b * pt1[0] + c * pt2[0], a * p0[1] + b * pt1[1] + c * pt2[1]))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        p0 = self._getCurrentPoint()
        for k in range(1, _CURVE_STEPS + 1):
            t = k / _CURVE_STEPS
            w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            ps = (p0, pt1, pt2, pt3)
            self.contours[-1].append(
                (sum(a * p[0] for a, p in zip(w, ps, strict=True)), sum(a * p[1] for a, p in zip(w, ps, strict=True)))
            )


def _simplified(ring: Array) -> Array:
    """Without repeated points, and without those that lie nearly on the line between their neighbours."""
    ring = ring[np.abs(ring - np.roll(ring, 1, axis=0)).max(axis=1) > 1e-4]
    for parity in (0, 1, 0):
        if len(ring) < 6:
            break
        before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
        chord = after - before
        length = np.maximum(np.linalg.norm(chord, axis=1), 1e-9)
        away = np.abs(chord[:, 0] * (ring - before)[:, 1] - chord[:, 1] * (ring - before)[:, 0]) / length
        ring = ring[(away > _FLAT) | (np.arange(len(ring)) % 2 != parity)]
    return ring


def _area(ring: Array) -> float:
    nxt = np.roll(ring, -1, axis=0)
    return float((ring[:, 0] * nxt[:, 1] - nxt[:, 0] * ring[:, 1]).sum() / 2)


def _inside(point: Array, ring: Array) -> bool:
    a, b = ring, np.roll(ring, -1, axis=0)
    crosses = (a[:, 1] > point[1]) != (b[:, 1] > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = a[:, 0] + (point[1] - a[:, 1]) * (b - a)[:, 0] / (b - a)[:, 1]
    return bool((crosses & (x > point[0])).sum() % 2)


def _nested(contours: list[Array]) -> list[tuple[Array, list[Array]]]:
    """Pairs each outer contour (turned counter-clockwise) with its holes (clockwise), by containment depth."""
    depth = [sum(_inside(c[0], o) for o in contours if o is not c) for c in contours]
    outers = [
        (d, c if _area(c) > 0 else c[::-1], [])  # type: ignore[var-annotated]
        for c, d in zip(contours, depth, strict=True)
        if d % 2 == 0
    ]
    for c, d in zip(contours, depth, strict=True):
        if d % 2:
            for level, outer, holes in outers:
                if level == d - 1 and _inside(c[0], outer):
                    holes.append(c if _area(c) < 0 else c[::-1])
                    break
    return [(outer, holes) for _, outer, holes in outers]
