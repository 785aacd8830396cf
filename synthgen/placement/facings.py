"""Facings: columns of one product on a board, front to back and stacked, and what disorder does to them.

All of it in the board's frame: x along the front to the right, y into the depth, z up; a product looks along -y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synthgen.layout.slots import Board
from synthgen.placement.assortment import HEADROOM, ON_EDGE, STEADY, Product, hull_of
from synthgen.placement.stock import Stock, Turn
from synthgen.scene.pose import array
from synthgen.scene.stage import Stage

FRONT = 0.006
"""Goods stand so far behind the front edge, metres."""

APART = 0.002
"""Between one row and the next, metres."""

GAP_INSET = 0.003
"""A gap's volume keeps away from what is beside and below it, metres."""

_SLACK = 0.001
"""By how much stacked goods are off the middle of those below, metres."""

Turned = NDArray[np.float64]

_Corner = tuple[float, float, float]


class Item(NamedTuple):
    """One product in its facing. turn: from its own frame to the board's. low, high: its bounds (x, y, z) there
    when its origin is at the board's. width, depth, height: of these bounds. state: "" in order, else what is not."""

    product: Product
    turn: Turn
    low: _Corner
    high: _Corner
    width: float
    depth: float
    height: float
    state: str = ""


def _item(product: Product, turn: Turn, low: _Corner, high: _Corner, state: str) -> Item:
    return Item(product, turn, low, high, high[0] - low[0], high[1] - low[1], high[2] - low[2], state)


@dataclass(slots=True)
class Column:
    """A facing before it is put. rows: from the front, each from below up. start: y of its front.

    missing: an empty facing, as high and deep as what is not there.
    """

    product: Product
    rows: list[list[Item]]
    start: float
    state: str = ""
    missing: tuple[float, float] | None = None
    width: float = field(init=False)

    def __post_init__(self) -> None:
        self.width = max([i.width for row in self.rows for i in row], default=0.0) + 2 * _SLACK


def upright(product: Product, skew: float, state: str = "") -> Item:
    """A product that stands, turned by `skew` degrees from looking straight ahead."""
    angle = math.radians(skew)
    c, s = math.cos(angle), math.sin(angle)
    width, depth, height = product.width, product.depth, product.height
    if product.shape in ON_EDGE:
        # Its origin is at its back, half its height up.
        mx, my, low, turn = s * depth / 2, -c * depth / 2, -height / 2, (0.0, c, s, 0.0, s, -c, -1.0, 0.0, 0.0)
    else:
        mx, my, low, turn = 0.0, 0.0, 0.0, (s, c, 0.0, -c, s, 0.0, 0.0, 0.0, 1.0)
    if product.round:
        x = y = max(width, depth) / 2
    else:
        c, s = abs(c), abs(s)
        x, y = (c * width + s * depth) / 2, (s * width + c * depth) / 2
    return Item(product, turn, (mx - x, my - y, low), (mx + x, my + y, low + height), 2 * x, 2 * y, height, state)


def _standing(product: Product) -> Turned:
    """How a product stands that looks straight ahead: upright, or on its edge with its lid to the front."""
    if product.shape in ON_EDGE:
        return np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])
    return _about_z(-90.0)


def rotated(stage: Stage, product: Product, turn: Turned, state: str) -> Item:
    """A product in any position, by the true extent of its shape."""
    points = hull_of(stage, product) @ turn.T
    low, high = points.min(axis=0), points.max(axis=0)
    return _item(product, _row_major(turn), _triple(low), _triple(high), state)


def leaning(stage: Stage, product: Product, degrees: float, skew: float) -> Item:
    """Leaning to its right side (the board's +x) by some degrees; to the left where they are negative."""
    return rotated(stage, product, _about_y(degrees) @ _about_z(skew) @ _standing(product), "tilted")


def leaning_back(stage: Stage, product: Product, degrees: float, skew: float) -> Item:
    return rotated(stage, product, _about_x(-degrees) @ _about_z(skew) @ _standing(product), "tilted")


def fallen(stage: Stage, product: Product, skew: float, state: str = "fallen") -> Item:
    """On its back, its top away from the front."""
    return rotated(stage, product, _about_z(skew) @ _about_x(-90.0) @ _standing(product), state)


def ordered(product: Product, rows: int, stack: int, skew: float, rng: np.random.Generator, *, start: float) -> Column:
    """A column in good order: rows behind one another, `stack` on one another."""
    turns = rng.normal(skew, 12.0 if product.round else 0.5, (rows, stack)).tolist()
    return Column(product, [[upright(product, t) for t in row] for row in turns], start)


def fits(column: Column, board: Board) -> int:
    """How many of a column's rows the board is deep enough for."""
    y, count = column.start, 0
    for row in column.rows:
        y += max([i.depth for i in row]) + 2 * _SLACK
        if y > board.depth:
            break
        y += APART
        count += 1
    return count


def steady(product: Product) -> bool:
    """Can it lean on another without slipping or rolling."""
    return product.shape in STEADY and product.height > 1.2 * product.width


def tall_enough(product: Product, room: float) -> bool:
    return product.height + HEADROOM <= room


class Shelf:
    """Puts columns onto one board and writes them down."""

    def __init__(self, stock: Stock, board: Board, rng: np.random.Generator, behind: Sequence[int] = (), *, place: str):
        """behind: fixtures that one sees through an empty facing, the board's own among them. place: what the relation
        `in` says."""
        self.board, self.rng = board, rng
        self._stock, self._number = stock, stock.board(board, place)
        self._behind = tuple(behind) or (board.fixture,)

    def put(self, column: Column, x: float, facing: int) -> None:
        """Puts a column whose left edge is at x. facing: its place on the board, from the left."""
        middle, y = x + column.width / 2, column.start
        if column.missing is not None:
            self._gap(column, x, facing)
            return
        stacked = sum([len(row) - 1 for row in column.rows])
        off = iter(self.rng.uniform(-_SLACK, _SLACK, 2 * stacked).tolist()) if stacked else iter(())
        for r, row in enumerate(column.rows):
            deep = max([i.depth for i in row]) + 2 * _SLACK
            z = 0.0
            for level, item in enumerate(row):
                dx, dy = (next(off), next(off)) if level else (0.0, 0.0)
                (low_x, low_y, low_z), (high_x, high_y, _) = item.low, item.high
                at = (middle - (low_x + high_x) / 2 + dx, y + deep / 2 - (low_y + high_y) / 2 + dy, z - low_z)
                facts: dict[str, Any] = {"facing": facing, "row": r, "level": level}
                state = item.state or (column.state if r == 0 else "")
                if state:
                    facts["state"] = state
                self.item(item, at, facts, seen=r == 0)
                z += item.height
            y += deep + APART

    def item(self, item: Item, at: _Corner, facts: dict[str, Any], *, seen: bool) -> None:
        """Puts one product whose origin is at `at` of the board. seen: it counts in the checks of views."""
        self._stock.put(item.product, self._number, item.turn, at, facts, seen=seen)

    def _gap(self, column: Column, x: float, facing: int) -> None:
        assert column.missing is not None
        deep, high = column.missing
        low = np.array([x + GAP_INSET, FRONT, GAP_INSET])
        size = np.array([column.width - 2 * GAP_INSET, deep - FRONT, high - GAP_INSET])
        frame, builder = array(self.board.frame), self._stock.stage.builder
        middle = frame[:, :3] @ (low + size / 2) + frame[:, 3]
        matrix = np.column_stack([frame[:, :3] * size, middle])
        facts = {
            "product": column.product.id, "board": self.board.name, "facing": facing,
            "size": tuple(round(float(v), 4) for v in size),
        }  # fmt: skip
        number = builder.instance("gap", attributes=facts, relations=self._stock.relations(self._number))
        builder.volume(number, tuple(matrix.ravel().tolist()), self._behind)


def _row_major(turn: Turned) -> Turn:
    a, b, c, d, e, f, g, h, i = turn.ravel().tolist()
    return a, b, c, d, e, f, g, h, i


def _triple(v: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(k) for k in v)
    return x, y, z


def _about_x(degrees: float) -> Turned:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _about_y(degrees: float) -> Turned:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _about_z(degrees: float) -> Turned:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
