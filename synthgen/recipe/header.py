"""The keys of a recipe that are not blocks: name, packs, size and so on. All are constants."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.recipe.fields import Flag, Names, Number, Text
from synthgen.recipe.findings import suggest
from synthgen.recipe.models import BlockModel
from synthgen.recipe.yamlfile import read_yaml
from synthgen.truth import TRUTHS

FORMAT = 1
DEFAULT_SIZE = "1280x720"
DEFAULT_PRESET = "standard"
DEFAULT_DATE = "2026-01-01"
DEFAULT_LICENCE = "CC-BY-4.0"
SMALLEST, LARGEST = 16, 16_384

OUTPUT_LICENCES = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-3.0",
    "CC-BY-SA-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-ND-4.0",
    "CDLA-Permissive-1.0",
    "CDLA-Permissive-2.0",
    "CDLA-Sharing-1.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "PDDL-1.0",
)

_SIZE = re.compile(r"([0-9]{1,6})[xX]([0-9]{1,6})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OWN_LICENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


def parse_size(text: str) -> tuple[int, int]:
    """(width, height) in pixels from `1280x720`. Raises ValueError(what, hint)."""
    match = _SIZE.fullmatch(text)
    hint = f"write WIDTHxHEIGHT such as 1280x720, each {SMALLEST} to {LARGEST} pixels"
    if match is None:
        raise ValueError(f"{text!r} is not a size", hint)
    width, height = int(match[1]), int(match[2])
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise ValueError(f"the size {text} is out of range", hint)
    return width, height


def preset_names() -> list[str]:
    """The render presets: configs/render/*.yaml."""
    return sorted(file.stem for file in data_dir("configs/render").glob("*.yaml"))


def preset_file(name: str) -> Path:
    """The file of a render preset. Raises InputError for an unknown one."""
    if name not in preset_names():
        raise InputError.of(f"there is no render preset {name!r}", hint=suggest(name, preset_names()))
    return data_dir("configs/render") / f"{name}.yaml"


def pack_names() -> list[str]:
    """The asset packs that exist, fetched or not: assets/packs.yaml."""
    packs: Any = read_yaml(data_dir("assets/packs.yaml")).data()
    return sorted(packs["packs"])


def _name(text: str) -> tuple[str, str] | None:
    return None if text.strip() else ("an empty name", "give the recipe a name")


def _size(text: str) -> tuple[str, str] | None:
    try:
        parse_size(text)
    except ValueError as error:
        return str(error.args[0]), str(error.args[1])
    return None


def _preset(text: str) -> tuple[str, str] | None:
    known = preset_names()
    return None if text in known else (f"there is no render preset {text!r}", suggest(text, known))


def _date(text: str) -> tuple[str, str] | None:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        datetime.date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is not a date", "write YEAR-MONTH-DAY such as 2026-01-31"
    return None


def _licence(text: str) -> tuple[str, str] | None:
    if text in OUTPUT_LICENCES or _OWN_LICENCE.fullmatch(text):
        return None
    return (
        f"{text!r} is not a licence for data",
        f"{suggest(text, OUTPUT_LICENCES)} For one of your own write LicenseRef-NAME",
    )


class Header(BlockModel):
    """Keys at the top of a recipe."""

    guesses: ClassVar[Mapping[str, str]] = {
        "seed": "it is no part of a recipe: give --seed",
        **dict.fromkeys(("frames", "images", "num_images"), "it is no part of a recipe: give -n"),
        **dict.fromkeys(("split", "splits"), "it is no part of a recipe: give --split"),
        **dict.fromkeys(("image_size", "resolution"), "did you mean 'size'?"),
        **dict.fromkeys(("asset_packs", "packs"), "did you mean 'assets'?"),
    }

    synthgen: Annotated[Any, Number(FORMAT, FORMAT, whole=True, fixed=True)] = Field(
        FORMAT, description="version of the recipe format"
    )
    name: Annotated[Any, Text(_name)] = Field(..., description="what the dataset is called")
    description: Annotated[Any, Text()] = Field("", description="a sentence or two for the dataset card")
    taxonomy: Annotated[Any, Text()] = Field(
        ..., description="categories of the labels: the name of a file in configs/taxonomies, or a path ending in .yaml"
    )
    assets: Annotated[Any, Names(kind="pack")] = Field(
        default_factory=list, description="asset packs that the scenes may use"
    )
    licence: Annotated[Any, Names(kind="licence", optional=True)] = Field(
        None, description="SPDX name, or list of names: only assets under these licences are used, by any populator"
    )
    trademark: Annotated[Any, Flag(fixed=True, optional=True)] = Field(
        None, description="false: no populator uses an asset that shows a brand; true or left out: any"
    )
    size: Annotated[Any, Text(_size, pattern="^[0-9]+[xX][0-9]+$", example="1280x720")] = Field(
        DEFAULT_SIZE, description="WIDTHxHEIGHT of the pictures in pixels, each 16 to 16384; --size overrides it"
    )
    preset: Annotated[Any, Text(_preset)] = Field(
        DEFAULT_PRESET, description="render preset: draft, standard, high; --preset overrides it"
    )
    views_per_scene: Annotated[Any, Number(1, 10_000, "", whole=True, fixed=True)] = Field(
        1, description="pictures taken of each scene"
    )
    date: Annotated[Any, Text(_date, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example="2026-01-31")] = Field(
        DEFAULT_DATE, description="YEAR-MONTH-DAY that the dataset carries"
    )
    output_licence: Annotated[Any, Text(_licence)] = Field(
        DEFAULT_LICENCE, description="SPDX name of the licence of the dataset"
    )
    truth: Annotated[Any, Names(among=TRUTHS)] = Field(
        default_factory=list, description="what is written beside pictures and panoptic labels"
    )
