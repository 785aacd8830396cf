"""Which products a shop carries in one scene: some brands of every group, each in a few flavours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from synthgen.assets.mesh import Mesh
from synthgen.makers.maker import Made
from synthgen.makers.products import package, product
from synthgen.procedural.packaging.design import group_of
from synthgen.randomness import stream_key
from synthgen.scene.stage import Stage

ROUND = frozenset({"can", "flat_can", "soda_can", "tall_can", "bottle", "wine_bottle", "beer_bottle", "jar", "tub"})
STACKED = frozenset({"can", "flat_can", "soda_can", "box", "tub", "multipack"})
"""Packages whose top carries another."""

ON_EDGE = frozenset({"tray"})
"""Packages that stand on their edge on a shelf, their lid to the front: lying they would show nothing."""

STEADY = frozenset({"box", "brick", "milk_carton", "can", "soda_can", "tall_can", "multipack"})
"""Packages that lean on others with an edge of their foot."""

HEADROOM = 0.012
"""Least room between a pack and the shelf above, metres."""

_FULL = 0.45
"""A shelf looks filled where goods reach up to this share of its room."""

_MORE = 3
"""Brands that a group may get beyond its share, for shelves that none of its own suits."""

_TALLEST_STACK = 4


@dataclass(frozen=True, slots=True)
class Product:
    """A product ready to be put. width (across), depth, height: of its bounds as it stands on a shelf, metres."""

    made: Made
    group: str
    shape: str
    width: float
    depth: float
    height: float
    id: str = field(init=False)
    round: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", str(self.made.attributes["product"]))
        object.__setattr__(self, "round", self.shape in ROUND)

    def stack(self, room: float) -> int:
        """How many may stand on one another in a room of this height."""
        if self.shape not in STACKED:
            return 1
        return max(1, min(_TALLEST_STACK, int((room - HEADROOM) / self.height)))


class Assortment:
    """The products of a scene by group and brand, made when first asked for."""

    def __init__(
        self, stage: Stage, groups: Sequence[str], wanted: int, pool: int, density: float, rng: np.random.Generator
    ):
        """wanted: about how many products there are of all `groups` together. pool: brands to draw from."""
        self._stage, self._pool, self._density = stage, pool, round(density)
        self._made: dict[tuple[str, int], list[Product]] = {}
        self._brands: dict[str, list[int]] = {}
        self._more: dict[str, int] = {}
        share = max(1.0, wanted / max(1, len(set(groups))))
        brands = min(pool, max(1, round(share / 3)))
        self._flavours = max(1, math.ceil(share / brands))
        for group in dict.fromkeys(groups):
            self._brands[group] = rng.choice(pool, size=brands, replace=False).tolist()

    @property
    def products(self) -> list[Product]:
        """All that were made so far."""
        return [p for brand in self._made.values() for p in brand]

    def brands(self, group: str, room: float, *, open_above: bool) -> list[int]:
        """Brands of a group whose packages suit a shelf with this room; none where none fits.

        open_above: nothing is above the shelf, so that goods need not fill it.
        """
        fit = [b for b in self._brands[group] if self._reach(group, b, room) > 0]
        good = [b for b in fit if open_above or self._reach(group, b, room) >= _FULL * room]
        if good or self._more.get(group, 0) >= _MORE:
            return good or fit
        reach, best = max((self._reach(group, b, room), -b) for b in range(self._pool))
        if reach <= 0 or (fit and reach < _FULL * room):
            return fit
        self._more[group] = self._more.get(group, 0) + 1
        self._brands[group].append(-best)
        return [-best]

    def _reach(self, group: str, brand: int, room: float) -> float:
        """How high a stack of the brand's packages stands in a room of this height; 0 where one does not fit."""
        shape, (_, depth, height), _ = package(group, brand)
        height = depth if shape in ON_EDGE else height
        if height + HEADROOM > room:
            return 0.0
        return height * (min(_TALLEST_STACK, int((room - HEADROOM) / height)) if shape in STACKED else 1)

    def of(self, group: str, brand: int) -> list[Product]:
        """The brand's products."""
        key = (group, brand)
        if key not in self._made:
            count = min(self._flavours, len(group_of(group)["flavours"]))
            self._made[key] = [self._product(group, brand, k) for k in range(count)]
        return self._made[key]

    def _product(self, group: str, brand: int, flavour: int) -> Product:
        made = product(self._stage.store, group, brand, flavour, density=self._density)
        shape, (depth, width, height) = str(made.attributes["package"]), made.size
        if shape in ON_EDGE:
            depth, height = height, depth
        return Product(made, group, shape, width, depth, height)


def hull_of(stage: Stage, item: Product) -> NDArray[np.float64]:
    """(N, 3) corners of the product's convex hull in its own frame, metres."""
    return np.array(stage.store.fact(item.made.mesh, "hull", _hull), dtype=np.float64)


def _hull(mesh: Mesh) -> list[list[float]]:
    points = mesh.vertices.astype(np.float64)
    found: list[list[float]] = points[ConvexHull(points).vertices].round(5).tolist()
    return found


def priced(group: str, key: str, prices: Mapping[str, Any]) -> str:
    """What a product costs, always the same: such as "2.49"."""
    low, high = prices.get(group, (0.99, 4.99))
    rng = np.random.default_rng(stream_key(key))
    whole = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    ending = (0.09, 0.19, 0.29, 0.39, 0.49, 0.59, 0.69, 0.79, 0.89, 0.95, 0.99)[int(rng.integers(0, 11))]
    return f"{int(whole) + ending:.2f}"
