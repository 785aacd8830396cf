"""The light blocks of a recipe: what the sky is, and the sun that agrees with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.layout.slots import Layout
from synthgen.paths import data_dir
from synthgen.planning.luminaires import luminaires
from synthgen.scene.pose import light_along
from synthgen.scene.spec import World
from synthgen.scene.stage import Stage

LIGHTS: dict[str, Callable[[Mapping[str, Any], Stage, Layout, np.random.Generator], World]] = {}
"""By the block's name: adds lamps, and returns the world. All it draws itself is what no key of the block says."""

_LAMPS = frozenset({"dusk", "night"})
_FOGGY = 600.0
"""Metres of visibility below which everybody drives with lamps on."""


@dataclass(frozen=True, slots=True)
class Lit:
    """lamps: are street lamps, windows and headlamps lit. beams: do vehicles drive with their lamps on."""

    lamps: bool
    beams: bool


def lit(values: Mapping[str, Any]) -> Lit:
    """What a light block's values say of the lamps outdoors."""
    lamps = values.get("weather") in _LAMPS
    return Lit(lamps, lamps or float(values.get("haze", math.inf)) < _FOGGY)


@cache
def sun_table() -> dict[str, Any]:
    """configs/light/sun.yaml."""
    table: dict[str, Any] = yaml.safe_load((data_dir("configs") / "light" / "sun.yaml").read_text("utf-8"))
    return table


def sun_strength(elevation: float) -> tuple[float, tuple[float, float, float]]:
    """Power (W/m2 on a plane that faces it) and colour (largest channel 1) of the sun at `elevation` degrees."""
    table = sun_table()["radiance"]
    heights = sorted(table)
    r, g, b = (float(np.interp(elevation, heights, [table[h][k] for h in heights])) for k in range(3))
    largest = max(r, g, b)
    return largest * math.pi, (r / largest, g / largest, b / largest)


def towards_sun(elevation: float, azimuth: float) -> tuple[float, float, float]:
    """Unit vector to the sun; azimuth in degrees clockwise from +Y (seen from above)."""
    e, a = math.radians(elevation), math.radians(azimuth)
    return (math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e))


def sky(values: Mapping[str, Any], stage: Stage, layout: Layout, rng: np.random.Generator) -> World:
    """The sky outdoors. `weather` clear has a sun; the others have none, their light comes from sky and lamps."""
    seed = int(rng.integers(0, 10_000))
    common = {"clouds": values["clouds"], "haze": values["haze"], "seed": seed}
    if values["weather"] == "dusk":
        return World("dusk", {**common, "darkness": values["darkness"], "sun_azimuth": values["sun_azimuth"]})
    if values["weather"] != "clear":
        return World(values["weather"], common)
    table = sun_table()
    elevation, azimuth = float(values["sun_elevation"]), float(values["sun_azimuth"])
    power, color = sun_strength(elevation)
    x, y, z = towards_sun(elevation, azimuth)
    stage.builder.light("sun", light_along((-x, -y, -z)), power, color, {"angle": table["angle"]})
    place = {"sun_elevation": elevation, "sun_azimuth": azimuth, "dust": table["dust"], "altitude": table["altitude"]}
    return World("nishita", {**place, **common})


LIGHTS["sky"] = sky
LIGHTS["luminaires"] = luminaires
