"""A sheet to print on: Pillow drawing in metres, larger than wanted and made smaller at the end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from synthgen.paths import data_dir
from synthgen.procedural.barcode import QUIET, ean13
from synthgen.procedural.text import font_file

Color = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres from the sheet's upper left corner."""


@cache
def print_data() -> dict[str, Any]:
    """configs/retail/prints.yaml, read once."""
    data: dict[str, Any] = yaml.safe_load((data_dir("configs") / "retail" / "prints.yaml").read_text("utf-8"))
    return data


def pick(rng: np.random.Generator, options: Sequence[Any]) -> Any:
    """One of them, each as likely."""
    return options[int(rng.integers(0, len(options)))]


@cache
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(font)), size=size)


class Sheet:
    """A rectangle of paper, board or film that is drawn on. over: how many times larger it is drawn."""

    def __init__(self, width: float, height: float, pixels_per_metre: float, ground: Color, *, over: int = 3) -> None:
        self.width, self.height = width, height
        self.pixels = (max(4, round(width * pixels_per_metre)), max(4, round(height * pixels_per_metre)))
        self.scale = self.pixels[0] * over / width
        self.image = Image.new("RGB", (self.pixels[0] * over, self.pixels[1] * over), ground)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, box: Box, color: Color, *, radius: float = 0.0) -> None:
        """A filled rectangle."""
        x0, y0, x1, y1 = (v * self.scale for v in box)
        self.draw.rounded_rectangle([x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)], radius * self.scale, fill=color)

    def polygon(self, points: Any, color: Color) -> None:
        """A filled polygon of points (N, 2)."""
        self.draw.polygon([(float(x) * self.scale, float(y) * self.scale) for x, y in points], fill=color)

    def disc(self, x: float, y: float, radius: float, color: Color) -> None:
        cx, cy, r = x * self.scale, y * self.scale, radius * self.scale
        self.draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=color)

    def line(self, points: Any, width: float, color: Color) -> None:
        at = [(float(x) * self.scale, float(y) * self.scale) for x, y in points]
        self.draw.line(at, fill=color, width=max(1, round(width * self.scale)), joint="curve")

    def text(self, text: str, box: Box, color: Color, *, font: str = "sans", align: str = "m", like: str = "") -> Box:
        """One line as large as the box lets it be; align l, m or r. Returns what it covers.

        like: text whose height fills the box instead, so that lines of one height have letters of one size.
        """
        x0, y0, x1, y1 = box
        wide, high = (x1 - x0) * self.scale, (y1 - y0) * self.scale
        left, _, right, _ = _face(font, 100).getbbox(text, anchor="ls")
        _, top, _, bottom = _face(font, 100).getbbox(like or text, anchor="ls")
        size = max(3, int(100 * min(wide / max(right - left, 1), high / max(bottom - top, 1))))
        face = _face(font, size)
        left, _, right, _ = face.getbbox(text, anchor="ls")
        _, top, _, bottom = face.getbbox(like or text, anchor="ls")
        at = {"l": x0 * self.scale, "m": (x0 + x1) / 2 * self.scale - (right - left) / 2, "r": x1 * self.scale - right}
        x = at[align] - left * (align == "m")
        y = (y0 + y1) / 2 * self.scale - (top + bottom) / 2
        self.draw.text((x, y), text, fill=color, font=face, anchor="ls")
        s = self.scale
        return (x + left) / s, (y + top) / s, (x + right) / s, (y + bottom) / s

    def price(
        self, price: str, box: Box, color: Color, *, font: str = "black", align: str = "r", currency: str = ""
    ) -> Box:
        """A price as shops set it: whole units large, hundredths small and raised; pound and dollar before it."""
        whole, _, cents = price.partition(".")
        if currency in ("£", "$"):
            whole, currency = currency + whole, ""
        if not cents:
            return self.text(currency + whole, box, color, font=font, align=align)
        x0, y0, x1, y1 = box
        units = _face(font, 100).getbbox(whole + ".", anchor="ls")
        small = _face(font, 55).getbbox(cents + currency, anchor="ls")
        aspect = (units[2] + small[2] * 1.06) / max(-units[1], 1)
        high = min(y1 - y0, (x1 - x0) / aspect)
        wide = aspect * high
        left = {"l": x0, "m": (x0 + x1 - wide) / 2, "r": x1 - wide}[align]
        top = (y0 + y1 - high) / 2
        part = wide * units[2] / (units[2] + small[2] * 1.06)
        self.text(whole + ".", (left, top, left + part, top + high), color, font=font, align="l")
        self.text(cents + currency, (left + part, top, left + wide, top + high * 0.56), color, font=font, align="l")
        return left, top, left + wide, top + high

    def barcode(self, code: str, box: Box, ink: Color, paper: Color) -> None:
        """An EAN-13 of twelve digits over the whole box, with quiet zones and digits below."""
        digits, bars = ean13(code)
        x0, y0, x1, y1 = box
        self.box(box, paper)
        module = (x1 - x0) / (len(bars) + sum(QUIET))
        start, foot = x0 + QUIET[0] * module, y1 - 0.2 * (y1 - y0)
        guard = {0, 2, 46, 48, 92, 94}
        for k in np.flatnonzero(bars):
            low = (foot + y1) / 2 if int(k) in guard else foot
            self.box((start + k * module, y0, start + (k + 1) * module, low), ink)
        self.text(digits, (start, foot + 0.01 * (y1 - y0), start + 95 * module, y1), ink, font="sans")

    def starburst(
        self, x: float, y: float, radius: float, color: Color, *, points: int = 16, inner: float = 0.84
    ) -> None:
        """A star with many short points."""
        angle = np.linspace(0.0, 2 * np.pi, 2 * points, endpoint=False)
        r = radius * np.where(np.arange(2 * points) % 2, inner, 1.0)
        self.polygon(np.stack([x + r * np.cos(angle), y + r * np.sin(angle)], axis=1), color)

    def pixels_of(self, rng: np.random.Generator, grain: float = 1.6) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 sRGB: what was drawn at its final size, with the grain of print."""
        small = self.image.resize(self.pixels, Image.Resampling.BOX)
        noisy = np.asarray(small, dtype=np.float32) + rng.normal(0.0, grain, (*self.pixels[::-1], 1)).astype(np.float32)
        pixels: NDArray[np.uint8] = np.clip(noisy + 0.5, 8, 232).astype(np.uint8)
        return pixels
