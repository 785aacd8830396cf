"""The PNG files of a dataset: ids as RGB, and a reader of what others wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.annotation import encode_ids


def encode_mask(id_map: NDArray[np.uint32]) -> bytes:
    """An (H, W) id map as an RGB PNG. Equal maps give equal bytes under one version of OpenCV."""
    bgr = np.ascontiguousarray(encode_ids(id_map)[..., ::-1])
    # OpenCV's own default (fastest level, run-length strategy) is three times as fast as any level named here.
    done, data = cv2.imencode(".png", bgr)
    if not done:
        raise ValueError(f"OpenCV could not encode a mask of shape {id_map.shape}")
    return bytes(data)


def read_mask(path: Path) -> NDArray[np.uint32]:
    """The (H, W) ids of a panoptic PNG as consumers see them: converted to RGB. Raises OSError if unreadable."""
    data = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if bgr is None:
        raise OSError(f"{path} is not a picture")
    return ids_of_bgr(bgr)


def ids_of_bgr(bgr: NDArray[Any]) -> NDArray[np.uint32]:
    """(H, W, 3) uint8 in OpenCV's channel order to (H, W) ids."""
    rgba = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGBA)
    rgba[..., 3] = 0
    return rgba.view("<u4").reshape(bgr.shape[:2]).astype(np.uint32, copy=False)
