"""Where the files of a dataset folder lie. All functions give paths relative to the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from synthgen.truth import AMODAL

IMAGES = PurePosixPath("images")
ANNOTATIONS = PurePosixPath("annotations")
RECORDS = PurePosixPath("records")
SCENES = PurePosixPath("scenes")
UNFINISHED = PurePosixPath(".tmp")
DATASET = PurePosixPath("dataset.json")
CARD = PurePosixPath("README.md")
ATTRIBUTION = PurePosixPath("ATTRIBUTION.md")
FAILURES = PurePosixPath("failures.json")

IMAGE_DIGITS = 12
SCENE_DIGITS = 6
_RECORD_NAME = re.compile(rf"\d{{{IMAGE_DIGITS},}}\.json")
_SCENE_NAME = re.compile(rf"\d{{{SCENE_DIGITS},}}\.json")
_SPLIT_JSON_NAME = re.compile(r"panoptic_(.+)\.json")


def stem(image_id: int) -> str:
    """The name, without its ending, of every file of a frame."""
    return f"{image_id:0{IMAGE_DIGITS}d}"


def image_path(split: str, image_id: int) -> PurePosixPath:
    return IMAGES / split / f"{stem(image_id)}.jpg"


def mask_path(split: str, image_id: int) -> PurePosixPath:
    return ANNOTATIONS / f"panoptic_{split}" / f"{stem(image_id)}.png"


def truth_path(word: str, split: str, image_id: int) -> PurePosixPath:
    """Depth, normals, flow or amodal masks of a frame, where the recipe asks for them (see `synthgen.truth`)."""
    return PurePosixPath(word) / split / f"{stem(image_id)}.{'json' if word == AMODAL else 'exr'}"


def record_path(image_id: int) -> PurePosixPath:
    return RECORDS / f"{stem(image_id)}.json"


def scene_path(scene_index: int) -> PurePosixPath:
    return SCENES / f"{scene_index:0{SCENE_DIGITS}d}.json"


def annotations_path(split: str) -> PurePosixPath:
    """The split's COCO-panoptic JSON; its masks are in the folder of the same name."""
    return ANNOTATIONS / f"panoptic_{split}.json"


def split_of_annotations(path: Path) -> str | None:
    """The split that a file `panoptic_<split>.json` is of, or None for another name."""
    match = _SPLIT_JSON_NAME.fullmatch(path.name)
    return match[1] if match else None


def split_files(folder: Path) -> list[Path]:
    """Every annotations/panoptic_<split>.json of a dataset folder, by name."""
    return sorted(p for p in (folder / ANNOTATIONS).glob("panoptic_*.json") if p.is_file())


def iter_record_paths(folder: Path) -> Iterator[Path]:
    """The records in a dataset folder by ascending image id."""
    records = folder / RECORDS
    if not records.is_dir():
        return
    names = (p.name for p in records.iterdir() if _RECORD_NAME.fullmatch(p.name))
    for name in sorted(names, key=lambda n: (len(n), n)):
        yield records / name


def not_ours(folder: Path) -> str | None:
    """What a folder holds of what packaging writes, though no run was there: `a file README.md`. None where the folder
    is empty, not there, or a dataset of ours, packaged or not."""
    if any(_is_named(folder / place, name) for place, name in ((RECORDS, _RECORD_NAME), (SCENES, _SCENE_NAME))):
        return None
    for name in (IMAGES, ANNOTATIONS, CARD, ATTRIBUTION, DATASET):
        path = folder / name
        if path.exists():
            return f"a {'folder' if path.is_dir() else 'file'} {name}"
    return None


def _is_named(folder: Path, name: re.Pattern[str]) -> bool:
    """Whether a folder holds a file of such a name."""
    return folder.is_dir() and any(name.fullmatch(p.name) for p in folder.iterdir())
