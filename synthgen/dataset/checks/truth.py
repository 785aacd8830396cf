"""Checks of what a dataset of ours has beside pictures and labels: that it is there, of the right size and sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.annotation.extents import extents
from synthgen.annotation.rle import decode_rle
from synthgen.dataset.findings import Findings
from synthgen.dataset.record import FrameRecord, InstanceRecord
from synthgen.dataset.truth import CHANNELS, read_amodal, read_exr, truth_files
from synthgen.errors import InputError
from synthgen.truth import DEPTH, NORMALS

_AGAIN = "run the same generate again"
_LENGTH = 1e-3


def check_truth(folder: Path, record: FrameRecord, findings: Findings) -> None:
    """The files that a frame's recipe asks for; one that is missing altogether is told by the checksums."""
    for word, relative in truth_files(record.identity, record.split, record.image_id).items():
        path = folder / relative
        if str(relative) not in record.files:
            findings.error("truth", path, f"its recipe asks for {word}, but its record does not list it", _AGAIN)
            continue
        if not path.is_file():
            continue
        try:
            wrong = _wrong_values(word, path, record) if word in CHANNELS else _wrong_masks(path, record)
        except InputError as error:
            wrong = error.diagnostics[0].what
        if wrong:
            findings.error("truth", path, wrong, _AGAIN)


def _wrong_values(word: str, path: Path, record: FrameRecord) -> str:
    """What is wrong with depth, normals or flow; empty where nothing is. Raises InputError for a broken file."""
    values = read_exr(path)
    width, height = record.size
    shape = (height, width) if CHANNELS[word] == 1 else (height, width, CHANNELS[word])
    if values.shape != shape:
        return f"has the shape {values.shape}, not {shape}"
    if word == DEPTH:
        return "" if (values > 0).all() else "has depths that are NaN, 0 or negative"
    if not np.isfinite(values).all():
        return "has values that are NaN or infinite"
    if word == NORMALS:
        length = np.linalg.norm(values, axis=-1)
        sound = (length == 0) | (np.abs(length - 1) < _LENGTH)
        return "" if sound.all() else f"has {np.count_nonzero(~sound)} normals that are neither 0 nor of unit length"
    return "" if np.isin(values[..., 2], (0, 1)).all() else "has a validity that is neither 0 nor 1"


def _wrong_masks(path: Path, record: FrameRecord) -> str:
    """The same of amodal masks."""
    entries = read_amodal(path)
    told = {i.instance_id: i for i in record.instances if i.visibility is not None}
    if set(entries) != set(told):
        return f"has masks of {len(entries)} instances; its record tells of {len(told)}"
    for number, entry in entries.items():
        wrong = _wrong_mask(entry, told[number], record.size)
        if wrong:
            return f"instance {number}: {wrong}"
    return ""


def _wrong_mask(entry: dict[str, Any], told: InstanceRecord, size: tuple[int, int]) -> str:
    try:
        mask: NDArray[np.bool_] = decode_rle(entry["segmentation"])
    except (KeyError, ValueError) as error:
        return f"its mask cannot be read: {error}"
    if mask.shape != (size[1], size[0]):
        return f"its mask is {mask.shape[1]}x{mask.shape[0]}, not {size[0]}x{size[1]}"
    area = int(mask.sum())
    if not area == entry.get("area") == told.amodal_pixels:
        return f"its mask has {area} pixels; the file says {entry.get('area')}, the record {told.amodal_pixels}"
    box = extents(mask.astype(np.uint8)).box(-1)
    if not box == entry.get("bbox") == list(told.amodal_bbox or ()):
        return f"its mask has the bbox {box}; the file says {entry.get('bbox')}"
    if entry.get("visibility") != told.visibility or entry.get("truncation") != told.truncation:
        return "file and record differ in visibility or truncation"
    return ""
