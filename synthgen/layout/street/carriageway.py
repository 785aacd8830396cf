"""The carriageway: asphalt and parking under one packed map of cracks, patches and wear, covers, and the cross street.

The map covers the carriageway's width and 60 m of its length, and repeats along the street; paint wears by it too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.layout import palette
from synthgen.layout.street.dimensions import BLOCK_REACH, CORNER_RADIUS, START, STOP_LINE, Street
from synthgen.recipe.params import Draw
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.spec import ImageRef
from synthgen.scene.stage import Stage, millimetres

MAP_LENGTH = 60.0
MAP_RESOLUTION = 0.0125
MAP_SEEDS = 12
PIECE = 20.0
"""Strips are cut every so many metres, so that texture coordinates stay precise."""
COVER = 0.31
COLLAR = 0.1
GULLY = 0.22
GULLY_SPACING = 26.0
_KEEP_CLEAR = 24.0
"""Metres before a stop line without covers: arrows and lines are painted there."""
SIDES = (1, -1)

Cover = tuple[float, float]
"""(x on the map, y on the map) of a manhole's middle, metres."""


@dataclass(slots=True)
class Carriageway:
    """What the parts of the road share while it is built. numbers: instances of the ground's categories."""

    stage: Stage
    street: Street
    rng: np.random.Generator
    asphalt: Surface
    plain: Surface
    paint: Surface
    covers: list[Cover]
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def map_half(self) -> float:
        """Half the width of the map, whose middle is the centre line."""
        return _map_half(self.street)

    def number(self, category: str) -> int:
        if category not in self.numbers:
            self.numbers[category] = self.stage.builder.instance(category)
        return self.numbers[category]

    def strip(self, category: str, x0: float, x1: float, y0: float, y1: float) -> None:
        """Asphalt in its place on the map."""
        u = [(x + self.map_half) / (2 * self.map_half) for x in (x0, x1)]
        v = [(y - START) / MAP_LENGTH for y in (y0, y1)]
        self.stage.generate(
            self.number(category),
            "street.ground_strip",
            {"surface": self.asphalt},
            pose(x0, y0, 0.0),
            width=millimetres(x1 - x0),
            length=millimetres(y1 - y0),
            uv=[*u, *v],
            pieces=max(1, math.ceil((y1 - y0) / PIECE)),
        )

    def mark(
        self, name: str, x: float, y: float, *, category: str = "lane marking", yaw: float = 0.0, **params: Any
    ) -> None:
        """Paint whose frame has its origin at (x, y). Turned paint (`yaw`) wears by some part of the map."""
        shape: dict[str, Any] = {k: millimetres(v) if isinstance(v, float) else v for k, v in params.items()}
        self.stage.generate(
            self.number(category),
            f"marking.{name}",
            {"paint": self.paint},
            pose(x, y, 0.0, yaw=yaw),
            uv_origin=[millimetres(x + self.map_half), millimetres((y - START) % MAP_LENGTH)],
            uv_scale=[millimetres(2 * self.map_half), MAP_LENGTH],
            **shape,
        )


def build_carriageway(stage: Stage, street: Street, draw: Draw, path: str, *, wear: float, wet: float) -> Carriageway:
    """Lays asphalt, parking strips, covers and the cross street. wear: 0 new .. 1 worn out. wet: 0 dry .. 1 soaked."""
    rng = draw.rng(f"{path}.ground")
    covers = _draw_covers(street, rng)
    images = {"surface": _road_map(stage, street, rng, wear, covers)}
    low, high = palette.palette()["asphalt"]["base"]
    base = round(max(0.035, float(rng.uniform(low, high)) + (wear - 0.5) * palette.palette()["asphalt"]["ages"]), 3)
    rain = wetness(wet)
    worn = {**palette.palette()["paint"], "wear": round(wear, 2), "base": base, **rain}
    road = Carriageway(
        stage,
        street,
        rng,
        asphalt=Surface("asphalt", {"base": base, **rain}, images),
        plain=Surface("asphalt_plain", {"base": base, **rain}),
        paint=Surface("road_paint", worn, images),
        covers=covers,
    )
    _strips(road)
    _cross_street(road)
    _covers(road)
    _gullies(road)
    return road


def wetness(wet: float) -> dict[str, float]:
    """The parameter of what lies outdoors for this wetness; none where it is dry."""
    return {"wet": round(wet, 2)} if wet > 0 else {}


def _map_half(street: Street) -> float:
    return max(street.kerb(-1), street.kerb(1))


def _draw_covers(street: Street, rng: np.random.Generator) -> list[Cover]:
    """Three to five manholes in the lanes, away from the lines; they repeat with the map."""
    found = []
    for k in range(int(rng.integers(3, 6))):
        lane = int(rng.integers(0, street.lanes)) - street.lanes / 2 + 0.5
        aside = (street.lane_width / 2 - COVER - COLLAR - 0.25) * float(rng.uniform(-1.0, 1.0))
        x = _map_half(street) + lane * street.lane_width + aside
        found.append((round(x, 1), round(MAP_LENGTH * (k + float(rng.uniform(0.15, 0.85))) / 5, 1)))
    return found


def _road_map(stage: Stage, street: Street, rng: np.random.Generator, wear: float, covers: list[Cover]) -> ImageRef:
    """The packed map. Its numbers are coarse and its seeds few, so that scenes may share one."""
    return stage.store.procedural_image(
        "street.road_surface",
        color_space="linear",
        seed=int(rng.integers(0, MAP_SEEDS)),
        width=round(2 * _map_half(street), 1),
        length=MAP_LENGTH,
        lanes=street.lanes,
        lane_width=round(street.lane_width, 1),
        resolution=MAP_RESOLUTION,
        wear=round(wear, 1),
        covers=[[x, y, COVER + COLLAR] for x, y in covers],
    )


def _strips(road: Carriageway) -> None:
    street = road.street
    road.strip("road", -street.half, street.half, START, street.road_end)
    low, high = street.bay_gap()
    for s in SIDES:
        x0, x1 = sorted((s * street.half, s * street.kerb(s)))
        if not street.has_parking(s):
            road.strip("road", x0, x1, START, street.road_end)
            continue
        road.strip("parking", x0, x1, START, low)
        road.strip("road", x0, x1, low, high)
        road.strip("parking", x0, x1, high, street.road_end)


def _cross_street(road: Carriageway) -> None:
    """Asphalt without a map to both sides; under the rounded corners of the sidewalks too."""
    street = road.street
    y0, y1 = street.crossing - CORNER_RADIUS, street.far + CORNER_RADIUS
    for s in SIDES:
        x0, x1 = sorted((s * street.kerb(s), s * BLOCK_REACH))
        road.stage.generate(
            road.number("road"),
            "street.ground_strip",
            {"surface": road.plain},
            pose(x0, y0, 0.0),
            width=millimetres(x1 - x0),
            length=millimetres(y1 - y0),
        )


def _iron() -> dict[str, Surface]:
    return {"iron": palette.plain("iron"), "collar": palette.plain("concrete"), "dark": palette.plain("shaft")}


def _covers(road: Carriageway) -> None:
    """Manholes on the map's collars, but for those that would lie under paint."""
    street = road.street
    styles = ("round", "plain")
    free = ((street.crossing, street.far),)
    for k, (x, along) in enumerate(road.covers):
        style, seed = styles[int(road.rng.integers(0, 2))], int(road.rng.integers(0, 4))
        y = START + along
        while y < street.road_end - 1.0:
            near = street.crossing - STOP_LINE[1] - _KEEP_CLEAR < y < street.far + STOP_LINE[1] + _KEEP_CLEAR
            if not near or any(a + 0.5 < y < b - 0.5 for a, b in free):
                where = pose(x - road.map_half, y, 0.0, yaw=37.0 * k)
                road.stage.generate(
                    road.number("manhole"), "street.manhole", _iron(), where, radius=COVER, style=style, seed=seed
                )
            y += MAP_LENGTH


def _gullies(road: Carriageway) -> None:
    """Grates in the gutter along both kerbs."""
    street = road.street
    for s in SIDES:
        y = START + float(road.rng.uniform(2.0, GULLY_SPACING))
        x = s * (street.kerb(s) - GULLY - 0.04)
        while y < street.road_end - 1.0:
            if not street.crossing - STOP_LINE[1] - 1.0 < y < street.far + STOP_LINE[1] + 1.0:
                where = pose(x, y, 0.0)
                road.stage.generate(
                    road.number("manhole"), "street.manhole", _iron(), where, radius=GULLY, style="gully"
                )
            y += GULLY_SPACING
