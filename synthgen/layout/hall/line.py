"""The part of a hall where things are made: a conveyor, a cell behind a fence, places for machines and benches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.layout import palette
from synthgen.layout.hall.dimensions import WALL_ROOM, Plan
from synthgen.layout.hall.shell import Shell
from synthgen.layout.slots import Area, Board
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

_MACHINE = 4.6
"""Floor along the wall for one machine, metres; it is as deep as _DEEP."""
_DEEP = 3.0
_CELL = (4.0, 4.4)
_CONVEYOR = {
    "frame": "conveyor_frame",
    "roller": "zinc_roller",
    "belt": "conveyor_belt",
    "guide": "zinc_roller",
    "motor": "motor_paint",
    "guard": "machine_guard",
    "metal": "bare_steel",
    "rubber": "black_plastic",
    "dark": "black_plastic",
    "label": "warning_yellow",
    "ink": "dark_hole",
}
_FENCE = {
    "post": "fence_post",
    "frame": "fence_frame",
    "mesh": "fence_frame",
    "pane": "fence_pane",
    "metal": "bare_steel",
    "lock": "fence_lock",
    "label": "warning_yellow",
    "ink": "dark_hole",
}


@dataclass(slots=True)
class Line:
    """belts: where goods run. machines, cell, free: Areas. kept: floor that is taken. conveyor: x of its middle."""

    belts: list[Board] = field(default_factory=list)
    machines: list[Area] = field(default_factory=list)
    cell: list[Area] = field(default_factory=list)
    free: list[Area] = field(default_factory=list)
    kept: list[Area] = field(default_factory=list)
    conveyor: float = 0.0


def build_line(stage: Stage, plan: Plan, shell: Shell, rng: np.random.Generator) -> Line:
    """Conveyor modules in a row along Y, a cell at their end, machines along the right wall."""
    line = Line()
    low = (plan.spine if plan.spine is not None else plan.x0) + WALL_ROOM
    high = plan.x1 - WALL_ROOM
    width = high - low
    line.conveyor = x = millimetres(low + 0.3 * max(0.0, width - _DEEP) + 0.4)
    bottom, top = plan.rack_y + 0.6, plan.length / 2 - 2.2
    y = bottom
    if top - bottom > _CELL[1] + 8.0:
        _fence(stage, line, x, top - _CELL[1] / 2, shell, rng)
        top -= _CELL[1] + 0.5
    kind = str(rng.choice(("roller", "roller", "belt")))
    surfaces = {slot: palette.named(name, rng) for slot, name in _CONVEYOR.items()}
    shape: dict[str, Any] = {
        "width": float(rng.choice((0.4, 0.5, 0.6, 0.8))),
        "height": float(rng.choice((0.65, 0.75, 0.85))),
        "guides": bool(rng.random() < 0.5),
    }
    while top - y > 3.0:
        long = float(rng.choice((3.0, 4.0, 5.0)))
        if y + long > top:
            break
        _module(stage, line, kind, shape, surfaces, (x, y + long / 2), long, rng)
        y += long + 0.03
        if rng.random() < 0.25:
            y += 1.4  # a way through
    line.kept.append(Area(x - shape["width"] / 2 - 0.5, x + shape["width"] / 2 + 0.5, bottom - 0.1, min(y, top), 0.0))
    for start in np.arange(bottom, plan.length / 2 - 1.2 - _MACHINE, _MACHINE + 0.3):
        line.machines.append(
            Area(high - _DEEP, high, float(start), float(start) + _MACHINE, 0.0, along=180.0, ground="floor")
        )
    if high - _DEEP - 0.3 - (x + 1.1) > 1.6:
        line.free.append(
            Area(x + 1.1, high - _DEEP - 0.3, bottom, plan.length / 2 - 1.0, 0.0, along=90.0, ground="floor")
        )
    return line


def _module(
    stage: Stage,
    line: Line,
    kind: str,
    shape: dict[str, Any],
    surfaces: dict[str, Surface],
    middle: tuple[float, float],
    long: float,
    rng: np.random.Generator,
) -> None:
    number = stage.builder.instance("conveyor", attributes={"kind": kind})
    more: dict[str, Any] = {"pitch": 0.1, "driven": True} if kind == "roller" else {"profiled": False}
    stage.generate(
        number,
        f"factory.{kind}_conveyor",
        surfaces,
        pose(*middle, yaw=90.0),
        length=long,
        **shape,
        **more,
        seed=int(rng.integers(0, 6)),
    )
    width, height = float(shape["width"]) - 0.06, float(shape["height"])
    # Seen from +X: its front is the side of the machines.
    frame = (
        0.0,
        -1.0,
        0.0,
        millimetres(middle[0] + width / 2),
        1.0,
        0.0,
        0.0,
        millimetres(middle[1] - long / 2 + 0.1),
        0.0,
        0.0,
        1.0,
        height,
    )
    line.belts.append(Board(frame, millimetres(long - 0.2), width, 1.2, number, f"belt {len(line.belts) + 1}", "belt"))


def _fence(stage: Stage, line: Line, x: float, y: float, shell: Shell, rng: np.random.Generator) -> None:
    """A cell of four fences, one with a door."""
    surfaces = {slot: palette.named(name, rng) for slot, name in _FENCE.items()}
    number = stage.builder.instance("fence")
    shape: dict[str, Any] = {
        "height": 2.0,
        "panel": float(rng.choice((0.8, 1.0, 1.2))),
        "sheet_panels": bool(rng.random() < 0.3),
    }
    dx, dy = _CELL
    left = x - dx / 2
    sides = [
        (left + dx, y, 0.0, dy - 0.14, True),
        (left, y, 180.0, dy - 0.14, False),
        (left + dx / 2, y + dy / 2, 90.0, dx + 0.06, False),
        (left + dx / 2, y - dy / 2, -90.0, dx + 0.06, False),
    ]
    for k, (px, py, yaw, long, door) in enumerate(sides):
        stage.generate(
            number,
            "factory.safety_fence",
            surfaces,
            pose(millimetres(px), millimetres(py), yaw=yaw),
            solids=[],
            length=round(long, 2),
            door=door,
            **shape,
            seed=int(rng.integers(0, 4)) + k,
        )
    line.cell.append(
        Area(left + 0.5, left + dx - 0.5, y - dy / 2 + 0.5, y + dy / 2 - 0.5, 0.0, along=90.0, ground="floor")
    )
    edge = 0.12
    for x0, x1, y0, y1 in (
        (left - edge, left + edge, y - dy / 2, y + dy / 2),
        (left + dx - edge, left + dx + 1.1, y - dy / 2, y + dy / 2),
        (left, left + dx, y - dy / 2 - edge, y - dy / 2 + edge),
        (left, left + dx, y + dy / 2 - edge, y + dy / 2 + edge),
    ):
        line.kept.append(Area(x0, x1, y0, y1, 0.0))
