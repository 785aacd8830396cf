"""Pictures of number plates: invented numbers in the proportions of plates in Europe and North America."""

from __future__ import annotations

import string

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from synthgen.errors import InputError
from synthgen.procedural.registry import image_generator
from synthgen.procedural.text import font_file

STYLES = ("eu", "eu_yellow", "us")
SIZES = {"eu": (0.520, 0.110), "eu_yellow": (0.520, 0.110), "us": (0.305, 0.152)}
"""Width and height in metres."""
_PIXELS_PER_METRE = 600
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PALES = ((236, 236, 230), (220, 228, 236), (238, 230, 206), (226, 236, 222))
_INKS = ((22, 26, 60), (30, 60, 40), (90, 24, 24), (24, 24, 26))


@image_generator("road.plate_picture")
def plate_picture(style: str = "eu", seed: int = 0) -> NDArray[np.uint8]:
    """(H, W, 3) a plate seen from ahead. style: eu (white), eu_yellow, us. The number is of no series in use: it
    begins with two letters of which one is Q, which plates leave out. Raises InputError for an unknown style.
    """
    if style not in STYLES:
        raise InputError.of(f"no number plate is {style!r}", hint=", ".join(STYLES))
    rng = np.random.default_rng([seed, STYLES.index(style)])
    width, height = (round(side * _PIXELS_PER_METRE) for side in SIZES[style])
    digits = "".join(rng.choice(list(string.digits), 4))
    first, second = rng.choice(list(_LETTERS), 2)
    if style == "us":
        pale, ink = _PALES[int(rng.integers(0, 4))], _INKS[int(rng.integers(0, 4))]
        picture = Image.new("RGB", (width, height), pale)
        draw = ImageDraw.Draw(picture)
        draw.rectangle(
            (0, 0, width, height * 0.22), fill=tuple(int(0.6 * p + 0.4 * i) for p, i in zip(pale, ink, strict=True))
        )
        _write(draw, f"Q{first}{second} {digits}", (width * 0.05, height * 0.28, width * 0.95, height * 0.88), ink)
    else:
        ground = (235, 235, 232) if style == "eu" else (232, 190, 40)
        picture = Image.new("RGB", (width, height), ground)
        draw = ImageDraw.Draw(picture)
        band = width * 0.082
        draw.rectangle((0, 0, band, height), fill=(18, 48, 130))
        _write(draw, "Q", (band * 0.2, height * 0.58, band * 0.8, height * 0.92), (230, 230, 230))
        _write(draw, f"{first}Q {digits}", (band * 1.35, height * 0.14, width * 0.975, height * 0.86), (18, 18, 20))
    edge = max(1, round(height * 0.03))
    draw.rectangle((0, 0, width - 1, height - 1), outline=(40, 40, 42), width=edge)
    return _dirtied(np.asarray(picture, dtype=np.float64), rng)


def _write(draw: ImageDraw.ImageDraw, text: str, box: tuple[float, float, float, float], ink: tuple[int, ...]) -> None:
    """Text as large as fits a box, in its middle."""
    x0, y0, x1, y1 = box
    size = int((y1 - y0) * 1.4)
    font = ImageFont.truetype(str(font_file("narrow")), size)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    scale = min((x1 - x0) / (right - left), (y1 - y0) / (bottom - top))
    font = ImageFont.truetype(str(font_file("narrow")), max(4, int(size * scale)))
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    draw.text(((x0 + x1 - left - right) / 2, (y0 + y1 - top - bottom) / 2), text, font=font, fill=ink)


def _dirtied(pixels: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """With road dirt, more of it below, and some specks."""
    h, w, _ = pixels.shape
    coarse = np.asarray(Image.fromarray(rng.random((6, 18))).resize((w, h), Image.Resampling.BICUBIC), dtype=np.float64)
    amount = float(rng.beta(1.5, 3.0)) * np.clip(coarse * np.linspace(0.4, 1.0, h)[:, None], 0.0, 1.0)
    shown = pixels * (1 - 0.6 * amount[..., None]) + np.array([96.0, 86.0, 70.0]) * 0.6 * amount[..., None]
    return np.clip(shown + rng.normal(0.0, 2.0, pixels.shape), 0, 255).astype(np.uint8)
