"""The places that a layout offers to populators, in plan view (x, y in metres), named by what they are for.

Populators know slots, never the layout that made them: a new layout reuses them by offering the same kinds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from synthgen.scene.pose import Matrix

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in plan view that is walked from `start` to `end`; s is the distance from `start`."""

    start: Point
    end: Point

    @property
    def length(self) -> float:
        return math.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @property
    def direction(self) -> Point:
        """Unit vector from start to end."""
        return ((self.end[0] - self.start[0]) / self.length, (self.end[1] - self.start[1]) / self.length)

    @property
    def heading(self) -> float:
        """Degrees counter-clockwise from +X."""
        dx, dy = self.direction
        return math.degrees(math.atan2(dy, dx))

    def at(self, s: float, left: float = 0.0) -> Point:
        """The point at distance s from the start, `left` metres to the left of the line."""
        dx, dy = self.direction
        return (self.start[0] + dx * s - dy * left, self.start[1] + dy * s + dx * left)


@dataclass(frozen=True, slots=True)
class Lane:
    """One traffic lane. Traffic runs along `line`.

    stops: (s of the stop line, s where the crossing area behind it ends, name of the signal) along the line.
    ego: may the own car drive here. street: "main" or "cross". oncoming: against the own driving direction.
    """

    line: Line
    width: float
    stops: tuple[tuple[float, float, str], ...] = ()
    ego: bool = False
    street: str = "main"


@dataclass(frozen=True, slots=True)
class Bays:
    """A row of kerbside parking. Cars stand along `line` (their heading), its middle; gaps are s ranges kept free.

    pitch: length of one marked bay, the first from s = 0; 0 where none are marked.
    """

    line: Line
    width: float
    gaps: tuple[tuple[float, float], ...] = ()
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle to stand or walk on: x0 < x1, y0 < y1, at height z.

    along: degrees, the way people walk on it. front: degrees towards the houses (None: no house beside it).
    ground: the category of what lies there. signal: whose traffic a zebra crossing crosses, else "". wall_room,
    kerb_room: metres from its edges to the houses and the kerb.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    z: float
    along: float = 90.0
    front: float | None = None
    ground: str = "sidewalk"
    signal: str = ""
    wall_room: float = 0.0
    kerb_room: float = 0.0

    @property
    def size(self) -> float:
        """Square metres."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def beside(self, t: float, depth: float) -> Point:
        """The point t metres along the side of the houses, `depth` metres before the walls. Needs `front`."""
        assert self.front is not None
        angle = math.radians(self.front)
        nx, ny = round(math.cos(angle)), round(math.sin(angle))
        out = self.wall_room - depth
        if nx:
            return ((self.x1 if nx > 0 else self.x0) + nx * out, self.y0 + t)
        return (self.x0 + t, (self.y1 if ny > 0 else self.y0) + ny * out)

    @property
    def length(self) -> float:
        """Metres along the houses. Needs `front`."""
        assert self.front is not None
        across = round(math.cos(math.radians(self.front))) != 0
        return self.y1 - self.y0 if across else self.x1 - self.x0

    @property
    def depth(self) -> float:
        """Metres from the walls to the kerb. Needs `front`."""
        assert self.front is not None
        across = round(math.cos(math.radians(self.front))) != 0
        width = self.x1 - self.x0 if across else self.y1 - self.y0
        return width + self.wall_room + self.kerb_room


@dataclass(frozen=True, slots=True)
class Verge:
    """A line beside the kerb for trees, lamps, signs.

    line: runs with the traffic. inward: degrees towards the road. z: height of the ground. room: metres from the line
    to the house fronts. setback: metres from the line to the kerb. gaps: s ranges kept free (crossings).
    """

    line: Line
    inward: float
    z: float
    room: float
    setback: float
    gaps: tuple[tuple[float, float], ...] = ()

    @property
    def facing(self) -> float:
        """The yaw of something that looks at the traffic which comes along the line."""
        return self.line.heading + 180.0


@dataclass(frozen=True, slots=True)
class SignalPost:
    """A post with signal heads. x, y, z: its foot. facing: yaw of its heads, towards the traffic that obeys them.

    signal: its name, as in `Lane.stops`. arm: metres of an arm with a second head over the road, to the left of the
    drivers who see it (negative: to their right; 0: none). walkers: yaw of a head for pedestrians (None: none), who
    cross the traffic of the signal `walkers_cross`.
    """

    x: float
    y: float
    z: float
    facing: float
    signal: str
    arm: float = 0.0
    walkers: float | None = None
    walkers_cross: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Two house fronts between which cables hang: points (x, y) and the height of both ends."""

    line: Line
    across: float
    height: float


@dataclass(frozen=True, slots=True)
class Hole:
    """A square opening that something on the ground wants: its middle and its side, metres."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Board:
    """A level surface that carries goods: a shelf, a pair of beams, a belt, a table, a tray.

    frame: 3x4 to the world; the origin is the front left corner as somebody sees it who stands before it, x runs along
    the front to the right, y into the depth, z up; z = 0 carries. width, depth, room: metres along x, y and up to what
    is above. fixture: the number of what carries it, which a gap is seen before. name: bay and level, such as "A3.2".
    rim: height of the walls along its edges, metres; 0 where it has none that hold anything.
    """

    frame: Matrix
    width: float
    depth: float
    room: float
    fixture: int
    name: str = ""
    kind: str = "shelf"
    rim: float = 0.0


@dataclass(frozen=True, slots=True)
class Luminaire:
    """Where light comes out of a housing that the layout built; what shines, and how, is for the recipe's light to say.

    frame: 3x4 to the world; light leaves along -z, from the middle of the opening. size: of the opening in x and y,
    metres. kind: a key of configs/light/luminaires.yaml. number: the instance that the shining face belongs to.
    """

    frame: Matrix
    size: tuple[float, float]
    kind: str
    number: int


def _nothing(_: Sequence[Hole]) -> None:
    """A layout that is complete as it is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a layout built.

    slots: by name. grounds: instances of the ground by category. attributes: facts for the record. finish: called
    once after all populators, with the holes that they want in the ground. kept: where nothing may stand, such as
    door steps.
    """

    kind: str
    slots: Mapping[str, tuple[Any, ...]]
    grounds: Mapping[str, int]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    finish: Callable[[Sequence[Hole]], None] = _nothing
    kept: Sequence[Area] = ()
