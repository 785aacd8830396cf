"""Pictures of traffic signs after the Vienna Convention on Road Signs and Signals (1968), drawn from shapes."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from synthgen.errors import InputError
from synthgen.procedural import pictograms as p
from synthgen.procedural.noise import fractal_noise
from synthgen.procedural.registry import image_generator
from synthgen.procedural.signs import plate_size
from synthgen.procedural.text import font_file

RED, BLUE, WHITE = (152, 26, 28), (26, 66, 130), (208, 208, 205)
YELLOW, BLACK, GREEN = (206, 164, 28), (24, 24, 25), (22, 84, 56)
OVER = 2
"""Pictures are drawn this many times larger."""


class Brush:
    """Draws in plate coordinates: x -1..1 to the right, y -1..1 upwards over the plate's bounding rectangle."""

    def __init__(self, width: int, height: int, ground: tuple[int, int, int]) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", self.size, ground)
        self.draw = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x + 1) / 2 * self.size[0], (1 - y) / 2 * self.size[1]

    def fill(
        self, points: p.Outline, color: tuple[int, int, int], scale: float = 1.0, dx: float = 0.0, dy: float = 0.0
    ) -> None:
        """A polygon in units of half the plate's smaller side, moved by (dx, dy) plate units."""
        half = min(self.size) / 2 * scale
        x0, y0 = self.at(dx, dy)
        self.draw.polygon([(x0 + x * half, y0 - y * half) for x, y in points], fill=color)

    def disc(self, x: float, y: float, radius: float, color: tuple[int, int, int]) -> None:
        cx, cy = self.at(x, y)
        r = radius * min(self.size) / 2
        self.draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=color)

    def pictogram(
        self, parts: p.Pictogram, color: tuple[int, int, int], scale: float = 1.0, dx: float = 0.0, dy: float = 0.0
    ) -> None:
        half = min(self.size) / 2 * scale
        x0, y0 = self.at(dx, dy)
        for kind, data in parts:
            points = [(x0 + x * half, y0 - y * half) for x, y in data[0]]
            if kind == "polygon":
                self.draw.polygon(points, fill=color)
            elif kind == "stroke":
                width = data[1] * half
                self.draw.line(points, fill=color, width=max(1, round(width)), joint="curve")
                for x, y in points:
                    self.draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=color)
            else:  # ring or disc
                (x, y), r = points[0], data[1] * half
                if kind == "disc":
                    self.draw.ellipse([x - r, y - r, x + r, y + r], fill=color)
                else:
                    self.draw.ellipse([x - r, y - r, x + r, y + r], outline=color, width=max(1, round(0.05 * half)))

    def text(
        self,
        text: str,
        color: tuple[int, int, int],
        height: float,
        *,
        x: float = 0.0,
        y: float = 0.0,
        font: str = "black",
    ) -> None:
        """Centred text whose capitals are `height` plate units high."""
        wanted = height / 2 * self.size[1]
        face = ImageFont.truetype(str(font_file(font)), size=max(4, round(wanted / 0.72)))
        self.draw.text(self.at(x, y), text, fill=color, font=face, anchor="mm")


Painter = Callable[[Brush], None]


def _ring(symbol: Painter | None = None, ground: tuple[int, int, int] = WHITE) -> Painter:
    """Prohibition: a red ring on white (or blue)."""

    def paint(b: Brush) -> None:
        b.disc(0, 0, 1.0, RED)
        b.disc(0, 0, 0.8, ground)
        if symbol:
            symbol(b)

    return paint


def _blue(symbol: Painter) -> Painter:
    """A blue sign, round or square, with a thin white line at its edge."""

    def paint(b: Brush) -> None:
        b.fill(p.box(-9, 9, -9, 9), BLUE)
        symbol(b)

    return paint


def _danger(symbol: Painter, down: bool = False, ground: tuple[int, int, int] = WHITE) -> Painter:
    """A triangle with a red border."""

    def paint(b: Brush) -> None:
        b.fill(p.box(-3, 3, -3, 3), RED)
        inset = 0.23
        sign = -1 if down else 1
        # Parallel to the sides: shrink about the centroid, a third up from the base.
        centroid = -sign / 3
        corners = [(-1, -sign), (1, -sign), (0, sign)]
        b.draw.polygon(
            [b.at(x * (1 - inset * 1.35), centroid + (y - centroid) * (1 - inset * 1.35)) for x, y in corners],
            fill=ground,
        )
        symbol(b)

    return paint


def _speed(number: int) -> Painter:
    return _ring(lambda b: b.text(str(number), BLACK, 0.78, y=0.0))


def _bars(b: Brush, angles: tuple[float, ...], width: float = 0.13) -> None:
    for angle in angles:
        c, s = np.cos(np.radians(angle)) * 0.86, np.sin(np.radians(angle)) * 0.86
        b.pictogram([("stroke", ([(-c, -s), (c, s)], width))], RED)


def _no_parking(b: Brush) -> None:
    _ring(ground=BLUE)(b)
    _bars(b, (-45,))


def _no_stopping(b: Brush) -> None:
    _ring(ground=BLUE)(b)
    _bars(b, (-45, 45))


def _no_entry(b: Brush) -> None:
    b.disc(0, 0, 1.0, WHITE)
    b.disc(0, 0, 0.96, RED)
    b.fill(p.box(-0.68, 0.68, -0.17, 0.17), WHITE)


def _no_overtaking(b: Brush) -> None:
    b.pictogram(p.CAR_REAR, RED, 0.42, dx=-0.3, dy=-0.04)
    b.pictogram(p.CAR_REAR, BLACK, 0.42, dx=0.3, dy=-0.04)


def _stop(b: Brush) -> None:
    b.fill(p.box(-2, 2, -2, 2), WHITE)
    outline = [(np.cos(np.radians(a)), np.sin(np.radians(a))) for a in np.arange(22.5, 360, 45)]
    b.fill([(x * 1.035, y * 1.035) for x, y in outline], RED)
    b.text("STOP", WHITE, 0.62, font="narrow")


def _priority(b: Brush) -> None:
    b.fill(p.box(-2, 2, -2, 2), WHITE)
    b.fill([(-0.9, 0), (0, -0.9), (0.9, 0), (0, 0.9)], BLACK)
    b.fill([(-0.87, 0), (0, -0.87), (0.87, 0), (0, 0.87)], WHITE)
    b.fill([(-0.66, 0), (0, -0.66), (0.66, 0), (0, 0.66)], YELLOW)


def _crossing(b: Brush) -> None:
    b.fill([(-0.78, -0.68), (0.78, -0.68), (0, 0.78)], WHITE)
    b.pictogram(p.WALKER, BLACK, 0.62, dy=-0.12)
    for k in range(5):
        x = -0.52 + 0.22 * k
        b.fill([(x, -0.66), (x + 0.12, -0.66), (x + 0.17, -0.54), (x + 0.05, -0.54)], BLACK)


def _one_way(b: Brush) -> None:
    b.fill([(-1.25, -0.16), (0.5, -0.16), (0.5, -0.42), (1.3, 0), (0.5, 0.42), (0.5, 0.16), (-1.25, 0.16)], WHITE)


def _bus_stop(b: Brush) -> None:
    b.fill(p.box(-2, 2, -2, 2), YELLOW)
    b.disc(0, 0, 0.82, GREEN)
    b.disc(0, 0, 0.7, YELLOW)
    b.text("H", GREEN, 0.72)


def _construction(b: Brush) -> None:
    b.pictogram(p.WORKER, BLACK, 0.62, dy=-0.3)


def _children(b: Brush) -> None:
    b.pictogram(p.WALKER, BLACK, 0.52, dx=-0.14, dy=-0.28)
    b.pictogram(p.WALKER, BLACK, 0.42, dx=0.2, dy=-0.36)


def _signals(b: Brush) -> None:
    for y, color in ((0.14, RED), (-0.26, YELLOW), (-0.66, GREEN)):
        b.disc(0, y, 0.15, color)


def _dead_end(b: Brush) -> None:
    b.fill(p.box(-0.16, 0.16, -0.75, 0.3), WHITE)
    b.fill(p.box(-0.55, 0.55, 0.3, 0.62), RED)


def _end_of_speed(b: Brush) -> None:
    b.disc(0, 0, 1.0, BLACK)
    b.disc(0, 0, 0.96, WHITE)
    for shift in (-0.12, 0.0, 0.12):
        b.pictogram([("stroke", ([(-0.6 + shift, -0.6 - shift), (0.6 + shift, 0.6 - shift)], 0.05))], BLACK)


def _direction(b: Brush) -> None:
    b.text("Zentrum", WHITE, 0.62, x=-0.12, font="sans")
    b.fill([(0.0, 0.3), (0.24, 0.0), (0.0, -0.3)], WHITE, dx=0.8)


def _zone(b: Brush) -> None:
    b.fill(p.box(-2, 2, -2, 2), WHITE)
    b.disc(0, 0.12, 0.68, RED)
    b.disc(0, 0.12, 0.54, WHITE)
    b.text("30", BLACK, 0.5, y=0.12)
    b.text("ZONE", BLACK, 0.24, y=-0.8)


_ARROW = [(-0.14, -0.7), (0.14, -0.7), (0.14, 0.1), (0.42, 0.1), (0.0, 0.72), (-0.42, 0.1), (-0.14, 0.1)]
_ARROW_RIGHT = [(y, -x) for x, y in _ARROW]

SIGNS: dict[str, tuple[str, float, Painter]] = {
    "speed_20": ("circle", 1.0, _speed(20)),
    "speed_30": ("circle", 1.0, _speed(30)),
    "speed_50": ("circle", 1.0, _speed(50)),
    "speed_70": ("circle", 1.0, _speed(70)),
    "end_of_speed": ("circle", 1.0, _end_of_speed),
    "no_parking": ("circle", 1.0, _no_parking),
    "no_stopping": ("circle", 1.0, _no_stopping),
    "no_entry": ("circle", 1.0, _no_entry),
    "no_vehicles": ("circle", 1.0, _ring()),
    "no_overtaking": ("circle", 1.0, _ring(_no_overtaking)),
    "no_trucks": ("circle", 1.0, _ring(lambda b: b.pictogram(p.TRUCK, BLACK, 0.6))),
    "no_bicycles": ("circle", 1.0, _ring(lambda b: b.pictogram(p.BICYCLE, BLACK, 0.62))),
    "give_way": ("triangle_down", 1.0, _danger(lambda b: None, down=True)),
    "stop": ("octagon", 1.0, _stop),
    "priority_road": ("diamond", 1.0, _priority),
    "works": ("triangle", 1.0, _danger(_construction)),
    "pedestrians_ahead": ("triangle", 1.0, _danger(lambda b: b.pictogram(p.WALKER, BLACK, 0.62, dy=-0.28))),
    "children": ("triangle", 1.0, _danger(_children)),
    "signals_ahead": ("triangle", 1.0, _danger(_signals)),
    "bump": ("triangle", 1.0, _danger(lambda b: b.pictogram(p.BUMP, BLACK, 0.7, dy=-0.4))),
    "bicycle_path": ("circle", 1.0, _blue(lambda b: b.pictogram(p.BICYCLE, WHITE, 0.82))),
    "footpath": ("circle", 1.0, _blue(lambda b: b.pictogram(p.WALKER, WHITE, 0.85))),
    "turn_right": ("circle", 1.0, _blue(lambda b: b.fill(_ARROW_RIGHT, WHITE))),
    "straight_on": ("circle", 1.0, _blue(lambda b: b.fill(_ARROW, WHITE))),
    "parking": ("square", 1.0, _blue(lambda b: b.text("P", WHITE, 1.3))),
    "pedestrian_crossing": ("square", 1.0, _blue(_crossing)),
    "dead_end": ("square", 1.0, _blue(_dead_end)),
    "bus_stop": ("circle", 1.0, _bus_stop),
    "zone_30": ("square", 1.0, _zone),
    "one_way": ("rect", 3.0, _blue(_one_way)),
    "direction": ("rect", 3.2, _blue(_direction)),
}  # fmt: skip
"""Kind: (shape of its plate, aspect of a rect, painter)."""


def sign_shape(kind: str) -> tuple[str, float]:
    """(shape, aspect) of the plate that carries a sign. Raises InputError for an unknown kind."""
    if kind not in SIGNS:
        raise InputError.of(f"no sign is called {kind!r}", hint=", ".join(SIGNS))
    return SIGNS[kind][0], SIGNS[kind][1]


@image_generator("street.sign_picture")
def sign_picture(kind: str = "speed_30", size: int = 512, wear: float = 0.3, seed: int = 0) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB: a sign's face over its plate's bounding rectangle, W = `size`.

    wear in 0..1: sun-bleached colours, dirt that has run down, scratches. Raises InputError for an unknown kind.
    """
    shape, aspect = sign_shape(kind)
    width, height = plate_size(shape, 1.0, aspect)
    pixels = (size * OVER, max(8, round(size * OVER * height / width)))
    brush = Brush(*pixels, WHITE)
    SIGNS[kind][2](brush)
    _thin_border(brush, kind)
    small = brush.image.resize((size, round(pixels[1] / OVER)), Image.Resampling.BOX)
    return _weathered(np.asarray(small, dtype=np.float32), np.random.default_rng(seed), wear)


def _thin_border(b: Brush, kind: str) -> None:
    """The white line that runs just inside the edge of blue and red signs."""
    shape, _, _ = SIGNS[kind]
    w, h = b.size
    line = max(2, round(min(w, h) * 0.016))
    inset = round(min(w, h) * 0.022)
    if shape == "circle":
        b.draw.ellipse([inset, inset, w - inset, h - inset], outline=WHITE, width=line)
    elif shape in ("square", "rect"):
        b.draw.rounded_rectangle(
            [inset, inset, w - inset, h - inset], radius=round(min(w, h) * 0.06), outline=WHITE, width=line
        )


def _weathered(image: NDArray[np.float32], rng: np.random.Generator, wear: float) -> NDArray[np.uint8]:
    shape = (image.shape[0], image.shape[1])
    unit = shape[1] / 512
    cloud = fractal_noise(rng, shape, (160 * unit, 160 * unit), 4)[..., None]
    streak = fractal_noise(rng, shape, (400 * unit, 22 * unit), 3)[..., None]
    down = np.linspace(1.0, 0.35, shape[0], dtype=np.float32)[:, None, None]
    gray = image.mean(axis=2, keepdims=True)
    faded = image + (gray * 0.55 + 75 - image) * (wear * 0.45 * cloud)
    dirt = np.clip((streak - 0.52) * 4, 0, 1) * down * wear * 0.5 + np.clip(cloud - 0.6, 0, 1) * wear
    dirty = faded + (np.array([70, 64, 55], dtype=np.float32) - faded) * np.clip(dirt, 0, 0.7)
    scratch = np.zeros(shape, dtype=np.uint8)
    for _ in range(rng.poisson(10 * wear)):
        a = rng.uniform(0, 1, 2) * (shape[1], shape[0])
        e = a + rng.normal(0, 0.08 * shape[1], 2)
        cv2.line(scratch, (int(a[0]), int(a[1])), (int(e[0]), int(e[1])), (int(rng.uniform(40, 150)),), 1, cv2.LINE_AA)
    dirty += (175 - dirty) * (scratch[..., None] / np.float32(255))
    pixels: NDArray[np.uint8] = np.clip(dirty + 0.5, 0, 255).astype(np.uint8)
    return pixels
