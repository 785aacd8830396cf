"""What can be told of a user's model without asking: unit, axes, size, material rules, licence, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.assets.formats.source import SourceModel
from synthgen.assets.normalise import DEFAULT_FRONT, Pose, turn
from synthgen.assets.sizes import UNITS, guess_unit, largest_side
from synthgen.errors import InputError
from synthgen.taxonomy import Category, did_you_mean, load_taxonomy, taxonomy_names

VERSION = 1
"""Raised when the same file gives another row."""

OWN = "LicenseRef-Own"
"""Licence of a model of which nobody said any: the user's own, and no one else's to give away."""

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
        hint = did_you_mean(category, known) or f"known: {', '.join(sorted(known))}"
        raise InputError.of(f"no taxonomy has the category {category!r}", where=file, hint=hint)
    kind = known[category][0]
    notes: list[str] = []
    warnings = list(model.warnings)
    up = given.up or model.up
    front = _front(model, up, kind, given, notes)
    used = model.positions[np.unique(model.corners[:, 0])]
    turned = turn(used, Pose(up=up, front=front))
    extent = turned.max(axis=0) - turned.min(axis=0)
    if extent.max() <= 0:
        raise InputError.of("the model is a point", where=file)
    metres = _metres(model, float(extent.max()), float(extent[2]), category, given, notes, warnings)
    row: dict[str, Any] = {
        "category": category,
        "tags": list(given.tags),
        "domains": list(given.domains or known[category][1]),
        "licence": _licence(model, given, notes),
        "author": given.author or model.about.author or "",
        "title": given.title or model.about.title or _title(file),
        "size": [round(max(float(side) * metres, 1e-4), 5) for side in extent],
        "stands": given.stands or ("shelf" if kind.supercategory in _ON_SHELVES else "ground"),
        "materials": given.materials or _rules(model, kind),
        "up": up,
        "front": front,
    }
    if given.trademark:
        row["trademark"] = True
    if file.lower().endswith(_UNSURE_WINDING):
        row["mends"] = ["orient"]
    return Inferred(row, tuple(notes), tuple(warnings))


def categories() -> Mapping[str, tuple[Category, tuple[str, ...]]]:
    """Every category of the taxonomies that come with the program, and the taxonomies that have it."""
    found: dict[str, tuple[Category, tuple[str, ...]]] = {}
    for name in taxonomy_names():
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
    if match := _CC_URL.search(text) or _CC.search(text):
        return f"CC-{match[1].upper().replace(' ', '-')}-{match[2]}"
    if _CC0.search(text):
        return "CC0-1.0"
    return text.strip() if text.strip() in _PLAIN else None


_PLAIN = ("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Unlicense", "0BSD")


def _front(model: SourceModel, up: str, kind: Category, given: Given, notes: list[str]) -> str:
    if given.front is not None:
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
    largest: float,
    height: float,
    category: str,
    given: Given,
    notes: list[str],
    warnings: list[str],
) -> float:
    """Metres per unit of the file."""
    if given.height is not None:
        if height <= 0:
            raise InputError.of("the model is flat: it has no height to scale by", hint="give --unit")
        return given.height / height
    bounds = largest_side(category)
    if given.unit is not None:
        metres = UNITS[given.unit]
    elif model.unit is not None and (bounds is None or bounds[0] <= largest * model.unit <= bounds[1]):
        metres = model.unit
        notes.append("size: as the file says")
    else:
        unit = guess_unit(largest, category)
        metres = UNITS[unit]
        said = "" if model.unit is None else f", for the file's own would make it {largest * model.unit:.3g} m large"
        notes.append(f"unit: {unit}{said}; --unit or --height says otherwise")
    if bounds is not None and not bounds[0] <= largest * metres <= bounds[1]:
        limits = f"{bounds[0]:g} to {bounds[1]:g} m"
        warnings.append(f"its largest side is {largest * metres:.3g} m, a {category} has {limits}: is --height needed?")
    return metres


def _licence(model: SourceModel, given: Given, notes: list[str]) -> str:
    if given.licence is not None:
        if not _SPDX.match(given.licence):
            hint = "such as CC0-1.0, CC-BY-4.0, or LicenseRef-NAME for one that has none"
            raise InputError.of(f"{given.licence!r} is not the SPDX name of a licence", where="--licence", hint=hint)
        return given.licence
    said = spdx(model.about.licence)
    if said is not None:
        notes.append(f"licence: {said}, as the file says")
        return said
    words = f" (the file says {model.about.licence!r})" if model.about.licence else ""
    notes.append(f"licence: none is known{words}, so it is taken for your own ({OWN}); --licence says otherwise")
    return OWN


def _rules(model: SourceModel, kind: Category) -> str:
    physical = any(look.metallic is not None or look.space == "linear" for look in model.looks.values())
    return "imported" if physical else _RULES_BY_SUPERCATEGORY.get(kind.supercategory, "household")


def _title(file: str) -> str:
    words = _words(file.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return words[:1].upper() + words[1:]


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"([a-z])([A-Z0-9])", r"\1 \2", text).lower()).split())
