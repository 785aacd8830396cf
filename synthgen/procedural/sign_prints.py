"""What is printed on promotion signs, headers and aisle signs of shops."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.procedural.print_canvas import Color, Sheet, pick, print_data
from synthgen.procedural.registry import image_generator


class _Scheme:
    """Colours of one sign, and what it says."""

    def __init__(self, rng: np.random.Generator, scheme: int, text: str, note: str, price: str) -> None:
        words = print_data()
        known = words["schemes"]
        colors = known[int(rng.integers(0, len(known)))] if scheme < 0 else known[scheme % len(known)]
        self.ground, self.second, self.on_ground, self.on_second = (tuple(c) for c in colors)
        drawn, claim = pick(rng, words["offers"]), pick(rng, words["claims"])
        self.text, self.note = text or drawn, note or claim
        self.name = f"{pick(rng, words['brands'])} {pick(rng, words['goods'])}"
        drawn_price = f"{int(rng.integers(0, 10)) + float(pick(rng, [0.29, 0.49, 0.79, 0.95, 0.99])):.2f}"
        self.price = price or drawn_price
        self.slogan = pick(rng, words["slogans"])
        self.symbol = pick(rng, words["currencies"])
        self.font = pick(rng, ["black", "narrow", "round", "black"])


def _lines(text: str) -> list[str]:
    """Words, short ones joined to the next, so that each line has weight."""
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) <= 2 or word == "%"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _stacked(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """The offer in large lines over a foot of the second colour."""
    w, h = s.width, s.height
    s.box((0, 0.8 * h, w, h), c.second)
    lines = _lines(c.text) if h > 0.6 * w else [c.text]
    each = 0.72 * h / len(lines)
    for k, line in enumerate(lines):
        s.text(
            line,
            (0.06 * w, 0.04 * h + (k + 0.06) * each, 0.94 * w, 0.04 * h + (k + 0.94) * each),
            c.on_ground,
            font=c.font,
        )
    s.text(c.note, (0.08 * w, 0.84 * h, 0.92 * w, 0.96 * h), c.on_second)


def _burst(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """A star with the offer, a line of text above and below, or beside."""
    w, h = s.width, s.height
    if w > 1.6 * h:
        x, y, r = 0.22 * w, 0.5 * h, 0.44 * h
        s.text(c.slogan, (0.42 * w, 0.2 * h, 0.95 * w, 0.55 * h), c.on_ground, font=c.font)
        s.text(c.note, (0.42 * w, 0.64 * h, 0.95 * w, 0.78 * h), c.on_ground)
    else:
        x, y, r = 0.5 * w, 0.46 * h, 0.42 * min(w, h)
        s.text(c.slogan, (0.08 * w, 0.02 * h, 0.92 * w, min(0.13 * h, y - r)), c.on_ground, font=c.font)
        s.text(c.note, (0.08 * w, max(0.88 * h, y + r), 0.92 * w, 0.97 * h), c.on_ground)
    s.starburst(x + 0.015 * r, y + 0.03 * r, r, tuple(v // 2 for v in c.ground))
    s.starburst(x, y, r, c.second, points=int(rng.integers(10, 22)), inner=float(rng.uniform(0.78, 0.9)))
    lines = _lines(c.text)
    each = 1.0 * r / len(lines)
    for k, line in enumerate(lines):
        top = y - 0.5 * r + k * each
        s.text(line, (x - 0.66 * r, top + 0.06 * each, x + 0.66 * r, top + 0.94 * each), c.on_second, font=c.font)


def _priced(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """A product's name and a giant price."""
    w, h = s.width, s.height
    s.box((0, 0, w, 0.22 * h), c.second)
    s.text(c.text, (0.06 * w, 0.04 * h, 0.94 * w, 0.18 * h), c.on_second, font=c.font)
    s.text(c.name, (0.06 * w, 0.26 * h, 0.94 * w, 0.38 * h), c.on_ground, font="sans")
    s.price(c.price, (0.08 * w, 0.42 * h, 0.92 * w, 0.86 * h), c.on_ground, align="m", currency=c.symbol)
    s.text(c.note, (0.1 * w, 0.9 * h, 0.9 * w, 0.96 * h), c.on_ground)


def _banded(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """A slanting band through the middle, the offer on it."""
    w, h = s.width, s.height
    rise = float(rng.uniform(-0.08, 0.08)) * w
    s.polygon([(0, 0.28 * h + rise), (w, 0.28 * h - rise), (w, 0.72 * h - rise), (0, 0.72 * h + rise)], c.second)
    inset = abs(rise) * 0.7
    s.text(c.text, (0.06 * w, 0.32 * h + inset, 0.94 * w, 0.68 * h - inset), c.on_second, font=c.font)
    s.text(c.slogan, (0.08 * w, 0.06 * h, 0.92 * w, 0.22 * h), c.on_ground, font=c.font)
    s.text(c.note, (0.1 * w, 0.82 * h, 0.9 * w, 0.92 * h), c.on_ground)


def _split(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """Two halves in two colours."""
    w, h = s.width, s.height
    if w > h:
        cut = float(rng.uniform(0.4, 0.6)) * w
        s.polygon([(cut + 0.06 * h, 0), (w, 0), (w, h), (cut - 0.06 * h, h)], c.second)
        left, right = (0.04 * w, 0.2 * h, cut - 0.08 * h, 0.8 * h), (cut + 0.1 * h, 0.15 * h, 0.96 * w, 0.6 * h)
        below = (cut + 0.1 * h, 0.68 * h, 0.96 * w, 0.86 * h)
    else:
        s.box((0, 0.5 * h, w, h), c.second)
        left, right = (0.06 * w, 0.07 * h, 0.94 * w, 0.43 * h), (0.06 * w, 0.55 * h, 0.94 * w, 0.8 * h)
        below = (0.1 * w, 0.85 * h, 0.9 * w, 0.94 * h)
    s.text(c.text, left, c.on_ground, font=c.font)
    s.price(c.price, right, c.on_second, align="m", currency=c.symbol)
    s.text(c.name, below, c.on_second)


def _repeated(s: Sheet, c: _Scheme, rng: np.random.Generator) -> None:
    """The offer again and again as a faint pattern, once in full."""
    w, h = s.width, s.height
    faint: Color = tuple(round(0.82 * a + 0.18 * b) for a, b in zip(c.ground, c.on_ground, strict=True))
    row = min(0.14 * h, 0.2 * w)
    for k in range(int(h / row) + 1):
        x = -0.3 * w * (k % 2)
        while x < w:
            x = s.text(c.text, (x, k * row + 0.1 * row, x + 3 * w, (k + 0.8) * row), faint, font="black", align="l")[2]
            x += 0.5 * row
    r = float(rng.uniform(0.0, 0.05)) * h
    s.box((0.06 * w, 0.3 * h, 0.94 * w, 0.7 * h), c.second, radius=r)
    s.text(c.text, (0.1 * w, 0.35 * h, 0.9 * w, 0.65 * h), c.on_second, font=c.font)


LAYOUTS: dict[str, Callable[[Sheet, _Scheme, np.random.Generator], None]] = {
    "stacked": _stacked,
    "burst": _burst,
    "priced": _priced,
    "banded": _banded,
    "split": _split,
    "repeated": _repeated,
}


@image_generator("retail.promotion_sign")
def promotion_picture(
    width: float = 0.5,
    height: float = 0.7,
    pixels_per_metre: float = 700.0,
    layout: str = "",
    scheme: int = -1,
    text: str = "",
    note: str = "",
    price: str = "",
    seed: int = 0,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB of a sign of width x height metres: SALE, -25 %, 2 FOR 1 and the like.

    What is not given is drawn: layout (one of LAYOUTS), scheme (its colours), text, note (small print) and price.
    Raises InputError for an unknown layout.
    """
    rng = np.random.default_rng([seed, 22])
    drawn = pick(rng, list(LAYOUTS))
    layout = layout or drawn
    if layout not in LAYOUTS:
        raise InputError.of(f"no promotion sign is laid out {layout!r}", hint=", ".join(LAYOUTS))
    colors = _Scheme(rng, scheme, text, note, price)
    sheet = Sheet(width, height, pixels_per_metre, colors.ground, over=2)
    LAYOUTS[layout](sheet, colors, rng)
    if rng.random() < 0.3:
        edge, w, h = 0.012 * min(width, height) * 2, width, height
        for box in ((0, 0, w, edge), (0, h - edge, w, h), (0, 0, edge, h), (w - edge, 0, w, h)):
            sheet.box(box, colors.second)
    return sheet.pixels_of(rng)


@image_generator("retail.aisle_sign")
def aisle_picture(
    width: float = 1.2,
    height: float = 0.6,
    pixels_per_metre: float = 500.0,
    number: int = 0,
    lines: Sequence[str] = (),
    scheme: int = -1,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB of a hanging sign: the aisle's number and what stands there; drawn where not given."""
    rng = np.random.default_rng([seed, 23])
    words = print_data()
    known = words["schemes"]
    drawn_scheme, drawn_number = int(rng.integers(0, len(known))), int(rng.integers(1, 29))
    ground, second, on_ground, on_second = (
        tuple(c) for c in known[scheme % len(known) if scheme >= 0 else drawn_scheme]
    )
    order = rng.permutation(len(words["departments"]))[: int(rng.integers(2, 5))]
    said = list(lines) or [words["departments"][int(k)] for k in order]
    number = number or drawn_number
    s = Sheet(width, height, pixels_per_metre, ground, over=2)
    w, h = width, height
    tile = min(0.3 * w, 0.9 * h)
    right, font = rng.random() < 0.25, pick(rng, ["sans", "narrow", "sans"])
    x0 = w - tile if right else 0.0
    if rng.random() < 0.4:
        s.disc(x0 + tile / 2, h / 2, 0.44 * tile, second)
    else:
        s.box((x0, 0, x0 + tile, h), second)
    s.text(
        str(number), (x0 + 0.2 * tile, h / 2 - 0.3 * tile, x0 + 0.8 * tile, h / 2 + 0.3 * tile), on_second, font=font
    )
    left = 0.05 * w if right else tile + 0.04 * w
    each = min(0.84 * h / len(said), 0.3 * h)
    top = (h - each * len(said)) / 2
    size = min(0.62 * each, *((w - tile - 0.09 * w) / (0.56 * len(line)) for line in said))
    for k, line in enumerate(said):
        middle = top + (k + 0.5) * each
        s.text(line, (left, middle - size / 2, left + w, middle + size / 2), on_ground, font=font, align="l", like="Hg")
    return s.pixels_of(rng, grain=1.0)
