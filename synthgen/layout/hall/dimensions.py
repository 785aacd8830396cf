"""A hall's plan: naves, rows of racks and aisles, columns. Metres; aisles along Y, the floor's middle at (0, 0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.scene.stage import millimetres

UPRIGHT = 0.09
"""Width of a rack's upright."""
BEAM = 0.12
FLUE = 0.3
"""Between two rows that stand back to back."""
WALL_ROOM = 0.8
"""Between a wall and what stands along it, for columns."""
SPINE_ROOM = 1.4
"""Between the racks and the line, for the columns between both."""
FRONT, REAR = 6.0, 3.4
"""Free floor between the racks and the walls at the lower and the upper end."""
_HEADROOM = 1.35
"""Least room above the uppermost beams."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of racks. x: its middle. faces: +1 where the aisle is at +X, else -1. aisle: number of its aisle."""

    x: float
    faces: int
    aisle: int


@dataclass(frozen=True, slots=True)
class Nave:
    """A roof's span, between x0 and x1; beams from column to column between `left` and `right`."""

    x0: float
    x1: float
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn of a hall once; see the model `Hall` for what each means."""

    values: Mapping[str, Any]
    length: float
    x0: float
    x1: float
    spine: float | None
    rows: tuple[Row, ...]
    aisles: tuple[tuple[float, float], ...]
    bays: int
    levels: int
    rack_y: float
    naves: tuple[Nave, ...]
    column: float
    frames: tuple[float, ...]
    girder_depth: float
    rise: float

    @property
    def clear(self) -> float:
        return float(self.values["clear_height"])

    @property
    def eaves(self) -> float:
        """Height at which the roof lies on its beams at the eaves."""
        return self.clear + self.girder_depth

    @property
    def rack_length(self) -> float:
        return self.bays * (float(self.rack["bay_width"]) + UPRIGHT) + UPRIGHT

    @property
    def rack(self) -> dict[str, Any]:
        """Parameters that `factory.rack` and `rack_shelves` share."""
        v = self.values
        return {
            "bays": self.bays,
            "levels": self.levels,
            "bay_width": _centimetres(v["bay_width"]),
            "depth": _centimetres(v["rack_depth"]),
            "level_height": round(float(v["level_height"]) / 0.05) * 0.05,
            "beam": BEAM,
            "deck": str(v["deck"]),
        }

    def record(self) -> dict[str, Any]:
        """What the scene's record says of it."""
        return {
            **{k: v for k, v in self.values.items() if not isinstance(v, Mapping)},
            "size": (self.x1 - self.x0, self.length, self.clear),
            "bays": self.bays,
            "levels": self.levels,
        }


def planned(values: Mapping[str, Any], rng: np.random.Generator) -> Plan:
    """The plan of a hall of these parameters."""
    length = millimetres(round(float(values["length"]), 1))
    depth, wide = _centimetres(values["rack_depth"]), _centimetres(values["aisle_width"])
    count, line = int(values["aisles"]), _centimetres(values["line"])
    rows: list[Row] = []
    aisles: list[tuple[float, float]] = []
    x = 0.0
    if count:
        x = WALL_ROOM
        for k in range(count):
            rows.append(Row(x + depth / 2, 1, k))
            aisles.append((x + depth, x + depth + wide))
            x += depth + wide
            rows.append(Row(x + depth / 2, -1, k))
            x += depth + (FLUE if k + 1 < count else 0.0)
        x += WALL_ROOM if not line else SPINE_ROOM / 2
    storage = x
    total = storage + line
    shift = -total / 2
    spine = storage + shift if count and line else None
    pitch = _centimetres(values["bay_width"]) + UPRIGHT
    bays = max(1, int((length - FRONT - REAR - UPRIGHT) / pitch))
    tall = round(float(values["level_height"]) / 0.05) * 0.05
    levels = max(1, min(int(values["levels"]), int((float(values["clear_height"]) - _HEADROOM) / tall)))
    size = float(rng.choice((0.24, 0.3, 0.36) if values["frame"] != "concrete" else (0.36, 0.4, 0.5)))
    edge = size / 2 + 0.06
    lines = [shift + edge, *([spine] if spine is not None else []), total + shift - edge]
    ends = [shift, *([spine] if spine is not None else []), total + shift]
    naves = [
        Nave(a, c, left, right) for a, c, left, right in zip(ends[:-1], ends[1:], lines[:-1], lines[1:], strict=True)
    ]
    frames = np.linspace(-length / 2 + 0.45, length / 2 - 0.45, max(3, round(length / float(values["bay"])) + 1))
    span = max(n.x1 - n.x0 for n in naves)
    return Plan(
        values=values,
        length=length,
        x0=millimetres(shift),
        x1=millimetres(total + shift),
        spine=None if spine is None else millimetres(spine),
        rows=tuple(Row(millimetres(r.x + shift), r.faces, r.aisle) for r in rows),
        aisles=tuple((millimetres(a + shift), millimetres(c + shift)) for a, c in aisles),
        bays=bays if count else 0,
        levels=levels,
        rack_y=millimetres(-length / 2 + FRONT),
        naves=tuple(naves),
        column=size,
        frames=tuple(millimetres(float(y)) for y in frames),
        girder_depth=round(max(0.6, span / float(rng.uniform(14.0, 20.0))), 1),
        rise=round(span * float(rng.uniform(0.015, 0.04)), 1),
    )


def _centimetres(value: Any) -> float:
    return round(float(value), 2)
