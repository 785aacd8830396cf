"""Packs that are folders of the user's: what `assets add` took, and any other model file of a category it can tell.

    FOLDER/catalogue.yaml         entries, as in assets/catalogue, each with `source: FILE`; written by `assets add`
    FOLDER/car/red.glb            a model without an entry: its folder, or the start of its name, is its category

What a URDF is made of is no asset by itself.

Nothing is written into the folder but by `assets add`; what is made of it lies in the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from synthgen.assets.archive import ModelFolder
from synthgen.assets.entries import Entry, entries_from
from synthgen.assets.formats import FORMATS, read_model
from synthgen.assets.formats.urdf import meshes_of
from synthgen.assets.infer import VERSION as INFER_VERSION
from synthgen.assets.infer import category_of_path, infer
from synthgen.assets.packs import PackFile
from synthgen.errors import Diagnostic, InputError
from synthgen.paths import OWN_PACK, cache_root, user_root
from synthgen.wholefile import write_whole

CATALOGUE = "catalogue.yaml"

MOST_FILES = 20_000
_MEND = "mend it, or remove it and add its models again"
_DOCUMENTS = {".md", ".txt", ".pdf", ".zip", ".blend1"}


@dataclass(frozen=True, slots=True)
class FolderPack:
    """A folder as a pack. name: the folder's; files: all that models may consist of, by name relative to it.

    inferred: the version of what is told of models without entries; with another, what is known of the pack is stale.
    """

    name: str
    root: Path
    files: tuple[PackFile, ...]
    inferred: int = INFER_VERSION

    @property
    def title(self) -> str:
        return str(self.root)

    def folder(self, cache: Path) -> Path:
        return self.root

    def state(self, cache: Path) -> Path:
        """Where what is known of its models is kept."""
        key = hashlib.blake2b(str(self.root).encode(), digest_size=8).hexdigest()
        return cache / "folders" / f"{self.name}-{key}"

    def require(self, cache: Path) -> None:
        """Raises InputError where the folder has gone."""
        if not self.root.is_dir():
            raise InputError.of("the folder of models is not there", where=str(self.root))

    @property
    def digest(self) -> str:
        """32 hex digits over all names and contents."""
        text = "\n".join(f"{f.sha256} {f.name}" for f in self.files)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def open_folder(name: str, *, base: Path | None = None, cache: Path | None = None) -> FolderPack:
    """The pack of a path (from `base`, else from where one stands), or the user's own (`mine`).

    Raises InputError where it is no folder, or one of more files than a folder of models has.
    """
    cache = cache_root() if cache is None else cache
    root = own_folder() if name == OWN_PACK else _resolve(name, base)
    if not root.is_dir():
        hint = (
            "run: synthgen assets add FILE --category NAME" if name == OWN_PACK else "a pack that is a path is a folder"
        )
        raise InputError.of(f"there is no folder of models {name!r}", where=str(root), hint=hint)
    if not root.name:
        raise InputError.of("the root of all folders has no name that assets could have", where=str(root))
    paths = sorted(_files_of(root))
    pack = FolderPack(OWN_PACK if name == OWN_PACK else root.name, root, ())
    files = _checksums(pack, paths, cache)
    pack = FolderPack(pack.name, root, files)
    _remember(pack, cache)
    return pack


def own_folder() -> Path:
    """The folder of the user's own pack."""
    return user_root() / OWN_PACK


def folder_by_name(name: str, cache: Path) -> FolderPack:
    """The folder pack that was last opened under this name, for making a mesh again. Raises InputError."""
    try:
        root = json.loads((cache / "folders" / f"{name}.json").read_text())["root"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError.of(f"no folder of models named {name!r} is known here") from error
    return open_folder(root, cache=cache)


def folder_entries(pack: FolderPack, cache: Path) -> tuple[Entry, ...]:
    """The entries of a folder's catalogue, then one for every model that it does not name, by path.

    Raises InputError with every file whose category cannot be told, or that cannot be read.
    """
    listed = _listed(pack)
    inner = {entry.model for entry in listed} | _inner(pack)
    own = {_top(entry.model) for entry in listed if _has_own_folder(entry)}
    rows: list[dict[str, Any]] = []
    found: list[Diagnostic] = []
    for file in pack.files:
        if file.name in inner or Path(file.name).suffix.lower() not in FORMATS or _top(file.name) in own:
            continue
        try:
            rows.append(_inferred(pack, file, cache))
        except InputError as error:
            found += error.diagnostics
    if not found and not listed and not rows:
        hint = f"known formats: {', '.join(FORMATS)}"
        found.append(Diagnostic(str(pack.root), "the folder holds no model", hint))
    if found:
        raise InputError(found)
    _number({entry.id.split("/", 1)[1] for entry in listed}, rows)
    return (*listed, *entries_from({"assets": rows}, pack.name, where=str(pack.root)))


def _inner(pack: FolderPack) -> set[str]:
    """The meshes that the folder's URDFs are made of."""
    files = ModelFolder(pack.root)
    found: set[str] = set()
    for file in pack.files:
        if file.name.lower().endswith(".urdf"):
            with contextlib.suppress(InputError):  # said where it is opened as a model
                found |= meshes_of(files, file.name)
    return found


def read_rows(root: Path) -> list[dict[str, Any]]:
    """The rows of a folder's catalogue, as they stand; none where it has no catalogue. Raises InputError."""
    path = root / CATALOGUE
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = f"cannot be read: {' '.join(str(error).split())}"
        raise InputError.of(what, where=str(path), hint=_MEND) from error
    if not isinstance(data, Mapping) or not isinstance(data.get("assets"), list):
        raise InputError.of("not a catalogue: it needs a list `assets`", where=str(path), hint=_MEND)
    return list(data["assets"])


def _listed(pack: FolderPack) -> tuple[Entry, ...]:
    rows = read_rows(pack.root)
    where = str(pack.root / CATALOGUE)
    entries = entries_from({"assets": rows}, pack.name, where=where)
    names = {f.name for f in pack.files}
    hint = "add it again, or remove its entry"
    lost = [Diagnostic(where, f"{e.id}: there is no file {e.model!r}", hint) for e in entries if e.model not in names]
    if lost:
        raise InputError(lost)
    return entries


def _inferred(pack: FolderPack, file: PackFile, cache: Path) -> dict[str, Any]:
    """The row of a model without an entry, read once for what the file is."""
    category = category_of_path(file.name)
    if category is None:
        raise InputError.of(
            "its category cannot be told",
            where=str(pack.root / file.name),
            hint="put it into a folder named by a category (car/...), or run: "
            f"synthgen assets add {shlex.quote(str(pack.root / file.name))} --category NAME "
            f"--to {shlex.quote(str(pack.root))}",
        )
    key = hashlib.blake2b(f"{INFER_VERSION} {category} {file.name} {pack.digest}".encode(), digest_size=16).hexdigest()
    path = pack.state(cache) / "rows" / f"{key}.json"
    try:
        row: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        try:
            model = read_model(ModelFolder(pack.root), file.name)
            row = infer(model, file.name, category).row
        except InputError as error:
            raise placed(error, file.name, str(pack.root / file.name)) from error
        write_whole(path, json.dumps(row).encode())
    return {"id": slug(Path(file.name).stem), "source": file.name, **row}


def slug(text: str) -> str:
    """A name as ids have it: lower case letters, digits and underscores.

    Accents are dropped. Where letters of other scripts are lost, a few digits tell names apart that would be one.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    name = "_".join("".join(c if c.isalnum() and c.isascii() else " " for c in plain).split()) or "model"
    if not any(c.isalnum() and not c.isascii() for c in plain):
        return name
    return f"{name}_{hashlib.blake2b(plain.encode(errors='surrogatepass'), digest_size=3).hexdigest()}"


def placed(error: InputError, name: str, place: str) -> InputError:
    """The findings on a model of this name, with the file's whole place instead."""
    return InputError(
        replace(d, where=place + d.where.removeprefix(name)) if d.where == name or d.where.startswith(f"{name}:") else d
        for d in error.diagnostics
    )


def _number(taken: set[str], rows: list[dict[str, Any]]) -> None:
    """Makes the ids of rows different from each other and from those that are taken."""
    for row in rows:
        name, k = row["id"], 2
        while row["id"] in taken:
            row["id"] = f"{name}_{k}"
            k += 1
        taken.add(row["id"])


def _top(name: str) -> str:
    """The uppermost folder of a file; empty where it lies in none."""
    return name.split("/", 1)[0] if "/" in name else ""


def _has_own_folder(entry: Entry) -> bool:
    """Is all that lies in the uppermost folder of an asset a part of it (the meshes of a URDF, say)? So it is where
    `assets add` made that folder, which it calls like the asset; other folders may hold other models."""
    return _top(entry.model) == entry.id.split("/", 1)[1] or ("/" in entry.model and entry.model.endswith(".urdf"))


def whole_path(path: Path) -> Path:
    """The absolute path, without `..`: a pack has the name of its folder."""
    return Path(os.path.normpath(path.expanduser().absolute()))


def _resolve(name: str, base: Path | None) -> Path:
    path = Path(name).expanduser()
    if not path.is_absolute() and base is not None and (base / path).is_dir():
        path = base / path
    return whole_path(path)


def _files_of(root: Path) -> Iterator[Path]:
    """All that models may consist of. Raises InputError where that is too much, or a name cannot be written down."""
    count = 0
    for path in root.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if hidden or path.suffix.lower() in _DOCUMENTS or not path.is_file():
            continue
        count += 1
        if count > MOST_FILES:
            raise InputError.of(f"the folder holds over {MOST_FILES:,} files; is it one of models?", where=str(root))
        if not writable_name(path.name):
            raise InputError.of("the name of a file is not UTF-8", where=ascii(str(path)), hint="rename it")
        yield path


def writable_name(name: str) -> bool:
    """Can a file's name be written as text? On Linux it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _checksums(pack: FolderPack, paths: list[Path], cache: Path) -> tuple[PackFile, ...]:
    """Every file with its SHA-256; files whose size and time have not changed are not read again."""
    note = pack.state(cache) / "checksums.json"
    try:
        known: dict[str, list[Any]] = json.loads(note.read_text())
    except (OSError, ValueError):
        known = {}
    files, fresh = [], {}
    for path in paths:
        name = path.relative_to(pack.root).as_posix()
        facts = path.stat()
        seen = known.get(name)
        if seen is None or seen[:2] != [facts.st_size, facts.st_mtime_ns]:
            with path.open("rb") as opened:
                seen = [facts.st_size, facts.st_mtime_ns, hashlib.file_digest(opened, "sha256").hexdigest()]
        fresh[name] = seen
        files.append(PackFile(name, facts.st_size, str(seen[2])))
    if fresh != known:
        write_whole(note, json.dumps(fresh).encode())
    return tuple(files)


def _remember(pack: FolderPack, cache: Path) -> None:
    """Notes where the pack of this name lies, so that a mesh can be made again from its source alone."""
    path = cache / "folders" / f"{pack.name}.json"
    data = json.dumps({"root": os.fspath(pack.root)}).encode()
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
