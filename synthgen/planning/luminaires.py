"""Light indoors: what a layout's luminaires give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.layout.slots import Layout, Luminaire
from synthgen.paths import data_dir
from synthgen.scene.blackbody import black_body
from synthgen.scene.builder import Surface
from synthgen.scene.pose import composed, pose
from synthgen.scene.spec import World
from synthgen.scene.stage import Stage, millimetres

LUMENS_A_WATT = 100.0
"""Between catalogues' flux and the renderer's watts: brings rooms to the level at which streets are lit."""

_GLOW = 8.0
"""How bright a shining face looks beside its light, of which most goes past the eye: it stays white, without glare."""

_RING = 8
"""Lamps that a ring is made of."""

_OUTSIDE = (0.86, 0.93, 1.0)
_LIFT = 0.002


@cache
def kinds() -> dict[str, Any]:
    """configs/light/luminaires.yaml."""
    table: dict[str, Any] = yaml.safe_load((data_dir("configs") / "light" / "luminaires.yaml").read_text("utf-8"))
    return table


def white(kelvin: float) -> tuple[float, float, float]:
    """Linear Rec.709 of light of that temperature, the largest channel 1; 6500 K is white."""
    colour = black_body(kelvin)
    r, g, b = (round(float(c), 4) for c in np.clip(colour / colour.max(), 0.0, 1.0))
    return r, g, b


def luminaires(values: Mapping[str, Any], stage: Stage, layout: Layout, rng: np.random.Generator) -> World:
    """Lights the layout's slot `luminaires`: a shining face and a light each, some dead; outside is an even sky."""
    color = white(float(values["temperature"]))
    for item in layout.slots.get("luminaires", ()):
        dead = rng.random() < float(values["dead"])
        level = float(values["level"]) * (1.0 + float(values["spread"]) * float(rng.uniform(-1.0, 1.0)))
        _light(item, 0.0 if dead else level, color, stage)
    return World("uniform", {"color": _OUTSIDE, "strength": float(values["daylight"])})


def _light(item: Luminaire, level: float, color: tuple[float, float, float], stage: Stage) -> None:
    kind = kinds()[item.kind]
    width, depth = (millimetres(v) for v in item.size)
    glow = {"emission_color": color, "emission_strength": round(_GLOW * level, 3)}
    stage.generate(
        item.number, "indoor.luminous_face", {"face": Surface("lamp", glow)}, item.frame,
        solids=[], width=width, depth=depth, shape=kind["shape"],
    )  # fmt: skip
    if level <= 0.0:
        return
    watts = kind["flux"] / LUMENS_A_WATT * level
    spread = float(kind["spread"])
    if kind["shape"] != "ring":
        size = {"width": width, "height": depth, "spread": spread, "disk": float(kind["shape"] == "disk")}
        stage.builder.light("area", composed(item.frame, pose(z=-2 * _LIFT)), watts, color, size)
        return
    side = width * 0.14
    for k in range(_RING):
        angle = 2 * math.pi * k / _RING
        at = pose(0.42 * width * math.cos(angle), 0.42 * depth * math.sin(angle), -2 * _LIFT, yaw=math.degrees(angle))
        small = {"width": side, "height": side * 1.6, "spread": spread, "disk": 0.0}
        stage.builder.light("area", composed(item.frame, at), watts / _RING, color, small)
