"""Labels painted over their picture, so that an eye can check them."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LABEL_SHARE = 0.55
"""How much of a pixel is its category's colour; the rest is the picture in grey."""

VOID_COLOR = (0, 0, 0)
_EDGE_SHARE = 0.75
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_GOLDEN = 0.6180339887
_DARKEST, _LIGHTEST, _SPREAD = 0.2, 0.85, 0.44


def overlay(
    picture: NDArray[np.uint8],
    ids: NDArray[np.uint32],
    segments: Sequence[Mapping[str, Any]],
    categories: Mapping[int, Mapping[str, Any]],
) -> NDArray[np.uint8]:
    """The picture (H, W, 3, sRGB) in grey under its labels' colours, with the borders of segments drawn.

    ids: (H, W) segment ids; segments: `segments_info`; categories: COCO entries by id. Each thing has its own shade
    of its category's colour.
    """
    grey = picture.astype(np.float32) @ _GREY
    present, index = np.unique(ids, return_inverse=True)
    shades = segment_colors(segments, categories)
    table = np.array([shades.get(int(i), VOID_COLOR) for i in present], dtype=np.float32)
    mixed = LABEL_SHARE * table[index.reshape(ids.shape)] + (1 - LABEL_SHARE) * grey[..., None]
    edge = borders(ids)
    mixed[edge] += _EDGE_SHARE * (255.0 - mixed[edge])
    painted: NDArray[np.uint8] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return painted


def borders(ids: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """(H, W): True where the pixel to the right or below belongs to another segment."""
    edge = np.zeros(ids.shape, dtype=np.bool_)
    edge[:, :-1] |= ids[:, :-1] != ids[:, 1:]
    edge[:-1] |= ids[:-1] != ids[1:]
    return edge


def segment_colors(
    segments: Sequence[Mapping[str, Any]], categories: Mapping[int, Mapping[str, Any]]
) -> dict[int, tuple[int, int, int]]:
    """The colour (sRGB, 0..255) of every segment id: stuff as its category says, things in shades of that."""
    colors = {}
    seen: dict[int, int] = {}
    for segment in segments:
        category = categories[segment["category_id"]]
        red, green, blue = category["color"]
        rank = seen.get(category["id"], 0)
        seen[category["id"]] = rank + 1
        color = (int(red), int(green), int(blue))
        colors[int(segment["id"])] = shade(color, rank) if category["isthing"] else color
    return colors


def shade(color: tuple[int, int, int], rank: int) -> tuple[int, int, int]:
    """The rank-th shade of a colour: near it in hue, spread in lightness, so that neighbours can be told apart."""
    if rank == 0:
        return color
    hue, lightness, saturation = colorsys.rgb_to_hls(*(c / 255 for c in color))
    middle = min(_LIGHTEST - _SPREAD / 2, max(_DARKEST + _SPREAD / 2, lightness))
    lightness = middle + _SPREAD * ((rank * _GOLDEN) % 1.0 - 0.5)
    hue = (hue + 0.07 * ((rank * _GOLDEN * _GOLDEN) % 1.0 - 0.5)) % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(255 * red), round(255 * green), round(255 * blue)
