"""Procedural meshes and images. Importing this package registers every generator."""

from __future__ import annotations

from synthgen.procedural import (
    barriers,
    bonnet,
    building,
    cartons,
    clutter,
    covers,
    drums,
    furniture,
    ground,
    loads,
    markings,
    pallets,
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
    "cartons",
    "clutter",
    "covers",
    "drums",
    "furniture",
    "ground",
    "loads",
    "markings",
    "pallets",
    "plants",
    "poles",
    "road_surface",
    "sign_pictures",
    "signals",
    "signs",
    "stops",
    "text",
]
