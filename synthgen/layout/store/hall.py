"""The shell of the shop: floor, walls with doors, the ceiling with what is let into it, luminaires."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.layout import palette
from synthgen.layout.slots import Luminaire
from synthgen.layout.store.dimensions import Store
from synthgen.layout.store.outfit import Outfit
from synthgen.procedural.store_hall import grid_fields
from synthgen.scene.pose import composed, pose
from synthgen.scene.stage import millimetres

GRID = 0.6
"""Pitch of the ceiling's grid, metres."""

_FITTED = 0.035
"""Share of the ceiling's fields that hold a vent, a speaker or a sprinkler."""

_SEEDS = 6
Field = tuple[int, int]


def build_shell(
    outfit: Outfit, plan: Store, *, floor: str, tile: float, wear: float, rng: np.random.Generator
) -> dict[str, int]:
    """Floor, walls and doors; returns the instances of floor, wall and ceiling by category."""
    stage, width, depth = outfit.stage, plan.width, plan.hall_depth
    numbers = {name: stage.builder.instance(name) for name in ("floor", "wall", "ceiling")}
    surface = palette.named(f"shop_floor_{floor}", rng)
    more: dict[str, Any] = {"dirt": round(0.15 + 0.7 * wear, 3), "seed": round(float(rng.uniform(0, 50)), 2)}
    if floor == "tile":
        more["size"] = round(tile, 2)
    surface = replace(surface, params={**surface.params, **more})
    stage.generate(numbers["floor"], "retail.shop_floor", {"floor": surface}, solids=[], width=width, depth=depth)
    band = float(rng.choice([0.0, 0.3, 0.45, 0.6]))
    stage.generate(
        numbers["wall"], "retail.shop_walls", outfit.surfaces["walls"], solids=[], width=width, depth=depth,
        height=plan.ceiling, band=band, band_from=round(min(2.45, plan.ceiling - band - 0.25), 3),
    )  # fmt: skip
    for k in range(2 if plan.width > 12 else 1):
        wide = float(rng.choice([1.8, 2.4, 2.8]))
        params = {
            "width": wide,
            "height": min(2.5, plan.ceiling - 0.2),
            "leaves": 2,
            "seed": int(rng.integers(0, _SEEDS)),
        }
        door = outfit.made("door", "retail.shop_door", "door", **params)
        x = plan.width / 2 - 2.2 - 4.4 * k
        outfit.put(door, pose(x, 0.0, 0.0, yaw=90.0), rng)
    return numbers


def build_ceiling(
    outfit: Outfit, plan: Store, number: int, *, kind: str, spacing: float, rng: np.random.Generator
) -> list[Luminaire]:
    """The ceiling of tiles with its fittings, and the luminaires, over every aisle and the ways across.

    kind: "panel", let into the grid, or "linear", profiles on cords. spacing: from one to the next, metres.
    """
    x0, x1, y0, y1 = grid_fields(plan.width, plan.hall_depth, GRID)
    whole = [(i, j) for i in range(len(x0)) for j in range(len(y0)) if x1[i] - x0[i] > 0.59 and y1[j] - y0[j] > 0.59]
    middles = [sum(plan.aisle_x(k)) / 2 for k in range(plan.rows + 1)]
    columns = sorted({int(np.argmin(np.abs((x0 + x1) / 2 - x))) for x in middles})
    step = max(2, round(spacing / GRID))
    first = int(rng.integers(1, step))
    long = 2 if rng.random() < 0.6 and step > 2 else 1
    found: list[Luminaire] = []
    taken: list[Field] = []
    made = _luminaire(outfit, kind, long, rng)
    for i in columns:
        for j in range(first, len(y0) - long, step):
            fields = [(i, j + k) for k in range(long)]
            if kind == "panel" and not set(fields) <= set(whole):
                continue
            x, y = float(x0[i] + x1[i]) / 2, float(y0[j] + y1[j + long - 1]) / 2
            found.append(_hang(outfit, plan, made, kind, (x, y), rng))
            taken += fields if kind == "panel" else []
    fittings = _fit(outfit, plan, number, [f for f in whole if f not in set(taken)], rng)
    stage = outfit.stage
    surfaces = {slot: outfit.surfaces["ceiling"][slot] for slot in ("tile", "grid", "dark")}
    stage.generate(
        number, "retail.grid_ceiling", surfaces, pose(z=plan.ceiling), solids=[], width=plan.width,
        depth=plan.hall_depth, pitch=GRID, bar=0.024, holes=[list(f) for f in sorted(taken + fittings)],
        seed=int(rng.integers(0, _SEEDS)),
    )  # fmt: skip
    return found


def _luminaire(outfit: Outfit, kind: str, long: int, rng: np.random.Generator) -> Any:
    seed = int(rng.integers(0, _SEEDS))
    if kind == "panel":
        return outfit.made(
            "luminaire", "retail.luminaire", "luminaire", style="panel", length=GRID * long, width=GRID, seed=seed
        )
    drop = 0.4 + 0.1 * int(rng.integers(0, 4))
    return outfit.made(
        "luminaire", "retail.luminaire", "luminaire", style="linear", length=float(rng.choice([1.2, 1.5, 1.8])),
        width=0.1, drop=round(drop, 1), seed=seed,
    )  # fmt: skip


def _hang(
    outfit: Outfit, plan: Store, made: Any, kind: str, at: tuple[float, float], rng: np.random.Generator
) -> Luminaire:
    """A luminaire along Y at a place of the ceiling."""
    low = plan.ceiling if kind == "panel" else millimetres(plan.ceiling - made.size[2])
    where = pose(*at, low, yaw=90.0)
    number = outfit.put(made, where, rng, solids=[])
    length, width = made.size[0], made.size[1]
    rim = 0.05 if kind == "panel" else 0.02
    size = (length - rim, width - rim) if kind == "panel" else (length - rim, max(0.03, width * 0.7))
    return Luminaire(composed(where, pose()), size, "panel" if kind == "panel" else "tube", number)


def _fit(outfit: Outfit, plan: Store, number: int, free: list[Field], rng: np.random.Generator) -> list[Field]:
    """Puts vents, speakers, sprinklers and hatches into some fields, as parts of the ceiling; returns which."""
    x0, x1, y0, y1 = grid_fields(plan.width, plan.hall_depth, GRID)
    count = min(len(free), round(_FITTED * len(free)))
    chosen = [free[int(k)] for k in rng.choice(len(free), size=count, replace=False)]
    for i, j in chosen:
        style = ("vent", "vent", "speaker", "sprinkler", "sprinkler", "hatch")[int(rng.integers(0, 6))]
        made = outfit.made("ceiling", "retail.ceiling_tile", "ceiling", style=style, seed=int(rng.integers(0, 3)))
        where = pose(float(x0[i] + x1[i]) / 2, float(y0[j] + y1[j]) / 2, plan.ceiling)
        outfit.add(number, made, where, solids=[])
    return chosen
