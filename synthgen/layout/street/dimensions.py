"""The plan of a straight street: every number that its geometry and its slots are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

START = -30.0
"""Where the street begins (y, metres); the own car stands at y > 0 and looks along +Y."""

BAY = 2.2
BAY_PITCH = 6.0
GUTTER = 0.3
SIDEWALK_Z = 0.13
CORNER_RADIUS = 4.0
ZEBRA = (1.2, 4.2)
"""Metres from the kerb line of the street that is met to both edges of a zebra crossing."""
STOP_LINE = (5.6, 6.0)
SIGNAL_SETBACK = 5.2
VERGE = 0.75
FURNITURE_ZONE = 1.35
BLOCK_REACH = 74.0
"""Half the width of what sidewalk slabs and cross street cover, houses and all, metres."""
BEYOND = 20.0
"""How far the ground reaches behind the closing building's front, metres."""
END_CLEAR = 10.0
"""Metres before the end of the road where slots end."""
REACH = 68.0
"""Half the length of the cross street."""


@dataclass(frozen=True, slots=True)
class Street:
    """Numbers in metres. side: +1 where traffic keeps right, -1 where it keeps left.

    Side s of the street is -1 (x < 0, left of the own driving direction) or +1.
    """

    length: float
    lanes: int
    lane_width: float
    parking_left: bool
    parking_right: bool
    sidewalk: float
    crossing: float
    cross_width: float
    side: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Street:
        """From the resolved parameters of a `street` block."""
        parking = values["parking"]
        return cls(
            length=float(values["length"]),
            lanes=int(values["lanes"]),
            lane_width=float(values["lane_width"]),
            parking_left=parking in ("both", "left"),
            parking_right=parking in ("both", "right"),
            sidewalk=float(values["sidewalk"]),
            crossing=float(values["crossing"]),
            cross_width=float(values.get("cross_width", 14.0)),
            side=-1 if values["driving_side"] == "left" else 1,
        )

    @property
    def half(self) -> float:
        """Centre line to the outer edge of the driving lanes."""
        return self.lanes / 2 * self.lane_width

    def has_parking(self, s: int) -> bool:
        return self.parking_left if s < 0 else self.parking_right

    def kerb(self, s: int) -> float:
        """Distance of the kerb face from the centre line."""
        return self.half + (BAY if self.has_parking(s) else GUTTER)

    def front(self, s: int) -> float:
        """Distance of the building line from the centre line."""
        return self.kerb(s) + self.sidewalk

    @property
    def far(self) -> float:
        """y of the other kerb line of the cross street."""
        return self.crossing + self.cross_width

    @property
    def cross_middle(self) -> float:
        return self.crossing + self.cross_width / 2

    @property
    def cross_lane(self) -> float:
        """Width of each of the cross street's four lanes."""
        return (self.cross_width - 0.6) / 4

    @property
    def road_end(self) -> float:
        """y where the road meets the sidewalk of the closing building."""
        return self.length - 4.0

    @property
    def slots_end(self) -> float:
        """y where lanes, bays and sidewalks end as slots."""
        return self.road_end - END_CLEAR

    def bay_gap(self) -> tuple[float, float]:
        """y range around the crossing where nobody may park."""
        return self.crossing - 8.5, self.far + 7.5

    def record(self) -> dict[str, Any]:
        """What the scene's record says about the street."""
        return {
            "length": self.length,
            "lanes": self.lanes,
            "lane_width": self.lane_width,
            "parking": {(0, 0): "none", (1, 0): "left", (0, 1): "right", (1, 1): "both"}[
                (int(self.parking_left), int(self.parking_right))
            ],
            "sidewalk": self.sidewalk,
            "crossing": self.crossing,
            "cross_width": self.cross_width,
            "driving_side": "right" if self.side > 0 else "left",
        }
