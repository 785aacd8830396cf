"""pallets: loads side by side on the boards of racks, as forklifts put them there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthgen.layout.slots import Board
from synthgen.placement.choices import Choice, Thing
from synthgen.placement.picking import pick
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import composed, pose

_TRIES = 8
_EDGE = 0.045
"""Least room between two loads, and to the uprights, metres: their foot plates reach that far."""
_FREE = 0.012
"""How far a load on the floor may stand out before its rack, where the guards are."""
_ABOVE = 0.07
_REST = 0.06
"""By how much a load may be shorter than a rack is deep: it has to lie on both beams, metres."""
_OVER = 0.3
"""How much deeper than its board a load may be."""
_FRONT = -90.0


@populator("pallets")
def pallets(site: Site, block: Block) -> None:
    """Fills every board of the slot; places one after the other have the same goods."""
    params, rng = site.params(block), site.rng(block)
    boards: list[Board] = list(site.slots(block))
    choices = site.choices(block, variety=int(params.sample("variety", rng, {})), tag=["rack_load"])
    if not choices or not boards:
        return
    filling = _Filling(site, params, choices, rng)
    for board in boards:
        filling.board(board)


@dataclass(frozen=True, slots=True)
class _Load:
    """A drawn thing, its longer side into the depth of the rack. across, deep, tall: metres. quarter: is it turned."""

    thing: Thing
    across: float
    deep: float
    tall: float
    quarter: bool

    @classmethod
    def of(cls, thing: Thing) -> _Load:
        length, width, tall = thing.size
        return cls(thing, min(length, width), max(length, width), tall, width > length)

    def fits(self, board: Board, room: float) -> bool:
        """Within `room` metres of the board's width; beams carry what reaches from one to the other."""
        if self.across + 2 * _EDGE > room or self.deep > board.depth + _OVER or self.tall + _ABOVE > board.room:
            return False
        return board.kind != "beams" or self.deep >= board.depth - _REST


class _Filling:
    """One run of the populator. What was drawn last stays in hand for as many places as the recipe's `run` says."""

    def __init__(self, site: Site, params: Params, choices: list[Choice], rng: np.random.Generator):
        self.site, self.params, self.choices, self.rng = site, params, choices, rng
        self.fill = float(params.sample("fill", rng, site.draw.env))
        self.choice: Choice | None = None
        self.left = 0

    def board(self, board: Board) -> None:
        """Divides a board into as many places as the first load's width allows."""
        first = self._drawn(board, board.width)
        if first is None:
            return
        count = max(1, int((board.width - _EDGE) / (first.across + _EDGE)))
        gap = (board.width - count * first.across) / (count + 1)
        for k in range(count):
            if self.rng.random() >= self.fill:
                continue
            load = first if k == 0 else self._drawn(board, first.across + 2 * gap)
            if load is not None:
                self._put(board, load, gap + first.across / 2 + k * (first.across + gap), first.across + gap)

    def _drawn(self, board: Board, room: float) -> _Load | None:
        """A load that fits the board within `room` metres of its width; another kind where that in hand does not."""
        for attempt in range(_TRIES):
            if self.choice is None or self.left <= 0 or attempt >= _TRIES // 2:
                self.choice = pick(self.rng, self.choices, [c.weight for c in self.choices])
                self.left = int(self.params.sample("run", self.rng, self.site.draw.env))
            load = _Load.of(self.choice.draw(self.site.stage.store, self.rng))
            if load.fits(board, room):
                self.left -= 1
                return load
        return None

    def _put(self, board: Board, load: _Load, x: float, pitch: float) -> None:
        slack = max(0.0, pitch - load.across - _EDGE) / 2
        x += float(np.clip(self.rng.normal(0.0, 0.02), -slack / 2, slack / 2))
        y = board.depth / 2 - self._sample("shift")
        if board.kind == "floor":
            y = max(y, load.deep / 2 - _FREE)
        most = float(np.degrees(np.arcsin(min(1.0, slack / load.deep))))
        yaw = float(np.clip(self._sample("yaw"), -most, most)) + (90.0 if load.quarter else 0.0)
        yaw += 180.0 if self.rng.random() < 0.5 else 0.0
        facts = {"board": board.name, "place_on_board": (round(x, 3), round(y, 3)), "yaw": yaw % 360.0}
        where = composed(board.frame, pose(x, y, 0.0, yaw=_FRONT + yaw))
        self.site.put(
            load.thing, where, attributes=facts, relations={"on": board.fixture, "in": self.site.named(board)}
        )

    def _sample(self, name: str) -> float:
        return float(self.params.sample(name, self.rng, self.site.draw.env))
