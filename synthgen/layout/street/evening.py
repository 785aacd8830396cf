"""What shines from houses at dusk and by night: windows, shops, and the light of shops on the sidewalk."""

from __future__ import annotations

import numpy as np

from synthgen.layout.lamps import lamps
from synthgen.layout.palette import Evening
from synthgen.scene.pose import Matrix, array, light_along
from synthgen.scene.stage import Stage

_BEFORE = 0.35
"""Metres before a shop front at which its light begins, clear of door frames and boards."""


def draw_evening(rng: np.random.Generator) -> Evening:
    """How much of one house is lit, and how brightly."""
    table = lamps()["windows"]
    flats, lit, shops = (float(rng.uniform(*table[k])) for k in ("radiance", "lit", "shop_radiance"))
    is_open = bool(rng.random() < table["shops_open"])
    named = is_open or rng.random() < 0.4
    return Evening(
        round(flats, 2), round(lit, 2), round(shops, 2) if is_open else 0.0, table["letters"] if named else 0.0
    )


def spill(stage: Stage, where: Matrix, width: float, height: float, evening: Evening) -> None:
    """Adds the light that falls from the shops of a house onto the sidewalk.

    where: 3x4 of the house, its front along x from 0 to `width` metres, looking along -y; height: of the ground floor.
    """
    table = lamps()["windows"]
    across, up = 0.85 * width, 0.5 * height
    m = array(where)
    place = m @ np.array([width / 2, -_BEFORE, 0.25 + up / 2 + 0.35, 1.0])
    outwards = m[:, :3] @ np.array([0.0, -1.0, -0.25])
    power = table["spill"] * evening.shops * across * up
    size = {"width": round(across, 3), "height": round(up, 3)}
    stage.builder.light("area", light_along(outwards, *place.tolist()), power, table["spill_color"], size)
