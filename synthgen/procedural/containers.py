"""Large containers: intermediate bulk containers and mesh boxes. Front +X, origin in the middle of the foot."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.boards import Board, add_board
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.pallets import add_pallet
from synthgen.procedural.panels import rectangle, slab, standing, strut, wire_mesh
from synthgen.procedural.prints import add_pieces, drawn, outline, sheet, sheets, words
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.rounded import Bend, add_rounded_box, bulging, one_after_another
from synthgen.procedural.shapes import Array


@mesh_generator("factory.ibc")
def ibc(base: str = "wood", wear: float = 0.4, seed: int = 0) -> Mesh:
    """A bulk container of 1000 l on a pallet of wood, steel or plastic, its valve at +X.

    Slots: tank, cage, cap, valve, label, ink, wood, mark, stain, plastic. Raises InputError for another base.
    """
    if base not in ("wood", "steel", "plastic"):
        raise InputError.of(f"no base is {base!r}", hint="wood, steel or plastic")
    rng = np.random.default_rng([seed, 67])
    b = MeshBuilder("tank", "cage", "cap", "valve", "label", "ink", "wood", "mark", "stain", "plastic")
    foot = _ibc_base(b, base, wear, rng)
    x, y, top = 0.585, 0.485, 1.15
    size = (2 * x - 0.085, 2 * y - 0.05, top - foot - 0.045)
    rows = int(rng.integers(5, 8))
    with b.at((-0.02, 0.0, foot + 0.006)):
        _tank(b, size, rows, rng)
    _cage(b, x, y, foot, top, rows, rng)
    _plate(b, x, foot, rng)
    return b.mesh()


def _ibc_base(b: MeshBuilder, base: str, wear: float, rng: np.random.Generator) -> float:
    """What it stands on; returns its height."""
    if base == "wood":
        add_pallet(b, "block", wear, rng)
        return 0.15
    slot = "cage" if base == "steel" else "plastic"
    height = 0.14 if base == "steel" else 0.15
    if base == "steel":
        for y in (-0.44, 0.0, 0.44):
            b.chamfered(-0.59, 0.59, y - 0.045, y + 0.045, 0.0, 0.022, 0.004, slot)
            for x in (-0.53, 0.0, 0.53):
                b.chamfered(x - 0.05, x + 0.05, y - 0.04, y + 0.04, 0.022, height - 0.03, 0.006, slot)
        slab(b, [rectangle(-0.6, 0.6, -0.5, 0.5)], height - 0.03, height, slot)
        return height
    for y in (-0.43, 0.0, 0.43):
        b.chamfered(-0.6, 0.6, y - 0.07, y + 0.07, 0.0, 0.03, 0.01, slot)
        for x in (-0.52, 0.0, 0.52):
            b.chamfered(x - 0.07, x + 0.07, y - 0.06, y + 0.06, 0.03, height - 0.04, 0.015, slot)
    b.chamfered(-0.6, 0.6, -0.5, 0.5, height - 0.04, height, 0.008, slot)
    return height


def _tank(b: MeshBuilder, size: tuple[float, float, float], rows: int, rng: np.random.Generator) -> None:
    """Blown plastic that bellies out between the tubes, with a filling neck on top and a valve at the foot."""
    depth = rng.uniform(0.003, 0.008)

    def between(p: Array) -> Array:
        out = p.copy()
        wave = depth * np.sin(np.pi * rows * p[:, 2] / size[2]) ** 2 * (p[:, 2] < size[2] - 0.05)
        for k in range(2):
            s = np.clip(2 * p[:, k] / size[k], -1.0, 1.0)
            out[:, k] += wave * s**3
        return out

    bend: Bend = one_after_another(bulging(size, 0.006, rng.uniform(-0.012, 0.004)), between)
    add_rounded_box(b, size, 0.08, "tank", cells=(10, 9, 20), bend=bend)
    top = size[2]
    with b.at((0.0, 0.0, top - 0.03)):
        b.lathe([(0.13, 0.0), (0.115, 0.03), (0.1, 0.036), (0.1, 0.05)], "tank", sides=32, smooth=True)
        b.lathe(
            [(0.085, 0.04), (0.112, 0.04), (0.115, 0.046), (0.115, 0.07), (0.11, 0.074), (0.05, 0.074)], "cap", sides=32
        )
        b.lathe([(0.05, 0.074), (0.045, 0.08), (0.0, 0.08)], "cap", sides=24)
        b.boxes(-0.09, 0.09, -0.008, 0.008, 0.0745, 0.084, "cap")
    with b.at((size[0] / 2 - 0.02, 0.0, 0.075), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.lathe(
            [(0.05, 0.0), (0.05, 0.028), (0.036, 0.03), (0.036, 0.06), (0.042, 0.062), (0.042, 0.085)],
            "valve",
            sides=20,
        )
        b.lathe([(0.042, 0.072), (0.046, 0.073), (0.046, 0.094), (0.0, 0.096)], "cap", sides=20)
        b.chamfered(-0.01, 0.01, 0.03, 0.06, 0.04, 0.058, 0.003, "cap")
        b.chamfered(-0.06, 0.012, 0.058, 0.07, 0.036, 0.062, 0.004, "cap")


def _cage(b: MeshBuilder, x: float, y: float, foot: float, top: float, rows: int, rng: np.random.Generator) -> None:
    """Rings of tube, uprights inside them, two bars over the top, feet screwed to the pallet."""
    r, corner = 0.009, 0.07
    heights = np.linspace(foot + 0.02, top - r, rows)
    turn = np.linspace(0.0, np.pi / 2, 4)
    arc = np.column_stack([np.cos(turn), np.sin(turn)]) * corner
    ring = []
    for k, (sx, sy) in enumerate(((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))):
        c, s = np.cos(k * np.pi / 2), np.sin(k * np.pi / 2)
        ring.append(np.array([sx * (x - corner), sy * (y - corner)]) + arc @ np.array([(c, s), (-s, c)]))
    path = np.concatenate(ring)
    path = np.concatenate([[(x, 0.0)], path, [(x, 0.0)]])
    for z in heights:
        flat = 1.0 if z < top - 0.05 else 1.25
        b.tube(np.column_stack([path, np.full(len(path), z)]), r * flat, "cage", sides=8)
    gap = rng.uniform(0.125, 0.19)
    inside = 2 * r + 0.0005
    for k in range(round(2 * (x - corner) / gap) + 1):
        u = -x + corner + k * 2 * (x - corner) / round(2 * (x - corner) / gap)
        for side in (-1.0, 1.0):
            _upright(b, (u, side * (y - inside + r)), foot, top, r)
    for k in range(round(2 * (y - corner) / gap) + 1):
        v = -y + corner + k * 2 * (y - corner) / round(2 * (y - corner) / gap)
        for side in (-1.0, 1.0):
            if side < 0 or abs(v) > 0.1:
                _upright(b, (side * (x - inside + r), v), foot, top, r)
    for u in (-0.22, 0.22):
        bar = [(u, -y, top - r), (u, -y + 0.02, top + 0.004), (u, y - 0.02, top + 0.004), (u, y, top - r)]
        b.tube(bar, r, "cage", sides=8)
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            b.boxes(
                sx * (x - 0.1) - 0.04, sx * (x - 0.1) + 0.04, sy * y - 0.018, sy * y + 0.012, foot, foot + 0.006, "cage"
            )


def _upright(b: MeshBuilder, at: tuple[float, float], foot: float, top: float, r: float) -> None:
    b.tube([(*at, foot + 0.002), (*at, top - r)], r * 0.95, "cage", sides=6)


def _plate(b: MeshBuilder, x: float, foot: float, rng: np.random.Generator) -> None:
    """A sheet of steel on the front of the cage with a label on it, sometimes a second label."""
    w, h = rng.uniform(0.14, 0.26), rng.uniform(0.1, 0.16)
    z = foot + rng.uniform(0.42, 0.62)
    y = rng.uniform(-0.18, 0.18)
    b.chamfered(x + 0.0095, x + 0.0115, y - w - 0.015, y + w + 0.015, z - h - 0.015, z + h + 0.015, 0.0005, "cage")

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([np.full(len(points), x + 0.0115 + lift), y + points[:, 0], z + points[:, 1]])

    pieces = [sheet("label", -w, w, -h, h)]
    pieces.append(words(drawn("names", rng), h * 0.35, font="black", layer=2, width=w).moved(-0.35 * w, 0.5 * h))
    rows = np.linspace(0.1, -0.8, int(rng.integers(4, 8)))
    pieces.append(sheets("ink", [(-0.9 * w, rng.uniform(-0.4, 0.2) * w, r * h, r * h + 0.006) for r in rows], layer=2))
    for k in range(int(rng.integers(0, 3))):
        ring = np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]) * h * 0.4
        pieces += [p.moved(0.62 * w, h * (0.45 - 0.85 * k)) for p in (outline("ink", ring, ring * 0.85, layer=2),)]
    add_pieces(b, pieces, place)


@mesh_generator("factory.mesh_box")
def mesh_box(flap: str = "closed", stack: int = 1, wear: float = 0.4, seed: int = 0) -> Mesh:
    """A box pallet of steel mesh, 1.24 x 0.835 x 0.97 m; flap: upper half of the front closed or open; stack: how many.

    Slots: frame, mesh, wood, label, ink. Raises InputError for another flap.
    """
    if flap not in ("closed", "open"):
        raise InputError.of(f"no flap is {flap!r}", hint="closed or open")
    rng = np.random.default_rng([seed, 73])
    b = MeshBuilder("frame", "mesh", "wood", "label", "ink")
    for k in range(stack):
        turn = rng.normal(0.0, 0.006) if k else 0.0
        c, s = np.cos(turn), np.sin(turn)
        shift = rng.normal(0.0, 0.006, 2) if k else np.zeros(2)
        with b.at((shift[0], shift[1], k * 0.97), (c, s, 0), (-s, c, 0)):
            _mesh_box(b, flap == "open" and k == stack - 1, wear, rng)
    return b.mesh()


def _mesh_box(b: MeshBuilder, opened: bool, wear: float, rng: np.random.Generator) -> None:
    """Its long side, with the flap, looks to +X."""
    x, y, height = 0.4175, 0.62, 0.97
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            with (
                b.at((sx * x, sy * y, 0.0), (-sx, 0, 0), (0, -sy, 0), (0, 0, 1))
                if sx * sy > 0
                else b.at((sx * x, sy * y, 0.0), (0, -sy, 0), (-sx, 0, 0), (0, 0, 1))
            ):
                post = np.array([(0, 0), (0.06, 0), (0.06, 0.005), (0.005, 0.005), (0.005, 0.06), (0, 0.06)])
                slab(b, [post], 0.1, height - 0.03, "frame")
                slab(b, [rectangle(0.0, 0.11, 0.0, 0.1)], 0.0, 0.008, "frame")
                b.chamfered(0.006, 0.1, 0.006, 0.09, 0.008, 0.1, 0.004, "frame")
                tip = np.array(
                    [
                        (-0.012, -0.012),
                        (0.055, -0.012),
                        (0.055, -0.007),
                        (-0.007, -0.007),
                        (-0.007, 0.055),
                        (-0.012, 0.055),
                    ]
                )
                slab(b, [tip + 0.012], height - 0.03, height, "frame")
    for z, tall in ((0.1, 0.05), (height - 0.075, 0.04)):
        for side in (-1.0, 1.0):
            a = side * x - (0.03 if side > 0 else 0.0)
            if not (side > 0 and z > 0.5):
                b.chamfered(a + 0.0005, a + 0.0295, -y + 0.061, y - 0.061, z, z + tall, 0.003, "frame")
            c = side * y - (0.03 if side > 0 else 0.0)
            b.chamfered(-x + 0.061, x - 0.061, c + 0.0005, c + 0.0295, z, z + tall, 0.003, "frame")
    for k in range(7):
        u = -x + 0.035 + (k + 0.5) * (2 * x - 0.07) / 7
        with b.at((u, 0.0, 0.13), (0, 1, 0), (-1, 0, 0)):
            board = Board(
                2 * y - 0.07, (2 * x - 0.07) / 7 - rng.uniform(0.002, 0.012), 0.02, rng.uniform(0.0, 0.003) * wear
            )
            add_board(b, board, "wood", random=rng.random())
    panels = (
        ((x - 0.014, -y + 0.06, 0.15), (0, 1, 0), (2 * y - 0.12, 0.36)),
        ((-x + 0.014, y - 0.06, 0.15), (0, -1, 0), (2 * y - 0.12, height - 0.225)),
        ((x - 0.06, y - 0.014, 0.15), (-1, 0, 0), (2 * x - 0.12, height - 0.225)),
        ((-x + 0.06, -y + 0.014, 0.15), (1, 0, 0), (2 * x - 0.12, height - 0.225)),
    )
    for origin, right, size in panels:
        with standing(b, origin, right):
            wire_mesh(b, size, (0.05, 0.05), 0.0048, "mesh", margin=0.02)
    strut(b, (x - 0.014, -y + 0.061, 0.53), (x - 0.014, y - 0.061, 0.53), 0.03, 0.022, "frame")
    swing = rng.uniform(2.6, 2.95) if opened else 0.0
    hinge = (x - 0.014 + (0.022 if opened else 0.0), -y + 0.065, 0.55)
    out, up = (
        np.array([0.0, 0.0, 1.0]) * np.cos(swing) + np.array([1.0, 0.0, 0.0]) * np.sin(swing),
        np.array([0.0, 1.0, 0.0]),
    )
    with b.at(hinge, up, out, np.cross(up, out)):
        wide, tall = 2 * y - 0.13, height - 0.075 + 0.04 - 0.555
        wire_mesh(b, (wide, tall), (0.05, 0.05), 0.0048, "mesh", margin=0.02)
        for v in (0.004, tall - 0.02):
            b.chamfered(0.0, wide, v, v + 0.02, -0.011, 0.011, 0.002, "frame")
        for u in (0.0, wide - 0.02):
            b.chamfered(u, u + 0.02, 0.0245, tall - 0.0205, -0.011, 0.011, 0.002, "frame")
    side = float(rng.choice((-1.0, 1.0)))
    spot = side * rng.uniform(0.1, 0.35)
    b.chamfered(x - 0.006, x - 0.003, spot - 0.13, spot + 0.13, 0.2, 0.33, 0.001, "frame")

    def place(points: Array, lift: float) -> Array:
        return np.column_stack([np.full(len(points), x - 0.003 + lift), spot + points[:, 0], 0.265 + points[:, 1]])

    if rng.random() < 0.7:
        lines = [(-0.085, rng.uniform(-0.02, 0.08), v, v + 0.006) for v in (-0.03, -0.015, 0.01, 0.025)]
        add_pieces(b, [sheet("label", -0.1, 0.1, -0.045, 0.045), sheets("ink", lines, layer=2)], place)
