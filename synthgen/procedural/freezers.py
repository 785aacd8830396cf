"""Chest freezers of shops: islands with sliding glass lids, flat or curved, and where goods lie in them.

As with coolers, the panes are a mesh of their own (`retail.freezer_panes` of the same parameters).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.gondola import ShelfSpace, rail
from synthgen.procedural.profiles import bent, extruded, rectangle, ring, rods
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

WALL, LINER, RIM = 0.055, 0.02, 0.012
PANE = 0.005
SLOTS = ("body", "inner", "trim", "kick", "dark", "frame", "handle", "wire", "rail")


@dataclass(frozen=True, slots=True)
class _Plan:
    """x, y: half the well's width and length; top: of the rim; floor: of the well; dividers: y of the wells' bounds.

    slid: how far each lid is pushed along Y.
    """

    x: float
    y: float
    floor: float
    top: float
    dividers: tuple[float, ...]
    lids: tuple[tuple[float, float], ...]
    rise: float
    bar: float
    style: int


def _plan(length: float, depth: float, height: float, wells: int, curved: bool, seed: int) -> _Plan:
    rng = np.random.default_rng([seed, 51])
    if wells < 1 or length / wells < 0.3 or height < 0.6:
        raise InputError.of(
            f"{wells} wells do not fit a freezer of {length} x {height} m", hint="fewer, or a larger one"
        )
    edge = WALL + LINER + 0.006
    x, y = depth / 2 - edge, length / 2 - edge
    rise = float(rng.uniform(0.06, 0.16)) if curved else 0.0
    top = height - (rise + 0.045 if curved else 0.05)
    floor = top - float(rng.uniform(0.32, 0.5))
    pairs = max(1, round(length / 1.9))
    bounds = np.linspace(-y, y, pairs + 1)
    lids = []
    for a, c in pairwise(bounds):
        # Two lids of a pair overlap in the middle; one of them may be pushed over the other.
        half, lap = (c - a) / 2, 0.03
        slid = [0.0, 0.0]
        if rng.random() < 0.35:
            slid[int(rng.integers(0, 2))] = float(rng.uniform(0.1, 0.8)) * (half - lap)
        lids += [(a + 0.004 + slid[0], a + half + lap + slid[0]), (c - half - lap - slid[1], c - 0.004 - slid[1])]
    return _Plan(
        x, y, round(floor, 4), round(top, 4), tuple(np.linspace(-y, y, wells + 1).tolist()),
        tuple((float(a), float(c)) for a, c in lids), rise, float(rng.choice([0.018, 0.026, 0.034])),
        int(rng.integers(0, 2)),
    )  # fmt: skip


def freezer_wells(
    length: float = 2.1,
    depth: float = 0.9,
    height: float = 0.9,
    wells: int = 3,
    curved: bool = False,
    seed: int = 0,
) -> list[ShelfSpace]:
    """Where goods may lie in `retail.freezer` of the same parameters, from -Y to +Y; height is up to the rim."""
    p = _plan(length, depth, height, wells, curved, seed)
    return [
        ShelfSpace(p.x - 0.004, (a + c) / 2, p.floor, 0.0, c - a - 0.02, 2 * p.x - 0.008, p.top - 0.02 - p.floor, None)
        for a, c in pairwise(p.dividers)
    ]


@mesh_generator("retail.freezer")
def freezer(
    length: float = 2.1,
    depth: float = 0.9,
    height: float = 0.9,
    wells: int = 3,
    curved: bool = False,
    seed: int = 0,
) -> Mesh:
    """A chest freezer, long along Y, without the panes of its lids.

    wells: how many parts wire dividers make. curved: lids arched across, else flat. seed: depth of the well, rims,
    bumpers, handles, and lids that were pushed open.

    Slots: body, inner, trim, kick, dark, frame, handle, wire, rail. Raises InputError for wells that do not fit.
    """
    p = _plan(length, depth, height, wells, curved, seed)
    rng = np.random.default_rng([seed, 52])
    b = MeshBuilder(*SLOTS)
    x, y, corner = depth / 2 - 0.006, length / 2 - 0.006, float(rng.choice([0.02, 0.05, 0.09]))
    kick, low = float(rng.uniform(0.07, 0.12)), p.floor - 0.06
    b.prism(rectangle(-x + 0.05, x - 0.05, -y + 0.05, y - 0.05, 0.02), 0.0, kick, "kick")
    b.prism(rectangle(-x, x, -y, y, corner), kick - 0.001, low, "body", smooth=False)
    hole = rectangle(-p.x - LINER, p.x + LINER, -p.y - LINER, p.y + LINER, 0.03)
    outer = rectangle(-x, x, -y, y, corner)
    ring(b, outer, hole, low, p.top - RIM, "body")
    well = rectangle(-p.x, p.x, -p.y, p.y, 0.012)
    inner = rectangle(-p.x - LINER + 0.0004, p.x + LINER - 0.0004, -p.y - LINER + 0.0004, p.y + LINER - 0.0004, 0.03)
    ring(b, inner, well, low + 0.001, p.top - RIM - 0.001, "inner")
    b.prism(rectangle(-p.x + 0.0005, p.x - 0.0005, -p.y + 0.0005, p.y - 0.0005, 0.012), low + 0.0005, p.floor, "inner")
    lip = rectangle(-p.x + 0.004, p.x - 0.004, -p.y + 0.004, p.y - 0.004, 0.01)
    ring(b, rectangle(-x - 0.004, x + 0.004, -y - 0.004, y + 0.004, corner), lip, p.top - RIM, p.top, "trim")
    at = kick + (p.top - kick) * float(rng.uniform(0.15, 0.3))
    for z in (at, p.top - 0.09) if rng.random() < 0.5 else (at,):
        band = rectangle(-x - 0.006, x + 0.006, -y - 0.006, y + 0.006, corner + 0.006)
        ring(b, band, rectangle(-x + 0.004, x - 0.004, -y + 0.004, y - 0.004, corner), z - 0.02, z + 0.02, "dark")
    slits = np.arange(-y + 0.12, -y + 0.12 + float(rng.uniform(0.3, 0.6)), 0.022)
    b.boxes(x - 0.001, x + 0.0015, slits, slits + 0.012, kick + 0.025, kick + 0.085, "dark")
    _dividers(b, p)
    if rng.random() < 0.6:
        for sign in (1, -1):
            with b.at((0, 0, 0), (sign, 0, 0), (0, sign, 0)):
                rail(b, x - 0.0002, p.top - RIM - 0.004, -y + corner + 0.01, y - corner - 0.01, "rail")
    _lids(b, p, panes=False)
    return b.mesh()


@mesh_generator("retail.freezer_panes")
def freezer_panes(
    length: float = 2.1,
    depth: float = 0.9,
    height: float = 0.9,
    wells: int = 3,
    curved: bool = False,
    seed: int = 0,
) -> Mesh:
    """The panes of `retail.freezer`'s lids, in the same frame. Slots: glass."""
    b = MeshBuilder("glass")
    _lids(b, _plan(length, depth, height, wells, curved, seed), panes=True)
    return b.mesh()


def _dividers(b: MeshBuilder, p: _Plan) -> None:
    """Wire grids between the wells."""
    top = p.top - 0.03
    for y in p.dividers[1:-1]:
        x = np.arange(-p.x + 0.03, p.x - 0.01, 0.05)
        up = [np.column_stack([x, np.full(len(x), y), np.full(len(x), z)]) for z in (p.floor + 0.001, top)]
        rods(b, up[0], up[1], 0.0018, "wire", sides=5)
        for z in (p.floor + 0.02, (p.floor + top) / 2, top):
            rods(b, [(-p.x + 0.002, y + 0.0035, z)], [(p.x - 0.002, y + 0.0035, z)], 0.0025, "wire")


def _arc(p: _Plan, half: float, lift: float, thick: float, steps: int = 14) -> Array:
    """(N, 2) profile in x and z of an arched strip over +-half: outer side first, counter-clockwise seen from -Y."""
    across = np.linspace(-half, half, steps + 1)
    z = p.rise * (1 - (across / half) ** 2)
    slope = -2 * p.rise * across / half**2
    normal = np.stack([-slope, np.ones(len(across))], axis=1) / np.hypot(slope, 1.0)[:, None]
    lower = np.stack([across, p.top + lift + z], axis=1)
    profile: Array = np.concatenate([lower, (lower + thick * normal)[::-1]])
    return profile


def _lids(b: MeshBuilder, p: _Plan, *, panes: bool) -> None:
    """Lids at two levels, so that they slide over one another; or their panes alone."""
    half, thick = p.x + 0.03, 0.014
    for k, (a, c) in enumerate(p.lids):
        lift = 0.003 + (thick + 0.003) * (k % 2)
        y0, y1 = a + p.bar, c - p.bar
        if p.rise:
            if panes:
                profile = _arc(p, half - p.bar * 0.7, lift + 0.004, PANE)
                extruded(b, profile, y0 - 0.004, y1 + 0.004, "glass", smooth=True)
                continue
            for low, high in ((a, y0), (y1, c)):
                extruded(b, _arc(p, half, lift, thick), low, high, "frame")
            for x in (-half, half - p.bar):
                b.chamfered(
                    x, x + p.bar, y0 - 0.001, y1 + 0.001, p.top + lift + 0.001, p.top + lift + thick, 0.003, "frame"
                )
        else:
            z = p.top + lift
            if panes:
                edge = p.bar * 0.8
                low, high = z + 0.005, z + 0.005 + PANE
                b.chamfered(-half + edge, half - edge, a + edge, c - edge, low, high, 0.0008, "glass")
                continue
            outer, inner = rectangle(-half, half, a, c, 0.01), rectangle(-half + p.bar, half - p.bar, y0, y1, 0.004)
            ring(b, outer, inner, z, z + thick, "frame")
        end = a + p.bar / 2 if k % 2 == 0 else c - p.bar / 2
        _lid_handle(b, p, end, p.top + lift + thick + p.rise)


def _lid_handle(b: MeshBuilder, p: _Plan, y: float, z: float) -> None:
    """A grip across a lid's end."""
    if p.style == 0:
        b.chamfered(-0.14, 0.14, y - 0.008, y + 0.008, z - 0.006, z + 0.012, 0.004, "handle")
    else:
        line = [(-0.12, y, z - 0.008), (-0.12, y, z + 0.012), (0.12, y, z + 0.012), (0.12, y, z - 0.008)]
        b.tube(bent(line, 0.012), 0.006, "handle", sides=8)
