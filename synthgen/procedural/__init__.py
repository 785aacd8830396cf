"""Procedural meshes and images. Importing this package registers every generator."""

from __future__ import annotations

from synthgen.procedural import (
    barriers,
    bonnet,
    building,
    clutter,
    covers,
    furniture,
    gondola,
    ground,
    markings,
    plants,
    poles,
    road_surface,
    sign_pictures,
    sign_prints,
    signals,
    signs,
    stops,
    tag_pictures,
    tags,
    text,
)

__all__ = [
    "barriers",
    "bonnet",
    "building",
    "clutter",
    "covers",
    "furniture",
    "gondola",
    "ground",
    "markings",
    "plants",
    "poles",
    "road_surface",
    "sign_pictures",
    "sign_prints",
    "signals",
    "signs",
    "stops",
    "tag_pictures",
    "tags",
    "text",
]
