"""ambientCG: materials, HDRIs and some models, all CC0-1.0.

The API (version 2): `/api/v2/full_json` of ambientcg.com, docs.ambientcg.com/api/v2/full_json. It gives no checksums; a
zip carries its own. (Version 3 of the API exists; version 2 is the one that synthgen has recorded answers of.)
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, unquote

from synthgen.assets.online.answers import Answer, readable, text, texts
from synthgen.assets.online.found import (
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
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.web import NotThere, Web, parts
from synthgen.assets.online.words import rank
from synthgen.errors import InputError

_ADDRESS = "/api/v2/full_json"
_INCLUDE = "displayData,tagData,dimensionsData"
_ID = re.compile(r"[A-Za-z0-9]{1,80}")
_ATTRIBUTE = re.compile(r"(?:(?P<quality>LQ|SQ|HQ)-)?(?P<resolution>\d+K)(?:-(?P<format>[A-Z]+))?")
_SKY = (".exr", ".hdr")


@dataclass(frozen=True, slots=True)
class _Offer:
    """A file that an asset comes as. format: of the pictures in it; end: of the file's own name."""

    quality: str
    resolution: str
    format: str
    end: str
    name: str
    address: str
    size: int | None


class AmbientCG:
    """See found.Provider."""

    def __init__(self) -> None:
        self.service = load_service("ambientcg")
        self._kinds: dict[str, Kind] = {name: kind for kind, name in self.service.options["kinds"].items()}

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
        parameters: dict[str, str | int] = {
            "include": _INCLUDE, "sort": "Popular", "limit": self.service.options["page_size"]
        }  # fmt: skip
        if words:
            parameters["q"] = ",".join(words)
        if kind is not None:
            parameters["type"] = self.service.options["kinds"][kind]
        found: list[tuple[int, Found]] = []
        for page in self._pages(web, parameters):
            found += readable(page, partial(self._fitting, words, kind), progress)
            if len(found) >= limit:
                break
        return [asset for _, asset in sorted(found, key=lambda entry: entry[0])[:limit]]

    def _pages(self, web: Web, parameters: dict[str, str | int]) -> Iterator[list[Answer]]:
        seen = 0
        for _ in range(self.service.options["pages"]):
            answer = web.json(_ADDRESS, {**parameters, "offset": seen})
            page = list(answer.get("foundAssets").items())
            yield page
            seen += len(page)
            if not page or seen >= answer.get("numberOfResults").whole():
                return

    def _fitting(self, words: Sequence[str], kind: Kind | None, answer: Answer) -> list[tuple[int, Found]]:
        if answer.get("dataType").text() not in self._kinds:  # decals, brushes, plain photographs
            return []
        asset = self._found(answer)
        fit = rank(words, (asset.id, asset.title, *asset.category), asset.tags)
        return [] if fit is None or kind not in (None, asset.kind) else [(fit, asset)]

    def _found(self, answer: Answer) -> Found:
        asset = answer.get("assetId").text()
        kind = self._kinds.get(answer.get("dataType").text())
        if kind is None:
            raise InputError.of(
                f"{asset} is a {answer.get('dataType').text()}, which synthgen has no use for", where=answer.where,
                hint=f"there are {', '.join(self._kinds)}",
            )  # fmt: skip
        sides = [answer.find(f"dimension{axis}") for axis in "XYZ"]
        extent = tuple(round(side.number() / 100, 6) for side in sides if side is not None and side.number() > 0)
        return Found(
            provider=self.service.name,
            id=asset,
            title=text(answer, "displayName") or asset,
            kind=kind,
            licence=self.service.default_licences[0],
            author=self.service.options["author"],
            page=self.service.page(asset),
            tags=texts(answer, "tags"),
            category=tuple(filter(None, [text(answer, "displayCategory")])),
            extent=extent if len(extent) >= 2 else None,
            date=text(answer, "releaseDate")[:10],
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
        unknown = NotThere.of(
            f"ambientCG has no asset {asset!r}", hint="ids are as `synthgen assets search` shows them"
        )
        if not _ID.fullmatch(asset):
            raise unknown
        answer = web.json(_ADDRESS, {"id": asset, "include": f"{_INCLUDE},downloadData"})
        entry = next((a for a in answer.get("foundAssets").items() if a.get("assetId").text() == asset), None)
        if entry is None:
            raise unknown
        found = self._found(entry)
        offer = self._choose(list(_offers(entry)), found.kind, resolution, entry)
        return take_in(self.service, found, into, resolution, partial(self._fill, found.kind, offer), web)

    def _choose(self, offers: list[_Offer], kind: Kind, resolution: str, answer: Answer) -> _Offer:
        """The best file of the resolution. Raises InputError with the resolutions that there are."""
        options = self.service.options
        qualities, formats = options["quality"], options["formats"]
        if kind == "hdri":
            offers = [o for o in offers if o.end in _SKY or (o.end == ".zip" and o.format == "")]
        else:
            offers = [o for o in offers if o.end == ".zip" and o.format in formats]
        if not offers:
            raise answer.error("none of the downloads is of a kind that it knows")
        fitting = [o for o in offers if o.resolution.lower() == resolution]
        if not fitting:
            there = sorted({o.resolution.lower() for o in offers}, key=lambda name: int(name[:-1]))
            raise InputError.of(
                f"it is not to be had in {resolution}", where=answer.where, hint=f"there is {', '.join(there)}"
            )

        def place(offer: _Offer) -> tuple[int, int]:
            quality = qualities.index(offer.quality) if offer.quality else len(qualities)
            return quality, formats.index(offer.format) if offer.format in formats else len(formats)

        return min(fitting, key=place)

    def _fill(self, kind: Kind, offer: _Offer, room: Room) -> Contents:
        room.expect(offer.size or 0)
        if offer.end != ".zip":
            return Contents(main=room.fetch(offer.address, offer.name))
        names = room.fetch_archive(offer.address, offer.name)
        if kind == "model":
            return Contents(main=_ending(names, (".obj",), offer))
        if kind == "hdri":
            return Contents(main=_ending(names, _SKY, offer))
        maps = {}
        for role, ends in self.service.options["maps"].items():
            found = [n for n in sorted(names) if posixpath.splitext(n)[0].endswith(tuple(ends)) and _is_picture(n)]
            if found:
                maps[role] = found[0]
        if "color" not in maps:
            raise InputError.of("the archive has no picture of the colour", where=offer.address)
        return Contents(main=maps["color"], maps=maps)


def _offers(answer: Answer) -> Iterator[_Offer]:
    """The files that an asset comes as; those whose attribute says nothing that is known are left out."""
    for _, folder in answer.get("downloadFolders").members():
        for _, category in folder.get("downloadFiletypeCategories").members():
            for entry in category.get("downloads").items():
                match = _ATTRIBUTE.fullmatch(entry.get("attribute").text())
                address = entry.get("downloadLink").raw_text()
                name = text(entry, "fileName") or _file_of(address)
                if match:
                    size = entry.find("size")
                    yield _Offer(
                        quality=match["quality"] or "",
                        resolution=match["resolution"],
                        format=(match["format"] or "").replace("HDR", ""),
                        end=posixpath.splitext(name)[1].lower(),
                        name=name,
                        address=address,
                        size=None if size is None else size.whole(),
                    )


def _file_of(address: str) -> str:
    """The file name in an address such as /get?file=NAME."""
    split = parts(address)
    return parse_qs(split.query).get("file", [posixpath.basename(unquote(split.path))])[0]


def _ending(names: tuple[str, ...], ends: tuple[str, ...], offer: _Offer) -> str:
    found = sorted((n for n in names if n.lower().endswith(ends)), key=lambda name: (name.count("/"), name))
    if not found:
        raise InputError.of(f"the archive has no {' or '.join(ends)}", where=offer.address)
    return found[0]


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".jpg", ".jpeg", ".png", ".exr", ".tif"))
