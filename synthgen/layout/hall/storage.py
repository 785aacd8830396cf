"""Racks, what is bolted to them, and the boards and aisles that they make."""

from __future__ import annotations

import string

import numpy as np

from synthgen.layout import palette
from synthgen.layout.hall.dimensions import BEAM, UPRIGHT, Plan, Row
from synthgen.layout.slots import Area, Board
from synthgen.procedural.racking import rack_shelves
from synthgen.scene.pose import pose
from synthgen.scene.stage import Box, Stage, millimetres

_SIGN = 0.96
"""Height and width of the plate with an aisle's letter: from upright to upright."""
_GUARDED = 0.2
"""Beyond the ends of a row, for its guards, metres."""


def raise_racks(
    stage: Stage, plan: Plan, floor: int, rng: np.random.Generator
) -> tuple[tuple[Board, ...], tuple[Area, ...], list[Area]]:
    """All rows; the boards on them, the aisles between them, and the floor that they take."""
    surfaces = {
        "upright": palette.tinted("rack_upright", rng),
        "beam": palette.tinted("rack_beam", rng),
        "brace": palette.plain("galvanised"),
        "guard": palette.plain("safety_yellow"),
        "deck": palette.tinted("rack_deck", rng),
        "metal": palette.plain("bare_steel"),
        "hole": palette.plain("dark_hole"),
        "label": palette.plain("carton_label"),
        "ink": palette.plain("dark_hole"),
    }
    wear = 0.1 if float(plan.values["wear"]) < 0.3 else 0.4 if float(plan.values["wear"]) < 0.7 else 0.8
    kinds = [int(s) for s in rng.integers(0, 8, 2)]
    letters = _letters(plan, rng)
    solids = _solids(plan)
    boards: list[Board] = []
    kept: list[Area] = []
    middle = plan.rack_y + plan.rack_length / 2
    for k, row in enumerate(plan.rows):
        name = letters[k]
        number = stage.builder.instance("rack", attributes={"row": name, "bays": plan.bays, "levels": plan.levels})
        where = pose(row.x, middle, yaw=0.0 if row.faces > 0 else 180.0)
        stage.generate(
            number, "factory.rack", surfaces, where, solids=solids, **plan.rack, wear=wear, seed=kinds[k % 2]
        )
        boards += _boards(plan, row, middle, name, number, floor)
        half = plan.rack["depth"] / 2 + 0.02
        kept.append(
            Area(row.x - half, row.x + half, plan.rack_y - _GUARDED, plan.rack_y + plan.rack_length + _GUARDED, 0.0)
        )
        if row.faces > 0 or k + 1 == len(plan.rows):
            _sign(stage, plan, row, name)
    aisles = tuple(
        Area(
            x0 + 0.16,
            x1 - 0.16,
            plan.rack_y - 0.5,
            plan.rack_y + plan.rack_length + 0.3,
            0.0,
            along=90.0,
            ground="floor",
        )
        for x0, x1 in plan.aisles
    )
    return tuple(boards), aisles, kept


def _solids(plan: Plan) -> list[Box]:
    """Frames and beams, in the frame of a row: one sees through the rest."""
    half = plan.rack["depth"] / 2
    pitch = plan.rack["bay_width"] + UPRIGHT
    frames = (np.arange(plan.bays + 1) - plan.bays / 2) * pitch
    tops = [plan.rack["level_height"] * (k + 1) for k in range(plan.levels)]
    boxes: list[Box] = [
        ((-half, float(y) - UPRIGHT / 2, 0.0), (half, float(y) + UPRIGHT / 2, tops[-1] + 0.3)) for y in frames
    ]
    for top in tops:
        for x in (-half, half - 0.06):
            boxes.append(((x, float(frames[0]), top - BEAM), (x + 0.06, float(frames[-1]), top)))
    return boxes


def _letters(plan: Plan, rng: np.random.Generator) -> list[str]:
    first = int(rng.integers(0, 12))
    return [string.ascii_uppercase[(first + k) % 26] for k in range(len(plan.rows))]


def _boards(plan: Plan, row: Row, middle: float, name: str, rack: int, floor: int) -> list[Board]:
    """The places of a row, bays counted from its lower end."""
    found = []
    side = float(row.faces)
    for shelf in rack_shelves(**plan.rack):
        bay = shelf.bay if side > 0 else plan.bays - 1 - shelf.bay
        x = row.x + side * plan.rack["depth"] / 2
        y = middle + shelf.y0 if side > 0 else middle - shelf.y0
        frame = (0.0, -side, 0.0, millimetres(x), side, 0.0, 0.0, millimetres(y), 0.0, 0.0, 1.0, millimetres(shelf.z))
        room = shelf.height
        if shelf.level == plan.levels:
            room = min(room, plan.clear - shelf.z - 0.9)
        carrier = rack if shelf.level else floor
        place = f"{name}{bay + 1:02d}.{shelf.level}"
        kind = "floor" if not shelf.level else "beams" if plan.rack["deck"] == "none" else "deck"
        width, deep = millimetres(shelf.y1 - shelf.y0), plan.rack["depth"]
        found.append(Board(frame, width, deep, round(room, 3), carrier, place, kind))
    return found


def _sign(stage: Stage, plan: Plan, row: Row, name: str) -> None:
    """The row's letter at its lower end, on both uprights."""
    surfaces = {
        "plate": palette.plain("carton_label"),
        "face": palette.plain("sign_blue"),
        "dark": palette.plain("dark_hole"),
        "light": palette.plain("sign_white"),
    }
    number = stage.builder.instance("sign", attributes={"text": name})
    y = plan.rack_y - 0.0005
    tall = min(2.4, plan.rack["level_height"] * plan.levels - _SIGN)
    stage.generate(
        number,
        "factory.sign",
        surfaces,
        pose(row.x, y - 0.002, millimetres(tall), yaw=-90.0),
        solids=[],
        kind="aisle",
        size=_SIGN,
        text=name,
    )
