"""Files of the truth that a recipe asks for beside pictures and labels: depth, normals, flow (EXR) and amodal masks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from synthgen.dataset.folders import truth_path
from synthgen.errors import InputError
from synthgen.truth import AMODAL, DEPTH, FLOW, NORMALS, asked

CHANNELS = {DEPTH: 1, NORMALS: 3, FLOW: 3}
"""Float32 channels of each EXR: one is called Y, three R, G and B, which every reader of EXR knows."""

WITH_FILES = (*CHANNELS, AMODAL)


def truth_files(identity: Mapping[str, Any], split: str, image_id: int) -> dict[str, PurePosixPath]:
    """The files that a frame has beside picture and mask, by what they hold, relative to the dataset folder."""
    return {word: truth_path(word, split, image_id) for word in asked(identity) if word in WITH_FILES}


def encode_exr(values: NDArray[np.float32]) -> bytes:
    """(H, W) or (H, W, 3) as a ZIP-compressed EXR of float32 channels. Equal values give equal bytes."""
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    planes = [values] if values.ndim == 2 else [values[..., k] for k in range(3)]
    names = "Y" if values.ndim == 2 else "RGB"
    channels = {n: np.ascontiguousarray(p, dtype=np.float32) for n, p in zip(names, planes, strict=True)}
    with tempfile.TemporaryDirectory(prefix="synthgen-") as folder:
        path = Path(folder) / "truth.exr"
        OpenEXR.File(header, channels).write(str(path))
        return path.read_bytes()


def read_exr(path: Path | str) -> NDArray[np.float32]:
    """The (H, W) or (H, W, 3) float32 values of depth, normals or flow. Raises InputError where it is no such file."""
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            channels = {name: channel.pixels for name, channel in file.channels().items()}
    except (RuntimeError, OSError) as error:
        raise InputError.of(f"cannot be read as EXR: {error}", where=str(path)) from error
    if any(plane.dtype != np.float32 for plane in channels.values()):
        raise InputError.of("does not hold 32-bit floating-point numbers", where=str(path))
    if set(channels) == {"Y"}:
        return np.asarray(channels["Y"])
    if set(channels) == set("RGB"):
        return np.stack([channels[name] for name in "RGB"], axis=-1)
    raise InputError.of(f"has the channels {', '.join(sorted(channels))}, not Y or R, G, B", where=str(path))


def encode_amodal(image_id: int, instances: list[dict[str, Any]]) -> bytes:
    """The amodal masks of one frame; see docs/datasets.md."""
    data = {"image_id": image_id, "instances": instances}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def read_amodal(path: Path | str) -> dict[int, dict[str, Any]]:
    """The entries of a frame's amodal masks by `instance_id`. Raises InputError where it is no such file."""
    try:
        data = json.loads(Path(path).read_bytes())
        return {int(entry["instance_id"]): dict(entry) for entry in data["instances"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError.of(f"cannot be read as amodal masks: {error!r}", where=str(path)) from error
