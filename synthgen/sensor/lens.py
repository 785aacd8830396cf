"""What a lens does to linear light on its way: halos, softness, dark corners, coloured edges. Green stays in place."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_HIGHLIGHT = 24.0
"""Linear level above which a highlight does not bloom more, so that one sun glint does not fog the picture."""

_HALOS = ((0.6, 160), (0.3, 50), (0.1, 14))
"""Share of the scattered light, and the halo's size as a fraction 1/n of the picture's width."""


def bloom(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Light scattered in the lens: a narrow, a middle and a wide halo. (H, W, 3); 0 <= share <= 1 is scattered."""
    if share <= 0:
        return image
    width = image.shape[1]
    bright = np.minimum(image, _HIGHLIGHT)
    halo = sum(part * _blurred(bright, width / size) for part, size in _HALOS)
    # What is above the limit keeps what it does not scatter.
    out: NDArray[np.float32] = image - share * bright + share * halo
    return out


def soften(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur of `sigma` pixels: of the lens, and of the colour mosaic before a sensor."""
    if sigma <= 0:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)


def vignette(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Takes `share` of the light of the corner pixels, less inwards by the square of the distance from the middle."""
    if share <= 0:
        return image
    height, width = image.shape[:2]
    y, x = (np.arange(n, dtype=np.float32) - (n - 1) / 2 for n in (height, width))
    square = (x * x)[None, :] + (y * y)[:, None]
    out: NDArray[np.float32] = image * (1.0 - share * square / square[0, 0])[..., None]
    return out


def aberration(image: NDArray[np.float32], pixels: float) -> NDArray[np.float32]:
    """Lateral chromatic aberration: red is magnified, blue reduced, so that they part by `pixels` at the corners."""
    if pixels == 0:
        return image
    height, width = image.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    out = image.copy()
    for channel, sign in ((0, 1.0), (2, -1.0)):
        back = 1.0 / (1.0 + sign * pixels / 2 / float(np.hypot(x, y)))
        matrix = np.array([[back, 0.0, x * (1.0 - back)], [0.0, back, y * (1.0 - back)]])
        out[..., channel] = cv2.warpAffine(
            np.ascontiguousarray(image[..., channel]),
            matrix,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
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
