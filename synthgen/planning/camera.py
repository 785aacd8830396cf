"""The camera blocks of a recipe: where the cameras of a scene's views are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from synthgen.errors import InputError
from synthgen.layout.slots import Lane, Layout
from synthgen.placement.footprints import Rect
from synthgen.recipe.params import Block, Draw
from synthgen.scene.pose import along, camera_to_world
from synthgen.scene.spec import Camera, rounded

EGO_BEHIND = 3.0
EGO_AHEAD = 6.0
EGO_WIDTH = 2.0


@dataclass(frozen=True, slots=True)
class Eye:
    """One drawn camera. x, y: on the ground below it. heading: degrees of the lane it drives in.

    bonnet: is the own bonnet in view. lane: index of its lane among the slots. s: metres along the lane.
    """

    camera: Camera
    x: float
    y: float
    z: float
    heading: float
    lane: int
    s: float
    bonnet: bool
    values: Mapping[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """What was drawn, as the record says it: of lens and shutter only where they blur the picture."""
        silent = {"f_stop", "focus_distance", "sensor_width"} if not self.camera.lens_radius else set()
        silent |= {"shutter", "speed"} if not self.camera.shutter else set()
        return {name: value for name, value in self.values.items() if name not in silent}

    @property
    def room(self) -> Rect:
        """The rectangle that the own car and a little air before it take."""
        angle, middle = math.radians(self.heading), (EGO_AHEAD - EGO_BEHIND) / 2
        x, y = self.x + middle * math.cos(angle), self.y + middle * math.sin(angle)
        return Rect(x, y, EGO_AHEAD + EGO_BEHIND, EGO_WIDTH, self.heading)


def intrinsics(size: tuple[int, int], hfov: float) -> tuple[float, float, float, float]:
    """fx, fy, cx, cy in pixels for a horizontal field of view in degrees; pixel centres at integers."""
    focal = size[0] / 2 / math.tan(math.radians(hfov) / 2)
    fx, fy, cx, cy = rounded((focal, focal, (size[0] - 1) / 2, (size[1] - 1) / 2))
    return fx, fy, cx, cy


def draw_eye(
    block: Block, draw: Draw, view: int, attempt: int, layout: Layout, size: tuple[int, int], *, at: Eye | None = None
) -> Eye:
    """The camera of a view, at one attempt. Draws depend on view and attempt alone.

    at: stays in this one's place along its lane, and only what the camera sees of it is drawn anew. Raises
    InputError where the layout has no lane for the own car.
    """
    if block.kind != "dashcam":
        raise InputError.of(f"{block.path}: no camera is called {block.kind!r}", hint="cameras are: dashcam")
    own = replace(draw, suffix=f"@view{view}.{attempt}")
    values = block.params.resolve(own)
    lanes: list[tuple[int, Lane]] = [(k, lane) for k, lane in enumerate(layout.slots.get("lanes", ())) if lane.ego]
    if not lanes:
        raise InputError.of(f"{block.path}: the layout {layout.kind} has no lane for a dashcam")
    chosen = int(own.rng(f"{block.path}.lane").integers(0, len(lanes)))
    index, lane = lanes[chosen] if at is None else (at.lane, layout.slots["lanes"][at.lane])
    s = at.s if at is not None else float(layout.attributes.get("origin", 0.0)) + float(values["distance"])
    if s > lane.line.length - 20.0:
        raise InputError.of(
            f"{block.path}: the camera is {values['distance']:.1f} m along a street of "
            f"{lane.line.length - layout.attributes.get('origin', 0.0):.0f} m",
            hint="lower `distance` or give the layout a larger `length`",
        )
    x, y = lane.line.at(s, -float(values["lateral"]))
    heading, z = lane.line.heading, float(values["height"])
    matrix = camera_to_world(
        x, y, z, heading=heading + float(values["yaw"]), pitch=float(values["pitch"]), roll=float(values["roll"])
    )
    camera = replace(Camera(intrinsics(size, float(values["hfov"])), matrix), **_blur(values, heading))
    return Eye(camera, x, y, z, heading, index, s, bool(values["bonnet"]), values)


def _blur(values: Mapping[str, Any], heading: float) -> dict[str, Any]:
    """The camera's lens and shutter, where the recipe asks for them. heading: degrees in which the own car drives."""
    fields: dict[str, Any] = {}
    if values["f_stop"] > 0:
        half = math.radians(float(values["hfov"])) / 2
        focal = float(values["sensor_width"]) / 1000.0 / 2 / math.tan(half)
        fields["lens_radius"] = rounded(focal / (2 * float(values["f_stop"])))
        fields["focus_distance"] = rounded(float(values["focus_distance"]))
    if values["shutter"] > 0:
        fields["shutter"] = rounded(float(values["shutter"]))
        fields["velocity"] = along(heading, float(values["speed"]))
    return fields
