"""Pictures on packs: fruit, cups, biscuits and the like, shaded as if they were round, without a photograph.

A motif paints on a square canvas: x runs to the right, y upwards, both -1..1; light comes from the upper left.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Picture = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Motif = Callable[["Canvas", np.random.Generator, float], None]

MOTIFS: dict[str, Motif] = {}
_LIGHT = np.array([-0.45, 0.55, 0.7], dtype=np.float32)
_MASTER = 224
"""Pixels of the square that a motif is painted in before it is brought to the size that is wanted."""

_HUES, _SEEDS = 36, 2
"""How many hues and variants of a motif there are: few enough to be painted once for many packs."""


def motif(name: str) -> Callable[[Motif], Motif]:
    """Registers a motif."""

    def register(paint: Motif) -> Motif:
        MOTIFS[name] = paint
        return paint

    return register


def picture(name: str, size: int, hue: float, seed: int) -> Pixels:
    """A motif in a square of `size` pixels: (size, size, 4) uint8, premultiplied sRGB and coverage."""
    master = _painted(name, round(hue * _HUES) % _HUES, seed % _SEEDS)
    way = cv2.INTER_AREA if size < _MASTER else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(master, (size, size), interpolation=way), dtype=np.uint8)


@lru_cache(maxsize=512)
def _painted(name: str, hue: int, seed: int) -> Pixels:
    canvas = Canvas(_MASTER)
    MOTIFS[name](canvas, np.random.default_rng(seed), hue / _HUES)
    canvas.pixels[..., :3] *= canvas.pixels[..., 3:]
    return (canvas.pixels * 255 + 0.5).clip(0, 255).astype(np.uint8)


def color(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    """sRGB 0..1."""
    return colorsys.hsv_to_rgb(hue % 1.0, min(1.0, saturation), min(1.0, value))


class Canvas:
    """A square that is painted on from back to front."""

    def __init__(self, size: int) -> None:
        at = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
        self.size = size
        self.x, self.y = np.meshgrid(at, -at)
        self.pixels = np.zeros((size, size, 4), dtype=np.float32)

    def put(
        self, rgb: Picture | tuple[float, float, float], cover: Plane, at: tuple[slice, slice] = (slice(None),) * 2
    ) -> None:
        """Paints a colour, or a picture of colours, where `cover` is, within a window."""
        under = self.pixels[at]
        under[..., :3] += cover[..., None] * (np.asarray(rgb, dtype=np.float32) - under[..., :3])
        under[..., 3] = np.maximum(under[..., 3], cover)

    def ball(
        self,
        center: tuple[float, float],
        radii: tuple[float, float],
        rgb: tuple[float, float, float],
        *,
        gloss: float = 0.5,
        turn: float = 0.0,
        lobes: float = 0.0,
    ) -> None:
        """An ellipsoid that the light falls on. turn: degrees. lobes: how much it is grooved, as a pumpkin is."""
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        at = self._window(center, 1.1 * max(radii))
        dx, dy = self.x[at] - center[0], self.y[at] - center[1]
        u, v = (c * dx + s * dy) / radii[0], (c * dy - s * dx) / radii[1]
        if lobes:
            u = u * (1 + lobes * np.cos(5 * np.arctan2(v, u)))
        r2 = u * u + v * v
        width = 4.0 / max(min(radii) * self.size, 1.0)
        cover = np.clip((1 - r2) / width + 0.5, 0, 1)
        z = np.sqrt(np.clip(1 - r2, 0, 1))
        light = np.clip(_LIGHT[0] * (c * u - s * v) + _LIGHT[1] * (s * u + c * v) + _LIGHT[2] * z, 0, 1)
        shine = gloss * np.clip(light - 0.86, 0, 1) / 0.28
        base = np.asarray(rgb, dtype=np.float32) * (0.42 + 0.75 * light)[..., None]
        self.put(np.clip(base + shine[..., None], 0, 1), cover, at)

    def shape(
        self, points: NDArray[np.float64] | list[tuple[float, float]], rgb: tuple[float, float, float], *,
        relief: float = 0.25,
    ) -> None:  # fmt: skip
        """A filled outline, lighter towards the light as if its rim were rounded."""
        p = np.asarray(points, dtype=np.float64)
        low, high = p.min(axis=0), p.max(axis=0)
        middle = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
        at = self._window(middle, float((high - low).max()) / 2 + 0.15)
        pixels = np.stack([(p[:, 0] + 1) / 2, (1 - p[:, 1]) / 2], axis=1) * self.size
        pixels -= (at[1].start, at[0].start)
        mask = np.zeros(self.x[at].shape, dtype=np.uint8)
        cv2.fillPoly(mask, [np.round(pixels * 16).astype(np.int32)], (255,), lineType=cv2.LINE_AA, shift=4)
        cover = mask.astype(np.float32) / 255
        soft = cv2.GaussianBlur(cover, (0, 0), max(1.0, self.size / 22))
        gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
        slope = (gx * -_LIGHT[0] + gy * _LIGHT[1]) * self.size / 60
        shade = np.clip(1 + relief * slope * 4, 0.55, 1.4)
        self.put(np.clip(np.asarray(rgb, dtype=np.float32) * shade[..., None], 0, 1), cover, at)

    def line(self, points: list[tuple[float, float]], width: float, rgb: tuple[float, float, float]) -> None:
        """A stroke; width in units."""
        p = np.array(points, dtype=np.float64)
        low, high = p.min(axis=0), p.max(axis=0)
        at = self._window(((low + high) / 2).tolist(), float((high - low).max()) / 2 + width + 0.04)
        pixels = np.stack([(p[:, 0] + 1) / 2, (1 - p[:, 1]) / 2], axis=1) * self.size
        pixels -= (at[1].start, at[0].start)
        mask = np.zeros(self.x[at].shape, dtype=np.uint8)
        thick = max(1, round(width * self.size / 2))
        cv2.polylines(mask, [(pixels * 16).astype(np.int32)], False, (255,), thick, lineType=cv2.LINE_AA, shift=4)
        self.put(rgb, mask.astype(np.float32) / 255, at)

    def _window(self, center: Sequence[float], reach: float) -> tuple[slice, slice]:
        """Rows and columns within `reach` of a place, at least one."""

        def span(low: float, high: float) -> slice:
            first = min(max(int(low * self.size / 2), 0), self.size - 1)
            return slice(first, max(min(int(high * self.size / 2) + 1, self.size), first + 1))

        x, y = center
        return span(1 - y - reach, 1 - y + reach), span(1 + x - reach, 1 + x + reach)


def blob(
    rng: np.random.Generator, x: float, y: float, r: float, *, rough: float = 0.15, count: int = 40
) -> NDArray[np.float64]:
    """A round outline that is not quite round: (count, 2)."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    wave = sum(rng.normal(0, rough / (k + 1)) * np.cos((k + 2) * angle + rng.uniform(0, 6.28)) for k in range(4))
    radius = r * (1 + wave)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def leaf_shape(x: float, y: float, length: float, width: float, turn: float) -> NDArray[np.float64]:
    """A pointed leaf from (x, y) on, in the direction `turn` (degrees)."""
    t = np.linspace(0, 1, 14)
    side = width * np.sin(np.pi * t**0.8)
    along = length * t
    outline = np.concatenate([np.stack([along, side], 1), np.stack([along, -side], 1)[::-1]])
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    turned: NDArray[np.float64] = outline @ np.array([[c, s], [-s, c]]) + (x, y)
    return turned
