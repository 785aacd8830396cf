"""Goods on boards, gathered while they are laid out and written into the scene at once: there are thousands."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthgen.layout.slots import Board
from synthgen.placement.assortment import Product
from synthgen.scene.builder import Placed, plain
from synthgen.scene.pose import array
from synthgen.scene.stage import Box, Solid, Stage

Turn = tuple[float, float, float, float, float, float, float, float, float]
"""3x3, row-major, from a product's own frame to its board's."""

_Kind = tuple[str, str, dict[str, Any], str, tuple[str, ...], Box]


class Stock:
    """What one populator puts on boards."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self._boards: list[tuple[Board, dict[str, int | str]]] = []
        self._goods: list[tuple[Product, int, dict[str, Any], bool]] = []
        self._turns: list[Turn] = []
        self._places: list[tuple[float, float, float]] = []

    def board(self, board: Board, place: str) -> int:
        """Opens a board and returns what `put` calls it by. place: what the relation `in` says."""
        self._boards.append((board, {"on": board.fixture, "in": place}))
        return len(self._boards) - 1

    def relations(self, board: int) -> dict[str, int | str]:
        """What stands on it says so: one dict for all."""
        return self._boards[board][1]

    def put(
        self,
        product: Product,
        board: int,
        turn: Turn,
        at: tuple[float, float, float],
        facts: dict[str, Any],
        *,
        seen: bool,
    ) -> None:
        """Notes a product whose origin is at `at` of the board, in metres. facts: JSON data for its record.

        seen: it counts in the checks of views.
        """
        self._goods.append((product, board, facts, seen))
        self._turns.append(turn)
        self._places.append(at)

    def write(self) -> None:
        """Numbers the goods in the order in which they were put, and adds them to the scene."""
        if not self._goods:
            return
        frames = np.array([array(board.frame) for board, _ in self._boards])
        frame = frames[[board for _, board, _, _ in self._goods]]
        turn, at = np.array(self._turns).reshape(-1, 3, 3), np.array(self._places)
        # Written out: a matrix product may add in another order on another machine.
        moved = np.empty_like(frame)
        moved[:, :, :3] = sum(frame[:, :, k, None] * turn[:, None, k] for k in range(3))
        moved[:, :, 3] = sum((frame[:, :, k] * at[:, k, None] for k in range(3)), start=frame[:, :, 3])
        kinds: dict[int, _Kind] = {}
        things: list[Placed] = []
        boxes: list[Box | None] = []
        for product, board, facts, seen in self._goods:
            kind = kinds.get(id(product)) or kinds.setdefault(id(product), self._kind(product))
            category, asset, said, mesh, keys, box = kind
            name, relations = self._boards[board][0].name, self._boards[board][1]
            things.append((category, asset, {**said, "board": name, **facts}, relations, mesh, keys))
            boxes.append(box if seen else None)
        first, placed = self.stage.builder.add_many(things, moved.reshape(-1, 12))
        self.stage.solids.extend(
            Solid(first + k, *box, placed[k].transform) for k, box in enumerate(boxes) if box is not None
        )
        self._goods, self._turns, self._places = [], [], []

    def _kind(self, product: Product) -> _Kind:
        made, builder = product.made, self.stage.builder
        long, wide, high = made.size
        keys = tuple(builder.material(made.surfaces[slot]) for slot in self.stage.store.slots(made.mesh))
        box = ((-long / 2, -wide / 2, 0.0), (long / 2, wide / 2, high))
        return made.category, made.maker, plain(made.attributes), builder.mesh(made.mesh), keys, box
