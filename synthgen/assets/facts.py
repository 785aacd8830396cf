"""What planning must know of a model without opening it; for fetched packs it comes along with the catalogue.

    assets/facts/<pack>.jsonl    one line an asset: the key that it holds for, and the facts

A key is made of everything that the facts depend on (the pack's file, the entry, the version of normalisation). A line
whose key is not the entry's is passed over, and the model is opened instead. `make facts` writes the file anew.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from synthgen.assets.formats.source import AlphaMode, Space
from synthgen.errors import InputError
from synthgen.paths import data_dir


class Picture(msgspec.Struct, frozen=True):
    """A texture in the store. alpha: it has texels that are see-through."""

    hash: str
    alpha: bool


class SlotFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the model's file says of one slot. picture: a key of `ModelFacts.pictures`, or None. The rest is as in
    SourceMaterial, where the file says it."""

    name: str
    diffuse: tuple[float, float, float]
    opacity: float
    picture: str | None
    cutout: bool
    space: Space = "srgb"
    metallic: float | None = None
    roughness: float | None = None
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha_mode: AlphaMode = "opaque"
    double_sided: bool = False


class ModelFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What planning must know of a model without opening it. bounds: (2, 3) metres. lacks: pictures not found.

    faces: triangles. convex: corners of its convex parts (see assets/convex), where they come along.
    """

    mesh: str
    bounds: list[list[float]]
    slots: list[SlotFacts]
    pictures: dict[str, Picture]
    lacks: list[str]
    faces: int = 0
    convex: list[list[tuple[float, float, float]]] = []


class Line(msgspec.Struct, frozen=True):
    """One line of a facts file."""

    id: str
    key: str
    facts: ModelFacts


def facts_file(pack: str) -> Path:
    return data_dir("assets") / "facts" / f"{pack}.jsonl"


def shipped_facts(pack: str) -> dict[str, ModelFacts]:
    """The facts that come along for a pack, by key; none where it has no file. Raises InputError for a torn one."""
    path = facts_file(pack)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=8)
def _read(path: Path, _stamp: int) -> dict[str, ModelFacts]:
    try:
        lines = msgspec.json.Decoder(Line).decode_lines(path.read_bytes())
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError.of(f"not a file of facts: {error}", where=str(path), hint="run: make facts") from error
    return {line.key: line.facts for line in lines}


def written(lines: list[Line]) -> bytes:
    """A facts file."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
