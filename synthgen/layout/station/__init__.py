"""The layout `station`: an inspection station in an enclosure, with a belt, a tray or a bin under its lights."""

from __future__ import annotations

import math

import numpy as np

from synthgen.layout import palette
from synthgen.layout.registry import layout
from synthgen.layout.slots import Board, Layout, Luminaire
from synthgen.procedural.station import TRAY_FLOOR
from synthgen.recipe.params import Block, Draw
from synthgen.scene.pose import Matrix, composed, pose
from synthgen.scene.stage import Stage, millimetres

_SEEDS = 24
_RIM = 0.008
"""Metres that are left free along a tray's rim and a belt's edge."""
_POST = 0.09
"""From a board's edge to the middle of the posts, metres."""
_ROUND = 0.12
"""A belt is this much longer than what may lie on it, half at each end, where it turns down."""
_BARS = 0.45
"""Height of bars, as a share of `light_height`."""


@layout("station")
def station(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds enclosure, frame, board and lights; the front is +X. Slots: `board` (a Board), `luminaires`."""
    values = block.params.resolve(draw)
    rng = draw.rng(f"{block.path}.surfaces")
    width, depth, height, side = (millimetres(float(values[k])) for k in ("width", "depth", "height", "enclosure"))
    above = millimetres(float(values["light_height"]))
    carrier = str(values["carrier"])
    outer_width, outer_depth = width + 2 * _POST, depth + 2 * _POST
    side = max(side, millimetres(max(outer_width, outer_depth) + 0.3))
    top = millimetres(height + above + 0.12)
    ceiling = millimetres(top + 0.2)
    grounds = _enclosure(stage, side, ceiling, rng)
    machine = stage.builder.instance("machine", attributes={"use": "inspection"})
    plates = {"profile": palette.plain("station_profile"), "plate": palette.tinted("station_cover", rng)}
    level = height - 0.02 if carrier == "belt" else height
    stage.generate(
        machine, "factory.station_frame", plates, solids=[], width=millimetres(outer_width),
        depth=millimetres(outer_depth), height=top, level=level, plate=carrier != "belt",
        rail=0.0 if values["light"] == "ring" else millimetres(height + _BARS * above),
    )  # fmt: skip
    board = _board(stage, values, (width, depth, height, above), machine, rng)
    lamps = _lamps(stage, values, (width, depth, height), top, rng)
    _cables(stage, outer_width, outer_depth, top, rng)
    facts = {"carrier": carrier, "light": values["light"], "size": (width, depth)}
    return Layout("station", {"board": (board,), "luminaires": tuple(lamps)}, grounds, facts)


def _enclosure(stage: Stage, side: float, ceiling: float, rng: np.random.Generator) -> dict[str, int]:
    """A closed box of dark panels, so that nothing outside is seen."""
    grounds = {name: stage.builder.instance(name) for name in ("floor", "wall", "ceiling")}
    panel = palette.tinted("station_cover", rng)
    for name, number in grounds.items():
        stage.generate(number, "indoor.room_side", {name: panel}, solids=[], side=side, ceiling=ceiling, part=name)
    return grounds


def _board(
    stage: Stage, values: dict[str, object], size: tuple[float, float, float, float], machine: int,
    rng: np.random.Generator,
) -> Board:  # fmt: skip
    """Belt, tray or bin, and the board that it is."""
    width, depth, height, above = size
    carrier = str(values["carrier"])
    if carrier == "belt":
        number = stage.builder.instance("conveyor")
        names = {
            "frame": "conveyor_frame", "belt": "station_belt", "guide": "bare_steel", "motor": "motor_paint",
            "guard": "safety_yellow", "metal": "bare_steel", "rubber": "black_plastic", "dark": "dark_hole",
            "roller": "zinc_roller", "label": "carton_label", "ink": "carton_ink",
        }  # fmt: skip
        surfaces = {slot: palette.named(name, rng) for slot, name in names.items()}
        stage.generate(
            number, "factory.belt_conveyor", surfaces, pose(yaw=90.0), solids=[],
            length=millimetres(width + _ROUND), width=depth, height=height, guides=False,
            seed=int(rng.integers(_SEEDS)),
        )  # fmt: skip
        z, inset, rim = height, _RIM, 0.0
    else:
        rim = millimetres(float(values["rim"])) if carrier == "bin" else 0.012  # type: ignore[arg-type]
        number = stage.builder.instance("container" if carrier == "bin" else "tray", relations={"on": machine})
        stage.generate(
            number, "factory.station_tray", {"tray": palette.tinted("station_tray", rng)}, pose(z=height + 0.0002),
            solids=[], width=width, depth=depth, rim=rim,
        )  # fmt: skip
        z, inset = height + 0.0002 + TRAY_FLOOR, _RIM
    frame = (0.0, -1.0, 0.0, depth / 2 - inset, 1.0, 0.0, 0.0, inset - width / 2, 0.0, 0.0, 1.0, round(z, 6))
    held = rim if carrier == "bin" else 0.0
    return Board(frame, width - 2 * inset, depth - 2 * inset, 0.6 * above, number, carrier, carrier, held)


def _lamps(
    stage: Stage, values: dict[str, object], size: tuple[float, float, float], top: float, rng: np.random.Generator
) -> list[Luminaire]:
    """A ring over the middle, bars along both long sides that look inwards, or both."""
    width, depth, height = size
    kind = str(values["light"])
    housing = palette.tinted("station_cover", rng)
    above = float(values["light_height"])  # type: ignore[arg-type]
    found = []
    if kind in ("ring", "both"):
        number = stage.builder.instance("luminaire")
        wide = millimetres(float(values["ring"]))  # type: ignore[arg-type]
        where = pose(0.0, 0.0, millimetres(height + above))
        rod = millimetres(max(0.05, top - height - above - 0.02))
        surfaces = {"housing": housing, "rod": palette.plain("station_profile")}
        stage.generate(number, "factory.ring_light", surfaces, where, solids=[], width=wide, rod=rod)
        found.append(Luminaire(where, (wide, wide), "ring", number))
    if kind in ("bar", "both"):
        tilt = float(values["tilt"])  # type: ignore[arg-type]
        long = millimetres(0.9 * width)
        high = millimetres(height + _BARS * above)
        for facing in (-1.0, 1.0):
            number = stage.builder.instance("luminaire")
            where = _leaning(-facing * (depth / 2 + 0.03), high, tilt, facing)
            stage.generate(number, "factory.bar_light", {"housing": housing}, where, solids=[], width=long, depth=0.03)
            found.append(Luminaire(where, (long, 0.03), "bar", number))
    return found


def _leaning(x: float, z: float, tilt: float, facing: float) -> Matrix:
    """A frame whose x runs along y and whose -z looks `tilt` degrees down, towards +x (facing 1) or -x."""
    a = math.radians(tilt)
    out = (-facing * math.cos(a), 0.0, math.sin(a))
    along = (0.0, 1.0, 0.0)
    across = np.cross(out, along)
    rows = np.column_stack([along, across, out, (x, 0.0, z)])
    return composed(pose(), tuple(rows.ravel().tolist()))


def _cables(stage: Stage, width: float, depth: float, top: float, rng: np.random.Generator) -> None:
    """Two or three cables that hang from the bridge to the posts."""
    for k in range(int(rng.integers(2, 4))):
        number = stage.builder.instance("cable or pipe")
        way = 90.0 if k % 2 == 0 else -90.0
        where = pose(-0.03 - 0.012 * k, 0.0, top - 0.05, yaw=way)
        stage.generate(
            number, "factory.station_cable", {"cable": palette.plain("black_plastic")}, where, solids=[],
            length=millimetres(width / 2 - 0.05), drop=millimetres(0.02 + 0.02 * k), seed=int(rng.integers(_SEEDS)),
        )  # fmt: skip
