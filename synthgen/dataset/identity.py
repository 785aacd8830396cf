"""What all frames of a dataset must agree on, and how a disagreement is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from synthgen.dataset.folders import scene_path
from synthgen.errors import InputError
from synthgen.taxonomy import Taxonomy, load_taxonomy, taxonomy_from_dict

_LONGEST_VALUE = 40


class SceneHead(msgspec.Struct, frozen=True):
    """The parts of a SceneSpec that packaging needs; the rest is skipped when read."""

    scene_index: int
    identity: dict[str, Any]
    attributes: dict[str, Any]


def read_scene_head(folder: Path, scene_index: int) -> SceneHead:
    """Raises InputError where the scene's file is missing or damaged."""
    path = folder / scene_path(scene_index)
    try:
        return msgspec.json.decode(path.read_bytes(), type=SceneHead)
    except OSError as error:
        raise InputError.of(
            f"cannot read the scene: {error.strerror}", where=str(path), hint="run the same generate again"
        ) from error
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise InputError.of(
            f"not a SceneSpec: {error}", where=str(path), hint="delete it and run the same generate again"
        ) from error


def taxonomy_of(identity: Mapping[str, Any], *, where: str = "") -> Taxonomy:
    """The taxonomy of a dataset; its identity holds the whole of it, or its name."""
    value = identity.get("taxonomy")
    if isinstance(value, str):
        return load_taxonomy(value)
    return taxonomy_from_dict(value, where=where)


def differences(mine: Any, theirs: Any, at: str = "") -> list[str]:
    """`key: mine, not theirs` for every leaf in which two JSON-able values differ."""
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        found = []
        for key in [*mine, *(k for k in theirs if k not in mine)]:
            place = f"{at}.{key}" if at else str(key)
            found += differences(mine.get(key), theirs.get(key), place)
        return found
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)) and _nested([*mine, *theirs]):
        if len(mine) != len(theirs):
            return [f"{at}: {len(mine)} entries, not {len(theirs)}"]
        pairs = zip(mine, theirs, strict=True)
        return [found for k, (a, b) in enumerate(pairs) for found in differences(a, b, f"{at}[{k}]")]
    return [] if _plain(mine) == _plain(theirs) else [f"{at}: {_short(mine)}, not {_short(theirs)}"]


def check_same_identity(mine: Mapping[str, Any], theirs: Mapping[str, Any], *, where: str, other: str) -> None:
    """Raises InputError that names what differs. mine is the identity at `where`, theirs the one at `other`."""
    found = differences(mine, theirs)
    if found:
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise InputError.of(
            f"belongs to another dataset than {other}: {shown}",
            where=where,
            hint="frames of one dataset share recipe, seed, size, preset, packs and version",
        )


def _nested(values: list[Any]) -> bool:
    """Whether entries of a list have keys of their own."""
    return any(isinstance(v, Mapping) for v in values)


def _plain(value: Any) -> Any:
    """Tuples as lists: what a JSON round trip gives."""
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
