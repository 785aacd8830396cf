"""What an invented product is called and how its pack looks: drawn from a seed, before anything is drawn with ink.

A brand makes several flavours of one kind of goods, which share its name, lettering, layout and ground; that is what
makes a shelf read as a shop.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import yaml

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.packaging.ean import IN_STORE, with_check_digit

Color = tuple[int, int, int]

LOGOS = ("ellipse", "pill", "slant", "hexagon", "bare", "outlined", "ribbon", "underlined")
LAYOUTS = ("burst", "stripes", "swoosh", "dots", "band", "half", "arc", "frame", "grid", "plain", "corner", "split")
ARTS = ("single", "cluster", "plate", "pair", "row", "none")
_FONTS = ("sans", "black", "thin", "italic", "narrow", "round", "hand", "serif", "serif_italic")
_NAME_FONTS = ("black", "italic", "narrow", "round", "serif", "serif_italic", "sans", "hand")
_BRIGHT, _DARK = (244, 241, 233), (28, 26, 28)

DARKEST, BRIGHTEST = 30, 234
"""Print neither swallows nor returns all light: sRGB levels of its deepest black and its whitest white."""


@dataclass(frozen=True, slots=True)
class Design:
    """A product. colours are sRGB 0..255. flavour: its place among those of the brand."""

    group: str
    category: str
    brand: str
    kind: str
    flavour: str
    motif: str
    weight: str
    ean: str
    ground: Color
    accent: Color
    ink: Color
    logo_ground: Color
    logo_ink: Color
    logo: str
    layout: str
    art: str
    art_hue: float
    name_font: str
    text_font: str
    claim: str
    logo_at: float
    art_at: float
    phase: float
    seed: int


@cache
def goods() -> dict[str, Any]:
    """configs/retail/products.yaml."""
    data: dict[str, Any] = yaml.safe_load((data_dir("configs") / "retail" / "products.yaml").read_text("utf-8"))
    return data


def group_of(name: str) -> dict[str, Any]:
    """A group of goods. Raises InputError for an unknown name."""
    groups = goods()["groups"]
    if name not in groups:
        raise InputError.of(f"no group of goods is called {name!r}", hint=f"one of: {', '.join(groups)}")
    found: dict[str, Any] = groups[name]
    return found


@lru_cache(maxsize=4096)
def design(group: str, brand: int, flavour: int) -> Design:
    """The product of a brand (any number) in a group, in one of its flavours (0, 1, ...)."""
    data = group_of(group)
    rng = np.random.default_rng([brand, _number(group)])
    name = _name(rng)
    kind = _one(rng, data["kinds"])
    style = _by_weight(rng, data["styles"])
    hue = float(_one(rng, data["hues"])) + float(rng.normal(0.0, 0.015))
    by_flavour = rng.random() < 0.4
    logo_hue = hue + float(_one(rng, (0.0, 0.5, 0.08, 0.4, 0.92)))
    logo = _one(rng, LOGOS)
    layout, art = _one(rng, LAYOUTS), _one(rng, ("single", "single", "cluster", "plate", "pair", "row", "none"))
    name_font, text_font = _one(rng, _NAME_FONTS), _one(rng, ("sans", "narrow", "italic", "round", "serif"))
    depth = rng.random(4)
    logo_at, art_at, phase = float(rng.uniform(0.0, 1.0)), float(rng.uniform(0.0, 1.0)), float(rng.uniform(0, 6.28))
    order = rng.permutation(len(data["flavours"]))
    label, motif, flavour_hue = data["flavours"][int(order[flavour % len(order)])]
    own = np.random.default_rng([brand, _number(group), flavour + 1])
    accent = hsv(flavour_hue + float(own.normal(0, 0.01)), 0.55 + 0.3 * depth[0], 0.5 + 0.35 * depth[1])
    ground = _ground(style, hue, depth)
    if by_flavour and style == "deep":
        ground, accent = accent, ground
    ink = _BRIGHT if luminance(ground) < 0.5 else _DARK
    logo_ground = hsv(logo_hue, 0.6 + 0.3 * depth[2], 0.28 + 0.4 * depth[3])
    if abs(luminance(logo_ground) - luminance(ground)) < 0.12:
        logo_ground = _BRIGHT if luminance(ground) < 0.5 else mixed(logo_ground, (0, 0, 0), 0.5)
    boxed = logo in ("ellipse", "pill", "slant", "hexagon", "ribbon")
    under = logo_ground if boxed else ground
    logo_ink = _BRIGHT if luminance(under) < 0.55 else (_DARK if boxed else mixed(logo_ground, (0, 0, 0), 0.3))
    claims = goods()["claims"]
    said = claims["any"] + (claims["food"] if data.get("food", True) else [])
    claim = str(_one(own, said)) if own.random() < 0.35 else ""
    digits = [int(IN_STORE), *(int(d) for d in own.integers(0, 10, 11))]
    return Design(
        group=group, category=data["category"], brand=name, kind=str(kind), flavour=str(label), motif=str(motif),
        weight=str(_one(own, data["weight"])), ean=with_check_digit(digits), ground=ground, accent=accent, ink=ink,
        logo_ground=logo_ground, logo_ink=logo_ink, logo=str(logo), layout=str(layout), art=str(art),
        art_hue=float(flavour_hue), name_font=str(name_font), text_font=str(text_font), claim=claim, logo_at=logo_at,
        art_at=art_at, phase=phase, seed=int(own.integers(2**31)),
    )  # fmt: skip


def hsv(hue: float, saturation: float, value: float) -> Color:
    """sRGB of a colour; the hue goes round."""
    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(hue % 1.0, min(1.0, saturation), min(1.0, value)))
    return r, g, b


def mixed(a: Color, b: Color, share: float) -> Color:
    """`share` of b in a."""
    r, g, c = (round(x * (1 - share) + y * share) for x, y in zip(a, b, strict=True))
    return r, g, c


def luminance(color: Color) -> float:
    """Roughly how bright, 0..1."""
    return (0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]) / 255


def _ground(style: str, hue: float, depth: Any) -> Color:
    if style == "white":
        return hsv(hue, 0.02 + 0.05 * depth[0], 0.9 + 0.06 * depth[1])
    if style == "pale":
        return hsv(hue, 0.12 + 0.2 * depth[0], 0.78 + 0.15 * depth[1])
    if style == "deep":
        return hsv(hue, 0.55 + 0.35 * depth[0], 0.35 + 0.45 * depth[1])
    return hsv(hue, 0.3 + 0.3 * depth[0], 0.1 + 0.14 * depth[1])


def _name(rng: np.random.Generator) -> str:
    parts = goods()["names"]
    name = str(_one(rng, parts["first"])) + str(_one(rng, parts["last"]))
    return name + str(_one(rng, parts["endings"])) if rng.random() < parts["ending_share"] else name


def _one(rng: np.random.Generator, options: Any) -> Any:
    return options[int(rng.integers(0, len(options)))]


def _by_weight(rng: np.random.Generator, weights: dict[str, float]) -> str:
    total = np.cumsum(list(weights.values()))
    return list(weights)[int(np.searchsorted(total, rng.random() * total[-1], side="right"))]


def _number(text: str) -> int:
    return int.from_bytes(text.encode()[:8], "big")
