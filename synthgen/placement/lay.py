"""lay: things on the boards of a slot, in a row along the front or anywhere."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from synthgen.layout.slots import Board
from synthgen.placement.choices import Choice, Thing
from synthgen.placement.footprints import footprint_of
from synthgen.placement.picking import pick
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import composed, pose

_TRIES = 12
_MOST = 400
"""Tries on one board, whatever its size."""
_FRONT = -90.0
"""Yaw, in a board's frame, of something that looks at who stands before the board."""


@populator("lay")
def lay(site: Site, block: Block) -> None:
    """Fills every board of the slot."""
    params, rng = site.params(block), site.rng(block)
    choices = site.choices(block, stands=("shelf",), variety=int(params.sample("variety", rng, {})))
    if not choices:
        return
    laid = _Lay(site, params, choices, rng)
    for board in site.slots(block):
        (laid.row if params.get("arrange") == "row" else laid.anywhere)(board)


class _Lay:
    """One run of the populator."""

    def __init__(self, site: Site, params: Params, choices: list[Choice], rng: np.random.Generator):
        self.site, self.params, self.choices, self.rng = site, params, choices, rng
        self.most = int(params.sample("most", rng, site.draw.env))
        self.laid: Counter[str] = Counter()

    def row(self, board: Board) -> None:
        """One beside the other; what is not taken stays empty, and so does what lies under something else already."""
        taken, x = self.site.on_board(board), 0.0
        self.laid.clear()
        for _ in range(_MOST):
            found = self._fitting(board, board.width - x)
            if found is None:
                return
            thing, yaw, (across, deep) = found
            if self.rng.random() < self._sample("fill"):
                y = deep / 2 if self.params.get("at_front") else board.depth / 2
                if taken.take(footprint_of(thing.size, x + across / 2, y, _FRONT + yaw), thing.id):
                    self._put(board, thing, x + across / 2, y, yaw)
            x += across + self._sample("gap")

    def anywhere(self, board: Board) -> None:
        """Where there is room, until the wanted share of the surface is covered."""
        taken, covered = self.site.on_board(board), 0.0
        self.laid.clear()
        wanted = self._sample("fill") * board.width * board.depth
        for _ in range(_MOST):
            if covered >= wanted:
                return
            found = self._fitting(board, board.width)
            if found is None:
                return
            thing, yaw, (across, deep) = found
            gap = self._sample("gap")
            x = float(self.rng.uniform(across / 2, board.width - across / 2))
            y = float(self.rng.uniform(deep / 2, board.depth - deep / 2))
            if taken.take(footprint_of(thing.size, x, y, _FRONT + yaw), thing.id, margin=gap):
                covered += thing.size[0] * thing.size[1]
                self._put(board, thing, x, y, yaw)

    def _fitting(self, board: Board, room: float) -> tuple[Thing, float, tuple[float, float]] | None:
        """Something that fits within `room` metres of the front, its turn, and the rectangle that it takes."""
        for _ in range(_TRIES):
            choice: Choice = pick(self.rng, self.choices, [c.weight for c in self.choices])
            thing = choice.draw(self.site.stage.store, self.rng)
            if self.most and self.laid[thing.id] >= self.most:
                continue
            yaw = self._sample("yaw") + (90.0 if self._lies_across(thing) else 0.0)
            angle = math.radians(_FRONT + yaw)
            c, s = abs(math.cos(angle)), abs(math.sin(angle))
            across, deep = c * thing.size[0] + s * thing.size[1], s * thing.size[0] + c * thing.size[1]
            if across <= room and deep <= board.depth and thing.size[2] <= board.room:
                return thing, yaw, (across, deep)
        return None

    def _lies_across(self, thing: Thing) -> bool:
        return bool(self.params.get("lengthwise")) and thing.size[1] > thing.size[0]

    def _put(self, board: Board, thing: Thing, x: float, y: float, yaw: float) -> None:
        self.laid[thing.id] += 1
        facts = {"board": board.name, "place_on_board": (x, y), "yaw": yaw % 360.0}
        where = composed(board.frame, pose(x, y, 0.0, yaw=_FRONT + yaw))
        self.site.put(thing, where, attributes=facts, relations={"on": board.fixture, "in": self.site.named(board)})

    def _sample(self, name: str) -> float:
        return float(self.params.sample(name, self.rng, self.site.draw.env))
