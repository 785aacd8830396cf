"""Surfaces of what is made, drawn from configs/materials/street.yaml and made.yaml."""

from __future__ import annotations

from collections.abc import Mapping
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
    return Surface("wall", {"kind": chosen["kind"], "color": color, "seed": seed, "height": round(height, 2)})


def building(rng: np.random.Generator, height: float) -> dict[str, Surface]:
    """A surface for every slot of the mesh `street.building`."""
    signs = palette()["signs"]
    sign = tinted("signs", rng)
    luminance = float(np.dot(sign.params["color"], (0.2126, 0.7152, 0.0722)))
    letters = signs["light_letters"] if luminance < signs["dark_below"] else signs["dark_letters"]
    roof = option(palette()["roofs"], rng)
    if roof["model"] == "wall":
        roof = {**roof, "seed": 0.0, "height": 100.0}
    return {
        "wall": wall(rng, height),
        "glass": Surface("window_glass", {"night": 0, "shop": False}),
        "shop_glass": Surface("window_glass", {"night": 0, "shop": True}),
        "frame": tinted("frames", rng),
        "stone": tinted("stones", rng),
        "sign": sign,
        "sign2": tinted("signs", rng),
        "text": Surface("principled", {"color": letters, "roughness": 0.5}),
        "awning": tinted("awnings", rng),
        "door": tinted("doors", rng),
        "roof": _surface(roof),
        "metal": tinted("metals", rng),
    }


def _surface(entry: Mapping[str, Any]) -> Surface:
    params = {k: v for k, v in entry.items() if k not in ("model", "transparency")}
    return Surface(str(entry["model"]), params, transparency=str(entry.get("transparency", "opaque")))


def _jittered(
    color: list[float], rng: np.random.Generator, jitter: tuple[float, float], brightest: float
) -> list[float]:
    bright = rng.uniform(*jitter)
    return [round(min(brightest, max(0.03, c * bright)), 3) for c in color]
