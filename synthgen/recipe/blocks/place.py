"""Populators that any layout can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.recipe.blocks.cameras import Slot
from synthgen.recipe.fields import Flag, Number, Word
from synthgen.recipe.models import POPULATOR_MODELS, AssetFilter, Populator, Share, model

VARIETY = Number(1, 100_000, "", whole=True, fixed=True)
_ABOUT_VARIETY = (
    "how many different things a maker of synthgen's own is asked for; a new one costs time the first time only"
)


def _assets() -> Any:
    return Field(default_factory=AssetFilter, description="which assets and makers it takes; left out: all that suit")


class Scatter(Populator):
    """Things that stand about on the floor, none in another."""

    takes_made: ClassVar[bool] = True
    guesses: ClassVar[Mapping[str, str]] = {"fill": "`density` or `count` says how many there are"}

    in_: Annotated[Any, Slot] = Field("floor", alias="in", description="slot of areas that it fills")
    assets: AssetFilter = _assets()
    density: Annotated[Any, Number(0, 20, "things per square metre", scopes=("scene",))] = Field(
        0, description="how many there are"
    )
    count: Annotated[Any, Number(0, 10_000, "", whole=True, scopes=("scene",))] = Field(
        0, description="how many there are beside those of `density`, in all areas of the slot together"
    )
    gap: Annotated[Any, Number(0, 50, "m")] = Field(0.1, description="room that is left around each")
    yaw: Annotated[Any, Number(-360, 360, "degrees")] = Field(
        {"uniform": [0, 360]}, description="turn, 0 looks along the area"
    )
    variety: Annotated[Any, VARIETY] = Field(60, description=_ABOUT_VARIETY)


class Lay(Populator):
    """Things that lie or stand on boards: shelves, tables, belts, trays, the beams of a rack."""

    takes_made: ClassVar[bool] = True

    in_: Annotated[Any, Slot] = Field("boards", alias="in", description="slot of boards that it fills")
    assets: AssetFilter = _assets()
    arrange: Annotated[Any, Word(("row", "anywhere"), fixed=True)] = Field(
        "row", description="row: one beside the other along the front; anywhere: where there is room"
    )
    fill: Annotated[Any, Share] = Field(
        0.8, description="row: share of the places that are taken; anywhere: share of the surface, as far as it goes"
    )
    gap: Annotated[Any, Number(0, 20, "m")] = Field(0.02, description="room between two")
    most: Annotated[Any, Number(0, 10_000, "", whole=True, scopes=("scene",))] = Field(
        0, description="how often one and the same thing may come on a board; 0 is any number of times"
    )
    yaw: Annotated[Any, Number(-360, 360, "degrees")] = Field(0, description="turn, 0 looks at who stands before it")
    lengthwise: Annotated[Any, Flag(fixed=True)] = Field(
        False, description="true: what is longer across than deep is turned a quarter, so that all lie side by side"
    )
    at_front: Annotated[Any, Flag(fixed=True)] = Field(
        False, description="row: true puts things at the front edge, false in the middle of the depth"
    )
    variety: Annotated[Any, VARIETY] = Field(60, description=_ABOUT_VARIETY)


model(POPULATOR_MODELS, "scatter", Scatter)
model(POPULATOR_MODELS, "lay", Lay)
