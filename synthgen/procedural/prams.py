"""Prams: a chassis of tubes on four wheels with a carrycot or a seat, and a hood over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.cloth_sheets import add_sheet, add_tub
from synthgen.procedural.profiles import bent, rods
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

SLOTS = ("frame", "grip", "fabric", "lining", "basket", "plastic", "tyre", "rim")
KINDS = ("carrycot", "seat")
WHEELS = ("spokes", "blades", "disc")
_SIDEWAYS = ((1, 0, 0), (0, 0, -1), (0, 1, 0))
"""Axes of a frame whose z is a wheel's axle."""
_TUBE = 0.0115
"""Radius of the chassis' tubes, metres."""


@dataclass(frozen=True, slots=True)
class _Chassis:
    """Before the pram is centred: z of the handle and of the joints at x = 0, half widths of the handle's tubes and
    of the wheels rear and front, x of handle and axles, radii of the wheels."""

    handle: tuple[float, float]
    joint: float
    half: float
    track: tuple[float, float]
    axle: tuple[float, float]
    wheel: tuple[float, float]
    style: str
    tyre: float


@mesh_generator("road.pram", version=2)
def pram(kind: str = "carrycot", height: float = 1.02, wheels: str = "spokes", seed: int = 0) -> Mesh:
    """A pram that is pushed towards +X, its handle across at -X.

    height: of the middle of the handle. kind: one of KINDS, wheels: of WHEELS. seed: sizes of wheels, chassis,
    cot or seat, how far hood and cover are open, the basket below.

    Slots: frame, grip, fabric, lining, basket, plastic, tyre, rim. Raises InputError for another kind or wheels.
    """
    if kind not in KINDS or wheels not in WHEELS:
        raise InputError.of(f"no pram is a {kind!r} on {wheels!r}", hint=f"{', '.join(KINDS)}; {', '.join(WHEELS)}")
    rng = np.random.default_rng([seed, 73])
    big = float(rng.uniform(0.125, 0.165)) + (0.02 if wheels == "spokes" else 0.0)
    small = big if wheels == "spokes" and rng.random() < 0.5 else float(rng.uniform(0.085, 0.115))
    half = float(rng.uniform(0.225, 0.25))
    c = _Chassis(
        handle=(-float(rng.uniform(0.5, 0.58)), height),
        joint=float(rng.uniform(0.47, 0.53)),
        half=half,
        track=(half + float(rng.uniform(0.035, 0.06)), half - float(rng.uniform(-0.02, 0.03))),
        axle=(-float(rng.uniform(0.23, 0.29)), float(rng.uniform(0.34, 0.4))),
        wheel=(big, small),
        style=wheels,
        tyre=float(rng.uniform(0.014, 0.024)),
    )
    b = MeshBuilder(*SLOTS)
    _chassis(b, c)
    _basket(b, c, rng)
    if kind == "carrycot":
        _carrycot(b, c, rng)
    else:
        _seat(b, c, rng)
    made = b.mesh()
    low, high = made.bounds
    centred = MeshBuilder(*SLOTS)
    with centred.at((-float(low[0] + high[0]) / 2, 0.0, -float(low[2]))):
        centred.add(made)
    return centred.mesh()


def handle_of(mesh: Mesh) -> tuple[float, float]:
    """(x, z) of the middle of a pram's handle in the frame of its mesh, metres."""
    used = np.unique(mesh.faces[mesh.slot == mesh.slots.index("grip")])
    bar = mesh.vertices[used].astype(np.float64)
    aside = np.abs(bar[:, 1])
    x, _, z = bar[aside < aside.min() + 1e-3].mean(axis=0)  # rings where the straight bar ends
    return float(x), float(z)


def _chassis(b: MeshBuilder, c: _Chassis) -> None:
    """One tube from front wheel over the joint to the handle and down the other side, legs behind, axle and wheels."""
    (hx, hz), (rear, front), (big, small) = c.handle, c.axle, c.wheel
    crown = 2 * small + 0.03

    def side(sign: int) -> list[tuple[float, float, float]]:
        y, foot = sign * c.half, sign * c.track[1]
        return [
            (front, foot, crown), (front - 0.03, foot, crown + 0.05), (0.02, y, c.joint),
            (hx + 0.09, y, hz - 0.1), (hx, y, hz),
        ]  # fmt: skip

    left, right = side(1), side(-1)
    b.tube(bent([*left, *right[::-1]], 0.055, steps=5), _TUBE, "frame", sides=10)
    grip = [_between(left[3], left[4], 0.45), left[4], right[4], _between(right[3], right[4], 0.45)]
    b.tube(bent(grip, 0.055, steps=6), 0.0165, "grip", sides=12)
    for sign in (1, -1):
        y, out = sign * c.half, sign * c.track[0]
        leg = [(0.0, y, c.joint - 0.005), (rear + 0.04, y + sign * 0.004, big + 0.12), (rear, y + sign * 0.006, big)]
        b.tube(bent(leg, 0.08, steps=4), _TUBE, "frame", sides=10)
        with b.at((0.0, y, c.joint), *_SIDEWAYS):
            knob = [(0.0, -0.024), (0.026, -0.024), (0.032, -0.018), (0.032, 0.018), (0.026, 0.024), (0.0, 0.024)]
            b.lathe(knob, "plastic", sides=20)
        with b.at(_between(side(sign)[2], side(sign)[3], 0.68), *_SIDEWAYS):
            b.lathe([(0.0, -0.015), (0.02, -0.015), (0.022, -0.01), (0.022, 0.01), (0.02, 0.015), (0.0, 0.015)],
                    "plastic", sides=16)  # fmt: skip
        _wheel(b, (rear, out, big), big, c.tyre, c.style)
        _fork(b, (front, sign * c.track[1], small), small, c.tyre)
        _wheel(b, (front, sign * c.track[1], small), small, c.tyre, c.style)
    rods(b, [(rear, -c.track[0], big)], [(rear, c.track[0], big)], 0.0085, "frame", sides=10)
    rods(b, [(rear + 0.045, -c.half, big + 0.13)], [(rear + 0.045, c.half, big + 0.13)], 0.009, "frame", sides=8)
    z = crown + 0.05 + (c.joint - crown - 0.05) * 0.22
    x, y = front - 0.03 - (front - 0.05) * 0.22, c.track[1] + (c.half - c.track[1]) * 0.22
    rods(b, [(x, -y, z)], [(x, y, z)], 0.009, "frame", sides=8)


def _between(a: tuple[float, float, float], b: tuple[float, float, float], share: float) -> tuple[float, float, float]:
    x, y, z = (p + share * (q - p) for p, q in zip(a, b, strict=True))
    return x, y, z


def _fork(b: MeshBuilder, axle: tuple[float, float, float], radius: float, tyre: float) -> None:
    """What a front wheel turns in: two blades from its axle to a crown above it."""
    x, y, z = axle
    wide, top = tyre + 0.012, 2 * radius + 0.018
    line = [(x, y - wide, z), (x, y - wide, top), (x, y + wide, top), (x, y + wide, z)]
    b.tube(bent(line, 0.018, steps=4), 0.0065, "plastic", sides=8)
    with b.at((x, y, 0.0)):
        b.cylinder(0.0165, top - 0.004, top + 0.05, "plastic", sides=14)
    rods(b, [(x, y - wide - 0.008, z)], [(x, y + wide + 0.008, z)], 0.0055, "frame", sides=8)


def _wheel(b: MeshBuilder, axle: tuple[float, float, float], radius: float, tyre: float, style: str) -> None:
    """Tyre, rim and what holds the rim: wire spokes, five blades or a disc. tyre: half its width."""
    rim = radius - 1.7 * tyre
    turn = np.linspace(0.0, 2 * np.pi, 13)[:-1]
    with b.at(axle, *_SIDEWAYS):
        round_ = [(radius - tyre + tyre * float(np.cos(t)), 0.9 * tyre * float(np.sin(t))) for t in turn]
        b.lathe([*round_, round_[0]], "tyre", sides=36, smooth=True)
        w = tyre * 0.7
        edge = [(rim - 0.012, -w * 0.8), (rim + 0.004, -w), (rim + 0.004, w), (rim - 0.012, w * 0.8)]
        b.lathe([*edge, edge[0]], "rim", sides=36)
        hub = [(0.0, -w - 0.012), (0.012, -w - 0.012), (0.018, -w - 0.006), (0.02, -w * 0.6)]
        b.lathe([*hub, *((r, -z) for r, z in hub[::-1])], "plastic", sides=16)
        if style == "disc":
            dish = [(0.014, -w * 0.35), (rim * 0.5, -w * 0.55), (rim - 0.006, -w * 0.3)]
            ring = [*dish, *((r, -z) for r, z in dish[::-1])]
            b.lathe([*ring, ring[0]], "rim", sides=28, smooth=False)
        elif style == "spokes":
            a = np.arange(20) * 2 * np.pi / 20
            side = np.where(np.arange(20) % 2 == 0, 1.0, -1.0)
            start = np.column_stack(
                [0.016 * np.cos(a + 0.5 * side), 0.016 * np.sin(a + 0.5 * side), side * (w + 0.002)]
            )
            end = np.column_stack([(rim - 0.008) * np.cos(a), (rim - 0.008) * np.sin(a), side * 0.15 * w])
            rods(b, start, end, 0.0014, "rim", sides=4)
        else:
            for a in np.arange(5) * 2 * np.pi / 5:
                ahead, aside = np.array([np.cos(a), np.sin(a), 0.0]), np.array([-np.sin(a), np.cos(a), 0.0])
                with b.at((0.0, 0.0, 0.0), ahead, aside):
                    b.chamfered(0.012, rim - 0.004, -0.013, 0.013, -w * 0.5, w * 0.5, 0.004, "rim")


def _basket(b: MeshBuilder, c: _Chassis, rng: np.random.Generator) -> None:
    """A bag of cloth hung between the legs."""
    low = c.wheel[0] + float(rng.uniform(0.0, 0.04))
    deep = float(rng.uniform(0.1, 0.15))
    x0, x1, y = c.axle[0] + 0.035, c.axle[1] - c.wheel[1] - 0.06, c.half - 0.03
    a, middle = (x1 - x0) / 2, (x0 + x1) / 2
    rim = low + deep
    rows = [(0.86, 0.86, low), (0.93, 0.92, low + 0.03), (1.0, 1.0, rim - 0.008), (1.0, 1.0, rim - 0.003),
            (0.99, 0.988, rim), (0.98, 0.976, rim - 0.003), (0.978, 0.973, rim - 0.012),
            (0.9, 0.89, low + 0.035)]  # fmt: skip
    rings = np.array([_oval(middle, kx * a, ky * y, z, 6.0) for kx, ky, z in rows])
    add_tub(b, rings, ("basket",) * 7, "basket")


def _oval(x: float, a: float, c: float, z: float, power: float, *, count: int = 40) -> Array:
    """(N, 3) outline between an ellipse (power 2) and a rectangle, counter-clockwise seen from above."""
    turn = np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    co, si = np.cos(turn), np.sin(turn)
    px, py = np.sign(co) * np.abs(co) ** (2 / power), np.sign(si) * np.abs(si) ** (2 / power)
    return np.column_stack([x + a * px, c * py, np.full(count, z)])


def _carrycot(b: MeshBuilder, c: _Chassis, rng: np.random.Generator) -> None:
    """A soft tub with its hood at the far end, open to who pushes, and a cover over the near end."""
    a, half = float(rng.uniform(0.38, 0.43)), float(rng.uniform(0.175, 0.2))
    low, tall = c.joint + 0.015, float(rng.uniform(0.2, 0.26))
    middle = float(rng.uniform(0.0, 0.04))
    rim = low + tall
    rows = [(0.80, 0.78, low), (0.87, 0.86, low + 0.008), (0.92, 0.92, low + 0.04), (0.975, 0.975, low + 0.6 * tall),
            (1.0, 1.0, rim - 0.012), (1.004, 1.006, rim), (0.99, 0.985, rim + 0.007), (0.955, 0.93, rim + 0.002),
            (0.94, 0.9, rim - 0.02), (0.92, 0.88, rim - 0.11)]  # fmt: skip
    rings = np.array([_oval(middle, kx * a, ky * half, z, 2.9, count=48) for kx, ky, z in rows])
    rings[..., 2] += 0.05 * np.clip((rings[..., 0] - middle) / a, -1, 1) ** 2 * ((rings[..., 2] - low) / tall) ** 2
    add_tub(b, rings, ("fabric",) * 6 + ("lining",) * 3, "lining")
    span = (middle - 0.93 * a, middle + a * float(rng.uniform(-0.15, 0.2)))
    _cover(b, span, (middle, a), half, rim + 0.006, float(rng.uniform(0.025, 0.05)))
    pivot = middle + a * float(rng.uniform(0.2, 0.3))
    _hood(b, pivot, rim - 0.005, 1.0, middle + a * 1.01 - pivot, half + 0.006, (4.0, float(rng.uniform(98, 128))), rng)
    for sign in (1, -1):
        rods(b, [(0.0, sign * (c.half - 0.01), c.joint)], [(0.0, sign * half * 0.9, low + 0.05)], 0.012, "plastic")


def _cover(
    b: MeshBuilder, span: tuple[float, float], oval: tuple[float, float], half: float, z: float, rise: float
) -> None:
    """A quilted cover over a cot's rim between two x, arched by `rise`. oval: middle and half length of the cot."""
    x = np.linspace(*span, 14)
    share = np.clip(np.abs((x - oval[0]) / oval[1]), 0, 0.985)
    wide = half * (1.0 - share**2.9) ** (1 / 2.9) + 0.006
    s = np.linspace(-1.0, 1.0, 15)
    y = wide[:, None] * s[None]
    end = np.clip(np.minimum(x - span[0], 0.1) / 0.1, 0.0, 1.0) ** 0.5
    quilt = 0.004 * np.abs(np.sin(np.linspace(0, 4 * np.pi, 14)))[:, None] * (1 - s**2)
    arch = (rise * end[:, None]) * (1.0 - np.abs(s) ** 2.5) + quilt
    edge = 0.05 * np.clip(np.abs((x - oval[0]) / oval[1]), 0, 1)[:, None] ** 2
    low = np.where(np.abs(s) > 0.99, -0.03, 0.0)[None] * np.maximum(end, 0.3)[:, None]
    grid = np.stack([np.broadcast_to(x[:, None], y.shape), y, z + arch + edge + low], axis=-1)
    add_sheet(b, grid, 0.012, "fabric")


def _hood(
    b: MeshBuilder,
    x: float,
    z: float,
    way: float,
    reach: float,
    half: float,
    span: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Cloth over bows that turn about (x, z), from span[0] to span[1] degrees above level. way: 1 ahead, -1 behind."""
    bows = int(rng.integers(3, 5))
    fine = 5
    share = np.linspace(0.0, 1.0, bows * fine + 1)
    angle = np.radians(span[0] + (span[1] - span[0]) * share)
    sag = 1.0 - 0.045 * np.abs(np.sin(np.pi * share * bows)) ** 1.2
    turn = np.linspace(0.06, np.pi - 0.06, 25)
    power = 2 / float(rng.uniform(2.8, 3.6))
    y = half * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    out = np.abs(np.sin(turn)) ** power
    r = reach * out[None] * (1.0 - (1.0 - sag[:, None]) * out[None])
    grid = np.stack(
        [x + way * r * np.cos(angle)[:, None], np.broadcast_to(y, r.shape), z + r * np.sin(angle)[:, None]], axis=-1
    )
    # Rows wind about the pivot: the cloth's outside is away from it whichever way the hood opens.
    add_sheet(b, grid if way > 0 else grid[:, ::-1], -0.006, "fabric", back="lining")
    b.tube(grid[-1], 0.0055, "fabric", sides=6)
    for sign in (1, -1):
        with b.at((x, sign * (half + 0.002), z), *_SIDEWAYS):
            b.lathe([(0.0, -0.01), (0.022, -0.01), (0.024, -0.006), (0.024, 0.006), (0.022, 0.01), (0.0, 0.01)],
                    "plastic", sides=16)  # fmt: skip


def _seat(b: MeshBuilder, c: _Chassis, rng: np.random.Generator) -> None:
    """A padded seat that looks ahead, with a footrest, a bar before the child and a hood over its back."""
    half = float(rng.uniform(0.165, 0.19))
    lean = float(rng.uniform(18.0, 38.0))
    level = c.joint + float(rng.uniform(-0.03, 0.02))
    back = np.array([-np.sin(np.radians(lean)), np.cos(np.radians(lean))])
    root = np.array([-0.09, level])
    knee = np.array([0.15, level + 0.03])
    top = root + back * float(rng.uniform(0.42, 0.48))
    foot = knee + np.array([0.08, -float(rng.uniform(0.2, 0.24))])
    line = bent(np.array([top, root, knee, foot, foot + np.array([0.11, 0.01])]), 0.11, steps=8)
    travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0.0, travelled[-1], 34)
    p = np.column_stack([np.interp(at, travelled, line[:, k]) for k in range(2)])
    along = np.gradient(p, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.column_stack([-along[:, 1], along[:, 0]])
    s = np.linspace(-1.0, 1.0, 17)
    legs = np.clip((at - travelled[-1] + 0.33) / 0.12, 0.0, 1.0)
    wide = half * (1.0 - 0.12 * legs) * (1.0 - 0.25 * np.exp(-at / 0.05))
    raised = (0.065 * (1.0 - legs) + 0.012)[:, None] * np.abs(s) ** 4
    quilt = 0.005 * np.abs(np.sin(np.pi * at / 0.11))[:, None] * (1 - s**2)
    grid = np.stack(
        [
            p[:, :1] + up[:, :1] * (raised + quilt),
            wide[:, None] * s[None],
            p[:, 1:] + up[:, 1:] * (raised + quilt),
        ],
        axis=-1,
    )
    add_sheet(b, grid, 0.03, "lining", back="fabric")
    pivot = root + back * 0.3
    _hood(
        b, float(pivot[0]), float(pivot[1]), -1.0, float(rng.uniform(0.27, 0.31)), half + 0.025,
        (float(rng.uniform(5, 20)), float(rng.uniform(115, 150))), rng,
    )  # fmt: skip
    bar = [(-0.03, half + 0.012, level + 0.13), (0.2, half - 0.01, level + 0.19)]
    bar = [*bar, *((x, -y, z) for x, y, z in bar[::-1])]
    b.tube(bent(bar, 0.07, steps=5), 0.0125, "plastic", sides=10)
    for sign in (1, -1):
        rods(b, [(0.0, sign * c.half, c.joint)], [(-0.05, sign * half * 0.92, level + 0.06)], 0.012, "plastic", sides=8)
        side = [(-0.05, sign * (half + 0.004), level + 0.05), (float(pivot[0]), sign * (half + 0.02), float(pivot[1]))]
        b.tube(side, 0.009, "frame", sides=8)
