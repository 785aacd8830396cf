"""What is on a hall's floor: tape, hatched areas, tyre marks. Where these patches are worn out, the concrete shows."""

from __future__ import annotations

import numpy as np

from synthgen.layout.hall.dimensions import Plan
from synthgen.layout.hall.line import Line
from synthgen.layout.hall.shell import Shell
from synthgen.layout.slots import Area
from synthgen.procedural.shapes import Array
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

_RUBBER_Z, _PAINT_Z, _HATCH_Z = 0.0003, 0.0018, 0.0023
_STEP = 0.0001
"""Metres between lines that may cross; nothing on the floor sinks visibly into so thin a sheet."""
_COLOURS = {
    "yellow": [0.50, 0.31, 0.018],
    "white": [0.52, 0.515, 0.49],
    "green": [0.035, 0.17, 0.085],
    "red": [0.30, 0.035, 0.03],
}
_TRACK = 0.48
"""Half of a forklift's track, metres."""

Path = list[list[float]]


def paint_floor(
    stage: Stage, plan: Plan, shell: Shell, line: Line | None, rng: np.random.Generator
) -> tuple[Area, ...]:
    """Lines, hatches and marks; returns the staging areas, which lines mark."""
    staging = _staging(plan, shell)
    main = "yellow" if rng.random() < 0.75 else "white"
    width = float(rng.choice((0.05, 0.075, 0.1, 0.1)))
    _rubber(stage, plan, shell, rng)
    lines = _aisle_lines(plan)
    for a in staging:
        lines += _outline(a, 0.12)
    _lines(stage, shell, lines, main, width, plan, rng, 0)
    if line is not None and line.free:
        free = line.free[0]
        walk = [[free.x0 + s, -plan.length / 2 + 1.2, free.x0 + s, plan.length / 2 - 1.4] for s in (0.1, 1.2)]
        _lines(stage, shell, walk, str(rng.choice(("green", "white", main))), width, plan, rng, 1)
    if line is not None:
        taken = [_outline(a, -0.15) for a in line.machines if rng.random() < 0.7]
        if taken:
            _lines(stage, shell, [part for four in taken for part in four], main, width, plan, rng, 2)
    for o in shell.openings:
        if o.kind == "gate" and rng.random() < 0.6 and o.wall == "front":
            _hatch(stage, shell, (o.at, -plan.length / 2 + 0.95), (o.width, 1.1), main, plan)
        if o.kind == "door" and o.wall == "rear":
            _hatch(stage, shell, (o.at, plan.length / 2 - 0.8), (1.5, 1.2), main, plan)
    return staging


def _staging(plan: Plan, shell: Shell) -> tuple[Area, ...]:
    """Floor for loads that come and go, at the front wall between the gates."""
    y0, y1 = -plan.length / 2 + 1.3, plan.rack_y - 1.5
    if y1 - y0 < 2.4:
        return ()
    gates = sorted((o.at - o.width / 2 - 0.45, o.at + o.width / 2 + 0.45) for o in shell.openings if o.wall == "front")
    edges = [plan.x0 + 0.9, *(v for g in gates for v in g), plan.x1 - 0.9]
    found = []
    for x0, x1 in zip(edges[::2], edges[1::2], strict=True):
        if x1 - x0 > 1.5:
            found.append(Area(x0 + 0.15, x1 - 0.15, y0, y1, 0.0, along=90.0, ground="floor"))
    return tuple(found)


def _aisle_lines(plan: Plan) -> list[list[float]]:
    low, high = plan.rack_y - 0.25, plan.rack_y + plan.rack_length + 0.25
    return [[x, low, x, high] for x0, x1 in plan.aisles for x in (x0 + 0.14, x1 - 0.14)]


def _outline(a: Area, out: float) -> list[list[float]]:
    x0, x1, y0, y1 = a.x0 - out, a.x1 + out, a.y0 - out, a.y1 + out
    return [[x0, y0, x1, y0], [x0, y1, x1, y1], [x0, y0 + 0.06, x0, y1 - 0.06], [x1, y0 + 0.06, x1, y1 - 0.06]]


def _tape(shell: Shell, colour: str, plan: Plan) -> Surface:
    wear = round(0.15 + 0.75 * float(plan.values["wear"]), 3)
    return Surface("floor_tape", {**shell.floor.params, "paint": _COLOURS[colour], "tape_wear": wear})


def _lines(
    stage: Stage,
    shell: Shell,
    lines: list[list[float]],
    colour: str,
    width: float,
    plan: Plan,
    rng: np.random.Generator,
    layer: int,
) -> None:
    if not lines:
        return
    stage.generate(
        shell.numbers["floor marking"],
        "factory.floor_lines",
        {"paint": _tape(shell, colour, plan)},
        pose(z=_PAINT_Z + layer * _STEP),
        solids=[],
        lines=[[millimetres(v) for v in one] for one in lines],
        width=width,
        seed=int(rng.integers(0, 100)),
    )


def _hatch(
    stage: Stage, shell: Shell, at: tuple[float, float], size: tuple[float, float], colour: str, plan: Plan
) -> None:
    stage.generate(
        shell.numbers["floor marking"],
        "factory.floor_hatch",
        {"paint": _tape(shell, colour, plan)},
        pose(millimetres(at[0]), millimetres(at[1]), _HATCH_Z),
        solids=[],
        width=millimetres(size[0]),
        length=millimetres(size[1]),
    )


def _rubber(stage: Stage, plan: Plan, shell: Shell, rng: np.random.Generator) -> None:
    """Tracks of forklifts: along the aisles, in from the gates, around into bays."""
    paths: list[Path] = []
    low, high = -plan.length / 2, plan.length / 2
    wear = float(plan.values["wear"])
    for x0, x1 in plan.aisles:
        middle = (x0 + x1) / 2
        for _ in range(1 + round(2 * wear)):
            knots = np.linspace(low + 1.0, high - 1.2, 7)
            way = middle + rng.normal(0.0, 0.16, len(knots))
            paths += _both(np.column_stack([way, knots]))
        for _ in range(round(2 + 4 * wear)):
            y, side = (
                float(rng.uniform(plan.rack_y + 2.0, plan.rack_y + plan.rack_length)),
                float(rng.choice((-1.0, 1.0))),
            )
            back = float(rng.choice((-1.0, 1.0)))
            reach = (x1 - x0) / 2 - 0.7
            corner = np.array(
                [
                    (middle, y - 3.4 * back),
                    (middle, y - 0.4 * back),
                    (middle + side * reach, y + rng.uniform(-0.2, 0.2)),
                ]
            )
            paths += _both(corner)
        for _ in range(2):
            end = float(rng.uniform(plan.x0 + 2.0, plan.x1 - 2.0))
            cross = low + float(rng.uniform(2.2, 4.2))
            paths += _both(
                np.array([(end, cross), (middle + 0.3 * np.sign(end - middle), cross), (middle, plan.rack_y + 3.5)])
            )
    for _ in range(2 + round(3 * wear)):
        y = low + float(rng.uniform(2.0, 4.4))
        knots = np.linspace(plan.x0 + 1.5, plan.x1 - 1.5, 6)
        paths += _both(np.column_stack([knots, y + rng.normal(0.0, 0.25, 6)]))
    surface = Surface("floor_rubber", {**shell.floor.params, "marks": round(0.45 + 0.5 * wear, 3)})
    rounded = [[[millimetres(float(v)) for v in point] for point in path] for path in paths]
    stage.generate(
        shell.numbers["floor"],
        "factory.tyre_marks",
        {"rubber": surface},
        pose(z=_RUBBER_Z),
        solids=[],
        paths=rounded,
        width=float(rng.choice((0.12, 0.15, 0.18))),
        seed=int(rng.integers(0, 100)),
    )


def _both(middle: Array) -> list[Path]:
    """The tracks of the left and the right wheels along a polyline (N, 2)."""
    step = np.gradient(middle, axis=0)
    step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    left = np.column_stack([-step[:, 1], step[:, 0]])
    return [(middle + side * _TRACK * left).tolist() for side in (-1.0, 1.0)]
