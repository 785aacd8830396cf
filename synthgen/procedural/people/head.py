"""What is on a head besides skin and hair: eyes, helmets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from synthgen.procedural.people.data import body
from synthgen.procedural.people.scalp import COLUMNS, scalp, shell, skull
from synthgen.procedural.people.surface import Surface, surface_of
from synthgen.procedural.shapes import Array, Index


@lru_cache(maxsize=1)
def eyes() -> tuple[Surface, Array]:
    """The front halves of both eyeballs; texture coordinates (F, 3, 2) that show each from side to side."""
    base = body()
    away = np.full((len(base.template), 3), -1.0)
    for side in "lr":
        mine = np.unique(base.groups[f"helper-{side}-eye"].quads)
        ball = base.template[mine]
        middle = (ball.min(axis=0) + ball.max(axis=0)) / 2
        away[mine] = (ball - middle) / (float(np.ptp(ball[:, 2])) / 2)
    names = [f"helper-{side}-eye" for side in "lr"]
    quads = np.concatenate([base.groups[n].quads for n in names])
    surface = surface_of(base, names, (away[quads, 0] > -0.17).all(axis=1))
    return surface, 0.5 + 0.5 * surface.of(away[:, 1:])[surface.faces]


def helmet(vertices: Array) -> tuple[Array, Index]:
    """A safety helmet on a head at rest: a closed shell with a peak and a rain edge."""
    points, centre, scale = skull(vertices)
    azimuth = scalp()[0]
    dome = points[:18]
    middle = np.array([(dome[..., 0].max() + dome[..., 0].min()) / 2, centre[1], centre[2] + 0.017 * scale])
    half = np.array(
        [np.ptp(dome[..., 0]) / 2 + 0.02, np.ptp(dome[..., 1]) / 2 + 0.022, dome[..., 2].max() - middle[2] + 0.026]
    )
    turn = np.radians(azimuth)
    aside = np.abs((azimuth + 180.0) % 360.0 - 180.0)
    rows = np.radians(np.array([0.0, 12, 24, 36, 48, 60, 72, 82, 90]))
    ridge = 1.0 + 0.028 * np.exp(-((np.minimum(aside, 180 - aside) / 16.0) ** 2))
    outer = []
    for polar in rows:
        crest = 1.0 + (ridge - 1.0) * np.sin(2 * polar) if polar > 0 else np.ones(COLUMNS)
        xy = np.sin(polar) ** 0.92
        outer.append(
            middle + half * np.stack([xy * np.cos(turn) * crest, xy * np.sin(turn) * crest, np.cos(polar) * crest], 1)
        )
    edge = outer[-1]
    away = (edge - middle) * (1, 1, 0)
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    peak = 0.007 + 0.04 * np.clip(1.0 - (aside / 62.0) ** 2, 0.0, 1.0)
    down = 0.006 + 0.012 * np.clip(1.0 - (aside / 62.0) ** 2, 0.0, 1.0)
    flare = edge + away * peak[:, None] - np.stack([0 * down, 0 * down, down], 1)
    outside = np.array([*outer, edge + away * 0.004 - (0, 0, 0.003), flare, flare - (0, 0, 0.0025)])
    inside = np.array(
        [p - 0.0035 * _dir(p, middle) for p in outer]
        + [edge - away * 0.0035, flare - (0, 0, 0.004), flare - (0, 0, 0.0038)]
    )
    return shell(outside, inside)


def _dir(points: Array, middle: Array) -> Array:
    away = points - middle
    found: Array = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return found
