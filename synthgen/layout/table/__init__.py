"""The layout `table`: a table in a room, under lamps."""

from __future__ import annotations

import numpy as np

from synthgen.layout import palette
from synthgen.layout.registry import layout
from synthgen.layout.slots import Area, Board, Layout, Luminaire
from synthgen.recipe.params import Block, Draw
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

_LAMP_GAP = 0.25
_CLOTH = 0.0015
_SEEDS = 24


@layout("table")
def table(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds the room and the table, whose front looks along +X; slots: `table` (a Board), `floor`, `luminaires`."""
    values = block.params.resolve(draw)
    rng = draw.rng(f"{block.path}.surfaces")
    width, depth, height = (millimetres(float(values[k])) for k in ("width", "depth", "height"))
    side, ceiling = (
        millimetres(max(float(values["room"]), 2 * max(width, depth))),
        millimetres(float(values["ceiling"])),
    )
    grounds = _room(stage, side, ceiling, float(values["wear"]), rng)
    number = stage.builder.instance("table", attributes={"size": (width, depth, height), "top": values["top"]})
    worn = {"dirt": round(0.45 * float(values["wear"]), 3)}
    top = palette.tinted(f"table_{values['top']}", rng)
    stage.generate(
        number, "indoor.table", {"top": _over(top, worn), "frame": palette.tinted("table_frame", rng)},
        width=width, depth=depth, height=height,
    )  # fmt: skip
    z = height
    if values["cloth"] != "none":
        cloth = stage.builder.instance("textile", relations={"covers": number}, attributes={"colour": values["cloth"]})
        stage.generate(
            cloth, "indoor.table_cloth", {"cloth": palette.plain(f"table_cloth_{values['cloth']}")}, solids=[],
            width=width, depth=depth, height=height, drop=0.18, seed=int(rng.integers(0, _SEEDS)),
        )  # fmt: skip
        z += _CLOTH
        number = cloth
    margin = min(float(values["margin"]), 0.45 * width, 0.45 * depth)
    frame = (0.0, -1.0, 0.0, depth / 2 - margin, 1.0, 0.0, 0.0, margin - width / 2, 0.0, 0.0, 1.0, z)
    above = min(float(values["lamp_height"]), ceiling - height - 0.08)
    board = Board(frame, width - 2 * margin, depth - 2 * margin, above - 0.05, number, "table", "table")
    lamps = _lamps(stage, int(values["lamps"]), width, height + above, ceiling, float(values["lamp_size"]), rng)
    reach = side / 2 - 0.1
    floor = Area(depth / 2 + 0.15, reach, -reach, reach, 0.0, along=90.0, ground="floor")
    slots = {"table": (board,), "floor": (floor,), "luminaires": tuple(lamps)}
    return Layout("table", slots, grounds, {"room": side, "ceiling": ceiling, "cloth": values["cloth"]})


def _room(stage: Stage, side: float, ceiling: float, wear: float, rng: np.random.Generator) -> dict[str, int]:
    """Floor, walls and ceiling; each of the room's surfaces is an instance of its own."""
    grounds = {name: stage.builder.instance(name) for name in ("floor", "wall", "ceiling")}
    worn = {"dirt": round(0.3 * wear, 3)}
    surfaces = {
        "floor": _over(palette.tinted("room_floor", rng), worn),
        "wall": _over(palette.tinted("room_wall", rng), worn),
        "skirting": palette.plain("room_skirting"),
        "ceiling": palette.plain("room_ceiling"),
    }
    of = {"floor": "floor", "wall": "wall", "skirting": "wall", "ceiling": "ceiling"}
    for slot, surface in surfaces.items():
        stage.generate(
            grounds[of[slot]], "indoor.room_side", {slot: surface}, solids=[], side=side, ceiling=ceiling, part=slot
        )
    return grounds


def _lamps(
    stage: Stage, count: int, width: float, z: float, ceiling: float, size: float, rng: np.random.Generator
) -> list[Luminaire]:
    """Lamps on cords in a row over the table, their openings at height z."""
    size = millimetres(min(size, width / count))
    pitch = max(size + _LAMP_GAP, width / count)
    found = []
    housing = palette.tinted("lamp_housing", rng)
    for k in range(count):
        y = (k - (count - 1) / 2) * pitch
        number = stage.builder.instance("luminaire")
        frame = pose(0.0, y, millimetres(z))
        stage.generate(
            number, "indoor.lamp_housing", {"housing": housing, "cord": palette.plain("shop_dark")}, frame,
            width=size, cord=millimetres(ceiling - z),
        )  # fmt: skip
        found.append(Luminaire(frame, (size - 0.02, size - 0.02), "lamp", number))
    return found


def _over(surface: Surface, params: dict[str, float]) -> Surface:
    return Surface(surface.model, {**surface.params, **params}, surface.images, surface.transparency)
