"""The colour of light of a temperature: what lamps shine and what cameras are set for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WHITE = 6500.0
"""Kelvin of the light that is white in pictures."""

_WAVELENGTHS = np.arange(380.0, 781.0, 5.0)
"""Nanometres at which a black body's light is taken."""

_PLANCK = 1.438777e7
"""Second radiation constant, nanometres kelvin."""

# The eye's colour matching functions as sums of lobes: weight, middle, width below and above it, nanometres. Wyman,
# Sloan and Shirley, Simple analytic approximations to the CIE XYZ color matching functions (2013), table 1.
_MATCHING = (
    ((1.056, 599.8, 37.9, 31.0), (0.362, 442.0, 16.0, 26.7), (-0.065, 501.1, 20.4, 26.2)),
    ((0.821, 568.8, 46.9, 40.5), (0.286, 530.9, 16.3, 31.1)),
    ((1.217, 437.0, 11.8, 36.0), (0.681, 459.0, 26.0, 13.8)),
)

_LEAST = 0.02

_REC709 = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
"""XYZ to linear Rec.709 (IEC 61966-2-1)."""


def black_body(kelvin: float) -> NDArray[np.float64]:
    """(3,) linear Rec.709 of a black body in relation to one of 6500 K, which is white; green is 1, none below 0.02.

    Below 1,900 K or so light is redder than any colour of Rec.709.
    """
    colour = radiant(kelvin) / radiant(WHITE)
    return np.asarray(np.maximum(colour / colour[1], _LEAST))


def radiant(kelvin: float) -> NDArray[np.float64]:
    """(3,) linear Rec.709 of a black body as it is, in any unit."""
    power = _WAVELENGTHS**-5.0 / np.expm1(_PLANCK / (_WAVELENGTHS * kelvin))
    seen = np.array([(_lobes(function) * power).sum() for function in _MATCHING])
    colour: NDArray[np.float64] = _REC709 @ (seen / seen[1])
    return colour


def _lobes(function: tuple[tuple[float, float, float, float], ...]) -> NDArray[np.float64]:
    total = np.zeros_like(_WAVELENGTHS)
    for weight, middle, below, above in function:
        off = _WAVELENGTHS - middle
        total += weight * np.exp(-0.5 * (off / np.where(off < 0, below, above)) ** 2)
    return total
