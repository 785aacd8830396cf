"""The camera behind the scene: exposure, lens, noise, white balance, tone curve, compression. Linear in, JPEG out.

Nothing here moves a pixel, so labels stay what they are; every random number comes from the view's `sensor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.sensor.exposure import LUMINANCE, balance, exposure
from synthgen.sensor.lens import aberration, bloom, soften, vignette
from synthgen.sensor.tone import tone_mapped

MIDDLE_GREY = 0.18
"""The linear level of a surface that reflects 18%, rightly exposed."""

_BRIGHTEST = 1e6
"""Radiance above which a pixel is cut, so that what is spread of it stays a number; what is below 0 is 0."""

_SHARPENED = 1.2
"""Radius of the unsharp mask in pixels, as in consumer cameras."""

_SAMPLING = {
    "half": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "full": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
}


NEUTRAL: dict[str, Any] = {
    "exposure_key": MIDDLE_GREY, "exposure_error": 0.0, "temperature": 6500.0, "auto_white_balance": 0.0,
    "white_balance_error": 0.0, "tint": 0.0, "tone_curve": "agx", "contrast": 0.75, "saturation": 1.0, "bloom": 0.0,
    "blur": 0.0, "vignette": 0.0, "chromatic_aberration": 0.0, "electrons": 0.0, "read_noise": 0.0, "chroma_noise": 1.0,
    "sharpen": 0.0, "jpeg_quality": 95, "jpeg_chroma": "half", "noise_seed": 0,
}  # fmt: skip
"""What a sensor does of which nothing is said: the defaults of a recipe."""


def develop(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> NDArray[np.uint8]:
    """(H, W, 3) linear Rec.709 radiance to (H, W, 3) 8-bit sRGB, by the numbers of a view's `sensor`."""
    sensor = {**NEUTRAL, **sensor}
    image = np.clip(image, 0.0, _BRIGHTEST, dtype=np.float32)
    exposed = image * np.float32(exposure(image, sensor))
    exposed = bloom(exposed, float(sensor["bloom"]))
    exposed = soften(exposed, float(sensor["blur"]))
    exposed = aberration(exposed, float(sensor["chromatic_aberration"]))
    exposed = vignette(exposed, float(sensor["vignette"]))
    raw = noisy(exposed, sensor)
    display = tone_mapped(raw * balance(image, sensor), str(sensor["tone_curve"]), float(sensor["contrast"]))
    display = saturated(display, float(sensor["saturation"]))
    eight_bit = (np.clip(display, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return sharpened(eight_bit, float(sensor["sharpen"]))


def noisy(image: NDArray[np.float32], sensor: Mapping[str, Any]) -> NDArray[np.float32]:
    """Shot and read noise of an exposed (H, W, 3) linear picture, in electrons.

    Middle grey gives a pixel `electrons`. Their count has the variance of a Poisson count, which is itself, and the
    square of `read_noise`; the distribution is normal. `chroma_noise` is the share of the noise's colour that the
    camera's noise reduction leaves. 0 electrons: no noise.
    """
    middle, read = float(sensor["electrons"]), float(sensor["read_noise"])
    if middle <= 0:
        return image
    rng = np.random.Generator(np.random.PCG64(int(sensor["noise_seed"])))
    grain = rng.standard_normal(image.shape, dtype=np.float32)
    level = np.float32(MIDDLE_GREY / middle)
    grain *= np.sqrt(image * level + np.float32(read * read) * level * level)
    left = float(sensor["chroma_noise"])
    if left < 1:
        grain = saturated(grain, left)
    return np.maximum(image + grain, np.float32(0.0))


def saturated(display: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Colours `amount` times as far from the grey of the same luma; 0 is grey."""
    mix = amount * np.eye(3, dtype=np.float32) + np.float32(1.0 - amount) * np.tile(LUMINANCE, (3, 1))
    return np.asarray(cv2.transform(display, mix), dtype=np.float32)


def sharpened(picture: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Unsharp mask."""
    if amount <= 0:
        return picture
    soft = cv2.GaussianBlur(picture, (0, 0), _SHARPENED)
    return np.asarray(cv2.addWeighted(picture, 1.0 + amount, soft, -amount, 0.0), dtype=np.uint8)


def encode_jpeg(picture: NDArray[np.uint8], sensor: Mapping[str, Any]) -> bytes:
    """Baseline JPEG without metadata, of the sensor's `jpeg_quality` and `jpeg_chroma` (half is 4:2:0, full 4:4:4)."""
    sensor = {**NEUTRAL, **sensor}
    quality, sampling = int(sensor["jpeg_quality"]), _SAMPLING[str(sensor["jpeg_chroma"])]
    how = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    done, data = cv2.imencode(".jpg", picture[..., ::-1], how)
    if not done:
        raise ValueError("the picture could not be encoded as JPEG")
    return bytes(data.tobytes())
