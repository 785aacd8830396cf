"""Packages as meshes: they stand on z = 0 and look to +X; slot `print` takes the sheet of the same size (see sheets).

width (y), depth (x) and height (z) in metres. Parts without print have slots of their own: cap, lid, metal, glass,
body, tray.
"""

from __future__ import annotations

import math

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.packaging.forms import Ring, box_sheet, disc, grid_normals, loft, patch, rounded_box
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

_UNIT = (0.0, 0.0, 1.0, 1.0)
_ALL = ("front", "right", "back", "left", "top", "bottom")

LABEL_FROM = {"bottle": (0.32, 0.62), "wine_bottle": (0.16, 0.46), "beer_bottle": (0.14, 0.48), "jar": (0.14, 0.72)}
"""Where a label begins and ends on a round pack, as shares of its height."""

FLASK_PRINT = (0.1, 0.7)


@mesh_generator("retail.box")
def box(width: float = 0.19, depth: float = 0.065, height: float = 0.29, bulge: float = 0.001) -> Mesh:
    """A folding carton. Slots: print."""
    b = MeshBuilder("print")
    rounded_box(
        b, (depth, width, height), 0.0012, dict.fromkeys(_ALL, "print"), box_sheet(width, depth, height), bulge=bulge
    )
    return b.mesh()


@mesh_generator("retail.brick")
def brick(width: float = 0.09, depth: float = 0.06, height: float = 0.17, seed: int = 0) -> Mesh:
    """A vacuum brick: rounded, and not quite even. Slots: print."""
    b = MeshBuilder("print")
    rng = np.random.default_rng(seed)
    wave = rng.normal(0, 0.0009, (4, 3))
    phase = rng.uniform(0, 6.28, (4, 3))

    def uneven(p: Array) -> Array:
        moved = p.copy()
        for k in range(4):
            moved[:, :2] += wave[k, :2] * np.sin(p[:, 2:] * (40 + 25 * k) + phase[k, :2])
        return moved

    rounded_box(
        b, (depth, width, height), 0.006, dict.fromkeys(_ALL, "print"), box_sheet(width, depth, height), bulge=0.001,
        shape=uneven,
    )  # fmt: skip
    return b.mesh()


@mesh_generator("retail.multipack")
def multipack(width: float = 0.27, depth: float = 0.2, height: float = 0.12) -> Mesh:
    """Cans in a sleeve of board, with a grip of board on top. Slots: print, body."""
    b = MeshBuilder("print", "body")
    sheet = box_sheet(width, depth, height)
    rounded_box(b, (depth, width, height), 0.012, dict.fromkeys(_ALL, "print"), sheet, bulge=0.002)
    b.boxes(-0.045, 0.045, -0.014, 0.014, height + 0.0002, height + 0.0012, "body")
    return b.mesh()


@mesh_generator("retail.milk_carton")
def milk_carton(width: float = 0.07, depth: float = 0.07, height: float = 0.2, cap: bool = True) -> Mesh:
    """A carton with a gable top; `height` includes the fin. Slots: print, cap."""
    b = MeshBuilder("print", "cap")
    fin, slope = 0.018, 0.42 * depth
    wall = height - fin - slope
    sheet = box_sheet(width, depth, wall)
    x, y = depth / 2, width / 2
    corners = [(x, -y), (x, y), (-x, y), (-x, -y)]
    for k, face in enumerate(("front", "right", "back", "left")):
        (ax, ay), (cx, cy) = corners[k], corners[(k + 1) % 4]
        b.quads([[(ax, ay, 0), (cx, cy, 0), (cx, cy, wall), (ax, ay, wall)]], "print", uvs=_square(sheet[face]))
    b.quads([[(-x, -y, 0), (-x, y, 0), (x, y, 0), (x, -y, 0)]], "print", uvs=_square(sheet["bottom"]))
    ridge, t = wall + slope, 0.0012
    for sign in (1, -1):
        low = [(sign * x, -sign * y, wall), (sign * x, sign * y, wall)]
        high = [(sign * t, sign * y, ridge), (sign * t, -sign * y, ridge)]
        b.quads([[*low, *high]], "print", uvs=_square(sheet["top"]))
        # The gables are folded in: two leaning triangles a side that meet in a crease.
        side, crease = sign * y, (0.0, sign * (y - 0.3 * slope), wall + 0.12 * slope)
        foot = [(sign * x, side, wall), (-sign * x, side, wall)]
        tips = [(-sign * t, side, ridge), (sign * t, side, ridge)]
        gable = sheet["right" if sign > 0 else "left"]
        uv = _square((gable[0], gable[3] - 0.1, gable[2], gable[3]))[0]
        for tri in ((foot[0], foot[1], crease), (foot[1], tips[0], crease), (tips[1], foot[0], crease)):
            _triangle(b, tri, "print", [uv[0], uv[1], uv[2]])
        _triangle(b, (tips[0], tips[1], crease), "print", [uv[0], uv[1], uv[2]])
    b.boxes(-t, t, -y, y, ridge, height, "print", skip="-z")
    if cap:
        angle = math.atan2(slope, x)
        middle = (0.52 * x, 0.0, wall + 0.48 * slope)
        n = (math.sin(angle), 0.0, math.cos(angle))
        with b.at(middle, (math.cos(angle), 0.0, -math.sin(angle)), (0.0, 1.0, 0.0), n):
            b.cylinder(0.0135, -0.004, 0.011, "cap", sides=22)
    return b.mesh()


@mesh_generator("retail.can")
def can(diameter: float = 0.075, height: float = 0.11) -> Mesh:
    """A tin with beaded ends. Slots: print, metal."""
    b = MeshBuilder("print", "metal")
    r, h = diameter / 2, height
    b.lathe(
        [(0, 0.004), (r - 0.004, 0.004), (r - 0.003, 0), (r, 0), (r + 0.0007, 0.002), (r - 0.0008, 0.0045)],
        "metal",
        sides=32,
    )
    loft(b, [(r - 0.0008, r - 0.0008, 0.0045), (r - 0.0008, r - 0.0008, h - 0.0045)], "print", sides=32)
    lid = [(r - 0.0008, h - 0.0045), (r + 0.0007, h - 0.002), (r, h), (r - 0.003, h), (r - 0.004, h - 0.004)]
    b.lathe(
        [*lid, (0.62 * r, h - 0.004), (0.6 * r, h - 0.0032), (0.3 * r, h - 0.004), (0, h - 0.004)], "metal", sides=32
    )
    return b.mesh()


@mesh_generator("retail.soda_can")
def soda_can(diameter: float = 0.066, height: float = 0.116) -> Mesh:
    """A drink can: necked, with a tab. Slots: print, metal."""
    b = MeshBuilder("print", "metal")
    r, h = diameter / 2, height
    neck = 0.82 * r
    b.lathe(
        [(0, 0.006), (0.6 * r, 0.004), (0.68 * r, 0.0), (0.74 * r, 0.0), (0.86 * r, 0.004), (r, 0.012)],
        "metal",
        sides=32,
        smooth=True,
    )
    body: list[Ring] = [(r, r, 0.012), (r, r, h - 0.014), (0.95 * r, 0.95 * r, h - 0.0075), (neck, neck, h - 0.003)]
    loft(b, body, "print", sides=32)
    b.lathe(
        [
            (neck, h - 0.003),
            (neck + 0.001, h - 0.001),
            (neck, h),
            (neck - 0.0025, h - 0.0005),
            (neck - 0.004, h - 0.005),
            (0, h - 0.005),
        ],
        "metal",
        sides=32,
    )
    b.boxes(-0.006, 0.014, -0.007, 0.007, h - 0.0048, h - 0.0034, "metal")
    return b.mesh()


@mesh_generator("retail.tall_can")
def tall_can(diameter: float = 0.076, height: float = 0.23) -> Mesh:
    """A tube of board with a plastic lid. Slots: print, metal, lid."""
    b = MeshBuilder("print", "metal", "lid")
    r, h = diameter / 2, height
    b.lathe([(0, 0.003), (r - 0.003, 0.003), (r - 0.002, 0), (r, 0), (r, 0.004)], "metal", sides=32)
    loft(b, [(r, r, 0.004), (r, r, h - 0.009)], "print", sides=32)
    b.lathe(
        [
            (r, h - 0.009),
            (r + 0.001, h - 0.009),
            (r + 0.001, h - 0.0012),
            (r, h),
            (r - 0.004, h),
            (r - 0.005, h - 0.0015),
            (0, h - 0.0015),
        ],
        "lid",
        sides=32,
    )
    return b.mesh()


@mesh_generator("retail.bottle")
def bottle(diameter: float = 0.08, height: float = 0.3, style: str = "bottle") -> Mesh:
    """A bottle; style: bottle (soft drink, oil), wine_bottle or beer_bottle. Slots: glass, print, cap."""
    b = MeshBuilder("glass", "print", "cap")
    r, h = diameter / 2, height
    low, high = LABEL_FROM[style]
    neck, shoulder = {"bottle": (0.36, 0.66), "wine_bottle": (0.38, 0.62), "beer_bottle": (0.42, 0.55)}[style]
    top = {"bottle": 0.93, "wine_bottle": 0.985, "beer_bottle": 0.98}[style]
    waist = 0.94 if style == "bottle" else 1.0
    profile = [(0.0, 0.014), (0.5 * r, 0.012), (0.72 * r, 0.0), (0.9 * r, 0.0015), (0.985 * r, 0.008), (r, 0.018)]
    profile += [(r, low * h - 0.004), (waist * r, low * h), (waist * r, high * h), (r, high * h + 0.004)]
    t = np.linspace(0, 1, 9)[1:]
    rise = (shoulder + (0.2 if style != "wine_bottle" else 0.12)) * h
    begin = max(shoulder * h, high * h + 0.006)
    profile += [(r + (neck * r - r) * (1 - math.cos(math.pi * k)) / 2, begin + (rise - begin) * k) for k in t]
    profile += [(neck * r, top * h - 0.012), (neck * r * 1.12, top * h - 0.01), (neck * r * 1.12, top * h - 0.006)]
    profile += [(neck * r * 0.98, top * h - 0.005), (neck * r * 0.98, top * h), (0.0, top * h)]
    b.lathe(profile, "glass", sides=32, smooth=False)
    proud = waist * r + 0.0005
    loft(b, [(proud, proud, low * h + 0.001), (proud, proud, high * h - 0.001)], "print", sides=32)
    cap_r = neck * r * (1.16 if style == "bottle" else 1.1)
    if style == "bottle":
        b.lathe(
            [(neck * r, top * h - 0.004), (cap_r, top * h - 0.003), (cap_r, h - 0.0015), (cap_r - 0.0015, h), (0, h)],
            "cap",
            sides=40,
            facets=True,
        )
    elif style == "beer_bottle":
        b.lathe(
            [(neck * r, h - 0.008), (cap_r * 1.06, h - 0.007), (cap_r, h - 0.002), (0.8 * cap_r, h), (0, h)],
            "cap",
            sides=21,
            facets=True,
        )
    else:
        b.lathe(
            [
                (neck * r, 0.8 * h),
                (neck * r + 0.0006, 0.8 * h),
                (neck * r + 0.0008, h - 0.001),
                (neck * r - 0.001, h),
                (0, h),
            ],
            "cap",
            sides=32,
        )
    return b.mesh()


@mesh_generator("retail.jar")
def jar(diameter: float = 0.07, height: float = 0.12) -> Mesh:
    """A glass with a screw lid. Slots: glass, print, lid."""
    b = MeshBuilder("glass", "print", "lid")
    r, h = diameter / 2, height
    low, high = LABEL_FROM["jar"]
    lid = min(0.016, 0.16 * h)
    profile = [(0, 0.004), (0.7 * r, 0.003), (0.82 * r, 0), (0.93 * r, 0.002), (r, 0.009), (r, high * h + 0.002)]
    profile += [
        (0.97 * r, high * h + 0.008),
        (0.86 * r, h - lid - 0.003),
        (0.84 * r, h - lid),
        (0.84 * r, h - 0.004),
        (0, h - 0.004),
    ]
    b.lathe(profile, "glass", sides=32, smooth=False)
    proud = r + 0.0005
    loft(b, [(proud, proud, max(low * h, 0.01)), (proud, proud, high * h)], "print", sides=32)
    k = 0.9 * r
    b.lathe(
        [
            (0.85 * r, h - lid),
            (k, h - lid),
            (k + 0.0006, h - lid + 0.001),
            (k, h - 0.0015),
            (k - 0.0015, h),
            (0.75 * k, h),
            (0.73 * k, h - 0.0008),
            (0, h - 0.0008),
        ],
        "lid",
        sides=36,
    )
    return b.mesh()


@mesh_generator("retail.tub")
def tub(diameter: float = 0.095, height: float = 0.09, taper: float = 0.86) -> Mesh:
    """A tapered cup with a lid; the sheet has a disc for it. Slots: print, lid."""
    b = MeshBuilder("print", "lid")
    r, h = diameter / 2, height
    foot, rim = taper * (r - 0.002), r - 0.002
    around, lid = round_sheet(2 * math.pi * (r - 0.002), h - 0.004, 2 * r - 0.006)
    disc(b, foot, 0.0, "lid", up=False, sides=32, sheet=_UNIT)
    loft(b, [(foot, foot, 0.0), (rim, rim, h - 0.004)], "print", sides=32, sheet=around)
    b.lathe([(rim, h - 0.004), (r, h - 0.004), (r, h - 0.0008), (r - 0.0008, h), (r - 0.003, h)], "lid", sides=32)
    disc(b, r - 0.003, h, "print", sides=32, sheet=lid)
    return b.mesh()


def round_sheet(
    around: float, height: float, lid: float
) -> tuple[tuple[float, float, float, float], tuple[float, float, float, float]]:
    """Where the wrap and the disc lie on the sheet of `sheets.round_print`."""
    wide, tall = max(around, lid), height + lid
    return (0.0, 0.0, around / wide, height / tall), (0.0, height / tall, lid / wide, 1.0)


@mesh_generator("retail.flask")
def flask(width: float = 0.09, depth: float = 0.06, height: float = 0.25, handle: bool = False) -> Mesh:
    """An oval plastic bottle with a cap; with a handle, a jug. Slots: body, print, cap."""
    b = MeshBuilder("body", "print", "cap")
    x, y, h = depth / 2, width / 2, height
    low, high = FLASK_PRINT
    cap = 0.13 * h
    neck = min(0.5 * x, 0.016)
    shoulder: list[Ring] = [
        (x + (neck - x) * s, y + (neck - y) * s, high * h + (0.84 - high) * h * k)
        for k, s in ((k, (1 - math.cos(math.pi * k)) / 2) for k in np.linspace(0, 1, 9))
    ]
    foot: list[Ring] = [
        (0.0, 0.0, 0.003),
        (0.7 * x, 0.7 * y, 0.003),
        (0.88 * x, 0.88 * y, 0.0),
        (0.97 * x, 0.97 * y, 0.004),
    ]
    foot += [(x, y, 0.012), (x, y, low * h)]
    loft(b, foot, "body", power=2.6)
    loft(b, [(x, y, low * h), (x, y, high * h)], "print", power=2.6)
    loft(b, [*shoulder, (neck, neck, h - cap), (0.0, 0.0, h - cap)], "body", power=2.6 if not handle else 2.2)
    k = 1.35 * neck
    b.lathe([(0, h - cap), (k, h - cap), (k, h - 0.004), (k - 0.003, h), (0, h)], "cap", sides=28)
    if handle:
        arc = np.linspace(-0.2 * np.pi, 0.5 * np.pi, 9)
        reach = [(0.0, -0.55 * y - 0.35 * y * math.cos(a), 0.66 * h + 0.16 * h * math.sin(a)) for a in arc]
        b.tube(reach, 0.0085, "body", sides=10)
    return b.mesh()


@mesh_generator("retail.bag")
def bag(width: float = 0.2, depth: float = 0.07, height: float = 0.28, seed: int = 0) -> Mesh:
    """A pillow bag with crimped ends, its skin a little creased. Slots: print."""
    b = MeshBuilder("print")
    rng = np.random.default_rng(seed)
    rows, columns = 33, 25
    v, u = np.linspace(0, 1, rows)[:, None], np.linspace(-1, 1, columns)[None]
    seal = min(0.02, 0.08 * height) / height
    inside = np.clip((v - seal) / (1 - 2 * seal), 0, 1)
    belly = np.sin(np.pi * inside) ** 0.55 * (0.75 + 0.25 * (1 - inside))
    half = width / 2 * (1 - 0.09 * np.sin(np.pi * inside) ** 0.6)
    full = depth / 2 * belly * np.sqrt(np.clip(1 - np.abs(u) ** 2.4, 0, 1))
    crease = np.zeros((rows, columns))
    for _ in range(14):
        at, lean, wide = rng.uniform(-1, 1), rng.normal(0, 0.5), rng.uniform(0.03, 0.09)
        end = 0.0 if rng.random() < 0.5 else 1.0
        near = np.exp(-(((u - at - lean * (v - end)) / wide) ** 2)) * np.exp(-np.abs(v - end) / 0.22)
        crease += rng.uniform(-1, 1) * near
    crimp = 0.0006 * np.sin(v * height * 2 * np.pi / 0.004) * (inside * (1 - inside) == 0)
    within = (np.abs(u) < 1) & (v > 0) & (v < 1)
    for sign, part in ((1, (0.0, 0.5)), (-1, (0.5, 1.0))):
        thick = np.maximum(full + 0.0035 * crease * np.minimum(1.0, full / 0.01), 0.0004)
        x = np.where(within, sign * thick + crimp, 0.0)
        y = sign * half * u
        p = np.stack(np.broadcast_arrays(x, y, v * height), axis=-1)
        s = part[0] + (part[1] - part[0]) * (u + 1) / 2
        patch(b, p, grid_normals(p), np.stack(np.broadcast_arrays(s, v), axis=-1), "print")
    return b.mesh()


@mesh_generator("retail.tube")
def tube(width: float = 0.05, depth: float = 0.035, height: float = 0.16) -> Mesh:
    """A tube that stands on its cap: round below, flat above. Slots: print, cap."""
    b = MeshBuilder("print", "cap")
    cap = min(0.03, 0.2 * height)
    r = 0.95 * depth / 2
    b.lathe([(0, 0), (r, 0), (r, cap - 0.001), (0.0, cap - 0.001)], "cap", sides=30, facets=True)
    t = np.linspace(0, 1, 9)
    rings: list[Ring] = [(0.0, 0.0, cap - 0.0005), (0.9 * r, 0.9 * r, cap)]
    rings += [
        (
            depth / 2 * (1 - k) ** 0.7 + 0.0007,
            depth / 2 + (width / 2 - depth / 2) * k,
            cap + 0.006 + (height - 0.01 - cap - 0.006) * k,
        )
        for k in t
    ]
    rings += [(0.0007, width / 2, height), (0.0, 0.0, height)]
    loft(b, rings, "print", sides=30)
    return b.mesh()


@mesh_generator("retail.tray")
def tray(width: float = 0.18, depth: float = 0.13, height: float = 0.04) -> Mesh:
    """A tapered tray under a printed film that lies flat. Slots: tray, print."""
    b = MeshBuilder("tray", "print")
    x, y, h = depth / 2, width / 2, height
    rings: list[Ring] = [
        (0, 0, 0),
        (0.82 * x, 0.84 * y, 0.0),
        (0.86 * x, 0.88 * y, 0.004),
        (x - 0.008, y - 0.008, h - 0.003),
    ]
    rings += [(x, y, h - 0.003), (x, y, h - 0.0012)]
    loft(b, rings, "tray", power=7.0, sides=44, smooth=False)
    rows, columns = 9, 9
    v, u = np.linspace(-1, 1, rows)[:, None], np.linspace(-1, 1, columns)[None]
    dome = np.clip(1 - u**4, 0, 1) * np.clip(1 - v**4, 0, 1) * min(0.003, 0.08 * h)
    p = np.stack(np.broadcast_arrays(-0.97 * x * v, 0.97 * y * u, h - 0.0006 + dome), axis=-1)
    uv = np.stack(np.broadcast_arrays((u + 1) / 4, (v + 1) / 2), axis=-1)
    patch(b, p, grid_normals(p), uv, "print")
    loft(b, [(x, y, h - 0.0012), (0.0, 0.0, h - 0.0011)], "tray", power=7.0, sides=44, smooth=False)
    return b.mesh()


def _square(rect: tuple[float, float, float, float]) -> list[list[tuple[float, float]]]:
    u0, v0, u1, v1 = rect
    return [[(u0, v0), (u1, v0), (u1, v1), (u0, v1)]]


def _triangle(b: MeshBuilder, corners: object, slot: str, uvs: object) -> None:
    p = np.asarray(corners, dtype=np.float64)
    normal = np.cross(p[1] - p[0], p[2] - p[0])
    normal /= max(float(np.linalg.norm(normal)), 1e-12)
    b.triangles(
        p, np.array([[0, 1, 2]]), slot, normals=np.repeat(normal[None], 3, 0), uvs=np.asarray(uvs, dtype=np.float64)
    )
