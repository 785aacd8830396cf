"""Makers of printed things in shops: price tags and signs, whose picture is part of what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.makers.maker import Made, made_of, maker
from synthgen.scene.builder import Surface

RESOLUTION = {"tag": 2000.0, "talker": 1200.0, "sign": 600.0, "aisle": 500.0}
"""Pixels a metre: what a camera at 0.7, 1, 2 and 3 m can use."""

_TAGS = {
    "card": (0.068, 0.036),
    "pocket": (0.068, 0.036),
    "electronic": (0.068, 0.036),
    "talker": (0.12, 0.09),
    "flag": (0.08, 0.08),
}
_SIGNS: dict[str, list[tuple[float, float]]] = {
    "hanging": [(0.5, 0.7), (0.7, 0.5), (1.0, 0.35), (1.2, 0.4), (0.6, 0.6), (0.42, 0.594)],
    "a_board": [(0.594, 0.841), (0.5, 0.7), (0.6, 0.8)],
    "stand": [(0.297, 0.42), (0.42, 0.297), (0.42, 0.594), (0.21, 0.297)],
    "header": [(0.4, 0.2), (0.6, 0.25), (0.8, 0.3), (1.0, 0.3), (0.58, 0.4)],
    "banner": [(0.85, 1.9), (0.6, 1.6), (0.8, 2.0)],
}


def price_tag(
    store: Store,
    rng: np.random.Generator,
    *,
    style: str = "",
    promo: bool | None = None,
    name: str = "",
    price: str = "",
    unit: str = "",
    code: str = "",
    layout: int = -1,
) -> Made:
    """A price tag (see `retail.price_tag`) that says what is given; the rest is drawn.

    style: of the mesh; promo: printed in colour with the old price. code: the first 12 digits of its bar code;
    layout: of the print, 0 to 3.
    """
    drawn = ("card", "card", "card", "electronic", "electronic", "pocket")[int(rng.integers(0, 6))]
    lucky = bool(rng.random() < 0.15)
    style, promo = style or drawn, lucky if promo is None else promo
    width, height = _TAGS[style]
    seed = int(rng.integers(0, 100_000))
    mesh = store.procedural("retail.price_tag", style=style, width=width, height=height, seed=seed % 12)
    said: dict[str, Any] = {k: v for k, v in (("name", name), ("price", price), ("unit", unit), ("code", code)) if v}
    if layout >= 0:
        said["layout"] = layout
    print_style = "electronic" if style == "electronic" else "promo" if promo else "plain"
    if style in ("talker", "flag"):
        picture = store.procedural_image(
            "retail.promotion_sign", color_space="srgb", width=width, height=height,
            pixels_per_metre=RESOLUTION["talker"], seed=seed, **({"price": price} if price else {}),
        )  # fmt: skip
    else:
        picture = store.procedural_image(
            "retail.price_tag", color_space="srgb", width=width, height=height, pixels_per_metre=RESOLUTION["tag"],
            style=print_style, seed=seed, **said,
        )  # fmt: skip
    glossy = {"electronic": 0.25, "card": 0.55, "pocket": 0.12}.get(style, 0.35)
    surfaces = {
        "face": Surface("principled", {"color": [1.0, 1.0, 1.0], "roughness": glossy}, {"color": picture}),
        "card": palette.named("shop_card", rng),
        "holder": palette.named("shop_holder", rng),
        "body": palette.named("shop_tag_case", rng),
    }
    said_of = {"style": style, "print": print_style, **said}
    return made_of(store, "retail/price_tag", mesh, "price tag", surfaces, said_of)


@maker("retail/price_tag", category="price tag", domains=("retail",), tags=("tag",))
def _price_tag(store: Store, rng: np.random.Generator) -> Made:
    return price_tag(store, rng)


@maker("retail/shelf_talker", category="promotion sign", domains=("retail",), tags=("talker",))
def _talker(store: Store, rng: np.random.Generator) -> Made:
    made = price_tag(store, rng, style=("talker", "talker", "flag")[int(rng.integers(0, 3))])
    return Made("retail/shelf_talker", made.mesh, "promotion sign", made.surfaces, made.size, made.attributes)


def promotion_sign(
    store: Store,
    rng: np.random.Generator,
    *,
    style: str = "",
    size: tuple[float, float] | None = None,
    drop: float | None = None,
    **said: Any,
) -> Made:
    """A promotion sign (see `retail.promotion_sign`). said: text, note, price, layout or scheme of its picture.

    size, drop: of one that hangs, drawn where not given.
    """
    styles = list(_SIGNS)
    drawn = styles[int(rng.integers(0, len(styles)))]
    style = style or drawn
    width, height = size or _SIGNS[style][int(rng.integers(0, len(_SIGNS[style])))]
    seed = int(rng.integers(0, 100_000))
    drawn_drop = round(0.3 + 0.1 * int(rng.integers(0, 10)), 2)
    params = {"drop": drawn_drop if drop is None else drop} if style == "hanging" else {}
    mesh = store.procedural("retail.promotion_sign", style=style, width=width, height=height, seed=seed % 60, **params)
    picture = store.procedural_image(
        "retail.promotion_sign", color_space="srgb", width=width, height=height,
        pixels_per_metre=RESOLUTION["sign"], seed=seed, **said,
    )  # fmt: skip
    return made_of(
        store,
        f"retail/promotion_sign_{style}",
        mesh,
        "promotion sign",
        _sign_surfaces(picture, rng),
        {"style": style, **said},
    )


def _sign_surfaces(picture: Any, rng: np.random.Generator) -> dict[str, Surface]:
    roughness = (0.2, 0.35, 0.5)[int(rng.integers(0, 3))]
    return {
        "face": Surface("principled", {"color": [1.0, 1.0, 1.0], "roughness": roughness}, {"color": picture}),
        "board": palette.named("shop_card", rng),
        "frame": palette.named("shop_frame", rng),
        "metal": palette.named("shop_wire", rng),
        "base": palette.named("shop_kick", rng),
    }


def _register(style: str) -> None:
    @maker(f"retail/promotion_sign_{style}", category="promotion sign", domains=("retail",), tags=("promotion", style))
    def _draw(store: Store, rng: np.random.Generator) -> Made:
        return promotion_sign(store, rng, style=style)


for _style in _SIGNS:
    _register(_style)


def with_header(store: Store, made: Made, rng: np.random.Generator, *, glow: float = 0.0, **said: Any) -> Made:
    """A fixture whose slot `header` shows a picture; the fixture itself where it has no face of that slot.

    glow: emission strength of a lit one. said: text, note, price, layout or scheme of the picture.
    """
    size = store.fact(made.mesh, "header", _header_size)
    if size is None:
        return made
    picture = store.procedural_image(
        "retail.promotion_sign", color_space="srgb", width=size[0], height=size[1],
        pixels_per_metre=RESOLUTION["sign"], seed=int(rng.integers(0, 100_000)), **said,
    )  # fmt: skip
    params: dict[str, Any] = {"color": [1.0, 1.0, 1.0], "roughness": 0.4}
    model = "lamp" if glow else "principled"
    face = Surface(model, params | ({"emission_strength": glow} if glow else {}), {"color": picture})
    return replace(made, surfaces={**made.surfaces, "header": face})


def _header_size(mesh: Mesh) -> list[float] | None:
    """[width, height] in metres of the faces of the slot `header`, None without any."""
    if "header" not in mesh.slots or not (mesh.slot == mesh.slots.index("header")).any():
        return None
    at = mesh.vertices[mesh.faces[mesh.slot == mesh.slots.index("header")]].reshape(-1, 3)
    return [round(float(v), 3) for v in np.ptp(at, axis=0)[1:]]


def aisle_sign(
    store: Store,
    rng: np.random.Generator,
    *,
    number: int = 0,
    lines: tuple[str, ...] = (),
    size: tuple[float, float] | None = None,
    drop: float | None = None,
) -> Made:
    """A hanging sign with an aisle's number and what stands there, of a size on cords; drawn where not given."""
    drawn = [(1.2, 0.6), (1.0, 0.5), (1.5, 0.5), (0.9, 0.9), (1.2, 0.8)][int(rng.integers(0, 5))]
    width, height = size or drawn
    drawn_drop = round(0.3 + 0.1 * int(rng.integers(0, 12)), 2)
    drop = drawn_drop if drop is None else drop
    seed = int(rng.integers(0, 100_000))
    said: dict[str, Any] = {k: v for k, v in (("number", number), ("lines", list(lines))) if v}
    mesh = store.procedural(
        "retail.promotion_sign", style="hanging", width=width, height=height, drop=drop, seed=seed % 60
    )
    picture = store.procedural_image(
        "retail.aisle_sign", color_space="srgb", width=width, height=height, pixels_per_metre=RESOLUTION["aisle"],
        seed=seed, **said,
    )  # fmt: skip
    return made_of(store, "retail/aisle_sign", mesh, "sign", _sign_surfaces(picture, rng), said)


@maker("retail/aisle_sign", category="sign", domains=("retail",), tags=("hanging", "aisle"))
def _aisle_sign(store: Store, rng: np.random.Generator) -> Made:
    return aisle_sign(store, rng)
