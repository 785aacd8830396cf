"""What is printed on a circuit board: copper under the solder mask, vias, white print."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from synthgen.procedural.registry import image_generator
from synthgen.procedural.text import font_file
from synthgen.procedural.workpieces.board_layout import Layout, Placed, layout
from synthgen.procedural.workpieces.part import data

Color = tuple[int, int, int]
_FINE = 2


class _Sheet:
    """A picture whose brush takes metres from the board's middle, y up."""

    def __init__(self, plan: Layout, density: float, ground: Color) -> None:
        self.scale = density * 1000 * _FINE
        self.size = tuple(max(_FINE, _FINE * round(density * 1000 * s)) for s in (plan.length, plan.width))
        self.half = plan.length / 2, plan.width / 2
        self.image = Image.new("RGB", (self.size[0], self.size[1]), ground)
        self.brush = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x + self.half[0]) * self.scale, (self.half[1] - y) * self.scale

    def line(self, points: list[tuple[float, float]], width: float, color: Color) -> None:
        w = max(1, round(width * self.scale))
        self.brush.line([self.at(*p) for p in points], fill=color, width=w, joint="curve")

    def dot(self, x: float, y: float, radius: float, color: Color) -> None:
        u, v = self.at(x, y)
        r = radius * self.scale
        self.brush.ellipse((u - r, v - r, u + r, v + r), fill=color)

    def frame(self, x: float, y: float, a: float, b: float, width: float, color: Color) -> None:
        (u0, v0), (u1, v1) = self.at(x - a / 2, y + b / 2), self.at(x + a / 2, y - b / 2)
        self.brush.rectangle((u0, v0, u1, v1), outline=color, width=max(1, round(width * self.scale)))

    def text(self, x: float, y: float, words: str, cap: float, color: Color) -> None:
        self.brush.text(
            self.at(x, y), words, fill=color, font=_font(max(4, round(cap * self.scale / 0.72))), anchor="mm"
        )


@lru_cache(16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file("sans")), size, layout_engine=ImageFont.Layout.BASIC)


@image_generator("factory.board_print")
def board_print(seed: int, density: int = 14) -> NDArray[np.uint8]:
    """(H, W, 3) sRGB of the upper side of board `seed`, as its outline's bounds lie. density: pixels a millimetre."""
    plan = layout(seed)
    rng = np.random.default_rng([seed, 77])
    mask = data()["masks"][plan.mask]
    copper, bare, ink = (tuple(mask[k]) for k in ("copper", "bare", "ink"))
    sheet = _Sheet(plan, density, copper)
    _copper(sheet, plan, rng, copper, bare)
    for c in plan.components:
        _silk(sheet, c, ink)
    cap = 0.0022
    spot = min(((x, y) for x in (-0.25, 0.0, 0.25) for y in (-0.42, 0.42)), key=lambda p: _crowd(plan, *p))
    name = "".join(rng.choice(list("ABCDEFGHKLMNPRSTVXZ"), 2)) + f"-{int(rng.integers(100, 999))}"
    sheet.text(spot[0] * plan.length, spot[1] * plan.width, f"{name} REV {'ABCD'[int(rng.integers(4))]}", cap, ink)
    small = sheet.image.resize((sheet.size[0] // _FINE, sheet.size[1] // _FINE), Image.Resampling.BOX)
    pixels = np.asarray(small).astype(np.int16)
    grain = rng.integers(-2, 3, size=pixels.shape[:2])[..., None]
    out: NDArray[np.uint8] = np.clip(pixels + grain, 30, 234).astype(np.uint8)
    return out


def _crowd(plan: Layout, x: float, y: float) -> int:
    return sum(abs(c.x - x * plan.length) < 0.012 and abs(c.y - y * plan.width) < 0.006 for c in plan.components)


def _copper(sheet: _Sheet, plan: Layout, rng: np.random.Generator, copper: Color, bare: Color) -> None:
    """Tracks between pads of neighbours, each with its clearance in the copper around, and vias."""
    pads = np.array([p[:2] for c in plan.components for p in c.pads]).reshape(-1, 2)
    owner = np.repeat(np.arange(len(plan.components)), [len(c.pads) for c in plan.components])
    tracks: list[tuple[list[tuple[float, float]], float]] = []
    vias: list[tuple[float, float]] = []
    for k in range(len(pads)):
        x, y = (float(v) for v in pads[k])
        far = np.hypot(*(pads - pads[k]).T) + 10.0 * (owner == owner[k])
        to = int(np.argsort(far, kind="stable")[int(rng.integers(0, 5))]) if len(pads) > 6 else k
        u, v = (float(q) for q in pads[to])
        if far[to] > 0.03:
            continue
        d = min(abs(u - x), abs(v - y))
        bend = (x + np.sign(u - x) * d, y + np.sign(v - y) * d)
        tracks.append(([(x, y), (float(bend[0]), float(bend[1])), (u, v)], 0.0005 if rng.random() < 0.2 else 0.00022))
        if rng.random() < 0.4:
            vias.append((float(bend[0]), float(bend[1])))
    for points, width in tracks:
        sheet.line(points, width + 0.0004, bare)
    for points, width in tracks:
        sheet.line(points, width, copper)
    for c in plan.components:
        for x, y, a, b in c.pads:
            u, v = sheet.at(x, y)
            a, b = (a / 2 + 0.00018) * sheet.scale, (b / 2 + 0.00018) * sheet.scale
            sheet.brush.rectangle((u - a, v - b, u + a, v + b), fill=bare)
    n = int(rng.integers(20, 90))
    vias += list(zip(*(rng.uniform(-0.47, 0.47, n) * s for s in (plan.length, plan.width)), strict=True))
    for x, y in vias:
        sheet.dot(x, y, 0.00034, tuple(min(255, c + 22) for c in copper))  # type: ignore[arg-type]
        sheet.dot(x, y, 0.00015, bare)


def _silk(sheet: _Sheet, c: Placed, ink: Color) -> None:
    """A component's outline, the mark of its first pin, and its name beside it."""
    a, b = c.extent()
    grow = 0.0008 if c.package.pins <= 2 else 0.0004
    if c.package.style != "qfp":
        sheet.frame(c.x, c.y, a + 2 * grow, b + 2 * grow, 0.00015, ink)
    else:
        for s in (-1, 1):
            for t in (-1, 1):
                x, y = c.x + s * (a / 2 + 0.0003), c.y + t * (b / 2 + 0.0003)
                sheet.line([(x - s * 0.0008, y), (x, y), (x, y - t * 0.0008)], 0.00015, ink)
    if c.package.pins > 2:
        x, y = c.pads[0][:2]
        sheet.dot(x + np.sign(x - c.x) * 0.0009, y + np.sign(y - c.y) * 0.0009, 0.00025, ink)
    cap = 0.0007 if c.package.pins <= 2 and c.package.length < 0.004 else 0.001
    sheet.text(c.x, c.y + b / 2 + grow + 0.8 * cap, c.name, cap, ink)
