"""Takes models of the user's into a folder pack: reads, judges, copies, writes the entry; or refuses, and says why."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from synthgen.assets import slots
from synthgen.assets.archive import ModelFolder
from synthgen.assets.entries import Entry, entries_from
from synthgen.assets.folders import CATALOGUE, own_folder, read_rows, slug
from synthgen.assets.formats import FORMATS, read_model
from synthgen.assets.formats.source import Files, SourceModel
from synthgen.assets.infer import Given, infer, spdx
from synthgen.assets.mesh import Mesh
from synthgen.assets.normalise import UPS, normalise
from synthgen.errors import InputError
from synthgen.wholefile import write_whole

SOURCE_FILE = "source.json"
"""What a downloaded model has beside it (see assets/online): whose it is, and under which licence."""

MANY_FACES = 500_000


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file. id: of the asset, with its pack; size: length, width, height in metres; parts: pieces
    in the file; slots: material -> what it is taken for; notes: how what nobody said was found out."""

    id: str
    folder: Path
    replaced: bool
    size: tuple[float, float, float]
    faces: int
    objects: int
    parts: int
    slots: dict[str, str]
    licence: str
    author: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


class _Watched:
    """Files, and the names that were read from them: what a model consists of."""

    def __init__(self, files: Files):
        self._files = files
        self.read_names: set[str] = set()

    def has(self, name: str) -> bool:
        return self._files.has(name)

    def read(self, name: str) -> bytes:
        data = self._files.read(name)
        self.read_names.add(name)
        return data


@dataclass(frozen=True, slots=True)
class _Taken:
    """A model that was read and judged, before anything is written."""

    entry: Entry
    row: dict[str, Any]
    model: SourceModel
    mesh: Mesh
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def add_model(
    file: Path | str,
    category: str,
    *,
    folder: Path | str | None = None,
    id: str | None = None,
    given: Given | None = None,
) -> Added:
    """Takes one model file into the pack of a folder (the user's own pack where none is named).

    The file and all that it names (materials, textures, meshes) are copied into a folder of their own there, and its
    entry is written last; an asset of the same id is replaced. Raises InputError where the model cannot be read or
    used, with the reason; nothing is left behind then.
    """
    path = Path(file).expanduser()
    root = own_folder() if folder is None else Path(folder).expanduser().absolute()
    if not path.is_file():
        raise InputError.of("there is no such file", where=str(path))
    if path.suffix.lower() not in FORMATS:
        hint = f"known: {', '.join(sorted(FORMATS))}"
        raise InputError.of(
            f"a model cannot be read from a {path.suffix or 'nameless'} file", where=str(path), hint=hint
        )
    name = slug(id or path.stem)
    taken = _read(path, category, name, root.name, given or Given())
    rows = read_rows(root)
    place = next((k for k, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == name), None)
    _copy(path.parent, taken.files, root / name)
    row = {"id": name, "source": f"{name}/{path.name}", **taken.row}
    rows = [*rows, row] if place is None else [*rows[:place], row, *rows[place + 1 :]]
    write_whole(root / CATALOGUE, _written(rows))
    rules = slots.load_rules(taken.entry.materials)
    return Added(
        id=f"{root.name}/{name}",
        folder=root,
        replaced=place is not None,
        size=taken.entry.size,
        faces=len(taken.mesh.faces),
        objects=taken.model.objects,
        parts=taken.model.parts,
        slots={slot: slots.rule_for_name(slot, rules).role for slot in taken.mesh.slots},
        licence=taken.entry.licence,
        author=taken.entry.author,
        notes=taken.notes,
        warnings=taken.warnings,
    )


def _read(path: Path, category: str, name: str, pack: str, given: Given) -> _Taken:
    files = _Watched(ModelFolder(path.parent))
    facts = _sidecar(path)
    model = _completed(read_model(files, path.name), facts)
    given = _with_sidecar(given, facts)
    found = infer(model, path.name, category, given)
    lost = []
    for look in model.looks.values():
        for picture in {look.color_map, look.alpha_map} - {None}:
            assert picture is not None
            try:
                model.picture(picture)
            except InputError as error:
                lost += [d.what for d in error.diagnostics]
    row = {"id": name, "source": path.name, **found.row}
    (entry,) = entries_from({"assets": [row]}, pack, where=str(path))
    mesh = normalise(model, entry.pose, entry.mends, entry.parts, where=str(path))
    warnings = list(dict.fromkeys((*found.warnings, *lost)))
    if len(mesh.faces) > MANY_FACES:
        warnings.append(
            f"{len(mesh.faces):,} faces: every scene that shows it takes long to build; reduce it if you can"
        )
    return _Taken(entry, found.row, model, mesh, tuple(sorted(files.read_names)), found.notes, tuple(warnings))


def _sidecar(path: Path) -> dict[str, Any]:
    """What `source.json` beside a model says; nothing where there is none. Raises InputError where it is torn."""
    place = path.parent / SOURCE_FILE
    try:
        facts = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError.of(f"cannot be read: {error}", where=str(place)) from error
    if not isinstance(facts, dict):
        raise InputError.of("not a mapping", where=str(place))
    return facts


def _completed(model: SourceModel, facts: Mapping[str, Any]) -> SourceModel:
    """The model with the unit and the axis that its file does not say, where the download says them."""
    if model.unit is None and isinstance(facts.get("unit"), (int, float)):
        model = replace(model, unit=float(facts["unit"]))
    if model.front is None and facts.get("up") in UPS:
        model = replace(model, up=facts["up"])
    return model


def _with_sidecar(given: Given, facts: Mapping[str, Any]) -> Given:
    """What the user says, and where they are silent what the download says."""
    licence = str(facts.get("licence") or "")
    return replace(
        given,
        title=given.title or facts.get("title") or None,
        author=given.author or facts.get("author") or None,
        licence=given.licence or spdx(licence) or licence or None,
        tags=given.tags or tuple(str(tag) for tag in facts.get("tags") or ()),
    )


def _copy(source: Path, names: Sequence[str], target: Path) -> None:
    """Copies files into a fresh folder, whole or not at all. A folder of the same name gives way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".adding-", dir=target.parent))
    try:
        for name in names:
            place = work / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, place)
        if (source / SOURCE_FILE).is_file():
            shutil.copyfile(source / SOURCE_FILE, work / SOURCE_FILE)
        work.chmod(0o755)
        if target.exists() and not source.resolve().is_relative_to(target.resolve()):
            shutil.rmtree(target)
        elif target.exists():  # the model is being added again from where it lies
            return
        work.replace(target)
    except OSError as error:
        raise InputError.of(f"cannot be copied: {error.strerror or error}", where=str(target)) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(work)


def _written(rows: list[dict[str, Any]]) -> bytes:
    head = "# Models of the user's. `synthgen assets add` writes this file; docs/assets.md says what each key means.\n"
    body = yaml.safe_dump({"assets": rows}, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return (head + body).encode("utf-8")
