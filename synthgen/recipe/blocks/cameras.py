"""Cameras that stand in a slot of a layout, or look at one."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from synthgen.recipe.fields import Number, Text, Word
from synthgen.recipe.models import CAMERA_MODELS, VIEW, BlockModel, Share, model

Slot = Text(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", example="aisles")


class Blur(BlockModel):
    """What the lens and the shutter do."""

    scopes: ClassVar[tuple[str, ...]] = VIEW

    hfov: Annotated[Any, Number(1, 170, "degrees")] = Field(70, description="horizontal field of view")
    roll: Annotated[Any, Number(-180, 180, "degrees")] = Field(
        0, description="lean, positive is clockwise as the camera looks"
    )
    f_stop: Annotated[Any, Number(0, 64)] = Field(
        0, description="f-number of the lens, for depth of field; 0 is sharp everywhere"
    )
    sensor_width: Annotated[Any, Number(1, 100, "mm")] = Field(
        36, description="width of the sensor, which with `hfov` gives the focal length; 36 is full frame"
    )
    shutter: Annotated[Any, Number(0, 1, "s")] = Field(0, description="exposure time, for motion blur; 0 is an instant")


class Stand(Blur):
    """A camera that stands, walks, drives or hangs in an area of the layout, and looks along it."""

    in_: Annotated[Any, Slot] = Field("aisles", alias="in", description="slot of areas in which it is")
    height: Annotated[Any, Number(0.05, 60, "m")] = Field(1.6, description="height of the lens above the ground")
    pitch: Annotated[Any, Number(-89, 89, "degrees")] = Field(-3, description="tilt, negative looks down")
    yaw: Annotated[Any, Number(-180, 180, "degrees")] = Field(
        0, description="turn from the way along the area, positive looks to the left"
    )
    way: Annotated[Any, Word(("forth", "back", "either"))] = Field(
        "either", description="which way along the area it looks"
    )
    position: Annotated[Any, Share] = Field(
        {"uniform": [0.02, 0.6]}, description="where it is, as a share of the area's length, 0 at its back"
    )
    lateral: Annotated[Any, Number(-1, 1, "")] = Field(
        {"uniform": [-0.5, 0.5]}, description="offset to the right, 1 is the edge of the area"
    )
    focus_distance: Annotated[Any, Number(0.05, 10_000, "m")] = Field(
        6, description="distance at which a lens with an `f_stop` is sharp"
    )
    speed: Annotated[Any, Number(0, 100, "m/s")] = Field(
        0, description="how fast it moves ahead; it blurs where there is a `shutter`"
    )


class LookAt(Blur):
    """A camera that looks at a point in a slot of the layout from a distance, and is sharp there."""

    at: Annotated[Any, Slot] = Field("boards", description="slot of boards or areas at which it looks")
    distance: Annotated[Any, Number(0.05, 200, "m")] = Field(1.5, description="from the lens to the point")
    elevation: Annotated[Any, Number(-80, 90, "degrees")] = Field(
        10, description="how high it stands, seen from the point: 0 level with it, 90 straight above"
    )
    azimuth: Annotated[Any, Number(-180, 180, "degrees")] = Field(
        0, description="where it stands, seen from the point: 0 straight before the front, positive to the right"
    )
    across: Annotated[Any, Share] = Field(
        {"uniform": [0.1, 0.9]}, description="where the point is, as a share of the width, from the left"
    )
    into: Annotated[Any, Share] = Field(
        {"uniform": [0.3, 0.7]}, description="where the point is, as a share of the depth, from the front"
    )
    above: Annotated[Any, Number(-10, 50, "m")] = Field(0, description="height of the point over the surface")


model(CAMERA_MODELS, "stand", Stand)
model(CAMERA_MODELS, "look_at", LookAt)
