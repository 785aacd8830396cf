"""Poly Haven: models, HDRIs and materials, all CC0-1.0.

The API: `/assets?type=`, `/info/ID` and `/files/ID` of api.polyhaven.com, as its own source describes them (github.com/
Poly-Haven/Public-API, swagger.yml and routes/, August 2026). `/files` names size and MD5 of every file.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from synthgen.assets.online.answers import Answer, readable, text, texts
from synthgen.assets.online.found import (
    KINDS,
    Contents,
    Downloaded,
    Found,
    Kind,
    Progress,
    check_resolution,
    check_search,
    quiet,
)
from synthgen.assets.online.intake import Room, take_in
from synthgen.assets.online.kept import kept
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.web import NotThere, Web, parts
from synthgen.assets.online.words import rank
from synthgen.errors import InputError

_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
_TYPES: tuple[Kind, ...] = ("hdri", "material", "model")
"""By the number that the API gives a type."""


class PolyHaven:
    """See found.Provider."""

    def __init__(self) -> None:
        self.service = load_service("polyhaven")

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
        self.service.accepted(licence)
        web = Web(self.service, progress)
        found = [entry for k in KINDS if kind in (None, k) for entry in self._fitting(web, k, words)]
        found.sort(key=lambda entry: (entry[0], -entry[1], entry[2].id))
        return [asset for _, _, asset in found[:limit]]

    def _fitting(self, web: Web, kind: Kind, words: Sequence[str]) -> list[tuple[int, int, Found]]:
        """Assets of a kind that the words describe: (how badly they fit, how often they are downloaded, the asset)."""
        name = self.service.options["kinds"][kind]
        address = f"/assets?type={name}"
        ask = partial(web.content, address)
        listed = kept(web, f"{name}.json", ask, lambda data: list(web.read_json(data, address).members()))

        def read(entry: tuple[str, Answer]) -> list[tuple[int, int, Found]]:
            asset = self._found(*entry)
            fit = rank(words, (asset.id, asset.title), (*asset.tags, *asset.category))
            count = entry[1].find("download_count")
            return [] if fit is None else [(fit, 0 if count is None else count.whole(), asset)]

        return readable(listed, read, web.progress)

    def _found(self, asset: str, answer: Answer) -> Found:
        number = answer.get("type").whole()
        if number >= len(_TYPES):
            raise answer.error(f"a type numbered {number}")
        sides = answer.find("dimensions")
        extent = None if sides is None else tuple(round(side.number() / 1000, 6) for side in sides.items())
        published = answer.find("date_published")
        path = text(answer, "category").split("/")
        return Found(
            provider=self.service.name,
            id=asset,
            title=answer.get("name").text(),
            kind=_TYPES[number],
            licence=self.service.default_licences[0],
            author=", ".join(name for name, _ in answer.get("authors").members()),
            page=self.service.page(asset),
            tags=texts(answer, "tags"),
            category=(*(part for part in reversed(path) if part), *texts(answer, "categories")),
            extent=extent if extent and min(extent) > 0 else None,
            date="" if published is None else _day(published),
        )

    def download(
        self,
        asset: str,
        into: Path,
        *,
        resolution: str = "1k",
        licence: str | None = None,
        progress: Progress = quiet,
    ) -> Downloaded:
        resolution = check_resolution(resolution)
        self.service.accepted(licence)
        web = Web(self.service, progress)
        if not _ID.fullmatch(asset):
            raise NotThere.of(
                f"Poly Haven has no asset {asset!r}", hint="ids are as `synthgen assets search` shows them"
            )
        found = self._found(asset, web.json(f"/info/{asset}"))
        files = web.json(f"/files/{asset}")
        fill = {"model": _model, "hdri": self._hdri, "material": self._material}[found.kind]
        return take_in(self.service, found, into, resolution, partial(fill, files, resolution), web)

    def _hdri(self, files: Answer, resolution: str, room: Room) -> Contents:
        formats = _at(files.get("hdri"), resolution)
        for name in self.service.options["hdri"]:
            file = formats.find(name)
            if file is not None:
                return Contents(main=_bring([(_name(file), file)], room)[0])
        raise formats.error(f"`{formats.path}` has none of {', '.join(self.service.options['hdri'])}")

    def _material(self, files: Answer, resolution: str, room: Room) -> Contents:
        wanted = {}
        for role, choice in self.service.options["maps"].items():
            named = next((a for a in map(files.find, choice["names"]) if a is not None), None)
            if named is not None:
                formats = _at(named, resolution)
                file = next((f for f in map(formats.find, choice["formats"]) if f is not None), None)
                if file is not None:
                    wanted[role] = (_name(file), file)
        if "color" not in wanted:
            raise files.error("no picture of the colour is among the files")
        names = _bring(list(wanted.values()), room)
        return Contents(main=names[0], maps=dict(zip(wanted, names, strict=True)))


def _model(files: Answer, resolution: str, room: Room) -> Contents:
    main = _at(files.get("gltf"), resolution).get("gltf")
    include = main.find("include")
    others = [] if include is None else list(include.members())
    return Contents(main=_bring([(_name(main), main), *others], room)[0], up="+y", unit=1.0)


def _at(files: Answer, resolution: str) -> Answer:
    """The files of a resolution. Raises InputError with those that there are."""
    found = files.find(resolution)
    if found is None:
        there = sorted((name for name, _ in files.members()), key=lambda name: (len(name), name))
        raise InputError.of(
            f"it is not to be had in {resolution}", where=files.where, hint=f"there is {', '.join(there)}"
        )
    return found


def _bring(wanted: list[tuple[str, Answer]], room: Room) -> list[str]:
    """Downloads files that the API describes, under the given names."""
    room.expect(sum(file.get("size").whole() for _, file in wanted))
    return [
        room.fetch(
            file.get("url").raw_text(), name, size=file.get("size").whole(), md5=file.get("md5").text().lower()
        )
        for name, file in wanted
    ]  # fmt: skip


def _name(file: Answer) -> str:
    return posixpath.basename(unquote(parts(file.get("url").raw_text()).path))


def _day(published: Answer) -> str:
    try:
        return datetime.datetime.fromtimestamp(published.number(), datetime.UTC).date().isoformat()
    except (OverflowError, ValueError, OSError) as error:
        raise published.error(f"`{published.path}` is not a time") from error
