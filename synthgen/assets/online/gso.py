"""Google Scanned Objects: a thousand scanned household goods (CC-BY-4.0), given away at Gazebo Fuel.

The API: `/OWNER/models?page=&per_page=`, `/OWNER/models/NAME` and `/OWNER/models/NAME.zip` of fuel.gazebosim.org/1.0
(source: github.com/gazebo-web/fuel-server, routes.go and proto/model.proto, July 2024). Its own search forgets the
owner, so the whole list (eleven pages) is asked for and kept, and searched here.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from synthgen.assets.online.answers import Answer, readable, text, texts
from synthgen.assets.online.found import Contents, Downloaded, Found, Kind, Progress, check_search, quiet
from synthgen.assets.online.intake import Room, take_in
from synthgen.assets.online.kept import kept
from synthgen.assets.online.licences import check_licence, creative_commons
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.unpack import confined
from synthgen.assets.online.web import NotThere, Web, quoted
from synthgen.assets.online.words import rank
from synthgen.errors import InputError

_PICTURE = re.compile(r"^\s*(?:map_\w+|bump|disp|decal|norm)\s(?:.*\s)?(?P<name>\S+)\s*$", re.MULTILINE | re.IGNORECASE)
_LARGEST_MTL = 1 << 20


class ScannedObjects:
    """See found.Provider."""

    def __init__(self) -> None:
        self.service = load_service("gso")
        self._models = f"/{quoted(self.service.options['owner'])}/models"

    @property
    def credit(self) -> str:
        return self.service.credit

    def search(
        self,
        words: Sequence[str],
        *,
        kind: Kind | None = None,
        licence: str | None = None,
        limit: int = 20,
        progress: Progress = quiet,
    ) -> list[Found]:
        check_search(kind, limit)
        accepted = self.service.accepted(licence)
        if kind not in (None, "model"):
            return []
        web = Web(self.service, progress)
        ask = partial(self._ask_for_all, web)
        listed = kept(web, "models.json", ask, lambda data: list(web.read_json(data, self._models).items()))

        def read(answer: Answer) -> list[tuple[int, str, Found]]:
            asset = self._found(answer)
            fit = rank(words, (asset.title, *asset.category), (*asset.tags, text(answer, "description")))
            return [] if fit is None or asset.licence not in accepted else [(fit, asset.id, asset)]

        return [asset for _, _, asset in sorted(readable(listed, read, progress), key=lambda e: e[:2])[:limit]]

    def _ask_for_all(self, web: Web) -> bytes:
        """All models, as one JSON list."""
        models: list[object] = []
        size = self.service.options["page_size"]
        for page in range(1, self.service.options["pages"] + 1):
            web.progress(f"{self.service.title}: list of models, page {page}")
            try:
                answer = web.json(self._models, {"page": page, "per_page": size})
            except NotThere:
                if page == 1:
                    raise
                break  # the page after a last one that was full
            entries = [entry.value for entry in answer.items()]
            models += entries
            if len(entries) < size:
                break
        return json.dumps(models).encode()

    def _found(self, answer: Answer) -> Found:
        name = answer.get("name").text()
        size = answer.find("filesize")
        date = text(answer, "upload_date") or text(answer, "createdAt")
        return Found(
            provider=self.service.name,
            id=name,
            title=name.replace("_", " "),
            kind="model",
            licence=self._licence(answer),
            author=self.service.options["author"],
            page=self.service.page(quoted(name)),
            tags=texts(answer, "tags"),
            category=texts(answer, "categories"),
            size_bytes=None if size is None else size.whole() or None,
            date=date[:10],
        )

    def _licence(self, answer: Answer) -> str:
        """SPDX name; empty where it is not known, which no search accepts."""
        known: dict[str, str] = self.service.options["licence_names"]
        return creative_commons(text(answer, "license_url")) or known.get(text(answer, "license_name"), "")

    def download(
        self,
        asset: str,
        into: Path,
        *,
        resolution: str = "1k",
        licence: str | None = None,
        progress: Progress = quiet,
    ) -> Downloaded:
        web = Web(self.service, progress)
        if "/" in confined(asset, self.service.title):
            raise NotThere.of(f"{self.service.title} has no model {asset!r}")
        answer = web.json(f"{self._models}/{quoted(asset)}")
        found = self._found(answer)
        if found.id != asset:
            raise answer.error(f"asked for {asset!r}, it gives {found.id!r}")
        check_licence(found, self.service.accepted(licence))
        address = f"{self._models}/{quoted(asset)}.zip"
        return take_in(self.service, found, into, "", partial(_fill, address, found), web)


def _fill(address: str, found: Found, room: Room) -> Contents:
    """Brings the archive; of it the mesh, its materials and its pictures are kept, side by side.

    In the archive `meshes/model.mtl` names `texture.png`, which lies in `materials/textures/`, where Gazebo finds it.
    An archive that is laid out otherwise stays as it is.
    """
    room.expect(found.size_bytes or 0)
    names = room.fetch_archive(address, "model.zip")
    objects = sorted((n for n in names if n.lower().endswith(".obj")), key=lambda name: (name.count("/"), name))
    if not objects:
        raise InputError.of("the archive has no .obj", where=f"{found.provider}, {found.id}")
    own_name = f"{found.id}.obj"  # every archive's is called model.obj
    kept = _side_by_side(objects[0], names, room.files)
    if kept is not None:
        shelf = room.files.with_name("side-by-side")
        shutil.rmtree(shelf, ignore_errors=True)
        shelf.mkdir()
        for name in kept:
            (room.files / name).rename(shelf / (own_name if name == objects[0] else posixpath.basename(name)))
        shutil.rmtree(room.files)
        shelf.rename(room.files)
    return Contents(main=objects[0] if kept is None else own_name, up="+z", unit=1.0)


def _side_by_side(mesh: str, names: tuple[str, ...], folder: Path) -> tuple[str, ...] | None:
    """The mesh, the material files beside it, and the pictures that they name, wherever those lie.

    None where they cannot be put into one folder without breaking what one says of another.
    """
    here = posixpath.dirname(mesh)
    materials = [n for n in names if n.lower().endswith(".mtl") and posixpath.dirname(n) == here]
    kept = [mesh, *materials]
    for material in materials:
        with (folder / material).open("rb") as file:
            data = file.read(_LARGEST_MTL).decode("utf-8", "replace")
        for picture in {match["name"] for match in _PICTURE.finditer(data)}:
            places = [name for name in names if posixpath.basename(name) == picture]
            beside = posixpath.join(here, picture)
            if "/" in picture or "\\" in picture or (beside not in names and len(places) > 1):
                return None
            kept += [beside] if beside in names else places
    kept = list(dict.fromkeys(kept))
    return tuple(kept) if len({posixpath.basename(name) for name in kept}) == len(kept) else None
