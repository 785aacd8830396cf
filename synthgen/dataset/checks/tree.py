"""Where the files of a COCO-panoptic dataset lie, and what lies there that should not."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from synthgen.dataset.findings import Findings
from synthgen.dataset.folders import ANNOTATIONS, split_of_annotations
from synthgen.errors import InputError

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class SplitFiles:
    """One split: its JSON, the folder of its masks, and that of its pictures where it was found."""

    split: str
    json: Path
    masks: Path
    images: Path | None


def find_splits(folder: Path) -> list[SplitFiles]:
    """The splits of a dataset folder laid out like ours or like the official COCO one.

    Raises InputError where there are none.
    """
    if not folder.is_dir():
        raise InputError.of("no such folder", where=str(folder))
    root, annotations = folder, folder / ANNOTATIONS
    found = _panoptic_jsons(annotations)
    if not found:
        root, annotations = folder.parent, folder
        found = _panoptic_jsons(folder)
    if not found:
        raise InputError.of(
            "no annotations/panoptic_<split>.json in this folder",
            where=str(folder),
            hint="name the files: --json FILE --masks FOLDER --images FOLDER",
        )
    return [
        SplitFiles(split, path, annotations / f"panoptic_{split}", _images_of(root, split)) for split, path in found
    ]


def check_tree(folder: Path, splits: list[SplitFiles], findings: Findings) -> None:
    """JSON files below a dataset that mislead datumaro."""
    expected = {s.json for s in splits}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in (".tmp", ".git"))
        for name in sorted(n for n in names if n.endswith(".json")):
            path = Path(place) / name
            if path in expected:
                continue
            if name == "dataset_meta.json":
                findings.trap("stray-json", path, "misleads datumaro, which takes categories from it", "rename it")
            elif split_of_annotations(path) is not None:
                findings.trap("stray-json", path, "is a second panoptic JSON below the dataset", "move it elsewhere")
            elif path.parent.name == str(ANNOTATIONS):
                findings.trap("stray-json", path, "lies beside the panoptic JSON; datumaro reads it too", "move it")


def check_orphans(files: SplitFiles, masks: Container[str], pictures: Container[str], findings: Findings) -> None:
    """Masks and pictures that the JSON does not name."""
    orphans = [n for n in _names(files.masks) if n not in masks and n.lower().endswith(".png")]
    if orphans:
        findings.trap("orphan-mask", files.masks, f"{_count(orphans, 'mask')} not in the JSON: {_shown(orphans)}")
    if files.images is not None:
        orphans = [n for n in _names(files.images) if n not in pictures and n.lower().endswith(_PICTURES)]
        if orphans:
            what = f"{_count(orphans, 'picture')} not in the JSON: {_shown(orphans)}"
            findings.trap("orphan-picture", files.images, what)


def _panoptic_jsons(annotations: Path) -> list[tuple[str, Path]]:
    named = ((split_of_annotations(p), p) for p in sorted(annotations.glob("panoptic_*.json")) if p.is_file())
    return [(split, path) for split, path in named if split is not None]


def _images_of(root: Path, split: str) -> Path | None:
    places = (root / "images" / split, root / split, root / "images")
    return next((p for p in places if p.is_dir()), None)


def _names(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        with os.scandir(folder) as entries:
            yield from sorted(e.name for e in entries if e.is_file())


def _count(names: list[str], noun: str) -> str:
    return f"1 {noun} is" if len(names) == 1 else f"{len(names)} {noun}s are"


def _shown(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
