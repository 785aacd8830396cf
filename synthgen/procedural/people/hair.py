"""Hair: an even cap over the scalp, and locks that lie, stand or hang over it.

A lock is a ribbon a few millimetres to two centimetres wide that wears a cut-out picture of strands
(`people.strands`). It grows from its root along the flow of its style (away from a parting, back, forward, towards a
knot), keeps its height over the scalp, and hangs where the head ends. Styles are data: configs/people/hair.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import yaml
from scipy.spatial import cKDTree

from synthgen.assets.mesh import vertex_normals
from synthgen.errors import InputError
from synthgen.paths import data_dir
from synthgen.procedural.people.data import body
from synthgen.procedural.people.faces import beard_field
from synthgen.procedural.people.pictures import STRANDS
from synthgen.procedural.people.scalp import COLUMNS, hairline, polar_angles, scalp, shell, skull, visible_skin
from synthgen.procedural.shapes import Array, Index

_ROWS = 15
_STEPS = 8
_GOLDEN = np.pi * (3.0 - np.sqrt(5.0))
Style = Mapping[str, Any]


@lru_cache(maxsize=1)
def hair_styles() -> Mapping[str, Style]:
    """Styles by name, as configs/people/hair.yaml has them."""
    loaded: Mapping[str, Style] = yaml.safe_load((data_dir("configs") / "people" / "hair.yaml").read_text("utf-8"))[
        "styles"
    ]
    return loaded


def find_style(name: str) -> Style:
    """Raises InputError for a style that configs/people/hair.yaml lacks."""
    if name not in hair_styles():
        raise InputError.of(f"no hair is called {name!r}", hint=", ".join(hair_styles()))
    return hair_styles()[name]


@dataclass(frozen=True, slots=True, eq=False)
class Locks:
    """Ribbons: points (V, 3), faces (F, 3), texture coordinates (F, 3, 2) 0..1, normals (V, 3) to be shaded by."""

    points: Array
    faces: Index
    uvs: Array
    normals: Array


class Head:
    """A body's head at rest: where its scalp lies in a direction from the skull's centre."""

    def __init__(self, vertices: Array, clear: float = 0.02) -> None:
        """clear: metres that hair keeps from neck and shoulders, which may be clothed."""
        self.grid, self.centre, self.scale = skull(vertices)
        self.clear = clear
        faces, used = _shoulders()
        self._low = vertices[used]
        self._out = vertex_normals(self._low, faces).astype(np.float64)  # type: ignore[arg-type]
        self._tree = cKDTree(self._low)

    def scalp(self, toward: Array) -> Array:
        """(N,) metres from the centre to the skin in these directions (N, 3), as far down as it is known."""
        polar = np.degrees(np.arccos(np.clip(toward[:, 2], -1.0, 1.0)))
        turn = np.degrees(np.arctan2(toward[:, 1], toward[:, 0])) % 360.0
        r = np.linalg.norm(self.grid - self.centre, axis=2)
        step = polar_angles()[1]
        i, j = np.clip(polar / step, 0, len(r) - 1.001), turn / (360.0 / COLUMNS)
        a, b = i.astype(int), j.astype(int) % COLUMNS
        s, t = i - a, j - np.floor(j)
        c = (b + 1) % COLUMNS
        found: Array = (r[a, b] * (1 - t) + r[a, c] * t) * (1 - s) + (r[a + 1, b] * (1 - t) + r[a + 1, c] * t) * s
        return found

    def outside(self, points: Array) -> Array:
        """Points pushed out of neck and shoulders."""
        far, at = self._tree.query(points, distance_upper_bound=0.06 * self.scale)
        hit = np.flatnonzero(np.isfinite(far))
        near, out = self._low[at[hit]], self._out[at[hit]]
        lack = self.clear * self.scale - ((points[hit] - near) * out).sum(axis=1)
        points = points.copy()
        points[hit] += out * np.maximum(lack, 0.0)[:, None]
        return points


@lru_cache(maxsize=1)
def _shoulders() -> tuple[Index, Index]:
    """Faces of neck, shoulders and upper back over the vertices of the base mesh that they use; these vertices."""
    base = body()
    quads = base.groups["body"].quads[visible_skin(base)]
    v = base.template[quads]
    quads = quads[
        (v[..., 2].min(axis=1) > 0.28) & (v[..., 2].max(axis=1) < 0.68) & (np.abs(v[..., 1]).max(axis=1) < 0.3)
    ]
    used, local = np.unique(quads, return_inverse=True)
    local = local.reshape(-1, 4)
    return np.concatenate([local[:, [0, 1, 2]], local[:, [0, 2, 3]]]), used


def cap(s: Style, head: Head, *, flat: float, rng: np.random.Generator) -> tuple[Array, Index, Array]:
    """A closed shell of hair at rest that locks lie on: points (V, 3), faces, and texture coordinates (F, 3, 2) with
    strands from the crown to all sides. flat: share of its thickness."""
    azimuth, scale = scalp()[0], head.scale
    aside = np.abs((azimuth + 180.0) % 360.0 - 180.0)
    front = np.clip(1.0 - aside / 70.0, 0.0, 1.0)
    line = hairline(aside) - float(s.get("recede", 0.0)) * front - float(s.get("inside", 3.0))
    drop = np.zeros(COLUMNS)
    if "drop" in s:
        hangs = np.clip((aside - float(s["part_at"])) / 22.0, 0.0, 1.0)
        line = line + hangs * (90.0 - line)
        drop = hangs * (float(s["drop"]) + 0.055) * scale
    share = np.linspace(0.0, 1.0, _ROWS)
    grid, inner = np.zeros((_ROWS, COLUMNS, 3)), np.zeros((_ROWS, COLUMNS, 3))
    phases = rng.uniform(0.0, 2 * np.pi, 6)
    steps = polar_angles()
    lumps = float(s.get("lumps", 0.0))
    for k in range(COLUMNS):
        arc = np.radians(line[k]) * 0.105 * scale
        at = share * (arc + drop[k])
        polar = np.minimum(at / arc, 1.0) * line[k]
        base = np.stack([np.interp(polar, steps, head.grid[:, k, i]) for i in range(3)], axis=1)
        fallen = np.maximum(at - arc, 0.0)
        thick = _height(s, polar, np.full(_ROWS, aside[k])) * float(s.get("cap", 0.45))
        if drop[k] == 0.0:
            end = np.clip((share - 0.7) / 0.3, 0.0, 1.0)
            thick = thick + (0.0015 - thick) * end**1.5
        wave = sum(
            np.sin(phases[i] + np.radians(azimuth[k]) * (5 + 4 * i) + polar * (0.13 + 0.09 * i)) for i in range(3)
        )
        thick = thick + (0.0012 + lumps) * wave / 2.0 * np.clip(share * 5, 0, 1)
        thick = np.maximum(thick * flat, 0.0018) * scale
        away = base - head.centre
        away[:, 2] *= np.where(fallen > 0, 0.0, 1.0)
        away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
        hang = np.stack([np.zeros(_ROWS), np.zeros(_ROWS), -fallen], axis=1)
        spread = (0.06 * np.minimum(fallen, 0.06) - 0.2 * np.maximum(fallen - 0.06, 0.0))[:, None]
        over_ear = 0.01 * scale * np.clip(fallen / 0.03, 0, 1)[:, None] * (70 < aside[k] < 125)
        grid[:, k] = base + away * (thick[:, None] + spread + over_ear) + hang
        sunk = np.where(fallen > 0, 0.012, 0.006)[:, None] * scale
        inner[:, k] = base - away * (sunk - spread * (fallen > 0)[:, None] - over_ear) + hang
    grid[0], inner[0] = grid[0].mean(axis=0), inner[0].mean(axis=0)
    points, faces = shell(grid, inner)
    n = len(points) // 2
    turn, row = np.zeros(n), np.zeros(n)
    turn[1:] = np.tile(np.arange(COLUMNS), _ROWS - 1) / COLUMNS
    row[1:] = np.repeat(share[1:], COLUMNS)
    u, v = np.tile(turn, 2)[faces] * 6.0, 1.0 - np.tile(row, 2)[faces] * 0.55
    u = u + 6.0 * ((np.ptp(u, axis=1) > 3.0)[:, None] & (u < 3.0))
    return points, faces, np.stack([u, v], axis=-1)


def _height(s: Style, polar: Array, aside: Array) -> Array:
    """Metres by which hair stands off the scalp."""
    level = np.clip((polar - 25.0) / 60.0, 0.0, 1.0)
    back = np.clip((aside - 60.0) / 100.0, 0.0, 1.0)
    low = float(s["side"]) + (float(s["back"]) - float(s["side"])) * back
    thick = float(s["top"]) + (low - float(s["top"])) * level
    front = np.clip(1.0 - aside / 70.0, 0.0, 1.0)
    found: Array = thick + float(s.get("front", 0.0)) * front * np.clip(polar / 30.0, 0.0, 1.0)
    return found


def _toward(polar: Array, turn: Array) -> Array:
    p, t = np.radians(polar), np.radians(turn)
    return np.stack([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)], axis=-1)


def _unit(v: Array) -> Array:
    found: Array = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
    return found


def _roots(s: Style, count: int, rng: np.random.Generator) -> Array:
    """(N, 3) directions of roots, evenly over what hair covers."""
    k = np.arange(count * 2) + rng.random()
    z = 1.0 - (k + 0.5) / (count * 2) * 1.78
    turn = np.degrees(k * _GOLDEN) + rng.normal(0.0, 5.0, len(k))
    polar = np.degrees(np.arccos(np.clip(z, -1, 1))) + rng.normal(0.0, 2.0, len(k))
    aside = np.abs((turn + 180.0) % 360.0 - 180.0)
    front = np.clip(1.0 - aside / 70.0, 0.0, 1.0)
    grown = polar < hairline(aside) - float(s.get("recede", 0.0)) * front - 1.0
    if "bare" in s:
        grown &= (polar > float(s["bare"])) | (rng.random(len(k)) < 0.12)
    return _toward(np.abs(polar[grown]), turn[grown])


def _flow(s: Style, d: Array, start: Array, side: Array) -> Array:
    """(N, 3) where hair wants to go at directions d; start: of its roots, side: of the parting on which it grew."""
    kind = str(s["flow"])
    down = np.array([0.0, 0.0, -1.0])
    if kind == "crown":  # from the whorl at the back of the crown, to all sides, on top more to the front
        away = d - np.array([-0.35, 0.0, 0.94])
        wish = away + np.array([0.35, 0.0, 0.0]) * np.clip(d[:, 2:], 0, 1)
    elif kind == "back":
        wish = np.tile([-1.0, 0.0, -0.12], (len(d), 1)) + down * np.clip(0.4 - d[:, 2:], 0, 1) * 1.6
    elif kind == "forward":
        wish = (
            np.where(d[:, :1] > -0.55, [1.0, 0.0, -0.2], [0.0, 0.0, -1.0]) + down * np.clip(0.35 - d[:, 2:], 0, 1) * 2
        )
    elif kind == "knot":
        goal = np.array(s["knot"], dtype=np.float64)
        wish = _unit(goal) - d
    elif kind == "out":
        wish = d + 0.0
    else:  # part: to both sides of a line from the front to the crown
        wish = np.stack([np.full(len(d), -0.30), side, np.full(len(d), -0.5)], axis=1)
        wish[:, 0] -= 0.45 * np.clip(start[:, 0], 0, 1)
        wish += down * np.clip(0.75 - d[:, 2:], 0, 1) * 1.5
    combed: Array = wish
    return combed


def locks(s: Style, head: Head, *, flat: float, rng: np.random.Generator, few: bool = False) -> Locks | None:
    """The locks of a style at rest. few: about half as many, wider."""
    count = int(s.get("locks", 0)) // (2 if few else 1)
    made: list[Locks] = []
    if count:
        made.append(_grown(s, head, _roots(s, count, rng), flat, rng, 1.5 if few else 1.0))
    if "fringe" in s and flat > 0.5:
        n = int(s.get("fringe_locks", 46))
        turn = rng.uniform(-48.0, 48.0, n)
        fringe = {**s, "flow": "forward", "length": s["fringe"], "hang": False, "front": 0.004, "tip": 0.9}
        made.append(_grown(fringe, head, _toward(rng.uniform(18.0, 44.0, n), turn), flat, rng, 1.0))
    if "tail" in s:
        made.append(_tail(s, head, rng))
    return _joined(made) if made else None


def _grown(s: Style, head: Head, d: Array, flat: float, rng: np.random.Generator, wide: float) -> Locks:
    n, scale = len(d), head.scale
    start = d.copy()
    polar = np.degrees(np.arccos(np.clip(d[:, 2], -1, 1)))
    level = np.clip((polar - 25.0) / 55.0, 0.0, 1.0)
    long, short = s["length"] if isinstance(s["length"], list) else (s["length"], s["length"])
    length = (long + (short - long) * level) * rng.uniform(0.8, 1.12, n) * scale
    if flat < 1.0 and not s.get("hang"):
        length = np.minimum(length, 0.03 * scale)
    layer = rng.uniform(0.55, 1.0, n) ** 0.7
    mess = float(s.get("mess", 0.15))
    stray = rng.normal(0.0, mess, (n, 3))
    part = float(s.get("part", 0.0))
    side = np.where(d[:, 1] > part, 1.0, -1.0)
    curl, turns = float(s.get("curl", 0.0)), float(s.get("turns", 2.0))
    phase = rng.uniform(0.0, 2 * np.pi, n)
    p = head.centre + d * (head.scalp(d) + 0.0005)[:, None]
    path, across, out = [], [], []
    hang = bool(s.get("hang"))
    for k in range(_STEPS + 1):
        t = k / _STEPS
        d = _unit(p - head.centre)
        pol = np.degrees(np.arccos(np.clip(d[:, 2], -1, 1)))
        asd = np.abs(np.degrees(np.arctan2(d[:, 1], d[:, 0])))
        rise = 0.2 + 0.8 * np.clip(t / 0.3, 0.0, 1.0) if s["flow"] != "out" else t
        height = _height(s, pol, asd) * layer * flat * rise * scale
        tip = float(s.get("tip", 1.0))
        height = height * (1.0 - (1.0 - tip) * t)
        if s["flow"] == "out":
            height = length * t * layer * flat
        known = head.scalp(d)
        want = head.centre + d * (known + height)[:, None]
        free = np.clip((pol - 92.0) / 12.0, 0.0, 1.0)[:, None] if hang else np.zeros((n, 1))
        outside = np.linalg.norm(p - head.centre, axis=1) >= known + height
        p = np.where((free > 0) & outside[:, None], p, want + free * 0.0)
        if hang:
            p = np.where(pol[:, None] > 80, head.outside(p), p)
        wiggle = np.zeros((n, 3))
        if curl:
            bend = curl * scale * min(1.0, 3 * t)
            e1 = _unit(np.cross(d, [0.3, 0.2, 1.0]))
            e2 = np.cross(d, e1)
            angle = (phase + 2 * np.pi * turns * t)[:, None]
            wiggle = bend * (np.cos(angle) * e1 + np.sin(angle) * (e2 if s["flow"] == "out" else d))
        path.append(p + wiggle)
        out.append(d)
        wish = _flow(s, d, start, side) + stray * (0.4 + t)
        if hang:
            wish = wish * (1 - free) + np.array([0.0, 0.0, -1.0]) * free + stray * 0.15 * free
            inward = -d * (1, 1, 0) * float(s.get("inward", 0.12)) * free * t
            wish = wish + inward
        along = wish - d * (wish * d).sum(axis=1, keepdims=True) * (1 - free)
        across.append(_unit(np.cross(along, d)))
        p = p + _unit(along) * (length / _STEPS)[:, None]
    width = float(s.get("width", 0.012)) * scale * wide * rng.uniform(0.7, 1.25, n)
    kinds = np.array(s.get("kinds", [0, 2, 3]))
    return _ribbons(np.array(path), np.array(across), np.array(out), width, kinds[rng.integers(0, len(kinds), n)])


BEARDS: Mapping[str, tuple[str, float, int]] = {
    "full": ("full", 0.016, 620),
    "short": ("full", 0.009, 620),
    "goatee": ("goatee", 0.009, 180),
    "moustache": ("moustache", 0.008, 90),
}
"""Beards by name: where one grows (`beard_field`), metres of its length, how many locks."""


def beard(name: str, vertices: Array, rng: np.random.Generator) -> Locks:
    """The locks of a beard at rest. Raises InputError for an unknown name."""
    if name not in BEARDS:
        raise InputError.of(f"no beard is called {name!r}", hint=", ".join(BEARDS))
    where, length, count = BEARDS[name]
    faces, weight = _grows(where)
    corners = vertices[faces[rng.choice(len(faces), count, p=weight)]]
    share = rng.dirichlet([1.0, 1.0, 1.0], count)
    p = (corners * share[:, :, None]).sum(axis=1)
    normal = _unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
    wish = np.array([0.05, 0.0, -1.0]) + normal * 0.2 + rng.normal(0.0, 0.16, (count, 3))
    wish[:, 1] += 0.25 * np.sign(p[:, 1]) * (p[:, 2] > vertices[:13380, 2].max() - 0.185)
    along = _unit(wish)
    size = length * rng.uniform(0.6, 1.15, count)[:, None]
    path = [
        p - normal * 0.001 + along * size * t + normal * size * 0.22 * np.sin(2.6 * t) for t in np.linspace(0, 1, 4)
    ]
    across = np.broadcast_to(_unit(np.cross(along, normal)), (4, count, 3))
    out = np.broadcast_to(normal, (4, count, 3))
    width = rng.uniform(0.007, 0.013, count)
    return _ribbons(np.array(path), across.copy(), out.copy(), width, rng.integers(0, STRANDS - 1, count))


@lru_cache(maxsize=4)
def _grows(where: str) -> tuple[Index, Array]:
    """Faces of the body on which a beard grows, and the share of it on each."""
    base = body()
    quads = base.groups["body"].quads[visible_skin(base)]
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    x, y, z = base.template[faces].mean(axis=1).T
    faces = faces[beard_field(x, np.abs(y), z, where) > 0.003]
    a, b, c = (base.template[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return faces, area / area.sum()


def _tail(s: Style, head: Head, rng: np.random.Generator) -> Locks:
    """A bundle from the knot: a tail that hangs, or a bun wound about it."""
    goal = _unit(np.array(s["knot"], dtype=np.float64))
    scale = head.scale
    start = head.centre + goal * (float(head.scalp(goal[None])[0]) + 0.012 * scale)
    n = int(s.get("tail_locks", 70))
    radius, length = float(s["tail"]["radius"]) * scale, float(s["tail"]["length"]) * scale
    turn = rng.uniform(0.0, 2 * np.pi, n)
    e1 = _unit(np.cross(goal, [0.0, 1.0, 0.0]))
    e2 = np.cross(goal, e1)
    path, across, out = [], [], []
    if s["tail"].get("bun"):
        # Great circles about a ball behind the knot.
        middle = start + goal * radius * 0.6
        axis = _unit(rng.normal(size=(n, 3)) * 0.5 + goal)
        u = _unit(np.cross(axis, rng.normal(size=(n, 3))))
        v = np.cross(axis, u)
        layer = rng.uniform(0.82, 1.08, n)[:, None]
        for k in range(_STEPS + 1):
            angle = 3.6 * k / _STEPS
            w = u * np.cos(angle) + v * np.sin(angle)
            path.append(middle + w * radius * layer * (1.0, 1.12, 0.95))
            out.append(w)
            across.append(axis)
        width = rng.uniform(0.012, 0.02, n) * scale
        return _ribbons(np.array(path), np.array(across), np.array(out), width, rng.integers(0, 2, n))
    share = np.sqrt(rng.random(n))
    part = share[:, None] * (np.cos(turn)[:, None] * e1 + np.sin(turn)[:, None] * e2)
    lengths = length * rng.uniform(0.75, 1.1, n)
    p = np.tile(start, (n, 1))
    direction = np.tile(goal, (n, 1)) * (1, 1, 0.4)
    curl = float(s.get("curl", 0.0))
    phase = rng.uniform(0, 6.28, n)[:, None]
    for k in range(_STEPS + 1):
        t = k / _STEPS
        loose = radius * (0.35 + 1.2 * np.sin(np.pi * min(1.0, 0.1 + 0.75 * t)) ** 0.8) * (1.0 - 0.45 * t**3)
        q = p + part * loose + curl * t * np.sin(6 * t + phase) * e2
        q = head.outside(q) if k > 1 else q
        path.append(q)
        out.append(_unit(part + goal * 0.35))
        along = _unit(direction)
        across.append(_unit(np.cross(along, out[-1])))
        p = p + along * (lengths / _STEPS)[:, None]
        direction = along * 0.55 + np.array([0.0, 0.0, -1.0]) * 0.75
    width = rng.uniform(0.012, 0.02, n) * scale
    return _ribbons(np.array(path), np.array(across), np.array(out), width, rng.integers(0, STRANDS, n))


def _ribbons(path: Array, across: Array, out: Array, width: Array, kind: Index) -> Locks:
    """Ribbons along paths (S, N, 3), `width` (N,) wide along `across` (S, N, 3), arched towards `out` (S, N, 3)."""
    steps, n = path.shape[:2]
    along = np.gradient(path, axis=0)
    across = across - along * (across * along).sum(-1, keepdims=True) / np.maximum(
        (along * along).sum(-1, keepdims=True), 1e-12
    )
    across = _unit(across)
    facing = _unit(np.cross(across, along))
    flip = np.where((facing * out).sum(-1, keepdims=True) < 0, -1.0, 1.0)
    facing, across = facing * flip, across * flip
    t = np.linspace(0.0, 1.0, steps)[:, None, None]
    half = width[None, :, None] / 2 * (1.0 - 0.35 * t)
    points = np.stack([path - across * half, path + facing * half * 0.2, path + across * half], axis=2)
    round_ = np.stack(
        [_unit(facing + 3 * out - 0.7 * across), _unit(facing + 3 * out), _unit(facing + 3 * out + 0.7 * across)], 2
    )
    index = np.arange(steps * n * 3).reshape(steps, n, 3)
    u = (kind[None, :, None] + np.array([0.04, 0.5, 0.96])[None, None, :]) / STRANDS
    uv = np.stack(np.broadcast_arrays(u, 0.996 - 0.992 * t), axis=-1).reshape(-1, 2)
    a, b = index[:-1, :, :-1].reshape(-1), index[:-1, :, 1:].reshape(-1)
    c, d = index[1:, :, 1:].reshape(-1), index[1:, :, :-1].reshape(-1)
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    flat, shading = points.reshape(-1, 3), round_.reshape(-1, 3)
    corner = flat[faces]
    turned = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    back = (turned * shading[faces].sum(axis=1)).sum(axis=1) < 0
    faces[back] = faces[back][:, ::-1]
    return Locks(flat, faces, uv[faces], shading)


def _joined(made: list[Locks]) -> Locks:
    start = np.cumsum([0] + [len(m.points) for m in made])
    return Locks(
        np.concatenate([m.points for m in made]),
        np.concatenate([m.faces + k for m, k in zip(made, start, strict=False)]),
        np.concatenate([m.uvs for m in made]),
        np.concatenate([m.normals for m in made]),
    )
