"""Products of a shop: a package, its print and what it is made of. See synthgen/procedural/packaging."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from synthgen.assets.store import Store
from synthgen.makers.maker import Made, made_of, maker
from synthgen.procedural.packaging.design import Color, Design, design, goods, group_of, luminance, mixed
from synthgen.procedural.packaging.shapes import FLASK_PRINT, LABEL_FROM
from synthgen.scene.builder import Surface
from synthgen.scene.spec import ImageRef

BRANDS = 100_000
"""How many brands a group may have; each looks different."""

DENSITY = 1000
"""Pixels of print a metre, where nothing else is asked for."""

Size = tuple[float, float, float]
_Sheet = Callable[[Store, dict[str, Any], Size, int], ImageRef]
_PAPER = {"roughness": 0.42, "coat": 0.25}
_FILM = {"roughness": 0.28, "coat": 0.6, "metallic": 0.15}
_TIN = {"roughness": 0.3, "coat": 0.6}


@lru_cache(maxsize=8192)
def package(group: str, brand: int) -> tuple[str, Size, int]:
    """(shape, (width, depth, height) in metres, variant) of the packages of a brand, which all its flavours share.

    Raises InputError for an unknown group.
    """
    data = group_of(group)
    rng = np.random.default_rng([brand, len(group), 7])
    shape = list(data["shapes"])[int(rng.integers(len(data["shapes"])))]
    low, high = data["shapes"][shape]
    t = rng.random(3) if low[0] != low[1] else np.repeat(rng.random(2), (2, 1))
    width, depth, height = (round(a + (b - a) * float(k), 3) for a, b, k in zip(low, high, t, strict=True))
    return shape, (width, depth, height), int(rng.integers(4))


def product(store: Store, group: str, brand: int, flavour: int, *, density: int = DENSITY) -> Made:
    """One product: the brand (0 to BRANDS - 1) of a group decides shape and size, all its flavours share them.

    density: pixels of print a metre. Raises InputError for an unknown group.
    """
    shape, size, variant = package(group, brand)
    d = design(group, brand, flavour)
    who = {"group": group, "brand": brand, "flavour": flavour}
    mesh, params, sheet, finish = _SHAPES[shape](size, variant)
    ref = store.procedural(f"retail.{mesh}", **params)
    image = store.procedural_image(f"retail.{sheet[0]}", color_space="srgb", density=density, **who, **sheet[1])
    print_of = Surface("principled", {"color": [1.0, 1.0, 1.0], **finish}, {"color": image})
    surfaces = {slot: print_of if slot == "print" else _part(slot, shape, d) for slot in store.slots(ref)}
    said = {
        "product": f"{group}/{brand}/{flavour}", "brand": d.brand, "name": f"{d.kind} {d.flavour}", "ean": d.ean,
        "package": shape,
    }  # fmt: skip
    return made_of(store, f"retail/{group.replace(' ', '_')}", ref, d.category, surfaces, said)


_Plan = tuple[str, dict[str, Any], tuple[str, dict[str, Any]], dict[str, float]]
_SHAPES: dict[str, Callable[[Size, int], _Plan]] = {}


def _shape(*names: str) -> Callable[[Callable[[Size, int, str], _Plan]], Callable[[Size, int, str], _Plan]]:
    def register(plan: Callable[[Size, int, str], _Plan]) -> Callable[[Size, int, str], _Plan]:
        for name in names:
            _SHAPES[name] = lambda size, seed, name=name: plan(size, seed, name)  # type: ignore[misc]
        return plan

    return register


@_shape("box", "multipack")
def _box(size: Size, seed: int, name: str) -> _Plan:
    sides = dict(zip(("width", "depth", "height"), size, strict=True))
    return name, sides, ("box_print", sides), _PAPER


@_shape("brick")
def _brick(size: Size, seed: int, name: str) -> _Plan:
    sides = dict(zip(("width", "depth", "height"), size, strict=True))
    return name, {**sides, "seed": seed}, ("box_print", sides), _FILM


@_shape("milk_carton")
def _milk_carton(size: Size, seed: int, name: str) -> _Plan:
    sides = dict(zip(("width", "depth", "height"), size, strict=True))
    wall = {**sides, "height": round(size[2] - 0.018 - 0.42 * size[1], 4)}
    return name, {**sides, "cap": seed < 3}, ("box_print", wall), _PAPER


@_shape("can", "flat_can", "soda_can", "tall_can")
def _can(size: Size, seed: int, name: str) -> _Plan:
    diameter, _, height = size
    inside = {"can": 0.009, "flat_can": 0.009, "soda_can": 0.026, "tall_can": 0.013}[name]
    sheet = {"around": round(math.pi * diameter, 4), "height": round(height - inside, 4)}
    mesh = "can" if name == "flat_can" else name
    return (
        mesh,
        {"diameter": diameter, "height": height},
        ("round_print", sheet),
        _PAPER if name == "tall_can" else _TIN,
    )


@_shape("bottle", "wine_bottle", "beer_bottle", "jar")
def _labelled(size: Size, seed: int, name: str) -> _Plan:
    diameter, _, height = size
    low, high = LABEL_FROM[name]
    sheet = {"around": round(math.pi * diameter, 4), "height": round((high - low) * height, 4)}
    params: dict[str, Any] = {"diameter": diameter, "height": height}
    if name == "jar":
        return "jar", params, ("round_print", sheet), _PAPER
    return "bottle", {**params, "style": name}, ("round_print", sheet), _PAPER


@_shape("tub")
def _tub(size: Size, seed: int, name: str) -> _Plan:
    diameter, _, height = size
    sheet = {"around": math.pi * (diameter - 0.004), "height": height - 0.004, "lid": diameter - 0.006}
    params = {"diameter": diameter, "height": height, "taper": 0.78 + 0.05 * seed}
    return "tub", params, ("round_print", {k: round(v, 4) for k, v in sheet.items()}), _FILM


@_shape("flask", "jug")
def _flask(size: Size, seed: int, name: str) -> _Plan:
    width, depth, height = size
    sheet = {"around": round(1.62 * (width + depth), 4), "height": round((FLASK_PRINT[1] - FLASK_PRINT[0]) * height, 4)}
    params = {"width": width, "depth": depth, "height": height, "handle": name == "jug"}
    return "flask", params, ("round_print", sheet), _FILM


@_shape("bag")
def _bag(size: Size, seed: int, name: str) -> _Plan:
    width, depth, height = size
    params = {"width": width, "depth": depth, "height": height, "seed": seed}
    return "bag", params, ("bag_print", {"width": width, "height": height}), _FILM


@_shape("tube")
def _tube(size: Size, seed: int, name: str) -> _Plan:
    width, depth, height = size
    sheet = {"around": round(math.pi * depth, 4), "height": height}
    return "tube", {"width": width, "depth": depth, "height": height}, ("round_print", sheet), _FILM


@_shape("tray")
def _tray(size: Size, seed: int, name: str) -> _Plan:
    width, depth, height = size
    params = {"width": width, "depth": depth, "height": height}
    return "tray", params, ("bag_print", {"width": width, "height": depth}), _FILM


def _part(slot: str, shape: str, d: Design) -> Surface:
    """What is not printed."""
    if slot == "metal":
        return Surface("principled", {"color": [0.56, 0.56, 0.57], "metallic": 1.0, "roughness": 0.28})
    if slot == "glass":
        return _glass(shape, d)
    if slot == "tray":
        dark = d.phase > 3
        return Surface("principled", {"color": [0.03] * 3 if dark else [0.6, 0.6, 0.59], "roughness": 0.3, "coat": 0.4})
    color = {
        "cap": d.accent if d.phase < 3.5 else (d.ground if d.phase < 5 else (236, 235, 232)),
        "lid": (200, 170, 90) if shape == "jar" and d.phase < 3 else mixed(d.accent, (255, 255, 255), 0.1),
        "body": d.ground if luminance(d.ground) > 0.25 else d.accent,
    }[slot]
    metallic = 0.9 if slot == "lid" and shape == "jar" else 0.0
    return Surface("principled", {"color": linear(color), "roughness": 0.32, "metallic": metallic, "coat": 0.3})


def _glass(shape: str, d: Design) -> Surface:
    if shape in ("wine_bottle", "beer_bottle"):
        dark = [0.012, 0.03, 0.012] if d.phase < 3.5 else [0.045, 0.016, 0.004]
        return Surface("principled", {"color": dark, "roughness": 0.05, "coat": 1.0, "specular": 0.7})
    if shape == "jar":
        content = mixed(_hue_of(d), (90, 60, 30), 0.25)
        return Surface("principled", {"color": linear(content), "roughness": 0.12, "coat": 1.0})
    tint = [round(0.25 + 0.75 * c**0.5, 3) for c in linear(_hue_of(d))]
    return Surface(
        "clear_glass", {"color": tint, "shadow": [round(0.8 * c, 3) for c in tint], "ior": 1.34}, {}, "solid"
    )


def _hue_of(d: Design) -> Color:
    import colorsys

    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(d.art_hue % 1.0, 0.75, 0.62))
    return r, g, b


def linear(color: Color) -> list[float]:
    """Linear Rec.709 albedo of an sRGB colour, within what plastics do."""
    found = []
    for c in color:
        v = c / 255
        v = v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        found.append(round(min(max(v, 0.02), 0.75), 4))
    return found


def _register(group: str, data: Mapping[str, Any]) -> None:
    tags = ("product", *data["shapes"])

    @maker(f"retail/{group.replace(' ', '_')}", category=data["category"], domains=("retail",), tags=tags)
    def draw(store: Store, rng: np.random.Generator) -> Made:
        return product(store, group, int(rng.integers(BRANDS)), int(rng.integers(len(data["flavours"]))))


for _group, _data in goods()["groups"].items():
    _register(_group, _data)
