"""Catalogue entries as they are written in assets/catalogue/<pack>.yaml: models, how they stand, whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from synthgen.assets.detail import LEAST
from synthgen.assets.normalise import DEFAULT_FRONT, FRONTS, FRONTS_Z_UP, MENDS, ORIGINS, UPS, Part, Pose
from synthgen.errors import Diagnostic, InputError
from synthgen.paths import data_dir

STANDS = ("ground", "shelf", "wall", "ceiling", "seat")
"""What carries an asset: the ground, a shelf or table, a wall at its back, the ceiling above, a seat below."""

_KNOWN = {
    "id", "category", "tags", "domains", "source", "licence", "author", "title", "trademark", "size", "stands",
    "weight", "mends", "up", "front", "origin", "rotation", "materials", "slots", "parts", "joints",
    "lacks", "without", "faces",
}  # fmt: skip
_NEEDED = ("id", "category", "source", "licence", "author", "title", "size", "materials")


@dataclass(frozen=True, slots=True)
class Entry:
    """One curated asset. `id` has the pack before it; `file` and `model` say where the OBJ lies.

    categories: what it is; where several are given, a recipe takes the first that its taxonomy has.
    materials: the set of slot rules (configs/materials/<materials>.yaml); slots: names of rules for single slots
    where the name of the material misleads; parts: pieces cut out of slots; joints: how a jointed model (URDF)
    holds itself, by joint: degrees where it turns, metres where it slides; lacks: pictures (without their folders) and
    materials that its file names and does not bring, which the asset was judged without; without: materials whose
    faces are left out, such as a cable that hangs below what it stands on; faces: how many triangles a heavy model is
    reduced to. Other fields as in Asset and Pose.
    """

    id: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    domains: tuple[str, ...]
    file: str
    model: str
    licence: str
    author: str
    title: str
    trademark: bool
    pose: Pose
    stands: str
    weight: float
    mends: tuple[str, ...]
    materials: str
    slots: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    joints: Mapping[str, float] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    faces: int | None = None

    @property
    def size(self) -> tuple[float, float, float]:
        """Length, width, height in metres, as the catalogue says."""
        assert self.pose.size is not None
        return self.pose.size


def catalogue_files(pack: str) -> tuple[Path, ...]:
    """The files of a pack's catalogue, in the order in which they are read."""
    return tuple(sorted((data_dir("assets") / "catalogue" / pack).glob("*.yaml")))


def load_entries(pack: str) -> tuple[Entry, ...]:
    """The entries of a pack's catalogue, in order. Raises InputError with everything that is wrong with it."""
    files = catalogue_files(pack)
    if not files:
        raise InputError.of(f"the pack {pack!r} has no catalogue")
    return _read(pack, files, tuple(file.stat().st_mtime_ns for file in files))


@lru_cache(maxsize=8)
def _read(pack: str, files: tuple[Path, ...], _stamps: tuple[int, ...]) -> tuple[Entry, ...]:
    found: list[Diagnostic] = []
    entries: list[Entry] = []
    for file in files:
        try:
            entries += entries_from(_yaml(file), pack, where=str(file))
        except InputError as error:
            found += error.diagnostics
    found += _twice(entries, ", ".join(str(file) for file in files))
    if found:
        raise InputError(found)
    return tuple(entries)


def _yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError.of(f"not YAML: {' '.join(str(error).split())}", where=str(path)) from error


def _twice(entries: list[Entry], where: str) -> list[Diagnostic]:
    count = Counter(e.id for e in entries)
    return [Diagnostic(where, f"two assets are named {name!r}") for name in sorted(n for n in count if count[n] > 1)]


def entries_from(data: Any, pack: str, *, where: str = "") -> tuple[Entry, ...]:
    """The entries that a catalogue's data describes. Raises InputError with every error found."""
    if not isinstance(data, Mapping) or not isinstance(data.get("assets"), list):
        raise InputError.of("not a catalogue: it needs a list `assets`", where=where)
    found: list[Diagnostic] = []
    entries: list[Entry] = []
    for place, row in enumerate(data["assets"]):
        name = row.get("id", place) if isinstance(row, Mapping) else place
        errors = _errors(row)
        found += [Diagnostic(where, f"assets.{name}: {e}") for e in errors]
        if not errors:
            entries.append(_entry(pack, row))
    found += _twice(entries, where)
    if found:
        raise InputError(found)
    return tuple(entries)


def _errors(row: Any) -> list[str]:
    if not isinstance(row, Mapping):
        return ["not a mapping"]
    errors = [f"unknown key {key!r}" for key in row if key not in _KNOWN]
    errors += [f"`{key}` is missing" for key in _NEEDED if key not in row]
    if errors:
        return errors
    size = row["size"]
    if not (isinstance(size, list) and len(size) == 3 and all(isinstance(s, (int, float)) and s > 0 for s in size)):
        errors.append("`size` must be three lengths in metres")
    if not isinstance(row["source"], str) or row["source"].count(":") > 1:
        errors.append("`source` must be FILE:MODEL, or MODEL where the pack is a folder")
    up = row.get("up", "+y")
    fronts = FRONTS_Z_UP if up == "+z" else FRONTS
    if up not in UPS:
        errors.append(f"`up` must be one of {', '.join(UPS)}")
    if row.get("front", DEFAULT_FRONT.get(up)) not in fronts:
        errors.append(f"`front` must be one of {', '.join(fronts)} where up is {up}")
    if row.get("origin", "middle") not in ORIGINS:
        errors.append(f"`origin` must be one of {', '.join(ORIGINS)}")
    if row.get("stands", "ground") not in STANDS:
        errors.append(f"`stands` must be one of {', '.join(STANDS)}")
    errors += [f"unknown mend {m!r}" for m in row.get("mends", []) if m not in MENDS]
    faces = row.get("faces", LEAST)
    if not isinstance(faces, int) or isinstance(faces, bool) or faces < LEAST:
        errors.append(f"`faces` must be a whole number from {LEAST} on")
    if row.get("rotation") is not None and len(row["rotation"]) != 9:
        errors.append("`rotation` must be nine numbers")
    for part in row.get("parts", []):
        if set(part) != {"name", "of", "box"} or len(part["box"]) != 6:
            errors.append("a part needs `name`, `of` and `box` (six numbers)")
    return errors


def _entry(pack: str, row: Mapping[str, Any]) -> Entry:
    file, _, model = row["source"].rpartition(":")
    length, width, height = (float(s) for s in row["size"])
    rotation = tuple(float(r) for r in row["rotation"]) if row.get("rotation") else None
    return Entry(
        id=f"{pack}/{row['id']}",
        categories=(row["category"],) if isinstance(row["category"], str) else tuple(row["category"]),
        tags=tuple(row.get("tags", ())),
        domains=tuple(row.get("domains", ())),
        file=file,
        model=model,
        licence=row["licence"],
        author=row["author"],
        title=row["title"],
        trademark=bool(row.get("trademark", False)),
        pose=Pose(
            (length, width, height), rotation, row.get("front"), row.get("origin", "middle"), up=row.get("up", "+y")
        ),
        stands=row.get("stands", "ground"),
        weight=float(row.get("weight", 1.0)),
        mends=tuple(row.get("mends", ())),
        materials=row["materials"],
        slots={str(k): v for k, v in row.get("slots", {}).items()},
        parts=tuple(_part(p) for p in row.get("parts", ())),
        lacks=tuple(str(name) for name in row.get("lacks", ())),
        joints={str(k): float(v) for k, v in row.get("joints", {}).items()},
        without=tuple(str(name) for name in row.get("without", ())),
        faces=row.get("faces"),
    )


def _part(row: Mapping[str, Any]) -> Part:
    x0, y0, z0, x1, y1, z1 = (float(b) for b in row["box"])
    return Part(row["name"], row["of"], (x0, y0, z0, x1, y1, z1))
