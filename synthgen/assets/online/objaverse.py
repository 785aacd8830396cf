"""Objaverse 1.0: 800,000 models of strangers, as GLB, each under a Creative Commons licence of its own.

The dataset lies at Hugging Face, allenai/objaverse (layout: PyPI `objaverse` 0.1.7, `objaverse/__init__.py`):
`object-paths.json.gz` (id: path of the GLB), `metadata/NNN-NNN.json.gz` (160 tables, id: what Sketchfab said of it) and
`lvis-annotations.json.gz` (name of one of 1,156 categories: ids). Searched are the 46,000 objects that have such a
category: their categories are known before any table of metadata is brought, so that a search needs few of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from synthgen.assets.online.answers import Answer, readable, text
from synthgen.assets.online.found import Contents, Downloaded, Found, Kind, Progress, check_search, quiet
from synthgen.assets.online.intake import Room, take_in
from synthgen.assets.online.kept import kept
from synthgen.assets.online.licences import check_licence
from synthgen.assets.online.settings import load_service
from synthgen.assets.online.web import NotThere, Web
from synthgen.assets.online.words import rank, tokens

_ID = re.compile(r"[0-9a-f]{32}")
_PATH = re.compile(r"glbs/(?P<part>\d{3}-\d{3})/(?P<id>[0-9a-f]{32})\.glb")
_CATEGORIES, _PATHS = "lvis-annotations.json.gz", "object-paths.json.gz"


class Objaverse:
    """See found.Provider."""

    def __init__(self) -> None:
        self.service = load_service("objaverse")
        self._paths: dict[str, str] = {}
        self._lvis: dict[str, tuple[str, ...]] = {}

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
        categories = self._categories(web, words)
        if not categories:
            progress("Objaverse is searched by the categories of LVIS; none has any of these words in its name")
            return []
        parts = self._parts(web, categories)
        found: list[tuple[int, Found]] = []
        looked = 0
        for part, ids in parts:
            looked += 1
            read = partial(self._fitting, words, categories, accepted)
            found += readable(_entries(self._table(web, part), ids), read, progress)
            if len(found) >= limit or looked == self.service.options["parts"]:
                break
        if looked < len(parts) and len(found) < limit:
            progress(f"looked into {looked} of {len(parts)} tables; other words may find more")
        return [asset for _, asset in sorted(found, key=lambda entry: entry[0])[:limit]]

    def _parts(self, web: Web, categories: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
        """The tables of metadata that have the objects (by id) of these categories; the fullest first."""
        parts: dict[str, list[str]] = defaultdict(list)
        paths = self._all_paths(web)
        for asset in categories:
            match = _PATH.fullmatch(paths.get(asset, ""))
            if match:
                parts[match["part"]].append(asset)
        return sorted(parts.items(), key=lambda entry: (-len(entry[1]), entry[0]))

    def _categories(self, web: Web, words: Sequence[str]) -> dict[str, list[str]]:
        """The objects, by id, of which a category's name has one of the words; with their categories."""
        wanted = {token for word in words for token in tokens(word)}
        found: dict[str, list[str]] = defaultdict(list)
        for name, ids in self._all_categories(web).items():
            if not wanted or wanted & set(tokens(name)):
                for asset in ids:
                    found[asset].append(name)
        return dict(found)

    def _all_categories(self, web: Web) -> dict[str, tuple[str, ...]]:
        """Ids by category. Names are such as `car_(automobile)`."""
        if not self._lvis:
            self._lvis = {name: ids.texts() for name, ids in _document(web, _CATEGORIES).members()}
        return self._lvis

    def _all_paths(self, web: Web) -> dict[str, str]:
        """The path of every object's file."""
        if not self._paths:
            document = _document(web, _PATHS)
            if not isinstance(document.value, dict) or not all(isinstance(p, str) for p in document.value.values()):
                raise document.error(f"{_PATHS} is no table of paths")
            self._paths = document.value
        return self._paths

    def _table(self, web: Web, part: str) -> Answer:
        return _document(web, f"metadata/{part}.json.gz")

    def _fitting(
        self,
        words: Sequence[str],
        categories: Mapping[str, list[str]],
        accepted: Sequence[str],
        entry: tuple[str, Answer],
    ) -> list[tuple[int, Found]]:
        restricted = entry[1].find("isAgeRestricted")
        if restricted is not None and restricted.value is True:
            return []
        asset = self._found(*entry, categories.get(entry[0], ()))
        fit = rank(words, (*asset.category, asset.title), asset.tags)
        return [] if fit is None or asset.licence not in accepted else [(fit, asset)]

    def _found(self, asset: str, answer: Answer, categories: Sequence[str] = ()) -> Found:
        archives = answer.find("archives")
        glb = None if archives is None else archives.find("glb")
        size = None if glb is None else glb.find("size")
        named = answer.find("categories")
        tags = answer.find("tags")
        user = answer.get("user")
        page = text(answer, "viewerUrl")
        names: Mapping[str, str] = self.service.options["licence_names"]
        return Found(
            provider=self.service.name,
            id=asset,
            title=answer.get("name").text(),
            kind="model",
            licence=names.get(answer.get("license").text(), ""),
            author=text(user, "displayName") or user.get("username").text(),
            page=page if page.startswith("https://") else self.service.page(asset),
            tags=() if tags is None else tuple(tag.get("name").text() for tag in tags.items()),
            category=(*categories, *(() if named is None else (n.get("name").text() for n in named.items()))),
            size_bytes=None if size is None else size.whole() or None,
            date=(text(answer, "publishedAt") or text(answer, "createdAt"))[:10],
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
        accepted = self.service.accepted(licence)
        web = Web(self.service, progress)
        path = self._all_paths(web).get(asset, "") if _ID.fullmatch(asset) else ""
        match = _PATH.fullmatch(path)
        if not match:
            raise NotThere.of(
                f"Objaverse has no object {asset!r}", hint="ids are as `synthgen assets search` shows them"
            )
        categories = [name for name, ids in self._all_categories(web).items() if asset in ids]
        entry = self._table(web, match["part"]).get(asset)
        found = self._found(asset, entry, categories)
        check_licence(found, accepted)

        def fill(room: Room) -> Contents:
            room.expect(found.size_bytes or 0)
            # glTF is Y up; its metres are whatever the author thought of.
            return Contents(main=room.fetch(f"/{path}", f"{asset}.glb"), up="+y")

        return take_in(self.service, found, into, "", fill, web)


def _entries(table: Answer, ids: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    for asset in ids:
        entry = table.find(asset)
        if entry is not None:
            yield asset, entry


def _document(web: Web, name: str) -> Answer:
    address = f"/{name}"

    def read(data: bytes) -> Answer:
        document = web.read_json(web.unpacked(data, address), address)
        next(document.members(), None)  # that it is an object at all
        return document

    def ask() -> bytes:
        web.progress(f"{web.service.title}: {name}")
        return web.content(address)

    return kept(web, name.replace("/", "-"), ask, read)
