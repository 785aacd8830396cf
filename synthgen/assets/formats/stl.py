"""Reads STL, text and binary: triangles without materials, unit or axes.

Z is taken to be up, as printers and CAD programs have it; the unit is not said (millimetres, mostly).
Format: 3D Systems "StereoLithography Interface Specification" (1989).
"""

from __future__ import annotations

import re

import numpy as np

from synthgen.assets.formats.pieces import Pieces, triangle_corners
from synthgen.assets.formats.source import UNNAMED, Files, Floats, SourceModel, refuse_many, size_warning
from synthgen.assets.formats.text import parse_numbers
from synthgen.errors import InputError

_RECORD = np.dtype([("normal", "<f4", 3), ("vertices", "<f4", (3, 3)), ("attribute", "<u2")])
_HEAD = 84
_SOLID = re.compile(rb"^\s*(?:solid|endsolid)\b[ \t]*([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_VERTEX = re.compile(rb"^\s*vertex[ \t]+([^\r\n]*)", re.MULTILINE | re.IGNORECASE)


def read_stl(files: Files, name: str) -> SourceModel:
    """The triangles of an STL file. Normals are left out: they are the faces', which say nothing new; so are colours,
    which makers write in ways of their own. A text file with several solids gives a material for each.

    Raises InputError where it is cut short or holds no triangles.
    """
    data = files.read(name)
    pieces = Pieces(name)
    if _is_text(data):
        for solid, points in _solids(data, name):
            _add(pieces, points, solid)
    else:
        points = _binary(data, name)
        _add(pieces, points, UNNAMED)
    return pieces.model(up="+z", warnings=(*pieces.warnings, *size_warning(pieces.polygons)))


def _add(pieces: Pieces, points: Floats, material: str) -> None:
    size, corners = triangle_corners(np.arange(len(points)), texcoords=False, normals=False)
    pieces.add(points, size, corners, material)


def _is_text(data: bytes) -> bool:
    """Binary files may begin with `solid` too; their length follows from their count, and they hold zero bytes."""
    count = int.from_bytes(data[80:84], "little")
    binary = len(data) >= _HEAD and len(data) == _HEAD + count * _RECORD.itemsize
    return not binary and data[:512].lstrip()[:5].lower() == b"solid" and b"\0" not in data[:4096]


def _binary(data: bytes, where: str) -> Floats:
    """(3T, 3) corners of the triangles."""
    if len(data) < _HEAD:
        raise InputError.of("not an STL file, or cut short: it has no header", where=where)
    count = int.from_bytes(data[80:84], "little")
    if len(data) < _HEAD + count * _RECORD.itemsize:
        raise InputError.of(
            f"the file is cut short, or no STL: it promises {count:,} triangles and has "
            f"{(len(data) - _HEAD) // _RECORD.itemsize:,}",
            where=where,
        )
    refuse_many(count, where)
    rows = np.frombuffer(data, dtype=_RECORD, count=count, offset=_HEAD)
    return rows["vertices"].reshape(-1, 3).astype(np.float64)


def _solids(data: bytes, where: str) -> list[tuple[str, Floats]]:
    """Name and (3T, 3) corners of each solid of a text file."""
    refuse_many(data.count(b"endloop"), where)
    bounds = list(_SOLID.finditer(data))
    starts = [b for b in bounds if b.group().lstrip()[:5].lower() == b"solid"]
    if len(bounds) != 2 * len(starts):
        raise InputError.of("the file is cut short: a solid has no end", where=where)
    found: dict[str, list[Floats]] = {}
    for begin, end in zip(bounds[0::2], bounds[1::2], strict=True):
        lines = _VERTEX.findall(data, begin.end(), end.start())
        points = parse_numbers(b"\n".join(lines), 3 * len(lines))
        if points is None or len(lines) % 3:
            raise InputError.of("the file has lines of vertices that are no three numbers, or cut short", where=where)
        solid = begin.group(1).strip().decode("utf-8", "replace") or UNNAMED
        found.setdefault(solid if len(starts) > 1 else UNNAMED, []).append(points.reshape(-1, 3))
    return [(solid, np.concatenate(parts)) for solid, parts in found.items()]
