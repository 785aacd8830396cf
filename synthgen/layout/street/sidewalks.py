"""Sidewalk slabs and kerbs. The slabs are laid last, when it is known where trees want a hole in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthgen.layout import palette
from synthgen.layout.slots import Hole
from synthgen.layout.street.carriageway import wetness
from synthgen.layout.street.dimensions import BEYOND, BLOCK_REACH, CORNER_RADIUS, SIDEWALK_Z, START, Street
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

KERB_WIDTH = 0.15
KERB_SEEDS = 24
SIDES = (1, -1)

_Block = tuple[float, float, float, float, list[float]]
"""x0, x1, y0, y1 and the radii of the corners (as `street.sidewalk_block` counts them)."""


def lay_slabs(stage: Stage, street: Street, number: int, paving: Surface, holes: Sequence[Hole]) -> None:
    """Four blocks with a rounded corner at the crossing and one that closes the street, open at `holes`."""
    for x0, x1, y0, y1, radii in _blocks(street):
        own = [
            [h.x - h.size / 2 - x0, h.x + h.size / 2 - x0, h.y - h.size / 2 - y0, h.y + h.size / 2 - y0]
            for h in holes
            if x0 < h.x < x1 and y0 < h.y < y1
        ]
        stage.generate(
            number,
            "street.sidewalk_block",
            {"paving": paving},
            pose(x0, y0, SIDEWALK_Z),
            width=millimetres(x1 - x0),
            length=millimetres(y1 - y0),
            radii=radii,
            holes=[[millimetres(v) for v in hole] for hole in own],
            inset=KERB_WIDTH,
        )


def draw_paving(rng: np.random.Generator, wet: float) -> Surface:
    """The paving of all sidewalks of a street. wet: 0 dry .. 1 after rain."""
    return Surface("paving", {**palette.option(palette.palette()["paving"]["options"], rng), **wetness(wet)})


def _blocks(street: Street) -> list[_Block]:
    r, end = CORNER_RADIUS, street.length + BEYOND
    found: list[_Block] = []
    for s in SIDES:
        x0, x1 = sorted((s * street.kerb(s), s * BLOCK_REACH))
        found.append((x0, x1, START, street.crossing, [0.0, 0.0, 0.0, r] if s > 0 else [0.0, 0.0, r, 0.0]))
        found.append((x0, x1, street.far, end, [r, 0.0, 0.0, 0.0] if s > 0 else [0.0, r, 0.0, 0.0]))
    found.append((-street.kerb(-1), street.kerb(1), street.road_end, end, [0.0] * 4))
    return found


def lay_kerbs(stage: Stage, street: Street, number: int, rng: np.random.Generator, wet: float) -> None:
    """Stones along every edge between sidewalk and road. A row has its road at -X and runs along +Y."""
    r = CORNER_RADIUS
    before, behind = street.crossing - r, street.far + r
    right, left = street.kerb(1), -street.kerb(-1)
    rows = (
        (right, START, 0.0, before - START),
        (right, behind, 0.0, street.road_end - behind),
        (left, before, 180.0, before - START),
        (left, street.road_end, 180.0, street.road_end - behind),
        (right, street.road_end, 90.0, right - left),
        (right + r, street.crossing, -90.0, BLOCK_REACH - right - r),
        (-BLOCK_REACH, street.crossing, -90.0, BLOCK_REACH + left - r),
        (BLOCK_REACH, street.far, 90.0, BLOCK_REACH - right - r),
        (left - r, street.far, 90.0, BLOCK_REACH + left - r),
    )
    corners = (
        (right + r, before, 90.0),
        (right + r, behind, 180.0),
        (left - r, before, 0.0),
        (left - r, behind, 270.0),
    )
    stone = {"kerb_stone": Surface("kerb_stone", wetness(wet))}
    for x, y, yaw, length in rows:
        seed = int(rng.integers(0, KERB_SEEDS))
        stage.generate(number, "street.kerb", stone, pose(x, y, 0.0, yaw=yaw), length=millimetres(length),
                       height=SIDEWALK_Z, width=KERB_WIDTH, seed=seed)  # fmt: skip
    for x, y, yaw in corners:
        seed = int(rng.integers(0, KERB_SEEDS))
        stage.generate(number, "street.kerb_corner", stone, pose(x, y, 0.0, yaw=yaw), radius=r,
                       height=SIDEWALK_Z, width=KERB_WIDTH, seed=seed)  # fmt: skip
