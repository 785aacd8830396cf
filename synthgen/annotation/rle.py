"""Masks as COCO's compressed run lengths, as pycocotools writes and reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask


def encode_rle(mask: NDArray[np.bool_]) -> dict[str, Any]:
    """An (H, W) mask as {"size": [height, width], "counts": text}."""
    coded = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": [int(n) for n in coded["size"]], "counts": coded["counts"].decode("ascii")}


def decode_rle(coded: Mapping[str, Any]) -> NDArray[np.bool_]:
    """The (H, W) mask of what `encode_rle` gave. Raises ValueError where that is not what it is."""
    try:
        height, width = (int(n) for n in coded["size"])
        plain = {"size": [height, width], "counts": str(coded["counts"]).encode("ascii")}
        return np.asarray(coco_mask.decode(plain)).astype(bool)
    except (KeyError, TypeError, UnicodeEncodeError) as error:
        raise ValueError(f"not a mask as run lengths: {error!r}") from error
