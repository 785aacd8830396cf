"""A contact sheet: every picture beside its labels, with a legend of what is in them.

`python -m synthgen.report.contact_sheet DIR... SHEET.png` makes one of datasets that exist.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from synthgen.dataset.folders import iter_record_paths
from synthgen.dataset.identity import taxonomy_of
from synthgen.dataset.png import read_mask
from synthgen.dataset.record import read_record
from synthgen.errors import EXIT_INPUT, InputError
from synthgen.report.overlay import overlay

PICTURE_WIDTH = 800
"""Pixels, at most; larger pictures are reduced."""

MOST_ITEMS = 64
_BACK = (22, 24, 29)
_TEXT = (232, 234, 238)
_FAINT = (150, 156, 168)
_MARGIN, _GAP, _CAPTION, _ROW_GAP = 28, 6, 30, 18
_SWATCH, _LEGEND_ROW, _LEGEND_COLUMN = 18, 30, 250
_LABEL_SIZE, _TITLE_SIZE = 16, 16


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One frame: its picture, its panoptic PNG and `segments_info`, and what to write above it."""

    title: str
    image: Path
    mask: Path
    segments: Sequence[Mapping[str, Any]]


def contact_sheet(items: Sequence[SheetItem], categories: Sequence[Mapping[str, Any]], path: Path | str) -> None:
    """Writes the sheet as PNG. categories: the dataset's, as COCO-panoptic JSON has them.

    Raises InputError where there is nothing to show or the sheet cannot be written.
    """
    if not items:
        raise InputError.of("there are no frames to show", where=str(path))
    by_id = {int(c["id"]): c for c in categories}
    pairs = [_pair(item, by_id) for item in items]
    cell = (max(p.width for p in pairs), max(p.height for p in pairs))
    columns = _columns(len(pairs), cell)
    rows = -(-len(pairs) // columns)
    width = 2 * _MARGIN + columns * cell[0] + (columns - 1) * _MARGIN
    entries = _legend_entries(items, by_id)
    legend_columns = max(1, (width - 2 * _MARGIN) // _LEGEND_COLUMN)
    legend_height = -(-len(entries) // legend_columns) * _LEGEND_ROW
    row_height = _CAPTION + cell[1] + _ROW_GAP
    sheet = Image.new("RGB", (width, 2 * _MARGIN + rows * row_height + legend_height), _BACK)
    draw = ImageDraw.Draw(sheet)
    for k, (item, pair) in enumerate(zip(items, pairs, strict=True)):
        left = _MARGIN + (k % columns) * (cell[0] + _MARGIN)
        top = _MARGIN + (k // columns) * row_height
        _caption(draw, item, by_id, left, top, pair.width)
        sheet.paste(pair, (left, top + _CAPTION))
    _legend(draw, entries, legend_columns, _MARGIN + rows * row_height)
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path, format="PNG")
    except OSError as error:
        raise InputError.of(f"cannot write the contact sheet: {error.strerror or error}", where=str(path)) from error


def sheet_of(*datasets: Path | str, path: Path | str, frames: int = MOST_ITEMS) -> int:
    """Writes a contact sheet of the first frames of each dataset folder; returns how many it shows.

    Raises InputError where a folder has no frames, or two mean different things by one category id.
    """
    items: list[SheetItem] = []
    categories: dict[int, Mapping[str, Any]] = {}
    for dataset in datasets:
        records = [read_record(p) for _, p in zip(range(frames), iter_record_paths(Path(dataset)), strict=False)]
        if not records:
            raise InputError.of(
                "holds no frames", where=str(dataset), hint="name a folder that `synthgen generate` wrote"
            )
        of = f"{Path(dataset).name}   " if len(datasets) > 1 else ""
        items += [
            SheetItem(
                f"{of}{r.image_id}   scene {r.scene_index}, view {r.view_index}",
                Path(dataset) / r.image_path,
                Path(dataset) / r.mask_path,
                r.segments,
            )
            for r in records
        ]
        for category in taxonomy_of(records[0].identity, where=str(dataset)).categories:
            known = categories.setdefault(category.id, category.coco())
            if known["name"] != category.name:
                raise InputError.of(
                    f"category {category.id} is {category.name!r} here and {known['name']!r} before",
                    where=str(dataset), hint="make a sheet of each",
                )  # fmt: skip
    contact_sheet(items, [categories[k] for k in sorted(categories)], path)
    return len(items)


def _pair(item: SheetItem, categories: Mapping[int, Mapping[str, Any]]) -> Image.Image:
    """The picture and its overlay side by side, reduced to the sheet's width."""
    try:
        with Image.open(item.image) as file:
            picture = file.convert("RGB")
        ids = read_mask(item.mask)
    except OSError as error:
        raise InputError.of(f"cannot be shown: {error}", where=str(item.image)) from error
    labels = Image.fromarray(overlay(np.asarray(picture), ids, item.segments, categories))
    if picture.width > PICTURE_WIDTH:
        size = (PICTURE_WIDTH, max(1, round(picture.height * PICTURE_WIDTH / picture.width)))
        picture, labels = (p.resize(size, Image.Resampling.LANCZOS) for p in (picture, labels))
    pair = Image.new("RGB", (2 * picture.width + _GAP, picture.height), _BACK)
    pair.paste(picture, (0, 0))
    pair.paste(labels, (picture.width + _GAP, 0))
    return pair


def _columns(count: int, cell: tuple[int, int]) -> int:
    """Pairs a row, so that the sheet is nearest to a page's shape."""

    def misfit(columns: int) -> float:
        rows = -(-count // columns)
        ratio = columns * (cell[0] + _MARGIN) / (rows * (cell[1] + _CAPTION + _ROW_GAP))
        return max(ratio / 1.3, 1.3 / ratio)

    return min(range(1, min(count, 4) + 1), key=misfit)


def _caption(
    draw: ImageDraw.ImageDraw,
    item: SheetItem,
    categories: Mapping[int, Mapping[str, Any]],
    left: int,
    top: int,
    width: int,
) -> None:
    things = sum(bool(categories[s["category_id"]]["isthing"]) for s in item.segments)
    font = ImageFont.load_default(_TITLE_SIZE)
    middle = top + _CAPTION // 2
    draw.text((left, middle), item.title, _TEXT, font, anchor="lm")
    draw.text((left + width, middle), f"{things} thing{'s' * (things != 1)}", _FAINT, font, anchor="rm")


def _legend_entries(
    items: Sequence[SheetItem], categories: Mapping[int, Mapping[str, Any]]
) -> list[tuple[tuple[int, ...], str, str]]:
    """(colour, name, count) of the categories present, in the taxonomy's order: segments of things, pictures of
    stuff."""
    counts = Counter(int(s["category_id"]) for item in items for s in item.segments)
    return [
        (tuple(c["color"]), str(c["name"]), str(counts[i]) if c["isthing"] else f"in {counts[i]}")
        for i, c in categories.items()
        if counts[i]
    ]


def _legend(
    draw: ImageDraw.ImageDraw, entries: Sequence[tuple[tuple[int, ...], str, str]], columns: int, top: int
) -> None:
    font = ImageFont.load_default(_LABEL_SIZE)
    rows = -(-len(entries) // columns)
    for k, (color, name, count) in enumerate(entries):
        left = _MARGIN + (k // rows) * _LEGEND_COLUMN
        middle = top + (k % rows) * _LEGEND_ROW + _LEGEND_ROW // 2
        box = (left, middle - _SWATCH // 2, left + _SWATCH, middle + _SWATCH // 2)
        draw.rounded_rectangle(box, radius=4, fill=color)
        text_left = left + _SWATCH + 10
        draw.text((text_left, middle), name, _TEXT, font, anchor="lm")
        draw.text((text_left + draw.textlength(name, font) + 10, middle), count, _FAINT, font, anchor="lm")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("usage: python -m synthgen.report.contact_sheet DIR... SHEET.png", file=sys.stderr)
        sys.exit(EXIT_INPUT)
    try:
        sheet_of(*sys.argv[1:-1], path=sys.argv[-1])
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
