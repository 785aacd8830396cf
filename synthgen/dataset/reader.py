"""Reads a COCO-panoptic dataset, ours or anyone's, image by image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.dataset.checks.tree import SplitFiles, find_splits
from synthgen.dataset.jsonstream import members
from synthgen.dataset.png import read_mask
from synthgen.errors import InputError


@dataclass(frozen=True, slots=True)
class PanopticImage:
    """One image of a split. image and segments: its entry in `images` and its `segments_info`, as in the JSON."""

    split: str
    image: Mapping[str, Any]
    segments: tuple[Mapping[str, Any], ...]
    picture_path: Path | None
    mask_path: Path

    @property
    def id(self) -> int:
        return int(self.image["id"])

    def read_ids(self) -> NDArray[np.uint32]:
        """The (H, W) segment ids. Raises OSError where the mask cannot be read."""
        return read_mask(self.mask_path)

    def read_picture(self) -> NDArray[np.uint8]:
        """The (H, W, 3) sRGB picture. Raises OSError where it is missing or cannot be read."""
        bgr = cv2.imread(str(self.picture_path), cv2.IMREAD_COLOR) if self.picture_path else None
        if bgr is None:
            raise OSError(f"{self.picture_path or self.image['file_name']} is not a picture")
        return np.ascontiguousarray(bgr[..., ::-1], dtype=np.uint8)


def split_names(folder: Path) -> list[str]:
    """The splits of a dataset folder. Raises InputError where there are none."""
    return [files.split for files in find_splits(Path(folder))]


def read_categories(folder: Path, split: str | None = None) -> dict[int, Mapping[str, Any]]:
    """The categories of a split (the first, if not said) by id, in file order. Raises InputError."""
    files = _files(folder, split)[0]
    return {c["id"]: c for key, c, element in members(files.json) if key == "categories" and element}


def read_images(folder: Path, split: str | None = None) -> Iterator[PanopticImage]:
    """Every annotated image of a dataset, or of one split, in the order of its annotations.

    Raises InputError where there is no dataset or no such split, or where an annotation is of an unknown image.
    """
    for files in _files(folder, split):
        images = {i["id"]: i for key, i, element in members(files.json) if key == "images" and element}
        for key, annotation, element in members(files.json):
            if key == "annotations" and element:
                yield _image(files, images, annotation)


def _image(files: SplitFiles, images: Mapping[int, Mapping[str, Any]], annotation: Mapping[str, Any]) -> PanopticImage:
    try:
        image = images[annotation["image_id"]]
        return PanopticImage(
            files.split,
            image,
            tuple(annotation["segments_info"]),
            files.images / image["file_name"] if files.images else None,
            files.masks / annotation["file_name"],
        )
    except (KeyError, TypeError) as error:
        raise InputError.of(
            f"an annotation cannot be read: {error!r}", where=str(files.json), hint="run synthgen validate"
        ) from error


def _files(folder: Path, split: str | None) -> list[SplitFiles]:
    found = find_splits(Path(folder))
    chosen = [files for files in found if split in (None, files.split)]
    if not chosen:
        raise InputError.of(
            f"no split {split!r}", where=str(folder), hint=f"there are: {', '.join(f.split for f in found)}"
        )
    return chosen
