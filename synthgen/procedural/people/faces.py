"""Pictures of faces (slot face): skin unrolled about the head's axis, painted over the template.

A texel knows which point of the template it shows, so what is painted at a place of it moves with it on every body.
Pictures multiply a skin tone: `BASE` stands for the tone itself. What does not depend on the person is found once:
a picture is a weighted sum of masks, as logarithms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from synthgen.procedural.noise import fractal_noise
from synthgen.procedural.people.data import body
from synthgen.procedural.people.scalp import CENTRE, hairline, visible_skin
from synthgen.procedural.registry import image_generator
from synthgen.procedural.shapes import Array

BASE = 0.72
"""Linear value of a picture of a face where the skin has its own tone."""
AXIS = 0.045
"""x of the upright axis that faces are unrolled about, and the heights that a picture shows, on the template."""
LOW, HIGH = 0.48, 0.88
_SIZE = (448, 1024)
_NOISES = 4
"""How many patterns of unevenness there are."""
Field = NDArray[np.float32]


def face_uvs(corners: Array) -> Array:
    """(F, 3, 2) texture coordinates of faces of the head by their corners (F, 3, 3) on the template."""
    turn = np.arctan2(corners[..., 1], corners[..., 0] - AXIS) / (2 * np.pi) + 0.5
    turn = turn + ((np.ptp(turn, axis=1) > 0.5)[:, None] & (turn < 0.5))
    return np.stack([turn, (corners[..., 2] - LOW) / (HIGH - LOW)], axis=-1)


@lru_cache(maxsize=1)
def _seen() -> tuple[Field, Field, Field, Field, Field]:
    """Of each texel: x, |y| and z on the template, and how many degrees it lies inside and beside the hairline."""
    base = body()
    v = base.template[np.unique(base.groups["body"].quads[visible_skin(base)])]
    v = v[(v[:, 2] > LOW - 0.03) & (np.hypot(v[:, 0] - AXIS, v[:, 1]) < 0.16)]
    turn = np.arctan2(v[:, 1], v[:, 0] - AXIS)
    far = np.hypot(v[:, 0] - AXIS, v[:, 1])
    at = np.concatenate([np.column_stack([turn + k * 2 * np.pi, v[:, 2] * 11]) for k in (-1, 0, 1)])

    def grid(rows: int, columns: int) -> list[Array]:
        u = ((np.arange(columns) + 0.5) / columns - 0.5) * 2 * np.pi
        return np.meshgrid(u, HIGH - (np.arange(rows) + 0.5) / rows * (HIGH - LOW))

    # The radius is found at a quarter of the size: it is smooth enough.
    u, z = grid(_SIZE[0] // 4, _SIZE[1] // 4)
    away, near = cKDTree(at).query(np.column_stack([u.reshape(-1), z.reshape(-1) * 11]), k=6)
    share = 1.0 / (away**2 + 1e-6)
    radius = ((share * np.tile(far, 3)[near]).sum(axis=1) / share.sum(axis=1)).reshape(u.shape)
    radius = np.kron(radius, np.ones((4, 4)))
    u, z = grid(*_SIZE)
    x, y = AXIS + radius * np.cos(u), radius * np.sin(u)
    toward = np.stack([x, y, z], axis=-1) - CENTRE
    toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
    aside = np.abs(np.degrees(np.arctan2(toward[..., 1], toward[..., 0])))
    inside = hairline(aside) - np.degrees(np.arccos(toward[..., 2]))
    found = [f.astype(np.float32) for f in (x, np.abs(y), z, inside, aside)]
    return found[0], found[1], found[2], found[3], found[4]


@lru_cache(maxsize=_NOISES)
def _uneven(seed: int) -> tuple[Field, Field, Field, Field]:
    """Noise in 0..1: broad, middle, per texel, and strokes of hair."""
    rng = np.random.default_rng(seed)
    broad, middle = (fractal_noise(rng, _SIZE, (cell, cell), 3) for cell in (96, 24))
    return broad, middle, rng.random(_SIZE, dtype=np.float32), fractal_noise(rng, _SIZE, (9, 3), 2)


@lru_cache(maxsize=1)
def _masks() -> Mapping[str, Field]:
    """Where on a face what lies, 0..1."""
    x, y, z, _, _ = _seen()
    front = np.clip((x - 0.06) / 0.03, 0.0, 1.0)

    def spot(at_y: float, at_z: float, wide: float, high: float) -> Field:
        found: Field = front * np.exp(-(((y - at_y) / wide) ** 2) - ((z - at_z) / high) ** 2)
        return found

    def line(points: Sequence[tuple[float, float]], wide: float) -> Field:
        """A crease along points (y, z)."""
        near = np.full(_SIZE, 1.0, dtype=np.float32)
        for (y0, z0), (y1, z1) in pairwise(points):
            d = np.array([y1 - y0, z1 - z0], dtype=np.float32)
            t = np.clip(((y - y0) * d[0] + (z - z0) * d[1]) / float(d @ d), 0.0, 1.0)
            near = np.minimum(near, np.hypot(y - y0 - t * d[0], z - z0 - t * d[1]))
        found: Field = front * np.exp(-((near / wide) ** 2))
        return found

    lid = np.clip(1.0 - ((y - 0.034) / 0.0175) ** 2, 0.0, 1.0)
    on_lid = np.clip((0.0195 - np.abs(y - 0.034)) / 0.003, 0.0, 1.0) * front
    across = np.clip(1.0 - (y / 0.0275) ** 2, 0.0, 1.0)
    rise = z - 0.6615
    bow = 0.0085 * across * (1.0 - 0.18 * np.exp(-((y / 0.004) ** 2)))
    edge = np.minimum(bow - rise, rise + 0.0112 * across)
    lips = np.clip(edge / 0.0016, 0.0, 1.0) * front * (x > 0.11)
    share = np.clip((y - 0.012) / 0.042, 0.0, 1.0)
    height = 0.7422 + 0.0058 * np.sin(np.pi * share**1.15 * 0.85)
    strip = np.clip((0.0052 * (1.0 - 0.62 * share) - np.abs(z - height)) / 0.0024, 0.0, 1.0)
    ends = np.clip((y - 0.011) / 0.006, 0, 1) * np.clip((0.056 - y) / 0.008, 0, 1)
    crows = sum(line(((0.054, 0.728 - 0.004 * k), (0.066, 0.735 - 0.011 * k)), 0.0011) for k in range(3))
    forehead = sum(
        np.exp(-(((z - level - 0.003 * np.sin(y * 70 + k)) / 0.0012) ** 2))
        for k, level in enumerate((0.773, 0.785, 0.797))
    )
    red = spot(0.05, 0.688, 0.024, 0.02) + 0.9 * spot(0.0, 0.694, 0.016, 0.014) + 0.4 * spot(0.0, 0.625, 0.018, 0.012)
    masks = {
        "red": red + 0.8 * np.clip((y - 0.079) / 0.006, 0, 1),
        "forehead": spot(0.0, 0.79, 0.07, 0.03),
        "socket": spot(0.031, 0.726, 0.02, 0.012),
        "bag": spot(0.028, 0.714, 0.014, 0.006),
        "shade": spot(0.014, 0.735, 0.008, 0.014) + 0.7 * spot(0.0, 0.6795, 0.014, 0.004),
        "upper_lid": np.exp(-(((z - 0.7255 - 0.0072 * lid) / 0.0016) ** 2)) * on_lid,
        "lower_lid": np.exp(-(((z - 0.7255 + 0.0045 * lid) / 0.0012) ** 2)) * on_lid,
        "fold": np.exp(-(((z - 0.7325 - 0.006 * lid) / 0.0013) ** 2)) * on_lid,
        "nostril": spot(0.0085, 0.6895, 0.0042, 0.0032),
        "wing": spot(0.019, 0.692, 0.003, 0.008),
        "cheek_line": line(((0.019, 0.692), (0.026, 0.677), (0.031, 0.657)), 0.0028),
        "mouth_line": line(((0.03, 0.656), (0.031, 0.64)), 0.0025),
        "creases": crows
        + line(((0.005, 0.742), (0.006, 0.754)), 0.0012)
        + forehead * np.clip((0.05 - y) / 0.02, 0, 1) * front * 0.7,
        "lips": lips,
        "upper_lip": lips * (rise > 0),
        "between": np.exp(-((rise / 0.0011) ** 2)) * np.clip((0.028 - y) / 0.004, 0, 1) * front,
        "brows": strip * ends * front,
        "front": front,
    }
    return {name: np.clip(mask, 0.0, 1.0).astype(np.float32) for name, mask in masks.items()}


def beard_field(x: NDArray[Any], y: NDArray[Any], z: NDArray[Any], style: str = "full") -> NDArray[Any]:
    """Positive, about metres, where a beard grows, at places of the template; y without sign.

    style: full, goatee (around the mouth), moustache.
    """
    lip = np.maximum(np.abs(z - 0.6605) - 0.0085 * np.clip(1.0 - (y / 0.029) ** 2, 0.0, 1.0), -0.01)
    moustache = np.minimum(np.minimum(0.684 - z, z - 0.664), 0.032 - y + (0.684 - z) * 0.4)
    chin = np.minimum(np.minimum(0.668 - z, z - 0.607), 0.03 - y - np.maximum(0.63 - z, 0.0) * 0.4)
    cheek = 0.648 + np.clip((y - 0.03) / 0.045, 0.0, 1.0) ** 1.6 * 0.055
    jaw = np.minimum(cheek - z, z - 0.592)
    jaw = np.minimum(jaw, x - 0.05)
    grown = moustache
    if style != "moustache":
        grown = np.maximum(grown, chin)
    if style == "full":
        grown = np.maximum(grown, jaw)
    front = np.minimum(x - 0.04, grown)
    return np.where((y < 0.029) & (x > 0.12), np.minimum(front, lip), front)


@image_generator("people.face")
def face_picture(
    seed: int = 0,
    brow: float = 0.3,
    hair: float = 0.3,
    scalp: float = 0.8,
    recede: float = 0.0,
    stubble: float = 0.0,
    beard: str = "full",
    flush: float = 0.5,
    age: float = 0.2,
    makeup: float = 0.0,
    freckles: float = 0.0,
) -> NDArray[np.uint8]:
    """(448, 1024, 3) sRGB: a head's skin unrolled about its axis, to be multiplied with its tone.

    brow, hair: tone of brows and of hair as shares of the skin's. scalp, stubble: 0..1 how dense hair's roots show
    there; recede: degrees by which the hairline lies back. flush: redness of cheeks, nose, ears; age: 0..1 creases.
    """
    x, y, z, inside, aside = _seen()
    broad, middle, fine, strokes = _uneven(seed % _NOISES)
    masks = _masks()
    lip = np.array([0.86, 0.62, 0.64]) * (1.0 - makeup) + np.array([0.78, 0.34, 0.38]) * makeup
    painted: list[tuple[str, float, Sequence[float]]] = [
        ("red", 0.3 + 0.7 * flush, (1.03, 0.79, 0.77)),
        ("forehead", 0.35, (1.04, 1.04, 1.0)),
        ("socket", 0.75 + 0.25 * age, (0.84, 0.74, 0.74)),
        ("bag", 0.6, (0.84, 0.76, 0.78)),
        ("shade", 0.5, (0.8, 0.7, 0.68)),
        ("upper_lid", 0.8 + 0.2 * makeup, (0.2, 0.17, 0.17)),
        ("lower_lid", 0.5 + 0.4 * makeup, (0.42, 0.36, 0.35)),
        ("fold", 0.4, (0.6, 0.5, 0.48)),
        ("nostril", 1.0, (0.3, 0.2, 0.19)),
        ("wing", 0.5, (0.72, 0.6, 0.58)),
        ("cheek_line", 0.14 + 0.5 * age, (0.66, 0.56, 0.54)),
        ("mouth_line", 0.1 + 0.4 * age, (0.66, 0.56, 0.54)),
        ("creases", 0.6 * age, (0.62, 0.54, 0.52)),
        ("lips", 1.0, lip.tolist()),
        ("upper_lip", 0.35, (0.82, 0.78, 0.78)),
        ("between", 1.0, (0.34, 0.24, 0.24)),
    ]
    stack = np.stack([masks[name].reshape(-1) for name, _, _ in painted])
    colors = np.array([np.log(color) * weight for _, weight, color in painted], dtype=np.float32)
    tone = (colors.T @ stack).reshape(3, *_SIZE)
    tone += np.log(0.9 + 0.1 * broad + 0.1 * middle)
    tone += np.array([0.01, -0.025, -0.03], dtype=np.float32)[:, None, None] * middle
    brows = np.minimum(1.6 * masks["brows"] * np.clip(0.55 + 1.1 * (strokes - 0.42), 0.0, 1.0), 0.95)
    tone += brows * np.log(max(brow, 0.05))
    if freckles > 0:
        dots = fractal_noise(np.random.default_rng(seed), _SIZE, (5, 5), 2) + 0.15 * middle > 0.76
        tone += dots * freckles * (0.3 + masks["red"]) * masks["front"] * np.log(0.6)
    if stubble > 0:
        grown = np.clip(beard_field(x, y, z, beard) / 0.012 + 0.35 * (middle - 0.5), 0.0, 1.0)
        tone += grown * stubble * np.clip(0.65 + 0.9 * (fine - 0.5), 0.0, 1.0) * np.log(max(hair, 0.25))
    if scalp > 0:
        back = np.clip(1.0 - aside / 80.0, 0.0, 1.0) * recede
        grown = np.clip((inside - back + 14.0 * (middle - 0.5)) / 9.0 + 0.3, 0.0, 1.0)
        tone += grown * scalp * np.clip(0.75 + 0.5 * (fine - 0.5), 0.0, 1.0) * np.log(max(hair, 0.05))
    fade = np.clip((z - 0.545) / 0.03, 0.0, 1.0)
    code = 1.055 * np.exp((np.log(BASE) + tone * fade) / 2.4) - 0.055
    found: NDArray[np.uint8] = np.rint(np.clip(np.moveaxis(code, 0, -1), 0.0, 1.0) * 255).astype(np.uint8)
    return found
