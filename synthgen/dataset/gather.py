"""Brings the frames of other folders (shards) into one, by hard links where the file system has them."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path, PurePath

from synthgen.dataset.folders import UNFINISHED, iter_record_paths, record_path, scene_path
from synthgen.dataset.identity import check_same_identity
from synthgen.dataset.record import FrameRecord, find_record, frame_is_whole
from synthgen.errors import InputError


def gather(folder: Path, source: Path) -> int:
    """Brings every whole frame of `source`, with its scene, that `folder` does not have. Returns how many.

    Raises InputError where `source` has no records, belongs to another dataset, or has another frame of an id.
    """
    if source.resolve() == folder.resolve():
        return 0
    if not source.is_dir():
        raise InputError.of("no such folder", where=str(source))
    mine = next(_whole_records(folder), None)
    brought = 0
    empty = True
    for record in _whole_records(source):
        empty = False
        if mine is None:
            mine = record
        where = str(source / record_path(record.image_id))
        check_same_identity(record.identity, mine.identity, where=where, other=str(folder))
        brought += _bring(folder, source, record)
    if empty:
        raise InputError.of("no records in this folder", where=str(source), hint="name a folder that generate wrote")
    return brought


def _whole_records(folder: Path) -> Iterator[FrameRecord]:
    """The records that can be read; the others' frames count as missing."""
    found = (find_record(folder, int(path.stem)) for path in iter_record_paths(folder))
    return (record for record in found if record is not None)


def _bring(folder: Path, source: Path, record: FrameRecord) -> int:
    """Links one frame, its record last. 0 where the folder has it already, or where it is not whole."""
    existing = find_record(folder, record.image_id)
    if existing is not None:
        if (existing.spec_hash, existing.view_index) != (record.spec_hash, record.view_index):
            raise InputError.of(
                f"image {record.image_id} is another frame than in {folder}",
                where=str(source / record_path(record.image_id)),
                hint="the two folders were made from different scenes; they cannot be one dataset",
            )
        if frame_is_whole(folder, existing, checksums=False):
            return 0
    if not frame_is_whole(source, record, checksums=False):
        return 0
    scene = scene_path(record.scene_index)
    if not (folder / scene).exists():
        _link(source / scene, folder, scene)
    for name in record.files:
        _link(source / name, folder, name)
    _link(source / record_path(record.image_id), folder, record_path(record.image_id))
    return 1


def _link(file: Path, folder: Path, relative: PurePath | str) -> None:
    target = folder / relative
    unfinished = folder / UNFINISHED
    for place in (unfinished, target.parent):
        place.mkdir(parents=True, exist_ok=True)
    temporary = unfinished / f"{target.name}.{uuid.uuid4().hex}"
    try:
        try:
            os.link(file, temporary)
        except OSError:
            shutil.copyfile(file, temporary)
        # Renaming onto another link of the same file does nothing and leaves the temporary one.
        temporary.replace(target)
    except FileNotFoundError as error:
        raise InputError.of("is missing", where=str(file), hint="run the same generate again") from error
    finally:
        temporary.unlink(missing_ok=True)
