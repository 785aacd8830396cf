"""What packs hold beside models: surroundings as light, traffic signs, pictograms, fonts, and any other file.

    hdri("warehouse")                     Path of an .exr
    sign_svg("regulatory--stop--g1")      SVG bytes
    pictogram("red-apple")                SVG bytes
    font("Archivo", "bold")               Path of a .ttf
    pack_file("robots", "panda.zip")      Path of a file of a pack, as it was fetched

hdris(), signs(), pictograms() and fonts() list what there is, with whose it is. What there is follows from
assets/packs.yaml alone, not from what has been fetched where; only the names of signs and pictograms need their pack.
"""

from __future__ import annotations

import difflib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from synthgen.assets.hdri import clean_hdri, unpacked_hdri
from synthgen.assets.packs import INSTALLED, Credit, Pack, PackFile, find_pack
from synthgen.assets.providers import installed
from synthgen.assets.providers.taking import is_whole
from synthgen.errors import InputError
from synthgen.paths import cache_root

_SIGNS = "package_signs/"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a pack holds.

    tags: words that say what it shows or is. variants: of a font its styles (regular, bold, italic, black). sha256: of
    the pack's file that holds it.
    """

    name: str
    pack: str
    credit: Credit
    sha256: str
    tags: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()

    def attribution(self) -> dict[str, Any]:
        """What ATTRIBUTION.md says of it: as Asset.attribution."""
        return {
            "title": f"{self.credit.title}: {self.name}" if self.credit.title != self.name else self.name,
            "author": self.credit.author,
            "licence": self.credit.licence,
            "source": f"{self.pack}: {self.name}",
            "trademark": False,
        }


def pack_file(pack: str, path: str, *, cache: Path | None = None) -> Path:
    """A file of a pack, by the name that packs.yaml gives it.

    Raises InputError where there is no such pack or file, or it has not been fetched (with the command that does).
    """
    known = find_pack(pack)
    for package in known.packages:
        for file in package.files:
            if file.name == path and package.provider == INSTALLED:
                return installed.folder(package) / file.path
            if file.name == path:
                known.require(_root(cache))
                return known.folder(_root(cache)) / file.name
    raise _unknown("file of the pack", path, (f.name for package in known.packages for f in package.files), pack)


# --- surroundings as light


def hdris() -> tuple[Item, ...]:
    """All surroundings, in the order of packs.yaml; tags: indoor or outdoor, the kind of place, the light there."""
    pack = find_pack("hdris")
    return tuple(_item(pack, name, _hdri_file(pack, name)) for name in pack.tags)


def hdri(name: str, *, cache: Path | None = None) -> Path:
    """An OpenEXR file of a name in `hdris()`: equirectangular, RGB, linear radiance in half floats, none negative.

    Raises InputError for an unknown name, and where its pack or package is not here or not what was pinned.
    """
    pack = find_pack("hdris")
    if name not in pack.tags:
        raise _unknown("HDRI", name, pack.tags, pack.name)
    file = _hdri_file(pack, name)
    held = pack_file(pack.name, file.name, cache=cache)
    read = partial(unpacked_hdri, held, f"hdri/{name}.exr.js") if file.members else partial(_pinned, held, file)
    return clean_hdri(name, file.sha256, read, _root(cache))


def _hdri_file(pack: Pack, name: str) -> PackFile:
    """The file of its own that an HDRI is, else the zip that holds all others."""
    files = [file for package in pack.packages for file in package.files]
    return next((f for f in files if f.name == f"{name}.exr"), files[0])


def _pinned(path: Path, file: PackFile) -> bytes:
    """The content of a file that was not checked by fetching it."""
    if not is_whole(path, file):
        raise InputError.of(
            "not the file that was pinned", where=str(path), hint="install synthgen again, with its constraints.txt"
        )
    return path.read_bytes()


# --- traffic signs


def signs(*, cache: Path | None = None) -> tuple[Item, ...]:
    """All traffic signs, by name; tags: regulatory, warning, information or complementary."""
    pack, archive = _signs(cache)
    names = sorted(name for name in archive.namelist() if name.startswith(_SIGNS))
    codes = (name.removeprefix(_SIGNS).removesuffix(".svg") for name in names)
    return tuple(_item(pack, code, pack.files[0], (code.split("--", 1)[0],)) for code in codes)


def sign_svg(code: str, *, cache: Path | None = None) -> bytes:
    """The SVG of a sign, such as `regulatory--stop--g1`. Raises InputError where the sign or its pack is not here."""
    _, archive = _signs(cache)
    try:
        return archive.read(f"{_SIGNS}{code}.svg")
    except KeyError:
        raise _unknown("traffic sign", code, (s.name for s in signs(cache=cache)), "signs") from None


def _signs(cache: Path | None) -> tuple[Pack, zipfile.ZipFile]:
    path = pack_file("signs", "signs.zip", cache=cache)
    return find_pack("signs"), _in_memory(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _in_memory(path: Path, _stamp: int) -> zipfile.ZipFile:
    """A zip of small files; not as an open file, whose position forked workers would share."""
    return zipfile.ZipFile(BytesIO(path.read_bytes()))


# --- pictograms


class _Icon(msgspec.Struct, forbid_unknown_fields=True):
    body: str
    width: float | None = None
    height: float | None = None
    hidden: bool = False


class _Alias(msgspec.Struct, forbid_unknown_fields=True):
    parent: str
    hFlip: bool = False


class _Icons(msgspec.Struct):
    """An icon set in the IconifyJSON format."""

    icons: dict[str, _Icon]
    aliases: dict[str, _Alias]
    width: float
    height: float


class _Metadata(msgspec.Struct):
    categories: dict[str, tuple[str, ...]]


def pictograms(*, cache: Path | None = None) -> tuple[Item, ...]:
    """All pictograms that are in use, by name; tags: their category (`food & drink`, `animals & nature`, ...)."""
    pack = find_pack("pictograms")
    icons, metadata = _icons(cache), pack_file(pack.name, "metadata.json", cache=cache)
    categories = msgspec.json.decode(metadata.read_bytes(), type=_Metadata).categories
    tags = {name: (category.lower(),) for category, names in categories.items() for name in names}
    names = sorted({name for name, icon in icons.icons.items() if not icon.hidden} | set(icons.aliases))
    return tuple(_item(pack, name, pack.files[0], tags.get(name, ())) for name in names)


def pictogram(name: str, *, cache: Path | None = None) -> bytes:
    """The SVG of a pictogram. Raises InputError where it or its pack is not here."""
    icons = _icons(cache)
    alias = icons.aliases.get(name)
    icon = icons.icons.get(alias.parent if alias else name)
    if icon is None:
        raise _unknown("pictogram", name, (*icons.icons, *icons.aliases), "pictograms")
    width, height = icon.width or icons.width, icon.height or icons.height
    body = f'<g transform="translate({width:g} 0) scale(-1 1)">{icon.body}</g>' if alias and alias.hFlip else icon.body
    box = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{body}</svg>'.encode()


def _icons(cache: Path | None) -> _Icons:
    path = pack_file("pictograms", "icons.json", cache=cache)
    return _read_icons(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_icons(path: Path, _stamp: int) -> _Icons:
    return msgspec.json.decode(path.read_bytes(), type=_Icons)


# --- fonts


def fonts() -> tuple[Item, ...]:
    """All font families, in the order of packs.yaml; tags: grotesque, serif, slab, script, condensed, ..."""
    pack = find_pack("fonts")
    found = []
    for package in pack.packages:
        faces = [file for file in package.files if file.name.endswith(".ttf")]
        credit = faces[0].credit or pack.credit
        styles = tuple(_style(face) for face in faces)
        found.append(Item(credit.title, pack.name, credit, faces[0].sha256, pack.tags[credit.title], styles))
    return tuple(found)


def font(family: str, style: str = "regular", *, cache: Path | None = None) -> Path:
    """The TrueType file of a family's style; upper and lower case are one.

    Raises InputError for a family or style that is not in `fonts()`, and where the pack is not here.
    """
    pack = find_pack("fonts")
    families = {(f.credit or pack.credit).title.lower(): package for package in pack.packages for f in package.files}
    package = families.get(family.lower())
    if package is None:
        raise _unknown("font family", family, (f.name for f in fonts()), pack.name)
    faces = {_style(file): file.name for file in package.files if file.name.endswith(".ttf")}
    if style.lower() not in faces:
        raise _unknown(f"style of the font {family}", style, faces, pack.name)
    return pack_file(pack.name, faces[style.lower()], cache=cache)


def _style(face: PackFile) -> str:
    """The style that a font file's name ends with: `Archivo-Bold.ttf` is bold."""
    return face.name.removesuffix(".ttf").rpartition("-")[2].lower()


# --- what they share


def _item(pack: Pack, name: str, file: PackFile, tags: tuple[str, ...] | None = None) -> Item:
    return Item(name, pack.name, file.credit or pack.credit, file.sha256, pack.tags[name] if tags is None else tags)


def _root(cache: Path | None) -> Path:
    return cache_root() if cache is None else cache


def _unknown(kind: str, name: str, known: Iterable[str], pack: str) -> InputError:
    names = list(known)
    near = [n for n in names if name.lower() in n.lower()][:3] or difflib.get_close_matches(name, names, 3)
    hint = f"did you mean {' or '.join(repr(n) for n in near)}?" if near else f"for example {names[0]!r}"
    return InputError.of(f"no {kind} is named {name!r} (pack {pack!r})", hint=hint)
