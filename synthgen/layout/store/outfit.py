"""What a shop is fitted with: its fixtures' surfaces, drawn once, and how a fixture is put into the scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.layout import palette
from synthgen.makers.maker import Made, made_of
from synthgen.makers.panes import panes_of
from synthgen.makers.shop_prints import with_header
from synthgen.paths import data_dir
from synthgen.scene.builder import Surface
from synthgen.scene.pose import Matrix
from synthgen.scene.stage import Box, Stage


@cache
def shop_data() -> dict[str, Any]:
    """configs/retail/store.yaml."""
    data: dict[str, Any] = yaml.safe_load((data_dir("configs") / "retail" / "store.yaml").read_text("utf-8"))
    return data


@dataclass(frozen=True, slots=True)
class Outfit:
    """Surfaces by kind of fixture and slot of its mesh: a shop buys its shelving at once."""

    stage: Stage
    surfaces: Mapping[str, Mapping[str, Surface]]

    @classmethod
    def drawn(cls, stage: Stage, rng: np.random.Generator, *, wear: float) -> Outfit:
        named = shop_data()["surfaces"]
        chosen: dict[str, Surface] = {}
        for names in named.values():
            for name in names.values():
                if name not in chosen:
                    chosen[name] = _worn(palette.named(name, rng), wear)
        return cls(stage, {kind: {slot: chosen[n] for slot, n in names.items()} for kind, names in named.items()})

    def made(self, kind: str, generator: str, category: str, **params: Any) -> Made:
        """A fixture of this outfit: `generator` makes its mesh, `kind` says what it is made of."""
        ref = self.stage.store.procedural(generator, **params)
        surfaces = {slot: self.surfaces[kind][slot] for slot in self.stage.store.slots(ref)}
        return made_of(self.stage.store, generator, ref, category, surfaces, params)

    def put(
        self,
        made: Made,
        where: Matrix,
        rng: np.random.Generator,
        *,
        name: str = "",
        glow: float = 0.0,
        said: Mapping[str, Any] | None = None,
        solids: Sequence[Box] | None = None,
    ) -> int:
        """A new instance of the fixture, with a picture on its header and its panes, and returns its number.

        said: what its header says, none where it is None. glow: how bright a lit header is.
        """
        stage = self.stage
        if said is not None:
            made = with_header(stage.store, made, rng, glow=glow, **said)
        facts: dict[str, Any] = {"size": made.size, **({"name": name} if name else {})}
        number = stage.builder.instance(made.category, attributes=facts)
        self.add(number, made, where, solids=solids)
        panes = panes_of(stage.store, made, rng)
        if panes is not None:
            mesh, surfaces = panes
            keys = [stage.builder.material(surfaces[s]) for s in stage.store.slots(mesh)]
            stage.put(number, mesh, keys, where, solids=[])
        return number

    def add(self, number: int, made: Made, where: Matrix, *, solids: Sequence[Box] | None = None) -> None:
        """Puts its mesh under a number that exists."""
        keys = [self.stage.builder.material(made.surfaces[s]) for s in self.stage.store.slots(made.mesh)]
        self.stage.put(number, made.mesh, keys, where, solids=solids)


def _worn(surface: Surface, wear: float) -> Surface:
    """Dirtier the more it is worn, where its model knows dirt."""
    if surface.model != "weathered":
        return surface
    dirt = round(float(surface.params.get("dirt", 0.1)) * (0.4 + 1.2 * wear), 3)
    return Surface(surface.model, {**surface.params, "dirt": dirt}, surface.images, surface.transparency)
