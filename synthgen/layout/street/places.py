"""The slots of a straight street: lanes, bays, sidewalks, crossings, verge, signal posts, spans for cables."""

from __future__ import annotations

from typing import Any

from synthgen.layout.slots import Area, Bays, Lane, Line, Span, Verge
from synthgen.layout.street.dimensions import (
    BAY,
    BAY_PITCH,
    FURNITURE_ZONE,
    REACH,
    SIDEWALK_Z,
    START,
    STOP_LINE,
    VERGE,
    ZEBRA,
    Street,
)
from synthgen.layout.street.signposts import signals

SIDES = (1, -1)
CABLES = 8.4
"""Height at which cables hang, metres, where the houses allow."""
LOWEST_CABLE = 5.2
SETBACK_LIMIT = 0.45
"""A little more than houses may stand behind the building line, metres: cables end in the wall."""
_WALL_CLEAR = 0.4
_END_CLEAR = 3.0
"""Metres before the houses that close the cross street where its lanes end, clear of their awnings."""


def slots(street: Street, *, bays: bool, lowest_house: float) -> dict[str, tuple[Any, ...]]:
    """Every named slot of the street.

    bays: are single parking bays marked. lowest_house: height of the lowest wall beside the street, metres.
    """
    return {
        "lanes": main_lanes(street) + cross_lanes(street),
        "parking": parking(street, BAY_PITCH if bays else 0.0),
        "sidewalk": sidewalks(street),
        "crossing": crossings(street),
        "waiting": waiting(street),
        "verge": verges(street),
        "signals": signals(street),
        "sky": spans(street, lowest_house),
        "ground": grounds(street),
    }


def _along(street: Street, s: int, x: float) -> Line:
    """A line of the main street at x, running with the traffic of side s."""
    low, high = (x, START), (x, street.slots_end)
    return Line(low, high) if s * street.side > 0 else Line(high, low)


def main_lanes(street: Street) -> tuple[Lane, ...]:
    """Own direction first, from the middle outwards; then the oncoming lanes."""
    found = []
    for s in (street.side, -street.side):
        ego = s == street.side
        for k in range(street.lanes // 2):
            line = _along(street, s, s * (k + 0.5) * street.lane_width)
            stop = street.crossing - STOP_LINE[1] if ego else street.far + STOP_LINE[1]
            clear = street.far + ZEBRA[1] if ego else street.crossing - ZEBRA[1]
            stops = ((abs(stop - line.start[1]), abs(clear - line.start[1]), "main"),)
            found.append(Lane(line, street.lane_width, stops, ego=ego))
    return tuple(found)


def cross_lanes(street: Street) -> tuple[Lane, ...]:
    """Four lanes of the cross street; those along +X keep to the driving side."""
    found, end = [], REACH - _END_CLEAR
    for d in (1, -1):
        for k in range(2):
            y = street.cross_middle - d * street.side * (k + 0.5) * street.cross_lane
            line = Line((-d * end, y), (d * end, y))
            stop = end - street.kerb(-d) - STOP_LINE[1]
            clear = end + street.kerb(d) + ZEBRA[1]
            found.append(Lane(line, street.cross_lane, ((stop, clear, "cross"),), street="cross"))
    return tuple(found)


def parking(street: Street, pitch: float) -> tuple[Bays, ...]:
    found = []
    for s in SIDES:
        if street.has_parking(s):
            line = _along(street, s, s * (street.half + BAY / 2))
            a, b = (abs(y - line.start[1]) for y in street.bay_gap())
            found.append(Bays(line, BAY, ((min(a, b), max(a, b)),), pitch))
    return tuple(found)


def _span(s: int, near: float, far: float) -> tuple[float, float]:
    """x range between two distances from the centre line on side s."""
    return (near, far) if s > 0 else (-far, -near)


def _walk_ranges(street: Street) -> tuple[tuple[float, float], ...]:
    return (START + 2, street.crossing - ZEBRA[1] - 0.8), (street.far + ZEBRA[1] + 0.8, street.slots_end)


def sidewalks(street: Street) -> tuple[Area, ...]:
    """Where people walk: between the furniture zone at the kerb and the houses; then along the cross street."""
    found = []
    for s in SIDES:
        x0, x1 = _span(s, street.kerb(s) + FURNITURE_ZONE, street.front(s) - _WALL_CLEAR)
        for y0, y1 in _walk_ranges(street):
            front = 0.0 if s > 0 else 180.0
            found.append(Area(x0, x1, y0, y1, SIDEWALK_Z, 90.0, front, wall_room=_WALL_CLEAR, kerb_room=FURNITURE_ZONE))
    for s in SIDES:
        x0, x1 = _span(s, street.front(s) + 1.0, REACH - 8.0)
        depth = street.sidewalk
        near = (street.crossing - depth + _WALL_CLEAR, street.crossing - 1.0)
        far = (street.far + 1.0, street.far + depth - _WALL_CLEAR)
        found.append(Area(x0, x1, *near, SIDEWALK_Z, 0.0, 270.0, wall_room=_WALL_CLEAR, kerb_room=1.0))
        found.append(Area(x0, x1, *far, SIDEWALK_Z, 0.0, 90.0, wall_room=_WALL_CLEAR, kerb_room=1.0))
    return tuple(found)


def crossings(street: Street) -> tuple[Area, ...]:
    """Zebra crossings: two over the main street (walked along X), two over the cross street (walked along Y)."""
    left, right = -street.kerb(-1), street.kerb(1)
    spans = [(street.crossing - ZEBRA[1], street.crossing - ZEBRA[0]), (street.far + ZEBRA[0], street.far + ZEBRA[1])]
    over_main = [Area(left, right, y0, y1, 0.0, along=0.0, ground="road", signal="main") for y0, y1 in spans]
    over_cross = [
        Area(*reach, street.crossing, street.far, 0.0, along=90.0, ground="road", signal="cross")
        for reach in (_span(s, street.kerb(s) + ZEBRA[0], street.kerb(s) + ZEBRA[1]) for s in SIDES)
    ]
    return (*over_main, *over_cross)


def waiting(street: Street) -> tuple[Area, ...]:
    """Sidewalk at the ends of the zebra crossings over the main street; `along` is the way across."""
    found = []
    for s in SIDES:
        x0, x1 = _span(s, street.kerb(s) + 0.35, street.kerb(s) + 1.6)
        for y0, y1 in (
            (street.crossing - ZEBRA[1], street.crossing - ZEBRA[0] - 1.0),
            (street.far + ZEBRA[0] + 1.0, street.far + ZEBRA[1]),
        ):
            found.append(Area(x0, x1, y0, y1, SIDEWALK_Z, along=180.0 if s > 0 else 0.0))
    return tuple(found)


def verges(street: Street) -> tuple[Verge, ...]:
    """The line of trees, lamps and signs, one for each side and block."""
    found = []
    for s in SIDES:
        line = _along(street, s, s * (street.kerb(s) + VERGE))
        a, b = (abs(y - line.start[1]) for y in (street.crossing - 6.6, street.far + 6.6))
        gap = (min(a, b), max(a, b))
        found.append(Verge(line, 180.0 if s > 0 else 0.0, SIDEWALK_Z, street.sidewalk - VERGE, VERGE, (gap,)))
    return tuple(found)


def spans(street: Street, lowest_house: float) -> tuple[Span, ...]:
    """Where cables may hang: between house fronts, below the lowest roof; nowhere where that is too low."""
    height = min(CABLES, lowest_house - 0.7)
    if height < LOWEST_CABLE:
        return ()
    left, right = -street.front(-1) - SETBACK_LIMIT, street.front(1) + SETBACK_LIMIT
    middle = (left + right) / 2
    reaches = ((0.0, street.crossing - 6.0), (street.far + 6.0, min(street.road_end - 60.0, 140.0)))
    return tuple(Span(Line((middle, y0), (middle, y1)), right - left, height) for y0, y1 in reaches if y1 > y0)


def grounds(street: Street) -> tuple[Area, ...]:
    """Where litter and leaves lie: the gutters, the sidewalks, the lanes. `along` points to where they drift."""
    found = []
    low, high = street.bay_gap()
    end = street.far + 40.0
    for s in SIDES:
        drift = 0.0 if s > 0 else 180.0
        x0, x1 = _span(s, street.kerb(s) - 0.7, street.kerb(s) - 0.02)
        for y0, y1, bay in ((0.0, low, True), (low, high, False), (high, end, True)):
            ground = "parking" if bay and street.has_parking(s) else "road"
            if bay:
                found.append(Area(x0, x1, y0, y1, 0.0, along=drift, ground=ground))
        walk = _span(s, street.kerb(s) + 0.25, street.front(s) - 0.1)
        for y0, y1 in ((0.0, street.crossing - 4.5), (street.far + 4.5, end)):
            found.append(Area(*walk, y0, y1, SIDEWALK_Z, along=drift, ground="sidewalk"))
    found.append(Area(-street.half, street.half, 0.0, street.crossing - 8.0, 0.0, along=0.0, ground="road"))
    return tuple(found)
