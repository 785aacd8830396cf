"""Surfaces of what is made, drawn from configs/materials/street.yaml and made.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.paths import data_dir
from synthgen.scene.builder import Surface

_JITTER = (0.9, 1.1)


@cache
def palette() -> dict[str, Any]:
    """Both files, read once. Raises ValueError where both have a name."""
    found: dict[str, Any] = {}
    for name in ("street", "made"):
        data = yaml.safe_load((data_dir("configs") / "materials" / f"{name}.yaml").read_text("utf-8")) or {}
        if twice := found.keys() & data.keys():
            raise ValueError(f"{name}.yaml: surfaces of these names are elsewhere too: {', '.join(sorted(twice))}")
        found |= data
    return found


def plain(name: str, **extra: Any) -> Surface:
    """A surface that has one look, such as `iron`."""
    return _surface({**palette()[name], **extra})


def tinted(name: str, rng: np.random.Generator) -> Surface:
    """A surface of a list of colours, such as `doors`: one colour, a little lighter or darker."""
    entry = palette()[name]
    color = entry["colors"][int(rng.integers(0, len(entry["colors"])))]
    return _surface({**entry["surface"], "color": _jittered(color, rng, _JITTER, 0.62)})


def named(name: str, rng: np.random.Generator) -> Surface:
    """The surface of this name, drawn where it is a list of colours."""
    return tinted(name, rng) if "colors" in palette()[name] else plain(name)


def of_colors(name: str) -> list[Surface]:
    """All surfaces of a list of colours, without jitter."""
    entry = palette()[name]
    return [_surface({**entry["surface"], "color": color}) for color in entry["colors"]]


def option(entries: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, Any]:
    """One of a list of entries by their `weight`, which is left out of what is returned."""
    total = np.cumsum([float(e["weight"]) for e in entries])
    chosen = entries[min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(entries) - 1)]
    return {k: v for k, v in chosen.items() if k != "weight"}


def wall(rng: np.random.Generator, height: float) -> Surface:
    """A facing of brick, plaster or stone. height: metres to the top of the wall, where soot gathers."""
    entry = palette()["walls"]
    chosen = option(entry["options"], rng)
    color = _jittered(chosen["color"], rng, entry["jitter"], entry["brightest"])
    seed = round(float(rng.uniform(0.0, 50.0)), 2)
    age = {name: round(float(rng.uniform(*entry[name])), 2) for name in ("wear", "dirt")}
    return Surface("wall", {"kind": chosen["kind"], "color": color, "seed": seed, "height": round(height, 2), **age})


@dataclass(frozen=True, slots=True)
class Evening:
    """What shines from a house in the dark, as radiances: of lit panes of flats, of which `lit` is the share, of shop
    windows, and of shop names; 0 where nothing does."""

    flats: float = 0.0
    lit: float = 0.0
    shops: float = 0.0
    letters: float = 0.0


def building(rng: np.random.Generator, height: float, evening: Evening | None = None) -> dict[str, Surface]:
    """A surface for every slot of the mesh `street.building`; evening: by day nothing shines."""
    shines = evening or Evening()
    signs = palette()["signs"]
    sign = tinted("signs", rng)
    luminance = float(np.dot(sign.params["color"], (0.2126, 0.7152, 0.0722)))
    letters = signs["light_letters"] if luminance < signs["dark_below"] else signs["dark_letters"]
    roof = option(palette()["roofs"], rng)
    if roof["model"] == "wall":
        roof = {**roof, "seed": 0.0, "height": 100.0}
    return {
        "wall": wall(rng, height),
        "glass": Surface("window_glass", {"night": shines.flats, "lit": shines.lit, "shop": False}),
        "shop_glass": Surface("window_glass", {"night": shines.shops, "shop": True}),
        "frame": tinted("frames", rng),
        "stone": tinted("stones", rng),
        "sign": sign,
        "sign2": tinted("signs", rng),
        "text": _letters(letters, shines.letters),
        "awning": tinted("awnings", rng),
        "door": tinted("doors", rng),
        "roof": _surface(roof),
        "metal": tinted("metals", rng),
    }


def _letters(color: list[float], glow: float) -> Surface:
    """Letters of a shop's name; lit ones, all but white, shine in their colour."""
    if glow <= 0:
        return Surface("principled", {"color": color, "roughness": 0.5})
    bright = [max(c, 0.55) for c in color]
    return Surface("lamp", {"color": color, "roughness": 0.5, "emission_color": bright, "emission_strength": glow})


def _surface(entry: Mapping[str, Any]) -> Surface:
    params = {k: v for k, v in entry.items() if k not in ("model", "transparency")}
    return Surface(str(entry["model"]), params, transparency=str(entry.get("transparency", "opaque")))


def _jittered(
    color: list[float], rng: np.random.Generator, jitter: tuple[float, float], brightest: float
) -> list[float]:
    bright = rng.uniform(*jitter)
    return [round(min(brightest, max(0.03, c * bright)), 3) for c in color]
