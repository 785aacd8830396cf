"""Price tags in the rails of shelves, one for every block of a product, and cards that hang from some shelves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.layout.rails import Rail
from synthgen.layout.slots import Board
from synthgen.layout.store.outfit import shop_data
from synthgen.makers.maker import Made
from synthgen.makers.shop_prints import price_tag
from synthgen.placement.assortment import Product, priced
from synthgen.placement.site import Site
from synthgen.randomness import stream_key
from synthgen.recipe.params import Params
from synthgen.scene.pose import within

TAG = (0.068, 0.036)
"""Width and height of a tag, metres."""

CARD = 0.12
"""Width of a card that hangs from the shelf, metres."""

_AIR = 0.004
_LAYOUTS = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A product's facings on one board, from x to x, and how many they are."""

    product: Product
    start: float
    end: float
    facings: int


class Tags:
    """Makes and puts the tags of one planogram: they are all of one style, as a shop buys them."""

    def __init__(self, site: Site, rails: Mapping[str, Rail], params: Params, rng: np.random.Generator):
        self._site, self._rails, self._params, self._rng = site, rails, params, rng
        self._style = str(self._one("tag_style"))
        self._layout = int(rng.integers(0, _LAYOUTS))
        self._prices = shop_data()["prices"]
        self._made: dict[str, tuple[Made, list[str]]] = {}
        self._priced: dict[str, str] = {}

    def _one(self, name: str) -> Any:
        return self._params.sample(name, self._rng, self._site.draw.env)

    def put(self, board: Board, blocks: list[Block]) -> None:
        """The tags of a board's blocks, from the left, and its cards; none where the board has no rail."""
        rail = self._rails.get(board.name)
        if rail is None:
            return
        taken: list[tuple[float, float]] = []
        for block in blocks:
            if self._rng.random() >= float(self._one("tags")):
                continue
            half = TAG[0] / 2
            middle = (block.start + block.end) / 2 if block.facings < 4 else block.start + 0.6 * TAG[0]
            x = middle + float(self._rng.normal(0.0, 0.012))
            x = min(max(x, half + 0.006, (taken[-1][1] + _AIR + half) if taken else 0.0), board.width - half - 0.006)
            if taken and x - half < taken[-1][1]:
                continue
            taken.append((x - half, x + half))
            self._tag(board, rail, block, x)
        for block in blocks:
            x = float(self._rng.uniform(block.start, max(block.start, block.end)))
            free = all(x + CARD / 2 < a or x - CARD / 2 > b for a, b in taken)
            within = CARD / 2 + 0.01 < x < board.width - CARD / 2 - 0.01
            if self._rng.random() < float(self._one("talkers")) and free and within:
                taken.append((x - CARD / 2, x + CARD / 2))
                self._card(board, rail, block, x)

    def _tag(self, board: Board, rail: Rail, block: Block, x: float) -> None:
        product = block.product
        offer = self._rng.random() < float(self._one("offers"))
        key = f"{product.id} {offer}"
        if product.id not in self._priced:
            self._priced[product.id] = priced(product.group, product.id, self._prices)
        price = self._priced[product.id]
        if key not in self._made:
            said = product.made.attributes
            name, code = f"{said['brand']} {said['name']}", str(said["ean"])[:12]
            made = price_tag(
                self._site.stage.store, _own(product.id), style=self._style, promo=offer, name=name, price=price,
                code=code, layout=self._layout,
            )  # fmt: skip
            self._made[key] = self._keyed(made)
        made, keys = self._made[key]
        facts = {"product": product.id, "price": price, "offer": offer, "board": board.name, "facings": block.facings}
        back = -float(self._site.stage.store.bounds(made.mesh)[0][0])
        lean = rail.tilt + math.radians(float(self._rng.normal(0.0, 0.4)))
        at = (x, rail.y - back - 0.0006, rail.z - TAG[1] / 2)
        self._stand(board, made, keys, at, lean, math.radians(float(self._rng.normal(0.0, 0.35))), facts)

    def _card(self, board: Board, rail: Rail, block: Block, x: float) -> None:
        seed = f"card {block.product.id}"
        if seed not in self._made:
            made = price_tag(self._site.stage.store, _own(seed), style="talker")
            self._made[seed] = self._keyed(
                Made("retail/shelf_talker", made.mesh, "promotion sign", made.surfaces, made.size, made.attributes)
            )
        made, keys = self._made[seed]
        (low_x, _, _), (_, _, high) = self._site.stage.store.bounds(made.mesh).tolist()
        at = (x, rail.front + low_x - 0.001, 0.012 - high)
        facts = {"product": block.product.id, "board": board.name}
        self._stand(board, made, keys, at, 0.0, math.radians(float(self._rng.normal(0.0, 0.7))), facts)

    def _keyed(self, made: Made) -> tuple[Made, list[str]]:
        stage = self._site.stage
        return made, [stage.builder.material(made.surfaces[s]) for s in stage.store.slots(made.mesh)]

    def _stand(
        self,
        board: Board,
        made: Made,
        keys: list[str],
        at: tuple[float, float, float],
        lean: float,
        roll: float,
        facts: Mapping[str, Any],
    ) -> None:
        """Puts a thing that looks along +X before a board's front. lean: back, roll: in its own plane; radians."""
        stage = self._site.stage
        c, s, cl, sl = math.cos(roll), math.sin(roll), math.cos(lean), math.sin(lean)
        # Its x looks out of the shelf (-y of the board), its y to the right, its z up; rolled, then leant.
        turn = (0.0, c, -s, -cl, sl * s, sl * c, sl, cl * s, cl * c)
        number = stage.builder.instance(
            made.category,
            asset=made.maker,
            attributes=facts,
            relations={"mounted_on": board.fixture, "in": self._site.named(board)},
        )
        stage.put(number, made.mesh, keys, within(board.frame, turn, at), solids=[])


def _own(key: str) -> np.random.Generator:
    """A stream that depends on what it is for alone, so that every scene finds the same tag."""
    return np.random.default_rng(stream_key(key))
