"""`source.json`, beside the files of a downloaded asset: what it is, whose, under which licence, from where.

    {
      "synthgen_source": 1,                 version of this format
      "provider": "polyhaven",              name in ONLINE
      "id": "wooden_crate_01",              the provider's
      "title": "Wooden Crate 01",
      "author": "A, B",                     names, comma between
      "licence": "CC0-1.0",                 SPDX
      "page": "https://...",                the asset's page, for an attribution
      "kind": "model",                      model, hdri or material
      "tags": ["crate", ...],
      "category": ["Containers"],           the provider's words, a help for choosing one of ours
      "extent": [1.0, 0.5, 0.6],            metres, as the provider says, or null
      "date": "2021-06-01",                 of the asset, as the provider says (not of the download), or ""
      "resolution": "1k",                   that was asked for
      "main": "wooden_crate_01_1k.gltf",    the file to open, relative to this one's folder
      "maps": {"color": "..."},             a material's pictures
      "up": "+y", "unit": 1.0,              of a model: upward axis, metres per unit; null where not known
      "terms": "https://...",               the provider's terms
      "credit": "Powered by ...",           the line that the provider asks for
      "files": [{"name": "...", "size": 1, "sha256": "..."}]     all others in the folder
    }

`read_source` finds and reads it for any of those files.
"""

from __future__ import annotations

import json
from pathlib import Path

from synthgen.assets.online.answers import Answer, text, texts
from synthgen.assets.online.found import KINDS, Contents, Downloaded, File, Found
from synthgen.assets.online.unpack import confined
from synthgen.errors import InputError
from synthgen.wholefile import write_whole

NAME = "source.json"
VERSION = 1
_DEEPEST = 6


def write_source(asset: Downloaded, folder: Path) -> None:
    """Writes the file into a folder (which is not yet the asset's own while it is being made)."""
    found, contents = asset.found, asset.contents
    data = {
        "synthgen_source": VERSION,
        "provider": found.provider,
        "id": found.id,
        "title": found.title,
        "author": found.author,
        "licence": found.licence,
        "page": found.page,
        "kind": found.kind,
        "tags": found.tags,
        "category": found.category,
        "extent": found.extent,
        "date": found.date,
        "resolution": asset.resolution,
        "main": contents.main,
        "maps": contents.maps,
        "up": contents.up,
        "unit": contents.unit,
        "terms": asset.terms,
        "credit": asset.credit,
        "files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in asset.files],
    }
    write_whole(folder / NAME, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())


def read_source(file: Path) -> Downloaded | None:
    """What is known of a downloaded file; None where it is none. (Files are not opened: their content may differ.)

    The `source.json` is looked for in the file's folder and in those above it. Raises InputError where it is broken.
    """
    for folder in file.absolute().parents[:_DEEPEST]:
        if (folder / NAME).is_file():
            asset = read_folder(folder)
            name = file.absolute().relative_to(folder).as_posix()
            return asset if any(known.name == name for known in asset.files) else None
    return None


def read_folder(folder: Path) -> Downloaded:
    """What the `source.json` of a folder says. Raises InputError where it is missing or broken."""
    path = folder / NAME
    try:
        answer = Answer(NAME, str(path), json.loads(path.read_bytes()))
        return _asset(answer, folder)
    except OSError as error:
        raise InputError.of(f"cannot be read: {error.strerror}", where=str(path)) from error
    except ValueError as error:
        raise InputError.of(f"not JSON: {error}", where=str(path)) from error
    except InputError as error:
        raise InputError.of(
            f"a broken {NAME}: {error.diagnostics[0].what}", where=str(path), hint="download the asset again"
        ) from error


def _asset(answer: Answer, folder: Path) -> Downloaded:
    version = answer.get("synthgen_source")
    if version.whole() != VERSION:
        raise version.error(f"it is of version {version.value}, not {VERSION}")
    kind = next((k for k in KINDS if k == answer.get("kind").text()), None)
    up = next((axis for axis in ("+y", "+z") if axis == text(answer, "up")), None)
    if kind is None:
        raise answer.error("`kind` is none of " + ", ".join(KINDS))
    extent, unit, where = answer.find("extent"), answer.find("unit"), str(folder / NAME)
    found = Found(
        provider=answer.get("provider").text(),
        id=answer.get("id").text(),
        title=answer.get("title").text(),
        kind=kind,
        licence=answer.get("licence").text(),
        author=answer.get("author").text(),
        page=answer.get("page").text(),
        tags=texts(answer, "tags"),
        category=texts(answer, "category"),
        extent=None if extent is None else tuple(side.number() for side in extent.items()),
        date=text(answer, "date"),
    )
    contents = Contents(
        main=confined(answer.get("main").raw_text(), where),
        maps={role: confined(name.raw_text(), where) for role, name in answer.get("maps").members()},
        up=up,
        unit=None if unit is None else unit.number(),
    )
    files = tuple(
        File(confined(f.get("name").raw_text(), where), f.get("size").whole(), f.get("sha256").text())
        for f in answer.get("files").items()
    )
    return Downloaded(
        found=found,
        resolution=answer.get("resolution").text(),
        folder=folder,
        contents=contents,
        files=files,
        terms=text(answer, "terms"),
        credit=text(answer, "credit"),
        new=False,
    )
