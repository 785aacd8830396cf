"""A table in a room: for instruments on a tray, parts on a bench, food on a cloth."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from synthgen.recipe.fields import Number, Word
from synthgen.recipe.models import LAYOUT_MODELS, BlockModel, Share, model


class Table(BlockModel):
    """A table in a room, under one lamp or several. Slots: table, floor, luminaires."""

    width: Annotated[Any, Number(0.2, 6, "m")] = Field(1.4, description="length of the front edge")
    depth: Annotated[Any, Number(0.2, 4, "m")] = Field(0.8, description="from the front edge to the back")
    height: Annotated[Any, Number(0.2, 1.5, "m")] = Field(0.75, description="height of the top")
    top: Annotated[Any, Word(("wood", "steel", "laminate"))] = Field("wood", description="what the top is made of")
    cloth: Annotated[Any, Word(("none", "white", "green", "blue", "grey"))] = Field(
        "none", description="colour of a cloth that covers it"
    )
    margin: Annotated[Any, Number(0, 1, "m")] = Field(0.04, description="edge of the top that is left free")
    room: Annotated[Any, Number(2, 30, "m")] = Field(5, description="side of the square room")
    ceiling: Annotated[Any, Number(2.1, 12, "m")] = Field(2.8, description="height of the ceiling")
    lamps: Annotated[Any, Number(1, 8, "", whole=True)] = Field(1, description="lamps over the table, in a row")
    lamp_height: Annotated[Any, Number(0.3, 5, "m")] = Field(0.9, description="height of the lamps over the table")
    lamp_size: Annotated[Any, Number(0.05, 2, "m")] = Field(0.35, description="side of a lamp's square light")
    wear: Annotated[Any, Share] = Field(0.3, description="wear and stains of the surfaces")


model(LAYOUT_MODELS, "table", Table)
