"""A hall: racking with aisles, a production line, or both under one roof; and pallets on its racks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.recipe.blocks.cameras import Slot
from synthgen.recipe.blocks.place import VARIETY
from synthgen.recipe.fields import Number, Word, numeric_range
from synthgen.recipe.models import (
    LAYOUT_MODELS,
    POPULATOR_MODELS,
    AssetFilter,
    BlockModel,
    Populator,
    Share,
    model,
)
from synthgen.recipe.values import Support, shown


class Hall(BlockModel):
    """A closed hall of a warehouse or plant. Aisles run along Y, gates at the lower end.

    Slots: racks (Boards), belt (Boards), aisles, floor, staging, machines, walls, cell (Areas), luminaires.
    """

    guesses: ClassVar[Mapping[str, str]] = {"width": "`aisles` and `line` say how wide the hall is"}

    length: Annotated[Any, Number(20, 90, "m")] = Field(36, description="length of the hall along its aisles")
    aisles: Annotated[Any, Number(0, 5, "", whole=True)] = Field(2, description="aisles between racks; 0: no racks")
    aisle_width: Annotated[Any, Number(2.2, 6, "m")] = Field(3.1, description="from rack to rack")
    bay_width: Annotated[Any, Number(1.8, 3.9, "m")] = Field(2.7, description="between the uprights of a rack")
    rack_depth: Annotated[Any, Number(0.8, 1.2, "m")] = Field(1.1, description="depth of a rack")
    levels: Annotated[Any, Number(1, 7, "", whole=True)] = Field(
        4, description="levels of beams, as far as the roof is high enough for them"
    )
    level_height: Annotated[Any, Number(1.0, 2.8, "m")] = Field(1.65, description="from level to level")
    deck: Annotated[Any, Word(("none", "wire", "timber"))] = Field("none", description="what lies on the beams")
    line: Annotated[Any, Number(0, 30, "m")] = Field(
        11, description="width of the part with conveyor and machines; 0: none, else 9 or more"
    )
    clear_height: Annotated[Any, Number(4.5, 14, "m")] = Field(8, description="from the floor to the roof's girders")
    bay: Annotated[Any, Number(4, 10, "m")] = Field(6, description="from column to column along the hall")
    frame: Annotated[Any, Word(("steel", "concrete", "tube"))] = Field("steel", description="columns")
    girder: Annotated[Any, Word(("truss", "beam"))] = Field("truss", description="what carries the roof")
    cladding: Annotated[Any, Word(("trapezoid", "upright", "level"))] = Field(
        "trapezoid", description="walls: ribbed sheet, panels that stand, panels that lie"
    )
    luminaires: Annotated[Any, Word(("bell", "disc", "linear", "tube"))] = Field("disc", description="their kind")
    skylights: Annotated[Any, Share] = Field(0.3, description="share of the roof's fields with a strip of daylight")
    wear: Annotated[Any, Share] = Field(0.5, description="wear, stains and tyre marks of floor and paint")

    @classmethod
    def impossible(cls, supports: Mapping[str, Support]) -> list[tuple[str, str, str]]:
        """A hall of nothing, and a line that is too narrow for a machine."""
        found = []
        if {"aisles", "line"} <= supports.keys():
            aisles, line = numeric_range(supports["aisles"])[1], numeric_range(supports["line"])
            if aisles == 0 and line[1] == 0:
                found.append(("aisles", "the hall has neither racks nor a line", "give it `aisles` or a `line`"))
            if 0 < line[0] < 9 or 0 < line[1] < 9:
                what = f"a line of {shown(line[0] or line[1])} m has no room for machines beside the conveyor"
                found.append(("line", what, "0, or 9 m and more"))
        return found


class Pallets(Populator):
    """Loaded and empty pallets on the boards of racks, two to four side by side as their widths allow."""

    takes_made: ClassVar[bool] = True
    guesses: ClassVar[Mapping[str, str]] = dict.fromkeys(("density", "count"), "`fill` says how many places are taken")

    in_: Annotated[Any, Slot] = Field("racks", alias="in", description="slot of boards that it fills")
    assets: AssetFilter = Field(
        default_factory=AssetFilter, description="which assets and makers it takes; left out: loads for racks"
    )
    fill: Annotated[Any, Number(0, 1, "", scopes=("scene",))] = Field(
        0.75, description="share of places that are taken"
    )
    run: Annotated[Any, Number(1, 30, "", whole=True)] = Field(
        {"randint": [1, 4]}, description="how many places one after the other have the same goods"
    )
    yaw: Annotated[Any, Number(-20, 20, "degrees")] = Field(
        {"normal": {"mean": 0, "std": 0.8, "min": -2.5, "max": 2.5}}, description="how far one stands askew"
    )
    shift: Annotated[Any, Number(-0.1, 0.1, "m")] = Field(
        {"normal": {"mean": 0, "std": 0.015, "min": -0.04, "max": 0.04}},
        description="how far one stands out to the front",
    )
    variety: Annotated[Any, VARIETY] = Field(60, description="how many different loads each maker is asked for")


model(LAYOUT_MODELS, "hall", Hall)
model(POPULATOR_MODELS, "pallets", Pallets)
