"""What can be told of a user's model without asking: unit, axes, size, material rules, licence, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.assets.formats.source import SourceModel
from synthgen.assets.normalise import DEFAULT_FRONT, FRONTS, FRONTS_Z_UP, Pose, turn
from synthgen.assets.sizes import UNITS, guess_unit, largest_side
from synthgen.errors import InputError
from synthgen.taxonomy import Category, did_you_mean, domain_names, load_taxonomy

VERSION = 3
"""Raised when the same file gives another row."""

OWN = "LicenseRef-Own"
"""Licence of a model of which nobody said any: the user's own, and no one else's to give away."""

UNKNOWN = "LicenseRef-Unknown"
"""Licence of a model whose file names an author, or a licence that is none known here: hardly the user's own."""

_CC_NAME = re.compile(r"(?i)cc-by(-nc)?(-sa|-nd)?-\d\.\d(-[a-z]{2,4})?")
_CC = re.compile(r"(?i)\bcc[ -]?(by(?:[ -](?:nc|sa|nd)){0,2})[ -]?(\d\.\d)\b")
_CC_URL = re.compile(r"(?i)creativecommons\.org/licenses/(by(?:-(?:nc|sa|nd)){0,2})/(\d\.\d)")
_CC0 = re.compile(r"(?i)\bcc[ -]?(0|zero)\b|creativecommons\.org/publicdomain/zero|public domain")
_SPDX = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.+-]*$")

_UNSURE_WINDING = (".obj", ".ply", ".stl", ".dae", ".fbx")
"""Formats whose writers often leave faces turned inward; the others' renderers would have shown it."""

_RULES_BY_SUPERCATEGORY = {
    "vehicle": "vehicle", "human": "person", "nature": "vegetation", "storage": "industrial",
    "machinery": "industrial", "equipment": "industrial", "safety": "industrial",
}  # fmt: skip
_ON_SHELVES = frozenset({"product", "kitchenware", "goods", "workpiece"})
_ALONG_FRONT = frozenset({"vehicle"})
"""Supercategories of things that are longer than wide, so that the longer side is the one they move along."""
_LONGER_THAN_HIGH = frozenset({"bicycle", "bus", "car", "motorcycle", "truck", "van"})

_HOPELESS = 10.0
"""So many times larger or smaller than anything of its category: a model that no scene can use."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a model, where they say it; the rest is inferred."""

    title: str | None = None
    author: str | None = None
    licence: str | None = None
    source: str | None = None
    unit: str | None = None
    up: str | None = None
    front: str | None = None
    height: float | None = None
    tags: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    stands: str | None = None
    materials: str | None = None
    trademark: bool = False
    faces: int | None = None


@dataclass(frozen=True, slots=True)
class Inferred:
    """A row of a catalogue (without its `id` and `source`), and in plain words how it was come by."""

    row: dict[str, Any]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def infer(model: SourceModel, file: str, category: str, given: Given | None = None) -> Inferred:
    """The catalogue's row of a model. file: its name, whose suffix tells the format.

    Raises InputError for a category that no taxonomy has, and for what the user gave where it makes no sense.
    """
    given = given or Given()
    known = categories()
    if category not in known:
        hint = did_you_mean(_words(category), known) or f"known: {', '.join(sorted(known))}"
        raise InputError.of(f"no taxonomy has the category {category!r}", where=file, hint=hint)
    kind, domains = known[category]
    _refuse_domains(category, given.domains, domains)
    notes: list[str] = []
    warnings = list(model.warnings)
    up = given.up or model.up
    front = _front(model, up, kind, given, notes)
    used = model.positions[np.unique(model.corners[:, 0])]
    turned = turn(used, Pose(up=up, front=front))
    extent = turned.max(axis=0) - turned.min(axis=0)
    if extent.max() <= 0:
        raise InputError.of("the model is a point", where=file)
    metres = _metres(model, file, (float(extent.max()), float(extent[2])), category, given, notes, warnings)
    if category in _LONGER_THAN_HIGH and extent[2] > 1.2 * extent[:2].max():
        other = "+y" if up == "+z" else "+z"
        warnings.append(f"it is higher than it is long, as a {category} is not: is --up {other} needed?")
    licence, author = _licence(model, given, notes, warnings), _line(given.author or model.about.author or "")
    if licence.startswith("CC-BY") and not author:
        warnings.append(f"{licence} asks for the author's name, and the file has none: --author gives it")
    row: dict[str, Any] = {
        "category": category,
        "tags": list(given.tags),
        "domains": list(given.domains or domains),
        "licence": licence,
        "author": author,
        "title": _line(given.title or model.about.title or "") or _title(file),
        "size": [round(max(float(side) * metres, 1e-4), 5) for side in extent],
        "stands": given.stands or ("shelf" if kind.supercategory in _ON_SHELVES else "ground"),
        "materials": given.materials or _rules(model, kind),
        "up": up,
        "front": front,
    }
    if given.trademark:
        row["trademark"] = True
    if given.faces is not None:
        row["faces"] = given.faces
    if file.lower().endswith(_UNSURE_WINDING):
        row["mends"] = ["orient"]
    return Inferred(row, tuple(notes), tuple(warnings))


def categories() -> Mapping[str, tuple[Category, tuple[str, ...]]]:
    """Every category of the taxonomies that come with the program, and the taxonomies that have it."""
    found: dict[str, tuple[Category, tuple[str, ...]]] = {}
    for name in domain_names():
        for category in load_taxonomy(name).categories:
            kind, domains = found.get(category.name, (category, ()))
            found[category.name] = (kind, (*domains, name))
    return found


def category_of_path(path: str) -> str | None:
    """The category that a file's folders or name begin with (`car/red.glb`, `fire_hydrant_2.glb`: no; `car_2.obj`)."""
    known = categories()
    *folders, stem = path.rsplit(".", 1)[0].split("/")
    for folder in reversed(folders):
        word = _words(folder)
        for candidate in (word, word.removesuffix("s"), word.removesuffix("es")):
            if candidate in known:
                return candidate
    words = _words(stem).split()
    for count in range(len(words), 0, -1):
        candidate = " ".join(words[:count])
        if candidate in known:
            return candidate
    return None


def spdx(text: str) -> str | None:
    """The SPDX name of a licence that a file gives in words or by its address; None where that is not clear."""
    if (name := _spelt(text)) is not None:
        return name
    if match := _CC_URL.search(text) or _CC.search(text):
        return f"CC-{match[1].upper().replace(' ', '-')}-{match[2]}"
    if _CC0.search(text):
        return "CC0-1.0"
    return None


_PLAIN = (
    "MIT", "MIT-0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Unlicense", "0BSD", "ISC", "Zlib", "OFL-1.1",
)  # fmt: skip


def _spelt(text: str) -> str | None:
    """An SPDX name as SPDX spells it, however it is spelt: what a licence asks for is told by its name's letters."""
    text = text.strip()
    if _CC_NAME.fullmatch(text):
        return text.upper()
    if _CC0.fullmatch(text) or text.lower() == "cc0-1.0":
        return "CC0-1.0"
    return next((name for name in _PLAIN if name.lower() == text.lower()), None)


def _refuse_domains(category: str, wanted: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raises InputError for a domain whose recipes could never show the asset."""
    for domain in wanted:
        if domain not in known:
            what = f"there is no domain {domain!r}"
            if domain in domain_names():
                what = f"the domain {domain!r} has no category {category!r}"
            raise InputError.of(what, where="--domain", hint=f"a {category} belongs to: {', '.join(known)}")


def _front(model: SourceModel, up: str, kind: Category, given: Given, notes: list[str]) -> str:
    if given.front is not None:
        fronts = FRONTS_Z_UP if up == "+z" else FRONTS
        if given.front not in fronts:
            hint = f"one of {', '.join(fronts)}; --up says another upward axis"
            raise InputError.of(f"a model with {up} upward cannot face {given.front!r}", where="--front", hint=hint)
        return given.front
    if model.front is not None and up == model.up:
        notes.append(f"up {up}, front {model.front}: as the format says")
        return model.front
    usual = DEFAULT_FRONT[up]
    used = model.positions[np.unique(model.corners[:, 0])]
    extent = used.max(axis=0) - used.min(axis=0)
    side = "+x"
    forward = "xyz".index(usual[1])
    if kind.supercategory in _ALONG_FRONT and extent[0] > 1.2 * extent[forward]:
        notes.append(f"up {up}, front {side}: a guess by its longer side; --front says otherwise")
        return side
    notes.append(f"up {up}, front {usual}: the usual one of the format; --up and --front say otherwise")
    return usual


def _metres(
    model: SourceModel,
    file: str,
    sides: tuple[float, float],
    category: str,
    given: Given,
    notes: list[str],
    warnings: list[str],
) -> float:
    """Metres per unit of the file. sides: the largest and the height, in that unit.

    Raises InputError where no unit makes it anything like its category, and the user gave none.
    """
    largest, height = sides
    bounds = largest_side(category)
    if given.height is not None:
        if height <= 0:
            raise InputError.of("the model is flat: it has no height to scale by", where=file, hint="give --unit")
        metres = given.height / height
    elif given.unit is not None:
        metres = UNITS[given.unit]
    elif model.unit is not None and (bounds is None or bounds[0] <= largest * model.unit <= bounds[1]):
        metres = model.unit
        notes.append("size: as the file says")
    else:
        unit = guess_unit(largest, category)
        metres = UNITS[unit]
        if metres == model.unit:
            notes.append("size: as the file says; --unit or --height says otherwise")
        else:
            own = "" if model.unit is None else f", for the file's own would make it {largest * model.unit:.3g} m large"
            notes.append(f"unit: {unit}{own}; --unit or --height says otherwise")
    if bounds is not None and not bounds[0] <= largest * metres <= bounds[1]:
        limits = f"its largest side is {largest * metres:.3g} m, a {category} has {bounds[0]:g} to {bounds[1]:g} m"
        said_so = given.height is not None or given.unit is not None
        if not said_so and not bounds[0] / _HOPELESS <= largest * metres <= bounds[1] * _HOPELESS:
            hint = "no unit makes it one: `synthgen assets add` with --height says how large it is"
            raise InputError.of(limits, where=file, hint=hint)
        warnings.append(f"{limits}: " + ("is that right?" if said_so else "is --height needed?"))
    return metres


def _licence(model: SourceModel, given: Given, notes: list[str], warnings: list[str]) -> str:
    if given.licence is not None:
        name = _spelt(given.licence) or given.licence
        if not _SPDX.match(name):
            hint = "such as CC0-1.0, CC-BY-4.0, or LicenseRef-NAME for one that has none"
            raise InputError.of(f"{given.licence!r} is not the SPDX name of a licence", where="--licence", hint=hint)
        return name
    said = spdx(model.about.licence)
    if said is not None:
        notes.append(f"licence: {said}, as the file says")
        return said
    if words := _line(model.about.licence):
        warnings.append(
            f"the file says {words!r}, which is no licence that is known ({UNKNOWN}): read it, and give --licence"
        )
        return UNKNOWN
    if (whose := _line(model.about.author)) and given.author is None:
        warnings.append(f"the file names {whose!r}, and no licence ({UNKNOWN}): --licence says it, also if that is you")
        return UNKNOWN
    notes.append(f"licence: none is known, so it is taken for your own ({OWN}); --licence says otherwise")
    return OWN


def _rules(model: SourceModel, kind: Category) -> str:
    physical = any(look.metallic is not None or look.space == "linear" for look in model.looks.values())
    return "imported" if physical else _RULES_BY_SUPERCATEGORY.get(kind.supercategory, "household")


def _title(file: str) -> str:
    words = _words(file.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return words[:1].upper() + words[1:]


def _line(text: str) -> str:
    """Text as it goes into one row of a table: no line breaks, nothing that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"([a-z])([A-Z0-9])", r"\1 \2", text).lower()).split())
