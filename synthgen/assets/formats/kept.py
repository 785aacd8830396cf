"""A SourceModel as one file: what a conversion leaves in the cache.

An uncompressed .npz: the arrays of SourceModel by name; `facts`, JSON (UTF-8) of all else; `picture0`, `picture1`, ...,
the encoded bytes of the pictures that the model carries with it, in the order of `facts.pictures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec
import numpy as np

from synthgen.assets.formats.source import About, SourceMaterial, SourceModel, Up
from synthgen.wholefile import writing_whole

_ARRAYS = ("positions", "texcoords", "normals", "polygon_size", "polygon_material", "corners")

TORN = (OSError, ValueError, KeyError, EOFError, BadZipFile, msgspec.DecodeError, msgspec.ValidationError)
"""What `load_source` raises for a file that is missing, torn or of another making."""


class _Facts(msgspec.Struct, frozen=True):
    materials: tuple[str, ...]
    looks: dict[str, SourceMaterial]
    up: Up
    unit: float | None
    front: str | None
    about: About
    warnings: tuple[str, ...]
    objects: int
    parts: int
    pictures: tuple[str, ...]


def save_source(path: Path, model: SourceModel, pictures: Mapping[str, bytes]) -> None:
    """Writes a model and the pictures that it carries, by name; whole or not at all."""
    facts = _Facts(
        model.materials, dict(model.looks), model.up, model.unit, model.front, model.about, model.warnings,
        model.objects, model.parts, tuple(pictures),
    )  # fmt: skip
    arrays: dict[str, Any] = {name: getattr(model, name) for name in _ARRAYS}
    arrays["facts"] = np.frombuffer(msgspec.json.encode(facts), dtype=np.uint8)
    for number, data in enumerate(pictures.values()):
        arrays[f"picture{number}"] = np.frombuffer(data, dtype=np.uint8)
    with writing_whole(path) as file:
        np.savez(file, **arrays)


def load_source(path: Path) -> tuple[SourceModel, dict[str, bytes]]:
    """Reads what `save_source` wrote: the model, without a way to read pictures, and the pictures that it carries."""
    with np.load(path, allow_pickle=False) as file:
        facts = msgspec.json.decode(file["facts"].tobytes(), type=_Facts)
        arrays = {name: file[name] for name in _ARRAYS}
        pictures = {name: file[f"picture{k}"].tobytes() for k, name in enumerate(facts.pictures)}
    model = SourceModel(
        **arrays, materials=facts.materials, looks=facts.looks, up=facts.up, unit=facts.unit, front=facts.front,
        about=facts.about, warnings=facts.warnings, objects=facts.objects, parts=facts.parts,
    )  # fmt: skip
    return model, pictures
