"""The layout `hall`: a warehouse, a plant, or both under one roof."""

from __future__ import annotations

import numpy as np

from synthgen.layout.hall.dimensions import WALL_ROOM, Plan, planned
from synthgen.layout.hall.line import build_line
from synthgen.layout.hall.paint import paint_floor
from synthgen.layout.hall.services import hang_luminaires, hang_signs, run_services
from synthgen.layout.hall.shell import Shell, build_shell
from synthgen.layout.hall.storage import raise_racks
from synthgen.layout.registry import layout
from synthgen.layout.slots import Area, Layout
from synthgen.recipe.params import Block, Draw
from synthgen.scene.stage import Stage


@layout("hall")
def hall(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds the hall and returns its slots: racks, belt (Boards), aisles, floor, staging, machines, cell, walls,
    cameras (Areas), luminaires."""
    values = block.params.resolve(draw)

    def rng(name: str) -> np.random.Generator:
        return draw.rng(f"{block.path}.{name}")

    plan = planned(values, rng("plan"))
    shell = build_shell(stage, plan, rng("shell"))
    floor = shell.numbers["floor"]
    boards, aisles, taken = raise_racks(stage, plan, floor, rng("racks")) if plan.rows else ((), (), [])
    line = build_line(stage, plan, shell, rng("line")) if plan.spine is not None or not plan.rows else None
    staging = paint_floor(stage, plan, shell, line, rng("paint"))
    lamps = hang_luminaires(stage, plan, rng("luminaires"))
    run_services(stage, plan, shell, rng("services"))
    signs = hang_signs(stage, plan, shell, rng("signs"))
    slots = {
        "racks": boards,
        "aisles": aisles,
        "staging": staging,
        "floor": _floor(plan, line.free if line else []),
        "walls": _walls(plan, shell),
        "luminaires": lamps,
        "belt": tuple(line.belts) if line else (),
        "machines": tuple(line.machines) if line else (),
        "cell": tuple(line.cell) if line else (),
        "along": _along(plan),
    }
    kept = [*shell.kept, *taken, *signs, *(line.kept if line else [])]
    named = {name: shell.numbers[name] for name in ("floor", "wall", "ceiling")}
    return Layout("hall", slots, named, plan.record(), kept=kept)


def _floor(plan: Plan, free: list[Area]) -> tuple[Area, ...]:
    """Where one drives and walks beside the aisles: the strip before the gates, that at the rear, and the line's."""
    low, high = -plan.length / 2, plan.length / 2
    strips = [Area(plan.x0 + 1.0, plan.x1 - 1.0, low + 1.4, plan.rack_y - 0.9, 0.0, along=0.0, ground="floor")]
    if plan.rows:
        end = plan.rack_y + plan.rack_length + 0.4
        right = plan.spine if plan.spine is not None else plan.x1
        if high - 1.0 - end > 1.2:
            strips.append(Area(plan.x0 + 1.0, right - 0.8, end, high - 1.0, 0.0, along=0.0, ground="floor"))
    return (*strips, *free)


def _walls(plan: Plan, shell: Shell) -> tuple[Area, ...]:
    """Strips along the end walls between the openings, for what has its back to a wall."""
    depth = 0.78
    found = []
    for wall, y in (("front", -plan.length / 2), ("rear", plan.length / 2)):
        gates = sorted((o.at - o.width / 2 - 0.7, o.at + o.width / 2 + 0.7) for o in shell.openings if o.wall == wall)
        edges = [plan.x0 + WALL_ROOM, *(v for g in gates for v in g), plan.x1 - WALL_ROOM]
        for x0, x1 in zip(edges[::2], edges[1::2], strict=True):
            if x1 - x0 > 0.9:
                y0, y1 = (y + 0.05, y + 0.05 + depth) if wall == "front" else (y - 0.05 - depth, y - 0.05)
                found.append(Area(x0, x1, y0, y1, 0.0, along=90.0 if wall == "front" else -90.0, ground="floor"))
    return tuple(found)


def _along(plan: Plan) -> tuple[Area, ...]:
    """Lanes along the hall for cameras under the roof: over the aisles and over the line."""
    low, high = -plan.length / 2 + 0.6, plan.length / 2 - 0.6
    lanes = [Area(x0 + 0.3, x1 - 0.3, low, high, 0.0, along=90.0, ground="floor") for x0, x1 in plan.aisles]
    if plan.spine is not None or not plan.rows:
        left = (plan.spine if plan.spine is not None else plan.x0) + WALL_ROOM
        lanes.append(Area(left, plan.x1 - WALL_ROOM, low, high, 0.0, along=90.0, ground="floor"))
    return tuple(lanes)
