"""What hangs below the roof and on the walls: luminaires, ducts, pipes, trays, signs, extinguishers."""

from __future__ import annotations

import numpy as np

from synthgen.layout import palette
from synthgen.layout.hall.dimensions import Nave, Plan
from synthgen.layout.hall.shell import Opening, Shell, on_wall
from synthgen.layout.slots import Area, Luminaire
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

_FACE = 0.004
"""How far below the lens the shining face lies, metres."""

_LAMPS = {"bell": (0.42, "highbay"), "disc": (0.36, "highbay"), "linear": (1.2, "linear"), "tube": (1.5, "linear")}
"""Size of a luminaire, metres, and its kind in configs/light/luminaires.yaml."""


def hang_luminaires(stage: Stage, plan: Plan, rng: np.random.Generator) -> tuple[Luminaire, ...]:
    """Rows over the aisles and over the line, between the girders."""
    kind = str(plan.values["luminaires"])
    surfaces = {
        "body": palette.tinted("hall_lamp_body", rng),
        "inner": palette.plain("hall_lamp_inner"),
        "lamp": Surface("principled", {"color": [0.5, 0.5, 0.49], "roughness": 0.4}),
        "metal": palette.plain("galvanised"),
    }
    size, shown = _LAMPS[kind]
    rows = [(x0 + x1) / 2 for x0, x1 in plan.aisles]
    line = plan.naves[-1] if plan.spine is not None or not plan.aisles else None
    if line is not None:
        count = max(2, round((line.x1 - line.x0) / 5.5))
        rows += [line.x0 + (k + 0.5) * (line.x1 - line.x0) / count for k in range(count)]
    seed = int(rng.integers(0, 4))
    fields = list(zip(plan.frames[:-1], plan.frames[1:], strict=True))
    per = 1 if fields[0][1] - fields[0][0] < 5.2 else 2
    z = plan.clear + float(rng.uniform(-0.15, 0.25))
    found = []
    for x in rows:
        nave = next(n for n in plan.naves if n.x0 <= x <= n.x1)
        for y0, y1 in fields:
            for k in range(per):
                y = millimetres(y0 + (y1 - y0) * (k + 0.5) / per)
                number = stage.builder.instance("luminaire")
                where = pose(millimetres(x), y, millimetres(z))
                stage.generate(
                    number,
                    "factory.high_bay",
                    surfaces,
                    where,
                    solids=[],
                    kind=kind,
                    size=size,
                    drop=_drop(plan, nave, x, z),
                    seed=seed,
                )
                found.append(_face(kind, shown, size, x, y, z, number))
    return tuple(found)


def _drop(plan: Plan, nave: Nave, x: float, z: float) -> float:
    """From a luminaire at height z up to the roof's purlins, less its own height."""
    slope = 1 - abs(x - nave.middle) / ((nave.x1 - nave.x0) / 2)
    return round(max(0.2, plan.eaves + 0.2 + plan.rise * slope - z - 0.3), 1)


def _face(kind: str, shown: str, size: float, x: float, y: float, z: float, number: int) -> Luminaire:
    """Where the light comes out: just below the lens, or in the mouth of a bell."""
    if kind in ("bell", "disc"):
        width = size * (0.8 if kind == "bell" else 0.76)
        return Luminaire(
            pose(millimetres(x), y, millimetres(z + (0.03 if kind == "bell" else -_FACE))),
            (width, width),
            shown,
            number,
        )
    width = 0.16 if kind == "tube" else 0.18
    return Luminaire(pose(millimetres(x), y, millimetres(z - _FACE)), (width, size - 0.1), shown, number)


def run_services(stage: Stage, plan: Plan, shell: Shell, rng: np.random.Generator) -> None:
    """Ducts, pipes and cable trays along the hall, below the girders; all of them are one piece of stuff."""
    number = shell.numbers["cable or pipe"]
    length = round(plan.length - 1.6, 1)
    up = plan.girder_depth + 0.3
    spots: list[float] = [x for r in plan.rows for x in (r.x,)]
    if plan.spine is not None or not plan.aisles:
        low = plan.spine if plan.spine is not None else plan.x0
        spots += [low + 0.28 * (plan.x1 - low), low + 0.8 * (plan.x1 - low)]
    rng.shuffle(spots)
    grey = palette.plain("galvanised")
    for k, x in enumerate(spots[:4]):
        kind = ("duct", "tray", "pipes", "duct")[k]
        seed = int(rng.integers(0, 6))
        if kind == "duct" and rng.random() < 0.75:
            size = float(rng.choice((0.315, 0.4, 0.5)))
            surfaces = {"sheet": grey, "metal": grey, "grille": palette.plain("hall_black")}
            stage.generate(
                number,
                "factory.duct",
                surfaces,
                pose(millimetres(x), 0.0, millimetres(plan.clear - size - 0.08)),
                solids=[],
                length=length,
                size=size,
                kind=str(rng.choice(("round", "round", "square"))),
                hang=round(up, 1),
                seed=seed,
            )
        elif kind == "tray":
            surfaces = {"metal": grey, "cable": palette.tinted("hall_cable", rng)}
            stage.generate(
                number,
                "factory.cable_tray",
                surfaces,
                pose(millimetres(x), 0.0, millimetres(plan.clear - 0.16)),
                solids=[],
                length=length,
                width=0.3,
                cables=int(rng.choice((4, 8, 12))),
                hang=round(up, 1),
                seed=seed,
            )
        elif kind == "pipes":
            surfaces = {
                "paint": palette.tinted("hall_pipe", rng),
                "metal": grey,
                "valve": palette.tinted("hall_valve", rng),
            }
            wall = "left" if x < 0 else "right"
            out = 0.16
            stage.generate(
                number,
                "factory.pipes",
                surfaces,
                on_wall(plan, wall, 0.0, millimetres(plan.clear - 0.7), out),
                solids=[],
                length=length,
                count=int(rng.integers(1, 4)),
                upright=False,
                seed=seed,
            )


def hang_signs(stage: Stage, plan: Plan, shell: Shell, rng: np.random.Generator) -> list[Area]:
    """Exit signs over doors, extinguishers with their sign at the end walls; the floor that these take."""
    kept: list[Area] = []
    for o in shell.openings:
        if o.kind == "door":
            _sign(stage, plan, "exit", "sign_green", o, o.height + 0.25)
    spots: list[tuple[str, float]] = []
    for wall in ("front", "rear"):
        taken = sorted((o.at, o.width) for o in shell.openings if o.wall == wall)
        for x in np.linspace(plan.x0 + 1.4, plan.x1 - 1.4, 7):
            if all(abs(float(x) - at) > w / 2 + 0.8 for at, w in taken):
                spots.append((wall, float(x)))
    order = rng.permutation(len(spots))
    for k in order[: int(rng.integers(2, 4))]:
        wall, x = spots[int(k)]
        _extinguisher(stage, plan, wall, x, rng)
        y = (-plan.length / 2 + 0.3) if wall == "front" else plan.length / 2 - 0.3
        kept.append(Area(x - 0.5, x + 0.5, y - 0.3, y + 0.3, 0.0, ground="floor"))
    return kept


def _sign(stage: Stage, plan: Plan, kind: str, face: str, o: Opening, z: float, size: float = 0.2) -> None:
    surfaces = {
        "plate": palette.plain("carton_label"),
        "face": palette.plain(face),
        "dark": palette.plain("dark_hole"),
        "light": palette.plain("sign_white"),
    }
    number = stage.builder.instance("sign", attributes={"kind": kind})
    where = on_wall(plan, o.wall, millimetres(o.at), millimetres(z), 0.0175)
    stage.generate(number, "factory.sign", surfaces, where, solids=[], kind=kind, size=size)


def _extinguisher(stage: Stage, plan: Plan, wall: str, x: float, rng: np.random.Generator) -> None:
    surfaces = {
        "paint": palette.plain("extinguisher_red"),
        "metal": palette.plain("bare_steel"),
        "black": palette.plain("black_plastic"),
        "label": palette.plain("carton_label"),
        "ink": palette.plain("dark_hole"),
    }
    number = stage.builder.instance("extinguisher")
    stage.generate(
        number,
        "factory.extinguisher",
        surfaces,
        on_wall(plan, wall, millimetres(x), 0.0, 0.2),
        size=float(rng.choice((6.0, 9.0))),
        kind="powder",
        seed=int(rng.integers(0, 8)),
    )
    _sign(stage, plan, "extinguisher", "sign_red", Opening("", wall, x, 0.3, 0.3), 1.75, 0.3)
