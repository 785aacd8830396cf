"""What people work with: pallet trucks and workbenches. Front +X, origin in the middle of the foot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.panels import rectangle, round_rectangle, slab, standing, strut
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import circle


@mesh_generator("factory.pallet_truck")
def pallet_truck(
    fork_length: float = 1.15, width: float = 0.54, lift: float = 0.0, lean: float = 0.0, seed: int = 0
) -> Mesh:
    """A hand pallet truck, forks towards +X. width over both forks; lift of the forks above their lowest (0..0.11);
    lean of the handle from upright (0..0.9 rad, towards -X). Metres.

    Slots: paint, metal, rubber, dark, label.
    """
    rng = np.random.default_rng([seed, 103])
    b = MeshBuilder("paint", "metal", "rubber", "dark", "label")
    fork, low = 0.16, 0.05 + lift
    back = -(fork_length + 0.42) / 2 + 0.1  # x of the steered wheels
    heel, tip = back + 0.14, back + 0.14 + fork_length
    for side in (-1.0, 1.0):
        y = side * (width / 2 - fork / 2)
        half = fork / 2
        shape = np.array(
            [(heel, -half), (tip - 0.1, -half), (tip - 0.02, -half * 0.6), (tip, -half * 0.3), (tip, half * 0.3),
             (tip - 0.02, half * 0.6), (tip - 0.1, half), (heel, half)]
        )  # fmt: skip
        with b.at((0.0, y, 0.0)):
            slab(b, [shape], low + 0.03, low + 0.036, "paint")
            for edge in (-half + 0.003, half - 0.003):
                b.chamfered(heel, tip - 0.102, edge - 0.0028, edge + 0.0028, low, low + 0.0297, 0.001, "paint")
            # Two load rollers in a frame near the tip, pressed to the floor.
            for k in (0, 1):
                x = tip - 0.14 - 0.09 * k
                with b.at((x, -0.035, 0.037), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
                    b.lathe(
                        [(0.0, -0.07), (0.034, -0.07), (0.037, -0.067), (0.037, -0.003), (0.034, 0.0), (0.0, 0.0)],
                        "rubber",
                        sides=18,
                    )
            for across in (-0.042, 0.042):
                strut(b, (tip - 0.24, across, 0.037), (tip - 0.13, across, 0.037), 0.02, 0.006, "metal")
                arm = (tip - 0.185, across * 1.15, 0.037), (tip - 0.42, across * 1.15, low + 0.018)
                strut(b, *arm, 0.02, 0.006, "metal")
    y = width / 2
    b.chamfered(heel - 0.05, heel - 0.0005, -y, y, low - 0.005, low + 0.036, 0.006, "paint")
    trapeze = np.array([(-y, 0.0), (y, 0.0), (y * 0.95, 0.1), (0.1, 0.33), (-0.1, 0.33), (-y * 0.95, 0.1)])
    with standing(b, (heel - 0.03, 0.0, low + 0.0365), (0, 1, 0)):
        slab(b, [trapeze], 0.0, 0.012, "paint")
    with b.at((back, 0.0, 0.0)):
        _pump(b, lift, lean, rng)
    if rng.random() < 0.7:
        face = heel - 0.0175
        b.quads(
            [
                [
                    (face, -0.07, low + 0.12),
                    (face, 0.07, low + 0.12),
                    (face, 0.07, low + 0.19),
                    (face, -0.07, low + 0.19),
                ]
            ],
            "label",
        )
    # Its middle depends on how far the handle leans.
    made = b.mesh()
    moved = MeshBuilder(*b.slots)
    with moved.at((-float(made.bounds[:, 0].mean()), 0.0, 0.0)):
        moved.add(made)
    return moved.mesh()


def _pump(b: MeshBuilder, lift: float, lean: float, rng: np.random.Generator) -> None:
    """Two steered wheels, the hydraulic cylinder over them, the handle with its loop."""
    turn = float(rng.uniform(-0.9, 0.9))
    c, s = np.cos(turn), np.sin(turn)
    r = 0.09
    with b.at((0.0, 0.0, 0.0), (c, s, 0), (-s, c, 0)):
        for side in (-1.0, 1.0):
            with b.at((0.0, side * 0.065, r), (1, 0, 0), (0, 0, 1), (0, -1, 0)):
                b.lathe(
                    [(0.05, -0.025), (r - 0.006, -0.025), (r, -0.019), (r, 0.019), (r - 0.006, 0.025), (0.05, 0.025)],
                    "rubber",
                    sides=28,
                )
                b.lathe([(0.0, -0.022), (0.03, -0.022), (0.04, -0.014), (0.05, -0.025)], "metal", sides=28)
                b.lathe([(0.05, 0.025), (0.04, 0.014), (0.03, 0.022), (0.0, 0.022)], "metal", sides=28)
        b.boxes(-0.02, 0.02, -0.035, 0.035, 0.07, 0.16, "metal")
        base = 0.16
        with b.at((0.0, 0.0, base)):
            b.lathe(
                [(0.0, 0.0), (0.075, 0.0), (0.075, 0.02), (0.05, 0.025), (0.05, 0.11), (0.042, 0.12), (0.0, 0.12)],
                "paint",
                sides=24,
            )
            b.cylinder(0.024, 0.1195, 0.22 + lift, "metal", sides=16)
        b.chamfered(-0.1, -0.04, -0.05, 0.05, base + 0.03, base + 0.12, 0.008, "paint")
        slope = (-np.sin(lean), 0.0, np.cos(lean))
        with b.at((-0.07, 0.0, base + 0.09), (np.cos(lean), 0.0, np.sin(lean)), (0, 1, 0), slope):
            b.chamfered(-0.022, 0.022, -0.03, 0.03, 0.0, 0.1, 0.005, "paint")
            for y in (-0.028, 0.028):
                b.tube([(0.0, y, 0.09), (0.0, y, 0.74)], 0.014, "paint", sides=10)
            for z in (0.3, 0.55):
                b.chamfered(-0.008, 0.008, -0.03, 0.03, z, z + 0.03, 0.003, "paint")
            wide = float(rng.uniform(0.15, 0.2))
            loop = round_rectangle(wide, 0.1, 0.05, 6)
            path = np.column_stack([np.zeros(len(loop)), loop[:, 0], 0.84 + loop[:, 1]])
            path = np.concatenate([path[12:], path[:12]])
            middle = (path[:1] + path[-1:]) / 2
            closed = np.concatenate([middle, path, middle])
            b.tube(closed, 0.015, "paint", sides=10)
            b.tube([(0.0, -wide * 0.55, 0.94), (0.0, wide * 0.55, 0.94)], 0.0185, "dark", sides=12)
            b.tube([(0.0, -0.02, 0.75), (0.03, 0.02, 0.85), (0.03, 0.05, 0.9)], 0.006, "metal", sides=6)


@mesh_generator("factory.workbench")
def workbench(
    width: float = 1.5,
    depth: float = 0.7,
    height: float = 0.86,
    drawers: int = 4,
    board: bool = True,
    shelf: bool = True,
    vice: bool = True,
    seed: int = 0,
) -> Mesh:
    """A workbench: width along Y, the worker at +X. drawers in a cabinet (0: none); board: a perforated wall of tools.

    Slots: top, frame, drawer, handle, board, hole, metal, tool, dark, label.
    """
    rng = np.random.default_rng([seed, 107])
    b = MeshBuilder("top", "frame", "drawer", "handle", "board", "hole", "metal", "tool", "dark", "label")
    x, y = depth / 2, width / 2
    thick = float(rng.choice((0.03, 0.04, 0.05)))
    b.chamfered(-x, x, -y, y, height - thick, height, 0.004, "top")
    under = height - thick - 0.0005
    s = float(rng.choice((0.025, 0.03)))
    left = bool(rng.random() < 0.5)
    hand = 1.0 if left else -1.0
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            px, py = sx * (x - 0.05), sy * (y - 0.06)
            b.chamfered(px - s, px + s, py - s, py + s, 0.012, under, 0.003, "frame")
            b.chamfered(px - s - 0.008, px + s + 0.008, py - s - 0.008, py + s + 0.008, 0.0, 0.0115, 0.003, "dark")
    for sy in (-1.0, 1.0):
        for z in (0.12, under - 0.04):
            strut(b, (-x + 0.05 + s, sy * (y - 0.06), z), (x - 0.05 - s, sy * (y - 0.06), z), 0.05, 0.03, "frame")
    strut(b, (-x + 0.05, -y + 0.06 + s, under - 0.05), (-x + 0.05, y - 0.06 - s, under - 0.05), 0.07, 0.03, "frame")
    inner = y - 0.06 - s - 0.004
    if drawers:
        _cabinet(b, x, hand * (inner - 0.25), under, drawers, rng)
    if shelf:
        low, high = (-inner, inner - 0.51) if left else (-inner + 0.51, inner)
        if not drawers:
            low, high = -inner, inner
        z = float(rng.uniform(0.14, 0.3))
        b.chamfered(-x + 0.06, x - 0.12, low, high, z, z + 0.022, 0.002, "top", random=0.7)
    if board:
        _tool_board(b, x, y, height, rng)
    if vice:
        _vice(b, x, -hand * (y - 0.22), height)
    return b.mesh()


def _cabinet(b: MeshBuilder, x: float, y: float, under: float, drawers: int, rng: np.random.Generator) -> None:
    """Drawers of growing height between two sides; one may stand open."""
    half, top = 0.25, under - 0.0005
    low = max(0.1, under - 0.13 * drawers - 0.1) if drawers < 4 else 0.1
    front = x - 0.03
    b.chamfered(-x + 0.09, front - 0.02, y - half, y + half, low, top, 0.003, "frame")
    share = np.linspace(1.0, float(rng.uniform(1.0, 2.2)), drawers)
    cuts = top - 0.008 - (top - low - 0.016) * np.concatenate([[0.0], np.cumsum(share) / share.sum()])
    opened = int(rng.integers(0, drawers)) if rng.random() < 0.35 else -1
    for k, (z1, z0) in enumerate(pairwise(cuts)):
        pull = float(rng.uniform(0.06, 0.25)) if k == opened else float(rng.choice((0.0, 0.0, 0.006)))
        a, c = z0 + 0.003, z1 - 0.003
        b.chamfered(
            front - 0.0195 + pull, front + pull, y - half + 0.008, y + half - 0.008, a, c, 0.003, "drawer", random=0.5
        )
        b.chamfered(
            front + pull, front + 0.018 + pull, y - half * 0.7, y + half * 0.7, c - 0.03, c - 0.016, 0.004, "handle"
        )
        if pull > 0.02:
            body = [rectangle(front - 0.2, front - 0.02 + pull, y - half + 0.02, y + half - 0.02)]
            body.append(rectangle(front - 0.195, front - 0.025 + pull, y - half + 0.025, y + half - 0.025))
            slab(b, body, a + 0.006, c - 0.02, "frame")
            slab(b, [body[0]], a + 0.002, a + 0.006, "frame")
        if rng.random() < 0.4:
            face = front + pull + 0.0006
            z = (a + c) / 2 - 0.012
            b.quads(
                [
                    [
                        (face, y - 0.04, z - 0.009),
                        (face, y + 0.04, z - 0.009),
                        (face, y + 0.04, z + 0.009),
                        (face, y - 0.04, z + 0.009),
                    ]
                ],
                "label",
            )


def _tool_board(b: MeshBuilder, x: float, y: float, height: float, rng: np.random.Generator) -> None:
    """Two posts, a perforated plate between them, tools on hooks, sometimes a shelf over it."""
    tall = float(rng.uniform(0.6, 1.0))
    for side in (-1.0, 1.0):
        p = side * (y - 0.03)
        b.chamfered(-x, -x + 0.03, p - 0.02, p + 0.02, height + 0.0005, height + tall + 0.12, 0.003, "frame")
    face = -x + 0.035
    z0, z1 = height + 0.1, height + 0.1 + tall
    b.chamfered(face - 0.0045, face, -y + 0.01, y - 0.01, z0, z1, 0.001, "board")
    pitch = 0.038
    u, v = np.meshgrid(np.arange(-y + 0.04, y - 0.03, pitch), np.arange(z0 + 0.03, z1 - 0.02, pitch))
    half = 0.0045
    p = np.stack([np.full(u.size, face + 0.0006), u.ravel(), v.ravel()], axis=1)
    corner = np.array([(0, -half, -half), (0, half, -half), (0, half, half), (0, -half, half)])
    b.quads(p[:, None] + corner, "hole")
    for row in range(1 + int(tall > 0.75)):
        at = -y + 0.1
        while at < y - 0.1:
            kind = int(rng.integers(0, 6))
            if rng.random() < 0.8:
                with standing(b, (face + 0.0008, at, z1 - 0.42 * row - rng.uniform(0.06, 0.12)), (0, 1, 0)):
                    _tool(b, kind, float(rng.uniform(0.75, 1.0)))
            at += (0.06, 0.07, 0.14, 0.05, 0.14, 0.1)[kind] * 1.25 + rng.uniform(0.01, 0.08)
    if rng.random() < 0.4:
        b.chamfered(-x, -x + 0.25, -y, y, z1 + 0.021, z1 + 0.04, 0.003, "top", random=0.6)


def _tool(b: MeshBuilder, kind: int, k: float) -> None:
    """A tool that hangs below the origin, its back at z = 0: spanner, screwdriver, hammer, chisel, saw, pliers."""
    b.chamfered(-0.004, 0.004, -0.004, 0.004, -0.0006, 0.03, 0.001, "metal")
    if kind == 0:
        slab(b, [rectangle(-0.007, 0.007, -0.17 * k, -0.012)], 0.006, 0.012, "tool")
        slab(b, [circle(0.016, 14), circle(0.009, 6)], 0.004, 0.014, "tool")
        jaw = np.array(
            [(-0.007, 0.0), (-0.018, -0.012), (-0.014, -0.036), (-0.008, -0.036), (-0.008, -0.02), (0.008, -0.02)]
        )
        jaw = np.concatenate([jaw, [(0.008, -0.036), (0.014, -0.036), (0.018, -0.012), (0.007, 0.0)]])
        slab(b, [jaw - np.array([0.0, 0.17 * k])], 0.004, 0.014, "tool")
    elif kind in (1, 3):
        with b.at((0.0, 0.0, 0.018), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
            b.lathe(
                [(0.0, -0.11), (0.011, -0.108), (0.013, -0.09), (0.0115, -0.04), (0.013, -0.02), (0.0, -0.012)],
                "handle",
                sides=12,
            )
            b.cylinder(0.0032 if kind == 1 else 0.005, -0.11 - 0.12 * k, -0.1095, "tool", sides=8)
    elif kind == 2:
        b.chamfered(-0.055, 0.055, -0.014, 0.014, 0.006, 0.034, 0.004, "tool")
        b.tube(
            [(0.0, -0.0145, 0.02), (0.0, -0.12, 0.02), (0.0, -0.28 * k, 0.02)],
            [0.009, 0.011, 0.013],
            "handle",
            sides=10,
        )
    elif kind == 4:
        blade = np.array([(-0.05, -0.05), (-0.035, -0.36 * k), (0.0, -0.36 * k), (0.05, -0.05)])
        slab(b, [blade], 0.008, 0.0095, "tool")
        slab(b, [round_rectangle(0.055, 0.05, 0.02), round_rectangle(0.035, 0.026, 0.012)], 0.004, 0.024, "handle")
    else:
        for side in (-1.0, 1.0):
            b.tube(
                [
                    (side * 0.006, 0.02, 0.012),
                    (side * 0.004, -0.03, 0.012),
                    (side * 0.022, -0.08, 0.012),
                    (side * 0.03, -0.16 * k, 0.012),
                ],
                [0.006, 0.009, 0.007, 0.006],
                "handle",
                sides=8,
            )
        b.chamfered(-0.012, 0.012, -0.045, 0.0, 0.004, 0.02, 0.003, "tool")


def _vice(b: MeshBuilder, x: float, y: float, height: float) -> None:
    """A bench vice over the front edge."""
    with b.at((x - 0.1, y, height)):
        b.lathe(
            [(0.0, 0.0005), (0.075, 0.0005), (0.075, 0.018), (0.05, 0.03), (0.045, 0.06), (0.0, 0.06)], "tool", sides=20
        )
        b.chamfered(-0.1, 0.03, -0.045, 0.045, 0.0605, 0.115, 0.01, "tool")
        b.chamfered(-0.005, 0.03, -0.065, 0.065, 0.1155, 0.16, 0.006, "tool")
        b.chamfered(0.055, 0.095, -0.065, 0.065, 0.075, 0.16, 0.008, "tool")
        b.chamfered(0.0305, 0.0545, -0.03, 0.03, 0.07, 0.108, 0.003, "tool")
        b.chamfered(0.0302, 0.034, -0.06, 0.06, 0.12, 0.157, 0.001, "metal")
        b.chamfered(0.051, 0.0548, -0.06, 0.06, 0.12, 0.157, 0.001, "metal")
        with b.at((0.095, 0.0, 0.09), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
            b.cylinder(0.014, 0.0, 0.05, "metal", sides=14)
            b.tube([(0.02, -0.1, 0.035), (0.02, 0.1, 0.035)], 0.006, "metal", sides=8)
