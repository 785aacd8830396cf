"""The layout `store`: a supermarket of rows of gondolas, with coolers, freezers and checkouts, in a closed hall."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthgen.layout.registry import layout
from synthgen.layout.slots import Area, Layout, Luminaire
from synthgen.layout.store.boards import Boards
from synthgen.layout.store.dimensions import CLEAR, TILL_ZONE, Store
from synthgen.layout.store.fixtures import stand_checkouts, stand_coolers, stand_freezers, stand_rows, stand_walls
from synthgen.layout.store.hall import build_ceiling, build_shell
from synthgen.layout.store.hanging import hang_promotions, hang_signs
from synthgen.layout.store.outfit import Outfit, shop_data
from synthgen.recipe.params import Block, Draw
from synthgen.scene.stage import Stage


@layout("store")
def store(stage: Stage, block: Block, draw: Draw) -> Layout:
    """Builds the hall and all that is fixed in it.

    Slots: `facings`, `end_caps`, `coolers`, `freezers` (Boards), `rails` of them; `aisles`, `ways`, `tills` and
    `floor`, which is all three (Areas); `luminaires`.
    """
    values, params = block.params.resolve(draw), block.params.fixed(draw)
    plan = Store.of(values)
    wear = float(values["wear"])

    def rng(name: str) -> np.random.Generator:
        return draw.rng(f"{block.path}.{name}")

    def shelves(own: np.random.Generator) -> int:
        return int(params.sample("shelves", own, draw.env))

    outfit = Outfit.drawn(stage, rng("outfit"), wear=wear)
    boards = Boards()
    grounds = build_shell(
        outfit, plan, floor=str(values["floor"]), tile=float(values["tile"]), wear=wear, rng=rng("shell")
    )
    stand_rows(outfit, plan, boards, shelves, rng("rows"))
    stand_walls(outfit, plan, boards, shelves, rng("walls"))
    lamps: list[Luminaire] = []
    if values["coolers"] != "none":
        lamps = stand_coolers(outfit, plan, boards, doors=values["coolers"] == "doors", rng=rng("coolers"))
    stand_freezers(outfit, plan, boards, rng("freezers"))
    kept = stand_checkouts(outfit, plan, rng("checkouts")) if plan.tills else []
    departments = _departments(plan, rng("departments"))
    hang_signs(outfit, plan, departments, rng("signs"))
    hang_promotions(outfit, plan, int(values["promotions"]), rng("promotions"))
    lamps += build_ceiling(
        outfit, plan, grounds["ceiling"], kind=str(values["luminaires"]), spacing=float(values["luminaire_spacing"]),
        rng=rng("ceiling"),
    )  # fmt: skip
    slots: dict[str, tuple[Any, ...]] = {name: tuple(found) for name, found in boards.slots.items()}
    for name in ("facings", "end_caps", "coolers", "freezers"):
        slots.setdefault(name, ())
    facts = {**plan.record(), "wear": wear, "floor": values["floor"], "departments": _groups(plan, departments)}
    return Layout(
        "store", {**slots, **_areas(plan), "rails": tuple(boards.rails), "luminaires": tuple(lamps)}, grounds, facts,
        kept=kept,
    )  # fmt: skip


def _departments(plan: Store, rng: np.random.Generator) -> dict[int, Any]:
    """What stands in which aisle: no department twice where there are enough of them."""
    every = shop_data()["departments"]
    order = np.concatenate([rng.permutation(len(every)) for _ in range(plan.rows // len(every) + 1)])
    return {aisle: every[int(order[aisle])] for aisle in range(plan.rows + 1)}


def _groups(plan: Store, departments: dict[int, Any]) -> dict[str, list[str]]:
    """Groups of goods by the first part of boards' names: both sides of every aisle, and what is apart."""
    data = shop_data()
    found: dict[str, list[str]] = {"K": data["coolers"], "F": data["freezers"], "E": data["end_caps"]}
    for aisle, department in departments.items():
        groups = list(department["groups"])
        found[f"{aisle + 1}L"] = groups
        found[f"{aisle + 1}R"] = groups[1:] + groups[:1]
    return found


def _areas(plan: Store) -> dict[str, tuple[Area, ...]]:
    """Where one may stand: between the shelves, across their ends, before the tills."""
    aisles = []
    for k in range(plan.rows + 1):
        left, right = plan.aisle_x(k)
        aisles.append(Area(left + CLEAR, right - CLEAR, plan.row_start, plan.row_end, 0.0, along=90.0, ground="floor"))
    x = plan.width / 2 - plan.wall_depth - 0.1
    ways = [
        Area(-x, x, plan.front, plan.front + plan.cross - CLEAR, 0.0, along=0.0, ground="floor"),
        Area(-x, x, plan.row_end + plan.depth + CLEAR, plan.back - CLEAR, 0.0, along=0.0, ground="floor"),
    ]
    tills = [Area(-x, x, 0.7, TILL_ZONE - 0.4, 0.0, along=90.0, ground="floor")] if plan.tills else []
    return {"aisles": tuple(aisles), "ways": tuple(ways), "tills": tuple(tills), "floor": (*aisles, *ways, *tills)}
