"""Reads FBX, USD and BLEND: converted once by Blender, in a process of its own, then kept in the cache.

<cache>/converted/<SHA-256 of the file>-<version>.npz     the model (see kept.py)
<cache>/converted/<SHA-256 of the file>-<version>.json    files beyond it that a USD stage named, and their SHA-256

The child process gets a folder with the model alone. For USD it says which layers and pictures it missed; those that
lie among the model's files are put beside it and it is started again, so nothing else of the disk is copied there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from synthgen.assets.archive import beside
from synthgen.assets.formats.kept import TORN, load_source
from synthgen.assets.formats.pictures import PictureFiles
from synthgen.assets.formats.source import Files, SourceMaterial, SourceModel, checked
from synthgen.errors import Diagnostic, InputError
from synthgen.paths import cache_root
from synthgen.wholefile import write_whole

VERSION = 1
"""Raised when a conversion comes out otherwise."""

LIMIT_SECONDS = 600.0
"""A conversion that takes longer is ended."""

COMMAND = (sys.executable, "-P", "-m", "synthgen.render.convert")
"""-P: what lies in the folder where the user happens to be is no module of the program's."""

_USD = (".usd", ".usda", ".usdc", ".usdz")
_ROUNDS = 12
_MISSED = re.compile(r"Could not open asset @([^@]+)@|Couldn't open image file '([^']+)'")


def read_converted(files: Files, name: str) -> SourceModel:
    """A model that only Blender can open: all visible objects as they stand, modifiers and armatures applied.

    Metres, Z up. The first time this takes some seconds; then the cache has it. Raises InputError where Blender cannot
    open the file, it shows no faces, or it takes too long.
    """
    data = files.read(name)
    stem = cache_root() / "converted" / f"{hashlib.sha256(data).hexdigest()}-{VERSION}"
    kept, named = stem.with_name(f"{stem.name}.npz"), stem.with_name(f"{stem.name}.json")
    found = None
    if _unchanged(files, name, named):
        with contextlib.suppress(*TORN):
            found = load_source(kept)
    if found is None:
        _convert(files, name, data, kept, named)
        try:
            found = load_source(kept)
        except TORN as error:
            raise InputError.of(f"what Blender made of the file cannot be read: {error}", where=name) from error
    model, embedded = found
    pictures = PictureFiles(files, name, embedded)
    looks = {key: _found_pictures(look, name, pictures, embedded) for key, look in model.looks.items()}
    lost = _lost(json.loads(named.read_text(encoding="utf-8")))
    warnings = (*model.warnings, *lost, *pictures.warnings(looks.values()))
    return checked(replace(model, looks=looks, picture=pictures.read, warnings=warnings), name)


def _found_pictures(
    look: SourceMaterial, name: str, pictures: PictureFiles, embedded: Container[str]
) -> SourceMaterial:
    """The material with its pictures named by where they lie, seen from the model: which paths Blender gives depends
    on what is on this machine's disk."""

    def found(picture: str | None) -> str | None:
        if picture is None or picture in embedded:
            return picture
        place = pictures.find(picture)
        return (
            posixpath.basename(picture) if place is None else posixpath.relpath(place, posixpath.dirname(name) or ".")
        )

    return replace(look, color_map=found(look.color_map), alpha_map=found(look.alpha_map))


def _unchanged(files: Files, name: str, named: Path) -> bool:
    """Are the other files that a conversion read still what they were?"""
    try:
        said = json.loads(named.read_text(encoding="utf-8"))
        return all(_digest(_other(files, name, other)) == digest for other, digest in said.items())
    except (OSError, ValueError, AttributeError):
        return False


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _convert(files: Files, name: str, data: bytes, kept: Path, named: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    others: dict[str, str | None] = {}
    with tempfile.TemporaryDirectory(prefix="synthgen-convert-") as temporary:
        root = Path(temporary) / "files"
        place = _safe(name)
        _put(root / place, data)
        for _ in range(_ROUNDS):
            said, error = _run(root / place, kept, Path(temporary), name)
            layers = [other for other in (place, *others) if other.lower().endswith(_USD)]
            missed = _missed(files, said, root, layers) if layers else ()
            new = [other for other in dict.fromkeys(missed) if other not in others]
            for other in new:
                others[other] = _fetch(files, name, other, root)
            if not any(others[other] for other in new):
                break
    if error is not None:
        lost = _lost(others)
        raise InputError([*error.diagnostics, *(Diagnostic(name, sentence) for sentence in lost)])
    write_whole(named, json.dumps(others).encode())


def _lost(others: Mapping[str, str | None]) -> list[str]:
    """A sentence for each file that a stage names and that is nowhere."""
    return [f"the file {other!r} that it names is missing" for other, digest in others.items() if digest is None]


def _safe(name: str) -> str:
    """The model's name as a path below the folder that it is put into; its bare name where it would lead out."""
    path = posixpath.normpath(name.replace("\\", "/"))
    inside = not posixpath.isabs(path) and not path.startswith("..") and ":" not in path and "\0" not in path
    return path if inside else f"model{posixpath.splitext(path)[1]}"


def _missed(files: Files, said: str, root: Path, layers: list[str]) -> Iterator[str]:
    """The files that a USD stage names and Blender did not find, as names among the model's files.

    Pictures are named from the folder of their layer, and Blender does not say which that is.
    """
    for layer, picture in _MISSED.findall(said):
        path = (layer or picture).replace("\\", "/")
        if path.startswith(f"{root.as_posix()}/"):
            yield posixpath.normpath(path.removeprefix(f"{root.as_posix()}/"))
            continue
        places = [place for place in (beside(known, path) for known in layers) if place is not None]
        yield from [place for place in places if files.has(place)] or places[:1]


def _fetch(files: Files, name: str, other: str, root: Path) -> str | None:
    """Puts a file of the model's where it is looked for. Gives its SHA-256, or None where there is none."""
    data = _other(files, name, other)
    if data is None or _safe(other) != other:
        return None
    _put(root / other, data)
    return _digest(data)


def _other(files: Files, name: str, other: str) -> bytes | None:
    """The bytes of a file that a model names; None where it is nowhere."""
    place = other if files.has(other) else PictureFiles(files, name).find(other)
    return None if place is None else files.read(place)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _run(source: Path, target: Path, temporary: Path, where: str) -> tuple[str, InputError | None]:
    """Runs the conversion; Blender leaves what it leaves in `temporary`. Gives what it wrote, and the error where it
    failed. Raises InputError where it took too long."""
    process = subprocess.Popen(
        [*COMMAND, str(source), str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True, env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise InputError.of(
            f"Blender did not open the file within {LIMIT_SECONDS:g} s", where=where,
            hint="simplify it, or export it as .glb yourself",
        ) from None  # fmt: skip
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    said = err.decode("utf-8", "replace")
    try:
        answer = json.loads(out.decode("utf-8", "replace").splitlines()[-1])
    except (ValueError, IndexError):
        answer = {"error": f"Blender ended without a word (exit {process.returncode}): {_last_line(said)}"}
    if "error" in answer:
        return said, InputError.of(str(answer["error"]), where=where, hint=str(answer.get("hint", "")))
    return said, None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it wrote nothing"])[-1][:200]
