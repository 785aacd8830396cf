"""Colours of vertices and faces: materials have one colour each, so they become a few materials, or a mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.source import Floats, Ints, SourceMaterial

MOST_COLOURS = 16
"""A piece of at most so many colours gets a material for each; one of more gets the mean."""


def colour_materials(pieces: Pieces, colours: Floats, size: Ints, base: SourceMaterial) -> Ints:
    """Materials for polygons that have colours but no picture: (P,) numbers for `Pieces.add`.

    colours: (C, 3 or 4) red, green, blue (and opacity) of each corner, 0 to 1, in the space of `base`; size: (P,)
    corners of each polygon; base: the material whose colour they replace. The warnings say what became of them.
    """
    rgba = np.ones((len(colours), 4))
    rgba[:, 3] = base.opacity
    rgba[:, : colours.shape[1]] = np.clip(np.nan_to_num(colours), 0.0, 1.0)
    owner = np.repeat(np.arange(len(size)), size)
    total = np.column_stack([np.bincount(owner, rgba[:, k], minlength=len(size)) for k in range(4)])
    mean = total / np.maximum(size, 1)[:, None]
    step = np.round(mean * 255).astype(np.int64)
    _, first, which = np.unique(step @ (1 << np.array([24, 16, 8, 0])), return_index=True, return_inverse=True)
    if len(first) > MOST_COLOURS:
        pieces.warn(f"colours of vertices are not kept: {base.name!r} has their mean as its colour")
        name = pieces.material(_coloured(base, base.name, rgba.mean(axis=0)))
        return np.full(len(size), pieces.number(name), dtype=np.int64)
    pieces.warn("colours of vertices or faces became materials of one colour each")
    numbers = []
    for row in first:
        name = base.name if len(first) == 1 else "{} #{:02x}{:02x}{:02x}".format(base.name, *step[row, :3])
        numbers.append(pieces.number(pieces.material(_coloured(base, name, step[row] / 255.0))))
    chosen: Ints = np.array(numbers, dtype=np.int64)[which.ravel()]
    return chosen


def _coloured(base: SourceMaterial, name: str, rgba: Floats) -> SourceMaterial:
    red, green, blue, opacity = rgba.round(4).tolist()
    return replace(base, name=name, diffuse=(red, green, blue), opacity=opacity)
