"""Control cabinets, mobile robots, extinguishers and signs of plants. Front +X, origin in the middle of the foot."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.machine_parts import centred, stop, tower_lamp, vents
from synthgen.procedural.panels import rectangle, round_rectangle, slab, standing
from synthgen.procedural.prints import add_pieces, sheet, words
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, circle


@mesh_generator("factory.control_cabinet")
def control_cabinet(
    width: float = 1.2,
    depth: float = 0.5,
    height: float = 2.0,
    doors: int = 2,
    lamps: int = 6,
    screen: bool = True,
    seed: int = 0,
) -> Mesh:
    """A cabinet on a plinth: doors with handles, lamps and switches, a display, louvres, cooling unit. width along Y.

    Slots: body, second, dark, metal, screen, key, red, yellow, green, black, label, paint, glow.
    """
    rng = np.random.default_rng([seed, 293])
    b = MeshBuilder(
        "body", "second", "dark", "metal", "screen", "key", "red", "yellow", "green", "black", "label", "paint", "glow"
    )
    x, y = depth / 2, width / 2
    plinth = float(rng.choice((0.1, 0.1, 0.2)))
    b.chamfered(-x + 0.01, x - 0.03, -y + 0.01, y - 0.01, 0.0, plinth, 0.004, "dark")
    b.chamfered(-x, x - 0.021, -y, y, plinth + 0.0005, height, 0.006, "body")
    wide = width / doors
    shown = int(rng.integers(0, doors))
    for k in range(doors):
        y0 = -y + k * wide
        b.chamfered(x - 0.0205, x, y0 + 0.004, y0 + wide - 0.004, plinth + 0.012, height - 0.012, 0.004, "body")
        left = k % 2 == 1
        hand = y0 + 0.05 if left else y0 + wide - 0.05
        with standing(b, (x, hand, height * 0.5), (0, 1, 0)):
            slab(b, [round_rectangle(0.018, 0.07, 0.012, 4)], 0.0003, 0.008, "dark")
            b.chamfered(-0.009, 0.009, -0.055, 0.055, 0.0083, 0.022, 0.004, "metal")
        with standing(b, (x, y0 + wide / 2, 0.0), (0, 1, 0)):
            if rng.random() < 0.6:
                v = min(0.32, wide * 0.6)
                with b.at((-v / 2, plinth + 0.15, 0.0)):
                    vents(b, v, 0.22)
            if rng.random() < 0.5:
                v = min(0.32, wide * 0.6)
                with b.at((-v / 2, height - 0.35, 0.0)):
                    vents(b, v, 0.18)
            if k == shown and screen:
                w = min(0.2, wide * 0.3)
                up = height * 0.72
                slab(b, [round_rectangle(w, w * 0.68, 0.01, 3) + np.array([0.0, up])], 0.0003, 0.012, "dark")
                b.quads(
                    [
                        [
                            (-w + 0.02, up - w * 0.55, 0.0127),
                            (w - 0.02, up - w * 0.55, 0.0127),
                            (w - 0.02, up + w * 0.55, 0.0127),
                            (-w + 0.02, up + w * 0.55, 0.0127),
                        ]
                    ],
                    "screen",
                )
            if k == shown or rng.random() < 0.4:
                _buttons(b, wide, height * 0.52, lamps, rng)
            if rng.random() < 0.5:
                _warning(b, 0.0, height * 0.9 - 0.06, 0.06)
            if rng.random() < 0.6:
                stop(b, -0.12 * wide, height * 0.42, 0.03)
    if rng.random() < 0.35:  # a cooling unit on the side
        s = float(rng.choice((-1.0, 1.0)))
        low, high = sorted((s * (y + 0.0005), s * (y + 0.2)))
        z = height * 0.5
        b.chamfered(-0.16, 0.16, low, high, z - 0.35, z + 0.35, 0.01, "second")
        with standing(b, (s * 0.12, s * (y + 0.2), z - 0.25), (-s, 0, 0)):
            for k in range(14):
                b.boxes(0.0, 0.24, 0.03 * k, 0.03 * k + 0.012, 0.0003, 0.002, "black")
    if rng.random() < 0.5:
        with b.at((0.0, y - 0.1, height)):
            tower_lamp(b, ["green", "yellow", "red"])
    for s in range(int(rng.integers(0, 4))):  # conduits from the top
        at = -y + 0.15 + 0.09 * s
        b.tube([(-0.08, at, height - 0.01), (-0.08, at, height + 0.4)], 0.02, "metal", sides=12)
    return centred(b)


def _buttons(b: MeshBuilder, wide: float, z: float, lamps: int, rng: np.random.Generator) -> None:
    per = max(1, int(wide * 0.7 / 0.075))
    for k in range(lamps):
        i, j = k % per, k // per
        at = (i - (min(per, lamps) - 1) / 2) * 0.075
        with b.at((at, z - 0.085 * j, 0.0)):
            b.lathe([(0.0, 0.0003), (0.016, 0.0003), (0.016, 0.006), (0.0, 0.006)], "metal", sides=18)
            slot = str(rng.choice(("red", "green", "yellow", "glow", "key", "black")))
            r = 0.0115
            b.lathe([(0.0, 0.0063), (r, 0.0063), (r, 0.014), (r * 0.7, 0.019), (0.0, 0.02)], slot, sides=16)
            b.quads(
                [[(-0.02, 0.022, 0.0006), (0.02, 0.022, 0.0006), (0.02, 0.034, 0.0006), (-0.02, 0.034, 0.0006)]],
                "label",
            )


def _warning(b: MeshBuilder, x: float, y: float, size: float) -> None:
    """The yellow triangle of dangerous voltage."""
    t = circle(size, 3, center=(x, y), turn=np.pi / 2)
    m = t.mean(axis=0)
    b.plate([t], 0.0006, "black")
    b.plate([m + (t - m) * 0.84], 0.001, "yellow")
    flash = np.array([(0.1, 0.55), (-0.2, -0.02), (0.02, 0.02), (-0.06, -0.3), (0.2, 0.13), (0.0, 0.1)]) * size
    b.plate([flash + np.array([x, y])], 0.0014, "black")


@mesh_generator("factory.mobile_robot")
def mobile_robot(
    length: float = 0.9, width: float = 0.6, height: float = 0.3, top: str = "platform", seed: int = 0
) -> Mesh:
    """A mobile robot: body with a band of light, scanners, wheels, stops. top: "platform", "rollers" or "shelf" (posts
    with two trays). Drives to +X. Metres. Slots: body, second, dark, metal, rubber, glow, red, yellow, black, label.

    Raises InputError for another top.
    """
    if top not in ("platform", "rollers", "shelf"):
        raise InputError.of(f"no robot carries {top!r}", hint="platform, rollers, shelf")
    rng = np.random.default_rng([seed, 307])
    b = MeshBuilder("body", "second", "dark", "metal", "rubber", "glow", "red", "yellow", "black", "label")
    x, y = length / 2, width / 2
    clear = 0.035
    corner = float(rng.uniform(0.06, min(0.18, y * 0.6)))
    low, notch = clear + 0.07, float(rng.uniform(0.03, 0.045))
    band = height - float(rng.uniform(0.07, 0.1))

    def shell(inset: float, z0: float, z1: float, slot: str) -> None:
        b.prism(round_rectangle(x - inset, y - inset, corner, 7), z0, z1, slot)

    shell(0.012, clear, low, "dark")
    shell(0.05, low + 0.0005, low + notch, "black")
    shell(0.0, low + notch + 0.0005, band - 0.0005, "body")
    shell(0.008, band, band + 0.014, "glow")
    shell(0.0, band + 0.0145, height - 0.02, "body")
    shell(0.006, height - 0.0195, height - 0.012, "second")
    for s in (-1.0, 1.0):  # safety scanners at two corners, in the notch
        with b.at((s * (x - 0.075), s * (y - 0.075), 0.0)):
            z = low + 0.001
            b.lathe(
                [
                    (0.0, z),
                    (0.05, z),
                    (0.05, z + notch * 0.35),
                    (0.044, z + notch * 0.4),
                    (0.044, z + notch * 0.8),
                    (0.0, z + notch * 0.8),
                ],
                "yellow" if s > 0 else "black",
                sides=24,
            )
    for sx in (-0.36, 0.36):
        for sy in (-1.0, 1.0):
            with b.at((sx * length, sy * (y - 0.1), 0.03), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
                b.lathe(
                    [(0.0, -0.02), (0.026, -0.02), (0.03, -0.016), (0.03, 0.016), (0.026, 0.02), (0.0, 0.02)],
                    "rubber",
                    sides=18,
                )
    for sy in (-1.0, 1.0):
        with b.at((0.0, sy * (y - 0.075), 0.09), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
            b.lathe(
                [(0.0, -0.02), (0.08, -0.02), (0.09, -0.014), (0.09, 0.014), (0.08, 0.02), (0.0, 0.02)],
                "rubber",
                sides=26,
            )
    for s in (-1.0, 1.0):
        with standing(b, (s * 0.25 * length, -s * (y), (low + notch + band) / 2), (s, 0, 0)):
            stop(b, 0.0, 0.0, 0.025)
        with standing(b, (-s * 0.12 * length, -s * (y + 0.0002), (low + notch + band) / 2), (s, 0, 0)):
            name = words(f"AMR {int(rng.integers(1, 40)):02d}", 0.045, font="black", slot="label", width=0.3)
            add_pieces(b, [name], lambda p, lift: np.column_stack([p, np.full(len(p), lift)]))
    with standing(b, (x, 0.0, band - 0.05), (0, 1, 0)):  # camera window
        slab(b, [round_rectangle(0.08, 0.016, 0.014, 4)], 0.0003, 0.004, "black")
    z = height - 0.0115
    if top == "platform":
        b.chamfered(-x + 0.06, x - 0.06, -y + 0.04, y - 0.04, z, height, 0.004, "dark")
    elif top == "rollers":
        for s in (-1.0, 1.0):
            b.chamfered(-x + 0.05, x - 0.05, s * (y - 0.03) - 0.02, s * (y - 0.03) + 0.02, z, z + 0.22, 0.006, "second")
        b.chamfered(-x + 0.06, x - 0.06, -y + 0.0505, y - 0.0505, z, z + 0.12, 0.006, "dark")
        for at in np.arange(-x + 0.1, x - 0.08, 0.075):
            with b.at((float(at), 0.0, z + 0.17), (1, 0, 0), (0, 0, -1), (0, 1, 0)):
                b.cylinder(0.025, -y + 0.0505, y - 0.0505, "metal", sides=18)
    else:
        tall = float(rng.uniform(0.8, 1.1))
        for sx in (-1.0, 1.0):
            for sy in (-1.0, 1.0):
                px, py = sx * (x - 0.08), sy * (y - 0.06)
                b.chamfered(px - 0.015, px + 0.015, py - 0.015, py + 0.015, z, z + tall, 0.003, "metal")
        for up in (0.02, tall * 0.5, tall - 0.02):
            b.chamfered(-x + 0.0955, x - 0.0955, -y + 0.04, y - 0.04, z + up, z + up + 0.02, 0.004, "second")
    return b.mesh()


# --- safety


@mesh_generator("factory.extinguisher")
def extinguisher(size: float = 6.0, kind: str = "powder", seed: int = 0) -> Mesh:
    """A portable extinguisher of `size` kilograms, standing. kind "powder" or "co2" (with a horn).

    Slots: paint, metal, black, label, ink.
    """
    rng = np.random.default_rng([seed, 311])
    b = MeshBuilder("paint", "metal", "black", "label", "ink")
    co2 = kind == "co2"
    r = (0.055 if co2 else 0.06) * (size / 6.0) ** 0.25 + 0.015
    h = (0.55 if co2 else 0.4) * (size / 6.0) ** 0.45
    b.lathe([(0.0, 0.0), (r * 0.92, 0.0), (r * 0.96, 0.004), (r * 0.96, 0.03), (0.0, 0.031)], "black", sides=28)
    t = np.linspace(0.0, np.pi / 2, 7)
    dome = [(0.02 + (r - 0.02) * np.cos(a), h + 0.7 * r * np.sin(a)) for a in t]
    b.lathe(
        [(0.0, 0.0313), (r * 0.9, 0.0313), (r, 0.045), *dome, (0.016, h + 0.7 * r + 0.03), (0.0, h + 0.7 * r + 0.03)],
        "paint",
        sides=32,
        smooth=False,
    )
    top = h + 0.7 * r + 0.0303
    b.cylinder(0.022, top, top + 0.045, "metal", sides=16)
    b.chamfered(-0.03, 0.06, -0.014, 0.014, top + 0.0453, top + 0.06, 0.004, "metal")
    lever = float(rng.uniform(0.04, 0.07))
    for z, up in ((top + 0.05, 0.0), (top + 0.065, lever)):
        b.tube([(0.02, 0.0, z), (-0.05, 0.0, z + 0.01 + up * 0.5), (-0.14, 0.0, z + up)], 0.009, "black", sides=8)
    if not co2:
        with standing(b, (0.0225, 0.0, top + 0.022), (0, 1, 0)):
            b.cylinder(0.017, 0.0, 0.012, "metal", sides=18)
            b.plate([circle(0.014, 16)], 0.0124, "label")
    side = float(rng.choice((-1.0, 1.0)))
    hose = [
        (0.02, side * 0.016, top + 0.02),
        (0.02, side * (r * 0.7), top + 0.03),
        (0.01, side * (r + 0.018), h),
        (0.0, side * (r + 0.02), h * 0.6),
        (0.0, side * (r + 0.02), h * 0.3),
    ]
    b.tube(hose, 0.011, "black", sides=8)
    with b.at((0.0, side * (r + 0.02), h * 0.3), (1, 0, 0), (0, -1, 0), (0, 0, -1)):
        end = 0.055 if co2 else 0.014
        b.lathe([(0.0, 0.0005), (0.013, 0.0005), (end, 0.12), (0.0, 0.12)], "black", sides=16)
    # A printed label around the front.
    a = np.linspace(-1.0, 1.0, 13)
    z0, z1 = h * 0.25, h * 0.85

    def on(points: Array, lift: float) -> Array:
        turn = points[:, 0] / r
        return np.column_stack([(r + lift) * np.cos(turn), (r + lift) * np.sin(turn), points[:, 1]])

    pieces = [sheet("label", -a[-1] * r, a[-1] * r, z0, z1, cells=(14, 1), layer=3)]
    pieces.append(sheet("ink", -0.8 * r, 0.8 * r, z1 - 0.05, z1 - 0.015, cells=(12, 1), layer=5))
    for k in range(4):
        z = z0 + 0.02 + 0.035 * k
        if z + 0.012 < z1 - 0.06:
            pieces.append(
                sheet("ink", -0.7 * r, float(rng.uniform(0.2, 0.7)) * r, z, z + 0.012, cells=(10, 1), layer=5)
            )
    add_pieces(b, pieces, on)
    return centred(b)


SIGNS = ("exit", "extinguisher", "forklift", "helmet", "voltage", "load", "aisle", "no_entry", "assembly")


@mesh_generator("factory.sign")
def sign(kind: str = "exit", size: float = 0.3, text: str = "", flip: bool = False) -> Mesh:
    """A sign plate, one of `SIGNS`, that hangs on a wall at -X. size: its height; text: of the kinds aisle and load;
    flip: an exit's arrow points to the right.

    Slots: plate, face, dark, light. Raises InputError for another kind.
    """
    if kind not in SIGNS:
        raise InputError.of(f"no sign is {kind!r}", hint=", ".join(SIGNS))
    b = MeshBuilder("plate", "face", "dark", "light")
    half = size / 2
    wide = half * (2.0 if kind == "exit" else 1.6 if kind == "load" else 1.0)
    if kind in ("voltage", "forklift"):
        shape = _rounded_triangle(size * 0.58)
        shape[:, 1] -= shape[:, 1].min() + half
    elif kind in ("helmet", "no_entry"):
        shape = circle(half, 40)
    else:
        shape = round_rectangle(wide, half, size * 0.06, 4)
    with standing(b, (0.0, 0.0, half), (0, 1, 0)):
        slab(b, [shape], 0.0, 0.003, "plate")
        middle = (
            (shape.min(axis=0) + shape.max(axis=0)) / 2
            if kind not in ("voltage", "forklift")
            else np.array([0.0, shape[:, 1].min() + size * 0.33])
        )
        b.plate([middle + (shape - middle) * (0.95 if kind != "aisle" else 0.97)], 0.0034, "face")
        for k, (slot, rings) in enumerate(_picture(kind, size, flip)):
            b.plate(
                [r + (middle if kind in ("voltage", "forklift") else 0.0) for r in rings], 0.0038 + 0.0004 * k, slot
            )
        if kind in ("aisle", "load"):
            lines = text.split("\n") if text else (["A 12"] if kind == "aisle" else ["MAX", "1000 kg"])
            tall = size * (0.72 if len(lines) == 1 else 0.8 / len(lines) * 0.85)
            for k, line in enumerate(lines):
                up = ((len(lines) - 1) / 2 - k) * size * 0.8 / len(lines)
                slot = "light" if kind == "aisle" else "dark"
                piece = words(line, tall * 0.75, font="black", slot=slot, width=wide * 1.75)
                add_pieces(
                    b, [piece.moved(0.0, up)], lambda p, lift: np.column_stack([p, np.full(len(p), 0.0036 + lift)])
                )
    return centred(b)


def _rounded_triangle(r: float) -> Array:
    corners = circle(r * 0.86, 3, turn=np.pi / 2)
    turn = np.linspace(-np.pi / 3, np.pi / 3, 5)
    return np.concatenate(
        [
            c + r * 0.14 * np.column_stack([np.cos(t + turn), np.sin(t + turn)])
            for c, t in zip(corners, (np.pi / 2, 7 * np.pi / 6, 11 * np.pi / 6), strict=True)
        ]
    )


def _picture(kind: str, size: float, flip: bool) -> list[tuple[str, list[Array]]]:
    """Flat shapes of a sign: slot and rings each."""
    k = size
    if kind == "exit":
        man = np.array(
            [
                (-0.1, 0.2),
                (0.04, 0.2),
                (0.16, 0.08),
                (0.12, 0.03),
                (0.03, 0.1),
                (0.02, -0.08),
                (0.16, -0.16),
                (0.14, -0.38),
                (0.07, -0.38),
                (0.07, -0.22),
                (-0.08, -0.16),
                (-0.14, -0.26),
                (-0.36, -0.28),
                (-0.36, -0.21),
                (-0.2, -0.18),
                (-0.1, -0.02),
                (-0.1, 0.1),
                (-0.2, 0.03),
                (-0.26, 0.08),
            ]
        )
        door = np.array([(0.36, -0.4), (0.44, -0.4), (0.44, 0.4), (0.1, 0.4), (0.1, 0.33), (0.36, 0.33)])
        arrow = np.array(
            [(-0.45, 0.0), (-0.66, 0.2), (-0.66, 0.07), (-0.88, 0.07), (-0.88, -0.07), (-0.66, -0.07), (-0.66, -0.2)]
        )
        if flip:
            arrow = (arrow * (-1, 1) + (-1.33, 0.0))[::-1]
        return [
            ("light", [man[::-1] * k]),
            ("light", [circle(0.07 * k, 16, center=(0.04 * k, 0.3 * k))]),
            ("light", [door * k]),
            ("light", [arrow * k]),
        ]
    if kind == "extinguisher":
        body = round_rectangle(0.12 * k, 0.24 * k, 0.06 * k, 5) - 0.08 * k
        top = np.array(
            [(-0.13, 0.17), (-0.03, 0.17), (-0.03, 0.24), (0.16, 0.3), (0.14, 0.36), (-0.08, 0.3), (-0.13, 0.3)]
        )
        flame = np.array(
            [(0.14, -0.3), (0.3, -0.3), (0.36, -0.16), (0.27, 0.02), (0.22, -0.06), (0.17, 0.04), (0.09, -0.16)]
        )
        return [("light", [body]), ("light", [top * k]), ("light", [flame * k])]
    if kind == "helmet":
        t = np.linspace(0.0, np.pi, 15)
        cap = np.concatenate(
            [
                np.column_stack([0.24 * np.cos(t), 0.02 + 0.24 * np.sin(t)]),
                [(-0.3, 0.02), (-0.3, -0.03), (0.34, -0.03), (0.34, 0.02)],
            ]
        )
        face = round_rectangle(0.17, 0.13, 0.1, 5) - np.array([0.0, 0.18])
        return [("light", [cap * k]), ("light", [face * k])]
    if kind == "voltage":
        flash = np.array([(0.07, 0.33), (-0.12, -0.02), (0.01, 0.01), (-0.05, -0.2), (0.13, 0.1), (0.0, 0.07)])
        return [("dark", [flash * k])]
    if kind == "forklift":
        truck = np.array(
            [
                (-0.24, -0.12),
                (0.06, -0.12),
                (0.06, 0.22),
                (-0.12, 0.22),
                (-0.12, 0.16),
                (0.0, 0.16),
                (0.0, 0.04),
                (-0.1, 0.04),
                (-0.24, 0.0),
            ]
        )
        fork = np.array([(0.1, -0.16), (0.28, -0.16), (0.28, -0.13), (0.13, -0.13), (0.13, 0.26), (0.1, 0.26)])
        return [
            ("dark", [truck * k]),
            ("dark", [fork * k]),
            ("dark", [circle(0.055 * k, 18, center=(-0.17 * k, -0.155 * k))]),
            ("dark", [circle(0.055 * k, 18, center=(0.0, -0.155 * k))]),
        ]
    if kind == "no_entry":
        return [("light", [rectangle(-0.34 * k, 0.34 * k, -0.07 * k, 0.07 * k)])]
    if kind == "assembly":
        arrows = []
        arrow = np.array(
            [(0.08, 0.08), (0.22, 0.08), (0.17, 0.13), (0.36, 0.32), (0.32, 0.36), (0.13, 0.17), (0.08, 0.22)]
        )
        for n in range(4):
            c, s = (1, 0, -1, 0)[n], (0, 1, 0, -1)[n]
            arrows.append(("light", [arrow @ np.array([[c, s], [-s, c]]) * k]))
        return arrows
    return []
