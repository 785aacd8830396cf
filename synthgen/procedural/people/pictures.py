"""Pictures of eyes and of strands of hair (slots eyes, locks, beard)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgen.procedural.registry import image_generator
from synthgen.procedural.shapes import Array

Pixels = NDArray[np.uint8]


@image_generator("people.eye")
def eye_picture(seed: int = 0, iris: Sequence[float] = (0.1, 0.06, 0.035)) -> Pixels:
    """(192, 192, 3) sRGB: the front of an eyeball, from side to side; iris: its linear colour."""
    rng = np.random.default_rng(seed)
    at = (np.arange(192) + 0.5) / 96 - 1.0
    x, y = np.meshgrid(at, -at)
    r, turn = np.hypot(x, y), np.arctan2(y, x)
    streaks = sum(np.cos(turn * k + rng.uniform(0, 6.28)) for k in (9, 17, 31, 47)) / 4
    color = np.ones((192, 192, 3)) * (0.6, 0.565, 0.54)
    corner = np.clip((np.abs(x) - 0.55) / 0.4, 0, 1)[..., None]
    color = color * (1 - corner * (0.12, 0.32, 0.32))
    ring = np.clip((0.47 - r) / 0.035, 0, 1)[..., None]
    depth = (0.75 + 0.3 * streaks + 0.5 * np.clip((r - 0.2) / 0.2, 0, 1))[..., None]
    limbal = 1.0 - 0.6 * np.clip((r - 0.38) / 0.08, 0, 1)[..., None]
    color = color + ring * (np.array(iris) * depth * limbal - color)
    pupil = np.clip((0.2 - r) / 0.03, 0, 1)[..., None]
    return _encoded(color + pupil * (0.008 - color))


STRANDS = 4
"""Kinds of locks side by side in a picture of strands: full, cut blunt, thin, frayed."""


@image_generator("people.strands", version=2)
def strands_picture(seed: int = 0) -> Pixels:
    """(512, 256, 4) sRGB and alpha: locks of hair, roots at the top (v 1), tips below; multiplied with the hair's
    colour."""
    rng = np.random.default_rng(seed)
    rows, wide = 512, 256 // STRANDS
    out = np.zeros((rows, wide * STRANDS, 4))
    out[..., :3] = 0.42
    v = 1.0 - (np.arange(rows) + 0.5) / rows
    columns = np.arange(wide) + 0.5
    for kind in range(STRANDS):
        count, fray = ((84, 0.4), (90, 0.1), (50, 0.5), (64, 0.7))[kind]
        bundle = np.interp(columns, np.linspace(0.0, wide, 9), rng.uniform(0.5, 1.1, 9))  # strands lie in bundles
        tile = out[:, kind * wide : (kind + 1) * wide]
        for _ in range(count):
            root = rng.uniform(3.0, wide - 3.0)
            tip = wide / 2 + (root - wide / 2) * rng.uniform(0.35, 1.0)
            bend = rng.uniform(-2.0, 2.0) * np.sin(np.pi * v * rng.uniform(0.7, 2.2) + rng.uniform(0, 6.28))
            middle = tip + (root - tip) * v + bend
            end = rng.uniform(0.0, fray)
            half = rng.uniform(0.5, 1.2) * np.clip((v - end) / 0.2, 0.0, 1.0) ** 0.5
            shade = rng.uniform(0.7, 1.0) * float(np.interp(root, columns, bundle)) * (0.8 + 0.2 * (1 - v))
            near = np.abs(columns[None, :] - middle[:, None])
            on = near < half[:, None]
            light = shade[:, None] * (1.0 - 0.45 * (near / np.maximum(half[:, None], 0.5)) ** 2)
            tile[..., :3] = np.where(on[..., None], light[..., None], tile[..., :3])
            tile[..., 3] = np.where(on, 1.0, tile[..., 3])
    alpha = (out[..., 3] * 255).astype(np.uint8)
    return np.concatenate([_encoded(out[..., :3]), alpha[..., None]], axis=2)


def _encoded(linear: Array) -> Pixels:
    """sRGB code values of linear ones in 0..1."""
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055)
    found: Pixels = np.rint(np.clip(curve, 0, 1) * 255).astype(np.uint8)
    return found
