"""What lies in the ground: manhole covers, gullies, tree pits. Origin at the middle, on the ground's level."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import circle

LIFT = 0.001
"""Height of frames above the ground they lie in, metres: flush to the eye and the tyre, apart for the ray caster."""


@mesh_generator("street.manhole", version=3)
def manhole(radius: float = 0.31, style: str = "round", seed: int = 0) -> Mesh:
    """An iron cover in the road: round (with a concrete collar), plain (without) or gully (a square grate).

    `radius` is that of the iron frame, or half a gully's side; the collar adds 0.1 m. Slots: iron, collar, dark.
    Raises InputError for another style.
    """
    if style not in ("round", "plain", "gully"):
        raise InputError.of(f"no cover is {style!r}", hint="round, plain or gully")
    b = MeshBuilder("iron", "collar", "dark")
    rng = np.random.default_rng(seed)
    if style == "gully":
        _gully(b, radius)
        return b.mesh()
    if style == "round":
        b.lathe([(radius + 0.1, 0.0), (radius + 0.1, LIFT), (radius, LIFT + 0.0002)], "collar", sides=32)
    top = LIFT + 0.0012
    rim = 0.035
    b.lathe(
        [
            (radius, 0.0),
            (radius - 0.003, top),
            (radius - rim, top),
            (radius - rim, top - 0.0015),
            (radius - rim - 0.008, top - 0.0015),
        ],
        "iron",
        sides=32,
    )
    b.lathe(
        [(radius - rim - 0.008, top - 0.0015), (radius - rim - 0.01, top - 0.0006), (0.0, top - 0.0006)],
        "iron",
        sides=32,
    )
    _studs(b, radius - rim - 0.03, top - 0.0006, int(rng.integers(3)))
    for angle in (0.0, np.pi):
        x, y = 0.72 * (radius - rim) * np.cos(angle), 0.72 * (radius - rim) * np.sin(angle)
        with b.at((x, y, 0.0)):
            b.plate([circle(0.018, 10)], top + 0.0007, "dark")
    return b.mesh()


def _studs(b: MeshBuilder, radius: float, z: float, pattern: int) -> None:
    """Raised squares, bars or rings, 1 mm high, against slipping."""
    high = z + 0.0008
    if pattern == 0:
        step, half = 0.045, 0.012
        count = int(radius / step)
        k = np.arange(-count, count + 1) * step
        x, y = (a.ravel() for a in np.meshgrid(k, k))
        kept = np.hypot(x, y) < radius - 0.02
        x, y = x[kept], y[kept]
        b.boxes(x - half, x + half, y - half, y + half, z, high, "iron", skip="-z")
    elif pattern == 1:
        step = 0.04
        k = np.arange(-int(radius / step), int(radius / step) + 1) * step
        reach = np.sqrt(np.maximum(radius**2 - k**2, 0.0)) - 0.02
        k, reach = k[reach > 0.02], reach[reach > 0.02]
        b.boxes(-reach, reach, k - 0.01, k + 0.01, z, high, "iron", skip="-z")
    else:
        for r in np.arange(0.05, radius, 0.05):
            b.lathe([(r + 0.012, z), (r + 0.011, high), (r - 0.011, high), (r - 0.012, z)], "iron", sides=28)


def _gully(b: MeshBuilder, half: float) -> None:
    rim = 0.035
    top = LIFT + 0.0018
    b.boxes([-half, half - rim], [-half + rim, half], -half, half, 0.0, top, "iron", skip="-z")
    b.boxes(-half + rim, half - rim, [-half, half - rim], [-half + rim, half], 0.0, top, "iron", skip="-z -x +x")
    inner = half - rim
    b.quads(
        [[(-inner, -inner, 0.0005), (inner, -inner, 0.0005), (inner, inner, 0.0005), (-inner, inner, 0.0005)]], "dark"
    )
    count = 7
    x = np.linspace(-inner, inner, count + 2)[1:-1]
    b.boxes(x - 0.013, x + 0.013, -inner, inner, 0.0006, top - 0.0003, "iron", skip="-z -y +y")
    b.boxes(-inner, inner, -0.012, 0.012, 0.0006, top - 0.001, "iron", skip="-z -x +x")


@mesh_generator("street.tree_pit")
def tree_pit(size: float = 1.1, style: str = "grate", depth: float = 0.05, seed: int = 0) -> Mesh:
    """A square opening for a street tree: style grate (iron, round the trunk), soil (with a curb) or cobble.

    Stands in a hole of `size` metres in the sidewalk, whose level is z = 0; the soil lies `depth` deep and heaves a
    little. Slots: metal, soil, stone. Raises InputError for another style.
    """
    if style not in ("grate", "soil", "cobble"):
        raise InputError.of(f"no tree pit is {style!r}", hint="grate, soil or cobble")
    rng = np.random.default_rng(seed)
    b = MeshBuilder("metal", "soil", "stone")
    half = size / 2
    frame = 0.05
    outer = [(-half, half, -half, -half + frame), (-half, half, half - frame, half)]
    x0, x1, y0, y1 = np.array(
        [*outer, (-half, -half + frame, -half + frame, half - frame), (half - frame, half, -half + frame, half - frame)]
    ).T
    slot = "metal" if style == "grate" else "stone"
    rise = 0.004 if style != "soil" else 0.03
    b.boxes(x0, x1, y0, y1, -depth - 0.02, rise, slot, skip="-z")
    _soil(b, half - frame, -depth if style != "cobble" else -0.06, rng)
    inner = half - frame
    if style == "grate":
        hole, bars = 0.2, 0.02
        along = np.arange(-inner + 0.045, inner, 0.055)
        for k in along:
            if abs(k) < hole:
                reach = float(np.sqrt(hole**2 - k**2))
                spans = [(-inner, -reach), (reach, inner)]
            else:
                spans = [(-inner, inner)]
            for a, c in spans:
                b.boxes(k - bars / 2, k + bars / 2, a, c, -0.025, 0.002, "metal", skip="-z")
        b.lathe([(hole + 0.02, -0.025), (hole + 0.02, 0.0035), (hole, 0.0035), (hole, -0.025)], "metal", sides=24)
    elif style == "cobble":
        step = 0.115
        k = np.arange(-inner + step / 2, inner - step / 3, step)
        for x in k:
            for y in k:
                if np.hypot(x, y) > 0.22:
                    w = rng.uniform(0.085, 0.1) / 2
                    dx, dy, top = rng.uniform(-0.006, 0.006), rng.uniform(-0.006, 0.006), rng.uniform(-0.012, 0.004)
                    b.chamfered(
                        x + dx - w, x + dx + w, y + dy - w, y + dy + w, -0.09, top, 0.012, "stone", random=rng.random()
                    )
    return b.mesh()


def _soil(b: MeshBuilder, half: float, level: float, rng: np.random.Generator) -> None:
    """A lumpy level of earth."""
    n = 9
    k = np.linspace(-half, half, n)
    x, y = np.meshgrid(k, k, indexing="ij")
    z = level + rng.uniform(-0.012, 0.012, (n, n)) + 0.03 * np.exp(-(x**2 + y**2) / 0.04)
    v = np.stack([x, y, z], axis=-1)
    slope = np.stack([-np.gradient(z, k, axis=0), -np.gradient(z, k, axis=1), np.ones_like(z)], axis=-1)
    slope /= np.linalg.norm(slope, axis=-1, keepdims=True)
    i, j = (a.ravel() for a in np.meshgrid(np.arange(n - 1), np.arange(n - 1), indexing="ij"))
    a, c, d, e = i * n + j, (i + 1) * n + j, (i + 1) * n + j + 1, i * n + j + 1
    faces = np.concatenate([np.stack([a, c, d], axis=1), np.stack([a, d, e], axis=1)])
    flat = v.reshape(-1, 3)
    b.triangles(flat, faces, "soil", normals=slope.reshape(-1, 3), uvs=flat[:, :2])
