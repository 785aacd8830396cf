"""What blurs a picture but not its labels: the lens, and what moves while the shutter is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from synthgen.scene.spec import Camera, Object

FRAMES_A_SECOND = 1000.0
"""Of the renderer's clock, on which the shutter is centred at frame 0."""


def set_moving(blender_object: Any, velocity: tuple[float, ...]) -> None:
    """Lets an object move through its present place, which it has at the middle of the shutter, evenly.

    Frame 0 has a key of its own, so that the place there is the very one that was set.
    """
    if not any(velocity):
        return
    middle = np.array(blender_object.location, dtype=np.float64)
    for seconds in (-1.0, 1.0, 0.0):
        blender_object.location = middle + seconds * np.array(velocity)
        blender_object.keyframe_insert("location", frame=seconds * FRAMES_A_SECOND)
    for curve in blender_object.animation_data.action.fcurves:
        curve.extrapolation = "LINEAR"
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"


def stop(blender_object: Any) -> None:
    """Takes an object's motion away, so that it can be put elsewhere."""
    data = blender_object.animation_data
    if data is not None:
        action = data.action
        blender_object.animation_data_clear()
        bpy.data.actions.remove(action)


def set_lens(blender_camera: Any, camera: Camera) -> None:
    """A thin lens of the camera's radius, sharp at its distance; a pinhole where the radius is 0."""
    dof = blender_camera.dof
    dof.use_dof = camera.lens_radius > 0.0
    if dof.use_dof:
        dof.focus_distance = camera.focus_distance
        # Cycles: radius = focal length / (2 f-number), the length given in millimetres.
        dof.aperture_fstop = blender_camera.lens * 1e-3 / (2.0 * camera.lens_radius)


def set_shutter(camera: Camera, objects: Iterable[Object]) -> None:
    """Goes to the middle of the shutter, and opens it for the camera's time where anything moves."""
    scene = bpy.context.scene
    moves = any(camera.velocity) or any(any(item.velocity) for item in objects)
    scene.render.use_motion_blur = moves and camera.shutter > 0.0
    if moves:
        scene.render.motion_blur_position = "CENTER"
        scene.render.motion_blur_shutter = camera.shutter * FRAMES_A_SECOND
        scene.frame_set(0)


def blurred() -> bool:
    """Whether the picture of the scene as it stands is not what a pinhole sees in an instant."""
    scene = bpy.context.scene
    return bool(scene.render.use_motion_blur or scene.camera.data.dof.use_dof)


@contextmanager
def sharp() -> Iterator[None]:
    """Inside, the camera is a pinhole and the shutter open for an instant."""
    scene = bpy.context.scene
    dof = scene.camera.data.dof
    before = scene.render.use_motion_blur, dof.use_dof
    scene.render.use_motion_blur = dof.use_dof = False
    try:
        yield
    finally:
        scene.render.use_motion_blur, dof.use_dof = before
