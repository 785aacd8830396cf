"""A drawn camera, and how one is drawn: the greppable registry of camera kinds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthgen.errors import InputError
from synthgen.layout.slots import Layout
from synthgen.placement.footprints import Rect
from synthgen.recipe.params import Block, Draw
from synthgen.scene.pose import along
from synthgen.scene.spec import Camera, rounded


@dataclass(frozen=True, slots=True)
class Eye:
    """One drawn camera. x, y: on the ground below it. heading: degrees of the way it goes, or of the lane it drives in.

    room: what it keeps free on the ground, None where nothing. Of a dashcam alone: lane, index of its lane among the
    slots (-1: none); s, metres along it; bonnet, whether the own bonnet is in view.
    """

    camera: Camera
    x: float
    y: float
    z: float
    heading: float
    values: Mapping[str, Any]
    room: Rect | None = None
    lane: int = -1
    s: float = 0.0
    bonnet: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """What was drawn, as the record says it: of lens and shutter only where they blur the picture."""
        silent = {"f_stop", "focus_distance", "sensor_width"} if not self.camera.lens_radius else set()
        silent |= {"shutter", "speed"} if not self.camera.shutter else set()
        return {name: value for name, value in self.values.items() if name not in silent}


@dataclass(frozen=True, slots=True)
class Shot:
    """What a kind of camera is drawn from: its values, the layout, and streams of this view and attempt alone.

    at: an eye whose place is to be kept, so that only what the camera sees of it is drawn anew.
    """

    path: str
    values: Mapping[str, Any]
    draw: Draw
    layout: Layout
    size: tuple[int, int]
    at: Eye | None = None

    def rng(self, name: str) -> np.random.Generator:
        """The stream of what no key of the block says."""
        return self.draw.rng(f"{self.path}.{name}")

    def slot(self, name: str, *kinds: type) -> list[Any]:
        """The places of these kinds in a slot. Raises InputError where there are none."""
        found = [place for place in self.layout.slots.get(name, ()) if isinstance(place, kinds)]
        if not found:
            fit = [n for n, places in self.layout.slots.items() if any(isinstance(p, kinds) for p in places)]
            raise InputError.of(
                f"{self.path}: the layout {self.layout.kind} has no slot {name!r} that a camera could use",
                hint=f"it has {', '.join(sorted(fit))}" if fit else "take another camera",
            )
        return found


CAMERAS: dict[str, Callable[[Shot], Eye]] = {}
"""By the name that recipes use."""


def draw_eye(
    block: Block, draw: Draw, view: int, attempt: int, layout: Layout, size: tuple[int, int], *, at: Eye | None = None
) -> Eye:
    """The camera of a view, at one attempt. Draws depend on view and attempt alone; `at`: see `Shot`.

    Raises InputError where there is no such camera, or the layout has no place for it.
    """
    if block.kind not in CAMERAS:
        raise InputError.of(
            f"{block.path}: no camera is called {block.kind!r}", hint=f"cameras are: {', '.join(sorted(CAMERAS))}"
        )
    own = replace(draw, suffix=f"@view{view}.{attempt}")
    return CAMERAS[block.kind](Shot(block.path, block.params.resolve(own), own, layout, size, at))


def intrinsics(size: tuple[int, int], hfov: float) -> tuple[float, float, float, float]:
    """fx, fy, cx, cy in pixels for a horizontal field of view in degrees; pixel centres at integers."""
    focal = size[0] / 2 / math.tan(math.radians(hfov) / 2)
    fx, fy, cx, cy = rounded((focal, focal, (size[0] - 1) / 2, (size[1] - 1) / 2))
    return fx, fy, cx, cy


def blur(values: Mapping[str, Any], heading: float) -> dict[str, Any]:
    """The camera's lens and shutter, where the recipe asks for them. heading: degrees in which it moves."""
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
