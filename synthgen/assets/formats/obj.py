"""Reads Wavefront OBJ text into arrays, with material names, corners and all that normalisation needs.

Polygons are kept as they stand in the file (normalisation removes doubled polygons before it cuts them into
triangles). Lines, points, free-form surfaces and groups are skipped. Units and axes are the file's.
Format: Wavefront "Advanced Visualizer" object files, sections "Vertex data", "Elements", "Grouping".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.archive import beside
from synthgen.assets.formats.mtl import read_mtl
from synthgen.assets.formats.pictures import PictureFiles
from synthgen.assets.formats.source import (
    UNNAMED,
    Files,
    Floats,
    Ints,
    SourceMaterial,
    SourceModel,
    checked,
    refuse_many,
    size_warning,
)  # fmt: skip
from synthgen.assets.formats.text import chunks, expect_text, parse_numbers, words_per_line
from synthgen.errors import InputError

_RUNS = re.compile(
    rb"(?P<v>(?:[ \t]*+v[ \t][^\n]*+\n)++)"
    rb"|(?P<t>(?:[ \t]*+vt[^\n]*+\n)++)"
    rb"|(?P<n>(?:[ \t]*+vn[^\n]*+\n)++)"
    rb"|(?P<f>(?:[ \t]*+f[ \t][^\n]*+\n)++)"
    rb"|(?P<o>[^\n]*+\n)"
)
"""Lines of one kind that follow on each other: a file of millions of lines has few such runs."""

_STYLES = {(0, 0): [0], (1, 0): [0, 1], (2, 1): [0, 2], (2, 0): [0, 1, 2]}
"""Columns of a corner by its slashes, and whether they are doubled: `v`, `v/t`, `v//n`, `v/t/n`."""


@dataclass(slots=True)
class _Scan:
    """The lines of an OBJ file, sorted by kind. Each run of faces: its lines, their count, their material, and the
    vertices, texture coordinates and normals before it where it counts back from there."""

    vertices: list[bytes] = field(default_factory=list)
    texcoords: list[bytes] = field(default_factory=list)
    normals: list[bytes] = field(default_factory=list)
    faces: list[bytes] = field(default_factory=list)
    face_lines: list[int] = field(default_factory=list)
    face_material: list[int] = field(default_factory=list)
    counts_before: list[tuple[int, int, int]] = field(default_factory=list)
    materials: dict[str, int] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)


def read_obj_model(files: Files, name: str) -> SourceModel:
    """An OBJ file with its MTL files and pictures, which lie beside it.

    A material or picture that is missing is a warning. Raises InputError as `read_obj` does.
    """
    data = files.read(name)
    model = read_obj(data, where=name)
    looks: dict[str, SourceMaterial] = {}
    warnings = list(model.warnings)
    for library in obj_libraries(data):
        member = beside(name, library)
        if member is None or not files.has(member):
            warnings.append(f"the material file {library!r} is missing")
        else:
            looks.update(read_mtl(files.read(member)))
    lost = [m for m in model.materials if m not in looks and m != UNNAMED]
    if lost:
        warnings.append(f"nothing says how these materials look (they become grey): {', '.join(lost[:8])}")
    pictures = PictureFiles(files, name)
    warnings += pictures.warnings(m for material, m in looks.items() if material in model.materials)
    return replace(model, looks=looks, picture=pictures.read, warnings=tuple(warnings))


def obj_libraries(data: bytes) -> list[str]:
    """The MTL files that an OBJ names, as written."""
    lines = re.findall(rb"^[ \t]*mtllib[ \t]([^\r\n]*)", data, re.MULTILINE)
    return [line.strip().decode("utf-8", "replace") for line in lines]


def read_obj(data: bytes, *, where: str = "") -> SourceModel:
    """Parses the text of an OBJ file; its MTL files are left alone.

    Texture coordinates and normals that faces name and the file lacks are left out, with a warning. Raises InputError
    where it is no text, has no vertices or faces, numbers that are not numbers (NaN and infinity included), faces that
    name vertices it lacks, or too many faces.
    """
    expect_text(data, "OBJ", where)
    data = data.replace(b"\r\n", b"\n").replace(b"\\\n", b" ").replace(b"\r", b"\n")
    scan = _scan(data + b"\n")
    lines = sum(scan.face_lines)
    if not scan.vertices or not lines:
        raise InputError.of("the model has no vertices" if not scan.vertices else "the model has no faces", where=where)
    refuse_many(lines, where)
    positions = _numbers(scan.vertices, 3, "vertices", where)
    texcoords = _numbers(scan.texcoords, 2, "texture coordinates", where)
    normals = _numbers(scan.normals, 3, "normals", where)
    sizes, corners = _corners(scan, len(positions), where)
    lost = corners[:, 1:] >= [len(texcoords), len(normals)]
    corners[:, 1:][lost] = -1
    repaired = [f"faces name {what} that the file lacks; they do without" for what in _named(lost)]
    material = np.repeat(np.array(scan.face_material, dtype=np.int64), scan.face_lines)
    keep = sizes >= 3  # some exporters write edges as faces of two corners
    if not keep.any():
        raise InputError.of("the model has no faces", where=where)
    if not keep.all():
        corners, sizes, material = corners[np.repeat(keep, sizes)], sizes[keep], material[keep]
    model = SourceModel(
        positions,
        texcoords,
        normals,
        sizes,
        material,
        corners,
        tuple(scan.materials),
        warnings=(*repaired, *size_warning(lines)),
    )
    return checked(model, where)


def _scan(data: bytes) -> _Scan:
    scan = _Scan()
    material = -1
    before = [0, 0, 0]
    for run in _RUNS.finditer(data):
        text = run.group()
        if run.lastgroup == "f":
            if material < 0:
                material = scan.materials.setdefault(UNNAMED, len(scan.materials))
            scan.faces.append(text)
            scan.face_lines.append(text.count(b"\n"))
            scan.face_material.append(material)
            scan.counts_before.append((before[0], before[1], before[2]) if b"-" in text else (0, 0, 0))
        elif run.lastgroup != "o":
            kind = "vtn".index(run.lastgroup or "")
            (scan.vertices, scan.texcoords, scan.normals)[kind].append(text)
            before[kind] += text.count(b"\n")
        elif (line := text.lstrip()).startswith(b"usemtl"):
            name = line[6:].strip().decode("utf-8", "replace") or UNNAMED
            material = scan.materials.setdefault(name, len(scan.materials))
    return scan


def _numbers(runs: list[bytes], width: int, what: str, where: str) -> Floats:
    """(N, width) numbers from lines such as `v 1 2 3`; what follows the first `width` numbers is ignored."""
    tables = [_table(text, width, what, where) for text in chunks(b"".join(runs))]
    table = np.concatenate(tables) if tables else np.zeros((0, width))
    if not np.isfinite(table).all():
        raise InputError.of(f"the model has {what} that are NaN or infinite", where=where)
    return np.ascontiguousarray(table)


def _table(text: bytes, width: int, what: str, where: str) -> Floats:
    count = text.count(b"\n")
    columns = len(text[: text.find(b"\n")].split()) - 1
    if columns >= width:
        flat = parse_numbers(_without_head(text), count * columns)
        if flat is not None:
            return flat.reshape(count, columns)[:, :width]
    return _table_slowly(text.splitlines(), width, what, where)


def _without_head(text: bytes) -> bytes:
    """The lines without the word that they begin with, which has no other place in them."""
    head = text.split(None, 1)[0]
    return text.replace(head + b" ", b"")


def _table_slowly(lines: list[bytes], width: int, what: str, where: str) -> Floats:
    rows = []
    for line in lines:
        words = line.split()[1 : width + 1]
        try:
            row = [float(w) for w in words]
        except ValueError:
            raise InputError.of(f"{line[:60]!r} is not a line of {what}", where=where) from None
        if len(row) < width and not (what == "texture coordinates" and row):
            raise InputError.of(f"{line[:60]!r} is not a line of {what}; the file may be cut short", where=where)
        rows.append(row + [0.0] * (width - len(row)))
    return np.array(rows, dtype=np.float64).reshape(-1, width)


def _named(lost: NDArray[np.bool_]) -> list[str]:
    return [what for what, column in zip(("texture coordinates", "normals"), lost.T, strict=True) if column.any()]


def _corners(scan: _Scan, vertices: int, where: str) -> tuple[Ints, Ints]:
    """Corners per face, and (C, 3) 0-based indices, from lines such as `f 1/2/3 4/5/6 7/8/9`."""
    parts = [_face_lines(text, where) for text in chunks(b"".join(scan.faces))]
    sizes = np.concatenate([size for size, _ in parts])
    out = np.concatenate([corners for _, corners in parts])
    relative = out < 0
    if relative.any():
        per_line = np.repeat(np.array(scan.counts_before, dtype=np.int64), scan.face_lines, axis=0)
        out = np.where(relative, out + np.repeat(per_line, sizes, axis=0) + 1, out)
        if (out[relative] <= 0).any():
            raise InputError.of("the model has faces that name vertices it lacks", where=where)
    out -= 1
    if len(out) and (out[:, 0].min() < 0 or out[:, 0].max() >= vertices):
        raise InputError.of("the model has faces that name vertices it lacks; it may be cut short", where=where)
    return sizes, out


def _face_lines(text: bytes, where: str) -> tuple[Ints, Ints]:
    """Corners per line, and (C, 3) indices as written, 0 where a corner has none."""
    sizes = words_per_line(text) - 1
    total = int(sizes.sum())
    slashes, doubled = text.count(b"/"), text.count(b"//")
    if total and slashes % total == 0 and doubled in (0, total):
        columns = _STYLES.get((slashes // total, doubled // total))
        if columns is not None:
            plain = _without_head(text).replace(b"//", b"/")
            flat = parse_numbers(plain, total * len(columns))
            if flat is not None:
                out = np.zeros((total, 3), dtype=np.int64)
                out[:, columns] = flat.reshape(total, len(columns)).astype(np.int64)
                return sizes, out
    return sizes, _corners_slowly(text.splitlines(), where)


def _corners_slowly(lines: list[bytes], where: str) -> Ints:
    """For faces whose corners are written in more than one way."""

    def corners() -> Iterator[list[int]]:
        for line in lines:
            for word in line.split()[1:]:
                parts = [*word.split(b"/"), b"", b""][:3]
                try:
                    yield [int(p) if p else 0 for p in parts]
                except ValueError:
                    raise InputError.of(f"{word[:40]!r} is not a corner of a face", where=where) from None

    return np.array(list(corners()), dtype=np.int64).reshape(-1, 3)
