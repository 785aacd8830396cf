"""What customers leave of a shelf's order: facings that are empty, pushed back, turned, leaning, fallen, misplaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthgen.layout.slots import Board
from synthgen.placement.assortment import HEADROOM, Assortment, Product
from synthgen.placement.facings import (
    APART,
    Column,
    fallen,
    fits,
    leaning,
    leaning_back,
    steady,
    upright,
)
from synthgen.recipe.params import Params
from synthgen.scene.stage import Stage

KINDS = ("missing", "pushed", "turned", "tilted", "fallen", "misplaced")
"""Parameters of the populator: the share of facings of each."""

_LEAN = (4.0, 11.0)
_BACK = 0.01


class Disorder:
    """Draws what becomes of facings."""

    def __init__(
        self, stage: Stage, goods: Assortment, params: Params, env: Mapping[str, Any], rng: np.random.Generator
    ):
        self._stage, self._goods, self._rng = stage, goods, rng
        self._params, self._env = params, env
        # Those that are the same for all facings, as they mostly are.
        given = {kind: params.get(kind) for kind in KINDS}
        self._shares = {kind: float(v) for kind, v in given.items() if isinstance(v, (int, float))}

    def of(self, board: Board, columns: list[Column]) -> list[Column]:
        """Columns of one product side by side, some of them in disorder. Each is drawn for itself."""
        kinds = [self._kind() for _ in columns]
        found = []
        for k, column in enumerate(columns):
            if kinds[k] == "missing":
                high = min(max([sum([i.height for i in row]) for row in column.rows]), board.room - HEADROOM / 2)
                column.missing, column.state = (board.depth - _BACK, high), "missing"
            elif kinds[k] == "pushed":
                self._push(board, column)
            elif kinds[k] == "tilted":
                self._tilt(column, k, kinds)
            elif kinds[k]:
                self._front(board, column, kinds[k])
            self._fit(board, column)
            found.append(column)
        return found

    def _kind(self) -> str:
        """One of KINDS, or "" for order."""
        at = self._rng.random()
        for kind in KINDS:
            share = self._shares.get(kind)
            at -= float(self._params.sample(kind, self._rng, self._env)) if share is None else share
            if at < 0:
                return kind
        return ""

    def _push(self, board: Board, column: Column) -> None:
        """Customers took the first ones: the rest begins further back."""
        deep = max(i.depth for i in column.rows[0]) + 2 * APART
        free = board.depth - column.start - deep
        if free < 0.03:
            return
        column.start += float(self._rng.uniform(0.03, min(free, 0.75 * board.depth)))
        column.state = "pushed back"

    def _tilt(self, column: Column, place: int, kinds: list[str]) -> None:
        """The first leans on its neighbour of the same product, or on the one behind."""
        product = column.product
        if len(column.rows[0]) != 1 or not steady(product):
            return
        angle, skew = float(self._rng.uniform(*_LEAN)), float(self._rng.normal(0.0, 1.0))
        if place + 1 < len(kinds) and not kinds[place + 1]:
            column.rows[0] = [leaning(self._stage, product, angle, skew)]
        elif place > 0 and not kinds[place - 1]:
            column.rows[0] = [leaning(self._stage, product, -angle, skew)]
        elif len(column.rows) > 1:
            column.rows[0] = [leaning_back(self._stage, product, angle, skew)]

    def _front(self, board: Board, column: Column, kind: str) -> None:
        """The topmost of the first row is turned, or the first row gives way to one that fell or does not belong."""
        product, row = column.product, column.rows[0]
        if kind == "turned":
            row[-1] = upright(product, self._turn(product), "turned")
        elif kind == "fallen":
            item = fallen(self._stage, product, float(self._rng.normal(0.0, 6.0)))
            if item.depth + column.start + 2 * APART < board.depth and item.height < board.room:
                column.rows[0] = [item]
        else:
            other = self._other(board, column)
            if other is not None:
                column.rows[0] = [upright(other, float(self._rng.normal(0.0, 8.0)), "misplaced")]

    def _turn(self, product: Product) -> float:
        if product.round:
            return float(self._rng.uniform(60.0, 300.0))
        choice = int(self._rng.integers(0, 4))
        return float((90.0, -90.0, 180.0, self._rng.choice([-1, 1]) * self._rng.uniform(15.0, 50.0))[choice])

    def _other(self, board: Board, column: Column) -> Product | None:
        """Another product that takes no more room than those that belong there."""
        wide, group = column.width + 0.03, column.product.group
        fit = [
            p
            for p in self._goods.products
            if p.group != group and p.width < wide and p.depth < board.depth * 0.5 and p.height + HEADROOM < board.room
        ]
        return fit[int(self._rng.integers(0, len(fit)))] if fit else None

    def _fit(self, board: Board, column: Column) -> None:
        """Leaves out the rows that no longer have room, and takes the width anew."""
        if column.missing is None:
            column.rows = column.rows[: max(1, fits(column, board))]
        column.__post_init__()
