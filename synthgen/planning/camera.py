"""The camera blocks of a recipe: where the cameras of a scene's views are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.layout.slots import Area, Board, Lane
from synthgen.placement.footprints import Rect
from synthgen.planning.eyes import CAMERAS, Eye, Shot, blur, draw_eye, intrinsics
from synthgen.scene.pose import array, camera_to_world
from synthgen.scene.spec import Camera, rounded

__all__ = ["CAMERAS", "Eye", "draw_eye", "intrinsics"]

Array = NDArray[np.float64]

EGO_BEHIND = 3.0
EGO_AHEAD = 6.0
EGO_WIDTH = 2.0

_TRIPOD = 0.5
"""Side of the square that a camera on the floor keeps free, and how far ahead of it (in squares), metres."""
_AHEAD = 1.6
_OVERHEAD = 2.3
"""A camera above this height takes no room on the floor, metres."""


def dashcam(shot: Shot) -> Eye:
    """In a lane of the driving direction. `shot.at`: stays in this one's place along its lane.

    Raises InputError where the layout has no lane for the own car.
    """
    values, layout, path, at = shot.values, shot.layout, shot.path, shot.at
    lanes: list[tuple[int, Lane]] = [(k, lane) for k, lane in enumerate(layout.slots.get("lanes", ())) if lane.ego]
    if not lanes:
        raise InputError.of(f"{path}: the layout {layout.kind} has no lane for a dashcam")
    chosen = int(shot.rng("lane").integers(0, len(lanes)))
    index, lane = lanes[chosen] if at is None else (at.lane, layout.slots["lanes"][at.lane])
    s = at.s if at is not None else float(layout.attributes.get("origin", 0.0)) + float(values["distance"])
    if s > lane.line.length - 20.0:
        raise InputError.of(
            f"{path}: the camera is {values['distance']:.1f} m along a street of "
            f"{lane.line.length - layout.attributes.get('origin', 0.0):.0f} m",
            hint="lower `distance` or give the layout a larger `length`",
        )
    x, y = lane.line.at(s, -float(values["lateral"]))
    heading, z = lane.line.heading, float(values["height"])
    matrix = camera_to_world(
        x, y, z, heading=heading + float(values["yaw"]), pitch=float(values["pitch"]), roll=float(values["roll"])
    )
    camera = replace(Camera(intrinsics(shot.size, float(values["hfov"])), matrix), **blur(values, heading))
    angle, middle = math.radians(heading), (EGO_AHEAD - EGO_BEHIND) / 2
    room = Rect(x + middle * math.cos(angle), y + middle * math.sin(angle), EGO_AHEAD + EGO_BEHIND, EGO_WIDTH, heading)
    return Eye(camera, x, y, z, heading, values, room, lane=index, s=s, bonnet=bool(values["bonnet"]))


def stand(shot: Shot) -> Eye:
    """In an area, looking along it. `shot.at`: stays in this one's place, and looks elsewhere."""
    values, at = shot.values, shot.at
    area = _longer_likelier(shot, shot.slot(str(values["in"]), Area))
    forth = {"forth": True, "back": False}.get(str(values["way"]), bool(shot.rng("way").random() < 0.5))
    heading = area.along + (0.0 if forth else 180.0)
    angle = math.radians(heading)
    dx, dy = math.cos(angle), math.sin(angle)
    middle = ((area.x0 + area.x1) / 2, (area.y0 + area.y1) / 2)
    long = abs(dx) * (area.x1 - area.x0) + abs(dy) * (area.y1 - area.y0)
    wide = abs(dy) * (area.x1 - area.x0) + abs(dx) * (area.y1 - area.y0)
    ahead = (float(values["position"]) - 0.5) * max(long - _TRIPOD, 0.0)
    right = float(values["lateral"]) * max(wide - _TRIPOD, 0.0) / 2
    x, y = middle[0] + dx * ahead + dy * right, middle[1] + dy * ahead - dx * right
    if at is not None:
        x, y, heading = at.x, at.y, at.heading
    z = area.z + float(values["height"])
    looks = heading + float(values["yaw"])
    matrix = camera_to_world(x, y, z, heading=looks, pitch=float(values["pitch"]), roll=float(values["roll"]))
    camera = replace(Camera(intrinsics(shot.size, float(values["hfov"])), matrix), **blur(values, heading))
    return Eye(camera, x, y, z, heading, values, _floor_room(x, y, z - area.z, looks))


def look_at(shot: Shot) -> Eye:
    """At a distance from a point of a board or an area, and sharp there."""
    values = shot.values
    target, right, front, up = _aim(shot)
    elevation, azimuth = math.radians(float(values["elevation"])), math.radians(float(values["azimuth"]))
    level = math.cos(azimuth) * front + math.sin(azimuth) * right
    away = math.cos(elevation) * level + math.sin(elevation) * up
    eye = target + float(values["distance"]) * away
    matrix = _looking(eye, -away, -level * math.sin(elevation) + up * math.cos(elevation), float(values["roll"]))
    heading = math.degrees(math.atan2(-level[1], -level[0]))
    focused = {**values, "focus_distance": values["distance"], "speed": 0.0}
    camera = replace(Camera(intrinsics(shot.size, float(values["hfov"])), matrix), **blur(focused, heading))
    x, y, z = (float(v) for v in eye)
    return Eye(camera, x, y, z, heading, values, _floor_room(x, y, z, heading))


def _aim(shot: Shot) -> tuple[Array, Array, Array, Array]:
    """A point of the slot, and unit vectors there: to the right of who looks at it, to its front, and up."""
    values = shot.values
    places = shot.slot(str(values["at"]), Board, Area)
    place = places[int(shot.rng("place").integers(0, len(places)))]
    u, v, above = float(values["across"]), float(values["into"]), float(values["above"])
    if isinstance(place, Board):
        frame = array(place.frame)
        target = frame @ np.array([u * place.width, v * place.depth, above, 1.0])
        return target, frame[:, 0], -frame[:, 1], frame[:, 2]
    angle = math.radians(place.along)
    front, up = np.array([math.cos(angle), math.sin(angle), 0.0]), np.array([0.0, 0.0, 1.0])
    x = place.x0 + u * (place.x1 - place.x0)
    return np.array([x, place.y0 + v * (place.y1 - place.y0), place.z + above]), np.cross(up, front), front, up


def _looking(eye: Array, forward: Array, up: Array, roll: float) -> tuple[float, ...]:
    """The camera's matrix for axes that are given; roll in degrees, clockwise about `forward`."""
    down, r = -up, math.radians(roll)
    right = np.cross(down, forward)
    turned = right * math.cos(r) + down * math.sin(r)
    matrix = np.stack([turned, np.cross(forward, turned), forward, eye], axis=1)
    found: tuple[float, ...] = rounded(tuple(matrix.ravel().tolist()))
    return found


def _longer_likelier(shot: Shot, areas: list[Area]) -> Area:
    """One of the areas; the larger it is, the likelier."""
    total = np.cumsum([a.size for a in areas])
    at = int(np.searchsorted(total, shot.rng("place").random() * total[-1], side="right"))
    return areas[min(at, len(areas) - 1)]


def _floor_room(x: float, y: float, height: float, heading: float) -> Rect | None:
    """What a camera keeps free around and before it."""
    if height > _OVERHEAD:
        return None
    angle, ahead = math.radians(heading), _TRIPOD * (_AHEAD - 1.0) / 2
    return Rect(x + ahead * math.cos(angle), y + ahead * math.sin(angle), _TRIPOD * _AHEAD, _TRIPOD, heading)


CAMERAS["dashcam"] = dashcam
CAMERAS["stand"] = stand
CAMERAS["look_at"] = look_at
