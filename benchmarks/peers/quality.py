"""Picture quality as a number, and the time at which a tool reaches it. Pure numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

KEY = 0.18
"""Grey level at which one common exposure puts the log-mean luminance of a scene's reference pictures."""

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_DARKEST = 1e-4


def exposure_scale(references: Sequence[Image]) -> float:
    """The factor that brings the log-mean luminance of all (H, W, 3) linear pictures of a scene to `KEY`."""
    logs = [np.log(np.maximum(picture.astype(np.float64) @ _LUMINANCE, _DARKEST)) for picture in references]
    return KEY / math.exp(float(np.mean([log.mean() for log in logs])))


def psnr(pictures: Sequence[Image], references: Sequence[Image], scale: float) -> float:
    """Decibels between (H, W, 3) linear pictures, times `scale` and clipped to 0..1; the error is pooled over all.

    Infinite where they are equal. Raises ValueError where number or shapes differ.
    """
    errors = []
    for picture, reference in zip(pictures, references, strict=True):
        if picture.shape != reference.shape:
            raise ValueError(f"pictures of {picture.shape} and {reference.shape} cannot be compared")
        shown, wanted = (np.clip(p.astype(np.float64) * scale, 0.0, 1.0) for p in (picture, reference))
        errors.append(float(np.mean((shown - wanted) ** 2)))
    error = float(np.mean(errors))
    return math.inf if error == 0.0 else -10.0 * math.log10(error)


def noise_of_mean(one: Sequence[Image], other: Sequence[Image], scale: float) -> float:
    """Decibels of the noise that is left in the mean of two renders of the same with other random numbers.

    The mean's error has a quarter of the variance of their difference.
    """
    return psnr(one, other, scale) + 20.0 * math.log10(2.0)


def without_noise(decibels: float, noise: float) -> float:
    """A PSNR as it would be against a reference without noise: the reference's own error, independent of the
    picture's, is taken off. Infinite where nothing is left."""
    error = 10.0 ** (-decibels / 10.0) - 10.0 ** (-noise / 10.0)
    return -10.0 * math.log10(error) if error > 0.0 else math.inf


@dataclass(frozen=True)
class Point:
    """One setting of a tool: how many samples, the quality in dB, the seconds a frame."""

    samples: int
    decibels: float
    seconds: float


@dataclass(frozen=True)
class Reached:
    """When a tool reaches a quality. between: the sample counts interpolated between (equal where the least count
    that was tried is already good enough, so that `seconds` is an upper bound)."""

    seconds: float
    between: tuple[int, int]


def reached(points: Sequence[Point], target: float) -> Reached | None:
    """Seconds a frame at which `target` dB is reached: the logarithm of time, linear in dB between neighbours.

    Taken is the first pair of neighbouring sample counts around the target. None where no point is good enough.
    """
    pair = bracket([(p.samples, p.decibels) for p in points], target)
    if pair is None:
        return None
    low, high = (next(p for p in points if p.samples == samples) for samples in pair)
    if low.samples == high.samples:
        return Reached(low.seconds, pair)
    share = (target - low.decibels) / (high.decibels - low.decibels)
    return Reached(math.exp((1 - share) * math.log(low.seconds) + share * math.log(high.seconds)), pair)


def bracket(curve: Sequence[tuple[int, float]], target: float) -> tuple[int, int] | None:
    """The neighbouring sample counts of a curve of (samples, dB) between which `target` is crossed.

    The least count twice where that is good enough; None where none is.
    """
    ordered = sorted(curve)
    for k, (samples, decibels) in enumerate(ordered):
        if decibels >= target:
            return (ordered[k - 1][0] if k else samples), samples
    return None
