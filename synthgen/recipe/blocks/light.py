"""Light indoors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from synthgen.recipe.fields import Number
from synthgen.recipe.models import LIGHT_MODELS, BlockModel, Share, model


class Luminaires(BlockModel):
    """The luminaires of a layout, lit; through windows and gates comes daylight."""

    level: Annotated[Any, Number(0, 20, "")] = Field(
        1, description="brightness of each, relative to what a luminaire of its kind gives"
    )
    spread: Annotated[Any, Share] = Field(0.05, description="by how much one differs from the next in brightness")
    temperature: Annotated[Any, Number(1800, 12_000, "kelvin")] = Field(4000, description="colour of the light")
    dead: Annotated[Any, Share] = Field(0, description="share of the luminaires that are off")
    daylight: Annotated[Any, Number(0, 100, "")] = Field(
        0.5, description="brightness of what is outside, 1 is a dull day"
    )


model(LIGHT_MODELS, "luminaires", Luminaires)
