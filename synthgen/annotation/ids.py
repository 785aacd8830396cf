"""Segment ids: how they are chosen, and how a PNG holds them (id = R + 256 G + 65536 B)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LAST_ID = 256**3 - 1
VOID = 0


def encode_ids(id_map: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """(H, W) ids 0..16777215 to (H, W, 3) RGB. Raises ValueError for a larger id."""
    if id_map.size and int(id_map.max()) > LAST_ID:
        raise ValueError(f"segment id {int(id_map.max())} does not fit into three bytes")
    planes = np.ascontiguousarray(id_map, dtype="<u4").view(np.uint8).reshape(*id_map.shape, 4)
    return np.ascontiguousarray(planes[..., :3])


def decode_ids(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(H, W, 3) RGB to (H, W) ids."""
    planes = np.zeros((*rgb.shape[:2], 4), dtype=np.uint8)
    planes[..., :3] = rgb
    return planes.view("<u4").reshape(rgb.shape[:2]).astype(np.uint32, copy=False)


def segment_ids(image_id: int, keys: Sequence[str]) -> list[int]:
    """An id in 1..16777215 for every key of one image, spread by BLAKE2b of image id and key.

    Where two collide, the later in the sequence takes the next free id (after the last comes 1).
    """
    taken: set[int] = set()
    ids = []
    for key in keys:
        digest = hashlib.blake2b(f"{image_id}/{key}".encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big") % LAST_ID + 1
        while number in taken:
            number = number % LAST_ID + 1
        taken.add(number)
        ids.append(number)
    return ids
