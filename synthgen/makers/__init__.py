"""Things that no package holds and that are made instead: what each is called, how it varies, what it is made of."""

from __future__ import annotations

from synthgen.makers import cycling, loads, people, products, pushing, shop_prints, workpieces
from synthgen.makers.maker import Made, Maker, all_makers, find_makers

__all__ = [
    "Made",
    "Maker",
    "all_makers",
    "cycling",
    "find_makers",
    "loads",
    "people",
    "products",
    "pushing",
    "shop_prints",
    "workpieces",
]
