"""Reads Wavefront OBJ and MTL text into arrays, with material names, corners and all that normalisation needs.

Polygons are kept as they stand in the file (normalisation removes doubled polygons before it cuts them into
triangles). Lines, points, free-form surfaces and groups are skipped. Units and axes are the file's.
Format: Wavefront "Advanced Visualizer" object and material files, sections "Vertex data", "Elements", "Grouping".
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNNAMED = "default"
"""Name of the material of faces that stand before any `usemtl`."""


@dataclass(frozen=True, slots=True, eq=False)
class ObjModel:
    """An OBJ file as arrays. Indices are 0-based, -1 where a corner has none.

    positions (N, 3), texcoords (T, 2) with v upwards, normals (K, 3)
    polygon_size (P,) corners of each polygon, polygon_material (P,) index into `materials`
    corners (C, 3) position, texture coordinate and normal of each corner, polygon after polygon
    libraries: MTL files that the model names, as written
    """

    positions: Floats
    texcoords: Floats
    normals: Floats
    polygon_size: Ints
    polygon_material: Ints
    corners: Ints
    materials: tuple[str, ...]
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MtlMaterial:
    """What an MTL file says of a material: diffuse colour as written, opacity, pictures by file name."""

    name: str
    diffuse: tuple[float, float, float] = (0.8, 0.8, 0.8)
    opacity: float = 1.0
    color_map: str | None = None
    alpha_map: str | None = None


@dataclass(slots=True)
class _Scan:
    """The lines of an OBJ file, sorted by kind."""

    vertices: list[bytes] = field(default_factory=list)
    texcoords: list[bytes] = field(default_factory=list)
    normals: list[bytes] = field(default_factory=list)
    faces: list[bytes] = field(default_factory=list)
    face_material: list[int] = field(default_factory=list)
    counts_before: list[tuple[int, int, int]] = field(default_factory=list)
    materials: dict[str, int] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)


def read_obj(data: bytes, *, where: str = "") -> ObjModel:
    """Parses the text of an OBJ file.

    Raises InputError where it has no vertices or faces, numbers that are not numbers (NaN and infinity included),
    or faces that name vertices it lacks.
    """
    scan = _scan(data.replace(b"\\\r\n", b" ").replace(b"\\\n", b" "))
    if not scan.vertices or not scan.faces:
        raise InputError.of("the model has no vertices" if not scan.vertices else "the model has no faces", where=where)
    positions = _numbers(scan.vertices, 3, "vertices", where)
    texcoords = _numbers(scan.texcoords, 2, "texture coordinates", where)
    normals = _numbers(scan.normals, 3, "normals", where)
    sizes, corners = _corners(scan, (len(positions), len(texcoords), len(normals)), where)
    material = np.array(scan.face_material, dtype=np.int64)
    keep = sizes >= 3  # some exporters write edges as faces of two corners
    if not keep.any():
        raise InputError.of("the model has no faces", where=where)
    if not keep.all():
        corners, sizes, material = corners[np.repeat(keep, sizes)], sizes[keep], material[keep]
    return ObjModel(
        positions, texcoords, normals, sizes, material, corners, tuple(scan.materials), tuple(scan.libraries)
    )


def _scan(data: bytes) -> _Scan:
    scan = _Scan()
    material = -1
    for raw in data.splitlines():
        line = raw.lstrip()
        head = line[:2]
        if head == b"v ":
            scan.vertices.append(line)
        elif head == b"f ":
            if material < 0:
                material = scan.materials.setdefault(UNNAMED, len(scan.materials))
            scan.faces.append(line[2:])
            scan.face_material.append(material)
            if b"-" in line:
                scan.counts_before.append((len(scan.vertices), len(scan.texcoords), len(scan.normals)))
            else:
                scan.counts_before.append((0, 0, 0))
        elif head == b"vt":
            scan.texcoords.append(line)
        elif head == b"vn":
            scan.normals.append(line)
        elif line.startswith(b"usemtl"):
            name = line[6:].strip().decode("utf-8", "replace") or UNNAMED
            material = scan.materials.setdefault(name, len(scan.materials))
        elif line.startswith(b"mtllib"):
            scan.libraries.append(line[6:].strip().decode("utf-8", "replace"))
    return scan


def _numbers(lines: list[bytes], width: int, what: str, where: str) -> Floats:
    """(N, width) numbers from lines such as `v 1 2 3`; what follows the first `width` numbers is ignored."""
    if not lines:
        return np.zeros((0, width))
    columns = len(lines[0].split()) - 1
    table = None
    if columns >= width:
        text = b" ".join(line.split(None, 1)[1] if len(line.split(None, 1)) > 1 else b"?" for line in lines)
        flat = _parse(text, len(lines) * columns)
        table = None if flat is None else flat.reshape(len(lines), columns)[:, :width]
    if table is None:
        table = _numbers_slowly(lines, width, what, where)
    if not np.isfinite(table).all():
        raise InputError.of(f"the model has {what} that are NaN or infinite", where=where)
    return np.ascontiguousarray(table)


def _parse(text: bytes, count: int) -> Floats | None:
    """`count` numbers parted by blanks, or None where there are more, fewer, or something else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            flat = np.fromstring(text.decode("ascii"), dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError, UnicodeDecodeError):
            return None
    return flat if len(flat) == count else None


def _numbers_slowly(lines: list[bytes], width: int, what: str, where: str) -> Floats:
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


def _corners(scan: _Scan, counts: tuple[int, int, int], where: str) -> tuple[Ints, Ints]:
    """Corners per face, and (C, 3) 0-based indices, from lines such as `1/2/3 4/5/6 7/8/9`."""
    tokens = [line.split() for line in scan.faces]
    sizes = np.array([len(t) for t in tokens], dtype=np.int64)
    styles = np.array([_style(t[0]) if t else 0 for t in tokens], dtype=np.int64)
    before = np.array(scan.counts_before, dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    out = np.zeros((int(sizes.sum()), 3), dtype=np.int64)
    for style in np.unique(styles):
        rows = np.flatnonzero(styles == style)
        text = b" ".join(word for k in rows for word in tokens[k])
        total = int(sizes[rows].sum())
        columns = _STYLE_COLUMNS[style]
        flat = _parse(text.replace(b"//", b" ").replace(b"/", b" "), total * len(columns))
        if flat is None:
            part = _corners_slowly([tokens[k] for k in rows], where)
        else:
            part = np.zeros((total, 3), dtype=np.int64)
            part[:, columns] = flat.reshape(total, len(columns)).astype(np.int64)
        at = np.concatenate([np.arange(starts[k], starts[k + 1]) for k in rows]) if len(rows) < len(tokens) else None
        out[slice(None) if at is None else at] = part
    relative = out < 0
    if relative.any():
        out = np.where(relative, out + np.repeat(before, sizes, axis=0) + 1, out)
        if (out[relative] <= 0).any():
            raise InputError.of("the model has faces that name vertices it lacks", where=where)
    out -= 1
    if len(out) and (out[:, 0].min() < 0 or (out >= np.array(counts)).any()):
        raise InputError.of("the model has faces that name vertices it lacks; it may be cut short", where=where)
    return sizes, out


_STYLE_COLUMNS = {0: [0], 1: [0, 1], 2: [0, 2], 3: [0, 1, 2]}


def _style(word: bytes) -> int:
    """How a corner is written: 0 `v`, 1 `v/t`, 2 `v//n`, 3 `v/t/n`."""
    slashes = word.count(b"/")
    if slashes == 2:
        return 2 if b"//" in word else 3
    return min(slashes, 1)


def _corners_slowly(tokens: list[list[bytes]], where: str) -> Ints:
    """For faces whose corners are written in more than one way."""
    out = []
    for words in tokens:
        for word in words:
            parts = [*word.split(b"/"), b"", b""][:3]
            try:
                out.append([int(p) if p else 0 for p in parts])
            except ValueError:
                raise InputError.of(f"{word[:40]!r} is not a corner of a face", where=where) from None
    return np.array(out, dtype=np.int64).reshape(-1, 3)


def read_mtl(data: bytes) -> dict[str, MtlMaterial]:
    """Parses the text of an MTL file. Lines that it does not know, or that make no sense, are skipped."""
    found: dict[str, MtlMaterial] = {}
    facts: dict[str, object] = {}

    def close() -> None:
        if facts:
            found.setdefault(str(facts["name"]), MtlMaterial(**facts))  # type: ignore[arg-type]

    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) < 2:
            continue
        key, rest = words[0], words[1:]
        if key == "newmtl":
            close()
            facts = {"name": line.strip()[6:].strip()}
        elif not facts:
            continue
        elif key == "Kd" and (color := _floats(rest, 3)) is not None:
            facts["diffuse"] = tuple(color)
        elif key == "d" and (opacity := _floats(rest[-1:], 1)) is not None:
            facts["opacity"] = opacity[0]
        elif key == "map_Kd":
            facts["color_map"] = _picture(rest)
        elif key == "map_d":
            facts["alpha_map"] = _picture(rest)
    close()
    return found


def _picture(words: list[str]) -> str:
    """The file name of a map, without the options before it (`-s 1 1 1 wood.jpg`); names may hold blanks."""
    while words and words[0].startswith("-") and len(words) > 1:
        words = words[1:]
        while len(words) > 1 and (_floats(words[:1], 1) is not None or words[0] in ("on", "off")):
            words = words[1:]
    return " ".join(words).replace("\\", "/")


def _floats(words: list[str], count: int) -> list[float] | None:
    try:
        values = [float(w) for w in words[:count]]
    except ValueError:
        return None
    return values if len(values) == count and np.isfinite(values).all() else None
