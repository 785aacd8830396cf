"""What is on a head: eyes, brows, lips, hair as a closed shell over the scalp, a safety helmet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import sparse

from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.people.data import Body, body, settings
from synthgen.procedural.people.surface import Surface, surface_of
from synthgen.procedural.shapes import Array, Index

CENTRE = np.array([0.05, 0.0, 0.745])
"""Of the skull, on the template."""
_HAIRLINE = np.array(
    [(0, 50), (25, 52), (45, 62), (62, 78), (80, 97), (105, 96), (116, 112), (128, 127), (145, 135), (180, 137)]
)
_COLUMNS, _ROWS = 52, 17
_IRIS = 24.0


@lru_cache(maxsize=1)
def hair_styles() -> Mapping[str, Mapping[str, float]]:
    """Shapes of hair by name, as configs/people/hair.yaml has them."""
    loaded: Mapping[str, Mapping[str, float]] = yaml.safe_load(
        (data_dir("configs") / "people" / "hair.yaml").read_text("utf-8")
    )["styles"]
    return loaded


def visible_skin(base: Body) -> NDArray[np.bool_]:
    """(F,) which quadrilaterals of the body anyone can see: not those inside the mouth and behind the eyes."""
    seen = np.ones(len(base.groups["body"].quads), dtype=bool)
    ranges = settings()["inside"]
    assert isinstance(ranges, list)
    for first, last in ranges:
        seen[first : last + 1] = False
    return seen


def lip_faces(points: Array) -> NDArray[np.bool_]:
    """(N,) which points of the template (N, 3) lie on the lips."""
    across = 1.0 - (points[:, 1] / 0.027) ** 2
    rise = points[:, 2] - 0.6615
    on: NDArray[np.bool_] = (across > 0) & (rise < 0.0085 * across) & (rise > -0.0115 * across) & (points[:, 0] > 0.12)
    return on


@lru_cache(maxsize=1)
def brows() -> Array:
    """(19158,) positive where skin carries the brows."""
    x, y, z = body().template.T
    share = np.clip((np.abs(y) - 0.013) / 0.041, 0.0, 1.0)
    middle = 0.7425 + 0.0055 * np.sin(np.pi * share**1.15 * 0.85)
    strip = 0.0042 * (1.0 - 0.65 * share) - np.abs(z - middle)
    ends = 0.15 * (share * (1 - share) - 0.02)
    found: Array = np.minimum(np.minimum(strip, ends), x - 0.08)
    return found


def eyes(base: Body) -> tuple[Surface, NDArray[np.str_]]:
    """The front halves of both eyeballs; slots of their faces: iris or eyes."""
    quads = np.concatenate([base.groups[f"helper-{s}-eye"].quads for s in "lr"])
    angle = np.zeros(len(base.template))
    for side in "lr":
        mine = np.unique(base.groups[f"helper-{side}-eye"].quads)
        ball = base.template[mine]
        away = ball - (ball.min(axis=0) + ball.max(axis=0)) / 2
        angle[mine] = np.degrees(np.arccos(away[:, 0] / np.linalg.norm(away, axis=1)))
    surface = surface_of(base, ["helper-l-eye", "helper-r-eye"], (angle[quads] < 100).all(axis=1))
    far = surface.of(angle)[surface.faces].max(axis=1)
    return surface, np.where(far < _IRIS, "iris", "eyes")


@lru_cache(maxsize=1)
def scalp() -> tuple[Array, sparse.csr_matrix]:
    """Where rays from the skull's centre leave the head: azimuths (C,) and mixtures of the base mesh's vertices.

    Rows of the mixtures: for each polar angle of `polar_angles`, each azimuth.
    """
    base = body()
    v = base.template
    quads = base.groups["body"].quads[visible_skin(base)]
    quads = quads[v[quads, 2].min(axis=1) > 0.56]
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    a, b, c = (v[faces[:, k]] for k in range(3))
    to = (a + b + c) / 3 - CENTRE
    to /= np.linalg.norm(to, axis=1, keepdims=True)
    azimuth = np.linspace(0.0, 360.0, _COLUMNS, endpoint=False)
    rows, columns, values = [], [], []
    k = 0
    for polar in polar_angles():
        for turn in azimuth:
            p, t = np.radians(polar), np.radians(turn)
            d = np.array([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)])
            near = np.flatnonzero(to @ d > 0.94)
            e1, e2 = b[near] - a[near], c[near] - a[near]
            h = np.cross(d, e2)
            det = (e1 * h).sum(axis=1)
            det = np.where(np.abs(det) < 1e-14, 1e-14, det)
            s = CENTRE - a[near]
            u = (s * h).sum(axis=1) / det
            q = np.cross(s, e1)
            w = (q @ d) / det
            far = (q * e2).sum(axis=1) / det
            hit = (u >= -1e-6) & (w >= -1e-6) & (u + w <= 1 + 1e-6) & (far > 0)
            chosen = int(np.where(hit, far, np.inf).argmin())
            rows += [k] * 3
            columns += faces[near[chosen]].tolist()
            values += [1.0 - u[chosen] - w[chosen], u[chosen], w[chosen]]
            k += 1
    return azimuth, sparse.csr_matrix((values, (rows, columns)), shape=(k, len(v)))


def polar_angles() -> Array:
    """(R,) degrees from the crown at which `scalp` is known."""
    return np.linspace(0.0, 140.0, 29)


def skull(vertices: Array) -> tuple[Array, Array, float]:
    """Points (R, C, 3) of the scalp of a body at rest, its centre, and its size as a share of the template's."""
    azimuth, mix = scalp()
    points = (mix @ vertices).reshape(-1, len(azimuth), 3)
    before = (mix @ body().template).reshape(points.shape)
    # The centre keeps its place between the widest ring's front and back, and between that ring and the crown.
    ring, old = points[16], before[16]
    scale = float(np.ptp(points[:18, :, 0]) / np.ptp(before[:18, :, 0]))
    middle = ring.mean(axis=0) + (CENTRE - old.mean(axis=0)) * scale
    return points, middle, scale


def hair(style: str, vertices: Array, *, flat: float = 1.0, rng: np.random.Generator) -> tuple[Array, Index]:
    """A closed shell of hair at rest: points (V, 3) and faces. flat: share of its thickness, as under a helmet.

    Raises InputError for a style that configs/people/hair.yaml lacks.
    """
    if style not in hair_styles():
        raise InputError.of(f"no hair is called {style!r}", hint=", ".join(hair_styles()))
    s: Mapping[str, Any] = hair_styles()[style]
    points, centre, scale = skull(vertices)
    azimuth = scalp()[0]
    aside = np.abs((azimuth + 180.0) % 360.0 - 180.0)
    line = np.interp(aside, _HAIRLINE[:, 0], _HAIRLINE[:, 1])
    front = np.clip(1.0 - aside / 70.0, 0.0, 1.0)
    line = line - float(s.get("recede", 0.0)) * front + float(s.get("fringe", 0.0)) * np.clip(front * 2, 0, 1)
    drop = np.zeros(_COLUMNS)
    if "drop" in s:
        hangs = np.clip((aside - float(s["part"])) / 22.0, 0.0, 1.0)
        line = line + hangs * (90.0 - line)
        drop = hangs * (float(s["drop"]) + 0.055) * scale
    share = np.linspace(0.0, 1.0, _ROWS)
    grid = np.zeros((_ROWS, _COLUMNS, 3))
    inner = np.zeros_like(grid)
    phases = rng.uniform(0.0, 2 * np.pi, 6)
    steps = polar_angles()
    for k in range(_COLUMNS):
        arc = np.radians(line[k]) * 0.105 * scale
        at = share * (arc + drop[k])
        polar = np.minimum(at / arc, 1.0) * line[k]
        base = np.stack([np.interp(polar, steps, points[:, k, i]) for i in range(3)], axis=1)
        fallen = np.maximum(at - arc, 0.0)
        level = np.clip((polar - 25.0) / 60.0, 0.0, 1.0)
        back = np.clip((aside[k] - 60.0) / 100.0, 0.0, 1.0)
        low = float(s["side"]) + (float(s["back"]) - float(s["side"])) * back
        thick = float(s["top"]) + (low - float(s["top"])) * level
        thick = thick + float(s.get("front", 0.0)) * front[k] * np.clip(polar / 30.0, 0.0, 1.0)
        if drop[k] == 0.0:
            end = np.clip((share - 0.72) / 0.28, 0.0, 1.0)
            thick = thick + (float(s["line"]) - thick) * end**1.5
        wave = sum(
            np.sin(phases[i] + np.radians(azimuth[k]) * (3 + 2 * i) + polar * (0.11 + 0.05 * i)) for i in range(3)
        )
        thick = np.maximum(thick + float(s["tuft"]) * wave / 2.0 * np.clip(share * 5, 0, 1), 0.0012)
        thick = np.maximum(thick * flat, 0.0022) * scale
        away = base - centre
        away[:, 2] *= np.where(fallen > 0, 0.0, 1.0)
        away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
        hang = np.stack([np.zeros(_ROWS), np.zeros(_ROWS), -fallen], axis=1)
        spread = (0.10 * np.minimum(fallen, 0.06) - 0.16 * np.maximum(fallen - 0.06, 0.0))[:, None]
        over_ear = 0.012 * scale * np.clip(fallen / 0.03, 0, 1)[:, None] * (70 < aside[k] < 125)
        grid[:, k] = base + away * (thick[:, None] + spread + over_ear) + hang
        sunk = np.where(fallen > 0, 0.012, 0.006 + 0.0 * fallen)[:, None] * scale
        inner[:, k] = base - away * (sunk - spread * (fallen > 0)[:, None] - over_ear) + hang
    grid[0], inner[0] = grid[0].mean(axis=0), inner[0].mean(axis=0)
    cap = _shell(grid, inner)
    extra = []
    if "bun" in s:
        radius = float(s["bun"]) * scale * flat**0.5
        back_at = points[14, _COLUMNS // 2] if "tail" not in s else points[16, _COLUMNS // 2]
        out = back_at - centre
        extra.append(_ball(back_at + out / np.linalg.norm(out) * radius * 0.75, radius, (1.0, 1.15, 1.0)))
        if "tail" in s:
            length = float(s["tail"]) * scale
            top = back_at + out / np.linalg.norm(out) * radius * 0.9
            middle = top + np.array([-0.012, 0.0, -0.5 * length])
            extra.append(_ball(middle, radius, (0.8, 0.95, 0.5 * length / radius)))
    pieces = [cap, *extra]
    offset = np.cumsum([0] + [len(p) for p, _ in pieces])
    return np.concatenate([p for p, _ in pieces]), np.concatenate(
        [f + o for (_, f), o in zip(pieces, offset, strict=False)]
    )


def _shell(outer: Array, inner: Array) -> tuple[Array, Index]:
    """A closed solid between two grids (R, C, 3) whose first rows are one point each."""
    rows, columns = outer.shape[:2]

    def table(grid: Array) -> Array:
        return np.concatenate([grid[:1, 0], grid[1:].reshape(-1, 3)])

    n = 1 + (rows - 1) * columns
    j = np.arange(columns)
    nxt = (j + 1) % columns
    faces = [np.stack([np.zeros(columns, int), 1 + j, 1 + nxt], 1)]
    for r in range(rows - 2):
        a, b = 1 + r * columns + j, 1 + r * columns + nxt
        c, d = b + columns, a + columns
        faces += [np.stack([a, d, c], 1), np.stack([a, c, b], 1)]
    skin = np.concatenate(faces)
    a, b = 1 + (rows - 2) * columns + j, 1 + (rows - 2) * columns + nxt
    rim = [np.stack([a, a + n, b + n], 1), np.stack([a, b + n, b], 1)]
    return np.concatenate([table(outer), table(inner)]), np.concatenate([skin, skin[:, ::-1] + n, *rim])


def _ball(centre: Array, radius: float, stretch: tuple[float, float, float]) -> tuple[Array, Index]:
    rows, columns = 9, 16
    polar = np.linspace(0.0, np.pi, rows)[1:-1]
    turn = np.linspace(0.0, 2 * np.pi, columns, endpoint=False)
    ring = np.stack(
        [np.outer(np.sin(polar), np.cos(turn)), np.outer(np.sin(polar), np.sin(turn)),
         np.outer(np.cos(polar), np.ones(columns))], axis=-1,
    ).reshape(-1, 3)  # fmt: skip
    points = np.concatenate([[[0, 0, 1]], ring, [[0, 0, -1]]]) * radius * np.array(stretch) + centre
    j = np.arange(columns)
    nxt = (j + 1) % columns
    faces = [np.stack([np.zeros(columns, int), 1 + j, 1 + nxt], 1)]
    for r in range(len(polar) - 1):
        a, b = 1 + r * columns + j, 1 + r * columns + nxt
        faces += [np.stack([a, a + columns, b + columns], 1), np.stack([a, b + columns, b], 1)]
    last = 1 + (len(polar) - 1) * columns
    faces.append(np.stack([last + j, np.full(columns, len(points) - 1), last + nxt], 1))
    return points, np.concatenate(faces)


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
        crest = 1.0 + (ridge - 1.0) * np.sin(2 * polar) if polar > 0 else np.ones(_COLUMNS)
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
    shell = np.array([*outer, edge + away * 0.004 - (0, 0, 0.003), flare, flare - (0, 0, 0.0025)])
    inside = np.array(
        [p - 0.0035 * _dir(p, middle) for p in outer]
        + [edge - away * 0.0035, flare - (0, 0, 0.004), flare - (0, 0, 0.0038)]
    )
    return _shell(shell, inside)


def _dir(points: Array, middle: Array) -> Array:
    away = points - middle
    found: Array = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return found
