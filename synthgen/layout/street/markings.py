"""Paint on the carriageway and on the cross street: lines, bays, stop lines, arrows, zebra crossings."""

from __future__ import annotations

from synthgen.layout.street.carriageway import Carriageway
from synthgen.layout.street.dimensions import BAY, BAY_PITCH, BLOCK_REACH, START, STOP_LINE, ZEBRA

SIDES = (1, -1)
_DASHES = ((3.0, 6.0), (3.0, 3.0), (4.0, 8.0))
_WIDTHS = (0.10, 0.12, 0.15)
_ARROW = 5.0
_ARROW_BEFORE_STOP = 12.0
_BAY_LINE = 0.1
_CROSS_LINE = 0.12


def paint(road: Carriageway, *, bays: bool) -> None:
    """All lane markings and crossings. bays: mark single parking bays, not only their edge."""
    street, rng = road.street, road.rng
    dash, gap = _DASHES[int(rng.integers(0, len(_DASHES)))]
    width = _WIDTHS[int(rng.integers(0, len(_WIDTHS)))]
    for y0, y1 in ((START, street.crossing - STOP_LINE[0]), (street.far + STOP_LINE[0], street.road_end)):
        length = y1 - y0
        if street.lanes == 2:
            road.mark("line", 0.0, y0, length=length, width=width, dash=dash, gap=gap)
        else:
            for x in (-0.12, 0.12):
                road.mark("line", x, y0, length=length, width=width)
        for k in range(1, street.lanes // 2):
            for s in SIDES:
                road.mark("line", s * k * street.lane_width, y0, length=length, width=width, dash=dash, gap=gap)
        for s in SIDES:
            _edge(road, s, y0, y1, width, bays)
    _main_approaches(road)
    _cross_approaches(road)
    _crossings(road)


def _edge(road: Carriageway, s: int, y0: float, y1: float, width: float, bays: bool) -> None:
    """The line between lane and parking, with the bays' lines."""
    street = road.street
    if not street.has_parking(s):
        return
    road.mark("line", s * street.half, y0, length=y1 - y0, width=width)
    if not bays:
        return
    low, high = street.bay_gap()
    first, last = (START, low) if y0 < low else (high, y1)
    # Bays are counted from where the row of parked cars starts: with the traffic of that side.
    start = START if s * street.side > 0 else street.slots_end
    lead = (start - first) % BAY_PITCH
    depth = BAY - width / 2 - 0.02
    x = s * (street.half + width / 2 + 0.004 + depth / 2)
    phase = (BAY_PITCH - lead + _BAY_LINE / 2) % BAY_PITCH
    gap = BAY_PITCH - _BAY_LINE
    road.mark("line", x, first, length=last - first, width=depth, dash=_BAY_LINE, gap=gap, phase=phase)


def _main_approaches(road: Carriageway) -> None:
    """Stop lines of the main street, and arrows before them."""
    street = road.street
    inner, outer = 0.2, street.half - 0.15
    for d in (1, -1):  # +1: traffic along +Y
        x0 = inner if d * street.side > 0 else -outer
        y = street.crossing - STOP_LINE[1] if d > 0 else street.far + STOP_LINE[0]
        road.mark("stop_line", x0, y, width=outer - inner, thickness=STOP_LINE[1] - STOP_LINE[0])
        if street.lanes >= 4 or road.rng.random() < 0.35:
            for k in range(street.lanes // 2):
                _arrow(road, d, k)


def _arrow(road: Carriageway, d: int, k: int) -> None:
    """An arrow in the k-th lane from the middle."""
    street = road.street
    x = d * street.side * (k + 0.5) * street.lane_width
    before = STOP_LINE[1] + _ARROW_BEFORE_STOP
    y = street.crossing - before - _ARROW if d > 0 else street.far + before
    inner, outer = ("straight_left", "straight_right") if street.side > 0 else ("straight_right", "straight_left")
    direction = "straight"
    if street.lanes > 2 and k == 0:
        direction = inner
    elif street.lanes > 2 and k == street.lanes // 2 - 1:
        direction = outer
    road.mark("arrow", x, y, direction=direction, length=_ARROW, mirror=d < 0)


def _cross_approaches(road: Carriageway) -> None:
    """Stop lines and lines of the cross street. Turned by 90 degrees, a piece runs along +Y and is thick towards -X."""
    street = road.street
    thick = STOP_LINE[1] - STOP_LINE[0]
    for s in SIDES:  # traffic that comes from side s
        begin = street.kerb(s) + STOP_LINE[0]
        low = (street.crossing + 0.3, street.cross_middle - 0.15)
        high = (street.cross_middle + 0.15, street.far - 0.3)
        y0, y1 = low if s * street.side < 0 else high
        x = begin + thick if s > 0 else -begin
        road.mark("stop_line", x, y0, yaw=90.0, width=y1 - y0, thickness=thick)
        length = BLOCK_REACH - begin
        road.mark("line", s * begin, street.cross_middle, yaw=-90.0 * s, length=length, width=_CROSS_LINE)
        for d in (1, -1):
            y = street.cross_middle + d * street.cross_lane
            road.mark("line", s * begin, y, yaw=-90.0 * s, length=length, width=_CROSS_LINE, dash=3.0, gap=6.0)


def _crossings(road: Carriageway) -> None:
    """Zebra crossings on all four sides."""
    street = road.street
    depth = ZEBRA[1] - ZEBRA[0]
    shape = {"depth": depth, "bar": 0.5, "gap": 0.5}
    left, width = -street.kerb(-1), street.kerb(-1) + street.kerb(1)
    for y in (street.crossing - ZEBRA[1], street.far + ZEBRA[0]):
        road.mark("crossing", left + 0.3, y, category="crossing", width=width - 0.6, **shape)
    for s in SIDES:
        x = street.kerb(1) + ZEBRA[1] if s > 0 else -street.kerb(-1) - ZEBRA[0]
        y = street.crossing + 0.3
        road.mark("crossing", x, y, category="crossing", yaw=90.0, width=street.cross_width - 0.6, **shape)
