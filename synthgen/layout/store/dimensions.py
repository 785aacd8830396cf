"""The plan of a shop: every number that its geometry and its slots are made from.

Rows of gondolas run along +Y. Checkouts and doors are at y = 0, coolers at the far wall; x = 0 is the middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthgen.scene.stage import millimetres

WALL_GAP = 0.03
"""Between a wall and the back of what stands before it, metres."""

TILL_ZONE = 6.2
"""From the front wall to the cross aisle, where there are checkouts, metres."""

UPRIGHT = 0.016
"""How far a bay's end uprights stand out, metres."""

CLEAR = 0.06
"""Between shelving and where people and trolleys may stand, metres."""


@dataclass(frozen=True, slots=True)
class Store:
    """Numbers in metres. rows: how many rows there are; frozen: how many of them, the last ones, are freezers.

    depth: of a shelf with its rail, half a row's thickness. wall_depth: of the shelving at the side walls.
    """

    rows: int
    frozen: int
    bays: int
    bay: float
    depth: float
    height: float
    aisle: float
    cross: float
    ceiling: float
    wall_depth: float
    cooler_depth: float
    tills: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Store:
        """From the resolved parameters of a `store` block."""
        number = {k: millimetres(float(values[k])) for k in ("bay_width", "shelf_depth", "aisle", "cross_aisle")}
        height = round(float(values["gondola_height"]) * 10) / 10
        return cls(
            rows=int(values["gondolas"]),
            frozen=min(int(values["freezer_rows"]), int(values["gondolas"]) - 1),
            bays=int(values["bays"]),
            bay=number["bay_width"],
            depth=number["shelf_depth"],
            height=height,
            aisle=number["aisle"],
            cross=number["cross_aisle"],
            ceiling=millimetres(max(float(values["ceiling"]), height + 0.5)),
            wall_depth=number["shelf_depth"],
            cooler_depth=0.85 if values["coolers"] != "none" else 0.0,
            tills=int(values["checkouts"]),
        )

    @property
    def pitch(self) -> float:
        """From the middle of one row to the next."""
        return 2 * self.depth + self.aisle

    def row_x(self, row: int) -> float:
        return (row - (self.rows - 1) / 2) * self.pitch

    @property
    def width(self) -> float:
        return millimetres((self.rows + 1) * self.pitch - 2 * self.depth + 2 * (self.wall_depth + WALL_GAP))

    @property
    def length(self) -> float:
        """Of a row, without its end caps."""
        return self.bays * self.bay

    @property
    def front(self) -> float:
        """y where the way before the rows begins, behind the tills."""
        return TILL_ZONE if self.tills else 0.4

    @property
    def row_start(self) -> float:
        """y of the first bay's edge."""
        return self.front + self.cross + self.depth

    @property
    def row_end(self) -> float:
        return self.row_start + self.length

    @property
    def hall_depth(self) -> float:
        behind = self.cooler_depth + WALL_GAP if self.cooler_depth else 0.0
        return millimetres(self.row_end + self.depth + self.cross + behind)

    @property
    def back(self) -> float:
        """y where the way before the far wall ends."""
        return self.hall_depth - (self.cooler_depth + WALL_GAP if self.cooler_depth else 0.0)

    def aisle_x(self, aisle: int) -> tuple[float, float]:
        """x from and to of an aisle between shelving: aisle k lies left of row k, the last right of the last row."""
        left = -self.width / 2 + WALL_GAP + self.wall_depth if aisle == 0 else self.row_x(aisle - 1) + self.depth
        right = self.width / 2 - WALL_GAP - self.wall_depth if aisle == self.rows else self.row_x(aisle) - self.depth
        return left, right

    def record(self) -> dict[str, Any]:
        """What a scene's record says of it."""
        return {
            "gondolas": self.rows - self.frozen, "freezer_rows": self.frozen, "bays": self.bays, "bay_width": self.bay,
            "shelf_depth": self.depth, "gondola_height": self.height, "aisle": self.aisle, "cross_aisle": self.cross,
            "ceiling": self.ceiling, "hall": (self.width, self.hall_depth), "checkouts": self.tills,
        }  # fmt: skip
