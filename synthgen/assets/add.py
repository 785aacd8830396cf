"""Takes models of the user's into a folder pack: reads, judges, copies, writes the entry; or refuses, and says why."""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from synthgen.assets import slots
from synthgen.assets.archive import ModelFolder
from synthgen.assets.detail import Level, reduced
from synthgen.assets.entries import Entry, entries_from
from synthgen.assets.folders import CATALOGUE, own_folder, placed, read_rows, slug, whole_path, writable_name
from synthgen.assets.formats import FORMATS, read_model
from synthgen.assets.formats.pictures import open_picture
from synthgen.assets.formats.source import Files, SourceModel
from synthgen.assets.infer import Given, infer, spdx
from synthgen.assets.mesh import Mesh
from synthgen.assets.normalise import UPS, normalise
from synthgen.assets.packs import load_packs
from synthgen.errors import InputError
from synthgen.wholefile import write_whole

if sys.platform != "win32":
    import fcntl

SOURCE_FILE = "source.json"
"""What a downloaded model has beside it (see assets/online): whose it is, and under which licence."""

MANY_FACES = 500_000

_ABOVE = 4
"""So many folders above a URDF its package may begin: `urdf/` and `meshes/` lie side by side, or deeper."""

_WORK = ".adding-"


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
    """A model that was read and judged, before anything is written. base: the folder that its files lie below, by
    the names `files`; `name` is that of the model itself."""

    entry: Entry
    row: dict[str, Any]
    model: SourceModel
    mesh: Mesh
    base: Path
    name: str
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
    path = Path(file).expanduser().absolute()
    root = own_folder() if folder is None else whole_path(Path(folder))
    _refuse_file(path, str(file))
    _refuse_root(root)
    name = slug(id or path.stem)
    try:
        taken = _read(path, category, name, root.name, given or Given())
    except InputError as error:
        raise placed(error, path.name, str(file)) from error
    inside = _within(path, root)
    with _alone(root):
        rows = read_rows(root)
        place = next((k for k, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == name), None)
        before = None if place is None else PurePosixPath(str(rows[place].get("source")))
        ours = before is not None and before.parts[:1] == (name,)
        if inside is not None and inside.parts[0] == name and not ours:
            hint = f"--id gives it another, such as {name}_1"
            raise InputError.of(
                f"its folder is named {name!r} like the asset, which holds for an asset's own",
                where=str(file),
                hint=hint,
            )
        row = {"id": name, "source": f"{name}/{taken.name}" if inside is None else str(inside), **taken.row}
        rows = [*rows, row] if place is None else [*rows[:place], row, *rows[place + 1 :]]
        entries_from({"assets": rows}, root.name, where=str(root / CATALOGUE))
        if inside is None:
            _copy(taken, root / name, before if ours else None)
        _write_rows(root, rows)
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


def _refuse_file(path: Path, said: str) -> None:
    if path.is_dir():
        raise InputError.of("a folder, not a model", where=said, hint="a recipe takes it whole: assets: [./FOLDER]")
    if not path.is_file():
        what = "neither a file nor a folder" if path.exists() else "there is no such file"
        raise InputError.of(what, where=said)
    if not writable_name(path.name):
        raise InputError.of("the file's name is not UTF-8", where=ascii(said), hint="rename it")
    if path.suffix.lower() not in FORMATS:
        hint = f"known: {', '.join(sorted(FORMATS))}"
        raise InputError.of(f"a model cannot be read from a {path.suffix or 'nameless'} file", where=said, hint=hint)


def _refuse_root(root: Path) -> None:
    """Raises InputError for a folder that cannot be a pack: its name is the pack's, and begins its assets' ids."""
    if not root.name or root.name in load_packs():
        what = f"a pack is named {root.name!r} already" if root.name else "the root of all folders is no pack"
        raise InputError.of(what, where=str(root), hint="--to names another folder")
    if root.exists() and not root.is_dir():
        raise InputError.of("a file, not a folder", where=str(root), hint="--to names a folder")


def _within(path: Path, root: Path) -> PurePosixPath | None:
    """The name of a file that lies in the pack's folder already, and need not be copied; None for others."""
    try:
        return PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())
    except ValueError:
        return None


def _read(path: Path, category: str, name: str, pack: str, given: Given) -> _Taken:
    facts = _sidecar(path)
    base, inner, files, model = _read_from_base(path)
    model = _completed(model, facts)
    given = _with_sidecar(given, facts)
    found = infer(model, path.name, category, given)
    row = {"id": name, "source": inner, **found.row}
    (entry,) = entries_from({"assets": [row]}, pack, where=path.name)
    mesh = normalise(model, entry.pose, entry.mends, entry.parts, where=path.name)
    notes = found.notes
    if entry.faces is not None and len(mesh.faces) > entry.faces:
        notes = (*notes, _said(len(mesh.faces), level := reduced(mesh, entry.faces)))
        mesh = level.mesh
    warnings = list(dict.fromkeys((*found.warnings, *_lost_pictures(model, path.parent, found.warnings))))
    if len(mesh.faces) > MANY_FACES and not any("polygons" in warning for warning in warnings):
        warnings.append(
            f"{len(mesh.faces):,} faces: every scene that shows it takes long to build; --faces 100000 reduces it"
        )
    names = tuple(sorted(files.read_names))
    return _Taken(entry, found.row, model, mesh, base, inner, names, notes, tuple(warnings))


def _said(before: int, level: Level) -> str:
    """What reducing did to a mesh of `before` faces."""
    off = f"the surface is off by {level.error_metres * 1000:.1f} mm at most"
    if level.scatter_metres:
        off += f", and each small piece within {level.scatter_metres * 100:.0f} cm of one that stands for it"
    return f"reduced from {before:,} faces to {level.faces:,}: {off}"


def _read_from_base(path: Path) -> tuple[Path, str, _Watched, SourceModel]:
    """The model, the folder that it was read from with all its files, and its name there: a URDF's meshes lie beside
    its folder, in its package, those of other formats below it. Raises InputError."""
    above = [path.parent, *(list(path.parents)[1 : _ABOVE + 1] if path.suffix.lower() == ".urdf" else ())]
    refused: InputError | None = None
    for base in above:
        files = _Watched(ModelFolder(base))
        inner = path.relative_to(base).as_posix()
        try:
            return base, inner, files, read_model(files, inner)
        except InputError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _lost_pictures(model: SourceModel, folder: Path, said: Sequence[str]) -> Iterator[str]:
    """Pictures that the model names and that cannot be had; those that are missing the reader has said."""
    names = (name for look in model.looks.values() for name in (look.color_map, look.alpha_map))
    for picture in dict.fromkeys(name for name in names if name is not None):
        try:
            data = model.picture(picture)
        except InputError as error:
            if _is_there(folder, picture):
                yield f"the picture {picture!r} lies outside the model's folder: put it there, and add again"
            elif not any(repr(picture) in sentence for sentence in said):
                yield from (d.what for d in error.diagnostics)
            continue
        try:
            with open_picture(data, picture) as opened:
                opened.load()
        except InputError as error:
            yield from (f"the picture {picture!r} is left out: {d.what}" for d in error.diagnostics)
        except (OSError, SyntaxError, ValueError) as error:
            yield f"the picture {picture!r} is left out: {error}"


def _is_there(folder: Path, picture: str) -> bool:
    try:
        return (folder / picture.replace("\\", "/")).is_file()
    except OSError:  # no name that a file can have
        return False


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
    licence, tags = str(facts.get("licence") or ""), facts.get("tags")
    return replace(
        given,
        title=given.title or str(facts.get("title") or "") or None,
        author=given.author or str(facts.get("author") or "") or None,
        licence=(spdx(licence) or licence or None) if given.licence is None else given.licence,
        tags=given.tags or tuple(str(tag) for tag in (tags if isinstance(tags, list) else ())),
    )


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Makes the pack's folder, keeps other calls out of it, and clears what a killed one left there."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(error, root) from error
    with contextlib.ExitStack() as stack:
        if sys.platform != "win32":
            handle = os.open(root, os.O_RDONLY)
            stack.callback(os.close, handle)
            with contextlib.suppress(OSError):  # a disk without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        for left in root.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _copy(taken: _Taken, target: Path, before: PurePosixPath | None) -> None:
    """Copies a model's files into a folder of their own, whole or not at all.

    before: the asset that lies there and gives way. Any other folder of that name is the user's, and stays.
    """
    try:
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=target.parent))
        try:
            new, old = work / "new", work / "old"
            for name in taken.files:
                place = new / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(taken.base / name, place)
            sidecar = (taken.base / taken.name).parent / SOURCE_FILE
            if sidecar.is_file():
                shutil.copyfile(sidecar, new / SOURCE_FILE)
            if target.exists():
                _refuse_others(target, new, before)
                target.replace(old)
            try:
                new.replace(target)
            except BaseException:
                if old.exists():
                    old.replace(target)
                raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise _not_written(error, target) from error


def _refuse_others(target: Path, new: Path, before: PurePosixPath | None) -> None:
    """Raises InputError where a folder that is about to give way holds what `assets add` did not put there."""
    there = [path.relative_to(target) for path in target.rglob("*") if not path.is_dir()]
    if before is None:  # a call that was killed before it wrote the entry left the very same files
        others = [n for n in there if not (new / n).is_file() or not filecmp.cmp(target / n, new / n, shallow=False)]
    elif before.suffix.lower() == ".urdf":  # its meshes are models too
        others = []
    else:
        first = Path(*before.parts[1:])
        others = [n for n in there if n.suffix.lower() in FORMATS and n != first and not (new / n).is_file()]
    if others:
        raise InputError.of(
            f"there is a folder of this name with models of its own ({others[0]})", where=str(target),
            hint="--id gives the new one another name",
        )  # fmt: skip


def _not_written(error: OSError, place: Path) -> InputError:
    return InputError.of(
        f"cannot be written: {error.strerror or error}", where=str(place), hint="--to names another folder"
    )


def _write_rows(root: Path, rows: list[dict[str, Any]]) -> None:
    place = root / CATALOGUE
    try:
        write_whole(place, _written(rows))
        place.chmod(0o644)  # a pack may be shared, as its models are
    except OSError as error:
        raise _not_written(error, place) from error


def _written(rows: list[dict[str, Any]]) -> bytes:
    head = "# Models of the user's. `synthgen assets add` writes this file; docs/assets.md says what each key means.\n"
    body = yaml.safe_dump({"assets": rows}, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return (head + body).encode("utf-8")
