"""The frame of a hall: columns, roof beams and trusses, the roof. Lengths along Y; z = 0 is the lowest point."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import slab, standing, strut
from synthgen.procedural.prints import add_pieces, sheet, words
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array
from synthgen.procedural.stripes import add_stripes, slanted

COLUMNS = ("steel", "concrete", "tube")
GUARDS = ("none", "stripes", "posts", "collar")


def _section(width: float, depth: float, flange: float, web: float) -> Array:
    """Outline of a rolled I-section, flanges across x, (16, 2), counter-clockwise; the fillets are cut."""
    x, y, f, w, r = depth / 2, width / 2, flange, web / 2, 0.02
    quarter = [(x - f, y), (x - f, w + r), (x - f - r, w)]
    right = [(x, -y), (x, y), *quarter]
    left = [(-a, c) for a, c in reversed(quarter)]
    upper = right[1:] + left + [(-x, y)]
    lower = [(-a, -c) for a, c in upper]
    return np.array(upper + lower)


@mesh_generator("factory.column")
def column(kind: str = "steel", size: float = 0.3, height: float = 8.0, guard: str = "stripes", seed: int = 0) -> Mesh:
    """A column of one of `COLUMNS`, flanges (if any) across X; size: of its section; guard: one of `GUARDS`. Metres.

    Slots: steel, concrete, metal, yellow, black, label, ink. Raises InputError for another kind or guard.
    """
    if kind not in COLUMNS or guard not in GUARDS:
        raise InputError.of(f"no column is {kind!r} with {guard!r}", hint=f"{', '.join(COLUMNS)}; {', '.join(GUARDS)}")
    rng = np.random.default_rng([seed, 211])
    b = MeshBuilder("steel", "concrete", "metal", "yellow", "black", "label", "ink")
    half = size / 2
    tall = float(rng.choice((1.0, 1.2, 1.5, 2.0)))
    foot = 0.0
    if kind == "concrete":
        c = 0.02
        outline = np.array(
            [(half - c, -half), (half, -half + c), (half, half - c), (half - c, half),
             (-half + c, half), (-half, half - c), (-half, -half + c), (-half + c, -half)]
        )  # fmt: skip
        b.prism(outline, 0.0, height, "concrete")
        for side in (-1.0, 1.0):  # a corbel under the beam
            p = np.array([(half - 0.001, height - 0.7), (half + 0.22, height - 0.45), (half + 0.22, height - 0.2)])
            p = np.concatenate([p, [(half - 0.001, height - 0.2)]])
            with standing(b, (0.0, side * 0.15, 0.0), (side, 0, 0)):
                b.prism(p, 0.0, 0.3, "concrete")
    else:
        foot = _base(b, half, rng)
        if kind == "steel":
            b.prism(
                _section(size, size * float(rng.choice((0.9, 0.97, 1.0))), 0.016, 0.01), foot, height - 0.0215, "steel"
            )
        else:
            r = 0.02
            b.prism(_chamfered_square(half * 0.8, r), foot, height - 0.0215, "steel")
        depth = half + 0.04
        b.chamfered(-depth, depth, -half - 0.02, half + 0.02, height - 0.021, height - 0.001, 0.002, "metal")
    reach = half + (0.003 if kind == "concrete" else 0.012)
    if guard == "stripes" and kind == "concrete":
        stripe = float(rng.choice((0.08, 0.1, 0.15)))
        for k in range(4):
            a = k * np.pi / 2
            x, y = np.round((np.cos(a), np.sin(a)), 9)
            with standing(
                b,
                (x * (half + 0.0008) + y * (half - 0.021), y * (half + 0.0008) - x * (half - 0.021), 0.08),
                (-y, x, 0),
            ):
                add_stripes(b, size - 0.042, tall, stripe)
    elif guard == "stripes":
        _sheath(b, half, foot + 0.02, tall, rng)
    elif guard == "collar":
        for k, z in enumerate(np.arange(0.05, tall, 0.27)):
            ring = [_chamfered_square(reach + 0.05, 0.05), _chamfered_square(reach, 0.01)]
            slab(b, ring, z, z + 0.25, "yellow" if k % 2 == 0 else "black")
    elif guard == "posts":
        far = half + 0.25
        for sx in (-1.0, 1.0):
            for sy in (-1.0, 1.0):
                with b.at((sx * far, sy * far, 0.0)):
                    bollard(b, 0.045, min(tall, 1.1))
    if rng.random() < 0.7:
        _number(b, half if kind != "tube" else half * 0.8, size, float(rng.uniform(2.2, 2.9)), rng)
    return b.mesh()


def _chamfered_square(half: float, cut: float) -> Array:
    p = np.array([(half, -half + cut), (half, half - cut), (half - cut, half), (-half + cut, half)])
    return np.concatenate([p, -p])


def _base(b: MeshBuilder, half: float, rng: np.random.Generator) -> float:
    """Grout, plate and anchors; the height at which the section begins."""
    reach, plate = half + float(rng.uniform(0.05, 0.09)), 0.025
    grout = float(rng.uniform(0.02, 0.05))
    b.chamfered(-reach - 0.03, reach + 0.03, -reach - 0.03, reach + 0.03, 0.0, grout, 0.012, "concrete")
    b.chamfered(-reach, reach, -reach, reach, grout + 0.0003, grout + plate, 0.003, "steel")
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            with b.at((sx * (reach - 0.035), sy * (reach - 0.035), grout + plate)):
                b.lathe([(0.0, 0.0003), (0.026, 0.0003), (0.026, 0.004), (0.0, 0.004)], "metal", sides=14)
                b.cylinder(0.0185, 0.0043, 0.022, "metal", sides=6)
                b.cylinder(0.011, 0.0223, 0.05, "metal", sides=10)
    return grout + plate + 0.0004


def _sheath(b: MeshBuilder, half: float, z: float, tall: float, rng: np.random.Generator) -> None:
    """A bent sheet around a steel column, striped on its four sides."""
    r = half + 0.012
    slab(b, [_chamfered_square(r, 0.02), _chamfered_square(r - 0.003, 0.018)], z, z + tall, "yellow")
    stripe = float(rng.choice((0.08, 0.1, 0.14)))
    for k in range(4):
        a = k * np.pi / 2
        x, y = np.round((np.cos(a), np.sin(a)), 9)
        w = r - 0.022
        with standing(b, (x * (r + 0.0008) + y * w, y * (r + 0.0008) - x * w, z + 0.003), (-y, x, 0)):
            for part in slanted(2 * w, tall - 0.006, stripe):
                b.plate([part], 0.0, "black")


def bollard(b: MeshBuilder, radius: float, height: float) -> None:
    """A yellow post on a plate with black bands; slots yellow, black, metal."""
    b.boxes(-radius - 0.05, radius + 0.05, -radius - 0.05, radius + 0.05, 0.0, 0.01, "metal")
    cuts = [0.0103, *np.linspace(0.35, 0.95, 5) * height, height - radius * 0.5]
    for k, (z0, z1) in enumerate(pairwise(cuts)):
        b.cylinder(radius, z0, z1 - 0.0004, "yellow" if k % 2 == 0 else "black", sides=20)
    top, t = height - radius * 0.5, np.linspace(0.0, np.pi / 2, 5)
    dome = [(radius * np.cos(a), top + 0.5 * radius * np.sin(a)) for a in t[:-1]]
    b.lathe([(0.0, top), *dome, (0.0, height)], "yellow", sides=20)


def _number(b: MeshBuilder, half: float, size: float, z: float, rng: np.random.Generator) -> None:
    """The column's name on a plate towards +X."""
    w = min(0.24, size * 0.8)
    b.chamfered(half + 0.0145, half + 0.018, -w / 2, w / 2, z, z + w * 0.9, 0.001, "label")
    name = f"{'ABCDEFGHJKL'[int(rng.integers(0, 11))]}{int(rng.integers(1, 30))}"
    middle = z + w * 0.45

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([np.full(len(points), half + 0.0182 + lift), points[:, 0], middle + points[:, 1]])

    add_pieces(
        b,
        [words(name, w * 0.42, font="black", width=w * 0.85), sheet("ink", -w * 0.4, w * 0.4, -w * 0.4, -w * 0.36)],
        place,
    )


# --- roof


@mesh_generator("factory.roof_beam")
def roof_beam(span: float = 18.0, kind: str = "truss", rise: float = 0.5, depth: float = 1.2, panels: int = 8) -> Mesh:
    """A girder along Y under a ridge at y = 0. kind "truss" or "beam"; rise: of the ridge over the eaves; depth: of
    the girder at the eaves. Its top is at depth + rise at the ridge. Metres.

    Slots: steel, metal. Raises InputError for another kind.
    """
    if kind not in ("truss", "beam"):
        raise InputError.of(f"no roof beam is {kind!r}", hint="truss, beam")
    b = MeshBuilder("steel", "metal")
    y = span / 2
    if kind == "beam":
        t, f, w = 0.006, 0.016, 0.11

        def chevron(low: float, high: float) -> Array:
            return np.array([(-y, low), (0.0, rise + low), (y, low), (y, high), (0.0, rise + high), (-y, high)])

        with b.at((0.0, 0.0, 0.0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            slab(b, [chevron(f + 0.0004, depth - f - 0.0004)], -t, t, "steel")
            slab(b, [chevron(0.0, f)], -w, w, "steel")
            slab(b, [chevron(depth - f, depth)], -w, w, "steel")
        for at in np.linspace(-y, y, 12)[1:-1]:
            up = rise * (1 - abs(at) / y)
            for x in (-1.0, 1.0):
                edge = (x * (t + 0.0005), x * 0.1)
                b.boxes(min(edge), max(edge), at - 0.005, at + 0.005, up + 0.025, up + depth - 0.025, "steel")
    else:
        s = 0.06
        tops = np.linspace(-y, y, 2 * max(2, panels // 2) + 1)
        level = depth + rise * (1 - np.abs(tops) / y) - s
        for side in (-1.0, 1.0):
            strut(
                b,
                (0.0, side * y, depth - s),
                (0.0, side * 0.03, depth + rise - s),
                2 * s,
                2 * s,
                "steel",
                chamfer=0.008,
            )
        low = np.linspace(-y + (tops[1] - tops[0]) / 2, y - (tops[1] - tops[0]) / 2, len(tops) - 1)
        b.chamfered(-s, s, low[0] - 0.15, low[-1] + 0.15, 0.0, 2 * s, 0.008, "steel")
        for k, at in enumerate(low):
            for top, up, thick in ((tops[k], level[k], 0.065), (tops[k + 1], level[k + 1], 0.06)):
                strut(b, (0.0, at, s), (0.0, top, up), 0.07, thick, "steel", chamfer=0.005)
            with standing(b, (s + 0.0006, at, 0.0), (0, 1, 0)):
                gusset = np.array([(-0.24, 0.03), (0.24, 0.03), (0.13, 0.24), (-0.13, 0.24)])
                slab(b, [gusset], 0.0, 0.01, "metal")
        for side in (-1.0, 1.0):
            b.chamfered(-0.12, 0.12, side * y - 0.012, side * y + 0.012, depth - 0.35, depth + 0.02, 0.003, "metal")
    return b.mesh()


@mesh_generator("factory.roof")
def roof(
    width: float = 30.0,
    length: float = 40.0,
    rise: float = 0.5,
    skylights: int = 0,
    purlin: float = 1.8,
    seed: int = 0,
) -> Mesh:
    """A ridged roof seen from below: width along Y (the ridge at y = 0), length along X; eaves' sheets at z = 0.2.

    skylights: strips of daylight on each side. Slots: sheet, steel (purlins below it), pane, trim.
    """
    b = MeshBuilder("sheet", "steel", "pane", "trim")
    x, y, base = length / 2, width / 2, 0.2
    pitch, tall = 0.28, 0.045
    # Ribs run down the slope; the profile is along x.
    ribs = int(length / pitch)
    start = -x + (length - ribs * pitch) / 2
    one = np.array([(0.0, 0.0), (0.11, 0.0), (0.145, tall), (0.245, tall)])
    line = np.concatenate([one + np.array([start + k * pitch, 0.0]) for k in range(ribs)])
    line = np.concatenate([[(-x, 0.0)], line[1:], [(x, 0.0)]])
    rng = np.random.default_rng([seed, 223])
    lit: list[tuple[float, float]] = []
    if skylights:
        for at in (np.arange(skylights) + 0.5) / skylights * length - x:
            half = pitch * 2
            lit.append((float(at - half), float(at + half)))
    for side in (-1.0, 1.0):
        cuts = [0.0, y] if not lit else [0.0, 0.2 * y, 0.85 * y, y]
        for c0, c1 in pairwise(cuts):
            middle_part = bool(lit) and c0 > 0 and c1 < y
            z0, z1 = base + rise * (1 - c0 / y), base + rise * (1 - c1 / y)
            a, c = line[:-1], line[1:]
            p = np.stack(
                [
                    np.column_stack([q[:, 0], np.full(len(q), side * s), q[:, 1] + z])
                    for q, s, z in ((a, c0, z0), (c, c0, z0), (c, c1, z1), (a, c1, z1))
                ],
                axis=1,
            )
            if side > 0:
                p = p[:, ::-1]
            uv = np.stack([p[:, :, 0], p[:, :, 1]], axis=-1)
            middle = (a[:, 0] + c[:, 0]) / 2
            clear = np.zeros(len(a), bool)
            if middle_part:
                for low, high in lit:
                    clear |= (middle > low) & (middle < high)
            own = np.floor((middle + x) / (4 * pitch)) * 0.37 % 1.0
            b.quads(p[~clear], "sheet", uvs=uv[~clear], random=own[~clear])
            if clear.any():
                b.quads(p[clear], "pane", uvs=uv[clear])
    count = max(2, round(y / purlin))
    for side in (-1.0, 1.0):
        for k in range(count):
            at = side * y * (k + 0.5) / count
            z = base + rise * (1 - abs(at) / y) - 0.006
            b.chamfered(-x, x, at - 0.035, at + 0.035, z - 0.18, z, 0.006, "steel", random=float(rng.random()))
    b.boxes(-x, x, -y + 0.02, -y + 0.14, 0.0, 0.18, "trim")
    b.boxes(-x, x, y - 0.14, y - 0.02, 0.0, 0.18, "trim")
    return b.mesh()
