"""The ground of a straight street: asphalt, parking, paint, kerbs, sidewalks, and the land beyond.

The carriageway's width and 60 m of its length carry one packed map of cracks, patches and wear, repeated along the
street; paint wears by the same map. Every stuff category of the ground is one instance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthgen.layout import palette
from synthgen.layout.street.dimensions import (
    BAY,
    BAY_PITCH,
    CORNER_RADIUS,
    REACH,
    SIDEWALK_Z,
    START,
    STOP_LINE,
    ZEBRA,
    Street,
)
from synthgen.recipe.params import Draw
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.spec import ImageRef
from synthgen.scene.stage import Stage

MAP_LENGTH = 60.0
MAP_RESOLUTION = 0.0125
MAP_SEEDS = 12
KERB_WIDTH = 0.15
KERB_SEEDS = 24
COVER_RADIUS = 0.34
BLOCK_REACH = 74.0
"""Half the width of what the sidewalk slabs cover, houses and all."""
BEYOND = 20.0
LAND = (-450.0, 450.0, -90.0, 750.0)
LAND_Z = -0.04
SIDES = (1, -1)

Covers = list[list[float]]
"""(x, y, radius) of manhole covers on the map, metres."""


@dataclass(slots=True)
class _Ground:
    """What the parts of the ground share while they are laid."""

    stage: Stage
    street: Street
    numbers: dict[str, int]
    asphalt: Surface
    plain: Surface
    paint: Surface
    rng: np.random.Generator

    @property
    def left(self) -> float:
        """x of the carriageway's left edge."""
        return -self.street.kerb(-1)

    @property
    def width(self) -> float:
        return self.street.kerb(-1) + self.street.kerb(1)

    def on_map(self, x: float) -> float:
        """Metres from the map's left edge."""
        return x + map_half(self.street)

    @property
    def map_width(self) -> float:
        return 2 * map_half(self.street)

    def number(self, category: str) -> int:
        if category not in self.numbers:
            self.numbers[category] = self.stage.builder.instance(category)
        return self.numbers[category]

    def strip(self, category: str, x0: float, x1: float, y0: float, y1: float) -> None:
        """Asphalt with the map, in its place on the map."""
        u = [self.on_map(x0) / self.map_width, self.on_map(x1) / self.map_width]
        v = [(y0 - START) / MAP_LENGTH, (y1 - START) / MAP_LENGTH]
        self.stage.generate(
            self.number(category),
            "street.ground_strip",
            {"surface": self.asphalt},
            pose(x0, y0, 0.0),
            width=_mm(x1 - x0),
            length=_mm(y1 - y0),
            uv=[round(c, 6) for c in (*u, *v)],
            pieces=max(1, math.ceil((y1 - y0) / 20.0)),
        )

    def mark(self, name: str, x: float, y: float, *, category: str = "lane marking", yaw: float = 0.0, **params: object) -> None:
        """Paint whose frame has its origin at (x, y); turned paint (`yaw`) wears by another part of the map."""
        origin = [_mm(self.on_map(x)), _mm((y - START) % MAP_LENGTH)]
        self.stage.generate(
            self.number(category),
            f"marking.{name}",
            {"paint": self.paint},
            pose(x, y, 0.0, yaw=yaw),
            uv_origin=origin,
            uv_scale=[_mm(self.map_width), MAP_LENGTH],
            **{k: _mm(v) if isinstance(v, float) else v for k, v in params.items()},
        )


def _mm(value: float) -> float:
    """To the millimetre: parameters of meshes that may be shared."""
    return round(value, 3) + 0.0


def lay_ground(stage: Stage, street: Street, draw: Draw, path: str, *, wear: float, bays: bool) -> dict[str, int]:
    """Lays everything that one walks and drives on; returns the instance of each ground category.

    bays: mark single parking bays, not only their edge.
    """
    rng = draw.rng(f"{path}.ground")
    covers = _draw_covers(street, rng)
    surface = road_map(stage, street, rng, wear, covers)
    low, high = palette.palette()["asphalt"]["base"]
    base = round(float(rng.uniform(low, high)), 3)
    images = {"surface": surface}
    worn = {**palette.palette()["paint"], "wear": round(wear, 2), "base": base}
    ground = _Ground(
        stage,
        street,
        {},
        Surface("asphalt", {"base": base}, images),
        Surface("asphalt_plain", {"base": base}),
        Surface("road_paint", worn, images),
        rng,
    )
    _carriageway(ground)
    _cross_street(ground)
    _markings(ground, bays)
    _crossings(ground)
    _sidewalks(ground)
    _kerbs(ground)
    _land(ground)
    return ground.numbers


def road_map(stage: Stage, street: Street, rng: np.random.Generator, wear: float, covers: Covers) -> ImageRef:
    """The packed map of the carriageway. Its numbers are coarse and its seeds few, so that scenes may share one."""
    return stage.store.procedural_image(
        "street.road_surface",
        color_space="linear",
        seed=int(rng.integers(0, MAP_SEEDS)),
        width=round(2 * map_half(street), 1),
        length=MAP_LENGTH,
        lanes=street.lanes,
        lane_width=round(street.lane_width, 1),
        resolution=MAP_RESOLUTION,
        wear=round(wear, 1),
        covers=covers,
    )


def map_half(street: Street) -> float:
    """Half the width of the map, whose middle is the centre line."""
    return max(street.kerb(-1), street.kerb(1))


def _draw_covers(street: Street, rng: np.random.Generator) -> Covers:
    """Three to five manholes in the lanes, away from the centre line; they repeat with the map."""
    found: Covers = []
    for k in range(int(rng.integers(3, 6))):
        lane = int(rng.integers(0, street.lanes)) - street.lanes / 2 + 0.5
        x = map_half(street) + lane * street.lane_width + float(rng.uniform(-0.7, 0.7))
        found.append([round(x, 1), round(MAP_LENGTH * (k + float(rng.uniform(0.15, 0.85))) / 5, 1), COVER_RADIUS])
    return found


def _carriageway(g: _Ground) -> None:
    street = g.street
    g.strip("road", -street.half, street.half, START, street.road_end)
    low, high = street.bay_gap()
    for s in SIDES:
        x0, x1 = sorted((s * street.half, s * street.kerb(s)))
        if not street.has_parking(s):
            g.strip("road", x0, x1, START, street.road_end)
            continue
        g.strip("parking", x0, x1, START, low)
        g.strip("road", x0, x1, low, high)
        g.strip("parking", x0, x1, high, street.road_end)


def _cross_street(g: _Ground) -> None:
    """Plain asphalt to both sides; under the rounded corners of the sidewalks too."""
    street = g.street
    y0, y1 = street.crossing - CORNER_RADIUS, street.far + CORNER_RADIUS
    for s in SIDES:
        x0, x1 = sorted((s * street.kerb(s), s * BLOCK_REACH))
        g.stage.generate(
            g.number("road"),
            "street.ground_strip",
            {"surface": g.plain},
            pose(x0, y0, 0.0),
            width=_mm(x1 - x0),
            length=_mm(y1 - y0),
        )


def _markings(g: _Ground, bays: bool) -> None:
    street = g.street
    reaches = (
        (START, street.crossing - STOP_LINE[0]),
        (street.far + STOP_LINE[0], street.road_end),
    )
    dash, gap = ((3.0, 6.0), (3.0, 3.0), (4.0, 8.0))[int(g.rng.integers(0, 3))]
    width = float(g.rng.choice([0.10, 0.12, 0.15]))
    for y0, y1 in reaches:
        length = y1 - y0
        if street.lanes == 2:
            g.mark("line", 0.0, y0, length=length, width=width, dash=dash, gap=gap)
        else:
            for x in (-0.12, 0.12):
                g.mark("line", x, y0, length=length, width=width)
        for k in range(1, street.lanes // 2):
            for s in SIDES:
                g.mark("line", s * k * street.lane_width, y0, length=length, width=width, dash=dash, gap=gap)
        for s in SIDES:
            _edge(g, s, y0, y1, width, bays)
    _approaches(g)


def _edge(g: _Ground, s: int, y0: float, y1: float, width: float, bays: bool) -> None:
    """The line between lane and parking, with the bays' lines."""
    street = g.street
    if not street.has_parking(s):
        return
    g.mark("line", s * street.half, y0, length=y1 - y0, width=width)
    if not bays:
        return
    low, high = street.bay_gap()
    first, last = (START, low) if y0 < low else (high, y1)
    # The bays start where the row of parked cars does: with the traffic of that side.
    start = START if s * street.side > 0 else street.road_end - 10.0
    lead = (start - first) % BAY_PITCH
    depth = BAY - width / 2 - 0.02
    x = s * (street.half + width / 2 + 0.004 + depth / 2)
    line = 0.1
    g.mark("line", x, first, length=last - first, width=depth, dash=line, gap=BAY_PITCH - line,
           phase=(BAY_PITCH - lead + line / 2) % BAY_PITCH)  # fmt: skip


def _approaches(g: _Ground) -> None:
    """Stop lines of all four approaches, and arrows before them."""
    street = g.street
    thick = STOP_LINE[1] - STOP_LINE[0]
    inner, outer = 0.2, street.half - 0.15
    for d in (1, -1):  # +1: traffic along +Y
        s = d * street.side
        x0 = inner if s > 0 else -outer
        y = street.crossing - STOP_LINE[1] if d > 0 else street.far + STOP_LINE[0]
        g.mark("stop_line", x0, y, width=outer - inner, thickness=thick)
        if street.lanes >= 4 or g.rng.random() < 0.35:
            for k in range(street.lanes // 2):
                _arrows(g, d, k)
    for s in SIDES:  # the cross street's: traffic towards the middle keeps to its side
        near = s * (street.kerb(s) + STOP_LINE[0])
        low = s * street.side < 0
        y0, y1 = (street.crossing + 0.3, street.cross_middle - 0.15) if low else (street.cross_middle + 0.15, street.far - 0.3)
        # Turned by 90 degrees the line runs along +Y and is thick towards -X.
        x = near + thick if s > 0 else near
        g.mark("stop_line", x, y0, yaw=90.0, width=y1 - y0, thickness=thick)
        begin = s * (street.kerb(s) + STOP_LINE[0])
        length = BLOCK_REACH - abs(begin)
        g.mark("line", begin, street.cross_middle, yaw=-90.0 * s, length=length, width=0.12)
        for d in (1, -1):
            g.mark("line", begin, street.cross_middle + d * street.cross_lane, yaw=-90.0 * s, length=length, width=0.12,
                   dash=3.0, gap=6.0)  # fmt: skip


def _arrows(g: _Ground, d: int, k: int) -> None:
    """An arrow in the k-th lane from the middle, 12 m before the stop line."""
    street = g.street
    x = d * street.side * (k + 0.5) * street.lane_width
    length = 5.0
    y = street.crossing - STOP_LINE[1] - 12.0 - length if d > 0 else street.far + STOP_LINE[1] + 12.0
    inner, outer = ("straight_left", "straight_right") if street.side > 0 else ("straight_right", "straight_left")
    if street.lanes == 2:
        direction = "straight"
    else:
        direction = inner if k == 0 else outer if k == street.lanes // 2 - 1 else "straight"
    g.mark("arrow", x, y, direction=direction, length=length, mirror=d < 0)


def _crossings(g: _Ground) -> None:
    """Zebra crossings on all four sides."""
    street = g.street
    depth = ZEBRA[1] - ZEBRA[0]
    for y in (street.crossing - ZEBRA[1], street.far + ZEBRA[0]):
        g.mark("crossing", g.left + 0.3, y, category="crossing", width=g.width - 0.6, depth=depth, bar=0.5, gap=0.5)
    for s in SIDES:
        x = s * (street.kerb(s) + ZEBRA[0]) if s < 0 else street.kerb(s) + ZEBRA[1]
        # Turned by 90 degrees: spread along +Y, bars towards -X.
        g.mark("crossing", x, street.crossing + 0.3, category="crossing", yaw=90.0, width=street.cross_width - 0.6,
               depth=depth, bar=0.5, gap=0.5)  # fmt: skip


def _sidewalks(g: _Ground) -> None:
    """Four blocks with a rounded corner at the crossing, and one that closes the street."""
    street = g.street
    paving = Surface("paving", palette.option(palette.palette()["paving"]["options"], g.rng))
    r = CORNER_RADIUS
    end = street.length + BEYOND
    for s in SIDES:
        x0, x1 = sorted((s * street.kerb(s), s * BLOCK_REACH))
        for (y0, y1), radii in (
            ((START, street.crossing), [0.0, 0.0, 0.0, r] if s > 0 else [0.0, 0.0, r, 0.0]),
            ((street.far, end), [r, 0.0, 0.0, 0.0] if s > 0 else [0.0, r, 0.0, 0.0]),
        ):
            _block(g, paving, x0, x1, y0, y1, radii)
    _block(g, paving, g.left, g.left + g.width, street.road_end, end, [0.0] * 4)


def _block(g: _Ground, paving: Surface, x0: float, x1: float, y0: float, y1: float, radii: list[float]) -> None:
    g.stage.generate(
        g.number("sidewalk"),
        "street.sidewalk_block",
        {"paving": paving},
        pose(x0, y0, SIDEWALK_Z),
        width=_mm(x1 - x0),
        length=_mm(y1 - y0),
        radii=radii,
        inset=KERB_WIDTH,
    )


def _kerbs(g: _Ground) -> None:
    """Stones along every edge between sidewalk and road. A row has its road at -X and runs along +Y."""
    street, r = g.street, CORNER_RADIUS
    before, behind = street.crossing - r, street.far + r
    right, left = street.kerb(1), -street.kerb(-1)
    _kerb(g, right, START, 0.0, before - START)
    _kerb(g, right, behind, 0.0, street.road_end - behind)
    _kerb(g, left, before, 180.0, before - START)
    _kerb(g, left, street.road_end, 180.0, street.road_end - behind)
    _kerb(g, right, street.road_end, 90.0, g.width)
    _kerb(g, right + r, street.crossing, -90.0, BLOCK_REACH - right - r)
    _kerb(g, -BLOCK_REACH, street.crossing, -90.0, BLOCK_REACH + left - r)
    _kerb(g, BLOCK_REACH, street.far, 90.0, BLOCK_REACH - right - r)
    _kerb(g, left - r, street.far, 90.0, BLOCK_REACH + left - r)
    for x, y, yaw in (
        (right + r, before, 90.0),
        (right + r, behind, 180.0),
        (left - r, before, 0.0),
        (left - r, behind, 270.0),
    ):
        g.stage.generate(
            g.number("curb"),
            "street.kerb_corner",
            {"kerb_stone": Surface("kerb_stone")},
            pose(x, y, 0.0, yaw=yaw),
            radius=r,
            height=SIDEWALK_Z,
            width=KERB_WIDTH,
            seed=int(g.rng.integers(0, KERB_SEEDS)),
        )


def _kerb(g: _Ground, x: float, y: float, yaw: float, length: float) -> None:
    g.stage.generate(
        g.number("curb"),
        "street.kerb",
        {"kerb_stone": Surface("kerb_stone")},
        pose(x, y, 0.0, yaw=yaw),
        length=_mm(length),
        height=SIDEWALK_Z,
        width=KERB_WIDTH,
        seed=int(g.rng.integers(0, KERB_SEEDS)),
    )


def _land(g: _Ground) -> None:
    """The land below and beyond the town, to the horizon."""
    x0, x1, y0, y1 = LAND
    g.stage.generate(
        g.number("terrain"),
        "street.ground_strip",
        {"surface": Surface("terrain", palette.palette()["terrain"])},
        pose(x0, y0, LAND_Z),
        width=x1 - x0,
        length=y1 - y0,
        uv=[0.0, 1.0, 0.0, 1.0],
    )
