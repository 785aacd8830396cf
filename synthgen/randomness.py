"""Named random streams.

A stream depends on (seed, scene index, name) and on nothing else, so adding a light to a recipe does not move
the camera, and any scene can be planned alone, on any machine, in any order.
"""

from __future__ import annotations

import hashlib

import numpy as np

_STREAM_KEY_BYTES = 8


def stream_key(name: str) -> int:
    """First 8 bytes (big-endian) of the BLAKE2b hash of a stream's name."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8")).digest()[:_STREAM_KEY_BYTES], "big")


def stream(seed: int, scene_index: int, name: str) -> np.random.Generator:
    """The random generator of one named stream of one scene (PCG64 seeded through `SeedSequence`)."""
    sequence = np.random.SeedSequence(seed, spawn_key=(scene_index, stream_key(name)))
    return np.random.Generator(np.random.PCG64(sequence))
