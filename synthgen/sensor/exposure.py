"""What a camera decides from the picture before it takes it: exposure, and the light that it takes for white."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.scene.blackbody import black_body
from synthgen.sensor.tone import EXPOSURE

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Weights of Rec.709's red, green and blue."""

_MIREDS = np.linspace(60.0, 500.0, 221)
"""1e6 / kelvin of the lights that a camera takes into account: 16,700 to 2,000 K."""

_GREENEST, _PINKEST = 1.12, 0.88
"""How much greener or pinker than a black body's a camera takes a light to be; what is more is the scene's own."""

_METERED = 2
"""Every second pixel of every second row is metered."""

_SEEN = (64, 36)
"""Width and height of the small picture by which white is judged."""

_NORM = 6
"""Power of the mean that is taken for the light's colour: 1 is the grey world, infinity the brightest patch. Finlayson
and Trezzi, Shades of gray and colour constancy (2004), found 6 best."""


def exposure(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> float:
    """Gain that brings the centre-weighted log-mean luminance to `exposure_key`, off by `exposure_error` EV."""
    luminance = image[::_METERED, ::_METERED] @ LUMINANCE
    across = np.linspace(-1.0, 1.0, len(luminance))[:, None]
    weight = np.broadcast_to(np.exp(-((across / 0.9) ** 2)), luminance.shape)
    clipped = np.clip(luminance, 1e-4, max(1e-4, float(np.percentile(luminance, 97))))
    mean = float(np.exp((np.log(clipped) * weight).sum() / weight.sum()))
    # The plain curve clips where the others roll off, so cameras that have it meter lower.
    error = float(2.0 ** float(sensor["exposure_error"])) * EXPOSURE.get(str(sensor["tone_curve"]), 1.0)
    return float(sensor["exposure_key"]) / mean * error


def balance(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> NDArray[np.float32]:
    """(3,) channel gains of the sensor's white balance for this picture.

    It is set for `temperature`, follows the light of the picture by the share `auto_white_balance`, and is then off by
    `white_balance_error` mireds (positive: warmer) and by `tint` (positive: magenta).
    """
    share = float(sensor["auto_white_balance"])
    mired, green = (1.0 - share) * 1e6 / float(sensor["temperature"]), 1.0
    if share > 0:
        kelvin, greener = light_of(image)
        mired += share * 1e6 / kelvin
        green = greener**-share
    # Set for a bluer light than there is, the picture turns warm.
    gains = white_balance(1e6 / max(mired - float(sensor["white_balance_error"]), _MIREDS[0]))
    return gains * np.array([1.0, green * (1.0 - float(sensor["tint"])), 1.0], dtype=np.float32)


def white_balance(temperature: float) -> NDArray[np.float32]:
    """(3,) channel gains of a camera that is set as for light of `temperature` kelvin; 6500 leaves colours alone."""
    return np.asarray(1.0 / black_body(temperature), dtype=np.float32)


def light_of(image: NDArray[np.float32]) -> tuple[float, float]:
    """The light under which the (H, W, 3) linear picture would be grey on the whole: kelvin of the black body that is
    as red or blue, 2,000 to 16,700, and how much more green it has than that (0.88 to 1.12).

    Bright surfaces count most; what is brighter than 97% of the picture is left aside, for lamps and glints.
    """
    small = cv2.resize(image, _SEEN, interpolation=cv2.INTER_AREA)
    brightest = small.max(axis=-1)
    most = max(float(np.percentile(brightest, 97)), 1e-9)
    lit = small[brightest <= most].astype(np.float64) / most
    red, green, blue = np.maximum((lit**_NORM).mean(axis=0), 1e-30) ** (1.0 / _NORM)
    locus = _locus()
    ratio = red / blue
    mired = float(np.interp(ratio, locus[:, 0] / locus[:, 2], _MIREDS))  # grows with mireds
    own = [float(np.interp(mired, _MIREDS, locus[:, k])) for k in (0, 2)]
    greener = green / np.sqrt(red / own[0] * blue / own[1])
    return 1e6 / mired, float(np.clip(greener, _PINKEST, _GREENEST))


@cache
def _locus() -> NDArray[np.float64]:
    """(N, 3) red, green (1) and blue of black bodies at `_MIREDS`, in relation to one of 6500 K."""
    return np.array([black_body(1e6 / mired) for mired in _MIREDS])
