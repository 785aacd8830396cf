"""What encloses a hall and carries its roof: floor, walls with their openings, columns, beams, roof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.layout import palette
from synthgen.layout.hall.dimensions import Plan
from synthgen.layout.slots import Area
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.scene.stage import Stage, millimetres

_OVERHANG = 0.15
"""How far the roof reaches beyond the walls, metres."""

_RAILS = 0.95
"""How much further than its height the rails of a gate reach into the hall, above whatever stands there, metres."""

_TRAILER = {
    "side": "hall_trailer",
    "floor": "hall_planks",
    "roof": "hall_tarpaulin",
    "rail": "galvanised",
    "cushion": "hall_black",
}
_STUFF = ("floor", "wall", "ceiling", "column", "floor marking", "cable or pipe")


@dataclass(frozen=True, slots=True)
class Opening:
    """A gate, a door or a band of windows. wall: "front" (-Y), "rear", "left" (-X) or "right". at: of its middle along
    the wall, world x or y; z: of its foot."""

    kind: str
    wall: str
    at: float
    width: float
    height: float
    z: float = 0.0


@dataclass(slots=True)
class Shell:
    """What was built. numbers: instances of stuff by category. floor: the floor's surface, which paint on it wears,
    too. kept: where columns stand."""

    numbers: dict[str, int]
    floor: Surface
    openings: tuple[Opening, ...]
    kept: list[Area]


def build_shell(stage: Stage, plan: Plan, rng: np.random.Generator) -> Shell:
    """Everything but what hangs, stands and lies in the hall."""
    numbers = {name: stage.builder.instance(name) for name in _STUFF}
    floor = _floor(stage, plan, numbers["floor"], rng)
    openings = _openings(plan, rng)
    _walls(stage, plan, openings, numbers["wall"], rng)
    for opening in openings:
        _fill(stage, plan, opening, rng)
    kept = _columns(stage, plan, numbers["column"], rng)
    _roof(stage, plan, numbers["ceiling"], rng)
    return Shell(numbers, floor, openings, kept)


def _floor(stage: Stage, plan: Plan, number: int, rng: np.random.Generator) -> Surface:
    drawn = palette.tinted("hall_floor", rng)
    wear = round(float(plan.values["wear"]), 2)
    own = {
        "seed": round(float(rng.uniform(0.0, 90.0)), 2),
        "joint": round(float(rng.uniform(4.5, 6.5)), 2),
        "aspect": round(float(rng.uniform(0.8, 1.3)), 2),
        "wear": wear,
        "polish": round(float(rng.uniform(0.15, 0.85)), 2),
    }
    surface = Surface(drawn.model, {**drawn.params, **own})
    width = plan.x1 - plan.x0 + 0.6
    stage.generate(
        number,
        "factory.floor_slab",
        {"surface": surface},
        solids=[],
        width=millimetres(width),
        length=millimetres(plan.length + 0.6),
    )
    return surface


def _openings(plan: Plan, rng: np.random.Generator) -> tuple[Opening, ...]:
    found: list[Opening] = []
    highest = min(4.5, plan.clear - 1.4)
    size = float(rng.choice((2.6, 2.8, 3.0, 3.4))), min(highest, float(rng.choice((2.9, 3.2, 3.6, 4.2))))
    behind = plan.length / 2 - plan.rack_y - plan.rack_length
    for k, (x0, x1) in enumerate(plan.aisles):
        found.append(Opening("gate", "front", (x0 + x1) / 2, *size))
        if k == 0 or rng.random() < 0.5:
            kind = "gate" if rng.random() < 0.65 and behind > size[1] + _RAILS else "door"
            found.append(Opening(kind, "rear", (x0 + x1) / 2, *size))
    if plan.spine is not None or not plan.aisles:
        low = plan.spine if plan.spine is not None else plan.x0
        middle = (low + plan.x1) / 2
        found.append(Opening("gate", "front", middle + float(rng.uniform(-1.0, 0.5)), *size))
        found.append(Opening("door", "rear", middle + float(rng.uniform(-1.5, 1.5)), 1.0, 2.1))
        if rng.random() < 0.8:
            tall = float(rng.choice((0.9, 1.2, 1.5)))
            for y0, y1 in zip(plan.frames[:-1], plan.frames[1:], strict=True):
                wide = round(y1 - y0 - plan.column - 0.6, 2)
                if wide > 1.2:
                    found.append(
                        Opening("window", "right", (y0 + y1) / 2, wide, tall, round(plan.clear - 0.9 - tall, 2))
                    )
    doors = [Opening("door", o.wall, o.at, 1.0, 2.1) if o.kind == "door" else o for o in found]
    return tuple(doors)


def _frame(plan: Plan, wall: str) -> tuple[float, float, float, float]:
    """x, y and yaw of a wall's own frame, and the sign of its local y along the world's axis, without the nave."""
    return {
        "front": (0.0, -plan.length / 2, 90.0, -1.0),
        "rear": (0.0, plan.length / 2, -90.0, 1.0),
        "left": (plan.x0, 0.0, 0.0, 1.0),
        "right": (plan.x1, 0.0, 180.0, -1.0),
    }[wall]


def on_wall(plan: Plan, wall: str, at: float, z: float = 0.0, out: float = 0.0) -> tuple[float, ...]:
    """The matrix of something whose back is at a wall, `out` metres before it, its front to the hall."""
    x, y, yaw, _ = _frame(plan, wall)
    if wall in ("front", "rear"):
        return pose(at, y + (out if wall == "front" else -out), z, yaw=yaw)
    return pose(x + (out if wall == "left" else -out), at, z, yaw=yaw)


def _walls(stage: Stage, plan: Plan, openings: tuple[Opening, ...], number: int, rng: np.random.Generator) -> None:
    sheet, trim = palette.tinted("hall_sheet", rng), palette.tinted("hall_trim", rng)
    surfaces = {"sheet": sheet, "plinth": palette.plain("hall_concrete"), "trim": trim}
    plinth = float(rng.choice((0.0, 0.3, 0.6, 1.2)))
    seed = int(rng.integers(0, 6))
    top = plan.eaves + 0.6
    sides = [("left", 0.0, plan.length, 0.0), ("right", 0.0, plan.length, 0.0)]
    sides += [(wall, nave.middle, nave.x1 - nave.x0, plan.rise) for wall in ("front", "rear") for nave in plan.naves]
    for wall, middle, long, gable in sides:
        x, y, yaw, sign = _frame(plan, wall)
        holes = []
        for o in openings:
            if o.wall == wall and abs(o.at - middle) < long / 2:
                local = sign * (o.at - middle)
                holes.append([local - o.width / 2, local + o.width / 2, o.z, o.z + o.height])
        where = pose(middle, y, yaw=yaw) if wall in ("front", "rear") else pose(x, y, yaw=yaw)
        stage.generate(
            number,
            "factory.hall_wall",
            surfaces,
            where,
            solids=[],
            length=millimetres(long + 0.2),
            height=millimetres(top),
            kind=str(plan.values["cladding"]),
            plinth=plinth,
            gable=gable,
            openings=holes,
            seed=seed,
        )


def _fill(stage: Stage, plan: Plan, o: Opening, rng: np.random.Generator) -> None:
    """What closes an opening, or stands before it outside."""
    builder = stage.builder
    where = on_wall(plan, o.wall, o.at, o.z)
    seed = int(rng.integers(0, 12))
    if o.kind == "window":
        surfaces = {"frame": palette.plain("hall_window_frame"), "pane": palette.plain("hall_daylight")}
        stage.generate(
            builder.instance("window"),
            "factory.window_band",
            surfaces,
            where,
            solids=[],
            length=o.width,
            height=o.height,
            pitch=1.2,
            seed=seed,
        )
        return
    if o.kind == "door":
        leaf = palette.tinted("hall_door", rng)
        surfaces = {
            "leaf": leaf,
            "frame": leaf,
            "pane": palette.plain("hall_daylight"),
            "handle": palette.plain("bare_steel"),
            "plate": palette.plain("bare_steel"),
        }
        stage.generate(
            builder.instance("door"),
            "factory.hall_door",
            surfaces,
            where,
            width=o.width,
            height=o.height,
            leaves=1,
            window=bool(rng.random() < 0.5),
            seed=seed,
        )
        return
    opened = float(rng.choice((0.0, 0.0, 0.0, 0.3, 0.6, 0.95, 0.95)))
    surfaces = {
        "panel": palette.tinted("hall_gate", rng),
        "frame": palette.plain("galvanised"),
        "pane": palette.plain("hall_daylight"),
        "seal": palette.plain("black_plastic"),
        "metal": palette.plain("galvanised"),
        "yellow": palette.plain("safety_yellow"),
        "black": palette.plain("hall_black"),
    }
    solids = [((0.0, -o.width / 2, 0.0), (0.12, o.width / 2, o.height))]
    stage.generate(
        builder.instance("gate", attributes={"opened": opened}),
        "factory.gate",
        surfaces,
        where,
        solids=solids,
        width=o.width,
        height=round(o.height, 2),
        opened=opened,
        windows=int(rng.integers(0, 3)),
        guard=str(rng.choice(("posts", "posts", "stripes", "none"))),
        seed=seed,
    )
    if opened > 0.0:
        inside = {slot: palette.named(name, rng) for slot, name in _TRAILER.items()}
        stage.generate(
            builder.instance("truck"),
            "factory.trailer_inside",
            inside,
            on_wall(plan, o.wall, o.at, out=-0.14),
            solids=[],
            width=round(o.width + 0.04, 2),
            height=round(o.height + 0.04, 2),
            length=8.0,
            seed=seed,
        )


def _columns(stage: Stage, plan: Plan, number: int, rng: np.random.Generator) -> list[Area]:
    steel = palette.tinted("hall_steel", rng)
    surfaces = {
        "steel": steel,
        "concrete": palette.plain("hall_concrete"),
        "metal": palette.plain("galvanised"),
        "yellow": palette.plain("safety_yellow"),
        "black": palette.plain("hall_black"),
        "label": palette.plain("carton_label"),
        "ink": palette.plain("dark_hole"),
    }
    guard = str(rng.choice(("stripes", "stripes", "collar", "posts")))
    kept = []
    lines = sorted({x for nave in plan.naves for x in (nave.left, nave.right)})
    inside = plan.spine
    for x in lines:
        for k, y in enumerate(plan.frames):
            free = inside is not None and abs(x - inside) < 1e-6
            inner = free and 0 < k < len(plan.frames) - 1
            worn = guard if inner else "none"
            yaw = 0.0 if x <= 0 or free else 180.0
            stage.generate(
                number,
                "factory.column",
                surfaces,
                pose(x, y, yaw=yaw),
                kind=str(plan.values["frame"]),
                size=plan.column,
                height=round(plan.eaves - 0.02, 2),
                guard=worn,
                seed=int(rng.integers(0, 8)),
            )
            half = plan.column / 2 + (0.4 if worn == "posts" else 0.13)
            kept.append(Area(x - half, x + half, y - half, y + half, 0.0, ground="floor"))
    return kept


def _roof(stage: Stage, plan: Plan, number: int, rng: np.random.Generator) -> None:
    steel = palette.tinted("hall_steel", rng)
    sheet = palette.tinted("hall_roof", rng)
    fields = len(plan.frames) - 1
    strips = round(fields * float(plan.values["skylights"]))
    for nave in plan.naves:
        span = round(nave.right - nave.left - plan.column, 2)
        middle = (nave.left + nave.right) / 2
        for y in plan.frames:
            stage.generate(
                number,
                "factory.roof_beam",
                {"steel": steel, "metal": palette.plain("galvanised")},
                pose(middle, y, plan.clear, yaw=90.0),
                solids=[],
                span=span,
                kind=str(plan.values["girder"]),
                rise=plan.rise,
                depth=plan.girder_depth,
                panels=2 * max(3, round(span / 4)),
            )
        surfaces = {
            "sheet": sheet,
            "steel": steel,
            "pane": palette.plain("hall_skylight"),
            "trim": palette.plain("galvanised"),
        }
        stage.generate(
            number,
            "factory.roof",
            surfaces,
            pose(nave.middle, 0.0, plan.eaves, yaw=90.0),
            solids=[],
            width=millimetres(nave.x1 - nave.x0 + 2 * _OVERHANG),
            length=millimetres(plan.length + 2 * _OVERHANG),
            rise=plan.rise,
            skylights=strips,
            purlin=1.8,
            seed=int(rng.integers(0, 4)),
        )
