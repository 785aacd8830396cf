"""Rows of touching houses along both streets, and what closes every view.

Each lot draws from a stream of its own. Far houses come from a small set, so that scenes share their meshes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.layout import palette
from synthgen.layout.slots import Area
from synthgen.layout.street.dimensions import REACH, SIDEWALK_Z, START, Street
from synthgen.layout.street.evening import draw_evening, spill
from synthgen.procedural.building import bay_count
from synthgen.recipe.params import Block, Draw
from synthgen.scene.pose import Matrix, array, pose
from synthgen.scene.stage import Stage

DEPTH = 12.0
STEP = 0.2
"""What stands out further from a house, metres, and begins below `STEP_HEIGHT`, is a step: pipes do not."""
STEP_HEIGHT = 0.5
WIDTHS = (9.0, 19.0)
NARROWEST = 6.0
SETBACKS = (0.0, 0.0, 0.0, 0.15, 0.4)
SEEDS = 200
FAR = 150.0
FAR_SEEDS = 24
FAR_WIDTHS = (10.0, 12.0, 14.0, 16.0, 18.0)
ROOFS = ("flat", "flat", "mansard", "pitch")
STOREY_HEIGHTS = (2.9, 3.0, 3.1, 3.2, 3.3, 3.4)
GROUND_HEIGHTS = (3.6, 3.8, 4.0, 4.2)


Shape = tuple[float, int, int, str]
"""What tells houses apart from afar: width (metres), windows side by side, storeys, roof."""
_TRIES = 24


@dataclass(frozen=True, slots=True)
class Lot:
    """A piece of building line. x, y: its left end seen from the street; yaw: degrees of the way along it, to the
    right seen from the street. ends: which ends of the house are seen. far: does its house come from the small set.
    shops: may it have any. extra: storeys above those of the recipe. setback: metres behind the building line."""

    x: float
    y: float
    yaw: float
    width: float
    ends: str
    far: bool
    shops: bool
    extra: int = 0
    setback: float = 0.0


@dataclass(frozen=True, slots=True)
class Houses:
    """How many there are, the height of the lowest wall beside the main street (metres), and the steps of doors."""

    count: int
    lowest: float
    steps: tuple[Area, ...]


def raise_buildings(stage: Stage, street: Street, block: Block, draw: Draw, shops: float) -> Houses:
    """Builds every house; each is one instance (category building).

    shops: share of ground floors that are shops. The block's `storeys` is drawn for each house.
    """
    lots = _lots(street, draw, block.path)
    taken: set[Shape] = set()
    built = [_house(stage, lot, block, draw, k, shops, taken) for k, lot in enumerate(lots)]
    steps = tuple(area for _, area in built if area is not None)
    return Houses(len(lots), min(height for height, _ in built), steps)


def _lots(street: Street, draw: Draw, path: str) -> list[Lot]:
    found: list[Lot] = []
    corner = street.sidewalk
    before, behind = street.crossing - corner, street.far + corner
    for s in (1, -1):
        x = s * street.front(s)
        name = "right" if s > 0 else "left"
        found += _row(draw.rng(f"{path}.lots.{name}.before"), s, x, START, before, corner_high=True)
        found += _row(draw.rng(f"{path}.lots.{name}.behind"), s, x, behind, street.road_end, corner_low=True)
    for s in (1, -1):
        name = "right" if s > 0 else "left"
        start = street.front(s) + DEPTH
        for y, facing in ((before, 1), (behind, -1)):
            found += _cross_row(draw.rng(f"{path}.lots.{name}.cross.{facing}"), s, start, y, facing)
    return found + _closing(street)


def _widths(rng: np.random.Generator, length: float, far_from: float = math.inf) -> list[float]:
    """Widths of touching lots that fill `length`; beyond `far_from` of those of the small set (but for the last)."""
    widths: list[float] = []
    left = length
    while left > 1e-6:
        far = length - left > far_from
        halves = int(rng.integers(int(2 * WIDTHS[0]), int(2 * WIDTHS[1]) + 1))
        width = FAR_WIDTHS[halves % len(FAR_WIDTHS)] if far else halves / 2
        if left - width < NARROWEST:
            # The last lot takes what is left, halved where that is too wide for one house.
            parts = 1 if left <= WIDTHS[1] + 2 else 2
            widths += [left / parts] * parts
            break
        widths.append(width)
        left -= width
    return widths


def _row(
    rng: np.random.Generator,
    s: int,
    x: float,
    y0: float,
    y1: float,
    *,
    corner_low: bool = False,
    corner_high: bool = False,
) -> list[Lot]:
    """A row along the main street on side s from y0 to y1; corner_*: that end faces the cross street."""
    lots = []
    y = y0
    widths = _widths(rng, y1 - y0, FAR - y0)
    for k, width in enumerate(widths):
        low = corner_low and k == 0
        high = corner_high and k == len(widths) - 1
        # On the right (x > 0) the house faces -X: seen from the street, left is the far end.
        left, right = (high, low) if s > 0 else (low, high)
        ends = "both" if left and right else "left" if left else "right" if right else "none"
        setback = 0.0 if low or high else SETBACKS[int(rng.integers(0, len(SETBACKS)))]
        at = x + s * setback
        start, yaw = (y + width, -90.0) if s > 0 else (y, 90.0)
        lots.append(Lot(at, start, yaw, width, ends, y > FAR, True, setback=setback))
        y += width
    return lots


def _cross_row(rng: np.random.Generator, s: int, start: float, y: float, facing: int) -> list[Lot]:
    """A row along the cross street on side s, from `start` outwards; facing +1: its fronts look towards +Y."""
    lots = []
    at = start
    for width in _widths(rng, REACH - start):
        low, high = (at, at + width) if s > 0 else (-at - width, -at)
        lots.append(Lot(high if facing > 0 else low, y, 180.0 if facing > 0 else 0.0, width, "none", False, True))
        at += width
    return lots


def _closing(street: Street) -> list[Lot]:
    """What closes the street's end, the cross street's ends, and shows above the roofs."""
    middle = street.cross_middle
    half = street.cross_width / 2 + street.sidewalk + DEPTH
    end = street.length
    lots = [
        Lot(-REACH, middle - half, 90.0, 2 * half, "none", False, True),
        Lot(REACH, middle + half, -90.0, 2 * half, "none", False, True),
    ]
    left, right = -street.front(-1) - DEPTH, street.front(1) + DEPTH
    lots.append(Lot(left, end, 0.0, right - left, "none", True, True, extra=1))
    for s, y in ((1, 70.0), (-1, 100.0), (1, 150.0), (-1, 185.0)):
        if y + 24.0 < street.road_end and y > street.far + 20.0:
            x = s * (street.front(s) + DEPTH + 6.0)
            lots.append(Lot(x, y + (24.0 if s > 0 else 0.0), -90.0 * s, 24.0, "both", True, False, extra=3))
    return lots


def _house(
    stage: Stage, lot: Lot, block: Block, draw: Draw, index: int, shops: float, taken: set[Shape]
) -> tuple[float, Area | None]:
    """Builds one house; returns the height of its walls and where the steps of its door are. It notes its shape in
    `taken`, and looks for one that is not there yet: no two houses of a street have bays, storeys and roof in common.
    """
    rng = draw.rng(f"{block.path}.house.{index}")
    storeys = max(0, int(block.params.sample("storeys", rng, draw.env)) + lot.extra)
    shop = bool(rng.random() < shops) and lot.shops
    for _ in range(_TRIES):
        seed = int(rng.integers(0, FAR_SEEDS if lot.far else SEEDS))
        kind = np.random.Generator(np.random.PCG64(seed)) if lot.far else rng
        roof = ROOFS[int(kind.integers(0, len(ROOFS)))]
        shape = (round(lot.width, 2), bay_count(lot.width, seed), storeys, roof)
        if shape not in taken:
            break
    taken.add(shape)
    storey_height = STOREY_HEIGHTS[int(kind.integers(0, len(STOREY_HEIGHTS)))]
    ground_height = GROUND_HEIGHTS[int(kind.integers(0, len(GROUND_HEIGHTS)))]
    height = ground_height + storeys * storey_height
    number = stage.builder.instance(
        "building",
        attributes={
            "storeys": storeys,
            "ground_floor": "shop" if shop else "flats",
            "width": lot.width,
            "bays": shape[1],
            "roof": roof,
        },
    )
    where = pose(lot.x, lot.y, SIDEWALK_Z, yaw=lot.yaw)
    evening = draw_evening(draw.rng(f"{block.path}.evening.{index}")) if stage.lamps else None
    house = stage.generate(
        number,
        "street.building",
        palette.building(rng, height, evening),
        where,
        width=round(lot.width, 3),
        depth=round(DEPTH - lot.setback, 3),
        storeys=storeys,
        storey_height=storey_height,
        ground_height=ground_height,
        shop=shop,
        roof=roof,
        ends=lot.ends,
        seed=seed,
    )
    if evening is not None and shop and evening.shops and not lot.far:
        spill(stage, where, lot.width, ground_height, evening)
    return height, steps_area(stage.store.fact(house, "door_steps", door_steps), where)


def door_steps(house: Mesh) -> list[float]:
    """What stands out from a house's foot, the steps of its door: x from and to, y from, in its own frame.

    Empty where it has none.
    """
    v = house.vertices
    foot = v[(v[:, 1] < -STEP) & (v[:, 2] < STEP_HEIGHT)]
    if not len(foot):
        return []
    low, high = foot.min(axis=0), foot.max(axis=0)
    return [float(low[0]), float(high[0]), float(low[1])]


def steps_area(steps: Sequence[float], where: Matrix) -> Area | None:
    """The ground below the steps of a house that stands at `where`."""
    if not steps:
        return None
    x_low, x_high, y_low = steps
    corners = np.array([(x_low, y_low, 0.0), (x_high, 0.0, 0.0)], dtype=np.float64)
    world = corners @ array(where)[:, :3].T + array(where)[:, 3]
    (x0, y0, z), (x1, y1, _) = world.min(axis=0).tolist(), world.max(axis=0).tolist()
    return Area(x0, x1, y0, y1, z)
