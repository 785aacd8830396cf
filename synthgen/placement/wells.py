"""Goods in the wells of freezers: lying on their backs in stacks, seen from above."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthgen.layout.slots import Board
from synthgen.placement.assortment import HEADROOM, Product
from synthgen.placement.facings import APART, Item, Shelf, fallen, upright
from synthgen.placement.site import Site
from synthgen.placement.stock import Stock
from synthgen.scene.stage import Stage

_FULL = (0.6, 1.0)
"""To which share of its height a well is filled."""


def fill_well(site: Site, stock: Stock, board: Board, products: list[Product], rng: np.random.Generator) -> None:
    """Lays products side by side through a well, each in a block of stacks."""
    if not products:
        return
    stage = site.stage
    shelf = Shelf(stock, board, rng, place=site.named(board))
    x, facing = 0.004, 0
    level = float(rng.uniform(*_FULL))
    order = rng.permutation(len(products))
    for turn in range(4 * len(products)):
        product = products[int(order[turn % len(products)])]
        probe = _lying(stage, product, 0.0)
        if probe.depth + 2 * APART > board.depth or probe.height + HEADROOM > board.room:
            continue
        wide = probe.width + 0.02
        if x + wide > board.width:
            break
        for _ in range(int(rng.integers(1, 3))):
            if x + wide > board.width:
                break
            _stacks(stage, shelf, product, (x, wide), level, facing, rng)
            x, facing = x + wide, facing + 1


def _stacks(
    stage: Stage, shelf: Shelf, product: Product, span: tuple[float, float], level: float, facing: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Stacks of a product one behind the other, over a width of the well. span: (from, width)."""
    x, wide = span
    y, row, room = 0.004, 0, shelf.board.room
    while True:
        items: list[Item] = []
        z = 0.0
        own = level * float(rng.uniform(0.75, 1.05))
        while True:
            item = _lying(stage, product, float(rng.normal(0.0, 1.6)))
            if item.width > wide or (items and z + item.height > min(own * room, room - HEADROOM)):
                break
            items.append(item)
            z += item.height
        deep = max((i.depth for i in items), default=1.0)
        if y + deep + APART > shelf.board.depth or not items:
            return
        z = 0.0
        for k, item in enumerate(items):
            facts: dict[str, Any] = {"facing": facing, "row": row, "level": k}
            spare = (wide - item.width) / 2
            at = (
                x + wide / 2 - (item.low[0] + item.high[0]) / 2 + float(rng.uniform(-0.8, 0.8)) * spare,
                y + deep / 2 - (item.low[1] + item.high[1]) / 2,
                z - item.low[2],
            )
            shelf.item(item, at, facts, seen=k == len(items) - 1)
            z += item.height
        y, row = y + deep + APART, row + 1


def _lying(stage: Stage, product: Product, skew: float) -> Item:
    """On its back where it is a flat pack, upright where it is round or low."""
    if product.round or product.height < 1.1 * product.depth:
        return upright(product, skew)
    return fallen(stage, product, skew, "")
