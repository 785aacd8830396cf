"""A frame's record, and how a frame is written: whole or not at all. The record is the last file to appear."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from synthgen.dataset.folders import UNFINISHED, image_path, mask_path, record_path
from synthgen.errors import InputError

FORMAT = 1
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class FileSum:
    """Size in bytes and BLAKE2b-128 (hex) of a file."""

    size: int
    blake2b: str

    @classmethod
    def of(cls, data: bytes) -> FileSum:
        return cls(len(data), hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest())


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """intrinsics: fx, fy, cx, cy in pixels, pixel centres at integers. cam_to_world: 4x4, metres; x right, y down,
    z forward; world Z up."""

    intrinsics: tuple[float, float, float, float]
    cam_to_world: tuple[tuple[float, ...], ...]
    width: int
    height: int

    @classmethod
    def of(cls, intrinsics: tuple[float, ...], cam_to_world: tuple[float, ...], size: tuple[int, int]) -> CameraRecord:
        """From a SceneSpec camera's 3x4 row-major matrix and (width, height)."""
        fx, fy, cx, cy = intrinsics
        rows = tuple(tuple(cam_to_world[4 * r : 4 * r + 4]) for r in range(3))
        return cls((fx, fy, cx, cy), (*rows, (0.0, 0.0, 0.0, 1.0)), *size)


@dataclass(frozen=True, slots=True)
class BoxRecord:
    """A box in space. size: length, width, height in metres along its own x (front), y (left), z (up). center: metres;
    rotation: 3x3 row-major, box to world. camera_center, camera_rotation: the same in the camera's axes."""

    size: tuple[float, float, float]
    center: tuple[float, float, float]
    rotation: tuple[tuple[float, ...], ...]
    camera_center: tuple[float, float, float]
    camera_rotation: tuple[tuple[float, ...], ...]

    @classmethod
    def of(
        cls,
        size: tuple[float, ...],
        center: tuple[float, ...],
        rotation: tuple[float, ...],
        camera_center: tuple[float, ...],
        camera_rotation: tuple[float, ...],
    ) -> BoxRecord:
        """From rotations of nine numbers, row by row."""
        rows, camera_rows = (tuple(r[3 * k : 3 * k + 3] for k in range(3)) for r in (rotation, camera_rotation))
        a, b, c = size
        x, y, z = center
        u, v, w = camera_center
        return cls((a, b, c), (x, y, z), rows, (u, v, w), camera_rows)


@dataclass(frozen=True, slots=True)
class InstanceRecord:
    """An instance in view. pixels, bbox ([x, y, width, height]): true counts, whatever became of its segment.

    location: world metres of its origin, where it has one place. relations: those of the scene (see `Instance`), and
    where the recipe asks for it `occluded_by`, what hides it in this view. Of things, where the recipe asks for it:
    visibility, truncation, amodal_pixels and amodal_bbox (see `annotation.amodal`), box.
    """

    instance_id: int
    category: str
    category_id: int
    pixels: int
    bbox: tuple[int, int, int, int]
    asset: str | None = None
    part_of: int | None = None
    location: tuple[float, float, float] | None = None
    transform: tuple[float, ...] | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, int | str | list[int]] = field(default_factory=dict)
    visibility: float | None = None
    truncation: float | None = None
    amodal_pixels: int | None = None
    amodal_bbox: tuple[int, int, int, int] | None = None
    box: BoxRecord | None = None


@dataclass(frozen=True, slots=True)
class DefectRecord:
    """A defect of the scene, in view or not. pixels: as of an instance; visible: see `annotation.defects`.

    attributes: what it is, how severe, and how large in metres.
    """

    instance_id: int
    category: str
    pixels: int
    visible: bool
    part_of: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One frame. identity: what all frames of a dataset must agree on; segments: its `segments_info`, as packaged;
    defects: all of the scene, the hidden ones too.

    files: by path relative to the dataset folder; filled in by `write_frame`. timings: seconds by stage. asked: how
    many frames the run was to make, over all shards, so that packaging knows what is missing at the end.
    """

    image_id: int
    split: str
    size: tuple[int, int]
    spec_hash: str
    identity: dict[str, Any]
    scene_index: int
    view_index: int
    camera: CameraRecord
    sensor: dict[str, Any]
    instances: tuple[InstanceRecord, ...]
    segments: tuple[dict[str, Any], ...]
    redraws: int = 0
    device: str = ""
    cpu: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    files: dict[str, FileSum] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    defects: tuple[DefectRecord, ...] = ()
    asked: int = 0
    format: int = FORMAT

    @property
    def image_path(self) -> str:
        """The picture, relative to the dataset folder."""
        return str(image_path(self.split, self.image_id))

    @property
    def mask_path(self) -> str:
        """The panoptic PNG, relative to the dataset folder."""
        return str(mask_path(self.split, self.image_id))


def encode_record(record: FrameRecord) -> bytes:
    """JSON with sorted keys."""
    return msgspec.json.format(msgspec.json.encode(record, order="sorted"), indent=1) + b"\n"


def decode_record(data: bytes, *, where: str = "") -> FrameRecord:
    """Raises InputError where the data is not a record of this format."""
    try:
        record = msgspec.json.decode(data, type=FrameRecord)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise InputError.of(f"not a frame's record: {error}", where=where) from error
    if record.format != FORMAT:
        raise InputError.of(f"a record of format {record.format}, not {FORMAT}", where=where)
    outside = [name for name in record.files if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts]
    if outside:
        raise InputError.of(f"the record names a file outside its dataset: {outside[0]}", where=where)
    return record


def read_record(path: Path) -> FrameRecord:
    """Raises InputError where the file cannot be read or is not a record."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError.of(f"cannot read the record: {error.strerror}", where=str(path)) from error
    return decode_record(data, where=str(path))


def find_record(folder: Path, image_id: int) -> FrameRecord | None:
    """The record of an image, or None where there is none or it is damaged (the frame is then made again)."""
    try:
        return read_record(folder / record_path(image_id))
    except InputError:
        return None


def write_atomic(folder: Path, relative: os.PathLike[str] | str, data: bytes) -> None:
    """Writes a file of a dataset folder in one step: readers see the old one, the new one or none."""
    target = folder / relative
    unfinished = folder / UNFINISHED
    unfinished.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = unfinished / f"{target.name}.{uuid.uuid4().hex}"
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_frame(
    folder: Path, image: bytes, mask: bytes, record: FrameRecord, *, extra: Mapping[str, bytes] | None = None
) -> FrameRecord:
    """Writes picture (JPEG), panoptic PNG and `extra` files (by path relative to the folder), then the record.

    Returns the record as written, with the checksums of the files. Raises OSError where the disk refuses; there is
    then no record, and the frame counts as missing.
    """
    contents = {record.image_path: image, record.mask_path: mask, **(extra or {})}
    done = replace(record, files={name: FileSum.of(data) for name, data in contents.items()})
    record_file = record_path(record.image_id)
    # A record that stood for other files must not outlive them.
    (folder / record_file).unlink(missing_ok=True)
    for name, data in contents.items():
        write_atomic(folder, name, data)
    write_atomic(folder, record_file, encode_record(done))
    return done


def damaged_files(folder: Path, record: FrameRecord, *, checksums: bool = True) -> list[tuple[str, str]]:
    """The files of a frame that are not as its record says: (path, what is wrong)."""
    found = [] if {record.image_path, record.mask_path} <= set(record.files) else [("", "its record lists no files")]
    for name, expected in record.files.items():
        path = folder / name
        if not path.is_file():
            found.append((name, "is missing"))
        elif path.stat().st_size != expected.size:
            found.append((name, f"has {path.stat().st_size} bytes, not {expected.size}"))
        elif checksums and FileSum.of(path.read_bytes()) != expected:
            found.append((name, "does not match its checksum"))
    return found


def frame_is_whole(folder: Path, record: FrameRecord, *, checksums: bool = True) -> bool:
    """Whether all files of a frame exist with the sizes (and checksums) of its record."""
    return not damaged_files(folder, record, checksums=checksums)
