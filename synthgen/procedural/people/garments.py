"""Pictures of garments: seams, pockets, buttons, ribs, prints and the shade of folds, over the unrolled clothes.

`people.garment` gives the colour (multiplied with the garment's own, or its own where a print has colours), and
`people.garment_height` the height of the cloth for shading. Both know of each texel which point of the template it
shows; both share their folds with the garment's mesh (folds.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from synthgen.errors import InputError
from synthgen.procedural.noise import fractal_noise
from synthgen.procedural.people.data import body
from synthgen.procedural.people.folds import SEEDS, creases, skirt_folds, tubes
from synthgen.procedural.people.regions import axis_points, regions
from synthgen.procedural.people.rig import SIDES, rig_of
from synthgen.procedural.registry import image_generator
from synthgen.procedural.shapes import Array

KINDS = (
    "tshirt", "long_sleeve", "sweater", "shirt", "jacket", "puffer", "blazer", "trousers", "jeans", "work_trousers",
    "leggings", "vest", "skirt", "coat",
)  # fmt: skip
BASE = 0.8
"""Linear value of a picture where the cloth has its own colour."""
_WIDTH, _HEIGHT = 768, 896
_MARGIN = 0.004
Field = NDArray[Any]
"""(896, 768) numbers or truth values of texels."""


def mesh_of(kind: str) -> str:
    """The helper mesh that a garment is cut from."""
    return "helper-skirt" if kind in ("skirt", "coat") else "helper-tights"


@lru_cache(maxsize=2)
def _frame(mesh: str) -> tuple[Array, Array]:
    """Lowest corner and size of a helper mesh's texture, without feet."""
    base = body()
    group = base.groups[mesh]
    kept = group.uvs
    if mesh == "helper-tights":
        kept = kept[regions(base)["leg"][group.quads].max(axis=1) < 1.02]
    corners = base.uvs[kept].reshape(-1, 2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return low - _MARGIN * (high - low), (high - low) * (1 + 2 * _MARGIN)


def garment_uvs(mesh: str, uvs: Array) -> Array:
    """Texture coordinates of the pictures by those of the base mesh, (..., 2)."""
    low, size = _frame(mesh)
    return (uvs - low) / size


@dataclass(frozen=True, slots=True, eq=False)
class _Texels:
    """What each texel shows of the template: place, where on limbs and trunk, and where round the leg or arm."""

    x: Field
    y: Field
    z: Field
    leg: Field
    arm: Field
    trunk: Field
    neck: Field
    ahead: Field
    aside: Field


@lru_cache(maxsize=2)
def _texels(mesh: str) -> _Texels:
    base = body()
    group = base.groups[mesh]
    uv = garment_uvs(mesh, base.uvs[group.uvs])
    pixel = np.stack([uv[..., 0] * _WIDTH, (1 - uv[..., 1]) * _HEIGHT], axis=-1)
    index = np.full((_HEIGHT, _WIDTH), -1, dtype=np.int32)
    for k, quad in enumerate(pixel):
        cv2.fillConvexPoly(index, np.rint(quad * 16).astype(np.int32), (k,), lineType=cv2.LINE_8, shift=4)
    rows, columns = distance_transform_edt(index < 0, return_distances=False, return_indices=True)
    index = index[rows, columns]
    at = np.stack([columns + 0.5, rows + 0.5], axis=-1).astype(np.float64)
    q = pixel[index]
    r = regions(base)
    arms = r["arm"] > 0
    rig = rig_of(base, base.template)
    axis = base.template.copy()
    for side, sign in SIDES.items():
        own = (base.template[:, 1] * sign >= 0) & ~arms
        axis[own] = axis_points(rig, np.clip(r["leg"][own], 0, 1), side, "leg")
        own = (base.template[:, 1] * sign >= 0) & arms
        axis[own] = axis_points(rig, r["arm"][own], side, "arm")
    away = base.template - axis
    fields = np.column_stack(
        [
            base.template,
            r["leg"],
            r["arm"],
            r["trunk"],
            r["neck"],
            away[:, 0],
            away[:, 1] * np.sign(base.template[:, 1]),
        ]
    )
    # Bilinear weights by areas of the two triangles of a quadrilateral.
    out = np.zeros((_HEIGHT, _WIDTH, fields.shape[1]), dtype=np.float32)
    done = np.zeros((_HEIGHT, _WIDTH), dtype=bool)
    for tri in ((0, 1, 2), (0, 2, 3)):
        a, b, c = (q[:, :, t] for t in tri)
        area = _cross(b - a, c - a)
        w0, w1 = _cross(b - at, c - at) / area, _cross(c - at, a - at) / area
        w = np.stack([w0, w1, 1 - w0 - w1], axis=-1)
        inside = (w.min(axis=-1) > -0.02) & ~done if tri[1] == 1 else ~done
        w = np.clip(w, 0, 1)
        w /= w.sum(axis=-1, keepdims=True)
        corner = fields[group.quads[index[inside]][:, list(tri)]]
        out[inside] = (corner * w[inside][..., None]).sum(axis=1)
        done |= inside
    return _Texels(*(np.ascontiguousarray(out[..., k]) for k in range(9)))


def _cross(a: Array, b: Array) -> Array:
    found: Array = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return found


@lru_cache(maxsize=2 * SEEDS)
def _folds(mesh: str, seed: int) -> Field:
    """Height of folds, about -1..1."""
    t = _texels(mesh)
    # At half the size: folds are centimetres wide.
    small = np.column_stack([f[::2, ::2].reshape(-1).astype(np.float64) for f in (t.x, t.y, t.z)])
    found = skirt_folds(small, seed) if mesh == "helper-skirt" else creases(seed).at(small)
    height = found.reshape(_HEIGHT // 2, _WIDTH // 2).astype(np.float32)
    return cv2.resize(height, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_LINEAR)


class _Cloth:
    """Paints one garment: `tone` a logarithm that darkens or lightens, `height` in -1..1 besides the folds."""

    def __init__(self, kind: str, seed: int) -> None:
        if kind not in KINDS:
            raise InputError.of(f"no picture of a garment is called {kind!r}", hint=", ".join(KINDS))
        self.t = _texels(mesh_of(kind))
        self.tone = np.zeros(self.t.x.shape, dtype=np.float32)
        self.height = np.zeros(self.t.x.shape, dtype=np.float32)
        self.front = (self.t.x > 0.02) & (self.t.arm < 0)
        self.back = (self.t.x < 0.0) & (self.t.arm < 0)
        self.rng = np.random.default_rng([seed, KINDS.index(kind)])

    def groove(self, distance: Field, where: Field, wide: float = 0.003, dark: float = 0.45, deep: float = 0.5) -> None:
        """A seam: a dark line where `distance` (metres, of either sign) is about 0."""
        line = np.exp(-((distance / wide) ** 2)) * where
        self.tone -= dark * line
        self.height -= deep * line

    def box(self, y0: float, y1: float, z0: float, z1: float, where: Field, *, flap: float = 0.0) -> None:
        """A patch pocket: raised, its edge stitched; flap: metres of it that hang over, as on work clothes."""
        y, z = np.abs(self.t.y), self.t.z
        inside = np.minimum(np.minimum(y - y0, y1 - y), np.minimum(z - z0, z1 - z))
        self.groove(inside, where, 0.0022, 0.5, 0.3)
        self.height += 0.3 * np.clip(inside / 0.004, 0, 1) * where
        if flap:
            self.groove(z - (z1 - flap), where & (inside > 0), 0.003, 0.6, 0.5)

    def buttons(self, step: float, low: float, high: float, radius: float, shade: float) -> None:
        t = self.t
        off = (t.z - low) / step
        near = np.hypot(t.y, (off - np.rint(off)) * step)
        on = np.clip((radius - near) / 0.0012, 0, 1) * self.front * (t.z > low) * (t.z < high)
        self.tone += shade * on
        self.height += 0.5 * on


def _painted(kind: str, seed: int) -> _Cloth:
    c = _Cloth(kind, seed)
    t = c.t
    y, hip = np.abs(t.y), 0.0
    rig = rig_of(body(), body().template)
    hip, neck = float(rig.at("upperleg01.L")[2]), float(rig.at("neck01")[2])
    on_trunk = t.arm < 0
    if kind in ("jeans", "trousers", "work_trousers", "leggings"):
        legs = (t.leg > 0.02) & on_trunk
        if kind != "leggings":
            c.groove(t.ahead, legs & (t.aside > 0), 0.0035, 0.4, 0.6)
            c.groove(t.ahead, legs & (t.aside < 0) & (t.leg > 0.15), 0.0035, 0.35, 0.5)
            c.groove(t.y, c.front & (t.trunk > -0.12), 0.003, 0.5, 0.5)
            j = np.hypot((y - 0.032), np.maximum(hip + 0.0 - t.z, 0.0))
            c.groove(j, c.front & (t.y > 0) & (t.trunk > -0.1), 0.002, 0.3, 0.3)
            c.groove(
                np.hypot((y - 0.155) / 1.0, (t.z - hip - 0.1) * 0.75) - 0.085,
                c.front & (t.trunk > -0.02),
                0.003,
                0.5,
                0.5,
            )
        if kind in ("jeans", "work_trousers"):
            c.box(0.03, 0.135, hip - 0.075, hip + 0.055, c.back)
        if kind == "jeans":
            fade = np.exp(-(((t.leg - 0.25) / 0.22) ** 2) - ((t.aside / 0.05) ** 2)) * (t.ahead > 0)
            fade = fade + 0.6 * np.exp(-(((t.leg - 0.5) / 0.07) ** 2) - (t.aside / 0.05) ** 2) * (t.ahead > 0)
            c.tone += 0.42 * fade * legs
        if kind == "trousers":
            c.height += 0.7 * np.exp(-((t.aside / 0.004) ** 2)) * legs * (t.leg > 0.12)
            c.tone += 0.06 * np.exp(-((t.aside / 0.006) ** 2)) * legs
        if kind == "work_trousers":
            s = (t.leg - 0.42) * 0.8
            pocket = np.minimum(0.075 - np.abs(t.ahead - 0.005), 0.095 - np.abs(s))
            c.groove(pocket, legs & (t.aside > 0.01), 0.003, 0.55, 0.3)
            c.height += 0.35 * np.clip(pocket / 0.004, 0, 1) * legs * (t.aside > 0.01)
            c.groove(s + 0.05, legs & (t.aside > 0.01) & (pocket > 0), 0.003, 0.6, 0.4)
            knee = np.minimum(0.08 - np.abs(t.aside), 0.1 - np.abs((t.leg - 0.53) * 0.8))
            c.groove(knee, legs & (t.ahead > 0), 0.003, 0.5, 0.3)
            c.tone -= 0.35 * np.clip(knee / 0.003, 0, 1) * legs * (t.ahead > 0)
    if kind in ("tshirt", "long_sleeve", "sweater", "shirt", "jacket", "puffer", "blazer", "vest"):
        c.groove(t.arm - 0.04, t.arm > 0, 0.012, 0.25, 0.35)  # where the sleeve is set in
        c.groove(t.x - 0.012, on_trunk & (y > 0.1), 0.003, 0.25, 0.4)
    if kind == "shirt":
        c.groove(y - 0.017, c.front, 0.0018, 0.32, 0.35)
        c.height += 0.25 * (y < 0.017) * c.front
        c.buttons(0.082, hip - 0.06, neck + 0.02, 0.0055, -0.5)
        if c.rng.random() < 0.7:
            c.box(0.055, 0.15, neck - 0.22, neck - 0.11, c.front & (t.y > 0))
        c.groove(t.z - (neck - 0.06), c.back, 0.003, 0.3, 0.3)
        c.groove(t.arm - 0.93, t.arm > 0, 0.006, 0.4, 0.5)
    if kind in ("jacket", "puffer", "vest"):
        zip_ = np.clip((0.0065 - y) / 0.001, 0, 1) * c.front
        teeth = 0.5 + 0.5 * np.cos(t.z * 2 * np.pi / 0.006)
        c.tone -= zip_ * (0.9 if kind != "vest" else 0.25)
        c.height += zip_ * 0.3 * teeth
        if kind != "vest":
            slit = np.hypot(np.maximum(np.abs(t.z - hip - 0.1) - 0.075, 0), y - 0.115 - (t.z - hip - 0.1) * 0.35)
            c.groove(slit, c.front, 0.0045, 0.9, 0.8)
            c.groove(t.arm - 0.95, t.arm > 0, 0.008, 0.4, 0.6)
        if kind == "jacket":
            c.groove(t.z - (neck - 0.1), c.front, 0.003, 0.4, 0.5)
    if kind == "puffer":
        bulge = tubes(t.z, t.arm)
        c.height += 2.2 * (bulge**0.6 - 0.7)
        c.tone -= 0.5 * np.exp(-((bulge / 0.16) ** 2))
    if kind == "blazer":
        lapel = y - 0.03 - 0.38 * np.clip(t.z - (hip + 0.12), 0, 1)
        c.groove(lapel, c.front & (t.z > hip + 0.12), 0.004, 0.7, 0.9)
        c.groove(t.z - hip - 0.02, c.front & (y > 0.06) & (y < 0.16), 0.004, 0.7, 0.6)
    if kind == "sweater":
        rib = np.where(t.arm > 0, np.clip((t.arm - 0.88) / 0.02, 0, 1), np.clip((hip - 0.0 - t.z) / 0.01, 0, 1))
        across = np.where(t.arm > 0, np.arctan2(t.aside, t.ahead) * 0.04, t.y + 0.0 * t.z)
        c.height += 0.55 * rib * np.cos(across * 2 * np.pi / 0.006)
        rows = np.where(t.arm > 0, t.arm * 0.56, t.z)
        c.height += 0.25 * (1 - rib) * np.cos(rows * 2 * np.pi / 0.007)
    return c


def _shapes(c: _Cloth, graphic: str) -> tuple[Field, Field | None]:
    """Where a print or pattern lies, 0..1, and how it alternates with a second colour."""
    t = c.t
    neck = float(rig_of(body(), body().template).at("neck01")[2])
    chest = c.front & (t.arm < 0)
    y, z = t.y, t.z - (neck - 0.17)
    second: Field | None = None
    if graphic == "stripes":
        along = np.where(t.arm > 0, t.arm * 0.56, t.z)
        on = (np.abs((along / 0.045) % 1 - 0.5) < 0.17) * 1.0
    elif graphic == "checks":
        along = np.where(t.arm > 0, t.arm * 0.56, t.z)
        across = np.where(t.arm > 0, np.arctan2(t.aside, t.ahead) * 0.05, t.y)
        on = 0.5 * (np.abs((along / 0.07) % 1 - 0.5) < 0.24) + 0.5 * (np.abs((across / 0.07) % 1 - 0.5) < 0.24)
    elif graphic == "pinstripes":
        across = np.where(t.arm > 0, np.arctan2(t.aside, t.ahead) * 0.05, t.y)
        on = (np.abs((across / 0.016) % 1 - 0.5) < 0.12) * 1.0
    elif graphic == "block":
        on = (t.z > neck - 0.17) * 1.0
    elif graphic == "disc":
        r = np.hypot(y, z)
        on = ((r < 0.085) * 1.0) * chest
        second = (np.abs(z - 0.02 * np.sin(y * 60)) < 0.03) * 1.0
    elif graphic == "word":
        on = np.zeros_like(t.x)
        x0 = -0.12
        for _ in range(int(c.rng.integers(4, 8))):
            wide = c.rng.uniform(0.02, 0.034)
            stem = (y - x0 > 0) & (y - x0 < wide - 0.006) & (np.abs(z) < 0.025)
            hole = (np.abs(y - x0 - wide / 2 + 0.003) < wide / 2 - 0.009) & (
                np.abs(z - c.rng.choice([-0.008, 0.008])) < 0.009
            )
            if c.rng.random() < 0.6:
                stem &= ~hole
            on = np.maximum(on, stem)
            x0 += wide
        on = on * chest
    elif graphic == "mountain":
        r = np.maximum(np.abs(y) / 0.1, np.abs(z) / 0.075)
        ridge = 0.03 - np.abs(y - 0.03) * 0.9
        ridge = np.maximum(ridge, 0.012 - np.abs(y + 0.045) * 0.8)
        on = ((r < 1) * 1.0) * chest
        second = (z < ridge) * 1.0
    elif graphic == "badge":
        on = ((np.hypot(y - 0.085, z - 0.035) < 0.022) * 1.0) * chest
    else:
        raise InputError.of(f"no print is called {graphic!r}")
    return on, second


@image_generator("people.garment")
def garment_picture(
    kind: str = "tshirt",
    seed: int = 0,
    graphic: str = "",
    color: Sequence[float] = (),
    ink: Sequence[float] = (0.6, 0.6, 0.6),
    second: Sequence[float] = (0.1, 0.1, 0.12),
) -> NDArray[np.uint8]:
    """(896, 768, 3) sRGB: a garment unrolled, to be multiplied with its colour.

    With a `graphic` it has colours of its own: `color` of the cloth, `ink` and `second` of the print, linear.
    """
    c = _painted(kind, seed)
    folds = _folds(mesh_of(kind), seed % SEEDS)
    noise = fractal_noise(np.random.default_rng(seed), (_HEIGHT, _WIDTH), (40, 40), 4)
    tone = c.tone + 0.26 * np.minimum(folds, 0.0) + 0.1 * folds + 0.14 * (noise - 0.5)
    linear = np.exp(np.minimum(tone, np.log(1.0 / BASE)))[..., None] * np.ones(3, dtype=np.float32)
    if graphic:
        on, other = _shapes(c, graphic)
        inks = np.broadcast_to(np.array(ink, dtype=np.float32), linear.shape)
        if other is not None:
            inks = np.where(other[..., None] > 0, np.array(second, dtype=np.float32), inks)
        worn = np.clip(on, 0, 1)[..., None] * np.clip(1.25 - 0.6 * noise, 0, 1)[..., None]
        linear = linear * (np.array(color, dtype=np.float32) * (1 - worn) + inks * worn)
    else:
        linear = linear * BASE
    code = 1.055 * np.maximum(linear, 0.0032) ** (1 / 2.4) - 0.055
    found: NDArray[np.uint8] = np.rint(np.clip(code, 0, 1) * 255).astype(np.uint8)
    return found


@image_generator("people.garment_height", version=2)
def garment_height(kind: str = "tshirt", seed: int = 0) -> NDArray[np.uint8]:
    """(896, 768, 3) grey: the height of a garment's cloth, 128 where it lies even."""
    c = _painted(kind, seed)
    t = _folds(mesh_of(kind), seed % SEEDS) * 0.6 + 0.16 * c.height
    noise = fractal_noise(np.random.default_rng([seed, 1]), (_HEIGHT, _WIDTH), (26, 26), 3) - 0.5
    grey = np.rint(np.clip(0.5 + 0.4 * t + 0.22 * noise, 0, 1) * 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
