"""Rows of gondolas with their end caps, shelving at the walls, coolers, freezers, checkouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from synthgen.layout.slots import Area, Luminaire
from synthgen.layout.store.boards import Boards
from synthgen.layout.store.dimensions import TILL_ZONE, WALL_GAP, Store
from synthgen.layout.store.outfit import Outfit
from synthgen.procedural.coolers import LINER, WALL, cooler_shelves
from synthgen.procedural.freezers import freezer_wells
from synthgen.procedural.gondola import UPRIGHT_DEPTH, ShelfSpace, gondola_shelves
from synthgen.scene.pose import composed, pose
from synthgen.scene.stage import Box, millimetres

SEEDS = 10
"""Variants of each fixture in one store: seeds are few, so that scenes share their meshes."""

RUN = (2, 5)
"""Bays of a row that are alike."""

DOOR = 0.75
_TILT = (0.42, 0.9075)
"""Sine and cosine of how far a cooler's lamp is turned towards its back."""

_TILL_PITCH = 2.3
_TILLS_FROM = 2.0

Count = Callable[[np.random.Generator], int]
"""Draws how many shelves a run of bays has."""


def _fitting(height: float, shelves: int) -> int:
    """At most so many shelves that goods have 0.2 m between them."""
    return max(2, min(shelves, int((height - 0.28) / 0.24)))


def stand_rows(outfit: Outfit, plan: Store, boards: Boards, shelves: Count, rng: np.random.Generator) -> None:
    """The rows of double gondolas, each bay an instance, and the end caps of every row."""
    for row in range(plan.rows - plan.frozen):
        x = plan.row_x(row)
        for bay, height, config in _runs(plan.bays, plan.height, shelves, rng):
            uprights = "both" if bay == 0 else "left"
            params = {"width": plan.bay, "depth": plan.depth, "height": height, "side": "double", **config}
            made = outfit.made("shelving", "retail.gondola", "shelf", **params, uprights=uprights)
            where = pose(x, plan.row_start + (bay + 0.5) * plan.bay, 0.0)
            spaces = gondola_shelves(**params)
            front, back = [s for s in spaces if s.yaw == 0.0], [s for s in spaces if s.yaw != 0.0]
            right, left = f"{row + 1}R{bay + 1}", f"{row + 2}L{bay + 1}"
            number = outfit.put(made, where, rng, name=f"{right} {left}", solids=_solids(spaces, plan.bay, height))
            boards.add("facings", front, where, number, _named(left))
            boards.add("facings", back, where, number, _named(right))
        for end, y, yaw in ((1, plan.row_start, -90.0), (2, plan.row_end, 90.0)):
            _end_cap(outfit, plan, boards, f"E{row + 1}{'ab'[end - 1]}", (x, y, yaw), shelves, rng)


def _runs(
    bays: int, height: float, shelves: Count, rng: np.random.Generator
) -> list[tuple[int, float, dict[str, Any]]]:
    """(bay, height, what sets its shelves) of the bays of a row: neighbours are often alike."""
    found: list[tuple[int, float, dict[str, Any]]] = []
    while len(found) < bays:
        config = {"shelves": _fitting(height, shelves(rng)), "seed": int(rng.integers(0, SEEDS))}
        for _ in range(int(rng.integers(*RUN))):
            if len(found) < bays:
                found.append((len(found), height, config))
    return found


def _named(bay: str) -> Callable[[int], str]:
    return lambda level: f"{bay}.{level}"


def _solids(spaces: Sequence[ShelfSpace], width: float, height: float) -> list[Box]:
    """Boxes for the checks of views: the back panel and every board, between which goods are seen."""
    half = width / 2
    deep = max(abs(s.x) for s in spaces)
    panel = (-UPRIGHT_DEPTH, UPRIGHT_DEPTH)
    if all(s.yaw == 0.0 for s in spaces):
        panel = (spaces[0].x - spaces[0].depth - UPRIGHT_DEPTH, spaces[0].x - spaces[0].depth)
    boxes: list[Box] = [((panel[0], -half, 0.0), (panel[1], half, height))]
    for s in spaces:
        x0, x1 = sorted((s.x, s.x - s.depth * np.cos(s.yaw)))
        boxes.append(((float(x0), -half, max(s.z - 0.03, 0.0)), (float(x1), half, s.z)))
    low = min(s.z for s in spaces)
    boxes.append(
        ((min(panel[0], -deep if len({s.yaw for s in spaces}) > 1 else panel[0]), -half, 0.0), (deep, half, low))
    )
    return boxes


def _end_cap(
    outfit: Outfit, plan: Store, boards: Boards, name: str, place: tuple[float, float, float], shelves: Count,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """A bay across the end of a row, its back to it. place: x, y of the row's end, and where it looks."""
    width = 1.0 if 2 * plan.depth >= 0.98 else 0.9
    height = round(plan.height - 0.1 * int(rng.integers(0, 3)), 1)
    header = float(rng.choice([0.0, 0.2, 0.3, 0.4]))
    params: dict[str, Any] = {
        "width": width, "depth": plan.depth, "height": height, "side": "end", "seed": int(rng.integers(0, SEEDS)),
        "shelves": _fitting(height, min(4, shelves(rng))), "header": header,
    }  # fmt: skip
    made = outfit.made("shelving", "retail.gondola", "shelf", **params)
    x, y, yaw = place
    out = np.sign(yaw)
    where = pose(x, y + out * (plan.depth / 2 + 0.018), 0.0, yaw=yaw)
    spaces = gondola_shelves(**params)
    number = outfit.put(made, where, rng, name=name, said={} if header else None, solids=_solids(spaces, width, height))
    boards.add("end_caps", spaces, where, number, _named(name))


def stand_walls(outfit: Outfit, plan: Store, boards: Boards, shelves: Count, rng: np.random.Generator) -> None:
    """Single gondolas along both side walls, from the tills to the far wall's fixtures."""
    height = round(min(max(plan.height, 2.0), plan.ceiling - 0.5), 1)
    reach = plan.width / 2 - WALL_GAP - plan.wall_depth / 2
    start = plan.front + 0.4
    count = int((plan.back - 0.5 - start) / plan.bay)
    for side, yaw in ((-1, 0.0), (1, 180.0)):
        letter, aisle = ("L", 1) if side < 0 else ("R", plan.rows + 1)
        for bay, high, config in _runs(count, height, shelves, rng):
            first = bay == (0 if side < 0 else count - 1)
            params = {"width": plan.bay, "depth": plan.wall_depth, "height": high, "side": "single", **config}
            made = outfit.made("shelving", "retail.gondola", "shelf", **params, uprights="both" if first else "left")
            where = pose(side * reach, millimetres(start + (bay + 0.5) * plan.bay), 0.0, yaw=yaw)
            spaces = gondola_shelves(**params)
            name = f"{aisle}{letter}{bay + 1}"
            number = outfit.put(made, where, rng, name=name, solids=_solids(spaces, plan.bay, high))
            boards.add("facings", spaces, where, number, _named(name))
            for end in {0: (-1,), count - 1: (1,)}.get(bay, ()):
                panel = outfit.made("shelving", "retail.end_panel", "shelf", depth=plan.wall_depth, height=high)
                y = where[7] + end * (plan.bay / 2 + 0.0275)
                outfit.add(number, panel, pose(side * reach, millimetres(y), 0.0), solids=[])


def stand_coolers(
    outfit: Outfit, plan: Store, boards: Boards, *, doors: bool, rng: np.random.Generator
) -> list[Luminaire]:
    """Coolers along the far wall, with doors of glass or open; returns the lamps in them."""
    lamps: list[Luminaire] = []
    free, x, bay = plan.width - 0.3, -plan.width / 2 + 0.15, 0
    height = float(rng.choice([2.0, 2.05, 2.1, 2.2]))
    shelves, seed = int(rng.integers(3, 6)), int(rng.integers(0, SEEDS))
    sides = 2 * (LINER + WALL) + 0.004
    while (fits := int((free - sides) / DOOR)) >= 2:
        count = min(fits, int(rng.integers(3, 6)))
        count = count if fits - count == 0 or fits - count >= 2 else max(2, count - 1)
        width = count * DOOR + sides
        params: dict[str, Any] = {
            "doors": count, "door_width": DOOR, "depth": plan.cooler_depth, "height": height, "shelves": shelves,
            "glass": doors, "seed": seed,
        }  # fmt: skip
        if doors and rng.random() < 0.25:
            ajar = [0.0] * count
            ajar[int(rng.integers(0, count))] = float(rng.integers(10, 80))
            params["ajar"] = ajar
        made = outfit.made("cooler", "retail.cooler", "cooler", **params)
        where = pose(millimetres(x + width / 2), plan.hall_depth - WALL_GAP - plan.cooler_depth / 2, 0.0, yaw=-90.0)
        spaces = cooler_shelves(**params)
        number = outfit.put(made, where, rng, name=f"K{bay + 1}", said={"layout": "split"}, glow=0.5)
        parts = len(spaces) // (shelves + 1)
        boards.add("coolers", spaces, where, number, _parted("K", bay, parts))
        front = max(space.x for space in spaces)
        high = max(space.z + space.height for space in spaces)
        shines = (0.0, -_TILT[1], _TILT[0], front - 0.02, 1.0, 0.0, 0.0, 0.0, 0.0, _TILT[0], _TILT[1], high)
        lamps.append(Luminaire(composed(where, shines), (width - 0.25, 0.04), "bar", number))
        bay += parts
        x, free = x + width, free - width
    return lamps


def _parted(line: str, first: int, parts: int) -> Callable[[int], str]:
    """Names of the places of a cooler, which come level by level."""
    return lambda k: f"{line}{first + k % parts + 1}.{k // parts}"


def stand_freezers(outfit: Outfit, plan: Store, boards: Boards, rng: np.random.Generator) -> None:
    """Rows of island freezers in place of gondolas."""
    depth = round(min(1.1, max(0.8, 2 * plan.depth)), 2)
    for row in range(plan.rows - plan.frozen, plan.rows):
        length = float(rng.choice([1.75, 2.0, 2.1, 2.5]))
        count = max(1, int(plan.length / (length + 0.012)))
        height, curved = float(rng.choice([0.86, 0.9, 0.92])), bool(rng.random() < 0.4)
        start = plan.row_start + (plan.length - count * (length + 0.012)) / 2
        for k in range(count):
            params: dict[str, Any] = {
                "length": length, "depth": depth, "height": height, "wells": max(2, round(length / 0.7)),
                "curved": curved, "seed": int(rng.integers(0, SEEDS)),
            }  # fmt: skip
            made = outfit.made("freezer", "retail.freezer", "freezer", **params)
            where = pose(plan.row_x(row), millimetres(start + (k + 0.5) * (length + 0.012)), 0.0)
            number = outfit.put(made, where, rng, name=f"F{row + 1}{k + 1}")
            spaces = freezer_wells(**params)
            boards.add("freezers", spaces, where, number, _wells(f"F{row + 1}", k * len(spaces)), kind="well")


def _wells(line: str, first: int) -> Callable[[int], str]:
    return lambda k: f"{line}_{first + k + 1}.0"


def stand_checkouts(outfit: Outfit, plan: Store, rng: np.random.Generator) -> list[Area]:
    """Tills in a line before the front wall; returns where they stand."""
    kept = []
    length, width = float(rng.choice([2.6, 2.8, 3.0])), float(rng.choice([0.9, 0.95, 1.0]))
    count = min(plan.tills, int((plan.width - 3.6) / _TILL_PITCH))
    for k in range(count):
        x = -plan.width / 2 + 1.4 + k * _TILL_PITCH
        params: dict[str, Any] = {
            "length": length, "width": width, "height": 0.86, "dividers": int(rng.integers(0, 3)),
            "lit": bool(rng.random() < 0.6), "seed": int(rng.integers(0, SEEDS)),
        }  # fmt: skip
        made = outfit.made("checkout", "retail.checkout", "checkout", **params)
        y = min(_TILLS_FROM, TILL_ZONE - length - 0.8) + length / 2
        outfit.put(made, pose(x, y, 0.0, yaw=180.0), rng, name=f"till {k + 1}")
        kept.append(Area(x - width / 2 - 0.1, x + width / 2 + 0.1, y - length / 2 - 0.1, y + length / 2 + 0.1, 0.0))
    return kept
