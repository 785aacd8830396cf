"""Procedural meshes and images. Importing this package registers every generator."""

from __future__ import annotations

from synthgen.procedural import (
    barriers,
    bonnet,
    building,
    clutter,
    covers,
    furniture,
    ground,
    markings,
    people,
    plants,
    poles,
    road_surface,
    sign_pictures,
    signals,
    signs,
    stops,
    text,
)

__all__ = [
    "barriers",
    "bonnet",
    "building",
    "clutter",
    "covers",
    "furniture",
    "ground",
    "markings",
    "people",
    "plants",
    "poles",
    "road_surface",
    "sign_pictures",
    "signals",
    "signs",
    "stops",
    "text",
]
