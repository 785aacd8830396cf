"""Reads a taxonomy file, and refuses one whose categories would trip a consumer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from synthgen.errors import Diagnostic, InputError
from synthgen.paths import data_dir
from synthgen.taxonomy.categories import FIRST_ID, LAST_ID, Category, Target, Taxonomy, did_you_mean
from synthgen.taxonomy.merged import MERGED, merged
from synthgen.taxonomy.others import wrong_cityscapes, wrong_coco

_TOP_KEYS = {"name", "sky", "categories"}
_ROW_KEYS = {"id", "name", "supercategory", "isthing", "color", "cityscapes", "coco"}
_REQUIRED = ("id", "name", "supercategory", "isthing", "color")


def taxonomy_names() -> list[str]:
    """The taxonomies that come with the program: one a domain, and the one that merges them."""
    return [MERGED, *domain_names()]


def domain_names() -> list[str]:
    """The taxonomies of domains, which are files of configs/taxonomies."""
    return sorted(p.stem for p in data_dir("configs/taxonomies").glob("*.yaml"))


def load_taxonomy(name_or_path: str | Path) -> Taxonomy:
    """A taxonomy that comes with the program, by name, or any taxonomy file, by path (`*.yaml`).

    Raises InputError for an unknown name, a file that cannot be read, or one with errors (all of them at once).
    """
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or text.endswith((".yaml", ".yml")) or "/" in text
    return _read(Path(text)) if is_path else _by_name(text)


@cache
def _by_name(name: str) -> Taxonomy:
    known = taxonomy_names()
    if name not in known:
        raise InputError.of(f"no taxonomy {name!r}", hint=did_you_mean(name, known) or f"known: {', '.join(known)}")
    if name == MERGED:
        return merged([_by_name(domain) for domain in domain_names()])
    return _read(data_dir("configs/taxonomies") / f"{name}.yaml")


def _read(path: Path) -> Taxonomy:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.of(f"cannot read the taxonomy: {error.strerror}", where=str(path)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError.of(f"not YAML: {' '.join(str(error).split())}", where=str(path)) from error
    return taxonomy_from_dict(data, where=str(path))


def taxonomy_from_dict(data: Any, *, where: str = "") -> Taxonomy:
    """The taxonomy that a file's data describes. Raises InputError with every error found."""
    found: list[Diagnostic] = []

    def bad(what: str, hint: str = "") -> None:
        found.append(Diagnostic(where, what, hint))

    if not isinstance(data, Mapping) or not isinstance(data.get("categories"), list):
        raise InputError.of("not a taxonomy: it needs `name` and a list `categories`", where=where)
    for key in set(data) - _TOP_KEYS:
        bad(f"unknown key {key!r}", did_you_mean(str(key), _TOP_KEYS))
    if not isinstance(data.get("name"), str) or not data["name"]:
        bad("`name` must be a word")
    categories: list[Category] = []
    cityscapes: dict[str, Target | None] = {}
    coco: dict[str, Target | None] = {}
    for place, row in enumerate(data["categories"]):
        errors = _row_errors(row)
        for error in errors:
            bad(f"categories.{place}: {error}")
        if errors:
            continue
        category = Category(row["id"], row["name"], row["supercategory"], bool(row["isthing"]), tuple(row["color"]))
        categories.append(category)
        cityscapes[category.name] = _target(row.get("cityscapes"), "trainId")
        coco[category.name] = _target(row.get("coco"), "id")
    for problem in _list_errors(categories):
        bad(problem)
    sky = next((c for c in categories if c.name == data.get("sky")), None)
    if data.get("sky") is not None and sky is None:
        bad(f"`sky` names the unknown category {data['sky']!r}", did_you_mean(str(data["sky"]), cityscapes))
    if sky is not None and sky.isthing:
        bad("`sky` must be stuff")
    if found:
        raise InputError(found)
    return Taxonomy(data["name"], tuple(categories), sky, cityscapes, coco)


def _row_errors(row: Any) -> list[str]:
    if not isinstance(row, Mapping):
        return ["not a mapping"]
    errors = [f"unknown key {k!r}; {did_you_mean(str(k), _ROW_KEYS)}".rstrip("; ") for k in set(row) - _ROW_KEYS]
    errors += [f"{key!r} is missing" for key in _REQUIRED if key not in row]
    if errors:
        return errors
    if not _is_int(row["id"], FIRST_ID, LAST_ID):
        errors.append(f"id {row['id']!r} is not within {FIRST_ID}..{LAST_ID}")
    errors += [f"{k} must be a non-empty text" for k in ("name", "supercategory") if not _is_text(row[k])]
    if row["isthing"] not in (0, 1):
        errors.append("isthing must be 0 or 1")
    color = row["color"]
    if not isinstance(color, (list, tuple)) or len(color) != 3 or not all(_is_int(c, 0, 255) for c in color):
        errors.append("color must be three integers 0..255")
    for key, id_key, wrong in (("cityscapes", "trainId", wrong_cityscapes), ("coco", "id", wrong_coco)):
        target = row.get(key)
        if target is None:
            continue
        if not isinstance(target, Mapping) or set(target) != {"name", id_key}:
            errors.append(f"{key} must be null or {{name, {id_key}}}")
        elif not _is_text(target["name"]) or not _is_int(target[id_key], 0, 255):
            errors.append(f"{key} must have a text as name and 0..255 as {id_key}")
        elif problem := wrong(target[id_key], target["name"]):
            errors.append(problem)
    return errors


def _list_errors(categories: list[Category]) -> list[str]:
    errors = []
    for kind in ("id", "name"):
        values = [getattr(c, kind) for c in categories]
        errors += [f"two categories have the {kind} {v!r}" for v in sorted({v for v in values if values.count(v) > 1})]
    things = [c.isthing for c in categories]
    if things != sorted(things, reverse=True):
        errors.append("things must be listed before stuff")
    seen: dict[tuple[int, int, int], str] = {}
    for c in (c for c in categories if not c.isthing):
        if c.color in seen:
            errors.append(f"{c.name} has the color of {seen[c.color]}")
        seen.setdefault(c.color, c.name)
        if not any(c.color):
            errors.append(f"{c.name} is black, which stands for void")
    return errors


def _target(value: Mapping[str, Any] | None, id_key: str) -> Target | None:
    return None if value is None else Target(value[id_key], value["name"])


def _is_int(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
