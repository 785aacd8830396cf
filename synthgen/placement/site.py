"""What a populator sees: slots to fill, assets to fill them with, and the room that is left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset, Catalogue
from synthgen.errors import InputError
from synthgen.layout.slots import Hole, Layout
from synthgen.placement.footprints import Footprints
from synthgen.placement.repeats import Repeats
from synthgen.recipe.params import Block, Draw, Params
from synthgen.scene.pose import pose
from synthgen.scene.stage import Box, Stage


@dataclass(slots=True)
class Site:
    """Everything that populators read and write. `phase`: signal name ("main", "cross") -> red, yellow or green.

    idle: blocks that the recipe's demand on licences and trademarks leaves without assets.
    """

    stage: Stage
    catalogue: Catalogue
    layout: Layout
    draw: Draw
    phase: Mapping[str, str]
    footprints: Footprints = field(default_factory=Footprints)
    grounds: dict[str, int] = field(default_factory=dict)
    holes: list[Hole] = field(default_factory=list)
    used: dict[str, Asset] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    vehicles: Repeats = field(default_factory=lambda: Repeats(apart=70.0, beside=11.0, most=2))
    people: Repeats = field(default_factory=lambda: Repeats(apart=30.0, beside=5.0, most=3))

    def slots(self, block: Block) -> tuple[Any, ...]:
        """The slots that a populator's `in` names. Raises InputError where the layout has none of that name."""
        name = str(block.params.get("in"))
        if name not in self.layout.slots:
            raise InputError.of(
                f"{block.path}: the layout {self.layout.kind} has no slot {name!r}",
                hint=f"its slots are {', '.join(sorted(self.layout.slots))}",
            )
        return self.layout.slots[name]

    def assets(self, block: Block, *, stands: str = "ground", **default: Any) -> list[Asset]:
        """What the catalogue holds for a populator's `assets`, or for `default` where the recipe leaves them out.

        stands: what carries them; what stands otherwise is left out.

        Nothing where the recipe's demand on licences and trademarks leaves nothing: the populator stays idle then.
        Raises InputError where the packs hold nothing of the kind.
        """
        given = block.params.get("assets") if "assets" in block.params else {}
        assert isinstance(given, Mapping)
        wanted = {k: v for k, v in given.items() if v is not None and v != []} or default
        found = [a for a in self.catalogue.query(**wanted) if a.stands == stands]
        if not found and self.catalogue.would_suit(**wanted):
            self.idle.append(block.path)
        elif not found:
            everything = self.catalogue.query()
            categories = ", ".join(sorted({a.category for a in everything}))
            tags = ", ".join(sorted({t for a in everything for t in a.tags}))
            shown = ", ".join(f"{k}: {v}" for k, v in wanted.items())
            raise InputError.of(
                f"{block.path}: no asset of the packs matches {{{shown}}}",
                hint=f"the packs have the categories {categories} and the tags {tags}",
            )
        return found

    def ground(self, category: str) -> int:
        """The instance of a stuff category of the ground, made where the layout has none."""
        if category not in self.grounds:
            self.grounds[category] = self.stage.builder.instance(category)
        return self.grounds[category]

    def params(self, block: Block) -> Params:
        """The block's parameters with all that is drawn once a scene made constant."""
        return block.params.fixed(self.draw)

    def rng(self, block: Block) -> np.random.Generator:
        """The stream of a populator."""
        return self.draw.rng(f"{block.path}.instances")

    def place(
        self,
        asset: Asset,
        x: float,
        y: float,
        z: float,
        *,
        yaw: float,
        scale: float | tuple[float, float, float] = 1.0,
        recolour: Mapping[str, Mapping[str, Any]] | None = None,
        category: str | None = None,
        attributes: Mapping[str, Any] | None = None,
        solids: Sequence[Box] | None = None,
        velocity: Sequence[float] = (),
    ) -> int:
        """Stands an asset at (x, y, z) as a new instance and returns its number. Claims no footprint.

        recolour: by slot, parameters that replace the slot's own (see `looks`). velocity: metres per second.
        """
        facts: dict[str, Any] = {"place": (x, y, z), "yaw": yaw % 360.0, **(attributes or {})}
        number = self.stage.builder.instance(category or asset.category, asset=asset.id, attributes=facts)
        self.used[asset.id] = asset
        transform = pose(x, y, z, yaw=yaw, scale=scale)
        materials = self._materials(asset, recolour or {})
        self.stage.put(number, asset.mesh, materials, transform, solids=solids, velocity=velocity)
        return number

    def _materials(self, asset: Asset, recolour: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Material keys for the slots of an asset."""
        return [self.stage.builder.material(slot.surface(recolour.get(slot.name))) for slot in asset.slots]


def pick(rng: np.random.Generator, options: Sequence[Any], weights: Sequence[float]) -> Any:
    """One of `options` by weight."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    return options[min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(options) - 1)]


def bearing(x: float, y: float, to_x: float, to_y: float) -> float:
    """Yaw from one point to another, degrees."""
    return math.degrees(math.atan2(to_y - y, to_x - x))
