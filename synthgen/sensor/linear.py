"""From what was rendered to the linear image at its final size: two denoised pictures blended, air, reduction."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LANCZOS_LOBES = 3
SKY_DISTANCE = 1990.0
"""Metres from which a pixel counts as sky, where haze has nothing to add."""

GRAIN = np.float32(0.5)
"""The share of the sharper of two denoised pictures: nearer to the renderer's own picture of many samples than either,
by PSNR (docs/benchmarks.md), and about as grainy."""

_CEILING = 64.0
"""Linear radiance above this is cut before the reduction, so that a lamp does not ring."""


def blend_denoised(
    smooth: NDArray[np.float32], sharp: NDArray[np.float32] | None, matte: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The mean of both on matte surfaces, where `sharp` keeps the grain of asphalt and brick, and `smooth` in mirrors.

    (H, W, 3) float32 both; the seam is softened over a pixel.
    """
    if sharp is None:
        return smooth
    weight = GRAIN * cv2.GaussianBlur(matte.astype(np.float32), (0, 0), 0.7)[..., None]
    blended: NDArray[np.float32] = smooth + weight * (sharp - smooth)
    return blended


def add_haze(image: NDArray[np.float32], distance: NDArray[np.float32], visibility: float) -> NDArray[np.float32]:
    """Aerial perspective: (H, W, 3) radiance fades to the horizon's with exp(-distance / visibility), in metres."""
    height = image.shape[0]
    sky = distance > SKY_DISTANCE
    low_sky = sky & (np.arange(height)[:, None] > 0.3 * height)
    if low_sky.sum() > 50:
        air = np.median(image[low_sky], axis=0)
    else:
        air = np.percentile(image, 90) * np.array([0.85, 0.95, 1.0])
    amount = np.where(sky, 0.0, 1.0 - np.exp(-distance / visibility))[..., None].astype(np.float32)
    hazy: NDArray[np.float32] = image + amount * (air.astype(np.float32) - image)
    return hazy


def reduce_by_half(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2H, 2W, C) to (H, W, C) by a Lanczos kernel centred on every second pixel, starting with the first.

    Small pixel (2v, 2u) looks through the centre of final pixel (v, u), so the picture stays where the labels are.
    """
    taps = np.arange(-2 * LANCZOS_LOBES + 1, 2 * LANCZOS_LOBES) / 2.0
    kernel = np.sinc(taps) * np.sinc(taps / LANCZOS_LOBES)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    clipped = np.minimum(image, _CEILING)
    rows = cv2.sepFilter2D(clipped, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)
    return np.maximum(np.ascontiguousarray(rows[::2, ::2]), 0.0, dtype=np.float32)
