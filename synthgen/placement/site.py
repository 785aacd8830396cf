"""What a populator sees: slots to fill, assets to fill them with, and the room that is left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset, Catalogue
from synthgen.errors import InputError
from synthgen.layout.slots import Board, Hole, Layout
from synthgen.makers.maker import Maker
from synthgen.placement.choices import Choice, Thing, choice_of_asset, choice_of_maker, suited_makers
from synthgen.placement.footprints import Footprints
from synthgen.placement.picking import pick as pick
from synthgen.placement.repeats import Repeats
from synthgen.recipe.findings import suggest
from synthgen.recipe.params import Block, Draw, Params
from synthgen.scene.builder import Surface
from synthgen.scene.pose import Matrix, composed, pose
from synthgen.scene.spec import MeshRef
from synthgen.scene.stage import Box, Stage
from synthgen.taxonomy.categories import Taxonomy


@dataclass(slots=True)
class Site:
    """Everything that populators read and write. `phase`: signal name ("main", "cross") -> red, yellow or green.

    idle: blocks that the recipe's packs, or its demand on licences and trademarks, leave without assets. boards: by its
    frame, what lies on a board, in its own plane. packs: of the recipe, by name. eyes: (x, y) of every place that a
    camera may have. heights: metres, of what stands, by the name that its footprint has.
    """

    stage: Stage
    catalogue: Catalogue
    layout: Layout
    draw: Draw
    phase: Mapping[str, str]
    taxonomy: Taxonomy
    footprints: Footprints = field(default_factory=Footprints)
    grounds: dict[str, int] = field(default_factory=dict)
    holes: list[Hole] = field(default_factory=list)
    used: dict[str, Asset] = field(default_factory=dict)
    idle: list[str] = field(default_factory=list)
    boards: dict[Matrix, Footprints] = field(default_factory=dict)
    packs: Sequence[str] = ()
    eyes: Sequence[tuple[float, float]] = ()
    heights: dict[str, float] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
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
        given = _given(block)
        standing = given.pop("stands", [stands])
        wanted = {k: v for k, v in given.items() if k != "made"} or default
        found = [a for a in self.catalogue.query(**wanted) if a.stands in standing]
        if not found and self.catalogue.would_suit(**wanted):
            self.idle.append(block.path)
        elif not found:
            raise self._no_match(block, wanted, standing, self.catalogue.query())
        return found

    def choices(
        self, block: Block, *, stands: Sequence[str] = ("ground",), variety: int = 60, **default: Any
    ) -> list[Choice]:
        """What a populator's `assets` name, or `default` where the recipe leaves them out: assets and makers alike.

        stands: what may carry them. variety: how many different things a maker is asked for. Raises and is idle as
        `assets`.
        """
        given = _given(block) or default
        made, standing = given.pop("made", None), given.pop("stands", list(stands))
        found = [] if made is True else [a for a in self.catalogue.query(**given) if a.stands in standing]
        makers = [] if made is False else suited_makers(self.taxonomy, **given)
        choices = [*map(choice_of_asset, found), *(choice_of_maker(m, variety) for m in makers)]
        if not choices and self.catalogue.would_suit(**given):
            self.idle.append(block.path)
        elif not choices:
            raise self._no_match(block, given, standing, [*self.catalogue.query(), *suited_makers(self.taxonomy)])
        return choices

    def _no_match(
        self, block: Block, wanted: Mapping[str, Any], standing: Sequence[str], everything: Sequence[Asset | Maker]
    ) -> InputError:
        shown = ", ".join(f"{k}: {v}" for k, v in wanted.items())
        elsewhere = sorted({a.stands for a in self.catalogue.query(**wanted)})
        if elsewhere:
            return InputError.of(
                f"{block.path}: no asset that matches {{{shown}}} has its place on: {', '.join(standing)}",
                hint=f"write stands: [{', '.join(elsewhere)}] in `assets` to put it here all the same",
            )
        categories, tags = {a.category for a in everything}, {t for a in everything for t in a.tags}
        hints = [
            f"{word!r}: {suggest(str(word), known, of=f'the {name} are')}"
            for key, name, known in (
                ("category", "categories", categories), ("tag", "tags", tags), ("id", "ids", {a.id for a in everything})
            )
            for word in _listed(wanted.get(key))
            if word not in known
        ]  # fmt: skip
        return InputError.of(
            f"{block.path}: nothing in the packs matches {{{shown}}} and may stand there",
            hint="; ".join(hints[:3]) or "`synthgen assets list` shows what there is",
        )

    def ground(self, category: str) -> int:
        """The instance of a stuff category of the ground, made where the layout has none."""
        if category not in self.grounds:
            self.grounds[category] = self.stage.builder.instance(category)
        return self.grounds[category]

    def standing(self, place: Any, ground: str) -> dict[str, int | str]:
        """The relations of what stands at a place of the layout: `on` that ground, if there is any, `in` the place."""
        on: dict[str, int | str] = {"on": self.grounds[ground]} if ground in self.grounds else {}
        return {**on, "in": self.named(place)}

    def named(self, place: Any) -> str:
        """A place of the layout, as the relation `in` says it: slot/name, or slot/number where it has no name."""
        if not self._names:
            for slot, places in self.layout.slots.items():
                for number, known in enumerate(places):
                    self._names.setdefault(id(known), f"{slot}/{getattr(known, 'name', '') or number}")
        return self._names[id(place)]

    def on_board(self, board: Board) -> Footprints:
        """What lies on a board so far, in its frame: x along the front, y into the depth."""
        return self.boards.setdefault(board.frame, Footprints())

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
        relations: Mapping[str, int | str] | None = None,
        solids: Sequence[Box] | None = None,
        velocity: Sequence[float] = (),
    ) -> int:
        """Stands an asset at (x, y, z) as a new instance and returns its number. Claims no footprint.

        recolour: by slot, parameters that replace the slot's own (see `looks`). velocity: metres per second.
        """
        facts: dict[str, Any] = {"place": (x, y, z), "yaw": yaw % 360.0, **(attributes or {})}
        number = self.stage.builder.instance(
            category or asset.category, asset=asset.id, attributes=facts, relations=relations
        )
        if "#" not in asset.id:  # what a maker draws is MAKER#SEED, and needs no attribution
            self.used[asset.id] = asset
        self.heights[asset.id] = asset.size[2] * (scale if isinstance(scale, float) else scale[2])
        transform = pose(x, y, z, yaw=yaw, scale=scale)
        materials = self._materials(asset, recolour or {})
        self.stage.put(number, asset.mesh, materials, transform, solids=solids, velocity=velocity)
        return number

    def put(
        self,
        thing: Thing,
        transform: Matrix,
        *,
        attributes: Mapping[str, Any] | None = None,
        relations: Mapping[str, int | str] | None = None,
        solids: Sequence[Box] | None = None,
        velocity: Sequence[float] = (),
    ) -> int:
        """Puts a drawn thing into the scene with all its parts, and returns its number. Claims no footprint.

        A part whose category the taxonomy lacks has its root's label. velocity: metres per second, of all of it.
        """
        made, builder = thing.made, self.stage.builder
        if thing.asset is not None:
            self.used[thing.asset.id] = thing.asset
        self.heights[thing.id] = thing.size[2]
        facts = {**made.attributes, **(attributes or {})}
        number = builder.instance(made.category, asset=thing.id, attributes=facts, relations=relations)
        keys = self._keys(made.mesh, made.surfaces)
        self.stage.put(number, made.mesh, keys, transform, solids=solids, velocity=velocity)
        for part in made.parts:
            own = number
            if part.category in self.taxonomy.by_name:
                root = {"relations": {part.relation: number}} if part.own else {"part_of": number}
                own = builder.instance(part.category, attributes=part.attributes, **root)
            where = composed(transform, part.transform)
            keys = self._keys(part.mesh, part.surfaces)
            self.stage.put(own, part.mesh, keys, where, solids=[], velocity=velocity)
        return number

    def _keys(self, mesh: MeshRef, surfaces: Mapping[str, Surface]) -> list[str]:
        """Material keys for the slots of a mesh."""
        return [self.stage.builder.material(surfaces[slot]) for slot in self.stage.store.slots(mesh)]

    def _materials(self, asset: Asset, recolour: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Material keys for the slots of an asset."""
        return [self.stage.builder.material(slot.surface(recolour.get(slot.name))) for slot in asset.slots]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def _given(block: Block) -> dict[str, Any]:
    """What a populator's `assets` ask for."""
    given = block.params.get("assets") if "assets" in block.params else {}
    assert isinstance(given, Mapping)
    return {k: v for k, v in given.items() if v is not None and v != []}


def bearing(x: float, y: float, to_x: float, to_y: float) -> float:
    """Yaw from one point to another, degrees."""
    return math.degrees(math.atan2(to_y - y, to_x - x))
