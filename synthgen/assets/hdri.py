"""Surroundings as light, made ready for rendering: unpacked, and without the negative radiance that shrinking and
compressing left around bright lamps.

<cache>/converted/hdris/<name>-<key>.exr     key: of the file that it comes from, and of VERSION
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from synthgen.assets.archive import ModelArchive
from synthgen.assets.trim import mark_used
from synthgen.errors import InputError

VERSION = 1
"""Raised when a file comes out otherwise."""

_LARGEST_HALF = 65504.0


def unpacked_hdri(archive: Path, member: str) -> bytes:
    """The picture that a JavaScript module of an archive holds in base64. Raises InputError where it holds none."""
    text = ModelArchive(archive).read(member)
    _, found, rest = text.partition(b";base64,")
    try:
        return base64.b64decode(rest.partition(b"'")[0], validate=True) if found else b""
    except binascii.Error as error:
        raise InputError.of(f"not a picture in base64: {error}", where=f"{archive}:{member}") from error


def clean_hdri(name: str, sha256: str, read: Callable[[], bytes], cache: Path) -> Path:
    """An OpenEXR picture as RGB half floats from 0 to 65504, uncompressed; made once, whole or not at all.

    sha256: of the file that it comes from. read: gives the picture's bytes. Raises InputError where it is no picture.
    """
    key = hashlib.blake2b(f"{VERSION} {sha256}".encode(), digest_size=6).hexdigest()
    target = cache / "converted" / "hdris" / f"{name}-{key}.exr"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hdri-", dir=target.parent) as folder:
            source, clean = Path(folder) / "source.exr", Path(folder) / "clean.exr"
            source.write_bytes(read())
            _clean(source, clean, name)
            clean.replace(target)
    mark_used(target)
    return target


def _clean(source: Path, target: Path, name: str) -> None:
    import OpenEXR

    try:
        with OpenEXR.File(str(source)) as file:
            pixels = np.asarray(file.channels()["RGB"].pixels, dtype=np.float32)
    except (RuntimeError, KeyError, ValueError) as error:
        raise InputError.of(f"cannot be read as a picture: {error}", where=name) from error
    pixels = np.nan_to_num(pixels, nan=0.0, posinf=_LARGEST_HALF, neginf=0.0).clip(0.0, _LARGEST_HALF)
    header = {"compression": OpenEXR.NO_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": np.ascontiguousarray(pixels, dtype=np.float16)}) as file:
        file.write(str(target))
