"""Invented packaging: printed pictures made of noise, shapes and bars, the same pixels for the same seed."""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.uint8]

FRONT = 0.75
"""Share of a package's print, from the left, that is its front; the rest is a side."""


def package(seed: int, size: int = 512) -> Pixels:
    """(size, size, 3) the print of a carton: a front with a badge, lines of writing and specks, and a side."""
    rng = np.random.default_rng((seed, 1))
    hue = rng.uniform()
    ground, accent, ink = _color(hue, 0.75, 0.8), _color(hue + rng.uniform(0.3, 0.6), 0.85, 0.95), _color(hue, 0.5, 0.2)
    picture = Image.fromarray(_cloudy(rng, size, ground))
    draw = ImageDraw.Draw(picture)
    right = int(FRONT * size)
    for _ in range(int(rng.integers(6, 12))):
        x, y, r = rng.uniform(0, right), rng.uniform(0.3 * size, size), rng.uniform(0.03, 0.16) * size
        tone = _color(hue + rng.uniform(-0.15, 0.6), rng.uniform(0.5, 0.95), rng.uniform(0.6, 1.0))
        draw.ellipse((x - r, y - r, min(x + r, right - 1), y + r), fill=tone)
    top, low = 0.06 * size, 0.27 * size
    draw.rounded_rectangle((0.05 * right, top, 0.95 * right, low), 0.04 * size, fill=accent, outline=ink, width=4)
    _words(draw, rng, (0.1 * right, top + 0.05 * size, 0.9 * right, low - 0.05 * size), 0.1 * size, ink)
    _words(draw, rng, (0.08 * right, 0.3 * size, 0.7 * right, 0.42 * size), 0.024 * size, (250, 250, 245))
    draw.rectangle((right, 0, size, size), fill=_color(hue, 0.6, 0.62))
    margin = 0.03 * size
    _words(draw, rng, (right + margin, margin, size - margin, 0.6 * size), 0.012 * size, (245, 245, 240))
    _barcode(draw, rng, (int(right + margin), int(0.75 * size), int(size - margin), int(0.92 * size)))
    return np.asarray(picture, dtype=np.uint8)


def price_tag(seed: int, size: int = 96) -> Pixels:
    """(size / 2, size, 3) a white card with a price, a line of small print and a barcode."""
    rng = np.random.default_rng((seed, 2))
    picture = Image.new("RGB", (size, size // 2), (248, 246, 235))
    draw = ImageDraw.Draw(picture)
    red = (190, 20, 25) if rng.uniform() < 0.3 else (20, 20, 20)
    _words(draw, rng, (0.5 * size, 0.08 * size, 0.95 * size, 0.3 * size), 0.2 * size, red)
    _words(draw, rng, (0.05 * size, 0.06 * size, 0.45 * size, 0.2 * size), 0.04 * size, (40, 40, 40))
    _barcode(draw, rng, (int(0.05 * size), int(0.27 * size), int(0.45 * size), int(0.45 * size)))
    return np.asarray(picture, dtype=np.uint8)


def _color(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def _cloudy(rng: np.random.Generator, size: int, color: tuple[int, int, int]) -> Pixels:
    """A printed ground: broad clouds of tone with a fine screen over them."""
    broad = Image.fromarray(rng.integers(0, 256, (12, 12), dtype=np.uint8)).resize(
        (size, size), Image.Resampling.BICUBIC
    )
    clouds = np.asarray(broad.filter(ImageFilter.GaussianBlur(size / 40)), dtype=np.float64) / 255.0
    screen = rng.normal(0.0, 0.02, (size, size))
    tone = 0.75 + 0.4 * clouds + screen
    return np.clip(tone[..., None] * np.array(color, dtype=np.float64), 0, 255).astype(np.uint8)


def _words(
    draw: ImageDraw.ImageDraw,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    height: float,
    ink: tuple[int, int, int],
) -> None:
    """Lines of what reads as writing from afar: upright strokes in groups."""
    left, y, right, bottom = box
    while y + height <= bottom + 1:
        x = left
        while x < right:
            for _ in range(int(rng.integers(2, 8))):
                wide = height * rng.uniform(0.25, 0.55)
                if x + wide > right:
                    break
                cut = height * rng.uniform(0.0, 0.35)
                draw.rectangle((x, y + cut, x + 0.6 * wide, y + height), fill=ink)
                if rng.uniform() < 0.5:
                    middle = y + 0.5 * height
                    draw.rectangle((x, middle, x + wide, middle + 0.2 * height), fill=ink)
                x += 1.25 * wide
            x += 0.6 * height
        y += 1.7 * height


def _barcode(draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=(255, 255, 255))
    x = left + 2
    while x < right - 3:
        wide = int(rng.integers(1, 4))
        draw.rectangle((x, top + 2, x + wide - 1, bottom - 2), fill=(10, 10, 10))
        x += wide + int(rng.integers(1, 4))
