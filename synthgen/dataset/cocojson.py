"""Writes panoptic_<split>.json image by image, so that memory does not grow with the dataset."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from synthgen.dataset.folders import UNFINISHED, annotations_path
from synthgen.errors import InputError


def compact(value: Any) -> str:
    """JSON without blanks, pure ASCII, keys in the order given. Raises ValueError for NaN and infinity."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


class SplitWriter:
    """One split's file. `add` takes images by ascending id; `close` puts the file in place, `abandon` does not.

    Images and annotations are written to two parts side by side, one line each, and joined at the end.
    """

    def __init__(self, folder: Path, split: str):
        self.target = folder / annotations_path(split)
        self.images = 0
        self.segments = 0
        unfinished = folder / UNFINISHED
        unfinished.mkdir(parents=True, exist_ok=True)
        self._name = unfinished / f"{self.target.name}.{uuid.uuid4().hex}"
        self._image_part = self._part("images")
        self._annotation_part = self._part("annotations")
        self._last_id = 0

    def add(self, image: Mapping[str, Any], annotation: Mapping[str, Any]) -> None:
        if image["id"] <= self._last_id:
            raise InputError.of(f"image {image['id']} comes after image {self._last_id}", where=str(self.target))
        self._last_id = image["id"]
        separator = ",\n" if self.images else ""
        self._image_part.write(separator + compact(image))
        self._annotation_part.write(separator + compact(annotation))
        self.images += 1
        self.segments += len(annotation["segments_info"])

    def close(
        self,
        info: Mapping[str, Any],
        licences: Iterable[Mapping[str, Any]],
        categories: Iterable[Mapping[str, Any]],
    ) -> None:
        whole = self._name.with_name(self._name.name + ".whole")
        try:
            with whole.open("w", encoding="ascii", newline="\n") as out:
                out.write(f'{{"info":{compact(info)},\n"licenses":{compact(list(licences))},\n"images":[\n')
                self._join(self._image_part, out)
                out.write('\n],\n"annotations":[\n')
                self._join(self._annotation_part, out)
                out.write('\n],\n"categories":[\n')
                out.write(",\n".join(compact(c) for c in categories))
                out.write("\n]}\n")
            self.target.parent.mkdir(parents=True, exist_ok=True)
            whole.replace(self.target)
        finally:
            whole.unlink(missing_ok=True)
            self.abandon()

    def abandon(self) -> None:
        """Removes the parts."""
        for part in (self._image_part, self._annotation_part):
            part.close()
            Path(part.name).unlink(missing_ok=True)

    def __enter__(self) -> SplitWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.abandon()

    def _part(self, kind: str) -> IO[str]:
        path = self._name.with_name(f"{self._name.name}.{kind}")
        return path.open("w+", encoding="ascii", newline="\n")

    @staticmethod
    def _join(part: IO[str], out: IO[str]) -> None:
        part.seek(0)
        shutil.copyfileobj(part, out, 1 << 20)
