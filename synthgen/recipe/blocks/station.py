"""An inspection station, workpieces on it with their defects, and piles that physics has settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.recipe.blocks.cameras import Slot
from synthgen.recipe.fields import Flag, Names, Number, Word
from synthgen.recipe.models import LAYOUT_MODELS, POPULATOR_MODELS, BlockModel, Populator, Share, model

FAMILIES = ("turned_part", "milled_part", "moulded_part", "sheet_metal_part", "circuit_board")


class Station(BlockModel):
    """An inspection station in a dark enclosure. Slots: board, luminaires."""

    carrier: Annotated[Any, Word(("belt", "tray", "bin"))] = Field("tray", description="what the workpieces lie on")
    width: Annotated[Any, Number(0.2, 2, "m")] = Field(0.6, description="length of the carrier's front edge")
    depth: Annotated[Any, Number(0.15, 1.2, "m")] = Field(0.4, description="from the carrier's front edge to its back")
    height: Annotated[Any, Number(0.4, 1.4, "m")] = Field(0.85, description="height of the carrier")
    rim: Annotated[Any, Number(0.02, 0.4, "m")] = Field(0.12, description="height of a bin's walls")
    light: Annotated[Any, Word(("ring", "bar", "both"))] = Field(
        "both", description="a ring over the middle, a bar before and behind, or both"
    )
    light_height: Annotated[Any, Number(0.3, 2, "m")] = Field(0.8, description="height of the ring over the carrier")
    ring: Annotated[Any, Number(0.06, 0.6, "m")] = Field(0.22, description="diameter of the ring")
    tilt: Annotated[Any, Number(10, 80, "degrees")] = Field(40, description="how far the bars look down")
    enclosure: Annotated[Any, Number(0.8, 6, "m")] = Field(1.6, description="side of the enclosure, no less than fits")


def _rate(what: str) -> Any:
    return Field(0, description=f"chance that a workpiece {what}")


class Defects(BlockModel):
    """How often a workpiece has each defect, and how bad it is. Only those that its family can have."""

    scratch: Annotated[Any, Share] = _rate("has a scratch")
    dent: Annotated[Any, Share] = _rate("has a dent")
    crack: Annotated[Any, Share] = _rate("has a crack")
    stain: Annotated[Any, Share] = _rate("has a stain")
    burr: Annotated[Any, Share] = _rate("has a burr on an edge")
    missing_feature: Annotated[Any, Share] = _rate("lacks a hole, a rib or a component")
    wrong_part: Annotated[Any, Share] = _rate("is another one of its kind; it then has no other defect")


class _Workpieces(Populator):
    takes_made: ClassVar[bool] = True
    guesses: ClassVar[Mapping[str, str]] = {"assets": "`parts` names the families of workpieces"}

    in_: Annotated[Any, Slot] = Field("board", alias="in", description="slot of boards that it fills")
    parts: Annotated[Any, Names(among=FAMILIES)] = Field(
        FAMILIES[:1], description="families of workpieces that a design is drawn from"
    )
    designs: Annotated[Any, Number(1, 20, "", whole=True, scopes=("scene",))] = Field(
        1, description="how many different workpieces a scene has; all others are copies of them"
    )


class Inspect(_Workpieces):
    """Workpieces laid out for inspection, some with defects, each of which has a segment of its own."""

    arrange: Annotated[Any, Word(("rows", "anywhere"), fixed=True)] = Field(
        "rows", description="rows: in a grid; anywhere: where there is room"
    )
    count: Annotated[Any, Number(1, 200, "", whole=True, scopes=("scene",))] = Field(
        12, description="how many there are at most, as far as there is room"
    )
    gap: Annotated[Any, Number(0, 1, "m")] = Field(0.01, description="room between two")
    yaw: Annotated[Any, Number(-360, 360, "degrees")] = Field(0, description="turn, 0 looks at who stands before it")
    defects: Defects = Field(default_factory=Defects, description="how often each defect comes")
    severity: Annotated[Any, Share] = Field(
        {"uniform": [0.1, 1]}, description="how bad a defect is, drawn for each: 0 hardly to be seen, 1 gross"
    )


class Drop(_Workpieces):
    """Workpieces dropped in a pile, settled by physics."""

    count: Annotated[Any, Number(1, 200, "", whole=True, scopes=("scene",))] = Field(
        40, description="how many are dropped, as far as they have room below the rim"
    )
    min_size: Annotated[Any, Number(0, 1, "m", fixed=True)] = Field(0, description="longest side of a part, no less")
    max_size: Annotated[Any, Number(0.01, 1, "m", fixed=True)] = Field(1, description="longest side of a part, no more")
    walls: Annotated[Any, Flag(fixed=True)] = Field(True, description="true: nothing gets over the board's edges")


model(LAYOUT_MODELS, "station", Station)
model(POPULATOR_MODELS, "inspect", Inspect)
model(POPULATOR_MODELS, "drop", Drop)
