"""What is printed on price tags: name, price, unit price and bar code, in the layouts that shops use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.procedural.barcode import drawn_code
from synthgen.procedural.print_canvas import Color, Sheet, pick, print_data
from synthgen.procedural.registry import image_generator

STYLES = ("plain", "promo", "electronic")


@image_generator("retail.price_tag")
def price_tag_picture(
    width: float = 0.068,
    height: float = 0.036,
    pixels_per_metre: float = 2000.0,
    style: str = "plain",
    name: str = "",
    price: str = "",
    unit: str = "",
    code: str = "",
    layout: int = -1,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB of a tag of width x height metres.

    style: plain (paper), promo (in colour, with the old price) or electronic (black, white and red). What is not given
    is drawn: name, price ("3.95"), unit ("1 kg = 7.90"), code (12 digits of an EAN-13), layout (0 to 3). Raises
    InputError for another style.
    """
    if style not in STYLES:
        raise InputError.of(f"no price tag is {style!r}", hint=", ".join(STYLES))
    rng = np.random.default_rng([seed, 21])
    words = print_data()
    first, second, size = pick(rng, words["brands"]), pick(rng, words["goods"]), pick(rng, words["sizes"])
    drawn_price = f"{int(rng.integers(0, 12)) + float(pick(rng, [0.29, 0.49, 0.79, 0.89, 0.95, 0.99])):.2f}"
    drawn = drawn_code(rng)
    chosen = int(rng.integers(0, 4)) if layout < 0 else layout
    symbol = pick(rng, words["currencies"])
    name = name or f"{first} {second}"
    price = price or drawn_price
    unit = unit or f"1 {size['unit']} = {float(price) / size['per']:.2f}"
    ink, paper = tuple(pick(rng, words["ink"])), tuple(pick(rng, words["paper"]))
    font = pick(rng, ["sans", "narrow", "sans"])
    text = _Words(name, price, unit, code or drawn, symbol, str(size["text"]), font)
    if style == "electronic":
        return _electronic(width, height, pixels_per_metre, text, chosen, rng)
    if style == "promo":
        return _promo(width, height, pixels_per_metre, text, chosen, rng)
    sheet = Sheet(width, height, pixels_per_metre, paper)
    _PLAIN[chosen % len(_PLAIN)](sheet, text, ink, paper)
    return sheet.pixels_of(rng)


class _Words:
    """What a tag says."""

    def __init__(self, name: str, price: str, unit: str, code: str, symbol: str, size: str, font: str) -> None:
        self.name, self.price, self.unit, self.code = name, price, unit, code
        self.symbol, self.size, self.font = symbol, size, font


def _price_right(s: Sheet, t: _Words, ink: Color, paper: Color) -> None:
    w, h = s.width, s.height
    s.text(t.name, (0.03 * w, 0.05 * h, 0.97 * w, 0.25 * h), ink, font=t.font, align="l")
    s.text(t.size, (0.03 * w, 0.3 * h, 0.4 * w, 0.42 * h), ink, align="l")
    s.price(t.price, (0.44 * w, 0.32 * h, 0.97 * w, 0.94 * h), ink, currency=t.symbol)
    s.barcode(t.code, (0.02 * w, 0.48 * h, 0.42 * w, 0.82 * h), ink, paper)
    s.text(t.unit, (0.03 * w, 0.85 * h, 0.42 * w, 0.96 * h), ink, align="l")


def _price_left(s: Sheet, t: _Words, ink: Color, paper: Color) -> None:
    w, h = s.width, s.height
    s.price(t.price, (0.03 * w, 0.06 * h, 0.52 * w, 0.68 * h), ink, font="narrow", align="l", currency=t.symbol)
    s.text(t.unit, (0.03 * w, 0.78 * h, 0.5 * w, 0.92 * h), ink, align="l")
    s.line([(0.55 * w, 0.06 * h), (0.55 * w, 0.94 * h)], 0.0003, ink)
    for k, line in enumerate((*_halves(t.name), t.size)):
        s.text(line, (0.58 * w, (0.06 + 0.16 * k) * h, 0.97 * w, (0.19 + 0.16 * k) * h), ink, font=t.font, align="l")
    s.barcode(t.code, (0.57 * w, 0.58 * h, 0.97 * w, 0.95 * h), ink, paper)


def _banded(s: Sheet, t: _Words, ink: Color, paper: Color) -> None:
    w, h = s.width, s.height
    s.box((0, 0, w, 0.27 * h), (176, 176, 172))
    s.text(t.name, (0.03 * w, 0.04 * h, 0.97 * w, 0.23 * h), ink, font=t.font, align="m")
    s.price(t.price, (0.3 * w, 0.33 * h, 0.97 * w, 0.82 * h), ink, font="black", currency=t.symbol)
    s.text(f"{t.size}   {t.unit}", (0.3 * w, 0.85 * h, 0.97 * w, 0.96 * h), ink, align="r")
    s.barcode(t.code, (0.02 * w, 0.36 * h, 0.28 * w, 0.92 * h), ink, paper)


def _wide(s: Sheet, t: _Words, ink: Color, paper: Color) -> None:
    w, h = s.width, s.height
    for k, line in enumerate(_halves(t.name)):
        s.text(line, (0.04 * w, (0.06 + 0.2 * k) * h, 0.5 * w, (0.22 + 0.2 * k) * h), ink, font=t.font, align="l")
    s.text(t.unit, (0.04 * w, 0.48 * h, 0.42 * w, 0.59 * h), ink, align="l")
    s.price(t.price, (0.5 * w, 0.08 * h, 0.96 * w, 0.66 * h), ink, font="sans", currency=t.symbol)
    s.barcode(t.code, (0.02 * w, 0.68 * h, 0.62 * w, 0.97 * h), ink, paper)
    s.text(t.size, (0.66 * w, 0.76 * h, 0.96 * w, 0.92 * h), ink, align="r")


_PLAIN = (_price_right, _price_left, _banded, _wide)


def _halves(name: str) -> tuple[str, str]:
    """A name in two lines, broken where they are most alike."""
    words = name.split()
    if len(words) < 2:
        return name, " "
    cut = min(range(1, len(words)), key=lambda k: max(len(" ".join(words[:k])), len(" ".join(words[k:]))))
    return " ".join(words[:cut]), " ".join(words[cut:])


def _promo(
    width: float, height: float, ppm: float, t: _Words, layout: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    ground, second, on_ground, on_second = (tuple(c) for c in pick(rng, print_data()["schemes"]))
    offer = pick(rng, [o for o in print_data()["offers"] if len(o) < 9])
    s = Sheet(width, height, ppm, ground)
    w, h = width, height
    before = f"{float(t.price) * float(rng.uniform(1.15, 1.6)):.2f}"
    if layout % 2 == 0:
        s.box((0, 0, w, 0.3 * h), second)
        s.text(offer, (0.03 * w, 0.05 * h, 0.6 * w, 0.26 * h), on_second, font="black", align="l")
        s.text(t.size, (0.7 * w, 0.08 * h, 0.97 * w, 0.23 * h), on_second, align="r")
        s.price(t.price, (0.4 * w, 0.36 * h, 0.97 * w, 0.95 * h), on_ground, currency=t.symbol)
        s.text(t.name, (0.03 * w, 0.36 * h, 0.4 * w, 0.5 * h), on_ground, font=t.font, align="l")
        x0, y0, x1, y1 = s.text(before, (0.03 * w, 0.55 * h, 0.3 * w, 0.74 * h), on_ground, align="l")
        s.line([(x0, y1), (x1, y0)], 0.025 * h, on_ground)
        s.text(t.unit, (0.03 * w, 0.83 * h, 0.38 * w, 0.95 * h), on_ground, align="l")
    else:
        s.box((0.42 * w, 0, w, h), second)
        s.text(offer, (0.03 * w, 0.2 * h, 0.39 * w, 0.6 * h), on_ground, font="black")
        s.text(pick(rng, print_data()["claims"]), (0.03 * w, 0.72 * h, 0.39 * w, 0.84 * h), on_ground)
        s.text(t.name, (0.45 * w, 0.06 * h, 0.97 * w, 0.22 * h), on_second, font=t.font, align="l")
        s.price(t.price, (0.45 * w, 0.28 * h, 0.97 * w, 0.8 * h), on_second, currency=t.symbol)
        s.text(t.unit, (0.45 * w, 0.85 * h, 0.97 * w, 0.95 * h), on_second, align="r")
    return s.pixels_of(rng)


def _electronic(
    width: float, height: float, ppm: float, t: _Words, layout: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Electronic paper: grey white, grey black, and a muted red where there is an offer."""
    white, black, red = (184, 186, 180), (42, 43, 46), (150, 34, 36)
    s = Sheet(width, height, ppm, white)
    w, h = width, height
    offer = layout >= 2
    if offer:
        s.box((0, 0, w, 0.24 * h), red)
    s.text(t.name, (0.04 * w, 0.04 * h, 0.96 * w, 0.2 * h), white if offer else black, font=t.font, align="l")
    s.price(t.price, (0.4 * w, 0.3 * h, 0.96 * w, 0.9 * h), red if offer else black, font="sans", currency=t.symbol)
    s.text(t.size, (0.04 * w, 0.3 * h, 0.36 * w, 0.42 * h), black, align="l")
    s.text(t.unit, (0.04 * w, 0.46 * h, 0.36 * w, 0.57 * h), black, align="l")
    s.barcode(t.code, (0.01 * w, 0.64 * h, 0.38 * w, 0.95 * h), black, white)
    return s.pixels_of(rng, grain=0.8)
