"""Where a robot's links stand, by the values of its joints.

Format: the ROS URDF XML specification, element "joint".
"""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

import numpy as np

from synthgen.assets.formats.source import Floats
from synthgen.errors import InputError

_TURNING = ("revolute", "continuous")
_MOVING = (*_TURNING, "prismatic")


def place_links(robot: Element, given: dict[str, float], where: str) -> dict[str, Floats]:
    """(4, 4) place of each link in the root link's axes.

    given: by joint, degrees where it turns and metres where it slides. Raises InputError where links and joints do not
    form a tree, or `given` names a joint that does not move by itself, or a value beyond its limits.
    """
    links = [str(link.get("name")) for link in robot.findall("link")]
    joints = {str(joint.get("name")): joint for joint in robot.findall("joint")}
    if len(set(links)) < len(links):
        raise InputError.of("two links have one name", where=where)
    values = _values(joints, given, where)
    above: dict[str, tuple[str, Floats]] = {}
    for name, joint in joints.items():
        parent, child = (_end(joint, key, links, where) for key in ("parent", "child"))
        if child in above:
            raise InputError.of(f"the link {child!r} hangs on two joints; links must form a tree", where=where)
        above[child] = (parent, read_origin(joint, where) @ _motion(joint, values[name], where))
    places: dict[str, Floats] = {}
    for link in links:
        chain = [link]
        while chain[-1] in above and chain[-1] not in places:
            if len(chain) > len(links):
                raise InputError.of(f"the link {link!r} hangs on itself; links must form a tree", where=where)
            chain.append(above[chain[-1]][0])
        places.setdefault(chain[-1], np.eye(4))
        for inner in reversed(chain[:-1]):
            parent, step = above[inner]
            places[inner] = places[parent] @ step
    return places


def read_numbers(text: str | None, count: int, default: tuple[float, ...] | None, where: str) -> tuple[float, ...]:
    """`count` finite numbers of an attribute. Raises InputError where they are not, or missing without a default."""
    if text is None and default is not None:
        return default
    try:
        numbers = tuple(float(word) for word in (text or "").split())
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(math.isfinite(n) for n in numbers):
        raise InputError.of(f"the URDF has {text!r} where {count} numbers are due", where=where)
    return numbers


def read_origin(element: Element, where: str) -> Floats:
    """(4, 4) of an element's <origin xyz rpy>: roll about X, then pitch about Y, then yaw about Z."""
    origin = element.find("origin")
    matrix = np.eye(4)
    if origin is None:
        return matrix
    roll, pitch, yaw = read_numbers(origin.get("rpy"), 3, (0.0, 0.0, 0.0), where)
    turn = _rotation((0, 0, 1), yaw) @ _rotation((0, 1, 0), pitch) @ _rotation((1, 0, 0), roll)
    matrix[:3, :3] = turn
    matrix[:3, 3] = read_numbers(origin.get("xyz"), 3, (0.0, 0.0, 0.0), where)
    return matrix


def _end(joint: Element, key: str, links: list[str], where: str) -> str:
    element = joint.find(key)
    link = str(element.get("link")) if element is not None else ""
    if link not in links:
        raise InputError.of(f"the joint {joint.get('name')!r} names the link {link!r}, which is not there", where=where)
    return link


def _values(joints: dict[str, Element], given: dict[str, float], where: str) -> dict[str, float]:
    """The value of each joint: as given, as the joint that it mimics says, else 0 within its limits."""
    free = [n for n, j in joints.items() if j.get("type") in _MOVING and j.find("mimic") is None]
    for name, value in given.items():
        if name not in free:
            raise InputError.of(
                f"{name!r} is no joint that moves by itself", where=where, hint=f"those are: {', '.join(free)}"
            )
        low, high = (_shown(joints[name], bound) for bound in _limits(joints[name], where))
        if not low - 1e-6 <= value <= high + 1e-6:
            raise InputError.of(f"the joint {name!r} goes from {low:g} to {high:g}, not to {value:g}", where=where)
    values: dict[str, float] = {}

    def value_of(name: str, asked: tuple[str, ...]) -> float:
        if name in values:
            return values[name]
        if name in asked or name not in joints:
            raise InputError.of(f"a joint mimics {name!r}, which is not there or mimics it in turn", where=where)
        mimic = joints[name].find("mimic")
        if mimic is None:
            low, high = _limits(joints[name], where)
            values[name] = min(max(_radians(joints[name], given.get(name, 0.0)), low), high)
            return values[name]
        (factor,) = read_numbers(mimic.get("multiplier"), 1, (1.0,), where)
        (offset,) = read_numbers(mimic.get("offset"), 1, (0.0,), where)
        values[name] = factor * value_of(str(mimic.get("joint")), (*asked, name)) + offset
        return values[name]

    return {name: value_of(name, ()) for name in joints}


def _radians(joint: Element, value: float) -> float:
    """A value in the file's unit: radians where the joint turns, metres where it slides."""
    return math.radians(value) if joint.get("type") in _TURNING else value


def _shown(joint: Element, value: float) -> float:
    """A value of the file in the unit in which values are given: degrees where the joint turns."""
    return math.degrees(value) if joint.get("type") in _TURNING else value


def _limits(joint: Element, where: str) -> tuple[float, float]:
    limit = joint.find("limit")
    if limit is None or joint.get("type") not in ("revolute", "prismatic"):
        return -math.inf, math.inf
    (low,) = read_numbers(limit.get("lower"), 1, (0.0,), where)
    (high,) = read_numbers(limit.get("upper"), 1, (0.0,), where)
    return low, max(low, high)


def _motion(joint: Element, value: float, where: str) -> Floats:
    matrix = np.eye(4)
    kind = joint.get("type")
    if kind not in _MOVING:
        return matrix
    axis = joint.find("axis")
    x, y, z = read_numbers(axis.get("xyz") if axis is not None else None, 3, (1.0, 0.0, 0.0), where)
    length = math.sqrt(x * x + y * y + z * z)
    if length == 0:
        raise InputError.of(f"the joint {joint.get('name')!r} has an axis without a direction", where=where)
    direction = (x / length, y / length, z / length)
    if kind == "prismatic":
        matrix[:3, 3] = np.array(direction) * value
    else:
        matrix[:3, :3] = _rotation(direction, value)
    return matrix


def _rotation(axis: tuple[float, float, float], angle: float) -> Floats:
    """(3, 3) by Rodrigues' formula."""
    x, y, z = axis
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn: Floats = np.eye(3) + math.sin(angle) * skew + (1.0 - math.cos(angle)) * (skew @ skew)
    return turn
