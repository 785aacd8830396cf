"""Checks of everything in a panoptic JSON but its annotations: info, licenses, categories, images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from synthgen.dataset.findings import Findings
from synthgen.dataset.jsonstream import members
from synthgen.dataset.ondisk import DiskMap, DiskSet
from synthgen.taxonomy.categories import FIRST_ID, LAST_ID

_REQUIRED = ("images", "annotations", "categories")
_EXPECTED = ("info", "licenses")
_IMAGE_ENDINGS = (".jpg",)


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """An image of the JSON whose id, name and size could be read."""

    id: int
    file_name: str
    width: int
    height: int


@dataclass(slots=True)
class Schema:
    """What the rest of the checks need of a JSON, by id; images are in file order."""

    images: DiskMap[int, ImageEntry] = field(default_factory=DiskMap)
    isthing: dict[int, bool] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    file_names: DiskSet[str] = field(default_factory=DiskSet)


def is_int(value: Any) -> TypeGuard[int]:
    """A JSON integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def read_schema(path: Path, findings: Findings) -> Schema:
    """Checks a JSON's lists but `annotations`. Raises InputError where the file is not JSON."""
    seen: dict[str, str] = {}
    last = ""
    licences: list[Any] = []
    categories: list[Any] = []
    schema = Schema()
    images = _ImageChecks(path, findings, schema)
    for key, value, element in members(path):
        if key in seen and (key != last or not element):
            findings.error("duplicate-key", path, f"the key {key!r} occurs twice")
        kind = "list" if element or value == [] else type(value).__name__
        seen[key] = kind
        last = key
        if key == "info":
            _check_info(path, value, findings)
        elif key == "licenses" and element:
            licences.append(value)
        elif key == "categories" and element:
            categories.append(value)
        elif key == "images" and element:
            images.check(value)
    for key in _REQUIRED:
        if seen.get(key) != "list":
            findings.error("missing-key", path, f"it has no list {key!r}")
    for key in _EXPECTED:
        if key not in seen:
            findings.trap("missing-key", path, f"it has no {key!r}")
    _check_licences(path, licences, images.licences, findings)
    _check_categories(path, categories, schema, findings)
    return schema


def _check_info(path: Path, info: Any, findings: Findings) -> None:
    if not isinstance(info, Mapping):
        findings.trap("info", path, "`info` is not an object")
        return
    if "year" in info and not is_int(info["year"]):
        findings.trap("info", path, f"info.year is {info['year']!r}, not an integer")
    if "version" in info and not isinstance(info["version"], str):
        findings.trap("info", path, f"info.version is {info['version']!r}, not a string")


def _check_licences(path: Path, licences: Iterable[Any], used: set[Any], findings: Findings) -> None:
    ids = set()
    for licence in licences:
        if not isinstance(licence, Mapping) or not is_int(licence.get("id")):
            findings.trap("licenses", path, "an entry of `licenses` has no integer id")
        else:
            ids.add(licence["id"])
    for unknown in sorted(used - ids, key=repr):
        findings.trap("licenses", path, f"images name the unknown license {unknown}")


def _check_categories(path: Path, categories: list[Any], schema: Schema, findings: Findings) -> None:
    colors: dict[tuple[int, ...], str] = {}
    names: set[str] = set()
    stuff_seen = False
    for place, category in enumerate(categories):
        at = f"categories[{place}]"
        if not isinstance(category, Mapping) or not is_int(category.get("id")):
            findings.error("category", path, f"{at} has no integer id")
            continue
        identifier, name, isthing = category["id"], category.get("name"), category.get("isthing")
        if identifier in schema.isthing:
            findings.error("category-duplicate", path, f"two categories have the id {identifier}")
        if not FIRST_ID <= identifier <= LAST_ID:
            findings.trap("category-id", path, f"category id {identifier} is not within {FIRST_ID}..{LAST_ID}")
        if not isinstance(name, str) or not name:
            findings.error("category", path, f"{at} has no name")
            name = str(identifier)
        elif name in names:
            findings.trap("category-duplicate", path, f"two categories have the name {name!r}")
        names.add(name)
        if isthing not in (0, 1):
            findings.error("category", path, f"category {name!r} has isthing {isthing!r}, not 0 or 1")
        elif isinstance(isthing, bool):
            findings.trap("category", path, f"category {name!r} has isthing {str(isthing).lower()}, not 0 or 1")
        if isthing and stuff_seen:
            findings.trap("category-order", path, f"the thing {name!r} is listed after stuff")
        stuff_seen |= not isthing
        if not isinstance(category.get("supercategory"), str):
            findings.trap("category", path, f"category {name!r} has no supercategory")
        _check_color(path, name, category.get("color"), bool(isthing), colors, findings)
        schema.isthing.setdefault(identifier, bool(isthing))
        schema.names.setdefault(identifier, name)


def _check_color(
    path: Path, name: str, color: Any, isthing: bool, stuff: dict[tuple[int, ...], str], findings: Findings
) -> None:
    is_color = isinstance(color, list) and len(color) == 3 and all(is_int(c) and 0 <= c <= 255 for c in color)
    if not is_color:
        findings.trap("category-color", path, f"category {name!r} has no color of three integers 0..255")
    elif not isthing:
        if not any(color):
            findings.trap("category-color", path, f"the stuff {name!r} is black, which stands for void")
        other = stuff.setdefault(tuple(color), name)
        if other != name:
            findings.trap("category-color", path, f"the stuff {name!r} has the color of {other!r}")


class _ImageChecks:
    """Checks the entries of `images` one by one."""

    def __init__(self, path: Path, findings: Findings, schema: Schema):
        self.licences: set[Any] = set()
        self._path = path
        self._findings = findings
        self._schema = schema
        self._place = -1
        self._last_id: int | None = None
        self._sorted = True

    def check(self, image: Any) -> None:
        self._place += 1
        findings, path = self._findings, self._path
        if not isinstance(image, Mapping) or not is_int(image.get("id")):
            findings.error("image", path, f"images[{self._place}] has no integer id")
            return
        identifier = image["id"]
        at = f"image {identifier}"
        if identifier in self._schema.images:
            findings.error("image-duplicate", path, f"two images have the id {identifier}")
        if self._last_id is not None and identifier < self._last_id and self._sorted:
            self._sorted = False
            findings.trap("order", path, f"images are not sorted by id: {identifier} comes after {self._last_id}")
        self._last_id = identifier
        if "license" in image:
            known = is_int(image["license"])
            self.licences.add(image["license"] if known else repr(image["license"]))
        if "attributes" in image and not isinstance(image["attributes"], Mapping):
            findings.trap("attributes", path, f"{at}: its key `attributes` is not an object")
        width, height = (v if is_int(v) and v > 0 else 0 for v in (image.get("width"), image.get("height")))
        if not (width and height):
            findings.error("image", path, f"{at} has no width and height in whole pixels")
            width = height = 0  # unknown to the checks of files
        name = image.get("file_name")
        if not isinstance(name, str) or not name:
            findings.error("image", path, f"{at} has no file_name")
            return
        if name in self._schema.file_names:
            findings.error("image-duplicate", path, f"two images have the file_name {name!r}")
        self._schema.file_names.add(name)
        check_name(path, at, name, _IMAGE_ENDINGS, findings)
        if identifier not in self._schema.images:
            self._schema.images[identifier] = ImageEntry(identifier, name, width, height)


def check_name(path: Path, at: str, name: str, endings: tuple[str, ...], findings: Findings) -> None:
    """A file name that every consumer takes: bare, one dot, the usual ending in lower case."""
    if "/" in name or "\\" in name:
        findings.trap("file-name", path, f"{at}: file_name {name!r} has a folder in it")
    if not name.endswith(endings):
        findings.trap("file-name", path, f"{at}: file_name {name!r} does not end in {' or '.join(endings)}")
    if name.replace("\\", "/").rpartition("/")[2].count(".") > 1:
        findings.trap("file-name", path, f"{at}: file_name {name!r} has more than one dot")
