"""The camera behind the scene: exposure, lens, noise, tone curve, compression. Linear image in, JPEG out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.sensor.tone import EXPOSURE, tone_mapped

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
_HIGHLIGHT = 24.0
"""Linear level above which a highlight does not bloom more, so that one sun glint does not fog the picture."""


def develop(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> NDArray[np.uint8]:
    """(H, W, 3) linear Rec.709 radiance to (H, W, 3) 8-bit sRGB, by the numbers of a view's `sensor`."""
    exposed = image * (exposure(image, sensor) * white_balance(float(sensor["temperature"])))
    exposed = _bloom(exposed.astype(np.float32), float(sensor["bloom"]))
    exposed = _lens(exposed, float(sensor["vignette"]), float(sensor["chromatic_aberration"]))
    exposed = _noise(exposed, float(sensor["noise"]), int(sensor.get("noise_seed", 0)))
    display = tone_mapped(exposed, str(sensor["tone_curve"]), float(sensor["contrast"]))
    grey = display.mean(axis=-1, keepdims=True)
    display = grey + float(sensor["saturation"]) * (display - grey)
    eight_bit = (np.clip(display, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return _sharpen(eight_bit, float(sensor["sharpen"]))


def encode_jpeg(picture: NDArray[np.uint8], quality: int) -> bytes:
    """Baseline JPEG, 4:2:0, without metadata."""
    done, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    if not done:
        raise ValueError("the picture could not be encoded as JPEG")
    return bytes(data.tobytes())


def exposure(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> float:
    """Gain that brings the centre-weighted log-mean luminance to `exposure_key`, off by `exposure_error` EV."""
    luminance = image @ _LUMINANCE
    across = np.linspace(-1.0, 1.0, image.shape[0])[:, None]
    weight = np.broadcast_to(np.exp(-((across / 0.9) ** 2)), luminance.shape)
    clipped = np.clip(luminance, 1e-4, max(1e-4, float(np.percentile(luminance, 97))))
    mean = float(np.exp((np.log(clipped) * weight).sum() / weight.sum()))
    # The plain curve clips where the others roll off, so cameras that have it meter lower.
    error = float(2.0 ** float(sensor["exposure_error"])) * EXPOSURE.get(str(sensor["tone_curve"]), 1.0)
    return float(sensor["exposure_key"]) / mean * error


def white_balance(temperature: float) -> NDArray[np.float32]:
    """(3,) channel gains of a camera that is set as for light of `temperature` kelvin; 6500 leaves colours alone.

    The gain of red over blue follows the ratio of black-body radiances near 600 and 450 nm (Planck).
    """
    wavelengths = np.array([600e-9, 540e-9, 450e-9])

    def radiance(kelvin: float) -> NDArray[np.float64]:
        out: NDArray[np.float64] = wavelengths**-5 / np.expm1(1.438777e-2 / (wavelengths * kelvin))
        return out

    gains = radiance(6500.0) / radiance(temperature)
    return np.asarray(gains / gains[1], dtype=np.float32)


def _bloom(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Light scattered in the lens: a narrow, a middle and a wide halo."""
    if share <= 0:
        return image
    width = image.shape[1]
    bright = np.minimum(image, _HIGHLIGHT)
    halo = sum(part * _blurred(bright, width / size) for part, size in ((0.6, 160), (0.3, 50), (0.1, 14)))
    out: NDArray[np.float32] = (1.0 - share) * image + share * halo
    return out


def _blurred(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur, of a smaller copy where it is wide."""
    step = max(1, int(sigma / 3))
    if step == 1:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)
    height, width = image.shape[:2]
    small = cv2.resize(image, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _lens(image: NDArray[np.float32], vignette: float, aberration: float) -> NDArray[np.float32]:
    """Darkens towards the corners; red and blue are magnified differently, by `aberration` pixels at the sides."""
    height, width = image.shape[:2]
    half = width / 2.0
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = (x - (width - 1) / 2) / half, (y - (height - 1) / 2) / half
    square = dx * dx + dy * dy
    out = image * (1.0 - vignette * square)[..., None]
    if aberration > 0:
        for channel, sign in ((0, 1.0), (2, -1.0)):
            grow = 1.0 + sign * aberration / half * square
            out[..., channel] = cv2.remap(
                np.ascontiguousarray(out[..., channel]),
                dx * grow * half + (width - 1) / 2,
                dy * grow * half + (height - 1) / 2,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
    return np.asarray(out, dtype=np.float32)


def _noise(image: NDArray[np.float32], level: float, seed: int) -> NDArray[np.float32]:
    """Shot noise: its deviation grows with the root of the light; part of it is common to the three channels."""
    if level <= 0:
        return image
    rng = np.random.Generator(np.random.PCG64(seed))
    grain = rng.standard_normal(image.shape, dtype=np.float32)
    grain = 0.6 * grain + 0.4 * grain.mean(axis=-1, keepdims=True)
    deviation = 0.4 * level * np.sqrt(np.clip(image, 0.002, 4.0) / 0.18)
    return np.asarray(np.maximum(image + deviation * grain, 0.0), dtype=np.float32)


def _sharpen(picture: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Unsharp mask of 1.2 pixels, as consumer cameras do."""
    if amount <= 0:
        return picture
    soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
    return np.asarray(cv2.addWeighted(picture, 1.0 + amount, soft, -amount, 0.0), dtype=np.uint8)
