"""The printed sides of a pack: front, back of facts, top. Each is (h, w, 3) uint8 sRGB, row 0 at the top."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from synthgen.procedural.packaging import ean, motifs  # noqa: F401  the motifs register themselves
from synthgen.procedural.packaging.artwork import picture
from synthgen.procedural.packaging.design import Color, Design, goods, luminance, mixed
from synthgen.procedural.text import font_file

Pixels = NDArray[np.uint8]
Points = Sequence[tuple[float, float]] | NDArray[np.float64]
_PAPER, _INK = (243, 241, 236), (24, 23, 24)
_SHIFT = 4
_PAGE_LINES = 48
_TABLES = 12
"""How many different tables of nutrition facts there are."""


class Panel:
    """A printed side: shapes and pictures go on at once, lettering when it is finished, over them all."""

    def __init__(self, width: int, height: int, ground: Color) -> None:
        self.width, self.height = max(4, width), max(4, height)
        self.pixels: Pixels = np.empty((self.height, self.width, 3), dtype=np.uint8)
        self.pixels[:] = ground
        self._texts: list[tuple[tuple[float, float], str, ImageFont.FreeTypeFont, Color]] = []

    def gradient(self, low: Color, high: Color, *, radial: bool = False) -> None:
        """From `high` at the top (or the middle) to `low`."""
        y = np.linspace(0, 1, self.height, dtype=np.float32)[:, None]
        a, b = np.array(high, dtype=np.float32), np.array(low, dtype=np.float32)
        if not radial:
            self.pixels[:] = (a + y[..., None] * (b - a)).astype(np.uint8)
            return
        x = np.linspace(-1, 1, self.width, dtype=np.float32)[None]
        t = np.sqrt((x * 0.8) ** 2 + ((y - 0.5) * 1.8) ** 2)
        steps = (a + np.linspace(0, 1, 256, dtype=np.float32)[:, None] * (b - a)).astype(np.uint8)
        self.pixels[:] = cv2.LUT(cv2.merge([(np.minimum(t, 1) * 255).astype(np.uint8)] * 3), steps[None])

    def polygon(
        self, points: Sequence[tuple[float, float]] | NDArray[np.float64], color: Color, share: float = 1
    ) -> None:
        """A filled outline in pixels; `share` is how much it covers."""
        fixed = [np.round(np.asarray(points, dtype=np.float64) * 2**_SHIFT).astype(np.int32)]
        if share >= 1:
            cv2.fillPoly(self.pixels, fixed, color, lineType=cv2.LINE_AA, shift=_SHIFT)
        else:
            over = self.pixels.copy()
            cv2.fillPoly(over, fixed, color, lineType=cv2.LINE_AA, shift=_SHIFT)
            cv2.addWeighted(over, share, self.pixels, 1 - share, 0, dst=self.pixels)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, color: Color, *, round_by: float = 0.0) -> None:
        if round_by <= 0:
            self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], color)
            return
        r = min(round_by, (x1 - x0) / 2, (y1 - y0) / 2)
        a = np.linspace(0, np.pi / 2, 7)
        corners = [(x1 - r, y1 - r, 0), (x0 + r, y1 - r, 1), (x0 + r, y0 + r, 2), (x1 - r, y0 + r, 3)]
        ring = [(cx + r * np.cos(a + k * np.pi / 2), cy + r * np.sin(a + k * np.pi / 2)) for cx, cy, k in corners]
        self.polygon(np.concatenate([np.stack(arc, axis=1) for arc in ring]), color)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, color: Color, share: float = 1) -> None:
        a = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        self.polygon(np.stack([cx + rx * np.cos(a), cy + ry * np.sin(a)], axis=1), color, share)

    def art(self, name: str, cx: float, cy: float, size: float, hue: float, seed: int, turn: float = 0.0) -> None:
        """A motif with a soft shadow, `size` pixels wide about a place; what reaches over the edge is cut."""
        n = max(6, round(size))
        image = picture(name, n, hue, seed)
        if turn:
            spin = cv2.getRotationMatrix2D((n / 2, n / 2), turn, 1.0)
            image = np.asarray(cv2.warpAffine(image, spin, (n, n)), dtype=np.uint8)
        shadow = np.asarray(cv2.convertScaleAbs(image[..., 3], alpha=0.3), dtype=np.uint8)
        self._lay(None, shadow, cx + 0.02 * n, cy + 0.05 * n, n)
        self._lay(image[..., :3], image[..., 3], cx, cy, n)

    def _lay(self, colors: Pixels | None, cover: Pixels, cx: float, cy: float, n: int) -> None:
        """Lays colours that are multiplied by their cover already, None for black, about a place."""
        x0, y0 = round(cx - n / 2), round(cy - n / 2)
        xa, ya, xb, yb = max(x0, 0), max(y0, 0), min(x0 + n, self.width), min(y0 + n, self.height)
        if xa >= xb or ya >= yb:
            return
        part = np.s_[ya - y0 : yb - y0, xa - x0 : xb - x0]
        under = self.pixels[ya:yb, xa:xb]
        left = cv2.multiply(under, cv2.merge([255 - cover[part]] * 3), scale=1 / 255)
        under[:] = left if colors is None else cv2.add(left, np.ascontiguousarray(colors[part]))

    def text(
        self, text: str, box: tuple[float, float, float, float], font: str, color: Color, *, align: str = "middle"
    ) -> None:
        """One line as large as fits a box (x0, y0, x1, y1), in the middle of it or at its left."""
        x0, y0, x1, y1 = box
        width, top, bottom = _extent(text, font)
        size = min((x1 - x0) / max(width, 1e-3), (y1 - y0) / max(bottom - top, 1e-3))
        if size < 3 or not text:
            return
        size = float(int(size))
        x = x0 if align == "left" else (x0 + x1 - size * width) / 2
        self._texts.append(((x, (y0 + y1) / 2 - size * (top + bottom) / 2), text, _font(font, int(size)), color))

    def lines(self, seed: int, box: tuple[float, float, float, float], size: float, color: Color) -> None:
        """Small print: lines of `size` pixels, from somewhere in a long text, until the box is full."""
        x0, y0, x1, y1 = (int(v) for v in box)
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        page = _page(max(2, round(size)))
        step = max(2, round(size)) * 5 // 4
        line = seed % max(1, len(page) // step - (y1 - y0) // step - 1)
        mask = page[line * step :][: y1 - y0, : x1 - x0]
        self._ink(mask, x0, y0, color)

    def table(self, seed: int, box: tuple[float, float, float, float]) -> None:
        """A table of nutrition facts."""
        x0, y0, x1, y1 = (round(v) for v in box)
        picture = cv2.resize(
            _nutrition(seed % _TABLES), (max(2, x1 - x0), max(2, y1 - y0)), interpolation=cv2.INTER_AREA
        )
        under = self.pixels[y0:y1, x0:x1]
        under[:] = picture[: under.shape[0], : under.shape[1]]

    def _ink(self, mask: Pixels, x: int, y: int, color: Color) -> None:
        under = self.pixels[y : y + mask.shape[0], x : x + mask.shape[1]]
        cover = (mask[: under.shape[0], : under.shape[1], None] / np.float32(255)).astype(np.float32)
        under[:] = (under * (1 - cover) + np.array(color, dtype=np.float32) * cover).astype(np.uint8)

    def finished(self) -> Pixels:
        """The side with its lettering."""
        if self._texts:
            image = Image.fromarray(self.pixels)
            draw = ImageDraw.Draw(image)
            for at, text, font, color in self._texts:
                draw.text(at, text, font=font, fill=color)
            self.pixels = np.asarray(image)
        return self.pixels


def front(d: Design, width: int, height: int) -> Pixels:
    """The side that looks out of the shelf."""
    p = Panel(width, height, d.ground)
    w, h = p.width, p.height
    rng = np.random.default_rng(d.seed)
    _ground(p, d, rng)
    _artwork(p, d, rng)
    low = 0.04 + 0.06 * d.logo_at
    logo(p, d, (0.08 * w, low * h, 0.92 * w, (low + 0.2) * h))
    y = low + 0.225
    ink = _ink_on(p, 0.5 * w, (y + 0.03) * h, d)
    p.text(d.kind, (0.08 * w, y * h, 0.92 * w, (y + 0.075) * h), d.text_font, ink)
    band = mixed(d.accent, (0, 0, 0), 0.3) if luminance(d.ground) > 0.4 else (240, 236, 226)
    y += 0.095
    if d.layout not in ("plain", "frame"):
        p.rectangle(0.15 * w, y * h, 0.85 * w, (y + 0.07) * h, band, round_by=0.02 * h)
        flavour_ink = (248, 246, 240) if luminance(band) < 0.5 else mixed(d.accent, (0, 0, 0), 0.45)
    else:
        flavour_ink = _ink_on(p, 0.5 * w, (y + 0.03) * h, d)
    p.text(d.flavour, (0.2 * w, (y + 0.012) * h, 0.8 * w, (y + 0.058) * h), d.text_font, flavour_ink)
    if d.claim:
        _claim(p, d, (0.8 * w, (y + 0.16) * h), 0.14 * min(w, 0.8 * h))
    foot = _ink_on(p, 0.2 * w, 0.95 * h, d)
    p.text(d.weight, (0.06 * w, 0.925 * h, 0.36 * w, 0.965 * h), "sans", foot, align="left")
    p.lines(d.seed, (0.5 * w, 0.93 * h, 0.95 * w, 0.975 * h), 0.016 * h, foot)
    return p.finished()


def facts(d: Design, width: int, height: int) -> Pixels:
    """The side with nutrition table, small print and bar code."""
    p = Panel(width, height, mixed(d.ground, _PAPER, 0.15))
    w, h = p.width, p.height
    p.gradient(mixed(d.ground, (0, 0, 0), 0.14), mixed(d.ground, (255, 255, 255), 0.05))
    logo(p, d, (0.1 * w, 0.03 * h, 0.9 * w, 0.03 * h + min(0.12 * h, 0.4 * w)))
    ink = _INK if luminance(d.ground) > 0.5 else _PAPER
    p.table(d.seed, (0.08 * w, 0.18 * h, 0.92 * w, 0.18 * h + min(0.34 * h, 1.3 * w)))
    p.lines(d.seed + 1, (0.08 * w, 0.56 * h, 0.92 * w, 0.76 * h), max(0.013 * h, 2.0), ink)
    bar_code(p, d.ean, (0.06 * w, 0.8 * h, 0.94 * w, 0.8 * h + min(0.16 * h, 0.6 * w)))
    return p.finished()


def top(d: Design, width: int, height: int) -> Pixels:
    """The lid or upper flap: the logo on the ground."""
    p = Panel(width, height, mixed(d.ground, (0, 0, 0), 0.06))
    logo(p, d, (0.12 * p.width, 0.18 * p.height, 0.88 * p.width, 0.72 * p.height))
    ink = _BRIGHT_INK if luminance(d.ground) < 0.5 else _INK
    p.text(d.flavour, (0.25 * p.width, 0.76 * p.height, 0.75 * p.width, 0.9 * p.height), d.text_font, ink)
    return p.finished()


_BRIGHT_INK = (244, 241, 233)


def logo(p: Panel, d: Design, box: tuple[float, float, float, float]) -> None:
    """The brand's name on its plate, in a box (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    rim = (232, 214, 158) if d.phase > 3 else _PAPER
    edge = max(1.0, 0.05 * h)
    if d.logo == "ellipse":
        p.ellipse(x0 + w / 2, y0 + h / 2, w / 2, h / 2, rim)
        p.ellipse(x0 + w / 2, y0 + h / 2, w / 2 - edge, h / 2 - edge, d.logo_ground)
    elif d.logo == "pill":
        p.rectangle(x0, y0, x1, y1, rim, round_by=0.35 * h)
        p.rectangle(x0 + edge, y0 + edge, x1 - edge, y1 - edge, d.logo_ground, round_by=0.3 * h)
    elif d.logo == "slant":
        p.polygon([(x0 + 0.22 * h, y0), (x1, y0), (x1 - 0.22 * h, y1), (x0, y1)], d.logo_ground)
    elif d.logo == "hexagon":
        p.polygon(
            [(x0, y0 + 0.15 * h), (x0 + w / 2, y0), (x1, y0 + 0.15 * h), (x1, y1 - 0.15 * h), (x0 + w / 2, y1),
             (x0, y1 - 0.15 * h)], d.logo_ground,
        )  # fmt: skip
    elif d.logo == "ribbon":
        dark = mixed(d.logo_ground, (0, 0, 0), 0.4)
        for a, b, s in ((x0 - 0.04 * w, x0 + 0.1 * w, 1), (x1 + 0.04 * w, x1 - 0.1 * w, -1)):
            p.polygon(
                [(a, y0 + 0.35 * h), (b, y0 + 0.35 * h), (b, y1), (a, y1), (a + s * 0.05 * w, y0 + 0.68 * h)], dark
            )
        p.rectangle(x0 + 0.04 * w, y0 + 0.12 * h, x1 - 0.04 * w, y0 + 0.85 * h, d.logo_ground)
    boxed = d.logo in ("ellipse", "pill", "slant", "hexagon", "ribbon")
    inset = (0.1, 0.2) if boxed else (0.01, 0.05)
    at = (x0 + inset[0] * w, y0 + inset[1] * h, x1 - inset[0] * w, y1 - inset[1] * h)
    if d.logo == "outlined":
        shadow = mixed(d.ground, (0, 0, 0), 0.55)
        p.text(d.brand, (at[0] + 0.02 * h, at[1] + 0.03 * h, at[2] + 0.02 * h, at[3] + 0.03 * h), d.name_font, shadow)
    p.text(d.brand, at, d.name_font, d.logo_ink)
    if d.logo == "underlined":
        p.rectangle(x0 + 0.2 * w, y1 - 0.05 * h, x1 - 0.2 * w, y1, d.accent)


def bar_code(p: Panel, code: str, box: tuple[float, float, float, float]) -> None:
    """An EAN-13 with its quiet zones, modules of whole pixels where there is room for one, and its digits."""
    x0, y0, x1, y1 = box
    p.rectangle(x0, y0, x1, y1, (250, 250, 250))
    bits = ean.modules(code)
    total = ean.MODULES + sum(ean.QUIET)
    step = (x1 - x0) / total
    if step >= 1:
        step = float(int(step))
    left = (x0 + x1) / 2 - step * total / 2 + step * ean.QUIET[0]
    tall = y0 + 0.78 * (y1 - y0)
    row = np.full(p.width, 250.0)
    edges = left + step * np.arange(ean.MODULES + 1)
    if step >= 1:
        edges = np.round(edges)
    # A bar covers a pixel as far as it reaches over it: how much of a bar lies left of a place, as differences.
    black = np.concatenate([[0.0], np.cumsum(np.array([bit == "1" for bit in bits]) * np.diff(edges))])
    row -= 235 * np.diff(np.interp(np.arange(p.width + 1), edges, black))
    rows = slice(max(0, round(y0 + 0.06 * (y1 - y0))), max(0, round(tall)))
    columns = slice(max(0, round(x0)), min(p.width, round(x1)))
    p.pixels[rows, columns] = np.clip(row, 12, 250)[None, columns, None].astype(np.uint8)
    p.text(code, (x0 + 0.12 * (x1 - x0), tall, x1 - 0.08 * (x1 - x0), y1 - 0.02 * (y1 - y0)), "sans", _INK)


def _ground(p: Panel, d: Design, rng: np.random.Generator) -> None:
    w, h = p.width, p.height
    p.gradient(
        mixed(d.ground, (0, 0, 0), 0.16), mixed(d.ground, (255, 255, 255), 0.1), radial=d.layout in ("burst", "dots")
    )
    pale = mixed(d.accent, (255, 255, 255), 0.45)
    if d.layout == "burst":
        reach = 1.6 * max(w, h)
        for k in range(0, 26, 2):
            a, b = 2 * np.pi * k / 26 + d.phase, 2 * np.pi * (k + 1) / 26 + d.phase
            rim = [(w / 2 + reach * np.cos(t), 0.6 * h + reach * np.sin(t)) for t in (a, b)]
            p.polygon([(w / 2, 0.6 * h), *rim], mixed(d.ground, (255, 255, 255), 0.16))
    elif d.layout == "stripes":
        step = (0.06 + 0.06 * d.art_at) * w
        for k in range(-20, 40, 2):
            x = k * step
            p.polygon(
                [(x, 0), (x + step, 0), (x + step - 0.35 * h, h), (x - 0.35 * h, h)], mixed(d.ground, d.accent, 0.3)
            )
    elif d.layout == "swoosh":
        across = np.linspace(0, w, 40)
        for shift, tone in ((-0.05, pale), (0.0, d.accent)):
            wave = h * (0.5 + shift) + 0.1 * h * np.sin(3.4 * across / w + d.phase)
            p.polygon(np.concatenate([np.stack([across, wave], 1), [(w, h), (0.0, h)]]), tone)
    elif d.layout == "dots":
        for _ in range(26):
            r = w * rng.uniform(0.008, 0.05)
            p.ellipse(
                rng.uniform(0, w), rng.uniform(0, h), r, r, mixed(d.ground, (255, 255, 255), rng.uniform(0.08, 0.3))
            )
    elif d.layout == "band":
        p.rectangle(0, 0.5 * h, w, 0.9 * h, d.accent)
        p.rectangle(0, 0.49 * h, w, 0.505 * h, (226, 206, 146))
    elif d.layout == "half":
        p.rectangle(0, 0, (0.18 + 0.15 * d.art_at) * w, h, d.accent)
    elif d.layout == "arc":
        for r, tone in ((1.0, (226, 206, 146)), (0.975, d.accent)):
            p.ellipse(w / 2, 1.12 * h, 0.95 * w * r, 0.62 * h * r, tone)
    elif d.layout == "frame":
        m = 0.045 * min(w, h)
        p.rectangle(m, m, w - m, h - m, d.accent, round_by=m)
        p.rectangle(1.5 * m, 1.5 * m, w - 1.5 * m, h - 1.5 * m, d.ground, round_by=m)
    elif d.layout == "grid":
        step = w / (5 + round(4 * d.art_at))
        for row in range(int(h / step) + 1):
            for k in range(int(w / step) + 1):
                if (row + k) % 2:
                    x, y = k * step, row * step
                    p.rectangle(x, y, x + step, y + step, mixed(d.ground, d.accent, 0.2))
    elif d.layout == "corner":
        p.polygon([(w, 0.35 * h), (w, h), (0.1 * w, h)], d.accent)
        p.polygon([(w, 0.31 * h), (w, 0.35 * h), (0.1 * w, h), (0.02 * w, h)], pale)
    elif d.layout == "split":
        p.rectangle(0, 0.48 * h, w, h, d.accent)


def _artwork(p: Panel, d: Design, rng: np.random.Generator) -> None:
    w, h = p.width, p.height
    size = min(w, 0.55 * h)
    y = (0.68 + 0.06 * (d.art_at - 0.5)) * h
    seed = d.seed

    def put(x: float, y: float, share: float, turn: float = 0.0, more: int = 0) -> None:
        p.art(d.motif, x, y, share * size, d.art_hue, seed + more, turn)

    if d.art == "single":
        put(0.5 * w, y, 0.86, float(rng.uniform(-12, 12)))
    elif d.art == "cluster":
        for k in range(6):
            place = (w * rng.uniform(0.15, 0.85), h * rng.uniform(0.58, 0.84))
            put(*place, float(rng.uniform(0.3, 0.5)), float(rng.uniform(-60, 60)), k)
    elif d.art == "plate":
        r = 0.46 * size
        p.ellipse(0.5 * w, y + 0.06 * h, r, 0.62 * r, (232, 229, 222))
        p.ellipse(0.5 * w, y + 0.055 * h, 0.84 * r, 0.5 * r, (205, 200, 191))
        for k in range(5):
            put(
                0.5 * w + r * rng.uniform(-0.45, 0.45),
                y + r * rng.uniform(-0.15, 0.2),
                0.36,
                float(rng.uniform(-40, 40)),
                k,
            )
    elif d.art == "pair":
        put(0.32 * w, 0.68 * h, 0.6, -10.0)
        put(0.68 * w, 0.74 * h, 0.52, 14.0, 1)
    elif d.art == "row":
        count = 3 if w < 1.2 * h else 5
        for k in range(count):
            put(w * (k + 0.5) / count, y + 0.08 * h, 0.9 * w / count / size, float(rng.uniform(-8, 8)), k)


def _claim(p: Panel, d: Design, at: tuple[float, float], radius: float) -> None:
    a = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    r = radius * np.where(np.arange(36) % 2, 1.0, 0.87)
    tone = (212, 162, 34) if d.phase < 4 else (196, 32, 36)
    p.polygon(np.stack([at[0] + r * np.cos(a), at[1] + r * np.sin(a)], axis=1), tone)
    half = 0.72 * radius
    ink = (60, 24, 12) if d.phase < 4 else _PAPER
    p.text(d.claim, (at[0] - half, at[1] - 0.32 * radius, at[0] + half, at[1] + 0.32 * radius), "narrow", ink)


@lru_cache(maxsize=_TABLES)
def _nutrition(seed: int) -> Pixels:
    """A table of nutrition facts, larger than packs show it."""
    rng = np.random.default_rng(seed)
    rows = ["Nutrition", *goods()["nutrition"]]
    p = Panel(300, 34 * len(rows), _INK)
    p.rectangle(3, 3, 297, p.height - 3, _PAPER)
    for k, row in enumerate(rows):
        y = 34 * k
        p.rectangle(0, y + 32, 300, y + 34, _INK)
        value = "100 g" if k == 0 else f"{rng.uniform(0.1, 60):.1f} g"
        p.text(row, (12, y + 6, 200, y + 27), "sans" if k == 0 else "narrow", _INK, align="left")
        p.text(value, (210, y + 6, 290, y + 27), "narrow", _INK)
    return p.finished()


@lru_cache(maxsize=32)
def _page(size: int) -> Pixels:
    """Coverage (H, 600) of a page of small print, `size` pixels a line, lines 5/4 of that apart."""
    rng, step, over = np.random.default_rng(0), size * 5 // 4, 2
    # Word by word, each drawn once: lettering a whole page takes seconds.
    words = [_word(f"{word}, ", size * over, step * over) for word in goods()["words"]]
    page: Pixels = np.zeros((_PAGE_LINES * step * over, 600 * over), dtype=np.uint8)
    for line in np.split(page, _PAGE_LINES):
        at = 0
        while at < line.shape[1]:
            word = words[int(rng.integers(len(words)))][:, : line.shape[1] - at]
            line[:, at : at + word.shape[1]] = word
            at += word.shape[1]
    return np.asarray(cv2.resize(page, (600, _PAGE_LINES * step), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _word(text: str, size: int, height: int) -> Pixels:
    """Coverage (height, W) of small print of a size in pixels, as wide as it runs."""
    image = Image.new("L", (max(1, round(_extent(text, "narrow")[0] * size)), height))
    ImageDraw.Draw(image).text((0, 0), text, font=_font("narrow", size), fill=255)
    return np.asarray(image, dtype=np.uint8)


def _ink_on(p: Panel, x: float, y: float, d: Design) -> Color:
    """What can be read at a place."""
    r, g, b = (int(v) for v in p.pixels[min(int(y), p.height - 1), min(int(x), p.width - 1)])
    return _BRIGHT_INK if luminance((r, g, b)) < 0.5 else mixed(d.logo_ground, (0, 0, 0), 0.6)


@lru_cache(maxsize=4096)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(name)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def _extent(text: str, font: str) -> tuple[float, float, float]:
    """Width, top and bottom of a line at a size of 1."""
    left, upper, right, lower = _font(font, 100).getbbox(text)
    return max(right, right - left) / 100, upper / 100, lower / 100
