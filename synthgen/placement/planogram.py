"""planogram: products on shelves in blocks by group and brand, their price tags, and what customers leave of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, groupby
from typing import Any

import numpy as np

from synthgen.layout.rails import Rail
from synthgen.layout.slots import Board
from synthgen.layout.store.outfit import shop_data
from synthgen.placement.assortment import Assortment, Product
from synthgen.placement.disorder import Disorder
from synthgen.placement.facings import FRONT, Column, Shelf, fits, ordered
from synthgen.placement.registry import populator
from synthgen.placement.shelf_tags import Block as TaggedBlock
from synthgen.placement.shelf_tags import Tags
from synthgen.placement.site import Site
from synthgen.placement.stock import Stock
from synthgen.placement.wells import fill_well
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import array

_LOW = 0.13
"""Goods lower than this show the row behind them, so that there is one more."""

_THIN = 0.055
"""Goods thinner than this stand in longer rows, metres."""

_WIDER = 3.0
"""How much wider a product's block may get so that a run of bays is filled without repeating itself."""

_OPEN = 0.34
"""A shelf with so much room counts as open above, metres."""


@dataclass(frozen=True, slots=True)
class Bay:
    """The boards of a bay, from below. line: of bays beside one another, such as "3L"; place: from the left in it."""

    line: str
    place: float
    boards: tuple[Board, ...]


@populator("planogram")
def planogram(site: Site, block: Block) -> None:
    """Fills every board of the slot."""
    params, rng = site.params(block), site.rng(block)
    bays = _bays(site.slots(block))
    if bays:
        _Planogram(site, block, params, bays, rng).fill()


def _bays(boards: Sequence[Board]) -> list[Bay]:
    """By line and place in it: the names of boards are "<line><bay>.<level>"."""
    found: dict[str, list[Board]] = {}
    for board in boards:
        found.setdefault(board.name.rpartition(".")[0], []).append(board)
    bays = []
    for name, own in found.items():
        frame = array(own[0].frame)
        bays.append(Bay(line_of(name), float(frame[:, 3] @ frame[:, 0]), tuple(sorted(own, key=lambda b: b.frame[11]))))
    order = {line: k for k, line in enumerate(dict.fromkeys(b.line for b in bays))}
    return sorted(bays, key=lambda b: (order[b.line], b.place))


def line_of(bay: str) -> str:
    """The line that a bay of this name stands in: "3L" of "3L12", "F4" of "F4_2", "E2a" of "E2a"."""
    if "_" in bay:
        return bay.partition("_")[0]
    return bay.rstrip("0123456789") or bay


class _Planogram:
    """One run of the populator."""

    def __init__(self, site: Site, block: Block, params: Params, bays: list[Bay], rng: np.random.Generator):
        self.block = block
        self.site, self.params, self.bays, self.rng = site, params, bays, rng
        lines = dict.fromkeys(b.line for b in bays)
        self.groups = {line: self._groups(line) for line in lines}
        every = [g for groups in self.groups.values() for g in groups]
        self.goods = Assortment(
            site.stage, every, int(self.one("assortment")), int(self.one("brands")), float(self.one("density")), rng
        )
        rails: dict[str, Rail] = {r.board: r for r in site.layout.slots.get("rails", ())}
        self.tags = Tags(site, rails, params, rng)
        self.disorder = Disorder(site.stage, self.goods, params, site.draw.env, rng)
        self.stock = Stock(site.stage)
        self._next = dict.fromkeys(lines, 0)

    def one(self, name: str) -> Any:
        given = self.params.get(name)
        if isinstance(given, (int, float, str)):
            return given
        return self.params.sample(name, self.rng, self.site.draw.env)

    def _groups(self, line: str) -> list[str]:
        """What stands in a line: as the recipe says, else as the layout's departments do, else anything."""
        given = self.params.get("groups")
        if isinstance(given, list):
            return [str(g) for g in given]
        known = self.site.layout.attributes.get("departments", {})
        return list(known.get(line) or known.get(line[:1]) or shop_data()["end_caps"])

    def fill(self) -> None:
        for line, group in groupby(self.bays, key=lambda b: b.line):
            bays = list(group)
            start = int(self.rng.integers(0, len(self.groups[line])))
            while bays:
                count = max(1, int(self.one("bays")))
                self._run(line, bays[:count], self.groups[line][start % len(self.groups[line])])
                bays, start = bays[count:], start + 1
        self.stock.write()

    def _run(self, line: str, bays: list[Bay], group: str) -> None:
        """Bays beside one another with one group of goods, level by level. What stands on one level comes on another
        only where there is nothing else."""
        levels = max(len(b.boards) for b in bays)
        beside = self._beside(line)
        used: dict[str, int] = {}
        for level in range(levels):
            boards = [b.boards[level] for b in bays if level < len(b.boards)]
            if boards[0].kind == "well":
                for board in boards:
                    fill_well(self.site, self.stock, board, self._anything(board, group), self.rng)
                continue
            chosen, brands = self._brands(line, group, min(b.room for b in boards))
            plan = self._chosen(chosen, brands, sum(b.width for b in boards), used)
            self._level(boards, plan, beside)

    def _chosen(self, group: str, brands: list[int], room: float, used: dict[str, int]) -> list[tuple[Product, int]]:
        """Products with their facings, brand by brand, that fill `room` metres; those used least come first."""
        ties = self.rng.random(len(brands))
        order = sorted(range(len(brands)), key=lambda k: (used.get(f"{group}/{brands[k]}", 0), ties[k]))
        plan: list[tuple[Product, int]] = []
        wide = 0.0
        for k in order:
            if wide >= room:
                break
            name = f"{group}/{brands[k]}"
            products = self.goods.of(group, brands[k])
            first = used.get(name, 0) % len(products)
            for product in products[first:] + products[:first]:
                if wide >= room:
                    break
                count = max(1, int(self.one("facings")))
                plan.append((product, count))
                wide += count * (product.width + 0.006)
                used[name] = used.get(name, 0) + 1
        factor = min(_WIDER, max(1.0, room / max(wide, 0.01)))
        return [(product, max(1, round(count * factor))) for product, count in plan]

    def _brands(self, line: str, group: str, room: float) -> tuple[str, list[int]]:
        """A group and its brands for shelves of this room; another group of the line where none of its fits."""
        for name in (group, *self.groups[line]):
            brands = self.goods.brands(name, room, open_above=room > _OPEN)
            if brands:
                return name, list(brands)
        return group, []

    def _anything(self, board: Board, group: str) -> list[Product]:
        _, brands = self._brands(line_of(board.name.rpartition(".")[0]), group, 10.0)
        return [p for b in brands for p in self.goods.of(group, b)]

    def _beside(self, line: str) -> dict[int, tuple[int, ...]]:
        """The fixtures that one may see through a gap of a fixture: itself and its neighbours."""
        fixtures = list(dict.fromkeys(b.boards[0].fixture for b in self.bays if b.line == line))
        return {f: tuple(sorted(fixtures[max(0, k - 1) : k + 2])) for k, f in enumerate(fixtures)}

    def _level(self, boards: list[Board], plan: list[tuple[Product, int]], beside: dict[int, tuple[int, ...]]) -> None:
        """One level of a run: blocks of products one after the other, through all its boards."""
        if not plan:
            return
        blocks = cycle(plan)
        product, left = next(blocks)
        for board in boards:
            shelf = Shelf(self.stock, board, self.rng, beside[board.fixture], place=self.site.named(board))
            x, facing, tagged = self._gap(), 0, []
            while True:
                columns = self._columns(board, product, left)
                placed = self._place(shelf, columns, x, facing)
                if placed:
                    end = placed[-1][0] + placed[-1][1].width
                    tagged.append(TaggedBlock(product, x, end, len(placed)))
                    x, facing, left = end + self._gap(), facing + len(placed), left - len(placed)
                if left <= 0:
                    product, left = next(blocks)
                elif not placed or len(placed) < len(columns):
                    break
            self._close(shelf, [p for p, _ in plan], x, facing, tagged)
            self.tags.put(board, tagged)

    def _columns(self, board: Board, product: Product, count: int) -> list[Column]:
        """The next facings of a product, some of them in disorder; none where it does not fit the board."""
        if product.height > board.room:
            return []
        stack = product.stack(board.room) if self.rng.random() < float(self.one("stacked")) else 1
        rows = max(1, int(self.one("deep")))
        low = min(product.height * stack, board.room) < _LOW or (board.frame[11] < 0.7 and product.height < 0.16)
        rows += 1 if low else 0
        rows *= 3 if product.depth < _THIN else 1
        front = FRONT + abs(float(self.rng.normal(0.0, 0.004)))
        most = int(board.width / product.width) + 1
        columns = []
        for start in self.rng.uniform(front, front + 0.006, min(count, most)).tolist():
            column = ordered(product, rows, stack, float(self.one("skew")), self.rng, start=start)
            column.rows = column.rows[: fits(column, board)]
            if not column.rows:
                return []
            columns.append(column)
        return self.disorder.of(board, columns)

    def _place(self, shelf: Shelf, columns: list[Column], x: float, facing: int) -> list[tuple[float, Column]]:
        """Puts columns from x on as long as the board is wide enough; returns (left edge, column) of those put."""
        placed: list[tuple[float, Column]] = []
        for column in columns:
            if x + column.width > shelf.board.width:
                break
            shelf.put(column, x, facing + len(placed))
            placed.append((x, column))
            x += column.width + self._gap()
        return placed

    def _close(self, shelf: Shelf, products: list[Product], x: float, facing: int, tagged: list[TaggedBlock]) -> None:
        """Fills the end of a board with what is narrow enough."""
        room = shelf.board.width - x - 0.004
        narrow = [p for p in products if p.width + 0.004 < room and p.height <= shelf.board.room]
        if narrow:
            product = max(narrow, key=lambda p: p.width)
            placed = self._place(shelf, self._columns(shelf.board, product, int(room / product.width)), x, facing)
            if placed:
                tagged.append(TaggedBlock(product, x, placed[-1][0] + placed[-1][1].width, len(placed)))

    def _gap(self) -> float:
        return float(self.one("gap"))
