"""The packed map of a stretch of asphalt: cracks, patches, stains and wear, baked once for each road."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.procedural.noise import Field, fractal_noise
from synthgen.procedural.registry import image_generator

TRACK = 0.78
"""Half the distance between the wheel tracks of a lane, metres."""

_STEP = 0.06
_TOOTH = 0.014
"""Metres by which the points of a crack stray from its course."""
_MAX_PIXELS = 64_000_000
_REFERENCE_AREA = 1440.0
"""Counts of damage below are for this many square metres."""


class _Canvas:
    """Draws in road metres on images that repeat along the road."""

    def __init__(self, shape: tuple[int, int], resolution: float) -> None:
        self.shape = shape
        self.resolution = resolution
        self.crack = np.zeros(shape, dtype=np.uint8)
        self.patch = np.full(shape, 128, dtype=np.uint8)
        self.cut = np.zeros(shape, dtype=np.uint8)
        self.oil = np.zeros(shape, dtype=np.uint8)

    def pixels(self, points: NDArray[np.float64]) -> list[NDArray[np.int32]]:
        """Fixed-point (1/16 px) pixel coordinates of (N, 2) metres, once for each repeat that the image shows."""
        height = self.shape[0]
        p = np.stack([points[:, 0] / self.resolution, height - points[:, 1] / self.resolution], axis=1) - 0.5
        low, high = p[:, 1].min(), p[:, 1].max()
        shifts = [s for s in (-height, 0, height) if high + s > -8 and low + s < height + 8]
        return [np.round((p + (0, s)) * 16).astype(np.int32) for s in shifts]  # noqa: RUF005

    def stroke(self, points: NDArray[np.float64], value: float, width: float, *, closed: bool = False) -> None:
        """A line on the crack layer; width in pixels at the usual 12.5 mm."""
        thickness = max(1, round(width * 0.0125 / self.resolution))
        for p in self.pixels(points):
            cv2.polylines(self.crack, [p], closed, (int(value),), thickness, cv2.LINE_AA, 4)

    def area(self, layer: NDArray[np.uint8], points: NDArray[np.float64], value: float) -> None:
        for p in self.pixels(points):
            cv2.fillPoly(layer, [p], (int(value),), cv2.LINE_AA, 4)


@image_generator("street.road_surface", version=3)
def road_surface(
    seed: int = 0,
    width: float = 12.0,
    length: float = 60.0,
    lanes: int = 2,
    lane_width: float = 3.2,
    resolution: float = 0.0125,
    wear: float = 0.5,
    covers: Sequence[Sequence[float]] = (),
) -> NDArray[np.uint8]:
    """(H, W, 4) uint8, linear, row 0 at the far end (v = 1); H = length / resolution, W = width / resolution.

    R cracks and tar; G albedo field (0.5 is plain asphalt, patches and stains around it); B paint wear (0: paint
    intact, 1: worn off); A oil and polish. The road is `width` metres across with `lanes` lanes of `lane_width` in
    its middle; what is left at the sides is for parking. `wear` in 0..1 sets damage and paint wear. covers:
    (x, y, radius) in metres of manhole covers, which get a patched collar. The image repeats along v.
    Raises InputError where the size is not positive or over 64 million pixels.
    """
    shape = (round(length / resolution), round(width / resolution))
    if min(shape) < 8 or shape[0] * shape[1] > _MAX_PIXELS:
        raise InputError.of(f"a road map of {shape[1]} x {shape[0]} pixels cannot be made")
    rng = np.random.default_rng(seed)
    middle = width / 2
    edges = middle + (np.arange(lanes + 1) - lanes / 2) * lane_width
    centres = (edges[:-1] + edges[1:]) / 2
    amount = width * length / _REFERENCE_AREA * (0.35 + 1.3 * wear)
    canvas = _Canvas(shape, resolution)
    _patches(canvas, rng, width, length, amount)
    _collars(canvas, rng, covers)
    _cracks(canvas, rng, width, length, edges, centres, amount)
    _drips(canvas, rng, width, length, edges, centres, amount)
    return _composed(canvas, rng, width, centres, wear)


def _quad(x: float, y: float, w: float, h: float, rng: np.random.Generator) -> NDArray[np.float64]:
    corners = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    moved: NDArray[np.float64] = corners + rng.normal(0.0, 0.02, corners.shape)
    return moved


def _patches(c: _Canvas, rng: np.random.Generator, width: float, length: float, amount: float) -> None:
    """Utility patches and trenches along and across, darker or lighter than the road, with tar at their rims."""
    for _ in range(rng.poisson(38 * amount)):
        w, h = rng.uniform(0.6, 1.6), rng.uniform(0.8, 2.2)
        if rng.random() < 0.3:
            w, h = rng.uniform(0.45, 0.7), rng.uniform(5.0, min(14.0, length / 2))
        shape = _quad(rng.uniform(0.3, width - 0.3 - w), rng.uniform(0.0, length), w, h, rng)
        c.area(c.patch, shape, rng.choice([48, 62, 74, 90, 108, 160]))
        c.area(c.cut, shape, 255 if rng.random() < 0.7 else 0)
        c.stroke(shape, rng.uniform(90, 230), rng.integers(2, 5), closed=True)
    for _ in range(rng.poisson(6 * amount)):
        shape = _quad(0.3, rng.uniform(0.0, length), width - 0.6, rng.uniform(0.45, 0.7), rng)
        c.area(c.patch, shape, rng.choice([58, 72, 86]))
        c.area(c.cut, shape, 255)
        c.stroke(shape, 160, 3, closed=True)


def _collars(c: _Canvas, rng: np.random.Generator, covers: Sequence[Sequence[float]]) -> None:
    for x, y, radius in covers:
        half = radius + rng.uniform(0.18, 0.32)
        if rng.random() < 0.5:
            shape = _quad(x - half, y - half, 2 * half, 2 * half, rng)
        else:
            angle = np.linspace(0.0, 2 * np.pi, 28, endpoint=False)
            shape = np.stack([x + half * np.cos(angle), y + half * np.sin(angle)], axis=1)
        c.area(c.patch, shape, rng.choice([66, 84, 150, 162]))
        c.area(c.cut, shape, 255)
        c.stroke(shape, rng.uniform(120, 230), rng.integers(2, 4), closed=True)


def _cracks(
    c: _Canvas,
    rng: np.random.Generator,
    width: float,
    length: float,
    edges: NDArray[np.float64],
    centres: NDArray[np.float64],
    amount: float,
) -> None:
    """Random walks: along seams and wheel tracks, across, wide sealed ones, and alligator zones in the tracks."""
    from scipy.signal import lfilter  # takes a second to import, and few processes make a road

    def walk(
        start: tuple[float, float], heading: float, reach: float, thick: float, value: float, wiggle: float,
        branch: float = 0.02, level: int = 0,
    ) -> None:  # fmt: skip
        steps = max(2, int(reach / _STEP))
        # The heading wanders but comes back, or long cracks would curl.
        turn = heading + lfilter([1.0], [1.0, -0.95], rng.normal(0.0, wiggle, steps))
        points = np.array(start) + np.concatenate(
            [np.zeros((1, 2)), np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) * _STEP, axis=0)]
        )
        # Broken stone makes an edge of teeth: without them a crack reads as a vein.
        teeth = rng.normal(0.0, _TOOTH if thick < 4 else 0.4 * _TOOTH, points.shape)
        c.stroke(points + teeth, value, thick)
        if level < 2:
            for k in np.flatnonzero(rng.random(steps) < branch):
                side = turn[k] + rng.choice([-1, 1]) * rng.uniform(0.5, 1.3)
                walk(tuple(points[k]), side, reach * 0.35, thick, value, wiggle, branch, level + 1)

    seams = np.concatenate([edges, centres])
    for _ in range(rng.poisson(60 * amount)):
        start = (rng.choice(seams) + rng.normal(0.0, 0.2), rng.uniform(0.0, length))
        heading = np.pi / 2 + rng.normal(0.0, 0.05)
        walk(start, heading, rng.uniform(3, 9), rng.integers(1, 3), rng.uniform(120, 240), 0.16)
    for _ in range(rng.poisson(40 * amount)):
        start = (rng.uniform(0.2, width * 0.6), rng.uniform(0.0, length))
        walk(start, rng.normal(0.0, 0.1), rng.uniform(1.5, 7), rng.integers(1, 3), rng.uniform(110, 230), 0.2)
    for _ in range(rng.poisson(7 * amount)):
        start = (rng.uniform(0.15, 0.85) * width, rng.uniform(0.0, length))
        heading = rng.choice([0.0, np.pi / 2]) + rng.normal(0.0, 0.2)
        walk(start, heading, rng.uniform(2, 6), rng.integers(3, 6), rng.uniform(170, 240), 0.08, 0.004)
    for _ in range(rng.poisson(9 * amount)):
        x = rng.choice(centres) + rng.choice([-TRACK, TRACK]) + rng.normal(0.0, 0.2)
        y = rng.uniform(0.0, length)
        for _ in range(45):
            start = (x + rng.normal(0.0, 0.35), y + rng.normal(0.0, 1.1))
            walk(start, rng.uniform(0.0, 6.28), 0.35, 1, rng.uniform(110, 210), 0.3, 0.0)


def _drips(
    c: _Canvas,
    rng: np.random.Generator,
    width: float,
    length: float,
    edges: NDArray[np.float64],
    centres: NDArray[np.float64],
    amount: float,
) -> None:
    """Oil: drips in lane middles and parking bays, and a few long trails."""
    spots = list(centres)
    bay = edges[0]
    if bay > 1.2:
        spots += [bay / 2, width - bay / 2] * 2
    for _ in range(rng.poisson(420 * amount)):
        x, y = rng.choice(spots) + rng.normal(0.0, 0.22), rng.uniform(0.0, length)
        r = rng.gamma(1.3, 0.035) + 0.006
        angle = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
        wobble = r * (1 + rng.normal(0.0, 0.15, 12))
        c.area(
            c.oil,
            np.stack([x + wobble * np.cos(angle), y + 1.3 * wobble * np.sin(angle)], axis=1),
            rng.uniform(40, 190),
        )
    for _ in range(rng.poisson(5 * amount)):
        x, y, reach = rng.choice(centres), rng.uniform(0.0, length), rng.uniform(2.0, 8.0)
        for offset in (-TRACK, TRACK):
            half = rng.uniform(0.07, 0.1)
            c.area(c.oil, _quad(x + offset - half, y, 2 * half, reach, rng), rng.uniform(25, 70))


def _composed(
    c: _Canvas, rng: np.random.Generator, width: float, centres: NDArray[np.float64], wear: float
) -> NDArray[np.uint8]:
    """Joins the drawn layers with large and small noise and the wheel tracks into the packed channels."""
    shape, scale = c.shape, 0.0125 / c.resolution

    def noise(rows: float, columns: float, octaves: int) -> Field:
        return fractal_noise(rng, shape, (rows * scale, columns * scale), octaves)

    crack = _soft(c.crack, 0.45 * scale)
    patch = _soft(c.patch, 1.0 * scale) - np.float32(128 / 255)
    oil = _soft(c.oil, 2.5 * scale)
    cut = _soft(c.cut, 1.0 * scale)
    big, mid = noise(420, 260, 4), noise(60, 60, 3)
    stretch = noise(900, 45, 3)
    small = noise(14, 14, 2)
    fine = rng.random(shape, dtype=np.float32)

    x = (np.arange(shape[1], dtype=np.float32) + 0.5) * np.float32(c.resolution)
    away = np.abs(x[:, None] - centres[None].astype(np.float32)).min(axis=1)
    across = np.exp(-(((away - TRACK) / 0.26) ** 2))[None]
    lane = np.exp(-((away / 0.35) ** 2))[None]
    gutter = np.clip(1 - np.minimum(x, width - x) / 0.55, 0, 1)[None]
    polish = np.clip(across * (0.45 + 0.6 * stretch), 0, 1)

    albedo = 0.5 + patch * 1.15 + (big - 0.5) * 0.6 + (mid - 0.5) * 0.28
    albedo += (stretch - 0.5) * 0.5 + (small - 0.5) * 0.22
    albedo -= polish * 0.10 + lane * stretch * 0.24 + gutter * (0.4 + mid) * 0.16
    worn = mid * 0.55 + small * 0.45 + (fine - 0.5) * 0.28 + polish * 0.22 + (big - 0.5) * 0.6
    paint = np.clip((1.0 - wear * 0.62 - worn) * 7 + 0.5, 0, 1) * (1 - crack * 0.9) * (1 - cut * 0.85)
    crack = crack * (0.6 + 0.6 * mid)
    packed = np.empty((*shape, 4), dtype=np.uint8)
    for k, channel in enumerate((crack, albedo, 1 - paint, oil * 0.45 + polish * 0.5)):
        packed[..., k] = np.clip(channel * 255 + 0.5, 0, 255).astype(np.uint8)
    return packed


def _soft(layer: NDArray[np.uint8], sigma: float) -> Field:
    """0..1, blurred, as if the layer repeated along its rows."""
    pad = max(2, int(4 * sigma))
    wrapped = cv2.copyMakeBorder(layer, pad, pad, 0, 0, cv2.BORDER_WRAP)
    blurred = cv2.GaussianBlur(wrapped, (0, 0), max(sigma, 0.3), borderType=cv2.BORDER_REPLICATE)
    field: Field = blurred[pad:-pad].astype(np.float32) * np.float32(1 / 255)
    return field
