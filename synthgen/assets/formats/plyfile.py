"""The tables of a PLY file: its header, and its elements as columns and lists, from text or binary.

Format: Greg Turk, "The PLY Polygon File Format" (1994), with the type names that later writers use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.formats.source import Floats, Ints, refuse_many
from synthgen.assets.formats.text import chunks, parse_numbers, words_per_line
from synthgen.errors import InputError

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2",
    "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4",
    "double": "f8", "float64": "f8",
}  # fmt: skip
_FORMATS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_MOST_ROWS = 50_000_000


@dataclass(frozen=True, slots=True)
class Property:
    """A column (`count` is None) or a list, whose length is written before it. Types are numpy's, without order."""

    name: str
    type: str
    count: str | None = None


@dataclass(slots=True)
class Element:
    """A kind of row: vertices, faces. columns: (rows,) by name, whole numbers as float64 too; integers of colours are
    not scaled (`types` tells). lists: by name (rows,) lengths and all values, row after row."""

    name: str
    rows: int
    properties: list[Property] = field(default_factory=list)
    columns: dict[str, Floats] = field(default_factory=dict)
    lists: dict[str, tuple[Ints, Floats]] = field(default_factory=dict)

    def type(self, name: str) -> str:
        return next(p.type for p in self.properties if p.name == name)


@dataclass(frozen=True, slots=True)
class Ply:
    """elements by name; comments as they stand in the header, without the word `comment`."""

    elements: dict[str, Element]
    comments: tuple[str, ...]


def read_ply_file(data: bytes, where: str) -> Ply:
    """All elements. Raises InputError where it is no PLY file, is cut short, or has too many faces."""
    format_, elements, comments, start = _header(data, where)
    for element in elements:
        if element.name == "face":
            refuse_many(element.rows, where)
        if element.rows > _MOST_ROWS:
            raise InputError.of(f"the file has {element.rows:,} rows of {element.name!r}: too many", where=where)
    if format_ == "ascii":
        body = data[start:].replace(b"\r\n", b"\n").replace(b"\r", b"\n") + b"\n"
        cells = _Cells(_text_numbers(body, where), None, where, _line_starts(body, sum(e.rows for e in elements)))
    else:
        cells = _Cells(np.frombuffer(data, dtype=np.uint8, offset=start), _FORMATS[format_], where)
    for element in elements:
        cells.read(element)
    return Ply({e.name: e for e in elements}, comments)


def _text_numbers(body: bytes, where: str) -> Floats:
    parts = [parse_numbers(text, None) for text in chunks(body)]
    numbers = [part for part in parts if part is not None]
    if len(numbers) < len(parts):
        raise InputError.of("the file has something else than numbers after its header", where=where)
    return np.concatenate(numbers) if numbers else np.zeros(0)


def _line_starts(body: bytes, rows: int) -> Ints | None:
    """The place among the numbers of each line's first; None where rows are not lines."""
    words = words_per_line(body)
    words = words[words > 0]
    return np.cumsum(words) - words if len(words) >= rows else None


def _header(data: bytes, where: str) -> tuple[str, list[Element], tuple[str, ...], int]:
    if data[:4] not in (b"ply\n", b"ply\r", b"ply "):
        raise InputError.of("not a PLY file: it does not begin with `ply`", where=where)
    end = data.find(b"end_header")
    begin = data.find(b"\n", end) + 1 if end >= 0 else 0
    if begin == 0:
        raise InputError.of("the file is cut short: its header has no end", where=where)
    format_, elements, comments = "", list[Element](), list[str]()
    for line in data[:end].decode("latin-1").splitlines()[1:]:
        words = line.split()
        try:
            if words[:1] == ["format"]:
                format_ = words[1]
            elif words[:1] in (["comment"], ["obj_info"]):
                comments.append(line.split(None, 1)[1].strip() if len(words) > 1 else "")
            elif words[:1] == ["element"]:
                elements.append(Element(words[1], int(words[2])))
            elif words[:2] == ["property", "list"]:
                elements[-1].properties.append(Property(words[4], _TYPES[words[3]], _TYPES[words[2]]))
            elif words[:1] == ["property"]:
                elements[-1].properties.append(Property(words[2], _TYPES[words[1]]))
        except (IndexError, KeyError, ValueError):
            raise InputError.of(f"{line[:60]!r} is no line of a PLY header", where=where) from None
    if format_ not in _FORMATS or any(e.rows < 0 for e in elements):
        raise InputError.of(f"the PLY header has no format that is known ({format_!r})", where=where)
    return format_, elements, tuple(comments), begin


class _Cells:
    """The body of a file: bytes (`order` is their order), or the numbers of a text (`order` is None).

    lines: where the lines of a text begin, if rows are lines: some writers put more in them than they say.
    """

    def __init__(self, cells: NDArray[np.uint8] | Floats, order: str | None, where: str, lines: Ints | None = None):
        self._cells = cells
        self._order = order
        self._at = 0
        self._where = where
        self._lines = lines

    def read(self, element: Element) -> None:
        """Takes the next rows as an element's."""
        if element.rows == 0 or not element.properties:
            return
        starts = None
        if self._lines is not None:
            starts, self._lines = self._lines[: element.rows], self._lines[element.rows :]
            self._at = int(starts[0])
        self._need(element.rows * sum(self._width(p.count or p.type) for p in element.properties))
        lengths = self._lengths_of_first_row(element)
        if not self._read_alike(element, lengths, starts):
            self._read_row_by_row(element, starts)

    def _width(self, type_: str) -> int:
        return 1 if self._order is None else np.dtype(type_).itemsize

    def _need(self, cells: int) -> None:
        if self._at + cells > len(self._cells):
            raise InputError.of("the file is cut short: it ends before all that its header promises", where=self._where)

    def _values(self, at: Ints, type_: str) -> Floats:
        """The values that begin at these cells."""
        if self._order is None:
            return np.asarray(self._cells[at], dtype=np.float64)
        width = np.dtype(type_).itemsize
        raw = np.ascontiguousarray(self._cells[at[:, None] + np.arange(width)])
        return raw.view(self._order + type_).ravel().astype(np.float64)

    def _lengths_of_first_row(self, element: Element) -> dict[str, int]:
        at, lengths = self._at, {}
        for p in element.properties:
            if p.count is not None:
                self._need(at - self._at + self._width(p.count))
                length = int(self._values(np.array([at]), p.count)[0])
                lengths[p.name] = length = max(length, 0)
                at += self._width(p.count) + length * self._width(p.type)
            else:
                at += self._width(p.type)
        return lengths

    def _read_alike(self, element: Element, lengths: dict[str, int], starts: Ints | None) -> bool:
        """Where each row's lists are as long as the first row's, the body is a table."""
        row = sum(
            self._width(p.type) * lengths.get(p.name, 1) + (self._width(p.count) if p.count else 0)
            for p in element.properties
        )
        end = self._at + element.rows * row if starts is None else int(starts[-1]) + row
        if end > len(self._cells):
            return False
        if starts is None:
            table = self._cells[self._at : end].reshape(element.rows, row)
        else:
            table = self._cells[starts[:, None] + np.arange(row)]
        at = 0
        columns: dict[str, Floats] = {}
        for p in element.properties:
            if p.count is not None:
                counted = self._column(table, at, p.count, 1)
                if (counted != lengths[p.name]).any():
                    return False
                at += self._width(p.count)
            columns[p.name] = self._column(table, at, p.type, lengths.get(p.name, 1))
            at += self._width(p.type) * lengths.get(p.name, 1)
        for p in element.properties:
            if p.count is None:
                element.columns[p.name] = columns[p.name].ravel()
            else:
                element.lists[p.name] = (np.full(element.rows, lengths[p.name]), columns[p.name].ravel())
        self._at = end
        return True

    def _column(self, table: NDArray[np.uint8] | Floats, at: int, type_: str, count: int) -> Floats:
        cut = np.ascontiguousarray(table[:, at : at + self._width(type_) * count])
        if self._order is None or count == 0:
            return np.asarray(cut, dtype=np.float64)
        return cut.view(self._order + type_).astype(np.float64)

    def _read_row_by_row(self, element: Element, lines: Ints | None) -> None:
        starts = {p.name: np.zeros(element.rows, dtype=np.int64) for p in element.properties}
        lengths = {p.name: np.zeros(element.rows, dtype=np.int64) for p in element.properties if p.count}
        length_at = self._length_reader()
        steps = [
            (starts[p.name], lengths.get(p.name), self._width(p.count) if p.count else 0, p.count, self._width(p.type))
            for p in element.properties
        ]
        at, last = self._at, len(self._cells)
        for row in range(element.rows):
            at = at if lines is None else int(lines[row])
            for start, length, head, count, width in steps:
                if length is None or count is None:
                    start[row], at = at, at + width
                    continue
                if at + head > last:
                    break
                number = max(length_at(at, count), 0)
                start[row], length[row] = at + head, number
                at += head + number * width
            if at > last:
                break
        self._need(at - self._at)
        for p in element.properties:
            if p.count is None:
                element.columns[p.name] = self._values(starts[p.name], p.type)
                continue
            size = lengths[p.name]
            step = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
            places = np.repeat(starts[p.name], size) + step * self._width(p.type)
            element.lists[p.name] = (size, self._values(places, p.type))
        self._at = at

    def _length_reader(self) -> Callable[[int, str], int]:
        if self._order is None:
            numbers = self._cells.tolist()
            return lambda at, _: int(numbers[at])
        order, data = "little" if self._order == "<" else "big", self._cells.tobytes()

        def read(at: int, type_: str) -> int:
            width = int(type_[1])
            signed = type_[0] == "i"
            return int.from_bytes(data[at : at + width], order, signed=signed)  # type: ignore[arg-type]

        return read
