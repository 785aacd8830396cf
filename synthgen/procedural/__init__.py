"""Procedural meshes and images. Importing this package registers every generator."""

from __future__ import annotations

from synthgen.procedural import building, ground, markings, poles, road_surface, sign_pictures, signals, signs, text

__all__ = ["building", "ground", "markings", "poles", "road_surface", "sign_pictures", "signals", "signs", "text"]
